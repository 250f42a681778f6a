# Two commands do everything: `make demo` and `make test`. Both install what they need.
SHELL := /bin/bash
GO ?= go
BIN := bin/pingyi
DEMO := out/demo
DEMO_LISTEN := 127.0.0.1:8080
POSITIONS ?= 1549703
SEED ?= 1
SHEETS ?= 2000
EVERY ?= 4
ROWS ?= 50000
CASES ?= 100
MINUTES ?= 30
FUZZTIME ?= 60s

# The reader's figures: one test each, with its flags. They take as long as they take.
SWEEP = OMP_THREAD_LIMIT=1 $(GO) test ./scans -v -timeout 0 -count 1

.PHONY: setup npm web build demo demo-stop test accuracy realink curve refuse repeat speed rescans writing comments identity names namecost serial compare attack-evidence screens bench fuzz attack soak faults hostile load check reproducible clean

setup:
	@.setup/apt.sh
	@$(GO) mod download

npm: api/web/node_modules/.stamp

api/web/node_modules/.stamp: api/web/package.json api/web/package-lock.json
	cd api/web && npm ci --no-audit --no-fund
	@touch $@

web: npm
	cd api/web && npm run build

build: setup
	$(GO) build -trimpath -o $(BIN) ./cmd/pingyi

# Plays three meetings from roster to released results, fails on any difference from the truth, and leaves
# the service running on the demo's data.
demo: setup web build demo-stop
	rm -rf $(DEMO)
	mkdir -p out
	$(BIN) demo --data $(DEMO)
	@setsid nohup $(BIN) serve --data $(DEMO) --listen $(DEMO_LISTEN) >out/serve.log 2>&1 & echo $$! >out/serve.pid
	@for i in $$(seq 50); do $(BIN) health --listen $(DEMO_LISTEN) >/dev/null 2>&1 && break; sleep 0.2; done
	@$(BIN) health --listen $(DEMO_LISTEN) >/dev/null || { cat out/serve.log; exit 1; }
	@echo
	@echo "打开 open: http://$(DEMO_LISTEN)  用户 users: admin printing scanning scrutineer1 scrutineer2 committee1 committee2"
	@echo "口令 password: pingyi-demo-2026   停止 stop: make demo-stop"

demo-stop:
	@if [ -f out/serve.pid ]; then kill $$(cat out/serve.pid) 2>/dev/null || true; rm -f out/serve.pid; fi

test: setup web
	@.setup/test.sh

# Wrong votes over many synthetic positions: a chunk of seeds after another is appended to
# out/accuracy.jsonl. It may be killed and goes on where it was; other reading code begins anew.
accuracy: setup
	@mkdir -p out
	$(SWEEP) -run 'TestAccuracy$$' -accuracy.positions $(POSITIONS) -accuracy.seed $(SEED) -accuracy.results $(CURDIR)/out/accuracy.jsonl

# The same for marks that people made, from a folder that is no part of this repository (PINGYI_MARKS).
realink: setup
	$(SWEEP) -run TestRealInk -ink.rows $(ROWS)

# Silent errors against rows for people, by both readings and by each alone.
curve: setup
	$(SWEEP) -run 'TestCurve$$' -curve.pages $(or $(PAGES),3000) -curve.picture $(CURDIR)/.pictures/curve.png

# Pictures that must be refused: wrong paper, two sheets, mirrored, forged; and rows that must go to people, since a folded
# corner, tape or paper covers a mark.
refuse: setup
	$(SWEEP) -run 'TestRefused$$|TestCovered$$' -refuse.seeds $(or $(PAGES),200) -covered.pages $(or $(PAGES),200)

# The same page read 20 times with other noise; the same mark in each position.
repeat: setup
	$(SWEEP) -run 'TestReadAgainIsNoOtherVote|TestNoPositionIsWorse' -repeat.pages $(or $(PAGES),100) -repeat.position.pages 1000

# Processor time of a page against decoding it; pages a second and memory of whole processes.
speed: build
	$(SWEEP) -run 'TestSpeed$$' -speed.rounds 50
	$(GO) test ./cmd/pingyi -run 'TestReadWholeProcesses$$' -v -timeout 0 -count 1 -read.pages $(or $(PAGES),1000) -read.binary $(CURDIR)/$(BIN)

# Distinct sheets, every so manieth scanned a second time: second scans not held, sheets held that were scanned once.
rescans: setup
	$(SWEEP) -run 'TestRescans$$' -rescans.sheets $(SHEETS) -rescans.seed $(SEED) -rescans.every $(EVERY)

# Handwriting outside the targets: how often it is found, and how often something else is taken for it.
writing: setup
	$(SWEEP) -run 'TestWriting$$' -writing.pages $(or $(PAGES),2000) -writing.seed $(SEED)

# Comment boxes: empty ones that are kept, and written ones that are lost, which fails it.
comments: setup
	$(SWEEP) -run 'TestComments$$' -comments.pages $(or $(PAGES),600) -comments.seed $(SEED)

# Pages whose code is covered, torn off or scrawled over: how many are known by their print, and taken for others.
identity: setup
	$(SWEEP) -run 'TestIdentityByPrint$$' -identity.pages $(or $(PAGES),2400) -identity.seed $(SEED)

# Printed names against the form: false alarms of so many ordinary rows, and so many cases each of rows swapped,
# renamed and changed, of which one that is not held fails it.
names: ROWS = 2200
names: setup
	$(SWEEP) -run 'TestNames$$' -names.rows $(ROWS) -names.cases $(CASES) -names.seed $(SEED)

# What the check of names costs a page: ours and a learned one, none, a sample and all of them checked.
namecost: setup
	$(SWEEP) -run 'TestNameCost$$' -names.rounds 5
	OMP_THREAD_LIMIT=1 $(GO) test ./scans/learn -v -timeout 0 -count 1 -run 'TestNameCost$$' -learn.rounds 5

# Serial mode: codes and printed pages that are forged, altered, copied or were never printed, none of which may be
# accepted; and how well its codes are read beside those of the form code.
serial: setup
	$(GO) test ./ballot -v -timeout 0 -count 1 -run 'TestForgedSerialsAreRefused$$|TestSheetsPastedTogether' -serial.tries $(or $(TRIES),1200000)
	$(SWEEP) -run 'TestForgedPagesAreRefused$$' -serial.pages $(or $(PAGES),40)
	$(SWEEP) -run 'TestSerialCodesRead$$' -serial.pages $(or $(PAGES),40) -serial.seed $(SEED)

# Side by side with auto-multiple-choice on the same scans: tables of pages a second and of errors by mark.
compare: build
	@.setup/apt.sh compare
	$(GO) run ./cmd/compare -pages $(or $(PAGES),72) -seed $(SEED) -pingyi $(BIN)

# Changes of a finished data folder past the service, so many of each kind: how many pingyi verify catches.
attack-evidence: ROUNDS = 20
attack-evidence: setup
	$(GO) test ./ballot/store -v -timeout 0 -count 1 -run 'TestAttacks$$' -attack.rounds $(ROUNDS) -attack.seed $(SEED)

# The pictures of api/web/README.md, from the browser tests.
screens: setup web
	rm -rf out/screens
	PINGYI_SHOTS=$(CURDIR)/out/screens $(GO) test ./cmd/pingyi -run 'Browser|BlankPage|NothingConfirmed' -count 1 -timeout 30m
	$(GO) run .setup/screens.go out/screens

bench: setup
	$(GO) test ./scans/... ./pdf ./tally/... -run xxx -bench . -benchtime 2s

fuzz: setup
	$(GO) test ./ballot -run xxx -fuzz FuzzParsePageCode -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./ballot -run xxx -fuzz FuzzParseSerialCode -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./ballot/sheet -run xxx -fuzz FuzzReadRoster -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./scans/raster -run xxx -fuzz FuzzOpen -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./scans/raster -run xxx -fuzz FuzzExpand -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./scans -run xxx -fuzz FuzzReadPage -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./scans/child -run xxx -fuzz FuzzFrame -fuzztime $(FUZZTIME) -fuzzminimizetime 2s
	$(GO) test ./cmd/pingyi -run xxx -fuzz FuzzUnpackBackup -fuzztime $(FUZZTIME) -fuzzminimizetime 2s

# What an attacker who holds the data folder finds of order, batch and marks: so many closings at each number of sheets. It
# may be killed and goes on where it was; other code begins anew (out/attack.jsonl).
TRIALS ?= 1000
attack: setup
	@mkdir -p out
	for n in 5 20 100 1000; do $(GO) test ./scans/jobs -v -timeout 0 -count 1 -run 'TestAttack$$' -attack.trials $(TRIALS) -attack.sheets $$n -attack.results $(CURDIR)/out/attack.jsonl || exit 1; done

# Damaged files through the reading processes, whole ones between them; then whole meetings, one after another, through
# one service until so many pages were read. A line a meeting is appended; killed, it goes on with a new service.
soak: setup
	@mkdir -p out/soak
	$(GO) test ./cmd/pingyi -run 'TestDamagedFilesLoseNoOtherPage$$' -v -timeout 0 -count 1 -soak.minutes $(MINUTES) -soak.seed $(SEED)
	$(GO) test ./cmd/pingyi -run 'TestSoakOfMeetings$$' -v -timeout 0 -count 1 -soak.pages $(or $(PAGES),100000) -soak.leaves 1000 -soak.data $(CURDIR)/out/soak -soak.results $(CURDIR)/out/soak.jsonl

# SIGKILL at random moments of whole meetings, of backups and of restores; a line a meeting is appended.
faults: setup
	@mkdir -p out
	$(GO) test ./cmd/pingyi -run 'TestKilledServiceLosesNothingAcknowledged$$|TestKilledReadersLoseNothing$$|TestKilledBackupKeepsTheOlderOne$$' -v -timeout 0 -count 1 \
		-faults.rounds $(or $(ROUNDS),220) -faults.seed $(SEED) -faults.results $(CURDIR)/out/faults.jsonl -backup.rounds 60 -backup.seed $(SEED)

# Files of people who mean harm through every door, with peak memory and time by kind.
hostile: setup
	@mkdir -p out
	$(GO) test ./cmd/pingyi -run 'TestHostileFiles$$' -v -timeout 0 -count 1 -hostile.every 1 -hostile.results $(CURDIR)/out/hostile.jsonl

# Lint (gosec among it), known weaknesses, licences, and what the program is made of (out/bom-*.json).
check: setup npm
	@.setup/check.sh

# The same commit built twice, elsewhere: is it the same binary?
reproducible: setup
	@.setup/reproducible.sh

# Requests of results from 200 connections while ten uploads are read.
load: setup
	$(GO) test ./cmd/pingyi -run 'TestLoad$$' -v -timeout 0 -count 1 -load.pages $(or $(PAGES),60)

clean: demo-stop
	rm -rf bin out

package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/scans/synth"
)

var (
	faultRounds  = flag.Int("faults.rounds", 2, "meetings during which processes are killed")
	faultSeed    = flag.Uint64("faults.seed", 1, "of votes and of the moments of kills")
	faultResults = flag.String("faults.results", "", "file that a line a round is appended to")
)

// faultLine is what one round came to. Lost and Twice are acknowledged acts that were gone, and acts that were there
// twice; they fail the test too.
type faultLine struct {
	Kind    string         `json:"kind"`
	Seed    uint64         `json:"seed"`
	Pages   int            `json:"pages"`
	Kills   map[string]int `json:"kills"` // by phase
	Acts    int            `json:"acts"`  // acknowledged
	Checks  int            `json:"checks"`
	Rescans int            `json:"rescans"` // sheets on which a reading process was killed, scanned again
	Lost    int            `json:"lost"`
	Twice   int            `json:"twice"`
	Seconds float64        `json:"seconds"`
}

// faults plays meetings while somebody kills the service, or its children. It is a client that keeps its own record of
// what was acknowledged, and holds the service to it after each kill.
type faults struct {
	*house
	*faultLine
	m        *demoMeeting
	r        *rand.Rand
	children bool
	usual    map[string]time.Duration // of a phase that nobody disturbed
	record   []func() error           // each asks whether an acknowledged act is still there, once
	restart  sync.WaitGroup
	mu       sync.Mutex // of faultLine.Kills and broken
	broken   error      // a restart that failed
}

// SIGKILL of the whole service at random moments of opening a batch, upload, reading, closing, deciding, balancing,
// certifying and releasing: nothing that was acknowledged is lost, nothing counts twice, the database is whole. `make
// faults` plays more than 200 rounds.
func TestKilledServiceLosesNothingAcknowledged(t *testing.T) {
	h := newHouse(t, t.TempDir(), "--workers", "2", "--ocr", "false", "--names", "none")
	playFaults(t, h, false, *faultRounds)
}

// SIGKILL of processes that read pages and of those in which Tesseract runs: the sheet that was being read is refused by
// name and scanned again; every total is the truth.
func TestKilledReadersLoseNothing(t *testing.T) {
	h := newHouse(t, t.TempDir(), "--workers", "2", "--ocr", "true", "--names", "sample")
	playFaults(t, h, true, max(1, *faultRounds/4))
}

func playFaults(t *testing.T, h *house, children bool, rounds int) {
	if err := h.start(); err != nil {
		t.Fatal(err)
	}
	if err := h.signInAll(); err != nil {
		t.Fatal(err)
	}
	f := &faults{house: h, children: children, usual: map[string]time.Duration{}}
	sum, kills := faultLine{}, 0
	for i := range rounds {
		f.faultLine = &faultLine{Kind: "service", Seed: *faultSeed + uint64(i), Kills: map[string]int{}}
		if children {
			f.Kind = "children"
		}
		f.r, f.record = rand.New(rand.NewPCG(f.Seed, 77)), nil
		begin := time.Now()
		err := f.round()
		f.Seconds = time.Since(begin).Seconds()
		if err != nil {
			t.Fatalf("round %d of seed %d, kills %v: %v\n%s", i, f.Seed, f.Kills, err, h.log())
		}
		if *faultResults != "" {
			if err := appendLine(*faultResults, f.faultLine); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range f.Kills {
			kills += n
		}
		sum.Pages, sum.Acts, sum.Checks, sum.Rescans = sum.Pages+f.Pages, sum.Acts+f.Acts, sum.Checks+f.Checks, sum.Rescans+f.Rescans
	}
	t.Logf("%d rounds, %d kills: %d pages, %d acknowledged acts looked for %d times, 0 lost, 0 twice; %d sheets scanned again", rounds, kills, sum.Pages, sum.Acts, sum.Checks, sum.Rescans)
	if kills == 0 {
		t.Error("nothing was killed: too quick to prove anything")
	}
}

const faultLeaves = 8

// unclearRow is the row of a ballot that people decide; 0 = none.
func unclearRow(i int) int {
	if i%3 == 0 {
		return 3
	}
	return 0
}

// round is one meeting from draft to released result.
func (f *faults) round() error {
	m, err := f.shortMeeting(faultLeaves, f.Seed)
	if err != nil {
		return err
	}
	f.m, f.Pages = m, faultLeaves
	m.truth = m.differentBallots(faultLeaves)
	b := &faultBatch{faults: f}
	for _, phase := range []struct {
		name string
		work func() error
	}{{"open", b.open}, {"upload", b.upload}, {"read", b.read}, {"close", b.close}, {"decide", f.decide},
		{"balance", f.balance}, {"certify", f.certify}, {"release", f.release}} {
		if err := f.phase(phase.name, phase.work); err != nil {
			return fmt.Errorf("%s: %w", phase.name, err)
		}
	}
	if err := m.compare("faults"); err != nil {
		return err
	}
	if left, _ := filepath.Glob(filepath.Join(f.data, "spool", "*")); len(left) > 0 {
		return fmt.Errorf("left in the spool: %v", left)
	}
	return f.whole()
}

// phase runs a part of the meeting during which, most times, something is killed at a moment drawn from as long as that
// part usually takes.
func (f *faults) phase(name string, work func() error) error {
	usual, known := f.usual[name]
	if !known {
		usual = 200 * time.Millisecond
	}
	var timers []*time.Timer
	shots := 0
	switch {
	case f.children && name == "read":
		shots = 2 + f.r.IntN(3)
	case !f.children && f.r.IntN(3) > 0:
		shots = 1
	}
	for range shots {
		f.restart.Add(1)
		timers = append(timers, time.AfterFunc(time.Duration(f.r.Float64()*1.1*float64(usual)), func() { f.shoot(name) }))
	}
	begin := time.Now()
	err := work()
	took := time.Since(begin)
	hit := 0
	for _, timer := range timers {
		if timer.Stop() {
			f.restart.Done()
		} else {
			hit++
		}
	}
	f.restart.Wait()
	if err = errors.Join(err, f.broken); err != nil {
		return err
	}
	if hit == 0 || f.children {
		f.usual[name] = (3*usual + took) / 4
		if !known {
			f.usual[name] = took
		}
		return nil
	}
	return f.recheck()
}

// shoot kills the service and starts it again, or kills one of the processes that it started.
func (f *faults) shoot(phase string) {
	defer f.restart.Done()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.children {
		var readers []proc
		for _, p := range f.processes() {
			if strings.Contains(p.name, "read-worker") || strings.Contains(p.name, "ocr-worker") {
				readers = append(readers, p)
			}
		}
		if len(readers) > 0 {
			p := readers[time.Now().UnixNano()%int64(len(readers))]
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
			f.Kills[strings.Fields(p.name)[1]]++
		}
		return
	}
	f.Kills[phase]++
	f.kill()
	f.broken = f.start()
}

// recheck holds the service to the whole record.
func (f *faults) recheck() error {
	for _, there := range f.record {
		f.Checks++
		if err := there(); err != nil {
			return err
		}
	}
	return nil
}

func (f *faults) acknowledged(there func() error) {
	f.Acts++
	f.record = append(f.record, there)
}

// do is a request until it is answered: where the service was killed under it, done tells whether it was carried out all
// the same; nil means that asking again does no harm.
func (f *faults) do(user, method, path string, in, out any, done func() (bool, error)) error {
	return f.again(func() error { return f.users[user].call(f.ctx, method, path, in, out) }, done)
}

func (f *faults) again(ask func() error, done func() (bool, error)) error {
	for {
		err := ask()
		var broken *url.Error
		if !errors.As(err, &broken) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		f.mu.Lock() // until it is started again
		err = f.broken
		f.mu.Unlock()
		if err != nil {
			return err
		}
		if err := f.ready(); err != nil {
			return err
		}
		if done == nil {
			continue
		}
		if did, err := done(); did || err != nil {
			return err
		}
	}
}

func (f *faults) lost(format string, args ...any) error {
	f.Lost++
	return fmt.Errorf("LOST: "+format, args...)
}

// reached tells whether the meeting is in a state or, for the record, that it is no earlier one.
func (f *faults) reached(states ...ballot.State) (bool, error) {
	var m ballot.Meeting
	err := f.do("admin", "GET", f.m.path, nil, &m, nil)
	for _, s := range states {
		if m.State == s {
			return true, err
		}
	}
	return false, err
}

// faultBatch is a batch's part of a round.
type faultBatch struct {
	*faults
	path   string
	closed bool
}

func (b *faultBatch) get() (out api.Batch, err error) {
	return out, b.do("scanning", "GET", b.path, nil, &out, nil)
}

func (b *faultBatch) open() error {
	var made api.Batch
	mine := func() (bool, error) {
		var list api.BatchList
		err := b.do("scanning", "GET", b.m.path+"/batches", nil, &list, nil)
		if len(list.Batches) > 0 {
			made = list.Batches[0]
		}
		if len(list.Batches) > 1 {
			b.Twice++
			err = errors.Join(err, fmt.Errorf("TWICE: %d batches", len(list.Batches)))
		}
		return len(list.Batches) == 1, err
	}
	if err := b.do("scanning", "POST", b.m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &made, mine); err != nil {
		return err
	}
	b.path = b.m.path + "/batches/" + made.ID
	b.acknowledged(func() error {
		if there, err := mine(); err != nil || !there {
			return errors.Join(err, b.lost("the batch"))
		}
		return nil
	})
	return nil
}

// upload sends the stack in two files.
func (b *faultBatch) upload() error {
	for from := 0; from < faultLeaves; from += faultLeaves / 2 {
		var pictures [][]byte
		for i := range faultLeaves / 2 {
			picture, err := b.m.stacks["A"].scanAt(b.m.truth[from+i], 150, 0, unclearRow(from+i))
			if err != nil {
				return err
			}
			pictures = append(pictures, picture)
		}
		if err := b.send(fmt.Sprintf("stack%d.zip", from), pictures); err != nil {
			return err
		}
	}
	return nil
}

func (b *faultBatch) send(name string, pictures [][]byte) error {
	archive, err := zipOf(pictures)
	if err != nil {
		return err
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(archive))
	times := func() (int, error) {
		now, err := b.get()
		n := 0
		for _, u := range now.Uploads {
			if u.Digest == digest {
				n++
			}
		}
		return n, err
	}
	err = b.again(func() error { return b.users["scanning"].upload(b.ctx, b.path+"/uploads", name, archive, nil) },
		func() (bool, error) { n, err := times(); return n > 0, err })
	if err != nil {
		return err
	}
	b.acknowledged(func() error {
		if b.closed {
			return nil // then its leaves are counted
		}
		n, err := times()
		switch {
		case err == nil && n == 0:
			return b.lost("the upload %s", name)
		case n > 1:
			b.Twice++
			return fmt.Errorf("TWICE: the upload %s", name)
		}
		return err
	})
	return nil
}

// read waits until all is read; sheets on which a child was killed are scanned again.
func (b *faultBatch) read() error {
	known := map[string]bool{}
	for {
		now, err := b.get()
		if err != nil {
			return err
		}
		if now.Pages.Waiting > 0 || len(now.Uploads) == 0 || now.Uploads[len(now.Uploads)-1].Pages < 0 || now.Uploads[0].Pages < 0 {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		var pages api.BatchPageList
		if err := b.do("scanning", "GET", b.path+"/pages", nil, &pages, nil); err != nil {
			return err
		}
		var again [][]byte
		for i, p := range pages.Pages {
			if p.State != ballot.PageRejected || p.Disposal != ballot.Undisposed || known[p.ID] {
				continue
			}
			if !b.children || i >= faultLeaves || p.Reason != ballot.RejectCrashed {
				return fmt.Errorf("image %d was rejected: %s %s", i, p.Reason, p.Facts)
			}
			known[p.ID] = true
			if err := b.do("scanning", "POST", b.path+"/pages/"+p.ID+"/disposal", map[string]string{"disposal": "rescanned"}, nil, nil); err != nil {
				return err
			}
			picture, err := b.m.stacks["A"].scanAt(b.m.truth[i], 150, 1, unclearRow(i))
			if err != nil {
				return err
			}
			again = append(again, picture)
			b.Rescans++
		}
		if len(again) == 0 {
			return nil
		}
		b.restart.Wait() // no more shots: a sheet of the second stack would not be known by its place
		if err := b.send("again.zip", again); err != nil {
			return err
		}
	}
}

func (b *faultBatch) close() error {
	is := func() (bool, error) {
		now, err := b.get()
		return now.State == ballot.BatchClosed, err
	}
	if err := b.do("scanning", "POST", b.path+"/close", nil, nil, is); err != nil {
		return err
	}
	b.closed = true
	b.acknowledged(func() error {
		now, err := b.get()
		switch {
		case err != nil:
			return err
		case now.State != ballot.BatchClosed || now.Leaves < faultLeaves:
			return b.lost("the batch is %s with %d leaves", now.State, now.Leaves)
		case now.Leaves > faultLeaves:
			b.Twice++
			return fmt.Errorf("TWICE: %d leaves", now.Leaves)
		}
		return nil
	})
	return b.recheck()
}

// decide decides every unclear row, once.
func (f *faults) decide() error {
	for {
		var q api.Queue
		if err := f.do("scrutineer1", "GET", f.m.path+"/adjudication?limit=100", nil, &q, nil); err != nil || len(q.Rows) == 0 {
			return err
		}
		for _, row := range q.Rows {
			var t synth.Truth
			if err := f.again(func() (err error) { t, err = f.m.truthOf(row); return err }, nil); err != nil {
				return err
			}
			v := humanVerdict(t)
			times := func() (int, error) { return f.decisions(row.Page, row.Subject, v) }
			in := map[string]any{"kind": v.Kind, "grade": v.Grade, "reason": "seen on paper"}
			err := f.do("scrutineer1", "POST", fmt.Sprintf("%s/pages/%s/rows/%d/decisions", f.m.path, row.Page, row.Subject), in, nil,
				func() (bool, error) { n, err := times(); return n > 0, err })
			if err != nil {
				return err
			}
			f.acknowledged(func() error {
				n, err := times()
				switch {
				case err == nil && n == 0:
					return f.lost("the decision on page %s row %d", row.Page, row.Subject)
				case n > 1:
					f.Twice++
					return fmt.Errorf("TWICE: %d decisions on page %s row %d", n, row.Page, row.Subject)
				}
				return err
			})
		}
	}
}

// decisions counts those that stand on a row; one with another verdict is an error.
func (f *faults) decisions(page string, subject int, want ballot.Verdict) (n int, err error) {
	var list api.DecidedList
	if err := f.do("scrutineer1", "GET", f.m.path+"/decisions?limit=500", nil, &list, nil); err != nil {
		return 0, err
	}
	for _, r := range list.Rows {
		if r.Page != page || r.Subject != subject {
			continue
		}
		for _, d := range r.Decisions {
			if d.Kind != want.Kind || d.Grade != want.Grade {
				return n, fmt.Errorf("decision %+v, want %+v", d, want)
			}
			n++
		}
	}
	return n, nil
}

// step is an act on the meeting; after a kill, codes of a repetition mean that it was carried out.
func (f *faults) step(user, act string, states ...ballot.State) error {
	var in any
	if act != "balance" {
		in = demoSigning
	}
	err := f.do(user, "POST", f.m.path+"/"+act, in, nil, func() (bool, error) { return f.reached(states...) })
	var p *problem
	if errors.As(err, &p) && p.Code == string(ballot.CodeSecondPerson) {
		err = nil // this person's signature was kept
	}
	if err == nil {
		f.Acts++
	}
	return err
}

func (f *faults) must(states ...ballot.State) {
	f.record = append(f.record, func() error {
		if there, err := f.reached(states...); err != nil || !there {
			return errors.Join(err, f.lost("the state %v", states))
		}
		return nil
	})
}

func (f *faults) balance() error {
	err := f.step("scrutineer1", "balance", ballot.Balanced)
	f.must(ballot.Balanced, ballot.Certified, ballot.Released)
	return err
}

func (f *faults) certify() error {
	if err := f.step("scrutineer1", "certify"); err != nil {
		return err
	}
	err := f.step("scrutineer2", "certify", ballot.Certified)
	f.must(ballot.Certified, ballot.Released)
	return err
}

func (f *faults) release() error {
	if err := f.step("committee1", "release"); err != nil {
		return err
	}
	err := f.step("committee2", "release", ballot.Released)
	f.must(ballot.Released)
	return err
}

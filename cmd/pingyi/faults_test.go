package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pingyi/ballot"
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
// auditing the paper, certifying and releasing: nothing that was acknowledged is lost, nothing counts twice, the database is whole. `make
// faults` plays more than 200 rounds.
func TestKilledServiceLosesNothingAcknowledged(t *testing.T) {
	h := openHouse(t, t.TempDir())
	playFaults(t, h, false, *faultRounds)
}

// SIGKILL of processes that read pages and of those in which Tesseract runs: the sheet that was being read is refused by
// name and scanned again; every total is the truth.
func TestKilledReadersLoseNothing(t *testing.T) {
	h := openHouse(t, t.TempDir(), "PINGYI_OCR=true", "PINGYI_NAMES=sample")
	playFaults(t, h, true, max(1, *faultRounds/4))
}

func playFaults(t *testing.T, h *house, children bool, rounds int) {
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
			t.Fatalf("round %d of seed %d, kills %v: %v\n%s", i, f.Seed, f.Kills, err, h.lastWords())
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

// round is one meeting from draft to released result; the paper of every other one is audited.
func (f *faults) round() error {
	audited := !f.children && f.Seed%2 == 1
	m, err := f.shortMeeting(faultLeaves, f.Seed, func(r *ballot.Rules) {
		if audited {
			r.Audit = 1
		}
	})
	if err != nil {
		return err
	}
	f.m, f.Pages = m, faultLeaves
	m.truth = m.differentBallots(faultLeaves)
	b, a := &faultBatch{faults: f}, &faultAudit{faults: f}
	codes, audit, told := a.takeCodes, a.count, a.told
	if !audited {
		codes, audit, told = nil, nil, nil
	}
	for _, phase := range []struct {
		name string
		work func() error
	}{{"codes", codes}, {"open", b.open}, {"upload", b.upload}, {"read", b.read}, {"close", b.close}, {"decide", f.decide},
		{"balance", f.balance}, {"audit", audit}, {"certify", f.certify}, {"release", f.release}, {"told", told}} {
		if phase.work == nil {
			continue
		}
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
		for end := time.Now().Add(patience); len(readers) == 0 && time.Now().Before(end); { // a busy machine may not have started any yet
			readers = slices.DeleteFunc(f.processes(), func(p proc) bool {
				return !strings.Contains(p.name, "read-worker") && !strings.Contains(p.name, "ocr-worker")
			})
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
		if !errors.As(err, &broken) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET) {
			return err
		}
		f.mu.Lock() // until it is started again
		failed := f.broken
		f.mu.Unlock()
		if failed == nil && f.pid() == 0 {
			failed = fmt.Errorf("the service has ended by itself: %w", err)
		}
		if failed != nil {
			return failed
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

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
)

var (
	soakPages   = flag.Int("soak.pages", 0, "how many pages go through one service; 0 = none")
	soakLeaves  = flag.Int("soak.leaves", 20, "pages of a meeting")
	soakWorkers = flag.String("soak.workers", "2", "pages read at once")
	soakResults = flag.String("soak.results", "", "file that a line a meeting is appended to")
	soakData    = flag.String("soak.data", "", "data folder, kept and gone on with; a temporary one where it is empty")
)

// soakLine is what one meeting of the soak left behind. Memory is in bytes: of the service after the meeting, and the
// most of it and of all its children together while it ran.
type soakLine struct {
	Started  string  `json:"started"` // of the service
	Meeting  int     `json:"meeting"`
	Pages    int     `json:"pages"`
	Total    int     `json:"total"`
	Seconds  float64 `json:"seconds"`
	Service  int64   `json:"service"`
	Most     int64   `json:"most"`
	Children int64   `json:"children"`
	Files    int     `json:"files"` // open in the service
	Unclear  int     `json:"unclear"`
}

// Meeting after meeting goes through one service, each from roster to released result; the pictures of a meeting are
// some that are fed again and again. Every total equals the truth, and the service takes no more memory at the end
// than at the beginning. `make soak PAGES=100000`.
func TestSoakOfMeetings(t *testing.T) {
	if *soakPages == 0 {
		t.Skip("skipping: a measurement: make soak")
	}
	data := *soakData
	if data == "" {
		data = t.TempDir()
	}
	h := openHouse(t, data, "PINGYI_WORKERS="+*soakWorkers)
	started := time.Now().UTC().Format(time.RFC3339)
	var lines []soakLine
	for total := 0; total < *soakPages; {
		watch := h.watchMemory()
		begin := time.Now()
		m, err := h.soakMeeting(*soakLeaves, uint64(time.Now().UnixNano()))
		line := watch()
		if err != nil {
			t.Fatalf("meeting %d: %v\n%s", len(lines)+1, err, h.lastWords())
		}
		total += *soakLeaves
		line.Started, line.Meeting, line.Pages, line.Total = started, len(lines)+1, *soakLeaves, total
		line.Seconds, line.Unclear = time.Since(begin).Seconds(), m.stats.unclear
		lines = append(lines, line)
		if *soakResults != "" {
			if err := appendLine(*soakResults, line); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.kill()
	if err := h.whole(); err != nil {
		t.Error(err)
	}
	checkFlat(t, lines)
}

// checkFlat compares the median memory of the last fifth of the meetings with that of the second fifth: in the first
// one caches fill. The bound leaves room for lists of all page ids, which sweeps make.
func checkFlat(t *testing.T, lines []soakLine) {
	t.Helper()
	fifth := len(lines) / 5
	middle := func(of []soakLine, value func(soakLine) int64) int64 {
		var all []int64
		for _, l := range of {
			all = append(all, value(l))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	if fifth < 2 {
		t.Logf("%d meetings, memory of the service %d MB, most %d MB, children %d MB", len(lines), lines[len(lines)-1].Service>>20, lines[len(lines)-1].Most>>20, lines[len(lines)-1].Children>>20)
		return
	}
	early, late := lines[fifth:2*fifth], lines[len(lines)-fifth:]
	for name, value := range map[string]func(soakLine) int64{"service": func(l soakLine) int64 { return l.Service }, "children": func(l soakLine) int64 { return l.Children },
		"open files": func(l soakLine) int64 { return int64(l.Files) << 20 }} {
		a, b := middle(early, value), middle(late, value)
		t.Logf("%s: median of the second fifth %d M, of the last %d M", name, a>>20, b>>20)
		if b > a+a/4+24<<20 {
			t.Errorf("%s grew from %d M to %d M", name, a>>20, b>>20)
		}
	}
}

// soakMeeting plays one meeting of n leaves, of which at most 25 differ.
func (h *house) soakMeeting(n int, seed uint64) (*demoMeeting, error) {
	m, err := h.shortMeeting(n, seed)
	if err != nil {
		return nil, err
	}
	m.stats = demoStats{}
	ballots := m.differentBallots(min(n, 25))
	pictures := make([][]byte, n)
	for i := range pictures {
		b := ballots[i%len(ballots)]
		m.truth = append(m.truth, b)
		if i >= len(ballots) {
			pictures[i] = pictures[i%len(ballots)]
			continue
		}
		if pictures[i], err = m.stacks["A"].scanAt(b, 150, 0, 0); err != nil {
			return nil, err
		}
	}
	archive, err := zipOf(pictures)
	if err != nil {
		return nil, err
	}
	var batch api.Batch
	if err := m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch); err != nil {
		return nil, err
	}
	path := m.path + "/batches/" + batch.ID
	steps := []func() error{
		func() error { return m.feedSlowly(path, archive) },
		func() error { return m.closeBatch(path, "A", "1") },
		m.decideAll, m.finish,
		func() error { return m.compare("soak") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// feedSlowly uploads a stack and looks once a second whether it is read: each look costs as much as some pages.
func (m *demoMeeting) feedSlowly(path string, archive []byte) error {
	if err := m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", archive, nil); err != nil {
		return err
	}
	for {
		var b api.Batch
		if err := m.do("scanning", "GET", path, nil, &b); err != nil || allRead(b) {
			return err
		}
		time.Sleep(time.Second)
	}
}

// finish balances, certifies and releases.
func (m *demoMeeting) finish() error {
	for _, act := range []struct{ user, act string }{{"scrutineer1", "balance"}, {"scrutineer1", "certify"}, {"scrutineer2", "certify"}, {"committee1", "release"}, {"committee2", "release"}} {
		var in any
		if act.act != "balance" {
			in = demoSigning
		}
		if err := m.do(act.user, "POST", m.path+"/"+act.act, in, nil); err != nil {
			return err
		}
	}
	var meeting ballot.Meeting
	if err := m.do("admin", "GET", m.path, nil, &meeting); err != nil {
		return err
	}
	if meeting.State != ballot.Released {
		return fmt.Errorf("the meeting is %s, not released", meeting.State)
	}
	return nil
}

// watchMemory looks at the processes twice a second; the function that it returns ends that.
func (h *house) watchMemory() func() soakLine {
	var line soakLine
	stop, done := make(chan struct{}), make(chan struct{})
	var once sync.Once
	go func() {
		defer close(done)
		for {
			var children int64
			for i, p := range h.processes() {
				if i == 0 {
					line.Most = max(line.Most, p.resident)
				} else {
					children += p.resident
				}
			}
			line.Children = max(line.Children, children)
			select {
			case <-stop:
				return
			case <-time.After(500 * time.Millisecond):
			}
		}
	}()
	return func() soakLine {
		once.Do(func() { close(stop) })
		<-done
		if all := h.processes(); len(all) > 0 {
			line.Service = all[0].resident
			files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", all[0].pid))
			line.Files = len(files)
		}
		return line
	}
}

// appendLine adds a line of JSON to a results file.
func appendLine(path string, line any) error {
	raw, err := json.Marshal(line)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	return errors.Join(err, f.Close())
}

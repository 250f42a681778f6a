package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// house is a service whose data folder has a user of each role, and what the demo does with one.
type house struct {
	*demo
	*service
	t *testing.T
}

// newHouse makes the folder where it is not there yet; the service is not started.
func newHouse(t *testing.T, data string, settings ...string) *house {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("skipping: pdftoppm (poppler-utils) is not installed")
	}
	scratch := &app{config: config{data: t.TempDir()}, fonts: fonts}
	h := &house{&demo{ctx: context.Background(), app: scratch, out: io.Discard, users: map[string]*client{}}, newService(t, data, settings...), t}
	s := must[*store.Store](t)(openStore(config{data: data}))
	if len(must[[]store.User](t)(s.Users(h.ctx))) == 0 {
		addUsers(t, s, houseUsers)
	}
	must[int](t)(0, s.Close())
	return h
}

// openHouse is a house whose service runs, with a session of each user.
func openHouse(t *testing.T, data string, settings ...string) *house {
	t.Helper()
	h := newHouse(t, data, settings...)
	h.check(h.start())
	h.check(h.signInAll())
	return h
}

// check ends the test where there is an error.
func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

var houseUsers = map[string]ballot.Role{"admin": ballot.RoleAdmin, "printing": ballot.RolePrinting, "scanning": ballot.RoleScanning,
	"scrutineer1": ballot.RoleScrutineer, "scrutineer2": ballot.RoleScrutineer, "committee1": ballot.RoleCommittee, "committee2": ballot.RoleCommittee}

// signInAll opens a session of each user.
func (h *house) signInAll() error {
	for name := range houseUsers {
		c, err := signIn(h.ctx, h.base, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		h.users[name] = c
	}
	return nil
}

// proc is one process of the machine, by /proc.
type proc struct {
	pid, parent int
	resident    int64 // bytes
	name        string
}

// lives tells whether it has not ended; what is dead and nobody has waited for has.
func (p proc) lives() bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	return err == nil && !strings.Contains(string(raw), ") Z ") && !strings.Contains(string(raw), ") X ")
}

// processes are the service and all that it started, itself first.
func (s *service) processes() []proc { return processesOf(s.pid()) }

// processesOf are a process and all that it started, itself first; none where it has ended.
func processesOf(root int) []proc {
	all := map[int]proc{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		text := string(raw)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+2:])
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(fields[1])
		pages, _ := strconv.ParseInt(fields[21], 10, 64)
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		all[pid] = proc{pid, parent, pages * int64(os.Getpagesize()), strings.ReplaceAll(string(command), "\x00", " ")}
	}
	out := []proc{}
	if p, ok := all[root]; ok {
		out = append(out, p)
	}
	for i := 0; i < len(out); i++ {
		for _, p := range all {
			if p.parent == out[i].pid {
				out = append(out, p)
			}
		}
	}
	return out
}

// shortMeeting is an open meeting of one group of n people and eight secretaries on one page, counted by hand.
func (h *house) shortMeeting(n int, seed uint64, change ...func(*ballot.Rules)) (*demoMeeting, error) {
	m, err := h.create("述职评议会")
	if err != nil {
		return nil, err
	}
	groups := []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"1": n}}}
	rules := ballot.DefaultRules()
	for _, f := range change {
		f(&rules)
	}
	if err := m.putRules(rules, groups, []ballot.Venue{{Code: "1", Name: "主会场"}}); err != nil {
		return nil, err
	}
	roster := "序号,姓名,单位,职务,述职方式\n"
	for i, name := range []string{"张明", "李伟", "王芳", "刘娜", "陈静", "杨丽", "赵强", "黄磊"} {
		roster += fmt.Sprintf("%d,%s,第%d党支部,书记,现场述职\n", i+1, name, i+1)
	}
	if err := m.users["admin"].upload(m.ctx, m.path+"/roster", "roster.csv", []byte(roster), nil); err != nil {
		return nil, err
	}
	if err := m.sealAndOpen(); err != nil {
		return nil, err
	}
	var file ballot.FormsFile
	if err := m.do("printing", "GET", m.path+"/forms", nil, &file); err != nil {
		return nil, err
	}
	stack, err := printForm(&file.Forms[0], h.app.fonts, h.app.config.data, seed)
	if err != nil {
		return nil, err
	}
	m.stacks["A"] = stack
	return m, m.count(ballot.LedgerKey{Venue: "1", Group: "A"}, map[ballot.LedgerField]int{
		ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n})
}

// rosterMeeting is an open meeting of one group of n people and so many secretaries.
func (h *house) rosterMeeting(rules ballot.Rules, n, subjects int) (*demoMeeting, error) {
	m, err := h.create("述职评议会")
	if err != nil {
		return nil, err
	}
	groups := []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"1": n}}}
	roster := "序号,姓名,单位,职务,述职方式\n"
	given := []rune("明伟芳娜静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英华玉兰红")
	for i := range subjects {
		roster += fmt.Sprintf("%d,%c%c,第%d党支部,书记,现场述职\n", i+1, []rune("张李王刘陈杨赵黄")[i/len(given)], given[i%len(given)], i+1)
	}
	return m, errors.Join(m.putRules(rules, groups, []ballot.Venue{{Code: "1", Name: "主会场"}}),
		m.users["admin"].upload(m.ctx, m.path+"/roster", "roster.csv", []byte(roster), nil), m.sealAndOpen())
}

// differentBallots are n ballots of which any two differ in three rows at least, so that a page is known by what was
// read clearly on it, and none has ten marks: such sheets are compared with others, and these are fed again.
func (m *demoMeeting) differentBallots(n int) (out []demoBallot) {
	for i := 0; len(out) < n; i++ {
		b := m.stacks["A"].vote("1", i)
		extra := 0 // marks of rows that have two
		for _, t := range b.truth {
			if t.Kind != synth.TruthGrade && t.Kind != synth.TruthBlank {
				extra++
			}
		}
		if extra < 2 && !slices.ContainsFunc(out, func(o demoBallot) bool { return differing(o, b) < 3 }) {
			out = append(out, b)
		}
	}
	return out
}

func differing(a, b demoBallot) (rows int) {
	for subject := range a.truth {
		if humanVerdict(a.truth[subject]) != humanVerdict(b.truth[subject]) {
			rows++
		}
	}
	return rows
}

// scanAt is the scanner's JPEG of a ballot, at a resolution in dpi. Of one row, where it is not 0, only people can tell
// what it means: a stroke lies between its boxes.
func (p *paperStack) scanAt(b demoBallot, dpi float64, again, between int) ([]byte, error) {
	form := &p.form.Pages[0]
	img := p.clean[0].Clone()
	var rows []synth.Truth
	for _, row := range form.Rows {
		t := b.truth[row.Subject]
		if row.Subject == between {
			t = synth.Truth{Subject: between, Kind: synth.TruthBlank}
		}
		rows = append(rows, t)
	}
	if between > 0 {
		one := *form
		one.Rows = slices.DeleteFunc(slices.Clone(form.Rows), func(r ballot.Row) bool { return r.Subject != between })
		strokeBetween(img, &one, 1)
	}
	synth.MarkAs(img, form, synth.NewHand(rand.New(rand.NewPCG(b.seed, 2)), false), rows, rand.New(rand.NewPCG(b.seed, 100)))
	noise := rand.New(rand.NewPCG(b.seed, uint64(1000*(again+1))))
	d := synth.Ordinary(noise)
	d.DPI, d.Turns = dpi, 0
	return raster.EncodeJPEG(synth.Scan(img, d, noise), 75)
}

// whole checks the database as SQLite does, and that there is a picture for every page and no other.
func (h *house) whole() error {
	snap, err := store.CheckFile(h.ctx, filepath.Join(h.data, "pingyi.db"))
	if err != nil {
		return err
	}
	pages := map[string]bool{}
	for _, p := range snap.Pictures {
		pages[p] = true
	}
	pictures, err := filepath.Glob(filepath.Join(h.data, "pages", "*", "*"))
	if err != nil {
		return err
	}
	var faults []error
	for _, path := range pictures {
		id := filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".jpg")
		if !pages[id] {
			faults = append(faults, fmt.Errorf("%s is no page's picture", path))
		}
		delete(pages, id)
	}
	for id := range pages {
		faults = append(faults, fmt.Errorf("page %s has no picture", id))
	}
	return errors.Join(faults...)
}

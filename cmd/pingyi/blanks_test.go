package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/ballot/store"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/scans/worker"
)

func learnTestdata(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../scans/learn/testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The whole way of ballots that an office made itself, of both kinds: upload, settle, confirm, seal, print, mark,
// scan, decide, count. What is printed is the office's own page, and every figure equals the truth.
func TestBlankMeetings(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("skipping: pdftoppm (poppler-utils) is not installed")
	}
	if err := checkOCR(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	grades := []string{"优秀", "称职", "基本称职", "不称职"}
	for _, o := range []ownBlank{
		{name: "plain.pdf", kind: ballot.RosterForm, grades: ballot.DefaultRules().Grades, first: 1, rows: 12, voters: 9, reseal: true},
		{name: "single.pdf", kind: ballot.SingleForm, grades: grades, first: 4, rows: 3, voters: 6},
	} {
		t.Run(o.name, func(t *testing.T) {
			o.data = learnTestdata(t, o.name)
			var said bytes.Buffer
			conf := config{data: t.TempDir(), workers: 2, hashing: cheap}
			if err := playDemo(context.Background(), conf, 5, &said, io.Discard, func(d *demo) error { return d.playBlank(o) }); err != nil {
				t.Fatalf("%v\n%s", err, said.String())
			}
			printed, err := os.ReadFile(filepath.Join(conf.data, "documents", "blank-"+string(o.kind), "ballot-A.pdf"))
			if err != nil {
				t.Fatal(err)
			}
			blank, got := drawnPages(t, o.data), drawnPages(t, printed)
			if len(got) != len(blank) {
				t.Fatalf("%d pages printed of %d", len(got), len(blank))
			}
			for i := range got {
				if d := difference(got[i], blank[i]); d > 3.5 { // a shift by two pixels, 0.17 mm, makes more than 4
					t.Errorf("page %d differs from the blank by %.2f of 255 on average", i+1, d)
				}
			}
		})
	}
}

// A blank of which the rows print words to be ringed is sealed: the trial takes none of its words for a mark.
func TestWordsToBeRingedAreSealed(t *testing.T) {
	t.Parallel()
	if err := checkOCR(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	for _, o := range []ownBlank{
		{name: "circle.pdf", kind: ballot.RosterForm, grades: []string{"优秀", "称职", "基本称职", "不称职"}, first: 1, rows: 10, voters: 8},
		{name: "ring.pdf", kind: ballot.RosterForm, grades: ballot.DefaultRules().Grades, first: 11, rows: 14, voters: 8},
	} {
		o.data = learnTestdata(t, o.name)
		err := playDemo(context.Background(), config{data: t.TempDir(), workers: 1, hashing: cheap}, 5, io.Discard, io.Discard, func(d *demo) error {
			m, err := d.create("画圈的票")
			if err == nil {
				err = m.draftFor(o)
			}
			if err == nil {
				err = m.learnBlank(o, "A")
			}
			if err == nil {
				err = m.sealAndOpen()
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", o.name, err)
		}
	}
}

// Two groups with one paper are refused when the meeting is sealed, both named.
func TestOnePaperForTwoGroups(t *testing.T) {
	t.Parallel()
	if err := checkOCR(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	o := ownBlank{name: "plain.pdf", data: learnTestdata(t, "plain.pdf"), kind: ballot.RosterForm, grades: ballot.DefaultRules().Grades, first: 1, rows: 12, voters: 9}
	var said bytes.Buffer
	err := playDemo(context.Background(), config{data: t.TempDir(), workers: 1, hashing: cheap}, 5, &said, io.Discard, func(d *demo) error {
		m, err := d.create("两种票一张纸")
		if err != nil {
			return err
		}
		if err := m.draftFor(o); err != nil {
			return err
		}
		groups := api.Groups{Excluded: ballot.DefaultExcluded(), Groups: []ballot.VoterGroup{
			{Code: "A", Name: "工委委员", Weight: 60, JoinWith: "B", Headcount: map[string]int{"1": 8}},
			{Code: "B", Name: "直属党组织书记", Weight: 40, JoinWith: "A", Headcount: map[string]int{"1": 9}}}}
		if err := d.do("admin", "PUT", m.path+"/groups", groups, nil); err != nil {
			return err
		}
		for _, g := range []string{"A", "B"} {
			if err := m.learnBlank(o, g); err != nil {
				return err
			}
		}
		return d.refused(ballot.CodeForm, "admin", "POST", m.path+"/seal", nil)
	})
	if err != nil || !strings.Contains(said.String(), "A票与B票的空白票完全相同") {
		t.Errorf("%v\n%s", err, said.String())
	}
}

func drawnPages(t *testing.T, pdf []byte) []*raster.Image {
	t.Helper()
	path := filepath.Join(t.TempDir(), "drawn.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	pages, err := synth.RenderPDF(path, 300)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// difference is the mean over the pixels of two pages, 0 … 255, and 255 where one is larger by more than rounding.
func difference(a, b *raster.Image) float64 {
	if abs(a.W-b.W) > 2 || abs(a.H-b.H) > 2 {
		return 255
	}
	w, h, sum := min(a.W, b.W), min(a.H, b.H), 0
	for y := range h {
		for x := range w {
			sum += abs(int(a.Pix[y*a.W+x]) - int(b.Pix[y*b.W+x]))
		}
	}
	return float64(sum) / float64(w*h)
}

func abs(v int) int { return max(v, -v) }

// The page of blanks in a browser: upload, settle, correct, confirm, remove. Screenshots go to $PINGYI_SHOTS.
func TestBlankPage(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "blank.mjs")
	if err := checkOCR(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	data, err := demoFiles.ReadFile("demo/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	subjects, err := sheet.ReadRoster("roster.csv", data)
	if err != nil {
		t.Fatal(err)
	}
	m := ballot.Meeting{Title: "年度述职评议会", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Subjects: subjects[:12],
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}},
		Groups: []ballot.VoterGroup{
			{Code: "A", Name: "工委委员", Weight: 60, JoinWith: "B", Headcount: map[string]int{"1": 20}},
			{Code: "B", Name: "直属党组织书记", Weight: 40, JoinWith: "A", Headcount: map[string]int{"1": 20}}}}
	m.Subjects[4].Name, m.Subjects[4].Org = "欧阳若兰", "另一个党组织" // nobody on the paper
	folder := t.TempDir()
	id := draftWithAdmin(t, folder, m)
	blank := filepath.Join(t.TempDir(), "评议票.pdf")
	if err := os.WriteFile(blank, learnTestdata(t, "plain.pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startService(t, folder)
	b.visit(t, "blank", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "BLANK": blank, "UNSURE": "row 1.5", "CONTROL": breakable(t, s)})
}

// draftWithAdmin makes a draft in a data folder, and a user who sets it up.
func draftWithAdmin(t *testing.T, data string, m ballot.Meeting) (id string) {
	t.Helper()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	made, err := s.CreateMeeting(context.Background(), "test", m)
	if err != nil {
		t.Fatal(err)
	}
	hash := auth.HashPassword(testPassword, cheap)
	if err := s.CreateUser(context.Background(), "test", store.User{Name: "admin", Role: ballot.RoleAdmin, Hash: hash}); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// What the trial before sealing says of a page.
func TestBlankIsTried(t *testing.T) {
	f := &ballot.Form{ID: "MINE", Group: "A", Learned: &ballot.Learned{}}
	words := &ballot.Form{ID: "MINE", Group: "A", Learned: &ballot.Learned{Words: true}}
	page := func(form string, n int, kinds ...ballot.VerdictKind) worker.Page {
		p := worker.Page{}
		p.Result.Form, p.Result.Page, p.Result.Group = form, n, "A"
		for _, k := range kinds {
			p.Result.Verdicts = append(p.Result.Verdicts, ballot.Verdict{Kind: k})
		}
		return p
	}
	rejected := page("", 0)
	rejected.Result.Rejected = &ballot.Rejection{Reason: ballot.RejectNoCode, Facts: "nearly alike"}
	for name, c := range map[string]struct {
		page worker.Page
		says string // empty = it passes
	}{
		"itself, blank":     {page("MINE", 2, ballot.IsBlank, ballot.IsBlank), ""},
		"refused":           {rejected, "would not be read (no_code: nearly alike)"},
		"another form":      {page("OTHER", 2, ballot.IsBlank), "is taken for page 2"},
		"another page":      {page("MINE", 1, ballot.IsBlank), "is taken for page 1"},
		"print like a mark": {page("MINE", 2, ballot.IsBlank, ballot.IsGrade), "row 2 of page 2"},
		"print like doubt":  {page("MINE", 2, ballot.IsUnclear), "row 1 of page 2"},
	} {
		err := asBlank(f, 2, c.page)
		if c.says == "" && err != nil || c.says != "" && (ballot.CodeOf(err) != ballot.CodeForm || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := asBlank(words, 2, page("MINE", 2, ballot.IsBlank, ballot.IsUnclear)); err != nil {
		t.Errorf("printed words that are doubtful while nothing is ringed: %v", err)
	}
	if err := asBlank(words, 2, page("MINE", 2, ballot.IsGrade)); ballot.CodeOf(err) != ballot.CodeForm {
		t.Errorf("printed words that are read as a mark: %v", err)
	}
}

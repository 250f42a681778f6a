package learn_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/scans"
	"pingyi/scans/learn"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	copies = flag.Int("learn.copies", 4, "marked copies of each page that are read, every fourth of class hard")
	seed   = flag.Uint64("learn.seed", 1, "first seed of the marked copies")
	only   = flag.String("learn.only", "", "name of one form")
	keep   = flag.String("learn.keep", "", "folder for pictures of rejected pages")
)

// forms are the blanks of testdata; see make.go, which wrote their documents.
var forms = []struct {
	name   string
	grades []string
	rows   []int // on each page
	first  int   // roster number of the first row
	down   bool
	kind   ballot.FormKind
}{
	{"plain", []string{"好", "较好", "一般", "差"}, []int{12}, 1, false, ballot.RosterForm},
	{"merged", []string{"好", "较好", "一般", "差"}, []int{12}, 1, false, ballot.RosterForm},
	{"blocks", []string{"好", "较好", "一般", "差"}, []int{28}, 1, false, ballot.RosterForm},
	{"down", []string{"好", "较好", "一般", "差"}, []int{7}, 1, true, ballot.RosterForm},
	{"dense", []string{"好", "较好", "一般", "差"}, []int{36}, 1, false, ballot.RosterForm},
	{"sparse", []string{"优秀", "合格", "基本合格", "不合格"}, []int{5}, 1, false, ballot.RosterForm},
	{"landscape", []string{"优秀", "称职", "基本称职", "不称职"}, []int{11}, 8, false, ballot.RosterForm},
	{"boxes", []string{"满意", "基本满意", "不满意", "不了解"}, []int{16}, 21, false, ballot.RosterForm},
	{"reverse", []string{"好", "较好", "一般", "差"}, []int{12}, 31, false, ballot.RosterForm},
	{"single", []string{"优秀", "称职", "基本称职", "不称职"}, []int{1, 1, 1}, 4, false, ballot.SingleForm},
	{"twopages", []string{"好", "较好", "一般", "差"}, []int{20, 20}, 1, false, ballot.RosterForm},
	{"adjacent", []string{"优秀", "合格", "基本合格", "不合格"}, []int{24}, 41, false, ballot.RosterForm},
	{"circle", []string{"优秀", "称职", "基本称职", "不称职"}, []int{10}, 1, false, ballot.RosterForm},
	{"ring", []string{"好", "较好", "一般", "差"}, []int{14}, 11, false, ballot.RosterForm},
	{"inline", []string{"满意", "基本满意", "不满意", "不了解"}, []int{12}, 25, false, ballot.RosterForm},
}

func subjects(t *testing.T) []ballot.Subject {
	t.Helper()
	data, err := os.ReadFile("../../cmd/pingyi/demo/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	s, err := sheet.ReadRoster("roster.csv", data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func blank(t *testing.T, name string) []*raster.Image {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".pdf"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := raster.Open(name, data, raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	var pages []*raster.Image
	for i := range doc.Pages() {
		img, err := doc.Page(i)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, img)
	}
	return pages
}

func propose(t *testing.T, name string, e *ocr.Engine) (*learn.Proposal, error) {
	t.Helper()
	return learn.Learn(blank(t, name), learn.Options{Source: name + ".pdf", Meeting: "m", Group: "A", Subjects: subjects(t), Engine: e,
		Random: rand.NewChaCha8([32]byte([]byte((name + strings.Repeat("x", 32))[:32])))})
}

func settle(t *testing.T, f *ballot.Form, first int) {
	t.Helper()
	all := subjects(t)
	for _, u := range slices.Clone(f.Learned.Unsure) {
		value := u.Best
		if strings.HasPrefix(u.Key, "row ") {
			no := first
			for i := range f.Pages {
				for _, r := range f.Pages[i].Rows {
					if i+1 == u.Page && u.Key == fmt.Sprintf("row %d.%d", i+1, -r.Subject) {
						value = strconv.Itoa(no)
					}
					no++
				}
			}
		}
		if err := learn.Settle(f, all, u.Key, value); err != nil {
			t.Fatal(err)
		}
	}
}

// counts of what became of the rows read.
type counts struct{ pages, rejected, rows, right, unclear, wrong int }

func TestReadLearned(t *testing.T) {
	e := engine(t)
	all := counts{}
	for i, want := range forms {
		if *only != "" && *only != want.name || slices.Contains(wordForms, want.name) { // TestReadWords reads those
			continue
		}
		t.Run(want.name, func(t *testing.T) {
			f := confirmed(t, i, e)
			clean := printed(t, want.name)
			r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
			if err != nil {
				t.Fatal(err)
			}
			c := counts{}
			for n := range *copies {
				for p := range f.Pages {
					c.read(t, r, f, p, clean[p], *seed+uint64(n), n%4 == 3)
				}
			}
			t.Logf("%d pages, %d rejected; %d rows: %d right, %d unclear, %d wrong", c.pages, c.rejected, c.rows, c.right, c.unclear, c.wrong)
			if c.rejected > c.pages/2 || c.unclear > c.rows*4/10 {
				t.Errorf("too little was read: %+v", c)
			}
			all = counts{all.pages + c.pages, all.rejected + c.rejected, all.rows + c.rows, all.right + c.right, all.unclear + c.unclear, all.wrong + c.wrong}
		})
	}
	t.Logf("all: %d pages, %d rejected; %d rows: %d right, %d unclear, %d wrong", all.pages, all.rejected, all.rows, all.right, all.unclear, all.wrong)
}

func (c *counts) read(t *testing.T, r *scans.Reader, f *ballot.Form, at int, clean *raster.Image, seed uint64, hard bool) {
	t.Helper()
	page := &f.Pages[at]
	rnd := rand.New(rand.NewPCG(seed, uint64(at)))
	class := synth.ClassOrdinary
	if hard {
		class = synth.ClassHard
	}
	d := synth.Draw(class, page, rnd)
	d.Turns = rnd.IntN(4)
	img := clean.Clone()
	synth.Print(img, page, d, rnd)
	truth := synth.Mark(img, anywhere(page, f.Learned.Source != "boxes.pdf", rnd), d.Hand(rnd), synth.Realistic(), rnd)
	img = synth.Scan(img, d, rnd)
	res := r.ReadPage(img)
	c.pages++
	if res.Rejected != nil {
		c.rejected++
		t.Logf("seed %d page %d %s %v rejected: %s", seed, at+1, d.Class, d.Kinds, res.Rejected)
		save(t, img, f, at, seed)
		return
	}
	if res.Form != f.ID || res.Page != page.Page {
		t.Errorf("seed %d: read as form %s page %d, is %s page %d", seed, res.Form, res.Page, f.ID, page.Page)
		return
	}
	for i, v := range res.Verdicts {
		c.rows++
		switch {
		case res.Rows[i].Subject != truth[i].Subject:
			t.Fatalf("row %d is of subject %d, the truth of %d", i, res.Rows[i].Subject, truth[i].Subject)
		case v.Kind == ballot.IsUnclear:
			c.unclear++
			t.Logf("seed %d page %d row %d %s %s unclear: %s", seed, at+1, i+1, truth[i].Kind, truth[i].Shape, v.Reason)
		case !truth[i].Wrong(v):
			c.right++
		default:
			c.wrong++
			t.Errorf("WRONG seed %d page %d row %d (%s %v): truth %+v, read %+v\n%+v", seed, at+1, i+1, d.Class, d.Kinds, truth[i], v, res.Rows[i])
			save(t, img, f, at, seed)
		}
	}
}

// anywhere moves the targets of a page that prints no boxes within their cells: people mark an empty cell where
// they like.
func anywhere(page *ballot.FormPage, free bool, r *rand.Rand) *ballot.FormPage {
	out := *page
	out.Targets = slices.Clone(page.Targets)
	for i := range out.Targets {
		if t := &out.Targets[i]; free {
			t.X += (r.Float64() - 0.5) * 0.6 * max(0, t.Cell.W-t.W-2)
			t.Y += (r.Float64() - 0.5) * 0.6 * max(0, t.Cell.H-t.H-2)
		}
	}
	return &out
}

func save(t *testing.T, img *raster.Image, f *ballot.Form, at int, seed uint64) {
	t.Helper()
	if *keep == "" {
		return
	}
	data, err := raster.EncodeJPEG(img, 90)
	if err == nil {
		err = os.WriteFile(filepath.Join(*keep, strings.TrimSuffix(f.Learned.Source, ".pdf")+fmt.Sprintf("-%d-%d.jpg", at+1, seed)), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

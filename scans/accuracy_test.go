package scans_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	positions = flag.Int("accuracy.positions", 12_000, "ballot positions to read")
	firstSeed = flag.Uint64("accuracy.seed", 1, "first seed; one seed is one page")
	classes   = flag.String("accuracy.class", "mixed", "ordinary, hard or mixed")
	keep      = flag.String("accuracy.keep", "", "folder for pictures of wrong and rejected pages")
	results   = flag.String("accuracy.results", "", "file to append the counts to, as one JSON line")
)

// sheet is a printed form page, rendered once, to be marked again and again.
type sheet struct {
	form  *ballot.Form
	page  *ballot.FormPage
	clean *raster.Image
}

// tallyOf counts what became of rows and pages. Plain are unclear rows that a person would have marked
// plainly: not struck out, not rubbed out.
type tallyOf struct {
	Pages, Rejected, Rows, Unclear, Plain, Wrong, Positions int
}

func (a *tallyOf) add(b tallyOf) {
	a.Pages += b.Pages
	a.Rejected += b.Rejected
	a.Rows += b.Rows
	a.Unclear += b.Unclear
	a.Plain += b.Plain
	a.Wrong += b.Wrong
	a.Positions += b.Positions
}

// TestAccuracy reads synthetic scans of printed pages with known truth. A wrong vote fails it; rejected
// pages and unclear rows are counted apart. `make accuracy` runs it over 200,000 positions and more.
func TestAccuracy(t *testing.T) {
	sheets := printedSheets(t)
	perPage := 0
	for _, s := range sheets {
		perPage += len(s.page.Targets)
	}
	pages := *positions * len(sheets) / perPage
	var mu sync.Mutex
	byClass, byKind, byShape, byReason := map[string]*tallyOf{}, map[string]*tallyOf{}, map[string]*tallyOf{}, map[string]int{}
	count := func(m map[string]*tallyOf, key string, c tallyOf) {
		if m[key] == nil {
			m[key] = &tallyOf{}
		}
		m[key].add(c)
	}
	var wg sync.WaitGroup
	next := make(chan uint64)
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := readerOf(t, sheets)
			for seed := range next {
				res := readOne(t, r, sheets, seed)
				mu.Lock()
				count(byClass, res.damage.Class, res.tallyOf)
				for _, k := range res.damage.Kinds {
					count(byKind, k, res.tallyOf)
				}
				count(byShape, string(res.truth[0].Shape)+" "+res.truth[0].Pen, res.tallyOf)
				for _, reason := range res.reasons {
					byReason[reason]++
				}
				mu.Unlock()
			}
		}()
	}
	for i := 0; i < pages; i++ {
		next <- *firstSeed + uint64(i)
	}
	close(next)
	wg.Wait()
	var all tallyOf
	for _, c := range byClass {
		all.add(*c)
	}
	t.Logf("seeds %d…%d: %d positions, %d pages, %d rows; wrong %d", *firstSeed, *firstSeed+uint64(pages)-1, all.Positions, all.Pages, all.Rows, all.Wrong)
	for name, m := range map[string]map[string]*tallyOf{"class": byClass, "damage": byKind, "mark": byShape} {
		t.Log(table(name, m))
	}
	t.Logf("reasons: %v", byReason)
	record(t, byClass, pages)
}

func table(name string, m map[string]*tallyOf) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b bytes.Buffer
	fmt.Fprintf(&b, "\n| %s | pages | rejected | rows | unclear | of plain rows | wrong |\n|---|---|---|---|---|---|---|\n", name)
	for _, k := range keys {
		c := m[k]
		fmt.Fprintf(&b, "| %s | %d | %d (%.2f %%) | %d | %d (%.2f %%) | %d (%.2f %%) | %d |\n", k, c.Pages, c.Rejected, 100*float64(c.Rejected)/float64(c.Pages),
			c.Rows, c.Unclear, 100*float64(c.Unclear)/max(1, float64(c.Rows)), c.Plain, 100*float64(c.Plain)/max(1, float64(c.Rows)), c.Wrong)
	}
	return b.String()
}

func record(t *testing.T, byClass map[string]*tallyOf, pages int) {
	if *results == "" {
		return
	}
	line, err := json.Marshal(map[string]any{"first_seed": *firstSeed, "pages": pages, "classes": byClass, "reader": readerDigest(t)})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(*results, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

type readResult struct {
	tallyOf
	damage  synth.Damage
	truth   []synth.Truth
	reasons []string
}

// readOne marks, scans and reads the page that a seed stands for.
func readOne(t *testing.T, r *scans.Reader, sheets []sheet, seed uint64) readResult {
	img, s, truth, d := scanOf(t, sheets, seed)
	out := readResult{damage: d, truth: truth, tallyOf: tallyOf{Pages: 1, Positions: len(s.page.Targets)}}
	res := r.ReadPage(img)
	if res.Rejected != nil {
		out.Rejected = 1
		out.reasons = append(out.reasons, "page "+string(res.Rejected.Reason))
		keepPicture(t, fmt.Sprintf("rejected-%s-%d.png", res.Rejected.Reason, seed), img)
		return out
	}
	if res.Form != s.form.ID || res.Page != s.page.Page {
		t.Errorf("seed %d: read as form %s page %d, is %s page %d", seed, res.Form, res.Page, s.form.ID, s.page.Page)
	}
	for i, v := range res.Verdicts {
		out.Rows++
		if v.Kind == ballot.IsUnclear {
			out.Unclear++
			if k := truth[i].Kind; k == synth.TruthGrade || k == synth.TruthBlank || k == synth.TruthOvervote {
				out.Plain++
				out.reasons = append(out.reasons, "row "+v.Reason+" of "+truth[i].Kind)
				if testing.Verbose() && *keep != "" {
					t.Logf("seed %d %v row %d unclear: truth %+v verdict %+v\n  %+v", seed, d.Kinds, i, truth[i], v, res.Rows[i])
				}
			}
		}
		if truth[i].Wrong(v) {
			out.Wrong++
			t.Errorf("WRONG seed %d (%s %v) subject %d: truth %+v, read %+v\n%+v\n%+v", seed, d.Class, d.Kinds, truth[i].Subject, truth[i], v, res.Rows[i], d)
			keepPicture(t, fmt.Sprintf("wrong-%d.png", seed), img)
		}
	}
	return out
}

// scanOf makes the scan of a seed: which sheet, whose hand, which votes and which damage follow from it.
func scanOf(t testing.TB, sheets []sheet, seed uint64) (*raster.Image, sheet, []synth.Truth, synth.Damage) {
	r := rand.New(rand.NewPCG(seed, 20260115))
	s := sheets[int(seed)%len(sheets)]
	hard := *classes == "hard" || *classes == "mixed" && seed%4 == 0
	class := synth.ClassOrdinary
	if hard {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, r)
	img := &raster.Image{W: s.clean.W, H: s.clean.H, DPI: s.clean.DPI, Pix: append([]byte(nil), s.clean.Pix...)}
	synth.Print(img, s.page, d, r)
	truth := synth.Mark(img, s.page, d.Hand(r), synth.Realistic(), r)
	return delivered(t, synth.Scan(img, d, r), d), s, truth, d
}

// delivered is the picture as the reader gets it.
func delivered(t testing.TB, img *raster.Image, d synth.Damage) *raster.Image {
	t.Helper()
	out, err := synth.Deliver(img, d, scans.MinDPI)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// formKind is a form to print.
type formKind struct {
	subjects, grades int
	kind             ballot.FormKind
	paper            string
}

// printedSheets are the forms that the sweep uses.
func printedSheets(t testing.TB) []sheet {
	t.Helper()
	var out []sheet
	for i, c := range []formKind{{72, 4, ballot.RosterForm, "A4"}, {40, 4, ballot.RosterForm, "A4"}, {50, 6, ballot.RosterForm, "A4"}} {
		out = append(out, printSheets(t, byte(i), c)...)
	}
	return out
}

// printSheets prints a form and draws its pages by pdftoppm at the resolution that synth works at.
func printSheets(t testing.TB, id byte, c formKind) []sheet {
	return printSheetsAt(t, id, c, synth.RenderDPI)
}

func printSheetsAt(t testing.TB, id byte, c formKind, dpi int) []sheet {
	t.Helper()
	m := ballot.Meeting{ID: "m", Title: "党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	m.Rules.Grades = []string{"好", "较好", "一般", "差", "很差", "不了解"}[:c.grades]
	m.Rules.Form, m.Rules.Layout.Paper = c.kind, c.paper
	for n := 1; n <= c.subjects; n++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: "张晓明", Org: "地区住房公积金管理中心党支部", Mode: ballot.Written})
	}
	return printMeeting(t, id, &m, dpi)
}

func printMeeting(t testing.TB, id byte, m *ballot.Meeting, dpi int) []sheet {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	f, err := ballot.NewForm(m, ballot.VoterGroup{Code: "A", Name: "工委委员"}, bytes.NewReader([]byte{id, 2, 3, 4, 5, 6, 7, 8}))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "form.pdf")
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(pdf.Ballots(w, f, 1, fonts, nil), w.Close()); err != nil {
		t.Fatal(err)
	}
	pages, err := synth.RenderPDF(path, dpi)
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	var out []sheet
	for n := range f.Pages {
		out = append(out, sheet{f, &f.Pages[n], pages[n]})
	}
	return out
}

// readerOf is a reader as `pingyi read` has it: OCR only where a code is damaged, if Tesseract is there.
func readerOf(t testing.TB, sheets []sheet) *scans.Reader {
	t.Helper()
	o := scans.Options{}
	if engine, err := ocr.New(); err == nil {
		t.Cleanup(engine.Close)
		o.OCR = engine
	}
	r, err := scans.NewReader(formsOf(sheets), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func formsOf(sheets []sheet) []ballot.Form {
	var forms []ballot.Form
	seen := map[string]bool{}
	for _, s := range sheets {
		if !seen[s.form.ID] {
			seen[s.form.ID] = true
			forms = append(forms, *s.form)
		}
	}
	return forms
}

func keepPicture(t *testing.T, name string, img *raster.Image) {
	if *keep != "" {
		keepIn(t, *keep, name, img)
	}
}

func keepIn(t *testing.T, dir, name string, img *raster.Image) {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, &image.Gray{Pix: img.Pix, Stride: img.W, Rect: image.Rect(0, 0, img.W, img.H)}); err != nil {
		t.Fatal(err)
	}
}

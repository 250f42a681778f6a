package scans_test

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// sheet is a printed form page, rendered once, to be marked again and again.
type sheet struct {
	form  *ballot.Form
	page  *ballot.FormPage
	clean *raster.Image
}

// copy is a fresh sheet of the page's paper.
func (s sheet) copy() *raster.Image {
	return s.clean.Clone()
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
	return printForm(t, newForm(t, id, c), dpi)
}

// newForm lays out a form; forms of different ids are different forms.
func newForm(t testing.TB, id byte, c formKind) *ballot.Form {
	t.Helper()
	return formOf(t, id, meetingOf(c))
}

func meetingOf(c formKind) *ballot.Meeting {
	m := ballot.Meeting{ID: "m", Title: "党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	m.Rules.Grades = []string{"好", "较好", "一般", "差", "很差", "不了解"}[:c.grades]
	m.Rules.Form, m.Rules.Layout.Paper = c.kind, c.paper
	for n := 1; n <= c.subjects; n++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: "张晓明", Org: "地区住房公积金管理中心党支部", Mode: ballot.Written})
	}
	return &m
}

func formOf(t testing.TB, id byte, m *ballot.Meeting) *ballot.Form {
	t.Helper()
	f, err := ballot.NewForm(m, ballot.VoterGroup{Code: "A", Name: "工委委员"}, bytes.NewReader([]byte{id, 2, 3, 4, 5, 6, 7, 8}))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func printMeeting(t testing.TB, id byte, m *ballot.Meeting, dpi int) []sheet {
	t.Helper()
	return printForm(t, formOf(t, id, m), dpi)
}

// printForm prints a form and draws its pages.
func printForm(t testing.TB, f *ballot.Form, dpi int) []sheet {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	path := filepath.Join(t.TempDir(), "form.pdf")
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(pdf.Ballots(w, f, 1, nil, fonts, nil), w.Close()); err != nil {
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

// keepPicture writes a picture into the folder of -accuracy.keep, if there is one.
func keepPicture(t *testing.T, name string, img *raster.Image) {
	if *keep != "" {
		keepIn(t, *keep, name, img)
	}
}

func keepIn(t *testing.T, dir, name string, img *raster.Image) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img.Gray()); err != nil {
		t.Fatal(err)
	}
}

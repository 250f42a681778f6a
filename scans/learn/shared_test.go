package learn_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/learn"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// What many tests need is made once: the OCR process's models are loaded, each blank is learned and rendered, at the
// first test that asks. Tests of this package do not run in parallel: the engine serves one at a time.
var (
	theEngine    = sync.OnceValues(ocr.New)
	confirmedOf  = map[int][]byte{} // JSON, so that no test changes another's form
	renderedFrom = map[string][]*raster.Image{}
)

func engine(t *testing.T) *ocr.Engine {
	t.Helper()
	e, err := theEngine()
	if err != nil {
		t.Skipf("Tesseract is not here: %v", err)
	}
	return e
}

// printed is a form as the printer leaves it, page by page; tests mark copies.
func printed(t *testing.T, name string) []*raster.Image {
	t.Helper()
	if renderedFrom[name] == nil {
		clean, err := synth.RenderPDF(filepath.Join("testdata", name+".pdf"), synth.RenderDPI)
		if err != nil {
			t.Fatal(err)
		}
		renderedFrom[name] = clean
	}
	return renderedFrom[name]
}

// confirmed is a form that was learned and settled.
func confirmed(t *testing.T, at int, e *ocr.Engine) *ballot.Form {
	t.Helper()
	if confirmedOf[at] == nil {
		data, err := json.Marshal(learnAndSettle(t, at, e))
		if err != nil {
			t.Fatal(err)
		}
		confirmedOf[at] = data
	}
	var f ballot.Form
	if err := json.Unmarshal(confirmedOf[at], &f); err != nil {
		t.Fatal(err)
	}
	return &f
}

// learnAndSettle learns a form and settles what it left unsure as a person would who reads the paper: row i of page p
// holds the subject that make.go put there.
func learnAndSettle(t *testing.T, at int, e *ocr.Engine) *ballot.Form {
	t.Helper()
	want := forms[at]
	p, err := propose(t, want.name, e)
	if err != nil {
		t.Fatal(err)
	}
	f := &p.Form
	if f.Kind != want.kind || f.Learned.GradesDown != want.down || f.Learned.Words != slices.Contains(wordForms, want.name) ||
		!slices.Equal(f.Grades, want.grades) || len(f.Pages) != len(want.rows) {
		t.Fatalf("kind %s, down %v, words %v, grades %v, %d pages; want %+v", f.Kind, f.Learned.GradesDown, f.Learned.Words, f.Grades, len(f.Pages), want)
	}
	no := want.first
	for i := range f.Pages {
		page := &f.Pages[i]
		if len(page.Rows) != want.rows[i] {
			t.Fatalf("page %d has %d rows, want %d", i+1, len(page.Rows), want.rows[i])
		}
		for _, r := range page.Rows {
			if r.Subject > 0 && r.Subject != no {
				t.Fatalf("page %d: a row of subject %d was matched with %d %s", i+1, no, r.Subject, r.Name)
			}
			no++
		}
	}
	t.Logf("%d of %d rows left unsure", len(f.Learned.Unsure), no-want.first)
	if len(f.Learned.Unsure) > 0 && learn.Confirm(f) == nil {
		t.Fatal("a form with unsure rows was confirmed")
	}
	settle(t, f, want.first)
	if err := learn.Confirm(f); err != nil {
		t.Fatal(err)
	}
	return f
}

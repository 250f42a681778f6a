package main

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
)

func formPage(t *testing.T) *ballot.FormPage {
	t.Helper()
	f, err := newForm()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Pages) != 1 {
		t.Fatalf("the form has %d pages, not one", len(f.Pages))
	}
	return &f.Pages[0]
}

// What is printed for AMC stands clear of all that Pingyi prints and of the edge that printers leave white.
func TestMarksStandClear(t *testing.T) {
	page := formPage(t)
	printed := map[string]ballot.Rect{"code": page.Code.Inset(-2)}
	for i, f := range page.Fiducials {
		printed[fmt.Sprint("fiducial ", i)] = f
	}
	for _, l := range page.Labels {
		printed["label "+l.Text] = l.Rect
	}
	for _, r := range page.Rows {
		printed[fmt.Sprint("row ", r.Subject)] = r.Rect
	}
	added := map[string]ballot.Rect{}
	for i, c := range circles(page) {
		added["circle "+corners[i]] = c
	}
	for _, d := range digits() {
		added[fmt.Sprint("digit ", d.number, d.digit)] = d.Rect
	}
	for name, a := range added {
		if m := 4.2; a.X < m || a.Y < m || a.Right() > page.Width-m || a.Bottom() > page.Height-m {
			t.Errorf("%s at %+v is too near the edge to be printed", name, a)
		}
		for other, p := range printed {
			if touches(a.Inset(-1), p) {
				t.Errorf("%s at %+v is nearer than 1 mm to %s at %+v", name, a, other, p)
			}
		}
	}
}

func touches(a, b ballot.Rect) bool {
	return a.X < b.Right() && b.X < a.Right() && a.Y < b.Bottom() && b.Y < a.Bottom()
}

// AMC takes the outermost blobs of a circle's size, along the diagonals of the picture, for its marks: no
// pen mark in a table cell may lie farther out, also on a page turned by 10°.
func TestCirclesAreOutermost(t *testing.T) {
	page := formPage(t)
	diagonals := [][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}
	for tilt := -10.0; tilt <= 10; tilt++ {
		sin, cos := math.Sincos(tilt * math.Pi / 180)
		for i, c := range circles(page) {
			u, v := diagonals[i][0], diagonals[i][1]
			out := func(x, y float64) float64 { return u*(x*cos-y*sin) + v*(x*sin+y*cos) }
			mark := out(c.Centre())
			for _, target := range page.Targets {
				if x, y := target.Cell.Centre(); out(x, y) >= mark {
					t.Errorf("at %g° the cell of row %d is farther out than circle %s", tilt, target.Subject, corners[i])
				}
			}
		}
	}
}

// Neither reader may take the other's marks for its own: see register/marks.go for Pingyi's sizes.
func TestMarkSizesDiffer(t *testing.T) {
	side := formPage(t).Fiducials[0].W
	sin, cos := math.Sincos(10 * math.Pi / 180)
	if turned := 1.06 * side * (sin + cos); turned >= 0.8*circleDiameter {
		t.Errorf("a square of %g mm may look %.1f mm large, which AMC takes for a mark of %g mm", side, turned, circleDiameter)
	}
	if circleDiameter <= 1.7*side {
		t.Errorf("circles of %g mm are of the size that Pingyi takes for a square of %g mm", circleDiameter, side)
	}
}

// The binary boxes say the numbers of the page that the layout names.
func TestDigitsSpellTheNumbers(t *testing.T) {
	values := make([]int, len(amcNumbers))
	for _, d := range digits() {
		values[d.number-1] *= 2
		if d.black {
			values[d.number-1]++
		}
	}
	for i, n := range amcNumbers {
		if values[i] != n.value {
			t.Errorf("number %d reads %d, not %d", i+1, values[i], n.value)
		}
	}
}

// Every target is in the layout, turned into AMC's heights from the lower edge.
func TestLayoutNamesEveryTarget(t *testing.T) {
	page := formPage(t)
	var b strings.Builder
	if err := writeLayout(&b, page); err != nil {
		t.Fatal(err)
	}
	for _, row := range page.Rows {
		for i, target := range page.TargetsOf(row.Subject) {
			name := fmt.Sprintf("1/1:case:row%d:%d,%d", row.Subject, row.Subject, i+1)
			top := fmt.Sprintf(`\tracepos{%s}{%.3fmm}{%.3fmm}{}`, name, target.X, page.Height-target.Y)
			low := fmt.Sprintf(`\tracepos{%s}{%.3fmm}{%.3fmm}{}`, name, target.X+target.W, page.Height-target.Y-target.H)
			if !strings.Contains(b.String(), top+"\n"+low+"\n") {
				t.Errorf("the layout lacks %s at %+v", name, target.Rect)
			}
		}
	}
	if !strings.HasPrefix(b.String(), `\page{1/1/60}{210mm}{297mm}`+"\n") {
		t.Errorf("the layout begins with %q", strings.SplitN(b.String(), "\n", 2)[0])
	}
}

// Pingyi finds the composed page and sees no ink in its boxes: what is printed for AMC does not disturb it.
func TestPingyiReadsTheComposedPage(t *testing.T) {
	s, err := printSheet(t.TempDir())
	if err != nil {
		t.Skipf("skipping: %v", err) // fonts or pdftoppm
	}
	r, err := scans.NewReader([]ballot.Form{*s.form}, scans.Options{})
	if err != nil {
		t.Fatal(err)
	}
	res := r.ReadPage(s.clean)
	if res.Rejected != nil || len(res.Verdicts) != subjects {
		t.Fatalf("rejected %v, %d rows of %d", res.Rejected, len(res.Verdicts), subjects)
	}
	for i, v := range res.Verdicts {
		if v.Kind != ballot.IsBlank {
			t.Errorf("row %d of the unmarked page is read as %+v", i+1, v)
		}
	}
}

// AMC finds and reads plain pages of the composed form: the layout that it is given is right.
func TestAMCReadsPlainPages(t *testing.T) {
	if _, err := exec.LookPath("auto-multiple-choice"); err != nil {
		t.Skipf("skipping: the Debian package auto-multiple-choice is not installed: %v", err)
	}
	dir := t.TempDir()
	s, err := printSheet(dir)
	if err != nil {
		t.Skipf("skipping: %v", err) // fonts or pdftoppm
	}
	a, err := newAMC(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := fairChance(a, s, filepath.Join(dir, "plain")); err != nil {
		t.Error(err)
	}
}

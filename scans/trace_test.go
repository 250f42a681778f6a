package scans

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/mark"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// markedPage has a tick in the first grade of row 1, in the second of row 2, a tick too short for a mark in
// row 3, and two ticks in row 4.
func markedPage(t *testing.T, page *ballot.FormPage) *raster.Image {
	c := paintPage(t, page, 200)
	of := func(row, grade int) ballot.Target { return page.TargetsOf(page.Rows[row].Subject)[grade] }
	c.Tick(of(0, 0), 5, 0.5, 40)
	c.Tick(of(1, 1), 5, 0.5, 40)
	c.Tick(of(2, 0), 1.2, 0.3, 40)
	c.Tick(of(3, 0), 5, 0.5, 40)
	c.Tick(of(3, 3), 5, 0.5, 40)
	return c.Scan(0.4, 1, 0, 3, 1)
}

func TestTrace(t *testing.T) {
	f := testForm(t, 18)
	page := &f.Pages[0]
	plain := testReader(t, f).ReadPage(markedPage(t, page))
	tracer := &Tracer{Dir: t.TempDir()}
	r, err := NewReader([]ballot.Form{*f}, Options{Trace: tracer})
	if err != nil {
		t.Fatal(err)
	}
	tracer.Begin("stack/scan.jpg", 1)
	res := r.ReadPage(markedPage(t, page))
	if tracer.Err() != nil || res.Rejected != nil || !reflect.DeepEqual(res.PageReading, plain.PageReading) || !reflect.DeepEqual(res.Verdicts, plain.Verdicts) {
		t.Fatalf("traced %+v, %v; not traced %+v", res.Rejected, tracer.Err(), plain.Rejected)
	}
	folder := filepath.Join(tracer.Dir, "scan.jpg-0001")
	for _, name := range []string{"1-decoded.png", "2-registered.png", "3-ink-block-1.png", "4-verdicts.png", "5-rows-block-1.png"} {
		if m := readPNG(t, filepath.Join(folder, name)); m.Bounds().Empty() {
			t.Errorf("%s is empty", name)
		}
	}
	data, err := os.ReadFile(filepath.Join(folder, "5-rows.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file explained
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if file.Form != f.ID || file.Page != 1 || file.Thresholds != ballot.DefaultThresholds() || len(file.Rows) != 18 {
		t.Fatalf("form %s, page %d, %d rows", file.Form, file.Page, len(file.Rows))
	}
	for i, row := range file.Rows {
		if row.Verdict != res.Verdicts[i] || !reflect.DeepEqual(row.RowReading, res.Rows[i]) || row.Words == "" {
			t.Errorf("row %d: %+v, want %+v", i, row, res.Verdicts[i])
		}
	}
	grades := page.TargetsOf(page.Rows[0].Subject)
	for i, want := range []string{"判为“" + grades[0].Grade + "”", "判为“" + grades[1].Grade + "”", "所比的阈值：mark_ink 1.1", "判为“多选”", "判为“弃权”"} {
		if !strings.Contains(file.Rows[i].Words, want) {
			t.Errorf("row %d: %s; want %s", i, file.Rows[i].Words, want)
		}
	}
	for i, row := range file.Rows[:4] {
		if len(row.Turns) == 0 {
			t.Errorf("row %d turns nowhere", i)
		}
	}
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestInkHasTheColourOfItsTarget: the ink that a target was measured to hold is what is drawn in the colour
// of its column.
func TestInkHasTheColourOfItsTarget(t *testing.T) {
	f := testForm(t, 18)
	r := testReader(t, f)
	img := markedPage(t, &f.Pages[0])
	res := r.ReadPage(img)
	grid, rejected := register.Refine(img, r.last.found.Map, r.last.page)
	if rejected != nil {
		t.Fatal(rejected)
	}
	drawn, measured := make([]float64, 4), make([]float64, 4)
	rows := explain(res.Rows, res.Verdicts, r.thresholds)
	first := 0
	for i := range grid.Blocks {
		p := r.meter.Picture(img, grid, &grid.Blocks[i])
		n := len(grid.Blocks[i].Rows)
		for at, fate := range p.Fate {
			if fate == mark.Aimed {
				drawn[p.Column[at]] += 1.0 / mark.PixelsPerMM / mark.PixelsPerMM
			}
		}
		pen, err := newPen(nil)
		if err != nil {
			t.Fatal(err)
		}
		checkColours(t, p, pen.rows(p, rows[first:first+n]))
		first += n
	}
	for _, row := range res.Rows {
		for c, s := range row.Scores {
			measured[c] += s.Ink
		}
	}
	for c := range drawn {
		if math.Abs(drawn[c]-measured[c]) > 0.1 {
			t.Errorf("column %d: %.2f mm² drawn, %.2f measured", c, drawn[c], measured[c])
		}
	}
	if drawn[0] < 5 || drawn[2] != 0 {
		t.Errorf("drawn %v", drawn)
	}
}

// checkColours compares the picture with the fates, away from the frames that are drawn over it.
func checkColours(t *testing.T, p mark.Picture, m image.Image) {
	t.Helper()
	compared := 0
	for at, fate := range p.Fate {
		x, y := at%p.W, at/p.W
		if fate != mark.Aimed || !inBox(p, x, y) {
			continue
		}
		compared++
		want := columnInks[p.Column[at]]
		if got := color.RGBAModel.Convert(m.At(numberColumn+x*rowZoom+1, headHeight+y*rowZoom+1)); got != want {
			t.Fatalf("ink at %d, %d is %v, want %v", x, y, got, want)
		}
	}
	if compared < 50 {
		t.Errorf("only %d pixels of ink lie in boxes", compared)
	}
}

func inBox(p mark.Picture, x, y int) bool {
	for _, b := range p.Boxes {
		if image.Pt(x, y).In(b.Inset(2)) {
			return true
		}
	}
	return false
}

func TestTraceFailsAloud(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tracer := &Tracer{Dir: file} // no folder
	tracer.Begin("scan.jpg", 1)
	if tracer.Err() == nil || (&Reader{trace: tracer}).Err() == nil {
		t.Error("a folder that cannot be made is no failure")
	}
	if _, err := newPen([]byte("no face")); err == nil {
		t.Error("a broken face is no failure")
	}
}

package writing

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Finder finds writing; its buffers are reused. It is not safe for concurrent use.
type Finder struct {
	small   raster.Image // the reduced picture
	k       int          // pixels of the picture a pixel of the reduced one
	factor  float64      // the same
	scale   float64      // pixels of the reduced picture a mm
	zones   []byte
	pattern []byte // of one zone
	limits  []byte
	mask    []byte // 1 where ink lies in the blank zone
	labels  raster.Labels
	traces  []trace
}

// Find gives the rectangles, in mm on the page, that hold writing outside the targets' cells and the
// comment box.
func (f *Finder) Find(img *raster.Image, g *register.Grid, page *ballot.FormPage) []ballot.Rect {
	f.begin(img, &g.Map, page.Width/2, page.Height/2)
	f.paint(g, page)
	f.threshold()
	f.measure()
	found := f.clusters()
	if len(found) > 0 {
		if f.eraseLines() {
			f.measure()
		}
		f.attach()
		found = f.clusters()
	}
	inverse := g.Map.Inverse()
	var out []ballot.Rect
	for _, c := range found {
		out = append(out, f.rect(&inverse, c.box))
	}
	return out
}

// trace is one connected piece of ink where nothing is printed.
type trace struct {
	box     box
	x, y    int // pixels that its strokes travel across and down
	shape   moments
	darkest byte
	edge    bool // touches the edge of the page or the picture: the scanner's lid
	onText  bool // touches the place of printed text
	tail    bool // goes on in the cell of a target
}

// box is a rectangle in pixels, far sides exclusive.
type box struct{ x0, y0, x1, y1 int }

var noBox = box{math.MaxInt, math.MaxInt, math.MinInt, math.MinInt}

func (b box) with(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

// gap is the greater of the distances across and down between two boxes, 0 where they overlap.
func (b box) gap(o box) int {
	return max(0, max(b.x0, o.x0)-min(b.x1, o.x1), max(b.y0, o.y0)-min(b.y1, o.y1))
}

// measure finds the pieces of ink and fills their traces.
func (f *Finder) measure() {
	w, h := f.small.W, f.small.H
	f.labels.Label(f.mask, w, h)
	f.traces = f.traces[:0]
	for range f.labels.Comps {
		f.traces = append(f.traces, trace{box: noBox, darkest: 255})
	}
	for _, r := range f.labels.Runs {
		run := box{int(r.X0), int(r.Y), int(r.X1), int(r.Y) + 1}
		t := &f.traces[r.Comp]
		t.box = t.box.with(run)
		t.shape.run(run)
		t.y++
		if run.x0 == 0 || run.x1 == w || run.y0 == 0 || run.y1 == h {
			t.edge = true
			continue
		}
		at := run.y0 * w
		t.touch(f.zones[at+run.x0-1])
		t.touch(f.zones[at+run.x1])
		for x := at + run.x0; x < at+run.x1; x++ {
			if f.mask[x-w] == 0 {
				t.x++
			}
			t.touch(f.zones[x-w])
			t.touch(f.zones[x+w])
			t.darkest = min(t.darkest, f.small.Pix[x])
		}
	}
}

// touch notes the zone of a neighbouring pixel.
func (t *trace) touch(zone byte) {
	t.edge = t.edge || zone == outside
	t.onText = t.onText || zone == text
}

// rect is a box of pixels in mm on the page.
func (f *Finder) rect(inverse *register.Homography, b box) ballot.Rect {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [4][2]int{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := inverse.At(float64(c[0])*f.factor, float64(c[1])*f.factor)
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	round := func(v float64) float64 { return math.Round(v*10) / 10 }
	return ballot.Rect{X: round(x0), Y: round(y0), W: round(x1 - x0), H: round(y1 - y0)}
}

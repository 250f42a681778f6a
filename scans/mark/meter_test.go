package mark_test

import (
	"fmt"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/mark"
	"pingyi/scans/paint"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

const dpi = 200

func page(t testing.TB) *ballot.FormPage {
	t.Helper()
	f, err := paint.Form(30)
	if err != nil {
		t.Fatal(err)
	}
	return &f.Pages[0]
}

// registered draws a page, scans it a little aslant, and finds it again.
func registered(t testing.TB, p *ballot.FormPage, draw func(*paint.Canvas)) (*raster.Image, *register.Grid) {
	t.Helper()
	c, err := paint.Page(p, dpi)
	if err != nil {
		t.Fatal(err)
	}
	draw(c)
	img := c.Scan(0.6, 1, 0, 3, 1)
	grid, err := paint.Register(img, p)
	if err != nil {
		t.Fatal(err)
	}
	return img, grid
}

// Each case draws in the first row; target a is its first, b its second, and below is under a.
func TestWhatAStrokeIsGivenTo(t *testing.T) {
	p := page(t)
	row := p.TargetsOf(p.Rows[0].Subject)
	below := p.TargetsOf(p.Rows[1].Subject)[0]
	x, y := row[0].Centre()
	bx, _ := row[1].Centre()
	_, belowY := below.Centre()
	pen := func(points ...[2]float64) func(*paint.Canvas) {
		return func(c *paint.Canvas) { c.Stroke(0.5, 40, points...) }
	}
	cases := []struct {
		name string
		draw func(*paint.Canvas)
		ok   func(a, b ballot.MarkScore) bool
	}{
		{"nothing", func(*paint.Canvas) {}, func(a, b ballot.MarkScore) bool {
			return a.Ink == 0 && a.Specks == 0 && a.Outside == 0 && a.Doubt == 0 && b.Ink == 0
		}},
		{"a tick is its target's ink", func(c *paint.Canvas) { c.Tick(row[0], 5, 0.5, 40) }, func(a, b ballot.MarkScore) bool {
			return a.Ink > 2 && a.Ink < 6 && a.Reach > 3.5 && a.Strokes == 1 && a.Contrast > 0.5 && b.Ink == 0 && b.Stray == 0
		}},
		{"a long tail stays with the box of its vertex", pen([2]float64{x - 1.5, y}, [2]float64{x, y + 1.5}, [2]float64{bx - 2.4, y - 3}), func(a, b ballot.MarkScore) bool {
			return a.Ink > 3 && b.Ink == 0
		}},
		{"a ring round the box", func(c *paint.Canvas) { c.Ring(row[0], 3.4, 0.5, 40) }, func(a, b ballot.MarkScore) bool {
			return a.Ink > 5 && b.Ink == 0
		}},
		{"a stroke from box to box is doubt in both", pen([2]float64{x - 1, y}, [2]float64{bx + 1, y}), func(a, b ballot.MarkScore) bool {
			return a.Ink == 0 && b.Ink == 0 && a.Doubt > 0.5 && b.Doubt > 0.5
		}},
		{"a stroke beside the box is outside", pen([2]float64{x - 3, y + 3.2}, [2]float64{x + 2, y + 3.6}), func(a, b ballot.MarkScore) bool {
			return a.Ink == 0 && a.Outside > 1
		}},
		{"a dot in the box is a speck", func(c *paint.Canvas) { c.Fill(ballot.Rect{X: x, Y: y, W: 0.45, H: 0.45}, 40) }, func(a, b ballot.MarkScore) bool {
			return a.Ink == 0 && a.Specks > 0.05 && a.Specks < 0.5
		}},
		{"a filled box is covered", func(c *paint.Canvas) { c.Fill(row[0].Rect, 40) }, func(a, b ballot.MarkScore) bool {
			return a.Inside > 0.6 && a.Ink > 10 // what lies on the outline goes out with it
		}},
		{"a smear paler than ink is faint", func(c *paint.Canvas) { c.Fill(row[0].Rect.Inset(0.4), 238) }, func(a, b ballot.MarkScore) bool {
			return a.Ink == 0 && a.Faint > 0.3
		}},
		{"a tail into the empty row below is doubt there", pen([2]float64{x - 1.2, y}, [2]float64{x, y + 1.5}, [2]float64{x + 0.5, belowY + 1.5}), func(a, b ballot.MarkScore) bool {
			return a.Doubt > 0.5 || a.Ink > 0 // and never silently the other's
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			img, grid := registered(t, p, c.draw)
			var m mark.Meter
			r := m.Measure(img, grid)[0]
			if !c.ok(r.Scores[0], r.Scores[1]) {
				t.Errorf("a %+v\nb %+v", r.Scores[0], r.Scores[1])
			}
		})
	}
}

// A streak down a column of boxes is taken out, and the rows that it crosses say so.
func TestStreakIsNotInk(t *testing.T) {
	p := page(t)
	x, _ := p.TargetsOf(p.Rows[0].Subject)[1].Centre()
	img, grid := registered(t, p, func(c *paint.Canvas) {
		c.Fill(ballot.Rect{X: x + 0.6, Y: 2, W: 0.3, H: p.Height - 4}, 90)
	})
	var m mark.Meter
	for _, r := range m.Measure(img, grid) {
		if ink := r.Scores[1].Ink; !r.Streak || ink > 0 {
			t.Errorf("subject %d: streak %v, ink %.2f", r.Subject, r.Streak, ink)
		}
	}
}

// Measuring twice with one meter gives the same: nothing of a page stays in its buffers.
func TestBuffersKeepNothing(t *testing.T) {
	p := page(t)
	marked, grid := registered(t, p, func(c *paint.Canvas) {
		for i, r := range p.Rows {
			c.Tick(p.TargetsOf(r.Subject)[i%4], 5, 0.5, 40)
		}
	})
	empty, emptyGrid := registered(t, p, func(*paint.Canvas) {})
	var m, fresh mark.Meter
	m.Measure(marked, grid)
	if got, want := fmt.Sprint(m.Measure(empty, emptyGrid)), fmt.Sprint(fresh.Measure(empty, emptyGrid)); got != want {
		t.Errorf("after a marked page an empty one measures\n%s, want\n%s", got, want)
	}
}

func BenchmarkMeasure(b *testing.B) {
	p := page(b)
	img, grid := registered(b, p, func(c *paint.Canvas) {
		for i, r := range p.Rows {
			c.Tick(p.TargetsOf(r.Subject)[i%4], 5, 0.5, 40)
		}
	})
	var m mark.Meter
	for b.Loop() {
		m.Measure(img, grid)
	}
}

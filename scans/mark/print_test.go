package mark_test

import (
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/mark"
	"pingyi/scans/paint"
)

// Each case lays something on the third row of a page on which the first target of every row is ticked.
func TestWhatHidesPrint(t *testing.T) {
	p := page(t)
	row := p.TargetsOf(p.Rows[2].Subject)
	box := row[1].Rect
	// A form that prints no outlines: there the rules tell.
	bare := *p
	bare.Print = []byte{1}
	rubOut := func(c *paint.Canvas) {
		for _, target := range p.Targets {
			c.Fill(target.Inset(-0.5), 255)
		}
	}
	at := func(x, y, w, h float64) ballot.Rect { return ballot.Rect{X: x, Y: y, W: w, H: h} }
	cases := []struct {
		name string
		page *ballot.FormPage
		draw func(*paint.Canvas)
		want []int // columns of which print is missing
	}{
		{"nothing", p, func(*paint.Canvas) {}, nil},
		{"tape as high as the box", p, func(c *paint.Canvas) { c.Fill(at(box.X-3, box.Y, box.W+6, box.H), 250) }, []int{1}},
		{"darker tape", p, func(c *paint.Canvas) { c.Fill(box.Inset(-1), 235) }, []int{1}},
		{"tape over the upper half", p, func(c *paint.Canvas) { c.Fill(at(box.X-1, box.Y-1, box.W+2, 1+box.H/2+0.3), 255) }, []int{1}},
		{"a strip over the row and its rules", p, func(c *paint.Canvas) { c.Fill(p.Rows[2].Inset(-0.5), 255) }, []int{0, 1, 2, 3}},
		{"a filled box", p, func(c *paint.Canvas) { c.Fill(box.Inset(-0.6), 40) }, nil},
		{"a box shaded gray", p, func(c *paint.Canvas) { c.Fill(box.Inset(0.3), 170) }, nil},
		{"no outlines", &bare, rubOut, nil},
		{"no outlines, a cell covered", &bare, func(c *paint.Canvas) { rubOut(c); c.Fill(row[1].Cell.Inset(-0.5), 255) }, []int{1}},
		{"no outlines, a strip over the row and its rules", &bare, func(c *paint.Canvas) { rubOut(c); c.Fill(p.Rows[2].Inset(-0.5), 255) }, []int{0, 1, 2, 3}},
	}
	limits := ballot.DefaultThresholds()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			img, grid := registered(t, c.page, func(canvas *paint.Canvas) {
				c.draw(canvas)
				for i, r := range p.Rows {
					if i != 2 {
						canvas.Tick(p.TargetsOf(r.Subject)[0], 5, 0.5, 40)
					}
				}
			})
			var m mark.Meter
			for i, r := range m.Measure(img, grid) {
				for column, s := range r.Scores {
					if want := i == 2 && slices.Contains(c.want, column); want != (s.Covered > limits.CoveredMost) {
						t.Errorf("row %d column %d: %.2f is missing, covered: %v", i, column, s.Covered, want)
					}
				}
			}
		})
	}
}

// Where a form of ours shows no outlines at all, an empty row proves nothing; where it has few targets, no row does.
func TestOutlinesThatAreNotSeen(t *testing.T) {
	p := page(t)
	limits := ballot.DefaultThresholds()
	rubOut := func(c *paint.Canvas) {
		for _, target := range p.Targets {
			c.Fill(target.Inset(-0.5), 255)
		}
	}
	img, grid := registered(t, p, rubOut)
	var m mark.Meter
	for i, r := range m.Measure(img, grid) {
		for column, s := range r.Scores {
			if s.Covered <= limits.CoveredBlank || s.Covered > limits.CoveredMost {
				t.Errorf("row %d column %d: %.2f", i, column, s.Covered)
			}
		}
	}
	for i := range grid.Blocks {
		b := &grid.Blocks[i]
		b.Rows, b.Targets, b.Trusted = b.Rows[:1], b.Targets[:1], b.Trusted[:1]
	}
	for _, bits := range []int{8, 1} {
		if bits == 1 { // then a line that is nowhere to be seen has no depth at all
			for i, v := range img.Pix {
				img.Pix[i] = 255 * (v / 128)
			}
		}
		for _, r := range m.Measure(img, grid) {
			for column, s := range r.Scores {
				if !(s.Covered > limits.CoveredMost) {
					t.Errorf("the only row, %d bits, column %d: %.2f", bits, column, s.Covered)
				}
			}
		}
	}
}

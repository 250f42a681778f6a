package scans

import (
	"testing"

	"pingyi/ballot"
	"pingyi/scans/paint"
)

// square fills a square of some side whose middle lies off the middle of a target's box.
func square(c *paint.Canvas, t ballot.Target, right, down, side float64) {
	x, y := t.Centre()
	c.Fill(ballot.Rect{X: x + right - side/2, Y: y + down - side/2, W: side, H: side}, 30)
}

// TestFingerprint: the shapes are those of the ink that was laid, in hundredths of a millimetre, at the targets
// where it was laid; another resolution, the sheet upside down, blur and noise hardly move them.
func TestFingerprint(t *testing.T) {
	f := testForm(t, 20)
	page := &f.Pages[0]
	drawn := func(dpi float64) *paint.Canvas {
		c := paintPage(t, page, dpi)
		for i, row := range page.Rows {
			target := page.TargetsOf(row.Subject)[i%4]
			if i%5 == 4 {
				c.Tick(target, 4, 0.5, 40)
				continue
			}
			square(c, target, 0.1*float64(i%7-3), 0.08*float64(i%5-2), 1.6)
		}
		return c
	}
	r := testReader(t, f)
	read := func(c *paint.Canvas, degrees, scale float64, turns int, noise float64) ballot.Fingerprint {
		t.Helper()
		res := r.ReadPage(c.Scan(degrees, scale, turns, noise, 3))
		if res.Rejected != nil {
			t.Fatal(res.Rejected)
		}
		return res.Fingerprint
	}
	near := func(got, want int16, by int) bool { return int(got-want) <= by && int(want-got) <= by }
	straight := read(drawn(300), 0, 1, 0, 1)
	if len(straight) != len(page.Rows) {
		t.Fatalf("%d shapes of %d marks", len(straight), len(page.Rows))
	}
	for i, s := range straight {
		if want := int16(4*i + i%4); s.Target != want {
			t.Errorf("mark %d is at target %d, want %d", i, s.Target, want)
		}
		if i%5 == 4 {
			if s.Lean >= 0 {
				t.Errorf("a tick that rises to the right leans %d", s.Lean)
			}
			continue
		}
		// A square's standard deviation is its side over √12: 46. Of the sums over 3 × 3 samples, less 30 % of the
		// greatest and squared, it is 34 by numerical integration.
		if !near(s.X, int16(10*(i%7-3)), 6) || !near(s.Y, int16(8*(i%5-2)), 6) || !near(s.W, 34, 3) || !near(s.H, 34, 3) || !near(s.Lean, 0, 3) {
			t.Errorf("mark %d: %+v", i, s)
		}
	}
	for name, other := range map[string]ballot.Fingerprint{
		"upside down": read(drawn(300), 0.4, 1, 2, 4),
		"at 150 dpi":  read(drawn(150), -0.7, 0.99, 0, 3),
	} {
		if len(other) != len(straight) {
			t.Errorf("%s: %d shapes", name, len(other))
			continue
		}
		for i, s := range other {
			o := straight[i]
			if s.Target != o.Target || !near(s.X, o.X, 12) || !near(s.Y, o.Y, 12) || !near(s.W, o.W, 8) || !near(s.H, o.H, 8) || !near(s.Lean, o.Lean, 5) {
				t.Errorf("%s, mark %d: %+v, before %+v", name, i, s, o)
			}
		}
	}
	if empty := read(paintPage(t, page, 200), 0, 1, 0, 2); len(empty) != 0 {
		t.Errorf("shapes on a page without marks: %+v", empty)
	}
}

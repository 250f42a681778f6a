package writing

import (
	"math"
	"testing"
)

// A straight row of pixels has no spread, however it lies; a square has that of a square.
func TestSpread(t *testing.T) {
	var level, slanted, square moments
	level.run(box{10, 5, 60, 6})
	for i := range 50 {
		slanted.run(box{10 + i, 5 + i, 11 + i, 6 + i})
	}
	for y := range 12 {
		square.run(box{3, y, 15, y + 1})
	}
	for name, c := range map[string]struct {
		m    moments
		want float64
	}{"level": {level, 0}, "slanted": {slanted, 0}, "square": {square, math.Sqrt(143.0 / 12)}, "nothing": {moments{}, 0}} {
		if got := c.m.spread(); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: %.3f, want %.3f", name, got, c.want)
		}
	}
}

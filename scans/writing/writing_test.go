package writing

import (
	"math"
	"math/rand/v2"
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

// Eight pixels compared at once are what they are one by one.
func TestDarkerIsAByteComparison(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		pix, zones, limit := make([]byte, 8), make([]byte, 8), byte(1+r.IntN(255))
		for i := range pix {
			pix[i], zones[i] = byte(r.IntN(256)), []byte{outside, blank, text, cell, ignored}[r.IntN(5)]
			if r.IntN(4) == 0 {
				pix[i] = limit
			}
		}
		got := darkBlank(pix, zones, limit)
		for i := range pix {
			want := byte(0)
			if pix[i] < limit && zones[i] == blank {
				want = 1
			}
			if byte(got>>(8*i)) != want {
				t.Fatalf("gray %d zone %d limit %d: %d, want %d", pix[i], zones[i], limit, byte(got>>(8*i)), want)
			}
		}
	}
}

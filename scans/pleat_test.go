package scans_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/synth"
)

// A sheet that was pleated by about a row while it was fed shows each row below at its neighbour's place, with that row's
// rules, boxes and marks: nothing on it may be read plainly and wrong.
func TestPleat(t *testing.T) {
	t.Parallel()
	s := printSheets(t, 1, formKind{25, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	row := s.page.Rows[1].Y - s.page.Rows[0].Y // mm
	became := map[string]int{}
	for k := 16; k < len(s.page.Rows); k++ {
		for _, lost := range []float64{row - 1, row + 1, row + 2} { // mm of paper
			random := rand.New(rand.NewPCG(uint64(k), uint64(100*lost)))
			img := s.copy()
			truth := synth.Mark(img, s.page, synth.NewHand(random, false), synth.Realistic(), random)
			from, cut := int((s.page.Rows[k].Y+0.1*row)*img.DPI/25.4), int(lost*img.DPI/25.4)
			copy(img.Pix[from*img.W:], img.Pix[(from+cut)*img.W:])
			for i := len(img.Pix) - cut*img.W; i < len(img.Pix); i++ {
				img.Pix[i] = 255
			}
			res := r.ReadPage(synth.Scan(img, synth.Damage{DPI: 200, Paper: 245, Noise: 2, Blur: 0.5}, random))
			if res.Rejected != nil {
				became[string(res.Rejected.Reason)]++
				continue
			}
			became["read"]++
			for i, v := range res.Verdicts {
				if truth[i].Wrong(v) {
					t.Errorf("pleated by %.1f mm at row %d: row %d is read as %s %s", lost, k+1, i+1, v.Kind, v.Grade)
				}
			}
		}
	}
	fmt.Println("pleats:", became)
}

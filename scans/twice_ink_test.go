package scans_test

import (
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/synth"
)

// TestRealInkScannedTwice stamps real ink on sheets that all have the same votes, several of one writer's, and
// scans each twice: no two sheets are like each other, and each is like itself.
func TestRealInkScannedTwice(t *testing.T) {
	ink, err := synth.LoadInk(marksFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	sheets := printSheets(t, 1, formKind{40, 4, ballot.RosterForm, "A4"})[:1]
	r, s := readerOf(t, sheets), sheets[0]
	var first, again []ballot.SpoolPage
	for seed := range uint64(24) {
		img := copyOf(s.clean)
		writer := rand.New(rand.NewPCG(seed/4, 91)) // four sheets of each
		synth.Mark(img, s.page, ink.Hand(synth.NewHand(writer, false), writer), synth.Mix{Grades: []float64{1}}, rand.New(rand.NewPCG(seed, 92)))
		for n := range uint64(2) {
			random := rand.New(rand.NewPCG(seed, 93+n))
			d := synth.Ordinary(random)
			res := r.ReadPage(delivered(t, synth.Scan(copyOf(img), d, random), d))
			if res.Rejected != nil || len(res.Fingerprint) < ballot.LeastInked {
				t.Fatalf("seed %d: %v, %d marks", seed, res.Rejected, len(res.Fingerprint))
			}
			page := ballot.SpoolPage{Upload: []string{"first", "again"}[n], Index: int(seed), Reading: res.PageReading}
			if n == 0 {
				first = append(first, page)
			} else {
				again = append(again, page)
			}
		}
	}
	forms := formsOf(sheets)
	forms[0].TwoSided = false
	for i, p := range ballot.HoldTwice(forms, nil, append(first, again...), nil) {
		switch {
		case i < len(first) && p.Like != nil:
			t.Errorf("sheet %d is taken for sheet %d", p.Index, p.Like.Index)
		case i >= len(first) && (p.Like == nil || p.Like.Index != p.Index):
			t.Errorf("the second scan of sheet %d is like %+v", p.Index, p.Like)
		}
	}
}

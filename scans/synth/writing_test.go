package synth

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Without writing in the mix nothing is drawn, not even a random number: other seeds keep their pictures.
func TestWritingIsOff(t *testing.T) {
	if Realistic().Writing != 0 {
		t.Fatal("the realistic mix writes outside the targets: other people's seeds have changed")
	}
	page := writingPage(t)
	img := raster.New(420, 594)
	a, b := rand.New(rand.NewPCG(5, 5)), rand.New(rand.NewPCG(5, 5))
	if w := Write(img, page, NewHand(b, false), Realistic(), a); w != nil || slices.Min(img.Pix) != 255 {
		t.Errorf("wrote %v", w)
	}
	if a.Uint64() != rand.New(rand.NewPCG(5, 5)).Uint64() {
		t.Error("a random number was drawn")
	}
}

// Writing lies where the truth says, of every place and kind, and clear of targets, marks, code and comment
// box.
func TestWritingLiesWhereItSays(t *testing.T) {
	page := writingPage(t)
	mix := Realistic()
	mix.Writing = 1000
	seen := map[string]int{}
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 9))
		img := raster.New(420, 594) // 2 pixels a mm
		written := Write(img, page, NewHand(r, false), mix, r)
		if len(written) != 1 {
			t.Fatalf("seed %d: wrote %v", seed, written)
		}
		w := written[0]
		seen[w.Place]++
		seen[w.Kind]++
		if long := max(w.Rect.W, w.Rect.H); long < 8 || long > 60 {
			t.Errorf("seed %d: %g mm long", seed, long)
		}
		inside, all := 0, 0
		about := w.Rect.Inset(-2.5) // half a pen, and strokes that overshoot
		for i, v := range img.Pix {
			if v < 200 {
				all++
				if about.Contains((float64(i%img.W)+0.5)/2, (float64(i/img.W)+0.5)/2) {
					inside++
				}
			}
		}
		if all == 0 || inside < all*97/100 {
			t.Errorf("seed %d: %d of %d dark pixels lie in %+v", seed, inside, all, w)
		}
		taken := append([]ballot.Rect{page.Code, *page.Comment}, page.Fiducials...)
		for _, target := range page.Targets {
			taken = append(taken, target.Cell)
		}
		for _, r := range taken {
			if overlap(w.Rect, r) {
				t.Errorf("seed %d: %+v lies on %+v", seed, w, r)
			}
		}
	}
	for _, k := range append([]string{"name", "signature", "remark"}, Places...) {
		if seen[k] < 10 {
			t.Errorf("%s: %d of 120", k, seen[k])
		}
	}
}

func writingPage(t *testing.T) *ballot.FormPage {
	t.Helper()
	m := ballot.Meeting{ID: "m", Title: "述职评议表", Rules: ballot.DefaultRules(), Version: 1}
	m.Rules.Layout.CommentBox = true
	for n := 1; n <= 20; n++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: "张明", Org: "某某机关党支部", Mode: ballot.Written})
	}
	f, err := ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "委员"}, bytes.NewReader([]byte("12345678")))
	if err != nil {
		t.Fatal(err)
	}
	return &f.Pages[len(f.Pages)-1]
}

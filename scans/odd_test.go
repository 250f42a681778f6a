package scans_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// oddPage marks and scans a page with the hand and the damage that a test is about.
func oddPage(t *testing.T, s sheet, seed uint64, hand func(*rand.Rand) synth.Hand, worsen func(*synth.Damage, *rand.Rand)) (*raster.Image, []synth.Truth, synth.Damage) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 4242))
	d := synth.Ordinary(r)
	worsen(&d, r)
	img := s.clean.Clone()
	synth.Print(img, s.page, d, r)
	truth := synth.Mark(img, s.page, hand(r), synth.Realistic(), r)
	return delivered(t, synth.Scan(img, d, r), d), truth, d
}

func steadyHand(r *rand.Rand) synth.Hand { return synth.NewHand(r, false) }

// holds counts a page's unclear rows and fails the test at a wrong one.
func holds(t *testing.T, seed uint64, res scans.PageResult, truth []synth.Truth) (unclear int) {
	t.Helper()
	for i, v := range res.Verdicts {
		if v.Kind == ballot.IsUnclear {
			unclear++
		}
		if truth[i].Wrong(v) {
			t.Errorf("WRONG seed %d subject %d: truth %+v, read %+v\n%+v", seed, truth[i].Subject, truth[i], v, res.Rows[i])
		}
	}
	return unclear
}

// A phone's picture, taken at an angle and in the shadow of a hand.
func TestPhotosAreReadOrRefused(t *testing.T) {
	sheets := printedSheets(t)
	r := readerOf(t, sheets)
	read, rows, unclear := 0, 0, 0
	for seed := range uint64(12) {
		between := func(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
		img, truth, d := oddPage(t, sheets[int(seed)%len(sheets)], seed, steadyHand, func(d *synth.Damage, r *rand.Rand) {
			d.Tilt, d.Border = [2]float64{between(r, -0.06, 0.06), between(r, -0.06, 0.06)}, between(r, 4, 12)
			d.Shadow, d.ShadowAt = between(r, 0.6, 0.9), between(r, 0, 2*math.Pi)
		})
		res := r.ReadPage(img)
		if res.Rejected != nil {
			t.Logf("seed %d %+v: %v", seed, d, res.Rejected)
			continue
		}
		read++
		rows += len(truth)
		unclear += holds(t, seed, res, truth)
	}
	if read < 10 || unclear > rows/10 {
		t.Errorf("%d of 12 photos read, %d of %d rows unclear", read, unclear, rows)
	}
}

// Ink so pale and wide that only its area tells it from a shadow is a vote or a person's matter, and
// never an empty row.
func TestHighlighterIsNeverBlank(t *testing.T) {
	sheets := printedSheets(t)
	r := readerOf(t, sheets)
	for seed := range uint64(12) {
		img, truth, _ := oddPage(t, sheets[int(seed)%len(sheets)], seed, synth.HighlighterHand, func(*synth.Damage, *rand.Rand) {})
		if res := r.ReadPage(img); res.Rejected != nil {
			t.Errorf("seed %d: %v", seed, res.Rejected)
		} else {
			holds(t, seed, res, truth)
		}
	}
}

// A page whose code is covered is known by the line that repeats the code; without either, or with the
// line of another meeting, it is refused.
func TestDamagedCode(t *testing.T) {
	sheets := printedSheets(t)[:2]
	r := readerOf(t, sheets)
	others := printSheets(t, 99, formKind{72, 4, ballot.RosterForm, "A4"})
	flagged := 0
	for seed := range uint64(10) {
		cover := func(d *synth.Damage, _ *rand.Rand) { d.Code = true }
		img, truth, _ := oddPage(t, sheets[int(seed)%2], seed, steadyHand, cover)
		res := r.ReadPage(img)
		if res.Rejected != nil {
			if res.Rejected.Reason == ballot.RejectNoCode {
				t.Skipf("skipping: Tesseract is not installed")
			}
			t.Errorf("seed %d: %v", seed, res.Rejected)
			continue
		}
		if res.Page != sheets[int(seed)%2].page.Page {
			t.Errorf("seed %d: taken for page %d", seed, res.Page)
		}
		if len(res.Flags) == 1 && res.Flags[0] == scans.FlagCodeUnread {
			flagged++
		}
		holds(t, seed, res, truth)
		img, _, _ = oddPage(t, others[int(seed)%2], seed, steadyHand, cover)
		if res := r.ReadPage(img); res.Rejected == nil {
			t.Errorf("seed %d: another meeting's page with a covered code was read as form %s", seed, res.Form)
		}
	}
	if flagged < 5 {
		t.Errorf("%d of 10 pages say that their code was not read", flagged)
	}
}

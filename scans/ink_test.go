package scans_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// marksFolder is where crops of real pen marks lie beside a checkout, where they do.
func marksFolder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PINGYI_MARKS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "marks")
	}
	if _, err := os.Stat(filepath.Join(dir, "ink.csv")); err != nil {
		t.Skipf("skipping: no folder of real ink crops (PINGYI_MARKS)")
	}
	return dir
}

// Marks that people made on other forms, stamped on ours and scanned: none may be read as another grade,
// as blank, or as two.
func TestRealInkIsNeverReadWrong(t *testing.T) {
	ink, err := synth.LoadInk(marksFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	sheets := printedSheets(t)[:2]
	r := readerOf(t, sheets)
	byLabel := map[string]*tallyOf{}
	for seed := uint64(0); seed < 40; seed++ {
		random := rand.New(rand.NewPCG(seed, 7))
		s := sheets[seed%2]
		img := &raster.Image{W: s.clean.W, H: s.clean.H, DPI: s.clean.DPI, Pix: append([]byte(nil), s.clean.Pix...)}
		hand := ink.Hand(synth.NewHand(random, false), random)
		mix := synth.Mix{Grades: []float64{1, 1, 1, 1}, Blank: 50}
		truth := synth.Mark(img, s.page, hand, mix, random)
		d := synth.Ordinary(random)
		res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
		c := byLabel[string(truth[0].Shape)]
		if c == nil {
			c = &tallyOf{}
			byLabel[string(truth[0].Shape)] = c
		}
		c.Pages++
		if res.Rejected != nil {
			t.Errorf("seed %d: rejected: %v", seed, res.Rejected)
			continue
		}
		for i, v := range res.Verdicts {
			c.Rows++
			if v.Kind == ballot.IsUnclear {
				c.Unclear++
			}
			if truth[i].Wrong(v) {
				c.Wrong++
				t.Errorf("WRONG seed %d subject %d: truth %+v, read %+v\n%+v", seed, truth[i].Subject, truth[i], v, res.Rows[i].Scores)
			}
		}
	}
	t.Log(table("real ink", byLabel))
}

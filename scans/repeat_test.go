package scans_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	repeatPages   = flag.Int("repeat.pages", 3, "pages to read again and again")
	positionPages = flag.Int("repeat.position.pages", 0, "pages on which the same mark stands in every row; 0 skips the test")
)

const repeats = 20

// fate is what became of the rows of pages that were read 20 times.
type fate struct {
	pages, refusedOnce, rows, same, sometimes, always, turned, readings, unclear int
}

// A page read 20 times, each time with other noise and laid a little otherwise: a row may become unclear,
// and never another verdict. `make repeat` reads 100 pages so.
func TestReadAgainIsNoOtherVote(t *testing.T) {
	sheets := printedSheets(t)
	byClass := map[string]*fate{synth.ClassOrdinary: {}, synth.ClassHard: {}}
	var mu sync.Mutex
	onAllCores(t, sheets, 1, *repeatPages, func(r *scans.Reader, seed uint64) {
		class := []string{synth.ClassOrdinary, synth.ClassHard}[seed%2]
		rows, rejected := readRepeatedly(t, r, sheets[seed%uint64(len(sheets))], class, seed)
		mu.Lock()
		defer mu.Unlock()
		f := byClass[class]
		f.pages++
		if rejected > 0 {
			f.refusedOnce++
		}
		for i, verdicts := range rows {
			if !f.add(verdicts) {
				t.Errorf("TURNED seed %d (%s) row %d: %+v", seed, class, i, verdicts)
			}
		}
	})
	t.Log(fateTable(byClass))
}

// add counts a row's verdicts; false if two of them contradict each other.
func (f *fate) add(verdicts []ballot.Verdict) bool {
	if len(verdicts) == 0 {
		return true // every reading was refused
	}
	unclear := 0
	var kinds []ballot.Verdict
	for _, v := range verdicts {
		if v.Kind == ballot.IsUnclear {
			unclear++
		} else if !slices.Contains(kinds, v) {
			kinds = append(kinds, v)
		}
	}
	f.rows++
	f.readings += len(verdicts)
	f.unclear += unclear
	switch {
	case len(kinds) > 1:
		f.turned++
	case unclear == 0:
		f.same++
	case len(kinds) == 0:
		f.always++
	default:
		f.sometimes++
	}
	return len(kinds) <= 1
}

// readRepeatedly gives the verdicts of each row by all readings of a page that were not refused.
func readRepeatedly(t *testing.T, r *scans.Reader, s sheet, class string, seed uint64) (rows [][]ballot.Verdict, rejected int) {
	random := rand.New(rand.NewPCG(seed, 20260118))
	d := synth.Draw(class, s.page, random)
	for d.OneBit != 0 { // noise comes before such a picture is made, and synth makes it in one go
		d = synth.Draw(class, s.page, random)
	}
	paper := s.copy()
	synth.Print(paper, s.page, d, random)
	synth.Mark(paper, s.page, d.Hand(random), synth.Realistic(), random)
	rows = make([][]ballot.Verdict, len(s.page.Rows))
	for n := range uint64(repeats) {
		img := rescan(paper, d, seed, n)
		res := r.ReadPage(delivered(t, img, d))
		if res.Rejected != nil {
			rejected++
		}
		for i, v := range res.Verdicts {
			v.Reason = ""
			rows[i] = append(rows[i], v)
		}
	}
	return rows, rejected
}

// rescan scans the same paper with the same dirt on it again: turned by up to 0.2° more, and with noise
// of its own.
func rescan(paper *raster.Image, d synth.Damage, seed, n uint64) *raster.Image {
	random := rand.New(rand.NewPCG(seed, 1000+n))
	noise := d.Noise
	d.Noise = 0
	d.Rotation += 0.4*random.Float64() - 0.2
	img := &raster.Image{W: paper.W, H: paper.H, DPI: paper.DPI, Pix: slices.Clone(paper.Pix)}
	img = synth.Scan(img, d, rand.New(rand.NewPCG(seed, 999)))
	for i, v := range img.Pix {
		img.Pix[i] = byte(max(0, min(255, float64(v)+random.NormFloat64()*noise)))
	}
	return img
}

func fateTable(byClass map[string]*fate) string {
	var b strings.Builder
	b.WriteString("\n| pages | each 20 times | of them refused at least once | rows | 20 times the same | sometimes unclear | always unclear | turned into another verdict | unclear of all readings |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, class := range []string{synth.ClassOrdinary, synth.ClassHard} {
		f := byClass[class]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d (%.2f %%) | %d (%.2f %%) | %d | %.2f %% |\n", class, f.pages, f.refusedOnce, f.rows, f.same,
			f.sometimes, percent(f.sometimes, f.rows), f.always, percent(f.always, f.rows), f.turned, percent(f.unclear, f.readings))
	}
	return b.String()
}

// leastP is the probability by chance below which rates of positions differ.
const leastP = 0.001

// TestNoPositionIsWorse draws the same mark, stroke for stroke, in every row and column in turn, pale and
// on noisy pages so that many are unclear, and asks whether some column, row or target is worse off than
// chance explains. Damage is even over the page: folds and streaks lie where they lie. `make repeat` reads
// enough pages to tell.
func TestNoPositionIsWorse(t *testing.T) {
	if *positionPages == 0 {
		t.Skip("skipping: it takes hundreds of pages to tell; make repeat")
	}
	sheets := printedSheets(t)[:1]
	page := sheets[0].page
	columns := len(page.TargetsOf(page.Rows[0].Subject))
	grid := make([][]counts, len(page.Rows))
	for i := range grid {
		grid[i] = make([]counts, columns)
	}
	var mu sync.Mutex
	refused := 0
	onAllCores(t, sheets, 1, *positionPages, func(r *scans.Reader, seed uint64) {
		img, truth := samePage(t, sheets[0], columns, seed)
		res := r.ReadPage(img)
		mu.Lock()
		defer mu.Unlock()
		if res.Rejected != nil {
			refused++
		}
		for i, v := range res.Verdicts {
			c := countRow(truth[i], v)
			if c.Wrong > 0 {
				t.Errorf("WRONG seed %d row %d: truth %+v, read %+v", seed, i, truth[i], v)
			}
			grid[i][(i+int(seed))%columns].add(c)
		}
	})
	t.Logf("%d pages, %d refused", *positionPages, refused)
	byColumn, byRow, byTarget := make([]counts, columns), make([]counts, len(grid)), []counts{}
	for i, row := range grid {
		for c, n := range row {
			byColumn[c].add(n)
			byRow[i].add(n)
			byTarget = append(byTarget, n)
		}
	}
	var b strings.Builder
	b.WriteString("\n| positions | marks in each | unclear, fewest | most | mean | chi-squared | p |\n|---|---|---|---|---|---|---|\n")
	for _, group := range []struct {
		name  string
		cells []counts
	}{{"columns", byColumn}, {"rows", byRow}, {"targets", byTarget}} {
		if p := chance(&b, group.name, group.cells); !(p >= leastP) {
			t.Errorf("%s differ: p = %g", group.name, p)
		}
	}
	t.Log(b.String())
}

// samePage marks every row with one and the same mark, one column further in every row and on every page.
func samePage(t *testing.T, s sheet, columns int, seed uint64) (*raster.Image, []synth.Truth) {
	random := rand.New(rand.NewPCG(seed/uint64(columns), 20260119)) // the same hand and damage once in every column
	d := synth.Ordinary(random)
	d.DPI, d.Blur, d.Noise, d.Quality = 200, 1.6+0.6*random.Float64(), 8+6*random.Float64(), 45
	hand := synth.FaintHand(random)
	img := s.copy()
	synth.Print(img, s.page, d, random)
	var truth []synth.Truth
	for i, row := range s.page.Rows {
		grade := s.page.TargetsOf(row.Subject)[(i+int(seed))%columns].Grade
		one := []synth.Truth{{Subject: row.Subject, Kind: synth.TruthGrade, Grade: grade}}
		truth = append(truth, synth.MarkAs(img, s.page, hand, one, rand.New(rand.NewPCG(seed/uint64(columns), 5)))...)
	}
	return delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(seed, 6))), d), truth
}

// chance is the probability that rates of unclear rows differ as much as these by chance alone, by
// Pearson's chi-squared test; NaN where too few rows are unclear to tell.
func chance(b *strings.Builder, name string, cells []counts) float64 {
	var all counts
	for _, c := range cells {
		all.add(c)
	}
	rate := float64(all.Unclear) / float64(all.Rows)
	var observed, expected []float64
	least, most := 1.0, 0.0
	for _, c := range cells {
		n := float64(c.Rows)
		observed = append(observed, float64(c.Unclear), n-float64(c.Unclear))
		expected = append(expected, n*rate, n*(1-rate))
		least, most = min(least, float64(c.Unclear)/n), max(most, float64(c.Unclear)/n)
	}
	chi := stat.ChiSquare(observed, expected)
	p := distuv.ChiSquared{K: float64(len(cells) - 1)}.Survival(chi)
	if slices.Min(expected) < 5 { // the usual bound of the test
		p = math.NaN()
	}
	fmt.Fprintf(b, "| %d %s | %d | %.2f %% | %.2f %% | %.2f %% | %.1f | %.3f |\n", len(cells), name, all.Rows/len(cells), 100*least, 100*most, 100*rate, chi, p)
	return p
}

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

	"gonum.org/v1/gonum/floats"
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
	img := paper.Clone()
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

// TestNoPositionIsWorse draws the same mark, stroke for stroke, in every row and column in turn, with the
// palest pens and on the noisiest pages of the classes so that many are unclear, and asks whether some
// column, row or target is worse off than chance explains. Damage is even over the page: folds and streaks
// lie where they lie. The page is printed at 600 dpi, at which the pixels that a stroke falls on tell no row
// from another. `make repeat` reads enough pages to tell.
func TestNoPositionIsWorse(t *testing.T) {
	if *positionPages == 0 {
		t.Skip("skipping: it takes hundreds of pages to tell; make repeat")
	}
	sheets := printSheetsAt(t, 0, formKind{72, 4, ballot.RosterForm, "A4"}, 600)[:1]
	rows := len(sheets[0].page.Rows)
	columns := len(sheets[0].page.Targets) / rows
	names := []string{"columns", "rows", "targets"}
	blocks := map[string][][]float64{}
	var mu sync.Mutex
	refused := 0
	onAllCores(t, sheets, 1, *positionPages/columns, func(r *scans.Reader, seed uint64) {
		byColumn, byRow, byTarget := make([]float64, columns), make([]float64, rows), make([]float64, rows*columns)
		for shift := range columns {
			img, truth := samePage(t, sheets[0], columns, shift, seed)
			res := r.ReadPage(img)
			if res.Rejected != nil {
				mu.Lock()
				defer mu.Unlock()
				refused++
				return // a block has all columns or none
			}
			for i, v := range res.Verdicts {
				c, at := countRow(truth[i], v), (i+shift)%columns
				if c.Wrong > 0 {
					t.Errorf("WRONG seed %d shift %d row %d: truth %+v, read %+v", seed, shift, i, truth[i], v)
				}
				byColumn[at] += float64(c.Unclear)
				byRow[i] += float64(c.Unclear)
				byTarget[i*columns+at] += float64(c.Unclear)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for i, block := range [][]float64{byColumn, byRow, byTarget} {
			blocks[names[i]] = append(blocks[names[i]], block)
		}
	})
	var b strings.Builder
	b.WriteString("\n| positions | marks in each | unclear, fewest | most | mean | chi-squared | p |\n|---|---|---|---|---|---|---|\n")
	for _, name := range names {
		if p := chance(&b, name, blocks[name], rows*columns); !(p >= leastP) {
			t.Errorf("%s differ: p = %g", name, p)
		}
	}
	t.Logf("%d pages, %d hands of which a page was refused%s", *positionPages, refused, b.String())
}

// samePage marks every row with one and the same mark, a column further in each row: a small plain tick,
// drawn at the first attempt wherever it stands.
func samePage(t *testing.T, s sheet, columns, shift int, seed uint64) (*raster.Image, []synth.Truth) {
	random := rand.New(rand.NewPCG(seed, 20260119)) // the same hand and damage in every column
	d := synth.Ordinary(random)
	d.DPI, d.Blur, d.Noise, d.Quality = 150, 1.2+0.4*random.Float64(), 5+3*random.Float64(), 50
	hand := synth.FaintHand(random)
	hand.Pen.Grain = 0 // synth's paper has the same tooth on every sheet: no chance
	hand.Shape, hand.Size, hand.Tail, hand.OffX, hand.OffY = synth.Tick, 4, 2, 0, 0
	img := s.copy()
	synth.Print(img, s.page, d, random)
	var truth []synth.Truth
	for i, row := range s.page.Rows {
		grade := s.page.TargetsOf(row.Subject)[(i+shift)%columns].Grade
		one := []synth.Truth{{Subject: row.Subject, Kind: synth.TruthGrade, Grade: grade, Shape: synth.Tick}}
		truth = append(truth, synth.MarkAs(img, s.page, hand, one, rand.New(rand.NewPCG(seed, 5)))...)
	}
	return delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(seed, 6+uint64(shift)))), d), truth
}

// chance is the probability that positions differ as much as these by chance alone. A block is one hand on
// one kind of page, with its unclear rows by position; blocks differ and their rows hang together, so that
// only what recurs from block to block counts: Friedman's test on the counts (Cochran's Q, Biometrika 37,
// 1950, where they are 0 or 1). NaN where next to no row is unclear.
func chance(b *strings.Builder, name string, blocks [][]float64, marks int) float64 {
	if len(blocks) == 0 {
		return math.NaN()
	}
	k := len(blocks[0])
	sums, beyond, variance := make([]float64, k), make([]float64, k), 0.0
	for _, block := range blocks {
		mean := stat.Mean(block, nil)
		variance += stat.PopVariance(block, nil)
		for i, v := range block {
			sums[i] += v
			beyond[i] += v - mean
		}
	}
	chi := float64(k-1) / float64(k) * floats.Dot(beyond, beyond) / variance
	p := distuv.ChiSquared{K: float64(k - 1)}.Survival(chi)
	if floats.Sum(sums) < 5*float64(k) {
		p = math.NaN()
	}
	n := float64(marks / k * len(blocks))
	fmt.Fprintf(b, "| %d %s | %.0f | %.2f %% | %.2f %% | %.2f %% | %.1f | %.3f |\n", k, name, n,
		100*floats.Min(sums)/n, 100*floats.Max(sums)/n, 100*stat.Mean(sums, nil)/n, chi, p)
	return p
}

// The test tells a position that is worse in every block from blocks that are worse in every position.
func TestChance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var even, uneven [][]float64
	for range 200 {
		a, b, hand := make([]float64, 4), make([]float64, 4), random.Float64()
		for i := range a {
			for range 9 {
				if random.Float64() < hand {
					a[i]++
				}
				if random.Float64() < hand+0.1*float64(i/3) {
					b[i]++
				}
			}
		}
		even, uneven = append(even, a), append(uneven, b)
	}
	var table strings.Builder
	if p := chance(&table, "even", even, 36); p < leastP {
		t.Errorf("even positions differ: p = %g", p)
	}
	if p := chance(&table, "uneven", uneven, 36); p >= leastP {
		t.Errorf("a worse position is not told: p = %g", p)
	}
}

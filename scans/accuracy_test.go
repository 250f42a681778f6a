package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	positions = flag.Int("accuracy.positions", 12_000, "ballot positions to read, with those already recorded")
	firstSeed = flag.Uint64("accuracy.seed", 1, "first seed; one seed is one page")
	classes   = flag.String("accuracy.class", "mixed", "ordinary, hard or mixed")
	keep      = flag.String("accuracy.keep", "", "folder for pictures of wrong and rejected pages")
	results   = flag.String("accuracy.results", "", "file of counts to go on with, one JSON line a chunk of seeds")
)

// dimensions are the tables that the sweep prints. A page has one class and one resolution and, if it is
// hard, several kinds of damage; a row has one mark kind and one pen.
var dimensions = []string{"class", "damage", "resolution", "mark", "pen"}

// chunkSeeds is what a kill may cost: a minute or two.
const chunkSeeds = 500

// TestAccuracy reads synthetic scans of printed pages with known truth. A wrong vote fails it; rejected
// pages and unclear rows are counted apart. `make accuracy` runs it over 1,549,703 positions, goes on
// where the last run ended, and may be killed at any time.
func TestAccuracy(t *testing.T) {
	sheets := printedSheets(t)
	digest := readerDigest(t)
	rec, err := openRecord(*results, digest, *classes)
	if err != nil {
		t.Fatal(err)
	}
	perPage := 0
	for _, s := range sheets {
		perPage += len(s.page.Targets)
	}
	sum := rec.sum()
	if rec.void > 0 {
		t.Logf("%d lines of other reading code are void", rec.void)
	}
	for sum.All.Positions < *positions {
		want := (*positions-sum.All.Positions)*len(sheets)/perPage + 1
		first, n := rec.free(*firstSeed, min(want, chunkSeeds))
		c := readChunk(t, sheets, digest, first, n)
		if err := rec.add(*c); err != nil {
			t.Fatal(err)
		}
		sum.join(*c)
		t.Logf("seeds %d…%d: %d of %d positions read, wrong %d", first, first+uint64(n)-1, sum.All.Positions, *positions, sum.All.Wrong)
	}
	report(t, sum, digest)
}

func report(t *testing.T, sum *chunk, digest string) {
	t.Helper()
	a := sum.All
	t.Logf("reader %s: %d positions, %d pages, %d rows; wrong %d: at most %s of positions, %s of rows (95 %%)",
		digest, a.Positions, a.Pages, a.Rows, a.Wrong, boundOf(a.Wrong, a.Positions), boundOf(a.Wrong, a.Rows))
	for _, name := range dimensions {
		t.Log(sum.By[name].table(name))
	}
	t.Logf("reasons: %v", sum.Reasons)
	if a.Wrong > 0 {
		t.Errorf("wrong rows on the pages of seeds %v", sum.WrongAt)
	}
}

// readChunk reads the pages of a range of seeds.
func readChunk(t *testing.T, sheets []sheet, digest string, first uint64, n int) *chunk {
	t.Helper()
	c := newChunk(digest, *classes, first, n)
	var mu sync.Mutex
	onAllCores(t, sheets, first, n, func(r *scans.Reader, seed uint64) {
		one := readSeed(t, r, sheets, seed)
		mu.Lock()
		defer mu.Unlock()
		one.Seeds = 0 // the range's are counted already
		c.join(*one)
	})
	return c
}

// readSeed marks, scans and reads the page that a seed stands for.
func readSeed(t *testing.T, r *scans.Reader, sheets []sheet, seed uint64) *chunk {
	img, s, truth, d := scanOf(t, sheets, seed)
	c := newChunk("", "", seed, 1)
	res := r.ReadPage(img)
	page := counts{Pages: 1, Positions: len(s.page.Targets)}
	if res.Rejected != nil {
		page.Rejected = 1
		c.Reasons["page "+string(res.Rejected.Reason)]++
		keepPicture(t, fmt.Sprintf("rejected-%s-%d.png", res.Rejected.Reason, seed), img)
	} else if res.Form != s.form.ID || res.Page != s.page.Page {
		t.Errorf("seed %d: read as form %s page %d, is %s page %d", seed, res.Form, res.Page, s.form.ID, s.page.Page)
	}
	for i, v := range res.Verdicts {
		row := countRow(truth[i], v)
		page.add(row)
		c.By["mark"].add(markKind(truth[i]), row)
		c.By["pen"].add(penOf(truth[i]), row)
		if row.Plain > 0 {
			c.Reasons["row "+v.Reason+" of "+truth[i].Kind]++
			if *keep != "" {
				t.Logf("seed %d %v row %d unclear: truth %+v verdict %+v\n  %+v", seed, d.Kinds, i, truth[i], v, res.Rows[i])
			}
		}
		if row.Wrong > 0 {
			t.Errorf("WRONG seed %d (%s %v) subject %d: truth %+v, read %+v\n%+v\n%+v", seed, d.Class, d.Kinds, truth[i].Subject, truth[i], v, res.Rows[i], d)
		}
	}
	if page.Wrong > 0 {
		c.WrongAt = []uint64{seed}
		keepPicture(t, fmt.Sprintf("wrong-%d.png", seed), img)
	}
	c.All = page
	c.By["class"].add(d.Class, page)
	c.By["resolution"].add(fmt.Sprintf("%.0f dpi", d.DPI), page)
	for _, k := range d.Kinds {
		c.By["damage"].add(k, page)
	}
	return c
}

func penOf(t synth.Truth) string {
	if t.Pen == "" {
		return "none" // a blank row
	}
	return t.Pen
}

// scanOf makes the scan of a seed: which sheet, whose hand, which votes and which damage follow from it.
func scanOf(t testing.TB, sheets []sheet, seed uint64) (*raster.Image, sheet, []synth.Truth, synth.Damage) {
	r := rand.New(rand.NewPCG(seed, 20260115))
	s := sheets[int(seed)%len(sheets)]
	class := synth.ClassOrdinary
	if *classes == "hard" || *classes == "mixed" && seed%4 == 0 {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, r)
	img, truth := scanAs(t, s, d, r)
	return img, s, truth, d
}

// scanAs prints, marks and scans a page with damage that was drawn.
func scanAs(t testing.TB, s sheet, d synth.Damage, r *rand.Rand) (*raster.Image, []synth.Truth) {
	img := s.copy()
	synth.Print(img, s.page, d, r)
	truth := synth.Mark(img, s.page, d.Hand(r), synth.Realistic(), r)
	return delivered(t, synth.Scan(img, d, r), d), truth
}

// A reading is judged again to the same verdicts: the measures hold all that verdicts follow from.
func TestJudgedAgain(t *testing.T) {
	sheets := printedSheets(t)
	r := readerOf(t, sheets)
	for seed := uint64(900_001); seed <= 900_012; seed++ {
		img, _, _, _ := scanOf(t, sheets, seed)
		res := r.ReadPage(img)
		for i, v := range ballot.JudgePage(res.Rows, ballot.DefaultThresholds()) {
			if v != res.Verdicts[i] {
				t.Errorf("seed %d row %d: %+v, judged again %+v", seed, i, res.Verdicts[i], v)
			}
		}
	}
}

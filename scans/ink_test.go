package scans_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pingyi/scans"
	"pingyi/scans/synth"
)

var inkRows = flag.Int("ink.rows", 1200, "rows of real ink to read")

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

// realInk prefixes the shape of a row that a crop was stamped on. Where no crop of the hand's is plainly
// the target's, a stroke is drawn instead; such rows are counted apart.
const realInk = "ink "

// Marks that people made on other forms, stamped on ours and scanned, every fourth page hard: none may be
// read as another grade, as blank, or as two. `make realink` reads 50,000 rows of them.
func TestRealInkIsNeverReadWrong(t *testing.T) {
	dir := marksFolder(t)
	ink, err := synth.LoadInk(dir)
	if err != nil {
		t.Fatal(err)
	}
	sheets := printedSheets(t)[:2]
	byClass, byLabel, bySource, strokes, stamped := groups{}, groups{}, groups{}, counts{}, 0
	var mu sync.Mutex
	for seed := uint64(0); stamped < *inkRows; seed += chunkSeeds {
		pages := min(chunkSeeds, (*inkRows-stamped)/len(sheets[0].page.Rows)+1)
		onAllCores(t, sheets, seed, pages, func(r *scans.Reader, seed uint64) {
			page, truth, class := readInk(t, r, sheets, ink, seed)
			mu.Lock()
			defer mu.Unlock()
			for i, c := range page.rows {
				label, real := strings.CutPrefix(markKind(truth[i]), realInk)
				if !real && truth[i].Kind != synth.TruthBlank {
					strokes.add(c)
					continue
				}
				byLabel.add(label, c)
				if real {
					stamped++
					bySource.add(truth[i].Pen, c)
				}
			}
			byClass.add(class, page.all)
		})
	}
	t.Log(byClass.table("real ink and what stands beside it"))
	t.Logf("rows of real ink: %d; strokes where no crop was plainly the target's: %d rows, %d unclear, %d wrong", stamped, strokes.Rows, strokes.Unclear, strokes.Wrong)
	t.Log(labelTable(t, dir, byLabel))
	t.Log(bySource.table("source and label"))
}

// inkPage is what became of a page and of its rows.
type inkPage struct {
	all  counts
	rows []counts // none of a rejected page
}

func readInk(t *testing.T, r *scans.Reader, sheets []sheet, ink *synth.Inkwell, seed uint64) (inkPage, []synth.Truth, string) {
	random := rand.New(rand.NewPCG(seed, 7))
	s := sheets[seed%2]
	class := synth.ClassOrdinary
	if seed%4 == 3 {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, random)
	img := s.copy()
	synth.Print(img, s.page, d, random)
	hand := ink.Hand(synth.NewHand(random, false), random)
	truth := synth.Mark(img, s.page, hand, synth.Mix{Grades: []float64{1, 1, 1, 1}, Blank: 50}, random)
	res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
	p := inkPage{all: counts{Pages: 1}}
	if res.Rejected != nil {
		p.all.Rejected = 1
		if class == synth.ClassOrdinary {
			t.Errorf("seed %d: rejected: %v", seed, res.Rejected)
		}
	}
	for i, v := range res.Verdicts {
		c := countRow(truth[i], v)
		if c.Wrong > 0 {
			t.Errorf("WRONG seed %d (%s %v) subject %d: truth %+v, read %+v\n%+v", seed, class, d.Kinds, truth[i].Subject, truth[i], v, res.Rows[i].Scores)
		}
		p.rows = append(p.rows, c)
		p.all.add(c)
	}
	return p, truth, class
}

// labelTable sets beside the rows of each label how many crops stand behind it, from how many sources and
// by which pens. Labels that are no clear marks are listed and not stamped.
func labelTable(t *testing.T, dir string, rows groups) string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "ink.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	crops, sources, pens, labels := map[string]int{}, map[string][]string{}, map[string][]string{}, []string{synth.TruthBlank}
	note := func(list []string, s string) []string {
		if s == "" || slices.Contains(list, s) {
			return list
		}
		return append(list, s)
	}
	for _, l := range lines[1:] {
		labels = note(labels, l[1])
		crops[l[1]]++
		sources[l[1]] = note(sources[l[1]], l[7])
		pens[l[1]] = note(pens[l[1]], l[8])
	}
	slices.Sort(labels)
	var b strings.Builder
	b.WriteString("\n| label | crops | repositories | pens | rows | unclear | silent errors | 95 % bound |\n|---|---|---|---|---|---|---|---|\n")
	for _, label := range labels {
		c, pen := rows[label], "unknown"
		if len(pens[label]) > 0 {
			pen = strings.Join(pens[label], ", ")
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %d | %d (%.2f %%) | %d | %s |\n", label, crops[label], len(sources[label]), pen,
			c.Rows, c.Unclear, percent(c.Unclear, c.Rows), c.Wrong, boundOf(c.Wrong, c.Rows))
	}
	return b.String()
}

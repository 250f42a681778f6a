package scans_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	rescanSheets = flag.Int("rescans.sheets", 40, "distinct sheets")
	rescanSeed   = flag.Uint64("rescans.seed", 1, "first seed; one seed is one sheet")
	rescanEvery  = flag.Uint64("rescans.every", 4, "every so manieth sheet is scanned a second time")
)

// Kinds of sheets: of a hundred, five are of each of the first four, ten of the next.
const (
	sameHand  = "one hand, the same votes" // in tens
	sameFills = "one hand, the same votes, filled boxes"
	fills     = "own hand, filled boxes, all rows alike"
	fewMarks  = "own hand, 10 to 13 rows"
	unanimous = "own hand, all rows alike"
	ownHand   = "own hand, own votes"
)

func kindOf(seed uint64) string {
	kinds := []string{sameHand, sameFills, fills, fewMarks, unanimous, unanimous}
	if n := seed / 10 % 20; n < uint64(len(kinds)) {
		return kinds[n]
	}
	return ownHand
}

// fillIn prints and marks the sheet of a seed.
func fillIn(s sheet, seed uint64) *raster.Image {
	kind, r := kindOf(seed), rand.New(rand.NewPCG(seed, 71))
	class := synth.ClassOrdinary
	if seed%4 == 0 {
		class = synth.ClassHard
	}
	img := copyOf(s.clean)
	synth.Print(img, s.page, synth.Draw(class, s.page, r), r)
	voter := r // decides hand and votes
	if kind == sameHand || kind == sameFills {
		voter = rand.New(rand.NewPCG(seed/10, 72))
	}
	hand, mix := synth.NewHand(voter, false), synth.Realistic()
	if kind == fills || kind == sameFills {
		hand.Shape, hand.Spread = synth.Fill, 0.1
	}
	if kind == unanimous || kind == fills {
		mix = synth.Mix{Grades: []float64{1}}
	}
	rows := synth.Intend(s.page, mix, voter)
	if kind == fewMarks {
		for i := 10 + r.IntN(4); i < len(rows); i++ {
			rows[i] = synth.Truth{Subject: rows[i].Subject, Kind: synth.TruthBlank}
		}
	}
	synth.MarkAs(img, s.page, hand, rows, r)
	return img
}

func copyOf(m *raster.Image) *raster.Image {
	return m.Clone()
}

// oneScan is one scan of a sheet, as it was read.
type oneScan struct {
	seed  uint64
	class string
	page  ballot.SpoolPage
}

// scanSheet scans a marked sheet the first time (0) or the second (1) and reads it. A quarter of the first
// scans are hard and a quarter of the second ones, never both of a sheet.
func scanSheet(t testing.TB, r *scans.Reader, s sheet, marked *raster.Image, seed, again uint64) oneScan {
	random := rand.New(rand.NewPCG(seed, 80+again))
	class := synth.ClassOrdinary
	if seed / *rescanEvery % 4 == again {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, random)
	res := r.ReadPage(delivered(t, synth.Scan(copyOf(marked), d, random), d))
	return oneScan{seed, class, ballot.SpoolPage{Upload: []string{"first", "again"}[again], Index: int(seed), Reading: res.PageReading}}
}

// scanStack scans all sheets, and then some of them a second time, in the order of seeds.
func scanStack(t testing.TB, sheets []sheet) []oneScan {
	first, second := make([]oneScan, *rescanSheets), make([]oneScan, *rescanSheets)
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		wg.Go(func() {
			r := readerOf(t, sheets)
			for i := range next {
				seed := *rescanSeed + uint64(i)
				s := sheets[seed/200%uint64(len(sheets))]
				marked := fillIn(s, seed)
				first[i] = scanSheet(t, r, s, marked, seed, 0)
				if seed%*rescanEvery == 0 {
					second[i] = scanSheet(t, r, s, marked, seed, 1)
				}
			}
		})
	}
	for i := range first {
		next <- i
	}
	close(next)
	wg.Wait()
	return append(first, slices.DeleteFunc(second, func(s oneScan) bool { return s.seed == 0 })...)
}

// twiceCount is what became of scans.
type twiceCount struct{ sheets, rejected, few, held, rescans, apart, missed, wrong int }

// TestRescans scans distinct sheets, and some of them a second time with other damage, and counts the second
// scans that are not held and the sheets that are though they were scanned once. `make rescans` takes 2,000.
func TestRescans(t *testing.T) {
	sheets := []sheet{printSheets(t, 0, formKind{72, 4, ballot.RosterForm, "A4"})[0], printSheets(t, 1, formKind{40, 4, ballot.RosterForm, "A4"})[0]}
	all := scanStack(t, sheets)
	forms := formsOf(sheets)
	for i := range forms {
		forms[i].TwoSided = false // each page is a leaf here: half the marks to tell it by
	}
	pages := make([]ballot.SpoolPage, len(all))
	for i := range all {
		pages[i] = all[i].page
	}
	start := time.Now()
	held := ballot.HoldTwice(forms, nil, pages, nil)
	t.Logf("%d images compared in %v", len(pages), time.Since(start).Round(time.Millisecond))
	byKind, byClass, sum := countTwice(t, all, held)
	t.Log(twiceTable("sheets", byKind))
	t.Log(twiceTable("first and second scan", byClass))
	t.Log(limitCurve(all))
	counted, _ := ballot.CountLeaves(forms, held[:*rescanSheets])
	dropped := sum.sheets - sum.rejected - counted - waitingIn(held[:*rescanSheets], ballot.RejectTwice)
	t.Logf("seeds %d…%d: %d sheets, %d of them not compared; held falsely %d (%.2f %%); of %d second scans missed %d (%.2f %%), like another sheet %d; sheets dropped without a person %d",
		*rescanSeed, *rescanSeed+uint64(*rescanSheets)-1, sum.sheets, sum.few, sum.held, share(sum.held, sum.sheets), sum.rescans, sum.missed, share(sum.missed, sum.rescans), sum.wrong, dropped)
	// A few second scans cannot tell 1 % from 10 %: in a small run one may be missed, and no more.
	most := max(1, sum.rescans/100)
	if sum.rescans == 0 || sum.missed > most || share(sum.held, sum.sheets) > 0.1 || sum.wrong > 0 || dropped != 0 {
		t.Error("beyond 1 % missed, 0.1 % held falsely, 0 dropped")
	}
}

func share(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

func waitingIn(pages []ballot.SpoolPage, reason ballot.RejectReason) (n int) {
	for _, p := range pages {
		if p.Waits() && p.Reading.Rejected.Reason == reason {
			n++
		}
	}
	return n
}

// countTwice compares what was held with what was scanned twice, by kind of sheet and by class of damage.
func countTwice(t *testing.T, all []oneScan, held []ballot.SpoolPage) (byKind, byClass map[string]*twiceCount, sum twiceCount) {
	byKind, byClass = map[string]*twiceCount{}, map[string]*twiceCount{}
	first := map[uint64]oneScan{}
	for i, s := range all {
		var c twiceCount
		class := s.class
		few := len(s.page.Reading.Fingerprint) < ballot.LeastInked
		if f, again := first[s.seed]; again {
			class = f.class + ", " + s.class
			switch {
			case s.page.Reading.Rejected != nil || f.page.Reading.Rejected != nil:
			case few || len(f.page.Reading.Fingerprint) < ballot.LeastInked:
				c.apart = 1
			default:
				c.rescans = 1
				if held[i].Like == nil {
					c.missed = 1
					t.Logf("missed: seed %d, %s, %s", s.seed, kindOf(s.seed), class)
				} else if held[i].Like.Index != int(s.seed) {
					c.wrong = 1
				}
			}
		} else {
			first[s.seed] = s
			c.sheets = 1
			switch {
			case s.page.Reading.Rejected != nil:
				c.rejected = 1
			case few:
				c.few = 1
			case held[i].Like != nil:
				c.held = 1
				t.Logf("held falsely: seed %d, %s, like %d", s.seed, kindOf(s.seed), held[i].Like.Index)
			}
		}
		add(byKind, kindOf(s.seed), c)
		add(byClass, class, c)
		sum.add(c)
	}
	return byKind, byClass, sum
}

func add(m map[string]*twiceCount, key string, c twiceCount) {
	if m[key] == nil {
		m[key] = &twiceCount{}
	}
	m[key].add(c)
}

func (a *twiceCount) add(b twiceCount) {
	a.sheets, a.rejected, a.few, a.held = a.sheets+b.sheets, a.rejected+b.rejected, a.few+b.few, a.held+b.held
	a.rescans, a.apart, a.missed, a.wrong = a.rescans+b.rescans, a.apart+b.apart, a.missed+b.missed, a.wrong+b.wrong
}

func twiceTable(name string, m map[string]*twiceCount) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s | sheets | rejected | not compared | held falsely | second scans | not compared | missed |\n|---|---|---|---|---|---|---|---|\n", name)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		c := m[k]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", k, c.sheets, c.rejected, c.few, c.held, c.rescans, c.apart, c.missed)
	}
	return b.String()
}

// limitCurve is what other limits of nearness would miss and hold falsely.
func limitCurve(all []oneScan) string {
	type leaf struct {
		form  string
		print ballot.LeafPrint
	}
	first := map[uint64]*leaf{}
	var own, others []float64 // nearness of each second scan to its first, of each sheet to the nearest other
	for _, s := range all {
		f := s.page.Reading.Fingerprint
		if len(f) < ballot.LeastInked {
			continue
		}
		l := &leaf{s.page.Reading.Form, ballot.PrintOf(f)}
		if s.page.Upload == "again" {
			if o := first[s.seed]; o != nil {
				own = append(own, l.print.Nearness(&o.print))
			}
			continue
		}
		nearest := 0.0
		for _, o := range first {
			if o.form == l.form {
				nearest = max(nearest, l.print.Nearness(&o.print))
			}
		}
		first[s.seed], others = l, append(others, nearest)
	}
	var b strings.Builder
	b.WriteString("\n| limit | second scans missed | sheets held falsely |\n|---|---|---|\n")
	for _, limit := range []float64{3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8} {
		missed := len(slices.DeleteFunc(slices.Clone(own), func(v float64) bool { return v >= limit }))
		held := len(slices.DeleteFunc(slices.Clone(others), func(v float64) bool { return v < limit }))
		fmt.Fprintf(&b, "| %g | %d of %d | %d of %d |\n", limit, missed, len(own), held, len(others))
	}
	return b.String()
}

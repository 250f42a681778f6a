package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	writingPages = flag.Int("writing.pages", 24, "pages to read, half of them written on")
	writingSeed  = flag.Uint64("writing.seed", 1, "first seed; one seed is one page")
	writingKeep  = flag.String("writing.keep", "", "folder for pictures of pages that were misjudged")
)

// writingCount is how many of how many pages were flagged.
type writingCount struct{ flagged, pages int }

func (c writingCount) String() string {
	return fmt.Sprintf("%d of %d (%.2f %%)", c.flagged, c.pages, 100*float64(c.flagged)/max(1, float64(c.pages)))
}

// TestWriting reads pages with and without writing outside the targets and counts which are flagged. It is
// small by default; `make writing` makes it large.
func TestWriting(t *testing.T) {
	sheets := writingSheets(t)
	r := readerOf(t, sheets)
	counts := map[string]*writingCount{}
	add := func(flagged bool, keys ...string) {
		for _, k := range keys {
			if counts[k] == nil {
				counts[k] = &writingCount{}
			}
			counts[k].pages++
			if flagged {
				counts[k].flagged++
			}
		}
	}
	for i := range uint64(*writingPages) { // odd seeds are written on
		seed := *writingSeed + i
		img, page, d, written := writtenScan(t, sheets, seed)
		if written != nil && !d.Shows(page, written[0].Rect) {
			continue
		}
		res := r.ReadPage(img)
		if res.Rejected != nil {
			continue
		}
		flagged := slices.Contains(res.Flags, ballot.FlagWriting)
		if flagged != (len(res.Writing) > 0) {
			t.Errorf("seed %d: flags %v, writing %v", seed, res.Flags, res.Writing)
		}
		if written == nil {
			add(flagged, "none "+d.Class)
			for _, k := range d.Kinds {
				add(flagged, "none  "+k)
			}
		} else {
			w := written[0]
			flagged = slices.ContainsFunc(res.Writing, func(r ballot.Rect) bool { return overlaps(r, w.Rect) })
			add(flagged, "written "+d.Class, "written "+d.Class+" "+w.Place, "written "+d.Class+" "+w.Kind)
			for _, k := range d.Kinds {
				add(flagged, "written  "+k)
			}
		}
		if flagged != (written != nil) {
			if testing.Verbose() {
				t.Logf("seed %d %s %v %g dpi: wrote %+v, found %v", seed, d.Class, d.Kinds, d.DPI, written, res.Writing)
			}
			if *writingKeep != "" {
				keepIn(t, *writingKeep, fmt.Sprintf("writing-%d.png", seed), img)
			}
		}
	}
	var table strings.Builder
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(&table, "\n%-36s %v", k, counts[k])
	}
	t.Log(table.String())
	none, written := counts["none ordinary"], counts["written ordinary"]
	if *classes == "hard" {
		return
	}
	if none == nil || written == nil {
		t.Fatal("no page was read")
	}
	if none.flagged*50 > none.pages || written.flagged*5 < written.pages*4 { // far from the figures of a large run
		t.Errorf("ordinary pages flagged: without writing %v, with writing %v", none, written)
	}
}

func overlaps(a, b ballot.Rect) bool {
	return a.X < b.Right() && b.X < a.Right() && a.Y < b.Bottom() && b.Y < a.Bottom()
}

// writtenScan makes the scan of a seed: odd seeds are written on, every fourth pair is hard.
func writtenScan(t testing.TB, sheets []sheet, seed uint64) (*raster.Image, *ballot.FormPage, synth.Damage, []synth.Writing) {
	r := rand.New(rand.NewPCG(seed, 20260301))
	s := sheets[r.IntN(len(sheets))]
	class := synth.ClassOrdinary
	if *classes == "hard" || *classes == "mixed" && seed/2%4 == 0 {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, r)
	img := s.clean.Clone()
	synth.Print(img, s.page, d, r)
	mix, hand := synth.Realistic(), d.Hand(r)
	mix.Writing = int(seed%2) * 1000
	synth.Mark(img, s.page, hand, mix, r)
	written := synth.Write(img, s.page, hand, mix, r)
	return delivered(t, synth.Scan(img, d, r), d), s.page, d, written
}

// writingSheets are forms of every kind, some with a comment box.
func writingSheets(t testing.TB) []sheet {
	t.Helper()
	var out []sheet
	for i, c := range []formKind{{72, 4, ballot.RosterForm, "A4"}, {40, 4, ballot.RosterForm, "A4"}, {50, 6, ballot.RosterForm, "A4"}, {2, 4, ballot.SingleForm, "A5"}} {
		out = append(out, printSheets(t, byte(i), c)...)
	}
	return out
}

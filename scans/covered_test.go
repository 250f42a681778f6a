package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var coveredPages = flag.Int("covered.pages", 3, "pages of each kind on which something lies upon a mark")

// covering lays something on one marked row of a clean page and tells which, counted from 0, and which grade is still
// seen to be marked there, if any. Its edge leaves so much light.
type covering func(img *raster.Image, s sheet, d *synth.Damage, light float64, r *rand.Rand) (row int, seen string)

var coverings = map[string]covering{
	// The corner is folded along the line between two points 30 mm from it: its back lies on the last box of the last row.
	"a folded corner": func(img *raster.Image, s sheet, d *synth.Damage, light float64, r *rand.Rand) (int, string) {
		const leg = 30
		row := len(s.page.Rows) - 1
		tickOne(img, s, row, 3, r)
		d.Corner, d.Folded, d.Legs = 4, false, [2]float64{leg, leg}
		w, h := s.page.Width, s.page.Height
		synth.Cover(img, [][2]float64{{w - leg, h - leg}, {w, h - leg}, {w - leg, h}}, 250, light)
		return row, ""
	},
	"correction tape, and a tick beside it": func(img *raster.Image, s sheet, _ *synth.Damage, light float64, r *rand.Rand) (int, string) {
		row, grade := r.IntN(len(s.page.Rows)), r.IntN(3)
		tickOne(img, s, row, grade, r)
		x, y := s.page.TargetsOf(s.page.Rows[row].Subject)[grade].Centre()
		synth.Cover(img, rectangle(ballot.Rect{X: x - 4 - 2*r.Float64(), Y: y - 2.5, W: 10, H: 5}), byte(240+r.IntN(16)), light)
		return row, tickOne(img, s, row, grade+1, r)
	},
	"a strip of paper over a row": func(img *raster.Image, s sheet, _ *synth.Damage, light float64, r *rand.Rand) (int, string) {
		row := r.IntN(len(s.page.Rows))
		tickOne(img, s, row, r.IntN(4), r)
		synth.Cover(img, rectangle(s.page.Rows[row].Inset(-0.6)), byte(240+r.IntN(16)), light)
		return row, ""
	},
}

func rectangle(r ballot.Rect) [][2]float64 {
	return [][2]float64{{r.X, r.Y}, {r.Right(), r.Y}, {r.Right(), r.Bottom()}, {r.X, r.Bottom()}}
}

// tickOne ticks one target of the page.
func tickOne(img *raster.Image, s sheet, row, grade int, r *rand.Rand) string {
	t := s.page.TargetsOf(s.page.Rows[row].Subject)[grade]
	synth.MarkAs(img, s.page, synth.NewHand(r, false), []synth.Truth{{Subject: t.Subject, Kind: synth.TruthGrade, Grade: t.Grade, Shape: synth.Tick}}, r)
	return t.Grade
}

// A row of which something covers a box goes to a person, whatever else is in it: there may be a mark below. Where the
// scan has lost the outlines of the whole page, nothing tells that tape lies on one: the tick beside it is read. `make
// refuse` reads more pages.
func TestCovered(t *testing.T) {
	roster, single := printSheets(t, 1, formKind{25, 4, ballot.RosterForm, "A4"})[:1], printSheets(t, 2, formKind{2, 4, ballot.SingleForm, "A5"})[:1]
	for name, cover := range coverings {
		forms := map[string][]sheet{"roster": roster}
		if name != "a folded corner" { // it reaches no box of a single form
			forms["single"] = single
		}
		for form, sheets := range forms {
			for i := range 4 {
				shadow, class := i%2 == 1, []string{synth.ClassOrdinary, synth.ClassHard}[i/2]
				t.Run(fmt.Sprintf("%s, %s, shadow %v, %s", name, form, shadow, class), func(t *testing.T) {
					readCovered(t, sheets, cover, shadow, class)
				})
			}
		}
	}
}

func readCovered(t *testing.T, sheets []sheet, cover covering, shadow bool, class string) {
	became := map[string]int{}
	var mu sync.Mutex
	onAllCores(t, sheets, 1, *coveredPages, func(r *scans.Reader, seed uint64) {
		random, s := rand.New(rand.NewPCG(seed, 20261127)), sheets[0]
		d, light, img := synth.Draw(class, s.page, random), 1.0, s.copy()
		synth.Print(img, s.page, d, random)
		if shadow {
			light = 0.75 + 0.15*random.Float64()
		}
		row, seen := cover(img, s, &d, light, random)
		res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
		mu.Lock()
		defer mu.Unlock()
		if res.Rejected != nil {
			became["page "+string(res.Rejected.Reason)]++
			return
		}
		for i, v := range res.Verdicts {
			switch lost := !showsOutlines(res.Rows); {
			case i != row && (v.Kind == ballot.IsBlank || v.Kind == ballot.IsUnclear):
			case i == row && v.Kind == ballot.IsUnclear:
				became[v.Reason]++
			case i == row && seen != "" && v.Kind == ballot.IsOvervote: // what tape leaves of the mark is one, too
				became["two marks"]++
			case i == row && lost && seen != "" && v.Grade == seen:
				became["read, on a page without outlines"]++
			default:
				t.Errorf("WRONG seed %d (%.0f dpi %v) row %d is read as %+v\n%+v", seed, d.DPI, d.Kinds, i+1, v, res.Rows[i])
			}
		}
	})
	t.Log(became)
}

// showsOutlines tells whether the outlines of a page are to be seen.
func showsOutlines(rows []ballot.RowReading) bool {
	return slices.ContainsFunc(rows, func(r ballot.RowReading) bool {
		return slices.ContainsFunc(r.Scores, func(s ballot.MarkScore) bool { return s.Covered < 0.5 })
	})
}

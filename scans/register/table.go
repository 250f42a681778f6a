package register

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Table is a page that carries no registration marks: it is found by the rules of its tables, and its way up
// is told by its print.
type Table struct {
	Page  *ballot.FormPage
	Print *raster.Image // of the blank, ballot.PrintPixelsPerMM
	look  likeness
	white white
	like  int // the first table with the same rules: both lie alike
}

// TableFound is where a page of a learned form may lie in a picture.
type TableFound struct {
	Found
	Table    int     // index into the tables asked for; Size is not set
	Likeness float64 // of the print outside the cells for marks: 1 is the same
}

const (
	alignSlack  = 1.0  // mm by which a rule may leave an even scale
	alignShare  = 0.6  // of the length of a page's rules that must be found
	leastScale  = 0.82 // of the scale at which the page would fill the picture
	mostScale   = 1.14
	hypotheses  = 3    // scales and offsets kept for each direction
	likeEnough  = 0.5  // likeness from which a page may be the form's
	likeMaybe   = 0.3  // the same before its crossings are found: a photo at an angle fits no even scale
	likeMargin  = 0.15 // by which every other way up must be less like it
	leastPoints = 9    // crossings that fix the map
	strayRule   = 25.0 // mm, the length of a rule that tells of a second sheet
	strayRules  = 2    // of them
	strayWhite  = 0.4  // share of its length that lies where the blank is white
	blankShare  = 0.002
)

// TableFinder finds pages by their tables; its buffers are reused. It is not safe for concurrent use.
type TableFinder struct {
	tables []Table
	rules  RuleFinder
	small  raster.Image
}

// NewTableFinder makes a finder for some pages.
func NewTableFinder(tables []Table) *TableFinder {
	for i := range tables {
		tables[i].look = likenessOf(tables[i].Page, tables[i].Print)
		tables[i].white = whiteOf(tables[i].Page, tables[i].Print)
		tables[i].like = slices.IndexFunc(tables, func(t Table) bool { return sameRules(t.Page, tables[i].Page) })
	}
	return &TableFinder{tables: tables}
}

// sameRules tells whether the rules of two pages lie alike.
func sameRules(a, b *ballot.FormPage) bool {
	const slack = 0.15 // mm
	return a.Width == b.Width && a.Height == b.Height && slices.EqualFunc(a.Rules, b.Rules, func(r, o ballot.Rule) bool {
		return math.Abs(r.X0-o.X0) < slack && math.Abs(r.Y0-o.Y0) < slack && math.Abs(r.X1-o.X1) < slack && math.Abs(r.Y1-o.Y1) < slack
	})
}

// Find lists the pages that the picture may show, the likest first. Where it shows none, or its way up is not
// certain, it is rejected with the facts.
func (f *TableFinder) Find(img *raster.Image) ([]TableFound, *ballot.Rejection) {
	if img.DPI <= 0 {
		return nil, &ballot.Rejection{Reason: ballot.RejectResolution, Facts: "the picture does not say its resolution"}
	}
	across, down := f.rules.Find(img)
	f.reduce(img)
	var out []TableFound
	best := turnedTable{}
	turned, rivals := make([]turnedTable, len(f.tables)), make([]turnedTable, len(f.tables))
	for i := range f.tables {
		t := &f.tables[i]
		if t.like == i {
			turned[i], rivals[i] = f.bestTurn(img, t, across, down)
		}
		one, second := turned[t.like], rivals[t.like]
		if one.like > best.like {
			best = one
		}
		if one.like < likeMaybe || one.mirrored || one.like-second.like < likeMargin {
			continue
		}
		found, ok := f.fit(img, t, one, across, down)
		if ok {
			found.Table = i
			out = append(out, found)
		}
	}
	if len(out) == 0 || best.mirrored {
		return nil, f.refuse(best, len(across)+len(down))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Likeness > out[j].Likeness })
	first := &out[0]
	if sx, sy := first.Map.Scale(0, 0); min(sx, sy) < minPixelsPerMM {
		return nil, &ballot.Rejection{Reason: ballot.RejectResolution, Facts: fmt.Sprintf("%.0f dots per inch on the page; scan at 200 or more", min(sx, sy)*25.4)}
	}
	return out, nil
}

func (f *TableFinder) refuse(best turnedTable, rules int) *ballot.Rejection {
	dark := 0
	for _, v := range f.small.Pix {
		if v < 120 {
			dark++
		}
	}
	switch share := float64(dark) / float64(max(1, len(f.small.Pix))); {
	case rules < 2*leastRulesFound && share < blankShare:
		return &ballot.Rejection{Reason: ballot.RejectBlankSide, Facts: fmt.Sprintf("no table, and %.2f %% of the picture is dark", 100*share)}
	case best.mirrored && best.like >= likeEnough:
		return &ballot.Rejection{Reason: ballot.RejectMirrored, Facts: fmt.Sprintf("the print is like the mirrored page's (%.2f)", best.like)}
	}
	return &ballot.Rejection{Reason: ballot.RejectNoPage,
		Facts: fmt.Sprintf("%d rules found; the likest page and way up: %.0f %% of its rules, print %.2f alike", rules, 100*best.share, best.like)}
}

const leastRulesFound = 3

// reduce makes the small picture that likeness is measured on, about two pixels a mm.
func (f *TableFinder) reduce(img *raster.Image) {
	img.Reduce(&f.small, max(1, int(img.DPI/25.4/2)))
}

// turnedTable is a table laid on the picture in one of eight ways.
type turnedTable struct {
	turns       int
	mirrored    bool
	x, y        align
	fit         Homography
	share, like float64
}

// bestTurn tries every quarter turn and mirror image; second is the best of another way up.
func (f *TableFinder) bestTurn(img *raster.Image, t *Table, across, down []Line) (best, second turnedTable) {
	for turns := range 4 {
		for _, mirrored := range []bool{false, true} {
			one := f.oneTurn(img, t, across, down, turns, mirrored)
			if one.like > best.like {
				best, second = one, best
			} else if one.like > second.like {
				second = one
			}
		}
	}
	return best, second
}

func (f *TableFinder) oneTurn(img *raster.Image, t *Table, across, down []Line, turns int, mirrored bool) (best turnedTable) {
	u := newUpright(img, turns, mirrored)
	if turns%2 == 1 {
		across, down = down, across
	}
	if r := u.w / t.Page.Width * t.Page.Height / u.h; r < 0.72 || r > 1.39 { // another shape of paper, as in matchOne
		return best
	}
	ys := alignments(t.Page.Rules, true, u.places(across, true), u.h/t.Page.Height)
	xs := alignments(t.Page.Rules, false, u.places(down, false), u.w/t.Page.Width)
	for _, y := range ys {
		for _, x := range xs {
			share := min(x.share, y.share)
			if share < alignShare {
				continue
			}
			h := u.compose(x, y)
			one := turnedTable{turns: turns, mirrored: mirrored, x: x, y: y, fit: h, share: share}
			one.like = t.look.of(&f.small, float64(img.W)/float64(f.small.W), &h)
			if one.like > best.like {
				best = one
			}
		}
	}
	return best
}

// fit maps the crossings of the page's rules onto those found, and measures likeness anew.
func (f *TableFinder) fit(img *raster.Image, t *Table, m turnedTable, across, down []Line) (TableFound, bool) {
	sx, sy := m.fit.Scale(t.Page.Width/2, t.Page.Height/2)
	if m.turns%2 == 1 {
		across, down = down, across
	}
	back := m.fit.Inverse()
	pairs, strays := t.pairLines(across, down, &back)
	form, picture := crossings(t.Page.Rules, pairs)
	if len(form) < leastPoints || strays >= strayRules {
		return TableFound{}, false
	}
	h, kept, residual := robustFit(form, picture, (sx+sy)/2)
	if len(kept) < max(leastPoints, len(form)*6/10) {
		return TableFound{}, false
	}
	found := TableFound{Found: Found{Map: h, Rotation: m.turns * 90, Marks: len(kept), Residual: residual}}
	found.Likeness = t.look.of(&f.small, float64(img.W)/float64(f.small.W), &h)
	return found, found.Likeness >= likeEnough
}

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
		return nil, f.refuse(img, best, len(across)+len(down))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Likeness > out[j].Likeness })
	first := &out[0]
	if sx, sy := first.Map.Scale(0, 0); min(sx, sy) < minPixelsPerMM {
		return nil, &ballot.Rejection{Reason: ballot.RejectResolution, Facts: fmt.Sprintf("%.0f dots per inch on the page; scan at 200 or more", min(sx, sy)*25.4)}
	}
	return out, nil
}

func (f *TableFinder) refuse(img *raster.Image, best turnedTable, rules int) *ballot.Rejection {
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
	pairs, strays := pairLines(t.Page.Rules, across, down, &back, t.Page)
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

// pairLines finds for each rule of the page the line that lies on it. Long lines on the page that lie on no rule
// are counted as strays.
func pairLines(rules []ballot.Rule, across, down []Line, back *Homography, page *ballot.FormPage) (pairs []*Line, strays int) {
	pairs = make([]*Line, len(rules))
	sheet := ballot.Rect{W: page.Width, H: page.Height}.Inset(4)
	for dir, lines := range [][]Line{across, down} {
		for k := range lines {
			l := &lines[k]
			ax, ay := back.At(l.A.X, l.A.Y)
			bx, by := back.At(l.B.X, l.B.Y)
			on := false
			for i, r := range rules {
				if r.Across() != (dir == 0) {
					continue
				}
				off, overlap := math.Abs((ay+by)/2-r.Y0), min(max(ax, bx), r.X1)-max(min(ax, bx), r.X0)
				if dir == 1 {
					off, overlap = math.Abs((ax+bx)/2-r.X0), min(max(ay, by), r.Y1)-max(min(ay, by), r.Y0)
				}
				if off > 2*alignSlack || overlap < 3 {
					continue
				}
				on = true
				if pairs[i] == nil || l.Len() > pairs[i].Len() {
					pairs[i] = l
				}
			}
			if !on && math.Hypot(bx-ax, by-ay) >= strayRule && sheet.Contains(ax, ay) && sheet.Contains(bx, by) {
				strays++
			}
		}
	}
	return pairs, strays
}

// crossings are the places where rules of the page cross whose lines were found, in mm and in pixels.
func crossings(rules []ballot.Rule, pairs []*Line) (form, picture []Point) {
	for i, a := range rules {
		if !a.Across() || pairs[i] == nil {
			continue
		}
		for j, d := range rules {
			if d.Across() || pairs[j] == nil || d.X0 < a.X0-alignSlack || d.X0 > a.X1+alignSlack || a.Y0 < d.Y0-alignSlack || a.Y0 > d.Y1+alignSlack {
				continue
			}
			if p, ok := meet(pairs[i], pairs[j]); ok {
				form, picture = append(form, Point{d.X0, a.Y0}), append(picture, p)
			}
		}
	}
	return form, picture
}

// meet is where two lines cross; a little beyond the end of one is near enough.
func meet(a, b *Line) (Point, bool) {
	ux, uy, vx, vy := a.B.X-a.A.X, a.B.Y-a.A.Y, b.B.X-b.A.X, b.B.Y-b.A.Y
	det := ux*vy - uy*vx
	if math.Abs(det) < 1e-6 {
		return Point{}, false
	}
	s := ((b.A.X-a.A.X)*vy - (b.A.Y-a.A.Y)*vx) / det
	return Point{a.A.X + s*ux, a.A.Y + s*uy}, true
}

// upright turns the picture so that the page stands upright, in pixels.
type upright struct {
	turns      int
	mirrored   bool
	w, h       float64 // of the upright picture
	srcW, srcH float64
	tilt       [2]float64 // slopes of the rules across and down
}

func newUpright(img *raster.Image, turns int, mirrored bool) *upright {
	u := &upright{turns: turns, mirrored: mirrored, srcW: float64(img.W), srcH: float64(img.H)}
	u.w, u.h = u.srcW, u.srcH
	if turns%2 == 1 {
		u.w, u.h = u.h, u.w
	}
	return u
}

// at maps a place of the picture to the upright one; the turns are those of Found.Rotation.
func (u *upright) at(p Point) Point {
	switch u.turns {
	case 1:
		p = Point{p.Y, u.srcW - p.X}
	case 2:
		p = Point{u.srcW - p.X, u.srcH - p.Y}
	case 3:
		p = Point{u.srcH - p.Y, p.X}
	}
	if u.mirrored {
		p.X = u.w - p.X
	}
	return p
}

// back maps a place of the upright picture to the picture.
func (u *upright) back(p Point) Point {
	if u.mirrored {
		p.X = u.w - p.X
	}
	switch u.turns {
	case 1:
		p = Point{u.srcW - p.Y, p.X}
	case 2:
		p = Point{u.srcW - p.X, u.srcH - p.Y}
	case 3:
		p = Point{p.Y, u.srcH - p.X}
	}
	return p
}

// place is where rules of one direction stand, with their length, in pixels.
type place struct{ at, length float64 }

// places levels lines that run across (or down) the upright picture: each stands where it crosses the middle.
func (u *upright) places(lines []Line, across bool) (out []place) {
	type tilted struct{ along, at, slope, length float64 }
	var all []tilted
	for _, l := range lines {
		a, b := u.at(l.A), u.at(l.B)
		if !across {
			a, b = Point{a.Y, a.X}, Point{b.Y, b.X}
		}
		all = append(all, tilted{(a.X + b.X) / 2, (a.Y + b.Y) / 2, (b.Y - a.Y) / (b.X - a.X), l.Len()})
	}
	dir, mid := 0, u.w/2
	if !across {
		dir, mid = 1, u.h/2
	}
	sort.Slice(all, func(i, j int) bool { return all[i].slope < all[j].slope })
	total := 0.0
	for _, l := range all {
		total += l.length
	}
	for _, l := range all {
		if total -= 2 * l.length; total <= 0 {
			u.tilt[dir] = l.slope
			break
		}
	}
	for _, l := range all {
		out = append(out, place{l.at - u.tilt[dir]*(l.along-mid), l.length})
	}
	return joined(out, alignSlack/2*min(u.srcW, u.srcH)/210)
}

// joined adds up places nearer to each other than slack.
func joined(all []place, slack float64) (out []place) {
	sort.Slice(all, func(i, j int) bool { return all[i].at < all[j].at })
	for _, p := range all {
		if n := len(out); n > 0 && p.at-out[n-1].at < slack {
			o := &out[n-1]
			o.at = (o.at*o.length + p.at*p.length) / (o.length + p.length)
			o.length += p.length
			continue
		}
		out = append(out, p)
	}
	return out
}

// align lays mm onto pixels of the upright picture: px = scale·mm + offset.
type align struct{ scale, offset, share, score float64 }

// alignments are the likeliest scales and offsets by which the rules of one direction lie on places.
func alignments(rules []ballot.Rule, across bool, found []place, prior float64) []align {
	var form []place
	for _, r := range rules {
		if r.Across() == across {
			if across {
				form = append(form, place{r.Y0, r.X1 - r.X0})
			} else {
				form = append(form, place{r.X0, r.Y1 - r.Y0})
			}
		}
	}
	form = joined(form, 0.3)
	n := len(form)
	if n < 2 || len(found) < 2 {
		return nil
	}
	var out []align
	for i := range min(3, n-1) {
		for j := n - 1; j >= max(i+1, n-3); j-- {
			span := form[j].at - form[i].at
			for a := range found {
				for b := a + 1; b < len(found); b++ {
					scale := (found[b].at - found[a].at) / span
					if scale < leastScale*prior || scale > mostScale*prior {
						continue
					}
					out = keep(out, score(form, found, scale, found[a].at-scale*form[i].at))
				}
			}
		}
	}
	return out
}

// score is how much of the rules' length lies on places, and of the places' length on rules.
func score(form, found []place, scale, offset float64) align {
	on, all, hit, total := 0.0, 0.0, 0.0, 0.0
	k := 0
	for _, p := range form {
		at := scale*p.at + offset
		all += p.length
		for k+1 < len(found) && math.Abs(found[k+1].at-at) <= math.Abs(found[k].at-at) {
			k++
		}
		if math.Abs(found[k].at-at) <= alignSlack*scale {
			on += p.length
			hit += min(found[k].length, p.length*scale)
		}
	}
	lo, hi := scale*(form[0].at-alignSlack)+offset, scale*(form[len(form)-1].at+alignSlack)+offset
	for _, p := range found {
		if p.at >= lo && p.at <= hi {
			total += p.length
		}
	}
	share := on / all
	return align{scale, offset, share, share * hit / max(1, total)}
}

// keep holds the best few that differ by more than slack.
func keep(out []align, a align) []align {
	for i, o := range out {
		if math.Abs(o.scale/a.scale-1) < 0.01 && math.Abs(o.offset-a.offset) < 2.5*alignSlack*a.scale {
			if a.score > o.score {
				out[i] = a
			}
			return out
		}
	}
	out = append(out, a)
	slices.SortStableFunc(out, func(x, y align) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return 0
	})
	return out[:min(len(out), hypotheses)]
}

// compose is the map from form mm to the picture, with the tilts of both directions.
func (u *upright) compose(x, y align) Homography {
	to := func(mx, my float64) Point {
		// px = x.scale·mx + x.offset + tilt₁·(py − h/2), py = y.scale·my + y.offset + tilt₀·(px − w/2)
		a, b := x.scale*mx+x.offset, y.scale*my+y.offset
		px, py := a, b
		for range 4 { // the tilts are small: this converges at once
			px = a + u.tilt[1]*(py-u.h/2)
			py = b + u.tilt[0]*(px-u.w/2)
		}
		return u.back(Point{px, py})
	}
	form := []Point{{0, 0}, {100, 0}, {0, 100}}
	h, _ := fitAffine(form, []Point{to(0, 0), to(100, 0), to(0, 100)})
	return h
}

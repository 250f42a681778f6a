package writing

import (
	"math"
	"strconv"

	"pingyi/ballot"
	"pingyi/scans/register"
)

// Zones of the page, one byte a pixel of the reduced picture.
const (
	outside = 0 // the page
	blank   = 1 // nothing is printed here; the only odd one
	text    = 2 // print
	cell    = 4 // of targets: ink here belongs to marks
	ignored = 8 // rules, code, marks and comment box
)

// Tolerances in mm. Rows are followed one by one (register.Refine); elsewhere stretch within the page can
// move print by 1.2 mm.
const (
	pageEdge   = 1.0  // of the page not looked at: shadows of the paper's edge
	rowSlack   = 0.5  // about the rules of a row
	looseSlack = 1.2  // about rules and marks elsewhere
	labelSlack = 0.35 // about labels
	textSlack  = 0.4  // about the text of a row
	lineGap    = 0.2  // of the paper to either side of the middle between two lines of text
)

const mmPerPoint = 25.4 / 72

// place maps form mm to pixels of the picture.
type place func(x, y float64) (u, v float64)

// paint draws the zones of a page.
func (f *Finder) paint(g *register.Grid, page *ballot.FormPage) {
	clear(f.zones)
	loose := g.Map.At
	f.fill(loose, ballot.Rect{W: page.Width, H: page.Height}.Inset(pageEdge), blank)
	for _, l := range page.Labels {
		f.label(loose, l)
	}
	for _, m := range append([]ballot.Rect{page.Code}, page.Fiducials...) {
		f.fill(loose, m.Inset(-looseSlack), ignored)
	}
	if page.Comment != nil {
		f.fill(loose, page.Comment.Inset(-looseSlack), ignored)
	}
	for i := range g.Blocks {
		b := &g.Blocks[i]
		for r := range b.Rows {
			f.row(func(x, y float64) (float64, float64) { return g.At(b, r, x, y) }, &b.Rows[r], b.Targets[r])
		}
	}
}

// label draws a label; those of columns are framed by rules, the identity line is in a face of its own.
func (f *Finder) label(at place, l ballot.Label) {
	switch l.Role {
	case ballot.LabelHead:
		f.fill(at, l.Rect.Inset(-looseSlack), ignored)
		f.fill(at, l.Rect.Inset(looseSlack), blank)
		f.print(at, l.Rect, l.Text, l.SizePt, l.Align, labelSlack, l.Rect.Inset(looseSlack))
	case ballot.LabelIdentity:
		f.fill(at, l.Rect.Inset(-labelSlack), text)
	default:
		f.print(at, l.Rect, l.Text, l.SizePt, l.Align, labelSlack, l.Rect.Inset(-looseSlack))
	}
}

// row draws the boxes of a row and the cells of its targets.
func (f *Finder) row(at place, r *ballot.Row, targets []ballot.Target) {
	name, org, number := r.TextPoints()
	boxes := []struct {
		ballot.Rect
		words string
		size  float64
	}{{r.NoBox, strconv.Itoa(r.Subject), number}, {r.NameBox, r.Name, name}, {r.OrgBox, r.Org, org}}
	for _, b := range boxes {
		if b.W > 0 {
			f.fill(at, b.Inset(-rowSlack), ignored)
			f.fill(at, b.Inset(rowSlack), blank)
			f.print(at, b.Rect, b.words, b.size, "C", textSlack, b.Inset(rowSlack))
		}
	}
	first, last := targets[0].Cell, targets[len(targets)-1].Cell
	cells := ballot.Rect{X: first.X, Y: first.Y, W: last.Right() - first.X, H: first.H}
	f.fill(at, cells.Inset(-rowSlack), ignored)
	f.fill(at, cells.Inset(rowSlack), cell) // without its rules, which are ink
}

// print draws where the printer may have put a text. Nothing is drawn outside limits.
func (f *Finder) print(at place, box ballot.Rect, words string, points float64, align string, slack float64, limits ballot.Rect) {
	narrow, wide := ems(words)
	if wide == 0 {
		return
	}
	size, lines := fit(box, wide, points)
	gap := lineGap
	if _, other := fit(box, narrow, points); other != lines { // on as many lines as either, wherever they part
		gap = 0
	}
	em, room := size*mmPerPoint, box.W-2*padding
	w := min(room, math.Ceil(wide/float64(lines))*em) // lines of even length, in whole characters
	if gap == 0 {
		em, w = points*mmPerPoint, room
	}
	x := box.X + padding
	switch align {
	case "C":
		x = box.X + (box.W-w)/2
	case "R":
		x = box.Right() - padding - w
	}
	pitch := em * leading
	for i := range lines {
		middle := box.Y + box.H/2 + (float64(i)-float64(lines-1)/2)*pitch
		above, below := em/2+slack, em/2+slack
		if i > 0 {
			above = pitch/2 - gap
		}
		if i < lines-1 {
			below = pitch/2 - gap
		}
		f.fill(at, intersection(ballot.Rect{X: x - slack, Y: middle - above, W: w + 2*slack, H: above + below}, limits), text)
	}
}

// Of package pdf, in mm and points: between a text and its box, from line to line over the size, the size
// down to which it breaks lines rather than shrinks, and the least size.
const (
	padding  = 0.7
	leading  = 1.18
	broken   = 7.5
	smallest = 5.5
)

// fit is the size in points and the number of lines at which package pdf prints a text of so many ems: on
// as few lines as it needs at the largest size that the box holds.
func fit(box ballot.Rect, wide, size float64) (points float64, lines int) {
	room := box.W - 2*padding
	for ; ; size -= 0.5 {
		lines = int(math.Ceil(wide * size * mmPerPoint / room))
		fits := float64(lines)*size*mmPerPoint*leading <= box.H-2*padding
		if size <= smallest || fits && (lines == 1 || size >= broken || wide*smallest*mmPerPoint > room) {
			return size, max(1, lines)
		}
	}
}

// ems is how wide a text may be in its size: Chinese characters are square; others depend on the face.
func ems(text string) (narrow, wide float64) {
	for _, r := range text {
		switch {
		case r < 0x80:
			narrow, wide = narrow+0.4, wide+0.7
		case r < 0x2E80:
			narrow, wide = narrow+0.25, wide+1
		default:
			narrow, wide = narrow+1, wide+1
		}
	}
	return narrow, wide
}

// fill gives a rectangle of the form to a zone.
func (f *Finder) fill(at place, r ballot.Rect, zone byte) {
	if r.W <= 0 || r.H <= 0 {
		return
	}
	var u, v [4]float64
	for i, c := range [4][2]float64{{r.X, r.Y}, {r.Right(), r.Y}, {r.Right(), r.Bottom()}, {r.X, r.Bottom()}} {
		u[i], v[i] = at(c[0], c[1])
		u[i], v[i] = u[i]/f.factor, v[i]/f.factor
	}
	w, h := f.small.W, f.small.H
	line := f.line(zone, min(w, int(max(u[0], u[1], u[2], u[3])-min(u[0], u[1], u[2], u[3]))+2))
	y0 := max(0, int(min(v[0], v[1], v[2], v[3])))
	y1 := min(h-1, int(max(v[0], v[1], v[2], v[3])))
	for y := y0; y <= y1; y++ {
		from, to := crossing(&u, &v, float64(y)+0.5)
		x0, x1 := max(0, int(from+0.5)), min(w, int(to+0.5))
		if x0 < x1 {
			copy(f.zones[y*w+x0:y*w+x1], line)
		}
	}
}

// line is n pixels of a zone, to copy from.
func (f *Finder) line(zone byte, n int) []byte {
	if cap(f.pattern) < n {
		f.pattern = make([]byte, n)
	}
	f.pattern = f.pattern[:n]
	for i := range f.pattern {
		f.pattern[i] = zone
	}
	return f.pattern
}

// crossing is where a horizontal line enters and leaves a convex quadrilateral.
func crossing(u, v *[4]float64, y float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i := range u {
		j := (i + 1) & 3
		if (v[i] <= y) != (v[j] <= y) {
			x := u[i] + (u[j]-u[i])*(y-v[i])/(v[j]-v[i])
			from, to = min(from, x), max(to, x)
		}
	}
	return from, to
}

func intersection(a, b ballot.Rect) ballot.Rect {
	x, y := max(a.X, b.X), max(a.Y, b.Y)
	return ballot.Rect{X: x, Y: y, W: min(a.Right(), b.Right()) - x, H: min(a.Bottom(), b.Bottom()) - y}
}

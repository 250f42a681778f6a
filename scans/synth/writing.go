package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Writing is what somebody wrote where the form asks for nothing: a name, a signature, a remark.
type Writing struct {
	Place string      `json:"place"` // a place of Places
	Kind  string      `json:"kind"`  // name, signature or remark
	Rect  ballot.Rect `json:"rect"`  // mm on the page, as printed
}

// Where people write what identifies them.
const (
	PlaceMargin = "margin" // between the print and the edge of the paper
	PlaceBlank  = "blank"  // where nothing is printed, inside the margins
	PlaceNames  = "names"  // over the names and organisations of the table
	PlaceTitle  = "title"  // over the title, the group or the instructions
)

// Places are all places.
var Places = []string{PlaceMargin, PlaceBlank, PlaceNames, PlaceTitle}

// Write writes outside the targets and the comment box on Mix.Writing of a thousand pages, with the hand
// that marked the page, 8 to 60 mm long, and returns what it wrote; nil on the other pages. It keeps off
// the code and the registration marks, as people do, so that the page can be read. Where no page is to be
// written on, it draws no random number.
func Write(img *raster.Image, page *ballot.FormPage, hand Hand, mix Mix, r *rand.Rand) []Writing {
	if mix.Writing == 0 || r.IntN(1000) >= mix.Writing {
		return nil
	}
	for _, i := range r.Perm(len(Places)) {
		if w, ok := writeAt(img, page, hand, Places[i], r); ok {
			return []Writing{w}
		}
	}
	return nil
}

// writeAt writes at one place; false where the page has no room there.
func writeAt(img *raster.Image, page *ballot.FormPage, hand Hand, place string, r *rand.Rand) (Writing, bool) {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	for range 300 {
		kind := []string{"name", "signature", "remark"}[r.IntN(3)]
		w := Writing{place, kind, k.roomFor(kind, place, page)}
		if !free(w.Rect, place, page) {
			continue
		}
		k.scrawl(hand, w)
		return w, true
	}
	return Writing{}, false
}

// roomFor draws a rectangle of a size that the kind of writing has, somewhere about a place.
func (k *ink) roomFor(kind, place string, page *ballot.FormPage) ballot.Rect {
	length, height := between(k.r, 8, 24), between(k.r, 3.5, 8)
	if kind == "remark" {
		length, height = between(k.r, 15, 60), between(k.r, 3.2, 5.5)
	}
	if place == PlaceMargin && k.r.IntN(2) == 0 { // down the side
		length, height = height, length
	}
	region := ballot.Rect{X: 2, Y: 2, W: page.Width - 4, H: page.Height - 4}
	switch place {
	case PlaceNames:
		row := page.Rows[k.r.IntN(len(page.Rows))]
		region = union(row.NameBox, row.OrgBox)
		if row.NoBox.W > 0 {
			region = union(region, row.NoBox)
		}
		region.Y -= height * 0.7
		region.H += height * 1.4
	case PlaceTitle:
		region = page.Labels[k.r.IntN(min(3, len(page.Labels)))].Rect.Inset(-2)
	}
	return ballot.Rect{X: region.X + (region.W-length)*k.r.Float64(), Y: region.Y + (region.H-height)*k.r.Float64(), W: length, H: height}
}

func union(a, b ballot.Rect) ballot.Rect {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return ballot.Rect{X: x, Y: y, W: max(a.Right(), b.Right()) - x, H: max(a.Bottom(), b.Bottom()) - y}
}

func overlap(a, b ballot.Rect) bool {
	return a.X < b.Right() && b.X < a.Right() && a.Y < b.Bottom() && b.Y < a.Bottom()
}

// free tells whether a rectangle is of its place, and clear of what a voter leaves alone.
func free(w ballot.Rect, place string, page *ballot.FormPage) bool {
	const sideMargin = 17.0 // mm; our forms print nothing but marks farther out
	inner := ballot.Rect{X: 0, Y: 0, W: page.Width, H: page.Height}.Inset(sideMargin)
	taken := append([]ballot.Rect{page.Code.Inset(-2)}, page.Fiducials...)
	for _, t := range page.Targets {
		taken = append(taken, t.Cell.Inset(-0.5))
	}
	if page.Comment != nil {
		taken = append(taken, page.Comment.Inset(-1))
	}
	if place == PlaceBlank || place == PlaceMargin {
		for _, l := range page.Labels {
			taken = append(taken, l.Rect)
		}
		for _, row := range page.Rows {
			taken = append(taken, union(row.NameBox, row.OrgBox), row.NoBox)
		}
	}
	for _, t := range taken {
		if t.W > 0 && overlap(w, t) {
			return false
		}
	}
	within := w.X >= 1.5 && w.Y >= 1.5 && w.Right() <= page.Width-1.5 && w.Bottom() <= page.Height-1.5
	return within && (place != PlaceMargin || !overlap(w, inner)) && (place != PlaceBlank || overlap(w, inner))
}

// scrawl fills a rectangle with writing.
func (k *ink) scrawl(h Hand, w Writing) {
	if w.Kind == "signature" {
		s := h.signature(w.Rect, k.r)
		s.tremble(h.Tremble, k.r)
		k.write(h.Pen, s, h.Flick)
		return
	}
	down := w.Rect.H > w.Rect.W
	size, length := w.Rect.H, w.Rect.W
	if down {
		size, length = length, size
	}
	n := max(2, int(math.Round(length/(size*1.1))))
	pitch := length / float64(n)
	for i := range n {
		at := point{w.Rect.X + float64(i)*pitch, w.Rect.Y}
		if down {
			at = point{w.Rect.X, w.Rect.Y + float64(i)*pitch}
		}
		k.character(h, at, min(size, pitch*0.95))
	}
}

// character is strokes like those of one written character: mostly along or across the line, some of them
// slanting, in a square of so many mm.
func (k *ink) character(h Hand, at point, size float64) {
	for n := 4 + k.r.IntN(6); n > 0; n-- {
		c := point{at.x + size*between(k.r, 0.3, 0.7), at.y + size*between(k.r, 0.2, 0.8)}
		angle := []float64{0, math.Pi / 2, 0.9, -0.9}[pick(k.r, 4, 3, 2, 1)] + between(k.r, -0.15, 0.1) + h.Slant
		d := size * between(k.r, 0.15, 0.45)
		s := line(point{c.x - d*math.Cos(angle), c.y - d*math.Sin(angle)}, point{c.x + d*math.Cos(angle), c.y + d*math.Sin(angle)}, between(k.r, -0.12, 0.12))
		s.tremble(h.Tremble, k.r)
		k.write(h.Pen, s, h.Flick)
	}
}

// signature is one long running stroke: up and down in waves and loops of changing height.
func (h Hand) signature(box ballot.Rect, r *rand.Rand) stroke {
	length, height, down := box.W, box.H, box.H > box.W
	if down {
		length, height = height, length
	}
	waves := max(3, length/max(height*between(r, 0.35, 0.7), 3.5*h.Pen.Width))
	back := between(r, 0.3, 1.3) * length / waves / 2 // how far a loop runs back
	var s stroke
	phase, tall := between(r, 0, math.Pi), 1.0
	steps := int(waves * height * 2 / stepLength)
	for i := range steps {
		t := float64(i) / float64(steps)
		angle := 2*math.Pi*waves*t + phase
		if i%max(1, steps/int(waves)) == 0 {
			tall = between(r, 0.35, 1)
		}
		p := point{box.X + back + (length-2*back)*t + back*math.Sin(angle*2+1), box.Y + height*(0.5-0.5*tall*math.Cos(angle))}
		if down {
			p = point{box.X + p.y - box.Y, box.Y + p.x - box.X}
		}
		s = append(s, p)
	}
	return s
}

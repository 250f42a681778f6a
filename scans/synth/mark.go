package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Mark fills in a page with one hand and returns the truth of each row, in the order of the rows. The
// picture is upright, as printed, at any resolution.
func Mark(img *raster.Image, page *ballot.FormPage, hand Hand, mix Mix, r *rand.Rand) []Truth {
	rows := MarkAs(img, page, hand, Intend(page, mix, r), r)
	if page.Comment != nil && r.IntN(1000) < mix.Comment {
		k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
		k.comment(hand, *page.Comment)
	}
	return rows
}

// MarkAs fills in a page with rows decided by the caller (see Intend) and returns them with the shapes
// and the pen they were drawn with.
func MarkAs(img *raster.Image, page *ballot.FormPage, hand Hand, rows []Truth, r *rand.Rand) []Truth {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	out := make([]Truth, len(rows))
	for i, t := range rows {
		if t.Shape == "" {
			t.Shape = hand.habit(r)
		}
		t.Pen = hand.Pen.Name
		out[i] = k.fillIn(hand, t, page)
	}
	return out
}

// habit is the shape of one row: the hand's own, though people who tick now and then draw a long tail.
func (h Hand) habit(r *rand.Rand) Shape {
	if h.Shape == Tick && r.IntN(100) < 6 {
		return LongTick
	}
	return h.Shape
}

// fillIn draws one row.
func (k *ink) fillIn(h Hand, t Truth, page *ballot.FormPage) Truth {
	targets := page.TargetsOf(t.Subject)
	at := 0
	for i, target := range targets {
		if target.Grade == t.Grade {
			at = i
		}
	}
	other := (at + 1 + k.r.IntN(max(1, len(targets)-1))) % len(targets)
	if t.Kind == TruthOvervote || t.Kind == TruthAltered || t.Kind == TruthCorrected {
		t.Other = targets[other].Grade
	}
	switch t.Kind {
	case TruthGrade:
		t.Shape = k.mark(h, t.Shape, targets[at], page)
	case TruthOvervote:
		k.mark(h, t.Shape, targets[other], page)
		t.Shape = k.mark(h, t.Shape, targets[at], page)
	case TruthAltered:
		k.mark(h, t.Shape, targets[other], page)
		k.strike(h, targets[other], true)
		t.Shape = k.mark(h, t.Shape, targets[at], page)
	case TruthStruck:
		t.Shape = k.mark(h, Tick, targets[at], page)
		k.strike(h, targets[at], false)
	case TruthRubbed:
		t.Shape = k.rub(h, targets[at], page)
	case TruthCorrected:
		k.rub(h, targets[other], page)
		t.Shape = k.mark(h, t.Shape, targets[at], page)
	case TruthBetween:
		t.Shape = k.between(h, targets, at)
	default:
		t.Shape, t.Pen = "", ""
	}
	return t
}

// mark draws one shape at a target so that it is plainly the target's, and returns the shape drawn.
func (k *ink) mark(h Hand, shape Shape, t ballot.Target, page *ballot.FormPage) Shape {
	if shape == Crop {
		shape = Tick
		if h.ink != nil {
			if made, ok := h.ink.stamp(k, t); ok {
				return made
			}
		}
	}
	shape, d := k.attributed(h, shape, t, neighbours(t, page))
	for _, s := range d.strokes {
		k.write(h.Pen, s, h.Flick)
	}
	return shape
}

// neighbours are the other targets that a mark at t might touch.
func neighbours(t ballot.Target, page *ballot.FormPage) []ballot.Target {
	var out []ballot.Target
	x, y := t.Centre()
	for _, o := range page.Targets {
		ox, oy := o.Centre()
		if d := math.Hypot(ox-x, oy-y); d > 0.1 && d < 4*max(t.Cell.W, t.Cell.H) {
			out = append(out, o)
		}
	}
	return out
}

// strike cancels a mark by lines through it, by a cross over it or, where the other mark in the row
// tells what is meant, by a blot.
func (k *ink) strike(h Hand, t ballot.Target, blot bool) {
	box := t.Rect.Inset(-0.2)
	x, y := t.Centre()
	way := k.r.IntN(3)
	if !blot {
		way = 0
	}
	switch way {
	case 1:
		k.write(h.Pen, hatch(point{x, y}, box.W*0.52, box.H*0.5, h.Pen.Width*between(k.r, 0.7, 1.2), between(k.r, -0.5, 0.5), k.r), 0)
	case 2:
		for _, s := range h.cross(point{x, y}, box.W*between(k.r, 0.55, 0.7), k.r).strokes {
			k.write(h.Pen, s, h.Flick)
		}
	default:
		for n := 2 + k.r.IntN(3); n > 0; n-- {
			at := between(k.r, box.Y+0.8, box.Bottom()-0.8)
			s := line(point{box.X - between(k.r, 0, 0.8), at}, point{box.Right() + between(k.r, 0, 0.8), at + between(k.r, -0.8, 0.8)}, h.Bow*0.3)
			s.tremble(h.Tremble, k.r)
			k.write(h.Pen, s, h.Flick)
		}
	}
}

// rub leaves what a rubber leaves of a pencil tick: a pale trace and a smear about it.
func (k *ink) rub(h Hand, t ballot.Target, page *ballot.FormPage) Shape {
	x, y := t.Centre()
	smear := Pen{Name: "rubbed", Width: t.H, Gray: between(k.r, 244, 253)}
	k.write(smear, line(point{x - t.W*0.3, y}, point{x + t.W*0.3, y}, 0), 0)
	h.Pen = Pen{Name: "rubbed", Width: between(k.r, 0.4, 0.7), Gray: between(k.r, 215, 242), Grain: 0.3}
	return k.mark(h, Tick, t, page)
}

// between draws one mark in the middle between two boxes of a row, as much in the one cell as in the
// other, so that nobody can say which is meant.
func (k *ink) between(h Hand, targets []ballot.Target, at int) Shape {
	a := targets[min(at, len(targets)-2)]
	b := targets[min(at, len(targets)-2)+1]
	ax, ay := a.Centre()
	bx, by := b.Centre()
	c := point{(ax+bx)/2 + between(k.r, -0.2, 0.2), (ay+by)/2 + between(k.r, -0.4, 0.4)}
	reach := (bx-ax)/2 - a.W*0.25 // into both boxes alike
	h.Slant = 0
	if k.r.IntN(2) == 0 {
		k.write(h.Pen, line(point{c.x - reach, c.y + 1}, point{c.x + reach, c.y - 1}, h.Bow), 0)
		return Slash
	}
	k.write(h.Pen, h.loop(c, reach, a.H*0.45, k.r), 0)
	return Circle
}

// comment fills lines of the comment box with strokes like handwriting.
func (k *ink) comment(h Hand, box ballot.Rect) {
	inside := box.Inset(2)
	height := between(k.r, 3.5, 5.5)
	for y := inside.Y; y+height < inside.Bottom() && k.r.IntN(4) > 0; y += height * 1.4 {
		for x := inside.X; x+height < inside.Right()*between(k.r, 0.8, 1); x += height * 1.15 {
			for n := 3 + k.r.IntN(6); n > 0; n-- { // the strokes of one character
				from := point{x + between(k.r, 0, height), y + between(k.r, 0, height)}
				to := point{x + between(k.r, 0, height), y + between(k.r, 0, height)}
				k.write(h.Pen, line(from, to, between(k.r, -0.2, 0.2)), h.Flick)
			}
		}
	}
}

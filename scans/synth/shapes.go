package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
)

// drawing is the strokes of one mark, and the place that tells a person which target is meant: a tick's
// vertex, the middle of everything else.
type drawing struct {
	strokes []stroke
	anchor  point
}

// draw draws a shape at a target. size scales it: 1 is the hand's own size.
func (h Hand) draw(shape Shape, t ballot.Target, size float64, r *rand.Rand) drawing {
	clamp := func(v, limit float64) float64 { return max(-limit, min(limit, v)) }
	x, y := t.Centre()
	c := point{x + clamp(h.OffX+r.NormFloat64()*h.Spread, t.W*0.3), y + clamp(h.OffY+r.NormFloat64()*h.Spread, t.H*0.3)}
	long := h.Size * size * math.Pow(t.W/4.6, 0.7) // larger boxes invite larger marks
	switch shape {
	case LongTick:
		return h.tick(c, long*between(r, 1.3, 1.8), r)
	case Beside:
		return h.beside(t, long, r)
	case Cross:
		return h.cross(c, long*0.4, r)
	case Circle:
		s := h.loop(c, t.W*between(r, 0.22, 0.40), t.H*between(r, 0.22, 0.40), r)
		return drawing{[]stroke{s}, c}
	case Ring:
		return h.ring(t, size, r)
	case Under:
		y := t.Bottom() + between(r, 0.2, 1)
		left, right := t.X-between(r, -0.5, 1), t.Right()+between(r, -0.5, 1)
		return drawing{[]stroke{line(point{left, y + between(r, -0.4, 0.4)}, point{right, y + between(r, -0.4, 0.4)}, h.Bow*0.3)}, point{x, y - t.H/2}}
	case Fill:
		return h.fill(t, c, size, r)
	case Scribble:
		return h.scribble(t, c, size, r)
	case Slash:
		d, tilt := long*between(r, 0.4, 0.55), h.Slant+between(r, 0.6, 1.15)
		end := point{c.x + d*math.Cos(tilt), c.y - d*math.Sin(tilt)}
		return drawing{[]stroke{line(point{2*c.x - end.x, 2*c.y - end.y}, end, h.Bow)}, c}
	}
	return h.tick(c, long, r)
}

// tick is a √: a short arm down to the right, a vertex in the lower part of the box, a long arm up to
// the right. The angles are those of ticks on public scans and of the character.
func (h Hand) tick(c point, long float64, r *rand.Rand) drawing {
	short := long / h.Tail * between(r, 0.85, 1.15)
	down := h.Slant + between(r, 0.85, 1.6) // of the short arm against the horizontal
	up := between(r, 0.65, 1.15) - h.Slant
	v := point{c.x - min(1.2, long*between(r, 0.08, 0.2)), c.y + min(1.7, long*between(r, 0.15, 0.34))}
	start := point{v.x - short*math.Cos(down), v.y - short*math.Sin(down)}
	end := point{v.x + long*math.Cos(up), v.y - long*math.Sin(up)}
	var s stroke
	if r.Float64() < 0.2 { // the pen touches before the short arm
		s = append(s, line(point{start.x - between(r, 0.2, 0.6), start.y + between(r, -0.1, 0.3)}, start, 0.1)...)
	}
	if cut := h.Round * 0.35; cut > 0.02 {
		in := point{v.x + (start.x-v.x)*cut, v.y + (start.y-v.y)*cut}
		out := point{v.x + (end.x-v.x)*cut*0.5, v.y + (end.y-v.y)*cut*0.5}
		s = append(append(append(s, line(start, in, 0.03)...), bezier(in, v, out)...), line(out, end, h.Bow)...)
	} else {
		s = append(append(s, line(start, v, 0.03)...), line(v, end, h.Bow)...)
	}
	return drawing{[]stroke{s}, v}
}

// beside is a small tick in the wider free part of the cell, off the box.
func (h Hand) beside(t ballot.Target, long float64, r *rand.Rand) drawing {
	room := t.Cell.Right() - t.Right()
	c := point{t.Right() + room*between(r, 0.42, 0.55), t.Y + t.H*between(r, 0.4, 0.6)}
	if left := t.X - t.Cell.X; left > room+0.5 || r.IntN(3) == 0 {
		room = left
		c.x = t.X - room*between(r, 0.45, 0.58)
	}
	return h.tick(c, min(long, room*0.85), r)
}

func (h Hand) cross(c point, d float64, r *rand.Rand) drawing {
	arm := func(angle float64) stroke {
		dx, dy := d*math.Cos(angle)*between(r, 0.85, 1.15), d*math.Sin(angle)*between(r, 0.85, 1.15)
		return line(point{c.x - dx, c.y - dy}, point{c.x + dx, c.y + dy}, h.Bow*0.5)
	}
	a, b := between(r, 0.6, 1.0)+h.Slant, between(r, 2.1, 2.6)+h.Slant
	return drawing{[]stroke{arm(a), arm(b)}, c}
}

// loop is a closed curve by hand: it starts anywhere, drifts, and overlaps its start or misses it.
func (h Hand) loop(c point, rx, ry float64, r *rand.Rand) stroke {
	from, turn, drift := between(r, 0, 2*math.Pi), between(r, 1.85, 2.35)*math.Pi, between(r, -0.08, 0.08)
	step := stepLength / max(rx, ry)
	var s stroke
	for a := 0.0; a <= turn; a += step {
		f := 1 + drift*a/turn
		s = append(s, point{c.x + rx*f*math.Cos(from-a), c.y + ry*f*math.Sin(from-a)})
	}
	return s
}

// ring goes round the box without touching its middle; it may cross into the rows above and below.
func (h Hand) ring(t ballot.Target, size float64, r *rand.Rand) drawing {
	x, y := t.Centre()
	c := point{x + max(-0.4, min(0.4, h.OffX)), y + max(-0.4, min(0.4, h.OffY))}
	rx := max(t.W*0.58, min(t.Cell.W*0.46, t.W*between(r, 0.6, 0.85)*min(1, size)))
	ry := max(t.H*0.56, min(t.Cell.H*0.5, t.H*between(r, 0.6, 0.8)*min(1, size)))
	return drawing{[]stroke{h.loop(c, rx, ry, r)}, c}
}

// hatch is a zigzag over an ellipse about c, its lines step mm apart.
func hatch(c point, rx, ry, step, angle float64, r *rand.Rand) stroke {
	sin, cos := math.Sincos(angle)
	var corners []point
	side := 1.0
	for v := -1.0; v <= 1; v += step / ry * between(r, 0.75, 1.25) {
		half := rx * math.Sqrt(max(0.1, 1-v*v)) * between(r, 0.85, 1.1) * side
		corners = append(corners, point{c.x + cos*half - sin*v*ry, c.y + sin*half + cos*v*ry})
		side = -side
	}
	var s stroke
	for i := 1; i < len(corners); i++ {
		s = append(s, line(corners[i-1], corners[i], 0.03)...)
	}
	return s
}

// fill blackens the box: dense lines, or circles growing from the middle.
func (h Hand) fill(t ballot.Target, c point, size float64, r *rand.Rand) drawing {
	x, y := t.Centre()
	c = point{(c.x + 2*x) / 3, (c.y + 2*y) / 3}
	rx, ry := t.W*between(r, 0.38, 0.5)*min(1, size), t.H*between(r, 0.38, 0.5)*min(1, size)
	if r.IntN(2) == 0 {
		return drawing{[]stroke{hatch(c, rx, ry, h.Pen.Width*between(r, 0.5, 0.8), between(r, -0.8, 0.8), r)}, c}
	}
	var s stroke
	turns := ry / (h.Pen.Width * between(r, 0.55, 0.85))
	for a := 0.0; a < turns*2*math.Pi; a += 0.2 {
		f := 0.08 + 0.92*a/(turns*2*math.Pi)
		s = append(s, point{c.x + rx*f*math.Cos(a), c.y + ry*f*math.Sin(a)})
	}
	return drawing{[]stroke{s}, c}
}

// scribble goes to and fro over the box and leaves white between.
func (h Hand) scribble(t ballot.Target, c point, size float64, r *rand.Rand) drawing {
	f := min(1.25, max(0.6, h.Size*size/5))
	s := hatch(c, t.W*between(r, 0.45, 0.6)*f, t.H*between(r, 0.35, 0.5)*f, between(r, 0.6, 1.2), between(r, -0.9, 0.3), r)
	return drawing{[]stroke{s}, c}
}

package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Shape is what somebody draws at a target.
type Shape string

// The shapes that people draw (√ ✗ ○ ● and what else was seen on public scans).
const (
	Tick     Shape = "tick"
	LongTick Shape = "long_tick" // with a tail into the next cell or the row above
	Cross    Shape = "cross"
	Circle   Shape = "circle" // inside the box
	Ring     Shape = "ring"   // round the box
	Fill     Shape = "fill"
	Scribble Shape = "scribble"
	Slash    Shape = "slash"
)

// Pen is what somebody writes with.
type Pen struct {
	Name  string
	Width float64 // mm
	Gray  float64 // 0 black … 255 white, where the pen presses fully
	Grain float64 // share of the paper's grain that stays white (pencil)
}

// Hand is one person's way of marking, drawn once a ballot.
type Hand struct {
	Pen     Pen
	Shape   Shape
	Size    float64 // mm, the height of a tick
	Slant   float64 // radians
	Tail    float64 // length of the long arm over the short one
	Tremble float64 // mm
	OffX    float64 // mm, habitual offset from the box's middle
	OffY    float64
	Spread  float64 // mm, scatter about it
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// pick draws an index by weights.
func pick(r *rand.Rand, weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := r.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// NewHand draws a hand; messy hands are larger, farther off and less steady.
func NewHand(r *rand.Rand, messy bool) Hand {
	pens := []Pen{
		{"ballpoint", between(r, 0.35, 0.6), between(r, 35, 95), 0},
		{"gel", between(r, 0.4, 0.75), between(r, 10, 45), 0},
		{"felt", between(r, 0.8, 1.3), between(r, 15, 60), 0},
		{"pencil", between(r, 0.4, 0.8), between(r, 95, 165), between(r, 0.05, 0.25)},
		{"colour", between(r, 0.4, 0.7), between(r, 70, 130), 0},
	}
	shapes := []Shape{Tick, LongTick, Cross, Circle, Ring, Fill, Scribble, Slash}
	h := Hand{
		Pen:   pens[pick(r, 40, 40, 6, 8, 6)],
		Shape: shapes[pick(r, 62, 10, 6, 5, 5, 5, 3, 4)],
		Size:  between(r, 3.4, 6.2), Slant: between(r, -0.25, 0.25), Tail: between(r, 1.6, 2.6),
		Tremble: between(r, 0, 0.08), OffX: r.NormFloat64() * 0.35, OffY: r.NormFloat64() * 0.35, Spread: between(r, 0.1, 0.45),
	}
	if messy {
		h.Size *= between(r, 0.8, 1.35)
		h.Tail *= between(r, 1, 1.25)
		h.Tremble += between(r, 0, 0.12)
		h.OffX *= 1.6
		h.OffY *= 1.6
		h.Spread *= 1.4
	}
	return h
}

// ink is a picture being written on.
type ink struct {
	img   *raster.Image
	scale float64 // pixels per mm
	r     *rand.Rand
}

type point struct{ x, y float64 } // mm

// mark draws one shape at a target.
func (k *ink) mark(h Hand, s Shape, t ballot.Target) {
	cx, cy := t.Centre()
	clamp := func(v, limit float64) float64 { return max(-limit, min(limit, v)) }
	cx += clamp(h.OffX+k.r.NormFloat64()*h.Spread, t.W*0.30)
	cy += clamp(h.OffY+k.r.NormFloat64()*h.Spread, t.H*0.30)
	size := h.Size * between(k.r, 0.88, 1.14)
	switch s {
	case Tick, LongTick:
		tail := h.Tail
		if s == LongTick {
			tail *= between(k.r, 1.3, 1.7)
		}
		k.tick(h, point{cx, cy}, size, tail)
	case Cross:
		d := size * 0.42
		k.curve(h, point{cx - d, cy - d}, point{cx + d, cy + d})
		k.curve(h, point{cx + d, cy - d}, point{cx - d, cy + d})
	case Circle:
		k.loop(h, point{cx, cy}, t.W*between(k.r, 0.24, 0.42), t.H*between(k.r, 0.24, 0.42))
	case Ring:
		x, y := t.Centre()
		room := min(t.Cell.W, t.Cell.H) / 2
		k.loop(h, point{x + clamp(h.OffX, 0.5), y + clamp(h.OffY, 0.5)}, min(room*0.98, t.W*between(k.r, 0.62, 0.88)), min(room*1.02, t.H*between(k.r, 0.6, 0.85)))
	case Fill:
		k.fill(h, ballot.Rect{X: cx - t.W*0.42, Y: cy - t.H*0.42, W: t.W * 0.84, H: t.H * 0.84}, h.Pen.Width*0.75)
	case Scribble:
		k.fill(h, ballot.Rect{X: cx - t.W*0.4, Y: cy - t.H*0.4, W: t.W * 0.8, H: t.H * 0.8}, between(k.r, 0.9, 1.5))
	case Slash:
		d := size * between(k.r, 0.4, 0.55)
		k.curve(h, point{cx - d*0.7, cy + d}, point{cx + d*0.7, cy - d})
	}
}

// tick draws a √ whose vertex lies near the lower part of the box.
func (k *ink) tick(h Hand, c point, size, tail float64) {
	short := size * 0.42
	long := short * tail
	vertex := point{c.x - size*0.1, c.y + size*between(k.r, 0.22, 0.36)}
	a, b := h.Slant+between(k.r, 0.75, 1.05), h.Slant+between(k.r, 0.75, 1.1)
	start := point{vertex.x - short*math.Cos(a), vertex.y - short*math.Sin(a)}
	end := point{vertex.x + long*math.Cos(b), vertex.y - long*math.Sin(b)}
	if k.r.Float64() < 0.2 { // a hook at the start
		k.curve(h, point{start.x - 0.3, start.y + 0.25}, start, vertex, end)
		return
	}
	k.curve(h, start, vertex, end)
}

func (k *ink) loop(h Hand, c point, rx, ry float64) {
	from := between(k.r, 0, 2*math.Pi)
	turn := between(k.r, 1.9, 2.3) * math.Pi
	var points []point
	for a := 0.0; a <= turn; a += 0.15 {
		points = append(points, point{c.x + rx*math.Cos(from+a), c.y + ry*math.Sin(from+a)})
	}
	k.curve(h, points...)
}

// fill draws a zigzag over a rectangle, step mm from line to line.
func (k *ink) fill(h Hand, r ballot.Rect, step float64) {
	var points []point
	left := true
	for y := r.Y; y <= r.Bottom(); y += step {
		a, b := point{r.X, y}, point{r.Right(), y + step/2}
		if !left {
			a, b = b, a
		}
		points = append(points, a, b)
		left = !left
	}
	k.curve(h, points...)
}

// curve draws a stroke through points with the hand's tremble and a pressure that swells and fades.
func (k *ink) curve(h Hand, points ...point) {
	phase, wave := between(k.r, 0, 6), between(k.r, 1.5, 4)
	length := 0.0
	for i := 0; i+1 < len(points); i++ {
		length += math.Hypot(points[i+1].x-points[i].x, points[i+1].y-points[i].y)
	}
	done, step := 0.0, 0.4/k.scale
	for i := 0; i+1 < len(points); i++ {
		a, b := points[i], points[i+1]
		d := math.Hypot(b.x-a.x, b.y-a.y)
		for s := 0.0; s <= d; s += step {
			f := s / max(d, 1e-9)
			at := done + s
			shake := h.Tremble * math.Sin(phase+at*wave)
			pressure := 0.8 + 0.2*math.Sin(math.Pi*min(1, at/max(length, 0.1)))
			k.dot(a.x+(b.x-a.x)*f+shake, a.y+(b.y-a.y)*f+shake*0.7, h.Pen, pressure)
		}
		done += d
	}
}

// dot presses the pen once: a disc with a soft edge; darker ink wins.
func (k *ink) dot(x, y float64, p Pen, pressure float64) {
	r := p.Width / 2 * pressure * k.scale
	cx, cy := x*k.scale, y*k.scale
	gray := 255 - (255-p.Gray)*pressure
	for py := max(0, int(cy-r-1)); py <= min(k.img.H-1, int(cy+r+1)); py++ {
		for px := max(0, int(cx-r-1)); px <= min(k.img.W-1, int(cx+r+1)); px++ {
			cover := r + 0.5 - math.Hypot(float64(px)+0.5-cx, float64(py)+0.5-cy)
			if cover <= 0 {
				continue
			}
			v := gray
			if cover < 1 {
				v = 255 - (255-gray)*cover
			}
			if p.Grain > 0 && grain(px, py) < p.Grain {
				v = (v + 2*255) / 3
			}
			if at := py*k.img.W + px; v < float64(k.img.Pix[at]) {
				k.img.Pix[at] = byte(v)
			}
		}
	}
}

// grain is the paper's tooth: a fixed pseudo-random number in 0…1 for each pixel.
func grain(x, y int) float64 {
	h := uint32(x)*2654435761 ^ uint32(y)*2246822519
	h ^= h >> 15
	h *= 2654435761
	return float64(h>>8) / (1 << 24)
}

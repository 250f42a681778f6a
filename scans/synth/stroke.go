package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/scans/raster"
)

type point struct{ x, y float64 } // mm on the page

// stroke is the way of a pen from touching the paper to leaving it, in steps of about stepLength.
type stroke []point

const stepLength = 0.25 // mm between points of a stroke: two to three pixels at 300 dpi

// bezier samples a quadratic Bézier curve from a to b, drawn towards c.
func bezier(a, c, b point) stroke {
	n := int(math.Ceil((math.Hypot(c.x-a.x, c.y-a.y)+math.Hypot(b.x-c.x, b.y-c.y))/stepLength)) + 1
	s := make(stroke, 0, n+1)
	for i := 0; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		s = append(s, point{u*u*a.x + 2*u*t*c.x + t*t*b.x, u*u*a.y + 2*u*t*c.y + t*t*b.y})
	}
	return s
}

// line is a stroke from a to b that bows sideways by a share of its length.
func line(a, b point, bow float64) stroke {
	return bezier(a, point{(a.x+b.x)/2 - (b.y-a.y)*bow*2, (a.y+b.y)/2 + (b.x-a.x)*bow*2}, b)
}

func (s stroke) length() float64 {
	sum := 0.0
	for i := 1; i < len(s); i++ {
		sum += math.Hypot(s[i].x-s[i-1].x, s[i].y-s[i-1].y)
	}
	return sum
}

// tremble shakes a stroke by sums of slow waves, amplitude in mm.
func (s stroke) tremble(amplitude float64, r *rand.Rand) {
	if amplitude <= 0 {
		return
	}
	var wave, phase [4]float64
	for i := range wave {
		wave[i], phase[i] = between(r, 0.6, 3.2), between(r, 0, 2*math.Pi) // radians per mm: waves of 2–10 mm
	}
	at := 0.0
	for i := range s {
		if i > 0 {
			at += math.Hypot(s[i].x-s[i-1].x, s[i].y-s[i-1].y)
		}
		s[i].x += amplitude * (math.Sin(at*wave[0]+phase[0]) + 0.5*math.Sin(at*wave[1]+phase[1]))
		s[i].y += amplitude * (math.Sin(at*wave[2]+phase[2]) + 0.5*math.Sin(at*wave[3]+phase[3]))
	}
}

// ink is a picture being written on.
type ink struct {
	img   *raster.Image
	scale float64 // pixels per mm
	r     *rand.Rand
	patch []byte // coverage of one stroke, reused
}

// write puts one stroke on the paper. flick is how much it thins out over its last third.
func (k *ink) write(p Pen, s stroke, flick float64) {
	if len(s) == 0 {
		return
	}
	reach := p.Width/2 + 0.2
	x0, y0, x1, y1 := k.bounds(s, reach)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	w := x1 - x0
	n := w * (y1 - y0)
	if cap(k.patch) < n {
		k.patch = make([]byte, n)
	}
	patch := k.patch[:n]
	clear(patch)
	total, at, skip := s.length(), 0.0, between(k.r, 0, 6)
	for i := range s {
		a, b := s[max(0, i-1)], s[i]
		at += math.Hypot(b.x-a.x, b.y-a.y)
		press := pressure(at, total, flick)
		if p.Skip > 0 && math.Sin(at*2.1+skip)+math.Sin(at*5.3+2*skip) > 2-4*p.Skip {
			press *= 0.45
		}
		capsule(patch, w, point{a.x*k.scale - float64(x0), a.y*k.scale - float64(y0)},
			point{b.x*k.scale - float64(x0), b.y*k.scale - float64(y0)}, p.Width/2*k.scale*(0.55+0.45*press), 255*press)
	}
	k.stain(patch, x0, y0, w, p)
}

// pressure of the pen at a place of a stroke: it sets down, presses and leaves.
func pressure(at, total, flick float64) float64 {
	press := min(1, 0.75+at/1.5)
	if rest := total - at; rest < total/3 && total > 0 {
		press *= 1 - 0.6*flick*(1-rest/(total/3))
	}
	return press
}

// bounds is the part of the picture that a stroke may touch, in pixels.
func (k *ink) bounds(s stroke, reach float64) (x0, y0, x1, y1 int) {
	lo, hi := s[0], s[0]
	for _, p := range s {
		lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	return max(0, int((lo.x-reach)*k.scale)), max(0, int((lo.y-reach)*k.scale)),
		min(k.img.W, int((hi.x+reach)*k.scale)+2), min(k.img.H, int((hi.y+reach)*k.scale)+2)
}

// capsule covers the pixels within radius of the line from a to b, in the patch's pixels, by up to level.
func capsule(patch []byte, w int, a, b point, radius, level float64) {
	h := len(patch) / w
	dx, dy := b.x-a.x, b.y-a.y
	inv := 1 / max(dx*dx+dy*dy, 1e-9)
	outer := radius + 0.5
	for y := max(0, int(min(a.y, b.y)-outer)); y <= min(h-1, int(max(a.y, b.y)+outer)); y++ {
		for x := max(0, int(min(a.x, b.x)-outer)); x <= min(w-1, int(max(a.x, b.x)+outer)); x++ {
			px, py := float64(x)+0.5-a.x, float64(y)+0.5-a.y
			t := max(0, min(1, (px*dx+py*dy)*inv))
			ex, ey := px-t*dx, py-t*dy
			d := ex*ex + ey*ey
			if d >= outer*outer {
				continue
			}
			c := byte(level * min(1, outer-math.Sqrt(d)))
			if at := y*w + x; c > patch[at] {
				patch[at] = c
			}
		}
	}
}

// stain darkens the picture where the patch is covered, as ink does: light passes through every layer.
func (k *ink) stain(patch []byte, x0, y0, w int, p Pen) {
	dark := 255 - p.Gray
	cell := k.scale / 12 // the paper's tooth is about 1/12 mm
	for i, c := range patch {
		if c == 0 {
			continue
		}
		x, y := x0+i%w, y0+i/w
		d := float64(c) / 255 * dark
		if p.Grain > 0 && grain(int(float64(x)/cell), int(float64(y)/cell)) < p.Grain+0.3*(1-float64(c)/255) {
			d *= 0.3
		}
		at := y*k.img.W + x
		k.img.Pix[at] = byte(float64(k.img.Pix[at]) * (255 - d) / 255)
	}
}

// grain is the paper's tooth: a fixed pseudo-random number in 0…1 for each place.
func grain(x, y int) float64 {
	h := uint32(x)*2654435761 ^ uint32(y)*2246822519
	h ^= h >> 15
	h *= 2654435761
	return float64(h>>8) / (1 << 24)
}

// dot sets the pen down once.
func (k *ink) dot(x, y float64, p Pen) { k.write(p, stroke{{x, y}}, 0) }

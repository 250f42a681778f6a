package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/scans/raster"
)

// soil puts on the paper what lies on it: folds, holes, a staple, a corner folded over, specks.
func soil(m *raster.Image, d Damage, r *rand.Rand) {
	k := &ink{img: m, scale: m.DPI / 25.4, r: r}
	w, h := float64(m.W)/k.scale, float64(m.H)/k.scale
	for range d.Folds {
		k.fold(w, h)
	}
	if d.Corner > 0 && d.Folded {
		k.dogEar(d, w, h)
	}
	if d.Holes { // ISO 838: 6 mm wide, 80 mm apart, 12 mm from the edge
		hole := Pen{Width: 6, Gray: between(r, 0, 60)}
		k.dot(12, h/2-40, hole)
		k.dot(12, h/2+40, hole)
		x, y := between(r, 6, 12), between(r, 6, 12)
		k.write(Pen{Width: 0.5, Gray: between(r, 40, 110)}, line(point{x, y + 6}, point{x + 8, y - 2}, 0), 0)
	}
	for range d.Specks {
		k.dot(between(r, 0, w), between(r, 0, h), Pen{Width: between(r, 0.1, 0.45), Gray: between(r, 20, 140)})
	}
}

// fold draws a crease over the whole sheet: in the middle or a third as people fold, or anywhere. A
// crease is a dark line, here and there broken, with a paler one beside it where the paper bulges.
func (k *ink) fold(w, h float64) {
	at := []float64{0.5, 1.0 / 3, 2.0 / 3, between(k.r, 0.1, 0.9), between(k.r, 0.1, 0.9)}[k.r.IntN(5)] + between(k.r, -0.01, 0.01)
	lean := between(k.r, -4, 4)
	a, b := point{0, at * h}, point{w, at*h + lean}
	beside := point{0, between(k.r, 0.3, 0.7)}
	if k.r.IntN(2) == 0 {
		a, b = point{at * w, 0}, point{at*w + lean, h}
		beside = point{beside.y, 0}
	}
	crease := Pen{Width: between(k.r, 0.12, 0.5), Gray: between(k.r, 140, 225), Skip: between(k.r, 0, 0.3)}
	bow, wave := between(k.r, -0.002, 0.002), between(k.r, 0, 0.15)
	s := line(a, b, bow)
	s.tremble(wave, k.r)
	k.write(crease, s, 0)
	bulge := make(stroke, len(s))
	for i, p := range s {
		bulge[i] = point{p.x + beside.x, p.y + beside.y}
	}
	k.write(Pen{Width: 0.6, Gray: between(k.r, 228, 250)}, bulge, 0)
}

// dogEar lays the folded corner's white back on the page, with a shadow along its edge.
func (k *ink) dogEar(d Damage, w, h float64) {
	cut := d.cut(w, h)
	length := math.Hypot(cut.nx, cut.ny)
	corner := point{0, 0}
	if d.Corner%2 == 0 {
		corner.x = w
	}
	if d.Corner > 2 {
		corner.y = h
	}
	reach := max(d.Legs[0], d.Legs[1]) * 1.5
	x0, x1 := max(0, int((corner.x-reach)*k.scale)), min(k.img.W, int((corner.x+reach)*k.scale))
	y0, y1 := max(0, int((corner.y-reach)*k.scale)), min(k.img.H, int((corner.y+reach)*k.scale))
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			p := point{(float64(x) + 0.5) / k.scale, (float64(y) + 0.5) / k.scale}
			over := (cut.nx*p.x + cut.ny*p.y + cut.d) / length // mm inside the crease
			if over < 0 {
				continue
			}
			// The place of the back that lies here is its mirror image in the crease.
			q := point{p.x - 2*over*cut.nx/length, p.y - 2*over*cut.ny/length}
			edge := min(min(q.x, w-q.x), min(q.y, h-q.y)) // mm inside the paper's edge
			switch at := y*k.img.W + x; {
			case edge >= 0:
				k.img.Pix[at] = 250
			case edge > -0.4: // shadow
				k.img.Pix[at] = byte(float64(k.img.Pix[at]) * 0.8)
			}
		}
	}
}

// streaks are what dirt on the scanner's glass draws along the whole scan: straight lines, dark or gray,
// some of them only from a place on.
func streaks(m *raster.Image, d Damage, r *rand.Rand) {
	for range d.Streaks {
		width := max(1, int(math.Round(between(r, 0.1, 0.4)*d.DPI/25.4)))
		x0 := int(between(r, 0.03, 0.97) * float64(m.W-width))
		keep := int(between(r, 40, 190)) // of 256
		y0 := 0
		if r.IntN(3) == 0 {
			y0 = r.IntN(m.H)
		}
		for y := y0; y < m.H; y++ {
			row := m.Pix[y*m.W+x0 : y*m.W+x0+width]
			for i, v := range row {
				row[i] = byte(int(v) * keep >> 8)
			}
		}
	}
}

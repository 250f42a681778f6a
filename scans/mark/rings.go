package mark

import (
	"math"
	"math/bits"
)

// A ring drawn close round a box meets the box's outline and falls into arcs when the outline is taken
// out. Arcs that keep to one cell and together go round its box are one mark.

const (
	sectors     = 16
	ringSectors = 11 // of sixteen that must hold ink beside the box
	ringArea    = 60 // pixels (1.7 mm²) that the arcs hold together at least
)

// joinRings finds the cells whose loose strokes go round the box and makes those strokes aimed at it.
func (m *Meter) joinRings() {
	s := &m.strip
	seen, area := map[int]uint32{}, map[int]int{}
	for _, r := range m.labels.Runs {
		k := &m.strokes[r.Comp]
		if k.kind != beside {
			continue
		}
		b := s.boxes[k.owner]
		cx, cy := float64(b.x0+b.x1)/2, float64(b.y0+b.y1)/2
		for x := r.X0; x < r.X1; x++ {
			a := math.Atan2(float64(r.Y)+0.5-cy, float64(x)+0.5-cx) + math.Pi
			seen[k.owner] |= 1 << (int(a/(2*math.Pi)*sectors) % sectors)
		}
		area[k.owner] += int(r.X1 - r.X0)
	}
	for i := range m.strokes {
		k := &m.strokes[i]
		if k.kind == beside && area[k.owner] >= ringArea && bits.OnesCount32(seen[k.owner]) >= ringSectors {
			k.kind = aimed
		}
	}
}

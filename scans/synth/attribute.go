package synth

import "pingyi/ballot"

// What makes a mark plainly one target's to a careful person. Public scans of ticks keep three quarters
// of their ink at their box; these bounds leave room for worse and stay on the side of the obvious.
const (
	ownShare    = 0.58 // least share of the ink within the target's own cell
	messyShare  = 0.50 // the same, for messy hands
	otherShare  = 0.20 // most share within any other target's box
	messyOthers = 0.28
	anchorSlack = 0.5 // mm that a tick's vertex may lie outside the box
)

// attributable tells whether a careful person would give the drawing to the target without hesitating:
// most of it and its middle lie in the target's cell, its vertex at the box, and little of it in any
// other target's box.
func (d drawing) attributable(shape Shape, t ballot.Target, others []ballot.Target, messy bool) bool {
	own, foreign := ownShare, otherShare
	if messy {
		own, foreign = messyShare, messyOthers
	}
	place := t.Rect.Inset(-anchorSlack)
	if shape == Beside {
		own, foreign, place = 0.9, 0, t.Cell
	}
	total, inCell, inBox, sx, sy := 0, 0, 0, 0.0, 0.0
	most := 0
	for _, s := range d.strokes {
		for _, p := range s {
			total++
			sx, sy = sx+p.x, sy+p.y
			if t.Cell.Contains(p.x, p.y) {
				inCell++
			}
			if t.Rect.Contains(p.x, p.y) {
				inBox++
			}
		}
	}
	for _, o := range others {
		n := 0
		for _, s := range d.strokes {
			for _, p := range s {
				if o.Rect.Contains(p.x, p.y) {
					n++
				}
			}
		}
		most = max(most, n)
	}
	n := float64(total)
	switch {
	case total == 0, !place.Contains(d.anchor.x, d.anchor.y), !t.Cell.Contains(sx/n, sy/n):
		return false
	case float64(inCell) < own*n, float64(most) > foreign*n:
		return false
	case shape == Beside:
		return inBox == 0
	case shape == Ring, shape == Under: // their ink lies round the box, or under it
		return true
	}
	return inBox > 2*most && float64(inBox) >= 0.25*n
}

// attempts to draw a mark before it is drawn smaller; and how much smaller.
const (
	attempts = 6
	smaller  = 0.88
)

// attributed draws a shape again, smaller after a while, until it is plainly the target's. A shape that
// never fits, such as a mark beside a box that fills its cell, becomes a tick.
func (k *ink) attributed(h Hand, shape Shape, t ballot.Target, others []ballot.Target) (Shape, drawing) {
	for size := 1.0; size > 0.3; size *= smaller {
		for range attempts {
			d := h.draw(shape, t, size, k.r)
			for _, s := range d.strokes {
				s.tremble(h.Tremble, k.r)
			}
			if d.attributable(shape, t, others, h.Messy) {
				return shape, d
			}
		}
	}
	x, y := t.Centre()
	return Tick, h.tick(point{x, y}, t.H*0.7, k.r)
}

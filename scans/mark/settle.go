package mark

import "slices"

// Two kinds of stroke can only be settled once all strokes of the block are known: a long tail that ends in
// a box of another row, and a mark drawn beside its box.

const (
	leastMark  = 1.0  // mm² of ink from which a row counts as marked
	apartReach = 12   // pixels (2 mm), the longest side of a mark beside its box at least
	apartFlat  = 5    // pixels, its shorter side at least
	apartOther = 0.15 // of its ink that may lie in another cell
	apartEdge  = 7    // pixels, a printed line and two to either side, by which strokes of other cells keep off
)

// settleTails clears strokes of doubt about the box of another row in which their tail ends: where that row
// has a mark of its own, in that box or elsewhere, the tail changes nothing there.
func (m *Meter) settleTails() {
	cols := m.strip.cols()
	marked := make([]bool, m.strip.rows())
	for i := range m.strokes {
		if k := &m.strokes[i]; k.kind == aimed && mm2(k.area) >= leastMark {
			marked[k.owner/cols] = true
		}
	}
	for i := range m.strokes {
		if k := &m.strokes[i]; k.rivalled {
			k.rivalled = slices.ContainsFunc(k.cells, func(c share) bool {
				return c.cell != k.owner && c.inBox >= touchArea && !marked[c.cell/cols]
			})
		}
	}
}

// isApart tells whether a stroke beside its box is no mere line and no tail of a mark elsewhere: all but all
// of it lies in the cell, it enters no other box, and where it meets the edge of the cell no other stroke
// meets the edge from beyond.
func (m *Meter) isApart(k *stroke) bool {
	w, h := k.maxX-k.minX+1, k.maxY-k.minY+1
	if max(w, h) < apartReach || min(w, h) < apartFlat {
		return false
	}
	for _, c := range k.cells {
		if c.cell != k.owner && (c.inBox > 0 || float64(c.area) > apartOther*float64(k.area)) {
			return false
		}
	}
	for i := range m.strokes {
		if o := &m.strokes[i]; o != k && o.kind != speck && o.minX <= k.maxX+apartEdge && o.maxX >= k.minX-apartEdge &&
			o.minY <= k.maxY+apartEdge && o.maxY >= k.minY-apartEdge && m.strip.acrossEdge(k, o) {
			return false
		}
	}
	return true
}

// acrossEdge tells whether two strokes that come near each other lie on either side of a rule.
func (s *strip) acrossEdge(k, o *stroke) bool {
	for _, c := range o.cells {
		if c.cell != k.owner {
			return true
		}
	}
	return false
}

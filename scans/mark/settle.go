package mark

// Two kinds of stroke can only be settled once all strokes of the block are known: a long tail that ends in
// a box of another row, and a mark drawn beside its box.

const (
	apartEdge  = 3  // pixels by which a mark beside its box clears the edges of its cell: a tail from elsewhere does not
	apartReach = 12 // pixels (2 mm), its longest side at least
	apartFlat  = 5  // pixels, its shorter side at least
)

// settleTails gives a stroke to the cell that holds most of it and its lowest point although its tail ends
// in another box, where the row of that box has its own mark elsewhere or in that very box: then the tail
// changes nothing there. A chain of tails is settled link by link.
func (m *Meter) settleTails() {
	s := &m.strip
	marked := make([]bool, s.rows())
	for again := true; again; {
		again = false
		for i := range m.strokes {
			if k := &m.strokes[i]; k.kind == aimed && mm2(k.area) >= 1 {
				marked[k.owner/s.cols()] = true
			}
		}
		for i := range m.strokes {
			k := &m.strokes[i]
			if k.kind == between && k.owner != noOwner && m.harmless(k, marked) {
				k.kind, again = aimed, true
			}
		}
	}
}

// harmless tells whether a stroke runs through no box of its own row but one, and otherwise only through
// boxes of rows with marks.
func (m *Meter) harmless(k *stroke, marked []bool) bool {
	cols := m.strip.cols()
	for _, c := range k.cells {
		if c.cell == k.owner || c.inBox < touchArea {
			continue
		}
		if c.cell/cols == k.owner/cols || !marked[c.cell/cols] {
			return false
		}
	}
	return true
}

// isApart tells whether a stroke beside its box stands well inside the cell and is no mere line.
func (s *strip) isApart(k *stroke) bool {
	r, c := k.owner/s.cols(), k.owner%s.cols()
	w, h := k.maxX-k.minX+1, k.maxY-k.minY+1
	return len(k.cells) == 1 && max(w, h) >= apartReach && min(w, h) >= apartFlat &&
		k.minX >= s.colLeft[c]+apartEdge && k.maxX < s.colLeft[c+1]-apartEdge &&
		k.minY >= s.rowTop[r]+apartEdge && k.maxY < s.rowTop[r+1]-apartEdge
}

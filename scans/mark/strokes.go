package mark

import "slices"

// stroke is a connected piece of ink with where it lies.
type stroke struct {
	area                   int // pixels
	minX, minY, maxX, maxY int
	lowX, lowY             int // its lowest point: the vertex of a tick
	depth                  int // sum of gray levels below paper
	cells                  []share
	owner                  int // cell index, or noOwner
	kind                   kind
	rivalled               bool // aimed at its owner, but its tail may be meant for a box of another row: see settleTails
}

// share is how much of a stroke lies in a cell and in that cell's box.
type share struct{ cell, area, inBox int }

type kind uint8

const (
	aimed   kind = iota // in, through or round one box
	speck               // dirt: too small for a mark
	residue             // print that the lines did not cover
	beside              // keeps to a cell but neither enters nor surrounds its box
	between             // cannot be given to one box
)

const noOwner = -1

// Constants of attribution, in pixels of 1/6 mm where not said otherwise. See the package README.
const (
	speckArea    = 9    // 0.25 mm²
	speckReach   = 6    // 1.0 mm
	mostShare    = 0.72 // of a stroke's ink in one cell: it belongs there
	someShare    = 0.50 // enough where the lowest point and most of the ink in boxes lie there too
	touchArea    = 8    // pixels in the box by which a stroke enters it
	touchShare   = 0.05
	rivalShare   = 0.40 // of the ink in the owner's box that another box may hold
	rivalArea    = 20
	ringOff      = 16 // by which the middle of a ring may lie off the middle of its box
	ringMargin   = 3  // by which a ring clears the middle of the box's sides
	residueThick = 1.6
)

// collect turns the labelled components into strokes.
func (m *Meter) collect() {
	s := &m.strip
	m.strokes = m.strokes[:0]
	for i := range m.labels.Comps {
		c := &m.labels.Comps[i]
		m.strokes = append(m.strokes, stroke{area: c.Area, minX: c.MinX, minY: c.MinY, maxX: c.MaxX, maxY: c.MaxY, owner: noOwner, lowY: -1})
	}
	for _, r := range m.labels.Runs {
		k := &m.strokes[r.Comp]
		y := int(r.Y)
		if y > k.lowY {
			k.lowX, k.lowY = int(r.X0+r.X1)/2, y
		}
		s.addRun(k, int(r.X0), int(r.X1), y)
	}
}

// addRun adds one run of ink to the cells and boxes that it crosses.
func (s *strip) addRun(k *stroke, x0, x1, y int) {
	row := int(s.rowOf[y])
	for x := x0; x < x1; {
		col := int(s.colOf[x])
		end := min(x1, s.colLeft[col+1])
		cell := row*s.cols() + col
		sh := k.shareOf(cell)
		sh.area += end - x
		b := s.boxes[cell]
		if y >= b.y0 && y < b.y1 {
			sh.inBox += max(0, min(end, b.x1)-max(x, b.x0))
		}
		for _, v := range s.pix[y*s.w+x : y*s.w+end] {
			k.depth += max(0, s.paper[cell]-int(v))
		}
		x = end
	}
}

func (k *stroke) shareOf(cell int) *share {
	for i := range k.cells {
		if k.cells[i].cell == cell {
			return &k.cells[i]
		}
	}
	k.cells = append(k.cells, share{cell: cell})
	return &k.cells[len(k.cells)-1]
}

// reach is the larger side of the bounding box, in pixels.
func (k *stroke) reach() int { return max(k.maxX-k.minX, k.maxY-k.minY) + 1 }

// attribute decides which target a stroke was aimed at.
func (s *strip) attribute(k *stroke) {
	if k.area < speckArea || k.reach() < speckReach && k.area < 2*speckArea {
		k.kind = speck
		return
	}
	if s.isResidue(k) {
		k.kind = residue
		return
	}
	if cell, ok := s.ringed(k); ok {
		k.kind, k.owner = aimed, cell
		return
	}
	best := k.cells[0]
	for _, c := range k.cells {
		if c.area > best.area {
			best = c
		}
	}
	part := float64(best.area) / float64(k.area)
	touches := best.inBox >= touchArea && float64(best.inBox) >= touchShare*float64(k.area)
	switch {
	case k.rival(best) && (s.sameRowRival(k, best) || part < mostShare || !touches || s.cellAt(k.lowX, k.lowY) != best.cell):
		k.kind = between
	case k.rival(best):
		k.kind, k.owner, k.rivalled = aimed, best.cell, true
	case part >= mostShare && touches:
		k.kind, k.owner = aimed, best.cell
	case part >= someShare && touches && s.cellAt(k.lowX, k.lowY) == best.cell:
		k.kind, k.owner = aimed, best.cell
	case part >= mostShare:
		k.kind, k.owner = beside, best.cell
	default:
		k.kind = between
	}
}

func (s *strip) cellAt(x, y int) int { return int(s.rowOf[y])*s.cols() + int(s.colOf[x]) }

// rival tells whether a stroke holds so much ink in another box that it may be meant for that one too.
func (k *stroke) rival(best share) bool {
	return slices.ContainsFunc(k.cells, func(c share) bool { return c.rivals(best) })
}

func (c share) rivals(best share) bool {
	return c.cell != best.cell && c.inBox >= rivalArea && float64(c.inBox) > rivalShare*float64(best.inBox)
}

func (s *strip) sameRowRival(k *stroke, best share) bool {
	return slices.ContainsFunc(k.cells, func(c share) bool { return c.rivals(best) && c.cell/s.cols() == best.cell/s.cols() })
}

// ringed recognises a ring drawn round one box: its middle is the box's, it clears the box's middle on
// all sides, and it surrounds no other box.
func (s *strip) ringed(k *stroke) (int, bool) {
	cx, cy := (k.minX+k.maxX)/2, (k.minY+k.maxY)/2
	cell := s.cellAt(cx, cy)
	b := s.boxes[cell]
	mx, my := (b.x0+b.x1)/2, (b.y0+b.y1)/2
	if abs(cx-mx) > ringOff || abs(cy-my) > ringOff || !k.surrounds(b) {
		return 0, false
	}
	for _, c := range k.cells {
		if c.cell != cell && (k.surrounds(s.boxes[c.cell]) || c.inBox >= rivalArea) {
			return 0, false
		}
	}
	inside := 0
	for _, c := range k.cells {
		if c.cell == cell {
			inside = c.inBox
		}
	}
	// A ring leaves its middle empty; whatever does not is judged as any other stroke.
	side := (b.x1 - b.x0) * (b.y1 - b.y0)
	w, h := k.maxX-k.minX+1, k.maxY-k.minY+1
	return cell, inside*3 < side && k.area*2 < w*h
}

func (k *stroke) surrounds(b box) bool {
	mx, my := (b.x0+b.x1)/2, (b.y0+b.y1)/2
	return k.minX < mx-ringMargin*2 && k.maxX > mx+ringMargin*2 && k.minY < my-ringMargin*2 && k.maxY > my+ringMargin*2 &&
		k.maxX-k.minX > (b.x1-b.x0)*3/4 && k.maxY-k.minY > (b.y1-b.y0)*3/4
}

// isResidue tells whether a stroke is the edge of a printed line that registration left uncovered: thin,
// straight along the line, and right beside it.
func (s *strip) isResidue(k *stroke) bool {
	w, h := k.maxX-k.minX+1, k.maxY-k.minY+1
	long, short := max(w, h), min(w, h)
	if short > 3 || float64(k.area) > residueThick*float64(long) {
		return false
	}
	for _, l := range s.printed {
		if l.vertical == (h >= w) && k.minX >= l.x0-3 && k.maxX < l.x1+3 && k.minY >= l.y0-3 && k.maxY < l.y1+3 {
			return true
		}
	}
	return false
}

func abs(v int) int { return max(v, -v) }

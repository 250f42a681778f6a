package raster

import (
	"encoding/binary"
	"math/bits"
)

// Run is a horizontal stretch of set pixels, X1 exclusive. Comp is the index of its component.
type Run struct {
	Y, X0, X1 int32
	Comp      int32
}

// Component is an 8-connected set of pixels. The bounds are inclusive pixel coordinates.
type Component struct {
	Area                   int // pixels
	MinX, MinY, MaxX, MaxY int
	SumX, SumY             int // of pixel coordinates, for the centroid
}

// Width is that of the bounding box, in pixels.
func (c Component) Width() int { return c.MaxX - c.MinX + 1 }

// Height is that of the bounding box, in pixels.
func (c Component) Height() int { return c.MaxY - c.MinY + 1 }

// Labels holds the runs and components of a mask; its buffers are reused between calls of Label.
type Labels struct {
	Runs   []Run // in reading order
	Comps  []Component
	parent []int32
}

// Label finds the 8-connected components of the non-zero bytes of a w × h mask.
func (l *Labels) Label(mask []byte, w, h int) {
	l.Runs, l.Comps, l.parent = l.Runs[:0], l.Comps[:0], l.parent[:0]
	prev, prevEnd := 0, 0 // runs of the row above
	for y := 0; y < h; y++ {
		start := len(l.Runs)
		l.runsOf(mask[y*w:(y+1)*w], y)
		l.join(prev, prevEnd, start)
		prev, prevEnd = start, len(l.Runs)
	}
	l.resolve()
}

func (l *Labels) runsOf(row []byte, y int) {
	for x := 0; x < len(row); x++ {
		for x+8 <= len(row) { // most of a page is paper
			if next := binary.LittleEndian.Uint64(row[x:]); next != 0 {
				x += bits.TrailingZeros64(next) / 8
				break
			}
			x += 8
		}
		if x == len(row) {
			return
		}
		if row[x] == 0 {
			continue
		}
		x0 := x
		for x < len(row) && row[x] != 0 {
			x++
		}
		l.Runs = append(l.Runs, Run{Y: int32(y), X0: int32(x0), X1: int32(x), Comp: int32(len(l.Runs))})
		l.parent = append(l.parent, int32(len(l.parent)))
	}
}

// join unites the runs from start on with those of the row above that touch them, corners included.
func (l *Labels) join(a, aEnd, start int) {
	for b := start; b < len(l.Runs) && a < aEnd; {
		above, below := &l.Runs[a], &l.Runs[b]
		if above.X0 <= below.X1 && below.X0 <= above.X1 {
			l.unite(int32(a), int32(b))
		}
		if above.X1 < below.X1 {
			a++
		} else {
			b++
		}
	}
}

func (l *Labels) root(i int32) int32 {
	for l.parent[i] != i {
		l.parent[i] = l.parent[l.parent[i]]
		i = l.parent[i]
	}
	return i
}

func (l *Labels) unite(a, b int32) {
	ra, rb := l.root(a), l.root(b)
	if ra < rb {
		l.parent[rb] = ra
	} else {
		l.parent[ra] = rb
	}
}

// resolve numbers the components in the order of their first run and sums their measures.
func (l *Labels) resolve() {
	for i := range l.Runs {
		r := &l.Runs[i]
		root := l.root(int32(i))
		if root == int32(i) {
			r.Comp = int32(len(l.Comps))
			l.Comps = append(l.Comps, Component{MinX: int(r.X0), MinY: int(r.Y), MaxX: int(r.X1) - 1, MaxY: int(r.Y)})
		} else {
			r.Comp = l.Runs[root].Comp
		}
		l.Comps[r.Comp].add(*r)
	}
}

func (c *Component) add(r Run) {
	n := int(r.X1 - r.X0)
	c.Area += n
	c.SumX += n * int(r.X0+r.X1-1) / 2
	c.SumY += n * int(r.Y)
	c.MinX, c.MaxX = min(c.MinX, int(r.X0)), max(c.MaxX, int(r.X1)-1)
	c.MinY, c.MaxY = min(c.MinY, int(r.Y)), max(c.MaxY, int(r.Y))
}

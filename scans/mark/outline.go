package mark

import "slices"

// Ink that runs along a box's outline is taken out with it: a small ring drawn exactly on the outline
// leaves nothing. So the outlines themselves are weighed, each against those of the boxes around it.

// outlineRows is how many rows above and below a box take part in what its outline is held against.
const outlineRows = 3

// weighOutlines fills s.outline with the ink, in pixels of half-dark ink, by which each box's outline is
// darker than most of those around it.
func (s *strip) weighOutlines() {
	cols := s.cols()
	weights := make([]int, len(s.boxes))
	for cell, b := range s.boxes {
		weights[cell] = s.outlineDepth(cell, b)
	}
	s.outline = s.outline[:0]
	near := make([]int, 0, (2*outlineRows+1)*cols)
	for r := 0; r < s.rows(); r++ {
		from, to := max(0, r-outlineRows), min(s.rows(), r+outlineRows+1)
		near = append(near[:0], weights[from*cols:to*cols]...)
		slices.Sort(near)
		for c := 0; c < cols; c++ {
			cell := r*cols + c
			extra := weights[cell] - near[(len(near)-1)/2]
			s.outline = append(s.outline, max(0, 2*extra/max(1, s.paper[cell])))
		}
	}
}

// outlineDepth sums how much darker than paper the four sides of an outline are, in gray levels.
func (s *strip) outlineDepth(cell int, b box) int {
	depth := 0
	sum := func(x0, y0, x1, y1 int) {
		for y := max(0, y0); y < min(s.h, y1); y++ {
			for _, v := range s.pix[y*s.w+max(0, x0) : y*s.w+min(s.w, x1)] {
				depth += max(0, s.paper[cell]-int(v))
			}
		}
	}
	const half = outlineHalf
	sum(b.x0-half, b.y0-half, b.x1+half+1, b.y0+half+1)
	sum(b.x0-half, b.y1-half, b.x1+half+1, b.y1+half+1)
	sum(b.x0-half, b.y0+half+1, b.x0+half+1, b.y1-half)
	sum(b.x1-half, b.y0+half+1, b.x1+half+1, b.y1-half)
	return depth
}

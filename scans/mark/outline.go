package mark

import "slices"

// Ink that runs along a box's outline is taken out with it: a small ring drawn exactly on the outline
// leaves nothing. So the outlines themselves are weighed. A printed line may come out a pixel thicker than
// the next, all along its row or column; so each side of a box is held against the same side of the boxes
// that stand in line with it: upper and lower sides along the row, the others along the column, where one
// grade may be marked in row after row and only the palest sides are sure to be bare.

// outlineRows is how many rows above and below a box its upright sides are held against.
const outlineRows = 4

// sides are the ink on an outline's sides, in gray levels below paper: upper, lower, left, right.
type sides [4]int

// weighOutlines fills s.outline with the ink, in pixels of half-dark ink, by which each box's outline is
// darker than bare ones in line with it.
func (s *strip) weighOutlines() {
	cols := s.cols()
	weights := make([]sides, len(s.boxes))
	for cell, b := range s.boxes {
		weights[cell] = s.outlineDepth(cell, b)
	}
	s.outline = s.outline[:0]
	near := make([]int, 0, max(cols, 2*outlineRows+1))
	for cell := range s.boxes {
		r, c := cell/cols, cell%cols
		extra := 0
		for side, v := range weights[cell] {
			near = near[:0]
			bare := 0 // rank among its peers that is taken for bare
			if side < 2 {
				for i := r * cols; i < (r+1)*cols; i++ {
					near = append(near, weights[i][side])
				}
				bare = (len(near) - 1) / 2
			} else {
				for q := max(0, r-outlineRows); q < min(s.rows(), r+outlineRows+1); q++ {
					near = append(near, weights[q*cols+c][side])
				}
				bare = len(near) / 5
			}
			slices.Sort(near)
			extra += v - near[bare]
		}
		s.outline = append(s.outline, max(0, 2*extra/max(1, s.paper[cell])))
	}
}

// outlineDepth sums how much darker than paper the four sides of an outline are.
func (s *strip) outlineDepth(cell int, b box) sides {
	sum := func(x0, y0, x1, y1 int) int {
		depth := 0
		for y := max(0, y0); y < min(s.h, y1); y++ {
			for _, v := range s.pix[y*s.w+max(0, x0) : y*s.w+min(s.w, x1)] {
				depth += max(0, s.paper[cell]-int(v))
			}
		}
		return depth
	}
	const half = outlineHalf
	return sides{
		sum(b.x0-half, b.y0-half, b.x1+half+1, b.y0+half+1),
		sum(b.x0-half, b.y1-half, b.x1+half+1, b.y1+half+1),
		sum(b.x0-half, b.y0+half+1, b.x0+half+1, b.y1-half),
		sum(b.x1-half, b.y0+half+1, b.x1+half+1, b.y1-half),
	}
}

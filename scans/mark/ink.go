package mark

import (
	"slices"

	"pingyi/scans/raster"
)

// Constants of the separation of ink from paper and print. Chosen on seeded synthetic pages; see the
// package README for the sweep.
const (
	outlineHalf = 2    // pixels to either side of a printed line that are taken out as print (0.33 mm)
	inkShare    = 0.11 // of the paper's gray by which ink is darker, at least
	minInkDepth = 18   // gray levels, at least
	noiseFactor = 5    // times the noise's standard deviation, at least
	bridgeSlack = 3    // pixels by which a stroke may shift while it crosses a printed line
	faintShare  = 0.035
	faintLevels = 8
	faintPatch  = 4  // pixels a side
	paperSpread = 24 // gray levels by which a cell's paper may differ from its neighbours'
)

// findInk estimates paper and noise, marks everything darker than paper as ink, takes printed lines out
// and joins strokes across them.
func (s *strip) findInk() {
	s.measurePaper()
	s.measureNoise()
	s.threshold()
	s.printed = s.lines(s.printed[:0])
	for _, l := range s.printed {
		s.erase(l)
	}
	for _, l := range s.printed {
		s.rejoin(l)
	}
}

// measurePaper takes the 75th percentile of each cell's gray, kept near the median of its surroundings,
// so that a cell that somebody filled is not taken for dark paper.
func (s *strip) measurePaper() {
	n := s.rows() * s.cols()
	own := make([]int, n)
	for r := 0; r < s.rows(); r++ {
		for c := 0; c < s.cols(); c++ {
			own[r*s.cols()+c] = s.percentile75(s.colLeft[c], s.rowTop[r], s.colLeft[c+1], s.rowTop[r+1])
		}
	}
	s.paper = s.paper[:0]
	near := make([]int, 0, 5*s.cols())
	for r := 0; r < s.rows(); r++ {
		near = near[:0]
		for q := max(0, r-2); q <= min(s.rows()-1, r+2); q++ {
			near = append(near, own[q*s.cols():(q+1)*s.cols()]...)
		}
		slices.Sort(near)
		median := near[len(near)/2]
		for c := 0; c < s.cols(); c++ {
			s.paper = append(s.paper, max(median-paperSpread, min(median+paperSpread, own[r*s.cols()+c])))
		}
	}
}

func (s *strip) percentile75(x0, y0, x1, y1 int) int {
	var histogram raster.Histogram
	n := 0
	for y := y0; y < y1; y += 4 {
		for x := x0; x < x1; x += 2 {
			histogram[s.pix[y*s.w+x]]++
			n++
		}
	}
	return histogram.Rank(n, 0.75)
}

// measureNoise estimates the paper's noise from the median difference of neighbouring pixels:
// σ = median / (0.6745·√2). It is kept doubled, as an integer.
func (s *strip) measureNoise() {
	var histogram [256]int
	n := 0
	for y := 1; y < s.h; y += 11 {
		row := s.pix[y*s.w : (y+1)*s.w]
		for x := 1; x < len(row); x += 2 {
			d := int(row[x]) - int(row[x-1])
			histogram[max(d, -d)]++
			n++
		}
	}
	sum, median := 0, 0
	for v, c := range histogram {
		if sum += c; sum > n/2 {
			median = v
			break
		}
	}
	s.noise = int(float64(median)*2/0.954 + 0.5)
}

// depth is how many gray levels darker than the paper of a cell ink is.
func (s *strip) depth(cell int) int {
	return max(minInkDepth, int(inkShare*float64(s.paper[cell])), noiseFactor*s.noise/2)
}

func (s *strip) threshold() {
	gray := raster.Image{W: s.w, H: s.h, Pix: s.pix}
	for r := 0; r < s.rows(); r++ {
		for c := 0; c < s.cols(); c++ {
			cell := r*s.cols() + c
			limit := byte(max(0, s.paper[cell]-s.depth(cell)))
			gray.Below(s.ink, nil, s.colLeft[c], s.rowTop[r], s.colLeft[c+1], s.rowTop[r+1], limit)
		}
	}
}

// line is a printed line with its surroundings, in pixels; it runs along the longer side.
type line struct {
	box
	vertical bool
}

// lines lists all print in the strip: the table's rules and the outlines of the boxes.
func (s *strip) lines(out []line) []line {
	across := func(y, x0, x1 int) {
		out = append(out, line{box{max(0, x0), max(0, y-outlineHalf), min(s.w, x1), min(s.h, y+outlineHalf+1)}, false})
	}
	down := func(x, y0, y1 int) {
		out = append(out, line{box{max(0, x-outlineHalf), max(0, y0), min(s.w, x+outlineHalf+1), min(s.h, y1)}, true})
	}
	for _, y := range s.rowTop {
		across(y, 0, s.w)
	}
	for _, x := range s.colLeft {
		down(x, 0, s.h)
	}
	for _, b := range s.boxes {
		for _, y := range []int{b.y0, b.y1} {
			across(y, b.x0-outlineHalf, b.x1+outlineHalf+1)
		}
		for _, x := range []int{b.x0, b.x1} {
			down(x, b.y0-outlineHalf, b.y1+outlineHalf+1)
		}
	}
	return out
}

// erase takes a line out of the ink.
func (s *strip) erase(l line) {
	for y := l.y0; y < l.y1; y++ {
		clear(s.ink[y*s.w+l.x0 : y*s.w+l.x1])
	}
}

// rejoin draws strokes on across a line where they meet it from both sides.
func (s *strip) rejoin(l line) {
	switch {
	case l.vertical && l.x0 > 0 && l.x1 < s.w:
		s.bridge(l.x1-l.x0, l.y0, l.y1, l.x0, s.w, 1)
	case !l.vertical && l.y0 > 0 && l.y1 < s.h:
		s.bridge(l.y1-l.y0, l.x0, l.x1, l.y0, 1, s.w)
	}
}

// bridge looks along a line (positions from … to, along steps of size along) for ink on its near side
// (just before start, counted across) that meets ink on its far side, and fills the gap between.
func (s *strip) bridge(thick, from, to, start, along, across int) {
	for p := from; p < to; p++ {
		near := p*along + (start-1)*across
		if s.ink[near] == 0 {
			continue
		}
		for _, d := range [...]int{0, 1, -1, 2, -2, 3, -3} { // a slanted stroke shifts while it crosses
			q := p + d
			if q < from || q >= to || s.ink[q*along+(start+thick)*across] == 0 {
				continue
			}
			for k := 0; k < thick; k++ {
				s.ink[(p+d*k/thick)*along+(start+k)*across] = 1
				s.ink[(p+d*(k+1)/thick)*along+(start+k)*across] = 1
			}
			break
		}
	}
}

// faint is the share of a box's inside that is a little darker than the paper without being ink: pencil
// that was rubbed out, a mark too pale to count.
func (s *strip) faint(cell int) float64 {
	b := s.inner[cell]
	limit := s.paper[cell] - max(faintLevels, int(faintShare*float64(s.paper[cell])), s.noise)
	patches, pale := 0, 0
	for y := b.y0; y+faintPatch <= b.y1; y += faintPatch {
		for x := b.x0; x+faintPatch <= b.x1; x += faintPatch {
			sum, inked := 0, byte(0)
			for dy := 0; dy < faintPatch; dy++ {
				at := (y+dy)*s.w + x
				for dx := 0; dx < faintPatch; dx++ {
					sum += int(s.pix[at+dx])
					inked |= s.ink[at+dx]
				}
			}
			patches++
			if inked == 0 && sum < limit*faintPatch*faintPatch {
				pale++
			}
		}
	}
	if patches == 0 {
		return 0
	}
	return float64(pale) / float64(patches)
}

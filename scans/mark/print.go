package mark

import "slices"

// What lies under a folded corner, a slip of paper or correction tape leaves no ink. So the print itself is looked
// for: of each target's outline as much as the block's outlines show, or, where none are to be seen, of the rules
// about its cell. Ink upon print only darkens it, so that what is marked is never missing.

const (
	printShoulder = 4     // pixels from a printed line to the paper that it is held against
	printPieces   = 2     // into which each side is cut
	leastPrint    = 0.025 // share of the paper's gray by which print is darker, at least
	mostUneven    = 3     // times that print is darker at a quarter of its places than at another
	wholeRule     = 0.05  // share of the paper's gray from which a rule is there: rules come out unlike each other
	unseen        = 0.5   // that is said to be missing of a target, at least, where the page shows no outlines: see Thresholds.CoveredBlank
	fewTargets    = 12    // of a block, of which one slip may hide so many that the others do not show what is missing
)

// piece is a length of a printed line.
type piece struct {
	depth float64 // share of the paper's gray by which it is darker than the paper beside it
	inked bool    // pens were there
	known bool    // the strip shows the paper to both sides
}

// frame is the print round a box or cell: its upper, lower, left and right side.
type frame [4][printPieces]piece

// usual is how dark whole print is, by side.
type usual [4]float64

// weighPrint fills s.covered with the share of each target's print that is not there. outlined tells that the form
// prints an outline round every target.
func (s *strip) weighPrint(outlined bool) {
	frames, whole, ok := s.frames(func(cell int) box { return s.boxes[cell] })
	missing, worst := 0.0, 2
	switch few := len(s.boxes) < fewTargets; {
	case ok:
	case outlined && few:
		missing = 1
	default:
		frames, _, _ = s.frames(s.cell)
		worst = 4 // a rule that is faint is two cells' at once
		whole = usual{wholeRule, wholeRule, wholeRule, wholeRule}
		if outlined {
			missing = unseen
		}
	}
	s.covered = s.covered[:0]
	for cell := range s.boxes {
		seen := frames[cell].seen(whole, worst)
		if s.words != nil {
			seen = s.words[cell]
		}
		s.covered = append(s.covered, max(missing, 1-seen))
	}
}

func (s *strip) cell(i int) box {
	r, c := i/s.cols(), i%s.cols()
	return box{s.colLeft[c], s.rowTop[r], s.colLeft[c+1], s.rowTop[r+1]}
}

// frames measures the print round a box of each target, and how dark it is where pens were not; ok is not set where that
// is so little, or so uneven, that it does not show what is missing.
func (s *strip) frames(of func(cell int) box) (frames []frame, whole usual, ok bool) {
	frames = make([]frame, len(s.boxes))
	var bare [4][]float64
	for cell := range frames {
		frames[cell] = s.frame(cell, of(cell))
		for side, pieces := range frames[cell] {
			for _, p := range pieces {
				if p.known && !p.inked {
					bare[side] = append(bare[side], p.depth)
				}
			}
		}
	}
	ok = true
	for side, depths := range bare {
		n := len(depths)
		if n == 0 {
			return frames, whole, false
		}
		slices.Sort(depths)
		whole[side] = depths[n/4] // lines come out a pixel thicker in one row than in the next
		ok = ok && whole[side] >= leastPrint && whole[side]*mostUneven >= depths[n*3/4]
	}
	return frames, whole, ok
}

func (s *strip) frame(cell int, b box) (f frame) {
	const corner = outlineHalf + 1 // where two sides meet
	w, h := b.x1-b.x0-2*corner, b.y1-b.y0-2*corner
	for i := range printPieces {
		x, nextX := b.x0+corner+w*i/printPieces, b.x0+corner+w*(i+1)/printPieces
		y, nextY := b.y0+corner+h*i/printPieces, b.y0+corner+h*(i+1)/printPieces
		f[0][i], f[1][i] = s.piece(cell, false, b.y0, x, nextX), s.piece(cell, false, b.y1, x, nextX)
		f[2][i], f[3][i] = s.piece(cell, true, b.x0, y, nextY), s.piece(cell, true, b.x1, y, nextY)
	}
	return f
}

// piece measures a line at a place, between two places along it.
func (s *strip) piece(cell int, down bool, at, from, to int) piece {
	const reach = printShoulder + 1
	along, across, most := 1, s.w, s.h
	if down {
		along, across, most = s.w, 1, s.w
	}
	if at < reach || at+reach >= most || from >= to {
		return piece{}
	}
	var gray [2*reach + 1]float64 // of the lines beside it
	for i := range gray {
		sum := 0
		for p := from; p < to; p++ {
			sum += int(s.pix[p*along+(at-reach+i)*across])
		}
		gray[i] = float64(sum) / float64(to-from)
	}
	near, far := (gray[0]+gray[1])/2, (gray[2*reach-1]+gray[2*reach])/2
	paper, ink := float64(s.paper[cell]), float64(s.paper[cell]-s.depth(cell))
	beside := max(near, far)
	if beside < ink { // on both sides
		beside = paper
	}
	darkest := beside
	for i := reach - outlineHalf; i <= reach+outlineHalf; i++ {
		darkest = min(darkest, (gray[i-1]+gray[i]+gray[i+1])/3)
	}
	return piece{(beside - darkest) / max(1, paper), min(near, far) < ink, true}
}

// seen is how much of whole print so many sides show that show least, 0 … 1: tape as high as a box hides two of four, and
// bad print seldom more than one. It is 1 where the strip does not show where print should be.
func (f frame) seen(whole usual, worst int) float64 {
	var sides []float64
	for side, pieces := range f {
		if !pieces[0].known {
			continue
		}
		sum := 0.0
		for _, p := range pieces {
			if whole[side] > 0 { // else print is to be seen nowhere
				sum += min(1, p.depth/whole[side]) / printPieces
			}
		}
		sides = append(sides, sum)
	}
	if len(sides) < 2 {
		return 1
	}
	slices.Sort(sides)
	sides = sides[:min(worst, len(sides))]
	sum := 0.0
	for _, side := range sides {
		sum += side
	}
	return sum / float64(len(sides))
}

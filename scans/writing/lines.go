package writing

import "math"

// Streaks of the scanner's glass and folds run over print and cells alike, broken by what they cross and
// by their own paleness. They are looked for only where something was taken for writing.
const (
	lineSlope  = 0.2   // of a line against the picture's axis: the tangent of 11°
	slopeStep  = 0.003 // moves the end of a line on a page by a pixel or two
	lineVotes  = 12.0  // mm of ink on it
	lineSpan   = 75.0  // mm from its first to its last ink: longer than a line of writing
	lineCover  = 0.35  // of the places where nothing is printed that have its ink
	lineFlanks = 0.35  // of its ink beside it: writing is not thin
	flank      = 4     // pixels from a line to its flanks
	lineHalf   = 2     // pixels to either side that are erased
	mostLines  = 8
)

// line is x = a + b·y, or y = a + b·x where across is set, in pixels.
type line struct {
	a, b   float64
	across bool
}

// point is the pixel at a place along a line, moved sideways.
func (l line) point(along, aside int) (x, y int) {
	p := int(math.Round(l.a+l.b*float64(along))) + aside
	if l.across {
		return along, p
	}
	return p, along
}

// eraseLines takes streaks and folds out of the mask and tells whether there were any.
func (f *Finder) eraseLines() bool {
	found := false
	for _, across := range []bool{false, true} {
		for range mostLines {
			l, ok := f.bestLine(across)
			if !ok {
				break
			}
			f.erase(l)
			found = true
		}
	}
	return found
}

// bestLine is the line with most ink on it, by a Hough transform over the ink where nothing is printed.
func (f *Finder) bestLine(across bool) (line, bool) {
	var points [][2]int // along, aside
	for _, r := range f.labels.Runs {
		for x := int(r.X0); x < int(r.X1); x++ {
			if f.mask[int(r.Y)*f.small.W+x] != 0 {
				if across {
					points = append(points, [2]int{x, int(r.Y)})
				} else {
					points = append(points, [2]int{int(r.Y), x})
				}
			}
		}
	}
	size := f.small.W
	if across {
		size = f.small.H
	}
	margin := int(lineSlope*float64(max(f.small.W, f.small.H))) + 1
	votes := make([]int32, size+2*margin)
	best, most := line{across: across}, int32(lineVotes*f.scale)
	for b := -lineSlope; b <= lineSlope; b += slopeStep {
		clear(votes)
		step := int(b * 65536)
		for _, p := range points {
			votes[p[1]+margin-(p[0]*step+32768)>>16]++
		}
		for a, n := range votes {
			if n > most {
				if l := (line{float64(a - margin), b, across}); f.isLine(l) {
					best, most = l, n
				}
			}
		}
	}
	return best, most > int32(lineVotes*f.scale)
}

// isLine walks along a line: its ink is thin, long and not too much broken.
func (f *Finder) isLine(l line) bool {
	length := f.small.H
	if l.across {
		length = f.small.W
	}
	places, inked, beside := 0, 0, 0
	first, last, until := -1, -1, 0
	for p := range length {
		x, y := l.point(p, 0)
		if x < 0 || y < 0 || x >= f.small.W || y >= f.small.H || f.zones[y*f.small.W+x] != blank {
			continue
		}
		if first >= 0 {
			places++
		}
		if f.inked(l, p, 0) || f.inked(l, p, -1) || f.inked(l, p, 1) {
			if first < 0 {
				first, places = p, 1
			}
			inked++
			last, until = p, places
			if f.inked(l, p, flank) || f.inked(l, p, -flank) {
				beside++
			}
		}
	}
	span := float64(last-first) / f.scale
	return span >= lineSpan && float64(inked) >= lineCover*float64(until) && float64(beside) <= lineFlanks*float64(inked)
}

// inked tells whether there is ink beside a line.
func (f *Finder) inked(l line, along, aside int) bool {
	x, y := l.point(along, aside)
	return x >= 0 && y >= 0 && x < f.small.W && y < f.small.H && f.mask[y*f.small.W+x] != 0
}

// erase takes a line out of the mask from end to end, since its paler parts may touch print too.
func (f *Finder) erase(l line) {
	length := f.small.H
	if l.across {
		length = f.small.W
	}
	for p := range length {
		for aside := -lineHalf; aside <= lineHalf; aside++ {
			if x, y := l.point(p, aside); x >= 0 && y >= 0 && x < f.small.W && y < f.small.H {
				f.mask[y*f.small.W+x] = 0
			}
		}
	}
}

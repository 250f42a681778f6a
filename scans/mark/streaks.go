package mark

import "slices"

// A streak (dirt on the scanner's glass) or a fold is a thin straight line that runs on over several
// rows or across all grades. It is taken out like a printed line, and the rows whose boxes it crosses
// say so.

const (
	streakRows  = 2.6 // table rows that a streak crosses at least
	streakWidth = 9   // pixels (1.5 mm); a wider line is no streak
	streakFit   = 4   // pixels by which the middle of a run may lie off the straight line
	streakShare = 0.7 // of its length that must lie on the straight line
)

// straight is a line x = a + b·y (or y = a + b·x where across is set), with half its width in pixels.
type straight struct {
	a, b     float64
	half     int
	from, to int
	across   bool
}

func (l straight) at(p int) int { return int(l.a + l.b*float64(p) + 0.5) }

// removeStreaks finds streaks among the labelled components, erases them, and marks their rows. It
// tells whether the ink changed and must be labelled again.
func (m *Meter) removeStreaks() bool {
	s := &m.strip
	var found []straight
	rowHeight := float64(s.h) / float64(s.rows())
	for i := range m.labels.Comps {
		c := &m.labels.Comps[i]
		tall := float64(c.Height()) > max(streakRows*rowHeight, 15*PixelsPerMM)
		wide := s.cols() > 1 && float64(c.Width()) > 0.8*float64(s.w)
		if tall {
			if l, ok := m.fitStreak(i, false, c.MinY, c.MaxY); ok {
				found = append(found, l)
			}
		}
		if wide {
			if l, ok := m.fitStreak(i, true, c.MinX, c.MaxX); ok {
				found = append(found, l)
			}
		}
	}
	for _, l := range found {
		s.eraseStreak(l, m.streaked)
	}
	return len(found) > 0
}

// fitStreak fits a straight line to a component's run middles by the medians of its first and last
// thirds, which marks that hang on the streak hardly move.
func (m *Meter) fitStreak(comp int, across bool, from, to int) (straight, bool) {
	middles, widths := m.middles(comp, across, from, to)
	third := len(middles) / 3
	a, ya := medianPoint(middles[:third], from)
	b, yb := medianPoint(middles[2*third:], from+2*third)
	if yb <= ya {
		return straight{}, false
	}
	l := straight{across: across, from: from, to: to, b: (b - a) / (yb - ya)}
	l.a = a - l.b*ya
	on := 0
	for i, v := range middles {
		if v >= 0 && abs(int(v)-l.at(from+i)) <= streakFit {
			on++
		}
	}
	slices.Sort(widths)
	width := widths[len(widths)/2]
	l.half = width/2 + 2
	return l, float64(on) >= streakShare*float64(len(middles)) && width <= streakWidth
}

// middles gives, for every position along the component, the middle of the run nearest the component's
// middle (or -1 where there is none) and all widths.
func (m *Meter) middles(comp int, across bool, from, to int) (middles []float64, widths []int) {
	lo, hi := make([]int, to-from+1), make([]int, to-from+1)
	for i := range lo {
		lo[i], hi[i] = 1<<30, -1
	}
	note := func(p, q0, q1 int) {
		i := p - from
		lo[i], hi[i] = min(lo[i], q0), max(hi[i], q1)
	}
	for _, r := range m.labels.Runs {
		if int(r.Comp) != comp {
			continue
		}
		if !across {
			note(int(r.Y), int(r.X0), int(r.X1)-1)
			continue
		}
		for x := r.X0; x < r.X1; x++ {
			note(int(x), int(r.Y), int(r.Y))
		}
	}
	for i := range lo {
		if hi[i] < 0 {
			middles = append(middles, -1)
			continue
		}
		middles = append(middles, float64(lo[i]+hi[i])/2)
		widths = append(widths, hi[i]-lo[i]+1)
	}
	return middles, widths
}

func medianPoint(values []float64, from int) (value, at float64) {
	var have []float64
	for _, v := range values {
		if v >= 0 {
			have = append(have, v)
		}
	}
	if len(have) == 0 {
		return 0, -1
	}
	slices.Sort(have)
	return have[len(have)/2], float64(from) + float64(len(values))/2
}

// eraseStreak takes the line out of the ink, joins strokes across it, and notes the cells whose boxes
// it runs through.
func (s *strip) eraseStreak(l straight, streaked []bool) {
	for p := l.from; p <= l.to; p++ {
		mid := l.at(p)
		x, y := mid, p
		if l.across {
			x, y = p, mid
		}
		if x < 0 || y < 0 || x >= s.w || y >= s.h {
			continue
		}
		cell := s.cellAt(x, y)
		b := s.boxes[cell]
		if (box{b.x0 - l.half, b.y0 - l.half, b.x1 + l.half, b.y1 + l.half}).contains(x, y) {
			streaked[cell] = true
		}
		s.clearAcross(l, p, mid)
	}
}

// clearAcross erases the streak at one position unless ink meets it on both sides: there a stroke
// crosses, and its ink stays.
func (s *strip) clearAcross(l straight, p, mid int) {
	along, across, limit := s.w, 1, s.w
	if l.across {
		along, across, limit = 1, s.w, s.h
	}
	q0, q1 := max(0, mid-l.half), min(limit-1, mid+l.half)
	if q0 > 0 && q1 < limit-1 && s.ink[p*along+(q0-1)*across] != 0 && s.ink[p*along+(q1+1)*across] != 0 {
		return
	}
	for q := q0; q <= q1; q++ {
		s.ink[p*along+q*across] = 0
	}
}

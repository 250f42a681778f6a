package mark

import (
	"math"
	"slices"
)

// A streak (dirt on the scanner's glass) or a fold is a thin straight line that runs on over several
// rows or across all grades, often broken by marks, by print and by its own paleness. Its fragments are
// gathered, the line through them is taken out like a printed one, and the rows whose boxes it crosses
// say so.

const (
	streakRows   = 2.6  // table rows that a streak crosses at least
	streakLength = 15   // and mm
	streakAcross = 0.65 // of the strip's width that a line across the grades covers at least
	streakWidth  = 9    // pixels (1.5 mm); a wider line is no streak
	streakFit    = 4    // pixels by which a fragment may lie off the straight line
	streakCover  = 0.7  // of the line outside print, from its first fragment to its last, that fragments cover
	streakSlope  = 0.2  // of a line against the page's axis: the tangent of 11°
	fragmentLong = 10   // pixels; anything shorter is no fragment
	seeds        = 14   // longest fragments whose pairs are tried as lines
)

// straight is a line x = a + b·y (or y = a + b·x where across is set), with half its width in pixels.
type straight struct {
	a, b     float64
	half     int
	from, to int
	across   bool
}

func (l straight) at(p int) int { return int(math.Floor(l.a + l.b*float64(p) + 0.5)) }

// span is a stretch of ink across a line's direction: at place p along it from q0 to before q1.
type span struct {
	p, q0, q1 int32
	next      int32 // the span of the same fragment at p+1, or noSpan
}

const noSpan = -1

// fragment is a thin piece of ink along one of the page's axes: a chain of short spans.
type fragment struct {
	straight
	first int32
	used  bool
}

func (f *fragment) length() int     { return f.to - f.from + 1 }
func (f *fragment) middle() float64 { return float64(f.from+f.to) / 2 }

// removeStreaks finds streaks and folds, erases them, and marks the cells whose boxes they cross. It tells
// whether there were any.
func (m *Meter) removeStreaks() bool {
	s := &m.strip
	down := max(streakRows*float64(s.h)/float64(s.rows()), streakLength*PixelsPerMM)
	m.spansDown()
	found := m.removeLines(false, int(down))
	if s.cols() > 1 {
		m.spansAcross()
		found = m.removeLines(true, int(streakAcross*float64(s.w))) || found
	}
	return found
}

// spansDown takes the labelled runs as they are.
func (m *Meter) spansDown() {
	m.spans = m.spans[:0]
	for _, r := range m.labels.Runs {
		m.spans = append(m.spans, span{r.Y, r.X0, r.X1, noSpan})
	}
}

// spansAcross gathers the ink column by column.
func (m *Meter) spansAcross() {
	w := m.strip.w
	m.ends = slices.Grow(m.ends[:0], w+1)[:w+1] // of each column's pixels in m.inked, once they are there
	clear(m.ends)
	for _, r := range m.labels.Runs {
		for x := r.X0; x < r.X1; x++ {
			m.ends[x+1]++
		}
	}
	for x := range w {
		m.ends[x+1] += m.ends[x]
	}
	n := int(m.ends[w])
	m.inked = slices.Grow(m.inked[:0], n)[:n]
	for _, r := range m.labels.Runs {
		for x := r.X0; x < r.X1; x++ {
			m.inked[m.ends[x]] = r.Y
			m.ends[x]++
		}
	}
	m.spans = m.spans[:0]
	from := int32(0)
	for x, end := range m.ends[:w] {
		ys := m.inked[from:end]
		for i := 0; i < len(ys); {
			j := i + 1
			for j < len(ys) && ys[j] == ys[j-1]+1 {
				j++
			}
			m.spans = append(m.spans, span{int32(x), ys[i], ys[j-1] + 1, noSpan})
			i = j
		}
		from = end
	}
}

// removeLines takes out the lines of one direction that fragments of at least so many pixels in all lie on.
func (m *Meter) removeLines(across bool, least int) (found bool) {
	all := m.fragments(across)
	for {
		l, ok := m.strip.bestLine(all, least)
		if !ok {
			return found
		}
		found = true
		for i := range all {
			if f := &all[i]; !f.used && f.on(l) {
				f.used = true
				m.eraseFragment(f)
			}
		}
		m.strip.eraseStreak(l, m.streaked)
	}
}

// fragments lists the chains of thin spans of one direction, longest first. A chain ends where the ink
// grows thick, as where a mark meets it, and where it forks.
func (m *Meter) fragments(across bool) []fragment {
	linked := make([]bool, len(m.spans)) // some earlier span goes on with this one
	for i, j := 0, 0; i < len(m.spans); i++ {
		a := &m.spans[i]
		for j < len(m.spans) && (m.spans[j].p <= a.p || m.spans[j].p == a.p+1 && m.spans[j].q1 < a.q0) {
			j++
		}
		for k := j; k < len(m.spans) && m.spans[k].p == a.p+1 && m.spans[k].q0 <= a.q1; k++ {
			if a.next = int32(k); linked[k] || k > j || !a.thin() || !m.spans[k].thin() {
				a.next = noSpan
				break
			}
		}
		if a.next != noSpan {
			linked[a.next] = true
		}
	}
	var out []fragment
	for i := range m.spans {
		if linked[i] || !m.spans[i].thin() {
			continue
		}
		if f, ok := m.fit(int32(i), across); ok {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b fragment) int { return b.length() - a.length() })
	return out
}

func (s span) thin() bool { return s.q1-s.q0 <= streakWidth }

// fit fits a straight line to a chain by least squares.
func (m *Meter) fit(first int32, across bool) (fragment, bool) {
	var n, sp, sq, spp, spq, width float64
	last := first
	for i := first; i != noSpan; i = m.spans[i].next {
		s := m.spans[i]
		p, q := float64(s.p), float64(s.q0+s.q1-1)/2
		n, sp, sq, spp, spq, width = n+1, sp+p, sq+q, spp+p*p, spq+p*q, width+float64(s.q1-s.q0)
		last = i
	}
	if n < fragmentLong || width*2 > n*n {
		return fragment{}, false
	}
	b := (n*spq - sp*sq) / (n*spp - sp*sp)
	l := straight{a: (sq - b*sp) / n, b: b, half: int(width/n)/2 + 2, from: int(m.spans[first].p), to: int(m.spans[last].p), across: across}
	return fragment{straight: l, first: first}, math.Abs(b) <= streakSlope
}

// bestLine is the line through two of the longest fragments that most fragments lie on.
func (s *strip) bestLine(all []fragment, least int) (best straight, ok bool) {
	most := least - 1
	for i := range all[:min(seeds, len(all))] {
		for j := i; j < min(seeds, len(all)); j++ {
			if all[i].used || all[j].used {
				continue
			}
			l, straight := through(&all[i], &all[j])
			if !straight {
				continue
			}
			covered := l.gather(all)
			if covered > most && float64(covered) >= streakCover*float64(l.to-l.from+1-s.printAlong(l)) {
				most, best, ok = covered, l, true
			}
		}
	}
	return best, ok
}

// through is the line through the middles of two fragments, or along the one where they are the same.
func through(f, g *fragment) (straight, bool) {
	l := f.straight
	if f != g {
		d := g.middle() - f.middle()
		if math.Abs(d) < fragmentLong {
			return straight{}, false
		}
		l.b = (g.a + g.b*g.middle() - f.a - f.b*f.middle()) / d
		l.a = f.a + f.b*f.middle() - l.b*f.middle()
	}
	return l, math.Abs(l.b) <= streakSlope
}

// gather sets a line's ends and width by the fragments that lie on it and gives their length in all.
func (l *straight) gather(all []fragment) int {
	covered, widths := 0, 0
	from, to := 1<<30, -1
	for k := range all {
		if f := &all[k]; !f.used && f.on(*l) {
			covered += f.length()
			widths += f.length() * f.half
			from, to = min(from, f.from), max(to, f.to)
		}
	}
	if covered > 0 {
		l.half, l.from, l.to = (widths+covered/2)/covered, from, to
	}
	return covered
}

// on tells whether a fragment's middle and its ends lie on a line.
func (f *fragment) on(l straight) bool {
	for _, p := range [...]int{f.from, int(f.middle()), f.to} {
		if abs(f.at(p)-l.at(p)) > streakFit {
			return false
		}
	}
	return true
}

// printAlong is how many pixels of a line lie on print, which was taken out with whatever lay on it.
func (s *strip) printAlong(l straight) int {
	n := 0
	for p := l.from; p <= l.to; p++ {
		x, y := l.at(p), p
		if l.across {
			x, y = y, x
		}
		if x >= 0 && y >= 0 && x < s.w && y < s.h && s.onPrint(x, y) {
			n++
		}
	}
	return n
}

// onPrint tells whether a place lies on a rule of the table or on the outline of a box.
func (s *strip) onPrint(x, y int) bool {
	near := func(v, edge int) bool { return abs(v-edge) <= outlineHalf }
	row, col := int(s.rowOf[y]), int(s.colOf[x])
	if near(x, s.colLeft[col]) || near(x, s.colLeft[col+1]) || near(y, s.rowTop[row]) || near(y, s.rowTop[row+1]) {
		return true
	}
	b := s.boxes[row*s.cols()+col]
	if x < b.x0-outlineHalf || x > b.x1+outlineHalf || y < b.y0-outlineHalf || y > b.y1+outlineHalf {
		return false
	}
	return near(x, b.x0) || near(x, b.x1) || near(y, b.y0) || near(y, b.y1)
}

func (m *Meter) eraseFragment(f *fragment) {
	s := &m.strip
	for i := f.first; i != noSpan; i = m.spans[i].next {
		c := m.spans[i]
		for q := c.q0; q < c.q1; q++ {
			x, y := int(q), int(c.p)
			if f.across {
				x, y = y, x
			}
			s.ink[y*s.w+x] = 0
		}
	}
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

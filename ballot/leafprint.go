package ballot

import (
	"math"
	"math/bits"
	"slices"
)

// LeastInked is how many inked targets two leaves must share to be compared: on fewer, two sheets may be alike
// by chance.
const LeastInked = 10

// Constants of the comparison of leaves, chosen on the 1,300 sheets and 891 second scans that make rescans reads
// with SHEETS=800 SEED=200000 EVERY=2 and with SHEETS=500 SEED=300000 EVERY=1; the figures that are reported are
// of other sheets. Among them two sheets with the same targets inked were strangers apart on average, whoever
// had filled them in, with a standard deviation of chance/√n over n targets. Two sheets are taken for one where
// they are so near as chance brings two rarely, in standard deviations: of 13,280 pairs none came nearer than
// 4.7, of the second scans all but three lie beyond 5. The sweep prints both for other limits.
const (
	leastOnSide = 5    // of a side with fewer marks nobody can tell what is usual on it
	leastShared = 0.75 // of the inked targets of the leaf that has fewer
	leastSpread = 1.5  // 1/100 mm: marks vary by less between two scans of them
	mostOff     = 1.3  // spreads from the usual: beyond, a shape is only called odd
	halfApart   = 0.3  // two shapes so far from each other, in spreads squared and halved, are half apart
	strangers   = 0.63
	chance      = 0.151
	rarely      = 5.0
	mostLike    = 0.50 // however many targets there are: hands may be steadier than any here
	mostAgainst = 0.42 // of the targets' directions, of which half are by chance
)

// weights are how much each number of a shape says: X, Y, W, H and Lean, of which noise moves the last most.
var weights = [5]float64{2. / 9, 2. / 9, 2. / 9, 2. / 9, 1. / 9}

// targetsOfSide is more than a page has room for.
const targetsOfSide = 512

// LeafPrint is what leaves are compared by: each shape against what is usual on its side, so that neither the
// hand's habits nor the place where a scan put the side count.
type LeafPrint struct {
	inked        int
	places       []int // the inked targets, ascending: those of the back after those of the front
	off          [][5]float64
	set          targetSet // the inked targets
	right, below targetSet // of these, where the ink lies to the right of and below the usual
}

type targetSet [2 * targetsOfSide / 64]uint64

func (s *targetSet) put(at int, is bool) {
	if is {
		s[at/64] |= 1 << (at % 64)
	}
}

// PrintOf takes the sides of a leaf, front first.
func PrintOf(sides ...Fingerprint) (l LeafPrint) {
	for side, f := range sides[:min(2, len(sides))] {
		f = slices.DeleteFunc(slices.Clone(f), func(s InkShape) bool { return s.Target < 0 || s.Target >= targetsOfSide })
		if len(f) < leastOnSide {
			continue
		}
		off := f.deviations()
		for i, s := range f {
			at := side*targetsOfSide + int(s.Target)
			l.set.put(at, true)
			l.right.put(at, off[i][0] > 0)
			l.below.put(at, off[i][1] > 0)
			l.places, l.off = append(l.places, at), append(l.off, off[i])
		}
	}
	l.inked = len(l.places)
	return l
}

// deviations are how far each shape lies from what is usual, in spreads of each of its numbers.
func (f Fingerprint) deviations() [][5]float64 {
	out := make([][5]float64, len(f))
	var of [5][]float64
	for _, s := range f {
		for k, v := range [5]int16{s.X, s.Y, s.W, s.H, s.Lean} {
			of[k] = append(of[k], float64(v))
		}
	}
	for k, values := range of {
		usual := median(values)
		var apart []float64
		for _, v := range values {
			apart = append(apart, math.Abs(v-usual))
		}
		spread := max(leastSpread, 1.48*median(apart)) // the standard deviation, were they normal
		for i, v := range values {
			out[i][k] = max(-mostOff, min(mostOff, (v-usual)/spread))
		}
	}
	return out
}

// median is the middle one of some numbers, 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Nearness is how much nearer two leaves are than strangers, in standard deviations of chance; 0 where they
// cannot be compared or are plainly two. Strokes that are made anew deviate anew, though hand and votes be the
// same.
func (l *LeafPrint) Nearness(o *LeafPrint) float64 {
	shared, against := l.glance(o)
	if shared < LeastInked || float64(shared) < leastShared*float64(min(l.inked, o.inked)) || float64(against) > mostAgainst*float64(2*shared) {
		return 0
	}
	sum, n := 0.0, float64(shared)
	for i, j := 0, 0; i < l.inked && j < o.inked; {
		switch a, b := l.places[i], o.places[j]; {
		case a < b:
			i++
		case a > b:
			j++
		default:
			sum += apart(&l.off[i], &o.off[j])
			i, j = i+1, j+1
		}
	}
	if sum > mostLike*n {
		return 0
	}
	return (strangers - sum/n) * math.Sqrt(n) / chance
}

// glance counts the inked targets that two leaves share, and how often the ink at them lies to the other side
// of the usual: nearly every two sheets are told apart by that, thousands in a moment.
func (l *LeafPrint) glance(o *LeafPrint) (shared, against int) {
	for i, s := range l.set {
		both := s & o.set[i]
		shared += bits.OnesCount64(both)
		against += bits.OnesCount64(both&(l.right[i]^o.right[i])) + bits.OnesCount64(both&(l.below[i]^o.below[i]))
	}
	return shared, against
}

// apart is how far two shapes are from each other, 0 … 1: the farther, the less it matters how far, since dirt
// or a streak may lie on one of two scans.
func apart(a, b *[5]float64) float64 {
	sum := 0.0
	for k, w := range weights {
		d := a[k] - b[k]
		sum += w * d * d / 2
	}
	return sum / (sum + halfApart)
}

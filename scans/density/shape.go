package density

import (
	"math"

	"pingyi/ballot"
)

const (
	// leastShaped is the mm² of black from which ink at a target is measured: half of the lightest ordinary
	// mark.
	leastShaped = leastMark / 2
	// inked is the probability of a mark from which a target's ink belongs to the fingerprint: dirt and folds
	// are other ones the next time.
	inked = 0.5
)

// shape takes the moments of a target's ink, all in integers. Places count by their darkness squared: what
// blur, dither and pale smears leave about a mark then hardly moves them.
func (r *Reader) shape(w *window, target []byte) ballot.InkShape {
	var sum, x, y, xx, xy, yy int
	for j := range w.h {
		var s0, s1, s2 int // of this line: its ink, times the place, times the place squared
		base := r.base[j*w.w : (j+1)*w.w]
		for i, v := range target[j*w.w : (j+1)*w.w] {
			if d := int(v) - int(base[i]); d > 0 {
				d *= d
				s0, s1, s2 = s0+d, s1+d*i, s2+d*i*i
			}
		}
		sum, x, xx = sum+s0, x+s1, xx+s2
		y, yy, xy = y+s0*j, yy+s0*j*j, xy+s1*j
	}
	n := float64(max(1, sum))
	mx, my := float64(x)/n, float64(y)/n
	across, down := math.Sqrt(max(0, float64(xx)/n-mx*mx)), math.Sqrt(max(0, float64(yy)/n-my*my))
	lean := (float64(xy)/n - mx*my) / max(across+down, 1.0/samplesPerMM)
	hundredths := func(samples float64) int16 { return int16(math.Round(samples * 100 / samplesPerMM)) }
	return ballot.InkShape{X: hundredths(mx + 0.5 - w.halfW*samplesPerMM), Y: hundredths(my + 0.5 - w.halfH*samplesPerMM),
		W: hundredths(across), H: hundredths(down), Lean: hundredths(lean)}
}

// fingerprintOf numbers the shapes of the targets that hold a mark.
func fingerprintOf(rows [][]masses, marked [][]float64) (out ballot.Fingerprint) {
	n := int16(0)
	for i, row := range rows {
		for c, m := range row {
			if m.weight() >= leastShaped && marked[i][c] >= inked {
				m.shape.Target = n
				out = append(out, m.shape)
			}
			n++
		}
	}
	return out
}

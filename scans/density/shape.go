package density

import (
	"math"
	"slices"

	"pingyi/ballot"
)

const (
	// leastShaped is the mm² of black from which ink at a target is measured: half of the lightest ordinary
	// mark.
	leastShaped = leastMark / 2
	// paleShare is the share of the darkest place, in hundredths, from which ink counts in the moments.
	paleShare = 30
	// inked is the probability of a mark from which a target's ink belongs to the fingerprint: dirt and folds
	// are other ones the next time.
	inked = 0.5
)

// shape takes the moments of a target's ink, all in integers, from sums over 3 × 3 samples: a speck of dirt or
// of dither comes to little in them, a stroke to much. Places count by how far they exceed a share of the darkest
// one, and that squared: what blur, dither and pale smears leave about a mark then hardly moves the moments.
func (r *Reader) shape(w *window, target []byte) ballot.InkShape {
	darkest := r.smooth(w, target)
	floor := darkest * paleShare / 100
	var sum, x, y, xx, xy, yy int
	for j := range w.h {
		var s0, s1, s2 int // of this line: its ink, times the place, times the place squared
		for i, v := range r.smoothed[j*w.w : (j+1)*w.w] {
			if d := int(v) - floor; d > 0 {
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

// smooth fills r.smoothed with the sums of a target's ink over 3 × 3 samples and gives the largest of them.
func (r *Reader) smooth(w *window, target []byte) (darkest int) {
	n := w.w * w.h
	r.smoothed, r.ink = slices.Grow(r.smoothed[:0], n)[:n], slices.Grow(r.ink[:0], n)[:n]
	clear(r.smoothed)
	for i, v := range target {
		r.ink[i] = uint16(max(0, int(v)-int(r.base[i])))
	}
	for j := 1; j < w.h-1; j++ {
		above, here, under := r.ink[(j-1)*w.w:j*w.w], r.ink[j*w.w:(j+1)*w.w], r.ink[(j+1)*w.w:(j+2)*w.w]
		out := r.smoothed[j*w.w : (j+1)*w.w]
		left, mid := uint16(0), above[0]+here[0]+under[0]
		for i := range w.w - 1 {
			right := above[i+1] + here[i+1] + under[i+1]
			out[i] = left + mid + right
			darkest = max(darkest, int(out[i]))
			left, mid = mid, right
		}
		out[w.w-1] = left + mid
	}
	return darkest
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

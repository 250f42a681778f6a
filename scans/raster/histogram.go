package raster

import "math"

// Histogram counts pixels by their gray.
type Histogram [256]uint32

// Add counts some pixels.
func (h *Histogram) Add(pix []byte) {
	for _, v := range pix {
		h[v]++
	}
}

// Rank is the gray at or below which a share of the n pixels counted lies. That of 0.75 is commonly the paper,
// of which print and writing cover less than a quarter.
func (h *Histogram) Rank(n int, share float64) int {
	left := int(math.Ceil(share * float64(n)))
	for v, k := range h {
		if left -= int(k); left <= 0 {
			return v
		}
	}
	return 255
}

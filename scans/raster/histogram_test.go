package raster

import "testing"

func TestHistogram(t *testing.T) {
	var h Histogram
	h.Add([]byte{10, 10, 10, 20, 20, 200, 200, 255})
	for share, want := range map[float64]int{0.01: 10, 0.375: 10, 0.376: 20, 0.75: 200, 0.875: 200, 0.9: 255, 1: 255} {
		if got := h.Rank(8, share); got != want {
			t.Errorf("%g of the pixels lie at or below %d, want %d", share, got, want)
		}
	}
}

package raster

// Image is an 8-bit gray picture, 0 black … 255 white, rows top to bottom, without padding.
type Image struct {
	W, H int
	Pix  []byte
	DPI  float64 // of these pixels; 0 where unknown
}

// New makes a white picture of w × h pixels.
func New(w, h int) *Image {
	m := &Image{W: w, H: h, Pix: make([]byte, w*h)}
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

// Reduce fills dst with m reduced by the integer factor k, by averaging k × k pixels. A remainder at
// the right and lower edge is left out.
func (m *Image) Reduce(dst *Image, k int) {
	dst.W, dst.H, dst.DPI = m.W/k, m.H/k, m.DPI/float64(k)
	n := dst.W * dst.H
	if cap(dst.Pix) < n {
		dst.Pix = make([]byte, n)
	}
	dst.Pix = dst.Pix[:n]
	sums := make([]uint32, dst.W)
	area := uint32(k * k)
	for y := 0; y < dst.H; y++ {
		clear(sums)
		for j := 0; j < k; j++ {
			row := m.Pix[(y*k+j)*m.W:]
			for x := range sums {
				s := uint32(0)
				for _, v := range row[x*k : x*k+k] {
					s += uint32(v)
				}
				sums[x] += s
			}
		}
		for x, s := range sums {
			dst.Pix[y*dst.W+x] = byte((s + area/2) / area)
		}
	}
}

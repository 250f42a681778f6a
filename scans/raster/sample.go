package raster

// Upright fills dst, w × h pixels, with what lies where at maps them to: it takes the middle of a pixel of dst
// and gives a place of m, as At takes it.
func (m *Image) Upright(dst []byte, w, h int, at func(x, y float64) (u, v float64)) {
	for y := range h {
		for x := range w {
			dst[y*w+x] = m.At(at(float64(x)+0.5, float64(y)+0.5))
		}
	}
}

// At is the gray at a place in pixels (pixel (i, j) covers the square from (i, j) to (i+1, j+1)),
// interpolated between pixel middles. Outside the picture is white.
func (m *Image) At(u, v float64) byte {
	u, v = u-0.5, v-0.5
	if u < 0 || v < 0 {
		return 255
	}
	x, y := int(u), int(v)
	if x+1 >= m.W || y+1 >= m.H {
		return 255
	}
	fx, fy := int((u-float64(x))*256), int((v-float64(y))*256)
	p, q := m.Pix[y*m.W+x:], m.Pix[(y+1)*m.W+x:]
	top := int(p[0])*(256-fx) + int(p[1])*fx
	bottom := int(q[0])*(256-fx) + int(q[1])*fx
	return byte((top*(256-fy) + bottom*fy) >> 16)
}

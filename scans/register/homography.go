package register

import "math"

// Point is a place in mm or in pixels.
type Point struct{ X, Y float64 }

// Homography maps form millimetres to picture pixels:
// u = (h0·x + h1·y + h2) / (h6·x + h7·y + 1), v = (h3·x + h4·y + h5) / (h6·x + h7·y + 1).
// Pixel (i, j) covers the square from (i, j) to (i+1, j+1).
type Homography [8]float64

// At maps a point.
func (h *Homography) At(x, y float64) (u, v float64) {
	w := h[6]*x + h[7]*y + 1
	return (h[0]*x + h[1]*y + h[2]) / w, (h[3]*x + h[4]*y + h[5]) / w
}

// Scale is the size of a millimetre in pixels along x and along y, near (x, y).
func (h *Homography) Scale(x, y float64) (sx, sy float64) {
	u, v := h.At(x, y)
	ux, vx := h.At(x+1, y)
	uy, vy := h.At(x, y+1)
	return math.Hypot(ux-u, vx-v), math.Hypot(uy-u, vy-v)
}

// Inverse maps picture pixels to form millimetres.
func (h *Homography) Inverse() Homography {
	m := [9]float64{ // the adjugate
		h[4] - h[5]*h[7], h[2]*h[7] - h[1], h[1]*h[5] - h[2]*h[4],
		h[5]*h[6] - h[3], h[0] - h[2]*h[6], h[2]*h[3] - h[0]*h[5],
		h[3]*h[7] - h[4]*h[6], h[1]*h[6] - h[0]*h[7], h[0]*h[4] - h[1]*h[3]}
	var out Homography
	for i := range out {
		out[i] = m[i] / m[8]
	}
	return out
}

// fitAffine fits by least squares; it needs three points that are not on one line.
func fitAffine(form, picture []Point) (Homography, bool) {
	var ata [3][3]float64
	var atu, atv [3]float64
	for i, p := range form {
		row := [3]float64{p.X, p.Y, 1}
		for a := range row {
			for b := range row {
				ata[a][b] += row[a] * row[b]
			}
			atu[a] += row[a] * picture[i].X
			atv[a] += row[a] * picture[i].Y
		}
	}
	m := make([][]float64, 3)
	for a := range m {
		m[a] = []float64{ata[a][0], ata[a][1], ata[a][2], atu[a], atv[a]}
	}
	if !solve(m) {
		return Homography{}, false
	}
	return Homography{m[0][3], m[1][3], m[2][3], m[0][4], m[1][4], m[2][4]}, true
}

// fitProjective fits all eight parameters by the direct linear transform, on coordinates scaled to
// about 1 so that the normal equations stay well conditioned. It needs at least six points here, since
// four or five would fit noise.
func fitProjective(form, picture []Point) (Homography, bool) {
	const mm, px = 100.0, 1000.0
	m := make([][]float64, 8)
	for i := range m {
		m[i] = make([]float64, 9)
	}
	add := func(row [8]float64, value float64) {
		for a := range row {
			for b := range row {
				m[a][b] += row[a] * row[b]
			}
			m[a][8] += row[a] * value
		}
	}
	for i, p := range form {
		x, y, u, v := p.X/mm, p.Y/mm, picture[i].X/px, picture[i].Y/px
		add([8]float64{x, y, 1, 0, 0, 0, -u * x, -u * y}, u)
		add([8]float64{0, 0, 0, x, y, 1, -v * x, -v * y}, v)
	}
	if !solve(m) {
		return Homography{}, false
	}
	k := px / mm
	return Homography{m[0][8] * k, m[1][8] * k, m[2][8] * px, m[3][8] * k, m[4][8] * k, m[5][8] * px,
		m[6][8] / mm, m[7][8] / mm}, true
}

// solve brings the left square of an augmented matrix to the identity by Gauss–Jordan elimination with
// row pivoting; false where it is singular.
func solve(m [][]float64) bool {
	n := len(m)
	for c := 0; c < n; c++ {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		if math.Abs(m[pivot][c]) < 1e-12 {
			return false
		}
		m[c], m[pivot] = m[pivot], m[c]
		for r := 0; r < n; r++ {
			if r == c {
				continue
			}
			f := m[r][c] / m[c][c]
			for k := c; k < len(m[r]); k++ {
				m[r][k] -= f * m[c][k]
			}
		}
		for k := len(m[c]) - 1; k >= c; k-- {
			m[c][k] /= m[c][c]
		}
	}
	return true
}

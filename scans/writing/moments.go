package writing

import "math"

// moments are the sums over pixels that the spread of a shape follows from.
type moments struct{ n, x, y, xx, yy, xy float64 }

// run adds the pixels of a run of one line.
func (m *moments) run(b box) {
	n, y := float64(b.x1-b.x0), float64(b.y0)
	middle := float64(b.x0+b.x1-1) / 2
	m.n += n
	m.x += n * middle
	m.y += n * y
	m.xx += n*middle*middle + n*(n*n-1)/12
	m.yy += n * y * y
	m.xy += n * middle * y
}

func (m moments) with(o moments) moments {
	return moments{m.n + o.n, m.x + o.x, m.y + o.y, m.xx + o.xx, m.yy + o.yy, m.xy + o.xy}
}

// mean is the moments of a shape of the same form and place that weighs one pixel.
func (m moments) mean() moments {
	return moments{1, m.x / m.n, m.y / m.n, m.xx / m.n, m.yy / m.n, m.xy / m.n}
}

// spread is the standard deviation of the pixels about the straight line that fits them best, in pixels.
func (m moments) spread() float64 {
	if m.n == 0 {
		return 0
	}
	mx, my := m.x/m.n, m.y/m.n
	a, b, c := m.xx/m.n-mx*mx, m.yy/m.n-my*my, m.xy/m.n-mx*my
	return math.Sqrt(max(0, (a+b-math.Hypot(a-b, 2*c))/2))
}

package synth

import "math"

// affine is x' = a·x + b·y + c, y' = d·x + e·y + f.
type affine struct{ a, b, c, d, e, f float64 }

// projective is (x', y') = (p₀·x + p₁·y + p₂, p₃·x + p₄·y + p₅) / (p₆·x + p₇·y + p₈).
type projective [9]float64

func (m projective) at(p point) point {
	w := m.depth(p)
	return point{(m[0]*p.x + m[1]*p.y + m[2]) / w, (m[3]*p.x + m[4]*p.y + m[5]) / w}
}

func (m projective) depth(p point) float64 { return m[6]*p.x + m[7]*p.y + m[8] }

// then is m followed by n.
func (m projective) then(n affine) projective {
	out := m
	for i := range 3 {
		out[i] = n.a*m[i] + n.b*m[3+i] + n.c*m[6+i]
		out[3+i] = n.d*m[i] + n.e*m[3+i] + n.f*m[6+i]
	}
	return out
}

// inverse is the adjugate: its scale cancels out.
func (m projective) inverse() projective {
	return projective{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
}

// half is the half plane nx·x + ny·y + d ≥ 0.
type half struct{ nx, ny, d float64 }

// view is how a scanner sees a sheet of paper: its window, and the ways from its pixels to the paper and
// to the print on it, which has a scale and a shear of its own. Stretch and slip are not in it.
type view struct {
	w, h    int        // pixels
	toPaper projective // from pixels (middles at .5) to mm on the paper
	toPrint projective // from pixels to mm on the page as drawn
	paper   []half     // what is there of the paper, in mm
}

// growFrom is the loss at an edge of a turned sheet, in mm, from which a scanner is set to find the
// sheet's own size rather than to keep its window.
const growFrom = 9

// view is the scanner's view of paper of w × h mm.
func (d Damage) view(w, h float64) view {
	px := d.DPI / 25.4
	sin, cos := math.Sincos(d.Rotation * math.Pi / 180)
	grow := point{}
	if math.Abs(sin)*max(w, h)/2 > growFrom {
		grow = point{(w*cos + h*math.Abs(sin) - w) / 2, (h*cos + w*math.Abs(sin) - h) / 2}
	}
	left, top := grow.x+d.Border-d.Crop[0], grow.y+d.Border-d.Crop[1]
	right, bottom := grow.x+d.Border-d.Crop[2], grow.y+d.Border-d.Crop[3]
	centred := affine{1 / px, 0, -left - w/2, 0, 1 / px, -top - h/2}
	turned := d.tilted(centred, w, h).then(affine{cos, sin, 0, -sin, cos, 0})
	back := affine{1, 0, w / 2, 0, 1, h / 2}
	scale := affine{1 / orOne(d.ScaleX), -d.Shear, 0, 0, 1 / orOne(d.ScaleY), 0}
	v := view{w: int(math.Round((w + left + right) * px)), h: int(math.Round((h + top + bottom) * px)),
		toPaper: turned.then(back), toPrint: turned.then(scale).then(back), paper: d.outline(w, h)}
	if d.Mirror {
		v.toPrint = v.toPrint.then(affine{-1, 0, w, 0, 1, 0})
	}
	return v
}

// tilted is centred as a camera sees it that does not look straight down: what is farther off is smaller.
func (d Damage) tilted(centred affine, w, h float64) projective {
	across, down := d.Tilt[0]/w, d.Tilt[1]/h
	return projective{centred.a, centred.b, centred.c, centred.d, centred.e, centred.f,
		across*centred.a + down*centred.d, across*centred.b + down*centred.e, 1 + across*centred.c + down*centred.f}
}

// outline is the paper that is left: the sheet without the corner that is torn or folded away.
func (d Damage) outline(w, h float64) []half {
	sheet := []half{{1, 0, 0}, {-1, 0, w}, {0, 1, 0}, {0, -1, h}}
	if d.Corner == 0 {
		return sheet
	}
	return append(sheet, d.cut(w, h))
}

// cut keeps what lies beyond the line from one leg of the lost corner to the other.
func (d Damage) cut(w, h float64) half {
	c := half{1 / d.Legs[0], 1 / d.Legs[1], -1}
	if d.Corner%2 == 0 { // right
		c.nx, c.d = -c.nx, c.d+w/d.Legs[0]
	}
	if d.Corner > 2 { // lower
		c.ny, c.d = -c.ny, c.d+h/d.Legs[1]
	}
	return c
}

// edgeSlack is how far, in mm, something must lie inside the picture and the paper to count as shown.
const edgeSlack = 1.0

// shows tells whether a place of the page as drawn, in mm, is on the picture.
func (v view) shows(p point) bool {
	at := v.toPrint.inverse().at(p)
	px := 1 / math.Hypot(v.toPaper[0], v.toPaper[3])
	if at.x < edgeSlack*px || at.y < edgeSlack*px || at.x > float64(v.w)-edgeSlack*px || at.y > float64(v.h)-edgeSlack*px {
		return false
	}
	on := v.toPaper.at(at)
	for _, e := range v.paper {
		if (e.nx*on.x+e.ny*on.y+e.d)/math.Hypot(e.nx, e.ny) < edgeSlack {
			return false
		}
	}
	return true
}

// span is the range of pixels of row y that see paper.
func (v view) span(y int) (from, to int) {
	m := v.toPaper
	x, yy := 0.5, float64(y)+0.5
	lo, hi := 0.0, float64(v.w)
	for _, e := range v.paper { // a straight edge stays straight, and where it is 0 does not depend on depth
		edge := [3]float64{}
		for i := range edge {
			edge[i] = e.nx*m[i] + e.ny*m[3+i] + e.d*m[6+i]
		}
		at, slope := edge[0]*x+edge[1]*yy+edge[2], edge[0]
		switch {
		case slope > 1e-12:
			lo = max(lo, -at/slope)
		case slope < -1e-12:
			hi = min(hi, -at/slope+1)
		case at < 0:
			return 0, 0
		}
	}
	from, to = int(math.Ceil(lo-1e-6)), int(math.Floor(hi+1e-6))
	if from >= to {
		return 0, 0
	}
	return from, to
}

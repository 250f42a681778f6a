package register

import (
	"math"

	"pingyi/ballot"
)

// pairLines finds for each rule of the page the line that lies on it. Long lines on the page that lie on no rule
// and mostly where the blank is white are counted as strays: the strokes of a line of text may look like a rule.
func (t *Table) pairLines(across, down []Line, back *Homography) (pairs []*Line, strays int) {
	rules := t.Page.Rules
	pairs = make([]*Line, len(rules))
	sheet := ballot.Rect{W: t.Page.Width, H: t.Page.Height}.Inset(4)
	for dir, lines := range [][]Line{across, down} {
		for k := range lines {
			l := &lines[k]
			ax, ay := back.At(l.A.X, l.A.Y)
			bx, by := back.At(l.B.X, l.B.Y)
			on := false
			for i, r := range rules {
				if r.Across() != (dir == 0) {
					continue
				}
				off, overlap := math.Abs((ay+by)/2-r.Y0), min(max(ax, bx), r.X1)-max(min(ax, bx), r.X0)
				if dir == 1 {
					off, overlap = math.Abs((ax+bx)/2-r.X0), min(max(ay, by), r.Y1)-max(min(ay, by), r.Y0)
				}
				if off > 2*alignSlack || overlap < 3 {
					continue
				}
				on = true
				if pairs[i] == nil || l.Len() > pairs[i].Len() {
					pairs[i] = l
				}
			}
			if !on && math.Hypot(bx-ax, by-ay) >= strayRule && sheet.Contains(ax, ay) && sheet.Contains(bx, by) && t.white.share(ax, ay, bx, by) > strayWhite {
				strays++
			}
		}
	}
	return pairs, strays
}

// crossings are the places where rules of the page cross whose lines were found, in mm and in pixels.
func crossings(rules []ballot.Rule, pairs []*Line) (form, picture []Point) {
	for i, a := range rules {
		if !a.Across() || pairs[i] == nil {
			continue
		}
		for j, d := range rules {
			if d.Across() || pairs[j] == nil || d.X0 < a.X0-alignSlack || d.X0 > a.X1+alignSlack || a.Y0 < d.Y0-alignSlack || a.Y0 > d.Y1+alignSlack {
				continue
			}
			if p, ok := meet(pairs[i], pairs[j]); ok {
				form, picture = append(form, Point{d.X0, a.Y0}), append(picture, p)
			}
		}
	}
	return form, picture
}

// meet is where two lines cross; a little beyond the end of one is near enough.
func meet(a, b *Line) (Point, bool) {
	ux, uy, vx, vy := a.B.X-a.A.X, a.B.Y-a.A.Y, b.B.X-b.A.X, b.B.Y-b.A.Y
	det := ux*vy - uy*vx
	if math.Abs(det) < 1e-6 {
		return Point{}, false
	}
	s := ((b.A.X-a.A.X)*vy - (b.A.Y-a.A.Y)*vx) / det
	return Point{a.A.X + s*ux, a.A.Y + s*uy}, true
}

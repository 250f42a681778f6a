package learn

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

const (
	leastHeight = 5.0 // mm of a cell that can be read
	leastWidth  = 7.0
	edgeRoom    = 1.2 // mm between a cell's rules and its target: as on our own forms
	mostBox     = 8.0 // mm, side of a target in a cell without a printed box
	leastSquare = 2.2 // mm, side of a printed box
	mostSquare  = 9.0
	squareness  = 0.15 // share by which its sides may differ
	hollow      = 0.6  // share of the outline's pixels among a box's print, at least
)

// targets adds the targets of row i of a block: the printed box of each cell or, where it has none, a square in
// its middle.
func (l *learner) targets(p *upright, page *ballot.FormPage, b *block, i, subject int) error {
	row := &b.rows[i]
	if row.words {
		return l.wordTargets(p, page, b, i, subject)
	}
	for k, c := range row.targets {
		if c.H < leastHeight || c.W < leastWidth {
			return ballot.Errorf(ballot.CodeForm, "等次格只有 %.1[1]f × %.1[2]f 毫米，太小，无法可靠识读（至少 %[3]g × %[4]g 毫米）",
				"cells of %.1[1]f × %.1[2]f mm are too small to be read safely: %[3]g × %[4]g mm at least", c.W, c.H, leastWidth, leastHeight)
		}
		box, printed, err := p.boxIn(c)
		if err != nil {
			return err
		}
		if !printed {
			side := min(mostBox, c.W-2*edgeRoom, c.H-2*edgeRoom)
			x, y := c.Centre()
			box = ballot.Rect{X: x - side/2, Y: y - side/2, W: side, H: side}
		}
		page.Targets = append(page.Targets, ballot.Target{Subject: subject, Grade: b.grades[k], Rect: tidy(box), Cell: tidy(c.Rect)})
	}
	return nil
}

// boxIn finds the outline of a box printed in a cell. Other print in it is refused: it would be read as a mark.
func (p *upright) boxIn(c *cell) (ballot.Rect, bool, error) {
	inside := c.Inset(cellPadding + 0.2)
	x0, y0 := int(inside.X*p.scale), int(inside.Y*p.scale)
	w, h := int(inside.W*p.scale), int(inside.H*p.scale)
	mask := make([]byte, w*h)
	for y := range h {
		for x := range w {
			if p.img.Pix[(y0+y)*p.img.W+x0+x] < inkLevel {
				mask[y*w+x] = 1
			}
		}
	}
	var labels raster.Labels
	labels.Label(mask, w, h)
	var found *raster.Component
	for i := range labels.Comps {
		k := &labels.Comps[i]
		if float64(max(k.Width(), k.Height())) < 0.6*p.scale {
			continue // a speck of a scanned blank
		}
		if found != nil || !p.isBox(k, mask, w) {
			return ballot.Rect{}, false, ballot.Errorf(ballot.CodeForm, "等次格里印有方框以外的字符（%q），无法与画票区分；请改为空白格或一个方框 □",
				"a cell for marks holds print that is no single box (%q), and would be read as a mark: leave it empty or print one box □", c.words)
		}
		found = k
	}
	if found == nil {
		return ballot.Rect{}, false, nil
	}
	mm := func(px int) float64 { return (float64(px) + 0.5) / p.scale }
	// The target runs along the middle of the printed outline.
	return ballot.Rect{X: mm(x0 + found.MinX), Y: mm(y0 + found.MinY), W: float64(found.Width()-1) / p.scale, H: float64(found.Height()-1) / p.scale}, true, nil
}

// isBox tells whether a component is the outline of an upright square.
func (p *upright) isBox(k *raster.Component, mask []byte, w int) bool {
	a, b := float64(k.Width())/p.scale, float64(k.Height())/p.scale
	if min(a, b) < leastSquare || max(a, b) > mostSquare || math.Abs(a-b) > squareness*max(a, b) {
		return false
	}
	edge, on, inner := max(2, int(0.35*p.scale)), 0, 0
	for y := k.MinY; y <= k.MaxY; y++ {
		for x := k.MinX; x <= k.MaxX; x++ {
			if mask[y*w+x] == 0 {
				continue
			}
			if x-k.MinX < edge || k.MaxX-x < edge || y-k.MinY < edge || k.MaxY-y < edge {
				on++
			} else {
				inner++
			}
		}
	}
	perimeter := 2 * (k.Width() + k.Height())
	return inner == 0 && float64(on) > hollow*float64(perimeter)
}

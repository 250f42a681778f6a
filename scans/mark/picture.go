package mark

import (
	"image"

	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Fate is what the ink at a pixel was taken for.
type Fate uint8

// The fates of ink. Printed lines and strokes that run along them are no ink.
const (
	NoInk   Fate = iota
	Aimed        // at one target, whose column Picture.Column names
	Beside       // keeps to a cell without entering its box: counts as outside
	Between      // cannot be given to one target: counts as doubt
	Speck        // too small for a mark, or the edge of print
	Streak       // a streak or fold, taken out
)

// Picture is a block as it was measured, warped upright at PixelsPerMM, with what became of its ink. It is
// for traces.
type Picture struct {
	W, H   int
	Gray   []byte
	Fate   []Fate
	Column []uint8 // grade column of Aimed and Beside ink, from 0
	RowTop []int   // first pixel row of each table row; one more at the end
	Boxes  []image.Rectangle
	Cells  []image.Rectangle // [row*columns+column], as are Boxes
}

// Picture measures a block again and tells what it made of its ink.
func (m *Meter) Picture(img *raster.Image, g *register.Grid, b *register.Block) Picture {
	m.block(img, g, b)
	s := &m.strip
	p := Picture{W: s.w, H: s.h, Gray: append([]byte(nil), s.pix...), Fate: make([]Fate, s.w*s.h), Column: make([]uint8, s.w*s.h),
		RowTop: append([]int(nil), s.rowTop...)}
	for cell, b := range s.boxes {
		r, c := cell/s.cols(), cell%s.cols()
		p.Boxes = append(p.Boxes, image.Rect(b.x0, b.y0, b.x1, b.y1))
		p.Cells = append(p.Cells, image.Rect(s.colLeft[c], s.rowTop[r], s.colLeft[c+1], s.rowTop[r+1]))
	}
	for _, r := range m.labels.Runs {
		k := &m.strokes[r.Comp]
		for x := r.X0; x < r.X1; x++ {
			at := int(r.Y)*s.w + int(x)
			p.Fate[at] = k.fate()
			if k.owner != noOwner {
				p.Column[at] = uint8(k.owner % s.cols())
			}
		}
	}
	s.findInk() // the ink before streaks were taken out
	for at, v := range s.ink {
		if v != 0 && p.Fate[at] == NoInk {
			p.Fate[at] = Streak
		}
	}
	return p
}

func (k *stroke) fate() Fate {
	switch k.kind {
	case aimed:
		return Aimed
	case beside:
		return Beside
	case between:
		return Between
	}
	return Speck
}

package mark

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
	"pingyi/scans/words"
)

// box is a rectangle in pixels of the strip, far edges exclusive.
type box struct{ x0, y0, x1, y1 int }

func (b box) contains(x, y int) bool { return x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1 }

// strip is the grade columns of one block, upright and at PixelsPerMM.
type strip struct {
	w, h    int
	pix     []byte
	rowTop  []int     // first pixel row of each table row; one more at the end
	colLeft []int     // first pixel column of each grade; one more at the end
	boxes   []box     // outline centres, [row*cols+col]
	inner   []box     // inside of the outlines, free of print
	paper   []int     // gray of the paper in each cell
	noise   int       // gray levels, standard deviation of the paper's noise times 2
	outline []int     // by cell, pixels of ink that the outline holds beyond those around it
	hidden  []float64 // by cell, mm² of black that printed words hide; nil where there are none
	words   []float64 // by cell, share of the printed word that is there; nil where there are none
	covered []float64 // by cell, share of its print that is not there
	ink     []byte    // 1 where there is pen ink
	printed []line
	spare   []byte // for descreen
	reading []raster.Line
	rowOf   []int16
	colOf   []int16
}

func (s *strip) rows() int { return len(s.rowTop) - 1 }
func (s *strip) cols() int { return len(s.colLeft) - 1 }

// lay sets the strip's geometry for a block.
func (s *strip) lay(b *register.Block) {
	first := b.Targets[0]
	x0, y0 := first[0].Cell.X, first[0].Cell.Y
	s.rowTop, s.colLeft = s.rowTop[:0], s.colLeft[:0]
	s.boxes, s.inner = s.boxes[:0], s.inner[:0]
	for _, t := range first {
		s.colLeft = append(s.colLeft, px(t.Cell.X-x0))
	}
	s.colLeft = append(s.colLeft, px(first[len(first)-1].Cell.Right()-x0))
	for _, row := range b.Targets {
		s.rowTop = append(s.rowTop, px(row[0].Cell.Y-y0))
		for _, t := range row {
			s.boxes = append(s.boxes, box{px(t.X - x0), px(t.Y - y0), px(t.Right() - x0), px(t.Bottom() - y0)})
		}
	}
	s.rowTop = append(s.rowTop, px(b.Targets[len(b.Targets)-1][0].Cell.Bottom()-y0))
	for _, b := range s.boxes {
		s.inner = append(s.inner, box{b.x0 + outlineHalf + 1, b.y0 + outlineHalf + 1, b.x1 - outlineHalf, b.y1 - outlineHalf})
	}
	s.w, s.h = s.colLeft[len(s.colLeft)-1], s.rowTop[len(s.rowTop)-1]
	s.pix, s.ink = grow(s.pix, s.w*s.h), grow(s.ink, s.w*s.h)
	s.rowOf, s.colOf = index(s.rowOf, s.rowTop), index(s.colOf, s.colLeft)
}

func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// index tells for each pixel which interval it lies in.
func index(dst []int16, edges []int) []int16 {
	dst = dst[:0]
	for i := 0; i+1 < len(edges); i++ {
		for p := edges[i]; p < edges[i+1]; p++ {
			dst = append(dst, int16(i))
		}
	}
	return dst
}

// maxSag is how far, in mm, a row of samples may leave the line that perspective asks for.
const maxSag = 0.04

// warp fills the strip from the picture by bilinear interpolation; outside the picture is white. Samples
// are read along straight lines; where the page was seen at an angle, along several a row.
func (s *strip) warp(img *raster.Image, g *register.Grid, b *register.Block) {
	first := b.Targets[0]
	x0, y0 := first[0].Cell.X, first[0].Cell.Y
	width := float64(s.w) / PixelsPerMM
	// Equal steps along a line of length L whose depth changes by a share d leave it by L·d/8 in its middle.
	sag := width * math.Abs(g.Map[6]) * width / 8
	pieces := max(1, int(math.Ceil(math.Sqrt(sag/maxSag))))
	s.reading = s.reading[:0]
	for i := 0; i < s.rows(); i++ {
		for y := s.rowTop[i]; y < s.rowTop[i+1]; y++ {
			fy := y0 + (float64(y)+0.5)/PixelsPerMM
			for p := range pieces {
				from, to := p*s.w/pieces, (p+1)*s.w/pieces
				u0, v0 := g.At(b, i, x0+(float64(from)+0.5)/PixelsPerMM, fy)
				u1, v1 := g.At(b, i, x0+(float64(to)+0.5)/PixelsPerMM, fy)
				n := float64(to - from)
				s.reading = append(s.reading, raster.LineAt(u0-0.5, v0-0.5, (u1-u0)/n, (v1-v0)/n, to-from))
			}
		}
	}
	img.SampleLines(s.pix, s.reading)
}

// eraseWords takes the words that a blank prints in its cells for marks out of the strip.
func (s *strip) eraseWords(print *raster.Image, b *register.Block) {
	s.hidden, s.words = nil, nil
	if print == nil {
		return
	}
	origin := b.Targets[0][0].Cell
	sheet := words.Sheet{W: s.w, H: s.h, Pix: s.pix, Scale: PixelsPerMM, X: origin.X, Y: origin.Y, RowTop: s.rowTop, ColLeft: s.colLeft, Print: print}
	s.hidden, s.words = sheet.Erase()
}

// grades names the strip's columns for one row.
func grades(row []ballot.Target) []string {
	out := make([]string, len(row))
	for i, t := range row {
		out[i] = t.Grade
	}
	return out
}

// descreen smooths the strip by means over 5 × 5 pixels (0.8 mm), so that the dots of a dithered picture
// become the grays they stand for.
func (s *strip) descreen() {
	const r = 2
	s.spare = grow(s.spare, len(s.pix))
	for y := 0; y < s.h; y++ {
		row, out := s.pix[y*s.w:(y+1)*s.w], s.spare[y*s.w:(y+1)*s.w]
		for x := range row {
			sum, n := 0, 0
			for _, v := range row[max(0, x-r):min(s.w, x+r+1)] {
				sum += int(v)
				n++
			}
			out[x] = byte(sum / n)
		}
	}
	for y := 0; y < s.h; y++ {
		y0, y1 := max(0, y-r), min(s.h, y+r+1)
		for x := 0; x < s.w; x++ {
			sum := 0
			for at := y0*s.w + x; at < y1*s.w; at += s.w {
				sum += int(s.spare[at])
			}
			s.pix[y*s.w+x] = byte(sum / (y1 - y0))
		}
	}
}

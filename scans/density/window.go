package density

import (
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Geometry of the window that is read around each target.
const (
	samplesPerMM = 3
	edgeGap      = 0.4 // mm that the window keeps from the edges of the narrowest cell
	widest       = 5.5 // mm from the middle of the box, at most
	rimWidth     = 1.25
	tilesAcross  = 5
)

// window is a rectangle around the middle of a box, the same for all targets of a block.
type window struct {
	halfW, halfH float64 // mm
	w, h         int     // samples
	zone         []zone  // of each sample
	tile         []int8  // of each sample within the rim, else -1
}

// zone says where in the window a sample lies.
type zone uint8

const (
	outside zone = iota
	rim
	inside
	zones
)

// windowOf lays the window of a block: as wide as its narrowest cell allows.
func windowOf(b *register.Block) window {
	w := window{halfW: widest, halfH: widest}
	first := b.Targets[0][0]
	for _, row := range b.Targets {
		for _, t := range row {
			x, y := t.Centre()
			w.halfW = min(w.halfW, x-t.Cell.X-edgeGap, t.Cell.Right()-x-edgeGap)
			w.halfH = min(w.halfH, y-t.Cell.Y-edgeGap, t.Cell.Bottom()-y-edgeGap)
		}
	}
	w.w, w.h = int(2*w.halfW*samplesPerMM), int(2*w.halfH*samplesPerMM)
	box := ballot.Rect{X: -first.W / 2, Y: -first.H / 2, W: first.W, H: first.H}
	around := box.Inset(-rimWidth)
	for j := range w.h {
		for i := range w.w {
			x, y := (float64(i)+0.5)/samplesPerMM-w.halfW, (float64(j)+0.5)/samplesPerMM-w.halfH
			z, tile := outside, int8(-1)
			if within(around, x, y) {
				z = rim
				tile = int8(int((y-around.Y)/around.H*tilesAcross)*tilesAcross + int((x-around.X)/around.W*tilesAcross))
			}
			if within(box, x, y) {
				z = inside
			}
			w.zone, w.tile = append(w.zone, z), append(w.tile, tile)
		}
	}
	return w
}

func within(r ballot.Rect, x, y float64) bool {
	return x >= r.X && x < r.Right() && y >= r.Y && y < r.Bottom()
}

// sampler reads windows; its buffers are reused.
type sampler struct {
	lines []raster.Line
	fine  []byte
}

// sample reads the windows around the targets of a block into dst, one after the other, as gray levels.
func (s *sampler) sample(dst []byte, w *window, img *raster.Image, g *register.Grid, b *register.Block) {
	s.lines = s.lines[:0]
	taps := taps(&g.Map, b)
	for i, row := range b.Targets {
		for _, t := range row {
			x, y := t.Centre()
			for j := range w.h * taps {
				s.lines = append(s.lines, w.line(g, b, i, x, y-w.halfH+(float64(j)+0.5)/float64(samplesPerMM*taps), taps))
			}
		}
	}
	if taps == 1 {
		img.SampleLines(dst, s.lines)
		return
	}
	fine := raster.Image{W: w.w * taps, H: len(s.lines), Pix: slices.Grow(s.fine[:0], len(dst)*taps*taps)[:len(dst)*taps*taps]}
	img.SampleLines(fine.Pix, s.lines)
	mean := raster.Image{Pix: dst}
	fine.Reduce(&mean, taps)
	s.fine = fine.Pix
}

// taps is how many places across and down are read to a sample, lest a printed line fall between two: on a
// picture of more pixels than twice the samples, several.
func taps(m *register.Homography, b *register.Block) int {
	sx, sy := m.Scale(b.Targets[0][0].Centre())
	return max(1, int(math.Round((sx+sy)/2/(2*samplesPerMM))))
}

// line crosses the window around x in row i at height y (mm).
func (w *window) line(g *register.Grid, b *register.Block, i int, x, y float64, taps int) raster.Line {
	n := w.w * taps
	half := w.halfW / float64(n) // of a step
	u0, v0 := g.At(b, i, x-w.halfW+half, y)
	u1, v1 := g.At(b, i, x+w.halfW+half, y)
	return raster.LineAt(u0-0.5, v0-0.5, (u1-u0)/float64(n), (v1-v0)/float64(n), n)
}

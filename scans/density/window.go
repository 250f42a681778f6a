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
	line []byte
	sums []int
}

// sample reads the window around a target of row i into dst, as gray levels. On a picture of more pixels than
// twice the samples it reads several places to a sample, lest a printed line fall between two.
func (s *sampler) sample(dst []byte, w *window, img *raster.Image, g *register.Grid, b *register.Block, i int, t ballot.Target) {
	x, y := t.Centre()
	u0, v0 := g.At(b, i, x-w.halfW, y)
	u1, v1 := g.At(b, i, x+w.halfW, y)
	taps := max(1, int(math.Round(math.Hypot(u1-u0, v1-v0)/float64(2*w.w))))
	if taps == 1 {
		for j := range w.h {
			s.read(dst[j*w.w:(j+1)*w.w], w, img, g, b, i, x, y-w.halfH+(float64(j)+0.5)/samplesPerMM)
		}
		return
	}
	s.line = slices.Grow(s.line[:0], w.w*taps)[:w.w*taps]
	s.sums = slices.Grow(s.sums[:0], w.w)[:w.w]
	for j := range w.h {
		clear(s.sums)
		for k := range taps {
			s.read(s.line, w, img, g, b, i, x, y-w.halfH+(float64(j)+(float64(k)+0.5)/float64(taps))/samplesPerMM)
			for at, v := range s.line {
				s.sums[at/taps] += int(v)
			}
		}
		for at, sum := range s.sums {
			dst[j*w.w+at] = byte(sum / (taps * taps))
		}
	}
}

// read reads a line across the window at height y (mm).
func (s *sampler) read(dst []byte, w *window, img *raster.Image, g *register.Grid, b *register.Block, i int, x, y float64) {
	const one = 1 << 16
	half := w.halfW / float64(len(dst)) // of a step
	u0, v0 := g.At(b, i, x-w.halfW+half, y)
	u1, v1 := g.At(b, i, x+w.halfW+half, y)
	du, dv := int((u1-u0)/float64(len(dst))*one), int((v1-v0)/float64(len(dst))*one)
	img.SampleLine(dst, int((u0-0.5)*one), int((v0-0.5)*one), du, dv)
}

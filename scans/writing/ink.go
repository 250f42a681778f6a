package writing

import (
	"math"

	"pingyi/scans/raster"
	"pingyi/scans/register"
)

const (
	pixelsPerMM = 3    // of the reduced picture: a stroke of 0.4 mm is plain, noise is averaged out
	tile        = 32   // pixels a side within which the paper is taken to be even
	tileStep    = 6    // between the pixels that are looked at for it
	inkShare    = 0.85 // of the paper's gray below which a pixel is ink: show-through is paler
	darkLid     = 60   // gray below which a tile is no paper
)

// begin sets the size of the reduced picture.
func (f *Finder) begin(img *raster.Image, m *register.Homography, x, y float64) {
	sx, sy := m.Scale(x, y)
	f.k = max(1, int(math.Round((sx+sy)/2/pixelsPerMM)))
	img.Reduce(&f.small, f.k)
	f.factor, f.scale = float64(f.k), (sx+sy)/2/float64(f.k)
	n := f.small.W * f.small.H
	if cap(f.zones) < n {
		f.zones, f.mask = make([]byte, n), make([]byte, n)
	}
	f.zones, f.mask = f.zones[:n], f.mask[:n]
}

// threshold sets the mask to 1 where ink lies where nothing is printed.
func (f *Finder) threshold() {
	w, h := f.small.W, f.small.H
	f.limits = f.limits[:0]
	for y0 := 0; y0 < h; y0 += tile {
		for x0 := 0; x0 < w; x0 += tile {
			x1, y1 := min(w, x0+tile), min(h, y0+tile)
			limit := f.limit(x0, y0, x1, y1)
			f.limits = append(f.limits, limit)
			f.small.Below(f.mask, f.zones, x0, y0, x1, y1, limit)
		}
	}
}

// limitAt is the gray below which a pixel at a place is ink.
func (f *Finder) limitAt(x, y int) byte {
	return f.limits[y/tile*((f.small.W+tile-1)/tile)+x/tile]
}

// limit is the gray below which a pixel of a tile is ink: the paper is the median of what lies where
// nothing is printed. It is 0 where there is nothing to look at.
func (f *Finder) limit(x0, y0, x1, y1 int) byte {
	var histogram raster.Histogram
	n := 0
	for y := y0; y < y1; y += tileStep {
		for x := x0 + y/tileStep*3%tileStep; x < x1; x += tileStep {
			if f.zones[y*f.small.W+x] == blank {
				histogram[f.small.Pix[y*f.small.W+x]]++
				n++
			}
		}
	}
	paper := histogram.Rank(n, 0.5)
	if paper < darkLid {
		return 0
	}
	return byte(inkShare * float64(paper))
}

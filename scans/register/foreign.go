package register

import (
	"pingyi/ballot"
	"pingyi/scans/raster"
)

// white are the places of a page on which the blank prints nothing near, by bands across it: print of another
// sheet fills much of some band, a streak down the page or a fold little of any.
type white struct {
	at    []Point // mm
	bands [][]int // indices into at

	print []bool // whether print lies within printNear, by pixel of the blank's print
	w, h  int
}

const (
	whiteStep = 1.2  // mm between places
	whiteEdge = 8.0  // mm of the page's edge that is left out: there the lid is seen, and holes are punched
	whiteNear = 2.5  // mm about print that is left out
	printNear = 0.75 // mm, the same for lines
	whiteBand = 10.0 // mm
	whiteTone = 170  // gray of the blank's print, from which it is paper
	whiteDark = 0.72 // of the paper's gray, below which a place is dark
	whiteLeft = 60   // places that make a band
)

func whiteOf(page *ballot.FormPage, print *raster.Image) (w white) {
	w.print, w.w, w.h = spread(print, int(printNear*ballot.PrintPixelsPerMM)), print.W, print.H
	dark := spread(print, int(whiteNear*ballot.PrintPixelsPerMM))
	bands := make([][]int, int(page.Height/whiteBand)+1)
	for y := whiteEdge; y < page.Height-whiteEdge; y += whiteStep {
		for x := whiteEdge; x < page.Width-whiteEdge; x += whiteStep {
			px, py := int(x*ballot.PrintPixelsPerMM), int(y*ballot.PrintPixelsPerMM)
			if px >= print.W || py >= print.H || dark[py*print.W+px] || nearRule(page, x, y) {
				continue
			}
			bands[int(y/whiteBand)] = append(bands[int(y/whiteBand)], len(w.at))
			w.at = append(w.at, Point{x, y})
		}
	}
	for _, b := range bands {
		if len(b) >= whiteLeft {
			w.bands = append(w.bands, b)
		}
	}
	return w
}

// share is how much of a line in mm lies where the blank prints nothing.
func (w *white) share(ax, ay, bx, by float64) float64 {
	const steps = 100
	n := 0
	for i := range steps {
		s := (float64(i) + 0.5) / steps
		x, y := int((ax+s*(bx-ax))*ballot.PrintPixelsPerMM), int((ay+s*(by-ay))*ballot.PrintPixelsPerMM)
		if x < 0 || y < 0 || x >= w.w || y >= w.h || !w.print[y*w.w+x] {
			n++
		}
	}
	return float64(n) / steps
}

// spread tells of every pixel whether print lies within a square of radius pixels to each side.
func spread(print *raster.Image, radius int) []bool {
	pass := func(in []bool, w, h, step, next int) []bool {
		out := make([]bool, len(in))
		for i := range h {
			for j := range w {
				if in[i*next+j*step] {
					for k := max(0, j-radius); k <= min(w-1, j+radius); k++ {
						out[i*next+k*step] = true
					}
				}
			}
		}
		return out
	}
	dark := make([]bool, len(print.Pix))
	for i, v := range print.Pix {
		dark[i] = v < whiteTone
	}
	return pass(pass(dark, print.W, print.H, 1, print.W), print.H, print.W, print.W, 1)
}

// Foreign is the share of the blank's white in a band of the page that is dark in the picture searched last, in
// the band where it is most.
func (f *TableFinder) Foreign(img *raster.Image, found *TableFound) float64 {
	w := &f.tables[found.Table].white
	factor := float64(img.W) / float64(f.small.W)
	var gray raster.Histogram
	gray.Add(f.small.Pix)
	limit := byte(whiteDark * float64(gray.Rank(len(f.small.Pix), 0.75)))
	dark := make([]bool, len(w.at))
	for i, p := range w.at {
		u, v := found.Map.At(p.X, p.Y)
		dark[i] = u >= 0 && v >= 0 && u < float64(img.W) && v < float64(img.H) && f.small.At(u/factor, v/factor) < limit
	}
	most := 0.0
	for _, band := range w.bands {
		n := 0
		for _, i := range band {
			if dark[i] {
				n++
			}
		}
		most = max(most, float64(n)/float64(len(band)))
	}
	return most
}

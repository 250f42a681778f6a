package register

import (
	"encoding/binary"
	"math"
	"slices"

	"pingyi/scans/raster"
)

// candidates finds solid square blobs of about a mark's size on a reduced picture, and the share of the
// picture that is dark.
func (f *Finder) candidates(img *raster.Image) ([]candidate, float64) {
	k := f.reduction(img)
	img.Reduce(&f.small, k)
	s := &f.small
	pixelsPerMM := f.assumedScale(img) / float64(k)
	dark := f.threshold(int(6 * pixelsPerMM))
	f.labels.Label(f.mask, s.W, s.H)
	side := 4 * pixelsPerMM
	var out []candidate
	for i := range f.labels.Comps {
		c := &f.labels.Comps[i]
		w, h := float64(c.Width()), float64(c.Height())
		// A 4 mm mark turned by 10° has a bounding box of 1.16 sides; the assumed scale may be off by
		// 40 % where the file does not say its resolution and the paper is not A4.
		if w < 0.5*side || w > 1.7*side || h < 0.5*side || h > 1.7*side || w > 1.6*h || h > 1.6*w {
			continue
		}
		if float64(c.Area) < 0.58*w*h {
			continue
		}
		cx, cy := c.SumX/c.Area, c.SumY/c.Area
		out = append(out, candidate{Point{
			(float64(c.SumX)/float64(c.Area) + 0.5) * float64(k),
			(float64(c.SumY)/float64(c.Area) + 0.5) * float64(k)},
			math.Sqrt(float64(c.Area)) * float64(k), middleGray(s, cx, cy)})
	}
	// Printed characters may be blobs of a mark's size too, but the middle of a mark is the darkest print
	// on the page.
	if len(out) > maxCandidates {
		slices.SortStableFunc(out, func(a, b candidate) int { return a.gray - b.gray })
		out = out[:maxCandidates]
	}
	return out, dark
}

// maxCandidates bounds the work of matching; a page has twelve marks.
const maxCandidates = 72

// middleGray is the mean of the nine pixels about a place that lies inside the picture.
func middleGray(m *raster.Image, cx, cy int) int {
	sum, n := 0, 0
	for y := max(0, cy-1); y <= min(m.H-1, cy+1); y++ {
		for x := max(0, cx-1); x <= min(m.W-1, cx+1); x++ {
			sum += int(m.Pix[y*m.W+x])
			n++
		}
	}
	return sum / n
}

// assumedScale is the picture's pixels per mm, from its resolution or as if it showed the first size.
func (f *Finder) assumedScale(img *raster.Image) float64 {
	if img.DPI > 0 {
		return img.DPI / 25.4
	}
	return float64(max(img.W, img.H)) / math.Max(f.sizes[0].Width, f.sizes[0].Height)
}

func (f *Finder) reduction(img *raster.Image) int {
	return max(1, int(math.Round(f.assumedScale(img)/coarsePixelsPerMM)))
}

// paleLimit is the gray from which nothing is a mark, however bright its surroundings.
const paleLimit = 200

// threshold marks pixels of the reduced picture that are much darker than the mean of their
// neighbourhood (radius r pixels), so that shading and gray paper do not matter, and returns their share.
func (f *Finder) threshold(r int) float64 {
	w, h := f.small.W, f.small.H
	f.integrate()
	if cap(f.mask) < w*h {
		f.mask = make([]byte, w*h)
	}
	f.mask = f.mask[:w*h]
	clear(f.mask)
	stride, dark := w+1, 0
	for y := 0; y < h; y++ {
		y0, y1 := max(0, y-r), min(h, y+r+1)
		row := f.small.Pix[y*w : (y+1)*w]
		for x := 0; x < w; x++ {
			for x+8 <= w && allPale(row[x:]) { // most of a page
				x += 8
			}
			if x == w {
				break
			}
			if row[x] >= paleLimit {
				continue
			}
			x0, x1 := max(0, x-r), min(w, x+r+1)
			sum := f.sums[y1*stride+x1] - f.sums[y0*stride+x1] - f.sums[y1*stride+x0] + f.sums[y0*stride+x0]
			n := uint32((y1 - y0) * (x1 - x0))
			if uint32(row[x])*n*100 < sum*68 {
				f.mask[y*w+x] = 1
				dark++
			}
		}
	}
	return float64(dark) / float64(w*h)
}

// allPale tells whether the next eight pixels all reach paleLimit.
func allPale(row []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	v := binary.LittleEndian.Uint64(row)
	return v&high == high && ((v&^high)+(256-paleLimit)*ones)&high == high
}

// integrate fills sums[y][x] with the sum of all pixels above and left of (x, y).
func (f *Finder) integrate() {
	w, h := f.small.W, f.small.H
	n := (w + 1) * (h + 1)
	if cap(f.sums) < n {
		f.sums = make([]uint32, n)
	}
	f.sums = f.sums[:n]
	clear(f.sums[:w+1])
	for y := 0; y < h; y++ {
		row := uint32(0)
		above, here := f.sums[y*(w+1):], f.sums[(y+1)*(w+1):]
		here[0] = 0
		for x := 0; x < w; x++ {
			row += uint32(f.small.Pix[y*w+x])
			here[x+1] = above[x+1] + row
		}
	}
}

// refineMark gives the centre of a mark to a fraction of a pixel: the centroid of darkness in a window
// half a side wider than the mark, twice. Darkness below half of the window's range does not count, so
// shading and faint dirt do not pull.
func refineMark(img *raster.Image, p Point, side float64) Point {
	for pass := 0; pass < 2; pass++ {
		r := side * 0.72
		x0, x1 := max(0, int(p.X-r)), min(img.W, int(p.X+r)+1)
		y0, y1 := max(0, int(p.Y-r)), min(img.H, int(p.Y+r)+1)
		lo, hi := byte(255), byte(0)
		for y := y0; y < y1; y++ {
			for _, v := range img.Pix[y*img.W+x0 : y*img.W+x1] {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		mid := (int(lo) + int(hi)) / 2
		var sum, sx, sy float64
		for y := y0; y < y1; y++ {
			row := img.Pix[y*img.W : y*img.W+img.W]
			for x := x0; x < x1; x++ {
				if d := mid - int(row[x]); d > 0 {
					weight := float64(d)
					sum += weight
					sx += weight * (float64(x) + 0.5)
					sy += weight * (float64(y) + 0.5)
				}
			}
		}
		if sum == 0 {
			return p
		}
		p = Point{sx / sum, sy / sum}
	}
	return p
}

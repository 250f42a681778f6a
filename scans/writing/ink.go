package writing

import (
	"encoding/binary"
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
	img.ReduceInto(&f.small, f.k)
	f.factor, f.scale = float64(f.k), (sx+sy)/2/float64(f.k)
	n := f.small.W * f.small.H
	if cap(f.zones) < n {
		f.zones, f.mask = make([]byte, n), make([]byte, n)
	}
	f.zones, f.mask = f.zones[:n], f.mask[:n]
}

// threshold reduces the picture where nothing is printed and sets the mask where ink lies there.
func (f *Finder) threshold(img *raster.Image) {
	w, h := f.small.W, f.small.H
	f.limits = f.limits[:0]
	for y0 := 0; y0 < h; y0 += tile {
		y1, first := min(h, y0+tile), len(f.limits)
		for x0 := 0; x0 < w; x0 += tile {
			f.limits = append(f.limits, f.limit(img, x0, y0, min(w, x0+tile), y1))
		}
		for y := y0; y < y1; y++ {
			for c, limit := range f.limits[first:] {
				from, to := c*tile, min(w, c*tile+tile)
				if limit == 0 {
					clear(f.mask[y*w+from : y*w+to])
				} else {
					f.darker(img, y, from, to, limit)
				}
			}
		}
	}
}

// limitAt is the gray below which a pixel at a place is ink.
func (f *Finder) limitAt(x, y int) byte {
	return f.limits[y/tile*((f.small.W+tile-1)/tile)+x/tile]
}

// limit is the gray below which a pixel of a tile is ink: the paper is the median of what lies where
// nothing is printed. It is 0 where there is nothing to look at.
func (f *Finder) limit(img *raster.Image, x0, y0, x1, y1 int) byte {
	var histogram [256]uint16
	n := 0
	for y := y0; y < y1; y += tileStep {
		for x := x0 + y/tileStep*3%tileStep; x < x1; x += tileStep {
			if f.zones[y*f.small.W+x] == blank {
				histogram[f.mean(img, x, y)]++
				n++
			}
		}
	}
	rest, paper := n/2, 255
	for ; paper > 0; paper-- {
		if rest -= int(histogram[paper]); rest < 0 {
			break
		}
	}
	if paper < darkLid {
		return 0
	}
	return byte(inkShare * float64(paper))
}

// mean is the gray of a pixel of the reduced picture.
func (f *Finder) mean(img *raster.Image, x, y int) byte {
	sum := 0
	for j := range f.k {
		at := (y*f.k+j)*img.W + x*f.k
		for _, v := range img.Pix[at : at+f.k] {
			sum += int(v)
		}
	}
	return byte(sum / (f.k * f.k))
}

// darker sets the mask of a stretch of a row to 1 where the picture is below the limit and nothing is
// printed, else to 0, eight pixels at a time.
func (f *Finder) darker(img *raster.Image, y, from, to int, limit byte) {
	at := y * f.small.W
	mask, pix, zones := f.mask[at:at+to], f.small.Pix[at:at+to], f.zones[at:at+to]
	reduced := false
	for x := from; x < to; x += 8 {
		if to-x < 8 { // the last eight, some of them again
			x, reduced = to-8, false
		}
		if binary.LittleEndian.Uint64(zones[x:])&ones == 0 {
			binary.LittleEndian.PutUint64(mask[x:], 0)
			continue
		}
		if !reduced {
			img.ReduceSpan(&f.small, f.k, y, x, to)
			reduced = true
		}
		binary.LittleEndian.PutUint64(mask[x:], darkBlank(pix[x:], zones[x:], limit))
	}
}

const ones = 0x0101010101010101 // a bit in each of eight bytes

// darkBlank is 1 in each of eight bytes where the pixel is below the limit and its zone is blank.
func darkBlank(pix, zones []byte, limit byte) uint64 {
	const high = 0x80 * ones
	p, bound := binary.LittleEndian.Uint64(pix), uint64(limit)*ones
	less := ^p&bound | ^(p^bound)&^((p|high)-(bound&^high)) // the highest bit of each byte
	return less & high >> 7 & binary.LittleEndian.Uint64(zones)
}

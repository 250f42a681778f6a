package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/scans/raster"
)

// Scan turns a marked page into what a scanner would deliver. The page's own picture is soiled on the
// way (folds, specks, holes), as paper is: give it a copy. Its DPI must be set.
func Scan(img *raster.Image, d Damage, r *rand.Rand) *raster.Image {
	soil(img, d, r)
	src := img
	if k := int(img.DPI / d.DPI); k > 1 { // average before sampling, as a sensor does
		src = &raster.Image{}
		img.Reduce(src, k)
	}
	out := warp(src, d)
	if d.Blur > 0 {
		blur(out, d.Blur*d.DPI/300)
	}
	streaks(out, d, r)
	if d.Through > 0 {
		showThrough(out, d)
	}
	expose(out, d, r)
	switch d.OneBit {
	case 1:
		threshold(out, byte(d.Limit))
	case 2:
		dither(out)
	}
	if d.Turns%4 != 0 {
		out = raster.Rotate90(out, d.Turns)
	}
	out.DPI = d.DPI
	return out
}

// dark is the scanner's lid where it is not white.
const dark = 35

// warp samples the page through everything that moves it, in one pass. Beyond the paper lies the lid:
// dark where it shows as a border, else white.
func warp(src *raster.Image, d Damage) *raster.Image {
	px := src.DPI / 25.4
	v := d.view(float64(src.W)/px, float64(src.H)/px)
	piece := v.w
	if d.Tilt != ([2]float64{}) {
		piece = 32 // pixels over which perspective is as good as straight
	}
	out := raster.New(v.w, v.h)
	m := v.toPrint.then(affine{px, 0, -0.5, 0, px, -0.5}) // to pixels of src, whole numbers at their middles
	shift := d.shifts(src)
	for y := 0; y < out.H; y++ {
		row := out.Pix[y*out.W : (y+1)*out.W]
		from, to := v.span(y)
		if d.Border > 0 {
			for x := range row {
				if x < from || x >= to {
					row[x] = dark
				}
			}
		}
		for ; from < to; from += piece {
			part := row[from:min(to, from+piece)]
			u, v, du, dv := m.line(from, y, len(part))
			sample(part, src, u, v, du, dv, shift)
		}
	}
	return out
}

// line is where pixels x … x+n-1 of row y lie, as fixed-point numbers: the first place and the steps.
func (m projective) line(x, y, n int) (u, v, du, dv int) {
	fixed := func(v float64) int { return int(math.Round(v * fixedOne)) }
	a, b := m.at(point{float64(x) + 0.5, float64(y) + 0.5}), m.at(point{float64(x+n) + 0.5, float64(y) + 0.5})
	return fixed(a.x), fixed(a.y), fixed((b.x - a.x) / float64(n)), fixed((b.y - a.y) / float64(n))
}

// Places in a picture are fixed-point numbers of 16 bits below the point.
const (
	fixedBits = 16
	fixedOne  = 1 << fixedBits
)

// sample fills a row with the picture's grays along a line, interpolated between four pixels. shift, if
// there is any, moves each source row along the page.
func sample(row []byte, src *raster.Image, u, v, du, dv int, shift []int) {
	w, h, pix := src.W, src.H, src.Pix
	for i := range row {
		vv := v
		if shift != nil {
			vv += shift[max(0, min(len(shift)-1, v>>fixedBits))]
		}
		x, y := u>>fixedBits, vv>>fixedBits
		if uint(x) < uint(w-1) && uint(y) < uint(h-1) {
			at := y*w + x
			p, q := pix[at:at+2:at+2], pix[at+w:at+w+2:at+w+2]
			fx, fy := u>>(fixedBits-8)&255, vv>>(fixedBits-8)&255
			top := int(p[0])<<8 + (int(p[1])-int(p[0]))*fx
			low := int(q[0])<<8 + (int(q[1])-int(q[0]))*fx
			row[i] = byte((top<<8 + (low-top)*fy + 1<<15) >> 16)
		} else if x >= -1 && x <= w && y >= -1 && y <= h {
			row[i] = pix[max(0, min(h-1, y))*w+max(0, min(w-1, x))]
		}
		u, v = u+du, v+dv
	}
}

// shifts is how far each row of the page is moved along it by the rollers, in fixed-point pixels; nil
// where nothing moves.
func (d Damage) shifts(src *raster.Image) []int {
	if d.Stretch == 0 && d.Slip == 0 {
		return nil
	}
	const slipLength = 3 // mm over which a slip happens
	px := src.DPI / 25.4
	out := make([]int, src.H)
	for y := range out {
		at := float64(y) / float64(src.H)
		mm := d.Stretch * math.Sin(math.Pi*at)
		mm += d.Slip * max(0, min(1, (at-d.SlipAt)*float64(src.H)/px/slipLength))
		out[y] = int(mm * px * fixedOne)
	}
	return out
}

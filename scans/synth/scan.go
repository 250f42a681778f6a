package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/scans/raster"
)

// Scan turns a marked page, at RenderDPI, into what a scanner would deliver.
func Scan(img *raster.Image, d Damage, r *rand.Rand) *raster.Image {
	src := img
	if d.DPI <= 160 { // average before sampling, as a scanner's sensor does
		src = &raster.Image{}
		img.Reduce(src, 2)
	}
	out := warp(src, d, r)
	scratch(out, d, r)
	if d.Blur > 0 {
		blur(out, d.Blur*d.DPI/300)
	}
	light(out, d)
	noise(out, d.Noise, r)
	switch d.OneBit {
	case 1:
		threshold(out, byte(between(r, 120, 165)))
	case 2:
		dither(out)
	}
	for i := 0; i < d.Turns; i++ {
		out = Quarter(out)
	}
	out.DPI = d.DPI
	return out
}

// warp samples the page through scale, shear, rotation, stretch and crop. Beyond the paper lies white,
// or the scanner's dark lid where there is a border.
func warp(src *raster.Image, d Damage, r *rand.Rand) *raster.Image {
	k := d.DPI / RenderDPI * float64(RenderDPI) / src.DPI // output pixels a source pixel
	px := d.DPI / 25.4
	w := int(float64(src.W)*k - (d.Crop[0]+d.Crop[2])*px)
	h := int(float64(src.H)*k - (d.Crop[1]+d.Crop[3])*px)
	out := raster.New(w, h)
	sin, cos := math.Sincos(d.Rotation * math.Pi / 180)
	cx, cy := float64(src.W)/2, float64(src.H)/2
	stretch := d.Stretch * src.DPI / 25.4
	torn := tear(d, src, r)
	beyond := byte(255)
	if d.Border > 0 {
		beyond = 35
	}
	edge := 0.0
	if d.Border > 0 {
		edge = -d.Border * px
	}
	for y := 0; y < h; y++ {
		for x := 0; x < w; x++ {
			// from the output's pixel, about the page's middle, back through rotation to the paper …
			ox, oy := (float64(x)+0.5+d.Crop[0]*px)/k-cx, (float64(y)+0.5+d.Crop[1]*px)/k-cy
			ox, oy = ox*scaleFor(edge, cx), oy*scaleFor(edge, cy)
			qx, qy := cos*ox+sin*oy, -sin*ox+cos*oy
			if qx < -cx || qx > cx || qy < -cy || qy > cy || torn(qx+cx, qy+cy) {
				out.Pix[y*w+x] = beyond
				continue
			}
			// … and through the print's own scale and shear to the page as drawn.
			sx := qx/d.ScaleX - d.Shear*qy + cx
			sy := qy/d.ScaleY + cy
			sy += stretch * math.Sin(math.Pi*sy/float64(src.H))
			if d.Mirror {
				sx = float64(src.W) - sx
			}
			out.Pix[y*w+x] = src.At(sx, sy)
		}
	}
	return out
}

// scaleFor widens the view so that a border shows on every side.
func scaleFor(edge, half float64) float64 { return 1 - edge/half/2 }

// tear tells which places of the paper are torn off: a corner with legs of 18–30 mm.
func tear(d Damage, src *raster.Image, r *rand.Rand) func(x, y float64) bool {
	if d.Torn == 0 {
		return func(float64, float64) bool { return false }
	}
	px := src.DPI / 25.4
	a, b := between(r, 18, 30)*px, between(r, 18, 30)*px
	w, h := float64(src.W), float64(src.H)
	return func(x, y float64) bool {
		if d.Torn%2 == 0 {
			x = w - x
		}
		if d.Torn > 2 {
			y = h - y
		}
		return x/a+y/b < 1
	}
}

// scratch adds what lies on the glass and on the paper: specks, streaks, folds, holes.
func scratch(m *raster.Image, d Damage, r *rand.Rand) {
	px := d.DPI / 25.4
	k := &ink{img: m, scale: px, r: r}
	w, h := float64(m.W)/px, float64(m.H)/px
	for i := 0; i < d.Specks; i++ {
		p := Pen{Width: between(r, 0.1, 0.45), Gray: between(r, 20, 140)}
		k.dot(between(r, 0, w), between(r, 0, h), p, 1)
	}
	for i := 0; i < d.Streaks; i++ {
		hand := Hand{Pen: Pen{Width: between(r, 0.12, 0.45), Gray: between(r, 40, 170)}}
		x := between(r, 0.05, 0.95) * w
		k.curve(hand, point{x, 0}, point{x + between(r, -0.2, 0.2), h})
	}
	for i := 0; i < d.Folds; i++ {
		hand := Hand{Pen: Pen{Width: between(r, 0.15, 0.5), Gray: between(r, 150, 225)}}
		if r.IntN(2) == 0 {
			y := between(r, 0.1, 0.9) * h
			k.curve(hand, point{0, y}, point{w, y + between(r, -4, 4)})
		} else {
			x := between(r, 0.1, 0.9) * w
			k.curve(hand, point{x, 0}, point{x + between(r, -4, 4), h})
		}
	}
	for i := 0; i < d.Holes; i++ {
		k.dot(7.5, h*(0.36+0.28*float64(i)), Pen{Width: 5.5, Gray: between(r, 0, 60)}, 1)
	}
}

// blur is a separable Gaussian of σ pixels.
func blur(m *raster.Image, sigma float64) {
	n := max(1, int(math.Ceil(2.5*sigma)))
	kernel := make([]int, 2*n+1)
	sum := 0
	for i := range kernel {
		x := float64(i - n)
		kernel[i] = int(1024 * math.Exp(-x*x/(2*sigma*sigma)))
		sum += kernel[i]
	}
	pass := func(src, dst []byte, count, length, along, across int) {
		for c := 0; c < count; c++ {
			base := c * across
			for i := 0; i < length; i++ {
				acc := 0
				for j, weight := range kernel {
					at := max(0, min(length-1, i+j-n))
					acc += weight * int(src[base+at*along])
				}
				dst[base+i*along] = byte(acc / sum)
			}
		}
	}
	other := make([]byte, len(m.Pix))
	pass(m.Pix, other, m.H, m.W, 1, m.W)
	pass(other, m.Pix, m.W, m.H, m.W, 1)
}

// light applies paper gray, shading and show-through of the other side.
func light(m *raster.Image, d Damage) {
	paper := d.Paper
	if paper == 0 {
		paper = 255
	}
	var mirror *raster.Image
	if d.Through > 0 {
		mirror = &raster.Image{W: m.W, H: m.H, Pix: append([]byte(nil), m.Pix...)}
		blur(mirror, 2*d.DPI/300)
	}
	sin, cos := math.Sincos(d.ShadeAt)
	for y := 0; y < m.H; y++ {
		for x := 0; x < m.W; x++ {
			at := y*m.W + x
			v := float64(m.Pix[at]) * paper / 255
			if mirror != nil {
				v -= d.Through * float64(255-mirror.Pix[y*m.W+m.W-1-x])
			}
			if d.Shade > 0 && d.Shade < 1 {
				f := 0.5 + 0.5*((float64(x)/float64(m.W)*2-1)*cos+(float64(y)/float64(m.H)*2-1)*sin)/1.42
				v *= 1 - (1-d.Shade)*f
			}
			m.Pix[at] = byte(max(0, v))
		}
	}
}

func noise(m *raster.Image, sigma float64, r *rand.Rand) {
	if sigma <= 0 {
		return
	}
	var table [4096]int16
	for i := range table {
		table[i] = int16(math.Round(r.NormFloat64() * sigma))
	}
	for i := 0; i < len(m.Pix); i += 5 {
		bits := r.Uint64()
		for j := i; j < min(i+5, len(m.Pix)); j++ {
			m.Pix[j] = byte(max(0, min(255, int(m.Pix[j])+int(table[bits&4095]))))
			bits >>= 12
		}
	}
}

func threshold(m *raster.Image, limit byte) {
	for i, v := range m.Pix {
		if v < limit {
			m.Pix[i] = 0
		} else {
			m.Pix[i] = 255
		}
	}
}

// dither is error diffusion after Floyd and Steinberg (1976).
func dither(m *raster.Image) {
	here, below := make([]int, m.W+2), make([]int, m.W+2)
	for y := 0; y < m.H; y++ {
		for x := 0; x < m.W; x++ {
			at := y*m.W + x
			v := int(m.Pix[at]) + here[x+1]/16
			out := 0
			if v >= 128 {
				out = 255
			}
			m.Pix[at] = byte(out)
			e := v - out
			here[x+2] += 7 * e
			below[x] += 3 * e
			below[x+1] += 5 * e
			below[x+2] += e
		}
		here, below = below, here
		clear(below)
	}
}

// Quarter turns a picture clockwise by 90°.
func Quarter(m *raster.Image) *raster.Image {
	out := raster.New(m.H, m.W)
	out.DPI = m.DPI
	for y := 0; y < m.H; y++ {
		for x := 0; x < m.W; x++ {
			out.Pix[x*out.W+m.H-1-y] = m.Pix[y*m.W+x]
		}
	}
	return out
}

package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Why a picture must be refused. Every one of these must be, at any seed.
const (
	RefuseMirrored   = "mirrored"    // as if scanned through the paper
	RefuseTwoSheets  = "two_sheets"  // fed together, one lying over most of the other
	RefuseNoIdentity = "no_identity" // code and identity line both gone
	RefuseBlank      = "blank"
	RefuseText       = "other_text"  // a page of something else
	RefusePhoto      = "other_photo" // and a photograph
)

// RefuseKinds lists them.
var RefuseKinds = []string{RefuseMirrored, RefuseTwoSheets, RefuseNoIdentity, RefuseBlank, RefuseText, RefusePhoto}

// Refuse draws ordinary damage for a picture that must be refused for the reason of kind; see Spoil.
func Refuse(kind string, r *rand.Rand) Damage {
	d := Ordinary(r)
	d.Class, d.Kinds, d.Mirror = ClassRefuse, []string{kind}, kind == RefuseMirrored
	return d
}

// Spoil makes of a marked page the picture that Refuse promised, to be given to Scan. Other is another
// marked page of the same size, for two sheets fed together.
func Spoil(img, other *raster.Image, page *ballot.FormPage, d Damage, r *rand.Rand) *raster.Image {
	if d.Class != ClassRefuse || len(d.Kinds) != 1 {
		return img
	}
	k := &ink{img: img, scale: img.DPI / 25.4, r: r}
	switch d.Kinds[0] {
	case RefuseTwoSheets:
		return twoSheets(img, other, r)
	case RefuseNoIdentity:
		k.hideIdentity(page)
	case RefuseBlank:
		fill(img, 255)
	case RefuseText:
		k.text()
	case RefusePhoto:
		photo(img, r)
	}
	return img
}

// twoSheets lays other over img, 30–150 mm lower and a little aside, so that the upper part of the one
// and the other are seen; the scanner sees the length of one sheet or all of both.
func twoSheets(img, other *raster.Image, r *rand.Rand) *raster.Image {
	px := img.DPI / 25.4
	down, aside := int(between(r, 30, 150)*px), int(between(r, -6, 6)*px)
	h := img.H
	if r.IntN(2) == 0 {
		h += down
	}
	out := raster.New(img.W, h)
	out.DPI = img.DPI
	copy(out.Pix, img.Pix)
	for y := 0; y < min(other.H, h-down); y++ {
		row, from := out.Pix[(y+down)*out.W:(y+down+1)*out.W], other.Pix[y*other.W:(y+1)*other.W]
		for x := range row {
			if at := x - aside; at >= 0 && at < len(from) {
				row[x] = from[at]
				if y == 0 {
					row[x] = 180 // the shadow of its edge
				}
			}
		}
	}
	return out
}

// hideIdentity covers the code and the line that repeats it: with a label, a stain or ink.
func (k *ink) hideIdentity(page *ballot.FormPage) {
	hide := []ballot.Rect{page.Code.Inset(-2)}
	for _, l := range page.Labels {
		if l.Role == ballot.LabelIdentity {
			hide = append(hide, l.Rect.Inset(-1))
		}
	}
	gray := []byte{255, 60, 200}[k.r.IntN(3)]
	for _, b := range hide {
		if gray != 200 {
			k.cover(b, gray)
			continue
		}
		x, y := b.Centre()
		p := Pen{Width: 0.9, Gray: 30}
		k.write(p, hatch(point{x, y}, b.W*0.75, b.H*0.75, 0.55, 0.1, k.r), 0)
		k.write(p, hatch(point{x, y}, b.W*0.75, b.H*0.75, 0.55, -0.1, k.r), 0)
	}
}

func fill(m *raster.Image, gray byte) {
	for i := range m.Pix {
		m.Pix[i] = gray
	}
}

// text is a page of printed matter: lines of small dense strokes under a heading.
func (k *ink) text() {
	fill(k.img, 255)
	w, h := float64(k.img.W)/k.scale, float64(k.img.H)/k.scale
	size := between(k.r, 2.8, 4.5)
	p := Pen{Width: size / 12, Gray: 20}
	for y := 25.0; y < h-25; y += size * 1.7 {
		right := w - 25
		if k.r.IntN(5) == 0 {
			right *= between(k.r, 0.3, 0.9)
		}
		for x := 25.0; x < right; x += size * 1.1 {
			for n := 4 + k.r.IntN(5); n > 0; n-- {
				from := point{x + between(k.r, 0, size), y + between(k.r, 0, size)}
				to := point{x + between(k.r, 0, size), from.y}
				if n%2 == 0 {
					to = point{from.x, y + between(k.r, 0, size)}
				}
				k.write(p, line(from, to, 0), 0)
			}
		}
	}
}

// photo is a picture of soft blobs with eyes, as of a cat on the glass.
func photo(m *raster.Image, r *rand.Rand) {
	type blob struct{ x, y, radius, dark float64 }
	blobs := make([]blob, 24)
	for i := range blobs {
		blobs[i] = blob{r.Float64(), r.Float64(), between(r, 0.02, 0.35), between(r, -60, 110)}
	}
	const step = 8 // pixels that share one value
	for y := 0; y < m.H; y++ {
		for x := 0; x < m.W; x += step {
			v := 190.0
			if y%step != 0 {
				v = float64(m.Pix[(y-1)*m.W+x])
			} else {
				for _, b := range blobs {
					dx, dy := float64(x)/float64(m.W)-b.x, float64(y)/float64(m.H)-b.y
					v -= b.dark * math.Exp(-(dx*dx+dy*dy)/(b.radius*b.radius))
				}
			}
			for i := x; i < min(m.W, x+step); i++ {
				m.Pix[y*m.W+i] = byte(max(0, min(255, v)))
			}
		}
	}
	k := &ink{img: m, scale: m.DPI / 25.4, r: r}
	for n := 2 + r.IntN(6); n > 0; n-- {
		k.dot(between(r, 20, 180), between(r, 20, 250), Pen{Width: between(r, 3, 14), Gray: 15})
	}
}

package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Print ages the clean print before it is marked: low or uneven toner, a photocopy's loss, lost marks.
func Print(img *raster.Image, page *ballot.FormPage, d Damage, r *rand.Rand) {
	if d.Copy > 0 {
		photocopy(img, d.Copy, r)
	}
	if toner := orOne(d.Toner); toner < 1 || d.Bands > 0 {
		fade(img, toner, d.Bands, between(r, 0, 2*math.Pi))
	}
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	if d.Code {
		k.damageCode(page.Code)
	}
	for _, i := range r.Perm(len(page.Fiducials))[:min(d.Lost, len(page.Fiducials))] {
		k.cover(page.Fiducials[i].Inset(-1), 255)
	}
}

// damageCode covers a code with a label, or a part of it with ink.
func (k *ink) damageCode(code ballot.Rect) {
	if k.r.IntN(2) == 0 {
		k.cover(code.Inset(-1), 250)
		return
	}
	x, y := code.Centre()
	k.write(Pen{Width: 0.9, Gray: 30}, hatch(point{x, y}, code.W*between(k.r, 0.2, 0.5), code.H*between(k.r, 0.2, 0.5), 0.55, 0.1, k.r), 0)
}

// fade lets paper show through the print, more in bands along the page that a worn drum leaves.
func fade(m *raster.Image, toner, bands, phase float64) {
	keep := make([]int, m.W) // of the print, in 256ths
	for x := range keep {
		wave := math.Sin(float64(x)/float64(m.W)*14 + phase) // two and a bit bands over the page
		keep[x] = int(256 * toner * (1 - bands*max(0, wave)))
	}
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		for x, v := range row {
			if v != 255 {
				row[x] = byte(255 - (255-int(v))*keep[x]>>8)
			}
		}
	}
}

// photocopy blurs the print, hardens its contrast and sprinkles it with toner.
func photocopy(m *raster.Image, sigma float64, r *rand.Rand) {
	blur(m, sigma*m.DPI/300)
	var curve [256]byte
	gain, bias := between(r, 1.5, 2.4), between(r, 5, 45)
	for v := range curve {
		curve[v] = byte(max(0, min(255, (float64(v)-128)*gain+128+bias)))
	}
	for i, v := range m.Pix {
		m.Pix[i] = curve[v]
	}
	k := &ink{img: m, scale: m.DPI / 25.4, r: r}
	w, h := float64(m.W)/k.scale, float64(m.H)/k.scale
	for n := 40 + r.IntN(120); n > 0; n-- {
		k.dot(between(r, 0, w), between(r, 0, h), Pen{Width: between(r, 0.06, 0.2), Gray: between(r, 30, 150)})
	}
}

// cover lays a rectangle of one gray over the page.
func (k *ink) cover(rect ballot.Rect, gray byte) {
	for y := max(0, int(rect.Y*k.scale)); y < min(k.img.H, int(rect.Bottom()*k.scale)); y++ {
		for x := max(0, int(rect.X*k.scale)); x < min(k.img.W, int(rect.Right()*k.scale)); x++ {
			k.img.Pix[y*k.img.W+x] = gray
		}
	}
}

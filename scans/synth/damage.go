package synth

import (
	"math"
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Damage is what printer, paper and scanner do to a page. The zero value with a DPI is a perfect scan.
type Damage struct {
	Class string   `json:"class"`
	Kinds []string `json:"kinds,omitempty"` // of a hard page
	DPI   float64  `json:"dpi"`

	Rotation float64 `json:"rotation"` // degrees clockwise
	Turns    int     `json:"turns"`    // quarter turns clockwise
	Shear    float64 `json:"shear"`    // radians
	ScaleX   float64 `json:"scale_x"`  // of the print
	ScaleY   float64 `json:"scale_y"`
	Stretch  float64 `json:"stretch"` // mm by which rollers shift the page's middle along its length
	Mirror   bool    `json:"mirror,omitempty"`

	Toner   float64    `json:"toner"` // 1 = full
	Paper   float64    `json:"paper"` // gray of the paper
	Shade   float64    `json:"shade"` // light at the darkest side, 1 = even
	ShadeAt float64    `json:"shade_at"`
	Blur    float64    `json:"blur"`  // σ in pixels at 300 dpi
	Noise   float64    `json:"noise"` // σ in gray levels
	Specks  int        `json:"specks"`
	Streaks int        `json:"streaks"`
	Folds   int        `json:"folds"`
	Border  float64    `json:"border"`  // mm of dark beyond the paper
	Crop    [4]float64 `json:"crop"`    // mm cut off left, top, right, bottom
	Torn    int        `json:"torn"`    // 1–4: a corner torn off; 0 none
	Lost    int        `json:"lost"`    // registration marks covered
	Holes   int        `json:"holes"`   // punched, with staples' shadows
	Through float64    `json:"through"` // show-through of the other side, 0…0.15

	OneBit  int `json:"one_bit"` // 1 threshold, 2 dithered
	Quality int `json:"quality"` // JPEG, 0 = lossless
}

// Resolution draws from the mix of DESIGN.md: 20 % 150, 40 % 200, 35 % 300, 5 % 600 dpi.
func Resolution(r *rand.Rand) float64 {
	return []float64{150, 200, 300, 600}[pick(r, 20, 40, 35, 5)]
}

// Ordinary draws the damage of everyday scanning: at most 1.5°, 98–102 %, blur up to 1.2 px, JPEG from
// 55, up to 12 specks, even light.
func Ordinary(r *rand.Rand) Damage {
	s := between(r, 0.98, 1.02)
	return Damage{Class: "ordinary", DPI: Resolution(r), Rotation: between(r, -1.5, 1.5), Turns: 2 * r.IntN(2),
		ScaleX: s, ScaleY: s * between(r, 0.997, 1.003), Toner: between(r, 0.85, 1), Paper: between(r, 232, 252), Shade: 1,
		Blur: between(r, 0.2, 1.2), Noise: between(r, 0.5, 5), Specks: r.IntN(13), Quality: 55 + r.IntN(41)}
}

// hardKinds are the ranges from which a hard page draws three to five.
var hardKinds = []struct {
	name  string
	apply func(d *Damage, r *rand.Rand)
}{
	{"rotation", func(d *Damage, r *rand.Rand) { d.Rotation = between(r, -10, 10) }},
	{"turned", func(d *Damage, r *rand.Rand) { d.Turns = r.IntN(4) }},
	{"shear", func(d *Damage, r *rand.Rand) { d.Shear = between(r, -0.025, 0.025) }},
	{"scale", func(d *Damage, r *rand.Rand) { d.ScaleX, d.ScaleY = between(r, 0.94, 1.06), between(r, 0.94, 1.06) }},
	{"stretch", func(d *Damage, r *rand.Rand) { d.Stretch = between(r, -1.2, 1.2) }},
	{"blur", func(d *Damage, r *rand.Rand) { d.Blur = between(r, 1.2, 2.2) }},
	{"noise", func(d *Damage, r *rand.Rand) { d.Noise = between(r, 5, 14) }},
	{"streaks", func(d *Damage, r *rand.Rand) { d.Streaks = 1 + r.IntN(3) }},
	{"folds", func(d *Damage, r *rand.Rand) { d.Folds = 1 + r.IntN(2) }},
	{"toner", func(d *Damage, r *rand.Rand) { d.Toner = between(r, 0.4, 0.8) }},
	{"paper", func(d *Damage, r *rand.Rand) { d.Paper = between(r, 165, 225) }},
	{"shade", func(d *Damage, r *rand.Rand) { d.Shade, d.ShadeAt = between(r, 0.55, 0.85), between(r, 0, 2*math.Pi) }},
	{"jpeg", func(d *Damage, r *rand.Rand) { d.Quality = 40 + r.IntN(15) }},
	{"one bit", func(d *Damage, r *rand.Rand) { d.OneBit, d.Quality, d.DPI = 1, 0, max(200, d.DPI) }},
	{"dithered", func(d *Damage, r *rand.Rand) { d.OneBit, d.Quality, d.DPI = 2, 0, max(300, d.DPI) }},
	{"border", func(d *Damage, r *rand.Rand) { d.Border = between(r, 2, 8) }},
	{"torn", func(d *Damage, r *rand.Rand) { d.Torn = 1 + r.IntN(4) }},
	{"lost marks", func(d *Damage, r *rand.Rand) { d.Lost = 1 + r.IntN(2) }},
	{"crop", func(d *Damage, r *rand.Rand) { d.Crop[r.IntN(4)] = between(r, 2, 15) }},
	{"holes", func(d *Damage, r *rand.Rand) { d.Holes = 2 }},
	{"specks", func(d *Damage, r *rand.Rand) { d.Specks = 30 + r.IntN(60) }},
	{"show-through", func(d *Damage, r *rand.Rand) { d.Through = between(r, 0.03, 0.12) }},
}

// Hard draws three to five kinds of damage on top of an ordinary page.
func Hard(r *rand.Rand) Damage {
	d := Ordinary(r)
	d.Class = "hard"
	for _, i := range r.Perm(len(hardKinds))[:3+r.IntN(3)] {
		hardKinds[i].apply(&d, r)
		d.Kinds = append(d.Kinds, hardKinds[i].name)
	}
	return d
}

// Print ages the clean print before it is marked: low toner, lost marks.
func Print(img *raster.Image, page *ballot.FormPage, d Damage, r *rand.Rand) {
	if d.Toner < 1 {
		for i, v := range img.Pix {
			img.Pix[i] = byte(255 - float64(255-v)*d.Toner)
		}
	}
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	for _, i := range r.Perm(len(page.Fiducials))[:min(d.Lost, len(page.Fiducials))] {
		k.cover(page.Fiducials[i].Inset(-1))
	}
}

// cover sticks white paper over a rectangle.
func (k *ink) cover(rect ballot.Rect) {
	for y := max(0, int(rect.Y*k.scale)); y < min(k.img.H, int(rect.Bottom()*k.scale)); y++ {
		for x := max(0, int(rect.X*k.scale)); x < min(k.img.W, int(rect.Right()*k.scale)); x++ {
			k.img.Pix[y*k.img.W+x] = 255
		}
	}
}

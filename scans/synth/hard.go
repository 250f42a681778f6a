package synth

import (
	"math"
	"math/rand/v2"
	"slices"

	"pingyi/ballot"
)

// hardKind is one way in which a hard page is worse than an ordinary one. Kinds of one slot exclude each
// other.
type hardKind struct {
	name, slot string
	apply      func(d *Damage, r *rand.Rand)
}

// hardKinds are the ranges from which a hard page draws three to five.
var hardKinds = []hardKind{
	{"rotation", "", func(d *Damage, r *rand.Rand) { d.Rotation = between(r, -10, 10) }},
	{"turned", "", func(d *Damage, r *rand.Rand) { d.Turns = r.IntN(4) }},
	{"shear", "", func(d *Damage, r *rand.Rand) { d.Shear = between(r, -0.025, 0.025) }},
	{"scale", "", func(d *Damage, r *rand.Rand) { d.ScaleX, d.ScaleY = between(r, 0.94, 1.06), between(r, 0.94, 1.06) }},
	{"stretch", "feed", func(d *Damage, r *rand.Rand) { d.Stretch = between(r, -1.2, 1.2) }},
	{"slip", "feed", func(d *Damage, r *rand.Rand) { d.Slip, d.SlipAt = between(r, -0.8, 0.8), between(r, 0.1, 0.9) }},
	{"blur", "", func(d *Damage, r *rand.Rand) { d.Blur = between(r, 1.2, 2.2) }},
	{"noise", "", func(d *Damage, r *rand.Rand) { d.Noise = between(r, 5, 14) }},
	{"streaks", "", func(d *Damage, r *rand.Rand) { d.Streaks = 1 + r.IntN(3) }},
	{"folds", "", func(d *Damage, r *rand.Rand) { d.Folds = 1 + r.IntN(2) }},
	{"toner", "print", func(d *Damage, r *rand.Rand) { d.Toner, d.Bands = between(r, 0.4, 0.8), between(r, 0, 0.25) }},
	{"photocopy", "print", func(d *Damage, r *rand.Rand) { d.Copy = between(r, 0.6, 1.3) }},
	{"paper", "", func(d *Damage, r *rand.Rand) { d.Paper = between(r, 165, 225) }},
	{"shade", "", func(d *Damage, r *rand.Rand) { d.Shade, d.ShadeAt = between(r, 0.55, 0.85), between(r, 0, 2*math.Pi) }},
	{"jpeg", "depth", func(d *Damage, r *rand.Rand) { d.Quality = 40 + r.IntN(15) }},
	{"one bit", "depth", func(d *Damage, r *rand.Rand) {
		d.OneBit, d.Limit, d.Quality, d.DPI = 1, between(r, 150, 185), 0, max(200, d.DPI)
	}},
	{"dithered", "depth", func(d *Damage, r *rand.Rand) { d.OneBit, d.Quality, d.DPI = 2, 0, max(300, d.DPI) }},
	{"border", "edge", func(d *Damage, r *rand.Rand) { d.Border = between(r, 2, 8) }},
	{"crop", "edge", func(d *Damage, r *rand.Rand) { d.Crop[r.IntN(4)] = between(r, 2, 15) }},
	{"torn", "corner", func(d *Damage, r *rand.Rand) {
		d.Corner, d.Legs = 1+r.IntN(4), [2]float64{between(r, 15, 30), between(r, 15, 30)}
	}},
	{"folded", "corner", func(d *Damage, r *rand.Rand) {
		d.Corner, d.Folded, d.Legs = 1+r.IntN(4), true, [2]float64{between(r, 10, 19), between(r, 10, 19)}
	}},
	{"lost marks", "", func(d *Damage, r *rand.Rand) { d.Lost = 1 + r.IntN(2) }},
	{"code", "", func(d *Damage, _ *rand.Rand) { d.Code = true }},
	{"photo", "edge", func(d *Damage, r *rand.Rand) {
		d.Tilt, d.Border = [2]float64{between(r, -0.06, 0.06), between(r, -0.06, 0.06)}, between(r, 4, 12)
		d.Shadow, d.ShadowAt = between(r, 0.6, 0.9), between(r, 0, 2*math.Pi)
	}},
	{"holes", "", func(d *Damage, _ *rand.Rand) { d.Holes = true }},
	{"specks", "", func(d *Damage, r *rand.Rand) { d.Specks = 30 + r.IntN(60) }},
	{"show-through", "", func(d *Damage, r *rand.Rand) { d.Through = between(r, 0.03, 0.12) }},
}

// Hard draws three to five kinds of damage on top of an ordinary page. Whether all targets are still on
// the picture depends on the page: see Draw.
func Hard(r *rand.Rand) Damage {
	d := Ordinary(r)
	return d.harder(3+r.IntN(3), r)
}

// HardOf draws so many kinds of damage, as far as they go together: six and more are worse than any
// scanner delivers, to see where a reader begins to fail.
func HardOf(want int, r *rand.Rand) Damage { return Ordinary(r).harder(want, r) }

func (d Damage) harder(want int, r *rand.Rand) Damage {
	d.Class = ClassHard
	var taken []string
	for _, i := range r.Perm(len(hardKinds)) {
		k := hardKinds[i]
		if len(d.Kinds) == want || k.slot != "" && slices.Contains(taken, k.slot) {
			continue
		}
		k.apply(&d, r)
		d.Kinds = append(d.Kinds, k.name)
		taken = append(taken, k.slot)
	}
	return d
}

// Draw draws damage of a class that leaves the page's targets and its code on the picture. Pictures of
// class refuse are not made by damage alone: see Spoil.
func Draw(class string, page *ballot.FormPage, r *rand.Rand) Damage {
	if class == ClassRefuse {
		return Refuse(RefuseKinds[r.IntN(len(RefuseKinds))], r)
	}
	for {
		d := Ordinary(r)
		if class == ClassHard {
			d = Hard(r)
		}
		if d.Readable(page) {
			return d
		}
	}
}

// Readable tells whether every target's cell and the page code are still on the picture after the page
// was cropped, scaled, turned and torn.
func (d Damage) Readable(page *ballot.FormPage) bool {
	v := d.view(page.Width, page.Height)
	for _, t := range page.Targets {
		if !v.showsAll(t.Cell) {
			return false
		}
	}
	return v.showsAll(page.Code.Inset(-1))
}

// Shows tells whether a rectangle of the printed page is on the picture whole.
func (d Damage) Shows(page *ballot.FormPage, r ballot.Rect) bool {
	return d.view(page.Width, page.Height).showsAll(r)
}

func (v view) showsAll(r ballot.Rect) bool {
	return v.shows(point{r.X, r.Y}) && v.shows(point{r.Right(), r.Y}) && v.shows(point{r.X, r.Bottom()}) && v.shows(point{r.Right(), r.Bottom()})
}

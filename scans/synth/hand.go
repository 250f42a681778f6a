package synth

import "math/rand/v2"

// Shape is what somebody draws at a target.
type Shape string

// The shapes that people draw (√ ✗ ○ ● and what else was seen on public scans).
const (
	Tick     Shape = "tick"
	LongTick Shape = "long_tick" // with a tail into the next cell or the row above
	Cross    Shape = "cross"
	Circle   Shape = "circle" // inside the box
	Ring     Shape = "ring"   // round the box
	Fill     Shape = "fill"
	Scribble Shape = "scribble"
	Slash    Shape = "slash"
	Beside   Shape = "beside" // a small tick in the cell, next to the box
	Under    Shape = "under"  // a line under the target: where words are printed to be marked
	Crop     Shape = "crop"   // somebody's real ink, see Inkwell
)

// Pen is what somebody writes with.
type Pen struct {
	Name  string
	Width float64 // mm
	Gray  float64 // of one stroke at full pressure; strokes that cross are darker
	Grain float64 // share of the paper's tooth that stays white (pencil)
	Skip  float64 // share of the stroke where the ink fails (an old ballpoint)
}

// Hand is one person's way of marking, drawn once a ballot.
type Hand struct {
	Pen     Pen
	Shape   Shape
	Size    float64 // mm, the length of a tick's long arm at a box of 4.6 mm
	Slant   float64 // radians
	Tail    float64 // length of the long arm over the short one
	Bow     float64 // how far the long arm bends, as a share of its length
	Round   float64 // how round a tick's vertex is, 0 sharp … 1
	Flick   float64 // how much a stroke thins out towards its end, 0…1
	Tremble float64 // mm
	OffX    float64 // mm, habitual offset from the box's middle
	OffY    float64
	Spread  float64 // mm, scatter about it
	Messy   bool    // marks leave their cells further, though never so far that they could be another's

	ink *Inkwell // real ink instead of strokes
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// pick draws an index by weights.
func pick(r *rand.Rand, weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := r.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// newPen draws a pen of the kinds that lie on the tables of a meeting, by their weights.
func newPen(r *rand.Rand) Pen {
	pens := []Pen{
		{Name: "ballpoint", Width: between(r, 0.3, 0.55), Gray: between(r, 45, 110), Skip: max(0, between(r, -0.3, 0.12))},
		{Name: "gel", Width: between(r, 0.4, 0.75), Gray: between(r, 10, 50)},
		{Name: "felt", Width: between(r, 0.8, 1.3), Gray: between(r, 20, 70)},
		{Name: "pencil", Width: between(r, 0.4, 0.8), Gray: between(r, 90, 150), Grain: between(r, 0.1, 0.35)},
		{Name: "colour", Width: between(r, 0.4, 0.7), Gray: between(r, 70, 130)},
	}
	return pens[pick(r, 40, 40, 6, 8, 6)]
}

// NewHand draws a hand; messy hands are larger, farther off and less steady.
func NewHand(r *rand.Rand, messy bool) Hand {
	shapes := []Shape{Tick, LongTick, Cross, Circle, Ring, Fill, Scribble, Slash}
	h := Hand{
		Pen: newPen(r), Shape: shapes[pick(r, 62, 10, 6, 5, 5, 5, 3, 4)],
		Size: between(r, 3.2, 7), Slant: between(r, -0.2, 0.2), Tail: between(r, 1.7, 3.4),
		Bow: between(r, -0.06, 0.16), Round: max(0, between(r, -0.6, 0.8)), Flick: between(r, 0.1, 0.8),
		Tremble: between(r, 0, 0.07), OffX: r.NormFloat64() * 0.35, OffY: r.NormFloat64() * 0.35,
		Spread: between(r, 0.1, 0.45), Messy: messy,
	}
	if messy {
		h.Size *= between(r, 0.85, 1.4)
		h.Tail *= between(r, 1, 1.25)
		h.Tremble += between(r, 0, 0.09)
		h.OffX *= 1.6
		h.OffY *= 1.6
		h.Spread *= 1.5
	}
	return h
}

// FaintHand is a hand with a hard pencil pressed lightly, as pale as a careful person still notices. On
// a one-bit scan such marks leave no trace, so that neither person nor machine could know of them: see
// Damage.Hand.
func FaintHand(r *rand.Rand) Hand {
	h := NewHand(r, false)
	h.Pen = Pen{Name: "faint pencil", Width: between(r, 0.4, 0.7), Gray: between(r, 165, 195), Grain: between(r, 0.1, 0.25)}
	return h
}

// HighlighterHand is a hand with a highlighter: wide, and so pale in gray that a scanner set too bright
// loses it.
func HighlighterHand(r *rand.Rand) Hand {
	h := NewHand(r, false)
	h.Pen = Pen{Name: "highlighter", Width: between(r, 2.5, 4.2), Gray: between(r, 170, 232)}
	h.Shape = []Shape{Slash, Fill, Tick}[r.IntN(3)]
	h.Size, h.Tremble, h.Flick = between(r, 3.2, 4.5), 0, 0
	return h
}

package synth

import "math/rand/v2"

// Damage is what printer, paper and scanner do to a page. The zero value with a DPI is a perfect scan.
type Damage struct {
	Class string   `json:"class"`
	Kinds []string `json:"kinds,omitempty"` // of a hard page; why a page of class refuse must be refused
	DPI   float64  `json:"dpi"`

	// The printer.
	Toner float64 `json:"toner,omitempty"` // 1 = full; 0 also means full
	Bands float64 `json:"bands,omitempty"` // how unevenly a worn drum prints, share of the toner
	Copy  float64 `json:"copy,omitempty"`  // a photocopy's loss: σ of its blur in pixels at 300 dpi
	Lost  int     `json:"lost,omitempty"`  // registration marks covered
	Code  bool    `json:"code,omitempty"`  // the page code is covered or damaged; the line that repeats it is not

	// The paper.
	Paper   float64    `json:"paper,omitempty"` // gray of the paper; 0 = white
	Specks  int        `json:"specks,omitempty"`
	Folds   int        `json:"folds,omitempty"`
	Holes   bool       `json:"holes,omitempty"`   // punched, and a staple
	Corner  int        `json:"corner,omitempty"`  // 1–4: which corner is gone; 0 none
	Folded  bool       `json:"folded,omitempty"`  // folded over rather than torn off
	Legs    [2]float64 `json:"legs,omitzero"`     // mm from that corner, along the top or lower edge and along the side
	Through float64    `json:"through,omitempty"` // show-through of the other side, 0…0.15

	// Where the page lies.
	Rotation float64    `json:"rotation,omitempty"` // degrees clockwise
	Turns    int        `json:"turns,omitempty"`    // quarter turns clockwise
	Mirror   bool       `json:"mirror,omitempty"`
	Shear    float64    `json:"shear,omitempty"`   // mm sideways a mm down
	ScaleX   float64    `json:"scale_x,omitempty"` // of the print; 0 also means 1
	ScaleY   float64    `json:"scale_y,omitempty"`
	Stretch  float64    `json:"stretch,omitempty"` // mm by which rollers shift the page's middle along its length
	Slip     float64    `json:"slip,omitempty"`    // mm by which the page slips at once
	SlipAt   float64    `json:"slip_at,omitempty"` // where, as a share of its height
	Border   float64    `json:"border,omitempty"`  // mm of the scanner's dark lid round the paper
	Crop     [4]float64 `json:"crop,omitzero"`     // mm cut off left, top, right, bottom
	Tilt     [2]float64 `json:"tilt,omitzero"`     // of a camera, across and down: share by which the nearer edge looks longer

	// The scanner.
	Blur     float64 `json:"blur,omitempty"` // σ in pixels at 300 dpi
	Streaks  int     `json:"streaks,omitempty"`
	Shade    float64 `json:"shade,omitempty"`     // light at the darkest side; 0 and 1 = even
	ShadeAt  float64 `json:"shade_at,omitempty"`  // direction of that side, radians
	Shadow   float64 `json:"shadow,omitempty"`    // light within the shadow of a hand or a lamp; 0 = none
	ShadowAt float64 `json:"shadow_at,omitempty"` // direction in which it lies, radians
	Noise    float64 `json:"noise,omitempty"`     // σ in gray levels
	OneBit   int     `json:"one_bit,omitempty"`   // 1 threshold, 2 dithered
	Limit    float64 `json:"limit,omitempty"`     // gray of that threshold
	Quality  int     `json:"quality,omitempty"`   // JPEG, 0 = lossless
}

// The classes of damage. Ordinary and hard pages can be read by a careful person; pages of class refuse
// must be refused by a machine, every one.
const (
	ClassOrdinary = "ordinary"
	ClassHard     = "hard"
	ClassRefuse   = "refuse"
)

// Resolution draws a scanner's setting: 20 % 150, 40 % 200, 35 % 300, 5 % 600 dpi.
func Resolution(r *rand.Rand) float64 {
	return []float64{150, 200, 300, 600}[pick(r, 20, 40, 35, 5)]
}

// Ordinary draws the damage of everyday scanning: at most 1.5°, 98–102 %, blur up to 1.2 px, JPEG from
// 55, up to 12 specks, even light.
func Ordinary(r *rand.Rand) Damage {
	s := between(r, 0.98, 1.02)
	y := max(0.98, min(1.02, s*between(r, 0.997, 1.003)))
	return Damage{Class: ClassOrdinary, DPI: Resolution(r), Rotation: between(r, -1.5, 1.5), Turns: 2 * r.IntN(2),
		ScaleX: s, ScaleY: y, Toner: between(r, 0.85, 1), Paper: between(r, 232, 252),
		Blur: between(r, 0.2, 1.2), Noise: between(r, 0.5, 5), Specks: r.IntN(13), Quality: 55 + r.IntN(41)}
}

// Hand draws a hand that suits the damage: a messy one on hard pages, now and then with a
// faint pencil or a highlighter.
func (d Damage) Hand(r *rand.Rand) Hand {
	if h := newHandOf(d.Class, r); d.keeps(h) {
		return h
	}
	return NewHand(r, d.Class == ClassHard)
}

// newHandOf draws a hand as pages of a class have them.
func newHandOf(class string, r *rand.Rand) Hand {
	if class == ClassHard {
		switch r.IntN(120) {
		case 0, 1, 2, 3:
			return FaintHand(r)
		case 4:
			return HighlighterHand(r)
		}
	}
	return NewHand(r, class == ClassHard)
}

// keeps tells whether the scan still shows what the hand wrote: what leaves no trace in the picture
// nobody could know of.
func (d Damage) keeps(h Hand) bool {
	return h.Pen.Gray <= maxGray || d.OneBit == 0 && d.Noise < 8 && (d.Quality == 0 || d.Quality >= 50) && d.Blur < 1.6
}

// maxGray is the palest ink that is plain on every scan of the classes.
const maxGray = 150

func orOne(v float64) float64 {
	if v == 0 {
		return 1
	}
	return v
}

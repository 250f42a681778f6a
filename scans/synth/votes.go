package synth

import (
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Truth is what a careful person would say of a row.
type Truth struct {
	Subject int    `json:"subject"`
	Kind    string `json:"kind"` // grade, blank, overvote, altered, rubbed
	Grade   string `json:"grade,omitempty"`
	Shape   Shape  `json:"shape,omitempty"`
	Pen     string `json:"pen,omitempty"`
}

// The kinds of truth beside the verdicts' own.
const (
	TruthGrade    = "grade"
	TruthBlank    = "blank"
	TruthOvervote = "overvote"
	TruthAltered  = "altered" // one mark struck out, another made; Grade is the other
	TruthRubbed   = "rubbed"  // a pencil mark rubbed out, nothing else
)

// Wrong tells whether a verdict is a silent error against the truth. Unclear is never wrong: a person
// decides. An altered row must go to a person or count as an overvote; a rubbed-out one may be blank.
func (t Truth) Wrong(v ballot.Verdict) bool {
	switch v.Kind {
	case ballot.IsUnclear:
		return false
	case ballot.IsGrade:
		return t.Kind != TruthGrade || t.Grade != v.Grade
	case ballot.IsBlank:
		return t.Kind != TruthBlank && t.Kind != TruthRubbed
	}
	return t.Kind != TruthOvervote && t.Kind != TruthAltered
}

// Mix is how often voters do what, in parts per thousand of rows; the rest are grades.
type Mix struct {
	Grades   []float64 // weights of the grades, best first
	Blank    int
	Overvote int
	Altered  int
	Rubbed   int
}

// Realistic is the mix of an ordinary meeting.
func Realistic() Mix {
	return Mix{Grades: []float64{62, 25, 9, 3, 1, 1}, Blank: 25, Overvote: 8, Altered: 4, Rubbed: 2}
}

// Mark fills in a page with one hand and returns the truth of each row, in the order of the rows. The
// picture is upright, as printed, at any resolution.
func Mark(img *raster.Image, page *ballot.FormPage, hand Hand, mix Mix, r *rand.Rand) []Truth {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	var truth []Truth
	for _, row := range page.Rows {
		targets := page.TargetsOf(row.Subject)
		t := intend(row.Subject, targets, mix, r)
		t.Shape, t.Pen = hand.Shape, hand.Pen.Name
		k.draw(hand, t, targets)
		truth = append(truth, t)
	}
	return truth
}

// MarkAs fills in a page with votes decided by the caller: the grade of each subject, "" for blank.
func MarkAs(img *raster.Image, page *ballot.FormPage, hand Hand, votes func(subject int) Truth, r *rand.Rand) []Truth {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	var truth []Truth
	for _, row := range page.Rows {
		t := votes(row.Subject)
		t.Subject, t.Shape, t.Pen = row.Subject, hand.Shape, hand.Pen.Name
		k.draw(hand, t, page.TargetsOf(row.Subject))
		truth = append(truth, t)
	}
	return truth
}

// Intend draws what a voter means to do with one row.
func Intend(subject int, grades []string, mix Mix, r *rand.Rand) Truth {
	targets := make([]ballot.Target, len(grades))
	for i, g := range grades {
		targets[i].Grade = g
	}
	return intend(subject, targets, mix, r)
}

func intend(subject int, targets []ballot.Target, mix Mix, r *rand.Rand) Truth {
	t := Truth{Subject: subject, Kind: TruthGrade, Grade: targets[pick(r, mix.Grades[:len(targets)]...)].Grade}
	switch at := r.IntN(1000); {
	case at < mix.Blank:
		return Truth{Subject: subject, Kind: TruthBlank}
	case at < mix.Blank+mix.Overvote:
		t.Kind = TruthOvervote
	case at < mix.Blank+mix.Overvote+mix.Altered:
		t.Kind = TruthAltered
	case at < mix.Blank+mix.Overvote+mix.Altered+mix.Rubbed:
		t.Kind = TruthRubbed
	}
	return t
}

func (k *ink) draw(h Hand, t Truth, targets []ballot.Target) {
	at := 0
	for i, target := range targets {
		if target.Grade == t.Grade {
			at = i
		}
	}
	other := (at + 1 + k.r.IntN(max(1, len(targets)-1))) % len(targets)
	switch t.Kind {
	case TruthGrade:
		k.mark(h, h.Shape, targets[at])
	case TruthOvervote:
		k.mark(h, h.Shape, targets[at])
		k.mark(h, h.Shape, targets[other])
	case TruthAltered:
		k.mark(h, h.Shape, targets[other])
		k.strike(h, targets[other])
		k.mark(h, h.Shape, targets[at])
	case TruthRubbed:
		k.rub(h, targets[at])
	}
}

// strike cancels a mark: several lines through it, or a blot over it.
func (k *ink) strike(h Hand, t ballot.Target) {
	r := t.Rect.Inset(-0.2)
	if k.r.Float64() < 0.5 {
		k.fill(h, r, h.Pen.Width*between(k.r, 0.7, 1.2))
		return
	}
	for n := 2 + k.r.IntN(3); n > 0; n-- {
		y := between(k.r, r.Y+0.8, r.Bottom()-0.8)
		k.curve(h, point{r.X - between(k.r, 0, 0.8), y}, point{r.Right() + between(k.r, 0, 0.8), y + between(k.r, -0.8, 0.8)})
	}
}

// rub leaves what a rubber leaves of a pencil mark.
func (k *ink) rub(h Hand, t ballot.Target) {
	h.Pen = Pen{Name: "rubbed", Width: h.Pen.Width, Gray: between(k.r, 215, 240)}
	k.mark(h, Tick, t)
}

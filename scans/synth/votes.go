package synth

import (
	"math/rand/v2"

	"pingyi/ballot"
)

// Truth is what a voter meant with a row and how it was drawn: what a careful person would say of it.
type Truth struct {
	Subject int    `json:"subject"`
	Kind    string `json:"kind"`
	Grade   string `json:"grade,omitempty"` // of one mark; of overvotes one of them; of altered rows the one that stands
	Other   string `json:"other,omitempty"` // the second grade with ink: of overvotes, altered and corrected rows
	Shape   Shape  `json:"shape,omitempty"` // "" before drawing: the hand's own
	Pen     string `json:"pen,omitempty"`
}

// The kinds of truth.
const (
	TruthGrade     = "grade"     // one mark
	TruthBlank     = "blank"     // none
	TruthOvervote  = "overvote"  // two marks
	TruthAltered   = "altered"   // one mark struck out, another made
	TruthRubbed    = "rubbed"    // a pencil mark rubbed out, nothing else
	TruthCorrected = "corrected" // a pencil mark rubbed out, another made: plainly a vote for that
	TruthStruck    = "struck"    // a mark struck out by lines, nothing else
	TruthBetween   = "between"   // one mark in the middle between two boxes
)

// Wrong tells whether a verdict is a silent error against the truth.
//
//	unclear   is never wrong: a person decides
//	grade     is right only where the truth is that grade (also a corrected one)
//	blank     is right only where the truth is blank or rubbed out
//	overvote  is right only where the truth is two marks, or one of two was struck out
//
// so that a struck-out mark alone and a mark between two boxes must go to a person.
func (t Truth) Wrong(v ballot.Verdict) bool {
	switch v.Kind {
	case ballot.IsUnclear:
		return false
	case ballot.IsGrade:
		return t.Kind != TruthGrade && t.Kind != TruthCorrected || t.Grade != v.Grade
	case ballot.IsBlank:
		return t.Kind != TruthBlank && t.Kind != TruthRubbed
	}
	return t.Kind != TruthOvervote && t.Kind != TruthAltered
}

// Mix is how often voters do what, in parts per thousand of rows; the rest are grades.
type Mix struct {
	Grades    []float64 // weights of the grades, best first
	Blank     int
	Overvote  int
	Altered   int
	Rubbed    int
	Corrected int
	Struck    int
	Between   int
	Beside    int // marks next to their box
	Comment   int // of pages with a comment box: handwriting in it
	Writing   int // of pages: handwriting outside targets and comment box, see Write
}

// Realistic is the mix of an ordinary meeting. A mark that is struck out and not replaced is left out:
// among scribbled votes nobody can tell it on the picture alone. See Struck and Between for sweeps that
// ask for such rows.
func Realistic() Mix {
	return Mix{Grades: []float64{62, 25, 9, 3, 1, 1}, Blank: 25, Overvote: 8, Altered: 4, Rubbed: 2, Corrected: 1, Beside: 2, Comment: 100}
}

// Intend draws what a voter means to do with every row of a page.
func Intend(page *ballot.FormPage, mix Mix, r *rand.Rand) []Truth {
	rows := make([]Truth, len(page.Rows))
	for i, row := range page.Rows {
		rows[i] = intend(row.Subject, page.TargetsOf(row.Subject), mix, r)
	}
	return rows
}

func intend(subject int, targets []ballot.Target, mix Mix, r *rand.Rand) Truth {
	grades := mix.Grades[:min(len(mix.Grades), len(targets))]
	t := Truth{Subject: subject, Kind: TruthGrade, Grade: targets[pick(r, grades...)].Grade}
	at := r.IntN(1000)
	for _, c := range []struct {
		kind string
		rate int
	}{{TruthBlank, mix.Blank}, {TruthOvervote, mix.Overvote}, {TruthAltered, mix.Altered}, {TruthRubbed, mix.Rubbed},
		{TruthCorrected, mix.Corrected}, {TruthStruck, mix.Struck}, {TruthBetween, mix.Between}} {
		if at -= c.rate; at < 0 {
			t.Kind = c.kind
			break
		}
	}
	switch {
	case t.Kind == TruthBlank:
		t.Grade = ""
	case t.Kind == TruthGrade && r.IntN(1000) < mix.Beside:
		t.Shape = Beside
	}
	return t
}

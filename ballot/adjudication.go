package ballot

// Decision is what one person made of one unclear row. It never replaces the reading: original,
// interpreted (the machine's verdict) and modified (this) are all kept.
type Decision struct {
	By      string      `json:"by"`   // user name
	Kind    VerdictKind `json:"kind"` // grade, blank, overvote (several marks) or invalid (the row alone)
	Grade   string      `json:"grade,omitempty"`
	Reason  string      `json:"reason"`
	Verdict Verdict     `json:"verdict"` // the machine's, as shown
}

// Validate checks a decision against the grade scale.
func (d Decision) Validate(grades []string) error {
	switch d.Kind {
	case IsGrade:
		if !contains(grades, d.Grade) {
			return Errorf(CodeInvalid, "等次“%s”不在等次表中", "grade %q is not in the scale", d.Grade)
		}
	case IsBlank, IsOvervote, IsInvalid:
		if d.Grade != "" {
			return Errorf(CodeInvalid, "弃权或无效不能带等次", "a blank or invalid row has no grade")
		}
	default:
		return Errorf(CodeInvalid, "复核结论须为等次、弃权或无效", "a decision is a grade, blank or invalid")
	}
	if d.By == "" {
		return Errorf(CodeInvalid, "复核须有复核人", "a decision needs a person")
	}
	return nil
}

// Adjudicators is how many people must agree at least about an unclear row, or a leaf.
func (r Rules) Adjudicators() int {
	if r.TwoAdjudicators {
		return 2
	}
	return 1
}

// Resolve gives the verdict that counts for a row: what people have settled (see Settled) where somebody has
// decided it, else the machine's where that is clear. ok is false while the row still waits. Only rows that
// were unclear are decided; the decisions stand where other thresholds make the row a clear one later, and
// where two must agree the second is still asked for.
func Resolve(rules Rules, machine Verdict, decisions []Decision) (v Verdict, ok bool) {
	if len(decisions) > 0 {
		return Settled(views(decisions), rules.Adjudicators())
	}
	if machine.Kind == IsUnclear && machine.Reason == ReasonAltered && rules.Altered == RowInvalid {
		return Verdict{Kind: IsInvalid, Reason: ReasonAltered}, true
	}
	if machine.Kind == IsUnclear {
		return Verdict{}, false
	}
	return machine, true
}

// Settled gives what counts of what different persons last said of one thing: what more than half of them say,
// where they are as many as the rules want. So two who differ are settled by a third, and three who all differ by
// nobody yet; once people have differed, two at least stand behind what counts. It knows no accounts: what
// was said before an account was closed still counts as said.
func Settled[T comparable](said map[string]T, need int) (v T, ok bool) {
	for v, n := range tallied(said) {
		if n >= need && 2*n > len(said) {
			return v, true // no two can be more than half
		}
	}
	return v, false
}

// Wanted is how many more persons have to decide a row at least before it can be settled; 0 where it is.
func Wanted(rules Rules, decisions []Decision) int {
	said, most := views(decisions), 0
	for _, n := range tallied(said) {
		most = max(most, n)
	}
	return max(0, rules.Adjudicators()-most, len(said)-2*most+1)
}

// Disputed tells whether people have decided differently and no view has more than half of them: all who have
// decided are asked again, and somebody who has not is asked too.
func Disputed(rules Rules, decisions []Decision) bool {
	said := views(decisions)
	_, settled := Settled(said, rules.Adjudicators())
	return !settled && len(tallied(said)) > 1
}

// views is what each person last decided: the later decision of a person takes the place of the earlier.
func views(decisions []Decision) map[string]Verdict {
	said := map[string]Verdict{}
	for _, d := range decisions {
		said[d.By] = Verdict{Kind: d.Kind, Grade: d.Grade}
	}
	return said
}

// tallied counts how many say each thing.
func tallied[T comparable](said map[string]T) map[T]int {
	n := map[T]int{}
	for _, v := range said {
		n[v]++
	}
	return n
}

package ballot

// Decision is what one person made of one unclear row. It never replaces the reading: original,
// interpreted (the machine's verdict) and modified (this) are all kept.
type Decision struct {
	By      string      `json:"by"`   // user name
	Kind    VerdictKind `json:"kind"` // grade, blank or overvote (the row is invalid)
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
	case IsBlank, IsOvervote:
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

// Adjudicators is how many people must agree about an unclear row, or a leaf.
func (r Rules) Adjudicators() int {
	if r.TwoAdjudicators {
		return 2
	}
	return 1
}

// Resolve gives the verdict that counts for a row: what the rules' number of different people agree on
// where somebody has decided it, else the machine's where that is clear. ok is false while the row still
// waits. Only rows that were unclear are decided; the decisions stand where other thresholds make the row
// a clear one later, and where two must agree the second is still asked for.
func Resolve(rules Rules, machine Verdict, decisions []Decision) (v Verdict, ok bool) {
	if len(decisions) == 0 {
		if machine.Kind == IsUnclear && machine.Reason == ReasonAltered && rules.Altered == RowInvalid {
			return Verdict{Kind: IsOvervote, Reason: ReasonAltered}, true
		}
		if machine.Kind == IsUnclear {
			return Verdict{}, false
		}
		return machine, true
	}
	need := rules.Adjudicators()
	// The latest decision of each person counts; they must agree.
	latest := map[string]Verdict{}
	for _, d := range decisions {
		latest[d.By] = Verdict{Kind: d.Kind, Grade: d.Grade}
	}
	votes := map[Verdict]int{}
	for _, d := range latest {
		votes[d]++
	}
	if len(votes) != 1 {
		return Verdict{}, false
	}
	for d, n := range votes {
		if n >= need {
			return d, true
		}
	}
	return Verdict{}, false
}

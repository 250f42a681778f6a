package ballot

// RowRecord is one row of a leaf with its resolved verdict.
type RowRecord struct {
	Subject int
	Verdict Verdict
}

// Leaf is one sheet of paper that was read and resolved: what counting takes in. Its id is random and
// says nothing of order, time, venue or voter.
type Leaf struct {
	ID    string
	Group string
	Form  string
	Rows  []RowRecord // of all sides
	Whole bool        // all rows of the ballot are here, so whole-ballot rules can apply
	Aside bool        // people set it aside: it came back, and is invalid; its rows need not be resolved
}

// LeafResult is a leaf after the meeting's rules.
type LeafResult struct {
	Valid  bool
	Reason string      // why invalid: the rule's name
	Flags  []string    // rules that only flag
	Rows   []RowRecord // as they count; empty where the ballot is invalid
}

// VoidRule names, beside rules, that people made a leaf invalid, before its batch was closed or later.
const VoidRule = "void"

// Interpret applies the rules about a whole ballot. Rows themselves are not changed: an overvoted row
// stays an overvote, which counts as invalid for its subject, as IsInvalid does.
func (l Leaf) Interpret(r Rules) LeafResult {
	if l.Aside {
		return LeafResult{Reason: VoidRule}
	}
	out := LeafResult{Valid: true, Rows: l.Rows}
	if !l.Whole {
		return out
	}
	counts := map[Verdict]int{}
	kinds := map[VerdictKind]int{}
	for _, row := range l.Rows {
		counts[Verdict{Kind: row.Verdict.Kind, Grade: row.Verdict.Grade}]++
		kinds[row.Verdict.Kind]++
	}
	invalid := func(rule string) {
		if out.Valid {
			out = LeafResult{Reason: rule, Flags: out.Flags}
		}
	}
	apply := func(t Treatment, rule string) {
		if t == BallotInvalid {
			invalid(rule)
		} else if t == Flag {
			out.Flags = append(out.Flags, rule)
		}
	}
	n := len(l.Rows)
	if kinds[IsOvervote] > 0 {
		apply(r.Overvote, "overvote")
	}
	if kinds[IsBlank] > 0 && kinds[IsBlank] < n {
		apply(r.Blank, "blank")
	}
	if kinds[IsBlank] == n {
		apply(r.WhollyBlank, "wholly_blank")
	}
	for v, c := range counts {
		if v.Kind == IsGrade && c == n && n > 1 {
			apply(r.SameGrade, "same_grade")
		}
	}
	for _, limit := range r.Caps {
		if counts[Verdict{Kind: IsGrade, Grade: limit.Grade}] > limit.rows(n) {
			invalid("cap_" + limit.Grade)
		}
	}
	return out
}

// rows is the cap in rows for a ballot of n rows.
func (c GradeCap) rows(n int) int {
	if c.Percent > 0 {
		return n * c.Percent / 100
	}
	return c.Max
}

package tally

import (
	"strings"
	"testing"

	"pingyi/ballot"
)

// Every rule that changes a figure must change the printed terms: a document that kept silent about it
// could not be checked.
func TestEveryRuleIsPrinted(t *testing.T) {
	printed := func(r *Result) string {
		var b strings.Builder
		for _, term := range r.Terms() {
			if term.Name == "" || term.Text == "" {
				t.Errorf("empty term %+v", term)
			}
			b.WriteString(term.Name + "：" + term.Text + "\n")
		}
		return b.String()
	}
	base := printed(mustCount(t, worked(t)))
	for name, change := range map[string]func(*ballot.Rules){
		"grades": func(r *ballot.Rules) { r.Grades[0] = "优" }, "form": func(r *ballot.Rules) { r.Form = ballot.SingleForm },
		"identity": func(r *ballot.Rules) { r.Identity = ballot.Serial },
		"overvote": func(r *ballot.Rules) { r.Overvote = ballot.BallotInvalid }, "blank": func(r *ballot.Rules) { r.Blank = ballot.BallotInvalid },
		"altered": func(r *ballot.Rules) { r.Altered = ballot.RowInvalid }, "wholly blank": func(r *ballot.Rules) { r.WhollyBlank = ballot.BallotInvalid },
		"same grade": func(r *ballot.Rules) { r.SameGrade = ballot.BallotInvalid }, "writing": func(r *ballot.Rules) { r.Writing = ballot.BallotInvalid },
		"caps":   func(r *ballot.Rules) { r.Caps = []ballot.GradeCap{{Grade: "好", Max: 3}} },
		"quorum": func(r *ballot.Rules) { r.Quorum = ballot.Quorum{Num: 4, Den: 5} }, "denominator": func(r *ballot.Rules) { r.Denominator = ballot.OfExpected },
		"scores": func(r *ballot.Rules) { r.Scores = nil }, "decimals": func(r *ballot.Rules) { r.Decimals = 0 },
		"alerts":      func(r *ballot.Rules) { r.Alerts = []ballot.Alert{{Grades: []string{"差"}, BelowPercent: 3}} },
		"order":       func(r *ballot.Rules) { r.Order = ballot.ByStrokes },
		"small group": func(r *ballot.Rules) { r.SmallGroup = 9 },
	} {
		r := mustCount(t, worked(t))
		change(&r.Rules)
		if printed(r) == base {
			t.Errorf("%s: the printed terms do not show it", name)
		}
	}
	if !strings.Contains(base, "分母为有效票数") || !strings.Contains(base, "A票（A组）60%") {
		t.Errorf("terms:\n%s", base)
	}
}

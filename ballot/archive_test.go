package ballot

import (
	"slices"
	"testing"
	"time"
)

func TestTermsOfDestruction(t *testing.T) {
	on := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ released, today, earliest, usual string }{
		{"2026-12-01", "2026-12-01", "2026-12-31", "2027-03-01"},
		{"2026-12-01", "2026-12-30", "2027-01-06", "2027-03-01"}, // a week's notice
		{"2026-12-01", "2028-01-01", "2028-01-08", "2028-01-08"},
	} {
		terms := TermsOf(on(c.released), on(c.today))
		if terms.Earliest != c.earliest || terms.Usual != c.usual {
			t.Errorf("released %s, today %s: %+v", c.released, c.today, terms)
		}
		if terms.Check(terms.Earliest) != nil || terms.Check(terms.Usual) != nil || terms.Check(terms.Latest) != nil {
			t.Errorf("%+v refuses its own dates", terms)
		}
		for _, date := range []string{on(terms.Earliest).AddDate(0, 0, -1).Format(time.DateOnly), on(terms.Latest).AddDate(0, 0, 1).Format(time.DateOnly), "", "2027-1-1", "9999"} {
			if CodeOf(terms.Check(date)) != CodeInvalid {
				t.Errorf("%+v takes %q", terms, date)
			}
		}
	}
}

// TestDecisionSummary: no cell is smaller than the least, also not by taking the others from the total, and nothing
// tells subject, grade or what people wrote.
func TestDecisionSummary(t *testing.T) {
	row := func(n int, reason string, kind VerdictKind) []DecidedRow {
		d := Decision{By: "s1", Kind: kind, Reason: "secret"}
		return slices.Repeat([]DecidedRow{{Machine: Verdict{Kind: IsUnclear, Reason: reason}, Decisions: []Decision{d}, Verdict: Verdict{Kind: kind}}}, n)
	}
	for _, c := range []struct {
		rows []DecidedRow
		want []DecisionCount
	}{
		{nil, []DecisionCount{}},
		{row(7, ReasonAltered, IsGrade), []DecisionCount{{ReasonAltered, "grade", 7}}},
		{row(4, ReasonAltered, IsGrade), []DecisionCount{{"other", "other", 4}}},
		{slices.Concat(row(9, ReasonAltered, IsGrade), row(7, ReasonFaint, IsBlank), row(5, ReasonFaint, IsGrade)),
			[]DecisionCount{{ReasonAltered, "grade", 9}, {ReasonFaint, "blank", 7}, {ReasonFaint, "grade", 5}}},
		// Two small cells make a large one.
		{slices.Concat(row(9, ReasonAltered, IsGrade), row(3, ReasonFaint, IsBlank), row(2, ReasonFaint, IsGrade)),
			[]DecisionCount{{ReasonAltered, "grade", 9}, {"other", "other", 5}}},
		// One small cell takes the next in: the total would tell it.
		{slices.Concat(row(9, ReasonAltered, IsGrade), row(7, ReasonFaint, IsBlank), row(1, ReasonFaint, IsGrade)),
			[]DecisionCount{{ReasonAltered, "grade", 9}, {"other", "other", 8}}},
	} {
		got := SummariseDecisions(c.rows, 5)
		if !slices.Equal(got.Outcomes, c.want) || got.Rows != len(c.rows) {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
	twice := row(1, ReasonAltered, IsGrade)
	twice[0].Decisions = append(twice[0].Decisions, Decision{By: "s2"}, Decision{By: "s1"})
	got := SummariseDecisions(twice, 1)
	if got.Revised != 1 || !slices.Equal(got.People, []DecisionsBy{{"s1", 2}, {"s2", 1}}) {
		t.Errorf("%+v", got)
	}
}

package tally

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// A meeting worked out by hand: two groups weighing 60 and 40, two subjects, scores 100/80/60/40.
//
//	A (6 ballots)   subject 1: 好 4, 较好 1, 弃权 1          subject 2: 好 2, 差 2, 无效 2
//	B (5 ballots)   subject 1: 好 5                        subject 2: 较好 5
func worked(t *testing.T) Input {
	m := meeting(2, group("A", 60, 8, "B"), group("B", 40, 5, "A"))
	m.Rules.Scores = []int{100, 80, 60, 40}
	all := append(leaves("A", "aa", "aa", "ad", "ad", "bx", "-x"), leaves("B", repeat("ab", 5)...)...)
	return balanced(t, m, all, ballot.GroupCount{Group: "A", Leaves: 1})
}

func TestWorkedMeeting(t *testing.T) {
	r := mustCount(t, worked(t))
	one, two := r.Subjects[0], r.Subjects[1]
	same(t, "A, subject 1", one.Groups[0].Counts, []int{4, 1, 0, 0})
	same(t, "blank", one.Groups[0].Blank, 1)
	same(t, "returned with the void one", one.Groups[0].Returned, 7)
	same(t, "denominator", one.Groups[0].Denominator, 6)
	same(t, "good rate", one.Groups[0].Good, Fraction{4, 6, "66.67"})
	same(t, "score leaves the abstention out", *one.Groups[0].Score, Fraction{480, 5, "96.00"})
	same(t, "weighted score 0.6·96 + 0.4·100", *one.Score, Weighted{"488/5", "97.60", 100})
	same(t, "weighted good rate 0.6·66.67 + 0.4·100", *one.Good, Weighted{"80/1", "80.00", 100})
	same(t, "A, subject 2", two.Groups[0].Invalid, 2)
	same(t, "score of 2·100 + 2·40 over 4", *two.Groups[0].Score, Fraction{280, 4, "70.00"})
	same(t, "weighted score", two.Score.Text, "74.00")
	same(t, "overall", two.Overall.Counts, []int{2, 5, 0, 2})
	same(t, "overall good rate", two.Overall.Good, Fraction{2, 11, "18.18"})
	same(t, "ranks", []int{one.Rank, two.Rank}, []int{1, 2})
	same(t, "sentence", r.Total.Sentence, "应到 13 人，实到 13 人；发出评议票 12 张，收回 12 张，有效 11 张，无效 1 张。")
	same(t, "group sentence", r.Ledger[1].Sentence, "应到 5 人，实到 5 人；发出评议票 5 张，收回 5 张，有效 5 张，无效 0 张。")
	same(t, "flags", r.Flags, []RuleCount{{"same_grade", 2}})
	same(t, "invalid by", r.InvalidBy, []RuleCount{{"void", 1}})
	same(t, "oral, all", []int{len(r.Summaries), r.Summaries[0].Table.Denominator, r.Summaries[2].Table.Denominator}, []int{3, 11, 22})
	same(t, "summary of all", r.Summaries[2].Table.Counts, []int{11, 6, 0, 2})
	same(t, "good rates of 81.8 and 18.2", []int{r.Distribution[8].Subjects, r.Distribution[1].Subjects}, []int{1, 1})
}

// Issued is returned, spoiled and not returned: the sentence leaves no ballot out, and names none where there is none.
func TestSentenceAccountsForEveryBallot(t *testing.T) {
	for want, l := range map[string]Ledger{
		"应到 14 人，实到 14 人；发出评议票 14 张，作废 1 张，未收回 1 张，收回 12 张，有效 12 张，无效 0 张。": {Expected: 14, Present: 14, Issued: 14, Spoiled: 1, NotReturned: 1, Returned: 12, Valid: 12},
		"应到 14 人，实到 13 人；发出评议票 14 张，作废 1 张，收回 13 张，有效 12 张，无效 1 张。":         {Expected: 14, Present: 13, Issued: 14, Spoiled: 1, Returned: 13, Valid: 12, Invalid: 1},
		"应到 14 人，实到 14 人；发出评议票 14 张，未收回 2 张，收回 12 张，有效 12 张，无效 0 张。":        {Expected: 14, Present: 14, Issued: 14, NotReturned: 2, Returned: 12, Valid: 12},
	} {
		same(t, "sentence", l.sentence(), want)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func TestDenominators(t *testing.T) {
	for of, want := range map[ballot.Denominator]string{
		ballot.OfValid: "66.67", ballot.OfExpected: "50.00", ballot.OfReturned: "57.14", ballot.OfValidMarked: "80.00"} {
		in := worked(t)
		in.Meeting.Rules.Denominator = of
		same(t, string(of), mustCount(t, in).Subjects[0].Groups[0].Good.Text, want)
	}
}

func TestRoundingIsHalfUpAndLast(t *testing.T) {
	for _, c := range []struct {
		num, den, decimals int
		want               string
	}{{1, 8, 0, "13"}, {1, 8, 1, "12.5"}, {1, 800, 2, "0.13"}, {1, 3, 4, "33.3333"}, {2, 3, 2, "66.67"}, {0, 7, 2, "0.00"},
		{7, 7, 2, "100.00"}, {1, 200, 0, "1"}, {1, 201, 0, "0"}, {9999, 10000, 1, "100.0"}, {1, 0, 2, ""}} {
		same(t, fmt.Sprintf("%d/%d", c.num, c.den), percent(c.num, c.den, c.decimals).Text, c.want)
	}
	// Thirds of three groups: 33.33… · 3 is 100, which rounding each group first would miss.
	m := meeting(1, group("A", 34, 9, "B"), group("B", 33, 9, "C"), group("C", 33, 9, "A"))
	var all []ballot.Leaf
	for _, g := range []string{"A", "B", "C"} {
		all = append(all, leaves(g, append(repeat("a", 6), repeat("b", 3)...)...)...)
	}
	same(t, "two thirds of each", mustCount(t, balanced(t, m, all)).Subjects[0].Good, &Weighted{"200/3", "66.67", 100})
}

func TestTiesShareTheirRank(t *testing.T) {
	m := meeting(5, group("A", 100, 6, ""))
	in := balanced(t, m, leaves("A", "aabaa", "aabaa", "bbbba", "bbbba", "bbbba", "bbbba"))
	in.Meeting.Rules.Order = ballot.ByResult
	var got [][2]int
	for _, s := range mustCount(t, in).Subjects {
		got = append(got, [2]int{s.No, s.Rank})
	}
	same(t, "number and rank", got, [][2]int{{5, 1}, {1, 2}, {2, 2}, {4, 2}, {3, 5}})
}

func TestSubjectsWithoutAFigureComeLast(t *testing.T) {
	m := meeting(2, group("A", 60, 6, "B"), group("B", 40, 5, "A"))
	m.Rules.Scores, m.Rules.Order = []int{100, 80, 60, 40}, ballot.ByResult
	in := balanced(t, m, append(leaves("A", repeat("-d", 6)...), leaves("B", repeat("-b", 5)...)...))
	r := mustCount(t, in)
	same(t, "order", []int{r.Subjects[0].No, r.Subjects[1].No}, []int{2, 1})
	if s := r.Subjects[1]; s.Rank != 0 || s.Score != nil || s.Groups[0].Score != nil {
		t.Errorf("nobody graded subject 1, yet %+v", s)
	}
	in.Leaves = append(leaves("A", repeat("-d", 6)...), leaves("B", repeat("ab", 5)...)...)
	s, _ := mustCount(t, in).View(Filter{Query: "1"})
	same(t, "the weight behind a score of one group", *s[0].Score, Weighted{"100/1", "100.00", 40})
}

func TestSmallGroupsAreJoined(t *testing.T) {
	g := func(code, with string) ballot.VoterGroup { return group(code, 25, 20, with) }
	for _, c := range []struct {
		name   string
		groups []ballot.VoterGroup
		sizes  map[string]int
		want   string
	}{
		{"none is small", []ballot.VoterGroup{g("A", "B"), g("B", "A")}, map[string]int{"A": 5, "B": 9}, "[A B]"},
		{"one goes to the one named", []ballot.VoterGroup{g("A", "B"), g("B", "A"), g("C", "A")}, map[string]int{"A": 5, "B": 9, "C": 4}, "[A+C B]"},
		{"until large enough", []ballot.VoterGroup{g("A", "B"), g("B", "C"), g("C", "D"), g("D", "A")}, map[string]int{"A": 1, "B": 1, "C": 1, "D": 9}, "[A+B+C+D]"},
		{"two small ones make one", []ballot.VoterGroup{g("A", "B"), g("B", "A"), g("C", "A")}, map[string]int{"A": 2, "B": 3, "C": 9}, "[A+B C]"},
		{"no way out takes all in", []ballot.VoterGroup{g("A", "B"), g("B", "A"), g("C", "A"), g("D", "A")}, map[string]int{"A": 2, "B": 2, "C": 9, "D": 7}, "[A+B+C+D]"},
		{"nobody returned anything", []ballot.VoterGroup{g("A", "B"), g("B", "A")}, map[string]int{"A": 9}, "[A+B]"},
	} {
		for i := range c.groups { // weights that sum to 100
			c.groups[i].Weight = 100 / len(c.groups)
		}
		c.groups[0].Weight += 100 % len(c.groups)
		var all []ballot.Leaf
		for code, n := range c.sizes {
			all = append(all, leaves(code, repeat("a", n)...)...)
		}
		r := mustCount(t, balanced(t, meeting(1, c.groups...), all))
		var codes []string
		for _, g := range r.Groups {
			codes = append(codes, g.Code)
		}
		same(t, c.name, codes, c.want)
	}
}

func TestFewerThanKInAllReleasesTheLedgerOnly(t *testing.T) {
	m := meeting(2, group("A", 60, 3, "B"), group("B", 40, 3, "A"))
	r := mustCount(t, balanced(t, m, append(leaves("A", "aa", "ab"), leaves("B", "aa", "bx")...)))
	if !r.LedgerOnly || len(r.Subjects) != 0 || len(r.Ledger) != 1 || r.Total.Valid != 4 {
		t.Errorf("four ballots with k = 5: %s", asJSON(t, r))
	}
	m.Rules.SmallGroup = 4
	if r := mustCount(t, balanced(t, m, append(leaves("A", "aa", "ab"), leaves("B", "aa", "bx")...))); r.LedgerOnly || len(r.Subjects) != 2 {
		t.Error("four ballots with k = 4 are enough")
	}
}

func TestWholeBallotRules(t *testing.T) {
	marks := []string{"aaa", "aab", "ab-", "---", "abx", "abc", "bbc"}
	for name, c := range map[string]struct {
		set   func(*ballot.Rules)
		valid int
		flags string
		by    string
	}{
		"defaults":    {func(*ballot.Rules) {}, 7, "[{same_grade 1}]", "[]"},
		"overvote":    {func(r *ballot.Rules) { r.Overvote = ballot.BallotInvalid }, 6, "[{same_grade 1}]", "[{overvote 1}]"},
		"blank":       {func(r *ballot.Rules) { r.Blank = ballot.BallotInvalid }, 6, "[{same_grade 1}]", "[{blank 1}]"},
		"whollyblank": {func(r *ballot.Rules) { r.WhollyBlank = ballot.BallotInvalid }, 6, "[{same_grade 1}]", "[{wholly_blank 1}]"},
		"same grade":  {func(r *ballot.Rules) { r.SameGrade = ballot.BallotInvalid }, 6, "[]", "[{same_grade 1}]"},
		"cap of one":  {func(r *ballot.Rules) { r.Caps = []ballot.GradeCap{{Grade: "好", Max: 1}} }, 5, "[{same_grade 1}]", "[{cap_好 2}]"},
		"cap of 67 %": {func(r *ballot.Rules) { r.Caps = []ballot.GradeCap{{Grade: "好", Percent: 67}} }, 6, "[{same_grade 1}]", "[{cap_好 1}]"},
	} {
		m := meeting(3, group("A", 100, 9, ""))
		c.set(&m.Rules)
		r := mustCount(t, balanced(t, m, leaves("A", marks...)))
		same(t, name+": valid", r.Total.Valid, c.valid)
		same(t, name+": denominator", r.Subjects[0].Overall.Denominator, c.valid)
		same(t, name+": returned", r.Subjects[0].Overall.Returned, 7)
		same(t, name+": flags", r.Flags, c.flags)
		same(t, name+": invalid", r.InvalidBy, c.by)
	}
}

func TestAlertsAdvise(t *testing.T) {
	m := meeting(3, group("A", 100, 6, ""))
	m.Rules.Alerts = []ballot.Alert{{Grades: []string{"好", "较好"}, BelowThirds: 2, Text: "建议约谈"}, {Grades: []string{"差"}, BelowPercent: 10}}
	r := mustCount(t, balanced(t, m, leaves("A", "aad", "aad", "aad", "acd", "ccd", "ccd")))
	same(t, "exactly two thirds is not below", len(r.Subjects[0].Alerts), 1)
	same(t, "half is", r.Subjects[1].Alerts[0].Text, "好、较好得票率 50.00%，低于 2/3，供研究时参考：建议约谈")
	same(t, "the other rule", r.Subjects[0].Alerts[0].Rate, Fraction{0, 6, "0.00"})
}

func TestQuorumWarns(t *testing.T) {
	for present, want := range map[int]int{6: 0, 5: 1} {
		in := balanced(t, meeting(1, group("A", 100, 9, "")), leaves("A", repeat("a", 5)...))
		in.Ledger.Lines[0].Typed[ballot.Present] = present
		same(t, fmt.Sprint(present, " of 9"), len(mustCount(t, in).Warnings), want)
	}
}

// On single forms each subject has a count and a ledger of its own; people are counted once.
func TestSingleForms(t *testing.T) {
	m := meeting(2, group("A", 100, 8, ""))
	m.Rules.Form, m.Rules.Layout.Paper = ballot.SingleForm, "A5"
	var all []ballot.Leaf
	for i, mark := range []string{"a", "a", "b", "x", "-", "a"} {
		all = append(all, ballot.Leaf{ID: fmt.Sprint("one", i), Group: "A", Rows: rows(mark), Whole: true})
	}
	for i := range 5 {
		row := ballot.RowRecord{Subject: 2, Verdict: ballot.Verdict{Kind: ballot.IsGrade, Grade: "好"}}
		all = append(all, ballot.Leaf{ID: fmt.Sprint("two", i), Group: "A", Rows: []ballot.RowRecord{row}, Whole: true})
	}
	r := mustCount(t, balanced(t, m, all, ballot.GroupCount{Group: "A", Subject: 2, Leaves: 1}))
	same(t, "denominators", []int{r.Subjects[0].Overall.Denominator, r.Subjects[1].Overall.Denominator}, []int{6, 5})
	same(t, "returned", []int{r.Subjects[0].Overall.Returned, r.Subjects[1].Overall.Returned}, []int{6, 6})
	same(t, "sentence", r.Total.Sentence, "应到 8 人，实到 8 人；发出评议票 12 张，收回 12 张，有效 11 张，无效 1 张。")
}

// A roster of several leaves a ballot is counted leaf by leaf; a group is as small as its rarest leaf.
func TestSeveralLeavesABallot(t *testing.T) {
	m := meeting(2, group("A", 60, 9, "B"), group("B", 40, 20, "A"))
	half := func(group string, n, subject int) (out []ballot.Leaf) {
		for i := range n {
			row := ballot.RowRecord{Subject: subject, Verdict: ballot.Verdict{Kind: ballot.IsGrade, Grade: "好"}}
			out = append(out, ballot.Leaf{ID: fmt.Sprint(group, subject, "-", i), Group: group, Rows: []ballot.RowRecord{row}})
		}
		return out
	}
	all := slices.Concat(half("A", 4, 1), half("A", 5, 2), half("B", 9, 1), half("B", 8, 2))
	r := mustCount(t, balanced(t, m, all))
	same(t, "A has nine leaves but only four ballots with subject 1", r.Groups[0].Code, "A+B")
	same(t, "denominators", []int{r.Subjects[0].Overall.Denominator, r.Subjects[1].Overall.Denominator}, []int{13, 13})
	in := balanced(t, m, slices.Concat(half("A", 8, 1), half("B", 9, 1), half("B", 9, 2)))
	in.Ledger.Lines[0].Leaves, in.Ledger.Lines[0].Typed[ballot.Present] = 2, 4
	for range 2 { // one that is set aside came back as well
		if _, err := Count(in); ballot.CodeOf(err) != ballot.CodeUnbalanced || !strings.Contains(err.Error(), "8 leaves with subject 1 came back from 4 people") {
			t.Errorf("eight leaves are four ballots by their number, not by what is on them: %v", err)
		}
		in.Leaves[0].Aside, in.Leaves[0].Rows[0].Verdict = true, ballot.Verdict{Kind: ballot.IsUnclear}
		in.Ledger.Valid, in.Ledger.Invalid, _ = Ballots(m, in.Leaves, nil)
	}
	m.Rules.Overvote = ballot.BallotInvalid
	if _, _, err := Ballots(m, all, nil); ballot.CodeOf(err) != ballot.CodeInvalid {
		t.Errorf("whole-ballot rules on part of a ballot: %v", err)
	}
	m.Rules.Overvote, m.Rules.Denominator = ballot.RowInvalid, ballot.OfReturned
	if _, _, err := Ballots(m, all, nil); ballot.CodeOf(err) != ballot.CodeInvalid {
		t.Errorf("rates of what was returned, where void leaves are of unknown subjects: %v", err)
	}
	m.Rules.Denominator = ballot.OfValid
	mixed := slices.Concat(leaves("A", repeat("aa", 5)...), half("B", 9, 1), half("B", 9, 2))
	in = balanced(t, m, mixed, ballot.GroupCount{Group: "A", Leaves: 1})
	for i := range in.Ledger.Lines {
		if in.Ledger.Lines[i].Group == "B" {
			in.Ledger.Lines[i].Leaves = 2
		}
	}
	r = mustCount(t, in)
	same(t, "a void leaf of A is of all its subjects", r.Subjects[0].Groups[0].Returned, 6)
	same(t, "leaves a ballot", []int{r.Ledger[0].Leaves, r.Ledger[1].Leaves, r.Total.Leaves}, []int{0, 2, 0})
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Input)
		code  ballot.Code
		names string
	}{
		"unclear row":        {func(in *Input) { in.Leaves[3].Rows = rows("a?") }, ballot.CodeUnresolved, "subject 2"},
		"no verdict":         {func(in *Input) { in.Leaves[3].Rows = []ballot.RowRecord{{Subject: 1}, {Subject: 2}} }, ballot.CodeUnresolved, "subject 1"},
		"same leaf twice":    {func(in *Input) { in.Leaves[1].ID = in.Leaves[0].ID }, ballot.CodeConflict, "A0"},
		"no id":              {func(in *Input) { in.Leaves[1].ID = "" }, ballot.CodeConflict, "no id"},
		"unknown group":      {func(in *Input) { in.Leaves[1].Group = "Z" }, ballot.CodeInvalid, "Z"},
		"switched off":       {func(in *Input) { in.Meeting.Groups[1].Disabled, in.Meeting.Groups[0].Weight = true, 100 }, ballot.CodeInvalid, `"B"`},
		"unknown subject":    {func(in *Input) { in.Leaves[1].Rows = []ballot.RowRecord{rows("a")[0], {Subject: 9}} }, ballot.CodeInvalid, "subject 9"},
		"subject twice":      {func(in *Input) { in.Leaves[1].Rows = []ballot.RowRecord{rows("a")[0], rows("a")[0]} }, ballot.CodeInvalid, "twice"},
		"a row short":        {func(in *Input) { in.Leaves[1].Rows = rows("a") }, ballot.CodeInvalid, "1 rows for 2"},
		"no rows":            {func(in *Input) { in.Leaves[1].Rows = nil }, ballot.CodeInvalid, "0 rows"},
		"grade of elsewhere": {func(in *Input) { in.Leaves[1].Rows[1].Verdict.Grade = "优秀" }, ballot.CodeInvalid, "优秀"},
		"leaf lost":          {func(in *Input) { in.Leaves = in.Leaves[1:] }, ballot.CodeUnbalanced, "1 more valid"},
		"void leaf lost":     {func(in *Input) { in.Void = nil }, ballot.CodeUnbalanced, "1 more invalid"},
		"void of nobody":     {func(in *Input) { in.Void[0].Group = "Z" }, ballot.CodeInvalid, "Z"},
		"void of a subject":  {func(in *Input) { in.Void[0].Subject = 1 }, ballot.CodeInvalid, "subject 1"},
		"less than no void":  {func(in *Input) { in.Void[0].Leaves = -1 }, ballot.CodeInvalid, "-1"},
		"unbalanced":         {func(in *Input) { in.Ledger.Lines[0].Typed[ballot.Returned]++ }, ballot.CodeUnbalanced, ""},
		"something waits":    {func(in *Input) { in.Ledger.Unresolved = 1 }, ballot.CodeUnresolved, ""},
		"another roll":       {func(in *Input) { in.Ledger.Lines[0].Expected++ }, ballot.CodeUnbalanced, "-1 more people"},
		"a line too few":     {func(in *Input) { in.Meeting.Groups[0].Headcount["2"] = 3 }, ballot.CodeUnbalanced, "3 more people"},
		"rules":              {func(in *Input) { in.Meeting.Rules.Decimals = 9 }, ballot.CodeRules, ""},
		"weights":            {func(in *Input) { in.Meeting.Groups[0].Weight = 61 }, ballot.CodeRules, "101"},
	} {
		t.Run(name, func(t *testing.T) {
			in := worked(t)
			c.spoil(&in)
			r, err := Count(in)
			if r != nil || ballot.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.names) {
				t.Errorf("got %v, %v; want an error %q that names %q", r != nil, err, c.code, c.names)
			}
		})
	}
}

// A ballot of the source meeting has 72 rows; 500 voters are many.
func BenchmarkCount(b *testing.B) {
	rnd := rand.New(rand.NewSource(1))
	m := meeting(72, group("A", 40, 300, "B"), group("B", 60, 300, "A"))
	m.Rules.Scores = []int{100, 80, 60, 40}
	var all []ballot.Leaf
	for i := range 500 {
		all = append(all, randomBallot(rnd, m, []string{"A", "B"}[i%2], i)...)
	}
	in := balanced(b, m, all)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Count(in); err != nil {
			b.Fatal(err)
		}
	}
}

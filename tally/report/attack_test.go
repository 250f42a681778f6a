package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/tally"
	"pingyi/tally/report"
)

var attackMeetings = flag.Int("attack.meetings", 60, "random meetings of the attack on hidden figures")

// The attacks on hidden figures: a group with fewer than k ballots is counted together with another, and nothing that is
// published may tell what it alone came to. The attacker knows the rules, everything that is published and how many
// ballots of each group came back.

// hidden is a random meeting with a small group B, which is joined with A.
type hidden struct {
	meeting ballot.Meeting
	leaves  []ballot.Leaf
	void    []ballot.GroupCount
}

const hiddenSubjects = 6

func newHidden(r *rand.Rand) hidden {
	sizes := []int{8 + r.IntN(50), 1 + r.IntN(4), 8 + r.IntN(12)}
	m := ballot.Meeting{ID: "m1", Title: "述职评议会", Organiser: "工委", Date: "2026-01-15", Version: 1, Rules: ballot.DefaultRules(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}}}
	m.Rules.Scores, m.Rules.Decimals = []int{100, 80, 60, 40}, r.IntN(5)
	m.Rules.Denominator = []ballot.Denominator{ballot.OfValid, ballot.OfExpected, ballot.OfReturned, ballot.OfValidMarked}[r.IntN(4)]
	m.Rules.Alerts = []ballot.Alert{{Grades: m.Rules.Grades[:2], BelowThirds: 2, Text: "请研究"}}
	weights := []int{30 + r.IntN(40), 5 + r.IntN(25)}
	weights = append(weights, 100-weights[0]-weights[1])
	for i, code := range []string{"A", "B", "C"} {
		m.Groups = append(m.Groups, ballot.VoterGroup{Code: code, Name: code + "组", Weight: weights[i], JoinWith: []string{"C", "A", "A"}[i],
			Headcount: map[string]int{"1": sizes[i] + r.IntN(3)}})
	}
	for i := range hiddenSubjects {
		mode := []ballot.ReportMode{ballot.Oral, ballot.Written}[i%2]
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("张%c", '一'+rune(i)), Org: "机关", Post: "书记", Mode: mode})
	}
	h := hidden{meeting: m}
	for i, g := range m.Groups {
		for j := range sizes[i] {
			h.leaves = append(h.leaves, ballot.Leaf{ID: fmt.Sprint(g.Code, j), Group: g.Code, Rows: h.marks(r), Whole: true})
		}
	}
	return h
}

// marks are those of a voter: mostly good ones, as in such meetings.
func (h hidden) marks(r *rand.Rand) (rows []ballot.RowRecord) {
	for _, s := range h.meeting.Subjects {
		v := ballot.Verdict{Kind: ballot.IsGrade, Grade: h.meeting.Rules.Grades[min(3, int(r.ExpFloat64()*1.2))]}
		switch r.IntN(20) {
		case 0:
			v = ballot.Verdict{Kind: ballot.IsBlank}
		case 1:
			v = ballot.Verdict{Kind: ballot.IsOvervote}
		}
		rows = append(rows, ballot.RowRecord{Subject: s.No, Verdict: v})
	}
	return rows
}

func (h hidden) count(t testing.TB) *tally.Result {
	t.Helper()
	valid, invalid, err := tally.Ballots(h.meeting, h.leaves, h.void)
	if err != nil {
		t.Fatal(err)
	}
	l := ballot.Ledger{Valid: valid, Invalid: invalid}
	returned := map[string]int{}
	for _, c := range slices.Concat(valid, invalid) {
		returned[c.Group] += c.Leaves
	}
	for _, g := range h.meeting.Groups {
		n := returned[g.Code]
		l.Lines = append(l.Lines, ballot.LedgerLine{LedgerKey: ballot.LedgerKey{Venue: "1", Group: g.Code}, Expected: g.Expected(),
			Typed: map[ballot.LedgerField]int{ballot.Present: g.Expected(), ballot.Issued: n, ballot.Returned: n, ballot.Spoiled: 0, ballot.NotReturned: 0}})
		l.Scanned = append(l.Scanned, ballot.ScannedCount{Venues: "1", Group: g.Code, Leaves: n})
	}
	result, err := tally.Count(tally.Input{Meeting: h.meeting, Leaves: h.leaves, Void: h.void, Ledger: l})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// published is everything that is shown of a result: the whole of it, and on demand every filter in every order, and every
// document.
func published(t testing.TB, r *tally.Result, all bool) (out [][]byte) {
	t.Helper()
	put := func(v any) {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data)
	}
	put(r)
	if !all {
		return out
	}
	for _, mode := range []ballot.ReportMode{"", ballot.Oral, ballot.Written} {
		for _, group := range []string{"", "A", "B", "C", "A+B", "A+B+C"} {
			for _, query := range []string{"", "张一", "3"} {
				for _, sort := range append(tally.SortKeys(), "") {
					for _, desc := range []bool{false, true} {
						lines, err := r.View(tally.Filter{Mode: mode, Group: group, Query: query, Sort: sort, Desc: desc})
						put(lines)
						if err != nil {
							out = append(out, []byte(err.Error()))
						}
					}
				}
			}
		}
	}
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(b *bytes.Buffer) error{
		func(b *bytes.Buffer) error { return report.CSV(b, r) },
		func(b *bytes.Buffer) error { return report.XLSX(b, r) },
		func(b *bytes.Buffer) error { return pdf.Statement(b, r, fonts) },
		func(b *bytes.Buffer) error { return pdf.Feedback(b, r, 0, fonts) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil && !r.LedgerOnly {
			t.Fatal(err)
		}
		out = append(out, b.Bytes())
	}
	return out
}

// exchanged is the meeting had ballots of A and B been handed in the other way round: the same sheets, other groups.
func (h hidden) exchanged(r *rand.Rand) hidden {
	out := h
	out.leaves = slices.Clone(h.leaves)
	var of []int
	for i, l := range out.leaves {
		if l.Group != "C" {
			of = append(of, i)
		}
	}
	r.Shuffle(len(of), func(i, j int) {
		a, b := &out.leaves[of[i]], &out.leaves[of[j]]
		a.Rows, b.Rows = b.Rows, a.Rows
	})
	return out
}

// votes are the sums of a subject's column over the leaves of the groups: grades, blank, invalid.
func (h hidden) votes(subject int, groups ...string) []int {
	out := make([]int, len(h.meeting.Rules.Grades)+2)
	for _, l := range h.leaves {
		if slices.Contains(groups, l.Group) {
			out[h.kind(l.Rows[subject].Verdict)]++
		}
	}
	return out
}

func (h hidden) kind(v ballot.Verdict) int {
	switch v.Kind {
	case ballot.IsBlank:
		return len(h.meeting.Rules.Grades)
	case ballot.IsOvervote:
		return len(h.meeting.Rules.Grades) + 1
	}
	return slices.Index(h.meeting.Rules.Grades, v.Grade)
}

// within lists what m ballots out of a published column can have been marked with.
func within(column []int, m int) (out [][]int) {
	if len(column) == 1 {
		if m <= column[0] {
			return [][]int{{m}}
		}
		return nil
	}
	for n := range min(column[0], m) + 1 {
		for _, rest := range within(column[1:], m-n) {
			out = append(out, append([]int{n}, rest...))
		}
	}
	return out
}

// TestHiddenFiguresStayHidden: exchanging ballots between joined groups changes no byte of what is published, so that
// every assignment of the pool's sheets to its groups is as good as the true one. How many values that leaves for the
// small group's column is counted; one alone is left where the pool is unanimous, which SECURITY.md names.
func TestHiddenFiguresStayHidden(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	columns, unanimous, recovered := 0, 0, 0
	fewest := 1 << 30
	var all []int
	for i := range *attackMeetings {
		h := newHidden(r)
		result := h.count(t)
		if len(result.Groups) != 2 || result.Groups[0].Code != "A+B" {
			t.Fatalf("groups %+v", result.Groups)
		}
		want := published(t, result, i%200 == 0)
		for range 10 {
			for at, got := range published(t, h.exchanged(r).count(t), i%200 == 0) {
				if !bytes.Equal(got, want[at]) {
					t.Fatalf("what is published tells whose ballots were whose: %d of %d\n%s\n%s", at, len(want), got, want[at])
				}
			}
		}
		small := 0
		for _, l := range h.leaves {
			if l.Group == "B" {
				small++
			}
		}
		for j := range hiddenSubjects {
			n := len(within(h.votes(j, "A", "B"), small))
			columns++
			all = append(all, n)
			switch {
			case n == 1 && slices.Max(h.votes(j, "A", "B")) == result.Subjects[j].Groups[0].Valid:
				unanimous++
			case n == 1:
				recovered++
			default:
				fewest = min(fewest, n)
			}
		}
	}
	slices.Sort(all)
	t.Logf("%d meetings, %d hidden columns: recovered %d, unanimous %d; values left: fewest %d, median %d, most %d", *attackMeetings, columns, recovered,
		unanimous, fewest, all[len(all)/2], all[len(all)-1])
	if recovered > 0 || fewest < 2 {
		t.Errorf("recovered %d hidden columns", recovered)
	}
}

// The same attacker on two builds that hide the small group's table and no more: one publishes the sum of all groups beside
// the others' tables, the other counts together and weighs apart. He breaks the first in all meetings and the second
// wherever rounding leaves one column alone that gives the published score.
func TestHiddenFiguresOfNaiveBuilds(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	subtracted, solved := 0, 0
	for range *attackMeetings {
		h := newHidden(r)
		bySum, byScore := true, false
		for j := range hiddenSubjects {
			truth := h.votes(j, "B")
			sum, a, c := h.votes(j, "A", "B", "C"), h.votes(j, "A"), h.votes(j, "C")
			for k := range sum {
				bySum = bySum && sum[k]-a[k]-c[k] == truth[k]
			}
			pool, small := h.votes(j, "A", "B"), 0
			for _, n := range truth {
				small += n
			}
			score := h.weighed(a, truth, c)
			var fits [][]int
			for _, v := range within(pool, small) {
				rest := slices.Clone(pool)
				for k := range rest {
					rest[k] -= v[k]
				}
				if h.weighed(rest, v, c) == score {
					fits = append(fits, v)
				}
			}
			if len(fits) == 1 && len(within(pool, small)) > 1 {
				byScore = true
				if !slices.Equal(fits[0], truth) {
					t.Fatalf("the attacker finds %v, true is %v", fits[0], truth)
				}
			}
		}
		if bySum {
			subtracted++
		}
		if byScore {
			solved++
		}
	}
	t.Logf("%d meetings: given away by subtraction %d, by rounded weighted scores %d", *attackMeetings, subtracted, solved)
	if subtracted < *attackMeetings || solved < *attackMeetings*3/4 {
		t.Error("the attacker does not break the naive builds: it proves nothing of ours")
	}
}

// weighed is the score of a build that weighs each group's own mean, rounded by the rules.
func (h hidden) weighed(columns ...[]int) string {
	sum, weights := new(big.Rat), int64(0)
	for i, column := range columns {
		points, graded := 0, 0
		for k, score := range h.meeting.Rules.Scores {
			points += score * column[k]
			graded += column[k]
		}
		if graded > 0 {
			w := int64(h.meeting.Groups[i].Weight)
			weights += w
			sum.Add(sum, big.NewRat(w*int64(points), int64(graded)))
		}
	}
	if weights == 0 {
		return ""
	}
	return sum.Quo(sum, big.NewRat(weights, 1)).FloatString(h.meeting.Rules.Decimals)
}

// A meeting under k ballots in all publishes its ledger alone: nothing of what was marked changes a byte.
func TestSmallMeetingTellsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for i := range *attackMeetings {
		h := newHidden(r)
		h.leaves = slices.DeleteFunc(h.leaves, func(l ballot.Leaf) bool { return l.ID != "A0" && l.ID != "C0" && l.Group != "B" })
		h.leaves = h.leaves[:min(len(h.leaves), h.meeting.Rules.SmallGroup-1)]
		want := published(t, h.count(t), i%20 == 0)
		for j := range h.leaves {
			h.leaves[j].Rows = h.marks(r)
		}
		for at, got := range published(t, h.count(t), i%20 == 0) {
			if !bytes.Equal(got, want[at]) {
				t.Fatalf("a meeting of %d ballots tells of them: %s", len(h.leaves), got)
			}
		}
	}
}

// TestFewValidBallots: a table stands on k ballots that count. A group of which enough came back and most are void
// would show what the one that is left was marked with.
func TestFewValidBallots(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for range *attackMeetings {
		h := newHidden(r)
		k := h.meeting.Rules.SmallGroup
		left := r.IntN(k)
		kept := 0
		h.leaves = slices.DeleteFunc(h.leaves, func(l ballot.Leaf) bool {
			if l.Group == "C" {
				kept++
			}
			return l.Group == "C" && kept > left
		})
		h.void = []ballot.GroupCount{{Group: "C", Leaves: 8 - left}} // as many came back as came of a group that is shown
		result := h.count(t)
		for _, s := range result.Subjects {
			for _, table := range s.Groups {
				if table.Valid < k {
					t.Fatalf("the table of %s stands on %d ballots", table.Group, table.Valid)
				}
			}
		}
	}
}

// TestCorrectionsTell: the result of a certified version and that of its correction differ by the ballot that was
// corrected, to the last mark. That is why only one is released; this attacker has both, and shows what it would cost.
func TestCorrectionsTell(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	h := newHidden(r)
	first := h.count(t)
	corrected := h
	corrected.leaves = slices.Clone(h.leaves[1:])
	corrected.void = []ballot.GroupCount{{Group: "A", Leaves: 1}}
	second := corrected.count(t)
	for j := range hiddenSubjects {
		mark := h.kind(h.leaves[0].Rows[j].Verdict)
		a, b := first.Subjects[j].Groups[0], second.Subjects[j].Groups[0]
		was, is := append(slices.Clone(a.Counts), a.Blank, a.Invalid), append(slices.Clone(b.Counts), b.Blank, b.Invalid)
		if was[mark]-is[mark] != 1 {
			t.Fatal("two versions no longer give the corrected ballot away: say so in SECURITY.md")
		}
	}
}

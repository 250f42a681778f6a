package tally

import (
	"encoding/json"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

const worlds = 200 // random meetings a property is tried on

func TestOrderOfLeavesChangesNothing(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range worlds {
		in := random(t, rnd)
		want := asJSON(t, mustCount(t, in))
		for range 3 {
			rnd.Shuffle(len(in.Leaves), func(i, j int) { in.Leaves[i], in.Leaves[j] = in.Leaves[j], in.Leaves[i] })
			rnd.Shuffle(len(in.Void), func(i, j int) { in.Void[i], in.Void[j] = in.Void[j], in.Void[i] })
			lines := in.Ledger.Lines
			rnd.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			for _, l := range in.Leaves {
				rnd.Shuffle(len(l.Rows), func(i, j int) { l.Rows[i], l.Rows[j] = l.Rows[j], l.Rows[i] })
			}
			if got := asJSON(t, mustCount(t, in)); got != want {
				t.Fatalf("another order of the same leaves gives another result:\n%s\n%s", want, got)
			}
		}
	}
}

// Invariant 4, and what hangs together with it, for every table of every result.
func TestTablesAddUp(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	tables := 0
	for range worlds {
		r := mustCount(t, random(t, rnd))
		for _, s := range r.Subjects {
			sum := newTable("", r.Rules)
			for _, g := range s.Groups {
				sum.add(g)
			}
			if !slices.Equal(sum.Counts, s.Overall.Counts) || sum.Valid != s.Overall.Valid || sum.Denominator != s.Overall.Denominator {
				t.Fatalf("subject %d: groups sum to %+v, overall is %+v", s.No, sum, s.Overall)
			}
			for _, table := range append(s.Groups, s.Overall) {
				tables++
				marked := table.Blank + table.Invalid
				for _, n := range table.Counts {
					marked += n
				}
				if marked != table.Valid || table.Valid > table.Returned {
					t.Fatalf("subject %d: %d rows, %d valid ballots, %d returned", s.No, marked, table.Valid, table.Returned)
				}
			}
		}
		if r.Total.Valid+r.Total.Invalid != r.Total.Returned {
			t.Fatalf("ledger: %+v", r.Total)
		}
	}
	if tables < worlds {
		t.Errorf("only %d tables were looked at", tables)
	}
}

// A Result counted again by the plainest means: for each subject and group, look at every leaf.
func TestAgainstPlainCount(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	for range worlds {
		in := random(t, rnd)
		r := mustCount(t, in)
		for _, s := range r.Subjects {
			for i, g := range r.Groups {
				comparePlain(t, in, r, s, s.Groups[i], g.Members)
			}
			comparePlain(t, in, r, s, s.Overall, allMembers(r))
		}
	}
}

func allMembers(r *Result) (all []string) {
	for _, g := range r.Groups {
		all = append(all, g.Members...)
	}
	return all
}

func comparePlain(t *testing.T, in Input, r *Result, s Subject, got Table, members []string) {
	t.Helper()
	count := map[ballot.Verdict]int{}
	returned, valid, expected := 0, 0, 0
	for _, l := range in.Leaves {
		for _, row := range l.Rows {
			if row.Subject != s.No || !slices.Contains(members, l.Group) {
				continue
			}
			returned++
			if l.Interpret(in.Meeting.Rules).Valid {
				valid++
				count[row.Verdict]++
			}
		}
	}
	for _, v := range in.Void {
		if slices.Contains(members, v.Group) && (v.Subject == 0 || v.Subject == s.No) {
			returned += v.Leaves
		}
	}
	for _, g := range in.Meeting.Groups {
		if slices.Contains(members, g.Code) {
			expected += g.Headcount["1"] + g.Headcount["2"]
		}
	}
	blank := count[ballot.Verdict{Kind: ballot.IsBlank}]
	den := map[ballot.Denominator]int{ballot.OfValid: valid, ballot.OfExpected: expected, ballot.OfReturned: returned,
		ballot.OfValidMarked: valid - blank}[in.Meeting.Rules.Denominator]
	if got.Returned != returned || got.Valid != valid || got.Blank != blank || got.Denominator != den ||
		got.Invalid != count[ballot.Verdict{Kind: ballot.IsOvervote}]+count[ballot.Verdict{Kind: ballot.IsInvalid}] {
		t.Fatalf("subject %d in %v: got %+v; plainly returned %d valid %d blank %d denominator %d", s.No, members, got, returned, valid, blank, den)
	}
	points, graded := 0, 0
	for i, g := range in.Meeting.Rules.Grades {
		n := count[ballot.Verdict{Kind: ballot.IsGrade, Grade: g}]
		graded += n
		if got.Counts[i] != n || got.Rates[i].Num != n || got.Rates[i].Den != den || got.Rates[i].Text != plainText(100*n, den, in.Meeting.Rules.Decimals) {
			t.Fatalf("subject %d in %v: grade %s: %d of %d, got %+v", s.No, members, g, n, den, got.Rates[i])
		}
		if len(in.Meeting.Rules.Scores) > 0 {
			points += n * in.Meeting.Rules.Scores[i]
		}
	}
	if hasScore := len(in.Meeting.Rules.Scores) > 0 && graded > 0; hasScore != (got.Score != nil) {
		t.Fatalf("subject %d: score %+v with %d graded rows", s.No, got.Score, graded)
	} else if hasScore && got.Score.Text != plainText(points, graded, in.Meeting.Rules.Decimals) {
		t.Fatalf("subject %d: score %+v, plainly %d/%d", s.No, got.Score, points, graded)
	}
}

// plainText rounds as one does by hand: long division, one digit more, up from five.
func plainText(num, den, decimals int) string {
	if den == 0 {
		return ""
	}
	scaled := num
	for range decimals {
		scaled *= 10
	}
	whole, rest := scaled/den, scaled%den
	if rest*2 >= den {
		whole++
	}
	digits := []byte(big.NewInt(int64(whole)).String())
	for len(digits) <= decimals {
		digits = append([]byte{'0'}, digits...)
	}
	if decimals == 0 {
		return string(digits)
	}
	return string(digits[:len(digits)-decimals]) + "." + string(digits[len(digits)-decimals:])
}

// The figures of a small group exist nowhere: moving ballots between groups that are counted together
// changes no byte of the result.
func TestJoinedGroupsLeaveNoTrace(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	tried := 0
	for range 4 * worlds {
		in := random(t, rnd)
		for _, g := range in.Meeting.Groups { // room for the ballots of others, a person each
			for v := range g.Headcount {
				g.Headcount[v] += 60
			}
		}
		for i := range in.Ledger.Lines {
			in.Ledger.Lines[i].Expected += 60
			in.Ledger.Lines[i].Typed[ballot.Present] += 60
		}
		r := mustCount(t, in)
		for _, g := range r.Groups {
			if len(g.Members) < 2 {
				continue
			}
			other := moved(t, in, g.Members[0], g.Members[1])
			if again := mustCount(t, other); slices.EqualFunc(again.Groups, r.Groups, func(a, b Group) bool { return a.Code == b.Code }) {
				tried++
				if want, got := asJSON(t, r), asJSON(t, again); want != got {
					t.Fatalf("the result tells %v apart:\n%s\n%s", g.Members, want, got)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d joined groups were tried", tried)
	}
}

// moved gives every ballot of one group to another, with a ledger to match and the headcounts as they were.
func moved(t *testing.T, in Input, from, to string) Input {
	t.Helper()
	out := in
	out.Leaves, out.Void = slices.Clone(in.Leaves), slices.Clone(in.Void)
	for i := range out.Leaves {
		if out.Leaves[i].Group == from {
			out.Leaves[i].Group = to
		}
	}
	for i := range out.Void {
		if out.Void[i].Group == from {
			out.Void[i].Group = to
		}
	}
	out.Ledger = ballot.Ledger{Lines: slices.Clone(in.Ledger.Lines), Scanned: slices.Clone(in.Ledger.Scanned)}
	var err error
	if out.Ledger.Valid, out.Ledger.Invalid, err = Ballots(out.Meeting, out.Leaves, out.Void); err != nil {
		t.Fatal(err)
	}
	for i := range out.Ledger.Scanned {
		if out.Ledger.Scanned[i].Group == from {
			out.Ledger.Scanned[i].Group = to
		}
	}
	returned := map[ballot.LedgerKey]int{}
	for _, s := range out.Ledger.Scanned {
		returned[ballot.LedgerKey{Venue: s.Venues, Group: s.Group, Subject: s.Subject}] += s.Leaves
	}
	for i, line := range out.Ledger.Lines {
		n := returned[line.LedgerKey]
		present := line.Typed[ballot.Present]
		out.Ledger.Lines[i].Typed = map[ballot.LedgerField]int{ballot.Present: present, ballot.Issued: n, ballot.Returned: n, ballot.Spoiled: 0, ballot.NotReturned: 0}
	}
	return out
}

// Each group that is shown has at least k ballots behind each table, and where nothing can be shown nothing is.
func TestNoTableIsSmall(t *testing.T) {
	rnd := rand.New(rand.NewSource(5))
	withheld := 0
	for range worlds {
		r := mustCount(t, random(t, rnd))
		weight, members := 0, allMembers(r)
		for _, g := range r.Groups {
			weight += g.Weight
		}
		if slices.Sort(members); weight != 100 || len(slices.Compact(members)) != len(allMembers(r)) {
			t.Fatalf("groups %+v", r.Groups)
		}
		if r.LedgerOnly {
			withheld++
			if len(r.Subjects)+len(r.Summaries)+len(r.Distribution)+len(r.Flags)+len(r.InvalidBy) != 0 || len(r.Groups) != 1 {
				t.Fatalf("figures of fewer than k ballots: %s", asJSON(t, r))
			}
		}
		for _, s := range r.Subjects {
			for _, g := range s.Groups {
				if g.Returned > 0 && g.Returned < r.Rules.SmallGroup {
					t.Fatalf("subject %d: group %s shows %d ballots, k = %d", s.No, g.Group, g.Returned, r.Rules.SmallGroup)
				}
			}
		}
	}
	if withheld == 0 {
		t.Error("no result was withheld, so that was not tried")
	}
}

func TestResultSurvivesJSON(t *testing.T) {
	rnd := rand.New(rand.NewSource(6))
	for range worlds / 4 {
		r := mustCount(t, random(t, rnd))
		want := asJSON(t, r)
		var back Result
		if err := json.NewDecoder(strings.NewReader(want)).Decode(&back); err != nil {
			t.Fatal(err)
		}
		if got := asJSON(t, &back); got != want {
			t.Fatalf("JSON changes:\n%s\n%s", want, got)
		}
		for _, key := range SortKeys() {
			a, errA := r.View(Filter{Sort: key, Desc: true})
			b, errB := back.View(Filter{Sort: key, Desc: true})
			if errA != nil || errB != nil || !slices.EqualFunc(a, b, func(x, y Subject) bool { return x.No == y.No }) {
				t.Fatalf("sorting by %s differs after JSON: %v %v", key, errA, errB)
			}
		}
	}
}

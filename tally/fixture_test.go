package tally

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"testing"

	"pingyi/ballot"
)

var grades = []string{"好", "较好", "一般", "差"}

// meeting has n subjects and the groups as given; every second subject reports orally.
func meeting(n int, groups ...ballot.VoterGroup) ballot.Meeting {
	m := ballot.Meeting{ID: "m1", Title: "述职评议会", Organiser: "地直机关工委", Date: "2026-01-15", Version: 1,
		Rules: ballot.DefaultRules(), Groups: groups, Venues: []ballot.Venue{{Code: "1", Name: "主会场"}, {Code: "2", Name: "分会场"}}}
	for i := 1; i <= n; i++ {
		s := ballot.Subject{No: i, Name: fmt.Sprintf("张%c", '一'+rune(i)), Org: fmt.Sprintf("第%d党支部", i), Mode: ballot.Written}
		if i%2 == 1 {
			s.Mode = ballot.Oral
		}
		m.Subjects = append(m.Subjects, s)
	}
	return m
}

func group(code string, weight, expected int, joinWith string) ballot.VoterGroup {
	return ballot.VoterGroup{Code: code, Name: code + "组", Weight: weight, JoinWith: joinWith, Headcount: map[string]int{"1": expected}}
}

// rows reads one letter a row: a–f the grades, - blank, x overvoted, ? unclear.
func rows(marks string) []ballot.RowRecord {
	var out []ballot.RowRecord
	for i, c := range marks {
		r := ballot.RowRecord{Subject: i + 1}
		switch c {
		case '-':
			r.Verdict.Kind = ballot.IsBlank
		case 'x':
			r.Verdict.Kind = ballot.IsOvervote
		case '?':
			r.Verdict = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}
		default:
			r.Verdict = ballot.Verdict{Kind: ballot.IsGrade, Grade: grades[c-'a']}
		}
		out = append(out, r)
	}
	return out
}

// leaves makes whole roster leaves of a group, one a string of marks.
func leaves(group string, marks ...string) []ballot.Leaf {
	var out []ballot.Leaf
	for i, s := range marks {
		out = append(out, ballot.Leaf{ID: fmt.Sprintf("%s%d", group, i), Group: group, Rows: rows(s), Whole: true})
	}
	return out
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// balanced gives the input a ledger that balances: all voters present, everything issued came back.
func balanced(t testing.TB, m ballot.Meeting, leaves []ballot.Leaf, void ...ballot.GroupCount) Input {
	t.Helper()
	in := Input{Meeting: m, Leaves: leaves, Void: void}
	valid, invalid, err := Ballots(m, leaves, void)
	if err != nil {
		t.Fatal(err)
	}
	in.Ledger.Valid, in.Ledger.Invalid = valid, invalid
	returned := map[part]int{}
	for _, c := range append(append([]ballot.GroupCount{}, valid...), invalid...) {
		returned[part{c.Group, c.Subject}] += c.Leaves
	}
	subjects := []int{0}
	if m.Rules.Form == ballot.SingleForm {
		subjects = nil
		for _, s := range m.Subjects {
			subjects = append(subjects, s.No)
		}
	}
	for _, g := range m.EnabledGroups() {
		for _, s := range subjects {
			n := returned[part{g.Code, s}]
			for _, v := range m.Venues {
				if g.Headcount[v.Code] == 0 {
					continue
				}
				here := min(n, g.Headcount[v.Code])
				n -= here
				key := ballot.LedgerKey{Venue: v.Code, Group: g.Code, Subject: s}
				in.Ledger.Lines = append(in.Ledger.Lines, ballot.LedgerLine{LedgerKey: key, Expected: g.Headcount[v.Code],
					Typed: map[ballot.LedgerField]int{ballot.Present: g.Headcount[v.Code], ballot.Issued: here, ballot.Returned: here, ballot.Spoiled: 0, ballot.NotReturned: 0}})
				if here > 0 {
					in.Ledger.Scanned = append(in.Ledger.Scanned, ballot.ScannedCount{Venues: v.Code, Group: g.Code, Subject: s, Leaves: here})
				}
			}
			if n > 0 {
				t.Fatalf("group %s: %d leaves more than voters", g.Code, n)
			}
		}
	}
	return in
}

func mustCount(t testing.TB, in Input) *Result {
	t.Helper()
	r, err := Count(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asJSON(t testing.TB, r *Result) string {
	t.Helper()
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// random makes a meeting with its ballots: any number of groups, rules and marks that may stand together.
func random(t testing.TB, rnd *rand.Rand) Input {
	m := meeting(1 + rnd.Intn(9))
	m.Rules.Grades = []string{"好", "较好", "一般", "差", "劣", "无"}[:2+rnd.Intn(5)]
	if rnd.Intn(2) == 0 {
		for range m.Rules.Grades {
			m.Rules.Scores = append(m.Rules.Scores, rnd.Intn(101))
		}
	}
	m.Rules.Decimals = rnd.Intn(5)
	m.Rules.SmallGroup = 1 + rnd.Intn(8)
	m.Rules.Denominator = []ballot.Denominator{ballot.OfValid, ballot.OfExpected, ballot.OfReturned, ballot.OfValidMarked}[rnd.Intn(4)]
	m.Rules.Order = []ballot.Order{ballot.ByRoster, ballot.ByResult, ballot.ByStrokes}[rnd.Intn(3)]
	if rnd.Intn(4) == 0 {
		m.Rules.Form, m.Rules.Layout.Paper = ballot.SingleForm, "A5"
	} else {
		pick := func(to *ballot.Treatment) {
			if rnd.Intn(5) == 0 {
				*to = ballot.BallotInvalid
			}
		}
		pick(&m.Rules.Overvote)
		pick(&m.Rules.Blank)
		pick(&m.Rules.WhollyBlank)
		pick(&m.Rules.SameGrade)
		if rnd.Intn(4) == 0 {
			m.Rules.Caps = []ballot.GradeCap{{Grade: "好", Percent: 50}}
		}
	}
	codes := []string{"A", "B", "C", "D"}[:1+rnd.Intn(4)]
	var all []ballot.Leaf
	var void []ballot.GroupCount
	left := 100
	for i, code := range codes {
		weight := rnd.Intn(left + 1)
		if i == len(codes)-1 {
			weight = left
		}
		left -= weight
		g := group(code, weight, 0, codes[(i+1+rnd.Intn(len(codes)))%len(codes)])
		if g.JoinWith == code {
			g.JoinWith = codes[(i+1)%len(codes)]
		}
		n := rnd.Intn(12)
		g.Headcount = map[string]int{"1": n + 1 + rnd.Intn(3), "2": 3 + rnd.Intn(4)}
		for range n {
			all = append(all, randomBallot(rnd, m, code, len(all))...)
		}
		if m.Rules.Form == ballot.SingleForm {
			void = append(void, ballot.GroupCount{Group: code, Subject: 1, Leaves: rnd.Intn(3)})
		} else {
			void = append(void, ballot.GroupCount{Group: code, Leaves: rnd.Intn(3)})
		}
		m.Groups = append(m.Groups, g)
	}
	return balanced(t, m, all, void...)
}

func randomBallot(rnd *rand.Rand, m ballot.Meeting, group string, serial int) []ballot.Leaf {
	var all []ballot.RowRecord
	same := rnd.Intn(6) == 0
	for i, s := range m.Subjects {
		v := ballot.Verdict{Kind: ballot.IsGrade, Grade: m.Rules.Grades[rnd.Intn(len(m.Rules.Grades))]}
		switch n := rnd.Intn(20); {
		case same && i > 0:
			v = all[0].Verdict
		case n == 0:
			v = ballot.Verdict{Kind: ballot.IsOvervote}
		case n == 1:
			v = ballot.Verdict{Kind: ballot.IsInvalid}
		case n < 4:
			v = ballot.Verdict{Kind: ballot.IsBlank}
		}
		all = append(all, ballot.RowRecord{Subject: s.No, Verdict: v})
	}
	if m.Rules.Form != ballot.SingleForm {
		return []ballot.Leaf{{ID: fmt.Sprintf("%x", serial), Group: group, Rows: all, Whole: true}}
	}
	var out []ballot.Leaf
	for _, row := range all {
		if rnd.Intn(10) > 0 { // some leaves of a packet stay behind
			out = append(out, ballot.Leaf{ID: fmt.Sprintf("%x-%d", serial, row.Subject), Group: group, Rows: []ballot.RowRecord{row}, Whole: true})
		}
	}
	return out
}

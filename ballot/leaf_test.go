package ballot

import (
	"fmt"
	"testing"
)

// leafOf reads one letter a row: a–d the grades, - blank, x overvoted, / invalid alone.
func leafOf(marks string) Leaf {
	l := Leaf{ID: "1", Group: "A", Whole: true}
	for i, c := range marks {
		v := Verdict{Kind: IsGrade}
		switch c {
		case '-':
			v.Kind = IsBlank
		case 'x':
			v.Kind = IsOvervote
		case '/':
			v.Kind = IsInvalid
		default:
			v.Grade = DefaultRules().Grades[c-'a']
		}
		l.Rows = append(l.Rows, RowRecord{i + 1, v})
	}
	return l
}

func TestInterpret(t *testing.T) {
	all := func(r *Rules) {
		r.Overvote, r.Blank, r.WhollyBlank, r.SameGrade = BallotInvalid, BallotInvalid, BallotInvalid, BallotInvalid
	}
	limit := func(c GradeCap) func(*Rules) { return func(r *Rules) { r.Caps = []GradeCap{c} } }
	for _, c := range []struct {
		name, marks string
		change      func(*Rules)
		reason      string // "" is valid
		flags       string
	}{
		{"a usual ballot", "abca", nil, "", "[]"},
		{"a usual ballot under every rule", "abca", all, "", "[]"},
		{"an overvoted row", "abxa", nil, "", "[]"},
		{"overvote spoils the ballot", "abxa", all, "overvote", "[]"},
		{"a row that is invalid alone does not", "ab/a", all, "", "[]"},
		{"a blank row", "ab-a", nil, "", "[]"},
		{"blank spoils the ballot", "ab-a", all, "blank", "[]"},
		{"wholly blank", "----", nil, "", "[]"},
		{"wholly blank is another rule than blank", "----", func(r *Rules) { r.Blank = BallotInvalid }, "", "[]"},
		{"wholly blank spoils the ballot", "----", all, "wholly_blank", "[]"},
		{"one grade throughout", "aaaa", nil, "", "[same_grade]"},
		{"one grade throughout spoils the ballot", "aaaa", all, "same_grade", "[]"},
		{"one grade but for a blank", "aaa-", nil, "", "[]"},
		{"one row is no throughout", "a", all, "", "[]"},
		{"all rows overvoted are no grade", "xxxx", nil, "", "[]"},
		{"cap reached", "aabb", limit(GradeCap{Grade: "好", Max: 2}), "", "[]"},
		{"cap passed", "aaab", limit(GradeCap{Grade: "好", Max: 2}), "cap_好", "[]"},
		{"cap of another grade", "aaab", limit(GradeCap{Grade: "较好", Max: 1}), "", "[]"},
		{"40 % of 5 is 2", "aabbb", limit(GradeCap{Grade: "好", Percent: 40}), "", "[]"},
		{"39 % of 5 is rounded down to 1", "aabbb", limit(GradeCap{Grade: "好", Percent: 39}), "cap_好", "[]"},
		{"the first rule that spoils is named", "axaa", all, "overvote", "[]"},
		{"flagged and then spoiled", "aaaa", limit(GradeCap{Grade: "好", Max: 2}), "cap_好", "[same_grade]"},
	} {
		r := DefaultRules()
		if c.change != nil {
			c.change(&r)
		}
		l := leafOf(c.marks)
		got := l.Interpret(r)
		if got.Valid != (c.reason == "") || got.Reason != c.reason || fmt.Sprint(got.Flags) != c.flags {
			t.Errorf("%s: %+v, want reason %q flags %s", c.name, got, c.reason, c.flags)
		}
		if rows := len(got.Rows); got.Valid && rows != len(l.Rows) || !got.Valid && rows != 0 {
			t.Errorf("%s: %d rows count", c.name, rows)
		}
	}
}

// TestAlteredRowIsInvalidAlone: whoever or whatever makes a row invalid for another reason than several marks, the rule
// about several marks says nothing of its ballot.
func TestAlteredRowIsInvalidAlone(t *testing.T) {
	r := DefaultRules()
	r.Altered, r.Overvote = RowInvalid, BallotInvalid
	altered := Verdict{Kind: IsUnclear, Reason: ReasonAltered}
	for name, c := range map[string]struct {
		decisions []Decision
		valid     bool
	}{
		"by the rule":                       {nil, true},
		"by a person":                       {[]Decision{{By: "p", Kind: IsInvalid}}, true},
		"but a person finds several marks":  {[]Decision{{By: "p", Kind: IsOvervote}}, false},
		"a person reads what it says in it": {[]Decision{{By: "p", Kind: IsGrade, Grade: "好"}}, true},
	} {
		l := leafOf("abca")
		v, ok := Resolve(r, altered, c.decisions)
		l.Rows[2].Verdict = v
		if got := l.Interpret(r); !ok || got.Valid != c.valid || got.Valid != (got.Reason == "") {
			t.Errorf("%s: %+v, %+v", name, v, got)
		}
	}
}

// Part of a ballot says nothing about the whole.
func TestPartOfABallotIsNotJudged(t *testing.T) {
	r := DefaultRules()
	r.SameGrade, r.WhollyBlank = BallotInvalid, BallotInvalid
	for _, marks := range []string{"aa", "--"} {
		l := leafOf(marks)
		l.Whole = false
		if got := l.Interpret(r); !got.Valid || len(got.Rows) != 2 {
			t.Errorf("%s: %+v", marks, got)
		}
	}
}

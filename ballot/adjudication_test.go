package ballot

import "testing"

func TestResolve(t *testing.T) {
	grade := func(g string) Verdict { return Verdict{Kind: IsGrade, Grade: g} }
	says := func(by, g string) Decision { return Decision{By: by, Kind: IsGrade, Grade: g} }
	unclear := Verdict{Kind: IsUnclear, Reason: ReasonFaint}
	altered := Verdict{Kind: IsUnclear, Reason: ReasonAltered}
	two := func(r *Rules) { r.TwoAdjudicators = true }
	for _, c := range []struct {
		name      string
		change    func(*Rules)
		machine   Verdict
		decisions []Decision
		want      Verdict
		ok        bool
	}{
		{"a clear row needs nobody", nil, grade("好"), nil, grade("好"), true},
		{"a blank row needs nobody", two, Verdict{Kind: IsBlank}, nil, Verdict{Kind: IsBlank}, true},
		{"what was decided stands, though other thresholds make the row a clear one", nil, grade("好"), []Decision{says("p", "差")}, grade("差"), true},
		{"and the second person is still asked for", two, grade("好"), []Decision{says("p", "好")}, Verdict{}, false},
		{"an unclear row waits", nil, unclear, nil, Verdict{}, false},
		{"one decides", nil, unclear, []Decision{says("p", "好")}, grade("好"), true},
		{"blank may be decided", nil, unclear, []Decision{{By: "p", Kind: IsBlank}}, Verdict{Kind: IsBlank}, true},
		{"invalid may be decided", nil, unclear, []Decision{{By: "p", Kind: IsOvervote}}, Verdict{Kind: IsOvervote}, true},
		{"the latest of one person counts", nil, unclear, []Decision{says("p", "好"), says("p", "差")}, grade("差"), true},
		{"two who differ leave it waiting", nil, unclear, []Decision{says("p", "好"), says("q", "差")}, Verdict{}, false},
		{"two who come to agree", nil, unclear, []Decision{says("p", "好"), says("q", "差"), says("q", "好")}, grade("好"), true},
		{"where two are needed one is not enough", two, unclear, []Decision{says("p", "好")}, Verdict{}, false},
		{"nor one twice", two, unclear, []Decision{says("p", "好"), says("p", "好")}, Verdict{}, false},
		{"two are", two, unclear, []Decision{says("p", "好"), says("q", "好")}, grade("好"), true},
		{"a third who differs changes nothing alone", two, unclear, []Decision{says("p", "好"), says("q", "好"), says("r", "差")}, grade("好"), true},
		{"nor where one is enough and two agree", nil, unclear, []Decision{says("p", "好"), says("q", "好"), says("r", "差")}, grade("好"), true},
		{"a third settles what two differ about", nil, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "差")}, grade("差"), true},
		{"where two are needed, too", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "好")}, grade("好"), true},
		{"and in whatever order", two, unclear, []Decision{says("r", "好"), says("q", "差"), says("p", "好")}, grade("好"), true},
		{"three who all differ settle nothing", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "一般")}, Verdict{}, false},
		{"nor do two against two", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "好"), says("s", "差")}, Verdict{}, false},
		{"two of four that differ are not more than half", nil, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "好"), says("s", "一般")}, Verdict{}, false},
		{"three of five are", nil, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "好"), says("s", "差"), says("u", "好")}, grade("好"), true},
		{"a person who repeats it is one person", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("q", "差"), says("q", "差")}, Verdict{}, false},
		{"who thinks better of it takes their own earlier word back", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "差"), says("r", "一般")}, Verdict{}, false},
		{"and may join the other", two, unclear, []Decision{says("p", "好"), says("q", "差"), says("r", "差"), says("r", "好")}, grade("好"), true},
		{"undoing an objection leaves what stood", nil, unclear, []Decision{says("p", "好"), says("q", "差"), says("q", "好")}, grade("好"), true},
		{"blank and invalid are views like any other", two, unclear, []Decision{{By: "p", Kind: IsBlank}, {By: "q", Kind: IsOvervote}, {By: "r", Kind: IsBlank}}, Verdict{Kind: IsBlank}, true},
		{"an altered row waits", nil, altered, nil, Verdict{}, false},
		{"or is invalid by rule", func(r *Rules) { r.Altered = RowInvalid }, altered, nil, Verdict{Kind: IsInvalid, Reason: ReasonAltered}, true},
		{"the rule is about altered rows alone", func(r *Rules) { r.Altered = RowInvalid }, unclear, nil, Verdict{}, false},
	} {
		r := DefaultRules()
		if c.change != nil {
			c.change(&r)
		}
		if got, ok := Resolve(r, c.machine, c.decisions); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// TestNobodyAloneChangesAVote: whatever people have said, where one vote counts and then another after somebody's
// word, two at least stand behind the other, or it is a row that one person decides and has decided alone.
func TestNobodyAloneChangesAVote(t *testing.T) {
	grades, people := []string{"好", "较好", "差"}, []string{"p", "q", "r", "s"}
	unclear := Verdict{Kind: IsUnclear}
	for _, two := range []bool{false, true} {
		rules := DefaultRules()
		rules.TwoAdjudicators = two
		var try func(made []Decision)
		try = func(made []Decision) {
			before, settled := Resolve(rules, unclear, made)
			if w := Wanted(rules, made); settled != (w == 0) {
				t.Fatalf("%d more are wanted, settled %v: %+v", w, settled, made)
			}
			if Disputed(rules, made) && (settled || len(views(made)) < 2) {
				t.Fatalf("in dispute: %+v", made)
			}
			if len(made) == 5 {
				return
			}
			for _, by := range people {
				for _, g := range grades {
					next := append(made[:len(made):len(made)], Decision{By: by, Kind: IsGrade, Grade: g})
					after, ok := Resolve(rules, unclear, next)
					n := tallied(views(next))
					if settled && ok && after != before && n[after] < 2 && (two || len(views(next)) > 1) {
						t.Fatalf("%s alone turned %s into %s: %+v", by, before.Grade, after.Grade, next)
					}
					if ok && (n[after] < rules.Adjudicators() || len(n) > 1 && n[after] < 2) {
						t.Fatalf("%d stand behind %s: %+v", n[after], after.Grade, next)
					}
					try(next)
				}
			}
		}
		try(nil)
	}
}

func TestWanted(t *testing.T) {
	for said, want := range map[string][2]int{"": {1, 2}, "a": {0, 1}, "ab": {1, 1}, "aa": {0, 0}, "abc": {2, 2}, "abb": {0, 0}, "aabb": {1, 1}, "aabc": {1, 1}} {
		var made []Decision
		for i, c := range said {
			made = append(made, Decision{By: string(rune('p' + i)), Kind: IsGrade, Grade: string(c)})
		}
		for i, two := range []bool{false, true} {
			rules := DefaultRules()
			rules.TwoAdjudicators = two
			if got := Wanted(rules, made); got != want[i] {
				t.Errorf("%q, two %v: %d more are wanted, want %d", said, two, got, want[i])
			}
		}
	}
}

func TestDecisionValidate(t *testing.T) {
	for name, c := range map[string]struct {
		d  Decision
		ok bool
	}{
		"a grade":                {Decision{By: "p", Kind: IsGrade, Grade: "好"}, true},
		"a blank":                {Decision{By: "p", Kind: IsBlank}, true},
		"several marks":          {Decision{By: "p", Kind: IsOvervote}, true},
		"an invalid row":         {Decision{By: "p", Kind: IsInvalid}, true},
		"a grade of elsewhere":   {Decision{By: "p", Kind: IsGrade, Grade: "优"}, false},
		"no grade":               {Decision{By: "p", Kind: IsGrade}, false},
		"a blank with a grade":   {Decision{By: "p", Kind: IsBlank, Grade: "好"}, false},
		"unclear is no decision": {Decision{By: "p", Kind: IsUnclear}, false},
		"nothing":                {Decision{By: "p"}, false},
		"nobody":                 {Decision{Kind: IsBlank}, false},
	} {
		if err := c.d.Validate(DefaultRules().Grades); (err == nil) != c.ok || err != nil && CodeOf(err) != CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

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
		{"a third who differs", two, unclear, []Decision{says("p", "好"), says("q", "好"), says("r", "差")}, Verdict{}, false},
		{"an altered row waits", nil, altered, nil, Verdict{}, false},
		{"or is invalid by rule", func(r *Rules) { r.Altered = RowInvalid }, altered, nil, Verdict{Kind: IsOvervote, Reason: ReasonAltered}, true},
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

func TestDecisionValidate(t *testing.T) {
	for name, c := range map[string]struct {
		d  Decision
		ok bool
	}{
		"a grade":                {Decision{By: "p", Kind: IsGrade, Grade: "好"}, true},
		"a blank":                {Decision{By: "p", Kind: IsBlank}, true},
		"an invalid row":         {Decision{By: "p", Kind: IsOvervote}, true},
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

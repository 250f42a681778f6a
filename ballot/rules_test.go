package ballot

import (
	"slices"
	"strings"
	"testing"
)

func TestDefaultRulesAreValid(t *testing.T) {
	if err := DefaultRules().Validate(); err != nil {
		t.Error(err)
	}
	single := DefaultRules()
	single.Form, single.Layout.Paper = SingleForm, "A5"
	if err := single.Validate(); err != nil {
		t.Error(err)
	}
}

func TestGradeScales(t *testing.T) {
	for _, scale := range []string{"好 较好 一般 差", "优秀 称职 基本称职 不称职", "优秀 合格 基本合格 不合格", "满意 基本满意 不满意 不了解", "行 不行", "一 二 三 四 五 六"} {
		r := DefaultRules()
		r.Grades = strings.Fields(scale)
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", scale, err)
		}
	}
}

func TestRulesRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Rules)
		says   string
	}{
		"one grade":             {func(r *Rules) { r.Grades = []string{"好"} }, "2…6 grades, not 1"},
		"seven grades":          {func(r *Rules) { r.Grades = strings.Fields("a b c d e f g") }, "not 7"},
		"a grade twice":         {func(r *Rules) { r.Grades[1] = "好" }, `"好" is empty or given twice`},
		"a grade of no name":    {func(r *Rules) { r.Grades[1] = "" }, `"" is empty`},
		"form":                  {func(r *Rules) { r.Form = "scroll" }, "form must be"},
		"serial":                {func(r *Rules) { r.Identity = "number" }, `rule identity has no option "number"`},
		"ticks only":            {func(r *Rules) { r.TicksOnly = true }, "ticks_only"},
		"overvote":              {func(r *Rules) { r.Overvote = Flag }, `rule overvote has no option "flag"`},
		"blank":                 {func(r *Rules) { r.Blank = RowInvalid }, "rule blank"},
		"altered":               {func(r *Rules) { r.Altered = BallotInvalid }, "rule altered"},
		"wholly blank":          {func(r *Rules) { r.WhollyBlank = Flag }, "rule wholly_blank"},
		"same grade":            {func(r *Rules) { r.SameGrade = "" }, "rule same_grade"},
		"writing":               {func(r *Rules) { r.Writing = Valid }, "rule writing"},
		"denominator":           {func(r *Rules) { r.Denominator = "present" }, "rule denominator"},
		"order":                 {func(r *Rules) { r.Order = "luck" }, "rule order"},
		"quorum over one":       {func(r *Rules) { r.Quorum = Quorum{3, 2} }, "quorum"},
		"no quorum":             {func(r *Rules) { r.Quorum = Quorum{} }, "quorum"},
		"decimals":              {func(r *Rules) { r.Decimals = 5 }, "decimals"},
		"audit and cvr":         {func(r *Rules) { r.Audit, r.CVR = 1, true }, "audit and cvr cannot both be on"},
		"k of 0":                {func(r *Rules) { r.SmallGroup = 0 }, "small_group"},
		"k of 21":               {func(r *Rules) { r.SmallGroup = 21 }, "small_group"},
		"three scores":          {func(r *Rules) { r.Scores = []int{100, 80, 60} }, "4 grades, 3 scores"},
		"a score of 101":        {func(r *Rules) { r.Scores = []int{101, 80, 60, 40} }, "score 101"},
		"a score below 0":       {func(r *Rules) { r.Scores = []int{100, 80, 60, -1} }, "score -1"},
		"cap on no grade":       {func(r *Rules) { r.Caps = []GradeCap{{Grade: "优", Max: 1}} }, `"优" that is not in the scale`},
		"cap of nothing":        {func(r *Rules) { r.Caps = []GradeCap{{Grade: "好"}} }, "number of rows or a percentage"},
		"cap both ways":         {func(r *Rules) { r.Caps = []GradeCap{{Grade: "好", Max: 1, Percent: 1}} }, "number of rows or a percentage"},
		"cap over 100 %":        {func(r *Rules) { r.Caps = []GradeCap{{Grade: "好", Percent: 101}} }, "number of rows or a percentage"},
		"alert on no grade":     {func(r *Rules) { r.Alerts = []Alert{{Grades: []string{"优"}, BelowPercent: 50}} }, `"优" that is not in the scale`},
		"alert of nothing":      {func(r *Rules) { r.Alerts = []Alert{{BelowPercent: 50}} }, "an alert needs"},
		"alert without a bound": {func(r *Rules) { r.Alerts = []Alert{{Grades: []string{"好"}}} }, "an alert needs"},
		"alert with two bounds": {func(r *Rules) { r.Alerts = []Alert{{Grades: []string{"好"}, BelowPercent: 50, BelowThirds: 2}} }, "an alert needs"},
		"paper":                 {func(r *Rules) { r.Layout.Paper = "A0" }, `paper "A0"`},
		"roster on A5":          {func(r *Rules) { r.Layout.Paper = "A5" }, "cannot be A5"},
		"single on A3":          {func(r *Rules) { r.Form, r.Layout.Paper = SingleForm, "A3" }, "cannot be A3"},
		"three blocks":          {func(r *Rules) { r.Layout.Blocks = 3 }, "blocks must be"},
	} {
		t.Run(name, func(t *testing.T) {
			r := DefaultRules()
			c.change(&r)
			faults := Errors(r.Validate())
			if !slices.ContainsFunc(faults, func(e *Error) bool { return e.Code == CodeRules && strings.Contains(e.English, c.says) }) {
				t.Errorf("got %v, want %q", faults, c.says)
			}
		})
	}
}

// All faults are told at once.
func TestRulesTellEveryFault(t *testing.T) {
	r := DefaultRules()
	r.Decimals, r.SmallGroup, r.Overvote = 9, 0, Flag
	if n := len(Errors(r.Validate())); n != 3 {
		t.Errorf("%d faults told of 3: %v", n, r.Validate())
	}
}

// Rules about a whole ballot are refused by name on forms that have one row.
func TestWholeBallotRulesNeedAWholeBallot(t *testing.T) {
	for name, change := range map[string]func(*Rules){
		"overvote=ballot_invalid": func(r *Rules) { r.Overvote = BallotInvalid }, "blank=ballot_invalid": func(r *Rules) { r.Blank = BallotInvalid },
		"wholly_blank=ballot_invalid": func(r *Rules) { r.WhollyBlank = BallotInvalid }, "same_grade=ballot_invalid": func(r *Rules) { r.SameGrade = BallotInvalid },
		"caps": func(r *Rules) { r.Caps = []GradeCap{{Grade: "好", Max: 3}} },
	} {
		r := DefaultRules()
		change(&r)
		if got := r.WholeBallotRules(); !slices.Equal(got, []string{name}) {
			t.Errorf("whole-ballot rules %v, want %s", got, name)
		}
		if err := r.Validate(); err != nil {
			t.Errorf("%s on a roster: %v", name, err)
		}
		r.Form, r.Layout.Paper = SingleForm, "A5"
		if err := r.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s on a single form: %v", name, err)
		}
		m := testMeeting(200) // two leaves a ballot
		change(&m.Rules)
		if _, err := NewForm(&m, m.Groups[0], zeros(8)); CodeOf(err) != CodeRules || !strings.Contains(err.Error(), name) {
			t.Errorf("%s on a ballot of two leaves: %v", name, err)
		}
	}
	if got := DefaultRules().WholeBallotRules(); got != nil {
		t.Errorf("the defaults need a whole ballot: %v", got)
	}
}

// What needs a ballot to be one leaf is refused by name where it is several: setting one aside would leave the others to
// count, nobody knows of what part one is that is void, and a bundle may have one leaf of a part.
func TestRulesThatNeedOneLeaf(t *testing.T) {
	for name, change := range map[string]func(*Rules){
		"writing=ballot_invalid": func(r *Rules) { r.Writing = BallotInvalid },
		"denominator=returned":   func(r *Rules) { r.Denominator = OfReturned },
		"audit":                  func(r *Rules) { r.Audit = 1 },
	} {
		for subjects, refused := range map[int]bool{72: false, 200: true} {
			m := testMeeting(subjects)
			change(&m.Rules)
			_, err := NewForm(&m, m.Groups[0], zeros(8))
			if refused != (err != nil) || refused && !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %d subjects: %v", name, subjects, err)
			}
		}
	}
	r := DefaultRules()
	r.Writing, r.Denominator, r.Form, r.Layout.Paper = BallotInvalid, OfReturned, SingleForm, "A5"
	if err := r.Validate(); err != nil {
		t.Errorf("on a single form: %v", err)
	}
}

func TestWeights(t *testing.T) {
	group := func(code string, weight, heads int, off bool) VoterGroup {
		return VoterGroup{Code: code, Weight: weight, Headcount: map[string]int{"1": heads}, Disabled: off}
	}
	for name, c := range map[string]struct {
		groups []VoterGroup
		says   string
	}{
		"one of 100":                 {[]VoterGroup{group("A", 100, 5, false)}, ""},
		"three":                      {[]VoterGroup{group("A", 40, 5, false), group("B", 35, 5, false), group("C", 25, 5, false)}, ""},
		"one without weight":         {[]VoterGroup{group("A", 100, 5, false), group("B", 0, 5, false)}, ""},
		"switched off counts not":    {[]VoterGroup{group("A", 100, 5, false), group("B", 50, 0, true)}, ""},
		"99":                         {[]VoterGroup{group("A", 60, 5, false), group("B", 39, 5, false)}, "sum to 99, not 100"},
		"101":                        {[]VoterGroup{group("A", 60, 5, false), group("B", 41, 5, false)}, "sum to 101, not 100"},
		"negative":                   {[]VoterGroup{group("A", 110, 5, false), group("B", -10, 5, false)}, "negative weight -10"},
		"a group of nobody":          {[]VoterGroup{group("A", 60, 5, false), group("B", 40, 0, false)}, "group B"},
		"all switched off":           {[]VoterGroup{group("A", 100, 5, true)}, "no voter group is switched on"},
		"weight of one switched off": {[]VoterGroup{group("A", 60, 5, false), group("B", 40, 5, true)}, "sum to 60"},
	} {
		err := ValidateWeights(c.groups)
		if c.says == "" && err != nil || c.says != "" && (CodeOf(err) != CodeRules || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

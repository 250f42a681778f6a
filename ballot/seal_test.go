package ballot

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// sealable is the source meeting in small: three groups, of which C joins A where it is too small.
func sealable() Meeting {
	m := testMeeting(72)
	m.Venues = []Venue{{"1", "主会场"}, {"2", "分会场"}}
	m.Groups = []VoterGroup{
		{Code: "A", Name: "工委委员", Weight: 40, JoinWith: "B", Categories: []string{"工委委员"}, Headcount: map[string]int{"1": 11}},
		{Code: "B", Name: "直属党组织书记", Weight: 40, JoinWith: "A", Categories: []string{"直属党组织书记", "书记"}, Headcount: map[string]int{"1": 60, "2": 12}},
		{Code: "C", Name: "地委指导组", Weight: 20, JoinWith: "A", Categories: []string{"地委指导组"}, Headcount: map[string]int{"1": 5}},
	}
	return m
}

func TestSealFreezesAndVersions(t *testing.T) {
	m := sealable()
	before := m.Hash()
	sealed, forms, err := Seal(m, zeros(64))
	if err != nil {
		t.Fatal(err)
	}
	if m.State != Draft || m.Version != 0 || m.SealHash != "" || m.Hash() != before {
		t.Error("sealing changed the meeting that it was given")
	}
	if sealed.State != Sealed || sealed.Version != 1 || sealed.SealHash != sealed.Hash() || sealed.SealHash == before || len(sealed.SealHash) != 64 {
		t.Errorf("sealed: state %s version %d hash %q", sealed.State, sealed.Version, sealed.SealHash)
	}
	var groups []string
	for _, f := range forms {
		groups = append(groups, f.Group)
		if f.Version != 1 || f.Meeting != m.ID || len(f.Pages) != 2 {
			t.Errorf("form %+v", f)
		}
	}
	if !slices.Equal(groups, []string{"A", "B", "C"}) {
		t.Errorf("forms of %v", groups)
	}
	if _, _, err := Seal(sealed, zeros(64)); CodeOf(err) != CodeState {
		t.Errorf("sealed twice: %v", err)
	}
}

func TestSealMakesNoFormForASwitchedOffGroup(t *testing.T) {
	m := sealable()
	m.Groups[2].Disabled, m.Groups[0].Weight = true, 60
	_, forms, err := Seal(m, zeros(64))
	if err != nil || len(forms) != 2 {
		t.Errorf("%d forms, %v", len(forms), err)
	}
}

// A failed seal gives the meeting back as it was: a caller that keeps it loses nothing.
func TestFailedSealChangesNothing(t *testing.T) {
	m := sealable()
	got, forms, err := Seal(m, bytes.NewReader(nil)) // no randomness for form ids
	if err == nil || forms != nil || got.State != Draft || got.Version != 0 {
		t.Errorf("state %s version %d, %d forms, %v", got.State, got.Version, len(forms), err)
	}
}

// Everything that sealing freezes is in the hash.
func TestHashCoversEverythingFrozen(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Meeting){
		"nothing": func(*Meeting) {}, "title": func(m *Meeting) { m.Title += "x" }, "organiser": func(m *Meeting) { m.Organiser += "x" },
		"date": func(m *Meeting) { m.Date = "2027-01-01" }, "version": func(m *Meeting) { m.Version++ },
		"a rule": func(m *Meeting) { m.Rules.Decimals++ }, "a grade": func(m *Meeting) { m.Rules.Grades = []string{"好", "差"} },
		"a subject": func(m *Meeting) { m.Subjects[71].Note = "x" }, "a subject's order": func(m *Meeting) { m.Subjects[0], m.Subjects[1] = m.Subjects[1], m.Subjects[0] },
		"a weight": func(m *Meeting) { m.Groups[0].Weight = 41 }, "a headcount": func(m *Meeting) { m.Groups[1].Headcount["2"] = 13 },
		"a category": func(m *Meeting) { m.Groups[1].Categories[1] = "x" }, "who joins whom": func(m *Meeting) { m.Groups[2].JoinWith = "B" },
		"who is excluded": func(m *Meeting) { m.Excluded = m.Excluded[:1] }, "a venue": func(m *Meeting) { m.Venues[0].Name = "x" },
	} {
		m := sealable()
		change(&m)
		if other, taken := seen[m.Hash()]; taken {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[m.Hash()] = name
	}
	a, b := sealable(), sealable()
	b.State, b.ID = Open, "other"
	if a.Hash() != b.Hash() {
		t.Error("the hash depends on what sealing does not freeze")
	}
}

func TestSealRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Meeting)
		code  Code
		says  string
	}{
		"no title":               {func(m *Meeting) { m.Title = " " }, CodeInvalid, "no title"},
		"no venue":               {func(m *Meeting) { m.Venues = nil }, CodeInvalid, "no venue"},
		"a venue twice":          {func(m *Meeting) { m.Venues[1].Code = "1" }, CodeInvalid, `"1" is empty, used twice`},
		"a venue like a pool":    {func(m *Meeting) { m.Venues[1].Code = "2+3" }, CodeInvalid, `"2+3"`},
		"nobody appraised":       {func(m *Meeting) { m.Subjects = nil }, CodeRoster, "no subject"},
		"a number twice":         {func(m *Meeting) { m.Subjects[5].No = 1 }, CodeRoster, "number 1"},
		"weights of 90":          {func(m *Meeting) { m.Groups[0].Weight = 30 }, CodeRules, "sum to 90"},
		"a group of nobody":      {func(m *Meeting) { m.Groups[2].Headcount = nil }, CodeRules, "group C (地委指导组) has nobody"},
		"no group":               {func(m *Meeting) { m.Groups = nil }, CodeRules, "no voter group"},
		"a code of two letters":  {func(m *Meeting) { m.Groups[2].Code = "CC" }, CodeRules, `"CC"`},
		"a code twice":           {func(m *Meeting) { m.Groups[2].Code = "A" }, CodeRules, `"A" must be`},
		"a category twice":       {func(m *Meeting) { m.Groups[2].Categories = []string{"书记"} }, CodeRules, "belongs to both B and group C"},
		"an excluded category":   {func(m *Meeting) { m.Groups[2].Categories = []string{"党务工作者"} }, CodeRules, "党务工作者"},
		"heads at no venue":      {func(m *Meeting) { m.Groups[2].Headcount["9"] = 1 }, CodeNotFound, `"9"`},
		"nowhere to go if small": {func(m *Meeting) { m.Groups[2].JoinWith = "" }, CodeRules, "group C does not say"},
		"joins itself":           {func(m *Meeting) { m.Groups[2].JoinWith = "C" }, CodeRules, `with "C"`},
		"joins nobody":           {func(m *Meeting) { m.Groups[2].JoinWith = "D" }, CodeRules, `with "D"`},
		"joins one switched off": {func(m *Meeting) { m.Groups[0].Disabled, m.Groups[1].Weight, m.Groups[1].JoinWith = true, 80, "C" }, CodeRules, `group C is to be joined with "A"`},
		"a rule":                 {func(m *Meeting) { m.Rules.SmallGroup = 0 }, CodeRules, "small_group"},
	} {
		t.Run(name, func(t *testing.T) {
			m := sealable()
			c.spoil(&m)
			_, forms, err := Seal(m, zeros(64))
			found := slices.ContainsFunc(Errors(err), func(e *Error) bool { return e.Code == c.code && strings.Contains(e.English, c.says) })
			if forms != nil || !found {
				t.Errorf("got %v; want a %s that says %q", err, c.code, c.says)
			}
		})
	}
}

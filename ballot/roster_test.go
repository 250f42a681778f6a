package ballot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestValidateRoster(t *testing.T) {
	good := Subject{No: 1, Name: "张明", Org: "某局党支部", Mode: Oral}
	with := func(change func(*Subject)) []Subject {
		s := good
		change(&s)
		return []Subject{s}
	}
	for name, c := range map[string]struct {
		subjects []Subject
		says     []string
	}{
		"good":               {[]Subject{good}, nil},
		"60 characters":      {with(func(s *Subject) { s.Org = strings.Repeat("局", 60) }), nil},
		"above U+FFFF":       {with(func(s *Subject) { s.Name = "𠮷田" }), nil},
		"empty":              {nil, []string{"名册里没有述职人"}},
		"number 0":           {with(func(s *Subject) { s.No = 0 }), []string{"第 11 行：序号 0 须为 1–32767"}},
		"number 32768":       {with(func(s *Subject) { s.No = 32768 }), []string{"第 11 行：序号 32768 须为 1–32767"}},
		"a number twice":     {[]Subject{good, good}, []string{"第 12 行：序号 1 与“张明”重复"}},
		"no name":            {with(func(s *Subject) { s.Name = "　" }), []string{"第 11 行：缺姓名"}},
		"no organisation":    {with(func(s *Subject) { s.Org = "" }), []string{"第 11 行：“张明”缺单位（党组织）"}},
		"no mode":            {with(func(s *Subject) { s.Mode = "" }), []string{"第 11 行：“张明”的述职方式“”应为 现场述职 或 书面述职"}},
		"61 characters":      {with(func(s *Subject) { s.Note = strings.Repeat("注", 61) }), []string{"第 11 行：“" + strings.Repeat("注", 20) + "…”过长（61 字，最多 60 字）"}},
		"everything at once": {with(func(s *Subject) { *s = Subject{} }), []string{"第 11 行：序号 0 须为 1–32767", "第 11 行：缺姓名", "第 11 行：“”缺单位（党组织）", "第 11 行：“”的述职方式“”应为 现场述职 或 书面述职"}},
	} {
		var said []string
		for _, e := range Errors(ValidateRoster(c.subjects, func(i int) int { return 11 + i })) {
			said = append(said, e.Chinese)
			if e.Code != CodeRoster {
				t.Errorf("%s: code %s", name, e.Code)
			}
		}
		if !slices.Equal(said, c.says) {
			t.Errorf("%s: said %q, want %q", name, said, c.says)
		}
	}
	for n, ok := range map[int]bool{MaxSubjects: true, MaxSubjects + 1: false} {
		if err := ValidateRoster(testMeeting(n).Subjects, func(int) int { return 0 }); (err == nil) != ok {
			t.Errorf("%d subjects: %v", n, err)
		}
	}
}

func roll(lines ...string) []RollEntry {
	var out []RollEntry
	for i, l := range lines {
		f := strings.Split(l, "|")
		out = append(out, RollEntry{Row: i + 2, Name: f[0], Org: f[1], Category: f[2], Venue: f[3]})
	}
	return out
}

func TestRollBecomesHeadcounts(t *testing.T) {
	m := sealable()
	m.Groups[2].Disabled = true
	got, err := m.ApplyRoll(roll("甲|工委|工委委员|1", "乙|某局|书记|主会场", "丙|某局|B|2", "丁|某局|党务工作者|1", "戊|指导组|地委指导组|1", "甲|某局|直属党组织书记|分会场"))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]map[string]int{"A": {"1": 1}, "B": {"1": 1, "2": 2}}; !reflect.DeepEqual(got.Headcount, want) {
		t.Errorf("headcount %v", got.Headcount)
	}
	want := []ExcludedPerson{{"丁", "某局", "党务工作者", "各单位党务工作者不参与画票"}, {"戊", "指导组", "地委指导组", "该票种在本次会议停用"}}
	if !reflect.DeepEqual(got.Excluded, want) {
		t.Errorf("excluded %v", got.Excluded)
	}
	var sheet []string
	for _, l := range got.SignIn {
		sheet = append(sheet, l.Venue+l.Group+l.Name)
	}
	if fmt.Sprint(sheet) != "[1丁 1戊 1A甲 1B乙 2B丙 2B甲]" {
		t.Errorf("sign-in sheet %v", sheet)
	}
}

// Excluded wins over any other category of the same person, whichever line comes first.
func TestExcludedWins(t *testing.T) {
	lines := []string{"甲|某局|党务工作者|1", "甲|某局|书记|1"}
	for range 2 {
		slices.Reverse(lines)
		m := sealable()
		got, err := m.ApplyRoll(roll(lines...))
		if err != nil || len(got.Headcount["B"]) != 0 || len(got.Excluded) != 1 || !strings.Contains(got.Excluded[0].Reason, "各单位党务工作者不参与画票") {
			t.Errorf("%v: %+v, %v", lines, got, err)
		}
	}
}

func TestRollRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		says  string
	}{
		"empty":            {nil, "the roll is empty"},
		"unknown category": {[]string{"甲|某局|书记|1", "乙|某局|群众|1"}, `row 3: category "群众" belongs to no voter group`},
		"unknown venue":    {[]string{"甲|某局|书记|3"}, `row 2: venue "3"`},
		"no venue of two":  {[]string{"甲|某局|书记|"}, `row 2: venue ""`},
		"no name":          {[]string{" |某局|书记|1"}, "row 2: the name is missing"},
		"two groups":       {[]string{"甲|某局|书记|1", "甲|某局|工委委员|1"}, `row 3: "甲" is listed in group B and in group A`},
		"twice":            {[]string{"甲|某局|书记|1", "乙|某局|书记|1", "甲|某局|B|1"}, `row 4: "甲" is listed twice`},
	} {
		m := sealable()
		got, err := m.ApplyRoll(roll(c.lines...))
		if CodeOf(err) != CodeRoll || !strings.Contains(err.Error(), c.says) || got.Headcount != nil || got.SignIn != nil {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.says)
		}
	}
	m := sealable()
	_, err := m.ApplyRoll(roll("甲|某局|群众|1", "乙|某局|群众|9"))
	if n := len(Errors(err)); n != 2 {
		t.Errorf("%d of 2 faults told: %v", n, err)
	}
}

func TestOneVenueNeedsNoName(t *testing.T) {
	m := testMeeting(3)
	got, err := m.ApplyRoll(roll("甲|某局|工委委员|"))
	if err != nil || got.Headcount["A"]["1"] != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// Nobody can ask for a ballot for an excluded category, by whatever name.
func TestNoBallotForTheExcluded(t *testing.T) {
	m := sealable()
	m.Groups[2].Disabled = true
	for key, c := range map[string]struct {
		code Code
		says string
	}{
		"党务工作者": {CodeExcluded, "各单位党务工作者不参与画票"}, "工委组织部工作人员": {CodeExcluded, "负责计票"},
		"C": {CodeExcluded, "switched off"}, "地委指导组": {CodeExcluded, "switched off"}, "D": {CodeNotFound, `"D"`},
	} {
		if g, err := m.Group(key); CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) || g.Code != "" {
			t.Errorf("%s: %+v, %v", key, g, err)
		}
	}
	for _, key := range []string{"B", "直属党组织书记", "书记"} {
		if g, err := m.Group(key); err != nil || g.Code != "B" {
			t.Errorf("%s: %+v, %v", key, g, err)
		}
	}
}

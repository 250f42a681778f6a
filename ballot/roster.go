package ballot

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Bounds of a roster. The upper one is what one form's page numbers and a person's patience can bear.
const (
	MaxSubjects   = 5000
	maxFieldRunes = 60
)

// ValidateRoster checks subjects as a list: numbers unique and positive, names and organisations there,
// nothing longer than a ballot can print. rowOf gives the file row of subject i, or 0; locations are [i].name.
func ValidateRoster(subjects []Subject, rowOf func(i int) int) error {
	if len(subjects) == 0 {
		return Errorf(CodeRoster, "名册里没有述职人", "the roster holds no subject")
	}
	if len(subjects) > MaxSubjects {
		return Errorf(CodeRoster, "名册有 %d 人，最多 %d 人", "the roster holds %d subjects, at most %d are allowed", len(subjects), MaxSubjects)
	}
	var faults []error
	first := map[int]int{}
	for i, s := range subjects {
		fail := func(field, zh, en string, args ...any) {
			e := Errorf(CodeRoster, zh, en, args...).In(fmt.Sprintf("[%d].%s", i, field))
			if row := rowOf(i); row > 0 {
				e = e.AtRow(row)
			}
			faults = append(faults, e)
		}
		if s.No <= 0 || s.No > maxPage {
			fail("no", "序号 %d 须为 1–%d", "number %d must be within 1…%d", s.No, maxPage)
		}
		if j, dup := first[s.No]; dup {
			fail("no", "序号 %d 与“%s”重复", "number %d is also that of %q", s.No, subjects[j].Name)
		} else {
			first[s.No] = i
		}
		if strings.TrimSpace(s.Name) == "" {
			fail("name", "缺姓名", "the name is missing")
		}
		if strings.TrimSpace(s.Org) == "" {
			fail("org", "“%s”缺单位（党组织）", "%q has no organisation", s.Name)
		}
		if s.Mode != Oral && s.Mode != Written {
			fail("mode", "“%s”的述职方式“%s”应为 现场述职 或 书面述职", "report mode of %q is %q: give oral or written", s.Name, string(s.Mode))
		}
		for _, field := range []struct{ name, text string }{{"name", s.Name}, {"org", s.Org}, {"post", s.Post}, {"delegate", s.Delegate}, {"note", s.Note}} {
			if n := utf8.RuneCountInString(field.text); n > maxFieldRunes {
				fail(field.name, "“%.20s…”过长（%d 字，最多 %d 字）", "%.60q… is too long (%d characters, at most %d)", field.text, n, maxFieldRunes)
			}
		}
	}
	return errors.Join(faults...)
}

// RollEntry is one line of a sign-in roll (签到名册). It lives only as long as the reply that it makes.
type RollEntry struct {
	Row      int // of the file
	Name     string
	Org      string
	Category string
	Venue    string // code or name
}

// ExcludedPerson is somebody on the roll who gets no ballot, and why.
type ExcludedPerson struct {
	Name     string `json:"name"`
	Org      string `json:"org"`
	Category string `json:"category"`
	Reason   string `json:"reason"`
}

// SignInLine is one line of the sign-in sheet.
type SignInLine struct {
	Venue string `json:"venue"`
	Group string `json:"group"` // voter group code, or "" for the excluded
	Name  string `json:"name"`
	Org   string `json:"org"`
}

// RollResult is everything a roll is for. Headcount is what is kept; the names in Excluded and SignIn
// are for the reply alone and must not be stored or logged.
type RollResult struct {
	Headcount map[string]map[string]int `json:"headcount"` // group code → venue code → people
	Excluded  []ExcludedPerson          `json:"excluded"`
	SignIn    []SignInLine              `json:"sign_in"`
}

// ApplyRoll sorts the roll's people into voter groups and excluded ones. A person listed in several
// categories is one person: an excluded category wins over any other, and two different groups for one
// person are an error. Categories that are neither are errors naming their rows. People without a venue
// belong to the only venue, or are errors where there are several.
func (m *Meeting) ApplyRoll(entries []RollEntry) (RollResult, error) {
	if len(entries) == 0 {
		return RollResult{}, Errorf(CodeRoll, "签到名册是空的", "the roll is empty")
	}
	people, faults := m.people(entries)
	if len(faults) > 0 {
		return RollResult{}, errors.Join(faults...)
	}
	out := RollResult{Headcount: map[string]map[string]int{}, Excluded: []ExcludedPerson{}, SignIn: []SignInLine{}}
	for _, g := range m.EnabledGroups() {
		out.Headcount[g.Code] = map[string]int{}
	}
	for _, p := range people {
		if p.reason != "" {
			out.Excluded = append(out.Excluded, ExcludedPerson{p.entry.Name, p.entry.Org, p.entry.Category, p.reason})
			out.SignIn = append(out.SignIn, SignInLine{p.venue, "", p.entry.Name, p.entry.Org})
			continue
		}
		out.Headcount[p.group][p.venue]++
		out.SignIn = append(out.SignIn, SignInLine{p.venue, p.group, p.entry.Name, p.entry.Org})
	}
	sort.SliceStable(out.SignIn, func(i, j int) bool {
		a, b := out.SignIn[i], out.SignIn[j]
		return a.Venue < b.Venue || a.Venue == b.Venue && a.Group < b.Group
	})
	return out, nil
}

type person struct {
	entry        RollEntry
	venue, group string
	reason       string // why excluded
}

// people joins the roll's lines by name and organisation.
func (m *Meeting) people(entries []RollEntry) ([]*person, []error) {
	var list []*person
	var faults []error
	byKey := map[[2]string]*person{}
	for _, e := range entries {
		p, err := m.person(e)
		if err != nil {
			faults = append(faults, err.AtRow(e.Row))
			continue
		}
		key := [2]string{e.Name, e.Org}
		known := byKey[key]
		if known == nil {
			byKey[key] = p
			list = append(list, p)
			continue
		}
		if err := known.merge(p); err != nil {
			faults = append(faults, err.AtRow(e.Row))
		}
	}
	return list, faults
}

func (m *Meeting) person(e RollEntry) (*person, *Error) {
	if strings.TrimSpace(e.Name) == "" {
		return nil, Errorf(CodeRoll, "缺姓名", "the name is missing")
	}
	p := &person{entry: e}
	for _, v := range m.Venues {
		if e.Venue == v.Code || e.Venue == v.Name || e.Venue == "" && len(m.Venues) == 1 {
			p.venue = v.Code
		}
	}
	if p.venue == "" {
		return nil, Errorf(CodeRoll, "会场“%s”不在会议的会场表中", "venue %q is not one of the meeting's", e.Venue)
	}
	g, err := m.Group(e.Category)
	switch {
	case err == nil:
		p.group = g.Code
	case CodeOf(err) == CodeExcluded:
		p.reason = m.exclusion(e.Category)
	default:
		return nil, Errorf(CodeRoll, "类别“%[1]s”既不属于任何票种，也不在不参与画票之列；请改正类别或先设置票种",
			"category %[1]q belongs to no voter group and is not excluded: correct it, or set up its group first", e.Category)
	}
	return p, nil
}

func (m *Meeting) exclusion(category string) string {
	for _, x := range m.Excluded {
		if x.Category == category {
			return x.Reason
		}
	}
	return "该票种在本次会议停用"
}

// merge adds another line about the same person.
func (p *person) merge(other *person) *Error {
	switch {
	case p.reason != "":
		// Excluded already: it wins over whatever else the person is.
	case other.reason != "":
		p.reason = other.reason + "（同时列为" + p.entry.Category + "，以不参与画票为准）"
		p.entry.Category = other.entry.Category
	case p.group != other.group:
		return Errorf(CodeRoll, "“%[1]s”同时列入%[2]s票和%[3]s票；每人只能有一种票", "%[1]q is listed in group %[2]s and in group %[3]s: a person has one ballot",
			p.entry.Name, p.group, other.group)
	default:
		return Errorf(CodeRoll, "“%s”重复列出", "%q is listed twice", p.entry.Name)
	}
	return nil
}

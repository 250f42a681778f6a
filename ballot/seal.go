package ballot

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Seal checks the whole meeting, lays out one form per enabled group, but for groups whose ballot the office made
// itself, and returns the meeting as sealed (new version, new hash) with its forms. The meeting given is not changed.
func Seal(m Meeting, random io.Reader, blanks ...Blank) (Meeting, []Form, error) {
	if err := m.State.Step(Sealed); err != nil {
		return m, nil, err
	}
	if err := m.Validate(blanks...); err != nil {
		return m, nil, err
	}
	sealed := m
	sealed.State = Sealed
	sealed.Version++
	var forms []Form
	for _, g := range sealed.EnabledGroups() {
		f, err := sealed.form(g, random, blanks)
		if err != nil {
			return m, nil, err
		}
		forms = append(forms, *f)
	}
	sealed.SealHash = sealed.Hash(blanks...)
	return sealed, forms, nil
}

// form is that of the group's blank or, where it has none, one that we lay out.
func (m *Meeting) form(g VoterGroup, random io.Reader, blanks []Blank) (*Form, error) {
	for i := range blanks {
		if blanks[i].Group == g.Code {
			return blanks[i].seal(m, random)
		}
	}
	return NewForm(m, g, random)
}

// Validate checks everything that sealing needs; all faults are reported, joined.
func (m *Meeting) Validate(blanks ...Blank) error {
	faults := []error{Within("rules", m.Rules.Validate()), Within("subjects", ValidateRoster(m.Subjects, func(int) int { return 0 })),
		Within("groups", ValidateWeights(m.Groups))}
	if strings.TrimSpace(m.Title) == "" {
		faults = append(faults, Errorf(CodeInvalid, "会议缺标题", "the meeting has no title").In("title"))
	}
	if len(m.Venues) == 0 {
		faults = append(faults, Errorf(CodeInvalid, "会议缺会场", "the meeting has no venue").In("venues"))
	}
	return errors.Join(append(faults, Within("venues", m.validateVenues()), Within("groups", m.validateGroups()), Within("blanks", m.checkBlanks(blanks)))...)
}

// validateVenues keeps venue codes apart, also where the ledger joins those of a pooled stack by "+".
func (m *Meeting) validateVenues() error {
	var faults []error
	seen := map[string]bool{}
	for i, v := range m.Venues {
		if v.Code == "" || strings.Contains(v.Code, "+") || seen[v.Code] {
			faults = append(faults, Errorf(CodeInvalid, "会场代号“%s”为空、重复或含有“+”", "venue code %q is empty, used twice or holds a “+”", v.Code).In(fmt.Sprintf("[%d].code", i)))
		}
		seen[v.Code] = true
	}
	return errors.Join(faults...)
}

func (m *Meeting) validateGroups() error {
	var faults []error
	fail := func(i int, field, zh, en string, args ...any) {
		faults = append(faults, Errorf(CodeRules, zh, en, args...).In(fmt.Sprintf("[%d].%s", i, field)))
	}
	seen, category := map[string]bool{}, map[string]string{}
	for _, x := range m.Excluded {
		category[x.Category] = "不参与画票"
	}
	for i, g := range m.Groups {
		if len(g.Code) != 1 || g.Code[0] < 'A' || g.Code[0] > 'Z' || seen[g.Code] {
			fail(i, "code", "票种代号“%s”须为一个不重复的大写字母", "group code %q must be one capital letter, used once", g.Code)
		}
		seen[g.Code] = true
		for _, c := range g.Categories {
			if other, taken := category[c]; taken {
				fail(i, "categories", "类别“%[1]s”同时属于%[2]s和%[3]s票", "category %[1]q belongs to both %[2]s and group %[3]s", c, other, g.Code)
			}
			category[c] = g.Code
		}
		for v := range g.Headcount {
			if _, err := m.Venue(v); err != nil {
				faults = append(faults, Within(fmt.Sprintf("[%d].headcount", i), err))
			}
		}
	}
	enabled := map[string]bool{}
	for _, g := range m.EnabledGroups() {
		enabled[g.Code] = true
	}
	for i, g := range m.Groups {
		if g.Disabled {
			continue
		}
		if g.JoinWith == "" && len(enabled) > 1 {
			fail(i, "join_with", "%s票未指定人数不足时并入的票种", "group %s does not say which group it is joined with when it is too small", g.Code)
		}
		if g.JoinWith != "" && (!enabled[g.JoinWith] || g.JoinWith == g.Code) {
			fail(i, "join_with", "%s票并入的票种“%s”不存在或已停用", "group %s is to be joined with %q, which is no other group that votes", g.Code, g.JoinWith)
		}
	}
	return errors.Join(faults...)
}

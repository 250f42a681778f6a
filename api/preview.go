package api

import (
	"context"
	"errors"
	"slices"

	"pingyi/ballot"
)

// Preview is one side of a ballot as it would be printed from the draft, and how many there are.
type Preview struct {
	Page     ballot.FormPage `json:"page"`
	Grades   []string        `json:"grades" nullable:"false"`
	Pages    int             `json:"pages" doc:"sides of one ballot; of a packet of single forms"`
	Leaves   int             `json:"leaves" doc:"sheets of paper of one ballot; of a packet of single forms"`
	TwoSided bool            `json:"two_sided"`
}

type previewInput struct {
	InMeeting
	Body struct {
		Rules *ballot.Rules `json:"rules,omitempty" doc:"instead of those that are saved"`
		Group string        `json:"group,omitempty" doc:"code of a voter group; the first one where there is none"`
		Page  int           `json:"page,omitempty" minimum:"0" doc:"from 1; 0 is the first"`
	}
}

func (s *server) registerPreview() {
	add(s, route("POST", "/meetings/{meeting}/preview", "preview-form", "setup",
		"票样预览 the geometry of a ballot under rules that need not be saved; nothing is kept"), s.previewForm)
}

// previewForm lays out the ballot that sealing would. Its code is that of no form.
func (s *server) previewForm(ctx context.Context, in *previewInput) (*body[Preview], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	if in.Body.Rules != nil {
		m.Rules = *in.Body.Rules
	}
	if err := m.Rules.Validate(); err != nil {
		return nil, ballot.Within("rules", err)
	}
	if err := ballot.ValidateRoster(m.Subjects, func(int) int { return 0 }); err != nil {
		return nil, ballot.Within("subjects", err)
	}
	form, err := ballot.NewForm(&m, previewGroup(m, in.Body.Group), s.Random)
	if err != nil {
		return nil, ballot.Within("rules", err)
	}
	page, ok := form.PageOf(max(1, in.Body.Page))
	if !ok {
		return nil, ballot.Errorf(ballot.CodeNotFound, "票样没有第 %d 页", "the ballot has no page %d", in.Body.Page)
	}
	return answer(Preview{*page, form.Grades, len(form.Pages), form.Leaves(), form.TwoSided}, nil)
}

// previewGroup is the group asked for, or the first one that votes, or one that stands for those to come.
func previewGroup(m ballot.Meeting, code string) ballot.VoterGroup {
	groups := m.EnabledGroups()
	for _, g := range groups {
		if g.Code == code {
			return g
		}
	}
	if len(groups) > 0 {
		return groups[0]
	}
	return ballot.VoterGroup{Code: "A"}
}

// sealable finds everything that sealing would refuse: what the meeting says, whether its ballots can be laid
// out, and whether they can be printed.
func (s *server) sealable(d draft) error {
	m, blanks := &d.Meeting, d.Blanks
	faults := []error{m.Validate(blanks...)}
	if m.Rules.Validate() != nil || ballot.ValidateRoster(m.Subjects, func(int) int { return 0 }) != nil {
		return faults[0] // there is nothing to lay out
	}
	seen := map[string]bool{}
	for _, g := range m.EnabledGroups() {
		if slices.ContainsFunc(blanks, func(b ballot.Blank) bool { return b.Group == g.Code }) {
			continue // the office printed it
		}
		form, err := ballot.NewForm(m, g, s.Random)
		if err == nil {
			err = s.Printer.Check(form)
		} else {
			err = ballot.Within("rules", err)
		}
		for _, e := range ballot.Errors(err) {
			if !seen[e.English] { // all ballots carry the same names
				seen[e.English] = true
				faults = append(faults, e)
			}
		}
	}
	return errors.Join(faults...)
}

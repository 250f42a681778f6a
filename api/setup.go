package api

import (
	"context"
	"fmt"
	"slices"

	"pingyi/ballot"
)

// Roster is the list of subjects; it replaces the one before as a whole.
type Roster struct {
	Subjects []ballot.Subject `json:"subjects" nullable:"false"`
}

// Groups are the voter groups with the categories that have none; they are validated together. Headcounts are of
// venues, so that the venues may be replaced with them.
type Groups struct {
	Groups   []ballot.VoterGroup   `json:"groups" nullable:"false"`
	Excluded []ballot.ExcludedRule `json:"excluded" nullable:"false"`
	Venues   []ballot.Venue        `json:"venues,omitempty" doc:"the venues too, in one step; left out, they stay"`
}

// Venues are the places where ballots are issued and collected.
type Venues struct {
	Venues []ballot.Venue `json:"venues" nullable:"false"`
}

func (s *server) registerSetup() {
	add(s, route("GET", "/meetings/{meeting}/roster", "get-roster", "setup", "述职人名册 the roster of subjects"), s.getRoster)
	add(s, route("PUT", "/meetings/{meeting}/roster", "put-roster", "setup", "录入名册 replace the roster"), s.putRoster)
	file := route("POST", "/meetings/{meeting}/roster", "upload-roster", "setup", "上传名册 replace the roster by a CSV or XLSX file")
	addUpload(s, file, false, s.uploadRoster)
	add(s, route("GET", "/meetings/{meeting}/groups", "get-groups", "setup", "票种与不参与画票的类别 voter groups and excluded categories"), s.getGroups)
	add(s, route("PUT", "/meetings/{meeting}/groups", "put-groups", "setup", "设置票种 replace voter groups and excluded categories"), s.putGroups)
	add(s, route("GET", "/meetings/{meeting}/venues", "get-venues", "setup", "会场 venues"), s.getVenues)
	add(s, route("PUT", "/meetings/{meeting}/venues", "put-venues", "setup", "设置会场 replace the venues"), s.putVenues)
	add(s, route("GET", "/meetings/{meeting}/rules", "get-rules", "setup", "规则 the rules"), s.getRules)
	add(s, route("PUT", "/meetings/{meeting}/rules", "put-rules", "setup", "设置规则 replace the rules; all are validated together"), s.putRules)
}

func (s *server) getRoster(ctx context.Context, in *InMeeting) (*part[Roster], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	return partAnswer(rosterOf(m), err)
}

func rosterOf(m ballot.Meeting) Roster {
	return Roster{append([]ballot.Subject{}, m.Subjects...)}
}

type putRosterInput struct {
	InMeeting
	UnlessChanged
	Body Roster
}

func (s *server) putRoster(ctx context.Context, in *putRosterInput) (*part[Roster], error) {
	return s.replaceRoster(ctx, in.Meeting, in.UnlessChanged, in.Body.Subjects)
}

type fileInput struct {
	InMeeting
	Multipart
}

func (s *server) uploadRoster(ctx context.Context, in *fileInput) (*part[Roster], error) {
	draft, err := parsed(&in.Multipart, s.draftRoster)
	if err == nil {
		err = ballot.Within("subjects", draft.err)
	}
	if err != nil {
		return nil, err
	}
	return s.replaceRoster(ctx, in.Meeting, UnlessChanged{}, draft.subjects)
}

func (s *server) replaceRoster(ctx context.Context, meeting string, unless UnlessChanged, subjects []ballot.Subject) (*part[Roster], error) {
	if err := ballot.ValidateRoster(subjects, func(int) int { return 0 }); err != nil {
		return nil, ballot.Within("subjects", err)
	}
	m, err := s.Store.Edit(ctx, actor(ctx), meeting, "roster", func(m *ballot.Meeting) error {
		if err := unless.check(rosterOf(*m)); err != nil {
			return err
		}
		m.Subjects = subjects
		return nil
	})
	return partAnswer(rosterOf(m), err)
}

func (s *server) getGroups(ctx context.Context, in *InMeeting) (*part[Groups], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	return partAnswer(groupsOf(m), err)
}

func groupsOf(m ballot.Meeting) Groups {
	return Groups{append([]ballot.VoterGroup{}, m.Groups...), append([]ballot.ExcludedRule{}, m.Excluded...), m.Venues}
}

type putGroupsInput struct {
	InMeeting
	UnlessChanged
	Body Groups
}

// putGroups keeps the headcounts that a roll gave where a group comes without any. Weights, headcounts
// and joins are checked when sealing, since they become right one after another; see check-meeting.
func (s *server) putGroups(ctx context.Context, in *putGroupsInput) (*part[Groups], error) {
	if err := checkVenues(in.Body.Venues); err != nil {
		return nil, ballot.Within("venues", err)
	}
	m, err := s.Store.Edit(ctx, actor(ctx), in.Meeting, "groups", func(m *ballot.Meeting) error {
		if err := in.check(groupsOf(*m)); err != nil {
			return err
		}
		known := map[string]map[string]int{}
		for _, g := range m.Groups {
			known[g.Code] = g.Headcount
		}
		m.Groups, m.Excluded = in.Body.Groups, in.Body.Excluded
		for i := range m.Groups {
			if g := &m.Groups[i]; len(g.Headcount) == 0 {
				g.Headcount = known[g.Code]
			}
		}
		if in.Body.Venues != nil {
			m.Venues = in.Body.Venues
			dropHeadcounts(m)
		}
		return nil
	})
	return partAnswer(groupsOf(m), err)
}

// dropHeadcounts forgets how many people were expected at venues that are gone.
func dropHeadcounts(m *ballot.Meeting) {
	for _, g := range m.Groups {
		for venue := range g.Headcount {
			if !slices.ContainsFunc(m.Venues, func(v ballot.Venue) bool { return v.Code == venue }) {
				delete(g.Headcount, venue)
			}
		}
	}
}

func (s *server) getVenues(ctx context.Context, in *InMeeting) (*part[Venues], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	return partAnswer(venuesOf(m), err)
}

func venuesOf(m ballot.Meeting) Venues { return Venues{append([]ballot.Venue{}, m.Venues...)} }

type putVenuesInput struct {
	InMeeting
	UnlessChanged
	Body Venues
}

func (s *server) putVenues(ctx context.Context, in *putVenuesInput) (*part[Venues], error) {
	if err := checkVenues(in.Body.Venues); err != nil {
		return nil, ballot.Within("venues", err)
	}
	m, err := s.Store.Edit(ctx, actor(ctx), in.Meeting, "venues", func(m *ballot.Meeting) error {
		if err := in.check(venuesOf(*m)); err != nil {
			return err
		}
		m.Venues = in.Body.Venues
		return nil
	})
	return partAnswer(venuesOf(m), err)
}

// checkVenues refuses codes that the ledger could not tell apart; "+" joins the codes of a pooled batch.
func checkVenues(venues []ballot.Venue) error {
	seen := map[string]bool{}
	for i, v := range venues {
		if v.Code == "" || seen[v.Code] || !plain(v.Code) {
			return ballot.Errorf(ballot.CodeInvalid, "会场代号“%s”为空、重复或含有字母、数字、连字符以外的字符",
				"venue code %q is empty, given twice, or has other characters than letters, digits and hyphens", v.Code).In(fmt.Sprintf("[%d].code", i))
		}
		seen[v.Code] = true
	}
	return nil
}

func plain(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}

func (s *server) getRules(ctx context.Context, in *InMeeting) (*part[ballot.Rules], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	return partAnswer(m.Rules, err)
}

type putRulesInput struct {
	InMeeting
	UnlessChanged
	Body ballot.Rules
}

func (s *server) putRules(ctx context.Context, in *putRulesInput) (*part[ballot.Rules], error) {
	if err := in.Body.Validate(); err != nil {
		return nil, ballot.Within("rules", err)
	}
	m, err := s.Store.Edit(ctx, actor(ctx), in.Meeting, "rules", func(m *ballot.Meeting) error {
		if err := in.check(m.Rules); err != nil {
			return err
		}
		m.Rules = in.Body
		return nil
	})
	return partAnswer(m.Rules, err)
}

package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// Roll is what a sign-in roll was read into. The headcounts are kept; every name in it exists in this
// reply alone.
type Roll struct {
	ballot.RollResult
	PDF []byte `json:"sign_in_pdf,omitempty" doc:"the sign-in sheet (签到册), where pdf=true was asked for"`
}

type rollInput struct {
	InMeeting
	PDF bool `query:"pdf" doc:"put the sign-in sheet as PDF into the reply"`
	Multipart
}

func (s *server) registerRoll() {
	op := route("POST", "/meetings/{meeting}/roll", "upload-roll", "setup",
		"上传签到名册 read a sign-in roll into headcounts; its names are in the reply and nowhere else")
	addUpload(s, op, false, s.uploadRoll)
	blank := route("GET", "/meetings/{meeting}/roll/template", "roll-template", "setup", "签到名册模板 an empty roll to fill in, with this meeting's categories and venues")
	add(s, fileAnswer(blank, xlsxKind), s.rollTemplate)
}

func (s *server) rollTemplate(ctx context.Context, in *InMeeting) (*huma.StreamResponse, error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	var categories, venues []string
	for _, g := range m.EnabledGroups() {
		categories = append(categories, g.Categories...)
	}
	for _, x := range m.Excluded {
		categories = append(categories, x.Category)
	}
	for _, v := range m.Venues {
		venues = append(venues, v.Name)
	}
	data, err := s.Sheets.RollTemplate(categories, venues)
	return workbook(data, "roll-template.xlsx", err)
}

// uploadRoll makes the whole reply before it saves the headcounts, so that a sheet that cannot be drawn
// leaves the meeting as it was.
func (s *server) uploadRoll(ctx context.Context, in *rollInput) (*body[Roll], error) {
	entries, err := parsed(&in.Multipart, s.Sheets.Roll)
	if err != nil {
		return nil, err
	}
	var roll Roll
	_, err = s.Store.Edit(ctx, actor(ctx), in.Meeting, "roll", func(m *ballot.Meeting) error {
		if roll.RollResult, err = m.ApplyRoll(entries); err != nil {
			return err
		}
		if in.PDF {
			if roll.PDF, err = s.Printer.SignIn(ctx, *m, roll.RollResult); err != nil {
				return err
			}
		}
		for i := range m.Groups {
			if g := &m.Groups[i]; !g.Disabled {
				g.Headcount = roll.Headcount[g.Code]
			}
		}
		return nil
	})
	return answer(roll, err)
}

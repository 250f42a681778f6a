package api

import (
	"context"

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
}

// uploadRoll makes the whole reply before it saves the headcounts, so that a sheet that cannot be drawn
// leaves the meeting as it was.
func (s *server) uploadRoll(ctx context.Context, in *rollInput) (*body[Roll], error) {
	entries, err := parsed(&in.Multipart, s.ReadRoll)
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

package api

import (
	"context"
	"io"

	"pingyi/ballot"
)

// SealStore freezes and opens meetings.
type SealStore interface {
	Seal(ctx context.Context, actor, meeting string, random io.Reader) (ballot.Meeting, []ballot.Form, error)
	Unseal(ctx context.Context, actor, meeting string) (ballot.Meeting, error)
	Open(ctx context.Context, actor, meeting string) (ballot.Meeting, error)
	// Forms are those of the sealed version that is in force.
	Forms(ctx context.Context, meeting string) ([]ballot.Form, error)
}

// SealedForm is a form in short.
type SealedForm struct {
	ID     string `json:"id"`
	Group  string `json:"group"`
	Pages  int    `json:"pages"`
	Leaves int    `json:"leaves" doc:"sheets of paper of one ballot, or of one packet of single forms"`
}

// Sealed is a meeting after sealing.
type Sealed struct {
	Meeting ballot.Meeting `json:"meeting"`
	Forms   []SealedForm   `json:"forms" nullable:"false"`
}

func (s *server) registerSeal() {
	add(s, route("POST", "/meetings/{meeting}/seal", "seal", "meetings", "封存 freeze rules, roster and groups, and lay out the forms"), s.seal)
	add(s, route("POST", "/meetings/{meeting}/unseal", "unseal", "meetings", "解除封存 back to draft, before the first issue; the forms are withdrawn"), s.unseal)
	add(s, route("POST", "/meetings/{meeting}/open", "open-meeting", "meetings", "开始 open: issuing, scanning and deciding begin"), s.openMeeting)
	add(s, route("GET", "/meetings/{meeting}/forms", "get-forms", "meetings", "表样 the forms, as `pingyi forms export` writes them"), s.getForms)
}

// seal refuses what cannot be printed before it freezes anything, and tries blanks of the office's own: a page that
// the reader would not know is told now, and not when it is marked.
func (s *server) seal(ctx context.Context, in *InMeeting) (*body[Sealed], error) {
	draft, err := s.Store.Meeting(ctx, in.Meeting)
	if err == nil && draft.State == ballot.Draft {
		err = s.sealable(ctx, &draft)
	}
	if err == nil {
		err = s.Learner.Try(ctx, draft)
	}
	if err != nil {
		return nil, err
	}
	m, forms, err := s.Store.Seal(ctx, actor(ctx), in.Meeting, s.Random)
	out := Sealed{Meeting: m, Forms: []SealedForm{}}
	for _, f := range forms {
		out.Forms = append(out.Forms, SealedForm{f.ID, f.Group, len(f.Pages), f.Leaves()})
	}
	return answer(out, err)
}

func (s *server) unseal(ctx context.Context, in *InMeeting) (*body[ballot.Meeting], error) {
	return meetingAnswer(s.Store.Unseal(ctx, actor(ctx), in.Meeting))
}

func (s *server) openMeeting(ctx context.Context, in *InMeeting) (*body[ballot.Meeting], error) {
	return meetingAnswer(s.Store.Open(ctx, actor(ctx), in.Meeting))
}

func (s *server) getForms(ctx context.Context, in *InMeeting) (*body[ballot.FormsFile], error) {
	forms, err := s.Store.Forms(ctx, in.Meeting)
	return answer(ballot.FormsFile{Forms: forms}, err)
}

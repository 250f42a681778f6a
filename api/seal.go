package api

import (
	"context"
	"io"

	"pingyi/ballot"
)

// SealStore freezes and opens meetings.
type SealStore interface {
	// Seal gives the checks what it is about to freeze, within its transaction.
	Seal(ctx context.Context, actor, meeting string, random io.Reader, checks ...func(ballot.Meeting, []ballot.Blank) error) (ballot.Meeting, []ballot.Form, error)
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

// draft is all that sealing freezes.
type draft struct {
	Meeting ballot.Meeting
	Blanks  []ballot.Blank `json:",omitempty"`
}

func (s *server) draft(ctx context.Context, meeting string) (d draft, err error) {
	if d.Meeting, err = s.Store.Meeting(ctx, meeting); err == nil {
		d.Blanks, err = s.Store.Blanks(ctx, meeting)
	}
	return d, err
}

// unless refuses a draft that is another one than that of the tag.
func (d draft) unless(tag string) error {
	if d.Meeting.State != ballot.Draft || tagOf(d) == tag {
		return nil
	}
	return ballot.Errorf(ballot.CodeConflict, "您核对之后，会议的设置或空白票又被改过；请重新核对，再封存", "the meeting or a blank was changed after you looked at it: look again, then seal")
}

// check is the tag of a draft that could be sealed.
type check struct {
	ETag string `header:"ETag" doc:"of all that sealing freezes; send it as If-Match to seal only that"`
}

func (s *server) checkMeeting(ctx context.Context, in *InMeeting) (*check, error) {
	d, err := s.draft(ctx, in.Meeting)
	if err == nil {
		err = s.sealable(d)
	}
	if err != nil {
		return nil, err
	}
	return &check{tagOf(d)}, nil
}

type sealInput struct {
	InMeeting
	IfMatch string `header:"If-Match" doc:"refuse with conflict unless the draft still has this ETag of check-meeting"`
}

// seal refuses what cannot be printed before it freezes anything, and tries blanks of the office's own: a page that
// the reader would not know is told now, and not when it is marked. What was looked at is what is sealed.
func (s *server) seal(ctx context.Context, in *sealInput) (*body[Sealed], error) {
	d, err := s.draft(ctx, in.Meeting)
	if err == nil && in.IfMatch != "" {
		err = d.unless(in.IfMatch)
	}
	if err == nil && d.Meeting.State == ballot.Draft {
		err = s.sealable(d)
	}
	if err == nil {
		err = s.Learner.Try(ctx, d.Meeting)
	}
	if err != nil {
		return nil, err
	}
	looked := tagOf(d)
	m, forms, err := s.Store.Seal(ctx, actor(ctx), in.Meeting, s.Random, func(m ballot.Meeting, blanks []ballot.Blank) error {
		return draft{m, blanks}.unless(looked)
	})
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

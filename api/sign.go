package api

import (
	"context"

	"pingyi/api/auth"
)

// Signing is what a person gives who signs an act of two persons: nobody signs by a screen that was left open.
type Signing struct {
	Password string `json:"password" maxLength:"256" doc:"of the person who signs, typed again"`
	Reason   string `json:"reason" maxLength:"200" pattern:"\\S" doc:"stands in the record"`
}

type signInput struct {
	InMeeting
	Body Signing
}

// sign has an act of two persons signed by whoever is at the keyboard; that the account may, access.Vouched has asked for.
func (s *server) sign(ctx context.Context, in *signInput, act func(ctx context.Context, actor, meeting, reason string) (Signed, error)) (*body[Signed], error) {
	user := auth.From(ctx)
	if err := s.sessions.Confirm(ctx, user, in.Body.Password); err != nil {
		return nil, retryAfter(err)
	}
	return answer(act(ctx, user.Name, in.Meeting, in.Body.Reason))
}

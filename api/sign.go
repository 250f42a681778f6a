package api

import (
	"context"
	"strings"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// Signing is what a person gives who signs an act of two persons: nobody signs by a screen that was left open.
type Signing struct {
	Password string `json:"password" maxLength:"256" doc:"of the person who signs, typed again"`
	Reason   string `json:"reason,omitempty" maxLength:"200" doc:"stands in the record; certify and release have one of their own where it is empty"`
}

// signer checks that whoever is signed in is at the keyboard and may sign for themselves.
func (s *server) signer(ctx context.Context, in Signing) error {
	user := auth.From(ctx)
	if err := s.sessions.Confirm(ctx, user, in.Password); err != nil {
		return retryAfter(err)
	}
	return s.sessions.MaySign(user, s.SignAfter)
}

type signInput struct {
	InMeeting
	Body Signing
}

// sign has an act of two persons signed; without a reason of theirs the usual one stands.
func (s *server) sign(ctx context.Context, in *signInput, act func(ctx context.Context, actor, meeting, reason string) (Signed, error), usual string) (*body[Signed], error) {
	reason := strings.TrimSpace(in.Body.Reason)
	if reason == "" {
		reason = usual
	}
	if reason == "" {
		return nil, ballot.Errorf(ballot.CodeInvalid, "须写明理由", "a reason is needed").In("reason")
	}
	if err := s.signer(ctx, in.Body); err != nil {
		return nil, err
	}
	return answer(act(ctx, actor(ctx), in.Meeting, reason))
}

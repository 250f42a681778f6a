package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"

	"pingyi/api/auth"
	"pingyi/ballot"
)

func (s *server) registerFactor() {
	add(s, route("POST", "/session/factor", "new-factor", "session", "设置两步验证 set up a second factor for oneself"), s.newFactor)
	add(s, route("PUT", "/session/factor", "confirm-factor", "session", "启用两步验证 put it in force by its first code"), s.confirmFactor)
	add(s, route("DELETE", "/users/{user}/factor", "reset-factor", "users", "取消两步验证 take another administrator's second factor away"), s.resetFactor)
}

// NewFactor is what an app on a phone needs to make codes.
type NewFactor struct {
	Secret string `json:"secret" doc:"to be typed, where the picture cannot be read"`
	QR     string `json:"qr" doc:"the same as a QR code: a PNG as data: URL"`
}

type newFactorInput struct {
	Body struct {
		Password string `json:"password" maxLength:"256" doc:"typed again"`
	}
}

func (s *server) newFactor(ctx context.Context, in *newFactorInput) (*body[NewFactor], error) {
	user := auth.From(ctx)
	if err := s.sessions.Confirm(ctx, user, in.Body.Password); err != nil {
		return nil, retryAfter(err)
	}
	key, err := s.sessions.NewFactor(ctx, user)
	if err != nil {
		return nil, err
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return answer(NewFactor{key.Secret(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())}, err)
}

// RecoveryCodes each sign in once in place of a code, when the phone is lost.
type RecoveryCodes struct {
	Codes []string `json:"codes" nullable:"false"`
}

type confirmFactorInput struct {
	Body struct {
		Code string `json:"code" maxLength:"16"`
	}
}

func (s *server) confirmFactor(ctx context.Context, in *confirmFactorInput) (*body[RecoveryCodes], error) {
	codes, err := s.sessions.ConfirmFactor(ctx, auth.From(ctx), in.Body.Code)
	return answer(RecoveryCodes{codes}, retryAfter(err))
}

type inUser struct {
	User string `path:"user" maxLength:"64"`
}

func (s *server) resetFactor(ctx context.Context, in *inUser) (*none, error) {
	if in.User == actor(ctx) {
		return nil, ballot.Errorf(ballot.CodeForbidden, "不能取消自己的两步验证，可以重新设置", "you cannot take your own second factor away; you can set up another")
	}
	return done(s.Store.SetFactor(ctx, actor(ctx), auth.User{Name: in.User}))
}

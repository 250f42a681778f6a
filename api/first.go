package api

import (
	"context"
	"crypto/subtle"

	"pingyi/api/auth"
	"pingyi/ballot"
)

type firstInput struct {
	Browser string `cookie:"pingyi_browser"`
	Body    struct {
		Token    string `json:"token" minLength:"1" maxLength:"64" doc:"what follows # in the link"`
		User     string `json:"user" minLength:"1" maxLength:"64" pattern:"^[^\\s/]+$" doc:"no spaces, no slash"`
		Password string `json:"password" maxLength:"256"`
	}
}

// FirstOpen tells whether the link that the service printed still makes an administrator.
type FirstOpen struct {
	Open bool `json:"open"`
}

func (s *server) firstOpen(ctx context.Context, _ *struct{}) (*body[FirstOpen], error) {
	has, err := s.Store.HasAdmin(ctx)
	return answer(FirstOpen{s.First != "" && !has}, err)
}

// firstAdmin makes the account and signs in by it. The password is the person's own: nobody else has seen it.
func (s *server) firstAdmin(ctx context.Context, in *firstInput) (*signedIn, error) {
	if s.First == "" || subtle.ConstantTimeCompare([]byte(auth.Digest(in.Body.Token)), []byte(s.First)) == 0 {
		return nil, ballot.Errorf(ballot.CodeNotFound, "链接无效或已用过：还没有管理员时，重新启动服务会给出新的链接",
			"the link is void or used: while there is no administrator, the service prints another one when it starts")
	}
	hash, err := s.sessions.Hash(in.Body.User, in.Body.Password)
	if err != nil {
		return nil, err
	}
	u := auth.User{Name: in.Body.User, Role: ballot.RoleAdmin, Hash: hash, Own: true}
	if err := s.Store.MakeFirst(ctx, u); err != nil {
		return nil, err
	}
	user, known, err := s.sessions.SignIn(ctx, u.Name, in.Body.Password, "", auth.Caller{Address: addressOf(ctx), Browser: in.Browser})
	if err != nil {
		return nil, retryAfter(err)
	}
	return s.signedIn(user, known), nil
}

package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// TokenStore keeps tokens, by digest.
type TokenStore interface {
	auth.Tokens
	// Tokens lists those of an owner, or of all where owner is "".
	Tokens(ctx context.Context, owner string) ([]auth.Token, error)
	CreateToken(ctx context.Context, t auth.Token) error
	// RevokeToken ends a token of an owner, or anybody's where owner is "".
	RevokeToken(ctx context.Context, actor, digest, owner string) error
}

func (s *server) registerTokens() {
	add(s, route("GET", "/tokens", "list-tokens", "session", "接口令牌 one's own API tokens; for the admin, everybody's"), s.listTokens)
	add(s, route("POST", "/tokens", "create-token", "session", "新建接口令牌 make an API token for oneself, within one's role"), s.createToken)
	add(s, route("DELETE", "/tokens/{token}", "revoke-token", "session", "撤销接口令牌 revoke a token of one's own; for the admin, anybody's"), s.revokeToken)
}

// Token is what is known of a token.
type Token struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	Label   string    `json:"label"`
	Scopes  []string  `json:"scopes" nullable:"false"`
	Expires time.Time `json:"expires"`
	Used    string    `json:"used" doc:"the day of the last use; empty: never"`
	Good    bool      `json:"good" doc:"not expired, and nothing was done since to the account that ends it"`
}

// TokenList is tokens, by user.
type TokenList struct {
	Tokens []Token  `json:"tokens" nullable:"false"`
	Scopes []string `json:"scopes" nullable:"false" doc:"that one may give"`
}

func (s *server) listTokens(ctx context.Context, _ *struct{}) (*body[TokenList], error) {
	list, err := s.Store.Tokens(ctx, whose(ctx))
	out := TokenList{[]Token{}, access.Scopes(auth.From(ctx).Role)}
	for _, t := range list {
		_, good, err := s.sessions.Owner(ctx, t)
		if err != nil {
			return nil, err
		}
		out.Tokens = append(out.Tokens, Token{t.Digest, t.Owner, t.Label, strings.Fields(t.Scopes), time.Unix(t.Expires, 0).UTC(), t.Used, good})
	}
	return answer(out, err)
}

type createTokenInput struct {
	Body struct {
		Label    string   `json:"label" minLength:"1" maxLength:"64" doc:"what it is for"`
		Scopes   []string `json:"scopes" minItems:"1" maxItems:"10"`
		Days     int      `json:"days" minimum:"1" maximum:"366" doc:"until it expires"`
		Password string   `json:"password" maxLength:"256" doc:"typed again"`
	}
}

// NewToken is a token, which is shown this once.
type NewToken struct {
	Token string `json:"token" doc:"to be sent as Authorization: Bearer"`
}

func (s *server) createToken(ctx context.Context, in *createTokenInput) (*body[NewToken], error) {
	user := auth.From(ctx)
	for _, scope := range in.Body.Scopes {
		if !slices.Contains(access.Scopes(user.Role), scope) {
			return nil, ballot.Errorf(ballot.CodeForbidden, "您的角色没有权限“%s”", "your role has no scope %q", scope).In("scopes")
		}
	}
	if err := s.sessions.Confirm(ctx, user, in.Body.Password); err != nil {
		return nil, retryAfter(err)
	}
	token, kept := auth.NewToken(user, in.Body.Label, in.Body.Scopes, s.Now().AddDate(0, 0, in.Body.Days))
	return answer(NewToken{token}, s.Store.CreateToken(ctx, kept))
}

type inToken struct {
	Token string `path:"token" maxLength:"64"`
}

func (s *server) revokeToken(ctx context.Context, in *inToken) (*none, error) {
	return done(s.Store.RevokeToken(ctx, actor(ctx), in.Token, whose(ctx)))
}

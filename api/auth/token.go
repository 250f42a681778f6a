package auth

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"pingyi/ballot"
)

// Token lets a program act for its owner, within scopes, until it expires. It is void once the owner's password changes or
// somebody else changes the account.
type Token struct {
	Digest  string // of the token, which nobody keeps; names it
	Owner   string
	Label   string // what it is for
	Scopes  string // with spaces between
	Stamp   string
	Expires int64  // seconds since 1970
	Used    string // the day of the last use; "" = never
}

// Tokens finds and notes tokens; one that is unknown is ballot.CodeNotFound.
type Tokens interface {
	Token(ctx context.Context, digest string) (Token, error)
	UsedToken(ctx context.Context, digest, day string) error
}

// tokenPrefix lets tokens be found in files where they should not be.
const tokenPrefix = "pingyi_"

// NewToken draws a token of a user; only its digest is to be kept.
func NewToken(u User, label string, scopes []string, expires time.Time) (token string, kept Token) {
	token = tokenPrefix + rand.Text()
	return token, Token{Digest: Digest(token), Owner: u.Name, Label: label, Scopes: strings.Join(scopes, " "), Stamp: stamp(u), Expires: expires.Unix()}
}

// Bearer is the user for whom a token acts, and its scopes.
func (s *Sessions) Bearer(ctx context.Context, token string) (u User, scopes []string, err error) {
	kept, err := s.tokens.Token(ctx, Digest(token))
	good := false
	if err == nil {
		u, good, err = s.Owner(ctx, kept)
	}
	switch {
	case ballot.CodeOf(err) == ballot.CodeNotFound || err == nil && !good:
		return User{}, nil, ballot.Errorf(ballot.CodeUnauthenticated, "令牌无效或已过期", "the token is void or has expired")
	case err != nil:
		return User{}, nil, err
	}
	if day := s.now().Format(time.DateOnly); kept.Used != day {
		err = s.tokens.UsedToken(ctx, kept.Digest, day)
	}
	return u, strings.Fields(kept.Scopes), err
}

// Owner is whose token it is, and whether it is good: it ends by its day, and with what is done to the account.
func (s *Sessions) Owner(ctx context.Context, kept Token) (u User, good bool, err error) {
	u, good, err = s.holder(ctx, kept.Owner, kept.Stamp)
	return u, good && kept.Expires > s.now().Unix(), err
}

package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// bearer is a program that has a token and nothing else.
func (s *service) bearer(token string) *client {
	c := s.anonymous()
	c.http.Transport = withBearer{token}
	return c
}

type withBearer struct{ token string }

func (b withBearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(r)
}

func (c *client) newToken(days int, scopes ...string) string {
	c.t.Helper()
	var made NewToken
	c.ok("POST", "/tokens", map[string]any{"label": "大屏", "scopes": scopes, "days": days, "password": password}, &made)
	return made.Token
}

// TestTokens: a token does what its scopes hold and its owner's role may, until it expires, is revoked, or its owner's
// password, role or account ends; of it a digest is kept, and of its use a day.
func TestTokens(t *testing.T) {
	s := newService(t)
	committee := s.as("committee")
	make := func(body map[string]any) map[string]any {
		for k, v := range map[string]any{"label": "x", "scopes": []string{"results:read"}, "days": 30, "password": password} {
			if _, given := body[k]; !given {
				body[k] = v
			}
		}
		return body
	}
	committee.refused(auth.CodeCredentials, "POST", "/tokens", make(map[string]any{"password": "guess"}))
	committee.refused(ballot.CodeInvalid, "POST", "/tokens", make(map[string]any{"days": 0}))
	committee.refused(ballot.CodeForbidden, "POST", "/tokens", make(map[string]any{"scopes": []string{"scans:write"}}))
	committee.refused(ballot.CodeForbidden, "POST", "/tokens", make(map[string]any{"scopes": []string{"certify"}}))
	token := committee.newToken(30, "meetings:read")
	program := s.bearer(token)
	program.ok("GET", "/meetings", nil, nil)
	program.refused(ballot.CodeForbidden, "GET", "/sessions", nil)
	program.refused(ballot.CodeForbidden, "POST", "/tokens", make(map[string]any{}))
	for _, wrong := range []string{"", "pingyi_", strings.ToLower(token), token + "A", token[:len(token)-1], auth.Digest(token)} {
		s.bearer(wrong).refused(ballot.CodeUnauthenticated, "GET", "/meetings", nil)
	}
	var list TokenList
	committee.ok("GET", "/tokens", nil, &list)
	if len(list.Tokens) != 1 || !list.Tokens[0].Good || list.Tokens[0].User != "committee" || list.Tokens[0].Used != s.now().Format(time.DateOnly) || !slices.Equal(list.Scopes, access.Scopes(ballot.RoleCommittee)) {
		t.Errorf("%+v", list)
	}
	for digest, kept := range s.store.tokens {
		if digest != auth.Digest(token) || strings.Contains(kept.Label+kept.Scopes+kept.Stamp+kept.Owner+kept.Used, token) {
			t.Errorf("kept: %+v", kept)
		}
	}
	s.as("committee2").refused(ballot.CodeNotFound, "DELETE", "/tokens/"+list.Tokens[0].ID, nil)
	committee.ok("DELETE", "/tokens/"+list.Tokens[0].ID, nil, nil)
	program.refused(ballot.CodeUnauthenticated, "GET", "/meetings", nil)
	if strings.Contains(s.log.String(), token) {
		t.Error("the log has the token")
	}
}

// TestTokensEnd by their day, by what happens to the owner's account, and by the administrator.
func TestTokensEnd(t *testing.T) {
	s := newService(t)
	for name, end := range map[string]func(owner *client){
		"expired": func(*client) { s.later(25 * time.Hour) },
		"password": func(o *client) {
			o.ok("PUT", "/session/password", map[string]any{"old": password, "new": password + "九"}, nil)
		},
		"disabled": func(*client) { s.as("admin").ok("PATCH", "/users/committee", map[string]any{"disabled": true}, nil) },
		"role": func(*client) {
			s.as("admin").ok("PATCH", "/users/scrutineer", map[string]any{"role": "committee"}, nil)
		},
		"disabled and enabled": func(*client) {
			for _, disabled := range []bool{true, false} {
				s.as("admin").ok("PATCH", "/users/printing2", map[string]any{"disabled": disabled}, nil)
			}
		},
		"admin": func(*client) {
			var list TokenList
			admin := s.as("admin")
			admin.ok("GET", "/tokens", nil, &list)
			for _, k := range list.Tokens {
				admin.ok("DELETE", "/tokens/"+k.ID, nil, nil)
			}
		},
	} {
		user := map[string]string{"expired": "printing", "password": "scanning", "disabled": "committee", "role": "scrutineer", "admin": "committee2", "disabled and enabled": "printing2"}[name]
		owner := s.as(user)
		program := s.bearer(owner.newToken(1, "meetings:read"))
		program.ok("GET", "/meetings", nil, nil)
		end(owner)
		if r := program.do("GET", "/meetings", nil); r.problem.Code != ballot.CodeUnauthenticated {
			t.Errorf("%s: %d", name, r.status)
		}
		var list TokenList
		s.as("admin").ok("GET", "/tokens", nil, &list)
		if slices.ContainsFunc(list.Tokens, func(k Token) bool { return k.User == user && k.Good }) {
			t.Errorf("%s: the list says that the token is good: %+v", name, list)
		}
		if r := owner.do("GET", "/session", nil); name == "disabled and enabled" && r.problem.Code != ballot.CodeUnauthenticated {
			t.Errorf("%s: the session: %d", name, r.status)
		}
	}
}

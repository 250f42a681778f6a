package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// UserStore keeps accounts. Names are unique and never change.
type UserStore interface {
	User(ctx context.Context, name string) (auth.User, error)
	Users(ctx context.Context) ([]auth.User, error)
	CreateUser(ctx context.Context, actor string, u auth.User) error
	// UpdateUser refuses with ballot.CodeConflict where the account is not as it was read any more.
	UpdateUser(ctx context.Context, actor string, read, u auth.User) error
	EndedSession(ctx context.Context, actor, user string) error // for the record alone
	HasAdmin(ctx context.Context) (bool, error)
	// MakeFirst makes the first administrator; where there is one it is ballot.CodeNotFound.
	MakeFirst(ctx context.Context, u auth.User) error
	auth.Factors
}

// Me is the signed-in user and what the role may do, so that screens show only what can be done.
type Me struct {
	User       string      `json:"user"`
	Role       ballot.Role `json:"role"`
	Operations []string    `json:"operations" nullable:"false" doc:"ids of the operations that the role may perform"`
	Factor     bool        `json:"factor" doc:"a second factor is asked for when signing in"`
	Own        bool        `json:"own" doc:"the password is one's own: by one that somebody else set nothing is done that a person vouches for"`
}

func meOf(u auth.User) Me {
	return Me{u.Name, u.Role, access.Operations(u.Role), u.Factor != "", u.Own}
}

func (s *server) registerSession() {
	login := route("POST", "/session", "login", "session", "登录 sign in")
	login.MaxBodyBytes = 4 << 10 // of people whom nobody knows yet
	add(s, login, s.login)
	first := route("POST", "/first", "first-admin", "session", "建立第一个管理员 make the first administrator, by the link that the service printed when it started; signs in")
	first.MaxBodyBytes = 4 << 10
	add(s, first, s.firstAdmin)
	add(s, route("GET", "/first", "first-open", "session", "能否建立第一个管理员 whether there is no administrator yet"), s.firstOpen)
	add(s, route("DELETE", "/session", "logout", "session", "退出 sign out"), s.logout)
	add(s, route("GET", "/session", "me", "session", "当前用户 who is signed in"), s.me)
	add(s, route("GET", "/sessions", "list-sessions", "session", "登录情况 one's own sessions; for the admin, who is signed in"), s.listSessions)
	add(s, route("DELETE", "/sessions/{session}", "end-session", "session", "结束一个登录 end a session of one's own; for the admin, anybody's"), s.endSession)
	add(s, route("PUT", "/session/password", "change-password", "session", "修改密码 change one's own password"), s.changePassword)
}

type loginInput struct {
	Browser string `cookie:"pingyi_browser" doc:"as an earlier sign-in set it: strangers' guesses do not hold up a known browser"`
	Body    struct {
		User     string `json:"user" minLength:"1" maxLength:"64"`
		Password string `json:"password" maxLength:"256"`
		Code     string `json:"code,omitempty" maxLength:"32" doc:"of the second factor, or a recovery code: asked for by code_needed"`
	}
}

// signedIn is the answer to signing in; the cookie tells the browser from strangers'.
type signedIn struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   Me
}

func (s *server) login(ctx context.Context, in *loginInput) (*signedIn, error) {
	user, known, err := s.sessions.SignIn(ctx, in.Body.User, in.Body.Password, in.Body.Code, auth.Caller{Address: addressOf(ctx), Browser: in.Browser})
	if err != nil {
		return nil, retryAfter(err)
	}
	return s.signedIn(user, known), nil
}

func (s *server) signedIn(user auth.User, known string) *signedIn {
	const halfYear = 180 * 24 * 60 * 60
	//nolint:gosec // Secure is set wherever people come over HTTPS
	return &signedIn{http.Cookie{Name: "pingyi_browser", Value: known, Path: base + "/session", MaxAge: halfYear, Secure: s.Secure, HttpOnly: true,
		SameSite: http.SameSiteStrictMode}, meOf(user)}
}

// retryAfter adds the header where somebody has to wait.
func retryAfter(err error) error {
	var wait *auth.WaitError
	if !errors.As(err, &wait) {
		return err
	}
	return huma.ErrorWithHeaders(err, http.Header{"Retry-After": {wait.RetryAfter()}})
}

func (s *server) logout(ctx context.Context, _ *struct{}) (*none, error) {
	return done(s.sessions.SignOut(ctx))
}

func (s *server) me(ctx context.Context, _ *struct{}) (*body[Me], error) {
	return answer(meOf(auth.From(ctx)), nil)
}

type changePasswordInput struct {
	Body struct {
		Old string `json:"old" maxLength:"256"`
		New string `json:"new" maxLength:"256"`
	}
}

func (s *server) changePassword(ctx context.Context, in *changePasswordInput) (*none, error) {
	read := auth.From(ctx)
	hash, err := s.sessions.NewPassword(ctx, read, in.Body.Old, in.Body.New)
	if err != nil {
		return nil, retryAfter(err)
	}
	user := read
	user.Hash, user.Own = hash, true
	if err := s.Store.UpdateUser(ctx, user.Name, read, user); err != nil {
		return nil, err
	}
	return done(s.sessions.Restart(ctx, user))
}

// ActiveSession is one place where somebody is signed in. Where and by which browser is not kept.
type ActiveSession struct {
	ID      string      `json:"id"`
	User    string      `json:"user"`
	Role    ballot.Role `json:"role"`
	Since   time.Time   `json:"since"`
	Expires time.Time   `json:"expires"`
	Current bool        `json:"current" doc:"the session of this request"`
}

// SessionList is sessions, the newest first.
type SessionList struct {
	Sessions []ActiveSession `json:"sessions" nullable:"false"`
}

// whose is the user whose sessions may be seen and ended: one's own, and for the admin everybody's ("").
func whose(ctx context.Context) string {
	if user := auth.From(ctx); user.Role != ballot.RoleAdmin {
		return user.Name
	}
	return ""
}

func (s *server) listSessions(ctx context.Context, _ *struct{}) (*body[SessionList], error) {
	list, err := s.sessions.Active(ctx, whose(ctx))
	out := SessionList{Sessions: []ActiveSession{}}
	for _, a := range list {
		out.Sessions = append(out.Sessions, ActiveSession{a.ID, a.User.Name, a.User.Role, a.Since, a.Expires, a.Current})
	}
	return answer(out, err)
}

type endSessionInput struct {
	Session string `path:"session" maxLength:"64"`
}

func (s *server) endSession(ctx context.Context, in *endSessionInput) (*none, error) {
	user, err := s.sessions.End(ctx, in.Session, whose(ctx))
	if err != nil {
		return nil, err
	}
	return done(s.Store.EndedSession(ctx, actor(ctx), user))
}

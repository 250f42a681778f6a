package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// add registers one operation: the handler is reached only by those whom the permission table allows,
// and what is no ballot.Error in its failure goes to the log. Ids are huma's operation ids.
func add[I, O any](s *server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	if row, ok := access.Lookup(op.OperationID); ok && !row.Public() {
		op.Security = []map[string][]string{{"session": {}}}
		op.Description = strings.TrimSpace(op.Description + "\n\nRoles: " + rolesText(row))
		if scope := access.ScopeOf(op.OperationID); scope != "" {
			op.Security = append(op.Security, map[string][]string{"token": {}})
			op.Description += "\n\nScope of tokens: " + scope
		}
		if access.Vouched(op.OperationID) {
			op.Description += "\n\nFor accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh"
		}
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxJSON
	}
	op.Middlewares = append(op.Middlewares, s.authorise)
	s.ids = append(s.ids, op.OperationID)
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		bodyIsRead(ctx)
		out, err := handle(ctx, in)
		if err != nil && ctx.Err() == nil {
			err = s.machine(ctx, op.OperationID, err, in)
		}
		return out, err
	})
}

type deadlineKey struct{}

// bodyIsRead lifts the time that huma gives a body (5 s): it goes on while the operation works, and net/http takes its end
// for a client that has gone, and cancels what is being done (golang/go#70834).
func bodyIsRead(ctx context.Context) {
	if set, ok := ctx.Value(deadlineKey{}).(func(time.Time) error); ok {
		_ = set(time.Time{}) // a connection that knows no deadline has none
	}
}

// retrySeconds is what somebody is told to wait who met a database that is held by something else.
const retrySeconds = "5"

// machine logs a failure that is no refusal, and names it where it is the machine's.
func (s *server) machine(ctx context.Context, operation string, err error, in any) error {
	err = ballot.OfMachine(err)
	code := ballot.CodeOf(err)
	if code == "" || statusOf(code) >= http.StatusInternalServerError {
		s.Log.ErrorContext(ctx, "operation failed", "operation", operation, "err", withoutIDs(err, in))
	}
	if code == ballot.CodeBusy {
		return huma.ErrorWithHeaders(err, http.Header{"Retry-After": {retrySeconds}})
	}
	return err
}

// rolesText names the roles of a row, each with the states in which it may.
func rolesText(row access.Access) string {
	var names []string
	for _, r := range row.Roles() {
		name := string(r)
		for i, state := range row.States(r) {
			name += []string{" while ", ", "}[min(i, 1)] + string(state)
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

// withoutIDs takes the ids of pages, comments and batches, as they stand in the request, out of an error's text:
// a file error names the file, and the log has the time.
func withoutIDs(err error, in any) string {
	msg := err.Error()
	v := reflect.ValueOf(in).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name := f.Tag.Get("path"); name == "page" || name == "comment" || name == "batch" {
			if id := v.FieldByIndex(f.Index).String(); id != "" {
				msg = strings.ReplaceAll(msg, id, "["+name+"]")
			}
		}
	}
	return msg
}

// authorise asks the permission table and leaves the user in the context.
func (s *server) authorise(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	row, _ := access.Lookup(op.OperationID)
	ctx = s.withAddress(huma.WithValue(ctx, deadlineKey{}, ctx.SetReadDeadline))
	if row.Public() {
		if err := s.unknown(ctx); err != nil {
			s.refuse(ctx, err)
			return
		}
		next(ctx)
		return
	}
	user, scopes, err := s.admit(ctx, row)
	if err != nil && !(op.OperationID == metricsID && fromHere(ctx)) {
		if ballot.CodeOf(err) == "" {
			s.Log.Error("who is signed in", "err", err)
		}
		s.refuse(ctx, err)
		return
	}
	next(huma.WithValue(huma.WithContext(ctx, auth.With(ctx.Context(), user)), tokenKey{}, scopes != nil))
}

type tokenKey struct{}

// byToken tells whether a request was let in by a token: a program, with nobody who looks.
func byToken(ctx context.Context) bool {
	by, _ := ctx.Value(tokenKey{}).(bool)
	return by
}

// admit is who makes the request, and may; scopes are those of a token, nil without one.
func (s *server) admit(ctx huma.Context, row access.Access) (user auth.User, scopes []string, err error) {
	if user, scopes, err = s.known(ctx); err == nil {
		err = s.allow(ctx, row, user, scopes)
	}
	return user, scopes, err
}

// again asks of a request that lasts what was asked when it came: sessions, tokens and accounts end meanwhile.
func (s *server) again(ctx huma.Context) error {
	if err := s.sessions.Lasts(ctx.Context()); err != nil {
		return err
	}
	row, _ := access.Lookup(ctx.Operation().OperationID)
	_, _, err := s.admit(ctx, row)
	return err
}

// allow asks whether the user's role may do this at all, whether the token may that it is done by, where there is one,
// whether the role may while the meeting stands where it does, and whether the account is its owner's alone where a person
// vouches by it.
func (s *server) allow(ctx huma.Context, row access.Access, user auth.User, scopes []string) error {
	op := ctx.Operation().OperationID
	err := access.Allow(op, user.Role)
	if err == nil && scopes != nil {
		err = access.AllowScoped(op, scopes)
	}
	if err == nil && !row.Anytime() {
		err = s.allowIn(ctx, user)
	}
	if err == nil && access.Vouched(op) {
		err = s.sessions.MayVouch(user, s.SignAfter)
	}
	return err
}

func (s *server) allowIn(ctx huma.Context, user auth.User) error {
	state, err := s.Store.State(ctx.Context(), ctx.Param("meeting"))
	if err != nil {
		return err
	}
	return access.AllowIn(ctx.Operation().OperationID, user.Role, state)
}

// refuse answers with a problem from a middleware.
func (s *server) refuse(ctx huma.Context, err error) {
	var wait *auth.WaitError
	if errors.As(err, &wait) {
		ctx.SetHeader("Retry-After", wait.RetryAfter())
	}
	_ = huma.WriteErr(s.huma, ctx, http.StatusInternalServerError, "", err) // the client may be gone
}

// fromHere tells whether a request comes from this machine itself, and not through a proxy on it.
func fromHere(ctx huma.Context) bool {
	host, _, err := net.SplitHostPort(ctx.RemoteAddr())
	if err != nil || ctx.Header("X-Forwarded-For") != "" || ctx.Header("Forwarded") != "" || ctx.Header("X-Real-IP") != "" {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// schemaName keeps tally's types apart from ballot's of the same name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if strings.HasSuffix(t.PkgPath(), "/tally") && !strings.HasPrefix(name, "Result") {
		return "Result" + name
	}
	return name
}

// body is an answer of one JSON value.
type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

// none is an answer without content.
type none struct{}

func done(err error) (*none, error) {
	if err != nil {
		return nil, err
	}
	return &none{}, nil
}

// actor is the name of the signed-in user, for the record of who did what.
func actor(ctx context.Context) string { return auth.From(ctx).Name }

// route writes an operation down; path is below base.
func route(method, path, id, tag, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: base + path, OperationID: id, Tags: []string{tag}, Summary: summary}
}

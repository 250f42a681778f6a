package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
	"pingyi/ballot/store"
)

// accessRig is the whole service on a real store, with a meeting in each state and a browser of each role.
type accessRig struct {
	*testing.T
	app      *app
	url      string
	meetings map[ballot.State]string
	browsers map[ballot.Role]*http.Client
	programs map[ballot.Role]*http.Client // each with a token of all scopes of its role
	taken    []caller                     // accounts that somebody else holds, or may
}

var meetingStates = []ballot.State{ballot.Draft, ballot.Sealed, ballot.Open, ballot.Balanced, ballot.Certified, ballot.Released, ballot.Archived}

func newAccessRig(t *testing.T) *accessRig {
	t.Helper()
	a, err := openApp(context.Background(), config{data: t.TempDir(), signAfter: 30 * time.Minute}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	t.Cleanup(func() { a.close() })
	handler, err := a.handler("")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	r := &accessRig{T: t, app: a, url: server.URL, meetings: map[ballot.State]string{}, browsers: map[ballot.Role]*http.Client{"": {}}, programs: map[ballot.Role]*http.Client{}}
	users := map[string]ballot.Role{}
	for _, role := range ballot.Roles() {
		users[string(role)] = role
	}
	addUsers(t, a.store, users)
	for _, role := range ballot.Roles() {
		r.signIn(role)
		r.giveToken(role)
		r.take(role, "fresh", store.User{Own: true, SetAt: time.Now().Unix()}, auth.CodeTooFresh)
		r.take(role, "given", store.User{}, auth.CodeNotOwn)
	}
	return r
}

// take makes another account of a role, by which nothing is done that a person vouches for.
func (r *accessRig) take(role ballot.Role, kind string, u store.User, refusal ballot.Code) {
	r.Helper()
	u.Name, u.Role, u.Hash = string(role)+"-"+kind, role, auth.HashPassword(testPassword, cheap)
	must[int](r.T)(0, r.app.store.CreateUser(context.Background(), "test", u))
	r.taken = append(r.taken, caller{role, false, refusal, r.browserOf(u.Name)})
}

// giveToken gives the program of a role a token of all its scopes.
func (r *accessRig) giveToken(role ballot.Role) {
	r.Helper()
	s := apiStore{r.app.store}
	token, kept := auth.NewToken(must[auth.User](r.T)(s.User(context.Background(), string(role))), "test", access.Scopes(role), time.Now().Add(time.Hour))
	must[int](r.T)(0, s.CreateToken(context.Background(), kept))
	r.programs[role] = &http.Client{Transport: bearer(token)}
}

// bearer sends a token with each request.
type bearer string

func (b bearer) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(q)
}

func (r *accessRig) signIn(role ballot.Role) {
	r.Helper()
	r.browsers[role] = r.browserOf(string(role))
}

// browserOf is one in which a user is signed in.
func (r *accessRig) browserOf(user string) *http.Client {
	r.Helper()
	browser := &http.Client{Jar: must[*cookiejar.Jar](r.T)(cookiejar.New(nil))}
	if code, status := r.ask(browser, "POST", "/api/v1/session", `{"user":"`+user+`","password":"`+testPassword+`"}`); code != "" {
		r.Fatalf("%s: %d %s", user, status, code)
	}
	return browser
}

// ask makes a request and gives the problem's code, "" where it was not refused.
func (r *accessRig) ask(c *http.Client, method, path, content string) (ballot.Code, int) {
	r.Helper()
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(content))
	if err != nil {
		r.Fatal(err)
	}
	if content != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("X-Forwarded-For", "192.0.2.1") // metrics from this machine itself need no role
	response, err := c.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode < 400 {
		io.Copy(io.Discard, response.Body)
		return "", response.StatusCode
	}
	var p api.Problem
	if err := json.NewDecoder(response.Body).Decode(&p); err != nil {
		r.Fatalf("%s %s: %d: %v", method, path, response.StatusCode, err)
	}
	return p.Code, response.StatusCode
}

// meeting is one in the state, made anew where an operation has moved the last one on.
func (r *accessRig) meeting(state ballot.State) string {
	r.Helper()
	ctx := context.Background()
	if id := r.meetings[state]; id != "" {
		if now, err := r.app.store.State(ctx, id); err != nil {
			r.Fatal(err)
		} else if now == state {
			return id
		}
	}
	id := meetingIn(r.T, r.app.store, state)
	r.meetings[state] = id
	return id
}

// meetingIn makes a meeting of one subject, to which nobody came, and takes it to a state.
func meetingIn(t *testing.T, s *store.Store, state ballot.State) string {
	t.Helper()
	ctx := context.Background()
	m, err := s.CreateMeeting(ctx, "test", ballot.Meeting{Title: "述职评议表", Organiser: "工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}}, Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Weight: 100, Headcount: map[string]int{"1": 5}}},
		Subjects: []ballot.Subject{{No: 1, Name: "张晓明", Org: "科技局党支部", Mode: ballot.Oral}}})
	step := func(_ any, e error) {
		t.Helper()
		if e != nil {
			t.Fatal(e)
		}
	}
	step(nil, err)
	signers(t, s)
	count := func() {
		for _, f := range ballot.LedgerFields() {
			key := ballot.LedgerKey{Venue: "1", Group: "A"}
			step(nil, s.EnterLedger(ctx, "p1", m.ID, key, f, 0))
			step(nil, s.ConfirmLedger(ctx, "p2", m.ID, key, f, 0))
		}
	}
	moves := []func(){
		func() { _, _, err := s.Seal(ctx, "test", m.ID, rand.Reader); step(nil, err) },
		func() { step(s.Open(ctx, "test", m.ID)) },
		func() { count(); step(s.Balance(ctx, "one", m.ID)) },
		func() { step(s.Certify(ctx, "one", m.ID, "无误")); step(s.Certify(ctx, "two", m.ID, "无误")) },
		func() { step(s.Release(ctx, "three", m.ID, "无误")); step(s.Release(ctx, "four", m.ID, "无误")) },
		func() {
			step(s.ExportRecords(ctx, "three", m.ID, "存档"))
			step(s.ExportRecords(ctx, "four", m.ID, "存档"))
			step(nil, s.Downloaded(ctx, "three", m.ID, "ab", 1))
			step(s.Archive(ctx, "three", m.ID, time.Now().AddDate(0, 0, 90).Format(time.DateOnly)))
		},
	}
	for _, move := range moves[:slices.Index(meetingStates, state)] {
		move()
	}
	return m.ID
}

type apiOperation struct{ id, method, path string }

// apiOperations are all of the OpenAPI document, in the order of their ids.
func apiOperations(t *testing.T) (all []apiOperation) {
	t.Helper()
	raw, err := api.Spec("test")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, apiOperation{op.OperationID, strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(all, func(a, b apiOperation) int { return strings.Compare(a.id, b.id) })
	return all
}

var fillPath = strings.NewReplacer("{batch}", "b0", "{page}", "p0", "{subject}", "1", "{comment}", "c0", "{user}", "nobody", "{session}", "none", "{group}", "A", "{sheet}", "1", "{bundle}", "1", "{token}", "none")

// ruling is what the table says of a caller in a state ("" where the operation is of no meeting): the code of the refusal, or "".
func ruling(op string, c caller, state ballot.State) ballot.Code {
	if err := access.Allow(op, c.role); err != nil {
		return ballot.CodeOf(err)
	}
	if row, _ := access.Lookup(op); c.token && !row.Public() && access.ScopeOf(op) == "" {
		return ballot.CodeForbidden
	}
	if err := access.AllowIn(op, c.role, state); err != nil {
		return ballot.CodeOf(err)
	}
	if access.Vouched(op) {
		return c.taken
	}
	return ""
}

// denials are the codes by which the table refuses, with their status; every other answer is of somebody let in.
var denials = map[ballot.Code]int{ballot.CodeUnauthenticated: 401, ballot.CodeForbidden: 403, ballot.CodeNotReleased: 403, ballot.CodeState: 409,
	auth.CodeTooFresh: 409, auth.CodeNotOwn: 409}

// caller is a browser of a role, a program with a token of one, or nobody.
type caller struct {
	role   ballot.Role
	token  bool        // all scopes of the role
	taken  ballot.Code // refusal of what a person vouches for, where the account is not its owner's alone
	client *http.Client
}

// callers of an operation: by accounts that are not their owner's alone what a person vouches for, and one thing that anybody may.
func (r *accessRig) callers(op string) (all []caller) {
	for role, browser := range r.browsers {
		all = append(all, caller{role, false, "", browser})
	}
	for role, program := range r.programs {
		all = append(all, caller{role, true, "", program})
	}
	if access.Vouched(op) || op == "get-meeting" {
		all = append(all, r.taken...)
	}
	return all
}

// TestAccess sends every operation of the OpenAPI document as every role, by a session and by a token, and as nobody, and
// what a person vouches for by accounts that are not their owner's alone, for a meeting in every state,
// through the whole service to the real store: it is let in exactly where the table says, and refused by the table's
// code elsewhere. That nothing changed where it was refused is seen by the state of the meeting.
func TestAccess(t *testing.T) {
	r := newAccessRig(t)
	asked, refused := 0, 0
	for _, op := range apiOperations(t) {
		states := []ballot.State{""}
		if strings.Contains(op.path, "{meeting}") {
			states = meetingStates
		}
		for _, c := range r.callers(op.id) {
			for _, state := range states {
				id := ""
				if state != "" {
					id = r.meeting(state)
				}
				path := fillPath.Replace(strings.ReplaceAll(op.path, "{meeting}", id))
				if op.id == "feedback" {
					path += "?subject=-1" // these meetings have no figures by subject, which is a refusal by state of its own
				}
				code, status := r.ask(c.client, op.method, path, "")
				want := ruling(op.id, c, state)
				asked++
				if want != "" {
					refused++
				}
				if want != "" && (code != want || status != denials[want]) || want == "" && denials[code] != 0 {
					t.Errorf("%s as %q (token: %v, taken: %q) while %s: %d %s, the table says %q", op.id, c.role, c.token, c.taken, state, status, code, want)
				}
				if want != "" && state != "" && r.meeting(state) != id {
					t.Errorf("%s as %q while %s: refused, and the meeting moved on", op.id, c.role, state)
				}
				if op.id == "logout" && c.role != "" && !c.token {
					r.signIn(c.role)
					c.client = r.browsers[c.role]
				}
			}
		}
	}
	r.noMeeting(t)
	t.Logf("%d requests, %d of them to be refused", asked, refused)
	if asked < 8000 {
		t.Errorf("only %d requests", asked)
	}
}

// noMeeting asks for a meeting that is not there: it is not found, for those who could see it.
func (r *accessRig) noMeeting(t *testing.T) {
	t.Helper()
	for _, op := range apiOperations(t) {
		if row, _ := access.Lookup(op.id); strings.Contains(op.path, "{meeting}") && !row.Anytime() {
			role := row.Roles()[0]
			if code, _ := r.ask(r.browsers[role], op.method, fillPath.Replace(strings.ReplaceAll(op.path, "{meeting}", "none")), ""); code != ballot.CodeNotFound {
				t.Errorf("%s as %s: %s", op.id, role, code)
			}
		}
	}
}

// TestResetFactorEndsSessions: whoever takes another's second factor away, in the browser or on the console, ends their
// sessions and tokens. Who sets up their own stays signed in.
func TestResetFactorEndsSessions(t *testing.T) {
	r, ctx := newAccessRig(t), context.Background()
	addUsers(t, r.app.store, map[string]ballot.Role{"other": ballot.RoleAdmin})
	r.signIn("other")
	good := func() (n int) {
		for _, c := range []*http.Client{r.browsers[ballot.RoleAdmin], r.programs[ballot.RoleAdmin]} {
			if code, _ := r.ask(c, "GET", "/api/v1/meetings", ""); code == "" {
				n++
			} else if code != ballot.CodeUnauthenticated {
				t.Fatal(code)
			}
		}
		return n
	}
	for name, take := range map[string]func(){
		"browser": func() {
			if code, _ := r.ask(r.browsers["other"], "DELETE", "/api/v1/users/admin/factor", ""); code != "" {
				t.Fatal(code)
			}
		},
		"console": func() {
			var out bytes.Buffer
			if code := run(ctx, []string{"user", "reset-factor", "admin", "--data", r.app.config.data}, nil, &out, &out); code != 0 {
				t.Fatal(code, &out)
			}
		},
	} {
		r.signIn(ballot.RoleAdmin)
		r.giveToken(ballot.RoleAdmin)
		must[int](t)(0, r.app.store.SetFactor(ctx, "admin", store.User{Name: "admin", Factor: "ab"}))
		if n := good(); n != 2 {
			t.Errorf("%s: %d of session and token are good after one's own change", name, n)
		}
		take()
		if n := good(); n != 0 {
			t.Errorf("%s: %d of session and token are good after the second factor was taken away", name, n)
		}
	}
}

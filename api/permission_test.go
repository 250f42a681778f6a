package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// operation is one line of the OpenAPI document.
type operation struct{ id, method, path string }

func operations(t *testing.T) (all []operation) {
	t.Helper()
	raw, err := Spec("test")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{op.OperationID, strings.ToUpper(method), path})
		}
	}
	return all
}

// TestPermissionTable sends every registered operation as every role and as nobody. Whoever the table
// leaves out gets forbidden (or unauthenticated) before anything of the request is looked at; whoever it
// lets in gets some other answer. An operation without an entry fails.
func TestPermissionTable(t *testing.T) {
	s := newService(t)
	clients := map[ballot.Role]*client{"": s.anonymous()}
	for _, role := range ballot.Roles() {
		clients[role] = s.as(string(role))
	}
	fill := strings.NewReplacer("{meeting}", "m0", "{batch}", "b0", "{page}", "p0", "{subject}", "1", "{comment}", "c0", "{user}", "nobody", "{session}", "none", "{group}", "A", "{sheet}", "1", "{bundle}", "1")
	for _, op := range operations(t) {
		row, ok := access.Lookup(op.id)
		if !ok {
			t.Errorf("operation %s has no entry in the permission table", op.id)
			continue
		}
		for role, c := range clients {
			if op.id == "logout" {
				continue // ends the session that the others need; see TestSession
			}
			// Metrics from this machine need no role; the header makes the request one through a proxy.
			r := c.send(op.method, "!"+fill.Replace(op.path), "", nil, "X-Forwarded-For", "192.0.2.1")
			allowed := row.Public() || slices.Contains(row.Roles(), role)
			denied := r.problem.Code == ballot.CodeForbidden || r.problem.Code == ballot.CodeUnauthenticated
			if allowed == denied || denied && (r.problem.Code == ballot.CodeUnauthenticated) != (role == "") {
				t.Errorf("%s as %q: %d %s, allowed by the table: %v", op.id, role, r.status, r.problem.Code, allowed)
			}
		}
	}
}

// TestSeparationOfDuties holds what DOMAIN.md says of the roles, apart from the table's own text.
func TestSeparationOfDuties(t *testing.T) {
	never := map[ballot.Role][]string{
		ballot.RoleAdmin:      {"conclude", "set-overall-cap", "feedback", "decide", "set-aside", "certify", "balance", "reopen", "release", "upload-scans", "dispose-page", "close-batch", "enter-ledger", "confirm-ledger", "results", "statement", "summary", "page-picture", "comment-picture", "list-comments", "type-comment"},
		ballot.RolePrinting:   {"conclude", "set-overall-cap", "feedback", "comment-picture", "list-comments", "seal", "create-user", "upload-scans", "decide", "certify", "release", "results"},
		ballot.RoleScanning:   {"conclude", "set-overall-cap", "feedback", "comment-picture", "list-comments", "seal", "create-user", "print-copies", "decide", "certify", "release", "results"},
		ballot.RoleScrutineer: {"conclude", "set-overall-cap", "feedback", "seal", "create-user", "put-rules", "release", "print-copies", "upload-scans", "dispose-page"},
		ballot.RoleCommittee:  {"comment-picture", "list-comments", "seal", "create-user", "decide", "certify", "balance", "page-picture", "get-page", "enter-ledger"},
	}
	for role, ids := range never {
		for _, id := range ids {
			if ballot.CodeOf(access.Allow(id, role)) != ballot.CodeForbidden {
				t.Errorf("%s may %s", role, id)
			}
		}
	}
}

// TestMetrics are for the admin, and for this machine itself unless a proxy on it forwards the request.
func TestMetrics(t *testing.T) {
	s := newService(t)
	s.anonymous().do("GET", "!/healthz", nil)
	if r := s.anonymous().do("GET", "!/metrics", nil); r.status != 200 || !strings.Contains(string(r.body), `pingyi_http_requests_total{method="GET",route="/healthz",status="200"} 1`) {
		t.Errorf("from here: %d %s", r.status, r.body)
	}
	if r := s.anonymous().do("GET", "!/metrics", nil, "X-Forwarded-For", "192.0.2.1"); r.problem.Code != ballot.CodeUnauthenticated {
		t.Errorf("through a proxy: %d", r.status)
	}
	if r := s.as("admin").do("GET", "!/metrics", nil, "X-Forwarded-For", "192.0.2.1"); r.status != 200 {
		t.Errorf("admin: %d", r.status)
	}
}

// TestStrangersGrowNoMetrics sends whatever a stranger may invent: methods, paths, headers, names. Once each kind was
// counted, more of them add no line to the metrics, and the log has no method that nobody knows.
func TestStrangersGrowNoMetrics(t *testing.T) {
	s := newService(t)
	invent := func(n int) {
		c := s.anonymous()
		word := fmt.Sprint("INVENTED", n)
		for _, path := range []string{"!/", "!/" + word, "!/api/" + word, "!/healthz", "/session", "/meetings/" + word, "/none/" + word} {
			for _, method := range []string{word, "GET"} {
				c.do(method, path, nil, "User-Agent", word, "X-Forwarded-For", "192.0.2."+strconv.Itoa(n), "X-"+word, word)
			}
		}
		c.do("POST", "/session", map[string]any{"user": word, "password": word})
	}
	lines := func() int {
		r := s.anonymous().do("GET", "!/metrics", nil)
		return strings.Count(string(r.body), "\n")
	}
	invent(0)
	lines() // counts itself
	before := lines()
	for n := range 20 {
		invent(1 + n)
	}
	if after := lines(); after != before || before < 50 {
		t.Errorf("%d lines of metrics, were %d", after, before)
	}
	if log := s.log.String(); strings.Contains(log, "INVENTED") || !strings.Contains(log, "method=other") {
		t.Errorf("the log has what strangers invented:\n%s", log)
	}
}

// TestSession signs in and out, and ends sessions by a change of password, of role and of access.
func TestSession(t *testing.T) {
	s := newService(t)
	c := s.as("scrutineer")
	var me Me
	c.ok("GET", "/session", nil, &me)
	if me.User != "scrutineer" || me.Role != ballot.RoleScrutineer || !slices.Contains(me.Operations, "decide") || slices.Contains(me.Operations, "seal") {
		t.Errorf("me: %+v", me)
	}
	other := s.as("scrutineer")
	const next = "新的密码也要八个字"
	c.refused(auth.CodeCredentials, "PUT", "/session/password", map[string]any{"old": "wrong", "new": next})
	c.refused(auth.CodePassword, "PUT", "/session/password", map[string]any{"old": password, "new": "短"})
	c.ok("PUT", "/session/password", map[string]any{"old": password, "new": next}, nil)
	c.ok("GET", "/session", nil, nil)
	other.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	other.refused(auth.CodeCredentials, "POST", "/session", map[string]any{"user": "scrutineer", "password": password})
	c.ok("DELETE", "/session", nil, nil)
	c.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)

	admin, printing := s.as("admin"), s.as("printing")
	admin.ok("PATCH", "/users/printing", map[string]any{"role": "scanning"}, nil)
	printing.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	scanning := s.as("scanning")
	admin.ok("PATCH", "/users/scanning", map[string]any{"disabled": true}, nil)
	scanning.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	scanning.refused(auth.CodeCredentials, "POST", "/session", map[string]any{"user": "scanning", "password": password})
	admin.refused(ballot.CodeForbidden, "PATCH", "/users/admin", map[string]any{"role": "committee"})
	admin.refused(ballot.CodeForbidden, "PATCH", "/users/admin", map[string]any{"password": password + "九"}) // without the old one
	admin.ok("POST", "/users", map[string]any{"user": "新人", "role": "committee", "password": password}, nil)
	admin.refused(ballot.CodeConflict, "POST", "/users", map[string]any{"user": "新人", "role": "committee", "password": password})
	admin.refused(ballot.CodeInvalid, "POST", "/users", map[string]any{"user": "x", "role": "king", "password": password})
	s.as("新人")
}

// TestCookie holds the attributes of the session's cookie.
func TestCookie(t *testing.T) {
	s := newService(t)
	r := s.anonymous().do("POST", "/session", map[string]any{"user": "admin", "password": password})
	response := http.Response{Header: r.header}
	cookies := response.Cookies()
	if len(cookies) != 2 || cookies[0].Name != "pingyi_browser" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("cookies %v", cookies)
	}
	if c := cookies[1]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || !c.Expires.IsZero() || c.MaxAge != 0 {
		t.Errorf("cookie %v", c)
	}
}

// TestGuessing slows down whoever tries many passwords on one name, known or not.
func TestGuessing(t *testing.T) {
	s := newService(t)
	for _, name := range []string{"committee", "nobody"} {
		c := s.anonymous()
		for range 5 {
			c.refused(auth.CodeCredentials, "POST", "/session", map[string]any{"user": name, "password": "guess"})
		}
		r := c.do("POST", "/session", map[string]any{"user": name, "password": password})
		if wait, _ := strconv.Atoi(r.header.Get("Retry-After")); r.status != 429 || r.problem.Code != auth.CodeAttempts || wait < 1 {
			t.Errorf("%s: %d %s, Retry-After %q", name, r.status, r.body, r.header.Get("Retry-After"))
		}
	}
	s.as("committee2")
}

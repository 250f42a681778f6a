package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// TestSigningNeedsTheHand: an act of two persons is signed by whoever types the password of the account again. Guesses
// are counted, sign nothing, and stop nobody else.
func TestSigningNeedsTheHand(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(0)
	teller, second := s.as("scrutineer"), s.as("scrutineer2")
	teller.ok("POST", path+"/balance", nil, nil)
	teller.refused(ballot.CodeInvalid, "POST", path+"/certify", map[string]any{"reason": "无误"})
	teller.refused(codeNotRead, "POST", path+"/certify", nil)
	for range 5 {
		teller.refused(auth.CodeCredentials, "POST", path+"/certify", Signing{"guess", "核对无误"})
	}
	if r := teller.do("POST", path+"/certify", signing); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("after five guesses: %d %s", r.status, r.body)
	}
	var signed Signed
	second.ok("POST", path+"/certify", signing, &signed)
	if signed.Done || !slices.Equal(signed.By, []string{"scrutineer2"}) {
		t.Errorf("guesses signed: %+v", signed)
	}
	s.as("scrutineer") // guesses at a signature keep nobody from signing in
	s.later(3 * time.Minute)
	teller.ok("POST", path+"/certify", signing, &signed)
	if !signed.Done {
		t.Errorf("two signatures: %+v", signed)
	}
	teller.refused(ballot.CodeInvalid, "POST", path+"/reopen", Signing{password, " "})
	teller.ok("POST", path+"/reopen", Signing{password, "东会场漏计一票"}, nil)
	teller.refused(ballot.CodeSecondPerson, "POST", path+"/reopen", Signing{password, "东会场漏计一票"})
	second.ok("POST", path+"/reopen", Signing{password, "东会场漏计一票"}, &signed)
	if !signed.Done || signed.State != ballot.Open {
		t.Errorf("reopened: %+v", signed)
	}
}

// TestOneAdministratorIsNotTwoPersons: an administrator who takes over accounts of scrutineers, by new ones, by new
// passwords or by a new role, signs by none of them before half an hour, and by none with a password that is not its
// owner's; the owner of the account is signed out at once.
func TestOneAdministratorIsNotTwoPersons(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(0)
	admin, owner := s.as("admin"), s.as("scrutineer2")
	s.as("scrutineer").ok("POST", path+"/balance", nil, nil)
	const given = "管理员知道的密码"
	admin.ok("POST", "/users", map[string]any{"user": "made", "role": "scrutineer", "password": given}, nil)
	admin.ok("PATCH", "/users/scrutineer2", map[string]any{"password": given}, nil)
	admin.ok("PATCH", "/users/printing2", map[string]any{"role": "scrutineer"}, nil)
	owner.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	in := func(user, password string) *client {
		c := s.anonymous()
		c.ok("POST", "/session", map[string]any{"user": user, "password": password}, nil)
		return c
	}
	promoted := in("printing2", password)
	promoted.refused(auth.CodeTooFresh, "POST", path+"/certify", signing)
	for _, user := range []string{"made", "scrutineer2"} {
		c := in(user, given)
		var before, after Me
		c.ok("GET", "/session", nil, &before)
		c.refused(auth.CodeNotOwn, "POST", path+"/certify", Signing{given, "核对无误"})
		c.refused(auth.CodePassword, "PUT", "/session/password", map[string]any{"old": given, "new": given})
		c.ok("PUT", "/session/password", map[string]any{"old": given, "new": password}, nil)
		if c.ok("GET", "/session", nil, &after); before.Own || !after.Own {
			t.Errorf("%s: the password is one's own %v, then %v", user, before.Own, after.Own)
		}
		c.refused(auth.CodeTooFresh, "POST", path+"/certify", signing)
	}
	s.later(31 * time.Minute)
	var signed Signed
	in("made", password).ok("POST", path+"/certify", signing, &signed)
	promoted.ok("POST", path+"/certify", signing, &signed)
	if !signed.Done {
		t.Errorf("after half an hour: %+v", signed)
	}
}

// TestTakenAccountsDecideNothing: by accounts that an administrator made, or whose password or role the administrator set,
// no row is decided, no ballot set aside, no count confirmed and nothing balanced, though their role may look. Once each is
// somebody's own, after half an hour, they do it.
func TestTakenAccountsDecideNothing(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.counted(path, "A", all(2))
	s.scanned(path, "A", "1??\n111")
	admin := s.as("admin")
	count := map[string]any{"venue": "main", "group": "B", "field": "present", "value": 3}
	s.as("printing").ok("POST", path+"/ledger/entries", count, nil)
	const given = "管理员知道的密码"
	admin.ok("POST", "/users", map[string]any{"user": "made", "role": "scrutineer", "password": given}, nil)
	admin.ok("PATCH", "/users/scrutineer2", map[string]any{"password": given}, nil)
	admin.ok("PATCH", "/users/auditor2", map[string]any{"role": "scrutineer"}, nil)
	var q Queue
	s.as("scrutineer").ok("GET", path+"/adjudication", nil, &q)
	s.later(5 * time.Minute) // the rows at hand are let go
	row := q.Rows[0]
	acts := map[string]any{
		fmt.Sprintf("/pages/%s/rows/%d/decisions", row.Page, row.Subject): map[string]any{"kind": "grade", "grade": "差", "reason": "x"},
		"/pages/" + row.Page + "/aside":                                   map[string]any{"aside": true, "reason": "x"},
		"/ledger/confirmations":                                           count,
		"/balance":                                                        nil,
	}
	refused := func(c *client, code ballot.Code) {
		t.Helper()
		for act, body := range acts {
			c.refused(code, "POST", path+act, body)
		}
	}
	clients := []*client{s.as("auditor2")}
	refused(clients[0], auth.CodeTooFresh)
	for _, user := range []string{"made", "scrutineer2"} {
		c := s.anonymous()
		c.ok("POST", "/session", map[string]any{"user": user, "password": given}, nil)
		c.ok("GET", path+"/adjudication", nil, &q)
		refused(c, auth.CodeNotOwn)
		c.ok("PUT", "/session/password", map[string]any{"old": given, "new": password}, nil)
		refused(c, auth.CodeTooFresh)
		clients = append(clients, c)
	}
	var decided DecidedList
	if s.as("scrutineer").ok("GET", path+"/decisions", nil, &decided); decided.Total != 0 {
		t.Errorf("decided all the same: %+v", decided)
	}
	s.later(30 * time.Minute)
	clients[1].ok("POST", path+"/ledger/confirmations", count, nil)
	for act, body := range acts {
		if strings.HasSuffix(act, "/decisions") {
			clients[2].ok("POST", path+act, body, nil)
		}
	}
}

func vouching(scrutineer string, images ...string) Vouching {
	return Vouching{images, scrutineer, signing}
}

// TestVoidLeavesNeedAScrutineer: nobody who scans makes a ballot void alone. Whoever guesses a scrutineer's password at the
// scanning desk waits, and stops no signature of theirs.
func TestVoidLeavesNeedAScrutineer(t *testing.T) {
	s := newService(t)
	path := s.opened()
	scanning, admin := s.as("scanning"), s.as("admin")
	admin.ok("POST", "/users", map[string]any{"user": "made", "role": "scrutineer", "password": password}, nil)
	admin.ok("PATCH", "/users/printing2", map[string]any{"role": "scrutineer"}, nil)
	admin.ok("PATCH", "/users/auditor2", map[string]any{"disabled": true}, nil)
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	one := path + "/batches/" + b.ID
	scanning.file(one+"/uploads", "111\nreject")
	scanning.ok("POST", one+"/pages/"+b.ID+"-2/disposal", map[string]any{"disposal": "void"}, nil)
	by := func(scrutineer string) Vouching { return vouching(scrutineer, b.ID+"-2") }
	wrong, wordless := by("scrutineer"), by("scrutineer")
	wrong.Password, wordless.Reason = "guess", " "
	for name, c := range map[string]struct {
		body any
		want ballot.Code
	}{
		"nobody's word":                      {nil, ballot.CodeSecondPerson},
		"an empty word":                      {map[string]any{}, ballot.CodeSecondPerson},
		"null":                               {json.RawMessage("null"), ballot.CodeSecondPerson},
		"without a reason":                   {wordless, ballot.CodeInvalid},
		"for none":                           {vouching("scrutineer"), ballot.CodeInvalid},
		"for another image than is void":     {vouching("scrutineer", b.ID+"-1"), ballot.CodeConflict},
		"for more than are void":             {vouching("scrutineer", b.ID+"-1", b.ID+"-2"), ballot.CodeConflict},
		"a wrong password":                   {wrong, auth.CodeCredentials},
		"somebody unknown":                   {by("nobody"), auth.CodeCredentials},
		"a closed account":                   {by("auditor2"), auth.CodeCredentials},
		"one's own":                          {by("scanning"), ballot.CodeForbidden},
		"another who scans":                  {by("scanning2"), ballot.CodeForbidden},
		"an administrator":                   {by("admin"), ballot.CodeForbidden},
		"one of the committee":               {by("committee"), ballot.CodeForbidden},
		"an account with another's password": {by("made"), auth.CodeNotOwn},
		"an account that just changed":       {by("printing2"), auth.CodeTooFresh},
	} {
		r := scanning.do("POST", one+"/close", c.body)
		if r.problem.Code != c.want {
			t.Errorf("%s: %d %s, want %s", name, r.status, r.body, c.want)
		}
	}
	s.as("scrutineer").refused(ballot.CodeForbidden, "POST", one+"/close", by("scrutineer2"))
	for range 5 {
		scanning.do("POST", one+"/close", wrong)
	}
	if r := scanning.do("POST", one+"/close", by("scrutineer")); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("after guesses: %d %s", r.status, r.body)
	}
	program := s.bearer(scanning.newToken(1, "scans:write"))
	program.refused(ballot.CodeForbidden, "POST", one+"/close", by("scrutineer2")) // nobody looks at images through a program
	program.refused(ballot.CodeSecondPerson, "POST", one+"/close", nil)
	scanning.ok("POST", one+"/close", by("scrutineer2"), &b)
	if b.State != ballot.BatchClosed || b.Leaves != 2 {
		t.Errorf("closed %+v", b)
	}
}

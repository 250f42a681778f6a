package api

import (
	"slices"
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

package api

import (
	"encoding/base64"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// withFactor sets up the admin's second factor, and gives its secret and recovery codes.
func (s *service) withFactor(admin *client) (secret string, recovery []string) {
	s.t.Helper()
	var n NewFactor
	admin.ok("POST", "/session/factor", map[string]any{"password": password}, &n)
	var codes RecoveryCodes
	admin.ok("PUT", "/session/factor", map[string]any{"code": s.code(n.Secret)}, &codes)
	return n.Secret, codes.Codes
}

func (s *service) code(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// codes are those that the service takes of a secret: of the step before, of this one and of the next.
func (s *service) codes(secret string) (out []string) {
	s.t.Helper()
	for step := range 3 {
		code, err := totp.GenerateCode(secret, s.now().Add(time.Duration(step-1)*30*time.Second))
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, code)
	}
	return out
}

// wrong is the first code from a number on that the service does not take of a secret: one guess in 300,000 is right.
func (s *service) wrong(secret string, from int) string {
	s.t.Helper()
	for right := s.codes(secret); ; from++ {
		if code := fmt.Sprintf("%06d", from); !slices.Contains(right, code) {
			return code
		}
	}
}

// apart lets time pass until none of the codes is another one too.
func (s *service) apart(codes func() []string) {
	s.t.Helper()
	for {
		all := codes()
		if slices.Sort(all); len(slices.Compact(all)) == len(all) {
			return
		}
		s.later(30 * time.Second)
	}
}

// TestSecondFactor: once an administrator has one, the password alone opens nothing; each code does once, also a
// recovery code; what the database has makes no code.
func TestSecondFactor(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	admin.refused(auth.CodeCredentials, "POST", "/session/factor", map[string]any{"password": "guess"})
	admin.refused(auth.CodeWrongCode, "PUT", "/session/factor", map[string]any{"code": "000000"})
	s.as("committee").refused(ballot.CodeForbidden, "POST", "/session/factor", map[string]any{"password": password})
	var n NewFactor
	admin.ok("POST", "/session/factor", map[string]any{"password": password}, &n)
	data, isPNG := strings.CutPrefix(n.QR, "data:image/png;base64,")
	if _, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data))); err != nil || !isPNG {
		t.Errorf("the picture: %v", err)
	}
	s.as("admin") // shown, and not yet in force
	secret, recovery := s.withFactor(admin)
	in := func(code string) reply {
		return s.anonymous().do("POST", "/session", map[string]any{"user": "admin", "password": password, "code": code})
	}
	want := func(code string, want ballot.Code) {
		t.Helper()
		if r := in(code); r.problem.Code != want || (want == "") != (r.status == 200) {
			t.Errorf("code %q: %d %s, want %q", code, r.status, r.body, want)
		}
		s.later(time.Hour) // past the brake
	}
	want("", auth.CodeNeedsCode)
	want(s.wrong(secret, 0), auth.CodeWrongCode)
	s.apart(func() []string { return append(s.codes(secret), s.codes(n.Secret)...) })
	want(s.code(n.Secret), auth.CodeWrongCode) // of the first secret, which was never confirmed
	s.apart(func() []string { return s.codes(secret) })
	used := s.code(secret)
	if r := in(used); r.status != 200 {
		t.Fatalf("the code: %s", r.body)
	}
	if r := in(used); r.problem.Code != auth.CodeWrongCode {
		t.Errorf("a code a second time: %d", r.status)
	}
	if r := in(s.codes(secret)[0]); r.problem.Code != auth.CodeWrongCode {
		t.Errorf("the code before one that was taken: %d", r.status)
	}
	s.later(2 * time.Hour)
	want(recovery[3], "")
	want(recovery[3], auth.CodeWrongCode)
	want(strings.ToLower(strings.ReplaceAll(recovery[0], "-", " ")), "")
	for _, code := range recovery {
		if strings.ContainsAny(code, "OI") && code != recovery[3] && code != recovery[0] {
			want(strings.NewReplacer("O", "0", "I", "1").Replace(code), "") // as people read it
			break
		}
	}
	u := s.store.users["admin"]
	if kept := fmt.Sprint(u); strings.Contains(kept, secret) || strings.Contains(kept, strings.ReplaceAll(recovery[5], "-", "")) {
		t.Errorf("kept: %s", kept)
	}
}

// TestCodesAreGuessedSlowly counts the codes of an hour that are looked at by somebody who knows the password, and who
// signed in from twenty browsers before there was a second factor.
func TestCodesAreGuessedSlowly(t *testing.T) {
	s := newService(t)
	strangers, looked := []*client{s.anonymous()}, 0
	for range 20 {
		strangers = append(strangers, s.as("admin"))
	}
	secret, _ := s.withFactor(s.as("admin"))
	for next, end := 0, s.now().Add(time.Hour); s.now().Before(end); next++ {
		r := strangers[next%len(strangers)].do("POST", "/session", map[string]any{"user": "admin", "password": password, "code": s.wrong(secret, looked)})
		if r.status == 429 {
			s.later(30 * time.Second)
			continue
		}
		if r.problem.Code != auth.CodeWrongCode {
			t.Fatalf("%d %s", r.status, r.body)
		}
		looked++
	}
	t.Logf("%d codes in an hour, of a million", looked)
	if looked > 20 {
		t.Errorf("%d codes were looked at", looked)
	}
}

// TestResetFactor: another administrator takes a second factor away, nobody their own, and no other role.
func TestResetFactor(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	s.withFactor(admin)
	s.store.users["admin2"] = auth.User{Name: "admin2", Role: ballot.RoleAdmin, Hash: auth.HashPassword(password, cheap)}
	admin.refused(ballot.CodeForbidden, "DELETE", "/users/admin/factor", nil)
	s.as("committee").refused(ballot.CodeForbidden, "DELETE", "/users/admin/factor", nil)
	other := s.as("admin2")
	other.refused(ballot.CodeNotFound, "DELETE", "/users/nobody/factor", nil)
	var list AccountList
	other.ok("GET", "/users", nil, &list)
	for _, a := range list.Users {
		if a.Factor != (a.User == "admin") {
			t.Errorf("%+v", a)
		}
	}
	other.ok("DELETE", "/users/admin/factor", nil, nil)
	s.as("admin")
}

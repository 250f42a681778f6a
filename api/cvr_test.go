package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// releasedCVR is a meeting whose rules let single ballots go, of a service that does or does not.
func releasedCVR(t *testing.T, on bool) (s *service, m *fakeMeeting, path string) {
	t.Helper()
	s = newService(t, func(c *Config) { c.CVR = on })
	path = s.balancedWithComments(0)
	m = s.store.meetings[strings.TrimPrefix(path, "/meetings/")]
	m.Rules.CVR, m.State = true, ballot.Released
	return s, m, path
}

// TestCVROff: a service that was not told to lets no single ballots go, whatever a meeting's rules say.
func TestCVROff(t *testing.T) {
	s, _, path := releasedCVR(t, false)
	auditor := s.as("auditor")
	auditor.refused(ballot.CodeRules, "POST", path+"/cvr/export", signing)
	auditor.refused(ballot.CodeRules, "GET", path+"/cvr", nil)
	var e ballot.CVRExport
	if auditor.ok("GET", path+"/cvr/export", nil, &e); e.On {
		t.Errorf("off, and said to be %+v", e)
	}
}

// TestCVR: single ballots go to auditors alone, of a released meeting; what is recorded is the digest of what was sent.
func TestCVR(t *testing.T) {
	s, m, path := releasedCVR(t, true)
	auditor := s.as("auditor")
	for _, who := range []string{"admin", "printing", "scanning", "scrutineer", "committee"} {
		s.as(who).refused(ballot.CodeForbidden, "GET", path+"/cvr", nil)
		s.as(who).refused(ballot.CodeForbidden, "POST", path+"/cvr/export", signing)
	}
	var e ballot.CVRExport
	if auditor.ok("GET", path+"/cvr/export", nil, &e); !e.On || e.Alone != 7 {
		t.Errorf("on, and said to be %+v", e)
	}
	auditor.refused(ballot.CodeInvalid, "POST", path+"/cvr/export", Signing{Password: password})
	auditor.ok("POST", path+"/cvr/export", signing, nil)
	r := auditor.do("GET", path+"/cvr", nil)
	if sum := sha256.Sum256(r.body); string(r.body) != "2 ballots" || m.cvr != hex.EncodeToString(sum[:]) || !strings.Contains(r.header.Get("Content-Disposition"), "cvr-m1.json") {
		t.Errorf("sent %q as %v, recorded %s", r.body, r.header, m.cvr)
	}
	for _, state := range []ballot.State{ballot.Certified, ballot.Archived} {
		m.State = state
		auditor.refused(ballot.CodeState, "POST", path+"/cvr/export", signing)
		auditor.refused(ballot.CodeState, "GET", path+"/cvr", nil)
	}
}

// TestCVRTakenOver: an administrator who sets the password of an auditor who signed downloads nothing by that account, and
// nothing for half an hour by a password chosen then.
func TestCVRTakenOver(t *testing.T) {
	s, m, path := releasedCVR(t, true)
	s.as("auditor").ok("POST", path+"/cvr/export", signing, nil)
	const given = "管理员知道的密码"
	s.as("admin").ok("PATCH", "/users/auditor", map[string]any{"password": given}, nil)
	taken := s.anonymous()
	taken.ok("POST", "/session", map[string]any{"user": "auditor", "password": given}, nil)
	taken.refused(auth.CodeNotOwn, "GET", path+"/cvr", nil)
	taken.ok("PUT", "/session/password", map[string]any{"old": given, "new": password}, nil)
	taken.refused(auth.CodeTooFresh, "GET", path+"/cvr", nil)
	if m.cvr != "" {
		t.Error("single ballots went")
	}
	s.later(31 * time.Minute)
	taken.ok("GET", path+"/cvr", nil, nil)
}

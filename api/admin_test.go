package api

import (
	"testing"

	"pingyi/ballot"
)

// TestActiveSessions: everybody sees and may end their own sessions, and the admin everybody's; an id opens nothing.
func TestActiveSessions(t *testing.T) {
	s := newService(t)
	teller, elsewhere, admin := s.as("scrutineer"), s.as("scrutineer"), s.as("admin")
	var own, all SessionList
	teller.ok("GET", "/sessions", nil, &own)
	if len(own.Sessions) != 2 || own.Sessions[0].Current == own.Sessions[1].Current || own.Sessions[0].User != "scrutineer" || own.Sessions[0].Role != ballot.RoleScrutineer {
		t.Fatalf("one's own: %+v", own)
	}
	admin.ok("GET", "/sessions", nil, &all)
	if len(all.Sessions) != 3 {
		t.Fatalf("all: %+v", all)
	}
	for _, a := range all.Sessions {
		if a.User == "admin" {
			teller.refused(ballot.CodeNotFound, "DELETE", "/sessions/"+a.ID, nil)
		}
	}
	for _, a := range own.Sessions {
		if !a.Current {
			teller.ok("DELETE", "/sessions/"+a.ID, nil, nil)
		}
	}
	elsewhere.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	for _, a := range own.Sessions {
		if a.Current {
			admin.ok("DELETE", "/sessions/"+a.ID, nil, nil)
			admin.refused(ballot.CodeNotFound, "DELETE", "/sessions/"+a.ID, nil)
		}
	}
	teller.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)

	printing := s.as("printing")
	admin.ok("PATCH", "/users/printing", map[string]any{"disabled": true}, nil)
	printing.refused(ballot.CodeUnauthenticated, "GET", "/sessions", nil)
	admin.ok("GET", "/sessions", nil, &all)
	if len(all.Sessions) != 1 || !all.Sessions[0].Current {
		t.Errorf("a disabled user is listed as signed in: %+v", all)
	}
}

// TestAllActs filters the record of all meetings, for the admin alone.
func TestAllActs(t *testing.T) {
	s := newService(t)
	s.opened()
	admin := s.as("admin")
	var list ActList
	admin.ok("GET", "/acts?act=seal&meeting=m1", nil, &list)
	if len(list.Acts) != 1 || list.Acts[0].Meeting != "m1" || list.Acts[0].Act != "seal" {
		t.Errorf("acts %+v", list)
	}
	s.as("committee").refused(ballot.CodeForbidden, "GET", "/acts", nil)
	s.as("committee").refused(ballot.CodeForbidden, "GET", "/system", nil)
	var status SystemStatus
	if admin.ok("GET", "/system", nil, &status); status.DiskFree == 0 {
		t.Errorf("status %+v", status)
	}
}

// TestNobodyUndoesAChange: whoever changes an account, or their own password, as somebody else changes it too, is told
// to look again, and what the other did stands.
func TestNobodyUndoesAChange(t *testing.T) {
	s := newService(t)
	admin, owner := s.as("admin"), s.as("scanning")
	s.store.meanwhile = func() { u := s.store.users["scanning"]; u.Disabled = true; s.store.users["scanning"] = u }
	owner.refused(ballot.CodeConflict, "PUT", "/session/password", map[string]any{"old": password, "new": password + "九"})
	if !s.store.users["scanning"].Disabled {
		t.Error("a new password opened an account that was closed meanwhile")
	}
	s.store.meanwhile = func() { u := s.store.users["printing"]; u.Role = ballot.RoleScanning; s.store.users["printing"] = u }
	admin.refused(ballot.CodeConflict, "PATCH", "/users/printing", map[string]any{"disabled": true})
	if u := s.store.users["printing"]; u.Role != ballot.RoleScanning || u.Disabled {
		t.Errorf("after two changes at once: %+v", u)
	}
}

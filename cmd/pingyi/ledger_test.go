package main

import (
	"context"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
)

// printedMeeting is a sealed meeting with people who print, count and scan, and its service.
func printedMeeting(t *testing.T, kind ballot.FormKind, subjects int, change ...func(*ballot.Rules)) (id string, form ballot.Form, s *service, data string) {
	t.Helper()
	data, id = sealedMeeting(t, subjects, kind, change...)
	db, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	addUsers(t, db, map[string]ballot.Role{"admin": ballot.RoleAdmin, "printing1": ballot.RolePrinting, "printing2": ballot.RolePrinting,
		"scanning": ballot.RoleScanning, "scanning2": ballot.RoleScanning, "scrutineer1": ballot.RoleScrutineer})
	forms, err := db.Forms(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return id, forms[0], startService(t, data), data
}

func openNow(t *testing.T, s *service, id string) {
	t.Helper()
	c, err := signIn(context.Background(), s.base, "admin", testPassword)
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, "POST", "/meetings/"+id+"/open", nil, nil)
}

// Of 72 subjects a count of packets is typed once.
func TestBrowserPackets(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "ledger.mjs")
	id, _, s, _ := printedMeeting(t, ballot.SingleForm, 72, func(r *ballot.Rules) { r.SameGrade, r.WhollyBlank = ballot.Flag, ballot.Valid })
	openNow(t, s, id)
	b.visit(t, "packets", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword})
	c := scanningClient(t, s)
	var l api.LedgerView
	c.must(t, "GET", "/meetings/"+id+"/ledger", nil, &l)
	for _, line := range l.Lines {
		want := 20
		if line.Subject == 7 {
			want = 19
		}
		if line.Typed[ballot.Issued] != want {
			t.Errorf("subject %d: issued %v, want %d", line.Subject, line.Typed, want)
		}
	}
}

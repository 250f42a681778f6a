package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
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

// Ballots are looked at, printed and recorded, a sign-in sheet is drawn; five people type and confirm what they
// counted; a miscount breaks the ledger, is named, and is mended.
func TestBrowserPrintAndLedger(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "ledger.mjs")
	const n = 6
	id, form, s, data := printedMeeting(t, ballot.RosterForm, 24)
	dir := t.TempDir()
	roll := filepath.Join(dir, "roll.csv")
	if err := os.WriteFile(roll, []byte("姓名,单位,类别,会场\n欧阳秘,科技局,工委委员,主会场\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "ROLL": roll, "SAVE": dir}
	b.visit(t, "print", settings)
	for name, pages := range map[string]int{"master.pdf": 1, "copies.pdf": 23, "sign-in.pdf": 1} { // 22 copies and a cover
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(raw, []byte("/Type /Page\n")); got != pages {
			t.Errorf("%s has %d pages, want %d", name, got, pages)
		}
	}
	if filesWith(t, data, []string{"欧阳秘"}) != 0 {
		t.Error("a name of the roll is kept")
	}
	openNow(t, s, id)
	b.visit(t, "count", settings)
	scanStack(t, s, id, scannedStack(t, &form, n, nil))
	decideBlank(t, s, id)
	b.visit(t, "balance", settings)
	c := scanningClient(t, s)
	var m ballot.Meeting
	c.must(t, "GET", "/meetings/"+id, nil, &m)
	var l api.LedgerView
	c.must(t, "GET", "/meetings/"+id+"/ledger", nil, &l)
	want := map[ballot.LedgerField]int{ballot.Present: 6, ballot.Issued: 7, ballot.Spoiled: 1, ballot.NotReturned: 0, ballot.Returned: n}
	for f, v := range want {
		if l.Lines[0].Typed[f] != v {
			t.Errorf("%s is %d, want %d", f, l.Lines[0].Typed[f], v)
		}
	}
	if m.State != ballot.Balanced || l.Printed["A"] != 25 {
		t.Errorf("the meeting is %s, %d copies printed", m.State, l.Printed["A"])
	}
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

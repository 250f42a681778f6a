package main

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
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
	c := s.as(t, "admin")
	c.must(t, "POST", "/meetings/"+id+"/open", nil, nil)
}

// TestNumberThatWaitsIsTold to nobody but who typed it, wherever they look.
func TestNumberThatWaitsIsTold(t *testing.T) {
	t.Parallel()
	id, _, s, _ := printedMeeting(t, ballot.RosterForm, 3)
	openNow(t, s, id)
	count := map[string]any{"venue": "1", "group": "A", "field": "issued", "value": 907531}
	s.as(t, "printing1").must(t, "POST", "/meetings/"+id+"/ledger/entries", count, nil)
	number := regexp.MustCompile(`\b907531\b`) // answers have ids and digests, in which such digits may stand
	told := func(user string) (told int) {
		c := s.as(t, user)
		for _, path := range []string{"", "/ledger", "/acts", "/signatures", "/batches", "/checkpoints"} {
			var answer json.RawMessage
			if err := c.call(context.Background(), "GET", "/meetings/"+id+path, nil, &answer); err == nil && number.Match(answer) {
				told++
			}
		}
		var answer json.RawMessage
		if c.call(context.Background(), "GET", "/acts", nil, &answer) == nil && number.Match(answer) {
			told++
		}
		return told
	}
	others := []string{"printing2", "scanning", "scrutineer1", "admin"}
	for _, user := range others {
		if n := told(user); n != 0 {
			t.Errorf("%s is told in %d places", user, n)
		}
	}
	if n := told("printing1"); n != 1 {
		t.Errorf("who typed it is told in %d places, want the ledger", n)
	}
	wrong := maps.Clone(count)
	wrong["value"] = 1
	if err := s.as(t, "scrutineer1").call(context.Background(), "POST", "/meetings/"+id+"/ledger/confirmations", wrong, nil); err == nil || strings.Contains(err.Error(), "907531") {
		t.Errorf("another count: %v", err)
	}
	s.as(t, "printing2").must(t, "POST", "/meetings/"+id+"/ledger/confirmations", count, nil)
	if n := told("scrutineer1"); n != 2 {
		t.Errorf("once confirmed it is told in %d places, want the ledger and the record", n)
	}
}

// Of 72 subjects a count of packets is typed once.
func TestBrowserPackets(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "ledger.mjs")
	id, _, s, _ := printedMeeting(t, ballot.SingleForm, 72, func(r *ballot.Rules) { r.SameGrade, r.WhollyBlank = ballot.Flag, ballot.Valid })
	openNow(t, s, id)
	b.visit(t, "packets", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword})
	c := s.as(t, "scanning")
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

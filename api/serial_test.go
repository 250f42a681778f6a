package api

import (
	"fmt"
	"testing"

	"pingyi/ballot"
)

// TestSerialsArePrinted: every copy differs, so that there is no master and nothing is copied elsewhere; the sample
// on the page is a specimen, and is not recorded.
func TestSerialsArePrinted(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	rules := ballot.DefaultRules()
	rules.Identity = ballot.Serial
	admin.ok("PUT", path+"/rules", rules, nil)
	admin.ok("POST", path+"/seal", nil, nil)
	printing := s.as("printing")
	if r := printing.do("POST", path+"/print", map[string]any{"group": "A", "copies": 7}); string(r.body) != "%PDF-serials A 7 false" {
		t.Errorf("copies: %d %s", r.status, r.body)
	}
	if r := printing.do("POST", path+"/print", map[string]any{"group": "A", "copies": 1, "cover": true}); string(r.body) != "%PDF-serials A 1 true" {
		t.Errorf("one copy: %d %s", r.status, r.body)
	}
	if r := printing.do("GET", path+"/print?group=A&show=true", nil); string(r.body) != "%PDF-ballots A 1 false" {
		t.Errorf("specimen: %d %s", r.status, r.body)
	}
	printing.refused(ballot.CodeState, "GET", path+"/print?group=A", nil)
	printing.refused(ballot.CodeState, "POST", path+"/print/copied", map[string]any{"group": "A", "copies": 6})
	if got := fmt.Sprint(s.store.meetings["m1"].printed); got != "map[A:8]" {
		t.Errorf("recorded as printed: %s", got)
	}
}

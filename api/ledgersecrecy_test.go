package api

import (
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestLedgerTellsNoBallot: how many ballots of a group are valid, and how many rows and leaves wait, is told to
// scrutineers alone: others could compare it before and after a batch is closed or a row decided.
func TestLedgerTellsNoBallot(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	look := func(user string) (l LedgerView, kinds []ballot.BreakKind) {
		s.as(user).ok("GET", path+"/ledger", nil, &l)
		for _, b := range l.Breaks {
			kinds = append(kinds, b.Kind)
		}
		return l, kinds
	}
	for _, stack := range []struct {
		group, scans string
		waits        int
		kinds        []ballot.BreakKind
	}{
		{"A", scansA, 0, []ballot.BreakKind{ballot.BreakScanned}},
		{"B", strings.Replace(scansB, "221", "2??", 1), 1, []ballot.BreakKind{ballot.BreakUnresolved}},
	} {
		s.scanned(path, stack.group, stack.scans)
		for _, user := range []string{"admin", "printing", "scanning"} {
			l, kinds := look(user)
			if l.Valid != nil || l.Invalid != nil || l.Unresolved != stack.waits || !slices.Equal(kinds, stack.kinds) {
				t.Errorf("%s after %s: valid %v, invalid %v, %d wait, breaks %v", user, stack.group, l.Valid, l.Invalid, l.Unresolved, kinds)
			}
		}
	}
	if l, kinds := look("scrutineer"); !slices.Equal(l.Valid, []ballot.GroupCount{{Group: "A", Leaves: 6}, {Group: "B", Leaves: 3}}) || l.Unresolved != 3 || !slices.Contains(kinds, ballot.BreakCounted) {
		t.Errorf("a scrutineer: valid %v, %d wait, breaks %v", l.Valid, l.Unresolved, kinds)
	}
}

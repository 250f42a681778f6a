package api

import (
	"slices"
	"testing"

	"pingyi/ballot"
)

// TestSmallGroupsLedger: whether the few ballots of a small group are valid is told to scrutineers alone; to others, of
// all groups together.
func TestSmallGroupsLedger(t *testing.T) {
	l := ballot.Ledger{
		Scanned: []ballot.ScannedCount{{Venues: "1", Group: "A", Leaves: 20}, {Venues: "2", Group: "A", Leaves: 2}, {Venues: "1", Group: "B", Leaves: 2}},
		Valid:   []ballot.GroupCount{{Group: "A", Leaves: 21}, {Group: "B", Leaves: 1}}, Invalid: []ballot.GroupCount{{Group: "A", Leaves: 1}, {Group: "B", Leaves: 1}},
	}
	got := pooledCounts(l, 5)
	if !slices.Equal(got.Valid, []ballot.GroupCount{{Leaves: 22}}) || !slices.Equal(got.Invalid, []ballot.GroupCount{{Leaves: 2}}) {
		t.Errorf("pooled: %+v %+v", got.Valid, got.Invalid)
	}
	if same := pooledCounts(l, 2); !slices.Equal(same.Valid, l.Valid) || !slices.Equal(same.Invalid, l.Invalid) {
		t.Errorf("no group is small: %+v", same)
	}
	if none := pooledCounts(l, 25); none.Valid != nil || none.Invalid != nil {
		t.Errorf("a small meeting: %+v", none)
	}
	if len(l.Valid) != 2 {
		t.Error("the ledger itself was changed")
	}
}

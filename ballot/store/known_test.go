package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestKnownFollows: what is kept in memory of pages is never older than the file, also where another process closes a
// batch, puts other thresholds in force or decides.
func TestKnownFollows(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "pingyi.db"), context.Background()
	s, other := openAt(t, path), openAt(t, path)
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	queue := func(from string, waiting, decided int) {
		t.Helper()
		for name, s := range map[string]*store.Store{"one": s, "the other": other} {
			rows, n, err := s.Queue(ctx, "s1", id, 10, anyRow)
			ok(t, err)
			if n != (store.Waiting{Rows: waiting, Decided: decided}) || len(rows) != waiting {
				t.Fatalf("%s: %s process has %d rows, %+v; want %d, %d decided", from, name, len(rows), n, waiting, decided)
			}
		}
	}
	queue("nothing is scanned", 0, 0)
	feedInked(t, other, id, "main", 6, 6, 3, 0.9, 0.9)
	queue("a batch", 2, 0)
	feedInked(t, s, id, "east", 6, 6, 6, 0.85)
	queue("another batch", 3, 0)
	must[store.Rejudged](t)(other.Rejudge(ctx, "admin", id, leastInk(0.87)))
	queue("other thresholds", 1, 0)
	good, waits := goodAndWaiting(t, s, id)
	if good != 8 || waits != 1 {
		t.Fatalf("%d good, %d wait", good, waits)
	}
	row := waiting(t, s, id, "s1")
	if row.Machine.Kind != ballot.IsUnclear || row.Scores[0].Ink != 0.85 {
		t.Errorf("the row that is left is %+v", row)
	}
	ok(t, other.Decide(ctx, "s1", id, row.Page, row.Subject, decision("差"), false))
	queue("a decision", 0, 1)
	ok(t, s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名"))
	queue("set aside", 0, 1)
	l, m := must[ballot.Ledger](t)(s.Ledger(ctx, id)), must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	if l.Valid[0].Leaves != 8 || l.Invalid[0].Leaves != 1 || m.State != ballot.Balanced {
		t.Errorf("ledger %+v, %s", l, m.State)
	}
}

package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestDatabaseRefuses writes past the store's methods: the schema itself keeps what must never change.
func TestDatabaseRefuses(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("差"), false))
	ok(t, s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	judged := opened(t, s, draft(2))
	handCounts(t, s, judged, "main", 5)
	feedInked(t, s, judged, "main", 6, 6, 6, 6, 6)
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", judged, leastInk(0.8)))
	for statement, why := range map[string]string{
		"UPDATE pages SET verdicts = '[]'":        "never changes",
		"UPDATE pages SET reading = '{}'":         "never changes",
		"UPDATE pages SET leaf = leaf":            "never changes",
		"DELETE FROM pages":                       "never deleted",
		"UPDATE leaves SET grp = 'B'":             "never changes",
		"DELETE FROM leaves":                      "never deleted",
		"UPDATE decisions SET body = '{}'":        "never changes",
		"DELETE FROM decisions":                   "never deleted",
		"UPDATE set_asides SET aside = 0":         "another row",
		"DELETE FROM set_asides":                  "another row",
		"UPDATE judgements SET thresholds = '{}'": "never changes",
		"DELETE FROM judgements":                  "never deleted",
		"UPDATE judged_pages SET verdicts = '[]'": "never changes",
		"DELETE FROM judged_pages":                "never deleted",
		"INSERT INTO judged_pages SELECT page, meeting, 2, verdicts, unclear FROM judged_pages": "FOREIGN KEY",
		"UPDATE results SET body = '{}'":                      "never changes",
		"DELETE FROM results":                                 "never deleted",
		"UPDATE acts SET actor = 'x'":                         "never changes",
		"DELETE FROM acts":                                    "never cut",
		"UPDATE ledger_entries SET confirmed_by = entered_by": "CHECK",
		"UPDATE ledger_entries SET value = -1":                "CHECK",
		"UPDATE scanned SET leaves = -1":                      "CHECK",
		"UPDATE batches SET state = 'lost'":                   "CHECK",
		"DELETE FROM forms":                                   "FOREIGN KEY",
		"DELETE FROM meetings":                                "FOREIGN KEY",
		"INSERT INTO leaves SELECT 'x', 'none', form, grp, whole FROM leaves LIMIT 1":            "FOREIGN KEY",
		"INSERT INTO decisions SELECT 'none', subject, person, seq, body FROM decisions LIMIT 1": "FOREIGN KEY",
		"INSERT INTO decisions SELECT * FROM decisions LIMIT 1":                                  "UNIQUE",
		"INSERT INTO results SELECT * FROM results LIMIT 1":                                      "UNIQUE",
	} {
		if _, err := s.DB().Exec(statement); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", statement, err, why)
		}
	}
	// Every connection has the settings that its pool was given.
	for setting, want := range map[string]string{"foreign_keys": "1", "secure_delete": "1", "synchronous": "2", "journal_mode": "wal"} {
		var got string
		ok(t, s.DB().QueryRow("PRAGMA "+setting).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
}

// TestOneSucceeds lets many people do at once what may be done once.
func TestOneSucceeds(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	plans := make([]ballot.Closing, 8)
	for i := range plans {
		plans[i] = closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da")
	}
	at := func(name string, do func(i int) error) {
		t.Helper()
		var wait sync.WaitGroup
		var lock sync.Mutex
		done := 0
		for i := range plans {
			wait.Go(func() {
				if do(i) == nil {
					lock.Lock()
					done++
					lock.Unlock()
				}
			})
		}
		wait.Wait()
		if done != 1 {
			t.Errorf("%s succeeded %d times", name, done)
		}
	}
	at("the same upload", func(i int) error { return upload(s, b.ID, string(rune('a'+i)), "stack") })
	at("closing a batch", func(i int) error { return s.CloseBatch(ctx, "scan", b.ID, plans[i], noJobs) })
	at("balancing", func(int) error { _, err := s.Balance(ctx, "s1", id); return err })
	at("one person's signature", func(int) error { _, err := s.Certify(ctx, "s1", id, "无误"); return err })
	at("the second signature", func(int) error { _, err := s.Certify(ctx, "s2", id, "无误"); return err })
	if r, err := s.Result(ctx, id); err != nil || r.Total.Valid != 5 || len(must[[]store.Page](t)(s.Pages(ctx, id))) != 5 {
		t.Errorf("after all that: %+v, %v", r, err)
	}
}

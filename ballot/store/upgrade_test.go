package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// oldDatabase is one that a former version wrote.
func oldDatabase(t *testing.T, dump string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "old.db")
	old := must[*sql.DB](t)(sql.Open("sqlite3", path))
	must[sql.Result](t)(old.Exec(string(must[[]byte](t)(os.ReadFile(dump)))))
	ok(t, old.Close())
	return path
}

// TestUpgradeWithLog opens a database that has a log, two users and a draft, of a version before signatures had passwords:
// what was added since does not look like a change from outside.
func TestUpgradeWithLog(t *testing.T) {
	path, ctx := oldDatabase(t, "testdata/v12.sql"), context.Background()
	must[string](t)(store.ReplaceKey(ctx, path, store.Options{}, "admin1", "a test has no key of others"))
	s := openAt(t, path)
	ok(t, s.CreateUser(ctx, "admin1", store.User{Name: "s2", Role: ballot.RoleScrutineer, Hash: "x"}))
	id := must[[]store.Summary](t)(s.Meetings(ctx))[0].ID
	must[ballot.Meeting](t)(s.Edit(ctx, "admin1", id, "update_meeting", func(m *ballot.Meeting) error { m.Title = "年度述职评议会"; return nil }))
	ok(t, s.Close())
	db := must[*sql.DB](t)(sql.Open("sqlite3", path))
	defer db.Close()
	var acts, outside int
	ok(t, db.QueryRow("SELECT count(*), total(facts LIKE '%changed_outside%') FROM acts").Scan(&acts, &outside))
	if acts < 7 || outside != 0 {
		t.Errorf("%d acts, %d of which say that something was changed from outside", acts, outside)
	}
}

// TestUpgrade opens a database that the first version of the schema wrote: a certified meeting of nine
// ballots, and an open one with a batch under way.
func TestUpgrade(t *testing.T) {
	s, ctx := openAt(t, oldDatabase(t, "testdata/v1.sql")), context.Background()
	list := must[[]store.Summary](t)(s.Meetings(ctx))
	if len(list) != 2 {
		t.Fatalf("meetings %+v", list)
	}
	for _, m := range list {
		if m.State == ballot.Open {
			if b := must[[]ballot.Batch](t)(s.Batches(ctx, m.ID)); len(b) != 1 || len(must[[]ballot.Upload](t)(s.Uploads(ctx, b[0].ID))) != 1 {
				t.Errorf("open batches %+v", b)
			}
			continue
		}
		r, err := s.Result(ctx, m.ID)
		ok(t, err)
		if c := r.Subjects[0].Overall; c.Counts[0] != 5 || c.Counts[3] != 2 || c.Invalid != 1 || r.Total.Valid != 9 {
			t.Errorf("certified figures %+v of %+v", c, r.Total)
		}
		pages := must[[]store.Page](t)(s.Pages(ctx, m.ID))
		decided := 0
		for _, p := range pages {
			if p.State() == ballot.PageAdjudicated {
				decided++
			}
		}
		if len(pages) != 9 || decided != 1 {
			t.Errorf("%d pages, %d decided", len(pages), decided)
		}
		for _, a := range must[[]store.Act](t)(s.Acts(ctx, m.ID, 0, 100)) {
			if a.Act == "decide" {
				t.Error("the record still tells when somebody decided")
			}
		}
		// What the first version measured lacks what is judged by now.
		_, err = s.TryThresholds(ctx, m.ID, ballot.DefaultThresholds())
		refused(t, ballot.CodeConflict, err)
		if th, number, err := s.Thresholds(ctx, m.ID); err != nil || number != 0 || th != ballot.DefaultThresholds() {
			t.Errorf("judgement %d, %v", number, err)
		}
		// The figures can be made anew from what was kept.
		signers(t, s)
		must[store.Signed](t)(s.Reopen(ctx, "s1", m.ID, "复核"))
		must[store.Signed](t)(s.Reopen(ctx, "s2", m.ID, "复核"))
		must[ballot.Meeting](t)(s.Balance(ctx, "s1", m.ID))
		again, err := s.Result(ctx, m.ID)
		ok(t, err)
		if again.Subjects[1].Overall.Counts[1] != r.Subjects[1].Overall.Counts[1] || again.Total != r.Total {
			t.Errorf("counted anew %+v, certified %+v", again.Total, r.Total)
		}
	}
}

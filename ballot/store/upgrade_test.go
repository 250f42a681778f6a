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

// TestUpgrade opens a database that the first version of the schema wrote: a certified meeting of nine
// ballots, and an open one with a batch under way.
func TestUpgrade(t *testing.T) {
	dump := must[[]byte](t)(os.ReadFile("testdata/v1.sql"))
	path := filepath.Join(t.TempDir(), "old.db")
	old := must[*sql.DB](t)(sql.Open("sqlite3", path))
	must[sql.Result](t)(old.Exec(string(dump)))
	ok(t, old.Close())

	s, ctx := openAt(t, path), context.Background()
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

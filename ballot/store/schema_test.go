package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestForeignTrigger: what a trigger of somebody else's changed is not signed for, by a service that was running when it came
// either; none starts with it, and verify names it. Without it work goes on.
func TestForeignTrigger(t *testing.T) {
	folder, ctx := t.TempDir(), context.Background()
	path := filepath.Join(folder, "pingyi.db")
	s := openAt(t, path)
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	c := withPictures(t, folder, id, closing(t, s, formA(t, s, id), "aa", "ab", "aa", "ba", "aa"))
	must[sql.Result](t)(s.DB().Exec(turning("goose_db_version")))
	refused(t, store.CodeEvidence, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	if pages := must[[]store.Page](t)(s.AllPages(ctx, id)); len(pages) > 0 {
		t.Errorf("%d pages were kept", len(pages))
	}
	ok(t, s.Close())
	_, err := store.Open(path, store.Options{})
	refused(t, store.CodeEvidence, err)
	if v := verify(t, folder, store.Outside{}); len(v.Faults) != 1 {
		t.Errorf("faults: %+v", v.Faults)
	}
	db := must[*sql.DB](t)(sql.Open("sqlite3", "file:"+path))
	must[sql.Result](t)(db.Exec("DROP TRIGGER goose_db_version"))
	ok(t, db.Close())
	s = openAt(t, path)
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	ok(t, s.Close())
	if v := verify(t, folder, store.Outside{}); len(v.Faults) != 0 {
		t.Errorf("faults: %+v", v.Faults)
	}
}

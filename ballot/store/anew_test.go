package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

// turnVotes exchanges two grades in all that is kept of the released meeting: rows, decisions and the result, which then fit each other.
func (a *attacked) turnVotes(t testing.TB) (id string) {
	t.Helper()
	id = a.column(t, "SELECT id FROM meetings WHERE state = 'released'")[0]
	for _, column := range [][2]string{{"pages", "verdicts"}, {"decisions", "body"}} {
		where := "meeting = ?"
		if column[0] == "decisions" {
			where = "page IN (SELECT id FROM pages WHERE meeting = ?)"
		}
		a.exec(t, fmt.Sprintf(`UPDATE %[1]s SET %[2]s = replace(replace(replace(%[2]s, '"好"', '"#"'), '"差"', '"好"'), '"#"', '"差"') WHERE %[3]s`, column[0], column[1], where), id)
	}
	a.exec(t, "UPDATE meetings SET state = 'balanced', body = replace(body, '\"released\"', '\"balanced\"') WHERE id = ?", id)
	var body []byte
	ok(t, a.through(t, func(s *store.Store) (err error) {
		r, err := s.Result(context.Background(), id)
		body = must[[]byte](t)(json.Marshal(r))
		return err
	}))
	a.exec(t, "UPDATE meetings SET state = 'released', body = replace(body, '\"balanced\"', '\"released\"') WHERE id = ?", id)
	a.exec(t, "UPDATE results SET body = ? WHERE meeting = ?", string(body), id)
	return id
}

// forgetLog deletes all that keeps another log from beginning, but the acts and what hangs on them.
func (a *attacked) forgetLog(t testing.TB, key bool) {
	t.Helper()
	for _, table := range []string{"log_head", "log_hashes", "sealed_decisions"} {
		a.exec(t, "DELETE FROM "+table)
	}
	if key {
		ok(t, os.Remove(filepath.Join(a.folder, evidence.KeyFile)))
	}
}

func nothingAtAll(*store.Store) error { return nil }

func beginAnew(key bool) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) {
		t.Helper()
		a.turnVotes(t)
		a.forgetLog(t, key)
		refused(t, store.CodeEvidence, a.through(t, nothingAtAll))
	}
}

// restoredAnew puts an edited backup, which has no key, in the folder's place.
func restoredAnew(t testing.TB, a *attacked, _ *rand.Rand) {
	t.Helper()
	path, copied := filepath.Join(a.folder, "pingyi.db"), filepath.Join(t.TempDir(), "pingyi.db")
	a.arm()
	must[store.Snapshot](t)(store.TakeSnapshot(context.Background(), path, copied))
	ok(t, a.db.Close())
	ok(t, os.Rename(copied, path))
	a.db = must[*sql.DB](t)(sql.Open("sqlite3", "file:"+path+"?_foreign_keys=off"))
	a.db.SetMaxOpenConns(1)
	a.disarm(t)
	a.turnVotes(t)
	a.forgetLog(t, true)
	refused(t, store.CodeEvidence, a.through(t, nothingAtAll))
	_, err := store.ReplaceKey(context.Background(), path, store.Options{}, "root", "lost")
	refused(t, store.CodeEvidence, err)
}

// beginByHand does what the service refuses: a beginning after the acts, and a head signed by the key that it names.
func beginByHand(t testing.TB, a *attacked, _ *rand.Rand) {
	t.Helper()
	a.turnVotes(t)
	key := a.otherKey(t)
	a.put(t, "", "begin_log", key.Verifier())
	size, reader := a.hashes(t)
	a.signHead(t, key, size, reader)
}

// put adds an act at the end.
func (a *attacked) put(t testing.TB, meeting, act, detail string) (id int64) {
	t.Helper()
	a.exec(t, "INSERT INTO acts (time, actor, act, meeting, detail, role, facts) SELECT time, 'root', ?, ?, ?, 'admin', '' FROM acts ORDER BY id DESC LIMIT 1", act, meeting, detail)
	ok(t, a.db.QueryRow("SELECT max(id) FROM acts").Scan(&id))
	return id
}

// asBeforeLogs leaves what a version of before there were logs would have written. An upgrade looks the same.
func asBeforeLogs(t testing.TB, a *attacked, _ *rand.Rand) {
	t.Helper()
	a.turnVotes(t)
	a.forgetLog(t, true)
	for _, table := range []string{"checkpoints", "commitments"} {
		a.exec(t, "DELETE FROM "+table)
	}
	a.exec(t, "DELETE FROM acts WHERE act IN ('begin_log', 'decision', 'set_aside')")
	a.exec(t, "UPDATE acts SET facts = ''")
	ok(t, a.through(t, nothingAtAll))
}

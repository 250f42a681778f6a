package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

// turnVotes exchanges two grades in all that is kept of the released meeting: verdicts and the result, which then fit each other.
func (a *attacked) turnVotes(t testing.TB) (id string) {
	t.Helper()
	id = a.column(t, "SELECT id FROM meetings WHERE state = 'released'")[0]
	a.exec(t, `UPDATE pages SET verdicts = replace(replace(replace(verdicts, '"好"', '"#"'), '"差"', '"好"'), '"#"', '"差"') WHERE meeting = ?`, id)
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

// signOn changes something, has the service make an act of it, takes out of that act what it says of a change from outside, and signs
// all by the folder's key: what a program of the attacker's own would write.
func (a *attacked) signOn(t testing.TB, change func(), act func(*store.Store) error) {
	t.Helper()
	change()
	ok(t, a.through(t, act))
	var id int64
	var facts map[string]any
	var text string
	ok(t, a.db.QueryRow("SELECT id, facts FROM acts ORDER BY id DESC LIMIT 1").Scan(&id, &text))
	ok(t, json.Unmarshal([]byte(text), &facts))
	delete(facts, "changed_outside")
	a.exec(t, "UPDATE acts SET facts = ? WHERE id = ?", string(must[[]byte](t)(json.Marshal(facts))), id)
	size, reader := a.hashes(t)
	a.signHead(t, a.ownKey(t), size, reader)
}

// turnOn has other votes signed on, of the released meeting; the key may be another, by the program's own command.
func turnOn(otherKey bool) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) {
		t.Helper()
		if otherKey {
			ok(t, a.newKey(t))
		}
		id := a.column(t, "SELECT id FROM meetings WHERE state = 'released'")[0]
		a.signOn(t, func() {
			a.turnVotes(t)
			a.exec(t, "UPDATE commitments SET mark = '' WHERE kind = 'pages' AND meeting = ?", id) // so that they are digested
		}, func(s *store.Store) error { return s.SetOverallCap(context.Background(), "c1", id, 35) })
	}
}

// ledgerOn has a number of an open meeting's ledger signed on.
func ledgerOn(otherKey bool) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		if otherKey {
			ok(t, a.newKey(t))
		}
		open := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' ORDER BY 1")
		a.signOn(t, func() {
			a.exec(t, "UPDATE ledger_entries SET value = value + 1 WHERE meeting = ? AND field = 'present'", open)
		}, entering(open))
	}
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

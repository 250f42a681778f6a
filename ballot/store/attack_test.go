package store_test

import (
	"context"
	cryptorand "crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

var (
	attackRounds = flag.Int("attack.rounds", 20, "attacks of each kind on a finished data folder")
	attackSeed   = flag.Uint64("attack.seed", 1, "where in the data they strike")
)

// attack changes a copy of a data folder past the store: by SQL, or by its files.
type attack struct {
	name string
	// alone: whether it is caught with nothing from outside, by a printed code, by the public key.
	alone, code, key bool
	do               func(t testing.TB, a *attacked, r *rand.Rand)
}

// attacked is the copy, its triggers taken off. They are put back when the attack is done.
type attacked struct {
	folder   string
	older    string // the same installation as it was some acts before
	db       *sql.DB
	triggers map[string]string // taken off
}

var editAct = change("acts", "id", "detail", "detail <> '' AND act NOT IN ('begin_log', 'decision')")

// attacks are all that is tried. Where alone is false, nothing in the folder can tell, and what is printed must.
var attacks = []attack{
	{"an act edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		column := []string{"time", "actor", "act", "meeting", "detail", "facts"}[r.IntN(6)]
		change("acts", "id", column, column+" <> ''")(t, a, r)
	}},
	{"an act deleted", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		must[sql.Result](t)(a.db.Exec("PRAGMA foreign_keys = off"))
		remove("acts", "id")(t, a, r)
	}},
	{"an act put in", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		id := a.pick(t, r, "SELECT id FROM acts")
		a.exec(t, "UPDATE acts SET id = -id - 1 WHERE id >= ?", id)
		a.exec(t, "UPDATE acts SET id = -id WHERE id < 0")
		a.exec(t, "INSERT INTO acts (id, time, actor, act, meeting, detail, role, facts) SELECT ?, time, actor, act, meeting, detail, role, facts FROM acts ORDER BY random() LIMIT 1", id)
	}},
	{"two acts exchanged", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		id := a.pick(t, r, "SELECT id FROM acts WHERE id < (SELECT max(id) FROM acts) AND id > 1")
		a.exec(t, "UPDATE acts SET id = -1 WHERE id = ?", id)
		a.exec(t, "UPDATE acts SET id = ?1 WHERE id = ?1 + 1", id)
		a.exec(t, "UPDATE acts SET id = ? + 1 WHERE id = -1", id)
	}},
	{"an act edited, hashes made anew", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) { editAct(t, a, r); a.rebuild(t, nil) }},
	{"the log cut, hashes made anew", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		n := 1 + r.IntN(10)
		a.exec(t, "DELETE FROM commitments WHERE act > (SELECT max(id) FROM acts) - ?", n+100)
		a.exec(t, "DELETE FROM acts WHERE id > (SELECT max(id) FROM acts) - ?", n)
		a.rebuild(t, nil)
	}},
	{"a hash of the log edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "UPDATE log_hashes SET hash = randomblob(32) WHERE id = ?", a.pick(t, r, "SELECT id FROM log_hashes"))
	}},
	{"the head's signature edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		change("log_head", "id", "note", "")(t, a, r)
	}},
	{"the head spelt otherwise, and as well signed", true, true, true, respelt("log_head")},
	{"a kept checkpoint spelt otherwise, and as well signed", true, true, true, respelt("checkpoints")},
	{"a kept checkpoint deleted", true, true, true, remove("checkpoints", "size")},
	{"a kept checkpoint edited", true, true, true, change("checkpoints", "size", "note", "")},
	{"a reading edited", true, true, true, change("pages", "id", "reading", "")},
	{"a verdict edited", true, true, true, change("pages", "id", "verdicts", "")},
	{"two readings exchanged", true, true, true, swap("pages", "id", "verdicts")},
	{"a verdict by other thresholds edited", true, true, true, change("judged_pages", "page", "verdicts", "")},
	{"thresholds edited", true, true, true, change("judgements", "meeting", "thresholds", "")},
	{"a page deleted", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		k := a.pick(t, r, "SELECT id FROM pages ORDER BY 1")
		for _, q := range []string{"DELETE FROM decisions WHERE page = ?", "DELETE FROM judged_pages WHERE page = ?", "DELETE FROM fingerprints WHERE page = ?", "DELETE FROM pages WHERE id = ?"} {
			must[sql.Result](t)(a.db.Exec(q, k))
		}
		ok(t, os.Remove(must[[]string](t)(filepath.Glob(filepath.Join(a.folder, "pages", "*", k+".jpg")))[0]))
	}},
	{"a page put in", true, true, true, statement("INSERT INTO pages (id, leaf, meeting, form, form_page, grp, verdicts, unclear, flags, reading) SELECT 'f' || substr(id, 2), leaf, meeting, form, form_page, grp, verdicts, unclear, flags, reading FROM pages WHERE id NOT LIKE 'f%' ORDER BY random() LIMIT 1")},
	{"a leaf edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "UPDATE leaves SET whole = 1 - whole WHERE id = ?", a.pick(t, r, "SELECT id FROM leaves ORDER BY 1"))
	}},
	{"a decision edited", true, true, true, change("decisions", "page || subject || person || seq", "body", "")},
	{"a decision given to another", true, true, true, change("decisions", "page || subject || person || seq", "person", "")},
	{"a decision deleted", true, true, true, remove("decisions", "page || subject || person || seq")},
	{"a decision put in", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "INSERT INTO decisions SELECT page, subject, person, seq + 1 + ?, body FROM decisions ORDER BY random() LIMIT 1", 1+r.IntN(9))
	}},
	{"a leaf set aside by nobody", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "INSERT INTO set_asides VALUES (?, 's1', 9, 1, 'x')", a.pick(t, r, "SELECT id FROM leaves ORDER BY 1"))
	}},
	{"a result edited", true, true, true, change("results", "meeting || number", "body", "")},
	{"a result deleted", true, true, true, remove("results", "meeting || number")},
	{"a number of the ledger edited", true, true, true, change("ledger_entries", "meeting || venue || grp || subject || field", "value", "")},
	{"scanned leaves edited", true, true, true, change("scanned", "meeting || venues || grp || subject", "leaves", "")},
	{"roster, rules or state edited", true, true, true, change("meetings", "id", "body", "")},
	{"a meeting put in", true, true, true, statement("INSERT INTO meetings SELECT 'g' || substr(id, 2), revision, state, body FROM meetings LIMIT 1")},
	{"a form edited", true, true, true, change("forms", "id", "body", "")},
	{"a comment edited", true, true, true, change("comments", "id", "content", "content <> ''")},
	{"a conclusion edited", true, true, true, change("conclusions", "meeting", "items", "")},
	{"a user's role edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "UPDATE users SET role = 'admin' WHERE name = ?", a.pick(t, r, "SELECT name FROM users"))
	}},
	{"a password that somebody else set made one's own", true, true, true, statement("UPDATE users SET own = 1 - own")},
	{"a token put in", true, true, true, statement("INSERT INTO tokens (digest, owner, label, scopes, stamp, expires) SELECT 'd', name, '', 'results:read', '', 1 << 40 FROM users LIMIT 1")},
	{"a user put in", true, true, true, statement("INSERT INTO users (name, role, hash, disabled) SELECT name || 'x', role, hash, disabled FROM users LIMIT 1")},
	{"a salt edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "UPDATE commitments SET salt = randomblob(32) WHERE meeting || kind = ?", a.pick(t, r, "SELECT meeting || kind FROM commitments WHERE kind <> 'entries' ORDER BY 1"))
	}},
	{"a salt deleted", true, true, true, remove("commitments", "meeting || kind")},
	{"two pictures exchanged", true, true, true, file("swap")},
	{"a picture edited", true, true, true, file("alter")},
	{"a picture deleted", true, true, true, file("delete")},
	{"a picture put in", true, true, true, file("add")},
	{"a trigger taken away", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) {
		a.exec(t, "UPDATE acts SET id = id")                                                                  // nothing
		must[sql.Result](t)(a.db.Exec("CREATE TRIGGER pages_stay AFTER DELETE ON pages BEGIN SELECT 1; END")) // put back as another
	}},
	{"a trigger by the name of a table", true, true, true, trigger("goose_db_version")},
	{"a trigger by a name like SQLite's", true, true, true, trigger("sqlitex")},
	{"a trigger by a name of SQLite's own", true, true, true, trigger("sqlite_x")},
	{"an index by a name of the job queue's, votes turned in it", true, true, true, turnedIndex("river_evil")},
	{"an index by a name of SQLite's own, votes turned in it", true, true, true, turnedIndex("sqlite_evil")},
	{"an index of the program's own with other contents", true, true, true, ownIndex},
	{"an index by a name of the job queue's, votes turned in it while balanced, then certified by the service", true, true, true, certifying(turnedIndex("river_evil"))},
	{"an index by a name of SQLite's own, votes turned in it while balanced, then certified by the service", true, true, true, certifying(turnedIndex("sqlite_evil"))},
	{"an index of the program's own with other contents while balanced, then certified by the service", true, true, true, certifying(ownIndex)},
	{"a ledger number edited, then entered after by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' ORDER BY 1")
		a.exec(t, "UPDATE ledger_entries SET value = value + 1 WHERE meeting = ? AND field = 'present'", open)
		ok(t, a.through(t, entering(open)))
	}},
	// What was attacked is followed by an act of the service, which must not sign for it.
	{"the last act edited, hashes made anew, then an act by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.editLast(t, r)
		refused(t, store.CodeEvidence, a.through(t, entering(open)))
	}},
	{"the last act edited, hashes made anew, then a checkpoint by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.editLast(t, r)
		refused(t, store.CodeEvidence, a.through(t, func(s *store.Store) error { _, err := s.Checkpoint(context.Background()); return err }))
	}},
	{"the last act edited, hashes made anew, the key lost, then another by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.editLast(t, r)
		refused(t, store.CodeEvidence, a.newKey(t))
	}},
	{"a user's password exchanged, the key lost, then another by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		change("users", "name", "hash", "")(t, a, r)
		ok(t, a.newKey(t))
	}},
	{"an act edited, the log deleted, to be begun anew by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' ORDER BY 1")
		editAct(t, a, r)
		for _, table := range []string{"log_head", "log_hashes", "checkpoints", "commitments", "sealed_decisions"} {
			a.exec(t, "DELETE FROM "+table)
		}
		refused(t, store.CodeEvidence, a.through(t, entering(open)))
	}},
	{"votes turned, the log deleted with its key, to be begun anew by the service", true, true, true, beginAnew(true)},
	{"votes turned, the log deleted, its key left, to be begun anew by the service", true, true, true, beginAnew(false)},
	{"a backup edited, its log deleted, restored without a key and begun anew by the service", true, true, true, restoredAnew},
	{"votes turned, the log begun anew by hand and another key", true, true, true, beginByHand},
	{"all acts deleted with the log and its key, to be begun anew by the service", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) {
		a.forgetLog(t, true)
		a.exec(t, "DELETE FROM acts")
		refused(t, store.CodeEvidence, a.through(t, nothingAtAll))
	}},
	{"votes turned, acts made those of a version without a log, the key deleted, and a log begun by the service", false, true, true, asBeforeLogs},
	{"a comment deleted, then an act by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' AND id IN (SELECT meeting FROM comments) ORDER BY 1")
		a.exec(t, "DELETE FROM comments WHERE id = ?", a.pick(t, r, "SELECT id FROM comments WHERE meeting = '"+open+"' ORDER BY 1"))
		ok(t, a.through(t, entering(open)))
	}},
	{"a decision edited, then a decision by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.pick(t, r, "SELECT meeting FROM decisions JOIN pages ON pages.id = page JOIN meetings ON meetings.id = meeting WHERE meetings.state = 'open' ORDER BY 1")
		a.exec(t, "UPDATE decisions SET body = replace(body, '差', '好') WHERE page IN (SELECT id FROM pages WHERE meeting = ?)", open)
		refused(t, store.CodeEvidence, a.through(t, func(s *store.Store) error {
			row := waiting(t, s, open, "s1")
			return s.Decide(context.Background(), "s1", open, row.Page, row.Subject, decision("差"), false)
		}))
	}},
	{"a used serial freed, then used again by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		var id string
		var serials []ballot.Pseudonym
		ok(t, a.through(t, func(s *store.Store) error {
			id, serials = numbered(t, s, 9)
			return fedWith(t, s, a.folder, id, serials[:3], "aa", "ab", "a-")
		}))
		a.sound(t)
		again := serials[r.IntN(3)]
		a.exec(t, "UPDATE serials SET used = 0 WHERE pseudonym = ?", string(again))
		if r.IntN(2) == 0 { // as many are used as before
			a.exec(t, "UPDATE serials SET used = 1 WHERE pseudonym = ?", string(serials[5]))
		}
		ok(t, a.through(t, func(s *store.Store) error {
			return fedWith(t, s, a.folder, id, []ballot.Pseudonym{again, serials[4]}, "aa", "ab")
		}))
	}},
	{"the day of destruction brought forward, to be destroyed by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		id := a.archived(t)
		a.exec(t, "UPDATE archives SET destroy_on = ?", fmt.Sprintf("2020-01-%02d", 1+r.IntN(28)))
		refused(t, store.CodeEvidence, a.through(t, destroying(id)))
	}},
	{"a destruction begun from outside, to be finished by the service", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) {
		id := a.archived(t)
		a.exec(t, "UPDATE archives SET keeping = 'destroying'")
		refused(t, ballot.CodeTooEarly, a.through(t, destroying(id)))
	}},
	{"ballots destroyed before their day, as by a program that looks at the row alone", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) {
		id := a.archived(t)
		a.exec(t, "UPDATE archives SET keeping = 'destroying'")
		ok(t, a.through(t, func(s *store.Store) error {
			return errors.Join(s.DestroyRows(context.Background(), id), s.FinishDestruction(context.Background(), id))
		}))
	}},
	{"how the ink lies on a sheet forgotten, so that it may be scanned again", true, true, true, remove("fingerprints", "page")},
	{"how the ink lies on a sheet edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.exec(t, "UPDATE fingerprints SET shapes = shapes || 'x' WHERE page = ?", a.pick(t, r, "SELECT page FROM fingerprints ORDER BY 1"))
	}},
	{"an export of records made to be signed later, so that it may be downloaded again", true, true, true, signedLater},
	{"the export of records edited", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		a.archived(t)
		must[sql.Result](t)(a.db.Exec("PRAGMA ignore_check_constraints = on")) // that two persons sign
		change("exports", "meeting", []string{"asked_by", "reason", "confirmed_by", "digest", "last_act", "bytes"}[r.IntN(6)], "")(t, a, r)
	}},
	// Whoever has the key can sign anything: only what was printed tells.
	{"the key exchanged", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) { a.otherKey(t) }},
	{"an act edited, all signed by the key", false, true, false, func(t testing.TB, a *attacked, r *rand.Rand) { editAct(t, a, r); a.rebuild(t, a.ownKey(t)) }},
	{"all signed by another key that the log names", false, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		key := a.otherKey(t)
		a.exec(t, "UPDATE acts SET detail = ? WHERE id = (SELECT min(id) FROM acts WHERE act = 'begin_log')", key.Verifier())
		a.rebuild(t, key)
	}},
	{"votes of a released meeting turned, then signed on by the stolen key", true, true, true, turnOn(false)},
	{"votes of a released meeting turned, then signed on by another key that an act names", true, true, true, turnOn(true)},
	{"an open meeting's ledger edited, then signed on by another key that an act names", false, true, true, ledgerOn(true)},
	{"an open meeting's ledger edited, then signed on by the stolen key", false, false, false, ledgerOn(false)},
	{"the folder taken back to an older copy", false, true, false, func(t testing.TB, a *attacked, _ *rand.Rand) {
		ok(t, a.db.Close())
		ok(t, os.RemoveAll(a.folder))
		ok(t, os.CopyFS(a.folder, os.DirFS(a.older)))
		a.db = nil
	}},
}

// otherKey puts another key in the place of the folder's.
func (a *attacked) otherKey(t testing.TB) *evidence.Key {
	t.Helper()
	ok(t, os.Remove(filepath.Join(a.folder, evidence.KeyFile)))
	return must[*evidence.Key](t)(evidence.MakeKey(a.folder, cryptorand.Reader))
}

func (a *attacked) disarm(t testing.TB) {
	t.Helper()
	a.triggers = map[string]string{}
	for _, name := range a.column(t, "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
		var made string
		ok(t, a.db.QueryRow("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", name).Scan(&made))
		a.triggers[name] = made
		must[sql.Result](t)(a.db.Exec("DROP TRIGGER " + name))
	}
}

func (a *attacked) arm() {
	for _, name := range slices.Sorted(maps.Keys(a.triggers)) {
		a.db.Exec(a.triggers[name]) // one that the attack made itself stays
	}
}

// strike makes a copy, takes the triggers off, attacks and puts them back.
func strike(t testing.TB, whole, older string, one attack, r *rand.Rand) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "copy")
	ok(t, os.CopyFS(folder, os.DirFS(whole)))
	db := must[*sql.DB](t)(sql.Open("sqlite3", "file:"+filepath.Join(folder, "pingyi.db")+"?_foreign_keys=off&_synchronous=off"))
	db.SetMaxOpenConns(1)
	a := &attacked{folder: folder, older: older, db: db}
	a.disarm(t)
	one.do(t, a, r)
	if a.db == nil {
		return folder
	}
	a.arm()
	ok(t, db.Close())
	return folder
}

// TestAttacks strikes a finished data folder in random places, in every way of the table, and counts what verify
// catches: with nothing from outside, with a code that was printed at the end, and with the public key. What cannot be
// told without something from outside is tried too, and must not be claimed.
func TestAttacks(t *testing.T) {
	whole, older := finishedTwice(t)
	s := openAt(t, filepath.Join(whole, "pingyi.db"))
	now := must[store.Checkpoint](t)(s.Checkpoint(context.Background()))
	ok(t, s.Close())
	type count struct{ tried, alone, code, key int }
	counts := make([]count, len(attacks))
	var lock sync.Mutex
	t.Run("all", func(t *testing.T) {
		for i, one := range attacks {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				for n := range *attackRounds {
					folder := strike(t, whole, older, one, rand.New(rand.NewPCG(*attackSeed, uint64(i*1_000_000+n))))
					caught := func(o store.Outside) int { return min(1, len(verify(t, folder, o).Faults)) }
					alone := caught(store.Outside{})
					code, key := alone, alone // what is caught without anything stays caught with more
					if alone == 0 {
						code, key = caught(store.Outside{Checkpoint: now.Code}), caught(store.Outside{Verifier: now.Verifier})
						if note := caught(store.Outside{Checkpoint: now.Note}); note != code {
							t.Error("a note and its code tell different things")
						}
					}
					if alone == 1 != one.alone || code == 1 != one.code || key == 1 != one.key {
						t.Errorf("attack %d: caught alone %d, by the code %d, by the key %d", n, alone, code, key)
					}
					ok(t, os.RemoveAll(folder))
					lock.Lock()
					c := &counts[i]
					*c = count{c.tried + 1, c.alone + alone, c.code + code, c.key + key}
					lock.Unlock()
				}
			})
		}
	})
	t.Logf("%-58s %6s %6s %6s %6s", "attack", "tried", "alone", "code", "key")
	var sum count
	for i, c := range counts {
		t.Logf("%-58s %6d %6d %6d %6d", attacks[i].name, c.tried, c.alone, c.code, c.key)
		sum = count{sum.tried + c.tried, sum.alone + c.alone, sum.code + c.code, sum.key + c.key}
	}
	t.Logf("%-58s %6d %6d %6d %6d", "all", sum.tried, sum.alone, sum.code, sum.key)
}

// finishedTwice is a finished folder, and the same as it was before its last acts.
func finishedTwice(t testing.TB) (whole, older string) {
	t.Helper()
	whole, released := finished(t)
	older = filepath.Join(t.TempDir(), "older")
	ok(t, os.CopyFS(older, os.DirFS(whole)))
	s := openAt(t, filepath.Join(whole, "pingyi.db"))
	ok(t, s.SetOverallCap(context.Background(), "c1", released, 30))
	ok(t, s.Close())
	return whole, older
}

// TestCodesAreTidied: a code that is copied by hand is the same in small letters, with spaces, and with O for 0.
func TestCodesAreTidied(t *testing.T) {
	c := evidence.Checkpoint{Origin: "pingyi-1", Size: 12, Root: tlog.Hash{7}}
	code := c.Code()
	for _, typed := range []string{code, strings.ToLower(code), " " + strings.ReplaceAll(code, "0", "o"), strings.ReplaceAll(code, "1", "l"), strings.ReplaceAll(code, "-", "－")} {
		if size, tidy, ok := evidence.CodeSize(typed); !ok || size != 12 || tidy != code {
			t.Errorf("%q: %d %q %v", typed, size, tidy, ok)
		}
	}
	for _, bad := range []string{"", "12", code + "X", "x" + code, base64.StdEncoding.EncodeToString([]byte(code)), code[:len(code)-1]} {
		if _, _, ok := evidence.CodeSize(bad); ok {
			t.Errorf("%q is a code", bad)
		}
	}
}

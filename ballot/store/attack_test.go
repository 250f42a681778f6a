package store_test

import (
	"context"
	cryptorand "crypto/rand"
	"database/sql"
	"encoding/base64"
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
	folder string
	older  string // the same installation as it was some acts before
	db     *sql.DB
}

func (a *attacked) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if n, err := must[sql.Result](t)(a.db.Exec(query, args...)).RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}

// pick is a value of a column in a random row.
func (a *attacked) pick(t testing.TB, r *rand.Rand, query string) string {
	t.Helper()
	all := a.column(t, query)
	if len(all) == 0 {
		t.Fatalf("%s: nothing to attack", query)
	}
	return all[r.IntN(len(all))]
}

func (a *attacked) column(t testing.TB, query string) (out []string) {
	t.Helper()
	rows := must[*sql.Rows](t)(a.db.Query(query))
	defer rows.Close()
	for rows.Next() {
		var s string
		ok(t, rows.Scan(&s))
		out = append(out, s)
	}
	ok(t, rows.Err())
	return out
}

// change alters one character of a column's text, of a row that a query of keys picks.
func change(table, key, column, only string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		where := ""
		if only != "" {
			where = " WHERE " + only
		}
		k := a.pick(t, r, fmt.Sprintf("SELECT %s FROM %s%s ORDER BY 1", key, table, where))
		var old string
		ok(t, a.db.QueryRow(fmt.Sprintf("SELECT %s FROM %s WHERE %s = ?", column, table, key), k).Scan(&old))
		a.exec(t, fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", table, column, key), altered(old, r), k)
	}
}

// altered changes a character to another of its sort, so that numbers stay numbers and JSON stays JSON.
func altered(s string, r *rand.Rand) string {
	text := []rune(s)
	var at []int
	for i, c := range text {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && (i == 0 || text[i-1] != '\\') || c > 0x4e00 && c < 0x9fff {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return s + "1"
	}
	i := at[r.IntN(len(at))]
	switch c := text[i]; {
	case c >= '0' && c <= '9':
		text[i] = '1' + (c-'0'+rune(r.IntN(8)))%9 // no leading zero
		if text[i] == c {
			text[i] = '1' + (c-'0')%9
		}
	case c <= 'z':
		text[i] = 'a' + (c-'a'+1+rune(r.IntN(24)))%26
	default:
		text[i]++
	}
	return string(text)
}

// swap exchanges a column of two rows that differ in it.
func swap(table, key, column string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		var v, w string
		for {
			k, l := a.pick(t, r, fmt.Sprintf("SELECT %s FROM %s ORDER BY 1", key, table)), a.pick(t, r, fmt.Sprintf("SELECT %s FROM %s ORDER BY 1", key, table))
			read := fmt.Sprintf("SELECT %s FROM %s WHERE %s = ?", column, table, key)
			ok(t, a.db.QueryRow(read, k).Scan(&v))
			ok(t, a.db.QueryRow(read, l).Scan(&w))
			if v != w {
				write := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", table, column, key)
				a.exec(t, write, w, k)
				a.exec(t, write, v, l)
				return
			}
		}
	}
}

func remove(table, key string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		k := a.pick(t, r, fmt.Sprintf("SELECT %s FROM %s ORDER BY 1", key, table))
		a.exec(t, fmt.Sprintf("DELETE FROM %s WHERE %s = ?", table, key), k)
	}
}

func statement(query string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) { t.Helper(); a.exec(t, query) }
}

// file changes a picture: exchanged with another, altered, deleted, or put where none is.
func file(how string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		withDigest := a.column(t, "SELECT meeting || '/' || id FROM pages WHERE image <> '' ORDER BY 1")
		i, j := r.IntN(len(withDigest)), r.IntN(len(withDigest)-1)
		if j >= i {
			j++
		}
		one, other := filepath.Join(a.folder, "pages", withDigest[i]+".jpg"), filepath.Join(a.folder, "pages", withDigest[j]+".jpg")
		data := must[[]byte](t)(os.ReadFile(one))
		switch how {
		case "swap":
			ok(t, os.WriteFile(one, must[[]byte](t)(os.ReadFile(other)), 0o600))
			ok(t, os.WriteFile(other, data, 0o600))
		case "alter":
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
			ok(t, os.WriteFile(one, data, 0o600))
		case "delete":
			ok(t, os.Remove(one))
		case "add":
			ok(t, os.WriteFile(filepath.Join(filepath.Dir(one), fmt.Sprintf("%032x.jpg", r.Uint64())), data, 0o600))
		}
	}
}

// rebuild makes all hashes of the log anew from the acts as they are; with a key the head and all checkpoints too.
func (a *attacked) rebuild(t testing.TB, key *evidence.Key) {
	t.Helper()
	must[sql.Result](t)(a.db.Exec("DELETE FROM log_hashes"))
	rows := must[*sql.Rows](t)(a.db.Query("SELECT id, time, actor, role, act, meeting, detail, facts FROM acts ORDER BY id"))
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(ids []int64) (out []tlog.Hash, err error) {
		for _, id := range ids {
			out = append(out, hashes[id])
		}
		return out, nil
	})
	size := int64(0)
	for ; rows.Next(); size++ {
		var e evidence.Entry
		ok(t, rows.Scan(&e.Number, &e.Time, &e.Actor, &e.Role, &e.Act, &e.Meeting, &e.Detail, &e.Facts))
		hashes = append(hashes, must[[]tlog.Hash](t)(tlog.StoredHashes(size, e.Canonical(), reader))...)
	}
	ok(t, rows.Close())
	tx := must[*sql.Tx](t)(a.db.Begin())
	for i, h := range hashes {
		must[sql.Result](t)(tx.Exec("INSERT INTO log_hashes VALUES (?, ?)", i, h[:]))
	}
	ok(t, tx.Commit())
	if key == nil {
		return
	}
	var head string
	ok(t, a.db.QueryRow("SELECT note FROM log_head").Scan(&head))
	lines := strings.Split(head, "\n")
	root := must[tlog.Hash](t)(tlog.TreeHash(size, reader))
	c := evidence.Checkpoint{Origin: key.Origin() + "/head", Size: size, Root: root}
	a.exec(t, "UPDATE log_head SET note = ?", must[string](t)(key.Sign(c.Text()+lines[3]+"\n")))
	for _, kept := range a.column(t, "SELECT size FROM checkpoints") {
		var n int64
		fmt.Sscan(kept, &n)
		if n > size {
			a.exec(t, "DELETE FROM checkpoints WHERE size = ?", n)
			continue
		}
		c := evidence.Checkpoint{Origin: key.Origin(), Size: n, Root: must[tlog.Hash](t)(tlog.TreeHash(n, reader))}
		a.exec(t, "UPDATE checkpoints SET note = ? WHERE size = ?", must[string](t)(c.Sign(key)), n)
	}
}

func (a *attacked) ownKey(t testing.TB) *evidence.Key {
	t.Helper()
	return must[*evidence.Key](t)(evidence.LoadKey(a.folder))
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
	{"a ledger number edited, then entered after by the service", true, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		open := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' ORDER BY 1")
		a.exec(t, "UPDATE ledger_entries SET value = value + 1 WHERE meeting = ? AND field = 'present'", open)
		a.through(t, func(s *store.Store) error {
			return s.EnterLedger(context.Background(), "p1", open, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Returned, 5)
		})
	}},
	// Whoever has the key can sign anything: only what was printed tells.
	{"the key exchanged", true, true, true, func(t testing.TB, a *attacked, _ *rand.Rand) { a.otherKey(t) }},
	{"an act edited, all signed by the key", false, true, false, func(t testing.TB, a *attacked, r *rand.Rand) { editAct(t, a, r); a.rebuild(t, a.ownKey(t)) }},
	{"all signed by another key that the log names", false, true, true, func(t testing.TB, a *attacked, r *rand.Rand) {
		key := a.otherKey(t)
		a.exec(t, "UPDATE acts SET detail = ? WHERE id = (SELECT min(id) FROM acts WHERE act = 'begin_log')", key.Verifier())
		a.rebuild(t, key)
	}},
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

// through does something by the store, as somebody who works on what was attacked.
func (a *attacked) through(t testing.TB, do func(*store.Store) error) {
	t.Helper()
	s, err := store.Open(filepath.Join(a.folder, "pingyi.db"), store.Options{})
	ok(t, err)
	ok(t, do(s))
	ok(t, s.Close())
}

// strike makes a copy, takes the triggers off, attacks and puts them back.
func strike(t testing.TB, whole, older string, one attack, r *rand.Rand) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "copy")
	ok(t, os.CopyFS(folder, os.DirFS(whole)))
	db := must[*sql.DB](t)(sql.Open("sqlite3", "file:"+filepath.Join(folder, "pingyi.db")+"?_foreign_keys=off&_synchronous=off"))
	db.SetMaxOpenConns(1)
	a := &attacked{folder, older, db}
	triggers := map[string]string{}
	for _, name := range a.column(t, "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
		var made string
		ok(t, db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = ?", name).Scan(&made))
		triggers[name] = made
		must[sql.Result](t)(db.Exec("DROP TRIGGER " + name))
	}
	one.do(t, a, r)
	if a.db == nil {
		return folder
	}
	for _, name := range slices.Sorted(maps.Keys(triggers)) {
		db.Exec(triggers[name]) // one that the attack made itself stays
	}
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

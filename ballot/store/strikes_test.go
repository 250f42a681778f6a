package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

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

// respelt changes a note and leaves its signature right: in the bits of its last letter that stand for nothing, since 68 bytes
// fill 90 letters and two thirds of one, or by a line of somebody else's. change meets that letter once in some thousand times.
func respelt(table string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		note := a.pick(t, r, "SELECT note FROM "+table+" ORDER BY 1")
		last := len(note) - len("x=\n")
		other := note[:last] + letters[strings.IndexByte(letters, note[last])+1+r.IntN(3):][:1] + "=\n"
		if r.IntN(2) == 0 {
			other = note + "— somebody AAAAAAAA\n"
		}
		a.exec(t, "UPDATE "+table+" SET note = ? WHERE note = ?", other, note)
	}
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

// through does something by the store, as somebody who works on what was attacked.
func (a *attacked) through(t testing.TB, do func(*store.Store) error) error {
	t.Helper()
	a.arm()
	defer a.disarm(t)
	s, err := store.Open(filepath.Join(a.folder, "pingyi.db"), store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// entering is an act on an open meeting.
func entering(open string) func(*store.Store) error {
	return func(s *store.Store) error {
		return s.EnterLedger(context.Background(), "p1", open, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Returned, 5)
	}
}

// archived has the released meeting archived, its ballots to be destroyed in half a year. Nothing is wrong with it then.
func (a *attacked) archived(t testing.TB) (id string) {
	t.Helper()
	ok(t, a.db.QueryRow("SELECT id FROM meetings WHERE state = 'released'").Scan(&id))
	ok(t, a.through(t, func(s *store.Store) error {
		exported(t, s, id)
		_, err := s.Archive(context.Background(), "c1", id, time.Now().AddDate(0, 6, 0).Format(time.DateOnly))
		return err
	}))
	a.sound(t)
	return id
}

func signedLater(t testing.TB, a *attacked, r *rand.Rand) {
	t.Helper()
	a.archived(t)
	a.exec(t, "UPDATE exports SET confirmed_at = ?", time.Now().Add(time.Duration(1+r.IntN(3000))*time.Hour).UTC().Format(time.RFC3339))
}

// sound is that verify finds nothing yet.
func (a *attacked) sound(t testing.TB) {
	t.Helper()
	a.arm()
	defer a.disarm(t)
	if v := verify(t, a.folder, store.Outside{}); len(v.Faults) > 0 {
		t.Fatalf("before: %+v", v.Faults)
	}
}

// destroying is what the service does every hour to a meeting that it finds to be due.
func destroying(id string) func(*store.Store) error {
	return func(s *store.Store) error {
		due, err := s.DueForDestruction(context.Background())
		if err != nil || !slices.Contains(due, id) {
			return fmt.Errorf("%v are due: %w", due, err)
		}
		return s.BeginDestruction(context.Background(), "the service", id, 0, 0)
	}
}

// editLast has something entered in an open meeting, and says of that act, and of all hashes, that it was another's.
func (a *attacked) editLast(t testing.TB, r *rand.Rand) (open string) {
	t.Helper()
	open = a.pick(t, r, "SELECT id FROM meetings WHERE state = 'open' ORDER BY 1")
	ok(t, a.through(t, entering(open)))
	a.exec(t, "UPDATE acts SET actor = 'p2' WHERE id = (SELECT max(id) FROM acts)")
	a.rebuild(t, nil)
	return open
}

// newKey loses the key and asks for another.
func (a *attacked) newKey(t testing.TB) error {
	t.Helper()
	a.arm()
	defer a.disarm(t)
	ok(t, os.Remove(filepath.Join(a.folder, evidence.KeyFile)))
	_, err := store.ReplaceKey(context.Background(), filepath.Join(a.folder, "pingyi.db"), store.Options{}, "root", "lost")
	return err
}

func statement(query string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) { t.Helper(); a.exec(t, query) }
}

// turning is a trigger that turns a vote as pages come in. No trigger against changes sees it: REPLACE deletes without a word.
func turning(name string) string {
	return "CREATE TRIGGER " + name + ` AFTER INSERT ON pages BEGIN
		REPLACE INTO pages (id, leaf, meeting, form, form_page, grp, verdicts, unclear, flags, reading, image)
		SELECT id, leaf, meeting, form, form_page, grp, replace(verdicts, '"好"', '"差"'), unclear, flags, reading, image FROM pages WHERE id = NEW.id; END`
}

// trigger puts one into the schema by a name, also by one that SQLite gives to nobody else.
func trigger(name string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) {
		t.Helper()
		must[sql.Result](t)(a.db.Exec("PRAGMA writable_schema = on"))
		a.exec(t, "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('trigger', ?, 'pages', 0, ?)", name, turning(name))
	}
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
	size, reader := a.hashes(t)
	if key == nil {
		return
	}
	a.signHead(t, key, size, reader)
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

// hashes makes all hashes of the log anew.
func (a *attacked) hashes(t testing.TB) (size int64, reader tlog.HashReaderFunc) {
	t.Helper()
	must[sql.Result](t)(a.db.Exec("DELETE FROM log_hashes"))
	rows := must[*sql.Rows](t)(a.db.Query("SELECT id, time, actor, role, act, meeting, detail, facts FROM acts ORDER BY id"))
	var hashes []tlog.Hash
	reader = func(ids []int64) (out []tlog.Hash, err error) {
		for _, id := range ids {
			out = append(out, hashes[id])
		}
		return out, nil
	}
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
	return size, reader
}

// signHead signs the log as it is, over the decisions that the head was signed over before.
func (a *attacked) signHead(t testing.TB, key *evidence.Key, size int64, reader tlog.HashReader) {
	t.Helper()
	var head string
	ok(t, a.db.QueryRow("SELECT note FROM log_head").Scan(&head))
	c := evidence.Checkpoint{Origin: key.Origin() + "/head", Size: size, Root: must[tlog.Hash](t)(tlog.TreeHash(size, reader))}
	a.exec(t, "UPDATE log_head SET note = ?", must[string](t)(key.Sign(c.Text()+strings.Split(head, "\n")[3]+"\n")))
}

func (a *attacked) ownKey(t testing.TB) *evidence.Key {
	t.Helper()
	return must[*evidence.Key](t)(evidence.LoadKey(a.folder))
}

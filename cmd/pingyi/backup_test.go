package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

var (
	backupRounds = flag.Int("backup.rounds", 3, "how often backup and restore are killed, each")
	backupSeed   = flag.Uint64("backup.seed", 1, "of the moments at which they are killed")
)

// archivedMeeting is a data folder with pages and a picture for each.
func archivedMeeting(t *testing.T) (data, id string) {
	t.Helper()
	data, id = balancedMeeting(t)
	snap, err := store.CheckFile(context.Background(), filepath.Join(data, "pingyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for _, page := range snap.Pictures {
		path := filepath.Join(data, "pages", page+".jpg")
		picture := make([]byte, 200_000)
		for i := range picture {
			picture[i] = byte(r.Uint32())
		}
		must[int](t)(0, os.MkdirAll(filepath.Dir(path), 0o700))
		must[int](t)(0, os.WriteFile(path, picture, 0o600))
	}
	return data, id
}

// contents is what a data folder holds: digests of its pictures, and every row of the database but sessions.
func contents(t *testing.T, data string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(filepath.Join(data, "pages"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(data, path)
		out = append(out, fmt.Sprintf("%s %x", name, sha256.Sum256(raw)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	withTestStore(t, data, func(s *store.Store) error {
		tables, err := s.DB().Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('sessions', 'sqlite_sequence') ORDER BY name")
		if err != nil {
			return err
		}
		var names []string
		for tables.Next() {
			var name string
			if err := tables.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		if err := tables.Close(); err != nil {
			return err
		}
		for _, name := range names {
			lines, err := rowsOf(s, name)
			if err != nil {
				return err
			}
			out = append(out, lines...)
		}
		return nil
	})
	return out
}

func rowsOf(s *store.Store, table string) (lines []string, err error) {
	rows, err := s.DB().Query("SELECT * FROM " + table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		if err := rows.Scan(at...); err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprint(table, " ", values))
	}
	slices.Sort(lines)
	return lines, rows.Err()
}

// A backup holds what the data folder holds, also while a service writes to it, and restores to just that; sessions
// stay behind.
func TestBackupRestoresWhatWasThere(t *testing.T) {
	data, _ := archivedMeeting(t)
	s := startService(t, data)
	s.as(t, "scrutineer1")
	file, again := filepath.Join(t.TempDir(), "a.backup"), filepath.Join(t.TempDir(), "again")
	code, out, errOut := pingyi(t, "backup", "--data", data, "--keys", "-o", file)
	if code != 0 || !strings.Contains(out, "16 张票面图像") || !strings.Contains(out, "以后销毁的图像仍在这份备份里") {
		t.Fatal(code, out, errOut)
	}
	s.kill()
	if left, _ := filepath.Glob(file + ".*"); len(left) > 0 {
		t.Errorf("left beside the backup: %v", left)
	}
	if code, out, errOut := pingyi(t, "restore", file, "--data", again); code != 0 || !strings.Contains(out, "16 张") {
		t.Fatal(code, out, errOut)
	}
	if want, got := contents(t, data), contents(t, again); !slices.Equal(want, got) {
		t.Errorf("%d lines were backed up, %d others restored", len(want), len(got))
	}
	withTestStore(t, again, func(s *store.Store) error {
		var sessions int
		if err := s.DB().QueryRow("SELECT count(*) FROM sessions").Scan(&sessions); err != nil || sessions != 0 {
			t.Errorf("%d sessions are restored, %v", sessions, err)
		}
		return nil
	})
	if left, _ := filepath.Glob(again + ".*"); len(left) > 0 {
		t.Errorf("left beside the folder: %v", left)
	}
	if code, _, errOut := pingyi(t, "restore", file, "--data", again); code != 2 || !strings.Contains(errOut, "已存在") {
		t.Errorf("a restore over a folder: %d %s", code, errOut)
	}
}

// An open batch has an order: a backup names it and is refused, and leaves nothing behind.
func TestBackupRefusesAnOpenBatch(t *testing.T) {
	data, id, _ := openMeeting(t, 10)
	var b ballot.Batch
	withTestStore(t, data, func(s *store.Store) (err error) {
		b, err = s.OpenBatch(context.Background(), "scanning", id, "A", []string{"1"})
		return err
	})
	if _, err := store.TakeSnapshot(context.Background(), config{data: data}.database(), filepath.Join(data, "none", "a.db")); ballot.CodeOf(err) != ballot.CodeState {
		t.Errorf("it writes before it refuses: %v", err)
	}
	file := filepath.Join(t.TempDir(), "a.backup")
	code, _, errOut := pingyi(t, "backup", "--data", data, "-o", file)
	if code != 1 || !strings.Contains(errOut, "述职评议表") || !strings.Contains(errOut, "A票") {
		t.Errorf("%d %s", code, errOut)
	}
	if left, _ := filepath.Glob(file + "*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	withTestStore(t, data, func(s *store.Store) error {
		_, err := s.DB().Exec("UPDATE batches SET state = 'closed' WHERE id = ?", b.ID)
		return err
	})
	must[int](t)(0, os.WriteFile(file+".part", nil, 0o644)) //nolint:gosec // as somebody else would leave it there, to read it later
	if code, _, errOut := pingyi(t, "backup", "--data", data, "-o", file); code != 1 || !strings.Contains(errOut, "别人") {
		t.Error(code, errOut)
	}
	must[int](t)(0, os.Remove(file+".part"))
	if code, _, errOut := pingyi(t, "backup", "--data", data, "-o", file); code != 0 {
		t.Error(code, errOut)
	}
}

// A backup of which any byte was changed, or that was cut, is refused whole: nothing is put in place.
func TestDamagedBackupIsRefused(t *testing.T) {
	data, _ := archivedMeeting(t)
	file := filepath.Join(t.TempDir(), "a.backup")
	if code, _, errOut := pingyi(t, "backup", "--data", data, "-o", file); code != 0 {
		t.Fatal(errOut)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	manifestAt := bytes.Index(whole, []byte(manifestMember))
	r := rand.New(rand.NewPCG(3, 3))
	try := func(name string, data []byte) {
		t.Helper()
		to := filepath.Join(t.TempDir(), "new")
		bad := to + ".backup"
		must[int](t)(0, os.WriteFile(bad, data, 0o600))
		if _, err := restore(context.Background(), bad, to); err == nil {
			t.Errorf("%s: restored", name)
		}
		if left, _ := filepath.Glob(to); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
		if left, _ := filepath.Glob(to + ".restoring"); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
	for range 12 {
		changed := slices.Clone(whole)
		changed[512+r.IntN(100_000)] ^= 1 << r.IntN(8)
		try("a byte of the database", changed)
		try("cut", whole[:r.IntN(manifestAt)])
	}
	try("cut in the manifest", whole[:manifestAt+700])
	try("no file of ours", []byte("PK\x03\x04"))
	try("empty", nil)
	other := bytes.Replace(slices.Clone(whole), []byte(databaseMember), []byte("../../p.db"[:len(databaseMember)]), 1)
	try("a name that leaves the folder", other)
}

// Keys stay out of a backup, and are named, unless they are asked for.
func TestKeysAreBackedUpWhenAskedFor(t *testing.T) {
	data, _ := balancedMeeting(t)
	must[int](t)(0, os.WriteFile(filepath.Join(data, "serial-0a1b.key"), []byte("secret-of-keys"), 0o600))
	must[int](t)(0, os.WriteFile(filepath.Join(data, "tls.key"), []byte("of-the-certificate"), 0o600)) // none of ours: never
	dir := t.TempDir()
	for file, flags := range map[string][]string{"without": nil, "with": {"--keys"}} {
		file := filepath.Join(dir, file)
		code, out, errOut := pingyi(t, append([]string{"backup", "--data", data, "-o", file}, flags...)...)
		if code != 0 || !strings.Contains(out, "serial-0a1b.key") {
			t.Fatal(code, out, errOut)
		}
		raw, err := os.ReadFile(file)
		if err != nil || bytes.Contains(raw, []byte("secret-of-keys")) != (flags != nil) {
			t.Errorf("%s: the key is there: %v, %v", file, flags == nil, err)
		}
		if bytes.Contains(raw, []byte("of-the-certificate")) {
			t.Errorf("%s: a key that is none of ours goes along", file)
		}
		code, out, errOut = pingyi(t, "restore", file, "--data", file+".data")
		if code != 0 || strings.Contains(out, "pingyi evidence new-key") != (flags == nil) { // what to do without the log's key
			t.Error(out, errOut)
		}
		raw, err = os.ReadFile(filepath.Join(file+".data", "serial-0a1b.key"))
		if (err == nil && string(raw) == "secret-of-keys") != (flags != nil) {
			t.Errorf("%s: the restored key is %q, %v", file, raw, err)
		}
	}
}

// A name that is another file's is refused, and that file stays.
func TestBackupWritesOverNothingElse(t *testing.T) {
	data, _ := balancedMeeting(t)
	file := filepath.Join(t.TempDir(), "important.txt")
	must[int](t)(0, os.WriteFile(file, []byte("important"), 0o600))
	if code, _, errOut := pingyi(t, "backup", "--data", data, "-o", file); code != 2 || !strings.Contains(errOut, "不是备份") {
		t.Errorf("%d %s", code, errOut)
	}
	if kept := must[[]byte](t)(os.ReadFile(file)); string(kept) != "important" {
		t.Errorf("the file is now %d bytes", len(kept))
	}
}

// runFor runs the program in a process of its own and kills it after a while; 0 lets it end.
func runFor(t *testing.T, after time.Duration, args ...string) (killed bool, took time.Duration) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asMain+"=1")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	begin := time.Now()
	must[int](t)(0, cmd.Start())
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err = cmd.Wait()
	if killed = cmd.ProcessState.ExitCode() < 0; err != nil && !killed {
		t.Fatalf("%v: %v %s", args, err, said.String())
	}
	return killed, time.Since(begin)
}

// Backup and restore killed at random moments: the older backup survives whole or the newer one stands in its place,
// and a restored folder is there whole or not at all. `make faults` kills them 50 times and more.
func TestKilledBackupKeepsTheOlderOne(t *testing.T) {
	data, _ := archivedMeeting(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "a.backup")
	r := rand.New(rand.NewPCG(*backupSeed, 50))
	_, usual := runFor(t, 0, "backup", "--data", data, "--keys", "-o", file)
	old := contents(t, data)
	kills, newer, restores := 0, 0, 0
	usualRestore := 2 * usual
	for round := range *backupRounds {
		withTestStore(t, data, func(s *store.Store) error {
			_, err := s.DB().Exec("INSERT INTO acts (time, actor, act) VALUES ('2026-01-01T00:00:00Z', 'test', ?)", fmt.Sprint("round ", round))
			return err
		})
		fresh := contents(t, data)
		killed, _ := runFor(t, 1+time.Duration(r.Float64()*1.2*float64(usual)), "backup", "--data", data, "--keys", "-o", file)
		if killed {
			kills++
		}
		to := filepath.Join(dir, "restored")
		if killed, took := runFor(t, 1+time.Duration(r.Float64()*1.2*float64(usualRestore)), "restore", file, "--data", to); killed {
			restores++
		} else {
			usualRestore = took
		}
		if _, err := os.Stat(to); err != nil { // killed before it was in place
			if _, err := restore(context.Background(), file, to); err != nil {
				t.Fatalf("round %d: after a kill the backup is not whole: %v", round, err)
			}
		}
		switch got := contents(t, to); {
		case slices.Equal(got, fresh):
			newer++
			old = fresh
		case !killed:
			t.Errorf("round %d: a finished backup is not the newest", round)
		case !slices.Equal(got, old):
			t.Errorf("round %d: what is restored is neither the older nor the newer state", round)
		}
		must[int](t)(0, os.RemoveAll(to))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 4 {
		t.Errorf("left behind: %v", left)
	}
	t.Logf("%d rounds: backup killed %d times, restore %d times, %d newer backups stood", *backupRounds, kills, restores, newer)
}

// FuzzUnpackBackup: whatever a file holds, nothing is written outside the folder, and only a whole backup is taken.
func FuzzUnpackBackup(f *testing.F) {
	var whole bytes.Buffer
	w := newBackupWriter(&whole)
	file := filepath.Join(f.TempDir(), "member")
	if err := os.WriteFile(file, []byte("SQLite format 3\x00"), 0o600); err != nil {
		f.Fatal(err)
	}
	if err := w.addFile(databaseMember, file); err != nil {
		f.Fatal(err)
	}
	if _, err := w.finish(); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(bytes.Replace(whole.Bytes(), []byte(databaseMember), []byte("../../a.db"[:len(databaseMember)]), 1))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		folder := filepath.Join(dir, "folder")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		made, err := unpackBackup(context.Background(), bytes.NewReader(data), folder)
		if err == nil && made.Format != backupFormat {
			t.Error("what is no backup was taken")
		}
		if outside, _ := filepath.Glob(filepath.Join(dir, "*")); len(outside) != 1 {
			t.Errorf("written outside: %v", outside)
		}
	})
}

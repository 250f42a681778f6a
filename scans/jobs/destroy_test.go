package jobs

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/keys"
	"pingyi/ballot/store"
)

func (f *fatalStore) BeginDestruction(ctx context.Context, actor, meeting string, pictures int, bytes int64) error {
	f.here("before destroying")
	err := f.Store.BeginDestruction(ctx, actor, meeting, pictures, bytes)
	f.here("before pictures go")
	return err
}

func (f *fatalStore) DestroyRows(ctx context.Context, meeting string) error {
	f.here("before rows go")
	err := f.Store.DestroyRows(ctx, meeting)
	f.here("after rows are gone")
	return err
}

func (f *fatalStore) FinishDestruction(ctx context.Context, meeting string) error {
	f.here("before the file is rewritten")
	err := f.Store.FinishDestruction(ctx, meeting)
	f.here("after all")
	return err
}

// archived feeds n leaves and takes the meeting to its end, some months ago: its ballots were to be destroyed days
// since.
func (h *house) archived(n int) {
	h.t.Helper()
	ctx := context.Background()
	h.work()
	b := h.batch()
	h.upload(b, stack(0, n)...)
	h.wait(b)
	h.must(h.close(b))
	h.must(h.service.Stop(ctx))
	for _, group := range []string{"A", "B"} {
		for _, venue := range []string{"1", "2"} {
			for _, field := range ballot.LedgerFields() {
				value := 0
				if group == "A" && venue == "1" && field != ballot.Spoiled && field != ballot.NotReturned {
					value = n
				}
				key := ballot.LedgerKey{Venue: venue, Group: group}
				h.must(h.store.EnterLedger(ctx, "p1", h.meeting, key, field, value))
				h.must(h.store.ConfirmLedger(ctx, "p2", h.meeting, key, field, value))
			}
		}
	}
	then := time.Now().AddDate(0, 0, -100)
	past, err := store.Open(filepath.Join(h.dir, "pingyi.db"), store.Options{Now: func() time.Time { return then }})
	h.must(err)
	defer past.Close()
	_, err = past.Balance(ctx, "s1", h.meeting)
	h.must(err)
	for _, number := range "12" {
		_, err := past.Certify(ctx, "s"+string(number), h.meeting, "无误")
		h.must(err)
	}
	for _, act := range []func(who string) (store.Signed, error){
		func(who string) (store.Signed, error) { return past.Release(ctx, who, h.meeting, "无误") },
		func(who string) (store.Signed, error) { return past.ExportRecords(ctx, who, h.meeting, "存档") },
	} {
		for _, who := range []string{"c1", "c2"} {
			_, err := act(who)
			h.must(err)
		}
	}
	h.must(past.Downloaded(ctx, "c1", h.meeting, "ab", 1))
	_, err = past.Archive(ctx, "c1", h.meeting, then.AddDate(0, 0, ballot.LeastRetention).Format(time.DateOnly))
	h.must(err)
}

// secrets are texts that a meeting's ballots have in the data folder: ids of pages and leaves, a picture, a reading.
func (h *house) secrets() (texts []string) {
	h.t.Helper()
	for _, p := range h.pages() {
		texts = append(texts, p.ID, p.Leaf)
	}
	k, err := keys.Folder(h.dir).Make(h.meeting, rand.Reader) // as of a meeting in serial mode
	h.must(err)
	texts = append(texts, string(k.MAC[:]))
	return append(texts, "11 2\x00picture", `"verdict":"grade","grade":"较好"`)
}

// holding tells which of the texts stand in a name or in the bytes of any file of the data folder, and how many
// pictures there are. Pictures of the test's reader are lines as "11 2".
func (h *house) holding(texts []string) (found []string, pictures int) {
	h.t.Helper()
	seen := map[string]bool{}
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if filepath.Ext(path) == suffix {
			pictures++
			raw = append(raw, "\x00picture"...)
		}
		for _, text := range texts {
			// A statement that was certified has figures and no verdicts.
			if bytes.Contains(raw, []byte(text)) || strings.Contains(path, text) {
				seen[text] = true
			}
		}
		return err
	})
	h.must(err)
	for _, text := range texts {
		if seen[text] {
			found = append(found, text)
		}
	}
	return found, pictures
}

// A destruction that is killed anywhere is finished by the next start; nothing is left in any file, and the result
// still answers.
func TestKilledWhileDestroying(t *testing.T) {
	for _, at := range []string{"before destroying", "before pictures go", "before rows go", "after rows are gone", "before the file is rewritten", "after all"} {
		t.Run(at, func(t *testing.T) {
			h := newHouse(t, kind{subjects: 72}, 12)
			h.archived(12)
			secrets := h.secrets()
			if found, pictures := h.holding(secrets); len(found) != len(secrets) || pictures != 24 {
				t.Fatalf("the search finds %d of %d texts and %d pictures before", len(found), len(secrets), pictures)
			}
			h.must(h.store.Close())
			if h.run(0, destroyVariable+"=1", killVariable+"="+at) {
				t.Fatal("not killed")
			}
			h.openStore()
			h.service = h.open()
			h.service.Keys = keys.Folder(h.dir)
			h.must(h.service.DestroyDue(context.Background()))
			h.checkDestroyed(secrets)
		})
	}
}

// Killed at any moment, by the clock, until it is done.
func TestKilledWhileDestroyingByTheClock(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 80)
	h.archived(80)
	secrets := h.secrets()
	h.must(h.store.Close())
	kills := 0
	for after := 30 * time.Millisecond; !h.run(after, destroyVariable+"=1"); after += after / 4 {
		kills++
	}
	t.Logf("killed %d times", kills)
	if kills == 0 {
		t.Error("never killed: too quick to prove anything")
	}
	h.openStore()
	h.service = h.open()
	h.checkDestroyed(secrets)
}

// checkDestroyed searches all files, and asks for what stays.
func (h *house) checkDestroyed(secrets []string) {
	h.t.Helper()
	ctx := context.Background()
	a, err := h.store.Archiving(ctx, h.meeting)
	h.must(err)
	if n := (len(secrets) - 3) / 2; a.Keeping != ballot.Destroyed || a.Counts.Pages != n || a.Counts.Pictures != n || a.Counts.Leaves != n/2 || a.Counts.Bytes == 0 || a.DestroyedBy != DestroysByItself {
		h.t.Errorf("%+v", a)
	}
	acts, err := h.store.Acts(ctx, h.meeting, 0, 3)
	h.must(err)
	want := fmt.Sprintf("leaves %d, pages %d, pictures %d, bytes %d", a.Counts.Leaves, a.Counts.Pages, a.Counts.Pictures, a.Counts.Bytes)
	if acts[0].Act != "destroy_ballots" || acts[0].Detail != want || acts[1].Act == "destroy_ballots" {
		h.t.Errorf("recorded %+v", acts)
	}
	r, err := h.store.Result(ctx, h.meeting)
	h.must(err)
	if r.Total.Valid != a.Counts.Leaves {
		h.t.Errorf("the result has %d ballots", r.Total.Valid)
	}
	h.must(h.store.Close())
	found, pictures := h.holding(secrets)
	if len(found) > 0 || pictures > 0 {
		h.t.Errorf("left: %d pictures, %q", pictures, found)
	}
}

// The service looks at once and at each tick, and before the day it destroys nothing.
func TestDestroysByItself(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 10)
	h.archived(10)
	ctx, stop := context.WithCancel(context.Background())
	var days atomic.Int64 // before today
	days.Store(-100)
	h.must(h.store.Close())
	s, err := store.Open(filepath.Join(h.dir, "pingyi.db"), store.Options{Now: func() time.Time { return time.Now().AddDate(0, 0, int(days.Load())) }})
	h.must(err)
	h.store = s
	h.service = h.open()
	h.want(ballot.CodeTooEarly, h.service.Destroy(ctx, "root", h.meeting))
	h.must(s.CreateUser(ctx, "root", store.User{Name: "gone", Role: ballot.RoleCommittee, Hash: "h", Disabled: true}))
	h.want(ballot.CodeForbidden, h.service.Destroy(ctx, "gone", h.meeting))
	tick, ended := make(chan time.Time), make(chan bool)
	go func() { h.service.KeepDestroying(ctx, tick); close(ended) }()
	tick <- time.Time{} // the first look is over
	if a, err := s.Archiving(ctx, h.meeting); err != nil || a.Keeping != ballot.Kept {
		t.Errorf("%+v, %v", a, err)
	}
	tick <- time.Time{} // the second too
	days.Store(-100 + ballot.LeastRetention)
	tick <- time.Time{}
	tick <- time.Time{}
	if a, err := s.Archiving(ctx, h.meeting); err != nil || a.Keeping != ballot.Destroyed {
		t.Errorf("%+v, %v", a, err)
	}
	stop()
	<-ended
	h.must(s.Close())
}

package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// watched is a house with a scanner's folder that is looked at often.
func watched(t *testing.T) (h *house, folder string) {
	h = newHouse(t, kind{subjects: 20}, 10)
	h.service.Config.Watch = t.TempDir()
	h.service.times = watchTimes{look: 5 * time.Millisecond, settle: 20 * time.Millisecond, quiet: 60 * time.Millisecond}
	t.Cleanup(h.service.watcher.end)
	return h, h.service.Config.Watch
}

func (h *house) put(path, text string) {
	h.t.Helper()
	h.must(os.WriteFile(path, []byte(text), 0o600))
}

func (h *house) openBatch() string {
	h.t.Helper()
	b, err := h.store.OpenBatch(context.Background(), "scanning", h.meeting, "A", []string{"1"})
	h.must(err)
	return b.ID
}

// until waits for what must come.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	h.t.Fatal("never: ", what)
}

func (h *house) uploads(batch string) (names []string) {
	h.t.Helper()
	list, err := h.store.Uploads(context.Background(), batch)
	h.must(err)
	for _, u := range list {
		names = append(names, u.Name)
	}
	return names
}

// A batch takes files once they are whole, under numbers, and empties the folder; loose pictures come as one file;
// what the meeting has already is not taken twice; other files are left alone.
func TestScannersFolder(t *testing.T) {
	h, folder := watched(t)
	ctx := context.Background()
	batch, other := h.openBatch(), h.openBatch()
	h.put(filepath.Join(folder, "zhang san.pdf"), "1 1\n")
	h.want(ballot.CodeConflict, h.service.Watch(ctx, "scan", batch, true, false))
	h.must(h.service.Watch(ctx, "scan", batch, true, true))
	h.want(ballot.CodeState, h.service.Watch(ctx, "scan", other, true, true))
	empty := func() bool { files, err := h.service.inFolder(); h.must(err); return len(files) == 0 }
	h.until("one file", empty)
	h.until("its upload", func() bool { return len(h.uploads(batch)) == 1 })

	growing := filepath.Join(folder, "slow.tif")
	h.put(growing, "2 1\n")
	for i := range 6 { // a file that grows is left until it is whole
		time.Sleep(8 * time.Millisecond)
		h.put(growing, strings.Repeat("2 1\n", i+2))
		if len(h.uploads(batch)) > 1 {
			t.Fatal("a growing file was taken")
		}
	}
	for _, name := range []string{"p10.jpg", "p9.jpg", "P8.JPG"} {
		h.put(filepath.Join(folder, name), name+"\n")
	}
	h.put(filepath.Join(folder, "Thumbs.db"), "x")
	h.put(filepath.Join(folder, ".hidden.pdf"), "x")
	h.put(filepath.Join(folder, "again.pdf"), "1 1\n")
	h.until("all", empty)
	h.until("what was known", func() bool { return h.service.Watching(batch).Known == 1 })
	names := h.uploads(batch)
	for _, n := range names {
		if strings.Contains(n, "zhang") || strings.Contains(n, "slow") || strings.Contains(n, "p9") {
			t.Errorf("a name was kept: %s", n)
		}
	}
	kinds := []string{}
	for _, n := range names {
		kinds = append(kinds, filepath.Ext(n))
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{".pdf", ".tif", ".zip"}) {
		t.Errorf("uploads %v", names)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		t.Errorf("left in the folder: %v", left)
	}
	h.put(filepath.Join(folder, "late.pdf"), "3 1\n")
	h.want(ballot.CodeUnresolved, h.service.Close(ctx, "scanning", batch, ballot.Vouching{}))
	h.until("the late one", empty)
	h.must(h.service.Discard(ctx, "scanning", batch))
	if h.service.Watching(batch).On || h.service.watcher.of(batch) {
		t.Error("a discarded batch takes files")
	}
	h.must(h.service.Watch(ctx, "scan", other, true, false))
	h.must(h.service.Watch(ctx, "scan", other, false, false))
	h.put(filepath.Join(folder, "after.pdf"), "4 1\n")
	time.Sleep(100 * time.Millisecond)
	if len(h.uploads(other)) != 0 {
		t.Error("files were taken after the end")
	}
}

// What was begun by an account ends with it: the files stay until somebody else begins.
func TestFolderEndsWithTheAccount(t *testing.T) {
	h, folder := watched(t)
	ctx := context.Background()
	batch := h.openBatch()
	u := store.User{Name: "w", Role: ballot.RoleScanning}
	h.must(h.store.CreateUser(ctx, "test", u))
	h.must(h.service.Watch(ctx, "w", batch, true, false))
	h.put(filepath.Join(folder, "a.pdf"), "1 1\n")
	h.until("one file", func() bool { return len(h.uploads(batch)) == 1 })
	closed := u
	closed.Disabled = true
	h.must(h.store.UpdateUser(ctx, "test", u, closed))
	h.put(filepath.Join(folder, "b.pdf"), "2 1\n")
	h.until("the end", func() bool { return !h.service.watcher.of(batch) })
	if state := h.service.Watching(batch); state.On || state.Waiting != 1 || state.Problem != errMayNot.Error() || len(h.uploads(batch)) != 1 {
		t.Errorf("%+v, uploads %v", state, h.uploads(batch))
	}
	h.must(h.service.Watch(ctx, "scan", batch, true, true))
	h.until("the other file", func() bool { return len(h.uploads(batch)) == 2 })
}

// Without a folder, or with one that is gone, nothing is taken, and people are told.
func TestNoScannersFolder(t *testing.T) {
	h := newHouse(t, kind{subjects: 20}, 10)
	ctx := context.Background()
	batch := h.openBatch()
	h.want(ballot.CodeState, h.service.Watch(ctx, "scan", batch, true, false))
	h.service.Config.Watch = filepath.Join(h.dir, "gone")
	h.want(ballot.CodeState, h.service.Watch(ctx, "scan", batch, true, false))
}

func TestByNumber(t *testing.T) {
	names := []string{"p10", "p2", "a3b2", "a3b10", "p02x", "p"}
	slices.SortFunc(names, byNumber)
	if got := strings.Join(names, " "); got != "a3b2 a3b10 p p2 p02x p10" {
		t.Error(got)
	}
}

// A paused batch is read no further until it goes on, also after a restart and after another batch is swept; then
// nothing is missing and nothing is read twice.
func TestPause(t *testing.T) {
	h := newHouse(t, kind{subjects: 20}, 60)
	ctx := context.Background()
	config := h.config()
	config.Reader = textReader{pause: 3 * time.Millisecond}
	s, err := New(ctx, config)
	h.must(err)
	batch := h.openBatch()
	h.must(s.Start(ctx))
	var lines strings.Builder
	for i := range 60 {
		lines.WriteString(fmt.Sprintf("%d 1\n", i+1))
	}
	_, err = s.Upload(ctx, "scan", batch, "a.pdf", strings.NewReader(lines.String()))
	h.must(err)
	read := func() int { pages, err := h.store.SpoolPages(ctx, batch); h.must(err); return len(pages) }
	h.until("some pages", func() bool { return read() > 2 })
	h.must(s.Pause(ctx, batch, true))
	time.Sleep(500 * time.Millisecond) // pages under way
	before := read()
	if before == 60 {
		t.Skip("the machine was faster than the pause")
	}
	h.must(s.Stop(ctx))
	s, err = New(ctx, config)
	h.must(err)
	h.must(s.Start(ctx))
	time.Sleep(300 * time.Millisecond)
	if now := read(); now != before || !s.Paused(batch) {
		t.Errorf("%d pages read when paused, %d later, paused %v", before, now, s.Paused(batch))
	}
	h.want(ballot.CodeUnresolved, s.Close(ctx, "scanning", batch, ballot.Vouching{}))
	h.must(s.Pause(ctx, batch, false))
	h.until("all pages", func() bool { return read() == 60 })
	h.must(s.Stop(ctx))
}

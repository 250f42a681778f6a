package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/worker"
)

// folderClock is the clock by which files settle: it stands still until it is told, so that a slow machine makes no file
// that grows look whole.
type folderClock struct{ ahead, looks atomic.Int64 }

var folderStart = time.Now()

func (c *folderClock) now() time.Time { // asked once a look, before the files
	c.looks.Add(1)
	return folderStart.Add(time.Duration(c.ahead.Load()))
}

// pass lets time pass once all that lies in the folder has been looked at.
func (c *folderClock) pass(h *house, d time.Duration) {
	h.t.Helper()
	from := c.looks.Load()
	h.until("a look at the folder", func() bool { return c.looks.Load() >= from+2 }) // the first of them is over
	c.ahead.Add(int64(d))
}

// watched is a house with a scanner's folder that is looked at often.
func watched(t *testing.T) (h *house, folder string, clock *folderClock) {
	h, clock = newHouse(t, kind{subjects: 20}, 10), &folderClock{}
	h.service.Config.Watch = t.TempDir()
	h.service.times.look, h.service.times.now = 5*time.Millisecond, clock.now
	t.Cleanup(h.service.watcher.end)
	return h, h.service.Config.Watch, clock
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
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
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
	h, folder, clock := watched(t)
	ctx := context.Background()
	batch, other := h.openBatch(), h.openBatch()
	h.put(filepath.Join(folder, "zhang san.pdf"), "1 1\n")
	h.want(ballot.CodeConflict, h.service.Watch(ctx, "scan", batch, true, false))
	h.must(h.service.Watch(ctx, "scan", batch, true, true))
	h.want(ballot.CodeState, h.service.Watch(ctx, "scan", other, true, true))
	left := func(n int) func() bool {
		return func() bool { files, err := h.service.inFolder(); h.must(err); return len(files) == n }
	}
	clock.pass(h, usualTimes.settle)
	h.until("one file", left(0))
	if len(h.uploads(batch)) != 1 {
		t.Error("a file is gone and was not uploaded")
	}

	growing := filepath.Join(folder, "slow.tif")
	for i := range 6 { // a file that grows is left until it is whole
		h.put(growing, strings.Repeat("2 1\n", i+1))
		clock.pass(h, usualTimes.settle-time.Millisecond)
	}
	clock.pass(h, 0)
	if len(h.uploads(batch)) > 1 {
		t.Fatal("a growing file was taken")
	}
	for _, name := range []string{"p10.jpg", "p9.jpg", "P8.JPG"} {
		h.put(filepath.Join(folder, name), name+"\n")
	}
	h.put(filepath.Join(folder, "Thumbs.db"), "x")
	h.put(filepath.Join(folder, ".hidden.pdf"), "x")
	h.put(filepath.Join(folder, "again.pdf"), "1 1\n")
	clock.pass(h, usualTimes.settle)
	h.until("what stands by itself", left(3)) // a stack of pictures may not be whole yet
	clock.pass(h, usualTimes.quiet)
	h.until("all", left(0))
	h.until("what was known", func() bool { return h.service.Watching(batch).Known == 1 })
	h.checkTaken(batch, folder)
	h.put(filepath.Join(folder, "late.pdf"), "3 1\n")
	h.want(ballot.CodeUnresolved, h.service.Close(ctx, "scanning", batch, ballot.Vouching{}))
	clock.pass(h, usualTimes.settle)
	h.until("the late one", left(0))
	h.must(h.service.Discard(ctx, "scanning", batch))
	if h.service.Watching(batch).On || h.service.watcher.of(batch) {
		t.Error("a discarded batch takes files")
	}
	h.must(h.service.Watch(ctx, "scan", other, true, false))
	h.must(h.service.Watch(ctx, "scan", other, false, false))
	looks := clock.looks.Load()
	h.put(filepath.Join(folder, "after.pdf"), "4 1\n")
	time.Sleep(100 * time.Millisecond)
	if len(h.uploads(other)) != 0 || clock.looks.Load() != looks {
		t.Error("the folder was looked at after the end")
	}
}

// checkTaken checks what TestScannersFolder has taken: no name is kept, pictures came as one file, and what is no scan lies
// there still.
func (h *house) checkTaken(batch, folder string) {
	h.t.Helper()
	names, kinds := h.uploads(batch), []string{}
	for _, n := range names {
		if strings.Contains(n, "zhang") || strings.Contains(n, "slow") || strings.Contains(n, "p9") {
			h.t.Errorf("a name was kept: %s", n)
		}
		kinds = append(kinds, filepath.Ext(n))
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{".pdf", ".tif", ".zip"}) {
		h.t.Errorf("uploads %v", names)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		h.t.Errorf("left in the folder: %v", left)
	}
}

// What was begun by an account ends with it: the files stay until somebody else begins.
func TestFolderEndsWithTheAccount(t *testing.T) {
	h, folder, clock := watched(t)
	ctx := context.Background()
	batch := h.openBatch()
	u := store.User{Name: "w", Role: ballot.RoleScanning}
	h.must(h.store.CreateUser(ctx, "test", u))
	h.must(h.service.Watch(ctx, "w", batch, true, false))
	h.put(filepath.Join(folder, "a.pdf"), "1 1\n")
	clock.pass(h, usualTimes.settle)
	h.until("one file", func() bool { return len(h.uploads(batch)) == 1 })
	closed := u
	closed.Disabled = true
	h.must(h.store.UpdateUser(ctx, "test", u, closed))
	h.put(filepath.Join(folder, "b.pdf"), "2 1\n")
	clock.pass(h, usualTimes.settle)
	h.until("the end", func() bool { return !h.service.watcher.of(batch) })
	if state := h.service.Watching(batch); state.On || state.Waiting != 1 || state.Problem != errMayNot.Error() || len(h.uploads(batch)) != 1 {
		t.Errorf("%+v, uploads %v", state, h.uploads(batch))
	}
	h.must(h.service.Watch(ctx, "scan", batch, true, true))
	clock.pass(h, usualTimes.settle)
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

// gatedReader reads a page for each token that it gets.
type gatedReader struct {
	textReader
	gate chan struct{}
}

func (r gatedReader) Read(ctx context.Context, forms worker.Forms, part worker.Part, from, to int, each func(worker.Page) error) error {
	for i := from; i < to; i++ {
		select {
		case <-r.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := r.textReader.Read(ctx, forms, part, i, i+1, each); err != nil {
			return err
		}
	}
	return nil
}

// A paused batch is read no further until it goes on, also after a restart and after another batch is swept; then
// nothing is missing and nothing is read twice.
func TestPause(t *testing.T) {
	h := newHouse(t, kind{subjects: 20}, 60)
	ctx := context.Background()
	config, gate := h.config(), make(chan struct{})
	config.Reader = gatedReader{gate: gate}
	s, err := New(ctx, config)
	h.must(err)
	h.service = s
	batch := h.openBatch()
	h.work()
	var lines strings.Builder
	for i := range 60 {
		lines.WriteString(fmt.Sprintf("%d 1\n", i+1))
	}
	_, err = s.Upload(ctx, "scan", batch, "a.pdf", strings.NewReader(lines.String()))
	h.must(err)
	read := func() int { pages, err := h.store.SpoolPages(ctx, batch); h.must(err); return len(pages) }
	for range 5 {
		gate <- struct{}{}
	}
	h.must(s.Pause(ctx, batch, true))
	close(gate)
	h.until("the pages under way", func() bool { return h.readJobs("state = 'running'") == 0 })
	before := read()
	if before < 5 || before > 5+config.Workers {
		t.Errorf("%d pages read when paused", before)
	}
	h.must(s.Stop(ctx))
	s, err = New(ctx, config)
	h.must(err)
	h.service = s
	h.work()
	all := h.readJobs("true")
	h.until("each job found it paused", func() bool { return h.readJobs("metadata ->> 'snoozes' > 0") == all })
	if now := read(); now != before || !s.Paused(batch) || all < 2 {
		t.Errorf("%d pages read when paused, %d later, paused %v, %d jobs", before, now, s.Paused(batch), all)
	}
	h.want(ballot.CodeUnresolved, s.Close(ctx, "scanning", batch, ballot.Vouching{}))
	h.must(s.Pause(ctx, batch, false))
	h.until("all pages", func() bool { return read() == 60 })
	h.must(s.Stop(ctx))
}

// readJobs counts the jobs that read pages of which something is so.
func (h *house) readJobs(condition string) (n int) {
	h.t.Helper()
	h.must(h.store.DB().QueryRow("SELECT count(*) FROM river_job WHERE kind = 'read' AND (" + condition + ")").Scan(&n))
	return n
}

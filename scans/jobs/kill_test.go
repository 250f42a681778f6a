package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/keys"
	"pingyi/ballot/store"
)

// The test binary is its own service: with these variables set it works on a folder, or closes a batch,
// until it is killed, by its test or by its own hand at a stated place.
const (
	serviceVariable = "PINGYI_TEST_SERVICE" // folder
	closeVariable   = "PINGYI_TEST_CLOSE"   // batch to close; otherwise uploads are read
	vouchVariable   = "PINGYI_TEST_VOUCH"   // who vouches for one void leaf of it
	destroyVariable = "PINGYI_TEST_DESTROY" // set: what is due is destroyed
	killVariable    = "PINGYI_TEST_KILL"    // where to be killed
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(serviceVariable); folder != "" {
		if err := serve(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func serve(folder string) error {
	ctx := context.Background()
	db, err := store.Open(filepath.Join(folder, "pingyi.db"), store.Options{})
	if err != nil {
		return err
	}
	fatal := &fatalStore{Store: db, at: os.Getenv(killVariable)}
	s, err := New(ctx, Config{Store: fatal, DB: db.DB(), Reader: textReader{pause: 2 * time.Millisecond}, Keys: keys.Folder(folder), Folder: folder,
		Workers: 2, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	if batch := os.Getenv(closeVariable); batch != "" {
		b, err := s.Store.Batch(ctx, batch)
		if err != nil {
			return err
		}
		pages, err := s.Pages(ctx, b)
		if err != nil {
			return err
		}
		return s.Close(ctx, "scan", batch, vouching(os.Getenv(vouchVariable), pages))
	}
	if os.Getenv(destroyVariable) != "" {
		return errors.Join(s.DestroyDue(ctx), db.Close())
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	open, err := db.OpenBatches(ctx)
	if err != nil {
		return err
	}
	for {
		waiting := 0
		for _, b := range open {
			if s.finished(ctx, b) != nil {
				waiting++
			}
		}
		if waiting == 0 {
			return errors.Join(s.Stop(ctx), db.Close())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// fatalStore kills its own process at a stated call.
type fatalStore struct {
	*store.Store
	at string
}

func (f *fatalStore) here(place string) {
	if place == f.at {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (f *fatalStore) FinishUpload(ctx context.Context, id string, pages int, problem string) error {
	f.here("before upload is taken apart")
	err := f.Store.FinishUpload(ctx, id, pages, problem)
	f.here("after upload is taken apart")
	return err
}

func (f *fatalStore) SaveSpoolPage(ctx context.Context, p ballot.SpoolPage) error {
	f.here("before a page is saved")
	err := f.Store.SaveSpoolPage(ctx, p)
	f.here("after a page is saved")
	return err
}

func (f *fatalStore) Meeting(ctx context.Context, id string) (ballot.Meeting, error) {
	f.here("before closing")
	return f.Store.Meeting(ctx, id)
}

func (f *fatalStore) CloseBatch(ctx context.Context, actor, batch string, c ballot.Closing, jobs func(*sql.Tx) error) error {
	f.here("before the transaction")
	err := f.Store.CloseBatch(ctx, actor, batch, c, func(tx *sql.Tx) error {
		err := jobs(tx)
		f.here("in the transaction")
		return err
	})
	f.here("after the transaction")
	return err
}

// run runs the service in a process of its own, killed after a time where it is not 0. done tells that it
// ended by itself and well.
func (h *house) run(after time.Duration, variables ...string) (done bool) {
	h.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), serviceVariable+"="+h.dir), variables...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	h.must(cmd.Start())
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err := cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); err != nil && !status.Signaled() {
		h.t.Fatalf("%v: %s", err, out.String())
	}
	return err == nil
}

// A service that is killed again and again in the middle of a batch reads what an undisturbed one reads.
func TestKilledWhileReading(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 120)
	b := h.batch()
	h.upload(b, append(stack(0, 90), "no_page", "90 2")...)
	h.upload(b, stack(91, 120)...)
	for _, at := range []string{"before upload is taken apart", "after upload is taken apart", "before a page is saved", "after a page is saved"} {
		if h.run(0, killVariable+"="+at) {
			t.Errorf("not killed %s", at)
		}
	}
	kills := 4
	for after := 150 * time.Millisecond; !h.run(after); after += after / 8 {
		kills++
	}
	t.Logf("killed %d times", kills)
	if kills < 6 {
		t.Errorf("killed %d times: too quick to prove anything", kills)
	}
	pages := h.wait(b)
	if len(pages) != 240 {
		t.Fatalf("%d images", len(pages))
	}
	for i, p := range pages {
		want := fmt.Sprintf("%d %d", i/2, i%2+1)
		if i == 180 {
			want = "no_page"
		}
		if bad := i == 180 || i == 181; h.spooled(p) != want || bad != (p.Reading.Rejected != nil) {
			t.Errorf("image %d: picture %q, want %q; %+v", i, h.spooled(p), want, p.Reading.Rejected)
		}
	}
	h.must(h.service.Dispose(context.Background(), "scan", b.ID, pages[180].Upload, pages[180].Index, ballot.Rescanned, nil))
	h.must(h.close(b))
	h.checkLeaves(119)
}

// A closing that is killed anywhere is, after a restart, either not begun or done. With it goes the word for void leaves:
// it is asked for anew, or recorded once.
func TestKilledWhileClosing(t *testing.T) {
	for _, at := range []string{"before closing", "before the transaction", "in the transaction", "after the transaction"} {
		t.Run(at, func(t *testing.T) {
			h := newHouse(t, kind{subjects: 72}, 61)
			first := h.batch()
			h.upload(first, stack(100, 110)...)
			b := h.batch()
			h.upload(b, append(stack(0, 50), "50 1", "streaks")...)
			if !h.run(0) {
				t.Fatal("not read")
			}
			pages, err := h.service.Pages(context.Background(), b)
			h.must(err)
			h.must(h.service.Dispose(context.Background(), "scan", b.ID, pages[101].Upload, pages[101].Index, ballot.Void, nil))
			h.must(h.close(first))
			if h.run(0, closeVariable+"="+b.ID, vouchVariable+"=s1", killVariable+"="+at) {
				t.Fatal("not killed")
			}
			h.restart()
			now, err := h.store.Batch(context.Background(), b.ID)
			h.must(err)
			if done := at == "after the transaction"; done != (now.State == ballot.BatchClosed) {
				t.Fatalf("killed %s: the batch is %s", at, now.State)
			}
			if now.State == ballot.BatchOpen {
				h.checkLeaves(10)
				h.want(ballot.CodeSecondPerson, h.close(b))
				h.must(h.closeVouched(b, "s1"))
			}
			if got := h.closings(); !slices.Equal(got, []string{"A 1: 51, of them 1 void (s1: 撕破)", "A 1: 10"}) {
				t.Errorf("the record says %q", got)
			}
			h.checkLeaves(60)
			h.checkSwept()
		})
	}
}

// Killed at any moment, by the clock: pictures are half written then.
func TestKilledWhileClosingByTheClock(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 300)
	b := h.batch()
	h.upload(b, stack(0, 300)...)
	if !h.run(0) {
		t.Fatal("not read")
	}
	kills := 0
	for after := 40 * time.Millisecond; !h.run(after, closeVariable+"="+b.ID); after += after / 4 {
		kills++
		now, err := h.store.Batch(context.Background(), b.ID)
		h.must(err)
		if now.State == ballot.BatchClosed {
			break // killed while clearing up
		}
	}
	t.Logf("killed %d times", kills)
	if kills == 0 {
		t.Error("never killed: too quick to prove anything")
	}
	h.restart()
	h.checkLeaves(300)
	h.checkSwept()
}

// A kill may come between the removal of a closed batch's last file and that of its folder.
func TestEmptyFolderIsSwept(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 10)
	b := h.batch()
	h.work()
	h.upload(b, stack(0, 10)...)
	h.wait(b)
	h.must(h.close(b))
	open := h.batch()
	for _, id := range []string{b.ID, open.ID, "gone"} {
		h.must(os.MkdirAll(h.service.spool(id), 0o700))
	}
	h.must(h.service.Stop(context.Background()))
	h.restart()
	left, _ := filepath.Glob(h.service.spool("*"))
	if len(left) != 1 || filepath.Base(left[0]) != open.ID {
		t.Errorf("left in the spool: %v, want that of the open batch alone", left)
	}
}

// restart is what the next start of the service does.
func (h *house) restart() {
	h.t.Helper()
	h.must(h.store.Close())
	h.openStore()
	h.service = h.open()
	h.work()
}

// checkSwept checks that nothing is left of closed batches but their pages.
func (h *house) checkSwept() {
	h.t.Helper()
	pages := h.pages()
	names, err := h.service.pictures.names(context.Background(), "")
	h.must(err)
	if len(names) != len(pages) {
		h.t.Errorf("%d pictures of %d pages", len(names), len(pages))
	}
	if left, _ := filepath.Glob(h.service.spool("*")); len(left) > 0 {
		h.t.Errorf("left in the spool: %v", left)
	}
	if n := h.jobRows(); n > 0 {
		h.t.Errorf("%d rows of jobs are left", n)
	}
}

func (h *house) jobRows() (n int) {
	h.t.Helper()
	h.must(h.store.DB().QueryRow("SELECT (SELECT count(*) FROM river_job) + (SELECT count(*) FROM river_notification)").Scan(&n))
	return n
}

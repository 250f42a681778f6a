package jobs

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"pingyi/ballot"
)

// The clock is moved back by an hour while jobs wait: they are read now, and not in an hour.
func TestClockMovedBack(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 20)
	ctx := context.Background()
	var back atomic.Int64
	c := h.config()
	c.Now = func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }
	c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := New(ctx, c)
	h.must(err)
	h.service = s
	s.times.clock = 20 * time.Millisecond
	b := h.batch()
	h.must(s.Pause(ctx, b.ID, true))
	h.work()
	h.upload(b, stack(0, 10)...)
	// To the queue this is what it looks like: what was due in a second is due in an hour. A job that is running, which is when
	// it finds the batch paused, will be due when it says so itself.
	h.until("the jobs wait, and none is running", func() bool {
		done, err := h.store.DB().Exec(`UPDATE river_job SET scheduled_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 hour') WHERE kind = 'read'
			AND NOT EXISTS (SELECT 1 FROM river_job WHERE state = 'running')`)
		h.must(err)
		n, err := done.RowsAffected()
		h.must(err)
		return n > 0
	})
	h.must(s.Pause(ctx, b.ID, false))
	time.Sleep(1500 * time.Millisecond)
	if err := s.finished(ctx, b); err == nil {
		t.Fatal("jobs of the future were done: this test proves nothing")
	}
	back.Store(int64(time.Hour))
	if pages := h.wait(b); len(pages) != 20 {
		t.Errorf("%d pages", len(pages))
	}
	h.must(h.close(b))
	h.checkLeaves(10)
}

// slowStore is a database on a slow disk.
type slowStore struct {
	Store
	pause time.Duration
}

func (s slowStore) AddUpload(ctx context.Context, actor string, u ballot.Upload, enqueue func(*sql.Tx) error) error {
	time.Sleep(s.pause)
	return s.Store.AddUpload(ctx, actor, u, func(tx *sql.Tx) error { time.Sleep(s.pause); return enqueue(tx) })
}

func (s slowStore) SaveSpoolPage(ctx context.Context, p ballot.SpoolPage) error {
	time.Sleep(s.pause)
	return s.Store.SaveSpoolPage(ctx, p)
}

func (s slowStore) CloseBatch(ctx context.Context, actor, batch string, c ballot.Closing, jobs func(*sql.Tx) error) error {
	return s.Store.CloseBatch(ctx, actor, batch, c, func(tx *sql.Tx) error { time.Sleep(20 * s.pause); return jobs(tx) })
}

// On a slow disk everything takes longer and comes to the same.
func TestSlowDisk(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 20)
	c := h.config()
	c.Store = slowStore{h.store, 100 * time.Millisecond}
	s, err := New(context.Background(), c)
	h.must(err)
	h.service = s
	h.work()
	b := h.batch()
	h.upload(b, stack(0, 6)...)
	h.upload(b, stack(6, 12)...)
	if pages := h.wait(b); len(pages) != 24 {
		t.Errorf("%d pages", len(pages))
	}
	h.must(h.close(b))
	h.checkLeaves(12)
	h.checkSwept()
}

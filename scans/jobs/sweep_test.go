package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUploadBesideSweep: a file that was saved is there, though sweeps go on all the time.
func TestUploadBesideSweep(t *testing.T) {
	dir := t.TempDir()
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for ctx.Err() == nil {
			files, _ := filepath.Glob(filepath.Join(dir, "*"))
			for _, path := range files {
				if err := whileIdle(path, func() error { return remove(path) }); err != nil {
					done <- err
					return
				}
			}
		}
		done <- nil
	}()
	for i := range 400 {
		path := filepath.Join(dir, fmt.Sprint(i))
		f, _, _, err := save(path, strings.NewReader("a stack"))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != "a stack" {
			t.Fatalf("upload %d was acknowledged: %q, %v", i, data, err)
		}
		f.Close()
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestForgetsClosedBatches: what was read is remembered of open batches alone.
func TestForgetsClosedBatches(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 5)
	h.work()
	closed, discarded, open := h.batch(), h.batch(), h.batch()
	h.upload(closed, stack(0, 5)...)
	h.upload(discarded, stack(5, 10)...)
	h.wait(closed)
	h.wait(discarded)
	h.must(h.close(closed))
	h.must(h.service.Discard(context.Background(), "scan", discarded.ID))
	h.upload(open, stack(10, 15)...)
	h.wait(open)
	h.service.read.mu.Lock()
	defer h.service.read.mu.Unlock()
	if got := h.service.read.batches; len(got) != 1 || len(got[open.ID]) != 10 {
		t.Errorf("remembered %v", got)
	}
}

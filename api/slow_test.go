package api

import (
	"context"
	"testing"
	"time"

	"pingyi/ballot"
)

// slowBatches open and close a batch on a slow disk.
type slowBatches struct{ Batches }

func (slowBatches) OpenBatch(ctx context.Context, _, _, _ string, _ []string) (Batch, error) {
	return Batch{ID: "b"}, lasting(ctx)
}

func (slowBatches) CloseBatch(ctx context.Context, _, _, _ string, _ ballot.Vouching) (Batch, error) {
	return Batch{ID: "b"}, lasting(ctx)
}

// lasting takes longer than a body may take to arrive.
func lasting(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(6 * time.Second):
		return nil
	}
}

// An act that takes longer than its body may take to come is not cancelled, whether it has a body or might have one.
func TestLongActs(t *testing.T) {
	if testing.Short() {
		t.Skip("skipping: takes 6 s")
	}
	t.Parallel()
	s := newService(t, func(c *Config) { c.Batches = slowBatches{c.Batches} })
	path := s.opened()
	for name, act := range map[string]struct {
		path string
		in   any
	}{"with a body": {"/batches", map[string]any{"group": "A", "venues": []string{"main"}}}, "without": {"/batches/b/close", nil}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := s.as("scanning").do("POST", path+act.path, act.in); r.status >= 300 {
				t.Errorf("%d: %s", r.status, r.body)
			}
		})
	}
}

package jobs

import (
	"context"
	"errors"
	"os"
	"time"

	"pingyi/ballot"
)

// A batch whose reading was paused has a file of this name in its folder, so that every process knows, and goes on
// knowing after a restart. It goes with the folder.
const pausedFile = "paused"

// errPaused ends a job's reading between two pages.
var errPaused = errors.New("jobs: reading is paused")

// pausedFor is when a paused job looks again.
const pausedFor = time.Second

// Pause stops the reading of an open batch after the pages that are being read, or lets it go on.
func (s *Service) Pause(ctx context.Context, batch string, paused bool) error {
	return s.alone(func() error {
		b, err := s.Store.Batch(ctx, batch)
		if err != nil {
			return err
		}
		if b.State != ballot.BatchOpen {
			return ballot.Errorf(ballot.CodeState, "批次已关闭", "the batch is closed already")
		}
		if !paused {
			return remove(s.spool(batch, pausedFile))
		}
		if err := os.MkdirAll(s.spool(batch), 0o700); err != nil {
			return err
		}
		return write(s.spool(batch, pausedFile), nil)
	})
}

// Paused tells whether the reading of a batch is paused.
func (s *Service) Paused(batch string) bool {
	_, err := os.Stat(s.spool(batch, pausedFile))
	return err == nil
}

package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// DestroysByItself is who destroys, in the record of acts, where nobody did it by hand.
const DestroysByItself = "the service"

// Destroy destroys what an archived meeting was counted from, once its day has come: pictures, spool, keys, rows. A kill
// leaves it begun, and it is finished by the next check; each step may be done again.
func (s *Service) Destroy(ctx context.Context, actor, meeting string) error {
	ctx = context.WithoutCancel(ctx) // who asked may be gone: half a destruction helps nobody
	return s.alone(func() error {
		pictures, bytes, err := s.pictures.size(ctx, meeting)
		if err != nil {
			return err
		}
		if err := s.Store.BeginDestruction(ctx, actor, meeting, pictures, bytes); err != nil {
			return err
		}
		batches, err := s.Store.Batches(ctx, meeting)
		if err != nil {
			return err
		}
		for _, b := range batches {
			if err := s.destroy(b.ID); err != nil {
				return err
			}
		}
		if err := s.pictures.destroy(ctx, meeting); err != nil {
			return err
		}
		if err := s.Keys.Forget(meeting); err != nil {
			return err
		}
		if err := s.Store.DestroyRows(ctx, meeting); err != nil {
			return err
		}
		if err := s.syncDisk(); err != nil {
			return err
		}
		return s.Store.FinishDestruction(ctx, meeting)
	})
}

// DestroyDue destroys the ballots of every meeting whose day has come, and finishes what was begun.
func (s *Service) DestroyDue(ctx context.Context) error {
	due, err := s.Store.DueForDestruction(ctx)
	faults := []error{err}
	for _, meeting := range due {
		faults = append(faults, s.Destroy(ctx, DestroysByItself, meeting))
	}
	return errors.Join(faults...)
}

// KeepDestroying looks for meetings whose day has come at once and at each tick, until ctx ends.
func (s *Service) KeepDestroying(ctx context.Context, tick <-chan time.Time) {
	for {
		if err := s.DestroyDue(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "destroying the ballots of archived meetings: tried again later", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// size counts the pictures of a meeting and their bytes.
func (p *pictures) size(ctx context.Context, meeting string) (n int, bytes int64, err error) {
	list := p.bucket.List(&blob.ListOptions{Prefix: meeting + "/"})
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return n, bytes, nil
		}
		if err != nil {
			return 0, 0, err
		}
		n, bytes = n+1, bytes+o.Size
	}
}

// destroy deletes all pictures of a meeting, and its folder with whatever a kill left in it.
func (p *pictures) destroy(ctx context.Context, meeting string) error {
	names, err := p.names(ctx, meeting+"/")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := p.bucket.Delete(ctx, name); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return err
		}
	}
	if err := os.RemoveAll(filepath.Join(p.dir, meeting)); err != nil {
		return err
	}
	return p.still("")
}

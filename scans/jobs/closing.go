package jobs

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"pingyi/ballot"
)

// Close closes a batch: what was read is shuffled, its pictures are written anew under random names in
// that order with one fixed time, the readings go into the database in that order in one transaction,
// and everything that has an order is destroyed. A kill before the transaction leaves the batch open and
// some pictures that the next start sweeps; a kill after it leaves spool files that the next start
// sweeps.
func (s *Service) Close(ctx context.Context, actor, batch string) error {
	s.closing.Lock()
	defer s.closing.Unlock()
	b, err := s.Store.Batch(ctx, batch)
	if err != nil {
		return err
	}
	if err := s.finished(ctx, b); err != nil {
		return err
	}
	m, err := s.Store.Meeting(ctx, b.Meeting)
	if err != nil {
		return err
	}
	forms, err := s.groupForms(ctx, b)
	if err != nil {
		return err
	}
	pages, err := s.Pages(ctx, b)
	if err != nil {
		return err
	}
	plan, images, err := ballot.PlanClosing(m, forms, pages)
	if err != nil {
		return err
	}
	if err := s.shuffle(len(plan.Leaves), func(i, j int) {
		plan.Leaves[i], plan.Leaves[j] = plan.Leaves[j], plan.Leaves[i]
		images[i], images[j] = images[j], images[i]
	}); err != nil {
		return err
	}
	if err := s.writePictures(ctx, b, plan.Leaves, images, pages); err != nil {
		return err
	}
	if err := s.Store.CloseBatch(ctx, actor, batch, plan, forgetJobs(ctx, batch)); err != nil {
		return err
	}
	return os.RemoveAll(s.spool(batch))
}

// finished refuses while uploads are still being read.
func (s *Service) finished(ctx context.Context, b ballot.Batch) error {
	if b.State != ballot.BatchOpen {
		return ballot.Errorf(ballot.CodeState, "批次已关闭", "the batch is closed already")
	}
	uploads, err := s.Store.Uploads(ctx, b.ID)
	if err != nil {
		return err
	}
	pages, err := s.Store.SpoolPages(ctx, b.ID)
	if err != nil {
		return err
	}
	waiting := -len(pages)
	for _, u := range uploads {
		if u.Pages < 0 {
			return ballot.Errorf(ballot.CodeUnresolved, "文件“%s”尚未拆页", "file %q is still being taken apart", u.Name)
		}
		waiting += u.Pages
	}
	if waiting > 0 {
		return ballot.Errorf(ballot.CodeUnresolved, "还有 %d 页正在识读", "%d pages are still being read", waiting)
	}
	return nil
}

// shuffle is Fisher and Yates's, by numbers drawn from Random without bias.
func (s *Service) shuffle(n int, swap func(i, j int)) error {
	for i := n - 1; i > 0; i-- {
		j, err := draw(s.Random, uint64(i+1))
		if err != nil {
			return err
		}
		swap(i, int(j))
	}
	return nil
}

// draw gives a uniform number below n: draws that would favour small numbers are thrown away.
func draw(random io.Reader, n uint64) (uint64, error) {
	limit := ^uint64(0) - ^uint64(0)%n
	for {
		var b [8]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if v := binary.LittleEndian.Uint64(b[:]); v < limit {
			return v % n, nil
		}
	}
}

// writePictures gives leaves and pages their random ids and writes the pictures in the shuffled order.
func (s *Service) writePictures(ctx context.Context, b ballot.Batch, leaves []ballot.ClosedLeaf, images [][]int, pages []ballot.SpoolPage) error {
	for i := range leaves {
		id, err := s.Store.NewID()
		if err != nil {
			return err
		}
		leaves[i].ID = id
		for j := range leaves[i].Pages {
			if leaves[i].Pages[j].ID, err = s.Store.NewID(); err != nil {
				return err
			}
			from := pages[images[i][j]]
			data, err := os.ReadFile(s.spool(b.ID, from.Picture))
			if err != nil {
				return fmt.Errorf("picture of a page that was read: %w", err)
			}
			if err := s.pictures.write(ctx, leaves[i].Pages[j].ID, data); err != nil {
				return err
			}
		}
	}
	return s.pictures.seal()
}

// Discard deletes an open batch with everything in it; its files may be fed again.
func (s *Service) Discard(ctx context.Context, actor, batch string) error {
	s.closing.Lock()
	defer s.closing.Unlock()
	if err := s.Store.DiscardBatch(ctx, actor, batch, forgetJobs(ctx, batch)); err != nil {
		return err
	}
	return os.RemoveAll(s.spool(batch))
}

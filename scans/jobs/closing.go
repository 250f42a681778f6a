package jobs

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"pingyi/ballot"
)

// Close closes a batch, with a scrutineer's word for its void leaves: what was read is shuffled, its pictures are written anew under random names, the
// readings go into the database in one transaction, and everything that has an order is destroyed. A kill
// before the transaction leaves the batch open and some pictures, a kill after it leaves spool files; the
// next start sweeps them.
func (s *Service) Close(ctx context.Context, actor, batch string, word ballot.Vouching) error {
	ctx = context.WithoutCancel(ctx) // who asked may be gone: half a closing helps nobody
	if err := s.unwatched(batch); err != nil {
		return err
	}
	return s.alone(func() error {
		if err := s.sweep(ctx); err != nil {
			return err
		}
		b, err := s.Store.Batch(ctx, batch)
		if err != nil {
			return err
		}
		if err := s.finished(ctx, b); err != nil {
			return err
		}
		plan, files, err := s.plan(ctx, b, word)
		if err != nil {
			return err
		}
		return s.commit(ctx, actor, b, plan, files)
	})
}

// plan makes the shuffled leaves of a batch, and says in which file the picture of each page is.
func (s *Service) plan(ctx context.Context, b ballot.Batch, word ballot.Vouching) (plan ballot.Closing, files map[string]string, err error) {
	m, err := s.Store.Meeting(ctx, b.Meeting)
	if err != nil {
		return plan, nil, err
	}
	forms, err := s.GroupForms(ctx, b)
	if err != nil {
		return plan, nil, err
	}
	pages, err := s.Pages(ctx, b)
	if err != nil {
		return plan, nil, err
	}
	plan, images, err := ballot.PlanClosing(m, forms, pages)
	if err != nil {
		return plan, nil, err
	}
	if err := plan.Vouch(word, pages); err != nil {
		return plan, nil, err
	}
	ledger, err := s.Store.Ledger(ctx, b.Meeting)
	if err != nil {
		return plan, nil, err
	}
	if err := plan.CheckSize(m.Rules.SmallGroup, b.Group, forms, ledger.Lines); err != nil {
		return plan, nil, err
	}
	err = s.shuffle(len(plan.Leaves), func(i, j int) {
		plan.Leaves[i], plan.Leaves[j] = plan.Leaves[j], plan.Leaves[i]
		images[i], images[j] = images[j], images[i]
	})
	if err != nil {
		return plan, nil, err
	}
	files = map[string]string{}
	for i := range plan.Leaves {
		leaf := &plan.Leaves[i]
		if leaf.ID, err = s.Store.NewID(); err != nil {
			return plan, nil, err
		}
		for j := range leaf.Pages {
			if leaf.Pages[j].ID, err = s.Store.NewID(); err != nil {
				return plan, nil, err
			}
			files[leaf.Pages[j].ID] = s.spool(b.ID, pages[images[i][j]].Picture)
		}
	}
	if plan.Again, err = s.askAgain(ctx, b, plan.Kept()); err != nil {
		return plan, nil, err
	}
	plan.Comments, err = s.comments(ctx, b, m, pages, plan.Leaves, images)
	return plan, files, err
}

// askAgain are the images of the group's other open batches that are like a page that this closing keeps, though it was said
// that they are another sheet: another than something else.
func (s *Service) askAgain(ctx context.Context, b ballot.Batch, closing []ballot.KeptPage) (out []ballot.SpoolPage, err error) {
	batches, err := s.Store.Batches(ctx, b.Meeting)
	if err != nil {
		return nil, err
	}
	for _, other := range batches {
		if other.ID == b.ID || other.Group != b.Group || other.State != ballot.BatchOpen {
			continue
		}
		pages, err := s.pagesBeside(ctx, other, closing)
		if err != nil {
			return nil, err
		}
		out = append(out, ballot.AskAgain(pages, closing)...)
	}
	return out, nil
}

// comments cuts the comments of a batch's leaves off from their pages: they get ids of their own and are
// shuffled once more. On single forms they keep whom they are about.
func (s *Service) comments(ctx context.Context, b ballot.Batch, m ballot.Meeting, pages []ballot.SpoolPage, leaves []ballot.ClosedLeaf, images [][]int) (out []ballot.Comment, err error) {
	found, err := s.Store.SpoolComments(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	crops := map[image]*ballot.CommentCrop{}
	for _, p := range found {
		crops[image{p.Upload, p.Index}] = p.Comment
	}
	for i, leaf := range leaves {
		for _, at := range images[i] {
			crop := crops[image{pages[at].Upload, pages[at].Index}]
			if crop == nil {
				continue
			}
			c := ballot.Comment{CommentCrop: *crop, State: ballot.CommentWaiting}
			if m.Rules.Form == ballot.SingleForm {
				c.Subject = leaf.Pages[0].Reading.Rows[0].Subject
			}
			if c.ID, err = s.Store.NewID(); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, s.shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
}

// commit writes the pictures, then the rows. Where the rows are refused, the pictures are taken back.
func (s *Service) commit(ctx context.Context, actor string, b ballot.Batch, plan ballot.Closing, files map[string]string) error {
	err := s.pictures.add(b.Meeting, files)
	if err == nil {
		err = s.syncDisk()
	}
	var kept map[string]string
	if err == nil {
		kept, err = digests(files)
	}
	if err == nil {
		for _, l := range plan.Leaves {
			for i := range l.Pages {
				l.Pages[i].Image = kept[l.Pages[i].ID]
			}
		}
		err = s.Store.CloseBatch(ctx, actor, b.ID, plan, forgetJobs(ctx, b.ID))
	}
	now, unknown := s.Store.Batch(ctx, b.ID)
	switch {
	case unknown != nil:
		return errors.Join(err, unknown)
	case now.State == ballot.BatchClosed: // err, if any, is of the clearing up after the transaction
		return errors.Join(err, s.pictures.take(b.Meeting), s.destroy(b.ID))
	default:
		return errors.Join(err, s.pictures.remove(b.Meeting))
	}
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
		swap(i, int(j)) //nolint:gosec // j ≤ i
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

// Dispose says what became of the paper of a rejected image, and of what goes with it: see ballot.Disposed. Shown are the facts
// that it was said by; where they are others by now, as when the image became like another sheet's meanwhile, it is
// ballot.CodeConflict. Nil asks for no such thing.
func (s *Service) Dispose(ctx context.Context, actor, batch, upload string, index int, how ballot.Disposal, shown *string) error {
	return s.alone(func() error {
		b, err := s.Store.Batch(ctx, batch)
		if err != nil {
			return err
		}
		pages, err := s.Pages(ctx, b)
		if err != nil {
			return err
		}
		forms, err := s.GroupForms(ctx, b)
		if err != nil {
			return err
		}
		images, err := ballot.Disposed(forms, pages, upload, index, how)
		if err != nil {
			return err
		}
		if shown != nil && slices.ContainsFunc(pages, func(p ballot.SpoolPage) bool {
			return p.Upload == upload && p.Index == index && p.Reading.Rejected != nil && p.Reading.Rejected.Facts != *shown
		}) {
			return ballot.Errorf(ballot.CodeConflict, "该图像退回的原因有变化，请再看一遍", "why the image is rejected has changed: look at it again")
		}
		return s.Store.DisposePages(ctx, actor, batch, upload, images, how)
	})
}

// Discard deletes an open batch with everything in it; its files may be fed again.
func (s *Service) Discard(ctx context.Context, actor, batch string) error {
	ctx = context.WithoutCancel(ctx)
	if s.watcher.of(batch) {
		s.watcher.end()
	}
	return s.alone(func() error {
		err := s.Store.DiscardBatch(ctx, actor, batch, forgetJobs(ctx, batch))
		if _, left := s.Store.Batch(ctx, batch); ballot.CodeOf(left) != ballot.CodeNotFound {
			return errors.Join(err, left)
		}
		return errors.Join(err, s.destroy(batch)) // err, if any, is of the clearing up after the transaction
	})
}

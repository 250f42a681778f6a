package jobs

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/riverqueue/river"

	"pingyi/ballot"
	"pingyi/scans/worker"
)

type unpackWorker struct {
	river.WorkerDefaults[unpackArgs]
	service *Service
}

// Work takes an upload apart, writes down its parts, and queues their pages in chunks.
func (w *unpackWorker) Work(ctx context.Context, job *river.Job[unpackArgs]) error {
	s, a := w.service, job.Args
	u, b, gone, err := s.find(ctx, a.Upload)
	if err != nil || gone {
		return err
	}
	file := s.spool(b.ID, uploadFile(u.ID))
	if u.Pages < 0 {
		parts, problem, err := s.Reader.Unpack(ctx, file, u.Name, s.spool(b.ID, u.ID))
		if err != nil {
			return err
		}
		if err := s.keepParts(b.ID, u.ID, parts); err != nil {
			return err
		}
		u.Pages = 0
		for _, p := range parts {
			u.Pages += p.Pages
		}
		if err := s.Store.FinishUpload(ctx, u.ID, u.Pages, problem); err != nil {
			return err
		}
		s.trouble.set("")
	}
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.insert(ctx, tx, chunks(b.ID, u.ID, u.Pages)) })
}

type readWorker struct {
	river.WorkerDefaults[readArgs]
	service *Service
}

// Work reads the pages of its chunk that are not read yet.
func (w *readWorker) Work(ctx context.Context, job *river.Job[readArgs]) error {
	s, a := w.service, job.Args
	u, b, gone, err := s.find(ctx, a.Upload)
	if err != nil || gone {
		return err
	}
	if s.Paused(b.ID) {
		return river.JobSnooze(pausedFor)
	}
	missing, err := s.read.missing(ctx, s.Store, a)
	if err != nil || len(missing) == 0 {
		return err
	}
	parts, err := s.parts(b.ID, u.ID)
	if err != nil {
		return err
	}
	forms, err := s.forms(ctx, b.Meeting)
	if err != nil {
		return err
	}
	first := 0 // page of the upload that is the part's first
	for _, part := range parts {
		for _, run := range missing {
			from, to := max(run.from-first, 0), min(run.to-first, part.Pages)
			err := s.Reader.Read(ctx, forms, part, from, to, func(p worker.Page) error {
				if err := s.keep(ctx, b, forms.List, u.ID, first+p.Index, p); err != nil {
					return err
				}
				if s.Paused(b.ID) {
					return errPaused
				}
				return nil
			})
			if errors.Is(err, errPaused) {
				return river.JobSnooze(pausedFor)
			}
			if err != nil {
				return err
			}
		}
		first += part.Pages
	}
	return nil
}

// find loads an upload. gone tells that its batch was discarded or closed.
func (s *Service) find(ctx context.Context, upload string) (u ballot.Upload, b ballot.Batch, gone bool, err error) {
	u, b, err = s.Store.Upload(ctx, upload)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		return u, b, true, nil
	}
	return u, b, b.State != ballot.BatchOpen, err
}

// forms are all forms of a meeting, withdrawn ones too, so that their pages are told by name; not those whose paper
// is that of a form in force.
func (s *Service) forms(ctx context.Context, meeting string) (f worker.Forms, err error) {
	all, err := s.Store.AllForms(ctx, meeting)
	if err != nil {
		return f, err
	}
	f.List = ballot.Readable(all)
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(f.List); err != nil {
		return f, err
	}
	f.Key = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

// keep writes a page's picture, then its reading: a reading without a picture never stands.
func (s *Service) keep(ctx context.Context, b ballot.Batch, forms []ballot.Form, upload string, index int, p worker.Page) error {
	page := ballot.SpoolPage{Upload: upload, Index: index, Batch: b.ID, Reading: p.Result.PageReading, Verdicts: p.Result.Verdicts, Comment: p.Result.Comment}
	holdOtherGroup(&page.Reading, b.Group)
	if err := s.vouch(&page, b.Meeting, forms, p.Result); err != nil {
		return err
	}
	if page.Reading.Rejected != nil {
		page.Reading.Rows, page.Reading.Fingerprint, page.Verdicts, page.Comment = nil, nil, nil, nil
	}
	if len(p.Picture) > 0 {
		page.Picture = pictureName(upload, index)
		if err := write(s.spool(b.ID, page.Picture), p.Picture); err != nil {
			return err
		}
	}
	if err := s.Store.SaveSpoolPage(ctx, page); err != nil {
		return err
	}
	s.read.add(b.ID, upload, index)
	s.trouble.set("")
	return nil
}

// holdOtherGroup rejects a page whose code says another group than its batch is of, be it rejected for damage already: it
// is no ballot of this group, not even a void one. Of a withdrawn form that reason says the same, and more.
func holdOtherGroup(r *ballot.PageReading, group string) {
	why := r.Rejected
	if r.Group == group || why != nil && (r.Group == "" || why.Reason == ballot.RejectOtherVersion) {
		return
	}
	facts := fmt.Sprintf("a page of group %s in a batch of group %s", r.Group, group)
	if why != nil {
		facts = fmt.Sprintf("%s; this image by itself: %s", facts, why)
	}
	r.Rejected = &ballot.Rejection{Reason: ballot.RejectWrongGroup, Facts: facts}
}

// span is the pages from … to-1.
type span struct{ from, to int }

// image is a page of an upload.
type image struct {
	upload string
	index  int
}

// readSoFar remembers which pages of open batches are read: only this process adds any, and asking the
// database before each job would load all readings again and again.
type readSoFar struct {
	mu      sync.Mutex
	batches map[string]map[image]bool // that were asked for
}

// missing are the pages of a job that are not read.
func (r *readSoFar) missing(ctx context.Context, store Store, a readArgs) (out []span, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.batches[a.Batch] == nil {
		if err := r.load(ctx, store, a.Batch); err != nil {
			return nil, err
		}
	}
	for i := a.From; i < a.To; i++ {
		switch {
		case r.batches[a.Batch][image{a.Upload, i}]:
		case len(out) > 0 && out[len(out)-1].to == i:
			out[len(out)-1].to++
		default:
			out = append(out, span{i, i + 1})
		}
	}
	return out, nil
}

// load asks for the pages of a batch, and forgets batches that are not open any more, whichever process closed them.
func (r *readSoFar) load(ctx context.Context, store Store, batch string) error {
	pages, err := store.SpoolPages(ctx, batch)
	if err != nil {
		return err
	}
	open, err := store.OpenBatches(ctx)
	if err != nil {
		return err
	}
	kept := map[string]map[image]bool{batch: {}}
	for _, b := range open {
		if read := r.batches[b.ID]; read != nil {
			kept[b.ID] = read
		}
	}
	for _, p := range pages {
		kept[batch][image{p.Upload, p.Index}] = true
	}
	r.batches = kept
	return nil
}

// add notes a page as read, in a batch that was asked for.
func (r *readSoFar) add(batch, upload string, index int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if read := r.batches[batch]; read != nil {
		read[image{upload, index}] = true
	}
}

// destroy deletes a batch's folder in the spool.
func (s *Service) destroy(batch string) error {
	if os.RemoveAll(s.spool(batch)) == nil {
		return nil
	}
	return os.RemoveAll(s.spool(batch)) // a page under way was written in between; no other can be
}

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/riverqueue/river"

	"pingyi/ballot"
	"pingyi/scans/worker"
)

// takeApartArgs asks how many pages an upload has and queues their reading.
type takeApartArgs struct {
	Batch  string `json:"batch"`
	Upload string `json:"upload"`
}

// Kind names the job.
func (takeApartArgs) Kind() string { return "take_apart" }

// readPagesArgs asks to read the pages From … To-1 of an upload.
type readPagesArgs struct {
	Batch  string `json:"batch"`
	Upload string `json:"upload"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Kind names the job.
func (readPagesArgs) Kind() string { return "read_pages" }

type takeApart struct {
	river.WorkerDefaults[takeApartArgs]
	service *Service
}

// Work counts an upload's pages and queues chunks of them.
func (w *takeApart) Work(ctx context.Context, job *river.Job[takeApartArgs]) error {
	s := w.service
	file, gone, err := s.file(ctx, job.Args.Upload)
	if err != nil || gone {
		return err
	}
	pages, problem, err := s.Reader.Count(ctx, file)
	if err != nil {
		return err
	}
	if err := s.Store.FinishUpload(ctx, job.Args.Upload, pages, problem); err != nil {
		return err
	}
	for from := 0; from < pages; from += chunk {
		args := readPagesArgs{job.Args.Batch, job.Args.Upload, from, min(pages, from+chunk)}
		if _, err := s.client.Insert(ctx, args, nil); err != nil {
			return err
		}
	}
	return nil
}

type readPages struct {
	river.WorkerDefaults[readPagesArgs]
	service *Service
}

// Work reads the pages of its chunk that are not read yet.
func (w *readPages) Work(ctx context.Context, job *river.Job[readPagesArgs]) error {
	s, a := w.service, job.Args
	file, gone, err := s.file(ctx, a.Upload)
	if err != nil || gone {
		return err
	}
	_, batch, err := s.Store.Upload(ctx, a.Upload)
	if err != nil {
		return err
	}
	read, err := s.readSoFar(ctx, a.Batch, a.Upload)
	if err != nil {
		return err
	}
	for from := a.From; from < a.To; {
		if read[from] {
			from++
			continue
		}
		to := from + 1
		for to < a.To && !read[to] {
			to++
		}
		err := s.Reader.Read(ctx, file, from, to, func(p worker.Page) error { return s.keep(ctx, batch, a.Upload, p) })
		if err != nil {
			return err
		}
		from = to
	}
	return nil
}

func (s *Service) readSoFar(ctx context.Context, batch, upload string) (map[int]bool, error) {
	pages, err := s.Store.SpoolPages(ctx, batch)
	read := map[int]bool{}
	for _, p := range pages {
		if p.Upload == upload {
			read[p.Index] = true
		}
	}
	return read, err
}

// file is an upload with the forms it is read by. gone tells that its batch was discarded or closed.
func (s *Service) file(ctx context.Context, upload string) (f worker.File, gone bool, err error) {
	u, b, err := s.Store.Upload(ctx, upload)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		return f, true, nil
	}
	if err != nil {
		return f, false, err
	}
	forms, err := s.Store.AllForms(ctx, b.Meeting)
	if err != nil {
		return f, false, err
	}
	key, err := formsKey(forms)
	return worker.File{Path: s.spool(b.ID, upload+".file"), Name: u.Name, Forms: forms, FormsKey: key}, b.State != ballot.BatchOpen, err
}

// keep writes a page's picture, then its reading: a reading without a picture never stands.
func (s *Service) keep(ctx context.Context, b ballot.Batch, upload string, p worker.Page) error {
	reading := p.Result.PageReading
	if reading.Rejected == nil && reading.Group != b.Group {
		reading.Rejected = &ballot.Rejection{Reason: ballot.RejectWrongGroup, Facts: fmt.Sprintf("a page of group %s in a batch of group %s", reading.Group, b.Group)}
	}
	verdicts := p.Result.Verdicts
	if reading.Rejected != nil {
		reading.Rows, verdicts = nil, nil
	}
	name := ""
	if len(p.Picture) > 0 {
		name = pictureName(upload, p.Index)
		if err := os.WriteFile(s.spool(b.ID, name), p.Picture, 0o600); err != nil {
			return err
		}
	}
	return s.Store.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: upload, Index: p.Index, Batch: b.ID, Reading: reading, Verdicts: verdicts, Picture: name})
}

// forgetJobs deletes the queue's rows of a batch, finished ones too: they tell when what was read.
func forgetJobs(ctx context.Context, batch string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM river_job WHERE json_extract(args, '$.batch') = ?", batch)
		return err
	}
}

// recover sweeps files that no row knows and queues the unfinished work of open batches anew.
func (s *Service) recover(ctx context.Context) error {
	open, err := s.Store.OpenBatches(ctx)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, b := range open {
		keep[b.ID] = true
	}
	folders, err := os.ReadDir(s.spool())
	if err != nil {
		return err
	}
	for _, f := range folders {
		if !keep[f.Name()] {
			if err := os.RemoveAll(s.spool(f.Name())); err != nil {
				return err
			}
		}
	}
	known, err := s.Store.PageIDs(ctx)
	if err != nil {
		return err
	}
	if err := s.pictures.sweep(ctx, known); err != nil {
		return err
	}
	for _, b := range open {
		if err := s.requeue(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// requeue replaces a batch's jobs by jobs for what is not read: a job that was running when the process
// was killed would otherwise be taken for running for an hour.
func (s *Service) requeue(ctx context.Context, b ballot.Batch) (err error) {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if err := forgetJobs(ctx, b.ID)(tx); err != nil {
		return err
	}
	uploads, err := s.Store.Uploads(ctx, b.ID)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		if u.Pages < 0 {
			if _, err := s.client.InsertTx(ctx, tx, takeApartArgs{b.ID, u.ID}, nil); err != nil {
				return err
			}
			continue
		}
		for from := 0; from < u.Pages; from += chunk {
			if _, err := s.client.InsertTx(ctx, tx, readPagesArgs{b.ID, u.ID, from, min(u.Pages, from+chunk)}, nil); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

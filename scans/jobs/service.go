package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"pingyi/ballot"
	"pingyi/scans/worker"
)

// Store is what jobs ask of the database.
type Store interface {
	Meeting(ctx context.Context, id string) (ballot.Meeting, error)
	AllForms(ctx context.Context, meeting string) ([]ballot.Form, error)
	NewID() (string, error)
	Batch(ctx context.Context, id string) (ballot.Batch, error)
	OpenBatches(ctx context.Context) ([]ballot.Batch, error)
	AddUpload(ctx context.Context, actor string, u ballot.Upload, enqueue func(*sql.Tx) error) error
	Upload(ctx context.Context, id string) (ballot.Upload, ballot.Batch, error)
	Uploads(ctx context.Context, batch string) ([]ballot.Upload, error)
	FinishUpload(ctx context.Context, id string, pages int, problem string) error
	SaveSpoolPage(ctx context.Context, p ballot.SpoolPage) error
	SpoolPages(ctx context.Context, batch string) ([]ballot.SpoolPage, error)
	SpoolComments(ctx context.Context, batch string) ([]ballot.SpoolPage, error)
	Ledger(ctx context.Context, meeting string) (ballot.Ledger, error)
	DisposePages(ctx context.Context, actor, batch, upload string, images []int, how ballot.Disposal) error
	CloseBatch(ctx context.Context, actor, batch string, c ballot.Closing, jobs func(*sql.Tx) error) error
	DiscardBatch(ctx context.Context, actor, batch string, jobs func(*sql.Tx) error) error
	PageIDs(ctx context.Context) (map[string]bool, error)
	Fingerprints(ctx context.Context, meeting, group string) ([]ballot.KeptPage, error)
	Serials(ctx context.Context, meeting, batch string) (map[ballot.Pseudonym]bool, error)
	Batches(ctx context.Context, meeting string) ([]ballot.Batch, error)
	DueForDestruction(ctx context.Context) ([]string, error)
	BeginDestruction(ctx context.Context, actor, meeting string, pictures int, bytes int64) error
	DestroyRows(ctx context.Context, meeting string) error
	FinishDestruction(ctx context.Context, meeting string) error
}

// Keys are those of meetings in serial mode. Children that read scans have none of them.
type Keys interface {
	Of(meeting string) (ballot.SerialKeys, error)
	// Forget destroys a meeting's keys; where there are none, nothing happens.
	Forget(meeting string) error
}

// Reader takes uploads apart and reads their pages; worker.Pool does.
type Reader interface {
	Unpack(ctx context.Context, path, name, into string) (parts []worker.Part, problem string, err error)
	Read(ctx context.Context, forms worker.Forms, part worker.Part, from, to int, each func(worker.Page) error) error
}

// Config is what a Service stands on. Folder holds spool and pictures; Workers is the number of jobs that
// run at once; Random shuffles and is crypto/rand outside tests.
type Config struct {
	Store   Store
	DB      *sql.DB
	Reader  Reader
	Keys    Keys
	Folder  string
	Watch   string // the scanner's folder; "" = none
	Workers int
	Random  io.Reader
	Now     func() time.Time // nil = the clock
	Log     *slog.Logger
}

// Service takes uploads in, runs their jobs and closes batches. Several processes may share a database and
// a folder; one of them runs the jobs.
type Service struct {
	Config
	client   *river.Client[*sql.Tx]
	pictures *pictures
	read     readSoFar
	watcher  watcher
	times    watchTimes
	trouble  trouble
	failed   atomic.Bool // the queue had an error since the last look
	stopWork func()      // set while this process runs the jobs
}

// New prepares the queue's tables and the folders, and sweeps what a kill left behind.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{Config: c, times: usualTimes}
	if s.Now == nil {
		s.Now = time.Now
	}
	migrator, err := rivermigrate.New(riversqlite.New(c.DB), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.spool(), 0o700); err != nil {
		return nil, err
	}
	if s.pictures, err = openPictures(filepath.Join(c.Folder, "pages")); err != nil {
		return nil, err
	}
	err = s.alone(func() error {
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("job queue: %w", err)
		}
		return errors.Join(s.sweepTrials(), s.sweep(ctx))
	})
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &unpackWorker{service: s})
	river.AddWorker(workers, &readWorker{service: s})
	s.client, err = river.NewClient(riversqlite.New(c.DB), &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: max(1, c.Workers)}},
		Workers:           workers,
		FetchCooldown:     20 * time.Millisecond, // the defaults drain 40 jobs a second
		FetchPollInterval: 100 * time.Millisecond,
		JobTimeout:        -1, // pages have limits of their own
		MaxAttempts:       maxAttempts,
		RetryPolicy:       retryPolicy{},
		ErrorHandler:      errorHandler{c.Log, &s.trouble},
		Logger:            slog.New(queueLog{&s.failed}),
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return s, nil
}

// Start queues what was not finished and begins to work. Another process that works is an error.
func (s *Service) Start(ctx context.Context) error {
	release, err := s.lock("work.lock", syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return fmt.Errorf("another process reads pages for this data folder already: %w", err)
	}
	if err = s.alone(func() error { return s.requeueAll(ctx) }); err == nil {
		err = s.client.Start(ctx)
	}
	if err != nil {
		release()
		return err
	}
	watching, stop := context.WithCancel(ctx)
	go s.watchQueue(watching, s.times.clock)
	s.stopWork = func() { stop(); release() }
	return nil
}

// Stop ends work: jobs under way are cancelled and go on at the next start.
func (s *Service) Stop(ctx context.Context) error {
	s.watcher.end()
	if s.stopWork == nil {
		return nil
	}
	err := s.client.StopAndCancel(ctx)
	s.stopWork()
	s.stopWork = nil
	return err
}

// Upload takes one file into an open batch and queues its pages. Bytes that the meeting has seen before
// are refused with ballot.CodeDuplicate, and nothing of them is kept; nor is what ends after its actor's account was closed.
func (s *Service) Upload(ctx context.Context, actor, batch, name string, file io.Reader) (ballot.Upload, error) {
	b, err := s.Store.Batch(ctx, batch)
	if err != nil {
		return ballot.Upload{}, err
	}
	if b.State != ballot.BatchOpen {
		return ballot.Upload{}, ballot.Errorf(ballot.CodeState, "批次已关闭，不能再上传", "the batch is closed: nothing more can be uploaded")
	}
	id, err := s.Store.NewID()
	if err != nil {
		return ballot.Upload{}, err
	}
	u := ballot.Upload{ID: id, Batch: batch, Name: filepath.Base(name), Pages: -1}
	path := s.spool(batch, uploadFile(id))
	f, digest, n, err := save(path, file)
	if err != nil {
		return u, err
	}
	defer f.Close()
	u.Digest, u.Bytes = digest, n
	if n == 0 {
		return u, errors.Join(ballot.Errorf(ballot.CodeInvalid, "文件“%s”是空的", "file %q is empty", u.Name), os.Remove(path))
	}
	ctx = context.WithoutCancel(ctx) // a file that was recorded is kept
	err = s.alone(func() error {
		return s.Store.AddUpload(ctx, actor, u, func(tx *sql.Tx) error {
			_, err := s.client.InsertTx(ctx, tx, unpackArgs{batch, id}, nil)
			return err
		})
	})
	if err != nil {
		return u, errors.Join(err, os.Remove(path))
	}
	return u, nil
}

// Pages are the images of an open batch as read, sides joined, sheets that were scanned before held, in the
// order of feeding. All of that follows from the readings each time anew: nothing of it is stored.
func (s *Service) Pages(ctx context.Context, b ballot.Batch) ([]ballot.SpoolPage, error) {
	return s.pagesBeside(ctx, b, nil)
}

// pagesBeside are a batch's images as they will be when pages of another batch are kept too.
func (s *Service) pagesBeside(ctx context.Context, b ballot.Batch, more []ballot.KeptPage) ([]ballot.SpoolPage, error) {
	forms, err := s.GroupForms(ctx, b)
	if err != nil {
		return nil, err
	}
	pages, err := s.Store.SpoolPages(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	uploads, err := s.Store.Uploads(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	hold, err := s.holds(ctx, b, forms)
	if err != nil {
		return nil, err
	}
	hold.kept = append(hold.kept, more...)
	done, under := readThrough(uploads, hold.single(pages))
	joined := ballot.JoinSides(forms, done.pages)
	held := hold.leaves(uploads, joined[:done.first])
	return slices.Concat(held, joined[done.first:], under), nil
}

// through are the images of uploads that are read to the end, and how many of them belong to uploads before
// which none is still being read.
type through struct {
	pages []ballot.SpoolPage
	first int
}

// readThrough parts the images by whether their upload is read to the end. Sides are joined in such uploads:
// before, a side only waits for its other. Sheets are compared where all uploads before are such: what a
// sheet is like does not change any more then.
func readThrough(uploads []ballot.Upload, pages []ballot.SpoolPage) (done through, under []ballot.SpoolPage) {
	read, whole := map[string]int{}, map[string]bool{}
	for _, p := range pages {
		read[p.Upload]++
	}
	inOrder := true
	for _, u := range uploads {
		whole[u.ID] = u.Pages >= 0 && read[u.ID] == u.Pages
		inOrder = inOrder && whole[u.ID]
		if inOrder {
			done.first += read[u.ID]
		}
	}
	for _, p := range pages {
		if whole[p.Upload] {
			done.pages = append(done.pages, p)
		} else {
			under = append(under, p)
		}
	}
	return done, under
}

// GroupForms are the forms in force of the batch's group.
func (s *Service) GroupForms(ctx context.Context, b ballot.Batch) ([]ballot.Form, error) {
	all, err := s.Store.AllForms(ctx, b.Meeting)
	var out []ballot.Form
	for _, f := range all {
		if f.Group == b.Group && !f.Withdrawn {
			out = append(out, f)
		}
	}
	return out, err
}

// Picture opens the picture of a page of a closed batch.
func (s *Service) Picture(ctx context.Context, meeting, page string) (io.ReadCloser, error) {
	return s.pictures.open(ctx, meeting, page)
}

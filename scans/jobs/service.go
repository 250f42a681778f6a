package jobs

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
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
	AddUpload(ctx context.Context, u ballot.Upload, enqueue func(*sql.Tx) error) error
	Upload(ctx context.Context, id string) (ballot.Upload, ballot.Batch, error)
	Uploads(ctx context.Context, batch string) ([]ballot.Upload, error)
	FinishUpload(ctx context.Context, id string, pages int, problem string) error
	SaveSpoolPage(ctx context.Context, p ballot.SpoolPage) error
	SpoolPages(ctx context.Context, batch string) ([]ballot.SpoolPage, error)
	CloseBatch(ctx context.Context, actor, batch string, c ballot.Closing, jobs func(*sql.Tx) error) error
	DiscardBatch(ctx context.Context, actor, batch string, jobs func(*sql.Tx) error) error
	PageIDs(ctx context.Context) (map[string]bool, error)
}

// Reader reads pages of a file; worker.Pool does.
type Reader interface {
	Count(ctx context.Context, f worker.File) (pages int, problem string, err error)
	Read(ctx context.Context, f worker.File, from, to int, each func(worker.Page) error) error
}

// Config is what a Service stands on. Folder holds spool and pictures; Random shuffles and is
// crypto/rand outside tests.
type Config struct {
	Store   Store
	DB      *sql.DB
	Reader  Reader
	Folder  string
	Workers int
	Random  io.Reader
	Log     *slog.Logger
}

// Service runs the jobs of one process.
type Service struct {
	Config
	client   *river.Client[*sql.Tx]
	pictures *pictures
	closing  sync.Mutex // one batch closes at a time
}

// chunk is how many pages one job reads. Small enough to share two cores evenly and to lose little on a
// kill, large enough that the queue's own work (some 25 ms a job on SQLite) does not show.
const chunk = 24

// New prepares the queue's tables and the folders.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{Config: c}
	migrator, err := rivermigrate.New(riversqlite.New(c.DB), nil)
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	if err := os.MkdirAll(s.spool(), 0o700); err != nil {
		return nil, err
	}
	if s.pictures, err = openPictures(filepath.Join(c.Folder, "pages")); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &takeApart{service: s})
	river.AddWorker(workers, &readPages{service: s})
	s.client, err = river.NewClient(riversqlite.New(c.DB), &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: max(1, c.Workers)}},
		Workers:           workers,
		FetchCooldown:     20 * time.Millisecond,
		FetchPollInterval: 100 * time.Millisecond,
		JobTimeout:        -1, // pages have limits of their own
		Logger:            slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return s, nil
}

// Start sweeps what a kill left behind, queues what was not finished, and begins to work.
func (s *Service) Start(ctx context.Context) error {
	if err := s.recover(ctx); err != nil {
		return err
	}
	return s.client.Start(ctx)
}

// Stop ends work: jobs under way are cancelled and go on at the next start.
func (s *Service) Stop(ctx context.Context) error { return s.client.StopAndCancel(ctx) }

// spool is the folder of open batches: one folder a batch, destroyed when it closes.
func (s *Service) spool(parts ...string) string {
	return filepath.Join(append([]string{s.Folder, "spool"}, parts...)...)
}

// Upload takes one file into an open batch and queues its pages. Bytes that the meeting has seen before
// are refused with ballot.CodeDuplicate, and nothing of them is kept.
func (s *Service) Upload(ctx context.Context, batch, name string, file io.Reader) (ballot.Upload, error) {
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
	path := s.spool(batch, id+".file")
	if u.Digest, u.Bytes, err = save(path, file); err != nil {
		return u, errors.Join(err, remove(path))
	}
	if u.Bytes == 0 {
		return u, errors.Join(ballot.Errorf(ballot.CodeInvalid, "文件“%s”是空的", "file %q is empty", u.Name), remove(path))
	}
	err = s.Store.AddUpload(ctx, u, func(tx *sql.Tx) error {
		_, err := s.client.InsertTx(ctx, tx, takeApartArgs{batch, id}, nil)
		return err
	})
	if err != nil {
		return u, errors.Join(err, remove(path))
	}
	return u, nil
}

// save streams a file to disk, synced, and gives its SHA-256 and size.
func save(path string, in io.Reader) (digest string, n int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	n, err = io.Copy(io.MultiWriter(f, sum), in)
	if err == nil {
		err = f.Sync()
	}
	return hex.EncodeToString(sum.Sum(nil)), n, errors.Join(err, f.Close())
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Pages are the images of an open batch as read, sides joined, in the order of feeding.
func (s *Service) Pages(ctx context.Context, b ballot.Batch) ([]ballot.SpoolPage, error) {
	forms, err := s.groupForms(ctx, b)
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
	// Sides are joined in uploads that are read to the end: before, a side only waits for its other.
	read, whole := map[string]int{}, map[string]bool{}
	for _, p := range pages {
		read[p.Upload]++
	}
	for _, u := range uploads {
		whole[u.ID] = u.Pages >= 0 && read[u.ID] == u.Pages
	}
	var out, done []ballot.SpoolPage
	for _, p := range pages {
		if whole[p.Upload] {
			done = append(done, p)
		} else {
			out = append(out, p)
		}
	}
	return append(ballot.JoinSides(forms, done), out...), nil
}

// groupForms are the forms in force of the batch's group.
func (s *Service) groupForms(ctx context.Context, b ballot.Batch) ([]ballot.Form, error) {
	all, err := s.Store.AllForms(ctx, b.Meeting)
	var out []ballot.Form
	for _, f := range all {
		if f.Group == b.Group && !f.Withdrawn {
			out = append(out, f)
		}
	}
	return out, err
}

// SpoolPicture opens the picture of an image of an open batch.
func (s *Service) SpoolPicture(batch, upload string, index int) (io.ReadCloser, error) {
	f, err := os.Open(s.spool(batch, pictureName(upload, index)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有该图像的图片", "the image has no picture")
	}
	return f, err
}

// Picture opens the picture of a page of a closed batch.
func (s *Service) Picture(ctx context.Context, page string) (io.ReadCloser, error) {
	return s.pictures.open(ctx, page)
}

func pictureName(upload string, index int) string { return fmt.Sprintf("%s-%06d.jpg", upload, index) }

// formsKey changes when a meeting's forms do.
func formsKey(forms []ballot.Form) (string, error) {
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(forms); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

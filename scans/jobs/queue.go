package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// unpackArgs asks to take an upload apart and to queue the reading of its pages.
type unpackArgs struct {
	Batch  string `json:"batch"`
	Upload string `json:"upload"`
}

// Kind names the job.
func (unpackArgs) Kind() string { return "unpack" }

// readArgs asks to read the pages From … To-1 of an upload.
type readArgs struct {
	Batch  string `json:"batch"`
	Upload string `json:"upload"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Kind names the job.
func (readArgs) Kind() string { return "read" }

// InsertOpts lets uploads be taken apart first: people see how many pages there are.
func (readArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Priority: 2} }

// chunk is how many pages one job reads. Small enough to share two cores evenly and to lose little on a
// kill, large enough that the queue's own work (some 25 ms a job on SQLite) does not show.
const chunk = 24

// chunks are the jobs that read an upload's pages.
func chunks(batch, upload string, pages int) []river.InsertManyParams {
	var out []river.InsertManyParams
	for from := 0; from < pages; from += chunk {
		out = append(out, river.InsertManyParams{Args: readArgs{batch, upload, from, min(pages, from+chunk)}})
	}
	return out
}

// inTx runs fn in a transaction of the queue's own.
func (s *Service) inTx(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return store.OfMachine(err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(store.OfMachine(err), tx.Rollback())
	}
	return store.OfMachine(tx.Commit())
}

func (s *Service) insert(ctx context.Context, tx *sql.Tx, jobs []river.InsertManyParams) error {
	if len(jobs) == 0 {
		return nil
	}
	_, err := s.client.InsertManyTx(ctx, tx, jobs)
	return err
}

// forgetJobs deletes the queue's rows of a batch, finished ones too: they tell when what was read. So do
// its notifications, which say no more than that there is work; workers look for it all the time.
func forgetJobs(ctx context.Context, batch string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM river_job WHERE json_extract(args, '$.batch') = ?", batch)
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM river_notification")
		}
		return err
	}
}

// requeueAll replaces the jobs of open batches by jobs for what is not read: a job that was running when
// its process was killed would otherwise be taken for running for an hour.
func (s *Service) requeueAll(ctx context.Context) error {
	open, err := s.Store.OpenBatches(ctx)
	if err != nil {
		return err
	}
	for _, b := range open {
		jobs, err := s.unfinished(ctx, b)
		if err != nil {
			return err
		}
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			if err := forgetJobs(ctx, b.ID)(tx); err != nil {
				return err
			}
			return s.insert(ctx, tx, jobs)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) unfinished(ctx context.Context, b ballot.Batch) (jobs []river.InsertManyParams, err error) {
	uploads, err := s.Store.Uploads(ctx, b.ID)
	for _, u := range uploads {
		if u.Pages < 0 {
			jobs = append(jobs, river.InsertManyParams{Args: unpackArgs{b.ID, u.ID}})
		} else {
			jobs = append(jobs, chunks(b.ID, u.ID, u.Pages)...)
		}
	}
	return jobs, err
}

// maxAttempts of a job that fails for want of something on this machine, such as room on the disk: about
// eight hours of trying. Pages themselves never fail, they are rejected.
const maxAttempts = 1000

type retryPolicy struct{}

// NextRetry waits a second longer each time, up to half a minute.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(min(job.Attempt, 30)) * time.Second)
}

// errorHandler tells the log, and people, why a job failed.
type errorHandler struct {
	log     *slog.Logger
	trouble *trouble
}

// trouble is why the last job failed, or why none could be begun, until one succeeds.
type trouble struct {
	mu   sync.Mutex
	code ballot.Code
}

func (t *trouble) set(code ballot.Code) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.code = code
}

// of takes the name of an error.
func (t *trouble) of(err error) { t.set(cmp.Or(ballot.CodeOf(err), CodeTrouble)) }

// CodeTrouble is a job that fails for a reason that has no name.
const CodeTrouble ballot.Code = "trouble"

// Trouble names what keeps pages from being read, so that people see why nothing moves; "" while all is well. Jobs go
// on by themselves, at most half a minute after it has cleared.
func (s *Service) Trouble() ballot.Code {
	s.trouble.mu.Lock()
	defer s.trouble.mu.Unlock()
	return s.trouble.code
}

// HandleError is called for a job that returned an error; it will be tried again.
func (h errorHandler) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		err = ballot.OfMachine(err)
		h.log.Error("job failed, and will be tried again", "kind", job.Kind, "err", err)
		h.trouble.of(err)
	}
	return nil
}

// HandlePanic is called for a job that panicked; it will be tried again.
func (h errorHandler) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	h.log.Error("job panicked, and will be tried again", "kind", job.Kind, "panic", value, "trace", trace)
	return nil
}

// queueLog is the queue's own log, of which only is kept that there was an error: the rest would tell when what was
// read. Where the database takes nothing, the queue can neither begin a job nor write down that one failed; the latter
// it gives up after seven seconds, and takes the job for running for an hour.
type queueLog struct{ failed *atomic.Bool }

// Enabled lets errors through.
func (queueLog) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }

// Handle notes an error.
func (l queueLog) Handle(context.Context, slog.Record) error {
	l.failed.Store(true)
	return nil
}

// WithAttrs changes nothing.
func (l queueLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup changes nothing.
func (l queueLog) WithGroup(string) slog.Handler { return l }

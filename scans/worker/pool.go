package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"pingyi/ballot"
	"pingyi/scans"
)

// Config says how children are started. Command is the binary with its arguments; the zero limits stand
// for the defaults.
type Config struct {
	Command     []string
	Env         []string      // added to the parent's
	Children    int           // how many at once
	PageTime    time.Duration // most time for one page, default 60 s
	MemoryBytes int64         // of a child's Go heap, default 1 GiB; TurboJPEG and Leptonica add a page's pixels
	OCR         bool
}

// Pool keeps children and lends them out, one request each at a time.
type Pool struct {
	config Config
	idle   chan *process // nil: a place where a child may be started
}

// NewPool makes a pool; children are started when they are needed.
func NewPool(c Config) *Pool {
	if c.PageTime == 0 {
		c.PageTime = 60 * time.Second
	}
	if c.MemoryBytes == 0 {
		c.MemoryBytes = 1 << 30
	}
	c.Children = max(1, c.Children)
	p := &Pool{config: c, idle: make(chan *process, c.Children)}
	for range c.Children {
		p.idle <- nil
	}
	return p
}

// Close ends all idle children. Requests under way end first.
func (p *Pool) Close() {
	for range p.config.Children {
		if c := <-p.idle; c != nil {
			c.kill()
		}
	}
}

// process is a running child.
type process struct {
	cmd    *exec.Cmd
	in     *bufio.Writer
	out    *bufio.Reader
	closer io.Closer
	forms  string // key of the forms it holds
}

func (p *Pool) start() (*process, error) {
	cmd := exec.Command(p.config.Command[0], p.config.Command[1:]...)
	// OpenMP threads of Tesseract would fight over two cores; set before the child's libraries load.
	cmd.Env = append(append(os.Environ(), "OMP_THREAD_LIMIT=1"), p.config.Env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("worker: start: %w", err)
	}
	return &process{cmd: cmd, in: bufio.NewWriter(in), out: bufio.NewReaderSize(out, 1<<16), closer: in}, nil
}

func (c *process) kill() {
	c.closer.Close()
	c.cmd.Process.Kill() // it may be gone already
	c.cmd.Wait()         // so that no zombie stays; its state does not matter
}

// File is what is read: a path on this machine, the name to tell people, and the forms with a key that
// changes when they do.
type File struct {
	Path, Name string
	Forms      []ballot.Form
	FormsKey   string
}

// Page is one page as a child read it, with its picture as JPEG (empty where there is none).
type Page struct {
	Index   int
	Result  scans.PageResult
	Picture []byte
}

// Count takes a file apart and tells how many pages it has; problem names the parts that could not be
// opened.
func (p *Pool) Count(ctx context.Context, f File) (pages int, problem string, err error) {
	c, err := p.take(ctx)
	if err != nil {
		return 0, "", err
	}
	end, failure := p.ask(ctx, &c, f, 0, 0, nil)
	p.idle <- c
	if failure != "" {
		return 0, fmt.Sprintf("%s: taking the file apart failed: %s", f.Name, failure), ctx.Err()
	}
	return end.Pages, end.Error, nil
}

// Read reads the pages from … to-1 of a file and hands each to each, in order. A page on which the child
// crashed or took too long is handed on as rejected; reading goes on with the next.
func (p *Pool) Read(ctx context.Context, f File, from, to int, each func(Page) error) error {
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer func() { p.idle <- c }()
	var refused error
	for from < to {
		next := from
		_, failure := p.ask(ctx, &c, f, from, to, func(page Page) error {
			next = page.Index + 1
			refused = each(page)
			return refused
		})
		if refused != nil || ctx.Err() != nil {
			return errors.Join(refused, ctx.Err())
		}
		if failure == "" {
			return nil
		}
		lost := Page{Index: next, Result: scans.PageResult{PageReading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: failure,
			Facts: "the page ended the reading process; the other pages are not affected"}}}}
		if err := each(lost); err != nil {
			return err
		}
		from = next + 1
	}
	return nil
}

func (p *Pool) take(ctx context.Context) (*process, error) {
	select {
	case c := <-p.idle:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask sends one request to *c, starting a child where there is none, and passes its pages on. failure is
// why the child was lost ("" where it was not); *c is nil then.
func (p *Pool) ask(ctx context.Context, c **process, f File, from, to int, each func(Page) error) (end answer, failure ballot.RejectReason) {
	if *c == nil {
		started, err := p.start()
		if err != nil {
			return end, ballot.RejectCrashed
		}
		*c = started
	}
	q := request{Path: f.Path, Name: f.Name, From: from, To: to, OCR: p.config.OCR, Limits: limits{p.config.MemoryBytes}}
	if (*c).forms != f.FormsKey {
		q.Forms, (*c).forms = f.Forms, f.FormsKey
	}
	lose := func(why ballot.RejectReason) (answer, ballot.RejectReason) {
		(*c).kill()
		*c = nil
		return end, why
	}
	if err := writeFrame((*c).in, q, nil); err != nil {
		return lose(ballot.RejectCrashed)
	}
	for {
		var a answer
		blob, err := (*c).next(ctx, p.config.PageTime, &a)
		switch {
		case errors.Is(err, errSlow):
			return lose(ballot.RejectTimeout)
		case err != nil:
			return lose(ballot.RejectCrashed)
		case a.Done:
			return a, ""
		}
		if each != nil {
			if err := each(Page{a.Index, a.Result, blob}); err != nil {
				return lose(ballot.RejectCrashed) // the rest of the answer is not wanted
			}
		}
	}
}

var errSlow = errors.New("worker: no answer in time")

// next reads one frame within the time for a page.
func (c *process) next(ctx context.Context, limit time.Duration, a *answer) ([]byte, error) {
	type frame struct {
		blob []byte
		err  error
	}
	got := make(chan frame, 1)
	go func() {
		blob, err := readFrame(c.out, a)
		got <- frame{blob, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var why error
	select {
	case f := <-got:
		return f.blob, f.err
	case <-timer.C:
		why = errSlow
	case <-ctx.Done():
		why = ctx.Err()
	}
	c.cmd.Process.Kill() // ends the read above
	<-got
	return nil, why
}

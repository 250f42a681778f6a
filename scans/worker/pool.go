package worker

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/child"
)

// Config says how children are started. Command is the binary with its arguments; the zero limits stand
// for the defaults.
type Config struct {
	Command     []string
	Env         []string      // added to the parent's
	Children    int           // how many at once
	PageTime    time.Duration // most time for one page, or for one file of a ZIP
	MemoryBytes int64         // most data of a child
	OCR         bool
	Bare        bool // pages come without pictures
	Background  bool // children give way to other processes
}

// The default limits are many times what a page of A3 at 600 dots per inch takes, and half as much again of
// the memory: they end what has gone wrong, not what is slow. With what the kernel does not count as data (the program,
// compiled code: some 220 MB) a child stays under 1 GB, and with its end under a minute.
const (
	defaultPageTime = 50 * time.Second
	defaultMemory   = 768 << 20
)

// Pool keeps children and lends them out, one request each at a time. It is safe for concurrent use.
type Pool struct {
	config Config
	idle   chan *process // nil: a place where a child may be started
}

// process is a child and the key of the forms that it holds.
type process struct {
	*child.Process
	forms string
}

// NewPool makes a pool; children are started when they are needed.
func NewPool(c Config) *Pool {
	if c.PageTime == 0 {
		c.PageTime = defaultPageTime
	}
	if c.MemoryBytes == 0 {
		c.MemoryBytes = defaultMemory
	}
	c.Children = max(1, c.Children)
	p := &Pool{config: c, idle: make(chan *process, c.Children)}
	for range c.Children {
		p.idle <- nil
	}
	return p
}

// Close ends all children, each when its request is done. The pool is not used afterwards.
func (p *Pool) Close() {
	for range p.config.Children {
		if c := <-p.idle; c != nil {
			c.Kill()
		}
	}
}

// Forms is what pages are read by, with a key that changes when they do.
type Forms struct {
	Key  string
	List []ballot.Form
	Look bool // pictures are measured as such too, for a trial run
}

// Part is one document of an uploaded file: the file itself or, of a ZIP, one of its files. A part that
// should hold pages, by its bytes or in a ZIP by its name, and cannot be opened is one rejected page: its
// paper is missed, and what comes after keeps its place.
type Part struct {
	Path     string            `json:"path"` // on this machine
	Name     string            `json:"name"` // for people
	Pages    int               `json:"pages"`
	Rejected *ballot.Rejection `json:"rejected,omitempty"`
}

// scanNames are those of pictures and PDF.
var scanNames = regexp.MustCompile(`(?i)\.(jpe?g|png|tiff?|pdf)$`)

// Page is one page as a child read it, with its picture as JPEG (empty where there is none).
type Page struct {
	Index   int // in its part, from 0
	Result  scans.PageResult
	Picture []byte
	Look    *ballot.PageLook // where it was asked for and the page could be decoded
}

// Unpack takes an uploaded file apart and counts its pages. The files of a ZIP are written to into with
// a number added. problem names what could not be opened; the parts are what could. An error is this
// machine's, not the file's.
func (p *Pool) Unpack(ctx context.Context, path, name, into string) (parts []Part, problem string, err error) {
	end, err := p.ask(ctx, request{Task: taskUnpack, Path: path, Name: name, Into: into}, "", func(a answer, _ []byte) error {
		parts = append(parts, Part{Path: a.Path, Name: a.Name})
		return nil
	})
	if reason, facts, lost := lostChild(err); lost {
		return nil, fmt.Sprintf("%s: taking it apart failed: %s: %s", name, reason, facts), nil
	}
	if err != nil {
		return nil, "", err
	}
	problem = end.Problem
	kept := parts[:0]
	for _, part := range parts {
		foreign, err := p.count(ctx, &part)
		if err != nil {
			return nil, "", err
		}
		if foreign != "" && part.Path != path && scanNames.MatchString(part.Name) {
			part.Pages, part.Rejected, foreign = 1, &ballot.Rejection{Reason: ballot.RejectBadImage, Facts: foreign}, ""
		}
		if foreign != "" {
			problem = joinLines(problem, foreign)
			continue
		}
		kept = append(kept, part)
	}
	return kept, problem, nil
}

func joinLines(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n" + b
}

// count sets a part's pages. foreign says why it is no picture at all.
func (p *Pool) count(ctx context.Context, part *Part) (foreign string, err error) {
	end, err := p.ask(ctx, request{Task: taskCount, Path: part.Path, Name: part.Name}, "", nil)
	reason, facts, lost := lostChild(err)
	switch {
	case lost:
		part.Pages, part.Rejected = 1, &ballot.Rejection{Reason: reason, Facts: part.Name + ": " + facts}
	case err != nil:
		return "", err
	case end.Foreign:
		return end.Problem, nil
	case end.Problem != "":
		part.Pages, part.Rejected = 1, &ballot.Rejection{Reason: ballot.RejectBadImage, Facts: end.Problem}
	default:
		part.Pages = end.Pages
	}
	return "", nil
}

// Read reads the pages from … to-1 of a part and hands each to each, in order. A page on which the child
// crashed or took too long is handed on as rejected; reading goes on with the next. Where Read fails, a
// page that was not handed on was not read.
func (p *Pool) Read(ctx context.Context, forms Forms, part Part, from, to int, each func(Page) error) error {
	to = min(to, part.Pages)
	if part.Rejected != nil && from < to {
		return each(Page{Result: rejected(part.Rejected.Reason, part.Rejected.Facts)})
	}
	for from < to {
		q := request{Task: taskRead, Path: part.Path, Name: part.Name, From: from, To: to, OCR: p.config.OCR, Look: forms.Look, Bare: p.config.Bare, Forms: forms.List}
		end, err := p.ask(ctx, q, forms.Key, func(a answer, picture []byte) error {
			if a.Result == nil || a.Index != from {
				return fmt.Errorf("worker: page %d came where page %d was asked for", a.Index, from)
			}
			from++
			return each(Page{a.Index, *a.Result, picture, a.Look})
		})
		reason, facts, lost := lostChild(err)
		switch {
		case lost && from < to:
			if err := each(Page{Index: from, Result: rejected(reason, facts)}); err != nil {
				return err
			}
			from++
		case err != nil && !lost:
			return err
		case !lost && from < to:
			return fmt.Errorf("worker: %s: pages end at %d, not at %d: %s", part.Name, from, to, end.Problem)
		}
	}
	return nil
}

// childLost is a child that crashed or was killed in the middle of a request.
type childLost struct {
	reason ballot.RejectReason
	facts  string
}

func (l *childLost) Error() string { return "worker: " + string(l.reason) + ": " + l.facts }

func lostChild(err error) (reason ballot.RejectReason, facts string, lost bool) {
	var l *childLost
	if !errors.As(err, &l) {
		return "", "", false
	}
	return l.reason, l.facts, true
}

// ask lends a child, sends it one request and passes its answers on, but for the last, which it returns.
// The error is a childLost where the child ended; any other ends the request. A child that ends before its
// first answer may have died while it was idle: then a new one is asked once more.
func (p *Pool) ask(ctx context.Context, q request, forms string, each func(answer, []byte) error) (end answer, err error) {
	var c *process
	select {
	case c = <-p.idle:
	case <-ctx.Done():
		return end, ctx.Err()
	}
	defer func() { p.idle <- c }()
	for {
		used, answered := c != nil, false
		if !used {
			started, err := child.Start(p.config.Command, p.config.Env)
			if err != nil {
				return end, err
			}
			c = &process{Process: started}
		}
		end, err = p.talk(ctx, c, q, forms, func(a answer, blob []byte) error {
			answered = true
			return each(a, blob)
		})
		if err == nil {
			return end, nil
		}
		words := c.Kill()
		c = nil
		var lost *childLost
		switch {
		case !errors.As(err, &lost):
			return end, err
		case lost.reason == ballot.RejectCrashed && used && !answered:
			continue
		case words != "":
			lost.facts += ": " + words
		}
		return end, err
	}
}

func (p *Pool) talk(ctx context.Context, c *process, q request, forms string, each func(answer, []byte) error) (end answer, err error) {
	q.Memory, q.Background = p.config.MemoryBytes, p.config.Background
	if c.forms == forms {
		q.Forms = nil
	} else if q.Forms != nil {
		c.forms = forms
	}
	if err := c.Send(q, nil); err != nil {
		return end, &childLost{ballot.RejectCrashed, "the reading process was gone"}
	}
	for {
		var a answer
		blob, err := c.Next(ctx, p.config.PageTime, &a)
		switch {
		case ctx.Err() != nil:
			return end, ctx.Err()
		case errors.Is(err, child.ErrSlow):
			return end, &childLost{ballot.RejectTimeout, fmt.Sprintf("not read within %s; the other pages are not affected", p.config.PageTime)}
		case err != nil:
			return end, &childLost{ballot.RejectCrashed, "the page ended the reading process; the other pages are not affected"}
		case a.Done && a.Fault != "":
			if a.Errno != 0 {
				return end, fmt.Errorf("worker: %s: %w", a.Fault, a.Errno)
			}
			return end, errors.New(a.Fault)
		case a.Done:
			return a, nil
		}
		if err := each(a, blob); err != nil {
			return end, err
		}
	}
}

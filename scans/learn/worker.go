package learn

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"pingyi/ballot"
	"pingyi/scans/child"
)

// How long a child may take until it has opened a file, and for each page: OCR of a page of 72 rows takes some ten
// seconds of a quiet machine.
const (
	openTime = officeTime + time.Minute
	pageTime = 3 * time.Minute
)

// Worker learns blanks in child processes, one at a time: the bytes come from outside. A child is started for each
// and killed with all that it started.
type Worker struct {
	command []string
	turn    chan struct{}
}

// NewWorker makes a worker; command is the binary with the arguments of a child that calls Serve.
func NewWorker(command []string) *Worker {
	return &Worker{command: command, turn: make(chan struct{}, 1)}
}

// Learn proposes the form of a blank. name is the file's: it tells documents from pictures. What cannot be used is
// refused by ballot.Errors. Engine and Random of the options are the child's own.
func (w *Worker) Learn(ctx context.Context, name string, data []byte, o Options) (p *Proposal, err error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "pingyi-learn-") // what a killed child leaves behind goes with it
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c, err := child.Start(w.command, []string{"TMPDIR=" + dir})
	if err != nil {
		return nil, err
	}
	defer func() {
		words := c.Kill()
		if err != nil && ballot.CodeOf(err) == "" && ctx.Err() == nil {
			err = lost(err, words)
		}
	}()
	q := request{Name: name, Meeting: o.Meeting, Version: o.Version, Group: o.Group, Grades: o.Grades, Subjects: o.Subjects}
	if err := c.Send(q, data); err != nil {
		return nil, err
	}
	return answers(ctx, c)
}

// answers collects what a child sends until it says that it is done.
func answers(ctx context.Context, c *child.Process) (*Proposal, error) {
	p := &Proposal{}
	for limit := openTime; ; limit = pageTime {
		var a answer
		page, err := c.Next(ctx, limit, &a)
		switch {
		case err != nil:
			return nil, err
		case a.Fault != "":
			return nil, faulty(a.Fault)
		case len(a.Refused) > 0:
			var all []error
			for _, e := range a.Refused {
				all = append(all, e)
			}
			return nil, errors.Join(all...)
		case a.Done && a.Form != nil && len(p.Pages) == len(a.Form.Pages):
			p.Form, p.Missing = *a.Form, a.Missing
			return p, nil
		case a.Done:
			return nil, fmt.Errorf("learn: the child sent %d pages and then another number", len(p.Pages))
		case len(page) > 0:
			p.Pages = append(p.Pages, page)
		}
	}
}

// faulty is a failure that a child reports of itself.
type faulty string

func (f faulty) Error() string { return "learn: " + string(f) }

// lost is a child that was killed, hung or crashed over a file: a refusal, since the file did it.
func lost(err error, words string) error {
	var f faulty
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, child.ErrSlow):
		return ballot.Errorf(ballot.CodeForm, "识别空白票用时过长，已停止；请另存为 PDF 或减少页数后再试", "learning the blank took too long and was ended: save it as PDF, or give fewer pages")
	}
	return ballot.Errorf(ballot.CodeForm, "识别空白票时程序中断，文件可能已损坏（%[1]v %[2]s）；请另存为 PDF 后再试", "learning the blank ended the process; the file may be damaged (%[1]v %[2]s): save it as PDF", err, words)
}

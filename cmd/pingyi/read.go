package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/worker"
)

type readOptions struct {
	forms   string
	trace   string
	workers int
	ocr     bool
	names   nameShare
	insist  bool // OCR was asked for: without it nothing is read
}

func readCommand() *cobra.Command {
	o := readOptions{names: defaultNames}
	c := &cobra.Command{
		Use:   "read --forms FORMS.json FILE…",
		Short: "识读扫描件，每页输出一行 JSON (read scans, one JSON line a page)",
		Long: `Reads images, PDFs and ZIPs of them with no database and no server, on all cores, and writes one JSON
line a page to standard output, in input order. Exit status 0 though pages were rejected, 2 for a file
that cannot be opened at all.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name at least one file to read")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, files []string) error {
			o.insist = o.ocr || c.Flags().Changed("names") && o.names > 0
			return readFiles(c.Context(), o, files, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&o.forms, "forms", "", "forms file, from `pingyi forms export`")
	c.Flags().StringVar(&o.trace, "trace", "", "write numbered pictures of the stages into this folder")
	c.Flags().IntVar(&o.workers, "workers", runtime.NumCPU(), "pages read at once")
	c.Flags().BoolVar(&o.ocr, "ocr", false, "cross-check the printed identity line of every page by OCR")
	c.Flags().Var(&o.names, "names", namesUsage)
	_ = c.MarkFlagRequired("forms")
	return c
}

// pageLine is the contract's JSON line of one page.
type pageLine struct {
	File     string        `json:"file"`
	Page     int           `json:"page"`
	Status   string        `json:"status"` // read | rejected
	Reason   string        `json:"reason"`
	Facts    string        `json:"facts,omitempty"`
	Form     string        `json:"form"`
	FormPage int           `json:"form_page"`
	Group    string        `json:"group"`
	Identity string        `json:"identity"`
	Serial   string        `json:"serial,omitempty"` // "unchecked" on serial forms: their keys are never exported
	Rotation int           `json:"rotation"`
	Residual float64       `json:"residual_mm"`
	Rows     []rowLine     `json:"rows"`
	Flags    []string      `json:"flags,omitempty"`
	Writing  []ballot.Rect `json:"writing,omitempty"` // mm on the page
	Millis   scans.Millis  `json:"ms"`
}

type rowLine struct {
	Subject int                `json:"subject"`
	Verdict ballot.VerdictKind `json:"verdict"`
	Grade   string             `json:"grade"`
	Reason  string             `json:"reason"`
	Scores  []ballot.MarkScore `json:"scores"`
}

func lineOf(file string, page int, res scans.PageResult) pageLine {
	l := pageLine{File: file, Page: page, Status: "read", Form: res.Form, FormPage: res.Page, Group: res.Group,
		Identity: res.Identity, Rotation: res.Rotation, Residual: res.Residual, Rows: []rowLine{},
		Flags: res.Flags, Writing: res.Writing, Millis: res.Millis}
	if res.Identity == string(ballot.Serial) {
		l.Serial = "unchecked"
	}
	if res.Rejected != nil {
		l.Status, l.Reason, l.Facts = "rejected", string(res.Rejected.Reason), res.Rejected.Facts
		return l
	}
	for i, row := range res.Rows {
		l.Rows = append(l.Rows, rowLine{row.Subject, res.Verdicts[i].Kind, res.Verdicts[i].Grade, res.Verdicts[i].Reason, row.Scores})
	}
	return l
}

func readFiles(ctx context.Context, o readOptions, files []string, out, errOut io.Writer) error {
	forms, err := loadForms(o.forms)
	if err != nil {
		return usageError{err}
	}
	learned := tellLearned(errOut, forms)
	if err := checkOCR(); err != nil && (o.insist || learned) {
		return err
	} else if err != nil {
		fmt.Fprintf(errOut, "pingyi: %v\n", err)
		o.names = 0
	}
	w := bufio.NewWriterSize(out, 1<<16)
	unopened, err := readAll(ctx, forms, o, files, w)
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	if err == nil && unopened != nil {
		err = usageError{unopened}
	}
	return err
}

// tellLearned says of forms that others made what is not looked for on their pages, which carry
// ballot.FlagWritingUnchecked, and tells whether there are any.
func tellLearned(w io.Writer, forms []ballot.Form) (any bool) {
	for i := range forms {
		if f := &forms[i]; f.Learned != nil {
			any = true
			fmt.Fprintf(w, "pingyi: 表样 %[1]s 由“%[2]s”识得：格外有无字迹未作检查，请人工查看 (%[3]s: form %[1]s was learned from %[2]s; nobody looked for writing outside its cells, look at the paper)\n",
				f.ID, f.Learned.Source, ballot.FlagWritingUnchecked)
		}
	}
	return any
}

func loadForms(path string) ([]ballot.Form, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("forms file: %w", err)
	}
	f, err := ballot.ParseForms(data)
	if err != nil {
		return nil, fmt.Errorf("forms file %s: %w", path, err)
	}
	return f.Forms, nil
}

// stretch is how many pages a child is asked for at once: a file is opened anew for each.
const stretch = 16

// readAll reads all pages of all files by child processes and writes their lines in input order. unopened joins the
// files that could not be opened; err is this machine's failure.
func readAll(ctx context.Context, forms []ballot.Form, o readOptions, files []string, w io.Writer) (unopened, err error) {
	unpacked, err := os.MkdirTemp("", "pingyi-read-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unpacked)) }()
	pool, err := o.children()
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	group, ctx := errgroup.WithContext(ctx)
	f := feeder{group: group, pool: pool, forms: worker.Forms{Key: "read", List: forms}, order: make(chan chan pageLine, 2*max(1, o.workers))}
	var faults []error
	group.Go(func() error {
		defer close(f.order)
		for i, name := range files {
			parts, fault, err := f.unpack(ctx, name, filepath.Join(unpacked, strconv.Itoa(i)))
			if err != nil {
				return err
			}
			faults = append(faults, fault)
			if err := f.feed(ctx, parts); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error { return writeLines(ctx, f.order, w) })
	err = group.Wait()
	return errors.Join(faults...), err
}

// children are processes with bounds on memory and time: a page that breaks one is rejected, the others are read.
func (o readOptions) children() (*worker.Pool, error) {
	binary, err := os.Executable()
	return worker.NewPool(worker.Config{Command: []string{binary, "read-worker", "--names", o.names.String(), "--trace", o.trace},
		Children: o.workers, OCR: o.ocr, Bare: true}), err
}

// feeder gives files to children. Each stretch of pages has a channel of its own for its lines, and order has these
// channels in input order.
type feeder struct {
	group *errgroup.Group
	pool  *worker.Pool
	forms worker.Forms
	order chan chan pageLine
}

// unpack gives the documents of a file that can be opened; fault joins those that cannot.
func (f feeder) unpack(ctx context.Context, name, into string) (parts []worker.Part, fault, err error) {
	if _, err := os.Stat(name); err != nil {
		return nil, err, nil
	}
	all, problem, err := f.pool.Unpack(ctx, name, name, into)
	if problem != "" {
		fault = errors.New(problem)
	}
	for _, p := range all {
		if p.Rejected != nil {
			fault = errors.Join(fault, errors.New(p.Rejected.Facts))
			continue
		}
		parts = append(parts, p)
	}
	return parts, fault, err
}

func (f feeder) feed(ctx context.Context, parts []worker.Part) error {
	for _, part := range parts {
		for from := 0; from < part.Pages; from += stretch {
			lines := make(chan pageLine, stretch)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case f.order <- lines:
			}
			f.group.Go(func() error {
				defer close(lines)
				return f.pool.Read(ctx, f.forms, part, from, from+stretch, func(p worker.Page) error {
					lines <- lineOf(part.Name, p.Index+1, p.Result)
					return nil
				})
			})
		}
	}
	return nil
}

// writeLines ends with the first line that cannot be written, and so all reading.
func writeLines(ctx context.Context, order <-chan chan pageLine, w io.Writer) error {
	encoder := json.NewEncoder(w)
	for lines := range order {
		for line := range lines {
			if err := encoder.Encode(line); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// newTracer writes pictures of the stages, labelled in Chinese, into a folder.
func newTracer(dir string) (*scans.Tracer, error) {
	fonts, err := pdf.LoadFonts()
	if err != nil {
		return nil, err
	}
	han, err := fonts.TrueType('评', pdf.Hei)
	return &scans.Tracer{Dir: dir, Font: han}, err
}

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
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
// scans.FlagWritingUnchecked, and tells whether there are any.
func tellLearned(w io.Writer, forms []ballot.Form) (any bool) {
	for i := range forms {
		if f := &forms[i]; f.Learned != nil {
			any = true
			fmt.Fprintf(w, "pingyi: 表样 %[1]s 由“%[2]s”识得：格外有无字迹未作检查，请人工查看 (%[3]s: form %[1]s was learned from %[2]s; nobody looked for writing outside its cells, look at the paper)\n",
				f.ID, f.Learned.Source, scans.FlagWritingUnchecked)
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

// job is one page to read; its result comes back on done.
type job struct {
	doc  *sharedDoc
	page int
	done chan pageLine
}

// sharedDoc closes its document when the last of its pages has been read.
type sharedDoc struct {
	*raster.Document
	file string
	left sync.WaitGroup
}

// readAll reads all pages of all files on some goroutines and writes their lines in input order. Two
// files a worker are held in memory at most. unopened joins the files that could not be opened.
func readAll(ctx context.Context, forms []ballot.Form, o readOptions, files []string, w io.Writer) (unopened, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := max(1, o.workers)
	jobs := make(chan job, workers)
	order := make(chan chan pageLine, 2*workers)
	var wg sync.WaitGroup
	var tracers []*scans.Tracer
	for range workers {
		r, err := newReader(forms, o)
		if err != nil {
			return nil, err
		}
		if r.trace != nil {
			tracers = append(tracers, r.trace)
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.work(jobs)
		}()
	}
	var faults []error
	go func() {
		defer close(order)
		defer close(jobs)
		for _, f := range files {
			if err := feed(ctx, f, jobs, order); err != nil {
				faults = append(faults, err)
			}
		}
	}()
	encoder := json.NewEncoder(w)
	for done := range order {
		line := <-done
		if err == nil {
			if err = encoder.Encode(line); err != nil {
				cancel() // standard output is gone: finish what is under way and stop
			}
		}
	}
	wg.Wait()
	for _, t := range tracers {
		err = errors.Join(err, t.Err())
	}
	return errors.Join(faults...), err
}

// reader is one goroutine's reader with its own OCR process and tracer.
type reader struct {
	*scans.Reader
	ocr   *ocr.Client
	trace *scans.Tracer
}

func newReader(forms []ballot.Form, o readOptions) (*reader, error) {
	client, err := newOCR()
	if err != nil {
		return nil, err
	}
	r := &reader{ocr: client}
	options, err := readerOptions(client, o.ocr, o.names, "")
	if err != nil {
		return nil, err
	}
	if o.trace != "" {
		fonts, err := pdf.LoadFonts()
		if err != nil {
			return nil, err
		}
		han, err := fonts.TrueType('评', pdf.Hei)
		if err != nil {
			return nil, err
		}
		r.trace = &scans.Tracer{Dir: o.trace, Font: han}
		options.Trace = r.trace
	}
	r.Reader, err = scans.NewReader(forms, options)
	return r, err
}

func (r *reader) work(jobs <-chan job) {
	defer r.ocr.Close()
	for j := range jobs {
		if r.trace != nil {
			r.trace.Begin(j.doc.file, j.page+1)
		}
		j.done <- lineOf(j.doc.file, j.page+1, r.ReadOne(j.doc.Document, j.page))
		j.doc.left.Done()
	}
}

// feed opens a file and queues its pages.
func feed(ctx context.Context, path string, jobs chan<- job, order chan<- chan pageLine) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	limits := raster.DefaultLimits()
	var faults []error
	err = raster.Expand(path, data, limits, func(name string, data []byte) error {
		doc, err := raster.Open(name, data, raster.Options{MinDPI: scans.MinDPI, Limits: limits})
		if err != nil {
			faults = append(faults, err)
			return nil
		}
		shared := &sharedDoc{Document: doc, file: name}
		shared.left.Add(doc.Pages())
		go func() {
			shared.left.Wait()
			doc.Close()
		}()
		for i := 0; i < doc.Pages(); i++ {
			done := make(chan pageLine, 1)
			select {
			case <-ctx.Done():
				shared.left.Add(i - doc.Pages())
				return ctx.Err()
			case order <- done:
			}
			jobs <- job{shared, i, done}
		}
		return nil
	})
	return errors.Join(append(faults, err)...)
}

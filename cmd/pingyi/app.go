package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"pingyi/api"
	"pingyi/api/web"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/scans/jobs"
	"pingyi/scans/learn"
	"pingyi/scans/worker"
	"pingyi/tally"
	"pingyi/tally/report"
)

// app is everything of one process put together.
type app struct {
	config  config
	store   *store.Store
	fonts   *pdf.Fonts
	jobs    *jobs.Service
	pool    *worker.Pool
	learner *learn.Worker
	ocr     bool // installed and used
	log     *slog.Logger
}

// openStore opens the database in the data folder, which is made where it is missing.
func openStore(c config) (*store.Store, error) {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, err
	}
	return store.Open(c.database(), store.Options{})
}

// openApp opens the store and prepares jobs and fonts; nothing works yet.
func openApp(ctx context.Context, c config, log *slog.Logger) (*app, error) {
	fonts, err := loadFonts(c.font)
	if err != nil {
		return nil, err
	}
	s, err := openStore(c)
	if err != nil {
		return nil, err
	}
	binary, err := os.Executable()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	a := &app{config: c, store: s, fonts: fonts, learner: learn.NewWorker([]string{binary, "learn-worker"}), log: log}
	if err := checkOCR(); err != nil {
		log.Warn(err.Error())
		c.ocr, c.names = false, 0
	}
	a.ocr = c.ocr
	a.pool = worker.NewPool(worker.Config{Command: []string{binary, "read-worker", "--names", c.names.String(), "--font", c.font}, Children: max(1, c.workers), OCR: c.ocr, Background: true})
	a.jobs, err = jobs.New(ctx, jobs.Config{Store: s, DB: s.DB(), Reader: a.pool, Keys: c.keys(), Folder: c.data, Watch: c.watch, Workers: max(1, c.workers), Random: rand.Reader, Log: log})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return a, nil
}

func loadFonts(own string) (*pdf.Fonts, error) {
	if own == "" {
		return pdf.LoadFonts()
	}
	return pdf.LoadFonts(own)
}

// close stops work and closes the database.
func (a *app) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := a.jobs.Stop(ctx)
	a.pool.Close()
	return errors.Join(err, a.store.Close())
}

// handler is the whole HTTP service; first is what Config.First of the API is.
func (a *app) handler(first string) (http.Handler, error) {
	files, err := web.Files()
	if err != nil {
		return nil, err
	}
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return api.New(api.Config{
		Store: apiStore{a.store}, Batches: batches{a.jobs, a.store}, Trials: a.jobs, Pictures: closedPictures{a.jobs, a.store},
		Sheets: sheets{}, Printer: printer{a.fonts, a.store, issuer{a.store, a.config.keys()}}, Reports: reports{a.fonts}, Learner: blanks{a.learner, a.store, a.pool}, Destroyer: a.jobs,
		System:   machine{a},
		Sessions: a.store.Sessions(), Passwords: a.config.passwords(), Web: files, Metrics: metrics, Log: a.log,
		Now: time.Now, Random: rand.Reader, Version: currentVersion().Version, SignAfter: a.config.signAfter, CVR: a.config.cvr,
		Secure: a.config.secure(), Proxies: a.config.proxies, Limits: a.config.limits, First: first, FactorKey: func() ([]byte, error) { return a.config.keys().Factors(rand.Reader) },
	})
}

// printer draws paper for the API.
type printer struct {
	fonts  *pdf.Fonts
	store  *store.Store
	issuer issuer
}

func (p printer) Ballots(ctx context.Context, w io.Writer, m ballot.Meeting, f ballot.Form, copies int, cover bool) error {
	own, err := ownPages(ctx, p.store, &f)
	if err != nil {
		return err
	}
	sheet, err := coverOf(m, f.Group, cover)
	if err != nil {
		return err
	}
	return pdf.Ballots(w, &f, copies, sheet, p.fonts, nil, own...)
}

// coverOf is what is laid on a stack of a group's ballots; nil where it is not wanted.
func coverOf(m ballot.Meeting, group string, wanted bool) (cover *pdf.Cover, err error) {
	if wanted {
		cover = &pdf.Cover{Meeting: m}
		cover.Group, err = m.Group(group)
	}
	return cover, err
}

// ownPages are the pictures of a form's pages where the office made the ballot; else none.
func ownPages(ctx context.Context, s *store.Store, f *ballot.Form) ([][]byte, error) {
	if f.Learned == nil {
		return nil, nil
	}
	return s.BlankPages(ctx, f.Meeting, f.Group)
}

func (p printer) SignIn(_ context.Context, m ballot.Meeting, r ballot.RollResult) ([]byte, error) {
	var b bytes.Buffer
	err := pdf.SignInSheet(&b, m, r, p.fonts)
	return b.Bytes(), err
}

func (p printer) Check(f *ballot.Form) error { return p.fonts.CheckForm(f) }

// sheets reads and makes spreadsheets for the API.
type sheets struct{}

func (sheets) Roster(name string, data []byte) ([]ballot.Subject, []int, error) {
	return sheet.DraftRoster(name, data)
}
func (sheets) Roll(name string, data []byte) ([]ballot.RollEntry, error) {
	return sheet.ReadRoll(name, data)
}
func (sheets) RosterTemplate() ([]byte, error) { return sheet.TemplateXLSX() }
func (sheets) RollTemplate(categories, venues []string) ([]byte, error) {
	return sheet.RollTemplateXLSX(categories, venues)
}

// reports writes results down for the API.
type reports struct{ fonts *pdf.Fonts }

func (r reports) Statement(w io.Writer, t *tally.Result) error { return pdf.Statement(w, t, r.fonts) }
func (r reports) XLSX(w io.Writer, t *tally.Result) error      { return report.XLSX(w, t) }
func (r reports) CSV(w io.Writer, t *tally.Result) error       { return report.CSV(w, t) }
func (r reports) CVR(w io.Writer, m ballot.Meeting, votes []ballot.Leaf, day string) error {
	return report.CVR(w, m, votes, day)
}

func (r reports) Feedback(w io.Writer, t *tally.Result, subject int) error {
	return pdf.Feedback(w, t, subject, r.fonts)
}

// closedPictures finds pictures of pages of the meeting that is asked for, and of no other.
type closedPictures struct {
	jobs  *jobs.Service
	store *store.Store
}

func (p closedPictures) Picture(ctx context.Context, meeting, page string) (io.ReadCloser, error) {
	if _, err := p.store.Page(ctx, meeting, page); err != nil {
		return nil, err
	}
	return p.jobs.Picture(ctx, meeting, page)
}

package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// Printer draws paper as PDF. A character that no font has is an error with ballot.CodeGlyph.
type Printer interface {
	// In serial mode they are specimens.
	Ballots(ctx context.Context, w io.Writer, m ballot.Meeting, f ballot.Form, copies int, cover bool) error
	// Serials draws copies that all differ, and gives what stands for their ids.
	Serials(ctx context.Context, w io.Writer, m ballot.Meeting, f ballot.Form, copies int, cover bool) ([]ballot.Pseudonym, error)
	SignIn(ctx context.Context, m ballot.Meeting, r ballot.RollResult) ([]byte, error)
	// Check finds characters on a form that no font has: one error for each text, joined.
	Check(f *ballot.Form) error
}

// PrintStore records how many copies of a group's ballot exist on paper: the ledger's spares come from
// it. A master is 0 copies; serial mode has none, and its copies come with serials.
type PrintStore interface {
	// Before, where it is not nil, is how many were recorded when the person asked: the same copies asked for again,
	// since no answer came, are not recorded twice; where others have printed since, it is ballot.CodeConflict.
	// In serial mode each run is other paper.
	Printed(ctx context.Context, actor, meeting, group string, copies int, before *int, serials ...ballot.Pseudonym) error
	// Prints is how many copies were recorded, by group.
	Prints(ctx context.Context, meeting string) (map[string]int, error)
}

func (s *server) registerPrint() {
	master := route("GET", "/meetings/{meeting}/print", "print-master", "printing", "印制底稿 the master of one ballot, for the printer's own copy count")
	add(s, pdfAnswer(master), s.printMaster)
	copies := route("POST", "/meetings/{meeting}/print", "print-copies", "printing", "印票 exactly the copies asked for")
	add(s, pdfAnswer(copies), s.printCopies)
	sheet := route("POST", "/meetings/{meeting}/sign-in", "sign-in-sheet", "printing",
		"签到册 draw the sign-in sheet of a roll; neither its names nor its headcounts are kept")
	addUpload(s, pdfAnswer(sheet), false, s.signInSheet)
	add(s, route("POST", "/meetings/{meeting}/print/copied", "record-copies", "printing", "登记复印份数 record copies that a printer or copier made of the master"), s.recordCopies)
}

type printMasterInput struct {
	InMeeting
	Group string `query:"group" required:"true" maxLength:"60" doc:"code, name or category of a voter group"`
	Cover bool   `query:"cover" doc:"with a cover sheet"`
	Show  bool   `query:"show" doc:"to be shown in a frame of the pages, not as a download"`
}

func (s *server) printMaster(ctx context.Context, in *printMasterInput) (*huma.StreamResponse, error) {
	return s.print(ctx, in.Meeting, in.Group, printJob{copies: master, cover: in.Cover, show: in.Show})
}

// signInSheet needs no draft: the sheet may be printed on the very day, of a roll that has changed since.
func (s *server) signInSheet(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
	entries, err := parsed(&in.Multipart, s.Sheets.Roll)
	if err != nil {
		return nil, err
	}
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	roll, err := m.ApplyRoll(entries)
	if err != nil {
		return nil, err
	}
	data, err := s.Printer.SignIn(ctx, m, roll)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(func(w io.Writer) error { _, err := w.Write(data); return err })
	if err != nil {
		return nil, err
	}
	return doc.send("application/pdf", fmt.Sprintf("sign-in-%s.pdf", in.Meeting)), nil
}

// master asks print for the document that copies are made of elsewhere.
const master = 0

type printCopiesInput struct {
	InMeeting
	Body struct {
		Group  string `json:"group" maxLength:"60" doc:"code, name or category of a voter group"`
		Copies int    `json:"copies" minimum:"1" maximum:"5000" doc:"larger runs are asked for in parts"`
		Cover  bool   `json:"cover,omitempty" doc:"with a cover sheet"`
		Before *int   `json:"before,omitempty" minimum:"0" doc:"copies recorded when this was first asked for: asked again because no answer came, they are not recorded twice"`
	}
}

func (s *server) printCopies(ctx context.Context, in *printCopiesInput) (*huma.StreamResponse, error) {
	return s.print(ctx, in.Meeting, in.Body.Group, printJob{in.Body.Copies, in.Body.Cover, false, in.Body.Before})
}

// printJob is what is printed of a group's ballot; before is that of PrintStore.
type printJob struct {
	copies int
	cover  bool
	show   bool
	before *int
}

// print draws the whole document before it sends the first byte, so that nobody prints half a run; then
// it is recorded, and only what is recorded is sent.
func (s *server) print(ctx context.Context, meeting, group string, j printJob) (*huma.StreamResponse, error) {
	m, form, err := s.formOf(ctx, meeting, group)
	if err != nil {
		return nil, err
	}
	serial := form.Identity == ballot.Serial
	if serial && j.copies == master && !j.show {
		return nil, ballot.NoMaster()
	}
	var serials []ballot.Pseudonym
	doc, err := newDocument(func(w io.Writer) (err error) {
		if serial && j.copies != master {
			serials, err = s.Printer.Serials(ctx, w, m, form, j.copies, j.cover)
			return err
		}
		return s.Printer.Ballots(ctx, w, m, form, max(1, j.copies), j.cover)
	})
	if err != nil {
		return nil, err
	}
	if !j.show { // what is looked at is nothing to record
		err = s.Store.Printed(ctx, actor(ctx), meeting, form.Group, j.copies, j.before, serials...)
	}
	if err != nil {
		doc.Close()
		return nil, err
	}
	doc.shown = j.show
	return doc.send("application/pdf", fmt.Sprintf("ballots-%s-%s-v%d-x%d.pdf", meeting, form.Group, form.Version, j.copies)), nil
}

type recordCopiesInput struct {
	InMeeting
	Body struct {
		Group  string `json:"group" maxLength:"60" doc:"code, name or category of a voter group"`
		Copies int    `json:"copies" minimum:"1" maximum:"100000"`
		Before *int   `json:"before,omitempty" minimum:"0" doc:"as of print-copies"`
	}
}

func (s *server) recordCopies(ctx context.Context, in *recordCopiesInput) (*none, error) {
	_, form, err := s.formOf(ctx, in.Meeting, in.Body.Group)
	if err != nil {
		return nil, err
	}
	return done(s.Store.Printed(ctx, actor(ctx), in.Meeting, form.Group, in.Body.Copies, in.Body.Before))
}

// formOf finds the form of a group; an excluded category is refused by the rule that excludes it.
func (s *server) formOf(ctx context.Context, meeting, group string) (ballot.Meeting, ballot.Form, error) {
	m, err := s.Store.Meeting(ctx, meeting)
	if err != nil {
		return m, ballot.Form{}, err
	}
	g, err := m.Group(group)
	if err != nil {
		return m, ballot.Form{}, err
	}
	forms, err := s.Store.Forms(ctx, meeting)
	if err != nil {
		return m, ballot.Form{}, err
	}
	for _, f := range forms {
		if f.Group == g.Code {
			return m, f, nil
		}
	}
	return m, ballot.Form{}, ballot.Errorf(ballot.CodeNotFound, "%s票没有表样", "group %s has no form", g.Code)
}

// document is a finished file on disk that goes away when it is closed.
type document struct {
	file  *os.File
	size  int64
	shown bool // in a frame of our own pages, not a download
}

// newDocument lets draw write a document to a file without a name.
func newDocument(draw func(io.Writer) error) (*document, error) {
	f, err := os.CreateTemp("", "pingyi-*")
	if err != nil {
		return nil, err
	}
	doc := &document{file: f}
	if err := os.Remove(f.Name()); err != nil { // the open file stays until it is closed, even after a crash
		doc.Close()
		return nil, err
	}
	if err := draw(f); err != nil {
		doc.Close()
		return nil, err
	}
	if doc.size, err = f.Seek(0, io.SeekEnd); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		doc.Close()
		return nil, err
	}
	return doc, nil
}

// Close gives the space back.
func (d *document) Close() error { return d.file.Close() }

// send answers with the document.
func (d *document) send(kind, name string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer d.Close()
		ctx.SetHeader("Content-Type", kind)
		ctx.SetHeader("Content-Length", strconv.FormatInt(d.size, 10))
		if d.shown {
			ctx.SetHeader("Content-Security-Policy", "frame-ancestors 'self'") // nothing else of the service may be framed
			ctx.SetHeader("X-Frame-Options", "SAMEORIGIN")
		} else {
			ctx.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		}
		ctx.SetStatus(http.StatusOK)
		_, _ = io.Copy(ctx.BodyWriter(), d.file) // a client that went away sees a length that does not match
	}}
}

// pdfAnswer describes an operation that answers with a PDF.
func pdfAnswer(op huma.Operation) huma.Operation {
	return fileAnswer(op, "application/pdf")
}

// fileAnswer describes an operation that answers with a file of one of the kinds.
func fileAnswer(op huma.Operation, kinds ...string) huma.Operation {
	content := map[string]*huma.MediaType{}
	for _, k := range kinds {
		content[k] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	return op
}

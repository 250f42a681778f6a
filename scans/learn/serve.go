package learn

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/child"
	"pingyi/scans/raster"
)

// request asks a child to learn the blank in the frame's blob.
type request struct {
	Name     string           `json:"name"` // as uploaded: it tells documents from pictures
	Meeting  string           `json:"meeting"`
	Version  int              `json:"version"`
	Group    string           `json:"group"`
	Grades   []string         `json:"grades"`
	Subjects []ballot.Subject `json:"subjects"`
}

// answer is a page that was learned, with its picture in the blob, or the end.
type answer struct {
	Opened  int             `json:"opened,omitempty"` // pages of the file: the first answer
	Done    bool            `json:"done,omitempty"`
	Form    *ballot.Form    `json:"form,omitempty"`
	Missing []string        `json:"missing,omitempty"`
	Refused []*ballot.Error `json:"refused,omitempty"` // why the blank cannot be used
	Fault   string          `json:"fault,omitempty"`   // this machine failed
}

// Limits of a child: of the data of each process, and of the processor time of each.
const (
	childMemory  = 2 << 30 // bytes
	childSeconds = 600
	mostPages    = 200 // of a blank
)

// Engine is a Recognizer that says what it lacks.
type Engine interface {
	Recognizer
	Check() error
}

// Serve is the child's side: it learns one blank from in and answers on out.
func Serve(in io.Reader, out io.Writer, engine Engine) error {
	for _, err := range []error{child.LowPriority(), child.LimitMemory(childMemory), child.LimitProcessor(childSeconds)} {
		if err != nil {
			return err
		}
	}
	var q request
	data, err := child.ReadFrame(bufio.NewReader(in), &q)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	p, err := serve(q, data, engine, func(a answer, page []byte) error { return child.WriteFrame(w, a, page) })
	end := answer{Done: true, Refused: ballot.Errors(err)}
	switch {
	case err == nil:
		end.Form, end.Missing = &p.Form, p.Missing
	case len(end.Refused) == 0:
		end.Fault = err.Error()
	}
	return child.WriteFrame(w, end, nil)
}

func serve(q request, data []byte, engine Engine, send func(answer, []byte) error) (*Proposal, error) {
	if err := engine.Check(); err != nil {
		return nil, NoOCR(err)
	}
	if IsDocument(q.Name) {
		var err error
		if data, err = converted(q.Name, data); err != nil {
			return nil, err
		}
	}
	doc, err := open(q.Name, data, 0)
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	sharp, err := open(q.Name, data, BlankDPI)
	if err != nil {
		return nil, err
	}
	defer sharp.Close()
	if err := send(answer{Opened: doc.Pages()}, nil); err != nil {
		return nil, err
	}
	sent := func(page []byte) error { return send(answer{}, page) }
	return learn(blank{doc.Pages(), doc.Page, sharp.Page}, sent, Options{Source: q.Name, Meeting: q.Meeting, Version: q.Version, Group: q.Group,
		Grades: q.Grades, Subjects: q.Subjects, Engine: engine, Random: rand.Reader})
}

// open opens a blank; pages of a PDF are drawn at dpi, or for 0 as those of scans are.
func open(name string, data []byte, dpi float64) (*raster.Document, error) {
	doc, err := raster.Open(name, data, raster.Options{RenderDPI: dpi, Limits: raster.Limits{MaxPages: mostPages}})
	return doc, readable(err)
}

// NoOCR says that blanks can neither be learned nor read without OCR, and why there is none.
func NoOCR(err error) error {
	return ballot.Errorf(ballot.CodeForm, "识别自制空白票须有文字识别，本机没有；请安装 tesseract-ocr 与 tesseract-ocr-chi-sim（%[1]s）", "blanks of the office's own need OCR, which is not here: install tesseract-ocr and tesseract-ocr-chi-sim (%[1]s)",
		strings.ReplaceAll(err.Error(), "\n", "; "))
}

func converted(name string, data []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "pingyi-blank-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "blank"+strings.ToLower(filepath.Ext(name))) // nothing else of a foreign name gets into a path
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, err
	}
	return ToPDF(context.Background(), path)
}

// readable says of a file that cannot be opened, or of its page, what to do.
func readable(err error) error {
	var bad *raster.Error
	if !errors.As(err, &bad) {
		return err
	}
	return ballot.Errorf(ballot.CodeForm, "空白票文件无法打开（%[1]s）；请用 PDF、Word 文档或图片（JPEG、PNG、TIFF）", "the blank cannot be opened; give a PDF, a Word document or a picture (JPEG, PNG, TIFF): %[2]v", bad.Code.Chinese(), bad)
}

// onPage names the page of a blank that a refusal is about.
func onPage(err error, n int) error {
	all := ballot.Errors(readable(err))
	if len(all) == 0 {
		return fmt.Errorf("page %d: %w", n, err)
	}
	var out []error
	for _, e := range all {
		out = append(out, ballot.Errorf(e.Code, "空白票第 %[1]d 页：%[2]s", "page %[1]d of the blank: %[3]s", n, e.Chinese, e.English))
	}
	return errors.Join(out...)
}

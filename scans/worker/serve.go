package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/child"
	"pingyi/scans/raster"
)

// Reader is what a child reads pages with; scans.Reader is one.
type Reader interface {
	ReadOne(doc *raster.Document, i int) scans.PageResult
	Picture() *raster.Image
	Look(full *raster.Image) *ballot.PageLook // of the page read last; full is its picture, not reduced
	Err() error                               // why this machine could not do what was asked beside reading
}

// Factory makes a reader for forms, with or without OCR.
type Factory func(forms []ballot.Form, ocr bool) (Reader, error)

// PictureQuality is the JPEG quality of pictures that are kept: pen strokes stay sharp, and a page takes
// some 200 kB.
const PictureQuality = 80

// Serve is the child's side: it answers requests from in on out until in ends. It limits its memory, so it
// belongs in a process of its own.
func Serve(in io.Reader, out io.Writer, makeReader Factory) error {
	c := &server{in: bufio.NewReaderSize(in, 1<<16), out: bufio.NewWriterSize(out, 1<<16), make: makeReader}
	for {
		var q request
		_, err := child.ReadFrame(c.in, &q)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = c.answer(q)
		}
		if err != nil {
			return err
		}
	}
}

type server struct {
	in     *bufio.Reader
	out    *bufio.Writer
	make   Factory
	reader Reader
	memory int64
}

// answer does what is asked and ends with a frame that says how it went. An error is a broken pipe.
func (c *server) answer(q request) error {
	end, err := c.do(q)
	var bad *raster.Error
	var pipe brokenPipe
	switch {
	case errors.As(err, &pipe):
		return pipe
	case errors.As(err, &bad):
		end.Problem, end.Foreign = err.Error(), bad.Code == raster.CodeUnknown
	case err != nil:
		end.Fault = err.Error()
		errors.As(err, &end.Errno)
	}
	end.Done = true
	return child.WriteFrame(c.out, end, nil)
}

func (c *server) do(q request) (end answer, err error) {
	if err := c.limit(q); err != nil {
		return end, err
	}
	if q.Forms != nil {
		if c.reader, err = c.make(q.Forms, q.OCR); err != nil {
			return end, err
		}
	}
	if q.Task == taskRead && c.reader == nil {
		return end, errors.New("worker: pages to read and no forms to read them by")
	}
	data, err := mapFile(q.Path)
	if err != nil {
		return end, err
	}
	defer syscall.Munmap(data) //nolint:errcheck // nothing was written to it
	if q.Task == taskUnpack {
		return end, c.unpack(q, data)
	}
	doc, err := raster.Open(q.Name, data, raster.Options{MinDPI: scans.MinDPI, Limits: raster.DefaultLimits()})
	if err != nil {
		return end, err
	}
	defer doc.Close()
	end.Pages = doc.Pages()
	if q.Task != taskRead {
		return end, nil
	}
	var full *raster.Document
	if q.Look {
		if full, err = raster.Open(q.Name, data, raster.Options{Limits: raster.DefaultLimits()}); err != nil {
			return end, err
		}
		defer full.Close()
	}
	return end, c.read(q, doc, full)
}

// limit lowers the priority, and bounds the memory where the request says another bound than the one before.
func (c *server) limit(q request) error {
	if q.Background {
		if err := child.LowPriority(); err != nil {
			return err
		}
	}
	if q.Memory == c.memory || q.Memory <= 0 {
		return nil
	}
	c.memory = q.Memory
	return child.LimitMemory(q.Memory)
}

// mapFile gives a file's bytes without reading them: a ZIP of some gigabytes costs no memory.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_PRIVATE)
}

// brokenPipe is a parent that is gone.
type brokenPipe struct{ error }

func (c *server) send(a answer, blob []byte) error {
	if err := child.WriteFrame(c.out, a, blob); err != nil {
		return brokenPipe{err}
	}
	return nil
}

// unpack writes the files of a ZIP beside each other and names each when it is whole.
func (c *server) unpack(q request, data []byte) error {
	n := 0
	return raster.Expand(q.Name, data, raster.DefaultLimits(), func(name string, data []byte) error {
		if name == q.Name { // no ZIP
			return c.send(answer{Path: q.Path, Name: name}, nil)
		}
		n++
		path := fmt.Sprintf("%s-%06d", q.Into, n)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		return c.send(answer{Path: path, Name: name}, nil)
	})
}

// read reads pages; full is the document at its full size where the pictures are measured too.
func (c *server) read(q request, doc, full *raster.Document) error {
	for i := q.From; i < min(q.To, doc.Pages()); i++ {
		res := c.reader.ReadOne(doc, i)
		if err := c.reader.Err(); err != nil {
			return err
		}
		var look *ballot.PageLook
		if full != nil {
			if img, err := full.Page(i); err == nil { // else the page is rejected already
				look = c.reader.Look(img)
			}
		}
		var picture []byte
		if !q.Bare {
			var err error
			if picture, err = encode(c.reader.Picture()); err != nil { // of a hundred thousand pixels by ten: no page of ours
				res = rejected(ballot.RejectBadImage, err.Error())
			}
		}
		if err := c.send(answer{Index: i, Result: &res, Look: look}, picture); err != nil {
			return err
		}
	}
	return nil
}

func encode(m *raster.Image) ([]byte, error) {
	if m == nil {
		return nil, nil
	}
	return raster.EncodeJPEG(m, PictureQuality)
}

func rejected(why ballot.RejectReason, facts string) scans.PageResult {
	return scans.PageResult{PageReading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: why, Facts: facts}}}
}

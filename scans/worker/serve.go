package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"syscall"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
)

// Reader is what a child reads pages with.
type Reader interface {
	ReadOne(doc *raster.Document, i int) scans.PageResult
	Picture() *raster.Image
}

// Factory makes a reader for forms, with or without OCR.
type Factory func(forms []ballot.Form, ocr bool) (Reader, error)

// PictureQuality is the JPEG quality of pictures that are kept.
const PictureQuality = 80

const lowPriority = 10 // nice value: people's requests come first

// Serve is the child's side: it answers requests from in on out until in ends.
func Serve(in io.Reader, out io.Writer, makeReader Factory) error {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowPriority); err != nil {
		return fmt.Errorf("worker: priority: %w", err)
	}
	c := &child{in: bufio.NewReaderSize(in, 1<<16), out: bufio.NewWriterSize(out, 1<<16), make: makeReader}
	for {
		var q request
		_, err := readFrame(c.in, &q)
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

type child struct {
	in     *bufio.Reader
	out    *bufio.Writer
	make   Factory
	reader Reader
}

// answer reads the pages asked for; a file that cannot be opened is part of the answer, not an error.
func (c *child) answer(q request) error {
	if q.Limits.MemoryBytes > 0 {
		debug.SetMemoryLimit(q.Limits.MemoryBytes)
	}
	if q.Forms != nil {
		r, err := c.make(q.Forms, q.OCR)
		if err != nil {
			return err
		}
		c.reader = r
	}
	data, err := os.ReadFile(q.Path)
	if err != nil {
		return writeFrame(c.out, answer{Done: true, Error: err.Error()}, nil)
	}
	at := 0
	var faults []error
	limits := raster.DefaultLimits()
	err = raster.Expand(q.Name, data, limits, func(name string, data []byte) error {
		doc, err := raster.Open(name, data, raster.Options{MinDPI: scans.MinDPI, Limits: limits})
		if err != nil {
			faults = append(faults, err)
			return nil
		}
		defer doc.Close()
		for i := 0; i < doc.Pages(); i++ {
			if at >= q.From && at < q.To {
				if err := c.page(doc, i, at); err != nil {
					return err
				}
			}
			at++
		}
		return nil
	})
	var broken *raster.Error
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	end := answer{Done: true, Pages: at}
	if all := errors.Join(append(faults, err)...); all != nil {
		end.Error = all.Error()
	}
	return writeFrame(c.out, end, nil)
}

func (c *child) page(doc *raster.Document, i, index int) error {
	res := c.reader.ReadOne(doc, i)
	var blob []byte
	if m := c.reader.Picture(); m != nil {
		var err error
		if blob, err = raster.EncodeJPEG(m, PictureQuality); err != nil {
			return err
		}
	}
	return writeFrame(c.out, answer{Index: index, Result: res}, blob)
}

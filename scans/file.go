package scans

import (
	"errors"
	"time"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// FileOptions bounds what a file may make the reader do.
type FileOptions struct {
	Limits raster.Limits // the zero value stands for raster.DefaultLimits
}

// MinDPI is the resolution down to which pictures are reduced while they are decoded.
const MinDPI = 150

// ReadFile takes a file apart (a ZIP into its files, those into pages) and reads every page; each is
// called in the order of the pages, with the page's number in its file, from 1. A page that cannot be
// decoded is a rejected result. An error means that a whole file could not be opened; the pages of a
// ZIP's other files have been delivered all the same.
func (r *Reader) ReadFile(name string, data []byte, o FileOptions, each func(file string, page int, res PageResult) error) error {
	if o.Limits == (raster.Limits{}) {
		o.Limits = raster.DefaultLimits()
	}
	var faults []error
	err := raster.Expand(name, data, o.Limits, func(name string, data []byte) error {
		doc, err := raster.Open(name, data, raster.Options{MinDPI: MinDPI, Limits: o.Limits})
		if err != nil {
			faults = append(faults, err)
			return nil
		}
		defer doc.Close()
		return r.readPages(name, doc, each)
	})
	return errors.Join(append(faults, err)...)
}

func (r *Reader) readPages(name string, doc *raster.Document, each func(file string, page int, res PageResult) error) error {
	for i := 0; i < doc.Pages(); i++ {
		if err := each(name, i+1, r.ReadOne(doc, i)); err != nil {
			return err
		}
	}
	return nil
}

// ReadOne decodes and reads one page of an open document, counted from 0.
func (r *Reader) ReadOne(doc *raster.Document, i int) PageResult {
	start := time.Now()
	err := doc.PageInto(i, &r.buffer)
	decode := round2(float64(time.Since(start).Microseconds()) / 1000)
	if err != nil {
		r.last = lastPage{}
		return PageResult{PageReading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectBadImage, Facts: err.Error()}},
			Millis: Millis{Decode: decode}}
	}
	res := r.ReadPage(&r.buffer)
	res.Millis.Decode = decode
	return res
}

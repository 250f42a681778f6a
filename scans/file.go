package scans

import (
	"time"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// MinDPI is the resolution down to which pictures are reduced while they are decoded.
const MinDPI = 150

// ReadOne decodes and reads one page of an open document, counted from 0.
func (r *Reader) ReadOne(doc *raster.Document, i int) PageResult {
	r.trace.Begin(doc.Name(), i+1)
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

// Err is the first failure to write pictures of the stages; without a Tracer there is none.
func (r *Reader) Err() error { return r.trace.Err() }

package scans

import (
	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Tracer writes numbered pictures of the stages into a folder.
type Tracer struct{ dir string }

func (t *Tracer) registered(img *raster.Image, found register.Found, rejected *ballot.Rejection) {
	if t == nil {
		return
	}
}

func (t *Tracer) measured(img *raster.Image, grid *register.Grid, rows []ballot.RowReading, verdicts []ballot.Verdict) {
	if t == nil {
		return
	}
}

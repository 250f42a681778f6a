package scans

import (
	"pingyi/ballot"
	"pingyi/scans/raster"
)

// PageResult is what the pipeline says of one page image.
type PageResult struct {
	ballot.PageReading
	Verdicts []ballot.Verdict    `json:"verdicts,omitempty"` // of the rows, in their order
	Identity string              `json:"identity,omitempty"` // the form's identity mode
	Comment  *ballot.CommentCrop `json:"comment,omitempty"`  // what stands in the comment box; nil where nothing does
	Serial   string              `json:"serial,omitempty"`   // of serial mode: the whole code, which nobody has checked yet
	Millis   Millis              `json:"ms"`
}

// Millis is the wall time of each stage in milliseconds.
type Millis struct {
	Decode   float64 `json:"decode"`
	Register float64 `json:"register"`
	Code     float64 `json:"code"`
	Mark     float64 `json:"mark"`
	OCR      float64 `json:"ocr"`
	Writing  float64 `json:"writing"`
	Comment  float64 `json:"comment"`
}

// PicturePixelsPerMM is the scale of the pictures that are kept: a page that was read is kept upright
// and warped onto its form's own geometry, so that a row's crop is found from the form alone.
const PicturePixelsPerMM = 6

// Picture is the page as it is kept: gray, without metadata.
type Picture = raster.Image

package scans

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"slices"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
	"pingyi/scans/writing"
)

// readComment cuts out what stands in the page's comment box; nil where that is empty or there is none.
func (r *Reader) readComment(img *raster.Image, m *register.Homography, page *ballot.FormPage) *ballot.CommentCrop {
	if page.Comment == nil {
		return nil
	}
	picture := r.comments.Read(img, m, *page.Comment)
	if picture == nil {
		return nil
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err) // a picture of known size into memory: cannot fail
	}
	crop := &ballot.CommentCrop{Picture: b.Bytes()}
	if r.print.ocr != nil {
		crop.Proposal = propose(&r.print, picture)
	}
	return crop
}

// propose reads the lines of a comment by OCR. Handwriting is read badly: it is a proposal to the person who
// types, and where nothing is read there is none.
func propose(print *printReader, picture *image.Gray) string {
	var lines []string
	for _, line := range linesOf(picture) {
		if text := print.text(line); text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

const (
	commentGap    = 0.6 // mm without ink between two lines of writing
	commentLine   = 2.0 // mm that a line of writing is high
	commentMargin = 1.0 // mm of paper about it
	commentLines  = 6   // that fit the box
)

// linesOf parts a comment where no ink stands across its whole width.
func linesOf(picture *image.Gray) (lines []*image.Gray) {
	b := picture.Rect
	from, last := -1, 0
	flush := func() {
		if from >= 0 && float64(last-from) >= commentLine*writing.CommentPixelsPerMM && len(lines) < commentLines {
			margin := int(math.Ceil(commentMargin * writing.CommentPixelsPerMM))
			cut := image.Rect(0, from-margin, b.Dx(), last+margin).Intersect(b)
			line := image.NewGray(image.Rect(0, 0, cut.Dx(), cut.Dy()))
			for y := range cut.Dy() {
				copy(line.Pix[y*line.Stride:], picture.Pix[(cut.Min.Y+y)*picture.Stride:][:cut.Dx()])
			}
			lines = append(lines, line)
		}
		from = -1
	}
	edge := int(math.Ceil(writing.CommentEdge * writing.CommentPixelsPerMM))
	for y := edge; y < b.Dy()-edge; y++ {
		row := picture.Pix[y*picture.Stride+edge : y*picture.Stride+b.Dx()-edge]
		if slices.Min(row) < 160 {
			if from < 0 {
				from = y
			}
			last = y + 1
		} else if from >= 0 && float64(y-last) > commentGap*writing.CommentPixelsPerMM {
			flush()
		}
	}
	flush()
	return lines
}

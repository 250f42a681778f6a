package scans

import (
	"fmt"
	"math"

	"pingyi/ballot"
	"pingyi/scans/edit"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// What tells on a learned form of a second sheet, which no code and no registration marks do.
const (
	pageMargin   = 20.0 // mm by which the page may miss the picture's edge, or go beyond it
	cellEdge     = 1.0  // mm of a cell's edge that may lie outside the picture
	textLikely   = 0.6  // similarity from which print is another row's, ...
	textBetter   = 0.3  // ... by which it must be more like that than its own, ...
	headUnlike   = 0.4  // ... and of titles and heads, which share characters, at most with its own
	nameLikely   = 0.5  // similarity from which a name is the row's
	namesAgree   = 0.6  // share of the rows whose names must be
	foreignPrint = 0.02 // share of a band of paper that may be dark
)

// fills refuses a picture much larger or smaller than its page, for what else it shows is of another sheet, and one
// that cuts off a cell for marks: people mark anywhere in it.
func fills(img *raster.Image, found *register.Found, page *ballot.FormPage) *ballot.Rejection {
	back := found.Map.Inverse()
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	w, h := float64(img.W), float64(img.H)
	for _, c := range [][2]float64{{0, 0}, {w, 0}, {0, h}, {w, h}} {
		x, y := back.At(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	for _, off := range []float64{x0, y0, x1 - page.Width, y1 - page.Height} {
		if math.Abs(off) > pageMargin {
			return &ballot.Rejection{Reason: ballot.RejectTwoSheets,
				Facts: fmt.Sprintf("the picture runs from %.0f, %.0f to %.0f, %.0f mm on a page of %g × %g mm", x0, y0, x1, y1, page.Width, page.Height)}
		}
	}
	for _, t := range page.Targets {
		cell := t.Cell.Inset(cellEdge)
		for _, c := range [][2]float64{{cell.X, cell.Y}, {cell.Right(), cell.Y}, {cell.X, cell.Bottom()}, {cell.Right(), cell.Bottom()}} {
			if u, v := found.Map.At(c[0], c[1]); u < 0 || v < 0 || u > w || v > h {
				return &ballot.Rejection{Reason: ballot.RejectCutOff, Facts: fmt.Sprintf("the cell of subject %d at %.0f, %.0f mm lies partly outside the picture", t.Subject, cell.X, cell.Y)}
			}
		}
	}
	return nil
}

// check refuses a page on which print says that part of it is another sheet's: any row's name, and any other text,
// that is plainly another one of the form's. unread tells that a row's name could not be read.
func (p *tablePage) check(read *reading, found *register.Found) (unread bool, rejected *ballot.Rejection) {
	agree, names := 0, 0
	for _, t := range p.texts {
		rivals := p.words
		if t.isName {
			rivals = p.names
		}
		fits := false
		for _, text := range read.all(found, t) { // that a second look finds the name does not undo what the first saw
			own := edit.Similarity(text, t.words)
			other, best := likest(text, rivals, t.words)
			if best >= max(textLikely, own+textBetter) && (t.isName || own < headUnlike) {
				return unread, &ballot.Rejection{Reason: ballot.RejectName, Facts: fmt.Sprintf("the paper says %s where page %d of the form says %s", other, p.page.Page, t.words)}
			}
			fits = fits || own >= nameLikely && own > best
		}
		if t.isName {
			names++
			if fits {
				agree++
			}
		}
	}
	if float64(agree) < namesAgree*float64(names) {
		return true, &ballot.Rejection{Reason: ballot.RejectName, Facts: fmt.Sprintf("of %d names only %d are those of page %d of form %s", names, agree, p.page.Page, p.form.ID)}
	}
	return agree < names, nil
}

// likest is which of some words, but for one, a text is most like, and how much.
func likest(text string, words []string, but string) (word string, best float64) {
	for _, w := range words {
		if s := edit.Similarity(text, w); w != but && s > best {
			word, best = w, s
		}
	}
	return word, best
}

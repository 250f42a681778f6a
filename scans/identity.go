package scans

import (
	"strings"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

const (
	lineLikely = 0.5  // similarity from which a printed line looks like a page's
	lineAgrees = 0.89 // similarity from which a printed line names a page: two of 19 characters may be misread
	lineMargin = 0.10 // by which any other page's line must fit worse: 2 characters
)

// identifyByPrint finds a page whose code is damaged or covered by the line that repeats the code in
// characters. Where its check digits hold it says which page it is; where a character was misread, one
// page of the forms must fit, and any other plainly worse: two codes differ in two characters at least.
func (r *Reader) identifyByPrint(img *raster.Image, found *register.Found) (*ballot.Form, *ballot.FormPage, bool) {
	if r.print.ocr == nil {
		return nil, nil, false
	}
	size := r.sizes[found.Size]
	var form *ballot.Form
	var page *ballot.FormPage
	best, second := 0.0, 0.0
	read := map[ballot.Rect]string{}
	for _, f := range r.forms {
		for i := range f.Pages {
			p := &f.Pages[i]
			if p.Width != size.Width || p.Height != size.Height {
				continue
			}
			box := labelBox(p, ballot.LabelIdentity)
			text, ok := read[box]
			if !ok {
				text = r.print.code(crop(img, found.Map.At, box, codePixelsPerMM)) // a line that cannot be read fits no page
				read[box] = text
			}
			switch fit := lineFit(text, p.CodeText); {
			case fit > best:
				best, second, form, page = fit, best, f, p
			case fit > second:
				second = fit
			}
		}
	}
	return form, page, best >= lineAgrees && second <= best-lineMargin
}

// lineFit is how well a line that OCR read fits a page's code, 0 … 1. A line with the check digits of
// another code does not fit at all.
func lineFit(text, codeText string) float64 {
	if c, err := ballot.ParsePageCode(text); err == nil && c.String() != codeText {
		return 0
	}
	return similarity(lookalikes.Replace(text), lookalikes.Replace(codeText))
}

// lookalikes folds characters that OCR confuses and that the code's alphabet lacks or keeps apart.
var lookalikes = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", "B", "8", "S", "5", "Z", "2")

// similarity is 1 less the edit distance (Levenshtein 1966) over the longer length, in characters.
func similarity(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return 1 - float64(row[len(y)])/float64(max(len(x), len(y)))
}

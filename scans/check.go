package scans

import (
	"fmt"
	"image"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Recognizer reads printed text from a crop.
type Recognizer interface {
	Code(crop *image.Gray) (string, error) // a line of capitals and digits, without spaces
	Text(crop *image.Gray) (string, error) // a line of Chinese, without spaces
}

const (
	ocrPixelsPerMM = 12   // 305 dots per inch, what Tesseract's models were trained near
	nameAgrees     = 0.5  // similarity from which a printed name counts as the form's
	nameMargin     = 0.34 // by which another subject's name must fit better to contradict the form's
	lineAgrees     = 0.89 // similarity from which a printed line names a page: two of 19 characters may be misread
	lineMargin     = 0.10 // by which any other page's line must fit worse: 2 characters
)

// Flags of a page: what OCR could neither confirm nor contradict, and a page that was identified by its
// printed line alone.
const (
	FlagCodeUnread     = "code_unread"
	FlagIdentityUnread = "identity_line_unread"
	FlagNameUnread     = "name_unread"
)

// identifyByPrint finds a page whose code is damaged or covered by the line that repeats the code in
// characters. Where its check digits hold it says which page it is; where a character was misread, one
// page of the forms must fit, and any other plainly worse: two codes differ in two characters at least.
func (r *Reader) identifyByPrint(img *raster.Image, found *register.Found) (*ballot.Form, *ballot.FormPage, bool) {
	if r.ocr == nil {
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
				text, _ = r.ocr.Code(crop(img, found, box)) // a line that cannot be read fits no page
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

// checkPrint compares the printed identity line (and, on a single form, the secretary's name) with what
// the code said. Only a text that contradicts the code rejects the page: OCR that reads nothing useful
// proves nothing, and is flagged.
func (r *Reader) checkPrint(img *raster.Image, form *ballot.Form, page *ballot.FormPage, found *register.Found) (flags []string, rejected *ballot.Rejection) {
	text, err := r.ocr.Code(crop(img, found, labelBox(page, ballot.LabelIdentity)))
	if err != nil {
		return nil, &ballot.Rejection{Reason: ballot.RejectIdentity, Facts: err.Error()}
	}
	if other, err := ballot.ParsePageCode(text); err == nil && other.String() != page.CodeText {
		return nil, &ballot.Rejection{Reason: ballot.RejectIdentity, Facts: fmt.Sprintf("the code says %s, the printed line says %s", page.CodeText, other)}
	}
	if lineFit(text, page.CodeText) < nameAgrees {
		flags = append(flags, FlagIdentityUnread)
	}
	if form.Kind != ballot.SingleForm {
		return flags, nil
	}
	return r.checkName(img, form, page, found, flags)
}

// lookalikes folds characters that OCR confuses and that the code's alphabet lacks or keeps apart.
var lookalikes = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", "B", "8", "S", "5", "Z", "2")

func (r *Reader) checkName(img *raster.Image, form *ballot.Form, page *ballot.FormPage, found *register.Found, flags []string) ([]string, *ballot.Rejection) {
	own := page.Rows[0]
	text, err := r.ocr.Text(crop(img, found, own.NameBox))
	if err != nil {
		return nil, &ballot.Rejection{Reason: ballot.RejectName, Facts: err.Error()}
	}
	fit := similarity(text, plainName(own.Name))
	if fit >= nameAgrees {
		return flags, nil
	}
	for i := range form.Pages {
		for _, row := range form.Pages[i].Rows {
			if other := similarity(text, plainName(row.Name)); other >= fit+nameMargin && other > nameAgrees {
				return nil, &ballot.Rejection{Reason: ballot.RejectName, Facts: fmt.Sprintf("the paper says %s, the form says %s (subject %d)", text, own.Name, own.Subject)}
			}
		}
	}
	return append(flags, FlagNameUnread), nil
}

func plainName(s string) string { return strings.ReplaceAll(s, "\u3000", "") }

func labelBox(page *ballot.FormPage, role string) ballot.Rect {
	for _, l := range page.Labels {
		if l.Role == role {
			return l.Rect
		}
	}
	return ballot.Rect{}
}

// crop cuts a box of the form out of the picture, upright, inset so that no rule stands at its edge.
func crop(img *raster.Image, found *register.Found, box ballot.Rect) *image.Gray {
	box = box.Inset(0.4)
	out := image.NewGray(image.Rect(0, 0, max(1, int(box.W*ocrPixelsPerMM)), max(1, int(box.H*ocrPixelsPerMM))))
	for y := 0; y < out.Rect.Dy(); y++ {
		for x := 0; x < out.Rect.Dx(); x++ {
			u, v := found.Map.At(box.X+(float64(x)+0.5)/ocrPixelsPerMM, box.Y+(float64(y)+0.5)/ocrPixelsPerMM)
			out.Pix[y*out.Stride+x] = img.At(u, v)
		}
	}
	return out
}

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

package scans

import (
	"fmt"
	"image"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Recognizer reads printed text from a crop. An error is a crop that could not be read, for whatever cause.
type Recognizer interface {
	Code(crop *image.Gray) (string, error) // a line of capitals and digits, without spaces
	Text(crop *image.Gray) (string, error) // a line of Chinese, without spaces
}

// Flags of a page: what OCR could neither confirm nor contradict, and a page that was identified by its
// printed line alone.
const (
	FlagCodeUnread     = "code_unread"
	FlagIdentityUnread = "identity_line_unread"
	FlagNameUnread     = "name_unread"
)

// lossesAPage is how many crops of a page may fail before no more are read: a recognizer that hangs must not
// use up the time of the page.
const lossesAPage = 2

// printReader reads the print of one page by OCR, and counts the crops that failed.
type printReader struct {
	ocr    Recognizer
	losses int
}

// code and text are empty where a crop could not be read.
func (p *printReader) code(crop *image.Gray) string { return p.read(Recognizer.Code, crop) }
func (p *printReader) text(crop *image.Gray) string { return p.read(Recognizer.Text, crop) }

func (p *printReader) read(how func(Recognizer, *image.Gray) (string, error), crop *image.Gray) string {
	if p.losses >= lossesAPage {
		return ""
	}
	text, err := how(p.ocr, crop)
	if err != nil {
		p.losses++
		return ""
	}
	return text
}

// checkPrint compares what is printed on a page with what its code says of it, as far as the reader is set to.
func (r *Reader) checkPrint(img *raster.Image, form *ballot.Form, page *ballot.FormPage, found *register.Found, grid *register.Grid) (flags []string, rejected *ballot.Rejection) {
	if form.Learned != nil { // a learned page is known by its print alone
		return nil, nil
	}
	if r.crossCheck {
		if flags, rejected = r.checkLine(img, page, found); rejected != nil {
			return nil, rejected
		}
	}
	if r.names == nil || ballot.IsTrialForm(form.ID) { // a test ballot says what to mark in place of names, with signs that OCR misreads
		return flags, nil
	}
	unread, rejected := r.names.check(img, form, page, grid, &r.print)
	if unread {
		flags = append(flags, FlagNameUnread)
	}
	return flags, rejected
}

// checkLine compares the printed identity line with what the code said. Only a line that contradicts the code
// rejects the page: OCR that reads nothing useful proves nothing, and is flagged.
func (r *Reader) checkLine(img *raster.Image, page *ballot.FormPage, found *register.Found) (flags []string, rejected *ballot.Rejection) {
	text := r.readLine(img, found, labelBox(page, ballot.LabelIdentity), lineLooks[0])
	if other, err := ballot.ParsePageCode(text); err == nil && other.String() != page.CodeText {
		return nil, &ballot.Rejection{Reason: ballot.RejectIdentity, Facts: fmt.Sprintf("the code says %s, the printed line says %s", page.CodeText, other)}
	}
	if lineMisread(text, page.CodeText) > lineLikely {
		flags = append(flags, FlagIdentityUnread)
	}
	return flags, nil
}

func labelBox(page *ballot.FormPage, role string) ballot.Rect {
	for _, l := range page.Labels {
		if l.Role == role {
			return l.Rect
		}
	}
	return ballot.Rect{}
}

package scans

import (
	"fmt"

	"pingyi/ballot"
	"pingyi/scans/code"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// identify reads the page code and finds its form. serial is all of the code where it carries a serial.
func (r *Reader) identify(img *raster.Image, found *register.Found) (form *ballot.Form, page *ballot.FormPage, serial string, rejected *ballot.Rejection) {
	size := r.sizes[found.Size]
	for _, b := range r.codeBoxes(size) {
		text, ok := code.Read(img, found.Map.At, b.Rect, b.modules)
		if !ok {
			continue
		}
		if len(text) == ballot.SerialCodeLength {
			if _, err := ballot.ParseSerialCode(text); err == nil {
				serial, text = text, text[:codeCharacters]
			}
		}
		c, err := ballot.ParsePageCode(text)
		if err != nil {
			return nil, nil, "", &ballot.Rejection{Reason: ballot.RejectBadCode, Facts: fmt.Sprintf("%.19q: %v", text, err)}
		}
		form, page, rejected = r.pageOf(c, size)
		return form, page, serial, rejected
	}
	return nil, nil, "", &ballot.Rejection{Reason: ballot.RejectNoCode, Facts: fmt.Sprintf("page found by %d marks, neither its code nor the line that repeats it can be read", found.Marks)}
}

// pageOf finds the page that a code names, of a size.
func (r *Reader) pageOf(c ballot.PageCode, size register.Size) (*ballot.Form, *ballot.FormPage, *ballot.Rejection) {
	form := r.forms[c.Form]
	if form == nil && ballot.IsTrialForm(c.Form) {
		return nil, nil, &ballot.Rejection{Reason: ballot.RejectTrial, Facts: fmt.Sprintf("form %s is a test ballot's", c.Form)}
	}
	if form == nil {
		return nil, nil, &ballot.Rejection{Reason: ballot.RejectOtherMeeting, Facts: fmt.Sprintf("form %s is not one of this meeting's", c.Form)}
	}
	page, ok := form.PageOf(c.Page)
	if !ok || form.Learned != nil || form.Group != c.Group || page.Width != size.Width || page.Height != size.Height {
		return nil, nil, &ballot.Rejection{Reason: ballot.RejectOtherForm, Facts: fmt.Sprintf("the code says form %s group %s page %d, which is not a page of %g × %g mm", c.Form, c.Group, c.Page, size.Width, size.Height)}
	}
	return form, page, nil
}

// serialOf refuses a page whose code does not carry what its form asks for. Whether a serial is genuine is for who
// has the keys.
func serialOf(form *ballot.Form, serial string, byPrint bool) *ballot.Rejection {
	switch {
	case form.Identity != ballot.Serial && serial != "":
		return &ballot.Rejection{Reason: ballot.RejectOtherForm, Facts: "the code carries a serial, and copies of this form carry none"}
	case form.Identity == ballot.Serial && serial == "" && !byPrint:
		return &ballot.Rejection{Reason: ballot.RejectSerialForged, Facts: "the code carries no serial, and none without was printed"}
	case form.Identity == ballot.Serial && serial == "":
		return &ballot.Rejection{Reason: ballot.RejectSerialUnread, Facts: "the page is known by its print, its serial cannot be read: only the code has it"}
	}
	return nil
}

// codeBox is where a code of some modules a side is printed.
type codeBox struct {
	ballot.Rect
	modules int
}

// codeBoxes lists where pages of a size carry their codes.
func (r *Reader) codeBoxes(size register.Size) []codeBox {
	var boxes []codeBox
	seen := map[codeBox]bool{}
	for _, f := range r.forms {
		if f.Learned != nil {
			continue
		}
		for i := range f.Pages {
			p := &f.Pages[i]
			box := codeBox{p.Code, f.CodeModules()}
			if p.Width == size.Width && p.Height == size.Height && !seen[box] {
				seen[box] = true
				boxes = append(boxes, box)
			}
		}
	}
	return boxes
}

package scans

import (
	"strings"

	"pingyi/ballot"
	"pingyi/scans/edit"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Bounds in characters, of which a code has 19. The codes of two pages of a form differ in two
// characters or more, those of two forms in about twelve.
const (
	lineAgrees = 3.0 // misread at most where the line alone names a page
	lineMargin = 1.5 // by which the line of any other page must fit worse
	lineLikely = 6.0 // misread at most where name and unit stand beside the line
	textMargin = 3.0 // by which line, name and unit of any other page must then fit worse
	textAgrees = 0.4 // share of name and unit that may be misread
)

// lineLooks are the ways in which the line is looked at, one after another until it names a page: pixels a mm,
// and smoothed, as dithered and noisy pictures have to be.
var lineLooks = []look{{12, false}, {8, false}, {12, true}, {16, true}}

type look struct {
	scale  float64
	smooth bool
}

// identifyByPrint finds a page whose code is damaged or covered by the line that repeats the code in
// characters. Where its check digits hold it says which page it is; where a character was misread, one
// page of the forms must fit, and any other plainly worse. On a single form the secretary's name and unit are
// read too where the line alone does not decide.
func (r *Reader) identifyByPrint(img *raster.Image, found *register.Found) (*ballot.Form, *ballot.FormPage, bool) {
	if r.print.ocr == nil {
		return nil, nil, false
	}
	pages := r.pagesOf(r.sizes[found.Size])
	for _, how := range lineLooks {
		read := map[ballot.Rect]string{} // forms that others made may have the line elsewhere
		for i := range pages {
			p := &pages[i]
			box := labelBox(p.page, ballot.LabelIdentity)
			if _, ok := read[box]; !ok {
				read[box] = r.readLine(img, found, box, how)
				if r.isOthers(read[box]) {
					return nil, nil, false
				}
			}
			p.line = lineMisread(read[box], p.page.CodeText)
			p.misread = p.line
		}
		if best, second := nearest(pages); best != nil && best.misread <= lineAgrees && second >= best.misread+lineMargin {
			return best.form, best.page, true
		}
		if best := r.byName(img, found, pages); best != nil {
			return best.form, best.page, true
		}
	}
	return nil, nil, false
}

// isOthers tells whether a line has the check digits of a code, and it is not that of any page here: the page is
// another meeting's, however near its code is to one of these.
func (r *Reader) isOthers(text string) bool {
	c, err := ballot.ParsePageCode(text)
	if err != nil {
		return false
	}
	form := r.forms[c.Form]
	if form == nil {
		return true
	}
	page, ok := form.PageOf(c.Page)
	return !ok || page.CodeText != c.String()
}

// candidate is a page that a picture may show, with how many characters were misread if it does.
type candidate struct {
	form          *ballot.Form
	page          *ballot.FormPage
	line, misread float64
}

// pagesOf lists the pages of our forms that have a size; others' have no line.
func (r *Reader) pagesOf(size register.Size) (out []candidate) {
	for _, f := range r.forms {
		if f.Learned != nil {
			continue
		}
		for i := range f.Pages {
			if p := &f.Pages[i]; p.Width == size.Width && p.Height == size.Height {
				out = append(out, candidate{form: f, page: p})
			}
		}
	}
	return out
}

// nearest is the candidate with the fewest characters misread, and how many the next best has.
func nearest(pages []candidate) (best *candidate, second float64) {
	second = codeCharacters
	for i := range pages {
		switch p := &pages[i]; {
		case best == nil || p.misread < best.misread:
			if best != nil {
				second = best.misread
			}
			best = p
		case p.misread < second:
			second = p.misread
		}
	}
	return best, second
}

const codeCharacters = 19.0

// byName reads name and unit of single forms besides. The line must still look like the page's: name and unit
// stand on the other groups' forms too, and on those of other years.
func (r *Reader) byName(img *raster.Image, found *register.Found, pages []candidate) *candidate {
	type place struct{ name, org ballot.Rect }
	read := map[place][2]string{}
	length := map[*ballot.FormPage]float64{}
	for i := range pages {
		p := &pages[i]
		if p.form.Kind != ballot.SingleForm || p.line > lineLikely {
			p.misread = codeCharacters * 2
			continue
		}
		row := &p.page.Rows[0]
		at := place{row.NameBox, row.OrgBox}
		texts, ok := read[at]
		if !ok {
			name, org, _ := row.TextPoints()
			texts = [2]string{r.readText(img, found, row.NameBox, name), r.readText(img, found, row.OrgBox, org)}
			read[at] = texts
		}
		p.misread = p.line
		for j, want := range []string{letters(row.Name), letters(row.Org)} {
			p.misread += edit.Distance(texts[j], want, edit.Exchange)
			length[p.page] += float64(len([]rune(want)))
		}
	}
	best, second := nearest(pages)
	if best == nil || best.line > lineLikely || best.misread-best.line > textAgrees*length[best.page] || second < best.misread+textMargin {
		return nil
	}
	return best
}

// readLine reads the line of capitals and digits in a box.
func (r *Reader) readLine(img *raster.Image, found *register.Found, box ballot.Rect, how look) (text string) {
	c := crop(img, found.Map.At, box, how.scale)
	if how.smooth {
		smooth(c, int(smoothRadius*how.scale+0.5))
	}
	for _, l := range printLines(c, box.H, how.scale) {
		text += r.print.code(framed(l, cropMargin))
	}
	return text
}

// readText reads the Chinese text in a box, printed at so many points.
func (r *Reader) readText(img *raster.Image, found *register.Found, box ballot.Rect, points float64) (text string) {
	k := nameScales[0] * min(1, 12/points)
	for _, l := range printLines(crop(img, found.Map.At, box, k), points*mmPerPoint, k) {
		text += letters(r.print.text(framed(l, cropMargin)))
	}
	return text
}

// lineMisread is how many characters of a page's code were misread if OCR read it as text. A line with the check
// digits of another code is not the page's.
func lineMisread(text, codeText string) float64 {
	if c, err := ballot.ParsePageCode(text); err == nil && c.String() != codeText {
		return codeCharacters
	}
	return edit.Distance(notInCodes.Replace(text), codeText, codeDiffers)
}

// notInCodes are capitals that the code's alphabet lacks, with the characters that they were.
var notInCodes = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V")

// codeDiffers counts characters of codes that OCR confuses as half misread.
func codeDiffers(a, b rune) float64 {
	const pairs = "8B 5S 2Z 08 06 0Q 0D 0G 1T 1J 7T 6G VY"
	if i := strings.IndexRune(pairs, a); a != b && i >= 0 {
		for _, p := range strings.Fields(pairs) {
			if p == string([]rune{a, b}) || p == string([]rune{b, a}) {
				return 0.5
			}
		}
	}
	return edit.Exchange(a, b)
}

package scans

import (
	"slices"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/edit"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Bounds in characters, of which a code has 19. The codes of two pages of a form differ in two
// characters or more, those of two forms in about twelve.
const (
	lineAgrees  = 3.0 // misread at most where the line alone names a page
	lineMargin  = 1.5 // by which the line of any other page must fit worse
	otherLikely = 4.0 // misread at most where a look speaks for another page, ...
	otherMargin = 1.0 // ... by which that fits better than the one that is named
	lineLikely  = 6.0 // misread at most where name and unit stand beside the line
	textMargin  = 3.0 // by which line, name and unit of any other page must then fit worse
	textAgrees  = 0.4 // share of name and unit that may be misread
)

// lineLooks are the ways in which the line is looked at: pixels a mm, and mm over which the picture is averaged, as
// dithered and noisy ones have to be.
var lineLooks = []look{{12, 0.06}, {8, 0}, {16, 0.06}, {12, 0}, {16, 0.12}}

type look struct{ scale, smooth float64 }

// identifyByPrint finds a page whose code is damaged or covered by the line that repeats the code in characters. It
// is looked at in several ways, and decided when all are known: a page is named by a look whose line it fits, with
// any other page plainly worse, and no two looks may name different ones. On a single form the secretary's name and
// unit are read too where the lines alone do not decide.
func (r *Reader) identifyByPrint(img *raster.Image, found *register.Found) (*ballot.Form, *ballot.FormPage, bool) {
	if r.print.ocr == nil {
		return nil, nil, false
	}
	pages := r.pagesOf(r.sizes[found.Size])
	var looks [][]candidate
	for _, how := range lineLooks {
		look, ok := r.lookAtLines(img, found, pages, how)
		if !ok {
			return nil, nil, false
		}
		looks = append(looks, look)
	}
	best, named := agreed(looks, nameByLine)
	if !named {
		read := map[place][2]string{}
		best, _ = agreed(looks, func(pages []candidate) *candidate { return r.byName(img, found, pages, read) })
	}
	if best == nil || contradicted(looks, best) || r.print.losses > 0 { // what was lost might have spoken against it
		return nil, nil, false
	}
	return best.form, best.page, true
}

// lookAtLines reads the line of each of some pages; not ok where it is another's.
func (r *Reader) lookAtLines(img *raster.Image, found *register.Found, pages []candidate, how look) ([]candidate, bool) {
	read := map[ballot.Rect]string{} // pages may have the line in different places
	out := slices.Clone(pages)
	for i := range out {
		p := &out[i]
		box := labelBox(p.page, ballot.LabelIdentity)
		if _, ok := read[box]; !ok {
			read[box] = r.readLine(img, found, box, how)
			if r.isOthers(read[box]) {
				return nil, false
			}
		}
		p.line = lineMisread(read[box], p.page.CodeText)
		p.misread = p.line
	}
	return out, true
}

// agreed is the page that looks name, nil where they name different ones. named tells whether any names one.
func agreed(looks [][]candidate, name func(pages []candidate) *candidate) (best *candidate, named bool) {
	for _, look := range looks {
		p := name(look)
		switch {
		case p == nil:
		case best == nil && !named:
			best, named = p, true
		case best != nil && best.page != p.page:
			best = nil
		}
	}
	return best, named
}

// nameByLine is the page that a line fits, with any other plainly worse.
func nameByLine(pages []candidate) *candidate {
	if best, second := nearest(pages); best != nil && best.misread <= lineAgrees && second >= best.misread+lineMargin {
		return best
	}
	return nil
}

// contradicted tells whether another page's line is plainly what some look saw.
func contradicted(looks [][]candidate, named *candidate) bool {
	for _, look := range looks {
		var own, other float64 = 0, codeCharacters
		for i := range look {
			if p := &look[i]; p.page == named.page {
				own = p.line
			} else {
				other = min(other, p.line)
			}
		}
		if other <= otherLikely && own >= other+otherMargin {
			return true
		}
	}
	return false
}

// isOthers tells whether a line has the check digits of a code, and it is not that of any page here: the page is
// another meeting's, however near its code is to one of these.
func (r *Reader) isOthers(text string) bool {
	for _, as := range []string{text, notInCodes.Replace(text)} {
		c, err := ballot.ParsePageCode(as)
		if err != nil {
			continue
		}
		form := r.forms[c.Form]
		if form == nil {
			return true
		}
		if page, ok := form.PageOf(c.Page); !ok || page.CodeText != c.String() {
			return true
		}
	}
	return false
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

// place is where name and unit of a page stand.
type place struct{ name, org ballot.Rect }

// byName reads name and unit of single forms besides; read keeps them. The line must still look like the page's:
// name and unit stand on the other groups' forms too, and on those of other years.
func (r *Reader) byName(img *raster.Image, found *register.Found, pages []candidate, read map[place][2]string) *candidate {
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
	if how.smooth > 0 {
		smooth(c, int(how.smooth*how.scale+0.5))
	}
	stretch(c)
	for _, l := range withPaper(c, printBounds(c, box.H, how.scale), lineMargins*how.scale) {
		text += r.print.code(framed(l, cropMargin))
	}
	return text
}

// readText reads the Chinese text in a box, printed at so many points: smoothed, if else nothing comes of it.
func (r *Reader) readText(img *raster.Image, found *register.Found, box ballot.Rect, points float64) (text string) {
	k := nameScales[0] * min(1, 12/points)
	for _, radius := range []float64{0, smoothRadius} {
		c := crop(img, found.Map.At, box, k)
		if radius > 0 {
			smooth(c, max(1, int(radius*k+0.5)))
		}
		stretch(c)
		for _, l := range printLines(c, points*mmPerPoint, k) {
			text += letters(r.print.text(framed(l, cropMargin)))
		}
		if text != "" {
			break
		}
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

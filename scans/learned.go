package scans

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"unicode/utf8"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

const (
	printFits    = 0.6  // mean similarity of the texts that a page is known by, from which it is the form's
	printMargin  = 0.25 // by which the texts that tell two pages apart must speak for one of them
	likeRivals   = 0.3  // likeness within which other pages are rivals
	mostNames    = 8    // names of a page that are read
	mostTelling  = 6    // texts that tell it from one other page
	leastLetters = 2    // of a text that tells anything
	tableScale   = 12   // pixels a mm at which print is read
)

// tables knows the pages of learned forms by their rules and print.
type tables struct {
	finder *register.TableFinder
	pages  []tablePage
}

type tablePage struct {
	form  *ballot.Form
	page  *ballot.FormPage
	print *raster.Image
	texts []printText
	names []string // of all rows of its form
	words []string // all that its form says
}

// sighting is a page of a learned form found in a picture.
type sighting struct {
	found register.Found
	form  *ballot.Form
	page  *ballot.FormPage
	print *raster.Image // of the page
	flags []string
}

// printText is a line of print that a page is known by.
type printText struct {
	box    ballot.Rect
	words  string
	isName bool // of a row
	person bool // that, or the unit of a page's only row
}

// tablesOf prepares the learned forms among forms; nil where there are none.
func tablesOf(forms []ballot.Form, ocr bool) (*tables, error) {
	t := &tables{}
	var found []register.Table
	for i := range forms {
		f := &forms[i]
		if f.Learned == nil {
			continue
		}
		if !ocr {
			return nil, ballot.Errorf(ballot.CodeForm, "表样 %[1]s 由“%[2]s”识得，须用文字识别认页；请安装 tesseract-ocr 与 tesseract-ocr-chi-sim",
				"form %[1]s was learned from %[2]s and is known by its print: install tesseract-ocr and tesseract-ocr-chi-sim", f.ID, f.Learned.Source)
		}
		for j := range f.Pages {
			p := &f.Pages[j]
			print, err := png.Decode(bytes.NewReader(p.Print))
			gray, ok := print.(*image.Gray)
			if err != nil || !ok || gray.Stride != gray.Rect.Dx() {
				return nil, ballot.Errorf(ballot.CodeForm, "表样 %[1]s 第 %[2]d 页的底图损坏，请重新识得", "form %[1]s page %[2]d: the picture of its print is damaged; learn the form anew", f.ID, p.Page)
			}
			blank := &raster.Image{W: gray.Rect.Dx(), H: gray.Rect.Dy(), Pix: gray.Pix}
			found = append(found, register.Table{Page: p, Print: blank})
			t.pages = append(t.pages, tablePage{form: f, page: p, print: blank, texts: textsOf(p)})
		}
	}
	if len(found) == 0 {
		return nil, nil //nolint:nilnil // there being none is no error
	}
	t.finder = register.NewTableFinder(found)
	t.shareWords()
	return t, nil
}

// shareWords tells each page what the pages of its form say.
func (t *tables) shareWords() {
	names, words := map[*ballot.Form][]string{}, map[*ballot.Form][]string{}
	for _, p := range t.pages {
		for _, text := range p.texts {
			words[p.form] = append(words[p.form], text.words)
			if text.isName {
				names[p.form] = append(names[p.form], text.words)
			}
		}
	}
	for i := range t.pages {
		p := &t.pages[i]
		p.names, p.words = names[p.form], words[p.form]
	}
}

// textsOf lists the print of a page that OCR may read: the title first, then names spread over the page, units
// of a page with one row, and the rest.
func textsOf(p *ballot.FormPage) (out []printText) {
	add := func(t printText) {
		if t.words = plainPrint(t.words); utf8.RuneCountInString(t.words) >= leastLetters && t.box.W > 0 {
			out = append(out, t)
		}
	}
	for _, l := range p.Labels {
		if l.Role == ballot.LabelTitle {
			add(printText{box: l.Rect.Inset(-1), words: l.Text})
		}
	}
	for _, r := range p.Rows {
		add(printText{box: r.NameBox.Inset(0.9), words: r.Name, isName: true, person: true})
		if len(p.Rows) == 1 {
			add(printText{box: r.OrgBox.Inset(0.9), words: r.Org, person: true})
		}
	}
	for _, l := range p.Labels {
		if inRow(p, l.Rect) { // on a page with one row its cells may be heads too, as OCR read them
			continue
		}
		switch l.Role {
		case ballot.LabelText:
			add(printText{box: l.Rect.Inset(-1), words: l.Text})
		case ballot.LabelHead:
			add(printText{box: l.Rect.Inset(0.9), words: l.Text})
		}
	}
	return out
}

// inRow tells whether a place is that of a row's name or unit.
func inRow(p *ballot.FormPage, box ballot.Rect) bool {
	x, y := box.Centre()
	return slices.ContainsFunc(p.Rows, func(r ballot.Row) bool { return r.NameBox.Contains(x, y) || r.OrgBox.Contains(x, y) })
}

// find tells which page of the learned forms a picture shows and where it lies. A picture that shows more than
// that page is refused.
func (t *tables) find(img *raster.Image, print *printReader) (sighting, *ballot.Rejection) {
	candidates, rejected := t.finder.Find(img)
	if rejected != nil {
		return sighting{}, rejected
	}
	read := reading{img: img, print: print, texts: map[[5]int]string{}}
	best, rejected := t.choose(candidates, &read)
	if rejected != nil {
		return sighting{}, rejected
	}
	own := &t.pages[best.Table]
	if rejected := fills(img, &best.Found, own.page); rejected != nil {
		return sighting{}, rejected
	}
	if share := t.finder.Foreign(img, best); share > foreignPrint {
		return sighting{}, &ballot.Rejection{Reason: ballot.RejectTwoSheets,
			Facts: fmt.Sprintf("where page %d of form %s is blank, the picture has print (%.0f %%)", own.page.Page, own.form.ID, 100*share)}
	}
	unread, rejected := own.check(&read, &best.Found)
	if rejected != nil {
		return sighting{}, rejected
	}
	s := sighting{found: best.Found, form: own.form, page: own.page, print: own.print}
	if unread {
		s.flags = []string{FlagNameUnread}
	}
	return s, nil
}

// choose tells which of the candidates the print speaks for.
func (t *tables) choose(candidates []register.TableFound, read *reading) (*register.TableFound, *ballot.Rejection) {
	best, fit := -1, 0.0
	for i := range candidates {
		c := &candidates[i]
		if c.Likeness < candidates[0].Likeness-likeRivals {
			break
		}
		known := t.pages[c.Table].known()
		// Title and heads are alike on the pages of many forms: the names have to fit by themselves too.
		if f := min(read.fit(&c.Found, known), read.fit(&c.Found, people(known))); f > fit {
			best, fit = i, f
		}
	}
	if fit < printFits {
		return nil, &ballot.Rejection{Reason: ballot.RejectNoCode,
			Facts: fmt.Sprintf("a table like that of a learned form is on the page, but its print fits none (%.2f, needs %.2f)", fit, printFits)}
	}
	own := &t.pages[candidates[best].Table]
	for i := range candidates {
		other := &t.pages[candidates[i].Table]
		if i == best || candidates[i].Likeness < candidates[0].Likeness-likeRivals {
			continue
		}
		if margin := read.margin(&candidates[best].Found, own, other); margin < printMargin {
			return nil, &ballot.Rejection{Reason: ballot.RejectNoCode,
				Facts: fmt.Sprintf("the print fits page %d of form %s and page %d of form %s nearly alike (margin %.2f, needs %.2f)",
					own.page.Page, own.form.ID, other.page.Page, other.form.ID, margin, printMargin)}
		}
	}
	return &candidates[best], nil
}

// known are the texts that a page's identity is read from: the title and names, with some of the rest where
// those are few.
func (p *tablePage) known() []printText {
	rows := len(p.page.Rows)
	if rows <= mostNames {
		return p.texts[:min(len(p.texts), mostNames+2)]
	}
	var out []printText
	names := 0
	for _, t := range p.texts {
		if t.isName {
			if names++; names*mostNames/rows == (names-1)*mostNames/rows {
				continue // eight of them, spread over the page
			}
		} else if len(out) > mostNames {
			break
		}
		out = append(out, t)
	}
	return out
}

// people are the names among some texts, with the unit on a page with one row.
func people(texts []printText) (out []printText) {
	for _, t := range texts {
		if t.person {
			out = append(out, t)
		}
	}
	return out
}

// textAt is what the page prints at the place of another page's text, and whether that is the same.
func (p *tablePage) textAt(t printText) (string, bool) {
	x, y := t.box.Centre()
	for _, o := range p.texts {
		if o.box.Contains(x, y) {
			return o.words, o.words == t.words
		}
	}
	return "", false
}

// refine follows the printed rules. Where subjects stand side by side, each with its grades below it, the page is
// looked at with x and y exchanged, so that its columns are rows to all that measures.
func refine(img *raster.Image, h register.Homography, form *ballot.Form, page *ballot.FormPage) (*register.Grid, *ballot.Rejection) {
	if form.Learned != nil && form.Learned.GradesDown {
		h = register.Homography{h[1], h[0], h[2], h[4], h[3], h[5], h[7], h[6]}
		page = exchanged(page)
	}
	return register.Refine(img, h, page)
}

// exchanged is a page with x and y exchanged.
func exchanged(p *ballot.FormPage) *ballot.FormPage {
	flip := func(r ballot.Rect) ballot.Rect { return ballot.Rect{X: r.Y, Y: r.X, W: r.H, H: r.W} }
	out := &ballot.FormPage{Page: p.Page, Width: p.Height, Height: p.Width}
	for _, r := range p.Rows {
		r.Rect, r.NameBox, r.OrgBox, r.NoBox = flip(r.Rect), flip(r.NameBox), flip(r.OrgBox), flip(r.NoBox)
		out.Rows = append(out.Rows, r)
	}
	for _, t := range p.Targets {
		t.Rect, t.Cell = flip(t.Rect), flip(t.Cell)
		out.Targets = append(out.Targets, t)
	}
	return out
}

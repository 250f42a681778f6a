package scans

import (
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// nameCheck compares the printed name and unit of rows with what the form says stands there. OCR reads them.
// Where it reads something else, the picture decides between both texts: it is compared with the glyphs of
// each, so that a character misread for one that looks alike, however often, contradicts nothing, and what
// contradicts really looks like another text.
type nameCheck struct {
	share  float64
	random *rand.Rand
	faces  []*typeface
}

func newNameCheck(o Options) (*nameCheck, error) {
	if len(o.Fonts) == 0 {
		return nil, errors.New("names are compared with the glyphs of a font, and none was given")
	}
	if o.Names < 1 && o.Random == nil {
		return nil, errors.New("a sample of rows needs a source of randomness")
	}
	faces, err := newTypefaces(o.Fonts)
	return &nameCheck{o.Names, o.Random, faces}, err
}

// finding is what the print of a box says of the text that should stand there.
type finding int

const (
	unread finding = iota
	agrees
	contradicts
)

// check reads the rows that were drawn and rejects a page whose print contradicts its form. unread tells that
// some text could neither be confirmed nor contradicted.
func (n *nameCheck) check(img *raster.Image, form *ballot.Form, page *ballot.FormPage, grid *register.Grid, print *printReader) (anyUnread bool, rejected *ballot.Rejection) {
	drawn := n.draw(page)
	for b := range grid.Blocks {
		block := &grid.Blocks[b]
		for i := range block.Rows {
			row := &block.Rows[i]
			if !drawn[row.Subject] {
				continue
			}
			at := func(x, y float64) (u, v float64) { return grid.At(block, i, x, y) }
			says, facts := n.row(img, at, row, form, print)
			switch says {
			case contradicts:
				return anyUnread, &ballot.Rejection{Reason: ballot.RejectName, Facts: facts}
			case unread:
				anyUnread = true
			}
		}
	}
	return anyUnread, nil
}

// row looks at the name and the unit of a row.
func (n *nameCheck) row(img *raster.Image, at func(x, y float64) (u, v float64), row *ballot.Row, form *ballot.Form, print *printReader) (finding, string) {
	name, org, _ := row.TextPoints()
	texts := [2]text{
		{"", row.NameBox, name, row.Name, func(r *ballot.Row) string { return r.Name }, ballot.SpacedName},
		{"unit ", row.OrgBox, org, row.Org, func(r *ballot.Row) string { return r.Org }, func(s string) string { return s }},
	}
	var says [2]finding
	for i, t := range texts {
		var other string
		if says[i], other = n.look(img, at, t, form, print); says[i] == contradicts {
			return contradicts, fmt.Sprintf("the paper says %s%s, row %d of the form says %s", t.what, other, row.Subject, letters(t.want))
		}
	}
	if says[0] != unread && says[1] != unread {
		return agrees, ""
	}
	for i, t := range texts {
		if other := texts[1-i]; t.short() && says[i] == unread && says[1-i] == agrees && print.losses == 0 && n.unlike(img, at, t, other) {
			return contradicts, fmt.Sprintf("the paper says some other %sname, row %d of the form says %s", t.what, row.Subject, letters(t.want))
		}
	}
	return unread, ""
}

// unlike tells whether a box shows clean print of some other text: the neighbouring box shows its text in a known
// typeface and on the same paper, this one has lines no fuller than text is, and not this text.
func (n *nameCheck) unlike(img *raster.Image, at func(x, y float64) (u, v float64), t, beside text) bool {
	var paper [2]float64
	var fits [2][]float64
	for i, x := range []text{t, beside} {
		k := nameScales[0]
		c := crop(img, at, x.box, k)
		tone, black := tones(c)
		paper[i] = tone
		lines := printLines(c, x.points*mmPerPoint, k)
		fits[i] = n.fit(lines, x.spaced(letters(x.want)))
		if i > 0 {
			break
		}
		if !lineHigh(lines, x.points, k) {
			return false
		}
		for _, l := range lines {
			if printShare(l, paper[i], black) > fullestPrint {
				return false
			}
		}
	}
	return len(fits[0]) > 0 && worst(fits[0]) < fitsRead && len(fits[1]) > 0 && mean(fits[1]) >= fitsWell &&
		math.Abs(paper[0]-paper[1]) < 15
}

// What lines of print have at most; a stain or a scrawl is fuller, and dithered paper makes one line of a whole box.
const (
	fullestPrint = 0.5 // share of a line that is dark
	tallestPrint = 1.3 // ems that a line is high
)

// lineHigh tells whether the lines of a crop, printed at so many points, are no higher than print.
func lineHigh(lines []*image.Gray, points, k float64) bool {
	for _, l := range lines {
		if float64(l.Rect.Dy()) > tallestPrint*points*mmPerPoint*k {
			return false
		}
	}
	return true
}

// printShare is the share of a line's pixels that are nearer to its print than to its paper.
func printShare(l *image.Gray, paper, black float64) float64 {
	n := 0
	for _, v := range l.Pix {
		if float64(v) < (paper+black)/2 {
			n++
		}
	}
	return float64(n) / float64(max(1, len(l.Pix)))
}

// draw chooses the rows of a page by lot, anew for each page: which were read tells nothing of when.
func (n *nameCheck) draw(page *ballot.FormPage) map[int]bool {
	drawn := map[int]bool{}
	subjects := page.Subjects()
	want := len(subjects)
	if n.share < 1 {
		want = min(want, max(1, int(math.Round(n.share*float64(want)))))
		n.random.Shuffle(len(subjects), func(i, j int) { subjects[i], subjects[j] = subjects[j], subjects[i] })
	}
	for _, s := range subjects[:want] {
		drawn[s] = true
	}
	return drawn
}

const mmPerPoint = 25.4 / 72

// text is a printed text and where it stands.
type text struct {
	what   string // for the message
	box    ballot.Rect
	points float64
	want   string
	of     func(*ballot.Row) string
	spaced func(string) string // as the printer sets it
}

// short tells whether a text is printed large, as names are: of the small print of long ones less is certain.
func (t *text) short() bool { return len([]rune(letters(t.want))) <= longestName }

// How well a picture must show a text, by correlation with its glyphs. On ordinary pages the worst character of
// a name has 0.80 and more, another character in its place 0.42 on average and 0.68 in one of a hundred cases;
// see TestNames.
const (
	fitsWell  = 0.70 // of its worst character: the picture shows the text
	fitsOther = 0.65 // mean of the characters by which another text differs
	fitsRead  = 0.55 // the same of what OCR read, where the picture does not show the form's text
	fitMargin = 0.10 // by which they must fit better than those of the form's

	smallMargin = 0.20 // the same of small print, where OCR read nothing of the sort
)

const longestName = 5 // characters

// nameScales are the pixels a mm at which a text is read, one after another until something comes of it. At the
// first, print of 10 to 12 points has the height that Tesseract's model likes.
var nameScales = []float64{8, 12, 6}

// look says whether a box shows its text, and if not, what it shows.
func (n *nameCheck) look(img *raster.Image, at func(x, y float64) (u, v float64), t text, form *ballot.Form, print *printReader) (finding, string) {
	for _, k := range nameScales {
		c := crop(img, at, t.box, k)
		lines := printLines(c, t.points*mmPerPoint, k)
		got, losses := "", print.losses
		for _, l := range lines {
			got += letters(print.text(framed(l, cropMargin)))
		}
		if print.losses > losses || print.losses >= lossesAPage {
			return unread, ""
		}
		if says, other := n.compare(lines, got, t, form, lineHigh(lines, t.points, k)); says != unread {
			return says, other
		}
	}
	return unread, ""
}

// letters leaves out of a text what OCR adds and drops at will: blanks and punctuation.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

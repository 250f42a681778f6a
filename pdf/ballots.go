package pdf

import (
	"bytes"
	"fmt"
	"io"

	"github.com/jung-kurt/gofpdf"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"pingyi/ballot"
)

// Ballots writes exactly the copies asked for: copy 1 page 1, copy 1 page 2, …; on a single form a copy
// is a packet of one leaf a subject. All copies are alike. progress, where not nil, is called with the
// number of copies drawn. A cover, where it is not nil, comes first. A character that no font has is refused before anything is written. A ballot that the
// office made itself is printed as it is: pictures (PNG, gray) are its pages. Of a form of serial mode these are
// specimens, which say so and never count; Serials prints ballots.
func Ballots(w io.Writer, form *ballot.Form, copies int, cover *Cover, fonts *Fonts, progress func(done int), pictures ...[]byte) error {
	return ballots(w, paper{form, pictures, nil}, copies, cover, fonts, progress)
}

// paper is a form with the pictures of its pages, where the office made it, or with the serials of its copies.
type paper struct {
	*ballot.Form
	own   [][]byte
	issue *ballot.Issue
}

func ballots(w io.Writer, of paper, copies int, cover *Cover, fonts *Fonts, progress func(done int)) error {
	if copies < 1 {
		return ballot.Errorf(ballot.CodeInvalid, "份数须至少为 1，现为 %d", "at least one copy must be printed, not %d", copies)
	}
	c := newCanvas(fonts, of.Pages[0].Width, of.Pages[0].Height)
	c.SetTitle("Ballot", false)
	if of.Identity == ballot.Serial && of.issue == nil {
		of.Form = specimen(of.Form)
	}
	draw, err := c.drawing(of)
	if err != nil {
		return err
	}
	pagesBefore := 0
	if cover != nil {
		if err := c.cover(cover, copies); err != nil {
			return err
		}
		pagesBefore = 1
	}
	for i := range of.Pages {
		p := &of.Pages[i]
		c.AddPageFormat("P", gofpdf.SizeType{Wd: p.Width, Ht: p.Height})
		draw(i)
	}
	if last := &of.Pages[len(of.Pages)-1]; of.TwoSided && len(of.Pages)%2 == 1 { // else the next copy begins on its back
		c.AddPageFormat("P", gofpdf.SizeType{Wd: last.Width, Ht: last.Height})
	}
	if progress != nil {
		progress(1)
	}
	if copies == 1 && of.issue == nil {
		return c.write(w)
	}
	var one bytes.Buffer
	if err := c.write(&one); err != nil {
		return err
	}
	return repeat(w, one.Bytes(), pagesBefore, copies, of.codes(), progress)
}

// drawing tells how pages are drawn: from their geometry, or, where the office made them, as they are. What cannot
// be drawn is refused.
func (c *canvas) drawing(of paper) (draw func(page int), err error) {
	if of.Learned != nil {
		return c.pictures(of)
	}
	if err := c.fonts.CheckForm(of.Form); err != nil {
		return nil, err
	}
	codes := make([][]ballot.Rect, len(of.Pages))
	for i := range of.Pages {
		p := &of.Pages[i]
		text := p.CodeText
		if of.Identity == ballot.Serial {
			text, err = p.SpecimenCode()
		}
		if of.issue == nil && err == nil { // else each copy gets its own
			codes[i], err = modules(text, of.CodeModules(), p.Code)
		}
		if err != nil {
			return nil, err
		}
	}
	return func(i int) { c.ballotPage(&of.Pages[i], codes[i]) }, nil
}

// pictures draws each page's picture over the whole page.
func (c *canvas) pictures(of paper) (draw func(page int), err error) {
	if len(of.own) != len(of.Pages) {
		return nil, ballot.Errorf(ballot.CodeForm, "空白票有 %[1]d 页，存有图像 %[2]d 页，不能印制", "the blank has %[1]d pages and %[2]d pictures: it cannot be printed", len(of.Pages), len(of.own))
	}
	options := gofpdf.ImageOptions{ImageType: "PNG"}
	name := func(i int) string { return fmt.Sprintf("page %d", i+1) }
	for i, picture := range of.own {
		c.RegisterImageOptionsReader(name(i), options, bytes.NewReader(picture))
	}
	return func(i int) {
		p := &of.Pages[i]
		c.ImageOptions(name(i), 0, 0, p.Width, p.Height, false, options, 0, "")
	}, c.Error()
}

// modules are the dark parts of a page's QR code in a box, merged along each row, in mm. n is how many it has a
// side: the reader samples one by one.
func modules(text string, n int, box ballot.Rect) ([]ballot.Rect, error) {
	rows, err := darkRows(text, n)
	step := box.W / float64(n)
	var out []ballot.Rect
	for _, r := range rows {
		out = append(out, ballot.Rect{X: box.X + float64(r.x)*step, Y: box.Y + float64(r.y)*step, W: float64(r.w) * step, H: step})
	}
	return out, err
}

// darkRow is a stretch of dark modules.
type darkRow struct{ x, y, w int }

func darkRows(text string, n int) (out []darkRow, err error) {
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_H)
	if err != nil {
		return nil, fmt.Errorf("page code: %w", err)
	}
	m := code.GetMatrix()
	if m.GetWidth() != n {
		return nil, fmt.Errorf("a page code of %d characters needs %d modules a side, not %d", len(text), m.GetWidth(), n)
	}
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && m.Get(x, y) == 1 {
				x++
			}
			if x > from {
				out = append(out, darkRow{from, y, x - from})
			}
		}
	}
	return out, nil
}

func (c *canvas) ballotPage(p *ballot.FormPage, code []ballot.Rect) {
	c.SetFillColor(0, 0, 0)
	for _, r := range p.Fiducials {
		c.Rect(r.X, r.Y, r.W, r.H, "F")
	}
	for _, r := range code {
		c.Rect(r.X, r.Y, r.W, r.H, "F")
	}
	c.rules(p)
	c.outlines(p)
	for _, l := range p.Labels {
		c.fit(box{l.X, l.Y, l.W, l.H}, l.Text, styleOf(l.Role), l.SizePt, l.Align)
	}
	for _, r := range p.Rows {
		name, org, number := r.TextPoints()
		if r.NoBox.W > 0 {
			c.fit(box{r.NoBox.X, r.NoBox.Y, r.NoBox.W, r.NoBox.H}, fmt.Sprint(r.Subject), Song, number, "C")
		}
		c.fit(box{r.NameBox.X, r.NameBox.Y, r.NameBox.W, r.NameBox.H}, r.Name, Hei, name, "C")
		c.fit(box{r.OrgBox.X, r.OrgBox.Y, r.OrgBox.W, r.OrgBox.H}, r.Org, Song, org, "C")
	}
	if p.Comment != nil {
		c.SetLineWidth(ballot.RuleWidth)
		c.Rect(p.Comment.X, p.Comment.Y, p.Comment.W, p.Comment.H, "D")
	}
}

func styleOf(role string) Style {
	switch role {
	case ballot.LabelTitle, ballot.LabelHead, ballot.LabelGroup:
		return Hei
	case ballot.LabelIdentity:
		return Mono
	}
	return Song
}

// rules draws the table: every box of every row and head, and the cells of the targets.
func (c *canvas) rules(p *ballot.FormPage) {
	c.SetDrawColor(0, 0, 0)
	c.SetLineWidth(ballot.RuleWidth)
	draw := func(r ballot.Rect) {
		if r.W > 0 {
			c.Rect(r.X, r.Y, r.W, r.H, "D")
		}
	}
	for _, l := range p.Labels {
		if l.Role == ballot.LabelHead {
			draw(l.Rect)
		}
	}
	for _, r := range p.Rows {
		draw(r.NoBox)
		draw(r.NameBox)
		draw(r.OrgBox)
	}
	for _, t := range p.Targets {
		draw(t.Cell)
	}
}

// outlines draws the boxes, thin and gray: they guide the pen and are never dark enough for ink.
func (c *canvas) outlines(p *ballot.FormPage) {
	c.SetDrawColor(ballot.OutlineGray, ballot.OutlineGray, ballot.OutlineGray)
	c.SetLineWidth(ballot.OutlineWidth)
	for _, t := range p.Targets {
		c.Rect(t.X, t.Y, t.W, t.H, "D")
	}
}

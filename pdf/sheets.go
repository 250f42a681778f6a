package pdf

import (
	"fmt"
	"io"
	"sort"

	"github.com/jung-kurt/gofpdf"

	"pingyi/ballot"
)

// A4 in mm, with the margins of an official document.
const (
	a4Width, a4Height = 210.0, 297.0
	marginX           = 22.0
	marginTop         = 24.0
	marginBottom      = 22.0
)

// Cover is laid on a stack of ballots: which meeting, group and venue they are for, and how many. It says nothing
// that a single ballot could be told by.
type Cover struct {
	Meeting ballot.Meeting
	Group   ballot.VoterGroup
}

func (c *canvas) cover(of *Cover, copies int) error {
	m, g := of.Meeting, of.Group
	if err := c.fonts.Check("封面", m.Title+m.Organiser+g.Name); err != nil {
		return err
	}
	c.AddPageFormat("P", gofpdf.SizeType{Wd: a4Width, Ht: a4Height})
	width := a4Width - 2*marginX
	c.fit(box{marginX, 60, width, 24}, m.Title, Hei, 26, "C")
	c.fit(box{marginX, 100, width, 20}, g.Code+"票", Hei, 48, "C")
	c.fit(box{marginX, 124, width, 12}, g.Name, Song, 22, "C")
	rows := [][2]string{{"本叠份数", fmt.Sprint(copies)}, {"发放会场", ""}, {"发放人（两人签字）", ""}, {"领取人", ""}, {"备注", ""}}
	c.SetDrawColor(0, 0, 0)
	c.SetLineWidth(0.25)
	for i, r := range rows {
		y := 160 + float64(i)*14
		c.cell(box{marginX, y, 55, 14}, r[0], Song, 14, "C")
		c.cell(box{marginX + 55, y, width - 55, 14}, r[1], Song, 16, "C")
	}
	c.fit(box{marginX, 250, width, 8}, m.Organiser+"　"+m.Date, Song, 12, "C")
	return nil
}

// cell is a ruled box with a text.
func (c *canvas) cell(b box, text string, s Style, size float64, align string) {
	c.Rect(b.x, b.y, b.w, b.h, "D")
	c.fit(b, text, s, size, align)
}

// SignInSheet lists who is expected, by venue and group, with room to sign. It is made for one reply
// and never kept.
func SignInSheet(w io.Writer, m ballot.Meeting, r ballot.RollResult, fonts *Fonts) error {
	for _, l := range r.SignIn {
		if err := fonts.Check("“"+l.Name+"”", l.Name+l.Org); err != nil {
			return err
		}
	}
	c := newCanvas(fonts, a4Width, a4Height)
	lines := append([]ballot.SignInLine(nil), r.SignIn...)
	sort.SliceStable(lines, func(i, j int) bool {
		a, b := lines[i], lines[j]
		return a.Venue < b.Venue || a.Venue == b.Venue && orderOf(a.Group) < orderOf(b.Group)
	})
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && lines[to].Venue == lines[from].Venue && lines[to].Group == lines[from].Group {
			to++
		}
		c.signIn(m, lines[from:to])
		from = to
	}
	if len(lines) == 0 {
		c.AddPage()
	}
	return c.write(w)
}

// orderOf puts those without a ballot last.
func orderOf(group string) string {
	if group == "" {
		return "~"
	}
	return group
}

func (c *canvas) signIn(m ballot.Meeting, lines []ballot.SignInLine) {
	const rowHeight, perPage = 9.0, 24
	venue, _ := m.Venue(lines[0].Venue) // the roll was checked against the meeting's venues
	title := "不参与画票人员"
	if g, err := m.Group(lines[0].Group); err == nil {
		title = g.Code + "票　" + g.Name
	}
	columns := []float64{14, 32, 74, 46}
	for from := 0; from < len(lines); from += perPage {
		c.AddPage()
		c.fit(box{marginX, marginTop, a4Width - 2*marginX, 12}, m.Title+"签到名册", Hei, 18, "C")
		c.fit(box{marginX, marginTop + 13, a4Width - 2*marginX, 7}, fmt.Sprintf("%s　%s　共 %d 人", venue.Name, title, len(lines)), Song, 12, "C")
		c.SetDrawColor(0, 0, 0)
		c.SetLineWidth(0.2)
		y := marginTop + 23
		c.line(columns, y, rowHeight, Hei, 11, "序号", "姓名", "单位（党组织）", "签名")
		for i, l := range lines[from:min(len(lines), from+perPage)] {
			y += rowHeight
			c.line(columns, y, rowHeight, Song, 11, fmt.Sprint(from+i+1), ballot.SpacedName(l.Name), l.Org, "")
		}
	}
}

// line draws one row of a table from the left margin.
func (c *canvas) line(widths []float64, y, h float64, s Style, size float64, texts ...string) {
	x := marginX
	for i, w := range widths {
		c.cell(box{x, y, w, h}, texts[i], s, size, "C")
		x += w
	}
}

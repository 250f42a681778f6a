package pdf

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"pingyi/ballot"
	"pingyi/tally"
)

// Feedback writes 反馈单, a sheet of one page or more for a subject, or one for each in the order of the roster
// where subject is 0: the subject's own counts and rates over all groups, what was written about them, the overall
// grade, and the items to rectify with a box to tick. It prints what the result holds and computes nothing; a
// subject sees nobody else's figures, no rank and no group's.
func Feedback(w io.Writer, r *tally.Result, subject int, fonts *Fonts) error {
	subjects := slices.Clone(r.Subjects)
	slices.SortFunc(subjects, func(a, b tally.Subject) int { return a.No - b.No })
	if subject > 0 {
		subjects = slices.DeleteFunc(subjects, func(s tally.Subject) bool { return s.No != subject })
	}
	if len(subjects) == 0 {
		return ballot.Errorf(ballot.CodeNotFound, "结果中没有 %d 号", "the result has no number %d", subject)
	}
	faults := []error{fonts.Check("标题", r.Meeting.Title+r.Meeting.Organiser)}
	for _, s := range subjects {
		faults = append(faults, fonts.Check(fmt.Sprintf("%d 号“%s”", s.No, s.Name), s.Name+s.Org+s.Post+s.Delegate))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	f := &feedback{statement: statement{canvas: newCanvas(fonts, a4Width, a4Height), r: r}}
	f.SetTitle("Feedback sheets", false)
	f.SetDrawColor(0, 0, 0)
	f.SetLineWidth(0.2)
	for _, s := range subjects {
		f.sheet(s)
	}
	return f.write(w)
}

// feedback is set like a statement; pages are numbered within a subject's sheet.
type feedback struct {
	statement
}

func (f *feedback) sheet(s tally.Subject) {
	first := f.pages + 1
	f.page()
	width := a4Width - 2*marginX
	f.fit(box{marginX, f.y, width, 16}, f.r.Meeting.Title, Hei, titlePoints, "C")
	f.fit(box{marginX, f.y + 16, width, 12}, "反馈单", Hei, titlePoints, "C")
	f.y += 34
	f.who(s)
	f.heading("一、测评情况")
	f.counts(s)
	f.heading("二、综合评价等次")
	f.paragraph(f.overall(s))
	part := []string{"三", "四", "五"}
	if f.r.Rules.Form == ballot.SingleForm {
		f.heading(part[0] + "、意见建议")
		f.comments(s)
		part = part[1:]
	}
	f.heading(part[0] + "、整改事项")
	f.items(s)
	f.signature()
	f.number(s, first)
}

// who is the table of whom the sheet is for.
func (f *feedback) who(s tally.Subject) {
	const h = 10.0
	mode := s.Mode.Chinese()
	if s.Delegate != "" {
		mode += "（" + s.Delegate + "代为述职）"
	}
	f.line([]float64{24, 59, 24, 59}, f.y, h, Song, 12, "序号", fmt.Sprint(s.No), "姓名", ballot.SpacedName(s.Name))
	f.line([]float64{24, 142}, f.y+h, h, Song, 12, "单位", s.Org)
	f.line([]float64{24, 59, 24, 59}, f.y+2*h, h, Song, 12, "职务", s.Post, "述职方式", mode)
	f.y += 3*h + 2
}

// counts is the table of the subject's votes and their rates, over all groups.
func (f *feedback) counts(s tally.Subject) {
	const h = 9.0
	rates := func(r tally.Fraction) string {
		if r.Text == "" {
			return "—"
		}
		return r.Text + "%"
	}
	heads, votes, shares := []string{"等次"}, []string{"票数"}, []string{"得票率"}
	for i, g := range f.r.Rules.Grades {
		heads, votes, shares = append(heads, g), append(votes, fmt.Sprint(s.Overall.Counts[i])), append(shares, rates(s.Overall.Rates[i]))
	}
	heads, votes = append(heads, "弃权", "无效"), append(votes, fmt.Sprint(s.Overall.Blank), fmt.Sprint(s.Overall.Invalid))
	shares = append(shares, rates(s.Overall.BlankRate), rates(s.Overall.InvalidRate))
	widths := make([]float64, len(heads))
	for i := range widths {
		widths[i] = (a4Width - 2*marginX) / float64(len(widths))
	}
	f.room(3 * h)
	for i, texts := range [][]string{heads, votes, shares} {
		style := Song
		if i == 0 {
			style = Hei
		}
		f.line(widths, f.y, h, style, 12, texts...)
		f.y += h
	}
	f.y += 2
	f.prose(f.measure(s), tablePoints)
}

// measure says what the rates are shares of, and the figures over the groups' weights.
func (f *feedback) measure(s tally.Subject) string {
	text := fmt.Sprintf("得票率的分母为%s（%d 张）", tally.DenominatorName(f.r.Rules.Denominator), s.Overall.Denominator)
	if len(f.r.Groups) > 1 && s.Good != nil {
		text += fmt.Sprintf("；按票种权重计算，%s率为 %s%%", f.r.Rules.Grades[0], s.Good.Text)
	}
	if s.Score != nil {
		text += fmt.Sprintf("；综合得分 %s 分", s.Score.Text)
	}
	return text + "。"
}

func (f *feedback) overall(s tally.Subject) string {
	if grade := f.r.Concluded(s.No).OverallGrade; grade != "" {
		return grade
	}
	return "（另行通知）"
}

// comments are those about the subject alone, in the order of the result, which says nothing.
func (f *feedback) comments(s tally.Subject) {
	at := slices.IndexFunc(f.r.Comments, func(c ballot.SubjectComments) bool { return c.Subject == s.No })
	if at < 0 {
		f.paragraph("无。")
		return
	}
	for i, text := range f.r.Comments[at].Texts {
		f.prose(fmt.Sprintf("%d. %s", i+1, f.printable(text)), 14)
	}
}

// items are boxes to tick, with what was typed, and lines to be filled in by pen: one, and three items at least.
func (f *feedback) items(s tally.Subject) {
	const indent = 8.0
	typed := f.r.Concluded(s.No).Items
	height := 14 * mmPerPoint * 1.6
	for _, item := range typed {
		lines := f.wrap(f.printable(item), Song, 14, a4Width-2*marginX-indent)
		f.room(height * float64(len(lines)))
		f.tick()
		for _, l := range lines {
			f.text(marginX+indent, f.y+height*0.72, l, Song, 14)
			f.y += height
		}
	}
	for range max(1, 3-len(typed)) {
		f.room(11)
		f.tick()
		f.Line(marginX+indent, f.y+7.5, a4Width-marginX, f.y+7.5)
		f.y += 11
	}
}

// tick is a box to be ticked.
func (f *feedback) tick() { f.Rect(marginX+1, f.y+2.2, 4.2, 4.2, "D") }

func (f *feedback) signature() {
	f.room(32)
	f.y += 10
	f.text(marginX, f.y+6, "本人签收：", Song, 14)
	f.Line(marginX+24, f.y+7.5, marginX+70, f.y+7.5)
	f.text(marginX+84, f.y+6, "日期：　　　　年　　月　　日", Song, 14)
	f.y += 14
	f.fit(box{marginX, f.y, a4Width - 2*marginX, 8}, f.r.Meeting.Organiser+"　"+f.r.Meeting.Date, Song, 12, "R")
	f.y += 8
}

// number writes under the pages from first on whose sheet they belong to.
func (f *feedback) number(s tally.Subject, first int) {
	for n := first; n <= f.pages; n++ {
		f.SetPage(n)
		text := fmt.Sprintf("%d 号 %s　第 %d 页，共 %d 页", s.No, s.Name, n-first+1, f.pages-first+1)
		f.fit(box{marginX, a4Height - 16, a4Width - 2*marginX, 6}, text, Song, 10, "C")
	}
}

// printable makes one line of a text that people typed: a character that no font has becomes 〓, as printers set
// it; names are refused instead.
func (f *feedback) printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if f.fonts.of(r, Song) == nil {
			return '〓'
		}
		return r
	}, text)
}

package pdf

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/tally"
)

// Sizes of an official document in points: 2号 title, 3号 text, 五号 tables.
const (
	titlePoints = 22.0
	textPoints  = 16.0
	tablePoints = 10.5
)

// Statement writes the 结果报告单 of a count: the ledger, every subject's figures, the rules they were
// counted by, and lines to sign. It prints what the result holds and computes nothing.
func Statement(w io.Writer, r *tally.Result, fonts *Fonts) error {
	if err := checkResult(r, fonts); err != nil {
		return err
	}
	s := &statement{canvas: newCanvas(fonts, a4Width, a4Height), r: r}
	s.SetTitle("Result statement", false)
	s.SetDrawColor(0, 0, 0)
	s.SetLineWidth(0.2)
	s.page()
	s.fit(box{marginX, s.y, a4Width - 2*marginX, 18}, r.Meeting.Title, Hei, titlePoints, "C")
	s.y += 18
	s.fit(box{marginX, s.y, a4Width - 2*marginX, 12}, "结果报告单", Hei, titlePoints, "C")
	s.y += 18
	s.ledger()
	if r.LedgerOnly {
		s.paragraph("收回票数低于保密下限，按规定只公布票数，不公布结果。")
	} else {
		s.figures()
		s.delegates()
	}
	s.terms()
	s.audit()
	if err := s.evidence(); err != nil {
		return err
	}
	s.signatures()
	s.footers()
	return s.write(w)
}

func checkResult(r *tally.Result, fonts *Fonts) error {
	faults := []error{fonts.Check("标题", r.Meeting.Title+r.Meeting.Organiser)}
	for _, s := range r.Subjects {
		faults = append(faults, fonts.Check(fmt.Sprintf("%d 号“%s”", s.No, s.Name), s.Name+s.Org+s.Delegate))
	}
	if r.Audit != nil {
		faults = append(faults, fonts.Check("复点", r.Audit.Reason+strings.Join(r.Audit.AcceptedBy, "")))
	}
	return errors.Join(faults...)
}

type statement struct {
	*canvas
	r     *tally.Result
	y     float64
	pages int
}

func (s *statement) page() {
	s.AddPage()
	s.pages++
	s.y = marginTop
}

// room starts a page where less than h mm are left.
func (s *statement) room(h float64) {
	if s.y+h > a4Height-marginBottom {
		s.page()
	}
}

// paragraph sets text in 3号 with an indent of two characters.
func (s *statement) paragraph(text string) { s.prose(text, textPoints) }

func (s *statement) prose(text string, size float64) {
	height := size * mmPerPoint * 1.5
	width := a4Width - 2*marginX
	runes := []rune("\u3000\u3000" + text)
	for len(runes) > 0 {
		n := len(runes)
		for n > 1 && s.width(string(runes[:n]), Song, size) > width {
			n--
		}
		// A closing mark must not begin a line.
		for n < len(runes) && n > 1 && strings.ContainsRune("，。；：、）”％%", runes[n]) {
			n--
		}
		s.room(height)
		s.text(marginX, s.y+height*0.75, string(runes[:n]), Song, size)
		s.y += height
		runes = runes[n:]
	}
}

func (s *statement) heading(text string) {
	s.room(22)
	s.y += 3
	s.text(marginX, s.y+6, text, Hei, textPoints)
	s.y += 10
}

func (s *statement) ledger() {
	s.heading("一、票数")
	s.paragraph(s.r.Total.Sentence)
	if len(s.r.Ledger) > 1 {
		for i, l := range s.r.Ledger {
			s.prose(fmt.Sprintf("%s票（%s）：%s", s.r.Groups[i].Code, s.r.Groups[i].Name, l.Sentence), 12)
		}
	}
	for _, w := range s.r.Warnings {
		s.paragraph(w)
	}
}

// figures is the table of all subjects, overall.
func (s *statement) figures() {
	s.heading("二、评议结果")
	r := s.r
	heads := []string{"序号", "姓名", "单位（党组织）", "述职"}
	widths := []float64{9, 17, 0, 11}
	for _, g := range r.Rules.Grades {
		heads, widths = append(heads, g), append(widths, 10)
	}
	heads, widths = append(heads, "弃权", "无效", s.goodHead()), append(widths, 10, 10, 14)
	if len(r.Rules.Scores) > 0 {
		heads, widths = append(heads, "综合得分"), append(widths, 15)
	}
	heads, widths = append(heads, "名次"), append(widths, 10)
	left := a4Width - 2*marginX
	for _, w := range widths {
		left -= w
	}
	widths[2] = left
	const h = 8.0
	s.room(3 * h)
	s.line(widths, s.y, h, Hei, tablePoints, heads...)
	s.y += h
	for _, subject := range r.Subjects {
		if s.y+h > a4Height-marginBottom {
			s.page()
			s.line(widths, s.y, h, Hei, tablePoints, heads...)
			s.y += h
		}
		s.line(widths, s.y, h, Song, tablePoints, s.row(subject)...)
		s.y += h
	}
	s.y += 2
	s.prose(s.denominators(), 10.5)
}

func (s *statement) row(x tally.Subject) []string {
	mode := "书面"
	if x.Mode == ballot.Oral {
		mode = "现场"
	}
	out := []string{fmt.Sprint(x.No), ballot.SpacedName(x.Name), x.Org, mode}
	for _, n := range x.Overall.Counts {
		out = append(out, fmt.Sprint(n))
	}
	good := "—"
	if x.Good != nil {
		good = x.Good.Text
	}
	out = append(out, fmt.Sprint(x.Overall.Blank), fmt.Sprint(x.Overall.Invalid), good)
	if len(s.r.Rules.Scores) > 0 {
		score := "—"
		if x.Score != nil {
			score = x.Score.Text
		}
		out = append(out, score)
	}
	rank := "—"
	if x.Rank > 0 {
		rank = fmt.Sprint(x.Rank)
	}
	return append(out, rank)
}

// goodHead heads the good rate: weighted where there are several groups.
func (s *statement) goodHead() string {
	head := s.r.Rules.Grades[0] + "率%"
	if len(s.r.Groups) > 1 {
		head = "加权" + head
	}
	return head
}

// denominators says what the rates are shares of: one number where it is the same for all.
func (s *statement) denominators() string {
	same := true
	for _, x := range s.r.Subjects {
		same = same && x.Overall.Denominator == s.r.Subjects[0].Overall.Denominator
	}
	text := "率的分母为" + tally.DenominatorName(s.r.Rules.Denominator)
	if same && len(s.r.Subjects) > 0 {
		text += fmt.Sprintf("（%d 张）", s.r.Subjects[0].Overall.Denominator)
	} else {
		text += "，逐人计算"
	}
	if len(s.r.Groups) > 1 {
		text += "；票数为各票种合计，加权率按票种权重计算"
	}
	return text + "。述职人本人所投的票计入其中。"
}

func (s *statement) delegates() {
	for _, x := range s.r.Subjects {
		if x.Delegate != "" {
			s.prose(fmt.Sprintf("%d 号 %s（%s）由 %s 代为述职；评议对象为本人，代述职人不因此得票。", x.No, x.Name, x.Org, x.Delegate), 10.5)
		}
		for _, a := range x.Alerts {
			s.prose(fmt.Sprintf("提示：%d 号 %s，%s（%s%%）。", x.No, x.Name, a.Text, a.Rate.Text), 10.5)
		}
	}
}

func (s *statement) terms() {
	s.heading("三、计票规则")
	for _, t := range s.r.Terms() {
		s.prose(t.Name+"："+t.Text, 10.5)
	}
}

// evidence prints the checkpoint under which the result was certified: the code to copy, and all of it as a QR code.
func (s *statement) evidence() error {
	if s.r.Checkpoint == nil {
		return nil
	}
	code, err := evidence.QR(s.r.Checkpoint.Note)
	if err != nil {
		return err
	}
	const side = 36.0
	s.room(22 + side)
	s.heading(map[bool]string{false: "四", true: "五"}[s.r.Audit != nil] + "、存证")
	top := s.y
	s.SetFillColor(0, 0, 0)
	for _, r := range dark(code, a4Width-marginX-side, top, side) {
		s.Rect(r.X, r.Y, r.W, r.H, "F")
	}
	lines := []string{"校验码（请监票人抄存）：", s.r.Checkpoint.Code, fmt.Sprintf("截至确认结果时共 %d 条记录。右侧二维码是带签名的校验点全文，", s.r.Checkpoint.Size),
		"可拍照留存。日后如需核对数据是否被改动、换旧，凭校验码或", "校验点运行 pingyi verify，不需联网。"}
	for i, line := range lines {
		style, size := Song, 10.5
		if i == 1 {
			style, size = Mono, 14
		}
		s.text(marginX, s.y+5, line, style, size)
		s.y += 6.5
	}
	s.y = top + side + 2
	return nil
}

// dark gives the dark modules of a QR code, merged along each row, on a square in mm.
func dark(code [][]bool, x, y, side float64) (out []ballot.Rect) {
	step := side / float64(len(code))
	for i, row := range code {
		for j := 0; j < len(row); j++ {
			from := j
			for j < len(row) && row[j] {
				j++
			}
			if j > from {
				out = append(out, ballot.Rect{X: x + float64(from)*step, Y: y + float64(i)*step, W: float64(j-from) * step, H: step})
			}
		}
	}
	return out
}

func (s *statement) signatures() {
	s.room(58)
	s.y += 8
	for _, who := range []string{"总监票人（签字）：", "监票人（签字）：", "计票人（签字）："} {
		s.text(marginX+60, s.y+6, who, Song, textPoints)
		s.Line(marginX+112, s.y+7.5, a4Width-marginX, s.y+7.5)
		s.y += 13
	}
	s.text(marginX+60, s.y+6, "日期：　　　　年　　月　　日", Song, textPoints)
}

// footers numbers the pages once their number is known.
func (s *statement) footers() {
	for n := 1; n <= s.pages; n++ {
		s.SetPage(n)
		s.fit(box{marginX, a4Height - 16, a4Width - 2*marginX, 6}, fmt.Sprintf("— %d / %d —", n, s.pages), Song, 10, "C")
	}
}

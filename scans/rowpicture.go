package scans

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"pingyi/ballot"
	"pingyi/scans/mark"
)

// Measures of the picture of a block's rows, in its pixels: the block enlarged, beside it a column of
// numbers for each grade, then the verdict with what decided it.
const (
	rowZoom      = 3
	headHeight   = 76
	numberColumn = 56
	gradeColumn  = 228
	verdictWidth = 560
	textSize     = 17
	lineHeight   = 23
)

var (
	black      = color.RGBA{20, 20, 20, 255}
	gridGray   = color.RGBA{205, 205, 205, 255}
	doubtInk   = color.RGBA{255, 140, 0, 255}
	outsideInk = color.RGBA{196, 0, 150, 255}
	speckInk   = color.RGBA{150, 150, 150, 255}
	streakInk  = color.RGBA{0, 190, 215, 255}
	columnInks = []color.RGBA{{0, 130, 50, 255}, {20, 80, 225, 255}, {120, 60, 170, 255}, {205, 20, 30, 255}, {0, 120, 130, 255}, {120, 75, 20, 255}}
)

// shown are the measures in the picture; those that are not always shown are left out where they are 0.
var shown = []struct {
	chinese, english string
	value            func(ballot.MarkScore) float64
	always           bool
}{
	{"墨量mm²", "ink", func(s ballot.MarkScore) float64 { return s.Ink }, true},
	{"长mm", "reach", func(s ballot.MarkScore) float64 { return s.Reach }, true},
	{"浓度", "dark", func(s ballot.MarkScore) float64 { return s.Contrast }, true},
	{"二读", "second", func(s ballot.MarkScore) float64 { return s.Second }, true},
	{"存疑", "doubt", func(s ballot.MarkScore) float64 { return s.Doubt }, false},
	{"框外", "outside", func(s ballot.MarkScore) float64 { return s.Outside }, false},
	{"穿过", "stray", func(s ballot.MarkScore) float64 { return s.Stray }, false},
	{"碎点", "specks", func(s ballot.MarkScore) float64 { return s.Specks }, false},
	{"框线", "outline", func(s ballot.MarkScore) float64 { return s.Outline }, false},
	{"淡影", "faint", func(s ballot.MarkScore) float64 { return s.Faint }, false},
	{"遮盖", "covered", func(s ballot.MarkScore) float64 { return s.Covered }, false},
}

// pen writes text: Chinese by the one face, all else by the other.
type pen struct {
	latin, han font.Face // han is nil where there is none
}

func newPen(han []byte) (*pen, error) {
	p := &pen{}
	var err error
	if p.latin, err = openFace(goregular.TTF); err == nil && han != nil {
		p.han, err = openFace(han)
	}
	return p, err
}

func openFace(data []byte) (font.Face, error) {
	f, err := opentype.Parse(data)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: textSize, DPI: 72, Hinting: font.HintingFull})
}

// faceOf is the face for a character; Chinese and its punctuation begin at U+2E80.
func (p *pen) faceOf(r rune) font.Face {
	if p.han != nil && r >= 0x2E80 {
		return p.han
	}
	return p.latin
}

func (p *pen) width(text string) (w fixed.Int26_6) {
	for _, r := range text {
		advance, _ := p.faceOf(r).GlyphAdvance(r)
		w += advance
	}
	return w
}

// write puts a line of text with its base line at y.
func (p *pen) write(dst draw.Image, x, y int, c color.Color, text string) (end int) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(c), Dot: fixed.P(x, y)}
	for _, r := range text {
		d.Face = p.faceOf(r)
		d.DrawString(string(r))
	}
	return d.Dot.X.Ceil()
}

// wrap breaks a text into lines of at most so many pixels, at a space where the line has one.
func (p *pen) wrap(text string, pixels int) (lines []string) {
	line := ""
	for _, r := range text {
		if line += string(r); p.width(line).Ceil() > pixels {
			at := strings.LastIndex(line, " ") + 1
			if at == 0 {
				at = len(line) - len(string(r))
			}
			lines, line = append(lines, strings.TrimSpace(line[:at])), strings.TrimLeft(line[at:], " ")
		}
	}
	return append(lines, line)
}

// either is the Chinese text where there is a face for it.
func (p *pen) either(chinese, english string) string {
	if p.han != nil {
		return chinese
	}
	return english
}

// rows draws a block: ink in the colour of the target it was given to, and what decided each row.
func (p *pen) rows(block mark.Picture, rows []explainedRow) image.Image {
	grades := len(rows[0].Scores)
	left := numberColumn + block.W*rowZoom
	m := image.NewRGBA(image.Rect(0, 0, left+grades*gradeColumn+verdictWidth, headHeight+block.H*rowZoom+1))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	drawInk(m, block)
	p.head(m, block, rows[0].Scores, left)
	for i, r := range rows {
		top := headHeight + block.RowTop[i]*rowZoom
		line(m, 0, top, m.Bounds().Dx())
		p.write(m, 8, top+lineHeight, black, fmt.Sprint(r.Subject))
		for c, s := range r.Scores {
			frame(m, scaled(block.Boxes[i*grades+c]), verdictColour(r.Verdict, s.Grade))
			p.numbers(m, left+c*gradeColumn+8, top, s, columnInks[c%len(columnInks)])
		}
		p.verdict(m, left+grades*gradeColumn+8, top, r, (block.RowTop[i+1]-block.RowTop[i])*rowZoom/lineHeight)
	}
	return m
}

// drawInk draws the block enlarged and pale, with its ink in colour.
func drawInk(m *image.RGBA, block mark.Picture) {
	for y := range block.H * rowZoom {
		for x := range block.W * rowZoom {
			at := y/rowZoom*block.W + x/rowZoom
			v := 128 + block.Gray[at]/2
			c := color.RGBA{v, v, v, 255}
			switch block.Fate[at] {
			case mark.Aimed:
				c = columnInks[int(block.Column[at])%len(columnInks)]
			case mark.Beside:
				c = outsideInk
			case mark.Between:
				c = doubtInk
			case mark.Speck:
				c = speckInk
			case mark.Streak:
				c = streakInk
			}
			m.SetRGBA(numberColumn+x, headHeight+y, c)
		}
	}
}

// head names the columns, in the colours of their ink, and what the other colours are.
func (p *pen) head(m *image.RGBA, block mark.Picture, scores []ballot.MarkScore, left int) {
	for c, s := range scores {
		name := p.either(s.Grade, fmt.Sprintf("grade %d", c+1))
		p.write(m, scaled(block.Cells[c]).Min.X+8, headHeight-10, columnInks[c%len(columnInks)], name)
		p.write(m, left+c*gradeColumn+8, headHeight-10, columnInks[c%len(columnInks)], name)
	}
	x := p.write(m, 8, lineHeight+4, black, p.either("墨迹按所归属的等次着色；其余：", "Ink has the colour of the grade it was given to. Else:")) + 10
	for _, l := range []struct {
		c    color.RGBA
		text string
	}{
		{doubtInk, p.either("归属不清（存疑）", "doubt")}, {outsideInk, p.either("格内框外（框外）", "outside the box")},
		{speckInk, p.either("碎点、印刷线边", "specks")}, {streakInk, p.either("条纹、折痕（已除去）", "streak, taken out")},
	} {
		x = p.write(m, x, lineHeight+4, l.c, "■ "+l.text) + 14
	}
	p.write(m, left+len(scores)*gradeColumn+8, headHeight-10, black, p.either("判定与起决定作用的阈值", "verdict, and the thresholds that decide it"))
}

// numbers writes a target's measures, two to a line.
func (p *pen) numbers(m *image.RGBA, x, top int, s ballot.MarkScore, c color.RGBA) {
	var words []string
	for _, f := range shown {
		if v := f.value(s); f.always || v != 0 {
			words = append(words, fmt.Sprintf("%s %.2f", p.either(f.chinese, f.english), v))
		}
	}
	if s.Ink+s.Doubt+s.Outside+s.Stray+s.Specks == 0 {
		c = speckInk // a bare box: nothing to look at
	}
	for i := 0; i < len(words); i += 2 {
		p.write(m, x, top+lineHeight*(i/2+1), c, strings.Join(words[i:min(i+2, len(words))], "  "))
	}
}

// verdict writes what a row was read as and why, in at most so many lines.
func (p *pen) verdict(m *image.RGBA, x, top int, r explainedRow, most int) {
	text := p.either(r.Verdict.Chinese(), string(r.Kind))
	if r.Kind == ballot.IsGrade && p.han == nil {
		for c, s := range r.Scores {
			if s.Grade == r.Grade {
				text = fmt.Sprintf("grade %d", c+1)
			}
		}
	}
	lines := p.wrap(strings.TrimSpace(text+"  "+r.Reason), verdictWidth-16)
	bold := len(lines)
	if r.Compared != "" {
		lines = append(lines, p.wrap(r.Compared, verdictWidth-16)...)
	}
	for _, u := range r.telling(2) {
		turned := p.either(becomes(u.Becomes), strings.TrimSpace(string(u.Becomes.Kind)+" "+u.Becomes.Reason))
		lines = append(lines, p.wrap(fmt.Sprintf("%s %g → %.3g: %s", u.Threshold, u.InForce, u.At, turned), verdictWidth-16)...)
	}
	for i, l := range lines[:min(most, len(lines))] {
		c := color.RGBA{110, 110, 110, 255}
		if i < bold {
			c = verdictColour(r.Verdict, r.Grade)
		}
		p.write(m, x, top+lineHeight*(i+1), c, l)
		if i < bold {
			p.write(m, x+1, top+lineHeight*(i+1), c, l)
		}
	}
}

func scaled(r image.Rectangle) image.Rectangle {
	return image.Rectangle{r.Min.Mul(rowZoom), r.Max.Mul(rowZoom)}.Add(image.Pt(numberColumn, headHeight))
}

func line(m *image.RGBA, x, y, w int) {
	draw.Draw(m, image.Rect(x, y, x+w, y+1), image.NewUniform(gridGray), image.Point{}, draw.Src)
}

func frame(m *image.RGBA, r image.Rectangle, c color.RGBA) {
	for _, side := range []image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+2), image.Rect(r.Min.X, r.Max.Y-2, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y, r.Min.X+2, r.Max.Y), image.Rect(r.Max.X-2, r.Min.Y, r.Max.X, r.Max.Y),
	} {
		draw.Draw(m, side, image.NewUniform(c), image.Point{}, draw.Src)
	}
}

package report

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"pingyi/ballot/evidence"
	"pingyi/tally"
)

// XLSX writes the workbook: 计票汇总表 over all groups, a sheet a group where there are several, sums by
// report mode, comments where there are any, the ledger and the rules in force. Text is stored as text and never as a formula. Sheets
// are set up for A4 lying, one page wide, with the heads on every page.
func XLSX(w io.Writer, r *tally.Result) error {
	b := &book{file: excelize.NewFile(), result: r}
	defer b.file.Close()
	b.styles()
	if r.LedgerOnly {
		b.plain("计票汇总表", [][][]cell{{{text(withheld(r))}}}, []float64{80})
	} else {
		for i, s := range scopes(r) {
			name := "计票汇总表"
			if i > 0 {
				name = sheetName(s.name, i)
			}
			b.subjects(name, s)
		}
		b.plain("分类汇总", [][][]cell{summaryTable(r), distributionTable(r)}, []float64{18, 8})
		if len(r.Comments) > 0 {
			b.plain(comments, [][][]cell{commentTable(r)}, []float64{6, 12, 30, 90})
		}
	}
	ledger := [][][]cell{ledgerTable(r), sentences(r)}
	if len(r.InvalidBy)+len(r.Flags) > 0 {
		ledger = append(ledger, reasonTable(r))
	}
	b.plain("台账", ledger, []float64{32, 12, 12, 12, 12, 12, 12, 12, 12})
	b.plain("规则", [][][]cell{termsTable(r)}, []float64{22, 100})
	b.evidence()
	b.must(b.file.DeleteSheet("Sheet1"))
	b.must(b.file.SetDocProps(&excelize.DocProperties{Title: r.Meeting.Title, Creator: r.Meeting.Organiser,
		Created: r.Meeting.Date + "T00:00:00Z", Modified: r.Meeting.Date + "T00:00:00Z"}))
	if b.err != nil {
		return b.err
	}
	made, err := b.file.WriteToBuffer()
	if err != nil {
		return err
	}
	return steady(w, made.Bytes())
}

// evidence adds a sheet with the checkpoint under which the result was certified, as a code, as text and as a picture.
func (b *book) evidence() {
	c := b.result.Checkpoint
	if c == nil {
		return
	}
	const sheet = "存证"
	b.plain(sheet, [][][]cell{{{text("项目"), text("内容")}, {text("校验码"), text(c.Code)}, {text("记录条数"), text(strconv.FormatInt(c.Size, 10))},
		{text("校验点"), text(strings.TrimSpace(c.Note))}, {text("用途"), text("凭校验码或校验点运行 pingyi verify，可核对数据是否被改动、换旧，不需联网。")}}}, []float64{22, 100})
	code, err := evidence.QR(c.Note)
	b.must(err)
	if err != nil {
		return
	}
	const module, white = 4, 4 // pixels; modules
	side := (len(code) + 2*white) * module
	p := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			i, j := y/module-white, x/module-white
			if i >= 0 && j >= 0 && i < len(code) && j < len(code) && code[i][j] {
				p.SetColorIndex(x, y, 1)
			}
		}
	}
	var picture bytes.Buffer
	b.must(png.Encode(&picture, p))
	b.must(b.file.AddPictureFromBytes(sheet, "B9", &excelize.Picture{Extension: ".png", File: picture.Bytes(), Format: &excelize.GraphicOptions{AltText: "checkpoint"}}))
}

// sheetName keeps within a spreadsheet's 31 characters.
func sheetName(name string, i int) string {
	if utf8.RuneCountInString(name) > 31 {
		return "合并票种" + strconv.Itoa(i)
	}
	return name
}

func sentences(r *tally.Result) [][]cell {
	out := [][]cell{{text("台账说明")}, {text(r.Total.Sentence)}}
	for i, l := range r.Ledger {
		if len(r.Ledger) > 1 {
			out = append(out, []cell{text(r.Groups[i].Code + "票：" + l.Sentence)})
		}
	}
	for _, w := range r.Warnings {
		out = append(out, []cell{text(w)})
	}
	return out
}

// book gathers the first error of many small calls.
type book struct {
	file   *excelize.File
	result *tally.Result
	err    error

	title, subtitle, head, middle, left, points int // styles
}

func (b *book) must(err error) { b.err = errors.Join(b.err, err) }

// styles of an office's tables: 黑体 titles, 宋体 five-point-size (10.5 pt) text, thin rules.
func (b *book) styles() {
	thin := func() (out []excelize.Border) {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			out = append(out, excelize.Border{Type: side, Color: "7F7F7F", Style: 1})
		}
		return out
	}
	set := func(s excelize.Style) int {
		id, err := b.file.NewStyle(&s)
		b.must(err)
		return id
	}
	at := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}
	}
	song := &excelize.Font{Family: "宋体", Size: 10.5}
	format := "0"
	if d := b.result.Rules.Decimals; d > 0 {
		format = "0." + strings.Repeat("0", d)
	}
	b.title = set(excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 18}, Alignment: at("center")})
	b.subtitle = set(excelize.Style{Font: song, Alignment: at("left")})
	b.head = set(excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 10.5}, Alignment: at("center"), Border: thin(),
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}}})
	b.middle = set(excelize.Style{Font: song, Alignment: at("center"), Border: thin()})
	b.left = set(excelize.Style{Font: song, Alignment: at("left"), Border: thin()})
	b.points = set(excelize.Style{Font: song, Alignment: at("center"), Border: thin(), CustomNumFmt: &format})
}

// put writes one cell: numbers as numbers, all else as text.
func (b *book) put(sheet string, column, row int, c cell, style int) {
	at, err := excelize.CoordinatesToCellName(column, row)
	b.must(err)
	if c.points {
		style = b.points
	}
	b.must(b.file.SetCellStyle(sheet, at, at, style))
	if !c.number {
		b.must(b.file.SetCellStr(sheet, at, c.text))
		return
	}
	v, err := strconv.ParseFloat(c.text, 64)
	b.must(err)
	b.must(b.file.SetCellValue(sheet, at, v))
}

func (b *book) merge(sheet string, column, row, toColumn, toRow int) {
	from, err := excelize.CoordinatesToCellName(column, row)
	b.must(err)
	to, err := excelize.CoordinatesToCellName(toColumn, toRow)
	b.must(err)
	if from == to {
		return
	}
	style, err := b.file.GetCellStyle(sheet, from)
	b.must(err)
	b.must(b.file.SetCellStyle(sheet, from, to, style)) // or the frame is drawn round the first cell only
	b.must(b.file.MergeCell(sheet, from, to))
}

// banner writes title and headline over the given columns, in rows 1 and 2.
func (b *book) banner(sheet, name string, columns int) {
	b.put(sheet, 1, 1, text(b.result.Meeting.Title+name), b.title)
	b.put(sheet, 1, 2, text(headline(b.result)), b.subtitle)
	b.merge(sheet, 1, 1, columns, 1)
	b.merge(sheet, 1, 2, columns, 2)
	b.must(b.file.SetRowHeight(sheet, 1, 30))
	b.must(b.file.SetRowHeight(sheet, 2, 34))
}

// subjects writes a table of subjects: heads in rows 3 and 4, kept in sight with the name.
func (b *book) subjects(sheet string, s scope) {
	const top, firstRow = 3, 5
	_, err := b.file.NewSheet(sheet)
	b.must(err)
	name := "计票汇总表"
	if s.name != "全部" {
		name += "（" + s.name + "）"
	}
	b.banner(sheet, name, len(s.columns))
	for i, c := range s.columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.must(err)
		b.must(b.file.SetColWidth(sheet, letter, letter, c.width))
		b.put(sheet, i+1, top, text(c.over), b.head)
		b.put(sheet, i+1, top+1, text(c.head), b.head)
		if c.over == "" {
			b.put(sheet, i+1, top, text(c.head), b.head)
			b.put(sheet, i+1, top+1, text(""), b.head)
			b.merge(sheet, i+1, top, i+1, top+1)
		}
	}
	b.mergeHeads(sheet, s.columns, top)
	b.height(sheet, top+1, 2)
	for i, subject := range b.result.Subjects {
		rows := 1
		for j, c := range s.row(subject) {
			style := b.middle
			if s.columns[j].left {
				style = b.left
			}
			b.put(sheet, j+1, firstRow+i, c, style)
			rows = max(rows, wrapped(c.text, s.columns[j].width))
		}
		b.height(sheet, firstRow+i, rows)
	}
	b.must(b.file.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: top + 1, TopLeftCell: "C5", ActivePane: "bottomRight"}))
	b.page(sheet, fmt.Sprintf("$%d:$%d", 1, top+1))
}

// mergeHeads joins neighbours under the same upper heading.
func (b *book) mergeHeads(sheet string, columns []column, row int) {
	for from := 0; from < len(columns); {
		to := from
		for to+1 < len(columns) && columns[to+1].over == columns[from].over {
			to++
		}
		if columns[from].over != "" {
			b.merge(sheet, from+1, row, to+1, row)
		}
		from = to + 1
	}
}

// plain writes blocks of lines, each with its heads first, one under the other.
func (b *book) plain(sheet string, blocks [][][]cell, widths []float64) {
	_, err := b.file.NewSheet(sheet)
	b.must(err)
	columns := len(widths)
	for _, block := range blocks {
		columns = max(columns, len(block[0]))
	}
	b.banner(sheet, sheet, columns)
	for i := range columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.must(err)
		b.must(b.file.SetColWidth(sheet, letter, letter, widths[min(i, len(widths)-1)]))
	}
	row := 3
	for _, block := range blocks {
		for i, line := range block {
			style := b.middle
			if i == 0 {
				style = b.head
			}
			rows := 1
			for j, c := range line {
				if i > 0 && j == len(line)-1 && !c.number && !c.points {
					style = b.left
				}
				b.put(sheet, j+1, row, c, style)
				if len(line) > 1 {
					rows = max(rows, wrapped(c.text, widths[min(j, len(widths)-1)]))
				}
			}
			if len(line) == 1 { // a sentence runs over all columns
				b.merge(sheet, 1, row, columns, row)
			}
			b.height(sheet, row, rows)
			row++
		}
		row++
	}
	b.page(sheet, "$1:$2")
}

// height sets a row for so many lines of text: not every program works it out on opening.
func (b *book) height(sheet string, row, lines int) {
	b.must(b.file.SetRowHeight(sheet, row, float64(6+14*lines))) // points; 10.5 pt text has 14 pt lines
}

// wrapped is how many lines text takes in a column of so many characters; Chinese ones are twice as wide.
func wrapped(s string, width float64) int {
	units := 0
	for _, r := range s {
		if units++; r > 0x2E7F {
			units++
		}
	}
	return max(1, int(math.Ceil(float64(units)/(width-1)))) // a cell's margins take about one
}

// page sets a sheet up for printing; rows are those repeated on every page.
func (b *book) page(sheet, rows string) {
	a4, landscape, one, none, yes := 9, "landscape", 1, 0, true // 9 is A4 in the file format
	b.must(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &none}))
	b.must(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	edge, foot := 0.5, 0.75 // inches
	b.must(b.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &edge, Right: &edge, Top: &edge, Bottom: &foot, Horizontally: &yes}))
	b.must(b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页　共 &N 页"}))
	b.must(b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!%s", sheet, rows), Scope: sheet}))
}

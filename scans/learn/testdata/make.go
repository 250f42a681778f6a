// Command make writes the blank ballots of this folder as flat ODT documents, each of another make:
// go run make.go ROSTER.csv FOLDER, then soffice --headless --convert-to pdf FOLDER/*.fodt
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

type cell struct {
	text       string
	cols, rows int
	style      string // of the cell: full, bare
	size       string // of the text, in points
}

type table struct {
	widths  []float64 // mm
	heights []float64 // mm, by row
	rows    [][]*cell // nil = covered by a merged one
	border  string
}

type document struct {
	name      string
	landscape bool
	pages     []page
}

type page struct {
	lines []string // above the table; the first is the title
	table table
	after []string
}

type person struct{ no, name, org string }

func main() {
	people := roster(os.Args[1])
	for _, d := range documents(people) {
		if err := os.WriteFile(filepath.Join(os.Args[2], d.name+".fodt"), []byte(d.xml()), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

func roster(path string) (out []person) {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines[1:] {
		out = append(out, person{l[0], spaced(l[1]), l[2]})
	}
	return out
}

// spaced sets the two characters of a short name apart, as offices do.
func spaced(name string) string {
	if r := []rune(name); len(r) == 2 {
		return string(r[0]) + "　" + string(r[1])
	}
	return name
}

var (
	good  = []string{"好", "较好", "一般", "差"}
	able  = []string{"优秀", "称职", "基本称职", "不称职"}
	pass  = []string{"优秀", "合格", "基本合格", "不合格"}
	happy = []string{"满意", "基本满意", "不满意", "不了解"}
)

const hint = "请在相应栏内划“√”，每人只选一项，多选无效。"

func documents(p []person) []document {
	one := func(name string, landscape bool, t table, lines ...string) document {
		return document{name, landscape, []page{{lines: lines, table: t}}}
	}
	return []document{
		one("plain", false, list(p[:12], good, []float64{12, 26, 62, 17, 17, 17, 17}, 9, ""), "述职评议票", hint),
		one("merged", false, merged(p[:12], good), "基层党建述职评议测评表", hint),
		one("blocks", true, blocks(p[:28], good, 5, 7.5, true), "党组织书记述职评议票", hint),
		one("down", true, down(p[:7], good), "述职评议表（现场述职）", "请在对应格内划“√”。"),
		one("circle", false, circle(p[:10], able), "年度考核测评票", "请在认可的等次上画圈，每人只选一项。"),
		one("ring", false, ring(p[10:24], good), "民主测评票", "请在认可的等次上画圈或划“√”，每人只选一项。"),
		one("inline", false, inline(p[24:36], happy), "述职满意度测评票", "请在认可的等次上画“○”。"),
		one("tight", false, tight(p[:10], good), "民主测评票", "请在认可的等次上画圈。"),
		one("dense", false, list(p[:36], good, []float64{10, 22, 68, 14, 14, 14, 14}, 6.3, ""), "党建述职评议票（B票）", hint),
		one("sparse", false, list(p[:5], pass, []float64{26, 56, 22, 22, 22, 22}, 22, ""), "民主评议表", "每人只选一项"),
		one("landscape", true, list(p[7:18], able, []float64{14, 32, 95, 26, 26, 26, 26}, 10, ""), "领导干部年度考核民主测评票", hint),
		one("boxes", false, list(p[20:36], happy, []float64{12, 24, 62, 18, 20, 18, 18}, 10, "□"), "满意度测评票", hint),
		one("reverse", false, reverse(p[30:42], good), "评议票", hint),
		single(p[3:6]),
		twoPages(p[:40]),
		one("adjacent", true, blocks(p[40:64], pass, 0, 9, false), "评议测评票", hint),
	}
}

func text(s string) *cell { return &cell{text: s, cols: 1, rows: 1, style: "full", size: "10.5"} }

// list is the common table; without a column for numbers where there are six widths.
func list(p []person, grades []string, widths []float64, height float64, mark string) table {
	numbered := len(widths) == 3+len(grades)
	t := table{widths: widths}
	head := []*cell{text("姓名"), text("单位（党组织）")}
	if numbered {
		head = append([]*cell{text("序号")}, head...)
	}
	for _, g := range grades {
		head = append(head, text(g))
	}
	t.add(9, head...)
	for _, s := range p {
		row := []*cell{text(s.name), text(s.org)}
		if height < 7 {
			row[1].size = "9"
		}
		if numbered {
			row = append([]*cell{text(s.no)}, row...)
		}
		for range grades {
			c := text(mark)
			c.size = "16"
			if mark == "" {
				c.size = "8"
			}
			row = append(row, c)
		}
		t.add(height, row...)
	}
	return t
}

func (t *table) add(height float64, row ...*cell) {
	t.rows, t.heights = append(t.rows, row), append(t.heights, height)
}

// merged has a head of two storeys and one cell for the kind of report of several rows.
func merged(p []person, grades []string) table {
	t := table{widths: []float64{18, 26, 60, 17, 17, 17, 17}, border: "1.5pt"}
	tall := func(s string, rows int) *cell { return &cell{s, 1, rows, "full", "10.5"} }
	t.add(9, tall("方式", 2), tall("述职人", 2), tall("所在党组织", 2), &cell{"综合评价等次", len(grades), 1, "full", "10.5"}, nil, nil, nil)
	head := []*cell{nil, nil, nil}
	for _, g := range grades {
		head = append(head, text(g))
	}
	t.add(9, head...)
	for i, s := range p {
		var kind *cell
		switch i {
		case 0:
			kind = tall("现场述职", 5)
		case 5:
			kind = tall("书面述职", len(p)-5)
		}
		t.add(10, kind, text(s.name), text(s.org), text(""), text(""), text(""), text(""))
	}
	return t
}

// blocks stands two lists side by side, with a gap between or none.
func blocks(p []person, grades []string, gap, height float64, framed bool) table {
	one := []float64{10, 22, 50, 12, 12, 12, 12}
	t := table{widths: append([]float64{}, one...)}
	if gap > 0 {
		t.widths = append(t.widths, gap)
	}
	t.widths = append(t.widths, one...)
	half := (len(p) + 1) / 2
	join := func(a, b []*cell) []*cell {
		if gap > 0 {
			a = append(a, &cell{"", 1, 1, "bare", "8"})
		}
		return append(a, b...)
	}
	a, b := list(p[:half], grades, one, height, ""), list(p[half:], grades, one, height, "")
	for i := range a.rows {
		for _, c := range append(a.rows[i], b.rows[i]...) {
			if strings.HasPrefix(c.text, "基本") || strings.HasPrefix(c.text, "不") {
				c.size = "8"
			}
		}
		t.add(a.heights[i], join(a.rows[i], b.rows[i])...)
	}
	return t
}

// down has the grades as rows.
func down(p []person, grades []string) table {
	t := table{widths: []float64{34}}
	names, orgs := []*cell{text("姓名")}, []*cell{text("单位")}
	for _, s := range p {
		t.widths = append(t.widths, 32)
		names, orgs = append(names, text(s.name)), append(orgs, text(s.org))
	}
	t.add(12, names...)
	t.add(16, orgs...)
	for _, g := range grades {
		row := []*cell{text(g)}
		for range p {
			row = append(row, text(""))
		}
		t.add(16, row...)
	}
	return t
}

// circle has the words of the grades in every row.
func circle(p []person, grades []string) table {
	t := table{widths: []float64{24, 58, 21, 21, 23, 21}}
	t.add(10, text("姓名"), text("单位"), &cell{"考核等次（画圈）", 4, 1, "full", "10.5"}, nil, nil, nil)
	for _, s := range p {
		row := []*cell{text(s.name), text(s.org)}
		for _, g := range grades {
			row = append(row, text(g))
		}
		t.add(14, row...)
	}
	return t
}

// ring has the words in smaller cells, in larger print.
func ring(p []person, grades []string) table {
	t := table{widths: []float64{10, 24, 62, 19, 19, 19, 19}, border: "1.5pt"}
	t.add(9, text("序号"), text("姓名"), text("所在党组织"), &cell{"评价（画圈）", 4, 1, "full", "10.5"}, nil, nil, nil)
	for _, s := range p {
		row := []*cell{text(s.no), text(s.name), text(s.org)}
		for _, g := range grades {
			row = append(row, &cell{g, 1, 1, "full", "14"})
		}
		t.add(12, row...)
	}
	return t
}

// inline has all words of a row in one cell.
func inline(p []person, grades []string) table {
	t := table{widths: []float64{22, 52, 98}}
	t.add(9, text("姓名"), text("单位"), text("评价"))
	for _, s := range p {
		t.add(13, text(s.name), text(s.org), text(strings.Join(grades, "　　　")))
	}
	return t
}

// tight has words without room for a ring.
func tight(p []person, grades []string) table {
	t := table{widths: []float64{24, 58, 20, 20, 20, 20}}
	t.add(9, text("姓名"), text("单位"), &cell{"评价", 4, 1, "full", "10.5"}, nil, nil, nil)
	for _, s := range p {
		row := []*cell{text(s.name), text(s.org)}
		for _, g := range grades {
			row = append(row, text(g))
		}
		t.add(7, row...)
	}
	return t
}

// reverse has the worst grade first and a column of remarks last.
func reverse(p []person, grades []string) table {
	t := table{widths: []float64{26, 60, 16, 16, 16, 16, 20}}
	head := []*cell{text("姓　名"), text("所在单位")}
	for i := range grades {
		head = append(head, text(grades[len(grades)-1-i]))
	}
	t.add(10, append(head, text("备注"))...)
	for _, s := range p {
		t.add(10, text(s.name), text(s.org), text(""), text(""), text(""), text(""), text(""))
	}
	return t
}

// single is one page a secretary.
func single(p []person) document {
	d := document{name: "single"}
	for _, s := range p {
		t := table{widths: []float64{42, 42, 42, 42}}
		t.add(14, text("被测评人"), &cell{s.name, 3, 1, "full", "16"}, nil, nil)
		t.add(14, text("党组织"), &cell{s.org, 3, 1, "full", "14"}, nil, nil)
		head := []*cell{}
		for _, g := range able {
			head = append(head, text(g))
		}
		t.add(12, head...)
		t.add(24, text(""), text(""), text(""), text(""))
		d.pages = append(d.pages, page{lines: []string{"党组织书记年度考核测评票", "请在一个等次下划“√”。"}, table: t})
	}
	return d
}

func twoPages(p []person) document {
	widths := []float64{12, 26, 62, 17, 17, 17, 17}
	return document{"twopages", false, []page{
		{lines: []string{"述职评议票", hint}, table: list(p[:20], good, widths, 9, ""), after: []string{"（转背面）"}},
		{lines: []string{"述职评议票（续）"}, table: list(p[20:], good, widths, 9, ""), after: []string{"谢谢参与"}},
	}}
}

const header = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="song" svg:font-family="'Noto Serif CJK SC'"/><style:font-face style:name="hei" svg:font-family="'Noto Sans CJK SC'"/></office:font-face-decls>
`

func (d document) xml() string {
	var styles, body strings.Builder
	w, h := 210, 297
	if d.landscape {
		w, h = h, w
	}
	fmt.Fprintf(&styles, `<style:style style:name="title" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-bottom="3mm"/><style:text-properties style:font-name-asian="hei" style:font-name="hei" fo:font-size="18pt" style:font-size-asian="18pt"/></style:style>
<style:style style:name="break" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-bottom="3mm" fo:break-before="page"/><style:text-properties style:font-name-asian="hei" style:font-name="hei" fo:font-size="18pt" style:font-size-asian="18pt"/></style:style>
<style:style style:name="line" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="2mm"/><style:text-properties style:font-name-asian="song" style:font-name="song" fo:font-size="10.5pt" style:font-size-asian="10.5pt"/></style:style>
`)
	for _, s := range []string{"8", "9", "10.5", "14", "16"} {
		fmt.Fprintf(&styles, `<style:style style:name="c%s" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/><style:text-properties style:font-name-asian="song" style:font-name="song" fo:font-size="%spt" style:font-size-asian="%spt"/></style:style>`+"\n", s, s, s)
	}
	for i, p := range d.pages {
		p.write(&styles, &body, i)
	}
	return header + `<office:automatic-styles>` + fmt.Sprintf(`<style:page-layout style:name="pl"><style:page-layout-properties fo:page-width="%dmm" fo:page-height="%dmm" fo:margin="18mm" style:print-orientation="%s"/></style:page-layout>`, w, h, map[bool]string{true: "landscape", false: "portrait"}[d.landscape]) + "\n" +
		styles.String() + `</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl"/></office:master-styles><office:body><office:text>` +
		body.String() + `</office:text></office:body></office:document>` + "\n"
}

func (p page) write(styles, body *strings.Builder, n int) {
	for i, l := range p.lines {
		style := "line"
		if i == 0 {
			style = "title"
			if n > 0 {
				style = "break"
			}
		}
		fmt.Fprintf(body, "<text:p text:style-name=%q>%s</text:p>\n", style, l)
	}
	p.table.write(styles, body, n)
	for _, l := range append(p.after, "") {
		fmt.Fprintf(body, "<text:p text:style-name=\"line\">%s</text:p>\n", l)
	}
}

func (t table) write(styles, body *strings.Builder, n int) {
	total := 0.0
	for _, w := range t.widths {
		total += w
	}
	id := fmt.Sprintf("t%d", n)
	fmt.Fprintf(styles, `<style:style style:name=%q style:family="table"><style:table-properties style:width="%gmm" table:align="center" table:border-model="collapsing"/></style:style>`+"\n", id, total)
	border := t.border
	if border == "" {
		border = "0.5pt"
	}
	for side, v := range map[string]string{"full": "0.5pt solid #000000", "bare": "none"} {
		fmt.Fprintf(styles, `<style:style style:name="%s%s" style:family="table-cell"><style:table-cell-properties style:vertical-align="middle" fo:padding="0.3mm" fo:border="%s"/></style:style>`+"\n", id, side, v)
	}
	fmt.Fprintf(body, "<table:table table:style-name=%q>\n", id)
	for i, w := range t.widths {
		fmt.Fprintf(styles, `<style:style style:name="%sw%d" style:family="table-column"><style:table-column-properties style:column-width="%gmm"/></style:style>`+"\n", id, i, w)
		fmt.Fprintf(body, `<table:table-column table:style-name="%sw%d"/>`, id, i)
	}
	for i, row := range t.rows {
		fmt.Fprintf(styles, `<style:style style:name="%sh%d" style:family="table-row"><style:table-row-properties style:row-height="%gmm"/></style:style>`+"\n", id, i, t.heights[i])
		fmt.Fprintf(body, "\n<table:table-row table:style-name=\"%sh%d\">", id, i)
		for j, c := range row {
			if c == nil {
				body.WriteString("<table:covered-table-cell/>")
				continue
			}
			fmt.Fprintf(body, `<table:table-cell table:style-name="%s" table:number-columns-spanned="%d" table:number-rows-spanned="%d"><text:p text:style-name="c%s">%s</text:p></table:table-cell>`, t.cellStyle(styles, id, i, j, c, border), c.cols, c.rows, c.size, c.text)
		}
		body.WriteString("</table:table-row>")
	}
	body.WriteString("\n</table:table>\n")
}

// cellStyle is the style of a cell; those at the edge of a table with a thick border have one of their own.
func (t table) cellStyle(styles *strings.Builder, id string, i, j int, c *cell, border string) string {
	if border == "0.5pt" || c.style != "full" {
		return id + c.style
	}
	side := func(edge bool) string {
		if edge {
			return border + " solid #000000"
		}
		return "0.5pt solid #000000"
	}
	name := fmt.Sprintf("%sc%d_%d", id, i, j)
	fmt.Fprintf(styles, `<style:style style:name=%q style:family="table-cell"><style:table-cell-properties style:vertical-align="middle" fo:padding="0.3mm" fo:border-left="%s" fo:border-right="%s" fo:border-top="%s" fo:border-bottom="%s"/></style:style>`+"\n",
		name, side(j == 0), side(j+c.cols == len(t.widths)), side(i == 0), side(i+c.rows == len(t.rows)))
	return name
}

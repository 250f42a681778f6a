package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/xuri/excelize/v2"

	"pingyi/ballot"
	"pingyi/tally"
)

var marks = map[byte]ballot.Verdict{'a': {Kind: ballot.IsGrade, Grade: "好"}, 'b': {Kind: ballot.IsGrade, Grade: "较好"},
	'-': {Kind: ballot.IsBlank}, 'x': {Kind: ballot.IsOvervote}}

// counted is a meeting of n subjects and two groups, of which the first has voters of A and the second of B.
func counted(t testing.TB, n, a, b int) *tally.Result {
	t.Helper()
	m := ballot.Meeting{ID: "m", Title: "2026年述职评议", Organiser: "地直机关工委", Date: "2026-01-15", Version: 1, SealHash: "ab12",
		Rules: ballot.DefaultRules(), Venues: []ballot.Venue{{Code: "1", Name: "主会场"}},
		Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Weight: 60, JoinWith: "B", Headcount: map[string]int{"1": a}},
			{Code: "B", Name: "直属党组织书记", Weight: 40, JoinWith: "A", Headcount: map[string]int{"1": b}}}}
	m.Rules.Scores = []int{100, 80, 60, 40}
	m.Rules.Alerts = []ballot.Alert{{Grades: []string{"好"}, BelowPercent: 50}}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: "张明", Org: fmt.Sprintf("第%d党支部", i), Post: "书记", Mode: ballot.Oral})
	}
	m.Subjects[0].Name, m.Subjects[0].Org, m.Subjects[0].Delegate = "=1+1", "@SUM(A1)", "李代"
	in := tally.Input{Meeting: m}
	for _, g := range []struct {
		code   string
		voters int
	}{{"A", a}, {"B", b}} {
		for i := range g.voters {
			l := ballot.Leaf{ID: fmt.Sprint(g.code, i), Group: g.code, Whole: true}
			for j := range n {
				l.Rows = append(l.Rows, ballot.RowRecord{Subject: j + 1, Verdict: marks["abba-axb"[(i*3+j*5+len(g.code))%8]]})
			}
			in.Leaves = append(in.Leaves, l)
		}
		in.Ledger.Lines = append(in.Ledger.Lines, ballot.LedgerLine{LedgerKey: ballot.LedgerKey{Venue: "1", Group: g.code}, Expected: g.voters,
			Typed: map[ballot.LedgerField]int{ballot.Present: g.voters, ballot.Issued: g.voters, ballot.Returned: g.voters, ballot.Spoiled: 0, ballot.NotReturned: 0}})
		in.Ledger.Scanned = append(in.Ledger.Scanned, ballot.ScannedCount{Venues: "1", Group: g.code, Leaves: g.voters})
	}
	var err error
	if in.Ledger.Valid, in.Ledger.Invalid, err = tally.Ballots(m, in.Leaves, nil); err != nil {
		t.Fatal(err)
	}
	r, err := tally.Count(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func xlsx(t testing.TB, r *tally.Result) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := XLSX(&out, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func lines(t testing.TB, r *tally.Result) [][]string {
	t.Helper()
	var out bytes.Buffer
	if err := CSV(&out, r); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("\xEF\xBB\xBF")) {
		t.Error("no byte-order mark")
	}
	in := csv.NewReader(bytes.NewReader(out.Bytes()[3:]))
	in.FieldsPerRecord = -1
	all, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// want is a subject's figures as the Result has them, in the order of the columns.
func want(s tally.Subject, t tally.Table, after ...string) string {
	out := []string{fmt.Sprint(s.No), ballot.SpacedName(s.Name), s.Org, s.Post, "现场述职"}
	for _, n := range append(append([]int{}, t.Counts...), t.Blank, t.Invalid, t.Denominator) {
		out = append(out, fmt.Sprint(n))
	}
	for _, f := range t.Rates {
		out = append(out, f.Text)
	}
	return strings.Join(append(append(out, t.BlankRate.Text, t.InvalidRate.Text), after...), "|")
}

func TestXLSXShowsTheResultsFigures(t *testing.T) {
	r := counted(t, 9, 7, 11)
	f := xlsx(t, r)
	if got := fmt.Sprint(f.GetSheetList()); got != "[计票汇总表 A票 B票 分类汇总 台账 规则]" {
		t.Fatalf("sheets %s", got)
	}
	for sheet, figures := range map[string]func(tally.Subject) string{
		"计票汇总表": func(s tally.Subject) string {
			return want(s, s.Overall, s.Good.Text, s.Score.Text, fmt.Sprint(s.Rank), remarks(s))
		},
		"A票": func(s tally.Subject) string { return want(s, s.Groups[0], s.Groups[0].Score.Text) },
		"B票": func(s tally.Subject) string { return want(s, s.Groups[1], s.Groups[1].Score.Text) },
	} {
		rows, err := f.GetRows(sheet) // as displayed, so number formats are tried too
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range r.Subjects {
			got := strings.TrimRight(strings.Join(rows[4+i], "|"), "|")
			if got != strings.TrimRight(figures(s), "|") {
				t.Errorf("%s row %d:\ngot  %s\nwant %s", sheet, 5+i, got, figures(s))
			}
		}
	}
}

func TestXLSXHoldsNoFormula(t *testing.T) {
	f := xlsx(t, counted(t, 3, 5, 5))
	for cell, text := range map[string]string{"B5": "=1+1", "C5": "@SUM(A1)"} {
		formula, err := f.GetCellFormula("计票汇总表", cell)
		kind, _ := f.GetCellType("计票汇总表", cell)
		value, _ := f.GetCellValue("计票汇总表", cell)
		if err != nil || formula != "" || kind != excelize.CellTypeSharedString || value != text {
			t.Errorf("%s: formula %q, kind %v, value %q, %v", cell, formula, kind, value, err)
		}
	}
	if kind, _ := f.GetCellType("计票汇总表", "F5"); kind == excelize.CellTypeSharedString {
		t.Error("counts are text: nobody can add them up")
	}
}

func TestXLSXPrintsTermsAndLedger(t *testing.T) {
	r := counted(t, 3, 5, 6)
	f := xlsx(t, r)
	ledger, rules := grid(t, f, "台账"), grid(t, f, "规则")
	for _, s := range []string{r.Total.Sentence, r.Ledger[0].Sentence, r.Ledger[1].Sentence, "A票（工委委员）|5|5|5|5|0|0|5|0", "合计|11|11"} {
		if !strings.Contains(ledger, s) {
			t.Errorf("ledger sheet lacks %q:\n%s", s, ledger)
		}
	}
	for _, term := range r.Terms() {
		if !strings.Contains(rules, term.Name+"|"+term.Text) {
			t.Errorf("rules sheet lacks %+v", term)
		}
	}
	for _, sheet := range f.GetSheetList() {
		if s := grid(t, f, sheet); !strings.HasPrefix(s, r.Meeting.Title) || !strings.Contains(s, r.Total.Sentence) {
			t.Errorf("%s has no headline:\n%s", sheet, s)
		}
		page, err := f.GetPageLayout(sheet)
		if err != nil || *page.Size != 9 || *page.Orientation != "landscape" || *page.FitToWidth != 1 {
			t.Errorf("%s: page %+v, %v", sheet, page, err)
		}
	}
}

func grid(t testing.TB, f *excelize.File, sheet string) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rows {
		out = append(out, strings.Join(row, "|"))
	}
	return strings.Join(out, "\n")
}

func TestCSVShowsTheResultsFigures(t *testing.T) {
	r := counted(t, 9, 7, 11)
	all := lines(t, r)
	heads := "票种|序号|姓名|单位（党组织）|职务|述职方式|好|较好|一般|差|弃权|无效|有效票（分母）|好率%|较好率%|一般率%|差率%|弃权率%|无效率%|加权好率%|综合得分|名次|备注|平均得分"
	if got := strings.Join(all[0], "|"); got != heads {
		t.Errorf("heads\n%s\nwant\n%s", got, heads)
	}
	for i, s := range r.Subjects {
		if s.No == 1 {
			s.Name, s.Org = "'=1+1", "'@SUM(A1)"
		}
		for j, w := range []string{
			"全部|" + want(s, s.Overall, s.Good.Text, s.Score.Text, fmt.Sprint(s.Rank), remarks(s), ""),
			"A票|" + want(s, s.Groups[0], "", "", "", "", s.Groups[0].Score.Text),
			"B票|" + want(s, s.Groups[1], "", "", "", "", s.Groups[1].Score.Text),
		} {
			if got := strings.Join(all[1+i+j*len(r.Subjects)], "|"); got != w {
				t.Errorf("subject %d:\ngot  %s\nwant %s", s.No, got, w)
			}
		}
	}
	text := fmt.Sprint(all)
	for _, s := range []string{r.Total.Sentence, r.Meeting.Title, "分母为有效票数", "[合计 18 18 18 18 0 0 18 0]"} {
		if !strings.Contains(text, s) {
			t.Errorf("CSV lacks %q", s)
		}
	}
}

func TestGuard(t *testing.T) {
	for in, want := range map[string]string{"=1": "'=1", "+1": "'+1", "-1": "'-1", "@A": "'@A", "\tx": "'\tx", "\rx": "'\rx", "\n=": "'\n=",
		" =1": "' =1", "　＝1": "'　＝1", "＋": "'＋", "": "", "张　明": "张　明", "a=b": "a=b", " ": " "} {
		if got := guard(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// A grade may have the name of a column; its figures stay its own.
func TestGradeNamedLikeAColumn(t *testing.T) {
	r := counted(t, 2, 5, 5)
	r.Rules.Grades = []string{"弃权", "较好", "无效", "名次"}
	all := lines(t, r)
	s := r.Subjects[1]
	if got := strings.Join(all[2], "|"); got != "全部|"+want(s, s.Overall, s.Good.Text, s.Score.Text, fmt.Sprint(s.Rank), remarks(s), "") {
		t.Errorf("got %s", got)
	}
}

// Too few ballots: neither file says anything but the ledger and the rules.
func TestLedgerOnly(t *testing.T) {
	r := counted(t, 3, 2, 2)
	f := xlsx(t, r)
	if got := fmt.Sprint(f.GetSheetList()); got != "[计票汇总表 台账 规则]" {
		t.Errorf("sheets %s", got)
	}
	for what, s := range map[string]string{"XLSX": grid(t, f, "计票汇总表"), "CSV": fmt.Sprint(lines(t, r))} {
		if !strings.Contains(s, "只公布台账") || strings.Contains(s, "张　明") {
			t.Errorf("%s:\n%s", what, s)
		}
	}
}

// Comments have a sheet of their own, under the secretary they are about, and are never formulas.
func TestComments(t *testing.T) {
	r := counted(t, 3, 5, 5)
	if f := xlsx(t, r); slices.Contains(f.GetSheetList(), "意见建议") {
		t.Error("an empty sheet of comments")
	}
	r.Comments = []ballot.SubjectComments{{Texts: []string{"=HYPERLINK(1)", "会场偏远"}}, {Subject: 2, Texts: []string{"多下基层"}}}
	f := xlsx(t, r)
	if formula, err := f.GetCellFormula("意见建议", "D4"); formula != "" || err != nil {
		t.Errorf("formula %q, %v", formula, err)
	}
	all := lines(t, r)
	for i, want := range []string{"—|—|对会议|=HYPERLINK(1)", "—|—|对会议|会场偏远", "2|张　明|第2党支部|多下基层"} {
		cells := strings.Split(want, "|")
		for j, c := range cells {
			at, _ := excelize.CoordinatesToCellName(j+1, i+4)
			if got, _ := f.GetCellValue("意见建议", at); got != c {
				t.Errorf("cell %s: %q, want %q", at, got, c)
			}
		}
		cells[3] = guard(cells[3])
		if !slices.ContainsFunc(all, func(line []string) bool { return slices.Equal(line, cells) }) {
			t.Errorf("CSV lacks %q", cells)
		}
	}
}

func TestSameResultSameBytes(t *testing.T) {
	var files [2]bytes.Buffer
	for i := range files {
		if err := XLSX(&files[i], counted(t, 9, 7, 11)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("the same Result gives different files")
	}
}

func BenchmarkXLSX72(b *testing.B) {
	r := counted(b, 72, 40, 60)
	for b.Loop() {
		if err := XLSX(new(bytes.Buffer), r); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOverallGradeInExports: it stands in a column that says whose it is, and only where there is any.
func TestOverallGradeInExports(t *testing.T) {
	r := counted(t, 3, 8, 8)
	var b bytes.Buffer
	if err := CSV(&b, r); err != nil || strings.Contains(b.String(), "综合评价等次") {
		t.Errorf("without any: %v", err)
	}
	r.Conclude([]ballot.Conclusion{{Subject: 2, OverallGrade: "较好"}}, 0)
	b.Reset()
	if err := CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), []byte("\uFEFF"))))
	in.FieldsPerRecord = -1
	lines, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(lines[0], "综合评价等次（工委评定，不由得票计算）")
	if at < 0 || lines[2][at] != "较好" || lines[1][at] != "" {
		t.Errorf("column %d of %q", at, lines[:3])
	}
}

// TestCheckpointInWorkbook: a certified result's workbook has the checkpoint as a code, as text and as a picture.
func TestCheckpointInWorkbook(t *testing.T) {
	r := counted(t, 3, 8, 8)
	if f := xlsx(t, r); slices.Contains(f.GetSheetList(), "存证") {
		t.Error("a sheet without a checkpoint")
	}
	r.Checkpoint = &tally.Checkpoint{Size: 7, Code: "7-AAAA-BBBB-CCCC-DDDD", Note: "pingyi-1\n7\nroot\n\n— pingyi-1 signature\n"}
	f := xlsx(t, r)
	text := grid(t, f, "存证")
	pictures, err := f.GetPictures("存证", "B9")
	if err != nil || len(pictures) != 1 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	if !strings.Contains(text, r.Checkpoint.Code) || !strings.Contains(text, "— pingyi-1 signature") {
		t.Errorf("the sheet says %s", text)
	}
	p, err := png.Decode(bytes.NewReader(pictures[0].File))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(p)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil); err != nil || read.GetText() != r.Checkpoint.Note {
		t.Errorf("the picture reads %v, %v", read, err)
	}
}

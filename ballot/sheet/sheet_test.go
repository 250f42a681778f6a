package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"pingyi/ballot"
)

const rosterCSV = `序号,姓名,单位（党组织）,职务,述职方式,代述职人,类别,备注
1,王建国,地区公安局机关党委,书记,现场述职,李代,B,
2,张　明,地区信访局党支部,书记,书面,,B,新任
`

var rosterWant = []ballot.Subject{
	{No: 1, Name: "王建国", Org: "地区公安局机关党委", Post: "书记", Mode: ballot.Oral, Delegate: "李代"},
	{No: 2, Name: "张明", Org: "地区信访局党支部", Post: "书记", Mode: ballot.Written, Note: "新任"},
}

// workbook makes an XLSX of sheets, each a table of cells; a number is written as one.
func workbook(t testing.TB, sheets ...[][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, rows := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", r+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func encoded(t testing.TB, e interface {
	String(string) (string, error)
}, s string) []byte {
	t.Helper()
	out, err := e.String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func TestReadRosterInEveryDress(t *testing.T) {
	cells := [][]any{
		{"2026年度述职评议名册"},
		{},
		{" 姓 名", "序号", "党组织名称", "述职形式", "代述职人", "备注", "电话"},
		{"王建国", 1, "地区公安局机关党委", "现场", "李代", nil, "0991"},
		{},
		{"张　明 ", 2.0, "地区信访局\n党支部", "written", nil, "新任"},
	}
	noPost := []ballot.Subject{rosterWant[0], rosterWant[1]}
	noPost[0].Post, noPost[1].Post = "", ""
	tsv := strings.ReplaceAll(rosterCSV, ",", "\t")
	for name, c := range map[string]struct {
		data []byte
		want []ballot.Subject
	}{
		"csv":                  {[]byte(rosterCSV), rosterWant},
		"csv with a mark":      {[]byte("\uFEFF" + rosterCSV), rosterWant},
		"csv of Windows":       {[]byte(strings.ReplaceAll(rosterCSV, "\n", "\r\n")), rosterWant},
		"gb18030":              {encoded(t, simplifiedchinese.GB18030.NewEncoder(), rosterCSV), rosterWant},
		"utf-16":               {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), tsv), rosterWant},
		"semicolons":           {[]byte(strings.ReplaceAll(rosterCSV, ",", ";")), rosterWant},
		"pasted":               {[]byte(tsv), rosterWant},
		"titles and blanks":    {[]byte("名册,,\n\n,,\n" + strings.Replace(rosterCSV, "\n2,", "\n,,,,\n\n2,", 1)), rosterWant},
		"quoted":               {[]byte(strings.Replace(rosterCSV, "地区信访局党支部", "\"地区信访局\n党支部\"", 1)), rosterWant},
		"full-width numbers":   {[]byte(strings.Replace(rosterCSV, "\n1,", "\n１,", 1)), rosterWant},
		"narrow brackets":      {[]byte(strings.Replace(rosterCSV, "（党组织）", " (党组织)", 1)), rosterWant},
		"xlsx":                 {workbook(t, cells), noPost},
		"xlsx, a second sheet": {workbook(t, [][]any{{"填表说明"}}, cells), noPost},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadRoster("名册", c.data)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, c.want)
			}
		})
	}
}

// A formula gives the value saved with it, and is never evaluated.
func TestFormulasAreNotEvaluated(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for cell, v := range map[string]any{"A1": "序号", "B1": "姓名", "C1": "单位", "D1": "述职方式", "A2": 7, "B2": "王建国", "C2": "地区科技局", "D2": "书面"} {
		if err := book.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	// The value 7 stays beside a formula that would give 2.
	data := rewrite(t, out.Bytes(), func(name, content string) string {
		return strings.Replace(content, "<v>7</v>", "<f>1+1</f><v>7</v>", 1)
	})
	got, err := ReadRoster("", data)
	if err != nil || len(got) != 1 || got[0].No != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// rewrite changes the parts of a workbook.
func rewrite(t testing.TB, data []byte, change func(name, content string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(change(part.Name, content.String()))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadRosterRefuses(t *testing.T) {
	const head = "序号,姓名,单位,述职方式\n"
	for name, c := range map[string]struct {
		data string
		code ballot.Code
		says []string // each error in Chinese, or what they must say
	}{
		"empty file":        {"", ballot.CodeRoster, []string{"“名册.csv”文件是空的"}},
		"no line":           {head, ballot.CodeRoster, []string{"名册里没有述职人"}},
		"duplicate numbers": {head + "1,甲,某局,书面\n1,乙,某局,书面\n", ballot.CodeRoster, []string{"第 3 行：序号 1 与“甲”重复"}},
		"missing names":     {head + "1,,某局,书面\n\n2,  ,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：缺姓名", "第 4 行：缺姓名"}},
		"missing organisation": {head + "1,甲,,书面\n", ballot.CodeRoster,
			[]string{"第 2 行：“甲”缺单位（党组织）"}},
		"several faults by row": {head + "x,甲,某局,书面\n2,,某局,书面\n3,丙,某局,远程\n3,丁,某局,书面\n", ballot.CodeRoster,
			[]string{"第 2 行：序号“x”不是整数", "第 3 行：缺姓名", "第 4 行：“丙”的述职方式“远程”应为 现场述职 或 书面述职", "第 5 行：序号 3 与“丙”重复"}},
		"wrong columns": {"名次,姓名,电话\n1,甲,2\n", ballot.CodeRoster,
			[]string{"第 1 行：“名册.csv”缺少列：序号、单位（党组织）、述职方式；现有的列：名次、姓名、电话"}},
		"a column twice": {"序号,姓名,单位,党组织,述职方式\n", ballot.CodeRoster,
			[]string{"第 1 行：“名册.csv”“单位”和“党组织”都可作“单位（党组织）”列，请只留一列"}},
		"half a number":   {head + "1.5,甲,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：序号“1.5”不是整数"}},
		"no number":       {head + "NaN,甲,某局,书面\n1e99,甲,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：序号“NaN”不是整数", "第 3 行：序号“1e99”不是整数"}},
		"number of zero":  {head + "0,甲,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：序号 0 须为 1–32767"}},
		"open quotation":  {head + "1,甲,\"某局,书面\n2,乙,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：“名册.csv”引号不成对"}},
		"turned writing":  {head + "1,甲\u202E乙,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：“甲\u202E乙”含有不可见的字符 U+202E，请删去"}},
		"a control":       {head + "1,甲\x07,某局,书面\n", ballot.CodeRoster, []string{"第 2 行：“甲\x07”含有不可见的字符 U+0007，请删去"}},
		"neither coding":  {head + "1,\xff\xff,某局,书面\n", ballot.CodeRoster, []string{"“名册.csv”文字编码既不是 UTF-8 也不是 GB18030"}},
		"a picture":       {"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", ballot.CodeRoster, []string{"“名册.csv”文字编码既不是 UTF-8 也不是 GB18030"}},
		"prose":           {"这不是表格", ballot.CodeRoster, []string{"“名册.csv”不是表格：没有用逗号或制表符分开的列"}},
		"an old workbook": {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ballot.CodeRoster, []string{"“名册.csv”是旧版 .xls 或加了密码的文件；请去掉密码，另存为 .xlsx"}},
		"half a workbook": {"PK\x03\x04abc", ballot.CodeRoster, []string{"“名册.csv”不能作为 .xlsx 打开，或解压后超过 64 MB"}},
		"a long name":     {head + "1," + strings.Repeat("甲", 61) + ",某局,书面\n", ballot.CodeRoster, []string{"第 2 行：“" + strings.Repeat("甲", 20) + "…”过长（61 字，最多 60 字）"}},
		"17 MB":           {head + strings.Repeat("x", 17<<20), ballot.CodeTooLarge, []string{"“名册.csv”文件超过 16 MB"}},
		"a cell too long": {head + "1," + strings.Repeat("甲", 2000) + ",某局,书面\n", ballot.CodeTooLarge, []string{"第 2 行：“名册.csv”第 2 列的文字过长"}},
		"2,000 columns":   {head + strings.Repeat(",", 1999), ballot.CodeTooLarge, []string{"第 2 行：“名册.csv”有 2000 列，最多 1024 列"}},
		"20,001 lines":    {head + strings.Repeat("1,甲,某局,书面\n", 20001), ballot.CodeTooLarge, []string{"“名册.csv”超过 20000 行"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadRoster("名册.csv", []byte(c.data))
			if got != nil || ballot.CodeOf(err) != c.code {
				t.Fatalf("%d subjects, error %v; want code %s", len(got), err, c.code)
			}
			var said []string
			for _, e := range ballot.Errors(err) {
				said = append(said, e.Chinese)
			}
			if fmt.Sprint(said) != fmt.Sprint(c.says) {
				t.Errorf("said %q\nwant %q", said, c.says)
			}
		})
	}
}

func TestTwoSheetsAreOneTooMany(t *testing.T) {
	cells := [][]any{{"序号", "姓名", "单位", "述职方式"}, {1, "甲", "某局", "书面"}}
	if _, err := ReadRoster("a.xlsx", workbook(t, cells, cells)); err == nil || !strings.Contains(err.Error(), "2 sheets") {
		t.Errorf("two rosters in one workbook: %v", err)
	}
}

// 5,000 subjects are a roster, 5,001 are not.
func TestLargeRosters(t *testing.T) {
	for n, ok := range map[int]bool{5000: true, 5001: false} {
		rows := [][]any{{"序号", "姓名", "单位", "述职方式"}}
		csv := bytes.NewBufferString("序号,姓名,单位,述职方式\n")
		for i := 1; i <= n; i++ {
			rows = append(rows, []any{i, "张明", "某局党支部", "书面"})
			fmt.Fprintf(csv, "%d,张明,某局党支部,书面\n", i)
		}
		for _, data := range [][]byte{workbook(t, rows), csv.Bytes()} {
			got, err := ReadRoster("r", data)
			if ok && (err != nil || len(got) != n) || !ok && (ballot.CodeOf(err) != ballot.CodeRoster || !strings.Contains(err.Error(), "5001 subjects, at most 5000")) {
				t.Errorf("%d subjects: %d, %v", n, len(got), err)
			}
		}
	}
}

// A few kilobytes that unpack to more than the limit are refused before they are unpacked.
func TestZipBomb(t *testing.T) {
	bomb := rewrite(t, workbook(t, [][]any{{"序号"}}), func(name, content string) string {
		if strings.HasPrefix(name, "xl/worksheets/") {
			return strings.Repeat(" ", maxUnzipBytes+1)
		}
		return content
	})
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	if _, err := ReadRoster("bomb.xlsx", bomb); ballot.CodeOf(err) != ballot.CodeRoster || !strings.Contains(err.Error(), "unpacked") {
		t.Errorf("bomb: %v", err)
	}
}

// Characters above U+FFFF are names like any other here; printing looks for their glyphs.
func TestRareCharacters(t *testing.T) {
	got, err := ReadRoster("", []byte("序号,姓名,单位,述职方式\n1,𠮷田𬱖,某局,书面\n"))
	if err != nil || got[0].Name != "𠮷田𬱖" {
		t.Errorf("got %+v, %v", got, err)
	}
	gb := encoded(t, simplifiedchinese.GB18030.NewEncoder(), "序号,姓名,单位,述职方式\n1,𠮷田𬱖,某局,书面\n")
	if got, err := ReadRoster("", gb); err != nil || got[0].Name != "𠮷田𬱖" {
		t.Errorf("gb18030: %+v, %v", got, err)
	}
}

func TestReadRoll(t *testing.T) {
	got, err := ReadRoll("r.csv", []byte("签到名册,,,\n序号,姓名,单位,人员类别,会场\n1,王 建国,工委,工委委员,主会场\n\n2,李四,某局,党务工作者,\n"))
	want := []ballot.RollEntry{{Row: 3, Name: "王建国", Org: "工委", Category: "工委委员", Venue: "主会场"}, {Row: 5, Name: "李四", Org: "某局", Category: "党务工作者"}}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	for name, c := range map[string]struct{ data, says string }{
		"nobody":         {"姓名,单位,类别\n", "没有人员"},
		"wrong columns":  {"姓名,电话,单位\n甲,1,某局\n", "缺少列：类别；现有的列：姓名、电话、单位"},
		"empty category": {"姓名,单位,类别\n甲,某局,\n", "第 2 行：缺类别"},
		"empty name":     {"姓名,单位,类别\n甲,某局,B\n,某局,B\n", "第 3 行：缺姓名"},
	} {
		if got, err := ReadRoll("r.csv", []byte(c.data)); got != nil || ballot.CodeOf(err) != ballot.CodeRoll || !strings.Contains(ballot.Errors(err)[0].Chinese, c.says) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// An unknown category is found by the meeting, which names the file's row.
func TestRollWithUnknownCategory(t *testing.T) {
	m := ballot.Meeting{Venues: []ballot.Venue{{Code: "1", Name: "主会场"}}, Excluded: ballot.DefaultExcluded(),
		Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员"}}}
	entries, err := ReadRoll("", []byte("姓名,单位,类别\n甲,工委,工委委员\n\n乙,某局,群众\n丙,某局,党务工作者\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.ApplyRoll(entries)
	if got := ballot.Errors(err); len(got) != 1 || got[0].Row != 4 || !strings.Contains(got[0].Chinese, "“群众”") {
		t.Errorf("got %v", err)
	}
}

func TestTemplatesAreReadBack(t *testing.T) {
	data, err := TemplateXLSX()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadRoster("t.xlsx", data); err != nil || len(got) != 1 || got[0].Mode != ballot.Oral {
		t.Errorf("roster: %+v, %v", got, err)
	}
	data, err = RollTemplateXLSX([]string{"工委委员", "党务工作者"}, []string{"主会场"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRoll("t.xlsx", data); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("roll: %v", err)
	}
}

func FuzzReadRoster(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadRoster("f", data)
		if (err == nil) == (got == nil) {
			t.Fatalf("%d subjects and error %v", len(got), err)
		}
		if err == nil {
			if err := ballot.ValidateRoster(got, func(int) int { return 0 }); err != nil {
				t.Fatalf("an invalid roster was accepted: %v", err)
			}
		} else if ballot.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}

func FuzzReadRoll(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadRoll("f", data)
		if (err == nil) == (got == nil) {
			t.Fatalf("%d entries and error %v", len(got), err)
		}
		for _, e := range got {
			if e.Name == "" || e.Category == "" || e.Row < 1 {
				t.Fatalf("accepted %+v", e)
			}
		}
		if err != nil && ballot.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}

func seed(f *testing.F) {
	f.Add([]byte(rosterCSV))
	f.Add([]byte("姓名\t单位\t类别\n甲\t某局\tB\n"))
	f.Add(encoded(f, simplifiedchinese.GB18030.NewEncoder(), rosterCSV))
	f.Add(workbook(f, [][]any{{"序号", "姓名", "单位", "述职方式", "类别"}, {1, "甲", "某局", "书面", "B"}}))
}

func BenchmarkReadRoster(b *testing.B) {
	rows := [][]any{{"序号", "姓名", "单位", "述职方式"}}
	for i := 1; i <= 5000; i++ {
		rows = append(rows, []any{i, "张明", "某局党支部", "书面"})
	}
	data := workbook(b, rows)
	for b.Loop() {
		if _, err := ReadRoster("", data); err != nil {
			b.Fatal(err)
		}
	}
}

// A draft has every line, also those at fault, so that they can be mended in place.
func TestDraftRosterKeepsLinesAtFault(t *testing.T) {
	data := "名册,,,\n序号,姓名,单位,述职方式\nx,甲,某局,书面\n\n2,,某局,远程\n3,丙,某局,书面\n"
	subjects, rows, err := DraftRoster("", []byte(data))
	if fmt.Sprint(rows) != "[3 5 6]" || len(subjects) != 3 || subjects[0].Name != "甲" || subjects[1].Mode != "远程" || subjects[2].No != 3 {
		t.Fatalf("subjects %+v, rows %v", subjects, rows)
	}
	var got []string
	for _, e := range ballot.Errors(err) {
		got = append(got, fmt.Sprint(e.Row, " ", e.Location))
	}
	if want := "[3 [0].no 5 [1].name 5 [1].mode]"; fmt.Sprint(got) != want {
		t.Errorf("faults %v, want %s", got, want)
	}
	if subjects, rows, err := DraftRoster("", []byte("a,b,c\n")); subjects != nil || rows != nil || err == nil {
		t.Errorf("no roster: %v %v %v", subjects, rows, err)
	}
}

// A workbook's list holds 255 characters: a meeting with more has a template without the list.
func TestTemplateOfManyVenues(t *testing.T) {
	var venues []string
	for i := range 20 {
		venues = append(venues, fmt.Sprintf("第 %d 分会场（某县某局三楼会议室）", i+1))
	}
	if _, err := RollTemplateXLSX([]string{"工委委员"}, venues); err != nil {
		t.Error(err)
	}
}

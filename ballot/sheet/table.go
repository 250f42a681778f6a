package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits for files from outside. 5,000 subjects take about 0.5 MB as CSV and 0.3 MB as XLSX; the rest is
// room for other people's formatting.
const (
	maxFileBytes  = 16 << 20
	maxUnzipBytes = 64 << 20 // of all parts of a workbook together
	maxRows       = 20000    // with something in them
	maxColumns    = 64       // columns to the right of these are not looked at
	maxWidth      = 1024     // columns that a row may have at all
	maxCellBytes  = 4096     // the longest field of a roster has 60 characters
	maxSheets     = 32
)

// line is one row of a table; row is its number in the file, from 1.
type line struct {
	row   int
	cells []string
}

// cell is the cleaned text of a column, "" where there is none.
func (l line) cell(column int) string {
	if column < 0 || column >= len(l.cells) {
		return ""
	}
	return l.cells[column]
}

func (l line) empty() bool {
	for _, c := range l.cells {
		if c != "" {
			return false
		}
	}
	return true
}

// tables reads the file's tables without empty lines: one a visible sheet of a workbook, or the
// one that a text is.
func (f file) tables() ([][]line, error) {
	switch {
	case len(f.data) == 0:
		return nil, f.fail("文件是空的", "the file is empty")
	case len(f.data) > maxFileBytes:
		return nil, f.tooLarge("文件超过 %d MB", "the file is over %d MB", maxFileBytes>>20)
	case bytes.HasPrefix(f.data, []byte("PK\x03\x04")):
		return f.workbook()
	case bytes.HasPrefix(f.data, []byte("\xD0\xCF\x11\xE0")):
		return nil, f.fail("是旧版 .xls 或加了密码的文件；请去掉密码，另存为 .xlsx", "an old .xls or a workbook with a password: remove the password and save it as .xlsx")
	}
	return f.text()
}

// text reads CSV and what is pasted from a spreadsheet.
func (f file) text() ([][]line, error) {
	text, err := decode(f.data)
	if err != nil {
		return nil, f.fail("文字编码既不是 UTF-8 也不是 GB18030", "the text is neither UTF-8 nor GB18030")
	}
	for _, separator := range []rune{'\t', ',', ';'} {
		if !separates(text, separator) {
			continue
		}
		lines, err := f.split(text, separator)
		if err != nil {
			return nil, err
		}
		return [][]line{lines}, nil
	}
	return nil, f.fail("不是表格：没有用逗号或制表符分开的列", "it is no table: there are no columns separated by commas or tabs")
}

// separates tells whether one of the first lines has three columns by a separator: no table has fewer.
func separates(text string, separator rune) bool {
	for i, l := range strings.SplitN(text, "\n", headerDepth+1) {
		if i < headerDepth && strings.Count(l, string(separator)) >= 2 {
			return true
		}
	}
	return false
}

var errEncoding = errors.New("unknown text encoding")

// decode turns bytes into UTF-8: a byte-order mark decides, then whatever is valid UTF-8 is UTF-8, and
// the rest must be GB18030, which Chinese spreadsheets write.
func decode(data []byte) (string, error) {
	var fallback encoding.Encoding = encoding.Nop
	if !utf8.Valid(data) {
		fallback = simplifiedchinese.GB18030
	}
	text, _, err := transform.Bytes(unicode.BOMOverride(fallback.NewDecoder()), data)
	if err != nil || !utf8.Valid(text) || bytes.ContainsRune(text, utf8.RuneError) || bytes.IndexByte(text, 0) >= 0 {
		return "", errEncoding
	}
	return string(text), nil
}

func (f file) split(text string, separator rune) ([]line, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	var out []line
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, f.fail("引号不成对", "a quotation mark is not closed or stands inside a cell").AtRow(broken.StartLine)
		}
		row, _ := r.FieldPos(0)
		if out, err = f.appendLine(out, row, record); err != nil {
			return nil, err
		}
	}
}

// workbook reads the visible sheets. A formula gives the value that was saved with it and is never
// evaluated. Nothing is unpacked to disk: a roll's names must not be left there.
func (f file) workbook() (out [][]line, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			out, err = nil, f.fail("工作簿已损坏", "the workbook is damaged")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(f.data), excelize.Options{
		UnzipSizeLimit: maxUnzipBytes, UnzipXMLSizeLimit: maxUnzipBytes, RawCellValue: true})
	if err != nil {
		return nil, f.fail("不能作为 .xlsx 打开，或解压后超过 %d MB", "it cannot be opened as .xlsx, or is over %d MB unpacked", maxUnzipBytes>>20)
	}
	defer book.Close()
	names := book.GetSheetList()
	if len(names) > maxSheets {
		return nil, f.tooLarge("工作表超过 %d 个", "there are more than %d sheets", maxSheets)
	}
	for _, name := range names {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		lines, err := f.worksheet(book, name)
		if err != nil {
			return nil, err
		}
		out = append(out, lines)
	}
	return out, nil
}

func (f file) worksheet(book *excelize.File, name string) ([]line, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, nil // a chart sheet holds no rows
	}
	var out []line
	for row := 1; rows.Next(); row++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, f.fail("工作表“%s”第 %d 行读不出来", "sheet %q row %d cannot be read", name, row)
		}
		if out, err = f.appendLine(out, row, cells); err != nil {
			return nil, err
		}
	}
	if err := rows.Close(); err != nil {
		return nil, f.fail("工作表“%s”读不完整", "sheet %q cannot be read to its end", name)
	}
	return out, nil
}

// appendLine cleans a row's cells and keeps it where it is not empty.
func (f file) appendLine(out []line, row int, cells []string) ([]line, error) {
	if len(cells) > maxWidth {
		return nil, f.tooLarge("有 %d 列，最多 %d 列", "there are %d columns, at most %d are allowed", len(cells), maxWidth).AtRow(row)
	}
	l := line{row: row, cells: make([]string, min(len(cells), maxColumns))}
	for i := range l.cells {
		if len(cells[i]) > maxCellBytes {
			return nil, f.tooLarge("第 %d 列的文字过长", "the text in column %d is too long", i+1).AtRow(row)
		}
		l.cells[i] = clean(cells[i])
	}
	if l.empty() {
		return out, nil
	}
	if len(out) == maxRows {
		return nil, f.tooLarge("超过 %d 行", "there are more than %d rows", maxRows)
	}
	return append(out, l), nil
}

// Package sheet reads rosters and rolls from spreadsheets and pasted tables: XLSX, CSV and text separated
// by tabs, in UTF-8, UTF-16 with a byte-order mark, or GB18030. Columns may stand in any order, titles may
// stand above them, and empty rows count for nothing. A file is taken whole or refused with all its
// faults, each naming its row.
//
// A roll's errors quote names, as the person who uploaded it needs them: show them, never log them.
package sheet

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"pingyi/ballot"
)

// field is something that a column holds.
type field struct {
	title    string   // as in templates and errors
	required bool     // the column must be there
	also     []string // other titles, in the spelling of heading
}

// The columns of a roster and of a roll. A roster's 类别 is not read: who votes is the roll's business.
var (
	number   = field{"序号", true, []string{"编号", "号", "no", "no."}}
	name     = field{"姓名", true, []string{"名字", "述职人", "述职人姓名", "测评对象", "党组织书记", "书记", "书记姓名", "name"}}
	org      = field{"单位（党组织）", true, []string{"单位", "单位名称", "所在单位", "工作单位", "党组织", "党组织名称", "所在党组织", "单位及党组织", "单位/党组织", "org"}}
	post     = field{"职务", false, []string{"党内职务", "职务名称", "现任职务", "post"}}
	mode     = field{"述职方式", true, []string{"述职形式", "方式", "mode"}}
	delegate = field{"代述职人", false, []string{"代为述职人", "代述人", "代述职", "delegate"}}
	note     = field{"备注", false, []string{"说明", "note"}}
	category = field{"类别", true, []string{"人员类别", "身份", "身份类别", "票种", "category"}}
	venue    = field{"会场", false, []string{"会场名称", "所在会场", "参会会场", "venue"}}

	rosterFields = []field{number, name, org, post, mode, delegate, note}
	rollFields   = []field{name, org, category, venue}
)

// ReadRoster reads subjects. name is the file's, for messages; what the file is shows from its bytes.
// Errors have ballot.CodeRoster, or ballot.CodeTooLarge.
func ReadRoster(name string, data []byte) ([]ballot.Subject, error) {
	subjects, _, err := DraftRoster(name, data)
	if err != nil {
		return nil, err
	}
	return subjects, nil
}

// DraftRoster gives a roster's lines also where they are at fault, so that a person can mend them in place:
// rows are their rows in the file, and faults are located as [i].name. Nothing is given where the file is no
// roster at all. A number that is none is 0, a report mode that is none is given as it stands.
func DraftRoster(name string, data []byte) (subjects []ballot.Subject, rows []int, err error) {
	f := file{name, data, ballot.CodeRoster}
	t, err := f.table(rosterFields)
	if err != nil {
		return nil, nil, err
	}
	var faults []error
	unread := map[string]bool{} // locations whose value could not be read, so that no more is said of them
	for i, l := range t.lines {
		s, err := t.subject(f, l)
		faults = append(faults, ballot.Within(fmt.Sprintf("[%d]", i), err))
		for _, e := range ballot.Errors(err) {
			unread[fmt.Sprintf("[%d].%s", i, e.Location)] = true
		}
		subjects, rows = append(subjects, s), append(rows, l.row)
	}
	for _, e := range ballot.Errors(ballot.ValidateRoster(subjects, func(i int) int { return rows[i] })) {
		if !unread[e.Location] {
			faults = append(faults, e)
		}
	}
	return subjects, rows, byRow(faults)
}

// ReadRoll reads the people of a sign-in roll. Errors have ballot.CodeRoll, or ballot.CodeTooLarge.
func ReadRoll(name string, data []byte) ([]ballot.RollEntry, error) {
	f := file{name, data, ballot.CodeRoll}
	t, err := f.table(rollFields)
	if err != nil {
		return nil, err
	}
	if len(t.lines) == 0 {
		return nil, f.fail("没有人员", "nobody is in it")
	}
	var out []ballot.RollEntry
	var faults []error
	for _, l := range t.lines {
		e, err := t.person(f, l)
		faults = append(faults, err)
		out = append(out, e)
	}
	if err := byRow(faults); err != nil {
		return nil, err
	}
	return out, nil
}

// file is the bytes with what messages about them need.
type file struct {
	name string
	data []byte
	code ballot.Code
}

func (f file) fail(zh, en string, args ...any) *ballot.Error {
	return f.about(ballot.Errorf(f.code, zh, en, args...))
}

func (f file) tooLarge(zh, en string, args ...any) *ballot.Error {
	return f.about(ballot.Errorf(ballot.CodeTooLarge, zh, en, args...))
}

func (f file) about(e *ballot.Error) *ballot.Error {
	if f.name != "" {
		e.Chinese, e.English = "“"+f.name+"”"+e.Chinese, f.name+": "+e.English
	}
	return e
}

// table is the lines below a header, and where each field stands.
type table struct {
	column map[string]int // by the field's title
	lines  []line
}

func (t table) get(l line, f field) string {
	column, ok := t.column[f.title]
	if !ok {
		return ""
	}
	return l.cell(column)
}

// headerDepth is how many rows may stand above the header.
const headerDepth = 20

// table finds the one table of the file whose header has all required columns.
func (f file) table(fields []field) (table, error) {
	tables, err := f.tables()
	if err != nil {
		return table{}, err
	}
	var found []table
	var nearest error // about the row that most resembles a header
	closest := -1
	for _, lines := range tables {
		for i, l := range lines[:min(len(lines), headerDepth)] {
			column, known, err := f.header(l, fields)
			if err == nil {
				found = append(found, table{column, lines[i+1:]})
				break
			}
			if known > closest {
				closest, nearest = known, err
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return table{}, f.fail("有 %d 张工作表都像名册，请只留一张", "%d sheets all look like it: keep one", len(found))
	case nearest == nil:
		return table{}, f.fail("没有内容", "there is nothing in it")
	}
	return table{}, nearest
}

// header finds the fields in a row of titles; known is how many it found. The error says which columns
// are missing, which stand twice and which were found.
func (f file) header(l line, fields []field) (column map[string]int, known int, err error) {
	column = map[string]int{}
	var titles, missing []string
	var twice error
	for i, title := range l.cells {
		if title == "" {
			continue
		}
		titles = append(titles, title)
		at := slices.IndexFunc(fields, func(f field) bool { return f.called(title) })
		if at < 0 {
			continue
		}
		if other, taken := column[fields[at].title]; taken {
			twice = f.fail("“%[1]s”和“%[2]s”都可作“%[3]s”列，请只留一列", "columns %[1]q and %[2]q can both be %[3]q: keep one",
				l.cells[other], title, fields[at].title).AtRow(l.row)
			continue
		}
		column[fields[at].title] = i
	}
	for _, want := range fields {
		if _, ok := column[want.title]; want.required && !ok {
			missing = append(missing, want.title)
		}
	}
	if len(missing) > 0 {
		return nil, len(column), f.fail("缺少列：%[1]s；现有的列：%[2]s", "missing columns: %[1]s; columns found: %[2]s",
			strings.Join(missing, "、"), shorten(strings.Join(titles, "、"))).AtRow(l.row)
	}
	return column, len(column), twice
}

// called tells whether a title names the field.
func (f field) called(title string) bool {
	h := heading(title)
	return h == heading(f.title) || slices.Contains(f.also, h)
}

// heading is a title without blanks and in narrow lower case: “单位 (党组织)” is “单位（党组织）”.
func heading(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.ToLower(width.Narrow.String(s))
}

// subject reads one line; faults other than the number's are found by ballot.ValidateRoster.
func (t table) subject(f file, l line) (ballot.Subject, error) {
	var err error
	no, ok := integer(t.get(l, number))
	if !ok {
		err = ballot.Errorf(f.code, "序号“%s”不是整数", "number %q is not a whole number", shorten(t.get(l, number))).AtRow(l.row).In("no")
	}
	s := ballot.Subject{No: no, Name: t.get(l, name), Org: t.get(l, org), Post: t.get(l, post),
		Mode: reportMode(t.get(l, mode)), Delegate: t.get(l, delegate), Note: t.get(l, note)}
	return s, errors.Join(err, printable(f, l, s.Name, s.Org, s.Post, s.Delegate, s.Note))
}

// person reads one line of a roll.
func (t table) person(f file, l line) (ballot.RollEntry, error) {
	e := ballot.RollEntry{Row: l.row, Name: t.get(l, name), Org: t.get(l, org), Category: t.get(l, category), Venue: t.get(l, venue)}
	var faults []error
	for _, must := range []struct {
		field
		value string
	}{{name, e.Name}, {category, e.Category}} {
		if must.value == "" {
			faults = append(faults, ballot.Errorf(f.code, "缺%s", "column %s is empty", must.title).AtRow(l.row))
		}
	}
	return e, errors.Join(append(faults, printable(f, l, e.Name, e.Org, e.Category, e.Venue))...)
}

// printable refuses characters that no paper shows, such as those that turn the direction of writing:
// two names that look alike would not be.
func printable(f file, l line, values ...string) error {
	for _, v := range values {
		for _, r := range v {
			if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
				return ballot.Errorf(f.code, "“%[1]s”含有不可见的字符 %[2]U，请删去", "%[1]q holds the invisible character %[2]U: delete it", shorten(v), r).AtRow(l.row)
			}
		}
	}
	return nil
}

// integer reads 7, 07, ７ and the 7.0 that some spreadsheets write.
func integer(s string) (int, bool) {
	v, err := strconv.ParseFloat(width.Narrow.String(s), 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
		return 0, false
	}
	return int(v), true
}

// reportMode reads the usual words; others stay as they are, for the error that quotes them.
func reportMode(s string) ballot.ReportMode {
	switch heading(s) {
	case "现场", "现场述职", "口头", "口头述职", "现场口头述职", "oral":
		return ballot.Oral
	case "书面", "书面述职", "written":
		return ballot.Written
	}
	return ballot.ReportMode(s)
}

// clean trims a cell, drops marks that copying leaves behind, joins lines, and closes up Chinese
// characters set apart (张　明), so that a name has one spelling.
func clean(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' })
	var b strings.Builder
	last := ' '
	for _, w := range words {
		runes := []rune(w)
		if b.Len() > 0 && !(unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, runes[0])) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		last = runes[len(runes)-1]
	}
	return b.String()
}

// shorten keeps a quotation in a message readable.
func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// byRow joins faults in the order of the file, one beside the other where several name a row.
func byRow(faults []error) error {
	all := ballot.Errors(errors.Join(faults...))
	slices.SortStableFunc(all, func(a, b *ballot.Error) int { return a.Row - b.Row })
	out := make([]error, len(all))
	for i, e := range all {
		out[i] = e
	}
	return errors.Join(out...)
}

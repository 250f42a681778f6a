package sheet

import (
	"bytes"

	"github.com/xuri/excelize/v2"
)

// TemplateXLSX is an empty roster with its columns, a list of the two report modes to choose from and
// an example line to write over.
func TemplateXLSX() ([]byte, error) {
	return template("名册", []column{{number.title, 8, "1"}, {name.title, 14, "张明"}, {org.title, 36, "地区科技局党支部"}, {post.title, 20, "党支部书记"},
		{mode.title, 14, "现场述职"}, {delegate.title, 14, ""}, {note.title, 24, ""}}, map[int][]string{5: {"现场述职", "书面述职"}})
}

// RollTemplateXLSX is an empty sign-in roll with its columns; categories and venues are lists to choose from.
func RollTemplateXLSX(categories, venues []string) ([]byte, error) {
	return template("签到名册", []column{{name.title, 14, ""}, {org.title, 36, ""}, {category.title, 24, ""}, {venue.title, 14, ""}},
		map[int][]string{3: categories, 4: venues})
}

type column struct {
	title   string
	width   float64 // characters
	example string
}

// template makes a sheet of one header; choices are offered in columns, counted from 1.
func template(sheet string, columns []column, choices map[int][]string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	style, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 11},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}})
	if err != nil {
		return nil, err
	}
	for i, c := range columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		for _, err := range []error{book.SetCellStr(sheet, letter+"1", c.title), book.SetCellStr(sheet, letter+"2", c.example),
			book.SetColWidth(sheet, letter, letter, c.width), book.SetCellStyle(sheet, letter+"1", letter+"1", style)} {
			if err != nil {
				return nil, err
			}
		}
		if offered := choices[i+1]; len(offered) > 0 {
			offer := excelize.NewDataValidation(true)
			offer.SetSqref(letter + "2:" + letter + "5001")
			if offer.SetDropList(offered) != nil {
				continue // longer than a workbook's list may be: it is typed then
			}
			if err := book.AddDataValidation(sheet, offer); err != nil {
				return nil, err
			}
		}
	}
	if err := book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = book.Write(&out)
	return out.Bytes(), err
}

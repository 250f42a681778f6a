package report

import (
	"encoding/csv"
	"io"
	"strings"

	"pingyi/tally"
)

// CSV writes one line a subject for all groups together and for each group, then the sums, the ledger,
// the rules and comments, with a byte-order mark so that spreadsheets read it as UTF-8. Text that a spreadsheet
// would take for a formula has an apostrophe before it.
func CSV(w io.Writer, r *tally.Result) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // as spreadsheets write it
	write := func(cells []cell) { _ = out.Write(fields(cells)) }
	blocks := [][][]cell{subjectLines(r), summaryTable(r), distributionTable(r), ledgerTable(r), reasonTable(r), termsTable(r)}
	if len(r.Comments) > 0 {
		blocks = append(blocks, commentTable(r))
	}
	if r.LedgerOnly {
		blocks = [][][]cell{{{text(withheld(r))}}, ledgerTable(r), termsTable(r)}
	}
	for i, block := range append(blocks, [][]cell{{text(r.Meeting.Title)}, {text(headline(r))}}) {
		if i > 0 {
			write([]cell{text("")})
		}
		for _, line := range block {
			write(line)
		}
	}
	out.Flush()
	return out.Error()
}

// subjectLines is one table for all scopes: the scope, the columns that all of them have, and then those
// of the overall table or of a group alone, which are empty in the lines of the other.
func subjectLines(r *tally.Result) [][]cell {
	all, alone := scopes(r), groupScore(r)
	heads := []cell{text("票种")}
	for _, c := range append(all[0].columns, alone...) {
		heads = append(heads, text(c.title()))
	}
	shared := len(all[0].columns) - len(overallFigures(r))
	out := [][]cell{heads}
	for i, s := range all {
		for _, subject := range r.Subjects {
			line := make([]cell, len(heads))
			line[0] = text(s.name)
			cells := s.row(subject)
			copy(line[1:], cells[:shared])
			if i == 0 {
				copy(line[1+shared:], cells[shared:])
			} else {
				copy(line[len(heads)-len(alone):], cells[shared:])
			}
			out = append(out, line)
		}
	}
	return out
}

func fields(cells []cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.text
		if !c.number {
			out[i] = guard(c.text)
		}
	}
	return out
}

// guard keeps a spreadsheet from running text as a formula: = + - @, their full-width forms, which
// spreadsheets in East Asian languages take for the same, tab and line ends, also after blanks.
func guard(s string) string {
	if t := strings.TrimLeft(s, " \u3000"); t != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(t)[0]) {
		return "'" + s
	}
	return s
}

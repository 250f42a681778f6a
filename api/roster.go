package api

import (
	"context"
	"io"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
	"pingyi/tally"
)

// Sheets reads CSV, XLSX and pasted tables, and makes templates of them; what a file is shows from its bytes, its
// name is for messages. Errors name the row.
type Sheets interface {
	// Roster gives the lines also where some are at fault, with their rows in the file; see DraftRoster.
	Roster(name string, data []byte) (subjects []ballot.Subject, rows []int, err error)
	Roll(name string, data []byte) ([]ballot.RollEntry, error)
	RosterTemplate() ([]byte, error)
	// RollTemplate offers categories and venues to choose from.
	RollTemplate(categories, venues []string) ([]byte, error)
}

// DraftRoster is a table of subjects that is not kept: what was read, and what is wrong with it.
type DraftRoster struct {
	Subjects []ballot.Subject `json:"subjects" nullable:"false" doc:"every line, also those at fault; a number that is none is 0"`
	Rows     []int            `json:"rows" nullable:"false" doc:"each subject's row in the file, 1 = the first line"`
	Faults   []ProblemItem    `json:"faults" nullable:"false" doc:"located as subjects[3].name"`
}

func (s *server) registerRoster() {
	read := route("POST", "/meetings/{meeting}/roster/read", "read-roster", "setup",
		"读名册 read a CSV or XLSX file, or a pasted table, and say what is wrong with it; nothing is kept")
	addUpload(s, read, false, s.readRoster)
	add(s, route("POST", "/meetings/{meeting}/roster/order", "order-roster", "setup",
		"按姓氏笔画排序 put subjects in the order of 姓氏笔画 and number them anew; nothing is kept"), s.orderRoster)
	blank := route("GET", "/templates/roster", "roster-template", "setup", "名册模板 an empty roster to fill in, as XLSX")
	add(s, fileAnswer(blank, xlsxKind), s.rosterTemplate)
}

type readRosterInput struct {
	InMeeting
	Multipart
	Language string `header:"Accept-Language"`
}

// rosterLines is what was read of a file; err are faults of single lines.
type rosterLines struct {
	subjects []ballot.Subject
	rows     []int
	err      error
}

// draftRoster fails only where a file is no roster at all.
func (s *server) draftRoster(name string, data []byte) (rosterLines, error) {
	subjects, rows, err := s.Sheets.Roster(name, data)
	if len(subjects) == 0 && err != nil {
		return rosterLines{}, err
	}
	return rosterLines{subjects, rows, err}, nil
}

func (s *server) readRoster(_ context.Context, in *readRosterInput) (*body[DraftRoster], error) {
	lines, err := parsed(&in.Multipart, s.draftRoster)
	if err != nil {
		return nil, err
	}
	out := DraftRoster{Subjects: lines.subjects, Rows: lines.rows, Faults: []ProblemItem{}}
	for _, e := range ballot.Errors(ballot.Within("subjects", lines.err)) {
		out.Faults = append(out.Faults, item(e, english(in.Language)))
	}
	return answer(out, nil)
}

type orderRosterInput struct {
	InMeeting
	Body struct {
		Subjects []Ranked `json:"subjects" nullable:"false" maxItems:"5000"`
		KeepOral bool     `json:"keep_oral,omitempty" doc:"oral reports stay at the head, in the order in which they are given"`
	}
}

// Ranked is what a subject's place depends on: of thousands nothing else is sent to and fro.
type Ranked struct {
	Name string            `json:"name"`
	Mode ballot.ReportMode `json:"mode"`
}

// Ordered is a roster in another order.
type Ordered struct {
	From []int `json:"from" nullable:"false" doc:"where each subject stood, counted from 0"`
}

func (s *server) orderRoster(_ context.Context, in *orderRosterInput) (*body[Ordered], error) {
	given := in.Body.Subjects
	out := Ordered{make([]int, len(given))}
	for i := range out.From {
		out.From[i] = i
	}
	atHead := func(i int) bool { return in.Body.KeepOral && given[i].Mode == ballot.Oral }
	slices.SortStableFunc(out.From, func(a, b int) int {
		switch {
		case atHead(a) && atHead(b):
			return 0
		case atHead(a):
			return -1
		case atHead(b):
			return 1
		}
		return tally.CompareNames(given[a].Name, given[b].Name)
	})
	return answer(out, nil)
}

func (s *server) rosterTemplate(context.Context, *struct{}) (*huma.StreamResponse, error) {
	data, err := s.Sheets.RosterTemplate()
	return workbook(data, "roster-template.xlsx", err)
}

// workbook answers with a finished workbook as a download.
func workbook(data []byte, name string, err error) (*huma.StreamResponse, error) {
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(func(w io.Writer) error { _, err := w.Write(data); return err })
	if err != nil {
		return nil, err
	}
	return doc.send(xlsxKind, name), nil
}

package api

import (
	"context"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
	"pingyi/tally"
)

// ResultStore gives the figures: of a balanced meeting as counted now, of a certified one as certified.
type ResultStore interface {
	Result(ctx context.Context, meeting string) (*tally.Result, error)
}

// Reports writes a result down; what is printed is what the result holds.
type Reports interface {
	Statement(w io.Writer, r *tally.Result) error // 结果报告单, PDF
	XLSX(w io.Writer, r *tally.Result) error      // 计票汇总表
	CSV(w io.Writer, r *tally.Result) error
	CVR(w io.Writer, m ballot.Meeting, votes []ballot.Leaf, day string) error // single ballots, NIST SP 1500-103
	Feedback(w io.Writer, r *tally.Result, subject int) error                 // 反馈单, PDF: of one subject, or of all where it is 0
}

func (s *server) registerResults() {
	const one = "/meetings/{meeting}"
	add(s, route("GET", one+"/results", "results", "results", "结果 the figures, filtered and sorted; the figures themselves never depend on the filter"), s.results)
	add(s, pdfAnswer(route("GET", one+"/statement", "statement", "results", "结果报告单 result statement")), s.statement)
	add(s, fileAnswer(route("GET", one+"/summary", "summary", "results", "计票汇总表 summary as XLSX or CSV"), xlsxKind, csvKind), s.summary)
}

const (
	xlsxKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvKind  = "text/csv; charset=utf-8"
)

type resultsInput struct {
	InMeeting
	Mode  ballot.ReportMode `query:"mode" enum:"oral,written" doc:"only subjects of this report mode"`
	Group string            `query:"group" maxLength:"60" doc:"only this group's table; a group as counted, as A or A+C"`
	Query string            `query:"q" maxLength:"60" doc:"part of a name, organisation, post or delegate, or a number"`
	Sort  string            `query:"sort" enum:"no,name,org,mode,rank,good,score,blank,invalid" doc:"default: the order of the rules"`
	Desc  bool              `query:"desc" doc:"from the largest to the smallest"`
	// A page of the browser that has thousands of lines is not fluid.
	Offset int `query:"offset" minimum:"0" doc:"leave out so many of the subjects that the filter lets through"`
	Limit  int `query:"limit" minimum:"0" doc:"give so many of them at most; 0: all"`
}

// ResultPart is a result with some of its subjects.
type ResultPart struct {
	tally.Result
	Lines int `json:"lines" doc:"subjects that the filter lets through"`
}

// results leaves lines out; it never changes a figure: ranks and summaries are those of all subjects.
func (s *server) results(ctx context.Context, in *resultsInput) (*body[ResultPart], error) {
	whole, err := s.Store.Result(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	lines, err := whole.View(tally.Filter{Mode: in.Mode, Group: in.Group, Query: in.Query, Sort: in.Sort, Desc: in.Desc})
	shown := ResultPart{*whole, len(lines)}
	shown.Subjects = lines[min(in.Offset, len(lines)):]
	if in.Limit > 0 {
		shown.Subjects = shown.Subjects[:min(in.Limit, len(shown.Subjects))]
	}
	return answer(shown, err)
}

type documentInput struct{ InMeeting }

func (s *server) statement(ctx context.Context, in *documentInput) (*huma.StreamResponse, error) {
	return s.document(ctx, in.Meeting, "application/pdf", "statement-%s-v%d.pdf", s.Reports.Statement)
}

type summaryInput struct {
	InMeeting
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

func (s *server) summary(ctx context.Context, in *summaryInput) (*huma.StreamResponse, error) {
	if in.Format == "csv" {
		return s.document(ctx, in.Meeting, csvKind, "summary-%s-v%d.csv", s.Reports.CSV)
	}
	return s.document(ctx, in.Meeting, xlsxKind, "summary-%s-v%d.xlsx", s.Reports.XLSX)
}

func (s *server) document(ctx context.Context, meeting, kind, name string, write func(io.Writer, *tally.Result) error) (*huma.StreamResponse, error) {
	result, err := s.Store.Result(ctx, meeting)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(func(w io.Writer) error { return write(w, result) })
	if err != nil {
		return nil, err
	}
	return doc.send(kind, fmt.Sprintf(name, meeting, result.Meeting.Version)), nil
}

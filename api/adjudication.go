package api

import (
	"context"
	"slices"

	"pingyi/ballot"
)

// AdjudicationStore has the rows that wait for a person and takes decisions. The machine's verdict is
// filled in by the store, from what was read.
type AdjudicationStore interface {
	// Queue leaves out rows that actor has decided already, and asks take before it gives a row: see claims.
	Queue(ctx context.Context, actor, meeting string, limit int, take func(page string, subject, wanted int) bool) (Queue, error)
	// Decide refuses a row that others have settled with ballot.CodeConflict unless correct is set.
	Decide(ctx context.Context, actor, meeting, page string, subject int, d ballot.Decision, correct bool) error
	// Decisions are the rows that people have decided, by page id and subject.
	Decisions(ctx context.Context, meeting string) ([]DecidedRow, error)
	// SetAside says that the leaf of a page is an invalid ballot, or (aside false) takes that back.
	// The latter is refused where another page of the leaf bears writing and is not among also, those that were shown.
	SetAside(ctx context.Context, actor, meeting, page string, aside bool, reason string, also ...string) error
}

// Queue is what waits for the person who asks.
type Queue struct {
	Rows     []QueueRow `json:"rows" nullable:"false"`
	Total    int        `json:"total" doc:"rows of the whole meeting that wait"`
	Decided  int        `json:"decided" doc:"rows of the whole meeting that people have settled"`
	Disputed int        `json:"disputed" doc:"of those that wait, rows about which people differ"`
}

// QueueRow is one unclear row. Decisions of others are in it only where they differ from the person's own:
// people decide independently, also who is asked as another where two differ.
type QueueRow struct {
	Page     string             `json:"page"`
	Group    string             `json:"group"`
	Form     string             `json:"form"`
	FormPage int                `json:"form_page"`
	Subject  int                `json:"subject"`
	Name     string             `json:"name"`
	Org      string             `json:"org"`
	Machine  ballot.Verdict     `json:"machine"`
	Scores   []ballot.MarkScore `json:"scores" nullable:"false"`
	Dispute  bool               `json:"dispute,omitempty" doc:"people differ, and none of their views has more than half of them"`
	Disputed []ballot.Decision  `json:"disputed,omitempty" doc:"the latest of each person, where the person who asks is among those who differ"`
	Layout   *RowLayout         `json:"layout,omitempty" doc:"what stands where on the row's picture"`
}

// RowLayout says where things are on the picture of a row, as shares of its width and height.
type RowLayout struct {
	Top    float64  `json:"top" doc:"above it the picture shows the row before"`
	Bottom float64  `json:"bottom" doc:"and below it the row after"`
	Ratio  float64  `json:"ratio" doc:"width of the picture by its height"`
	Boxes  []RowBox `json:"boxes" nullable:"false"`
}

// RowBox is the cell of a grade.
type RowBox struct {
	Grade  string  `json:"grade"`
	Left   float64 `json:"left"`
	Width  float64 `json:"width"`
	Top    float64 `json:"top"`
	Height float64 `json:"height"`
}

// layouts gives a function that finds the layout of a row of the meeting; nil where its form has no such row,
// and then its picture cannot be had either.
func (s *server) layouts(ctx context.Context, meeting string) (func(form string, page, subject int) *RowLayout, error) {
	forms, err := s.Store.Forms(ctx, meeting)
	return func(form string, page, subject int) *RowLayout {
		paper, row, err := findRow(forms, Page{PageSummary: PageSummary{Form: form, FormPage: page}}, subject)
		if err != nil {
			return nil
		}
		return layOut(paper, row, subject)
	}, err
}

// layOut says where a row's parts are on its picture.
func layOut(paper *ballot.FormPage, row ballot.Rect, subject int) *RowLayout {
	seen := croppedTo(paper, row)
	out := &RowLayout{Top: (row.Y - seen.Y) / seen.H, Bottom: (row.Bottom() - seen.Y) / seen.H, Ratio: seen.W / seen.H, Boxes: []RowBox{}}
	for _, t := range paper.Targets {
		if t.Subject == subject {
			out.Boxes = append(out.Boxes, RowBox{t.Grade, (t.Cell.X - seen.X) / seen.W, t.Cell.W / seen.W, (t.Cell.Y - seen.Y) / seen.H, t.Cell.H / seen.H})
		}
	}
	return out
}

// DecidedRow is a row that people have decided: what the machine made of it, who made what of it and why, and
// what counts. What others decided is left out while the row waits and nobody differs.
type DecidedRow struct {
	Page      string            `json:"page"`
	Group     string            `json:"group"`
	Form      string            `json:"form"`
	FormPage  int               `json:"form_page"`
	Subject   int               `json:"subject"`
	Name      string            `json:"name"`
	Org       string            `json:"org"`
	Machine   ballot.Verdict    `json:"machine"`
	Decisions []ballot.Decision `json:"decisions" nullable:"false" doc:"as they were made, by person"`
	Verdict   *ballot.Verdict   `json:"verdict,omitempty" doc:"what counts; absent while the row waits"`
	Disputed  bool              `json:"disputed,omitempty"`
	Layout    *RowLayout        `json:"layout,omitempty" doc:"what stands where on the row's picture"`
}

// DecidedList is a part of the decided rows.
type DecidedList struct {
	Rows  []DecidedRow `json:"rows" nullable:"false"`
	Total int          `json:"total"`
}

func (s *server) registerAdjudication() {
	add(s, route("GET", "/meetings/{meeting}/adjudication", "adjudication-queue", "adjudication", "待复核 rows that wait for the person who asks"), s.adjudicationQueue)
	add(s, route("GET", "/meetings/{meeting}/decisions", "list-decisions", "adjudication", "已复核 rows that people have decided"), s.listDecisions)
	add(s, route("POST", "/meetings/{meeting}/pages/{page}/rows/{subject}/decisions", "decide", "adjudication", "复核 decide a row"), s.decide)
	add(s, route("POST", "/meetings/{meeting}/pages/{page}/aside", "set-aside", "adjudication", "认定废票 set the whole leaf of a page aside as an invalid ballot, or take that back"), s.setAside)
}

type queueInput struct {
	InMeeting
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func (s *server) adjudicationQueue(ctx context.Context, in *queueInput) (*body[Queue], error) {
	q, err := s.Store.Queue(ctx, actor(ctx), in.Meeting, in.Limit, s.claims.taker(in.Meeting, actor(ctx), s.Now()))
	if err != nil {
		return nil, err
	}
	layout, err := s.layouts(ctx, in.Meeting)
	q.Rows = append([]QueueRow{}, q.Rows...)
	for i, r := range q.Rows {
		q.Rows[i].Layout = layout(r.Form, r.FormPage, r.Subject)
	}
	return answer(q, err)
}

type listDecisionsInput struct {
	InMeeting
	Mine   bool `query:"mine" doc:"only rows that the person who asks has decided"`
	Offset int  `query:"offset" minimum:"0"`
	Limit  int  `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func (s *server) listDecisions(ctx context.Context, in *listDecisionsInput) (*body[DecidedList], error) {
	rows, err := s.Store.Decisions(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	layout, err := s.layouts(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	out := DecidedList{Rows: []DecidedRow{}}
	for _, r := range rows {
		own := slices.DeleteFunc(slices.Clone(r.Decisions), func(d ballot.Decision) bool { return d.By != actor(ctx) })
		if r.Verdict == nil && !(r.Disputed && len(own) > 0) {
			r.Decisions = own
		}
		if len(r.Decisions) == 0 || in.Mine && len(own) == 0 {
			continue
		}
		if out.Total++; out.Total > in.Offset && len(out.Rows) < in.Limit {
			r.Layout = layout(r.Form, r.FormPage, r.Subject)
			out.Rows = append(out.Rows, r)
		}
	}
	return answer(out, nil)
}

type decideInput struct {
	InRow
	Body struct {
		Kind   ballot.VerdictKind `json:"kind" enum:"grade,blank,overvote,invalid" doc:"overvote: several marks, which by the rule overvote=ballot_invalid make the whole ballot invalid; invalid: this row alone is"`
		Grade  string             `json:"grade,omitempty" maxLength:"60"`
		Reason string             `json:"reason" minLength:"1" maxLength:"200" doc:"why; goes to the record"`
		// Without it two people who were given one row by accident would undo each other.
		Correct bool `json:"correct,omitempty" doc:"speak against others who have settled the row; without it that is a conflict"`
	}
}

func (s *server) decide(ctx context.Context, in *decideInput) (*none, error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	d := ballot.Decision{By: actor(ctx), Kind: in.Body.Kind, Grade: in.Body.Grade, Reason: in.Body.Reason}
	if err := d.Validate(m.Rules.Grades); err != nil {
		return nil, err
	}
	err = s.Store.Decide(ctx, actor(ctx), in.Meeting, in.Page, in.Subject, d, in.Body.Correct)
	if err == nil {
		s.claims.drop(in.Meeting, actor(ctx), in.Page, in.Subject, s.Now())
	}
	return done(err)
}

type setAsideInput struct {
	InPage
	Body struct {
		Aside  bool     `json:"aside" doc:"false: it counts, or is taken back"`
		Reason string   `json:"reason" minLength:"1" maxLength:"200" doc:"why; goes to the record"`
		Also   []string `json:"also,omitempty" doc:"the leaf's other pages with writing (also of the page) that the person was shown: that it counts can be said of all of them alone"`
	}
}

func (s *server) setAside(ctx context.Context, in *setAsideInput) (*none, error) {
	return done(s.Store.SetAside(ctx, actor(ctx), in.Meeting, in.Page, in.Body.Aside, in.Body.Reason, in.Body.Also...))
}

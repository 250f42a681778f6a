package api

import (
	"context"

	"pingyi/ballot"
)

// AdjudicationStore has the rows that wait for a person and takes decisions. The machine's verdict is
// filled in by the store, from what was read.
type AdjudicationStore interface {
	// Queue leaves out rows that actor has decided already.
	Queue(ctx context.Context, actor, meeting string, limit int) (Queue, error)
	Decide(ctx context.Context, actor, meeting, page string, subject int, d ballot.Decision) error
	// SetAside says that the leaf of a page is an invalid ballot, or (aside false) takes that back.
	SetAside(ctx context.Context, actor, meeting, page string, aside bool, reason string) error
}

// Queue is what waits for the person who asks.
type Queue struct {
	Rows  []QueueRow `json:"rows" nullable:"false"`
	Total int        `json:"total" doc:"rows of the whole meeting that wait"`
}

// QueueRow is one unclear row. Decisions of others are not in it: two people decide independently.
type QueueRow struct {
	Page     string             `json:"page"`
	Group    string             `json:"group"`
	FormPage int                `json:"form_page"`
	Subject  int                `json:"subject"`
	Name     string             `json:"name"`
	Org      string             `json:"org"`
	Machine  ballot.Verdict     `json:"machine"`
	Scores   []ballot.MarkScore `json:"scores" nullable:"false"`
}

func (s *server) registerAdjudication() {
	add(s, route("GET", "/meetings/{meeting}/adjudication", "adjudication-queue", "adjudication", "待复核 rows that wait for the person who asks"), s.adjudicationQueue)
	add(s, route("POST", "/meetings/{meeting}/pages/{page}/rows/{subject}/decisions", "decide", "adjudication", "复核 decide a row"), s.decide)
	add(s, route("POST", "/meetings/{meeting}/pages/{page}/aside", "set-aside", "adjudication", "认定废票 set the whole leaf of a page aside as an invalid ballot, or take that back"), s.setAside)
}

type queueInput struct {
	InMeeting
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func (s *server) adjudicationQueue(ctx context.Context, in *queueInput) (*body[Queue], error) {
	q, err := s.Store.Queue(ctx, actor(ctx), in.Meeting, in.Limit)
	if q.Rows == nil {
		q.Rows = []QueueRow{}
	}
	return answer(q, err)
}

type decideInput struct {
	InRow
	Body struct {
		Kind   ballot.VerdictKind `json:"kind" enum:"grade,blank,overvote" doc:"overvote: the row is invalid"`
		Grade  string             `json:"grade,omitempty" maxLength:"60"`
		Reason string             `json:"reason" minLength:"1" maxLength:"200" doc:"why; goes to the record"`
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
	return done(s.Store.Decide(ctx, actor(ctx), in.Meeting, in.Page, in.Subject, d))
}

type setAsideInput struct {
	InPage
	Body struct {
		Aside  bool   `json:"aside" doc:"false takes it back"`
		Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"why; goes to the record"`
	}
}

func (s *server) setAside(ctx context.Context, in *setAsideInput) (*none, error) {
	return done(s.Store.SetAside(ctx, actor(ctx), in.Meeting, in.Page, in.Body.Aside, in.Body.Reason))
}

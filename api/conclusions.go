package api

import (
	"context"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
	"pingyi/tally"
)

// ConclusionStore keeps what the committee enters beside the count, from release to archive. A nil leaves what
// was there.
type ConclusionStore interface {
	Conclude(ctx context.Context, actor, meeting string, subject int, grade *string, items *[]string) (ballot.Conclusion, error)
	SetOverallCap(ctx context.Context, actor, meeting string, percent int) error
}

func (s *server) registerConclusions() {
	const one = "/meetings/{meeting}"
	add(s, route("PATCH", one+"/results/{subject}", "conclude", "results", "综合评价等次与整改事项 enter a subject's overall grade and items to rectify, beside the count and never computed from it"), s.conclude)
	add(s, route("PUT", one+"/overall-cap", "set-overall-cap", "results", "综合评价“好”的比例上限 above which share of best overall grades to warn"), s.setOverallCap)
	add(s, pdfAnswer(route("GET", one+"/feedback", "feedback", "results", "反馈单 feedback sheets, one a subject")), s.feedback)
}

type concludeInput struct {
	InMeeting
	Subject int `path:"subject" minimum:"1" doc:"roster number"`
	Body    struct {
		OverallGrade *string   `json:"overall_grade,omitempty" maxLength:"20" doc:"one of the rules' grades; empty takes it back"`
		Items        *[]string `json:"items,omitempty" maxItems:"100" nullable:"false" doc:"整改事项, one line each"`
	}
}

func (s *server) conclude(ctx context.Context, in *concludeInput) (*body[tally.Conclusions], error) {
	if _, err := s.seeFigures(ctx, in.Meeting); err != nil {
		return nil, err
	}
	if _, err := s.Store.Conclude(ctx, actor(ctx), in.Meeting, in.Subject, in.Body.OverallGrade, in.Body.Items); err != nil {
		return nil, err
	}
	return s.conclusions(ctx, in.Meeting)
}

type capInput struct {
	InMeeting
	Body struct {
		Percent int `json:"percent" minimum:"0" maximum:"100" doc:"0 sets no cap"`
	}
}

func (s *server) setOverallCap(ctx context.Context, in *capInput) (*body[tally.Conclusions], error) {
	if _, err := s.seeFigures(ctx, in.Meeting); err != nil {
		return nil, err
	}
	if err := s.Store.SetOverallCap(ctx, actor(ctx), in.Meeting, in.Body.Percent); err != nil {
		return nil, err
	}
	return s.conclusions(ctx, in.Meeting)
}

// conclusions are all of the meeting's as they are now, with the counts and the warning.
func (s *server) conclusions(ctx context.Context, meeting string) (*body[tally.Conclusions], error) {
	r, err := s.seeFigures(ctx, meeting)
	if err != nil {
		return nil, err
	}
	return answer(*r.Conclusions, nil)
}

// seeFigures is a released result that names its subjects: where too few ballots came back, none are shown, and
// so nothing is concluded beside them.
func (s *server) seeFigures(ctx context.Context, meeting string) (*tally.Result, error) {
	r, err := s.Store.Result(ctx, meeting)
	if err == nil && r.LedgerOnly {
		err = ballot.Errorf(ballot.CodeState, "收回的票太少，本次会议只公布台账，没有逐人的结果", "too few ballots came back: only the ledger is released, and nothing by subject")
	}
	return r, err
}

type feedbackInput struct {
	InMeeting
	Subject int `query:"subject" minimum:"0" doc:"one subject's sheet; 0 = all, in the order of the roster"`
}

func (s *server) feedback(ctx context.Context, in *feedbackInput) (*huma.StreamResponse, error) {
	r, err := s.seeFigures(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(func(w io.Writer) error { return s.Reports.Feedback(w, r, in.Subject) })
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("feedback-%s-v%d.pdf", in.Meeting, r.Meeting.Version)
	if in.Subject > 0 {
		name = fmt.Sprintf("feedback-%s-v%d-%d.pdf", in.Meeting, r.Meeting.Version, in.Subject)
	}
	return doc.send("application/pdf", name), nil
}

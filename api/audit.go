package api

import (
	"context"

	"pingyi/ballot"
)

// AuditStore lets scrutineers count bundles of paper by hand before they certify, where the rules ask for it. The count
// is fixed before dice are thrown; what is counted, by machine or by hand, lies sealed by codes that two of them hold.
type AuditStore interface {
	Audit(ctx context.Context, meeting string) (ballot.AuditView, error)
	MakeAuditCode(ctx context.Context, actor, meeting string) (code string, err error)
	CommitAudit(ctx context.Context, actor, meeting string, full bool) error
	EnterDice(ctx context.Context, actor, meeting, dice string) error
	CountBundle(ctx context.Context, actor, meeting string, bundle int, counted ballot.Sums) error
	CompareAudit(ctx context.Context, actor, meeting string, codes []string) ([]ballot.RowDifference, error)
	AcceptAudit(ctx context.Context, actor, meeting, reason string) (Signed, error)
}

func (s *server) registerAudit() {
	const one = "/meetings/{meeting}/audit"
	add(s, route("GET", one, "get-audit", "audit", "复点 where the audit of the paper stands, and what it gave"), s.getAudit)
	add(s, route("POST", one+"/code", "make-audit-code", "audit", "领取复点口令 a code for oneself, shown once; two together open what is sealed"), s.makeAuditCode)
	add(s, route("POST", one+"/commitment", "commit-audit", "audit", "固定计票结果 fix the count and the bundles before dice are thrown"), s.commitAudit)
	add(s, route("POST", one+"/dice", "enter-dice", "audit", "录入骰子点数 enter the throws, two persons the same; then bundles are drawn"), s.enterDice)
	add(s, route("PUT", one+"/bundles/{bundle}", "count-bundle", "audit", "录入手工计数 enter what one counted of a drawn bundle by hand"), s.countBundle)
	add(s, route("POST", one+"/comparison", "compare-audit", "audit", "比对 compare hand counts with the machine's, by both codes; the answer is kept nowhere"), s.compareAudit)
	add(s, route("POST", one+"/acceptance", "accept-audit", "audit", "认可差异 certify though counts differ or the audit was not done, two scrutineers and a reason"), s.acceptAudit)
}

func (s *server) getAudit(ctx context.Context, in *InMeeting) (*body[ballot.AuditView], error) {
	return answer(s.Store.Audit(ctx, in.Meeting))
}

// AuditCode is shown to one person, once.
type AuditCode struct {
	Code string `json:"code" doc:"20 characters in groups of four, to be copied on paper"`
}

func (s *server) makeAuditCode(ctx context.Context, in *InMeeting) (*body[AuditCode], error) {
	code, err := s.Store.MakeAuditCode(ctx, actor(ctx), in.Meeting)
	return answer(AuditCode{code}, err)
}

type commitAuditInput struct {
	InMeeting
	Body struct {
		Full bool `json:"full,omitempty" doc:"count all bundles, as is recommended of little paper"`
	}
}

func (s *server) commitAudit(ctx context.Context, in *commitAuditInput) (*body[ballot.AuditView], error) {
	if err := s.Store.CommitAudit(ctx, actor(ctx), in.Meeting, in.Body.Full); err != nil {
		return nil, err
	}
	return s.getAudit(ctx, &in.InMeeting)
}

type diceInput struct {
	InMeeting
	Body struct {
		Dice string `json:"dice" maxLength:"60" doc:"20 throws, 1–6; spaces between them are allowed"`
	}
}

func (s *server) enterDice(ctx context.Context, in *diceInput) (*body[ballot.AuditView], error) {
	if err := s.Store.EnterDice(ctx, actor(ctx), in.Meeting, in.Body.Dice); err != nil {
		return nil, err
	}
	return s.getAudit(ctx, &in.InMeeting)
}

type countBundleInput struct {
	InMeeting
	Bundle int `path:"bundle" minimum:"1"`
	Body   struct {
		Rows []CountedRow `json:"rows" nullable:"false" maxItems:"5000"`
	}
}

// CountedRow is what somebody counted of a subject in a bundle.
type CountedRow struct {
	Subject int   `json:"subject"`
	Counts  []int `json:"counts" nullable:"false" maxItems:"8" doc:"each grade in the rules' order, then blank, then invalid"`
}

func (s *server) countBundle(ctx context.Context, in *countBundleInput) (*body[ballot.AuditView], error) {
	counted := ballot.Sums{}
	for _, r := range in.Body.Rows {
		counted[r.Subject] = r.Counts
	}
	if err := s.Store.CountBundle(ctx, actor(ctx), in.Meeting, in.Bundle, counted); err != nil {
		return nil, err
	}
	return s.getAudit(ctx, &in.InMeeting)
}

type compareAuditInput struct {
	InMeeting
	Body struct {
		Codes []string `json:"codes" nullable:"false" maxItems:"2" doc:"of both persons, in any order"`
	}
}

// Comparison is where an audit stands and, once, the rows in which it found differences.
type Comparison struct {
	Audit ballot.AuditView       `json:"audit"`
	Rows  []ballot.RowDifference `json:"rows" nullable:"false"`
}

func (s *server) compareAudit(ctx context.Context, in *compareAuditInput) (*body[Comparison], error) {
	rows, err := s.Store.CompareAudit(ctx, actor(ctx), in.Meeting, in.Body.Codes)
	if err != nil {
		return nil, err
	}
	v, err := s.Store.Audit(ctx, in.Meeting)
	return answer(Comparison{v, append([]ballot.RowDifference{}, rows...)}, err)
}

func (s *server) acceptAudit(ctx context.Context, in *signInput) (*body[Signed], error) {
	return s.sign(ctx, in, s.Store.AcceptAudit)
}

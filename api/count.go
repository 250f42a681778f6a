package api

import (
	"context"

	"pingyi/ballot"
)

// CountStore takes a meeting from open to released. Certify, Reopen and Release need two persons: the
// first call is a signature and changes no state, the second, by somebody else, does it. The same person
// twice is ballot.CodeSecondPerson. Each gives a reason, which stands in the record.
type CountStore interface {
	Balance(ctx context.Context, actor, meeting string) (ballot.Meeting, error)
	BackToOpen(ctx context.Context, actor, meeting, reason string) (ballot.Meeting, error)
	Certify(ctx context.Context, actor, meeting, reason string) (Signed, error)
	Reopen(ctx context.Context, actor, meeting, reason string) (Signed, error)
	Release(ctx context.Context, actor, meeting, reason string) (Signed, error)
	// Signatures are who has signed what still waits for a second person, by act.
	Signatures(ctx context.Context, meeting string) (map[string][]string, error)
}

// Signed is where an act of two persons stands.
type Signed struct {
	State ballot.State `json:"state" doc:"of the meeting, after this signature"`
	By    []string     `json:"by" nullable:"false" doc:"who has signed"`
	Done  bool         `json:"done" doc:"false while the second person is missing"`
}

// Signatures are the first signatures of acts that wait for a second person.
type Signatures struct {
	By map[string][]string `json:"by" nullable:"false" doc:"who has signed, by act: certify, reopen, release"`
}

func (s *server) registerCount() {
	const one = "/meetings/{meeting}"
	add(s, route("POST", one+"/balance", "balance", "count", "平账 balance: refused by name while a line of the ledger breaks"), s.balance)
	add(s, route("POST", one+"/back-to-open", "back-to-open", "count", "退回进行中 from balanced back to open"), s.backToOpen)
	add(s, route("POST", one+"/certify", "certify", "count", "确认计票结果 certify, two scrutineers"), s.certify)
	add(s, route("POST", one+"/reopen", "reopen", "count", "重新打开 from certified back to open, two scrutineers and a reason"), s.reopen)
	add(s, route("POST", one+"/release", "release", "count", "发布 release the results, two of the committee"), s.release)
	add(s, route("GET", one+"/signatures", "signatures", "count", "已签署 who has signed what waits for a second person"), s.signatures)
}

func (s *server) balance(ctx context.Context, in *InMeeting) (*body[ballot.Meeting], error) {
	return meetingAnswer(s.Store.Balance(ctx, actor(ctx), in.Meeting))
}

type reasonInput struct {
	InMeeting
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *server) backToOpen(ctx context.Context, in *reasonInput) (*body[ballot.Meeting], error) {
	return meetingAnswer(s.Store.BackToOpen(ctx, actor(ctx), in.Meeting, in.Body.Reason))
}

func (s *server) certify(ctx context.Context, in *signInput) (*body[Signed], error) {
	return s.sign(ctx, in, s.Store.Certify)
}

func (s *server) reopen(ctx context.Context, in *signInput) (*body[Signed], error) {
	return s.sign(ctx, in, s.Store.Reopen)
}

func (s *server) release(ctx context.Context, in *signInput) (*body[Signed], error) {
	return s.sign(ctx, in, s.Store.Release)
}

func (s *server) signatures(ctx context.Context, in *InMeeting) (*body[Signatures], error) {
	by, err := s.Store.Signatures(ctx, in.Meeting)
	if by == nil {
		by = map[string][]string{}
	}
	return answer(Signatures{by}, err)
}

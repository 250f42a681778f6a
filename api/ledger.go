package api

import (
	"context"
	"slices"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/access"
)

// LedgerStore keeps the numbers that people count by hand. Enter sets a number, which then waits for a
// second person; Confirm is that person's own count of the same thing: the same person again is refused
// with ballot.CodeSecondPerson, another number with ballot.CodeConflict.
type LedgerStore interface {
	Ledger(ctx context.Context, meeting string) (ballot.Ledger, error)
	LedgerEntries(ctx context.Context, meeting string) ([]ballot.LedgerEntry, error)
	EnterLedger(ctx context.Context, actor, meeting string, key ballot.LedgerKey, field ballot.LedgerField, value int) error
	ConfirmLedger(ctx context.Context, actor, meeting string, key ballot.LedgerKey, field ballot.LedgerField, value int) error
}

// LedgerView is the ledger with who vouches for what, and every break by name.
type LedgerView struct {
	ballot.Ledger
	Entries  []LedgerEntry  `json:"entries" nullable:"false"`
	Balanced bool           `json:"balanced"`
	Breaks   []LedgerBreak  `json:"breaks" nullable:"false" doc:"why it does not balance"`
	Printed  map[string]int `json:"printed" nullable:"false" doc:"copies recorded as printed, by group"`
}

// LedgerEntry is one typed number with the persons who vouch for it.
type LedgerEntry struct {
	ballot.LedgerKey
	Field       ballot.LedgerField `json:"field"`
	Value       *int               `json:"value,omitempty" doc:"absent while it waits for a second person, for all but who typed it: the second count is made without knowing the first"`
	EnteredBy   string             `json:"entered_by"`
	ConfirmedBy string             `json:"confirmed_by,omitempty"`
	Differs     bool               `json:"differs,omitempty" doc:"a second person counted another number since it was entered"`
}

// seenBy leaves out numbers that somebody else typed and nobody has confirmed yet.
func seenBy(person string, entries []ballot.LedgerEntry) []LedgerEntry {
	out := make([]LedgerEntry, len(entries))
	for i, e := range entries {
		out[i] = LedgerEntry{LedgerKey: e.LedgerKey, Field: e.Field, EnteredBy: e.EnteredBy, ConfirmedBy: e.ConfirmedBy, Differs: e.Differs}
		if e.ConfirmedBy != "" || e.EnteredBy == person {
			out[i].Value = &e.Value
		}
	}
	return out
}

// LedgerBreak is one reason why a ledger does not balance, and where.
type LedgerBreak struct {
	Code   ballot.Code `json:"code"`
	Detail string      `json:"detail"`
	ballot.Break
}

// Count is one number counted by hand.
type Count struct {
	Venue   string             `json:"venue" maxLength:"64"`
	Group   string             `json:"group" maxLength:"60" doc:"code, name or category of a voter group"`
	Subject int                `json:"subject,omitempty" minimum:"0" doc:"on single forms; 0 there stands for whole packets: the lines of all subjects"`
	Field   ballot.LedgerField `json:"field" enum:"present,issued,spoiled,not_returned,returned"`
	Value   int                `json:"value" minimum:"0" maximum:"1000000"`
}

func (s *server) registerLedger() {
	add(s, route("GET", "/meetings/{meeting}/ledger", "get-ledger", "ledger", "台账 the ledger and its breaks"), s.getLedger)
	add(s, route("POST", "/meetings/{meeting}/ledger/entries", "enter-ledger", "ledger", "录入 enter a number counted by hand"), s.enterLedger)
	add(s, route("POST", "/meetings/{meeting}/ledger/confirmations", "confirm-ledger", "ledger", "第二人录入 the second person's count of the same number"), s.confirmLedger)
}

type getLedgerInput struct {
	InMeeting
	InLanguage
}

// InLanguage is the header that says which language texts inside an answer are in.
type InLanguage struct {
	Accept string `header:"Accept-Language"`
}

func (s *server) getLedger(ctx context.Context, in *getLedgerInput) (*body[LedgerView], error) {
	return s.ledgerAnswer(ctx, in.Meeting, in.Accept)
}

func (s *server) ledgerAnswer(ctx context.Context, meeting, accept string) (*body[LedgerView], error) {
	l, err := s.Store.Ledger(ctx, meeting)
	if err != nil {
		return nil, err
	}
	entries, err := s.Store.LedgerEntries(ctx, meeting)
	if err != nil {
		return nil, err
	}
	breaks := ballot.Errors(l.Balance())
	view := LedgerView{Entries: seenBy(actor(ctx), entries), Balanced: len(breaks) == 0, Breaks: []LedgerBreak{}, Printed: map[string]int{}}
	if auth.From(ctx).Role != ballot.RoleScrutineer {
		l, breaks = withoutBallots(l, breaks)
	}
	view.Ledger = l
	for _, e := range breaks {
		b := LedgerBreak{Code: e.Code, Detail: text(e, english(accept))}
		if e.Break != nil {
			b.Break = *e.Break
		}
		view.Breaks = append(view.Breaks, b)
	}
	printed, err := s.Store.Prints(ctx, meeting)
	for group, copies := range printed {
		view.Printed[group] = copies
	}
	return answer(view, err)
}

// withoutBallots leaves out what follows from ballots themselves. How it differs before and after a batch is closed or a
// row decided tells whether the few ballots of a small group are valid, and how many decisions were made in between.
// Scrutineers, who decide, see ballots anyway; to others the result tells it.
func withoutBallots(l ballot.Ledger, breaks []*ballot.Error) (ballot.Ledger, []*ballot.Error) {
	l.Valid, l.Invalid, l.Unresolved = nil, nil, min(l.Unresolved, 1)
	return l, slices.DeleteFunc(breaks, func(e *ballot.Error) bool { return e.Break != nil && e.Break.Kind == ballot.BreakCounted })
}

type countInput struct {
	InMeeting
	InLanguage
	Body Count
}

func (s *server) enterLedger(ctx context.Context, in *countInput) (*body[LedgerView], error) {
	return s.count(ctx, in, s.Store.EnterLedger)
}

func (s *server) confirmLedger(ctx context.Context, in *countInput) (*body[LedgerView], error) {
	return s.count(ctx, in, s.Store.ConfirmLedger)
}

type counter func(ctx context.Context, actor, meeting string, key ballot.LedgerKey, field ballot.LedgerField, value int) error

// count resolves the group first: an excluded category cannot be issued anything, and the answer names
// the rule.
func (s *server) count(ctx context.Context, in *countInput, write counter) (*body[LedgerView], error) {
	c := in.Body
	if err := access.AllowField(c.Field, auth.From(ctx).Role); err != nil {
		return nil, err
	}
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	g, err := m.Group(c.Group)
	if err != nil {
		return nil, err
	}
	if _, err := m.Venue(c.Venue); err != nil {
		return nil, err
	}
	key := ballot.LedgerKey{Venue: c.Venue, Group: g.Code, Subject: c.Subject}
	if err := write(ctx, actor(ctx), in.Meeting, key, c.Field, c.Value); err != nil {
		return nil, err
	}
	return s.ledgerAnswer(ctx, in.Meeting, in.Accept)
}

package api

import (
	"context"
	"slices"

	"pingyi/ballot"
	"pingyi/tally"
)

func (m *fakeMeeting) entry(key ballot.LedgerKey, field ballot.LedgerField) *ballot.LedgerEntry {
	i := slices.IndexFunc(m.entries, func(e ballot.LedgerEntry) bool { return e.LedgerKey == key && e.Field == field })
	if i < 0 {
		return nil
	}
	return &m.entries[i]
}

func (f *fakeStore) EnterLedger(_ context.Context, actor, id string, key ballot.LedgerKey, field ballot.LedgerField, value int) error {
	return f.in(actor, id, "ledger", func(m *fakeMeeting) error {
		if err := m.State.Require("enter", ballot.Open); err != nil {
			return err
		}
		if e := m.entry(key, field); e != nil {
			*e = ballot.LedgerEntry{LedgerKey: key, Field: field, Value: value, EnteredBy: actor}
			return nil
		}
		m.entries = append(m.entries, ballot.LedgerEntry{LedgerKey: key, Field: field, Value: value, EnteredBy: actor})
		return nil
	})
}

func (f *fakeStore) ConfirmLedger(_ context.Context, actor, id string, key ballot.LedgerKey, field ballot.LedgerField, value int) error {
	return f.in(actor, id, "ledger", func(m *fakeMeeting) error {
		e := m.entry(key, field)
		switch {
		case e == nil:
			return ballot.Errorf(ballot.CodeNotFound, "尚未录入", "not entered")
		case e.EnteredBy == actor:
			return ballot.Errorf(ballot.CodeSecondPerson, "须由另一人确认", "another person must confirm")
		case e.Value != value:
			return ballot.Errorf(ballot.CodeConflict, "两次录入不一致", "the two counts differ")
		}
		e.ConfirmedBy = actor
		return nil
	})
}

func (f *fakeStore) LedgerEntries(_ context.Context, id string) (list []ballot.LedgerEntry, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { list = slices.Clone(m.entries); return nil })
	return list, err
}

func (f *fakeStore) Prints(_ context.Context, id string) (out map[string]int, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { out = m.printed; return nil })
	return out, err
}

func (f *fakeStore) Ledger(_ context.Context, id string) (l ballot.Ledger, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { l, err = m.ledger(); return err })
	return l, err
}

func (m *fakeMeeting) ledger() (ballot.Ledger, error) {
	l := ballot.Ledger{Scanned: m.scanned, Unresolved: m.open + len(m.waiting(""))}
	for _, g := range m.EnabledGroups() {
		for _, v := range m.Venues {
			if g.Headcount[v.Code] == 0 {
				continue
			}
			line := ballot.LedgerLine{LedgerKey: ballot.LedgerKey{Venue: v.Code, Group: g.Code}, Expected: g.Headcount[v.Code],
				Spares: max(0, m.printed[g.Code]-g.Expected()), Typed: map[ballot.LedgerField]int{}}
			for _, field := range ballot.LedgerFields() {
				if e := m.entry(line.LedgerKey, field); e != nil && e.ConfirmedBy != "" {
					line.Typed[field] = e.Value
				} else {
					line.Pending = append(line.Pending, field)
				}
			}
			l.Lines = append(l.Lines, line)
		}
	}
	var err error
	l.Valid, l.Invalid, err = tally.Ballots(m.Meeting, m.resolved(), m.void)
	return l, err
}

// resolved are the leaves without a row that waits.
func (m *fakeMeeting) resolved() []ballot.Leaf {
	var out []ballot.Leaf
	for id, pages := range m.leaves {
		leaf := ballot.Leaf{ID: id, Whole: true}
		waits := false
		for _, p := range pages {
			page := m.pages[p]
			leaf.Group, leaf.Form = page.Group, page.Form
			for _, r := range page.Rows {
				v, ok := ballot.Resolve(m.Rules, r.Machine, r.Decisions)
				waits = waits || !ok
				leaf.Rows = append(leaf.Rows, ballot.RowRecord{Subject: r.Subject, Verdict: v})
			}
		}
		if !waits {
			out = append(out, leaf)
		}
	}
	return out
}

// waiting are the rows that wait, leaving out those that actor has decided.
func (m *fakeMeeting) waiting(actor string) []QueueRow {
	var rows []QueueRow
	for _, p := range m.pages {
		for _, r := range p.Rows {
			_, ok := ballot.Resolve(m.Rules, r.Machine, r.Decisions)
			mine := slices.ContainsFunc(r.Decisions, func(d ballot.Decision) bool { return d.By == actor })
			if !ok && !mine {
				s, _ := m.Subject(r.Subject)
				rows = append(rows, QueueRow{Page: p.ID, Group: p.Group, Form: p.Form, FormPage: p.FormPage, Subject: r.Subject, Name: s.Name, Org: s.Org,
					Machine: r.Machine, Scores: []ballot.MarkScore{}})
			}
		}
	}
	return rows
}

func (f *fakeStore) Queue(_ context.Context, actor, id string, limit int, take func(string, int, int) bool) (q Queue, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		q = Queue{Rows: m.waiting(actor), Total: len(m.waiting(""))}
		q.Rows = slices.DeleteFunc(q.Rows, func(r QueueRow) bool { return !take(r.Page, r.Subject, m.Rules.Adjudicators()) })
		q.Rows = q.Rows[:min(limit, len(q.Rows))]
		return nil
	})
	return q, err
}

func (f *fakeStore) Decide(_ context.Context, actor, id, page string, subject int, d ballot.Decision, _ bool) error {
	return f.in("", id, "", func(m *fakeMeeting) error {
		if err := m.State.Require("decide", ballot.Open); err != nil {
			return err
		}
		if p := m.pages[page]; p != nil {
			for i := range p.Rows {
				if r := &p.Rows[i]; r.Subject == subject {
					d.Verdict = r.Machine
					r.Decisions = append(r.Decisions, d)
					return nil
				}
			}
		}
		return ballot.Errorf(ballot.CodeNotFound, "没有这一行", "no such row")
	})
}

func (f *fakeStore) Decisions(_ context.Context, id string) (out []DecidedRow, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		for _, p := range m.pages {
			for _, r := range p.Rows {
				if len(r.Decisions) == 0 {
					continue
				}
				row := DecidedRow{Page: p.ID, Group: p.Group, Subject: r.Subject, Machine: r.Machine, Decisions: r.Decisions}
				if v, ok := ballot.Resolve(m.Rules, r.Machine, r.Decisions); ok {
					row.Verdict = &v
				}
				out = append(out, row)
			}
		}
		return nil
	})
	return out, err
}

// SetAside takes the leaf out of the ballots and counts it as void.
func (f *fakeStore) SetAside(_ context.Context, _, id, page string, aside bool, _ string, _ ...string) error {
	return f.in("", id, "", func(m *fakeMeeting) error {
		for leaf, pages := range m.leaves {
			if aside && slices.Contains(pages, page) {
				m.void = append(m.void, ballot.GroupCount{Group: m.pages[page].Group, Leaves: 1})
				for _, p := range pages {
					m.pages[p].State, m.pages[p].Rows = ballot.PageSetAside, nil
				}
				delete(m.leaves, leaf)
				return nil
			}
		}
		return ballot.Errorf(ballot.CodeNotFound, "没有这张票面", "no such page")
	})
}

func (f *fakeStore) Pages(_ context.Context, id string, _ PageFilter) (list PageList, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		for _, p := range m.pages {
			list.Pages = append(list.Pages, p.PageSummary)
		}
		list.Total = len(list.Pages)
		return nil
	})
	return list, err
}

func (f *fakeStore) Page(_ context.Context, id, page string) (out Page, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		p, ok := m.pages[page]
		if !ok {
			return ballot.Errorf(ballot.CodeNotFound, "没有这张票面", "no such page")
		}
		out = *p
		out.Rows = slices.Clone(p.Rows)
		for i := range out.Rows {
			r := &out.Rows[i]
			if v, ok := ballot.Resolve(m.Rules, r.Machine, r.Decisions); ok {
				r.Verdict = &v
			}
		}
		return nil
	})
	return out, err
}

func (f *fakeStore) Balance(_ context.Context, actor, id string) (out ballot.Meeting, err error) {
	err = f.in(actor, id, "balance", func(m *fakeMeeting) error {
		if err := m.State.Step(ballot.Balanced); err != nil {
			return err
		}
		l, err := m.ledger()
		if err == nil {
			err = l.Balance()
		}
		if err == nil {
			m.result, err = tally.Count(tally.Input{Meeting: m.Meeting, Leaves: m.resolved(), Void: m.void, Ledger: l})
		}
		if err != nil {
			return err
		}
		m.State = ballot.Balanced
		out = m.Meeting
		return nil
	})
	return out, err
}

func (f *fakeStore) BackToOpen(_ context.Context, actor, id, _ string) (ballot.Meeting, error) {
	m, err := f.Meeting(context.Background(), id)
	if err != nil {
		return m, err
	}
	if err := m.State.Require("go back", ballot.Balanced); err != nil {
		return m, err
	}
	return f.step(actor, id, "back_to_open", ballot.Open)
}

// sign does an act of two persons.
func (f *fakeStore) sign(actor, id, act string, to ballot.State) (out Signed, err error) {
	err = f.in(actor, id, act, func(m *fakeMeeting) error {
		if err := m.State.Step(to); err != nil {
			return err
		}
		if slices.Contains(m.signed[act], actor) {
			return ballot.Errorf(ballot.CodeSecondPerson, "须由另一人签署", "another person must sign")
		}
		m.signed[act] = append(m.signed[act], actor)
		out = Signed{State: m.State, By: m.signed[act]}
		if len(m.signed[act]) == 2 {
			m.State, out.State, out.Done = to, to, true
			delete(m.signed, act)
		}
		return nil
	})
	return out, err
}

func (f *fakeStore) Signatures(_ context.Context, id string) (by map[string][]string, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { by = m.signed; return nil })
	return by, err
}

func (f *fakeStore) Certify(_ context.Context, actor, id, _ string) (Signed, error) {
	err := f.in("", id, "", func(m *fakeMeeting) error {
		if ballot.WaitingComments(m.comments) > 0 {
			return ballot.Errorf(ballot.CodeUnresolved, "还有意见未录入", "comments wait")
		}
		if m.result != nil {
			m.result.Comments = ballot.CommentsBySubject(m.comments)
		}
		return nil
	})
	if err != nil {
		return Signed{}, err
	}
	return f.sign(actor, id, "certify", ballot.Certified)
}

func (f *fakeStore) Reopen(_ context.Context, actor, id, _ string) (Signed, error) {
	return f.sign(actor, id, "reopen", ballot.Open)
}

func (f *fakeStore) Release(_ context.Context, actor, id, _ string) (Signed, error) {
	return f.sign(actor, id, "release", ballot.Released)
}

func (f *fakeStore) Result(_ context.Context, id string) (r *tally.Result, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		if m.result == nil {
			return ballot.Errorf(ballot.CodeNotReleased, "没有结果", "no result")
		}
		r = m.result
		return nil
	})
	return r, err
}

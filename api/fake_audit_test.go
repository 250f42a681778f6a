package api

import (
	"context"

	"pingyi/ballot"
)

// auditing runs fn on a balanced meeting whose rules ask for an audit.
func (f *fakeStore) auditing(actor, id, act string, fn func(*fakeMeeting) error) error {
	return f.in(actor, id, act, func(m *fakeMeeting) error {
		if m.Rules.Audit == 0 {
			return ballot.Errorf(ballot.CodeRules, "不复点", "no audit")
		}
		return fn(m)
	})
}

func (f *fakeStore) Audit(_ context.Context, id string) (v ballot.AuditView, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		v = ballot.AuditView{Audit: m.audit, Wanted: m.Rules.Audit > 0, Holders: []string{}, Piles: []ballot.Pile{}, Counted: []ballot.BundleCounters{}, Signed: []string{}}
		return nil
	})
	return v, err
}

func (f *fakeStore) MakeAuditCode(_ context.Context, actor, id string) (string, error) {
	return "AAAA-BBBB-CCCC-DDDD-" + actor[:4], f.auditing(actor, id, "make_audit_code", func(*fakeMeeting) error { return nil })
}

func (f *fakeStore) CommitAudit(_ context.Context, actor, id string, full bool) error {
	return f.auditing(actor, id, "commit_audit", func(m *fakeMeeting) error {
		m.audit = ballot.NewAudit()
		m.audit.Stage, m.audit.Draw = ballot.AuditCommitted, m.Rules.Audit
		m.audit.Bundles = []ballot.Bundle{{Number: 1, Table: "A", Piles: []string{"A1"}, Leaves: 50}, {Number: 2, Table: "A", Piles: []string{"A2"}, Leaves: 60}}
		if full {
			m.audit.Draw = 2
		}
		return nil
	})
}

func (f *fakeStore) EnterDice(_ context.Context, actor, id, dice string) error {
	return f.auditing(actor, id, "enter_dice", func(m *fakeMeeting) error {
		if err := ballot.CheckDice(dice); err != nil {
			return err
		}
		m.audit.Stage, m.audit.Dice, m.audit.Drawn = ballot.AuditDrawn, dice, ballot.DrawBundles(dice, 2, m.audit.Draw)
		return nil
	})
}

func (f *fakeStore) CountBundle(_ context.Context, actor, id string, bundle int, counted ballot.Sums) error {
	return f.auditing(actor, id, "count_bundle", func(m *fakeMeeting) error {
		b, err := m.audit.Bundle(bundle)
		if err != nil {
			return err
		}
		return ballot.CheckHandCount(m.Meeting, b, counted)
	})
}

func (f *fakeStore) CompareAudit(_ context.Context, actor, id string, codes []string) (rows []ballot.RowDifference, err error) {
	err = f.auditing(actor, id, "compare_audit", func(*fakeMeeting) error {
		if len(codes) != ballot.AuditKeyHolders {
			return ballot.Errorf(ballot.CodeInvalid, "口令不对", "wrong codes").In("codes")
		}
		rows = []ballot.RowDifference{{Bundle: 1, Subject: 2, Machine: []int{}, Hand: []int{}}}
		return nil
	})
	return rows, err
}

func (f *fakeStore) AcceptAudit(_ context.Context, actor, id, reason string) (Signed, error) {
	return Signed{State: ballot.Balanced, By: []string{actor}}, f.auditing(actor, id, "accept_audit", func(m *fakeMeeting) error { m.audit.Reason = reason; return nil })
}

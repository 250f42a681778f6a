package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingyi/ballot"
	"pingyi/ballot/access"
	"pingyi/tally"
)

type signatureRow struct {
	Meeting string `gorm:"primaryKey"`
	Act     string `gorm:"primaryKey"`
	Person  string `gorm:"primaryKey"`
	Reason  string
}

func (signatureRow) TableName() string { return "signatures" }

type resultRow struct {
	Meeting string `gorm:"primaryKey"`
	Number  int    `gorm:"primaryKey"`
	Body    string
}

func (resultRow) TableName() string { return "results" }

// Signed is where an act of two persons stands.
type Signed struct {
	State ballot.State
	By    []string
	Done  bool
}

// Balance checks the ledger; a broken line is refused by name. No decision is made any more, so the file
// is rewritten: the places of their rows would tell which were made before the last batch was closed.
func (s *Store) Balance(ctx context.Context, actor, id string) (ballot.Meeting, error) {
	m, err := s.change(ctx, actor, id, "balance", func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "balance", m.State); err != nil {
			return err
		}
		if err := tx.whole(id); err != nil {
			return err
		}
		if _, err := tx.count(*m); err != nil {
			return err
		}
		m.State = ballot.Balanced
		tx.mark(id, kindPages, kindDecisions, kindLedger)
		return nil
	})
	if err != nil {
		return m, err
	}
	return m, s.Scrub(ctx)
}

// count balances the ledger and counts.
func (t *Tx) count(m ballot.Meeting) (*tally.Result, error) {
	l, in, err := t.ledger(m)
	if err != nil {
		return nil, err
	}
	if err := l.Balance(); err != nil {
		return nil, err
	}
	return tally.Count(in)
}

// BackToOpen goes from balanced back to open.
func (s *Store) BackToOpen(ctx context.Context, actor, id, reason string) (ballot.Meeting, error) {
	return s.change(ctx, actor, id, "back_to_open", func(tx *Tx, m *ballot.Meeting) error {
		tx.detail = reason
		if err := tx.may(actor, "back-to-open", m.State); err != nil {
			return err
		}
		m.State = ballot.Open
		return errors.Join(tx.beginAuditAnew(*m), tx.db.Where("meeting = ?", id).Delete(&signatureRow{}).Error)
	})
}

// Certify needs two scrutineers, who sign with a reason once all comments are typed; the second one's call counts and keeps
// the result for good. It deletes the pictures of comments and how the ink lies on the meeting's sheets, from the
// file too: the one was kept to be typed, the other to know a sheet that is scanned again. So it does with what was
// counted of bundles of paper.
func (s *Store) Certify(ctx context.Context, actor, id, reason string) (Signed, error) {
	may := func(tx *Tx, m ballot.Meeting) error { return errors.Join(tx.commentsTyped(m), tx.audited(m)) }
	out, err := s.sign(ctx, actor, id, "certify", reason, ballot.Certified, may, func(tx *Tx, m ballot.Meeting, _ signatureRow) error {
		if err := tx.whole(id); err != nil {
			return err
		}
		r, err := tx.count(m)
		if err != nil {
			return err
		}
		last, err := found[resultRow](tx.db.Order("number DESC"), "meeting = ?", id)
		if err != nil {
			return err
		}
		number := 1
		if last != nil {
			number = last.Number + 1
		}
		if err := tx.db.Create(&resultRow{id, number, encode(r)}).Error; err != nil {
			return err
		}
		if err := errors.Join(tx.forgetHandwriting(id), tx.forgetFingerprints(id), tx.forgetAudit(id)); err != nil {
			return err
		}
		return tx.logDecisions(id)
	})
	if err != nil || !out.Done {
		return out, err
	}
	return out, s.Scrub(ctx)
}

// Reopen goes from certified back to open, by two persons and with a reason. Sheets that were counted before
// are not known any more when they are scanned again (see Fingerprints): the ledger alone tells of them.
func (s *Store) Reopen(ctx context.Context, actor, id, reason string) (Signed, error) {
	return s.sign(ctx, actor, id, "reopen", reason, ballot.Open, nil, nil)
}

// Release needs two persons of the committee.
func (s *Store) Release(ctx context.Context, actor, id, reason string) (Signed, error) {
	return s.sign(ctx, actor, id, "release", reason, ballot.Released, nil, func(tx *Tx, _ ballot.Meeting, _ signatureRow) error { return tx.whole(id) })
}

// Signatures are who has signed what still waits for a second person, by act.
func (s *Store) Signatures(ctx context.Context, id string) (by map[string][]string, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if _, err := tx.meeting(id); err != nil {
			return err
		}
		rows, _, err := tx.signatures(id)
		by = map[string][]string{}
		for act, signed := range rows {
			by[act] = persons(signed)
		}
		return err
	})
	return by, err
}

// sign does an act of two persons, each of whom gives a reason, which stands in the record: the first signature waits,
// the second, by somebody else, does it. Where may refuses, nobody signs. The signature of somebody whose account was closed
// meanwhile, or has another role, is void. Do is given the first signature.
func (s *Store) sign(ctx context.Context, actor, id, act, reason string, to ballot.State, may func(*Tx, ballot.Meeting) error, do func(*Tx, ballot.Meeting, signatureRow) error) (out Signed, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return out, ballot.Errorf(ballot.CodeInvalid, "须写明理由", "a reason is needed").In("reason")
	}
	_, err = s.change(ctx, actor, id, act, func(tx *Tx, m *ballot.Meeting) error {
		operation := operationOf(act)
		if err := errors.Join(access.In(operation, m.State), tx.mayDo(actor, operation)); err != nil {
			return err
		}
		if may != nil {
			if err := may(tx, *m); err != nil {
				return err
			}
		}
		signed, err := tx.signers(id, act)
		if err != nil {
			return err
		}
		out.By = append(persons(signed), actor)
		if slices.Contains(out.By[:len(signed)], actor) {
			return ballot.Errorf(ballot.CodeSecondPerson, "须由另一人签署", "another person must sign")
		}
		tx.detail = fmt.Sprintf("%d/2 %s", len(out.By), reason)
		if len(out.By) < 2 {
			out.State = m.State
			return tx.db.Create(&signatureRow{id, act, actor, reason}).Error
		}
		if do != nil {
			if err := do(tx, *m, signed[0]); err != nil {
				return err
			}
		}
		done := tx.db.Where("meeting = ?", id)
		if m.State == to { // others that wait are not of a state that has gone
			done = done.Where("act = ?", act)
		}
		m.State, out.State, out.Done = to, to, true
		return done.Delete(&signatureRow{}).Error
	})
	if err != nil {
		return Signed{}, err
	}
	return out, nil
}

// operationOf is how the table of access writes an act of the record.
func operationOf(act string) string { return strings.ReplaceAll(act, "_", "-") }

// signatures are those that wait for a second person, by act; void are those of people who may not sign it any more.
func (t *Tx) signatures(meeting string) (by map[string][]signatureRow, void []signatureRow, err error) {
	var rows []signatureRow
	if err := t.db.Where("meeting = ?", meeting).Order("act, person").Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	by = map[string][]signatureRow{}
	for _, r := range rows {
		switch err := t.mayDo(r.Person, operationOf(r.Act)); {
		case err == nil:
			by[r.Act] = append(by[r.Act], r)
		case ballot.CodeOf(err) == ballot.CodeForbidden:
			void = append(void, r)
		default:
			return nil, nil, err
		}
	}
	return by, void, nil
}

// persons are who has signed.
func persons(signed []signatureRow) []string {
	var out []string
	for _, r := range signed {
		out = append(out, r.Person)
	}
	return out
}

// signers are those who have signed an act that waits for a second person. Void signatures are deleted: what their
// signers saw may change now, and they may be let in again.
func (t *Tx) signers(meeting, act string) ([]signatureRow, error) {
	by, void, err := t.signatures(meeting)
	if err != nil || len(void) == 0 {
		return by[act], err
	}
	return by[act], t.db.Delete(&void).Error
}

// Result is the count: as certified where it was, else counted anew once the meeting is balanced. From release on
// what the committee concluded stands beside it. Who may see it is not decided here. The same released result may be
// given to several who ask: nobody changes it.
func (s *Store) Result(ctx context.Context, id string) (r *tally.Result, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		var at struct {
			State ballot.State
			Act   int64
		}
		err := tx.db.Raw("SELECT state, (SELECT max(id) FROM acts WHERE meeting = meetings.id) AS act FROM meetings WHERE id = ?", id).Scan(&at).Error
		if err != nil {
			return err
		}
		key := resultKey{id, at.Act}
		if known, ok := s.results.Get(key); ok {
			r = known
			return nil
		}
		if r, err = tx.result(id); err == nil && (at.State == ballot.Released || at.State == ballot.Archived) {
			s.results.Add(key, r)
		}
		return err
	})
	return r, err
}

// resultKey names a released result: whatever changes it is an act on its meeting.
type resultKey struct {
	meeting string
	act     int64 // the last one on the meeting
}

func (t *Tx) result(id string) (r *tally.Result, err error) {
	m, err := t.meeting(id)
	if err != nil {
		return nil, err
	}
	switch m.State {
	case ballot.Balanced:
		return t.count(m)
	case ballot.Certified, ballot.Released, ballot.Archived:
		if r, err = t.lastResult(id); err != nil {
			return nil, err
		}
		if r.Audit, err = t.auditReport(m); err != nil {
			return nil, err
		}
		if r.Checkpoint, err = t.certified(id); err == nil && m.State != ballot.Certified {
			err = t.conclude(r)
		}
		return r, err
	}
	return nil, ballot.Errorf(ballot.CodeNotReleased, "尚未平账，没有结果", "the meeting is not balanced yet: there is no result")
}

// lastResult is the last that was certified, as it was.
func (t *Tx) lastResult(meeting string) (*tally.Result, error) {
	row, err := one[resultRow](t.db.Order("number DESC"), "result", "meeting = ?", meeting)
	if err != nil {
		return nil, err
	}
	r, err := decode[tally.Result](row.Body)
	return &r, err
}

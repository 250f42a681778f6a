package store

import (
	"context"
	"errors"
	"io"
	"sort"

	"pingyi/ballot"
)

// Summary is a line of the list of meetings.
type Summary struct {
	ID        string
	Title     string
	Organiser string
	Date      string
	State     ballot.State
	Version   int
}

type meetingRow struct {
	ID       string `gorm:"primaryKey"`
	Revision int
	State    string
	Body     string
}

func (meetingRow) TableName() string { return "meetings" }

type formRow struct {
	ID        string `gorm:"primaryKey"`
	Meeting   string
	Grp       string
	Withdrawn bool
	Body      string
}

func (formRow) TableName() string { return "forms" }

// Meetings lists all meetings, the latest date first.
func (s *Store) Meetings(ctx context.Context) ([]Summary, error) {
	var rows []meetingRow
	if err := s.reads.WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Summary, len(rows))
	for i, r := range rows {
		m, err := decode[ballot.Meeting](r.Body)
		if err != nil {
			return nil, err
		}
		out[i] = Summary{m.ID, m.Title, m.Organiser, m.Date, m.State, m.Version}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Date > out[j].Date })
	return out, nil
}

// Meeting loads a meeting.
func (s *Store) Meeting(ctx context.Context, id string) (m ballot.Meeting, err error) {
	err = s.view(ctx, func(tx *Tx) error { m, err = tx.meeting(id); return err })
	return m, err
}

// State is where a meeting stands, without the rest of it.
func (s *Store) State(ctx context.Context, id string) (ballot.State, error) {
	row, err := one[meetingRow](s.reads.WithContext(ctx).Select("state"), "meeting", "id = ?", id)
	return ballot.State(row.State), err
}

func (t *Tx) meeting(id string) (ballot.Meeting, error) {
	if err := t.look(id); err != nil {
		return ballot.Meeting{}, err
	}
	row, err := one[meetingRow](t.db, "meeting", "id = ?", id)
	if err != nil {
		return ballot.Meeting{}, err
	}
	return decode[ballot.Meeting](row.Body)
}

// change loads a meeting, lets fn change it, saves it and logs the act with the detail that fn set.
func (s *Store) change(ctx context.Context, actor, id, act string, fn func(*Tx, *ballot.Meeting) error) (m ballot.Meeting, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		if err := tx.look(id); err != nil {
			return err
		}
		row, err := one[meetingRow](tx.db, "meeting", "id = ?", id)
		if err != nil {
			return err
		}
		if m, err = decode[ballot.Meeting](row.Body); err != nil {
			return err
		}
		if err := fn(tx, &m); err != nil {
			return err
		}
		if err := tx.save(m, row.Revision); err != nil {
			return err
		}
		if row.State != string(m.State) {
			tx.stepped = id
			tx.fact("state", m.State)
		}
		return tx.log(actor, id, act, tx.detail)
	})
	return m, err
}

// save writes a meeting unless somebody else wrote it since revision.
func (t *Tx) save(m ballot.Meeting, revision int) error {
	done := t.db.Model(&meetingRow{}).Where("id = ? AND revision = ?", m.ID, revision).
		Updates(map[string]any{"revision": revision + 1, "state": string(m.State), "body": encode(m)})
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected != 1 {
		return ballot.Errorf(ballot.CodeConflict, "会议刚被他人修改，请刷新后重试", "somebody else changed the meeting: load it again")
	}
	return nil
}

// CreateMeeting adds a draft under a random id.
func (s *Store) CreateMeeting(ctx context.Context, actor string, m ballot.Meeting) (ballot.Meeting, error) {
	id, err := s.NewID()
	if err != nil {
		return m, err
	}
	m.ID, m.State = id[:12], ballot.Draft
	err = s.InTx(ctx, func(tx *Tx) error {
		if err := tx.may(actor, "create-meeting", ""); err != nil {
			return err
		}
		if err := tx.db.Create(&meetingRow{m.ID, 1, string(m.State), encode(m)}).Error; err != nil {
			return err
		}
		return tx.log(actor, m.ID, "create_meeting", m.Title)
	})
	return m, err
}

// Edit changes a draft; what edit makes of it is saved with act in the record.
func (s *Store) Edit(ctx context.Context, actor, id, act string, edit func(*ballot.Meeting) error) (ballot.Meeting, error) {
	return s.change(ctx, actor, id, act, func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "update-meeting", m.State); err != nil {
			return err
		}
		return edit(m)
	})
}

// Seal freezes the meeting and lays out its forms, but for groups with a blank of the office's own. What the checks
// are given is what is sealed.
func (s *Store) Seal(ctx context.Context, actor, id string, random io.Reader, checks ...func(ballot.Meeting, []ballot.Blank) error) (sealed ballot.Meeting, forms []ballot.Form, err error) {
	sealed, err = s.change(ctx, actor, id, "seal", func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "seal", m.State); err != nil {
			return err
		}
		if err := tx.touch(id, kindForms, kindBlanks); err != nil {
			return err
		}
		blanks, err := tx.blanksToSeal(id)
		if err != nil {
			return err
		}
		for _, check := range checks {
			if err := check(*m, blanks); err != nil {
				return err
			}
		}
		if *m, forms, err = ballot.Seal(*m, random, blanks...); err != nil {
			return err
		}
		for _, f := range forms {
			if err := tx.db.Create(&formRow{f.ID, id, f.Group, false, encode(f)}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return sealed, forms, err
}

// Unseal goes back to draft before anything was printed or issued; the forms are withdrawn and kept, so
// that a page of theirs is recognised.
func (s *Store) Unseal(ctx context.Context, actor, id string) (ballot.Meeting, error) {
	return s.change(ctx, actor, id, "unseal", func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "unseal", m.State); err != nil {
			return err
		}
		if err := tx.touch(id, kindForms, kindSerials); err != nil {
			return err
		}
		forms, err := tx.forms(id, false)
		if err != nil {
			return err
		}
		for _, f := range forms {
			f.Withdrawn = true
			if err := tx.db.Model(&formRow{}).Where("id = ?", f.ID).Updates(map[string]any{"withdrawn": true, "body": encode(f)}).Error; err != nil {
				return err
			}
		}
		if err := errors.Join(tx.db.Where("meeting = ?", id).Delete(&printRow{}).Error, tx.forgetSerials(id)); err != nil {
			return err
		}
		m.State, m.SealHash = ballot.Draft, ""
		return nil
	})
}

// Open starts the meeting: issuing, scanning and deciding begin.
func (s *Store) Open(ctx context.Context, actor, id string) (ballot.Meeting, error) {
	return s.step(ctx, actor, id, "open", "open-meeting", ballot.Open)
}

// step is a plain change of state; the record knows the operation as act.
func (s *Store) step(ctx context.Context, actor, id, act, operation string, to ballot.State) (ballot.Meeting, error) {
	return s.change(ctx, actor, id, act, func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, operation, m.State); err != nil {
			return err
		}
		if err := m.State.Step(to); err != nil {
			return err
		}
		m.State = to
		return nil
	})
}

// Forms are those of the sealed version in force, in the order of their groups.
func (s *Store) Forms(ctx context.Context, id string) (forms []ballot.Form, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if _, err := tx.meeting(id); err != nil {
			return err
		}
		if forms, err = tx.forms(id, false); err != nil {
			return err
		}
		for _, f := range forms {
			if f.Learned != nil && tx.kept(id) != nil { // it is not read by without the picture of its blank
				return tx.kept(id)
			}
		}
		return nil
	})
	return forms, err
}

// AllForms are the forms in force and those withdrawn.
func (s *Store) AllForms(ctx context.Context, id string) (forms []ballot.Form, err error) {
	err = s.view(ctx, func(tx *Tx) error { forms, err = tx.forms(id, true); return err })
	return forms, err
}

func (t *Tx) forms(meeting string, withdrawn bool) ([]ballot.Form, error) {
	q := t.db.Where("meeting = ?", meeting)
	if !withdrawn {
		q = q.Where("withdrawn = 0")
	}
	var rows []formRow
	if err := q.Order("grp, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	forms := make([]ballot.Form, len(rows))
	for i, r := range rows {
		var err error
		if forms[i], err = decode[ballot.Form](r.Body); err != nil {
			return nil, err
		}
	}
	return forms, nil
}

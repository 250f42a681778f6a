package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type entryRow struct {
	Meeting     string `gorm:"primaryKey"`
	Venue       string `gorm:"primaryKey"`
	Grp         string `gorm:"primaryKey"`
	Subject     int    `gorm:"primaryKey"`
	Field       string `gorm:"primaryKey"`
	Value       int
	EnteredBy   string
	ConfirmedBy string
}

func (entryRow) TableName() string { return "ledger_entries" }

// Acts on numbers counted by hand. What was entered and what differed is recorded without the number, which the
// second person must not know; confirming tells it.
const (
	actEntered   = "enter_ledger"
	actConfirmed = "confirm_ledger"
	actDiffered  = "differ_ledger"
)

// mostTries is how many counts of one account may differ from a number: one that may be tried at will is not counted.
const mostTries = 3

// numberName is a number's name in the record.
func numberName(key ballot.LedgerKey, field ballot.LedgerField) string {
	return key.Chinese() + " " + field.Chinese()
}

// EnterLedger sets a number counted by hand; it waits for a second person. A number that was confirmed
// loses its confirmation.
func (s *Store) EnterLedger(ctx context.Context, actor, id string, key ballot.LedgerKey, field ballot.LedgerField, value int) error {
	return s.InTx(ctx, func(tx *Tx) error {
		_, keys, err := tx.ledgerKeys(actor, "enter-ledger", id, key, field, value)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if same, err := tx.typedBefore(actor, id, k, field, value); err != nil {
				return err
			} else if same {
				continue // asked again because no answer came: what a second person confirmed meanwhile stays
			}
			row := entryRow{id, k.Venue, k.Group, k.Subject, string(field), value, actor, ""}
			if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
				return err
			}
		}
		return tx.log(actor, id, actEntered, numberName(key, field))
	})
}

// typedBefore tells whether the same person has typed just this number.
func (t *Tx) typedBefore(actor, id string, k ballot.LedgerKey, field ballot.LedgerField, value int) (bool, error) {
	row, err := found[entryRow](t.db, entryOf, id, k.Venue, k.Group, k.Subject, string(field))
	return row != nil && err == nil && row.EnteredBy == actor && row.Value == value, err
}

// entryOf finds one number of one line.
const entryOf = "meeting = ? AND venue = ? AND grp = ? AND subject = ? AND field = ?"

// ConfirmLedger is a second person's own count of a number that was entered. One that differs is refused and recorded.
func (s *Store) ConfirmLedger(ctx context.Context, actor, id string, key ballot.LedgerKey, field ballot.LedgerField, value int) error {
	var differs error
	err := s.InTx(ctx, func(tx *Tx) error {
		m, keys, err := tx.ledgerKeys(actor, "confirm-ledger", id, key, field, value)
		if err != nil {
			return err
		}
		if err := tx.mayTry(actor, m, keys, field); err != nil {
			return err
		}
		for _, k := range keys {
			err := tx.agree(actor, m, k, field, value)
			if ballot.CodeOf(err) == ballot.CodeConflict {
				differs = err
				return tx.log(actor, id, actDiffered, numberName(key, field))
			}
			if err != nil {
				return err
			}
		}
		for _, k := range keys {
			// Not Save: gorm takes a key with a zero in it (subject 0) for a new row.
			if err := tx.db.Model(&entryRow{}).Where(entryOf, id, k.Venue, k.Group, k.Subject, string(field)).Update("confirmed_by", actor).Error; err != nil {
				return err
			}
		}
		return tx.log(actor, id, actConfirmed, fmt.Sprintf("%s %d", numberName(key, field), value))
	})
	if err != nil {
		return err
	}
	return differs
}

// agree refuses where somebody's count of one number of one line is not the second, or another than was entered.
func (t *Tx) agree(actor string, m ballot.Meeting, key ballot.LedgerKey, field ballot.LedgerField, value int) error {
	line := key.Named(m.Venues)
	row, err := found[entryRow](t.db, entryOf, m.ID, key.Venue, key.Group, key.Subject, string(field))
	switch {
	case err != nil:
		return err
	case row == nil:
		return ballot.Errorf(ballot.CodeNotFound, "%[1]s的“%[2]s”尚未录入", "%[4]s of %[3]s has not been entered", line.Chinese(), field.Chinese(), line.English(), string(field))
	case row.EnteredBy == actor:
		return ballot.Errorf(ballot.CodeSecondPerson, "须由录入人以外的第二人确认", "somebody other than who entered it must confirm")
	case row.Value != value:
		return ballot.Errorf(ballot.CodeConflict, "两人清点不一致（%[1]s“%[2]s”）：请两人重新清点后再录入", "the two counts of %[4]s of %[3]s differ: count again together, then enter anew",
			line.Chinese(), field.Chinese(), line.English(), string(field))
	}
	return nil
}

// tries are the counts that differed from what was entered, and the act by which each number was last entered, by name.
type tries struct {
	differed []actRow
	entered  map[string]int64
}

func (t *Tx) tries(meeting string) (tries, error) {
	var rows []actRow
	err := t.db.Where("meeting = ? AND act IN ?", meeting, []string{actEntered, actDiffered}).Order("id").Find(&rows).Error
	out := tries{entered: map[string]int64{}}
	for _, r := range rows {
		if r.Act == actDiffered {
			out.differed = append(out.differed, r)
		} else {
			out.entered[r.Detail] = r.ID
		}
	}
	return out, err
}

// since are the counts of a field at a line's venue and group, of one of these subjects, that differed since the line's
// number was last entered, alone or with its packets.
func (h tries) since(key ballot.LedgerKey, field ballot.LedgerField, subjects ...int) (out []actRow) {
	name := func(subject int) string {
		return numberName(ballot.LedgerKey{Venue: key.Venue, Group: key.Group, Subject: subject}, field)
	}
	entered := max(h.entered[name(0)], h.entered[name(key.Subject)])
	for _, r := range h.differed {
		if r.ID > entered && slices.ContainsFunc(subjects, func(s int) bool { return name(s) == r.Detail }) {
			out = append(out, r)
		}
	}
	return out
}

// mayTry refuses another count of numbers by an account whose counts differed too often. Those of all subjects are
// taken together: packets are one number.
func (t *Tx) mayTry(actor string, m ballot.Meeting, keys []ballot.LedgerKey, field ballot.LedgerField) error {
	h, err := t.tries(m.ID)
	if err != nil {
		return err
	}
	h.differed = slices.DeleteFunc(h.differed, func(r actRow) bool { return r.Actor != actor })
	subjects := []int{0}
	for _, s := range m.Subjects {
		subjects = append(subjects, s.No)
	}
	for _, k := range keys {
		if len(h.since(k, field, subjects...)) >= mostTries {
			line := k.Named(m.Venues)
			return ballot.Errorf(ballot.CodeConflict, "您的清点已有 %[5]d 次与录入的不一致（%[1]s“%[2]s”）：请两人重新清点，由录入人重新录入后再确认",
				"your counts of %[4]s of %[3]s have differed %[5]d times: count again together; it must be entered anew first", line.Chinese(), field.Chinese(), line.English(), string(field), mostTries)
		}
	}
	return nil
}

// ledgerKeys loads a meeting, and checks that a number belongs to lines of its ledger and may be typed now. On single
// forms subject 0 stands for whole packets: the lines of all subjects.
func (t *Tx) ledgerKeys(actor, operation, id string, key ballot.LedgerKey, field ballot.LedgerField, value int) (m ballot.Meeting, keys []ballot.LedgerKey, err error) {
	if m, err = t.acting(actor, operation, id); err != nil {
		return m, nil, err
	}
	if _, err := m.Venue(key.Venue); err != nil {
		return m, nil, err
	}
	g, err := m.Group(key.Group)
	if err != nil {
		return m, nil, err
	}
	if g.Code != key.Group {
		return m, nil, ballot.Errorf(ballot.CodeInvalid, "请用票种代号“%s”", "give the group's code %q", g.Code)
	}
	if !slices.Contains(ballot.LedgerFields(), field) || value < 0 {
		return m, nil, ballot.Errorf(ballot.CodeInvalid, "台账项目“%[1]s”或数值 %[2]d 不正确", "no such ledger field %[1]q, or value %[2]d is negative", string(field), value)
	}
	single := m.Rules.Form == ballot.SingleForm
	if _, isSubject := m.Subject(key.Subject); key.Subject != 0 && !(single && isSubject) {
		return m, nil, ballot.Errorf(ballot.CodeInvalid, "台账行的述职人序号 %d 不正确", "subject %d does not name a line of this ledger", key.Subject)
	}
	if !single || key.Subject != 0 {
		return m, []ballot.LedgerKey{key}, nil
	}
	keys = make([]ballot.LedgerKey, len(m.Subjects))
	for i, s := range m.Subjects {
		keys[i] = ballot.LedgerKey{Venue: key.Venue, Group: key.Group, Subject: s.No}
	}
	return m, keys, nil
}

// LedgerEntries are the typed numbers with who vouches for them.
func (s *Store) LedgerEntries(ctx context.Context, id string) (list []ballot.LedgerEntry, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if list, err = tx.entries(id); err != nil {
			return err
		}
		h, err := tx.tries(id)
		for i, e := range list {
			list[i].Differs = e.ConfirmedBy == "" && len(h.since(e.LedgerKey, e.Field, 0, e.Subject)) > 0
		}
		return err
	})
	return list, err
}

func (t *Tx) entries(id string) ([]ballot.LedgerEntry, error) {
	var rows []entryRow
	if err := t.db.Where("meeting = ?", id).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]ballot.LedgerEntry, len(rows))
	for i, r := range rows {
		out[i] = ballot.LedgerEntry{LedgerKey: ballot.LedgerKey{Venue: r.Venue, Group: r.Grp, Subject: r.Subject},
			Field: ballot.LedgerField(r.Field), Value: r.Value, EnteredBy: r.EnteredBy, ConfirmedBy: r.ConfirmedBy}
	}
	return out, nil
}

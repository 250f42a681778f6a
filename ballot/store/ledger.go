package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/tally"
)

type printRow struct {
	Meeting string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Copies  int
}

func (printRow) TableName() string { return "prints" }

type scannedRow struct {
	Meeting string `gorm:"primaryKey"`
	Venues  string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Subject int    `gorm:"primaryKey"`
	Leaves  int
}

func (scannedRow) TableName() string { return "scanned" }

type voidRow struct {
	Meeting string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Subject int    `gorm:"primaryKey"`
	Leaves  int
}

func (voidRow) TableName() string { return "voids" }

// Printed adds copies to what was printed for a group; the ledger's spares are what exceeds those
// expected. An excluded category is refused by the rule that excludes it. In serial mode the copies come with the
// pseudonyms of their ids.
func (s *Store) Printed(ctx context.Context, actor, id, group string, copies int, before *int, serials ...ballot.Pseudonym) error {
	return s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.acting(actor, "print-copies", id)
		if err != nil {
			return err
		}
		g, err := m.Group(group)
		if err != nil {
			return err
		}
		detail := fmt.Sprintf("%s × %d", g.Code, copies)
		if before != nil && len(serials) == 0 {
			if again, err := tx.printedAgain(actor, id, g.Code, detail, *before, copies); again || err != nil {
				return err
			}
		}
		if err := tx.issue(m, g.Code, copies, serials); err != nil {
			return err
		}
		row := printRow{id, g.Code, copies}
		err = tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "meeting"}, {Name: "grp"}},
			DoUpdates: clause.Assignments(map[string]any{"copies": gorm.Expr("copies + ?", copies)})}).Create(&row).Error
		if err != nil {
			return err
		}
		return tx.log(actor, id, "print", detail)
	})
}

// printedAgain tells whether copies are those that the same person had recorded last, when before were; an answer may
// have been lost. Anything else that was recorded since is a conflict.
func (t *Tx) printedAgain(actor, id, group, detail string, before, copies int) (bool, error) {
	prints, err := t.prints(id)
	if err != nil {
		return false, err
	}
	now := prints[group]
	if now == before {
		return false, nil
	}
	last, err := found[actRow](t.db.Order("id DESC"), "meeting = ? AND act = 'print'", id)
	if err != nil {
		return false, err
	}
	if last != nil && now == before+copies && last.Actor == actor && last.Detail == detail {
		return true, nil
	}
	return false, ballot.Errorf(ballot.CodeConflict, "%[1]s票的印数已变为 %[2]d 份：请看最新的印数后再登记", "%[2]d copies of group %[1]s are recorded by now: look at that number, then record again", group, now)
}

// Prints is how many copies of each group's ballot were recorded as printed.
func (s *Store) Prints(ctx context.Context, id string) (map[string]int, error) {
	var out map[string]int
	err := s.view(ctx, func(tx *Tx) (err error) { out, err = tx.prints(id); return err })
	return out, err
}

func (t *Tx) prints(meeting string) (map[string]int, error) {
	var rows []printRow
	err := t.db.Where("meeting = ?", meeting).Find(&rows).Error
	out := map[string]int{}
	for _, r := range rows {
		out[r.Grp] = r.Copies
	}
	return out, err
}

// Ledger is the whole ledger as it stands.
func (s *Store) Ledger(ctx context.Context, id string) (l ballot.Ledger, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(id)
		if err != nil {
			return err
		}
		if ballot.CodeOf(tx.kept(id)) == ballot.CodeDestroyed {
			l, err = tx.lastLedger(m)
			return err
		}
		l, _, err = tx.ledger(m)
		return err
	})
	return l, err
}

// scanned are the leaves that closed batches delivered.
func (t *Tx) scanned(meeting string) (out []ballot.ScannedCount, err error) {
	var rows []scannedRow
	err = t.db.Where("meeting = ?", meeting).Find(&rows).Error
	for _, r := range rows {
		out = append(out, ballot.ScannedCount{Venues: r.Venues, Group: r.Grp, Subject: r.Subject, Leaves: r.Leaves})
	}
	return out, err
}

// ledger gathers typed and counted numbers, and what a tally needs.
func (t *Tx) ledger(m ballot.Meeting) (ballot.Ledger, tally.Input, error) {
	in := tally.Input{Meeting: m}
	l := ballot.Ledger{Venues: m.Venues}
	comments, err := t.comments(m.ID)
	if err != nil {
		return l, in, err
	}
	in.Comments = ballot.CommentsBySubject(comments)
	var waiting int
	if in.Leaves, waiting, err = t.resolved(m); err != nil {
		return l, in, err
	}
	var open int64
	if err := t.db.Model(&batchRow{}).Where("meeting = ? AND state = 'open'", m.ID).Count(&open).Error; err != nil {
		return l, in, err
	}
	l.Unresolved = waiting + int(open)
	if l.Lines, err = t.lines(m); err != nil {
		return l, in, err
	}
	if l.Scanned, err = t.scanned(m.ID); err != nil {
		return l, in, err
	}
	var voids []voidRow
	if err := t.db.Where("meeting = ?", m.ID).Find(&voids).Error; err != nil {
		return l, in, err
	}
	for _, r := range voids {
		in.Void = append(in.Void, ballot.GroupCount{Group: r.Grp, Subject: r.Subject, Leaves: r.Leaves})
	}
	if m.Rules.Identity == ballot.Serial {
		if l.Numbered, err = t.printedLeaves(m); err != nil {
			return l, in, err
		}
	}
	l.Valid, l.Invalid, err = tally.Ballots(m, in.Leaves, in.Void)
	in.Ledger = l
	return l, in, err
}

// lines makes the ledger's lines: one a venue and group with people (and subject on single forms).
func (t *Tx) lines(m ballot.Meeting) ([]ballot.LedgerLine, error) {
	entries, err := t.entries(m.ID)
	if err != nil {
		return nil, err
	}
	type field struct {
		ballot.LedgerKey
		ballot.LedgerField
	}
	confirmed, venues := map[field]int{}, map[ballot.LedgerKey]bool{}
	for _, e := range entries {
		venues[ballot.LedgerKey{Venue: e.Venue, Group: e.Group}] = true
		if e.ConfirmedBy != "" {
			confirmed[field{e.LedgerKey, e.Field}] = e.Value
		}
	}
	printed, err := t.prints(m.ID)
	if err != nil {
		return nil, err
	}
	leaves, err := t.leavesOfBallots(m)
	if err != nil {
		return nil, err
	}
	subjects := []int{0}
	if m.Rules.Form == ballot.SingleForm {
		subjects = subjects[:0]
		for _, s := range m.Subjects {
			subjects = append(subjects, s.No)
		}
	}
	var out []ballot.LedgerLine
	for _, g := range m.EnabledGroups() {
		for _, v := range m.Venues {
			if g.Headcount[v.Code] == 0 && !venues[ballot.LedgerKey{Venue: v.Code, Group: g.Code}] {
				continue
			}
			for _, subject := range subjects {
				line := ballot.LedgerLine{LedgerKey: ballot.LedgerKey{Venue: v.Code, Group: g.Code, Subject: subject},
					Expected: g.Headcount[v.Code], Spares: max(0, printed[g.Code]-g.Expected()), Leaves: leaves[g.Code], Typed: map[ballot.LedgerField]int{}}
				for _, f := range ballot.LedgerFields() {
					if n, ok := confirmed[field{line.LedgerKey, f}]; ok {
						line.Typed[f] = n
					} else {
						line.Pending = append(line.Pending, f)
					}
				}
				out = append(out, line)
			}
		}
	}
	return out, nil
}

// leavesOfBallots is how many leaves a ballot of each group is.
func (t *Tx) leavesOfBallots(m ballot.Meeting) (map[string]int, error) {
	forms, err := t.forms(m.ID, false)
	out := map[string]int{}
	for _, f := range forms {
		if out[f.Group] = 1; f.Kind == ballot.RosterForm {
			out[f.Group] = f.Leaves()
		}
	}
	return out, err
}

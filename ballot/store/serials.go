package store

import (
	"context"
	"fmt"
	"slices"

	"pingyi/ballot"
)

type serialRow struct {
	Meeting   string `gorm:"primaryKey"`
	Pseudonym string `gorm:"primaryKey"`
	Used      bool
}

func (serialRow) TableName() string { return "serials" }

// atOnce is how many rows one statement writes or asks for.
const atOnce = 400

// Serials are the pseudonyms of an open batch's images that were printed, true where a closed batch counted them.
func (s *Store) Serials(ctx context.Context, meeting, batch string) (map[ballot.Pseudonym]bool, error) {
	db := s.reads.WithContext(ctx)
	var rows []serialRow
	err := db.Where("meeting = ? AND pseudonym IN (?)", meeting, db.Model(&spoolRow{}).Select("serial").Where("batch = ? AND serial <> ''", batch)).Find(&rows).Error
	known := make(map[ballot.Pseudonym]bool, len(rows))
	for _, r := range rows {
		known[ballot.Pseudonym(r.Pseudonym)] = r.Used
	}
	return known, err
}

// SerialCounts is how many ids of a meeting were printed, and how many of them closed batches counted.
func (s *Store) SerialCounts(ctx context.Context, meeting string) (printed, used int, err error) {
	err = s.reads.WithContext(ctx).Raw("SELECT count(*), coalesce(sum(used), 0) FROM serials WHERE meeting = ?", meeting).Row().Scan(&printed, &used)
	return printed, used, err
}

// issue keeps the pseudonyms of copies that are printed. Outside serial mode there are none; in it, paper without
// them would be refused, so that there is no master, and no copies are made elsewhere.
func (t *Tx) issue(m ballot.Meeting, group string, copies int, serials []ballot.Pseudonym) error {
	if m.Rules.Identity != ballot.Serial {
		if len(serials) > 0 {
			return fmt.Errorf("printing: %d serials in a meeting without", len(serials))
		}
		return nil
	}
	if len(serials) == 0 {
		return ballot.NoMaster()
	}
	forms, err := t.forms(m.ID, false)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(forms, func(f ballot.Form) bool { return f.Group == group })
	if at < 0 || forms[at].Leaves()*copies != len(serials) {
		return fmt.Errorf("printing: %d serials for %d copies of group %s", len(serials), copies, group)
	}
	if err := t.touch(m.ID, kindSerials); err != nil {
		return err
	}
	rows := make([]serialRow, len(serials))
	for i, p := range slices.Sorted(slices.Values(serials)) {
		rows[i] = serialRow{m.ID, string(p), false}
	}
	return t.db.CreateInBatches(rows, atOnce).Error
}

// useSerials marks those of a batch that is being closed. One that is not there, or was used meanwhile, refuses all.
func (t *Tx) useSerials(meeting string, forms []ballot.Form, c ballot.Closing) error {
	if ballot.SerialForms(forms) && len(c.Serials) < len(c.Leaves) {
		return fmt.Errorf("%d leaves with %d serials", len(c.Leaves), len(c.Serials))
	}
	if len(c.Serials) == 0 {
		return nil
	}
	if err := t.touch(meeting, kindSerials); err != nil {
		return err
	}
	for some := range slices.Chunk(c.Serials, atOnce) {
		done := t.db.Model(&serialRow{}).Where("meeting = ? AND pseudonym IN ? AND used = 0", meeting, some).Update("used", true)
		if done.Error != nil {
			return done.Error
		}
		if int(done.RowsAffected) != len(some) {
			return ballot.Errorf(ballot.CodeConflict, "有流水号未曾印制或已被计过，请刷新后重试", "some serials were not printed or are counted already: load the batch again")
		}
	}
	return nil
}

// printedLeaves is how many leaves of each group, and on single forms of each subject, have an id.
func (t *Tx) printedLeaves(m ballot.Meeting) (out []ballot.GroupCount, err error) {
	copies, err := t.prints(m.ID)
	if err != nil {
		return nil, err
	}
	leaves, err := t.leavesOfBallots(m)
	if err != nil {
		return nil, err
	}
	for _, g := range m.EnabledGroups() {
		if m.Rules.Form != ballot.SingleForm {
			out = append(out, ballot.GroupCount{Group: g.Code, Leaves: copies[g.Code] * leaves[g.Code]})
			continue
		}
		for _, s := range m.Subjects {
			out = append(out, ballot.GroupCount{Group: g.Code, Subject: s.No, Leaves: copies[g.Code]})
		}
	}
	return out, nil
}

// forgetSerials deletes what a meeting knows of printed ids: a form that is unsealed has none.
func (t *Tx) forgetSerials(meeting string) error {
	return t.db.Where("meeting = ?", meeting).Delete(&serialRow{}).Error
}

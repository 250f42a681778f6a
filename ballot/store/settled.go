package store

import (
	"context"

	"pingyi/ballot"
)

// settled scrubs the file once no row or leaf of a meeting waits for people and no batch is open. Rows that people add
// lie in file and log apart from those that were there when the last batch was closed: their places would tell which
// were decided before, and so of which batches their pages are. While people still decide, that is so; see SECURITY.md.
func (s *Store) settled(ctx context.Context, meeting string) error {
	done := false
	err := s.view(ctx, func(tx *Tx) (err error) {
		done, err = tx.allSettled(meeting)
		return err
	})
	if err != nil || !done {
		return err
	}
	// Somebody may be reading for long; the decision stands all the same, and balancing scrubs again.
	if err := s.Scrub(ctx); ballot.CodeOf(err) != ballot.CodeConflict {
		return err
	}
	return nil
}

// allSettled counts before it loads: it is asked after each decision.
func (t *Tx) allSettled(meeting string) (bool, error) {
	var open, unclear, decided int64
	if err := t.db.Model(&batchRow{}).Where("meeting = ? AND state = ?", meeting, string(ballot.BatchOpen)).Count(&open).Error; err != nil || open > 0 {
		return false, err
	}
	unclearRows := t.db.Model(&pageRow{}).Where("meeting = ? AND unclear > 0", meeting)
	var number int64
	if err := t.db.Model(&judgementRow{}).Select("coalesce(max(number), 0)").Where("meeting = ?", meeting).Scan(&number).Error; err != nil {
		return false, err
	}
	if number > 0 {
		unclearRows = t.db.Table("judged_pages").Where("meeting = ? AND number = ? AND unclear > 0", meeting, number)
	}
	if err := unclearRows.Select("coalesce(sum(unclear), 0)").Scan(&unclear).Error; err != nil {
		return false, err
	}
	err := t.db.Raw(`SELECT count(*) FROM (SELECT DISTINCT d.page, d.subject FROM decisions d JOIN pages p ON p.id = d.page WHERE p.meeting = ?)`, meeting).Scan(&decided).Error
	if err != nil || decided < unclear {
		return false, err
	}
	m, err := t.meeting(meeting)
	if err != nil {
		return false, err
	}
	_, waiting, err := t.resolved(m)
	return waiting == 0, err
}

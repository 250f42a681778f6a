package store

import (
	"context"

	"pingyi/ballot"
)

type fingerprintRow struct {
	Page   string `gorm:"primaryKey"`
	Shapes string // ballot.Fingerprint as text
}

func (fingerprintRow) TableName() string { return "fingerprints" }

// Fingerprints are those of the pages of a group's closed batches, by leaf. A meeting that was certified has none, and
// where it is opened again for a correction, sheets that were scanned before are no longer known: there the
// counts by hand alone tell of a stack that is fed a second time.
func (s *Store) Fingerprints(ctx context.Context, meeting, group string) (out []ballot.KeptPage, err error) {
	var rows []struct {
		ID, Leaf, Form, Shapes string
		Page                   int
	}
	err = s.reads.WithContext(ctx).Table("fingerprints").Select("pages.id, pages.leaf, pages.form, pages.form_page AS page, fingerprints.shapes").
		Joins("JOIN pages ON pages.id = fingerprints.page").Where("pages.meeting = ? AND pages.grp = ?", meeting, group).Order("pages.leaf, pages.form_page").Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	out = make([]ballot.KeptPage, len(rows))
	for i, r := range rows {
		out[i] = ballot.KeptPage{ID: r.ID, Leaf: r.Leaf, Form: r.Form, Page: r.Page}
		if err := out[i].Fingerprint.UnmarshalText([]byte(r.Shapes)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// forgetFingerprints deletes those of a meeting.
func (t *Tx) forgetFingerprints(meeting string) error {
	pages := t.db.Model(&pageRow{}).Select("id").Where("meeting = ?", meeting)
	return t.db.Where("page IN (?)", pages).Delete(&fingerprintRow{}).Error
}

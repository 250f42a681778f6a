package store

import (
	"context"

	"pingyi/ballot"
)

type blankRow struct {
	Meeting string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Body    string
}

func (blankRow) TableName() string { return "blanks" }

type blankPageRow struct {
	Meeting string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Page    int    `gorm:"primaryKey"`
	Picture []byte
}

func (blankPageRow) TableName() string { return "blank_pages" }

// Blanks are the ballots that the office made itself, by group, without the pictures of their pages.
func (s *Store) Blanks(ctx context.Context, meeting string) (blanks []ballot.Blank, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if _, err := tx.meeting(meeting); err != nil {
			return err
		}
		if err := tx.kept(meeting); err != nil {
			return err
		}
		blanks, err = tx.blanks(meeting)
		return err
	})
	return blanks, err
}

func (t *Tx) blanks(meeting string) ([]ballot.Blank, error) {
	var rows []blankRow
	if err := t.db.Where("meeting = ?", meeting).Order("grp").Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]ballot.Blank, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = decode[ballot.Blank](r.Body); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// BlankPages are the pictures of a blank's pages, PNG, in their order.
func (s *Store) BlankPages(ctx context.Context, meeting, group string) (pages [][]byte, err error) {
	err = s.view(ctx, func(tx *Tx) error { pages, err = tx.blankPages(meeting, group); return err })
	return pages, err
}

func (t *Tx) blankPages(meeting, group string) (pages [][]byte, err error) {
	if err := t.kept(meeting); err != nil {
		return nil, err
	}
	var rows []blankPageRow
	err = t.db.Where("meeting = ? AND grp = ?", meeting, group).Order("page").Find(&rows).Error
	for _, r := range rows {
		pages = append(pages, r.Picture)
	}
	return pages, err
}

// BlankPage is the picture of one page, from 1.
func (s *Store) BlankPage(ctx context.Context, meeting, group string, page int) (picture []byte, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if err := tx.kept(meeting); err != nil {
			return err
		}
		row, err := one[blankPageRow](tx.db, "page", "meeting = ? AND grp = ? AND page = ?", meeting, group, page)
		picture = row.Picture
		return err
	})
	return picture, err
}

// SaveBlank keeps a blank of a draft; one of the group before goes.
func (s *Store) SaveBlank(ctx context.Context, actor, meeting string, b ballot.Blank) error {
	return s.changeBlank(ctx, actor, meeting, b.Group, "upload_blank", func(tx *Tx, m *ballot.Meeting) error {
		tx.detail = b.Group + " " + b.Source
		if _, err := m.Group(b.Group); err != nil {
			return err
		}
		if err := tx.db.Where("meeting = ? AND grp = ?", meeting, b.Group).Delete(&blankRow{}).Error; err != nil {
			return err
		}
		if err := tx.db.Create(&blankRow{meeting, b.Group, encode(b)}).Error; err != nil {
			return err
		}
		for i, picture := range b.Pages {
			if err := tx.db.Create(&blankPageRow{meeting, b.Group, i + 1, picture}).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// EditBlank changes what was decided about a blank of a draft; what edit makes of it is saved with act in the record.
func (s *Store) EditBlank(ctx context.Context, actor, meeting, group, act string, edit func(ballot.Meeting, *ballot.Blank) error) (b ballot.Blank, err error) {
	err = s.changeBlank(ctx, actor, meeting, group, act, func(tx *Tx, m *ballot.Meeting) error {
		row, err := one[blankRow](tx.db, "blank", "meeting = ? AND grp = ?", meeting, group)
		if err != nil {
			return err
		}
		if b, err = decode[ballot.Blank](row.Body); err != nil {
			return err
		}
		if err := edit(*m, &b); err != nil {
			return err
		}
		return tx.db.Model(&blankRow{}).Where("meeting = ? AND grp = ?", meeting, group).Update("body", encode(b)).Error
	})
	return b, err
}

// RemoveBlank takes a blank out of a draft: its group gets a form of ours again.
func (s *Store) RemoveBlank(ctx context.Context, actor, meeting, group string) error {
	return s.changeBlank(ctx, actor, meeting, group, "remove_blank", func(tx *Tx, _ *ballot.Meeting) error {
		row, err := one[blankRow](tx.db, "blank", "meeting = ? AND grp = ?", meeting, group)
		if err != nil {
			return err
		}
		return tx.db.Delete(&row).Error
	})
}

// changeBlank lets fn work on a draft's blank.
func (s *Store) changeBlank(ctx context.Context, actor, meeting, group, act string, fn func(*Tx, *ballot.Meeting) error) error {
	_, err := s.change(ctx, actor, meeting, act, func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "upload-blank", m.State); err != nil {
			return err
		}
		tx.detail = group
		if err := tx.touch(meeting, kindBlanks); err != nil {
			return err
		}
		return fn(tx, m)
	})
	return err
}

// blanksToSeal are the blanks of a meeting with their pages.
func (t *Tx) blanksToSeal(meeting string) ([]ballot.Blank, error) {
	blanks, err := t.blanks(meeting)
	for i := range blanks {
		if err == nil {
			blanks[i].Pages, err = t.blankPages(meeting, blanks[i].Group)
		}
	}
	return blanks, err
}

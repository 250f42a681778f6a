package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/tally"
)

type conclusionRow struct {
	Meeting      string `gorm:"primaryKey"`
	Subject      int    `gorm:"primaryKey"`
	OverallGrade string
	Items        string
}

func (conclusionRow) TableName() string { return "conclusions" }

type overallCapRow struct {
	Meeting string `gorm:"primaryKey"`
	Percent int
}

func (overallCapRow) TableName() string { return "overall_caps" }

// Conclude enters a subject's overall grade and items to rectify, each where it is given (nil leaves it). The
// record says what it was before and what it is now.
func (s *Store) Conclude(ctx context.Context, actor, meeting string, subject int, grade *string, items *[]string) (c ballot.Conclusion, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.acting(actor, "conclude", meeting)
		if err != nil {
			return err
		}
		old, err := tx.conclusion(meeting, subject)
		if err != nil {
			return err
		}
		now := old
		if grade != nil {
			now.OverallGrade = *grade
		}
		if items != nil {
			now.Items = *items
		}
		if c, err = m.Conclusion(subject, now.OverallGrade, now.Items); err != nil {
			return err
		}
		what := changes(old, c)
		if what == "" {
			return nil
		}
		row := conclusionRow{meeting, subject, c.OverallGrade, encode(c.Items)}
		if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		about, _ := m.Subject(subject) // known: the conclusion was checked
		return tx.log(actor, meeting, "conclude", fmt.Sprintf("%d %s: %s", subject, about.Name, what))
	})
	return c, err
}

// changes says what differs between two conclusions; "" where nothing does.
func changes(old, now ballot.Conclusion) string {
	var out []string
	if old.OverallGrade != now.OverallGrade {
		out = append(out, fmt.Sprintf("overall grade %s → %s", orDash(old.OverallGrade), orDash(now.OverallGrade)))
	}
	if !slices.Equal(old.Items, now.Items) {
		out = append(out, fmt.Sprintf("items to rectify %s → %s", orDash(strings.Join(old.Items, "；")), orDash(strings.Join(now.Items, "；"))))
	}
	return strings.Join(out, ", ")
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// SetOverallCap sets which share of the subjects, in per cent, may get the best overall grade; 0 is no cap.
func (s *Store) SetOverallCap(ctx context.Context, actor, meeting string, percent int) error {
	if err := ballot.CheckCap(percent); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.acting(actor, "set-overall-cap", meeting); err != nil {
			return err
		}
		old, err := tx.overallCap(meeting)
		if err != nil || old == percent {
			return err
		}
		row := overallCapRow{meeting, percent}
		if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		return tx.log(actor, meeting, "set_overall_cap", fmt.Sprintf("%d%% → %d%%", old, percent))
	})
}

func (t *Tx) conclusion(meeting string, subject int) (ballot.Conclusion, error) {
	row, err := found[conclusionRow](t.db, "meeting = ? AND subject = ?", meeting, subject)
	if row == nil || err != nil {
		return ballot.Conclusion{Subject: subject, Items: []string{}}, err
	}
	return row.conclusion()
}

func (r conclusionRow) conclusion() (ballot.Conclusion, error) {
	items, err := decode[[]string](r.Items)
	return ballot.Conclusion{Subject: r.Subject, OverallGrade: r.OverallGrade, Items: items}, err
}

func (t *Tx) overallCap(meeting string) (int, error) {
	row, err := found[overallCapRow](t.db, "meeting = ?", meeting)
	if row == nil || err != nil {
		return 0, err
	}
	return row.Percent, nil
}

// conclude puts what the committee entered beside a released count.
func (t *Tx) conclude(r *tally.Result) error {
	var rows []conclusionRow
	if err := t.db.Where("meeting = ?", r.Meeting.ID).Order("subject").Find(&rows).Error; err != nil {
		return err
	}
	all := []ballot.Conclusion{}
	for _, row := range rows {
		c, err := row.conclusion()
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	percent, err := t.overallCap(r.Meeting.ID)
	if err == nil {
		r.Conclude(all, percent)
	}
	return err
}

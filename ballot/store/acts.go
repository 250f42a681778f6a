package store

import (
	"context"
	"time"
)

// Act is one entry of the record of what people did. It never names a page, a row or a choice.
type Act struct {
	ID      int64
	Time    time.Time
	Actor   string
	Act     string
	Detail  string
	Meeting string // "" where it is of none
}

type actRow struct {
	ID      int64 `gorm:"primaryKey;autoIncrement"`
	Time    string
	Actor   string
	Act     string
	Meeting string
	Detail  string
}

func (actRow) TableName() string { return "acts" }

// log appends to the record within the transaction of the act itself.
func (t *Tx) log(actor, meeting, act, detail string) error {
	return t.db.Create(&actRow{Time: t.store.now().UTC().Format(time.RFC3339), Actor: actor, Act: act, Meeting: meeting, Detail: detail}).Error
}

// ActFilter says which acts to list: those that have all that is set. Before 0 begins with the newest.
type ActFilter struct {
	Meeting string
	Actor   string
	Act     string
	Before  int64
	Limit   int
}

// Acts lists a meeting's acts, newest first, those before an id (0 = from the newest).
func (s *Store) Acts(ctx context.Context, meeting string, before int64, limit int) ([]Act, error) {
	return s.acts(ctx, ActFilter{Before: before, Limit: limit}, "meeting = ?", meeting)
}

// AllActs lists the acts that a filter asks for, newest first.
func (s *Store) AllActs(ctx context.Context, f ActFilter) ([]Act, error) {
	if f.Meeting == "" {
		return s.acts(ctx, f, "")
	}
	return s.acts(ctx, f, "meeting = ?", f.Meeting)
}

func (s *Store) acts(ctx context.Context, f ActFilter, where string, args ...any) ([]Act, error) {
	q := s.reads.WithContext(ctx)
	if where != "" {
		q = q.Where(where, args...)
	}
	if f.Before > 0 {
		q = q.Where("id < ?", f.Before)
	}
	if f.Actor != "" {
		q = q.Where("actor = ?", f.Actor)
	}
	if f.Act != "" {
		q = q.Where("act = ?", f.Act)
	}
	var rows []actRow
	if err := q.Order("id DESC").Limit(f.Limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Act, len(rows))
	for i, r := range rows {
		at, err := time.Parse(time.RFC3339, r.Time)
		if err != nil {
			return nil, err
		}
		out[i] = Act{r.ID, at, r.Actor, r.Act, r.Detail, r.Meeting}
	}
	return out, nil
}

package store

import (
	"context"
	"time"
)

// Act is one entry of the record of what people did. It never names a page, a row or a choice.
type Act struct {
	ID     int64
	Time   time.Time
	Actor  string
	Act    string
	Detail string
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

// Acts lists a meeting's acts, newest first, those before an id (0 = from the newest).
func (s *Store) Acts(ctx context.Context, meeting string, before int64, limit int) ([]Act, error) {
	q := s.reads.WithContext(ctx).Where("meeting = ?", meeting)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var rows []actRow
	if err := q.Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Act, len(rows))
	for i, r := range rows {
		at, err := time.Parse(time.RFC3339, r.Time)
		if err != nil {
			return nil, err
		}
		out[i] = Act{r.ID, at, r.Actor, r.Act, r.Detail}
	}
	return out, nil
}

package store

import (
	"context"
	"strings"
	"time"

	"pingyi/ballot/evidence"
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
	Role    string
	Facts   string // what the log says of rows: salted digests, and counts
}

func (actRow) TableName() string { return "acts" }

func (r actRow) entry() evidence.Entry {
	return evidence.Entry{Number: r.ID, Time: r.Time, Actor: r.Actor, Role: r.Role, Act: r.Act, Meeting: r.Meeting, Detail: r.Detail, Facts: r.Facts}
}

// log appends to the record, and to the Merkle log, within the transaction of the act itself. Facts that the
// transaction has gathered go with it.
func (t *Tx) log(actor, meeting, act, detail string) error {
	id, err := t.nextAct()
	if err != nil {
		return err
	}
	facts := t.facts
	t.facts = nil
	if facts == nil {
		facts = map[string]any{}
	}
	save, err := t.commit(id, meeting, facts)
	if err != nil {
		return err
	}
	if err := t.record(actRow{ID: id, Actor: actor, Act: act, Meeting: meeting, Detail: detail}, facts); err != nil {
		return err
	}
	return save()
}

// record writes an entry.
func (t *Tx) record(r actRow, facts map[string]any) (err error) {
	r.Time = t.moment()
	if len(facts) > 0 {
		r.Facts = encode(facts)
	}
	if r.Role, err = t.roleOf(r.Actor); err != nil {
		return err
	}
	if err := t.db.Create(&r).Error; err != nil {
		return err
	}
	return t.appendLeaf(r.entry())
}

func (t *Tx) nextAct() (id int64, err error) {
	err = t.db.Raw("SELECT coalesce(max(id), 0) + 1 FROM acts").Row().Scan(&id)
	return id, err
}

// roleOf is the role of an account; the command line's actor has none.
func (t *Tx) roleOf(actor string) (string, error) {
	var roles []string
	err := t.db.Model(&userRow{}).Where("name = ?", actor).Pluck("role", &roles).Error
	return strings.Join(roles, ""), err
}

// ActFilter says which acts to list: those that have all that is set. Before 0 begins with the newest. What certifying
// says of each decision is listed by its act alone.
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
	} else { // one a decision, all of one time: only for who asks for them
		q = q.Where("act NOT IN ?", []string{actDecision, actSetAside})
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

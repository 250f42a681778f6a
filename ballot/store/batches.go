package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type batchRow struct {
	ID      string `gorm:"primaryKey"`
	Meeting string
	Grp     string
	Venues  string
	State   string
	Leaves  int
}

func (batchRow) TableName() string { return "batches" }

// stateClosing is a batch that counts as closed while its traces are still being removed.
const stateClosing = "closing"

func (r batchRow) batch() ballot.Batch {
	state := ballot.BatchOpen
	if r.State != string(ballot.BatchOpen) {
		state = ballot.BatchClosed
	}
	return ballot.Batch{ID: r.ID, Meeting: r.Meeting, Group: r.Grp, Venues: strings.Split(r.Venues, "+"), State: state, Leaves: r.Leaves}
}

type uploadRow struct {
	ID     string `gorm:"primaryKey"`
	Batch  string
	Seq    int
	Name   string
	Digest string
	Bytes  int64
	Pages  int
	Error  string
}

func (uploadRow) TableName() string { return "uploads" }

type digestRow struct {
	Meeting string `gorm:"primaryKey"`
	Digest  string `gorm:"primaryKey"`
}

func (digestRow) TableName() string { return "digests" }

type spoolRow struct {
	Upload   string `gorm:"primaryKey"`
	Idx      int    `gorm:"primaryKey"`
	Batch    string
	Reading  string
	Verdicts string
	Picture  string
	Disposal string
	Serial   string
}

func (spoolRow) TableName() string { return "spool_pages" }

// OpenBatch opens a batch for a group and its venues.
func (s *Store) OpenBatch(ctx context.Context, actor, meeting, group string, venues []string) (b ballot.Batch, err error) {
	id, err := s.NewID()
	if err != nil {
		return b, err
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.acting(actor, "open-batch", meeting)
		if err != nil {
			return err
		}
		g, err := m.Group(group)
		if err != nil {
			return err
		}
		if len(venues) == 0 {
			return ballot.Errorf(ballot.CodeInvalid, "开批须指明会场", "a batch needs a venue")
		}
		for i, v := range venues {
			if _, err := m.Venue(v); err != nil {
				return err
			}
			if slices.Contains(venues[:i], v) {
				return ballot.Errorf(ballot.CodeInvalid, "会场“%s”写了两次", "venue %q is named twice", v)
			}
		}
		if wanted, err := tx.auditWanted(m); err != nil {
			return err
		} else if wanted {
			if _, err := tx.auditPublics(meeting); err != nil {
				return err
			}
		}
		row := batchRow{id, meeting, g.Code, ballot.VenueSet(venues), "open", 0}
		if err := tx.db.Create(&row).Error; err != nil {
			return err
		}
		b = row.batch()
		return tx.log(actor, meeting, "open_batch", g.Code+" "+row.Venues)
	})
	return b, err
}

// Batches lists a meeting's batches.
func (s *Store) Batches(ctx context.Context, meeting string) ([]ballot.Batch, error) {
	var rows []batchRow
	var piles []auditPileRow
	db := s.reads.WithContext(ctx)
	if err := errors.Join(db.Where("meeting = ?", meeting).Order("grp, venues, id").Find(&rows).Error, db.Where("meeting = ?", meeting).Find(&piles).Error); err != nil {
		return nil, err
	}
	out := make([]ballot.Batch, len(rows))
	for i, r := range rows {
		out[i] = r.batch()
		if at := slices.IndexFunc(piles, func(p auditPileRow) bool { return p.Batch == r.ID }); at >= 0 {
			out[i].Pile = piles[at].Number
		}
	}
	return out, nil
}

// Batch loads a batch.
func (s *Store) Batch(ctx context.Context, id string) (ballot.Batch, error) {
	db := s.reads.WithContext(ctx)
	row, err := one[batchRow](db, "batch", "id = ?", id)
	if err != nil {
		return ballot.Batch{}, err
	}
	b := row.batch()
	pile, err := found[auditPileRow](db, "batch = ?", id)
	if pile != nil {
		b.Pile = pile.Number
	}
	return b, err
}

// openBatch loads a batch that must be open.
func (t *Tx) openBatch(id string) (batchRow, error) {
	row, err := one[batchRow](t.db, "batch", "id = ?", id)
	if err == nil && row.State != "open" {
		err = ballot.Errorf(ballot.CodeState, "批次已关闭", "the batch is %s, not open", row.State)
	}
	return row, err
}

// feeding loads an open batch and its meeting for an operation that changes it.
func (t *Tx) feeding(actor, operation, batch string) (b batchRow, m ballot.Meeting, err error) {
	if b, err = t.openBatch(batch); err == nil {
		m, err = t.acting(actor, operation, b.Meeting)
	}
	return b, m, err
}

// AddUpload records a file in an open batch, and lets enqueue add its jobs, in one transaction. Bytes
// that the meeting has seen before are refused aloud, and so is what comes to its end after its account was closed.
func (s *Store) AddUpload(ctx context.Context, actor string, u ballot.Upload, enqueue func(*sql.Tx) error) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.addUpload(actor, u); err != nil {
			return err
		}
		return enqueue(tx.SQL())
	})
}

func (t *Tx) addUpload(actor string, u ballot.Upload) error {
	b, _, err := t.feeding(actor, "upload-scans", u.Batch)
	if err != nil {
		return err
	}
	err = t.db.Create(&digestRow{b.Meeting, u.Digest}).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ballot.Errorf(ballot.CodeDuplicate, "该文件已上传过（内容完全相同），拒绝重复计票", "this file was uploaded before (same bytes): it is refused so that nothing counts twice")
	}
	if err != nil {
		return err
	}
	var n int64
	if err := t.db.Model(&uploadRow{}).Where("batch = ?", u.Batch).Count(&n).Error; err != nil {
		return err
	}
	return t.db.Create(&uploadRow{u.ID, u.Batch, int(n) + 1, u.Name, u.Digest, u.Bytes, -1, ""}).Error
}

// Upload loads an upload with its batch.
func (s *Store) Upload(ctx context.Context, id string) (ballot.Upload, ballot.Batch, error) {
	row, err := one[uploadRow](s.reads.WithContext(ctx), "upload", "id = ?", id)
	if err != nil {
		return ballot.Upload{}, ballot.Batch{}, err
	}
	b, err := s.Batch(ctx, row.Batch)
	return ballot.Upload(row), b, err
}

// Uploads lists a batch's uploads in the order in which they came; only an open batch has any.
func (s *Store) Uploads(ctx context.Context, batch string) ([]ballot.Upload, error) {
	var rows []uploadRow
	err := s.reads.WithContext(ctx).Where("batch = ?", batch).Order("seq").Find(&rows).Error
	out := make([]ballot.Upload, len(rows))
	for i, r := range rows {
		out[i] = ballot.Upload(r)
	}
	return out, err
}

// FinishUpload records how many images an upload held, and what in it could not be opened.
func (s *Store) FinishUpload(ctx context.Context, id string, pages int, problem string) error {
	return s.writes.WithContext(ctx).Model(&uploadRow{}).Where("id = ?", id).Updates(map[string]any{"pages": pages, "error": problem}).Error
}

// SaveSpoolPage writes an image's reading; writing it again changes the reading, and not what somebody
// has said of its paper.
func (s *Store) SaveSpoolPage(ctx context.Context, p ballot.SpoolPage) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.openBatch(p.Batch); err != nil {
			return err
		}
		if _, err := one[uploadRow](tx.db, "upload", "id = ? AND batch = ?", p.Upload, p.Batch); err != nil {
			return err
		}
		row := spoolRow{p.Upload, p.Index, p.Batch, encode(p.Reading), encode(p.Verdicts), p.Picture, string(p.Disposal), string(p.Serial)}
		err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "upload"}, {Name: "idx"}},
			DoUpdates: clause.AssignmentColumns([]string{"reading", "verdicts", "picture", "serial"})}).Create(&row).Error
		if err != nil {
			return err
		}
		return tx.saveSpoolComment(p)
	})
}

// SpoolPages are the images of an open batch, in the order in which they were fed.
func (s *Store) SpoolPages(ctx context.Context, batch string) ([]ballot.SpoolPage, error) {
	var rows []spoolRow
	err := s.reads.WithContext(ctx).Table("spool_pages").Select("spool_pages.*").Joins("JOIN uploads ON uploads.id = spool_pages.upload").
		Where("spool_pages.batch = ?", batch).Order("uploads.seq, spool_pages.idx").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make([]ballot.SpoolPage, len(rows))
	for i, r := range rows {
		out[i] = ballot.SpoolPage{Upload: r.Upload, Index: r.Idx, Batch: r.Batch, Picture: r.Picture, Disposal: ballot.Disposal(r.Disposal), Serial: ballot.Pseudonym(r.Serial)}
		if err := json.Unmarshal([]byte(r.Reading), &out[i].Reading); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(r.Verdicts), &out[i].Verdicts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DisposePages says what became of rejected images of an upload, by their index there; it is one act. Whether that
// may be said is for ballot.Disposed: what is rejected follows from all images together.
func (s *Store) DisposePages(ctx context.Context, actor, batch, upload string, images []int, how ballot.Disposal) error {
	if err := how.Validate(); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		b, _, err := tx.feeding(actor, "dispose-page", batch)
		if err != nil {
			return err
		}
		for _, i := range images {
			done := tx.db.Model(&spoolRow{}).Where("batch = ? AND upload = ? AND idx = ?", batch, upload, i).Update("disposal", string(how))
			if done.Error == nil && done.RowsAffected == 0 {
				return ballot.Errorf(ballot.CodeNotFound, "没有该图像", "no such image in the batch")
			}
			if done.Error != nil {
				return done.Error
			}
		}
		tx.fact("disposal", how) // the record of acts does not say it: that a small group's sheet is void tells of its ballot
		return tx.log(actor, b.Meeting, "dispose_page", "")
	})
}

// DiscardBatch deletes an open batch with all that belongs to it, from the file too; its files may be fed
// again.
func (s *Store) DiscardBatch(ctx context.Context, actor, batch string, jobs func(*sql.Tx) error) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		b, _, err := tx.feeding(actor, "discard-batch", batch)
		if err != nil {
			return err
		}
		if err := jobs(tx.SQL()); err != nil {
			return err
		}
		same := tx.db.Model(&uploadRow{}).Select("digest").Where("batch = ?", batch)
		steps := []error{
			tx.db.Where("meeting = ? AND digest IN (?)", b.Meeting, same).Delete(&digestRow{}).Error,
			tx.db.Where("batch = ?", batch).Delete(&spoolRow{}).Error,
			tx.db.Where("batch = ?", batch).Delete(&uploadRow{}).Error,
			tx.db.Where("id = ?", batch).Delete(&batchRow{}).Error,
		}
		if err := errors.Join(steps...); err != nil {
			return err
		}
		return tx.log(actor, b.Meeting, "discard_batch", b.Grp+" "+b.Venues)
	})
	if err != nil {
		return err
	}
	return s.Scrub(ctx)
}

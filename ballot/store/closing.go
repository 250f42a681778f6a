package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type leafRow struct {
	ID      string `gorm:"primaryKey"`
	Meeting string
	Form    string
	Grp     string
	Whole   bool
}

func (leafRow) TableName() string { return "leaves" }

type pageRow struct {
	ID       string `gorm:"primaryKey"`
	Leaf     string
	Meeting  string
	Form     string
	FormPage int
	Grp      string
	Verdicts string
	Unclear  int
	Flags    string
	Reading  string
	Image    string
}

func (pageRow) TableName() string { return "pages" }

type rejectionRow struct {
	Meeting string `gorm:"primaryKey"`
	Reason  string `gorm:"primaryKey"`
	Pages   int
}

func (rejectionRow) TableName() string { return "rejections" }

// CloseBatch turns an open batch into leaves and counts and deletes everything that has an order: spool,
// uploads and, through jobs, the queue's rows. Afterwards the file holds no trace of them. Where that
// last step fails, the batch is closed all the same and Open, or the next closing, makes up for it.
func (s *Store) CloseBatch(ctx context.Context, actor, batch string, c ballot.Closing, jobs func(*sql.Tx) error) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		b, m, err := tx.feeding(actor, "close-batch", batch)
		if err != nil {
			return err
		}
		forms, err := tx.forms(b.Meeting, false)
		if err != nil {
			return err
		}
		leaves, err := checkClosing(b, forms, c)
		if err != nil {
			return fmt.Errorf("closing batch %s: %w", batch, err)
		}
		if err := tx.vouched(c); err != nil {
			return err
		}
		if err := tx.touch(b.Meeting, kindPages, kindComments); err != nil {
			return err
		}
		if err := tx.insertLeaves(b, c.Leaves); err != nil {
			return err
		}
		if err := errors.Join(tx.insertComments(b.Meeting, c.Comments), tx.useSerials(b.Meeting, forms, c), tx.sealPile(m, b, c), tx.askAgain(c.Again)); err != nil {
			return err
		}
		if err := tx.addCounts(b, c); err != nil {
			return err
		}
		if err := tx.checkReturned(m, b, c); err != nil {
			return err
		}
		if err := tx.forget(b.ID, leaves, jobs); err != nil {
			return err
		}
		tx.fact("rejected", c.Rejected)
		detail := fmt.Sprintf("%s %s: %d", b.Grp, b.Venues, leaves)
		if v := c.Vouched; v.By != "" {
			tx.fact("void", v)
			if tellsVoid(m, forms, c) {
				detail += fmt.Sprintf(", of them %d void (%s: %s)", v.Leaves, v.By, v.Reason)
			}
		}
		return tx.log(actor, b.Meeting, "close_batch", detail)
	})
	if err != nil {
		return err
	}
	return s.finishClosing(ctx)
}

// vouched checks the word for void leaves: of somebody who may set a leaf aside, which has the same outcome.
func (t *Tx) vouched(c ballot.Closing) error {
	if err := c.CheckVoid(); err != nil || c.Vouched.By == "" {
		return err
	}
	return t.mayDo(c.Vouched.By, "set-aside")
}

// tellsVoid is whether the record of acts may show how many leaves of a batch are void; the log has it in any case. Where a
// group is small, its ballots are counted together with another's, and so are those of them that are invalid. A batch
// that Closing.CheckSize lets pass as the exception is all that came back of its group.
func tellsVoid(m ballot.Meeting, forms []ballot.Form, c ballot.Closing) bool {
	k := m.Rules.SmallGroup
	return c.FewestOfPart(forms) >= k && !slices.ContainsFunc(m.EnabledGroups(), func(g ballot.VoterGroup) bool { return 0 < g.Expected() && g.Expected() < k })
}

// askAgain takes back that images of open batches are another sheet than what they were like.
func (t *Tx) askAgain(images []ballot.SpoolPage) error {
	for _, p := range images {
		said := t.db.Model(&spoolRow{}).Where("upload = ? AND idx = ? AND disposal = ?", p.Upload, p.Index, string(ballot.Distinct))
		if err := said.Update("disposal", string(ballot.Undisposed)).Error; err != nil {
			return err
		}
	}
	return nil
}

// forget deletes what had an order. The batch is closing until the file holds no trace of it.
func (t *Tx) forget(batch string, leaves int, jobs func(*sql.Tx) error) error {
	if err := jobs(t.SQL()); err != nil {
		return err
	}
	if err := t.db.Where("batch = ?", batch).Delete(&spoolRow{}).Error; err != nil {
		return err
	}
	if err := t.db.Where("batch = ?", batch).Delete(&uploadRow{}).Error; err != nil {
		return err
	}
	return t.db.Model(&batchRow{}).Where("id = ?", batch).Updates(map[string]any{"state": stateClosing, "leaves": leaves}).Error
}

// finishClosing scrubs the file where a batch is closing, and says that it is closed.
func (s *Store) finishClosing(ctx context.Context) error {
	closing := s.writes.WithContext(ctx).Model(&batchRow{}).Where("state = ?", stateClosing)
	var ids []string
	if err := closing.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	if err := s.Scrub(ctx); err != nil {
		return err
	}
	return s.writes.WithContext(ctx).Model(&batchRow{}).Where("id IN ?", ids).Update("state", string(ballot.BatchClosed)).Error
}

// Scrub rewrites the database file and empties its write-ahead log, so that neither holds old rows, nor
// places of rows that tell when they came.
//
// What it comes after is saved already: an error says so.
func (s *Store) Scrub(ctx context.Context) error {
	err := s.scrub(context.WithoutCancel(ctx)) // who asked may be gone
	if code := ballot.CodeOf(err); code != "" && code != ballot.CodeConflict {
		told := ballot.Errors(err)[0]
		return ballot.Errorf(code, "已完成并保存，但数据库里的旧痕迹还没有清除（%[1]s）；处理后请重启服务，或在下一次关闭批次、平账、确认结果时自动补做",
			"done and saved, but old traces are still in the database (%[2]s); restart the service when that is mended, or the next closing, balancing or certifying makes up for it", told.Chinese, told.English)
	}
	return err
}

func (s *Store) scrub(ctx context.Context) error {
	db := s.writes.WithContext(ctx)
	if err := db.Exec("VACUUM").Error; err != nil {
		return fmt.Errorf("rewriting the database file: %w", err)
	}
	var blocked, frames, moved int
	if err := db.Raw("PRAGMA wal_checkpoint(TRUNCATE)").Row().Scan(&blocked, &frames, &moved); err != nil {
		return fmt.Errorf("emptying the write-ahead log: %w", err)
	}
	if blocked != 0 { // somebody has been reading for longer than the busy timeout
		return ballot.Errorf(ballot.CodeConflict, "有程序长时间占用数据库，未能清除批次的痕迹；请结束该程序后重启服务", "another program keeps the database busy, so traces of a batch remain in its log: end that program and restart")
	}
	return nil
}

func (t *Tx) insertLeaves(b batchRow, leaves []ballot.ClosedLeaf) error {
	for _, l := range leaves {
		if err := t.db.Create(&leafRow{l.ID, b.Meeting, l.Pages[0].Reading.Form, b.Grp, l.Whole}).Error; err != nil {
			return err
		}
		for _, p := range l.Pages {
			r := p.Reading
			// How the sheet lay in the scanner is no measure of a vote, and may tell one stack from another.
			r.Rotation, r.Residual = 0, 0
			r.Flags = slices.DeleteFunc(slices.Clone(r.Flags), func(f string) bool { return f == ballot.FlagOCRLost })
			if len(r.Flags) == 0 {
				r.Flags = nil // an empty list would tell that there was one
			}
			// How the ink lies is kept apart: it is deleted when the meeting is certified, and a reading never changes.
			fingerprint, err := r.Fingerprint.MarshalText()
			if err != nil {
				return err
			}
			r.Fingerprint = nil
			row := pageRow{p.ID, l.ID, b.Meeting, r.Form, r.Page, b.Grp, encode(p.Verdicts), unclearIn(p.Verdicts), encode(r.Flags), encode(r), p.Image}
			if err := t.db.Create(&row).Error; err != nil {
				return err
			}
			if err := t.db.Create(&fingerprintRow{p.ID, string(fingerprint)}).Error; err != nil {
				return err
			}
		}
	}
	return t.judgeClosing(b.Meeting, leaves)
}

func (t *Tx) addCounts(b batchRow, c ballot.Closing) error {
	upsert := func(row any, column string, n int, keys ...string) error {
		var columns []clause.Column
		for _, k := range keys {
			columns = append(columns, clause.Column{Name: k})
		}
		return t.db.Clauses(clause.OnConflict{Columns: columns,
			DoUpdates: clause.Assignments(map[string]any{column: gorm.Expr(column+" + ?", n)})}).Create(row).Error
	}
	for _, n := range c.Scanned {
		if err := upsert(&scannedRow{b.Meeting, b.Venues, b.Grp, n.Subject, n.Leaves}, "leaves", n.Leaves, "meeting", "venues", "grp", "subject"); err != nil {
			return err
		}
	}
	for _, n := range c.Void {
		if err := upsert(&voidRow{b.Meeting, b.Grp, n.Subject, n.Leaves}, "leaves", n.Leaves, "meeting", "grp", "subject"); err != nil {
			return err
		}
	}
	for reason, n := range c.Rejected {
		if err := upsert(&rejectionRow{b.Meeting, string(reason), n}, "pages", n, "meeting", "reason"); err != nil {
			return err
		}
	}
	return nil
}

// checkReturned refuses a batch with which more leaves were scanned than people counted: a stack was fed
// twice, or the count is wrong. Hand counts must be there first.
func (t *Tx) checkReturned(m ballot.Meeting, b batchRow, c ballot.Closing) error {
	lines, err := t.lines(m)
	if err != nil {
		return err
	}
	var scanned []scannedRow
	if err := t.db.Where("meeting = ? AND grp = ?", m.ID, b.Grp).Find(&scanned).Error; err != nil {
		return err
	}
	for _, n := range c.Scanned {
		var rows []ballot.ScannedCount
		for _, r := range scanned {
			if r.Subject == n.Subject {
				rows = append(rows, ballot.ScannedCount{Venues: r.Venues, Group: r.Grp, Subject: r.Subject, Leaves: r.Leaves})
			}
		}
		returned, total, missing := ballot.ReturnedAgainst(lines, rows, b.Venues, b.Grp, n.Subject)
		key := ballot.LedgerKey{Venue: b.Venues, Group: b.Grp, Subject: n.Subject}.Named(m.Venues)
		if missing {
			return ballot.Errorf(ballot.CodeUnbalanced, "%[1]s：请先由两人清点并录入收回张数，再关闭批次", "%[2]s: count the returned ballots by hand, two persons, before closing the batch",
				key.Chinese(), key.English())
		}
		if total > returned {
			return ballot.Errorf(ballot.CodeUnbalanced, "%[1]s：扫描 %[4]d 张，多于人工清点收回的 %[3]d 张；是否重复进纸？", "%[2]s: %[4]d leaves scanned, only %[3]d returned by hand count; was a stack fed twice?",
				key.Chinese(), key.English(), returned, total)
		}
	}
	return nil
}

// PageIDs are the ids of all kept pages of all meetings: the names of the pictures that belong here.
func (s *Store) PageIDs(ctx context.Context) (map[string]bool, error) {
	var ids []string
	if err := s.reads.WithContext(ctx).Model(&pageRow{}).Pluck("id", &ids).Error; err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, nil
}

// OpenBatches are the batches of all meetings that are not closed.
func (s *Store) OpenBatches(ctx context.Context) ([]ballot.Batch, error) {
	var rows []batchRow
	if err := s.reads.WithContext(ctx).Where("state = 'open'").Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]ballot.Batch, len(rows))
	for i, r := range rows {
		out[i] = r.batch()
	}
	return out, nil
}

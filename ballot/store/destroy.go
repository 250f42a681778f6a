package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pingyi/ballot"
)

// destroyed is everything that goes when a meeting's ballots are destroyed, in an order that foreign keys allow. A
// table that is neither here nor in the test's list of what stays fails that test: whoever adds one has to say
// which it is.
var destroyed = []struct{ table, where string }{
	{"spool_comments", "upload IN (SELECT uploads.id FROM uploads JOIN batches ON batches.id = uploads.batch WHERE meeting = ?)"},
	{"spool_pages", "batch IN (SELECT id FROM batches WHERE meeting = ?)"},
	{"uploads", "batch IN (SELECT id FROM batches WHERE meeting = ?)"},
	{"audit_counts", "meeting = ?"},
	{"audit_piles", "meeting = ?"},
	{"audit_keys", "meeting = ?"},
	{"serials", "meeting = ?"}, // by keys that are no rows
	{"digests", "meeting = ?"}, // of files with marked ballots
	{"comments", "meeting = ?"},
	{"fingerprints", "page IN (SELECT id FROM pages WHERE meeting = ?)"},
	{"judged_pages", "meeting = ?"},
	{"judgements", "meeting = ?"},
	{"decisions", "page IN (SELECT id FROM pages WHERE meeting = ?)"},
	{"set_asides", "leaf IN (SELECT id FROM leaves WHERE meeting = ?)"},
	{"pages", "meeting = ?"},
	{"leaves", "meeting = ?"},
	{"voids", "meeting = ?"}, // by groups as they were before small ones were joined
	{"blank_pages", "meeting = ?"},
	{"blanks", "meeting = ?"},
	{"commitments", "meeting = ? AND kind = 'entries'"}, // the salt by which entries of single decisions could be tried
	// What differs between a result and its correction are single ballots.
	{"results", "meeting = ? AND number < (SELECT max(number) FROM results AS r WHERE r.meeting = results.meeting)"},
}

// DueForDestruction lists meetings whose day has come, and those whose destruction was begun and not finished.
func (s *Store) DueForDestruction(ctx context.Context) (ids []string, err error) {
	err = s.reads.WithContext(ctx).Model(&archiveRow{}).
		Where("keeping = ? OR keeping = ? AND destroy_on <= ?", ballot.Destroying, ballot.Kept, s.now().Format(time.DateOnly)).Order("meeting").Pluck("meeting", &ids).Error
	return ids, err
}

// BeginDestruction says that a meeting's ballots are being destroyed: nothing of them is given to anybody from then
// on. Before the day nobody may. Where it was begun before, it goes on. Pictures and their bytes are for the record.
func (s *Store) BeginDestruction(ctx context.Context, actor, id string, pictures int, bytes int64) error {
	s.known.Remove(id)
	return s.InTx(ctx, func(tx *Tx) error {
		a, err := tx.archiving(id)
		if err != nil {
			return err
		}
		if err := tx.may(actor, "destroy-ballots", a.State); err != nil {
			return err
		}
		if err := errors.Join(tx.asLogged(id, a.DestroyOn), a.MayDestroy()); err != nil || a.Keeping == ballot.Destroying {
			return err
		}
		row := map[string]any{"keeping": ballot.Destroying, "destroyed_by": actor, "leaves": a.Counts.Leaves, "pages": a.Counts.Pages, "pictures": pictures, "bytes": bytes}
		return tx.db.Model(&archiveRow{}).Where("meeting = ?", id).Updates(row).Error
	})
}

// DestroyRows deletes what the database holds of a meeting's ballots, and records it in the same transaction, with
// counts alone. Called again it does nothing.
func (s *Store) DestroyRows(ctx context.Context, id string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		row, err := tx.archive(id)
		if err != nil {
			return err
		}
		if row == nil || row.Keeping != string(ballot.Destroying) {
			return ballot.Errorf(ballot.CodeState, "该会议的票没有处于销毁之中", "the ballots of the meeting are not being destroyed")
		}
		var done int64
		if err := tx.db.Model(&actRow{}).Where("meeting = ? AND act = ?", id, actDestroy).Count(&done).Error; err != nil || done > 0 {
			return err
		}
		// What somebody changed from outside before is said by the log, not made good by what it says from now on.
		if err := errors.Join(tx.look(id), tx.touch(id, kindForms, kindBlanks, kindPages, kindComments, kindSerials, kindDecisions)); err != nil {
			return err
		}
		for _, d := range destroyed {
			if err := tx.db.Exec("DELETE FROM "+d.table+" WHERE "+d.where, id).Error; err != nil {
				return fmt.Errorf("destroying %s: %w", d.table, err)
			}
		}
		if err := errors.Join(tx.forgetPrint(id), tx.sealDecisions(id)); err != nil {
			return err
		}
		return tx.log(row.DestroyedBy, id, actDestroy, fmt.Sprintf("leaves %d, pages %d, pictures %d, bytes %d", row.Leaves, row.Pages, row.Pictures, row.Bytes))
	})
}

// forgetPrint takes the pictures of blanks out of forms that were learned from them.
func (t *Tx) forgetPrint(id string) error {
	forms, err := t.forms(id, true)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.Learned == nil {
			continue
		}
		for i := range f.Pages {
			f.Pages[i].Print = nil
		}
		if err := t.db.Model(&formRow{}).Where("id = ?", f.ID).Update("body", encode(f)).Error; err != nil {
			return err
		}
	}
	return nil
}

// FinishDestruction takes what was deleted out of the database's files, and says that it is done.
func (s *Store) FinishDestruction(ctx context.Context, id string) error {
	if err := s.Scrub(ctx); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		now := map[string]any{"keeping": ballot.Destroyed, "destroyed_at": s.now().UTC().Format(time.RFC3339)}
		return tx.db.Model(&archiveRow{}).Where("meeting = ? AND keeping = ?", id, ballot.Destroying).Updates(now).Error
	})
}

// lastLedger is the ledger of a meeting whose ballots were destroyed: valid and invalid ballots stand in the
// certified result alone, by groups as they were counted.
func (t *Tx) lastLedger(m ballot.Meeting) (l ballot.Ledger, err error) {
	l.Destroyed = true
	if l.Lines, err = t.lines(m); err != nil {
		return l, err
	}
	if l.Scanned, err = t.scanned(m.ID); err != nil {
		return l, err
	}
	r, err := t.lastResult(m.ID)
	if err != nil {
		return l, err
	}
	for _, g := range r.Ledger {
		l.Valid = append(l.Valid, ballot.GroupCount{Group: g.Group, Leaves: g.Valid})
		l.Invalid = append(l.Invalid, ballot.GroupCount{Group: g.Group, Leaves: g.Invalid})
	}
	return l, nil
}

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type exportRow struct {
	Meeting     string `gorm:"primaryKey"`
	AskedBy     string
	Reason      string
	ConfirmedBy string
	ConfirmedAt string
	LastAct     int64
	Digest      string
	Bytes       int64
}

func (exportRow) TableName() string { return "exports" }

type archiveRow struct {
	Meeting     string `gorm:"primaryKey"`
	DestroyOn   string
	Keeping     string
	DestroyedBy string
	DestroyedAt string
	Leaves      int
	Pages       int
	Pictures    int
	Bytes       int64
}

func (archiveRow) TableName() string { return "archives" }

// Acts that name a day of destruction, and the one of two persons that exports a meeting's records.
const (
	actArchive  = "archive"
	actPostpone = "postpone_destruction"
	actExport   = "export_records"
	actDownload = "download_records"
)

// What those acts say before the day, and before a file's digest.
const (
	saidDay    = "ballots to be destroyed on "
	saidDigest = "SHA-256 "
)

// destroyOn is the day that an act names from which on ballots are destroyed.
func (r actRow) destroyOn() string {
	if r.Act == actArchive {
		day, _ := strings.CutPrefix(r.Detail, saidDay) // a version before this one named none
		return day
	}
	_, later, _ := strings.Cut(r.Detail, " → ")
	day, _, _ := strings.Cut(later, " ")
	return day
}

// asLogged refuses where a meeting's day of destruction is not the one that the log named last.
func (t *Tx) asLogged(meeting, destroyOn string) error {
	last, err := found[actRow](t.db.Order("id DESC"), "meeting = ? AND act IN ?", meeting, []string{actArchive, actPostpone})
	if err != nil {
		return err
	}
	day := ""
	if last != nil {
		day = last.destroyOn()
	}
	if day != destroyOn {
		return ballot.Errorf(CodeEvidence, "销毁日期（%[1]s）不是操作记录所记的（%[2]s），可能被人从系统之外改动：不销毁、不推迟，请用 pingyi verify 核对", "the day of destruction, %[1]s, is not the one of the record of acts, %[2]s: it was changed from outside; nothing is destroyed, nor put off; see pingyi verify",
			orDash(destroyOn), orDash(day))
	}
	return nil
}

// ExportRecords needs two persons of the committee: the first asks and says why, the second confirms. Afterwards
// both may download what was recorded up to then.
func (s *Store) ExportRecords(ctx context.Context, actor, id, reason string) (Signed, error) {
	return s.sign(ctx, actor, id, actExport, reason, ballot.Released, nil, func(tx *Tx, _ ballot.Meeting, first signatureRow) error {
		row := exportRow{Meeting: id, AskedBy: first.Person, Reason: first.Reason, ConfirmedBy: actor, ConfirmedAt: tx.moment()}
		if err := tx.db.Model(&actRow{}).Select("coalesce(max(id), 0)").Scan(&row.LastAct).Error; err != nil {
			return err
		}
		return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
}

// Archiving tells where a meeting stands between release and the end of its ballots. Pictures are no rows: they
// are counted by who keeps them, until they begin to be destroyed.
func (s *Store) Archiving(ctx context.Context, id string) (a ballot.Archiving, err error) {
	err = s.view(ctx, func(tx *Tx) error { a, err = tx.archiving(id); return err })
	return a, err
}

func (t *Tx) archiving(id string) (a ballot.Archiving, err error) {
	m, err := t.meeting(id)
	if err != nil {
		return a, err
	}
	a = ballot.Archiving{State: m.State, Keeping: ballot.Kept}
	if m.State != ballot.Released && m.State != ballot.Archived {
		return a, nil
	}
	released, err := t.released(id)
	if err != nil {
		return a, err
	}
	now := t.store.now()
	a.Released, a.Terms = released.Format(time.DateOnly), ballot.TermsOf(released, now)
	if a.Export, err = t.export(id); err != nil {
		return a, err
	}
	row, err := t.archive(id)
	if err != nil {
		return a, err
	}
	if row == nil {
		a.Counts, err = t.remains(id)
		return a, err
	}
	a.DestroyOn, a.Keeping, a.DestroyedBy = row.DestroyOn, ballot.Keeping(row.Keeping), row.DestroyedBy
	a.Due = row.DestroyOn <= now.Format(time.DateOnly)
	a.Counts = ballot.Remains{Leaves: row.Leaves, Pages: row.Pages, Pictures: row.Pictures, Bytes: row.Bytes}
	switch a.Keeping {
	case ballot.Kept:
		a.Counts, err = t.remains(id)
	case ballot.Destroyed:
		a.DestroyedAt, err = moment(row.DestroyedAt)
	}
	return a, err
}

func moment(text string) (*time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	return &at, err
}

// released is when the meeting's results came out, in the service's own time zone.
func (t *Tx) released(meeting string) (time.Time, error) {
	row, err := one[actRow](t.db.Order("id DESC"), "result", "meeting = ? AND act = 'release'", meeting)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, row.Time)
	return at.In(t.store.now().Location()), err
}

// export is the last one that was signed, and who has asked for the next.
func (t *Tx) export(meeting string) (e ballot.RecordsExport, err error) {
	if e, waits, err := t.asked(meeting, actExport); waits || err != nil {
		return e, err
	}
	row, err := found[exportRow](t.db, "meeting = ?", meeting)
	if err != nil || row == nil {
		return e, err
	}
	e = ballot.RecordsExport{AskedBy: row.AskedBy, Reason: row.Reason, ConfirmedBy: row.ConfirmedBy, Digest: row.Digest, Bytes: row.Bytes, LastAct: row.LastAct}
	if err := confirmedAt(&e, row.ConfirmedAt); err != nil {
		return e, err
	}
	var since int64
	err = t.db.Model(&actRow{}).Where("meeting = ? AND id > ? AND act IN ('conclude', 'set_overall_cap')", meeting, row.LastAct).Count(&since).Error
	e.Outdated = since > 0
	return e, err
}

// asked is an export that one person has asked for and waits for the second; by it the export before it is past.
func (t *Tx) asked(meeting, act string) (e ballot.RecordsExport, waits bool, err error) {
	by, _, err := t.signatures(meeting)
	if waits = len(by[act]) > 0; waits {
		e = ballot.RecordsExport{AskedBy: by[act][0].Person, Reason: by[act][0].Reason}
	}
	return e, waits, err
}

// confirmedAt sets when an export was confirmed, and so until when it is good.
func confirmedAt(e *ballot.RecordsExport, text string) (err error) {
	if e.ConfirmedAt, err = moment(text); err != nil {
		return err
	}
	until := e.ConfirmedAt.AddDate(0, 0, ballot.ExportDays)
	e.Until = &until
	return nil
}

// archive is what was set when the meeting was archived; nil where nothing was, as by versions before this one.
func (t *Tx) archive(meeting string) (*archiveRow, error) {
	return found[archiveRow](t.db, "meeting = ?", meeting)
}

// remains counts what is kept of a meeting's ballots, without pictures.
func (t *Tx) remains(meeting string) (n ballot.Remains, err error) {
	var leaves, pages int64
	err = errors.Join(t.db.Model(&leafRow{}).Where("meeting = ?", meeting).Count(&leaves).Error,
		t.db.Model(&pageRow{}).Where("meeting = ?", meeting).Count(&pages).Error)
	n.Leaves, n.Pages = int(leaves), int(pages)
	return n, err
}

// exportable loads a released meeting's export that a person may download now.
func (t *Tx) exportable(actor, id string) (e ballot.RecordsExport, err error) {
	if _, err = t.acting(actor, "download-records", id); err == nil {
		e, err = t.export(id)
	}
	if err == nil {
		err = e.Good(actor, t.store.now())
	}
	return e, err
}

// MayDownload is the export that a person may download now, and the certified result as it is kept, with its number.
func (s *Store) MayDownload(ctx context.Context, actor, id string) (e ballot.RecordsExport, certified []byte, number int, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if e, err = tx.exportable(actor, id); err != nil {
			return err
		}
		row, err := one[resultRow](tx.db.Order("number DESC"), "result", "meeting = ?", id)
		certified, number = []byte(row.Body), row.Number
		return err
	})
	return e, certified, number, err
}

// Downloaded records that a person takes the file of an export away: its SHA-256 in hexadecimal and its size.
func (s *Store) Downloaded(ctx context.Context, actor, id, digest string, bytes int64) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.exportable(actor, id); err != nil { // also where a conclusion changed while the file was made
			return err
		}
		row := map[string]any{"digest": digest, "bytes": bytes}
		if err := tx.db.Model(&exportRow{}).Where("meeting = ?", id).Updates(row).Error; err != nil {
			return err
		}
		tx.fact("bytes", bytes)
		return tx.log(actor, id, actDownload, saidDigest+digest)
	})
}

// Archive ends a released meeting whose records were exported, and sets the day from which on its ballots are
// destroyed, YYYY-MM-DD.
func (s *Store) Archive(ctx context.Context, actor, id, destroyOn string) (ballot.Meeting, error) {
	return s.change(ctx, actor, id, actArchive, func(tx *Tx, m *ballot.Meeting) error {
		if err := tx.may(actor, "archive", m.State); err != nil {
			return err
		}
		a, err := tx.archiving(id)
		if err != nil {
			return err
		}
		if err := a.Exported(); err != nil {
			return err
		}
		if err := a.Terms.Check(destroyOn); err != nil {
			return err
		}
		m.State, tx.detail = ballot.Archived, saidDay+destroyOn
		if err := tx.db.Where("meeting = ?", id).Delete(&signatureRow{}).Error; err != nil {
			return err
		}
		return tx.db.Create(&archiveRow{Meeting: id, DestroyOn: destroyOn, Keeping: string(ballot.Kept)}).Error
	})
}

// PostponeDestruction sets a later day, with a reason; also the first, for a meeting that a version before this one
// archived.
func (s *Store) PostponeDestruction(ctx context.Context, actor, id, destroyOn, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return ballot.Errorf(ballot.CodeInvalid, "推迟销毁须写明理由", "postponing the destruction needs a reason").In("reason")
	}
	return s.InTx(ctx, func(tx *Tx) error {
		a, err := tx.archiving(id)
		if err != nil {
			return err
		}
		if err := tx.may(actor, "postpone-destruction", a.State); err != nil {
			return err
		}
		if err := errors.Join(tx.asLogged(id, a.DestroyOn), a.MayPostpone(destroyOn)); err != nil {
			return err
		}
		row := archiveRow{Meeting: id, DestroyOn: destroyOn, Keeping: string(ballot.Kept)}
		if a.DestroyOn == "" {
			err = tx.db.Create(&row).Error
		} else {
			err = tx.db.Model(&archiveRow{}).Where("meeting = ?", id).Update("destroy_on", destroyOn).Error
		}
		if err != nil {
			return err
		}
		return tx.log(actor, id, actPostpone, fmt.Sprintf("%s → %s %s", orDash(a.DestroyOn), destroyOn, strings.TrimSpace(reason)))
	})
}

// kept refuses where the meeting's ballots are gone, or going.
func (t *Tx) kept(meeting string) error {
	row, err := t.archive(meeting)
	if err != nil || row == nil || row.Keeping == string(ballot.Kept) {
		return err
	}
	return ballot.GoneOf(row.DestroyOn)
}

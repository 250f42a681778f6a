package store

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"gorm.io/gorm"

	"pingyi/ballot"
)

// Snapshot is a copy of a database at one moment.
type Snapshot struct {
	Pictures []string // of its pages, as meeting/page, in the order of their names
}

// TakeSnapshot writes a copy of the database file from to the new file to, while others may be using it. Nothing but
// what the database holds at that moment gets there: no free pages, no log, no sessions. While a batch is open it
// refuses with ballot.CodeState and names the batch, since an open batch has an order.
func TakeSnapshot(ctx context.Context, from, to string) (snap Snapshot, err error) {
	if err := copyClosed(ctx, from, to); err != nil {
		return snap, fmt.Errorf("copying the database: %w", err)
	}
	db, err := connect(to, "mode=rw&_foreign_keys=on&_secure_delete=on", 1)
	if err != nil {
		return snap, err
	}
	defer func() { err = errors.Join(err, pool(db).Close()) }()
	db = db.WithContext(ctx)
	if err := noOpenBatch(db); err != nil {
		return snap, err
	}
	if err := db.Exec("DELETE FROM sessions").Error; err != nil { // a copy opens no session
		return snap, err
	}
	snap.Pictures, err = check(db)
	return snap, err
}

// copyClosed copies a database in which no batch is open: of one that is, nothing is written down elsewhere. TakeSnapshot
// looks at the copy again, since a batch may be opened meanwhile.
func copyClosed(ctx context.Context, from, to string) (err error) {
	source, err := connect(from, "mode=ro&_busy_timeout=5000", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool(source).Close()) }()
	source = source.WithContext(ctx)
	if err := noOpenBatch(source); err != nil {
		return err
	}
	if err := private(to); err != nil {
		return err
	}
	return source.Exec("VACUUM INTO ?", to).Error
}

// CheckFile looks at a database file as SQLite itself does, and lists the pictures of its pages as TakeSnapshot does.
// A file that is not whole is an error.
func CheckFile(ctx context.Context, file string) (snap Snapshot, err error) {
	db, err := connect(file, "mode=ro&_busy_timeout=5000", 1)
	if err != nil {
		return snap, err
	}
	snap.Pictures, err = check(db.WithContext(ctx))
	return snap, errors.Join(err, pool(db).Close())
}

func check(db *gorm.DB) (pictures []string, err error) {
	said, err := integrity(db)
	if err != nil {
		return nil, err
	}
	if len(said) > 0 {
		return nil, fmt.Errorf("the database is damaged: %s", strings.Join(said, "; "))
	}
	var broken []string
	if err := db.Raw(`SELECT "table" || ' → ' || parent AS broken FROM pragma_foreign_key_check LIMIT 10`).Pluck("broken", &broken).Error; err != nil {
		return nil, err
	}
	if len(broken) > 0 {
		return nil, fmt.Errorf("rows of the database refer to rows that are not there: %s", strings.Join(broken, "; "))
	}
	var rows []pageRow
	if err := db.Select("id", "meeting").Order("meeting, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		pictures = append(pictures, path.Join(r.Meeting, r.ID))
	}
	return pictures, nil
}

// noOpenBatch refuses where a batch is open, or was being closed when the service ended.
func noOpenBatch(db *gorm.DB) error {
	var rows []batchRow
	if err := db.Where("state <> ?", string(ballot.BatchClosed)).Order("id").Find(&rows).Error; err != nil {
		return err
	}
	var faults []error
	for _, r := range rows {
		m, err := (&Tx{db: db, reads: true}).meeting(r.Meeting)
		if err != nil {
			return err
		}
		faults = append(faults, ballot.Errorf(ballot.CodeState,
			"“%[1]s”%[2]s票、会场 %[3]s 的批次还开着：打开的批次带有进纸次序，不能备份；请先关闭或放弃该批，再备份",
			"a batch of %[1]q, group %[2]s, venue %[3]s, is open: an open batch has an order and is not backed up; close or discard it first", m.Title, r.Grp, r.Venues))
	}
	return errors.Join(faults...)
}

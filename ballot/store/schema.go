package store

import (
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"

	"pingyi/ballot"
)

// own refuses a database that has other tables or triggers than this program makes: they could change what is written,
// and what is signed after it would say the changed.
func (t *Tx) own() error {
	names, err := t.foreign()
	if err != nil || len(names) == 0 {
		return err
	}
	return ballot.Errorf(CodeEvidence, "数据库结构被人从系统之外改动（%[1]s），写入的内容可能随之被改，不能使用：请用 pingyi verify 核对，并恢复改动之前的备份",
		"the database's schema was changed from outside (%[1]s), which may change what is written, so that it is not used: see pingyi verify, and restore a backup from before", strings.Join(names, ", "))
}

// foreign names what the schema has beside what this program makes, or otherwise, or not at all. The job queue looks after
// its own. A database of another version cannot be compared.
func (t *Tx) foreign() (names []string, err error) {
	own, err := ownSchema()
	if err != nil {
		return nil, err
	}
	have, err := schemaOf(t.db.Raw(schemaQuery).Rows())
	if err != nil {
		return nil, err
	}
	var version int64
	if err := t.db.Raw(versionQuery).Row().Scan(&version); err != nil {
		return nil, err
	}
	if version != own.version {
		return nil, ballot.Errorf(CodeEvidence, "数据库版本为 %d，本程序的为 %d：请改用写入它的那一版程序，或先升级", "the database has version %d and this program %d: use the program that wrote it, or upgrade first", version, own.version)
	}
	for name, made := range own.made {
		if have[name] != made {
			names = append(names, name)
		}
		delete(have, name)
	}
	names = slices.AppendSeq(names, maps.Keys(have))
	slices.Sort(names)
	return names, nil
}

// sound refuses a file that is not whole by SQLite's own check, which holds each index against its table: a query that an
// index covers never sees the table, so that an index by one of our names could have votes counted that no row has.
func (t *Tx) sound() error {
	said, err := integrity(t.db)
	if err != nil || len(said) == 0 {
		return err
	}
	return ballot.Errorf(CodeEvidence, "数据库文件已损坏，或索引与表不符（%[1]s），可能被人从系统之外改动，不能使用：请停止操作，用 pingyi verify 核对，并恢复此前的备份",
		"the database file is damaged, or an index is not its table's (%[1]s), so that it is not used: it may have been changed from outside; stop, see pingyi verify, and restore a backup from before", strings.Join(said, "; "))
}

// integrity is what SQLite finds wrong with a file, if anything.
func integrity(db *gorm.DB) (said []string, err error) {
	err = db.Raw("PRAGMA integrity_check(10)").Pluck("integrity_check", &said).Error
	if slices.Equal(said, []string{"ok"}) {
		said = nil
	}
	return said, err
}

const versionQuery = "SELECT max(version_id) FROM goose_db_version"

// schemaQuery leaves out the job queue's tables with their indexes, and the tables by which SQLite counts and plans. An index on
// another table is none of the queue's, whatever its name.
const schemaQuery = `SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
	WHERE NOT (type IN ('table', 'index') AND tbl_name LIKE 'river\_%' ESCAPE '\') AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))`

// madeSchema is what made each table, index and trigger, by kind and name.
type madeSchema struct {
	made    map[string]string
	version int64
}

// ownSchema is what the migrations of this program make.
var ownSchema = sync.OnceValues(func() (own madeSchema, err error) {
	db, err := sql.Open("sqlite3", "file::memory:")
	if err != nil {
		return own, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := migrate(db); err != nil {
		return own, err
	}
	if own.made, err = schemaOf(db.Query(schemaQuery)); err != nil {
		return own, err
	}
	return own, db.QueryRow(versionQuery).Scan(&own.version)
})

// schemaOf gives what made each table, index and trigger; two of one name are what neither is.
func schemaOf(rows *sql.Rows, err error) (map[string]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, made string
		if err := rows.Scan(&name, &made); err != nil {
			return nil, err
		}
		out[name] += made
	}
	return out, rows.Err()
}

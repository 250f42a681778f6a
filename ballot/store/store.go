// Package store keeps meetings, ledgers, pages and people in a SQLite database, and is the only user of
// gorm. Every method is one transaction: it loads, lets the pure functions of ballot and tally decide,
// and saves. The rows of pages hold nothing that tells a sheet's order, time, venue or batch.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/pressly/goose/v3"
	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/tally"
)

//go:embed migrations
var migrations embed.FS

// Options injects time and randomness; the zero value takes the clock and crypto/rand.
type Options struct {
	Now    func() time.Time
	Random io.Reader
}

// Store is the database. It is safe for concurrent use: one connection writes, and several read what
// was last saved meanwhile.
type Store struct {
	writes *gorm.DB
	reads  *gorm.DB
	now    func() time.Time
	random io.Reader
	key    *evidence.Key

	known   *lru.Cache[string, *knownMeeting]
	results *lru.Cache[resultKey, *tally.Result] // released ones, which hundreds may ask for at once
}

// resultsKept is how many released results are held, each of at most a few megabytes.
const resultsKept = 16

// Settings are given in the DSN so that each connection of a pool has them.
const (
	writing = "_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_txlock=immediate&_secure_delete=on"
	reading = "_query_only=on&_busy_timeout=5000&_txlock=deferred"
)

// readers is the number of connections that read: more than cores only wait for each other.
const readers = 4

// Open opens the database file, creating and migrating it as needed, and the key beside it that signs its log. Where a process ended in the middle
// of closing a batch, the closing is brought to its end.
func Open(path string, o Options) (*Store, error) {
	s := newStore(o)
	if err := s.open(path); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, OfMachine(err)), s.Close())
	}
	return s, nil
}

func newStore(o Options) *Store {
	s := &Store{now: o.Now, random: o.Random}
	s.known, _ = lru.New[string, *knownMeeting](knownKept) // these fail only for a size of none
	s.results, _ = lru.New[resultKey, *tally.Result](resultsKept)
	if s.now == nil {
		s.now = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	return s
}

func (s *Store) open(path string) error {
	if err := private(path); err != nil {
		return err
	}
	if err := s.connect(path); err != nil {
		return err
	}
	if err := s.view(context.Background(), func(tx *Tx) error { return errors.Join(tx.own(), tx.sound()) }); err != nil {
		return err
	}
	if err := s.beginLog(path); err != nil {
		return err
	}
	return s.finishClosing(context.Background())
}

// private makes a database file that is not there yet, and lets nobody but its owner read it: SQLite gives its own files
// to all, and the journals beside them the mode that they have.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	err = f.Chmod(0o600)
	if errors.Is(err, os.ErrPermission) { // it is somebody else's, who lets this user write
		err = nil
	}
	return errors.Join(err, f.Close())
}

func (s *Store) connect(path string) (err error) {
	// One writer: others queue for it in Go, in turn, instead of finding the file locked.
	if s.writes, err = connect(path, writing, 1); err != nil {
		return err
	}
	if err := migrate(s.DB()); err != nil {
		return err
	}
	s.reads, err = connect(path, reading, readers)
	return err
}

func connect(path, settings string, connections int) (*gorm.DB, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings}
	db, err := gorm.Open(naming{sqlite.Open(dsn.String()).(*sqlite.Dialector)}, &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true, TranslateError: true})
	if err != nil {
		return nil, err
	}
	pool(db).SetMaxOpenConns(connections)
	return db, nil
}

// pool is the database/sql pool that gorm was opened on.
func pool(db *gorm.DB) *sql.DB { return db.ConnPool.(*sql.DB) }

func migrate(pool *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	// Numbers are given out when work begins, and work does not end in their order.
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, files, goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	_, err = p.Up(context.Background())
	return err
}

// Close closes the database.
func (s *Store) Close() error {
	var faults []error
	for _, db := range []*gorm.DB{s.reads, s.writes} { // the writer last: it empties and removes the write-ahead log
		if db != nil {
			faults = append(faults, pool(db).Close())
		}
	}
	return errors.Join(faults...)
}

// DB is the pool of one connection that writes; the job queue shares it.
func (s *Store) DB() *sql.DB { return pool(s.writes) }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return OfMachine(pool(s.reads).PingContext(ctx)) }

// Tx is a transaction under way.
type Tx struct {
	db     *gorm.DB
	store  *Store
	reads  bool   // nothing is written, and what is seen is saved
	detail string // what the record says of the act, beside its name

	// Of a transaction that writes (see evidence.go):
	facts   map[string]any           // what the next entry says beside digests
	touched map[string]map[kind]bool // what the next entry digests in any case, by meeting
	outside map[string][]kind        // what was not as the log says when the transaction began, by meeting
	at      string
	size    int64 // of the log
	hashes  map[int64]tlog.Hash
	dirty   bool
	stepped string // the meeting whose state changed
	rowSalt []byte // the salt of the entries of decisions
}

// SQL is the transaction as database/sql knows it, for a job queue that enqueues in it.
func (t *Tx) SQL() *sql.Tx { return t.db.Statement.ConnPool.(*sql.Tx) }

// InTx runs fn in a transaction: all that it does is saved, or nothing. Nothing else is written
// meanwhile, so fn must not call the Store.
func (s *Store) InTx(ctx context.Context, fn func(*Tx) error) error {
	return OfMachine(s.writes.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		tx := &Tx{db: db, store: s, touched: map[string]map[kind]bool{}, outside: map[string][]kind{}}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.finish()
	}))
}

// view runs fn on one state of the database, without holding up those who write.
func (s *Store) view(ctx context.Context, fn func(*Tx) error) error {
	return OfMachine(s.reads.WithContext(ctx).Transaction(func(db *gorm.DB) error { return fn(&Tx{db: db, store: s, reads: true}) }))
}

// NewID draws a random id of 128 bits.
func (s *Store) NewID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:]), nil
}

// one loads the row that the condition names; where there is none, the error is ballot.CodeNotFound.
func one[T any](db *gorm.DB, what string, condition string, args ...any) (T, error) {
	var row T
	err := db.Where(condition, args...).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ballot.Errorf(ballot.CodeNotFound, "没有该%[1]s", "no such %[2]s", chinese[what], what)
	}
	return row, err
}

// found loads a row that there may be; nil where there is none.
func found[T any](db *gorm.DB, condition string, args ...any) (*T, error) {
	var row T
	err := db.Where(condition, args...).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil //nolint:nilnil // none is an answer
	}
	return &row, err
}

var chinese = map[string]string{"user": "用户", "meeting": "会议", "batch": "批次", "upload": "上传", "page": "票面", "form": "表样", "row": "行", "result": "结果", "comment": "意见", "blank": "空白票", "token": "令牌"}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values of ballot and tally: cannot fail
	}
	return string(b)
}

func decode[T any](s string) (T, error) {
	var v T
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return v, fmt.Errorf("stored JSON: %w", err)
	}
	return v, nil
}

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
)

type hashRow struct {
	ID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Hash []byte
}

func (hashRow) TableName() string { return "log_hashes" }

type headRow struct {
	ID   int `gorm:"primaryKey"`
	Note string
}

func (headRow) TableName() string { return "log_head" }

type checkpointRow struct {
	Size    int64 `gorm:"primaryKey;autoIncrement:false"`
	Meeting string
	Note    string
}

func (checkpointRow) TableName() string { return "checkpoints" }

type sealedRow struct {
	Meeting string `gorm:"primaryKey"`
	Digest  []byte
}

func (sealedRow) TableName() string { return "sealed_decisions" }

// Acts of the log itself: its beginning, with the key that signs it, and what certifying says of each decision.
const (
	actBegin    = "begin_log"
	actNewKey   = "new_key"
	actDecision = "decision"
	actSetAside = "set_aside"
)

// beginLog loads or makes the key, and begins the log of a database that has none: with the acts that it has, and a
// digest of all that is there. A key that is not the log's own is refused.
func (s *Store) beginLog(path string) (err error) {
	folder := filepath.Dir(path)
	var head headRow
	err = s.writes.Take(&head).Error
	none := errors.Is(err, gorm.ErrRecordNotFound)
	if err != nil && !none {
		return err
	}
	s.key, err = evidence.LoadKey(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist) && none:
		s.key, err = evidence.MakeKey(folder, s.random)
	case errors.Is(err, fs.ErrNotExist):
		return ballot.Errorf(CodeEvidence, "数据文件夹里缺少存证密钥 %s：请把另行保管的那一份放回；确已丢失的，用 pingyi evidence new-key 换一把", "the data folder lacks the key of its log, %s: put the copy back that you keep elsewhere, or, where it is lost, see pingyi evidence new-key", evidence.KeyFile)
	}
	if err != nil {
		return err
	}
	if none {
		return s.InTx(context.Background(), (*Tx).beginLog)
	}
	if _, err := evidence.OpenNote(head.Note, s.key.Verifier()); err != nil {
		return ballot.Errorf(CodeEvidence, "存证密钥 %s 与数据库不符：数据库或密钥被换过，请用 pingyi verify 核对", "the key %s did not sign the log of this database: one of them was exchanged; see pingyi verify", evidence.KeyFile)
	}
	return nil
}

// ReplaceKey gives a database whose key is lost another one, and says so in the log: from then on it vouches for what is
// there, and who has the old public key has to be told the new one. The log must be whole by the old one.
func ReplaceKey(ctx context.Context, path string, o Options, actor, reason string) (verifier string, err error) {
	s := newStore(o)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.connect(path); err != nil {
		return "", err
	}
	if _, err := evidence.LoadKey(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(ballot.Errorf(ballot.CodeConflict, "数据文件夹里有存证密钥 %s，不需要更换", "the data folder has a key, %s: it needs no other", evidence.KeyFile), err)
	}
	if strings.TrimSpace(reason) == "" {
		return "", ballot.Errorf(ballot.CodeInvalid, "更换存证密钥须写明理由", "another key needs a reason")
	}
	var head headRow
	var old actRow
	if err := errors.Join(s.writes.Take(&head).Error, s.writes.Where("meeting = '' AND act IN ?", []string{actBegin, actNewKey}).Order("id DESC").Take(&old).Error); err != nil {
		return "", err
	}
	if _, err := evidence.OpenNote(head.Note, old.verifier()); err != nil {
		return "", ballot.Errorf(CodeEvidence, "现有存证的签名不符，不能换密钥：请用 pingyi verify 核对", "the log's signature is wrong, so it gets no other key: see pingyi verify")
	}
	if s.key, err = evidence.MakeKey(filepath.Dir(path), s.random); err != nil {
		return "", err
	}
	return s.key.Verifier(), s.InTx(ctx, func(tx *Tx) error { return tx.log(actor, "", actNewKey, s.key.Verifier()+" "+reason) })
}

// verifier is the public key that an act names which begins the log, or gives it another key.
func (r actRow) verifier() string {
	key, _, _ := strings.Cut(r.Detail, " ")
	return key
}

// CodeEvidence is that what is kept contradicts the log, or the log itself.
const CodeEvidence ballot.Code = "evidence"

func (t *Tx) beginLog() error {
	var head int64
	if err := t.db.Model(&headRow{}).Count(&head).Error; err != nil || head > 0 {
		return err // another process was first
	}
	var acts []actRow
	if err := t.db.Order("id").Find(&acts).Error; err != nil {
		return err
	}
	for _, a := range acts {
		if err := t.appendLeaf(a.entry()); err != nil {
			return err
		}
	}
	if err := t.logAll("", t.store.key.Verifier()); err != nil {
		return err
	}
	var meetings []meetingRow
	if err := t.db.Order("id").Find(&meetings).Error; err != nil {
		return err
	}
	for _, m := range meetings {
		if err := t.sealDecisions(m.ID); err != nil {
			return err
		}
		if err := t.logAll(m.ID, m.State); err != nil {
			return err
		}
	}
	return nil
}

// logAll begins the log of a meeting, or of accounts, by a digest of all that is there.
func (t *Tx) logAll(meeting, detail string) error {
	t.mark(meeting, kindsOf(meeting)...)
	if meeting != "" && (detail == string(ballot.Draft) || detail == string(ballot.Sealed) || detail == string(ballot.Open)) {
		delete(t.touched[meeting], kindDecisions)
	}
	return t.log("", meeting, actBegin, detail)
}

// appendLeaf adds an entry to the tree.
func (t *Tx) appendLeaf(e evidence.Entry) error {
	if err := t.loadSize(); err != nil {
		return err
	}
	hashes, err := tlog.StoredHashes(t.size, e.Canonical(), t)
	if err != nil {
		return err
	}
	at := tlog.StoredHashIndex(0, t.size)
	for i, h := range hashes {
		if err := t.db.Create(&hashRow{at + int64(i), h[:]}).Error; err != nil {
			return err
		}
		t.hashes[at+int64(i)] = h
	}
	t.size++
	t.dirty = true
	return nil
}

// loadSize learns the number of entries from the head.
func (t *Tx) loadSize() error {
	if t.hashes != nil {
		return nil
	}
	t.hashes = map[int64]tlog.Hash{}
	var head headRow
	err := t.db.Take(&head).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := evidence.Parse(head.Note)
	t.size = c.Size
	return err
}

// ReadHashes gives stored hashes of the tree.
func (t *Tx) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		h, known := t.hashes[id]
		if !known {
			row, err := one[hashRow](t.db, "row", "id = ?", id)
			if err != nil {
				return nil, fmt.Errorf("hash %d of the log: %w", id, err)
			}
			h = tlog.Hash(row.Hash)
		}
		out[i] = h
	}
	return out, nil
}

// sealDecisions digests a meeting's decisions as they are now.
func (t *Tx) sealDecisions(meeting string) error {
	d, err := t.digest(kindDecisions, meeting)
	if err != nil {
		return err
	}
	if err := t.loadSize(); err != nil {
		return err
	}
	t.dirty = true
	return t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&sealedRow{meeting, d[:]}).Error
}

// finish signs the log's head where the transaction changed it, and the checkpoint of a change of state. A trigger that
// came while the service was running is not signed for.
func (t *Tx) finish() error {
	if !t.dirty {
		return nil
	}
	if err := t.own(); err != nil {
		return err
	}
	root, err := tlog.TreeHash(t.size, t)
	if err != nil {
		return err
	}
	c := evidence.Checkpoint{Origin: t.store.key.Origin(), Size: t.size, Root: root}
	sealed, err := t.allSealed()
	if err != nil {
		return err
	}
	signed, err := t.store.key.Sign(headText(c, sealed))
	if err != nil {
		return err
	}
	if err := t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&headRow{1, signed}).Error; err != nil {
		return err
	}
	if t.stepped == "" {
		return nil
	}
	signed, err = c.Sign(t.store.key)
	if err != nil {
		return err
	}
	return t.db.Create(&checkpointRow{c.Size, t.stepped, signed}).Error
}

// headText is a checkpoint, under a name of its own so that nobody takes one for the other, and the decisions.
func headText(c evidence.Checkpoint, sealed tlog.Hash) string {
	c.Origin += "/head"
	return c.Text() + "decisions " + sealed.String() + "\n"
}

// allSealed is one digest over the digests of all meetings' decisions.
func (t *Tx) allSealed() (tlog.Hash, error) {
	return t.rows("SELECT meeting, digest FROM sealed_decisions ORDER BY meeting")
}

// salt draws a salt.
func (t *Tx) salt() ([]byte, error) {
	salt := make([]byte, evidence.SaltSize)
	_, err := io.ReadFull(t.store.random, salt)
	return salt, err
}

// moment is one time for all that a transaction logs.
func (t *Tx) moment() string {
	if t.at == "" {
		t.at = t.store.now().UTC().Format(time.RFC3339)
	}
	return t.at
}

// rows digests what a query gives, column by column; a picture stands for itself by its digest.
func (t *Tx) rows(query string, args ...any) (tlog.Hash, error) {
	leaves, err := t.leaves(query, args...)
	return evidence.Root(leaves), err
}

func (t *Tx) leaves(query string, args ...any) (out []tlog.Hash, err error) {
	rows, err := t.db.Raw(query, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values := make([]sql.RawBytes, len(columns))
	into, row := make([]any, len(columns)), make([][]byte, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			row[i] = v
			if strings.HasPrefix(columns[i], "picture") && v != nil {
				sum := sha256.Sum256(v)
				row[i] = sum[:]
			}
		}
		out = append(out, evidence.Row(row...))
	}
	return out, rows.Err()
}

// fact adds to what the next entry says.
func (t *Tx) fact(name string, value any) {
	if t.facts == nil {
		t.facts = map[string]any{}
	}
	t.facts[name] = value
}

// factsOf reads the facts of an act.
func factsOf(text string) (map[string]json.RawMessage, error) {
	facts := map[string]json.RawMessage{}
	if text == "" {
		return facts, nil
	}
	err := json.Unmarshal([]byte(text), &facts)
	return facts, err
}

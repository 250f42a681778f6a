package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
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

// beginLog loads the key, and begins the log of a database that has none: with the acts that it has, and a digest of all that
// is there. A key that is not the log's own is refused, and a log that is not as it was signed.
func (s *Store) beginLog(path string) error {
	folder, ctx := filepath.Dir(path), context.Background()
	head, err := found[headRow](s.writes, "id = 1")
	if err == nil && head == nil {
		err = s.InTx(ctx, func(tx *Tx) error { return tx.beginLog(folder) })
	}
	if err != nil {
		return err
	}
	s.key, err = evidence.LoadKey(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return ballot.Errorf(CodeEvidence, "数据文件夹里缺少存证密钥 %s：请把另行保管的那一份放回；确已丢失的，用 pingyi evidence new-key 换一把", "the data folder lacks the key of its log, %s: put the copy back that you keep elsewhere, or, where it is lost, see pingyi evidence new-key", evidence.KeyFile)
	}
	if err != nil {
		return err
	}
	return s.view(ctx, (*Tx).loadHead)
}

// ReplaceKey gives a database whose key is lost another one, and says so in the log: from then on it vouches for what is
// there, and who has the old public key has to be told the new one. The log must be whole by the old one, which it names
// itself; rows that are not as it says do not become so by another key.
func ReplaceKey(ctx context.Context, path string, o Options, actor, reason string) (public string, err error) {
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
	err = s.InTx(ctx, func(tx *Tx) (err error) {
		v := &verifier{Tx: tx, folder: filepath.Dir(path)}
		if err := v.run(v.whole, v.entries, v.key, v.head, v.kept); err != nil {
			return err
		}
		for _, f := range v.Faults {
			return ballot.Errorf(CodeEvidence, "现有存证有误，不能换密钥（%[1]s）：请用 pingyi verify 核对", "the log is not whole, so it gets no other key (%[2]s): see pingyi verify", f.Chinese, f.English)
		}
		tx.size, tx.hashes = v.Size, map[int64]tlog.Hash{} // as loadHead does, by the key that is lost
		if s.key, err = evidence.MakeKey(v.folder, s.random); err != nil {
			return err
		}
		public = s.key.Verifier()
		return errors.Join(tx.look(""), tx.log(actor, "", actNewKey, public+" "+reason))
	})
	return public, err
}

// verifier is the public key that an act names which begins the log, or gives it another key.
func (r actRow) verifier() string {
	key, _, _ := strings.Cut(r.Detail, " ")
	return key
}

// CodeEvidence is that what is kept contradicts the log, or the log itself.
const CodeEvidence ballot.Code = "evidence"

// neverBegun refuses a database that has anything of a log but its head, whether the key is there or not: a second beginning
// would make good whatever was changed before it, and the acts of the first would still fit what was printed of it. What
// is left to begin with is a database of before there were logs, whose acts say at least who made each meeting.
func (t *Tx) neverBegun() error {
	var begun bool
	if err := t.db.Raw(`SELECT EXISTS (SELECT 1 FROM acts WHERE act IN (?, ?) OR facts <> '') OR EXISTS (SELECT 1 FROM checkpoints)
		OR EXISTS (SELECT 1 FROM log_hashes) OR EXISTS (SELECT 1 FROM commitments) OR EXISTS (SELECT 1 FROM sealed_decisions)
		OR EXISTS (SELECT 1 FROM meetings WHERE id NOT IN (SELECT meeting FROM acts))`, actBegin, actNewKey).Row().Scan(&begun); err != nil || !begun {
		return err
	}
	return ballot.Errorf(CodeEvidence, "这个数据库的存证早已开始，现在却没有已签名的存证首：存证被人删去。存证不会重新开始，请停止操作，恢复删去之前的备份（密钥丢失的备份，恢复后用 pingyi evidence new-key）",
		"the log of this database was begun before, and has no signed head any more: it was deleted. No other is begun: stop, and restore a backup from before (where its key is lost, see pingyi evidence new-key)")
}

// beginLog makes the key, too: where there is one, there was a log, and another that it signed would hide what became of it.
func (t *Tx) beginLog(folder string) (err error) {
	head, err := found[headRow](t.db, "id = 1")
	if err != nil || head != nil {
		return err // another process was first
	}
	if err := t.neverBegun(); err != nil {
		return err
	}
	if _, err := evidence.LoadKey(folder); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, ballot.Errorf(CodeEvidence, "数据库里没有存证，数据文件夹里却有存证密钥 %s：存证被人删去，或数据库被换成了另一份。请恢复备份；确要以现有数据重新开始存证的，先把密钥移到别处保管",
			"the database has no log, and yet the data folder has its key, %s: the log was deleted, or the database exchanged. Restore a backup; to begin a log of what is there now, put the key away first", evidence.KeyFile))
	}
	if t.store.key, err = evidence.MakeKey(folder, t.store.random); err != nil {
		return err
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
	if err := t.loadHead(); err != nil {
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

// loadHead learns the number of entries from the head. What is signed from here on vouches for the whole tree and for all
// decisions, so they must be what was signed last.
func (t *Tx) loadHead() error {
	if t.hashes != nil {
		return nil
	}
	t.hashes = map[int64]tlog.Hash{}
	row, err := found[headRow](t.db, "id = 1")
	if err != nil || row == nil {
		return err
	}
	text, err := evidence.OpenNote(row.Note, t.store.key.Verifier())
	if err != nil {
		return ballot.Errorf(CodeEvidence, "存证密钥 %s 与数据库不符：数据库或密钥被换过，请用 pingyi verify 核对", "the key %s did not sign the log of this database: one of them was exchanged; see pingyi verify", evidence.KeyFile)
	}
	signed, err := evidence.Parse(text)
	if err != nil {
		return err
	}
	t.size = signed.Size
	_, now, err := t.toSign()
	if err == nil && now != text {
		return notAsSigned()
	}
	return err
}

func notAsSigned() error {
	return ballot.Errorf(CodeEvidence, "存证与上次签名时的不符，数据库被人从系统之外改动：请停止操作，用 pingyi verify 核对，并恢复改动之前的备份", "the log is not what was signed last, so the database was changed from outside: stop, see pingyi verify, and restore a backup from before")
}

// ReadHashes gives stored hashes of the tree.
func (t *Tx) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		h, known := t.hashes[id]
		if !known {
			row, err := found[hashRow](t.db, "id = ?", id)
			if err == nil && row == nil {
				err = notAsSigned()
			}
			if err != nil {
				return nil, err
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
	if err := t.loadHead(); err != nil {
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
	c, text, err := t.toSign()
	if err != nil {
		return err
	}
	signed, err := t.store.key.Sign(text)
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

// toSign is the log as it is, and the text of its head.
func (t *Tx) toSign() (c evidence.Checkpoint, head string, err error) {
	c = evidence.Checkpoint{Origin: t.store.key.Origin(), Size: t.size}
	if c.Root, err = tlog.TreeHash(t.size, t); err != nil {
		return c, "", err
	}
	sealed, err := t.allSealed()
	return c, headText(c, sealed), err
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

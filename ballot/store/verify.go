package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"pingyi/ballot/evidence"
)

// Said is a line of a report in both languages.
type Said struct{ Chinese, English string }

// Verification is what a check of a data folder found.
type Verification struct {
	Checked []Said // what was compared and is as it should be, or cannot be compared and why
	Faults  []Said
	Size    int64  // entries of the log
	Code    string // of the log as it is
}

// Outside is what a check is told that the data folder does not hold. All of it may be left out.
type Outside struct {
	Checkpoint string // a signed note, or a code as it is printed
	Verifier   string // the public key
	// Pictures gives the digests of a meeting's pictures by page id, as they lie on the disk.
	Pictures func(meeting string) (map[string]string, error)
}

// Verify compares a database, which it never changes, with its log, the log with its signatures and with what is
// known from outside, and the certified results with what is counted anew from the rows. An error is that it could
// not look; what it found wrong are faults.
func Verify(ctx context.Context, path string, o Outside) (Verification, error) {
	s, err := openToRead(path)
	if err != nil {
		return Verification{}, fmt.Errorf("database %s: %w", path, OfMachine(err))
	}
	v := &verifier{outside: o, folder: filepath.Dir(path)}
	err = s.view(ctx, func(tx *Tx) error {
		v.Tx = tx
		return v.run(v.whole, v.entries, v.key, v.head, v.kept, v.known, v.states, v.order, v.users, v.meetings)
	})
	return v.Verification, errors.Join(err, s.Close())
}

// openToRead opens a database without writing to it. Where nobody has it open and its log is empty, SQLite is told that
// it does not change, so that it makes no files beside it.
func openToRead(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	settings := "mode=ro&" + reading
	wal, err := os.Stat(path + "-wal")
	if _, shared := os.Stat(path + "-shm"); shared != nil && (err != nil || wal.Size() == 0) {
		settings += "&immutable=1"
	}
	db, err := connect(path, settings, 1)
	if err != nil {
		return nil, err
	}
	s := newStore(Options{})
	s.reads = db
	return s, nil
}

// verifier checks one database.
type verifier struct {
	*Tx
	Verification
	outside Outside
	folder  string
	keys    []keyFrom // that the log names, in their order
	acts    []actRow
	facts   []map[string]any // of acts, by their place
	tree    []tlog.Hash      // stored hashes, made anew from the acts
}

func (v *verifier) ok(zh, en string, args ...any) {
	v.Checked = append(v.Checked, Said{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

func (v *verifier) fault(zh, en string, args ...any) {
	v.Faults = append(v.Faults, Said{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

// run takes the steps, where the tables are those that they ask.
func (v *verifier) run(steps ...func() error) error {
	if err := v.schema(); err != nil || len(v.Faults) > 0 {
		return err
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// schema compares tables and triggers with those that this program makes.
func (v *verifier) schema() error {
	names, err := v.foreign()
	for _, name := range names {
		v.fault("数据库结构被改动：%s", "the schema was changed: %s is not as the program makes it", name)
	}
	if len(names) == 0 {
		v.ok("数据库结构与本程序的一致", "the schema is this program's")
	}
	return err
}

// whole looks whether the file is one, and whether rows belong to something.
func (v *verifier) whole() error {
	said, err := integrity(v.db)
	if err != nil {
		return err
	}
	for _, what := range said {
		v.fault("数据库文件已损坏，或索引与表不符：%s", "the database file is damaged, or an index is not its table's: %s", what)
	}
	orphans := []struct{ Table string }{}
	if err := v.db.Raw("PRAGMA foreign_key_check").Scan(&orphans).Error; err != nil {
		return err
	}
	for _, o := range orphans {
		v.fault("表 %s 有不属于任何记录的行", "table %s has a row that belongs to nothing", o.Table)
	}
	return nil
}

// entries makes the tree anew from the acts and compares it with what was stored.
func (v *verifier) entries() error {
	if err := v.db.Order("id").Find(&v.acts).Error; err != nil {
		return err
	}
	for i, a := range v.acts {
		hashes, err := tlog.StoredHashes(int64(i), a.entry().Canonical(), v)
		if err != nil {
			return err
		}
		v.tree = append(v.tree, hashes...)
		facts := map[string]any{}
		if a.Facts != "" {
			if facts, err = decode[map[string]any](a.Facts); err != nil {
				v.fault("第 %d 条记录的内容无法读出", "what act %d says cannot be read", a.ID)
			}
		}
		v.facts = append(v.facts, facts)
	}
	return v.compareStored()
}

func (v *verifier) compareStored() error {
	var stored []hashRow
	if err := v.db.Order("id").Find(&stored).Error; err != nil {
		return err
	}
	before := len(v.Faults)
	for i, a := range v.acts {
		at := tlog.StoredHashIndex(0, int64(i))
		if at < int64(len(stored)) && (stored[at].ID != at || string(stored[at].Hash) != string(v.tree[at][:])) {
			v.fault("第 %d 条记录与存证不符：被改动、调换、插入或删除", "act %d is not the log's entry: it was changed, moved, put in, or one before it was taken out", a.ID)
			break
		}
	}
	if len(stored) != len(v.tree) {
		v.fault("操作记录有 %d 条，存证不是这么多：有记录被删去或插入", "there are %d acts, and the log has not as many entries: some were taken out or put in", len(v.acts))
	}
	for i := range stored {
		if len(v.Faults) == before && (stored[i].ID != int64(i) || string(stored[i].Hash) != string(v.tree[i][:])) {
			v.fault("存证的内部散列被改动", "a hash inside the log was changed")
		}
	}
	if len(v.Faults) == before {
		v.ok("操作记录 %d 条，逐条与存证相符", "%d acts, each as the log has it", len(v.acts))
	}
	return nil
}

// root is that of the tree that the acts make, at an earlier size too.
func (v *verifier) root(size int64) (tlog.Hash, error) {
	return tlog.TreeHash(size, v)
}

// ReadHashes gives hashes of the tree that the acts make.
func (v *verifier) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		out[i] = v.tree[id]
	}
	return out, nil
}

// head checks the signature over the whole log.
func (v *verifier) head() error {
	v.Size = int64(len(v.acts))
	root, err := v.root(v.Size)
	if err != nil {
		return err
	}
	var row headRow
	if err := v.db.Take(&row).Error; err != nil {
		v.fault("没有已签名的存证首", "the log has no signed head")
		return nil //nolint:nilerr // a finding
	}
	key := v.keyAt(v.Size)
	now := evidence.Checkpoint{Origin: key.origin(), Size: v.Size, Root: root}
	v.Code = now.Code()
	text, err := evidence.OpenNote(row.Note, key.verifier)
	if err != nil {
		v.fault("存证首的签名不符", "the signature of the log's head is wrong")
		return nil //nolint:nilerr // a finding
	}
	sealed, err := v.allSealed()
	if err != nil {
		return err
	}
	c, err := evidence.Parse(text)
	switch {
	case err != nil:
		v.fault("存证首无法读出", "the log's head cannot be read")
	case c.Size != v.Size || c.Root != root:
		v.fault("签名的是 %d 条记录，现有 %d 条，或内容不同：记录被截短、增加或改动", "%d entries were signed and there are %d, or they differ: the record was cut, lengthened or changed", c.Size, v.Size)
	case text != headText(now, sealed):
		v.fault("签名时的复核裁定与现有的不同", "the decisions are not those that were signed")
	default:
		v.ok("签名相符：共 %d 条，校验码 %s", "the signature is right: %d entries, code %s", v.Size, v.Code)
	}
	return nil
}

// kept checks the checkpoints of changes of state: there is one for each, and each is a beginning of the log.
func (v *verifier) kept() error {
	var rows []checkpointRow
	if err := v.db.Order("size").Find(&rows).Error; err != nil {
		return err
	}
	bySize, wrong := map[int64]bool{}, 0
	for _, r := range rows {
		bySize[r.Size] = true
		if c, err := evidence.Open(r.Note, v.keyAt(r.Size).verifier); err != nil || !v.beginsWith(c) || c.Size != r.Size {
			v.fault("保存的校验点（%d 条）与存证不符", "the checkpoint kept at %d entries is not of this log", r.Size)
			wrong++
		}
	}
	for i, f := range v.facts {
		if f["state"] != nil && !bySize[int64(i)+1] {
			v.fault("第 %d 条记录之后应有的校验点不见了", "the checkpoint after act %d is missing", v.acts[i].ID)
			wrong++
		}
	}
	if wrong == 0 {
		v.ok("会议状态变化时保存的校验点 %d 个，全部相符", "%d checkpoints were kept when meetings changed their state, all of this log", len(rows))
	}
	return nil
}

func (v *verifier) beginsWith(c evidence.Checkpoint) bool {
	if c.Size > int64(len(v.acts)) || c.Origin != v.keyAt(c.Size).origin() {
		return false
	}
	root, err := v.root(c.Size)
	return err == nil && root == c.Root
}

// known compares the log with a checkpoint from outside.
func (v *verifier) known() error {
	given := strings.TrimSpace(v.outside.Checkpoint)
	if given == "" {
		v.ok("未提供校验点（--checkpoint）：整个文件夹换回旧备份，或连密钥一起伪造，看不出来", "no checkpoint was given (--checkpoint): a whole folder taken back to an older copy, or forged with its key, is not seen")
		return nil
	}
	c := evidence.Checkpoint{}
	size, code, isCode := evidence.CodeSize(given)
	if isCode {
		c.Origin, c.Size = v.keyAt(size).origin(), size
	} else {
		err := errors.New("no key")
		for i := 0; i < len(v.keys) && err != nil; i++ {
			c, err = evidence.Open(given+"\n", v.keys[i].verifier)
		}
		if err != nil {
			v.fault("提供的校验点不是这份存证签出的，或不完整：%v", "the checkpoint that was given is not signed by this log, or not whole: %v", err)
			return nil
		}
	}
	if c.Size > int64(len(v.acts)) {
		v.fault("校验点有 %d 条记录，现只有 %d 条：数据被换成旧的，或记录被截短", "the checkpoint has %d entries and the log only %d: the data were taken back to an older copy, or the log was cut", c.Size, len(v.acts))
		return nil
	}
	if isCode {
		root, err := v.root(size)
		if err != nil {
			return err
		}
		c.Root = root
	}
	if isCode && c.Code() != code || !isCode && !v.beginsWith(c) {
		v.fault("存证的前 %d 条与校验点不符：此前的记录被改动，或这是另一份存证", "the first %d entries are not those of the checkpoint: earlier acts were changed, or this is another log", c.Size)
		return nil
	}
	if k := v.keyAt(v.Size); k.size > c.Size && v.outside.Verifier == "" { // the code fits whatever another key signed after it
		v.fault("校验点之后，第 %d 条记录换了存证密钥：此后的内容，这个校验点不能证明。确是本单位换的，请用 --key 提供新的公钥再核对", "act %d gave the log another key after the checkpoint, which vouches for nothing since: where it was you who did, give the new public key by --key", k.size)
	}
	v.ok("与提供的校验点相符：其后增加了 %d 条", "the log is that of the checkpoint given, with %d entries more", v.Size-c.Size)
	return nil
}

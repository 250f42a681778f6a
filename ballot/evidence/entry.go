// Package evidence makes what is done, counted and kept checkable by others: entries of a Merkle log (tlog, as in
// RFC 6962), checkpoints of it signed as notes, and digests of rows. It knows no database. Everything that an entry
// says of rows is a salted digest: without its salt nobody can try out which rows it may stand for.
package evidence

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"

	"golang.org/x/mod/sumdb/tlog"
)

// Entry is a leaf of the log: one act of the record. Facts is JSON as text, so that each of its bytes counts.
type Entry struct {
	Number  int64  `json:"number"`
	Time    string `json:"time"`
	Actor   string `json:"actor"`
	Role    string `json:"role"` // of the actor then; "" at the command line and in acts from before the log
	Act     string `json:"act"`
	Meeting string `json:"meeting"`
	Detail  string `json:"detail"`
	Facts   string `json:"facts"`
}

// Canonical is the entry's one form as JSON: what is hashed.
func (e Entry) Canonical() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // texts and a number: cannot fail
	}
	return b
}

// Row digests the columns of a row, in their order; nil is NULL. Each column goes in with its length, so that
// nothing can move from one to the next.
func Row(columns ...[]byte) tlog.Hash {
	h := sha256.New()
	h.Write([]byte{0}) // a leaf, as tlog.RecordHash marks it
	for _, c := range columns {
		column(h, c)
	}
	return tlog.Hash(h.Sum(nil))
}

func column(h hash.Hash, c []byte) {
	var length [9]byte
	if c != nil {
		length[0] = 1
	}
	binary.BigEndian.PutUint64(length[1:], uint64(len(c)))
	h.Write(length[:])
	h.Write(c)
}

// Root is the root of the Merkle tree over leaves in their order; over none it is the digest of nothing.
func Root(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	level := append([]tlog.Hash{}, leaves...)
	for len(level) > 1 { // pairs from the left, as RFC 6962 splits: a last one alone goes up as it is
		next := level[:0:len(level)]
		for i := 0; i+1 < len(level); i += 2 {
			next = append(next, tlog.NodeHash(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			next = append(next, level[len(level)-1])
		}
		level = next
	}
	return level[0]
}

// SaltSize is that of a salt in bytes: too large to be tried out.
const SaltSize = 32

// Commit hides a digest: equal digests look different, and only who has the salt can say what it stands for.
func Commit(salt []byte, digest tlog.Hash) string {
	sum := sha256.Sum256(append(append([]byte{}, salt...), digest[:]...))
	return hex.EncodeToString(sum[:])
}

// RowSalt is a row's own salt under a salt for many rows, so that a single row can be shown to somebody and no other.
func RowSalt(salt []byte, key ...string) []byte {
	h := sha256.New()
	column(h, salt)
	for _, k := range key {
		column(h, []byte(k))
	}
	return h.Sum(nil)
}

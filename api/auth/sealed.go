package auth

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"time"
)

// sealed keeps sessions in a store that others may write to: each row bears an HMAC over the token that it is of and all
// that it says, by a key that no row holds. A row that was put in, copied from another token's, or changed is not there.
type sealed struct {
	Store
	key []byte
}

// newSealed derives its key from one that is kept outside the store, and used for something else as well.
func newSealed(s Store, from []byte) (sealed, error) {
	if len(from) == 0 {
		return sealed{}, errors.New("auth: no key for sessions")
	}
	key, err := hkdf.Key(sha256.New, from, nil, "pingyi sessions", sha256.Size)
	return sealed{s, key}, err
}

// seal is what stands before a row's data; tokens come hashed, and so of one length.
func (s sealed) seal(token string, data []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(token + "\x00"))
	h.Write(data)
	return h.Sum(nil)
}

// open gives the data of a row whose seal holds.
func (s sealed) open(token string, row []byte) (data []byte, good bool) {
	if len(row) < sha256.Size {
		return nil, false
	}
	data = row[sha256.Size:]
	return data, hmac.Equal(row[:sha256.Size], s.seal(token, data))
}

// Commit saves a session.
func (s sealed) Commit(token string, data []byte, expiry time.Time) error {
	return s.Store.Commit(token, append(s.seal(token, data), data...), expiry)
}

// Find gives a session's data.
func (s sealed) Find(token string) (data []byte, found bool, err error) {
	row, found, err := s.Store.Find(token)
	if err != nil || !found {
		return nil, false, err
	}
	data, found = s.open(token, row)
	return data, found, nil
}

// All gives the data of every session, by its hashed token.
func (s sealed) All() (map[string][]byte, error) {
	rows, err := s.Store.All()
	out := map[string][]byte{}
	for token, row := range rows {
		if data, good := s.open(token, row); good {
			out[token] = data
		}
	}
	return out, err
}

package evidence

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"pingyi/ballot/keys"
)

// KeyFile is the file in the data folder that has the key: outside the database, so that a copy of the one is not a
// copy of the other.
const KeyFile = "evidence.key"

// Key signs checkpoints (Ed25519).
type Key struct {
	signer   note.Signer
	verifier string
}

// NewKey makes a key under a random name.
func NewKey(random io.Reader) (*Key, string, error) {
	var name [4]byte
	if _, err := io.ReadFull(random, name[:]); err != nil {
		return nil, "", err
	}
	secret, verifier, err := note.GenerateKey(random, "pingyi-"+hex.EncodeToString(name[:]))
	if err != nil {
		return nil, "", err
	}
	text := secret + "\n" + verifier + "\n"
	k, err := parseKey(text)
	return k, text, err
}

func parseKey(text string) (*Key, error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 2 {
		return nil, errors.New("it should have two lines: the key and its verifier key")
	}
	signer, err := note.NewSigner(strings.TrimSpace(lines[0]))
	if err != nil {
		return nil, err
	}
	k := &Key{signer, strings.TrimSpace(lines[1])}
	signed, err := k.Sign("own\n")
	if err == nil {
		_, err = OpenNote(signed, k.verifier)
	}
	if err != nil {
		return nil, fmt.Errorf("its two lines do not belong together: %w", err)
	}
	return k, nil
}

// Verifier is the public key, by which anybody can check signatures.
func (k *Key) Verifier() string { return k.verifier }

// Origin names the log in its checkpoints.
func (k *Key) Origin() string { return k.signer.Name() }

// Sign signs a text of whole lines.
func (k *Key) Sign(text string) (string, error) {
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	return string(signed), err
}

// LoadKey reads the key of a data folder; where there is none, the error is fs.ErrNotExist.
func LoadKey(folder string) (*Key, error) {
	path := filepath.Join(folder, KeyFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	k, err := parseKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// MakeKey makes the key of a data folder. Where another process was first, its key is loaded.
func MakeKey(folder string, random io.Reader) (*Key, error) {
	_, text, err := NewKey(random)
	if err != nil {
		return nil, err
	}
	if err := keys.Place(filepath.Join(folder, KeyFile), []byte(text)); err != nil {
		return nil, err
	}
	return LoadKey(folder)
}

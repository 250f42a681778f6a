// Package keys keeps the keys of meetings in serial mode in files of their own, apart from the database: whoever
// takes the database alone can neither make a serial nor tell which paper a pseudonym stands for. A file of mode 0600
// in the data folder, which a backup leaves out unless it is asked to, is destroyed with the ballots of its meeting.
// One more file has the key of second factors, of which that of sessions is derived.
package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pingyi/ballot"
)

// Folder is where the files are; it is made when the first key is.
type Folder string

const prefix, suffix, factorsFile = "serial-", ".key", "factors.key"

// Patterns are those of the names of all files in a folder, as filepath.Match reads them.
func Patterns() []string { return []string{factorsFile, prefix + "*" + suffix} }

// path refuses what is no meeting's id: nothing that a request names gets into a path unseen.
func (f Folder) path(meeting string) (string, error) {
	if meeting == "" || strings.Trim(meeting, "0123456789abcdef") != "" {
		return "", fmt.Errorf("keys: %q is no meeting's id", meeting)
	}
	return filepath.Join(string(f), prefix+meeting+suffix), nil
}

// Of loads a meeting's keys. Where there are none the error is ballot.CodeNotFound.
func (f Folder) Of(meeting string) (k ballot.SerialKeys, err error) {
	path, err := f.path(meeting)
	if err != nil {
		return k, err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, ballot.Errorf(ballot.CodeNotFound, "找不到本会议的流水号密钥", "the meeting has no keys for serials")
	}
	if err != nil {
		return k, fmt.Errorf("keys: %w", err)
	}
	if len(raw) != len(k.MAC)+len(k.Name) {
		return k, fmt.Errorf("keys: %s is damaged", path)
	}
	copy(k.MAC[:], raw)
	copy(k.Name[:], raw[len(k.MAC):])
	return k, nil
}

// Make draws a meeting's keys from random, unless it has some: those are returned. They are on disk before any
// paper is printed with them.
func (f Folder) Make(meeting string, random io.Reader) (k ballot.SerialKeys, err error) {
	path, err := f.path(meeting)
	if err != nil {
		return k, err
	}
	if k, err = f.Of(meeting); ballot.CodeOf(err) != ballot.CodeNotFound {
		return k, err
	}
	if k, err = ballot.NewSerialKeys(random); err != nil {
		return k, err
	}
	if err := Place(path, append(k.MAC[:], k.Name[:]...)); err != nil {
		return k, fmt.Errorf("keys: %w", err)
	}
	return f.Of(meeting)
}

func (f Folder) factors() string { return filepath.Join(string(f), factorsFile) }

// HasFactors tells whether there is the key of Factors.
func (f Folder) HasFactors() bool {
	_, err := os.Stat(f.factors())
	return err == nil
}

// Factors is the key of which secrets of second factors and the key of sessions are made, drawn from random when it is first needed.
func (f Folder) Factors(random io.Reader) ([]byte, error) {
	path := f.factors()
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		if _, err := io.ReadFull(random, key); err != nil {
			return nil, err
		}
		if err := Place(path, key); err != nil {
			return nil, fmt.Errorf("keys: %w", err)
		}
		key, err = os.ReadFile(path)
	}
	if err == nil && len(key) != 32 {
		err = fmt.Errorf("keys: %s is damaged", path)
	}
	return key, err
}

// Place makes a key's file, of mode 0600, whole and on the disk, unless there is one: another process may have made it just now.
func Place(path string, key []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-key-*")
	if err != nil {
		return err
	}
	_, err = file.Write(key)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Link(file.Name(), path)
	}
	return errors.Join(ignore(err, fs.ErrExist), os.Remove(file.Name()), syncFolder(folder))
}

// Forget destroys a meeting's keys: the file is overwritten and deleted. Where there are none, nothing happens.
func (f Folder) Forget(meeting string) error {
	path, err := f.path(meeting)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	_, err = file.WriteAt(make([]byte, 64), 0)
	if err = errors.Join(err, file.Sync(), file.Close(), os.Remove(path), syncFolder(string(f))); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

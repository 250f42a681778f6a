package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/keys"
	"pingyi/ballot/store"
)

// A backup is one tar file: the database, the pictures of its pages in the order of their random names, and at the end
// a manifest with the digest of every member. All have one time, which tells nothing.
const (
	databaseMember = "pingyi.db"
	picturesFolder = "pages"
	manifestMember = "manifest.json"
	backupFormat   = "pingyi backup 1"
)

// pictureMemberOf is the member, and the file below the data folder, of a page's picture, as a snapshot names it.
func pictureMemberOf(id string) string { return path.Join(picturesFolder, id+".jpg") }

// manifest is the last member of a backup. A file without it is not whole.
type manifest struct {
	Format  string    `json:"format"`
	Version string    `json:"version"` // of the program that wrote it
	Made    time.Time `json:"made"`
	Missing int       `json:"missing_pictures"`
	Members []member  `json:"members"`
}

type member struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// memberTime is the time of every member: that of the pictures themselves.
var memberTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func backupCommand() *cobra.Command {
	var to string
	var keys bool
	c := &cobra.Command{Use: "backup -o FILE", Short: "备份数据库和票面图像到一个文件 (back up database and pictures into one file)", Args: cobra.NoArgs,
		Long: `Writes the database and the pictures of ballots into one file, with the digest of each, while the service runs or
not. It is refused while a batch is open. An older file of that name is replaced only when the new one is whole.

Images that are destroyed later live on in older backups: delete those too. Keys (evidence.key, factors.key and serial-*.key of the data folder) are left
out unless --keys is given, since whoever holds both can forge what the keys vouch for: keep a copy of them elsewhere.`}
	read := bind(c, "data")
	c.Flags().BoolVar(&keys, "keys", false, "put the keys into the backup too")
	c.Flags().StringVarP(&to, "output", "o", "", "file to write")
	_ = c.MarkFlagRequired("output")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		made, sum, err := backup(c.Context(), conf, to, keys)
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%s\n  %d 张票面图像 pictures\n  SHA-256 %s\n", to, made.pictures(), sum)
		if left, err := keyFiles(conf.data); err != nil {
			return err
		} else if len(left) > 0 && keys {
			fmt.Fprintf(out, "  含密钥 with keys: %s。谁拿到这份备份，谁就能伪造，请妥善保管 (whoever holds this backup can forge: keep it safe)\n", strings.Join(left, "、"))
		} else if len(left) > 0 {
			fmt.Fprintf(out, "  不含密钥，请另行保管 without the keys, keep them elsewhere: %s\n", strings.Join(left, "、"))
		}
		if made.Missing > 0 {
			fmt.Fprintf(out, "  %d 页没有图像（已销毁，或文件丢失） pages have no picture: destroyed, or lost\n", made.Missing)
		}
		_, err = fmt.Fprintln(out, "注意：以后销毁的图像仍在这份备份里，到期请一并删除 (images that are destroyed later live on in this backup: delete it with them)")
		return err
	}
	return c
}

// backup writes a backup of the data folder to a file. sum is the digest of the whole file.
func backup(ctx context.Context, c config, to string, keys bool) (made manifest, sum string, err error) {
	if err := c.existing(); err != nil { // connecting would make it
		return made, "", err
	}
	if err := replaceable(to); err != nil {
		return made, "", err
	}
	f, err := lockedNew(to + ".part")
	if err != nil {
		return made, "", err
	}
	defer f.Close()
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	copied := to + ".part.db"
	if err := removeDatabase(copied); err != nil { // of a backup that was killed
		return made, "", err
	}
	snap, err := store.TakeSnapshot(ctx, c.database(), copied)
	defer func() { err = errors.Join(err, removeDatabase(copied)) }()
	if err != nil {
		return made, "", err
	}
	w := newBackupWriter(f)
	if err := w.addFile(databaseMember, copied); err != nil {
		return made, "", err
	}
	for _, id := range snap.Pictures {
		name := pictureMemberOf(id)
		err := w.addFile(name, filepath.Join(c.data, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			w.manifest.Missing++
		case err != nil:
			return made, "", err
		case ctx.Err() != nil:
			return made, "", ctx.Err()
		}
	}
	if keys {
		if err := w.addKeys(c.data); err != nil {
			return made, "", err
		}
	}
	if sum, err = w.finish(); err != nil {
		return made, "", err
	}
	if err := f.Sync(); err != nil {
		return made, "", err
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return made, "", err
	}
	return w.manifest, sum, syncFolder(filepath.Dir(to))
}

// replaceable refuses to write over anything but an older backup.
func replaceable(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if h, err := tar.NewReader(f).Next(); err != nil || h.Name != databaseMember {
		return usageError{fmt.Errorf("%s 已存在，而且不是备份：请另取一个文件名 (exists and is no backup: give another name)", path)}
	}
	return nil
}

// lockedNew makes an empty file that no other process is writing; one that a kill left behind is begun anew.
func lockedNew(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm()&0o077 != 0 || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Geteuid()) { //nolint:gosec // no user has a negative number
		return nil, errors.Join(err, fmt.Errorf("%s 是别人放在那里的：请先删除它 (was put there by somebody else: delete it first)", name), f.Close())
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ballot.Errorf(ballot.CodeConflict, "另一个备份正在写 %s", "another backup is writing %s", name), f.Close())
	}
	return f, f.Truncate(0)
}

// removeDatabase removes a database and its journals, these first: SQLite would play one back into the next file.
func removeDatabase(name string) error {
	for _, end := range []string{"-journal", "-wal", "-shm", ""} {
		if err := os.Remove(name + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// syncFolder has the names in a folder written to disk.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// backupWriter writes members and keeps their digests.
type backupWriter struct {
	tar      *tar.Writer
	whole    hash.Hash
	manifest manifest
}

func newBackupWriter(f io.Writer) *backupWriter {
	whole := sha256.New()
	return &backupWriter{tar.NewWriter(io.MultiWriter(f, whole)), whole,
		manifest{Format: backupFormat, Version: currentVersion().Version, Made: time.Now().UTC().Truncate(time.Second)}}
}

// addFile adds a file; one that is not there is fs.ErrNotExist, and nothing is written.
func (w *backupWriter) addFile(name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.header(name, info.Size()); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.tar, sum), f, info.Size()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	w.manifest.Members = append(w.manifest.Members, member{name, info.Size(), hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// keyFiles are the names of the service's own keys in a data folder: somebody may keep others there, as that of a certificate.
func keyFiles(data string) (names []string, err error) {
	for _, kind := range append([]string{evidence.KeyFile}, keys.Patterns()...) {
		paths, fault := filepath.Glob(filepath.Join(data, kind))
		err = errors.Join(err, fault)
		for _, p := range paths {
			names = append(names, filepath.Base(p))
		}
	}
	return names, err
}

func (w *backupWriter) addKeys(data string) error {
	names, err := keyFiles(data)
	for _, name := range names {
		err = errors.Join(err, w.addFile(name, filepath.Join(data, name)))
	}
	return err
}

// pictures is how many pictures it holds.
func (m manifest) pictures() (n int) {
	for _, one := range m.Members {
		if pictureMember.MatchString(one.Name) {
			n++
		}
	}
	return n
}

func (w *backupWriter) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Typeflag: tar.TypeReg, ModTime: memberTime, Format: tar.FormatUSTAR})
}

func (w *backupWriter) finish() (sum string, err error) {
	text, err := json.MarshalIndent(w.manifest, "", " ")
	if err != nil {
		return "", err
	}
	if err := w.header(manifestMember, int64(len(text))); err != nil {
		return "", err
	}
	if _, err := w.tar.Write(text); err != nil {
		return "", err
	}
	if err := w.tar.Close(); err != nil {
		return "", err
	}
	return hex.EncodeToString(w.whole.Sum(nil)), nil
}

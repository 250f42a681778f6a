package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

func restoreCommand() *cobra.Command {
	c := &cobra.Command{Use: "restore FILE --data NEWDIR", Short: "从备份恢复到一个新的数据文件夹 (restore a backup into a new data folder)", Args: cobra.ExactArgs(1),
		Long: `Checks every member of a backup against its digest and the database as SQLite does, and only then puts the data
folder in its place, in one step. A folder that exists is never touched, an empty one neither. Everybody signs in again.`}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		made, err := restore(c.Context(), args[0], conf.data)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s：备份于 made %s，%d 张票面图像 pictures\n", conf.data, made.Made.Format("2006-01-02 15:04 MST"), made.pictures())
		if _, err := evidence.LoadKey(conf.data); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(c.OutOrStdout(), "备份里没有存证密钥 %[1]s：启动前请放回另行保管的那一份；确已丢失的，运行 pingyi evidence new-key --reason 理由 (the backup has no %[1]s: put back the copy that you keep elsewhere before you start the service; where it is lost, run pingyi evidence new-key)\n", evidence.KeyFile)
		}
		return nil
	}
	return c
}

// restore unpacks a backup beside the data folder, checks it, and renames it into place. What a kill leaves behind has
// another name and is begun anew next time.
func restore(ctx context.Context, from, data string) (made manifest, err error) {
	data = filepath.Clean(data)
	if _, err := os.Lstat(data); !errors.Is(err, fs.ErrNotExist) {
		return made, usageError{errors.Join(ballot.Errorf(ballot.CodeConflict, "%s 已存在：恢复只写入新的文件夹，绝不覆盖", "%s exists: a backup is restored into a new folder and never over another", data), err)}
	}
	f, err := os.Open(from)
	if err != nil {
		return made, usageError{err}
	}
	defer f.Close()
	part := data + ".restoring"
	release, err := emptyFolder(part)
	if err != nil {
		return made, err
	}
	defer release()
	if made, err = unpackBackup(ctx, f, part); err == nil {
		err = checkRestored(ctx, part, made)
	}
	if err != nil {
		return made, errors.Join(fmt.Errorf("%s: %w", from, err), os.RemoveAll(part))
	}
	if err := unix.Renameat2(unix.AT_FDCWD, part, unix.AT_FDCWD, data, unix.RENAME_NOREPLACE); err != nil {
		return made, errors.Join(fmt.Errorf("rename %s to %s: %w", part, data, err), os.RemoveAll(part))
	}
	return made, syncFolder(filepath.Dir(data))
}

// emptyFolder makes a folder that nobody else works in; one that a kill left behind is emptied.
func emptyFolder(name string) (release func(), err error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ballot.Errorf(ballot.CodeConflict, "另一个恢复正在写 %s", "another restore is writing %s", name), f.Close())
	}
	old, err := os.ReadDir(name)
	for _, e := range old {
		err = errors.Join(err, os.RemoveAll(filepath.Join(name, e.Name())))
	}
	return func() { f.Close() }, err
}

var pictureMember = regexp.MustCompile(`^pages/[0-9A-Za-z_-]{1,64}/[0-9A-Za-z_-]{1,64}\.jpg$`)

var keyMember = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}\.key$`)

const maxManifest = 256 << 20 // bytes; a million pictures

// damagedBackup is a file that does not hold what its manifest says, or has none.
func damagedBackup(format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	return ballot.Errorf(ballot.CodeInvalid, "备份已损坏或不完整，没有恢复任何内容（%s）；请换另一份备份", "the backup is damaged or not whole, and nothing was restored (%s): take another one", what)
}

// unpackBackup writes the members into a folder and holds each against the manifest. Only names that a backup has are
// written, and none twice.
func unpackBackup(ctx context.Context, f io.Reader, folder string) (made manifest, err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return made, err
	}
	defer root.Close()
	found := map[string]member{}
	in := tar.NewReader(f)
	for {
		h, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return made, damagedBackup("no manifest")
		case err != nil:
			return made, damagedBackup("%v", err)
		case ctx.Err() != nil:
			return made, ctx.Err()
		}
		if h.Name == manifestMember {
			if err := json.NewDecoder(io.LimitReader(in, maxManifest)).Decode(&made); err != nil {
				return made, damagedBackup("manifest: %v", err)
			}
			if _, err := in.Next(); !errors.Is(err, io.EOF) {
				return made, damagedBackup("it goes on after the manifest")
			}
			return made, made.compare(found)
		}
		_, twice := found[h.Name]
		if h.Typeflag != tar.TypeReg || twice || h.Name != databaseMember && !pictureMember.MatchString(h.Name) && !keyMember.MatchString(h.Name) {
			return made, damagedBackup("unexpected member %q", h.Name)
		}
		if found[h.Name], err = unpackMember(root, h, in); err != nil {
			return made, err
		}
	}
}

func unpackMember(root *os.Root, h *tar.Header, in io.Reader) (m member, err error) {
	if err := root.MkdirAll(path.Dir(h.Name), 0o700); err != nil {
		return m, err
	}
	f, err := root.OpenFile(h.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, err
	}
	sum := sha256.New()
	n, err := io.Copy(f, io.TeeReader(in, sum))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = damagedBackup("%s ends early", h.Name)
	case err == nil:
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return m, err
	}
	return member{h.Name, n, hex.EncodeToString(sum.Sum(nil))}, root.Chtimes(h.Name, memberTime, memberTime)
}

// compare refuses members that are missing, changed or too many.
func (m manifest) compare(found map[string]member) error {
	if m.Format != backupFormat {
		return damagedBackup("format %q", m.Format)
	}
	for _, want := range m.Members {
		if got := found[want.Name]; got != want {
			return damagedBackup("%s is not what was backed up", want.Name)
		}
	}
	if len(found) != len(m.Members) {
		return damagedBackup("%d members, %d in the manifest", len(found), len(m.Members))
	}
	return nil
}

// checkRestored looks at the database as SQLite does and at whether all pictures are those of its pages, and has all
// of it written to disk.
func checkRestored(ctx context.Context, folder string, made manifest) error {
	snap, err := store.CheckFile(ctx, filepath.Join(folder, databaseMember))
	if err != nil {
		return damagedBackup("%v", err)
	}
	pages := map[string]bool{}
	for _, id := range snap.Pictures {
		pages[pictureMemberOf(id)] = true
	}
	folders := map[string]bool{folder: true}
	for _, m := range made.Members {
		if !pictureMember.MatchString(m.Name) {
			continue
		}
		if !pages[m.Name] {
			return damagedBackup("%s is no page's picture", m.Name)
		}
		folders[filepath.Join(folder, filepath.FromSlash(path.Dir(m.Name)))] = true
		folders[filepath.Join(folder, picturesFolder)] = true
	}
	if made.pictures()+made.Missing != len(pages) {
		return damagedBackup("%d pictures of %d pages", made.pictures(), len(pages))
	}
	for name := range folders {
		if err := syncFolder(name); err != nil {
			return err
		}
		if name != folder && strings.HasPrefix(name, folder) {
			if err := os.Chtimes(name, memberTime, memberTime); err != nil {
				return err
			}
		}
	}
	return nil
}

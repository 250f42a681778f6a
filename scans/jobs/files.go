package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"pingyi/ballot"
	"pingyi/scans/worker"
)

// The spool is the folder of open batches: one folder a batch, destroyed when it closes. An upload U has
// there, next to the pictures of its pages, U.file as it came (or, of a ZIP, U-000001, U-000002, …) and
// U.parts, which says what documents it holds.

func (s *Service) spool(parts ...string) string {
	return filepath.Join(append([]string{s.Folder, "spool"}, parts...)...)
}

func uploadFile(upload string) string { return upload + ".file" }

func partsFile(upload string) string { return upload + ".parts" }

func pictureName(upload string, index int) string {
	return fmt.Sprintf("%s-page-%06d.jpg", upload, index)
}

// save streams a file to disk, synced, and gives its SHA-256 and size. The file stays open and locked until
// the caller closes it: sweep leaves it alone.
func save(path string, in io.Reader) (f *os.File, digest string, n int64, err error) {
	if f, err = create(path); err != nil {
		return nil, "", 0, err
	}
	sum := sha256.New()
	if n, err = io.Copy(io.MultiWriter(f, sum), in); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return nil, "", 0, errors.Join(err, f.Close(), os.Remove(path))
	}
	return f, hex.EncodeToString(sum.Sum(nil)), n, nil
}

// create makes a new file, locked. One that a sweep took away before the lock was had is made again: what is
// written to it would be nowhere.
func create(path string) (*os.File, error) {
	for {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		var mine os.FileInfo
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err == nil {
			mine, err = f.Stat()
		}
		if err != nil {
			return nil, errors.Join(err, f.Close(), os.Remove(path))
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(mine, there) {
			return f, nil
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// write puts a whole file in its place, so that a kill leaves the old one, the new one or none.
func write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// keepParts writes down what documents an upload holds.
func (s *Service) keepParts(batch, upload string, parts []worker.Part) error {
	text, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	return write(s.spool(batch, partsFile(upload)), text)
}

func (s *Service) parts(batch, upload string) (parts []worker.Part, err error) {
	text, err := os.ReadFile(s.spool(batch, partsFile(upload)))
	if err != nil {
		return nil, err
	}
	return parts, json.Unmarshal(text, &parts)
}

// SpoolPicture opens the picture of an image of an open batch.
func (s *Service) SpoolPicture(batch, upload string, index int) (io.ReadCloser, error) {
	f, err := os.Open(s.spool(batch, pictureName(upload, index)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有该图像的图片", "the image has no picture")
	}
	return f, err
}

// lock holds a file of the folder locked, against other processes and other goroutines of this one, until
// the function that it returns is called. The kernel releases it when the process ends.
func (s *Service) lock(name string, how int) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(s.Folder, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
	}
}

// alone runs fn while nobody else closes, discards or adds to a batch, or sweeps.
func (s *Service) alone(fn func() error) error {
	release, err := s.lock("batches.lock", syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer release()
	return fn()
}

// syncDisk has everything in the folder's file system written to disk.
func (s *Service) syncDisk() error {
	f, err := os.Open(s.Folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}

// sweep deletes what a kill left behind: files of batches that are closed or gone, files whose upload was
// not recorded, and pictures of pages that were not. It runs alone.
func (s *Service) sweep(ctx context.Context) error {
	open, err := s.Store.OpenBatches(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{} // folder and upload
	for _, b := range open {
		uploads, err := s.Store.Uploads(ctx, b.ID)
		if err != nil {
			return err
		}
		known[s.spool(b.ID, pausedFile)] = true
		for _, u := range uploads {
			known[s.spool(b.ID, u.ID)] = true
		}
	}
	files, err := filepath.Glob(s.spool("*", "*"))
	if err != nil {
		return err
	}
	for _, path := range files {
		folder, name := filepath.Split(path)
		if end := strings.IndexAny(name, ".-"); end > 0 && known[folder+name[:end]] || known[path] {
			continue
		}
		if err := whileIdle(path, func() error { return remove(path) }); err != nil {
			return err
		}
		os.Remove(folder) // fails where it is not empty
	}
	if err := s.sweepFolders(ctx); err != nil {
		return err
	}
	ids, err := s.Store.PageIDs(ctx)
	if err != nil {
		return err
	}
	return s.pictures.sweep(ctx, ids)
}

// sweepFolders removes empty folders of batches that are not open: their files were removed, and then came a kill.
func (s *Service) sweepFolders(ctx context.Context) error {
	folders, err := os.ReadDir(s.spool())
	if err != nil {
		return err
	}
	for _, f := range folders {
		b, err := s.Store.Batch(ctx, f.Name())
		if err != nil && ballot.CodeOf(err) != ballot.CodeNotFound {
			return err
		}
		if err != nil || b.State != ballot.BatchOpen {
			os.Remove(s.spool(f.Name())) // fails where it is not empty: an upload that was under way when its batch closed
		}
	}
	return nil
}

// whileIdle deletes what belongs to a file unless an upload is under way into it. It holds the lock meanwhile, so that
// none begins.
func whileIdle(path string, deletes func() error) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return deletes()
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil
	}
	return deletes()
}

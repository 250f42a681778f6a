package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
	"golang.org/x/sys/unix"

	"pingyi/ballot"
)

// pictures are the images of pages of closed batches: a folder a meeting, files named by random ids, all
// with one time and without sidecars.
//
// A file system keeps more than that: the number of a file's entry, where it lies, and the times of its making and of
// its last change, which nobody can set. Files of one batch would have these side by side. So whenever a batch
// closes, all pictures of the meeting are written anew, into a folder of their own that then takes the place of the
// one before. A file written over an older one would give its entry to the next file by name, and one that is copied
// takes another time than one that is new; so all entries are made first, then filled, then given their time, each step
// in the order of the random names: what is kept of a file follows from its name alone.
type pictures struct {
	dir    string
	bucket *blob.Bucket
}

// stillness is the time of every picture and of their folders.
var stillness = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func openPictures(dir string) (*pictures, error) {
	// NoTempDir: a picture half written at a kill lies beside its place, and is swept at the next start.
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite, NoTempDir: true})
	if err != nil {
		return nil, err
	}
	return &pictures{dir, bucket}, nil
}

const suffix = ".jpg"

func key(meeting, page string) string { return meeting + "/" + page + suffix }

// next is the folder in which a meeting's pictures are written anew.
func next(meeting string) string { return meeting + ".next" }

func (p *pictures) path(parts ...string) string {
	return filepath.Join(append([]string{p.dir}, parts...)...)
}

// add writes the meeting's pictures anew, with new ones taken from files, beside those that are there; take puts them
// in their place once the rows of the new ones are there.
func (p *pictures) add(meeting string, files map[string]string) error {
	source := map[string]string{} // by the file's new name
	kept, err := os.ReadDir(p.path(meeting))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, f := range kept {
		source[f.Name()] = p.path(meeting, f.Name())
	}
	for page, file := range files {
		source[page+suffix] = file
	}
	if err := p.remove(meeting); err != nil {
		return err
	}
	if err := os.MkdirAll(p.path(next(meeting)), 0o700); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(source))
	for _, step := range []func(path, from string) error{empty, fill, p.stillAt} {
		for _, name := range names {
			if err := step(p.path(next(meeting), name), source[name]); err != nil {
				return err
			}
		}
	}
	return p.still(next(meeting), "")
}

// digests are those (SHA-256, hexadecimal) of new pictures, by page. They are taken of the files that add copies: a picture
// that is read after it was written bears the time of it, which those of earlier batches do not.
func digests(files map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for page, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		out[page] = digestOf(data)
	}
	return out, nil
}

func digestOf(picture []byte) string {
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:])
}

func empty(path, _ string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func fill(path, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

func (p *pictures) stillAt(path, _ string) error { return os.Chtimes(path, stillness, stillness) }

// take puts the pictures that add wrote in the place of those before.
func (p *pictures) take(meeting string) error {
	if err := os.MkdirAll(p.path(meeting), 0o700); err != nil {
		return err
	}
	old, made := p.path(meeting), p.path(next(meeting))
	err := unix.Renameat2(unix.AT_FDCWD, made, unix.AT_FDCWD, old, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) { // a file system that cannot exchange: a kill in between is for sweep
		if err = os.RemoveAll(old); err == nil {
			err = os.Rename(made, old)
		}
	}
	return errors.Join(err, p.remove(meeting))
}

// remove takes back what add wrote, or the pictures whose place was taken.
func (p *pictures) remove(meeting string) error {
	return errors.Join(os.RemoveAll(p.path(next(meeting))), p.still(meeting, ""))
}

// still sets the time of files that may show when work was done.
func (p *pictures) still(names ...string) error {
	for _, name := range names {
		if err := os.Chtimes(filepath.Join(p.dir, filepath.FromSlash(name)), stillness, stillness); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// names lists the keys that begin with prefix.
func (p *pictures) names(ctx context.Context, prefix string) (names []string, err error) {
	list := p.bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, o.Key)
	}
}

func (p *pictures) open(ctx context.Context, meeting, page string) (io.ReadCloser, error) {
	r, err := p.bucket.NewReader(ctx, key(meeting, page), nil)
	if gcerrors.Code(err) == gcerrors.NotFound { // perhaps its place is being taken
		r, err = p.bucket.NewReader(ctx, key(next(meeting), page), nil)
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有该票面的图片", "the page has no picture")
	}
	return r, err
}

// sweep brings to its end what a kill cut short. Pictures written anew take their place where rows know one of them that
// is not there: the closing was committed. Otherwise, and pictures of pages that no row knows, they are deleted.
func (p *pictures) sweep(ctx context.Context, known map[string]bool) error {
	folders, err := filepath.Glob(p.path(next("*")))
	if err != nil {
		return err
	}
	for _, folder := range folders {
		meeting := strings.TrimSuffix(filepath.Base(folder), next(""))
		end := p.remove
		if committed, err := p.committed(folder, meeting, known); err != nil {
			return err
		} else if committed {
			end = p.take
		}
		if err := end(meeting); err != nil {
			return err
		}
	}
	names, err := p.names(ctx, "")
	if err != nil {
		return err
	}
	for _, name := range names {
		if !known[strings.TrimSuffix(path.Base(name), suffix)] {
			if err := p.bucket.Delete(ctx, name); err != nil {
				return err
			}
			if err := p.still(path.Dir(name)); err != nil {
				return err
			}
		}
	}
	return p.still("")
}

// committed tells whether rows know a picture of the folder that its meeting's does not have.
func (p *pictures) committed(folder, meeting string, known map[string]bool) (bool, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return false, err
	}
	for _, f := range files {
		if _, err := os.Stat(p.path(meeting, f.Name())); known[strings.TrimSuffix(f.Name(), suffix)] && errors.Is(err, os.ErrNotExist) {
			return true, nil
		}
	}
	return false, nil
}

// PicturesIn digests the pictures of a meeting's pages as they lie in a data folder (SHA-256, hexadecimal), by page.
// It needs no service, and changes nothing.
func PicturesIn(folder, meeting string) (map[string]string, error) {
	root, err := os.OpenRoot(filepath.Join(folder, "pages"))
	if errors.Is(err, os.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	files, err := fs.ReadDir(root.FS(), meeting)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	out := map[string]string{}
	for _, f := range files {
		data, err := root.ReadFile(path.Join(meeting, f.Name()))
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(f.Name(), suffix)] = digestOf(data)
	}
	return out, err
}

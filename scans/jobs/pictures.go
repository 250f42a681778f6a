package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"pingyi/ballot"
)

// pictures are the images of pages of closed batches: a folder a meeting, files named by random ids, all
// with one time and without sidecars.
//
// A file system keeps more than that: the number of a file's entry and the times of its making and of its
// last change, which nobody can set. Files of one batch would lie there side by side. So whenever a batch
// closes, all pictures of the meeting are written anew, in the order of their random names: to the file
// system they are one batch.
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

// add writes new pictures, taken from files, among those of the meeting.
func (p *pictures) add(ctx context.Context, meeting string, files map[string]string) error {
	names, err := p.names(ctx, meeting+"/")
	if err != nil {
		return err
	}
	for page := range files {
		names = append(names, key(meeting, page))
	}
	slices.Sort(names)
	for _, name := range names {
		var data []byte
		if file, isNew := files[strings.TrimSuffix(path.Base(name), suffix)]; isNew {
			data, err = os.ReadFile(file)
		} else {
			data, err = p.bucket.ReadAll(ctx, name)
		}
		if err != nil {
			return err
		}
		if err := p.bucket.WriteAll(ctx, name, data, &blob.WriterOptions{ContentType: "image/jpeg"}); err != nil {
			return err
		}
		if err := p.still(name); err != nil {
			return err
		}
	}
	return p.still(meeting, "")
}

// remove takes back pictures that add wrote.
func (p *pictures) remove(ctx context.Context, meeting string, files map[string]string) error {
	var faults []error
	for page := range files {
		if err := p.bucket.Delete(ctx, key(meeting, page)); gcerrors.Code(err) != gcerrors.NotFound {
			faults = append(faults, err)
		}
	}
	return errors.Join(append(faults, p.still(meeting, ""))...)
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
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有该票面的图片", "the page has no picture")
	}
	return r, err
}

// sweep deletes pictures of pages that no row knows: a closing was killed before its transaction.
func (p *pictures) sweep(ctx context.Context, known map[string]bool) error {
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

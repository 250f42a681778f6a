package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"pingyi/ballot"
)

// pictures are the images of closed pages, in a folder: named by random ids, all with one time, without
// sidecars.
type pictures struct {
	dir    string
	bucket *blob.Bucket
}

// stillness is the time of every picture and of their folder.
var stillness = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func openPictures(dir string) (*pictures, error) {
	// NoTempDir: the half-written picture of a kill lies beside its place, and is swept at the next start.
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite, NoTempDir: true})
	if err != nil {
		return nil, err
	}
	return &pictures{dir, bucket}, nil
}

func key(id string) string { return id + ".jpg" }

func (p *pictures) write(ctx context.Context, id string, data []byte) error {
	if err := p.bucket.WriteAll(ctx, key(id), data, &blob.WriterOptions{ContentType: "image/jpeg"}); err != nil {
		return err
	}
	return os.Chtimes(filepath.Join(p.dir, key(id)), stillness, stillness)
}

// seal hides when pictures were added last.
func (p *pictures) seal() error { return os.Chtimes(p.dir, stillness, stillness) }

func (p *pictures) open(ctx context.Context, id string) (io.ReadCloser, error) {
	r, err := p.bucket.NewReader(ctx, key(id), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有该票面的图片", "the page has no picture")
	}
	return r, err
}

// sweep deletes pictures of pages that no row knows: a closing was killed before its transaction.
func (p *pictures) sweep(ctx context.Context, known map[string]bool) error {
	list := p.bucket.List(nil)
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return p.seal()
		}
		if err != nil {
			return err
		}
		if !known[strings.TrimSuffix(o.Key, ".jpg")] {
			if err := p.bucket.Delete(ctx, o.Key); err != nil {
				return err
			}
		}
	}
}

package ocr

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"

	"pingyi/scans/child"
)

// kind of text that a crop holds.
type kind string

const (
	kindCode  kind = "code"
	kindText  kind = "text"
	kindPacks kind = "packs" // no crop: are the language packs there?
)

// request asks a child to read a crop: W × H pixels, one byte each, in the frame's blob.
type request struct {
	Kind kind `json:"kind"`
	W    int  `json:"w,omitempty"`
	H    int  `json:"h,omitempty"`
}

type answer struct {
	Text    string `json:"text,omitempty"`
	Problem string `json:"problem,omitempty"` // why it could not be read; the child goes on
}

// Recognizer reads crops in the child; Engine is one.
type Recognizer interface {
	Code(crop *image.Gray) (string, error)
	Text(crop *image.Gray) (string, error)
}

// Serve is the child's side: it answers requests from in on out until in ends. open is called once, before
// the first answer; what it lacks is the answer to every request.
func Serve(in io.Reader, out io.Writer, open func() (Recognizer, error)) error {
	r, w := bufio.NewReaderSize(in, 1<<16), bufio.NewWriter(out)
	engine, missing := open()
	for {
		var q request
		pixels, err := child.ReadFrame(r, &q)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var a answer
		problem := missing
		if problem == nil && q.Kind != kindPacks {
			a.Text, problem = read(engine, q, pixels)
		}
		if problem != nil {
			a.Problem = problem.Error()
		}
		if err := child.WriteFrame(w, a, nil); err != nil {
			return err
		}
	}
}

func read(engine Recognizer, q request, pixels []byte) (string, error) {
	if q.W < 1 || q.H < 1 || q.W > len(pixels) || q.W*q.H != len(pixels) {
		return "", fmt.Errorf("ocr: a crop of %d × %d pixels in %d bytes", q.W, q.H, len(pixels))
	}
	crop := &image.Gray{Pix: pixels, Stride: q.W, Rect: image.Rect(0, 0, q.W, q.H)}
	if q.Kind == kindCode {
		return engine.Code(crop)
	}
	return engine.Text(crop)
}

package api

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/image/draw"

	"pingyi/ballot"
)

// Trials reads the scans of trial runs (试打), of which nothing is kept: no batch, no ledger, no row.
type Trials interface {
	// Trial reads one file of at most so many images by a trial form; the pictures are JPEG, one an image, empty
	// where there is none.
	Trial(ctx context.Context, f ballot.Form, name string, file io.Reader, most int) (images []ballot.TrialImage, pictures [][]byte, err error)
}

// maxTrial bounds the scans of a trial run, in bytes: a few sheets at 600 dpi.
const maxTrial = 256 << 20

// maxTrialImages is the most images of all files of a trial run: three sheets of a few leaves need no more.
const maxTrialImages = 60

// trialWidth is how wide the pictures of a trial run are, in pixels.
const trialWidth = 420

// TrialImage is one image of a trial run, for people to look at.
type TrialImage struct {
	State    ballot.PageState    `json:"state" enum:"read,rejected"`
	FormPage int                 `json:"form_page,omitempty"`
	Reason   ballot.RejectReason `json:"reason,omitempty"`
	Facts    string              `json:"facts,omitempty"`
	Picture  []byte              `json:"picture,omitempty" doc:"JPEG; none of paper that is not known to be this test ballot"`
}

// TrialResult is the verdict on a trial run, and its images.
type TrialResult struct {
	ballot.TrialReport
	Images []TrialImage `json:"images" nullable:"false"`
}

func (s *server) registerTrial() {
	print := route("GET", "/meetings/{meeting}/trial/ballots", "print-trial", "trial", "打印试打票 three test ballots, which never count")
	add(s, pdfAnswer(print), s.printTrial)
	read := route("POST", "/meetings/{meeting}/trial", "read-trial", "trial", "判读试打票的扫描件 read the scans of the test ballots; nothing of them is kept")
	addUpload(s, read, true, s.readTrial)
}

// InTrial is the path of a group's trial run.
type InTrial struct {
	InMeeting
	Group string `query:"group" required:"true" maxLength:"60" doc:"code, name or category of a voter group"`
}

// trialForm lays out the test ballot of a group.
func (s *server) trialForm(ctx context.Context, in InTrial) (m ballot.Meeting, f *ballot.Form, err error) {
	if m, err = s.Store.Meeting(ctx, in.Meeting); err != nil {
		return m, nil, err
	}
	g, err := m.Group(in.Group)
	if err != nil {
		return m, nil, err
	}
	f, err = ballot.TrialForm(&m, g)
	return m, f, err
}

// printTrial records nothing: what it prints is no ballot.
func (s *server) printTrial(ctx context.Context, in *InTrial) (*huma.StreamResponse, error) {
	m, f, err := s.trialForm(ctx, *in)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(func(w io.Writer) error { return s.Printer.Ballots(ctx, w, m, *f, f.TrialCopies(), false) })
	if err != nil {
		return nil, err
	}
	return doc.send("application/pdf", fmt.Sprintf("trial-%s-%s.pdf", in.Meeting, f.Group)), nil
}

type readTrialInput struct {
	InTrial
	Multipart
}

func (s *server) readTrial(ctx context.Context, in *readTrialInput) (*body[TrialResult], error) {
	_, f, err := s.trialForm(ctx, in.InTrial)
	if err != nil {
		return nil, err
	}
	var images []ballot.TrialImage
	out := TrialResult{Images: []TrialImage{}}
	files := 0
	err = in.each(maxTrial, func(name string, file io.Reader) error {
		more, pictures, err := s.Trials.Trial(ctx, *f, name, file, maxTrialImages-len(images))
		for i, image := range more {
			image.File = files
			images = append(images, image)
			out.Images = append(out.Images, trialImage(f.ID, image, pictures[i]))
		}
		files++
		return err
	})
	if err != nil {
		return nil, err
	}
	out.TrialReport = ballot.JudgeTrial(f, f.TrialLeaves(), images)
	return answer(out, nil)
}

func trialImage(form string, image ballot.TrialImage, picture []byte) TrialImage {
	out := TrialImage{State: ballot.PageRead, FormPage: image.Reading.Page}
	if r := image.Reading.Rejected; r != nil {
		out.State, out.Reason, out.Facts = ballot.PageRejected, r.Reason, r.Facts
	}
	if image.Reading.Form != form { // a real ballot, perhaps: also one whose code cannot be read, and one of the office's own
		return out
	}
	if small, err := smaller(bytes.NewReader(picture), trialWidth); err == nil { // a page that could not be decoded has none
		out.Picture = small
	}
	return out
}

// smaller is a picture as JPEG, reduced to a width in pixels.
func smaller(picture io.Reader, width int) ([]byte, error) {
	full, _, err := image.Decode(picture)
	if err != nil {
		return nil, err
	}
	b := full.Bounds()
	width = min(width, b.Dx())
	small := image.NewGray(image.Rect(0, 0, width, max(1, b.Dy()*width/max(1, b.Dx()))))
	draw.ApproxBiLinear.Scale(small, small.Rect, full, b, draw.Src, nil)
	var out bytes.Buffer
	err = jpeg.Encode(&out, small, &jpeg.Options{Quality: 70})
	return out.Bytes(), err
}

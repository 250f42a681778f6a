package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font/opentype"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/scans/writing"
	"pingyi/tally"
)

// written are the leaves of the stack, by their place in it, that have a comment.
var written = map[int]string{1: "多到基层走走少开会", 3: "党课再生动一些", 4: "", 6: "好"} // "" is a scrawl

// commentedMeeting has a closed batch of n leaves, of which some have a comment.
func commentedMeeting(t *testing.T, n int) (data, id string, form ballot.Form, s *service) {
	t.Helper()
	data, id, form = openMeeting(t, n, withComments)
	stack := commentedStack(t, &form, n, nil)
	s = startService(t, data)
	scanStack(t, s, id, stack)
	decideBlank(t, s, id)
	return data, id, form, s
}

func withComments(r *ballot.Rules) { r.Layout.CommentBox, r.Layout.Blocks = true, 2 }

// commentedStack is a stack of n leaves, of which some have a comment; harm, where given, befalls all of them too.
func commentedStack(t *testing.T, form *ballot.Form, n int, harm func(i int, img *raster.Image, page *ballot.FormPage)) []byte {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	raw, err := fonts.TrueType('评', pdf.Song)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return scannedStack(t, form, n, func(i int) func(*raster.Image, *ballot.FormPage) {
		return func(img *raster.Image, page *ballot.FormPage) {
			if harm != nil {
				harm(i, img, page)
			}
			text, ok := written[i]
			if !ok {
				return
			}
			r := rand.New(rand.NewPCG(uint64(i), 1))
			hand := synth.NewHand(r, false)
			if text == "" {
				synth.Comment(img, page, hand, synth.CommentLine, r)
			} else if err := synth.CommentText(img, page, hand, face, text, r); err != nil {
				panic(err) // a text of this file that does not fit
			}
		}
	})
}

// Handwriting goes from paper to typed text: closing cuts it off from the pages, whose kept pictures have blank
// boxes, scrutineers type it, certifying destroys it, and the committee sees the text alone.
func TestCommentsFromPaperToResult(t *testing.T) {
	t.Parallel()
	const n = 8
	data, id, form, s := commentedMeeting(t, n)
	checkBlankBoxes(t, data, id, *form.Pages[0].Comment, n)
	teller := s.as(t, "scrutineer1")
	teller.must(t, "POST", "/meetings/"+id+"/balance", nil, nil)
	var list api.CommentList
	teller.must(t, "GET", "/meetings/"+id+"/comments", nil, &list)
	if len(list.Comments) != len(written) || list.Waiting != len(written) {
		t.Fatalf("%d comments, %d waiting, of %d written", len(list.Comments), list.Waiting, len(written))
	}
	var pictures []string
	for i, c := range list.Comments {
		path := "/meetings/" + id + "/comments/" + c.ID
		raw, err := teller.send(context.Background(), "GET", path+"/picture", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(raw))
		if err != nil || picture.Bounds().Dx() != int(form.Pages[0].Comment.W*writing.CommentPixelsPerMM) {
			t.Errorf("picture of %v, %v", picture.Bounds(), err)
		}
		pictures = append(pictures, string(raw[40:120])) // of its compressed data
		teller.must(t, "PUT", path, map[string]any{"state": "typed", "text": fmt.Sprintf("意见 %d", i)}, nil)
	}
	if n := filesWith(t, data, pictures); n != len(pictures) {
		t.Fatalf("the search finds %d of %d pictures before they are destroyed", n, len(pictures))
	}
	signAll(t, s, id, "certify", "scrutineer1", "scrutineer2")
	var r tally.Result
	teller.must(t, "GET", "/meetings/"+id+"/results", nil, &r)
	if len(r.Comments) != 1 || len(r.Comments[0].Texts) != len(written) {
		t.Errorf("comments of the result %+v", r.Comments)
	}
	s.kill()
	if n := filesWith(t, data, pictures); n != 0 {
		t.Errorf("%d pictures are left in the data folder", n)
	}
}

// filesWith counts the texts that stand in any file of the data folder.
func filesWith(t *testing.T, data string, texts []string) (n int) {
	t.Helper()
	found := map[string]bool{}
	err := filepath.Walk(data, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, text := range texts {
			found[text] = found[text] || bytes.Contains(raw, []byte(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range found {
		if is {
			n++
		}
	}
	return n
}

// checkBlankBoxes looks at the comment box, in mm, on every kept picture.
func checkBlankBoxes(t *testing.T, data, id string, box ballot.Rect, n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "pages", id, "*.jpg"))
	if err != nil || len(files) != n {
		t.Fatalf("%d pictures, want %d: %v", len(files), n, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := jpeg.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		gray, k := picture.(*image.Gray), float64(picture.Bounds().Dx())/210
		dark := 0
		for y := int(box.Y * k); y < int(box.Bottom()*k); y++ {
			for x := int(box.X * k); x < int(box.Right()*k); x++ {
				if gray.GrayAt(x, y).Y < 245 {
					dark++
				}
			}
		}
		if dark > 0 {
			t.Errorf("a kept picture has %d dark pixels in the comment box", dark)
		}
	}
}

// A scrutineer types the comments in the browser and the committee finds them in the results.
func TestBrowserComments(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "comments.mjs")
	_, id, _, s := commentedMeeting(t, 8)
	settings := map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "TYPED": fmt.Sprint(len(written))}
	b.visit(t, "comments", settings)
	signAll(t, s, id, "certify", "scrutineer1", "scrutineer2")
	signAll(t, s, id, "release", "committee1", "committee2")
	b.visit(t, "results", settings)
}

package synth

import (
	"math/rand/v2"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Comments of every kind lie in the box, where the truth says, and leave ink.
func TestCommentLiesInItsBox(t *testing.T) {
	page := writingPage(t)
	for _, kind := range CommentKinds {
		for seed := range uint64(40) {
			r := rand.New(rand.NewPCG(seed, 3))
			img := raster.New(420, 594) // 2 pixels a mm
			at := Comment(img, page, NewHand(r, false), kind, r)
			checkInk(t, kind, img, *page.Comment, at)
		}
	}
}

func TestCommentText(t *testing.T) {
	face, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	page, r := writingPage(t), rand.New(rand.NewPCG(1, 3))
	img := raster.New(840, 1188)
	if err := CommentText(img, page, NewHand(r, false), face, "more often in the field, please, and earlier", r); err != nil {
		t.Fatal(err)
	}
	checkInk(t, "text", img, *page.Comment, *page.Comment)
	if CommentText(img, page, NewHand(r, false), face, string(make([]byte, 400)), r) == nil {
		t.Error("400 characters fit the box")
	}
}

// checkInk wants dark pixels, all of them in the box and nearly all where the comment was written.
func checkInk(t *testing.T, what string, img *raster.Image, box, at ballot.Rect) {
	t.Helper()
	scale := float64(img.W) / 210
	all, there := 0, 0
	for i, v := range img.Pix {
		if v > 200 {
			continue
		}
		x, y := (float64(i%img.W)+0.5)/scale, (float64(i/img.W)+0.5)/scale
		all++
		if at.Inset(-2.5).Contains(x, y) {
			there++
		}
		if !box.Contains(x, y) {
			t.Fatalf("%s: ink at %.1f, %.1f, outside %+v", what, x, y, box)
		}
	}
	if all < 8 || there*100 < all*97 {
		t.Errorf("%s: %d dark pixels, %d of them in %+v", what, all, there, at)
	}
}

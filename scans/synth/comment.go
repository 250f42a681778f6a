package synth

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Kinds of comments, by how much is written.
const (
	CommentCharacter = "character" // one, as 好 or 无
	CommentWord      = "word"      // two to four
	CommentLine      = "line"
	CommentLines     = "lines" // the box is filled
)

// CommentKinds are all kinds.
var CommentKinds = []string{CommentCharacter, CommentWord, CommentLine, CommentLines}

// Comment writes into the page's comment box, with the hand that marked the page, and returns where it wrote,
// in mm on the page as printed. The page must have such a box.
func Comment(img *raster.Image, page *ballot.FormPage, hand Hand, kind string, r *rand.Rand) ballot.Rect {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	const margin = 2.5 // mm; people keep off the frame by that
	inside := page.Comment.Inset(margin)
	size := between(r, 3, 6)
	pitch := size * between(r, 1.05, 1.35)
	n, lines := 1, 1
	switch kind {
	case CommentWord:
		n = 2 + r.IntN(3)
	case CommentLine:
		n = 5 + r.IntN(max(1, int(inside.W/pitch)-5))
	case CommentLines:
		lines = max(1, int(inside.H/pitch))
		n = lines*int(inside.W/pitch) - r.IntN(max(1, int(inside.W/pitch)-1))
	}
	perLine := (n + lines - 1) / lines
	at := ballot.Rect{W: float64(perLine)*pitch - (pitch - size), H: float64(lines)*pitch - (pitch - size)}
	at.X = inside.X + max(0, inside.W-at.W)*r.Float64()
	at.Y = inside.Y + max(0, inside.H-at.H)*r.Float64()
	for i := range n {
		k.character(hand, point{at.X + float64(i%perLine)*pitch, at.Y + float64(i/perLine)*pitch}, size)
	}
	return at
}

// CommentText writes words into the page's comment box as a neat hand does: the characters of a font, each a
// little off its line and of its size, in the hand's pen, on as many lines as it takes. They are set from the
// box's upper left; what the box does not hold is an error.
func CommentText(img *raster.Image, page *ballot.FormPage, hand Hand, face *opentype.Font, text string, r *rand.Rand) error {
	const size, margin, leading = 5.0, 2.5, 1.35 // mm
	scale := float64(img.W) / page.Width
	inside := page.Comment.Inset(margin)
	x, y := inside.X, inside.Y+size
	for _, c := range text {
		if x+size > inside.Right() {
			x, y = inside.X, y+size*leading
		}
		if y > inside.Bottom() {
			return fmt.Errorf("the comment box does not hold %q", text)
		}
		here := size * between(r, 0.92, 1.06)
		set, err := opentype.NewFace(face, &opentype.FaceOptions{Size: here * scale, DPI: 72}) // one pixel a point
		if err != nil {
			return err
		}
		ink := image.NewUniform(color.Gray{Y: byte(hand.Pen.Gray)})
		at := fixed.P(int((x+between(r, -0.15, 0.15))*scale), int((y+between(r, -0.3, 0.3))*scale))
		(&font.Drawer{Dst: img.Gray(), Src: ink, Face: set, Dot: at}).DrawString(string(c))
		x += size * between(r, 1.02, 1.15)
	}
	return nil
}

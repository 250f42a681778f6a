package synth

import (
	"math/rand/v2"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// What may have become of a page's code. The line that repeats it is left alone.
const (
	CodeCovered  = "covered"  // by a label, a stain or a clip
	CodeTorn     = "torn off" // with the paper above it
	CodeScrawled = "scrawled over"
)

// CodeLosses lists them.
var CodeLosses = []string{CodeCovered, CodeTorn, CodeScrawled}

// LoseCode does to the code of a page what how names, before the page is scanned.
func LoseCode(img *raster.Image, page *ballot.FormPage, how string, r *rand.Rand) {
	k := &ink{img: img, scale: float64(img.W) / page.Width, r: r}
	c := page.Code
	switch how {
	case CodeCovered:
		k.cover(c.Inset(-between(r, 0.5, 3)), []byte{250, 200, 120, 60, 10}[r.IntN(5)])
	case CodeTorn:
		k.tear(c)
	case CodeScrawled:
		x, y := c.Centre()
		for range 3 {
			k.write(Pen{Width: between(r, 0.6, 1.6), Gray: between(r, 10, 70)},
				hatch(point{x + between(r, -1, 1), y + between(r, -1, 1)}, c.W*between(r, 0.75, 1.1), c.H*between(r, 0.75, 1.1), between(r, 0.7, 1.3), between(r, -0.4, 0.4), r), 0)
		}
	}
}

// tear takes the paper away from the upper edge down to below most of the code, along a ragged edge; behind it
// is the scanner's lid, or a leaf of white paper.
func (k *ink) tear(code ballot.Rect) {
	lid := []byte{255, 250, 120, 25}[k.r.IntN(4)]
	left, right := code.X-between(k.r, 0, 5), code.Right()+between(k.r, 0, 5)
	depth := code.Y + code.H*between(k.r, 0.6, 1)
	step := 1 / k.scale
	for x := left; x < right; x += step {
		depth += between(k.r, -0.12, 0.12)
		side := min(1, (x-left)/4, (right-x)/4) // the tear runs out to both sides
		k.cover(ballot.Rect{X: x, Y: 0, W: step, H: max(0, min(depth, code.Bottom()+1)*side)}, lid)
	}
}

package writing

import (
	"image"
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// CommentPixelsPerMM is the scale of pictures of comments, whatever the page was scanned at.
const CommentPixelsPerMM = 8

// Sizes are in mm where nothing else is said. A lost comment is worse than an empty crop, so little is
// asked of writing: the constants were chosen on synthetic pages so that none is missed (see `make comments`).
const (
	CommentEdge  = 1.6  // of the box not looked at: the frame may lie there
	commentTile  = 5.0  // within which the paper is taken to be even
	commentInk   = 0.88 // of the paper's gray below which a pixel is ink
	commentSpeck = 1.3  // a smaller piece is dirt
	commentLine  = 5.0  // from which a straight piece that comes from outside is a fold or a streak
	commentFlat  = 0.3  // spread about a straight line below which a piece is straight
	commentLeast = 2.0  // of ink, along the longer sides of its pieces
	commentWhite = 0.94 // of the paper's gray above which a pixel of the picture becomes white
	commentPale  = 0.6  // of the paper's gray: ink that is paler stays gray in the picture
	frameSlack   = 1.2  // by which stretch can move the frame
	commentGrays = 12   // levels of the picture: noise that is the scan's own would tell from which page it was cut
)

// Comments finds writing in comment boxes; its buffers are reused. It is not safe for concurrent use.
type Comments struct {
	box    raster.Image // the box upright, CommentPixelsPerMM
	small  raster.Image // half of it
	smooth []byte       // small, averaged over 3 × 3
	mask   []byte
	paper  []byte // gray of the paper, by tile of small
	across int    // tiles
	labels raster.Labels
}

// Read gives what stands in a page's comment box, a rectangle in mm: upright, CommentPixelsPerMM, without its
// frame or anything beside it; nil where the box is empty.
func (c *Comments) Read(img *raster.Image, m *register.Homography, box ballot.Rect) *image.Gray {
	c.cut(img, m, box)
	if c.ink() < commentLeast {
		return nil
	}
	return c.picture()
}

// cut takes the box out of the picture, upright and at its own scale: within its frame, and nothing beside.
func (c *Comments) cut(img *raster.Image, m *register.Homography, box ballot.Rect) {
	w, h := int(box.W*CommentPixelsPerMM), int(box.H*CommentPixelsPerMM)
	c.box = raster.Image{W: w, H: h, Pix: slices.Grow(c.box.Pix[:0], w*h)[:w*h]}
	img.Upright(c.box.Pix, w, h, func(x, y float64) (u, v float64) { return m.At(box.X+x/CommentPixelsPerMM, box.Y+y/CommentPixelsPerMM) })
	c.box.Reduce(&c.small, 2)
	c.blur()
	c.measurePaper()
}

// blur averages over 3 × 3 pixels, which makes gray of dithered paper.
func (c *Comments) blur() {
	w, h := c.small.W, c.small.H
	c.smooth = slices.Grow(c.smooth[:0], w*h)[:w*h]
	copy(c.smooth, c.small.Pix)
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			sum := 0
			for _, row := range [3][]byte{c.small.Pix[(y-1)*w+x-1:], c.small.Pix[y*w+x-1:], c.small.Pix[(y+1)*w+x-1:]} {
				sum += int(row[0]) + int(row[1]) + int(row[2])
			}
			c.smooth[y*w+x] = byte(sum / 9)
		}
	}
}

const (
	commentScale = CommentPixelsPerMM / 2 // pixels of the small picture a mm
	commentSide  = commentTile * commentScale
)

// measurePaper takes the paper of each tile to be the gray that a quarter of its pixels exceed: writing covers
// less than that.
func (c *Comments) measurePaper() {
	const side = int(commentSide)
	w, h := c.small.W, c.small.H
	c.across = (w + side - 1) / side
	c.paper = c.paper[:0]
	for y0 := 0; y0 < h; y0 += side {
		for x0 := 0; x0 < w; x0 += side {
			var histogram raster.Histogram
			x1, y1 := min(w, x0+side), min(h, y0+side)
			for y := y0; y < y1; y++ {
				histogram.Add(c.smooth[y*w+x0 : y*w+x1])
			}
			c.paper = append(c.paper, byte(histogram.Rank((x1-x0)*(y1-y0), 0.75)))
		}
	}
	c.brighten()
}

// brighten gives a tile that is filled with ink the paper of its neighbours.
func (c *Comments) brighten() {
	measured := slices.Clone(c.paper)
	for i := range c.paper {
		near := []byte{measured[i]}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(measured) && j/c.across == i/c.across {
				near = append(near, measured[j])
			}
		}
		c.paper[i] = slices.Max(near)
	}
}

func (c *Comments) paperAt(x, y int) float64 {
	const side = int(commentSide)
	return float64(c.paper[min(y/side, len(c.paper)/c.across-1)*c.across+min(x/side, c.across-1)])
}

// ink is how much writing stands in the box: mm along the longer sides of its pieces.
func (c *Comments) ink() float64 {
	w, h := c.small.W, c.small.H
	c.mask = slices.Grow(c.mask[:0], w*h)[:w*h]
	clear(c.mask)
	edge := int(math.Ceil(CommentEdge * commentScale))
	for y := edge; y < h-edge; y++ {
		for x := edge; x < w-edge; x++ {
			if float64(c.smooth[y*w+x]) < commentInk*c.paperAt(x, y) {
				c.mask[y*w+x] = 1
			}
		}
	}
	c.labels.Label(c.mask, w, h)
	return c.strokes(ballot.Rect{X: float64(edge), Y: float64(edge), W: float64(w - 2*edge), H: float64(h - 2*edge)})
}

// strokes is the longer sides, in mm, of the pieces that are neither dirt nor on a line that comes from outside:
// a fold or a streak, which may be broken. within is what was looked at, in pixels.
func (c *Comments) strokes(within ballot.Rect) (sum float64) {
	shapes := make([]moments, len(c.labels.Comps))
	for _, r := range c.labels.Runs {
		shapes[r.Comp].run(box{int(r.X0), int(r.Y), int(r.X1), int(r.Y) + 1})
	}
	var lines []moments
	for i, p := range c.labels.Comps {
		outside := p.MinX <= int(within.X) || p.MinY <= int(within.Y) || p.MaxX >= int(within.Right())-1 || p.MaxY >= int(within.Bottom())-1
		if outside && longer(p) > commentLine && shapes[i].spread() < commentFlat*commentScale {
			lines = append(lines, shapes[i].mean())
		}
	}
	for i, p := range c.labels.Comps {
		onLine := slices.ContainsFunc(lines, func(l moments) bool { return l.with(shapes[i].mean()).spread() < commentFlat*commentScale })
		if long := longer(p); long >= commentSpeck && !onLine {
			sum += long
		}
	}
	return sum
}

// longer is a piece's longer side in mm.
func longer(p raster.Component) float64 { return float64(max(p.Width(), p.Height())) / commentScale }

// picture is the comment as people see it: black ink on white in few grays, without the frame, so that neither
// the tone of the paper, nor the scan's noise, what shows through, how dark the pen was or where print lay on
// this sheet tells from which page it was cut.
func (c *Comments) picture() *image.Gray {
	out := image.NewGray(image.Rect(0, 0, c.box.W, c.box.H))
	black := c.black()
	for y := range c.box.H {
		for x := range c.box.W {
			light := max(0, min(1, (c.light(x, y)-black)/(1-black)))
			out.Pix[y*out.Stride+x] = byte(math.Round(light*(commentGrays-1)) * 255 / (commentGrays - 1))
		}
	}
	c.eraseFrame(out)
	return out
}

// light is a pixel of the box over its paper, 1 = white.
func (c *Comments) light(x, y int) float64 {
	return min(1, float64(c.box.Pix[y*c.box.W+x])/(commentWhite*c.paperAt(x/2, y/2)))
}

// black is the light of ink at its darkest: a tenth of it is darker.
func (c *Comments) black() float64 {
	var histogram [256]int
	n := 0
	for y := range c.box.H {
		for x := range c.box.W {
			if l := c.light(x, y); l < commentInk {
				histogram[int(l*255)]++
				n++
			}
		}
	}
	for i, rest := 0, n/10; i < 256; i++ {
		if rest -= histogram[i]; rest < 0 {
			return min(commentPale, float64(i)/255)
		}
	}
	return 0
}

// eraseFrame makes the pieces white that lie where the frame may be and reach no farther in.
func (c *Comments) eraseFrame(m *image.Gray) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	c.mask = slices.Grow(c.mask[:0], w*h)[:w*h]
	for i, v := range m.Pix {
		c.mask[i] = 255 - v
	}
	c.labels.Label(c.mask, w, h)
	band := int(math.Ceil(frameSlack * CommentPixelsPerMM))
	inner := make([]bool, len(c.labels.Comps))
	for _, r := range c.labels.Runs {
		inner[r.Comp] = inner[r.Comp] || int(r.Y) >= band && int(r.Y) < h-band && int(r.X1) > band && int(r.X0) < w-band
	}
	for _, r := range c.labels.Runs {
		for x := int(r.X0); x < int(r.X1) && !inner[r.Comp]; x++ {
			m.Pix[int(r.Y)*m.Stride+x] = 255
		}
	}
}

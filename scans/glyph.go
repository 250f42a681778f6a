package scans

import (
	"fmt"
	"image"
	"math"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"pingyi/scans/raster"
)

// Measures of the comparison of print with glyphs, in pixels of the rendered glyph.
const (
	glyphEm    = 24 // an em
	glyphShift = 2  // how far a character may lie from where its line puts it
	glyphPad   = 4  // paper around a rendered line
	baseline   = glyphEm + glyphEm/2

	// Of the darkest ink of a line: what the middle of a blank in it has on average, and along a row or column.
	blankInk    = 0.12
	blankStroke = 0.4
)

// typeface renders texts to compare print with. What it has rendered is kept.
type typeface struct {
	face   font.Face
	lines  map[string]*inkLine
	glyphs []glyph // of the common characters, once they were asked for
}

// inkLine is a line of text as ink (0 paper … 255), cut to its ink with glyphPad of paper around it, and
// where each of its characters stands.
type inkLine struct {
	w, h, top int // top is how far below the canvas' upper edge it begins
	pix       []byte
	runes     []rune
	cells     []image.Rectangle
	starts    []int // where the characters begin, which may be left of the picture
	blanks    []image.Rectangle
}

func newTypefaces(fonts [][]byte) ([]*typeface, error) {
	var out []*typeface
	for i, data := range fonts {
		f, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("font %d of those that names are compared with: %w", i+1, err)
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: glyphEm, DPI: 72})
		if err != nil {
			return nil, err
		}
		out = append(out, &typeface{face: face, lines: map[string]*inkLine{}})
	}
	return out, nil
}

// line renders a text. It is nil where the face lacks one of its characters.
func (t *typeface) line(text string) *inkLine {
	if l, ok := t.lines[text]; ok {
		return l
	}
	if len(t.lines) > 1<<14 {
		clear(t.lines)
	}
	l := t.render(text)
	t.lines[text] = l
	return l
}

func (t *typeface) render(text string) *inkLine {
	runes := []rune(text)
	canvas := image.NewGray(image.Rect(0, 0, (len(runes)+2)*glyphEm+2*glyphPad, 2*glyphEm))
	d := font.Drawer{Dst: canvas, Src: image.White, Face: t.face, Dot: fixed.P(glyphPad, baseline)}
	l := &inkLine{}
	for _, r := range runes {
		from := d.Dot.X.Round()
		if r == '\u3000' { // not every face has a blank as wide as a character
			d.Dot.X += fixed.I(glyphEm)
			l.blanks = append(l.blanks, image.Rect(from, 0, d.Dot.X.Round(), canvas.Rect.Dy()))
			continue
		}
		if _, ok := t.face.GlyphAdvance(r); !ok {
			return nil
		}
		d.DrawString(string(r))
		l.runes = append(l.runes, r)
		l.cells = append(l.cells, image.Rect(from, 0, d.Dot.X.Round(), canvas.Rect.Dy()))
	}
	ink := inkBounds(canvas, func(v byte) bool { return v > 96 })
	if ink.Empty() {
		return nil
	}
	ink = ink.Inset(-glyphPad).Intersect(canvas.Rect)
	l.w, l.h, l.top, l.pix = ink.Dx(), ink.Dy(), ink.Min.Y, make([]byte, ink.Dx()*ink.Dy())
	for y := range l.h {
		copy(l.pix[y*l.w:(y+1)*l.w], canvas.Pix[(y+ink.Min.Y)*canvas.Stride+ink.Min.X:])
	}
	for i := range l.blanks {
		l.blanks[i] = l.blanks[i].Sub(ink.Min)
	}
	for i := range l.cells {
		l.starts = append(l.starts, l.cells[i].Min.X-ink.Min.X)
		l.cells[i] = l.cells[i].Sub(ink.Min).Intersect(image.Rect(0, 0, l.w, l.h))
	}
	return l
}

// fit is how well print (a crop cut to its ink) shows the text: of each character, the correlation of the
// picture with the glyph, -1 … 1, in the face that fits the whole best. It is nil where no face has the text.
func fit(faces []*typeface, print *image.Gray, text string) (best []float64) {
	for _, t := range faces {
		l := t.line(text)
		if l == nil {
			continue
		}
		if f := l.fit(print); best == nil || mean(f) > mean(best) {
			best = f
		}
	}
	return best
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(max(1, len(v)))
}

// fit is how well print shows each character of the line; not at all where what is blank in the line is not.
func (l *inkLine) fit(print *image.Gray) []float64 {
	return l.fitSeen(stretched(print, l.w-2*glyphPad, l.h-2*glyphPad, l.w, l.h))
}

func (l *inkLine) fitSeen(seen []float64) []float64 {
	out := make([]float64, len(l.cells))
	for _, b := range l.blanks {
		if l.inked(seen, b) {
			return out
		}
	}
	for i, c := range l.cells {
		out[i] = l.best(seen, c, func(y int) []byte { return l.pix[y*l.w:] }, 0)
	}
	return out
}

// inked tells whether something stands in what should be blank: a stroke along it, or ink as of a character.
func (l *inkLine) inked(seen []float64, blank image.Rectangle) bool {
	blank = blank.Inset(glyphEm / 4)
	blank.Min.Y, blank.Max.Y = 0, l.h
	rows, columns := make([]float64, l.h), make([]float64, blank.Dx())
	most, sum := 0.0, 0.0
	for y := range l.h {
		for x := range l.w {
			v := seen[y*l.w+x]
			most = max(most, v)
			if x >= blank.Min.X && x < blank.Max.X {
				rows[y] += v / float64(blank.Dx())
				columns[x-blank.Min.X] += v / float64(l.h-2*glyphPad)
				sum += v / float64(blank.Dx()*l.h)
			}
		}
	}
	return sum > blankInk*most || slices.Max(rows) > blankStroke*most || slices.Max(columns) > blankStroke*most
}

// best correlation of a cell with the picture, displaced by little. ink gives the rows of what should stand there,
// whose first pixel is at left.
func (l *inkLine) best(seen []float64, c image.Rectangle, ink func(y int) []byte, left int) float64 {
	best := -1.0
	for dy := -glyphShift; dy <= glyphShift; dy++ {
		for dx := -glyphShift; dx <= glyphShift; dx++ {
			best = max(best, l.correlation(seen, c, ink, left, dx, dy))
		}
	}
	return best
}

// correlation of a cell of the line with the picture displaced by dx, dy.
func (l *inkLine) correlation(seen []float64, c image.Rectangle, ink func(y int) []byte, left, dx, dy int) float64 {
	var n, a, b, aa, bb, ab float64
	for y := max(c.Min.Y, -dy); y < min(c.Max.Y, l.h-dy); y++ {
		x0, x1 := max(c.Min.X, -dx), min(c.Max.X, l.w-dx)
		if x0 >= x1 {
			continue
		}
		row, under := ink(y)[x0-left:x1-left], seen[(y+dy)*l.w+x0+dx:]
		for x, i := range row {
			u, v := float64(i), under[x]
			n, a, b, aa, bb, ab = n+1, a+u, b+v, aa+u*u, bb+v*v, ab+u*v
		}
	}
	spread := (aa - a*a/n) * (bb - b*b/n)
	if n == 0 || spread <= 0 {
		return 0
	}
	return (ab - a*b/n) / math.Sqrt(spread)
}

// stretched is the ink of a crop, by area, in the middle of a picture of w × h: its own w × h are what is left
// between paper.
func stretched(crop *image.Gray, inkW, inkH, w, h int) []float64 {
	paper, _ := tones(crop)
	out := make([]float64, w*h)
	left, top := (w-inkW)/2, (h-inkH)/2
	sx, sy := float64(crop.Rect.Dx())/float64(inkW), float64(crop.Rect.Dy())/float64(inkH)
	for y := range inkH {
		y0, y1 := int(float64(y)*sy), int(math.Ceil(float64(y+1)*sy))
		for x := range inkW {
			x0, x1 := int(float64(x)*sx), int(math.Ceil(float64(x+1)*sx))
			sum, n := 0.0, 0.0
			for v := y0; v < min(y1, crop.Rect.Dy()); v++ {
				for u := x0; u < min(x1, crop.Rect.Dx()); u++ {
					sum += max(0, paper-float64(crop.Pix[v*crop.Stride+u]))
					n++
				}
			}
			out[(top+y)*w+left+x] = sum / max(1, n)
		}
	}
	return out
}

// tones are the gray of a crop's paper, which most of its lighter pixels are, and of its darkest print.
func tones(crop *image.Gray) (paper, black float64) {
	var gray raster.Histogram
	for y := range crop.Rect.Dy() {
		gray.Add(crop.Pix[crop.PixOffset(crop.Rect.Min.X, crop.Rect.Min.Y+y):][:crop.Rect.Dx()])
	}
	n := crop.Rect.Dx() * crop.Rect.Dy()
	return float64(gray.Rank(n, 0.75)), float64(gray.Rank(n, 0.01))
}

// inkBounds is the smallest rectangle that holds all ink.
func inkBounds(m *image.Gray, ink func(byte) bool) (r image.Rectangle) {
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		row := m.Pix[m.PixOffset(m.Rect.Min.X, y):][:m.Rect.Dx()]
		if first := slices.IndexFunc(row, ink); first >= 0 {
			last := first
			for x := first; x < len(row); x++ {
				if ink(row[x]) {
					last = x
				}
			}
			r = r.Union(image.Rect(m.Rect.Min.X+first, y, m.Rect.Min.X+last+1, y+1))
		}
	}
	return r
}

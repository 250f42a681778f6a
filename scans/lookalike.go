package scans

import (
	"image"
	"math"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Measures of the search for the characters that a picture looks like.
const (
	coarse       = 3  // pixels of a rendered glyph to a side that are one of its coarse picture
	fromCoarse   = 32 // characters that the coarse picture leaves
	canvasHeight = 2 * glyphEm
	coarseW      = glyphEm / coarse
	coarseH      = canvasHeight / coarse
)

// glyph is a character of a face as ink, where a line of print has it: at its baseline, an em wide.
type glyph struct {
	char   rune
	pix    []byte // glyphEm × canvasHeight
	coarse []float32
}

// commonCharacters are the 6,763 of GB 2312, which names are written with but for the rarest.
var commonCharacters = func() (out []rune) {
	decode := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xB0); row <= 0xF7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			s, err := decode.String(string([]byte{row, cell}))
			if r := []rune(s); err == nil && len(r) == 1 && unicode.Is(unicode.Han, r[0]) {
				out = append(out, r[0])
			}
		}
	}
	return out
}()

// common renders the common characters, at the first call.
func (t *typeface) common() []glyph {
	if t.glyphs == nil {
		t.glyphs = []glyph{}
		for _, r := range commonCharacters {
			if advance, ok := t.face.GlyphAdvance(r); !ok || advance.Round() != glyphEm {
				continue
			}
			m := image.NewGray(image.Rect(0, 0, glyphEm, canvasHeight))
			d := font.Drawer{Dst: m, Src: image.White, Face: t.face, Dot: fixed.P(0, baseline)}
			d.DrawString(string(r))
			ink := make([]float64, len(m.Pix))
			for i, v := range m.Pix {
				ink[i] = float64(v)
			}
			t.glyphs = append(t.glyphs, glyph{r, m.Pix, coarsened(ink)})
		}
	}
	return t.glyphs
}

// coarsened is a picture of a character at a third of its size, with mean 0 and length 1.
func coarsened(pix []float64) []float32 {
	out := make([]float32, coarseW*coarseH)
	mean := 0.0
	for i, v := range pix {
		out[i/glyphEm/coarse*coarseW+i%glyphEm/coarse] += float32(v)
		mean += v / float64(len(out))
	}
	length := 0.0
	for i := range out {
		out[i] -= float32(mean)
		length += float64(out[i]) * float64(out[i])
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(max(1, length)))
	}
	return out
}

// lookalike is a character and how well a picture shows it.
type lookalike struct {
	char rune
	fit  float64
}

// read gives, for each character of a rendered line, the one that a picture of a line shows best in its place: its
// own, or a common one.
func (t *typeface) read(l *inkLine, print *image.Gray) []lookalike {
	seen := stretched(print, l.w-2*glyphPad, l.h-2*glyphPad, l.w, l.h)
	out := make([]lookalike, len(l.cells))
	for i, fit := range l.fitSeen(seen) {
		out[i] = lookalike{l.runes[i], fit}
		if !unicode.Is(unicode.Han, l.runes[i]) {
			continue
		}
		if best := t.likest(l, seen, l.starts[i]); best.fit > fit {
			out[i] = best
		}
	}
	return out
}

// likest is the common character that a line shows best in the em from left on.
func (t *typeface) likest(l *inkLine, seen []float64, left int) (best lookalike) {
	em := make([]float64, glyphEm*canvasHeight)
	for y := range min(l.h, canvasHeight-l.top) {
		for x := max(0, -left); x < min(glyphEm, l.w-left); x++ {
			em[(y+l.top)*glyphEm+x] = seen[y*l.w+left+x]
		}
	}
	picture := coarsened(em)
	glyphs := t.common()
	var near [fromCoarse]struct {
		glyph int
		fit   float32
	}
	n := 0
	for i := range glyphs {
		sum := float32(0)
		for j, v := range glyphs[i].coarse {
			sum += v * picture[j]
		}
		if n == len(near) && sum <= near[n-1].fit { //nolint:gosec // near is never empty
			continue
		}
		at := min(n, len(near)-1)
		for ; at > 0 && near[at-1].fit < sum; at-- {
			near[at] = near[at-1]
		}
		near[at].glyph, near[at].fit = i, sum
		n = min(n+1, len(near))
	}
	for _, c := range near[:n] {
		g := &glyphs[c.glyph]
		if fit := l.fitOf(seen, g, left); best.char == 0 || fit > best.fit {
			best = lookalike{g.char, fit}
		}
	}
	return best
}

// fitOf is how well a line shows a character in the em from left on, as fit has it.
func (l *inkLine) fitOf(seen []float64, g *glyph, left int) float64 {
	cell := image.Rect(left, 0, left+glyphEm, min(l.h, canvasHeight-l.top)).Intersect(image.Rect(0, 0, l.w, l.h))
	return l.best(seen, cell, func(y int) []byte { return g.pix[(y+l.top)*glyphEm:] }, left)
}

package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// canvas is a document being drawn, in mm.
type canvas struct {
	*gofpdf.Fpdf
	fonts    *Fonts
	embedded map[*face]bool
}

// epoch is written as the date of every document: a ballot must not tell when it was printed.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func newCanvas(fonts *Fonts, width, height float64) *canvas {
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", OrientationStr: "P", Size: gofpdf.SizeType{Wd: width, Ht: height}})
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetCreationDate(epoch)
	doc.SetModificationDate(epoch)
	doc.SetCatalogSort(true)
	doc.SetProducer("Pingyi", true)
	return &canvas{doc, fonts, map[*face]bool{}}
}

func (c *canvas) write(w io.Writer) error {
	if err := c.Output(w); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	return nil
}

const (
	mmPerPoint = 25.4 / 72
	maxBMP     = 0xFFFF // gofpdf panics above: such characters are drawn as outlines
)

// piece is a stretch of text in one face.
type piece struct {
	face *face
	text string
}

// pieces splits a text by the faces that have its characters. Characters that no face has are left out:
// CheckForm has refused them before.
func (c *canvas) pieces(text string, s Style) []piece {
	var out []piece
	for _, r := range text {
		f := c.fonts.of(r, s)
		if f == nil {
			continue
		}
		if n := len(out); n > 0 && out[n-1].face == f && (r > maxBMP) == wide(out[n-1].text) {
			out[n-1].text += string(r)
		} else {
			out = append(out, piece{f, string(r)})
		}
	}
	return out
}

func wide(s string) bool {
	for _, r := range s {
		return r > maxBMP
	}
	return false
}

// use selects a face, embedding it at its first use.
func (c *canvas) use(f *face, size float64) {
	if !c.embedded[f] {
		c.AddUTF8FontFromBytes(f.name, "", f.data)
		c.embedded[f] = true
	}
	c.SetFont(f.name, "", size)
}

// width is a text's width in mm at a size in points.
func (c *canvas) width(text string, s Style, size float64) float64 {
	w := 0.0
	for _, p := range c.pieces(text, s) {
		if wide(p.text) {
			w += float64(len([]rune(p.text))) * size * mmPerPoint
			continue
		}
		c.use(p.face, size)
		w += c.GetStringWidth(p.text)
	}
	return w
}

// text draws one line with its baseline at y.
func (c *canvas) text(x, y float64, text string, s Style, size float64) {
	for _, p := range c.pieces(text, s) {
		if wide(p.text) {
			for _, r := range p.text {
				c.outline(x, y, p.face, r, size)
				x += size * mmPerPoint
			}
			continue
		}
		c.use(p.face, size)
		c.Text(x, y, p.text)
		x += c.GetStringWidth(p.text)
	}
}

// outline draws a character as a filled path from its face's outline.
func (c *canvas) outline(x, y float64, f *face, r rune, size float64) {
	var buf sfnt.Buffer
	i, err := f.font.GlyphIndex(&buf, r)
	if err != nil {
		c.SetError(err)
		return
	}
	const units = 1000
	segments, err := f.font.LoadGlyph(&buf, i, fixed.I(units), nil)
	if err != nil {
		c.SetError(err)
		return
	}
	k := size * mmPerPoint / units / 64
	at := func(p fixed.Point26_6) (float64, float64) { return x + float64(p.X)*k, y + float64(p.Y)*k }
	px, py := 0.0, 0.0
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.MoveTo(ax, ay)
			px, py = ax, ay
		case sfnt.SegmentOpLineTo:
			c.LineTo(ax, ay)
			px, py = ax, ay
		case sfnt.SegmentOpQuadTo:
			bx, by := at(s.Args[1])
			c.CurveBezierCubicTo(px+(ax-px)*2/3, py+(ay-py)*2/3, bx+(ax-bx)*2/3, by+(ay-by)*2/3, bx, by)
			px, py = bx, by
		case sfnt.SegmentOpCubeTo:
			bx, by := at(s.Args[1])
			ex, ey := at(s.Args[2])
			c.CurveBezierCubicTo(ax, ay, bx, by, ex, ey)
			px, py = ex, ey
		}
	}
	c.ClosePath()
	c.DrawPath("F")
}

// box is where a text is fitted, in mm.
type box struct{ x, y, w, h float64 }

const (
	padding   = 0.7  // mm between text and the box's sides
	leading   = 1.18 // line height over size
	minPoints = 5.5
)

// fit draws a text in a box, on as many lines as it needs and the box holds, at the largest size up to
// size points at which it fits. align is L, C or R; lines are centred from top to bottom.
func (c *canvas) fit(b box, text string, s Style, size float64, align string) {
	if text == "" {
		return
	}
	room := b.w - 2*padding
	var lines []string
	for ; ; size -= 0.5 {
		lines = c.wrap(text, s, size, room)
		fits := float64(len(lines))*size*mmPerPoint*leading <= b.h-2*padding
		if fits && (len(lines) == 1 || size >= 7.5 || c.width(text, s, minPoints) > room) || size <= minPoints {
			break
		}
	}
	height := size * mmPerPoint * leading
	y := b.y + (b.h-height*float64(len(lines)))/2 + height/2 + size*mmPerPoint*0.36
	for _, l := range lines {
		x := b.x + padding
		switch w := c.width(l, s, size); align {
		case "C":
			x = b.x + (b.w-w)/2
		case "R":
			x = b.x + b.w - padding - w
		}
		c.text(x, y, l, s, size)
		y += height
	}
}

// wrap breaks a text into lines no wider than room, between any two characters, and evens them out so
// that the last line is not a single character.
func (c *canvas) wrap(text string, s Style, size, room float64) []string {
	if c.width(text, s, size) <= room {
		return []string{text}
	}
	runes := []rune(text)
	for n := 2; n <= len(runes); n++ {
		per := (len(runes) + n - 1) / n
		var lines []string
		ok := true
		for at := 0; at < len(runes); at += per {
			l := strings.TrimSpace(string(runes[at:min(len(runes), at+per)]))
			ok = ok && c.width(l, s, size) <= room
			lines = append(lines, l)
		}
		if ok {
			return lines
		}
	}
	return []string{text}
}

package learn

import (
	"image"
	"sort"
	"strings"

	"pingyi/ballot"
)

// Recognizer reads a line of Chinese from a crop; spaces are left out.
type Recognizer interface {
	Text(crop *image.Gray) (string, error)
}

const (
	ocrPad      = 2   // mm of white about a crop
	inkLevel    = 150 // gray below which a pixel of a blank is print
	lineSpace   = 0.5 // mm of white between two lines of text
	leastText   = 1.2 // mm, height of a line
	cellPadding = 0.5 // mm of a cell's edge that is not looked at: its rules
	textMargin  = 0.6 // mm about a line of text that OCR is given
	wordSpace   = 9.0 // mm of white that parts two texts on one line
)

// ocrScales are pixels a mm: first what Tesseract's models were trained near.
var ocrScales = []float64{12, 8, 16}

// textLine is a line of print with its place.
type textLine struct {
	ballot.Rect
	words string
}

// inkLines finds lines of print in a rectangle of the page, in mm.
func (p *upright) inkLines(r ballot.Rect) (out []ballot.Rect) {
	x0, x1 := max(0, int(r.X*p.scale)), min(p.img.W, int(r.Right()*p.scale))
	y0, y1 := max(0, int(r.Y*p.scale)), min(p.img.H, int(r.Bottom()*p.scale))
	gap := int(lineSpace * p.scale)
	from, to, white := -1, -1, 0
	flush := func() {
		if from >= 0 && float64(to-from+1) >= leastText/2*p.scale {
			out = append(out, p.inkSpans(x0, x1, from, to+1, wordSpace)...)
		}
		from = -1
	}
	for y := y0; y < y1; y++ {
		inked := false
		for _, v := range p.img.Pix[y*p.img.W+x0 : y*p.img.W+x1] {
			if v < inkLevel {
				inked = true
				break
			}
		}
		switch {
		case inked && from < 0:
			from, to, white = y, y, 0
		case inked:
			to, white = y, 0
		default:
			if white++; white > gap {
				flush()
			}
		}
	}
	flush()
	return out
}

// inkSpans parts a line of print where it leaves gaps of so many mm.
func (p *upright) inkSpans(x0, x1, y0, y1 int, gap float64) (out []ballot.Rect) {
	from, to := -1, -1
	add := func() {
		if from >= 0 && float64(to-from) >= p.scale/2 {
			out = append(out, ballot.Rect{X: float64(from) / p.scale, Y: float64(y0) / p.scale,
				W: float64(to-from+1) / p.scale, H: float64(y1-y0) / p.scale})
		}
	}
	for x := x0; x < x1; x++ {
		inked := false
		for y := y0; y < y1 && !inked; y++ {
			inked = p.img.Pix[y*p.img.W+x] < inkLevel
		}
		if !inked {
			continue
		}
		if from >= 0 && float64(x-to) > gap*p.scale {
			add()
			from = -1
		}
		if from < 0 {
			from = x
		}
		to = x
	}
	add()
	return out
}

// readLine reads a line of print, at another scale where Tesseract sees nothing at the usual one.
func (p *upright) readLine(engine Recognizer, r ballot.Rect, scales []float64) (string, error) {
	for _, scale := range scales {
		text, err := engine.Text(p.crop(r, scale))
		if err != nil || plain(text) != "" {
			return text, err
		}
	}
	return "", nil
}

// crop is a rectangle of the page as OCR wants it, at so many pixels a mm, with white about it.
func (p *upright) crop(r ballot.Rect, scale float64) *image.Gray {
	pad := int(ocrPad * scale)
	w, h := max(1, int(r.W*scale)), max(1, int(r.H*scale))
	out := image.NewGray(image.Rect(0, 0, w+2*pad, h+2*pad))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range h {
		for x := range w {
			out.Pix[(y+pad)*out.Stride+x+pad] = p.img.At((r.X+(float64(x)+0.5)/scale)*p.scale, (r.Y+(float64(y)+0.5)/scale)*p.scale)
		}
	}
	return out
}

// readCell fills a cell's words.
func (p *upright) readCell(engine Recognizer, c *cell) (err error) {
	c.words, err = p.wordsOf(engine, c, ocrScales)
	return err
}

// wordsOf reads all lines of a cell, each at the first of some scales at which anything is read.
func (p *upright) wordsOf(engine Recognizer, c *cell, scales []float64) (string, error) {
	var parts []string
	inside := c.Inset(cellPadding)
	for _, l := range p.inkLines(inside) {
		c.inked = true
		text, err := p.readLine(engine, within(l.Inset(-textMargin), inside), scales)
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ""), nil
}

func within(r, limits ballot.Rect) ballot.Rect {
	x, y := max(r.X, limits.X), max(r.Y, limits.Y)
	return ballot.Rect{X: x, Y: y, W: min(r.Right(), limits.Right()) - x, H: min(r.Bottom(), limits.Bottom()) - y}
}

// findLines finds the print above, below and beside the tables.
func (p *upright) findLines() {
	white := *p.img
	white.Pix = append([]byte(nil), p.img.Pix...)
	for _, group := range tables(p.rules) {
		box := extent(group).Inset(-touching)
		for y := max(0, int(box.Y*p.scale)); y < min(white.H, int(box.Bottom()*p.scale)); y++ {
			for x := max(0, int(box.X*p.scale)); x < min(white.W, int(box.Right()*p.scale)); x++ {
				white.Pix[y*white.W+x] = 255
			}
		}
	}
	bare := upright{img: &white, scale: p.scale}
	for _, r := range bare.inkLines(ballot.Rect{W: p.w, H: p.h}.Inset(3)) {
		if r.H >= leastText {
			p.lines = append(p.lines, textLine{Rect: r})
		}
	}
	sort.SliceStable(p.lines, func(i, j int) bool { return p.lines[i].Y < p.lines[j].Y })
}

// readLines fills the words of the print outside the tables.
func (p *upright) readLines(engine Recognizer) error {
	for i := range p.lines {
		text, err := p.readLine(engine, p.lines[i].Inset(-textMargin), ocrScales)
		if err != nil {
			return err
		}
		p.lines[i].words = text
	}
	return nil
}

func extent(rules []ballot.Rule) ballot.Rect {
	r := rules[0]
	out := ballot.Rect{X: r.X0, Y: r.Y0, W: r.X1 - r.X0, H: r.Y1 - r.Y0}
	for _, r := range rules[1:] {
		out = around(out, ballot.Rect{X: r.X0, Y: r.Y0, W: r.X1 - r.X0, H: r.Y1 - r.Y0})
	}
	return out
}

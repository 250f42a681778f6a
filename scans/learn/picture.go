package learn

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"pingyi/ballot"
)

const noteSize = 26 // pixels

// gradeColours are those of the columns, best grade first.
var gradeColours = []color.RGBA{{0, 140, 60, 255}, {30, 100, 220, 255}, {200, 120, 0, 255}, {150, 30, 180, 255}, {0, 140, 160, 255}, {110, 110, 110, 255}}

var (
	sureColour   = color.RGBA{0, 110, 50, 255}
	unsureColour = color.RGBA{215, 0, 0, 255}
)

// Picture is a page of the proposal (from 0) for a person to look at: every target with its cell in the colour of
// its grade, the grade written into it, the subject of each row over its name, and in red what is unsure. han is
// a TrueType face with Chinese.
func (p *Proposal) Picture(page int, han []byte) (image.Image, error) {
	f, err := opentype.Parse(han)
	if err != nil {
		return nil, err
	}
	src, err := png.Decode(bytes.NewReader(p.Pages[page]))
	if err != nil {
		return nil, err
	}
	g := &p.Form.Pages[page]
	c := canvas{scale: float64(src.Bounds().Dx()) / g.Width, form: &p.Form}
	if c.han, err = opentype.NewFace(f, &opentype.FaceOptions{Size: noteSize, DPI: 72}); err != nil {
		return nil, err
	}
	if f, err = opentype.Parse(goregular.TTF); err == nil {
		c.latin, err = opentype.NewFace(f, &opentype.FaceOptions{Size: noteSize, DPI: 72})
	}
	if err != nil {
		return nil, err
	}
	c.RGBA = image.NewRGBA(src.Bounds())
	draw.Draw(c.RGBA, c.Rect, src, image.Point{}, draw.Src)
	c.pale(g)
	for _, t := range g.Targets {
		ink := c.gradeColour(t.Grade)
		c.outline(t.Cell.Inset(0.25), ink, 1)
		c.outline(t.Rect, ink, 2)
		x, y := t.Centre()
		if p.Form.Learned.Words { // not over the printed one
			y = t.Cell.Bottom() - noteSize/2/c.scale - 0.4
		}
		c.write(x-c.width(t.Grade)/2, y, ink, t.Grade)
	}
	for _, r := range g.Rows {
		if r.Subject > 0 {
			c.note(r.NameBox, sureColour, fmt.Sprintf("%d %s", r.Subject, r.Name))
		}
	}
	for _, u := range p.Form.Learned.Unsure {
		if u.Page == page+1 {
			c.note(u.Rect, unsureColour, u.Key+" ?")
		}
	}
	return c.RGBA, nil
}

// canvas draws in mm.
type canvas struct {
	*image.RGBA
	scale      float64
	form       *ballot.Form
	han, latin font.Face
}

func (c *canvas) gradeColour(grade string) color.RGBA {
	for i, g := range c.form.Grades {
		if g == grade {
			return gradeColours[i%len(gradeColours)]
		}
	}
	return unsureColour
}

// pale lets the names of the page recede, so that what is written over them can be read.
func (c *canvas) pale(g *ballot.FormPage) {
	white := image.NewUniform(color.RGBA{150, 150, 150, 150})
	for _, r := range g.Rows {
		draw.Draw(c.RGBA, c.box(r.NameBox.Inset(0.5)), white, image.Point{}, draw.Over)
	}
}

func (c *canvas) box(r ballot.Rect) image.Rectangle {
	return image.Rect(int(r.X*c.scale), int(r.Y*c.scale), int(r.Right()*c.scale), int(r.Bottom()*c.scale))
}

func (c *canvas) outline(r ballot.Rect, ink color.RGBA, thick int) {
	b, u := c.box(r), image.NewUniform(ink)
	for _, side := range []image.Rectangle{{b.Min, image.Pt(b.Max.X, b.Min.Y+thick)}, {image.Pt(b.Min.X, b.Max.Y-thick), b.Max},
		{b.Min, image.Pt(b.Min.X+thick, b.Max.Y)}, {image.Pt(b.Max.X-thick, b.Min.Y), b.Max}} {
		draw.Draw(c.RGBA, side, u, image.Point{}, draw.Src)
	}
}

// note frames a box and writes at its lower edge.
func (c *canvas) note(r ballot.Rect, ink color.RGBA, text string) {
	c.outline(r.Inset(0.3), ink, 2)
	c.write(r.X+0.8, r.Bottom()-0.5-noteSize/4/c.scale, ink, text)
}

// write puts text with its base line a little below y, in mm.
func (c *canvas) write(x, y float64, ink color.RGBA, text string) {
	d := font.Drawer{Dst: c.RGBA, Src: image.NewUniform(ink), Dot: fixed.P(int(x*c.scale), int(y*c.scale)+noteSize/4)}
	for _, r := range text {
		d.Face = c.face(r)
		d.DrawString(string(r))
	}
}

func (c *canvas) face(r rune) font.Face {
	if r < 0x2E80 {
		return c.latin
	}
	return c.han
}

// width of a text, in mm.
func (c *canvas) width(text string) float64 {
	var w fixed.Int26_6
	for _, r := range text {
		a, _ := c.face(r).GlyphAdvance(r)
		w += a
	}
	return float64(w.Ceil()) / c.scale
}

package scans

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"pingyi/ballot"
	"pingyi/scans/mark"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Tracer writes numbered pictures of the stages of each page into a folder of the page's own: what was
// decoded, where the page was found, which ink was separated from print, what was made of the page, and for
// each row the ink that each target was given, the numbers and what decided the verdict; the last also as
// JSON.
type Tracer struct {
	Dir  string
	Font []byte // a TrueType face with Chinese; without it pictures are labelled in English
	page string // folder of the page being read
	pen  *pen
	err  error
}

// Begin names the page that is read next.
func (t *Tracer) Begin(file string, page int) {
	if t == nil {
		return
	}
	t.page = filepath.Join(t.Dir, fmt.Sprintf("%s-%04d", filepath.Base(file), page))
	t.fail(os.MkdirAll(t.page, 0o755))
}

// Err is the first failure to write.
func (t *Tracer) Err() error {
	if t == nil {
		return nil
	}
	return t.err
}

func (t *Tracer) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *Tracer) registered(img *raster.Image, sizes []register.Size, found register.Found, rejected *ballot.Rejection) {
	if t == nil {
		return
	}
	c := colour(img)
	t.save("1-decoded.png", c)
	if rejected == nil {
		for _, m := range sizes[found.Size].Marks {
			c.outline(found.Map.At, m, color.RGBA{220, 0, 0, 255})
		}
		t.save("2-registered.png", c)
	}
}

// measured draws and writes what was made of a page's rows.
func (t *Tracer) measured(img *raster.Image, grid *register.Grid, meter *mark.Meter, page explained) {
	if t.pen == nil {
		var err error
		t.pen, err = newPen(t.Font)
		t.fail(err)
	}
	if t.err != nil {
		return
	}
	c, first := colour(img), 0
	for bi := range grid.Blocks {
		b := &grid.Blocks[bi]
		for r, targets := range b.Targets {
			at := func(x, y float64) (float64, float64) { return grid.At(b, r, x, y) }
			for _, target := range targets {
				c.outline(at, target.Cell, verdictColour(page.Rows[first+r].Verdict, target.Grade))
				c.outline(at, target.Rect, verdictColour(page.Rows[first+r].Verdict, target.Grade))
			}
		}
		p := meter.Picture(img, grid, b)
		t.save(fmt.Sprintf("3-ink-block-%d.png", bi+1), inkOf(p))
		t.save(fmt.Sprintf("5-rows-block-%d.png", bi+1), t.pen.rows(p, page.Rows[first:first+len(b.Rows)]))
		first += len(b.Rows)
	}
	t.save("4-verdicts.png", c)
	t.write("5-rows.json", func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(page)
	})
}

// inkOf is the separated ink of a block, black.
func inkOf(p mark.Picture) image.Image {
	m := image.NewGray(image.Rect(0, 0, p.W, p.H))
	for i, f := range p.Fate {
		if f == mark.NoInk || f == mark.Streak {
			m.Pix[i] = 255
		}
	}
	return m
}

// verdictColour is green for the grade that was read, blue for empty boxes, orange where a person must
// look, violet for an overvote.
func verdictColour(v ballot.Verdict, grade string) color.RGBA {
	switch {
	case v.Kind == ballot.IsUnclear:
		return color.RGBA{230, 120, 0, 255}
	case v.Kind == ballot.IsOvervote:
		return color.RGBA{160, 0, 200, 255}
	case v.Kind == ballot.IsGrade && v.Grade == grade:
		return color.RGBA{0, 150, 0, 255}
	}
	return color.RGBA{90, 140, 230, 255}
}

func (t *Tracer) save(name string, m image.Image) {
	t.write(name, func(w io.Writer) error {
		e := png.Encoder{CompressionLevel: png.BestSpeed}
		return e.Encode(w, m)
	})
}

func (t *Tracer) write(name string, content func(io.Writer) error) {
	if t.page == "" || t.err != nil {
		return
	}
	f, err := os.Create(filepath.Join(t.page, name))
	if err == nil {
		err = content(f)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	t.fail(err)
}

// painting is a colour copy of a picture to draw on.
type painting struct{ *image.RGBA }

func colour(m *raster.Image) painting {
	p := painting{image.NewRGBA(image.Rect(0, 0, m.W, m.H))}
	for i, v := range m.Pix {
		p.Pix[4*i], p.Pix[4*i+1], p.Pix[4*i+2], p.Pix[4*i+3] = v, v, v, 255
	}
	return p
}

// outline draws a rectangle of the form (mm) where at puts it.
func (p painting) outline(at func(x, y float64) (u, v float64), r ballot.Rect, c color.RGBA) {
	corners := [5][2]float64{{r.X, r.Y}, {r.Right(), r.Y}, {r.Right(), r.Bottom()}, {r.X, r.Bottom()}, {r.X, r.Y}}
	for i := 0; i < 4; i++ {
		const steps = 200
		for s := 0; s <= steps; s++ {
			f := float64(s) / steps
			u, v := at(corners[i][0]+(corners[i+1][0]-corners[i][0])*f, corners[i][1]+(corners[i+1][1]-corners[i][1])*f)
			p.SetRGBA(int(u), int(v), c)
		}
	}
}

// Package paint draws form pages from their geometry alone, for tests that must not depend on a printer:
// rules, boxes, registration marks and code, and bars where text would be. Lengths are mm on the page,
// grays 0 black … 255 white.
package paint

import (
	"errors"
	"fmt"
	"math"
	"math/rand"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Canvas is a page being drawn, four times oversampled.
type Canvas struct {
	img   *raster.Image
	scale float64 // pixels per mm
}

const oversample = 4

// Form is a roster form of n subjects and four grades, the same at every call.
func Form(n int) (*ballot.Form, error) {
	m := ballot.Meeting{ID: "m", Title: "评议", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: "张明", Org: fmt.Sprintf("%d支部", i), Mode: ballot.Written})
	}
	return ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "委员"}, rand.New(rand.NewSource(7)))
}

// Register finds a page on its scan.
func Register(img *raster.Image, p *ballot.FormPage) (*register.Grid, error) {
	found, rejected := register.NewFinder([]register.Size{{Width: p.Width, Height: p.Height, Marks: p.Fiducials}}).Find(img)
	if rejected != nil {
		return nil, errors.New(rejected.String())
	}
	grid, rejected := register.Refine(img, found.Map, p)
	if rejected != nil {
		return nil, errors.New(rejected.String())
	}
	return grid, nil
}

// Page draws a page as it comes from the printer.
func Page(p *ballot.FormPage, dpi float64) (*Canvas, error) {
	c := &Canvas{scale: dpi / 25.4 * oversample}
	c.img = raster.New(int(p.Width*c.scale), int(p.Height*c.scale))
	for _, f := range p.Fiducials {
		c.Fill(f, 0)
	}
	for _, target := range p.Targets {
		c.frame(target.Cell, ballot.RuleWidth, 0)
		c.frame(target.Rect, ballot.OutlineWidth, ballot.OutlineGray)
	}
	for _, r := range p.Rows {
		c.frame(r.Rect, ballot.RuleWidth, 0)
		for x := r.NameBox.X + 2; x < r.OrgBox.Right()-2; x += 3 {
			c.Fill(ballot.Rect{X: x, Y: r.Y + r.H/2 - 1, W: 1.2, H: 2}, 20)
		}
	}
	code, err := encoder.Encoder_encodeWithoutHint(p.CodeText, decoder.ErrorCorrectionLevel_H)
	if err != nil {
		return nil, err
	}
	m := code.GetMatrix()
	step := p.Code.W / float64(m.GetWidth())
	for y := 0; y < m.GetHeight(); y++ {
		for x := 0; x < m.GetWidth(); x++ {
			if m.Get(x, y) == 1 {
				c.Fill(ballot.Rect{X: p.Code.X + float64(x)*step, Y: p.Code.Y + float64(y)*step, W: step, H: step}, 0)
			}
		}
	}
	return c, nil
}

// Fill fills a rectangle.
func (c *Canvas) Fill(r ballot.Rect, gray byte) {
	for y := int(r.Y * c.scale); y < int(r.Bottom()*c.scale); y++ {
		for x := int(r.X * c.scale); x < int(r.Right()*c.scale); x++ {
			c.img.Pix[y*c.img.W+x] = gray
		}
	}
}

func (c *Canvas) frame(r ballot.Rect, w float64, gray byte) {
	h := w / 2
	c.Fill(ballot.Rect{X: r.X - h, Y: r.Y - h, W: r.W + w, H: w}, gray)
	c.Fill(ballot.Rect{X: r.X - h, Y: r.Bottom() - h, W: r.W + w, H: w}, gray)
	c.Fill(ballot.Rect{X: r.X - h, Y: r.Y - h, W: w, H: r.H + w}, gray)
	c.Fill(ballot.Rect{X: r.Right() - h, Y: r.Y - h, W: w, H: r.H + w}, gray)
}

// Stroke draws a pen line of the given width (mm) through the points.
func (c *Canvas) Stroke(width float64, gray byte, points ...[2]float64) {
	r := width / 2 * c.scale
	for i := 0; i+1 < len(points); i++ {
		a, b := points[i], points[i+1]
		steps := int(math.Hypot(b[0]-a[0], b[1]-a[1])*c.scale) + 1
		for s := 0; s <= steps; s++ {
			f := float64(s) / float64(steps)
			cx, cy := (a[0]+(b[0]-a[0])*f)*c.scale, (a[1]+(b[1]-a[1])*f)*c.scale
			for y := int(cy - r); y <= int(cy+r); y++ {
				for x := int(cx - r); x <= int(cx+r); x++ {
					if math.Hypot(float64(x)-cx, float64(y)-cy) <= r && x >= 0 && y >= 0 && x < c.img.W && y < c.img.H {
						c.img.Pix[y*c.img.W+x] = min(c.img.Pix[y*c.img.W+x], gray)
					}
				}
			}
		}
	}
}

// Tick draws a √ of the given size about a target's box.
func (c *Canvas) Tick(t ballot.Target, size, width float64, gray byte) {
	x, y := t.Centre()
	c.Stroke(width, gray, [2]float64{x - 0.4*size, y}, [2]float64{x - 0.1*size, y + 0.35*size}, [2]float64{x + 0.6*size, y - 0.5*size})
}

// Ring draws a ○ of the given radius about a target's box.
func (c *Canvas) Ring(t ballot.Target, radius, width float64, gray byte) {
	x, y := t.Centre()
	var points [][2]float64
	for a := 0.0; a <= 2*math.Pi+0.2; a += 0.1 {
		points = append(points, [2]float64{x + radius*math.Cos(a), y + radius*math.Sin(a)})
	}
	c.Stroke(width, gray, points...)
}

// Scan turns the page by degrees clockwise about its middle and by quarter turns, scales it, and adds noise
// of a σ in gray levels.
func (c *Canvas) Scan(degrees, scale float64, turns int, noise float64, seed int64) *raster.Image {
	var page raster.Image
	c.img.Reduce(&page, oversample)
	random := rand.New(rand.NewSource(seed))
	out := raster.New(page.W, page.H)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := 0; y < out.H; y++ {
		for x := 0; x < out.W; x++ {
			dx, dy := (float64(x)-float64(out.W)/2)/scale, (float64(y)-float64(out.H)/2)/scale
			v := float64(page.At(cos*dx+sin*dy+float64(page.W)/2, -sin*dx+cos*dy+float64(page.H)/2))
			v = v*0.96 + random.NormFloat64()*noise
			out.Pix[y*out.W+x] = byte(max(0, min(255, v)))
		}
	}
	out = raster.Rotate90(out, turns)
	out.DPI = c.scale * 25.4 / oversample
	return out
}

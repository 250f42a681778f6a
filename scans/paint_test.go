package scans

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// canvas paints a form page straight into pixels, four times oversampled, so that the reader can be
// tested without a printer.
type canvas struct {
	img   *raster.Image
	scale float64 // pixels per mm
}

const oversample = 4

func paintPage(t testing.TB, p *ballot.FormPage, dpi float64) *canvas {
	t.Helper()
	c := &canvas{scale: dpi / 25.4 * oversample}
	c.img = raster.New(int(p.Width*c.scale), int(p.Height*c.scale))
	for _, f := range p.Fiducials {
		c.fill(f, 0)
	}
	for _, target := range p.Targets {
		c.frame(target.Cell, ballot.RuleWidth, 0)
		c.frame(target.Rect, ballot.OutlineWidth, ballot.OutlineGray)
	}
	for _, r := range p.Rows {
		c.frame(r.Rect, ballot.RuleWidth, 0)
		for x := r.NameBox.X + 2; x < r.OrgBox.Right()-2; x += 3 {
			c.fill(ballot.Rect{X: x, Y: r.Y + r.H/2 - 1, W: 1.2, H: 2}, 20)
		}
	}
	code, err := encoder.Encoder_encodeWithoutHint(p.CodeText, decoder.ErrorCorrectionLevel_H)
	if err != nil {
		t.Fatal(err)
	}
	m := code.GetMatrix()
	step := p.Code.W / float64(m.GetWidth())
	for y := 0; y < m.GetHeight(); y++ {
		for x := 0; x < m.GetWidth(); x++ {
			if m.Get(x, y) == 1 {
				c.fill(ballot.Rect{X: p.Code.X + float64(x)*step, Y: p.Code.Y + float64(y)*step, W: step, H: step}, 0)
			}
		}
	}
	return c
}

func (c *canvas) fill(r ballot.Rect, gray byte) {
	for y := int(r.Y * c.scale); y < int(r.Bottom()*c.scale); y++ {
		for x := int(r.X * c.scale); x < int(r.Right()*c.scale); x++ {
			c.img.Pix[y*c.img.W+x] = gray
		}
	}
}

func (c *canvas) frame(r ballot.Rect, w float64, gray byte) {
	h := w / 2
	c.fill(ballot.Rect{X: r.X - h, Y: r.Y - h, W: r.W + w, H: w}, gray)
	c.fill(ballot.Rect{X: r.X - h, Y: r.Bottom() - h, W: r.W + w, H: w}, gray)
	c.fill(ballot.Rect{X: r.X - h, Y: r.Y - h, W: w, H: r.H + w}, gray)
	c.fill(ballot.Rect{X: r.Right() - h, Y: r.Y - h, W: w, H: r.H + w}, gray)
}

// stroke draws a pen line of the given width (mm) through the points.
func (c *canvas) stroke(width float64, gray byte, points ...[2]float64) {
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

// tick draws a √ of the given size about a target's box.
func (c *canvas) tick(t ballot.Target, size, width float64, gray byte) {
	x, y := t.Centre()
	c.stroke(width, gray, [2]float64{x - 0.4*size, y}, [2]float64{x - 0.1*size, y + 0.35*size}, [2]float64{x + 0.6*size, y - 0.5*size})
}

func (c *canvas) ring(t ballot.Target, radius, width float64, gray byte) {
	x, y := t.Centre()
	var points [][2]float64
	for a := 0.0; a <= 2*math.Pi+0.2; a += 0.1 {
		points = append(points, [2]float64{x + radius*math.Cos(a), y + radius*math.Sin(a)})
	}
	c.stroke(width, gray, points...)
}

// scan turns the painted page by degrees clockwise about its middle, scales it, and adds noise.
func (c *canvas) scan(degrees, scale float64, turns int, noise float64, seed int64) *raster.Image {
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
	for i := 0; i < turns; i++ {
		out = quarter(out)
	}
	out.DPI = c.scale * 25.4 / oversample
	return out
}

// quarter turns a picture clockwise by 90°.
func quarter(m *raster.Image) *raster.Image {
	out := raster.New(m.H, m.W)
	for y := 0; y < m.H; y++ {
		for x := 0; x < m.W; x++ {
			out.Pix[x*out.W+m.H-1-y] = m.Pix[y*m.W+x]
		}
	}
	return out
}

func testForm(t testing.TB, n int) *ballot.Form {
	t.Helper()
	m := ballot.Meeting{ID: "m", Title: "评议", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: "张明", Org: fmt.Sprintf("%d支部", i), Mode: ballot.Written})
	}
	f, err := ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "委员"}, rand.New(rand.NewSource(7)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func testReader(t testing.TB, f *ballot.Form) *Reader {
	t.Helper()
	r, err := NewReader([]ballot.Form{*f}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

package code_test

import (
	"testing"

	"pingyi/ballot"
	"pingyi/scans/code"
	"pingyi/scans/paint"
)

func page(t testing.TB) *ballot.FormPage {
	t.Helper()
	f, err := paint.Form(1)
	if err != nil {
		t.Fatal(err)
	}
	return &f.Pages[0]
}

// Without serial the code has 25 modules a side, with one 37.
func TestReadsTheCode(t *testing.T) { readsTheCode(t, page(t), 25) }

func TestReadsASerial(t *testing.T) {
	p := *page(t)
	c, err := ballot.ParsePageCode(p.CodeText)
	if err != nil {
		t.Fatal(err)
	}
	s := ballot.SerialCode{PageCode: c}
	for i := range s.ID {
		s.ID[i] = byte(i*37 + 1)
	}
	side := p.Code.W * 37 / 25
	p.CodeText, p.Code = s.String(), ballot.Rect{X: p.Code.X - 8, Y: p.Code.Y - 2, W: side, H: side}
	readsTheCode(t, &p, 37)
}

func readsTheCode(t *testing.T, p *ballot.FormPage, modules int) {
	c := p.Code
	cases := []struct {
		name   string
		damage ballot.Rect
		gray   byte
		ok     bool
	}{
		{"whole", ballot.Rect{}, 0, true},
		{"a torn corner, with a finder pattern of the code", ballot.Rect{X: c.X, Y: c.Y, W: c.W * 0.28, H: c.H * 0.28}, 255, true},
		{"a line through it", ballot.Rect{X: c.X, Y: c.Y + c.H*0.55, W: c.W, H: 0.6}, 20, true},
		{"covered", c.Inset(-1), 255, false},
		{"half blotted", ballot.Rect{X: c.X, Y: c.Y, W: c.W, H: c.H * 0.55}, 0, false},
	}
	for _, k := range cases {
		for _, dpi := range []float64{150, 300} {
			canvas, err := paint.Page(p, dpi)
			if err != nil {
				t.Fatal(err)
			}
			canvas.Fill(k.damage, k.gray)
			img := canvas.Scan(0, 1, 0, 5, 1)
			px := dpi / 25.4
			text, ok := code.Read(img, func(x, y float64) (u, v float64) { return (x + 0.15) * px, y * px }, c, modules)
			if ok != k.ok || ok && text != p.CodeText {
				t.Errorf("%s at %g dpi: %q, %v", k.name, dpi, text, ok)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	p := page(b)
	canvas, err := paint.Page(p, 150)
	if err != nil {
		b.Fatal(err)
	}
	img := canvas.Scan(0, 1, 0, 5, 1)
	px := img.DPI / 25.4
	for b.Loop() {
		code.Read(img, func(x, y float64) (u, v float64) { return x * px, y * px }, p.Code, 25)
	}
}

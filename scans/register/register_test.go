package register_test

import (
	"math"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/paint"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

func page(t testing.TB) *ballot.FormPage {
	t.Helper()
	f, err := paint.Form(30)
	if err != nil {
		t.Fatal(err)
	}
	return &f.Pages[0]
}

func finder(p *ballot.FormPage) *register.Finder {
	return register.NewFinder([]register.Size{{Width: p.Width, Height: p.Height, Marks: p.Fiducials}})
}

func painted(t testing.TB, p *ballot.FormPage, draw func(*paint.Canvas)) *paint.Canvas {
	t.Helper()
	c, err := paint.Page(p, 150)
	if err != nil {
		t.Fatal(err)
	}
	draw(c)
	return c
}

// place is where a point of the page lies on the picture that Scan makes of it.
func place(img *raster.Image, p *ballot.FormPage, degrees, scale, x, y float64) (u, v float64) {
	px := img.DPI / 25.4
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	dx, dy := (x-p.Width/2)*px*scale, (y-p.Height/2)*px*scale
	return cos*dx - sin*dy + float64(img.W)/2, sin*dx + cos*dy + float64(img.H)/2
}

func TestFindsThePage(t *testing.T) {
	p := page(t)
	for _, c := range []struct {
		degrees, scale float64
		lost           []int // marks covered
	}{{0, 1, nil}, {1.3, 0.98, nil}, {-9, 0.95, nil}, {0.5, 1.02, []int{0}}, {3, 1, []int{1, 6}}, {0, 1, []int{0, 1, 2, 3, 4}}} {
		img := painted(t, p, func(k *paint.Canvas) {
			for _, i := range c.lost {
				k.Fill(p.Fiducials[i].Inset(-0.5), 255)
			}
		}).Scan(c.degrees, c.scale, 0, 4, 1)
		found, rejected := finder(p).Find(img)
		if rejected != nil {
			t.Errorf("%+v: %v", c, rejected)
			continue
		}
		if found.Marks < len(p.Fiducials)-len(c.lost)-2 || found.Rotation != 0 {
			t.Errorf("%+v: %d marks, rotation %d", c, found.Marks, found.Rotation)
		}
		grid, rejected := register.Refine(img, found.Map, p)
		if rejected != nil {
			t.Errorf("%+v: %v", c, rejected)
			continue
		}
		worst := 0.0
		for b := range grid.Blocks {
			block := &grid.Blocks[b]
			for i, row := range block.Targets {
				for _, target := range row {
					x, y := target.Centre()
					u, v := grid.At(block, i, x, y)
					wantU, wantV := place(img, p, c.degrees, c.scale, x, y)
					worst = max(worst, math.Hypot(u-wantU, v-wantV)/(img.DPI/25.4))
				}
			}
		}
		if worst > 0.25 {
			t.Errorf("%+v: a target lies %.2f mm off", c, worst)
		}
	}
}

func TestRefusesWhatIsNoPage(t *testing.T) {
	p := page(t)
	mirror := func(m *raster.Image) *raster.Image {
		out := raster.New(m.W, m.H)
		out.DPI = m.DPI
		for y := range m.H {
			for x := range m.W {
				out.Pix[y*m.W+x] = m.Pix[y*m.W+m.W-1-x]
			}
		}
		return out
	}
	plain := painted(t, p, func(*paint.Canvas) {}).Scan(0, 1, 0, 3, 1)
	white := raster.New(plain.W, plain.H)
	white.DPI = plain.DPI
	bare := painted(t, p, func(c *paint.Canvas) {
		for _, m := range p.Fiducials {
			c.Fill(m.Inset(-0.5), 255)
		}
	}).Scan(0, 1, 0, 3, 1)
	small := raster.New(1, 1)
	plain.Reduce(small, 2)
	for _, c := range []struct {
		name string
		img  *raster.Image
		want ballot.RejectReason
	}{
		{"mirrored", mirror(plain), ballot.RejectMirrored},
		{"blank", white, ballot.RejectBlankSide},
		{"without marks", bare, ballot.RejectNoPage},
		{"75 dots per inch", small, ballot.RejectResolution},
	} {
		if _, rejected := finder(p).Find(c.img); rejected == nil || rejected.Reason != c.want {
			t.Errorf("%s: %v, want %s", c.name, rejected, c.want)
		}
	}
}

func TestRefusesPrintThatCannotBeFollowed(t *testing.T) {
	p := page(t)
	img := painted(t, p, func(c *paint.Canvas) {
		first, last := p.Rows[0].Rect, p.Rows[len(p.Rows)-1].Rect
		c.Fill(ballot.Rect{X: first.X - 1, Y: first.Y - 1, W: last.Right() - first.X + 2, H: last.Bottom() - first.Y + 2}, 250)
	}).Scan(0, 1, 0, 3, 1)
	found, rejected := finder(p).Find(img)
	if rejected != nil {
		t.Fatal(rejected)
	}
	if _, rejected := register.Refine(img, found.Map, p); rejected == nil || rejected.Reason != ballot.RejectContrast {
		t.Errorf("a page without its table: %v, want %s", rejected, ballot.RejectContrast)
	}
}

func BenchmarkFind(b *testing.B) {
	p := page(b)
	img := painted(b, p, func(*paint.Canvas) {}).Scan(0.7, 1, 0, 3, 1)
	f := finder(p)
	for b.Loop() {
		f.Find(img)
	}
}

func BenchmarkRefine(b *testing.B) {
	p := page(b)
	img := painted(b, p, func(*paint.Canvas) {}).Scan(0.7, 1, 0, 3, 1)
	found, rejected := finder(p).Find(img)
	if rejected != nil {
		b.Fatal(rejected)
	}
	for b.Loop() {
		register.Refine(img, found.Map, p)
	}
}

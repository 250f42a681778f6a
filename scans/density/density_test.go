package density_test

import (
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/density"
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

func registered(t testing.TB, p *ballot.FormPage, dpi float64, draw func(*paint.Canvas)) (*raster.Image, *register.Grid) {
	t.Helper()
	c, err := paint.Page(p, dpi)
	if err != nil {
		t.Fatal(err)
	}
	draw(c)
	img := c.Scan(-0.8, 0.99, 0, 3, 1)
	grid, err := paint.Register(img, p)
	if err != nil {
		t.Fatal(err)
	}
	return img, grid
}

// Every third row is left empty; the others are marked one column on from row to row.
func TestMarkedAndBareTargets(t *testing.T) {
	p := page(t)
	for _, gray := range []byte{20, 110} {
		for _, dpi := range []float64{150, 300} {
			img, grid := registered(t, p, dpi, func(c *paint.Canvas) {
				for i, r := range p.Rows {
					if i%3 > 0 {
						c.Tick(p.TargetsOf(r.Subject)[i%4], 5, 0.5, gray)
					}
				}
			})
			var r density.Reader
			read, _ := r.Read(img, grid)
			for i, row := range read {
				for c, probability := range row {
					marked := i%3 > 0 && c == i%4
					if marked && probability < 0.9 || !marked && probability > 0.1 {
						t.Errorf("gray %d, %g dpi, row %d target %d: probability %.3f, marked %v", gray, dpi, i, c, probability, marked)
					}
				}
			}
		}
	}
}

// A page on which nobody marked anything holds no marks, whatever the least dirty target looks like.
func TestEmptyPage(t *testing.T) {
	img, grid := registered(t, page(t), 200, func(*paint.Canvas) {})
	var r density.Reader
	read, shapes := r.Read(img, grid)
	if len(shapes) > 0 {
		t.Errorf("%d shapes of ink on an empty page", len(shapes))
	}
	for i, row := range read {
		for c, probability := range row {
			if probability > 0.1 {
				t.Errorf("row %d target %d: probability %.3f on an empty page", i, c, probability)
			}
		}
	}
}

func TestModelNamesEveryFeature(t *testing.T) {
	weights := map[string]float64{}
	for _, name := range density.FeatureNames {
		weights[name] = 1
	}
	m, err := density.NewModel(-2, weights)
	if err != nil {
		t.Fatal(err)
	}
	if low, high := m.Probability(density.Features{}), m.Probability(density.Features{5}); low > 0.13 || high < 0.95 {
		t.Errorf("probabilities %.3f and %.3f, want 1/(1+e²) and 1/(1+e⁻³)", low, high)
	}
	delete(weights, "rim")
	if _, err := density.NewModel(0, weights); err == nil || !strings.Contains(err.Error(), "rim") {
		t.Errorf("a model without a weight of rim: %v", err)
	}
}

func BenchmarkRead(b *testing.B) {
	p := page(b)
	img, grid := registered(b, p, 200, func(c *paint.Canvas) {
		for i, r := range p.Rows {
			c.Tick(p.TargetsOf(r.Subject)[i%4], 5, 0.5, 40)
		}
	})
	var r density.Reader
	for b.Loop() {
		r.Read(img, grid)
	}
}

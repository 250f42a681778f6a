package scans

import (
	"fmt"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/paint"
)

func TestReadsEmptyPage(t *testing.T) {
	f := testForm(t, 72)
	r := testReader(t, f)
	for _, dpi := range []float64{150, 200, 300} {
		c := paintPage(t, &f.Pages[0], dpi)
		for turns := 0; turns < 4; turns++ {
			for _, degrees := range []float64{0, 1.3, -4} {
				t.Run(fmt.Sprintf("%g dpi %d turns %g degrees", dpi, turns, degrees), func(t *testing.T) {
					res := r.ReadPage(c.Scan(degrees, 0.99, turns, 4, 1))
					if res.Rejected != nil {
						t.Fatalf("rejected: %+v", *res.Rejected)
					}
					if res.Rotation != turns*90 || res.Page != 1 || len(res.Verdicts) != 36 {
						t.Fatalf("rotation %d page %d rows %d", res.Rotation, res.Page, len(res.Verdicts))
					}
					for i, v := range res.Verdicts {
						if v.Kind != ballot.IsBlank {
							t.Errorf("row %d: %+v %+v", i, v, res.Rows[i])
						}
					}
				})
			}
		}
	}
}

func TestReadsEveryTarget(t *testing.T) {
	f := testForm(t, 72)
	r := testReader(t, f)
	draw := map[string]func(c *paint.Canvas, target ballot.Target){
		"tick":        func(c *paint.Canvas, target ballot.Target) { c.Tick(target, 5, 0.5, 40) },
		"small tick":  func(c *paint.Canvas, target ballot.Target) { c.Tick(target, 3.2, 0.35, 60) },
		"large tick":  func(c *paint.Canvas, target ballot.Target) { c.Tick(target, 8, 0.6, 30) },
		"ring":        func(c *paint.Canvas, target ballot.Target) { c.Ring(target, 3.6, 0.45, 50) },
		"inside ring": func(c *paint.Canvas, target ballot.Target) { c.Ring(target, 1.6, 0.45, 50) },
		"pencil tick": func(c *paint.Canvas, target ballot.Target) { c.Tick(target, 5, 0.5, 170) },
		"filled":      func(c *paint.Canvas, target ballot.Target) { c.Fill(target.Rect, 30) },
	}
	for name, mark := range draw {
		for _, dpi := range []float64{150, 300} {
			t.Run(fmt.Sprintf("%s %g", name, dpi), func(t *testing.T) {
				page := &f.Pages[0]
				c := paintPage(t, page, dpi)
				want := map[int]string{}
				for i, row := range page.Rows {
					target := page.TargetsOf(row.Subject)[i%4]
					want[row.Subject] = target.Grade
					mark(c, target)
				}
				res := r.ReadPage(c.Scan(0.7, 1.01, 0, 4, 2))
				if res.Rejected != nil {
					t.Fatalf("rejected: %+v", *res.Rejected)
				}
				for i, v := range res.Verdicts {
					if s := res.Rows[i].Subject; v.Kind != ballot.IsGrade || v.Grade != want[s] {
						t.Errorf("row %d: %+v, want %s; %+v", s, v, want[s], res.Rows[i])
					}
				}
			})
		}
	}
}

func BenchmarkReadPage(b *testing.B) {
	f := testForm(b, 72)
	r := testReader(b, f)
	page := &f.Pages[0]
	c := paintPage(b, page, 150)
	for i, row := range page.Rows {
		c.Tick(page.TargetsOf(row.Subject)[i%4], 5, 0.5, 40)
	}
	img := c.Scan(0.7, 1.01, 0, 4, 2)
	b.ResetTimer()
	var ms Millis
	for i := 0; i < b.N; i++ {
		res := r.ReadPage(img)
		ms.Register += res.Millis.Register
		ms.Code += res.Millis.Code
		ms.Mark += res.Millis.Mark
	}
	b.ReportMetric(ms.Register/float64(b.N), "ms-register")
	b.ReportMetric(ms.Code/float64(b.N), "ms-code")
	b.ReportMetric(ms.Mark/float64(b.N), "ms-mark")
}

func paintPage(t testing.TB, p *ballot.FormPage, dpi float64) *paint.Canvas {
	t.Helper()
	c, err := paint.Page(p, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testForm(t testing.TB, n int) *ballot.Form {
	t.Helper()
	f, err := paint.Form(n)
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

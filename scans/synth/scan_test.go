package synth

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

func TestPerfectScanIsThePage(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	img := testPage(page, 150)
	Mark(img, page, NewHand(pcg(1), false), Realistic(), pcg(1))
	before := cloned(img)
	Print(img, page, Damage{DPI: 150}, pcg(2))
	out := Scan(img, Damage{DPI: 150}, pcg(2))
	if out.W != before.W || out.H != before.H || out.DPI != 150 {
		t.Fatalf("%d × %d at %g dpi of %d × %d", out.W, out.H, out.DPI, before.W, before.H)
	}
	for i, v := range out.Pix {
		if d := int(v) - int(before.Pix[i]); d < -1 || d > 1 {
			t.Fatalf("pixel %d is %d, was %d", i, v, before.Pix[i])
		}
	}
}

func TestScanFollowsTheSeed(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	clean := testPage(page, 150)
	scan := func(seed uint64) []byte {
		r := pcg(seed)
		d := Draw(ClassHard, page, r)
		d.DPI = 100
		img := cloned(clean)
		Print(img, page, d, r)
		Mark(img, page, d.Hand(r), Realistic(), r)
		return Scan(img, d, r).Pix
	}
	for seed := uint64(0); seed < 12; seed++ {
		a := scan(seed)
		if !bytes.Equal(a, scan(seed)) {
			t.Errorf("seed %d gave two pictures", seed)
		}
		if bytes.Equal(a, scan(seed+100)) {
			t.Errorf("seeds %d and %d gave one picture", seed, seed+100)
		}
	}
}

// TestReadablePagesShowEveryTarget looks for a dot in the middle of every target and of the code on hard
// scans: where the view says it is, and dark.
func TestReadablePagesShowEveryTarget(t *testing.T) {
	for _, form := range []*ballot.Form{rosterForm(t), testForm(t, ballot.SingleForm, "A5", 1, 4)} {
		page := &form.Pages[0]
		clean := blankPage(page, 100)
		k := &ink{img: clean, scale: 100 / 25.4, r: pcg(1)}
		var dots []point
		dot := func(x, y float64) {
			k.dot(x, y, Pen{Width: 1.6, Gray: 0})
			dots = append(dots, point{x, y})
		}
		for _, target := range page.Targets {
			dot(target.Centre())
		}
		dot(page.Code.Centre())
		for seed := uint64(0); seed < 60; seed++ {
			d := Draw(ClassHard, page, pcg(seed))
			moved := Damage{DPI: 100, Rotation: d.Rotation, Shear: d.Shear, ScaleX: d.ScaleX, ScaleY: d.ScaleY, Border: d.Border,
				Crop: d.Crop, Corner: d.Corner, Folded: d.Folded, Legs: d.Legs, Stretch: d.Stretch, Slip: d.Slip, SlipAt: d.SlipAt, Tilt: d.Tilt}
			out := Scan(cloned(clean), moved, pcg(seed))
			back := moved.view(page.Width, page.Height).toPrint.inverse()
			for _, p := range dots {
				at := back.at(p)
				if gray := darkestNear(out, at, 2*100/25.4); gray > 90 {
					t.Errorf("seed %d %+v: no dot near %.0f, %.0f: darkest is %d", seed, moved, at.x, at.y, gray)
				}
			}
		}
	}
}

func darkestNear(m *raster.Image, at point, reach float64) byte {
	least := byte(255)
	for y := max(0, int(at.y-reach)); y < min(m.H, int(at.y+reach)+1); y++ {
		for x := max(0, int(at.x-reach)); x < min(m.W, int(at.x+reach)+1); x++ {
			least = min(least, m.Pix[y*m.W+x])
		}
	}
	return least
}

func TestUnreadableIsSeen(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	for name, c := range map[string]struct {
		d    Damage
		want bool
	}{
		"plain":      {Damage{DPI: 150}, true},
		"crop 15":    {Damage{DPI: 150, Crop: [4]float64{15, 0, 0, 0}}, true},
		"crop 40":    {Damage{DPI: 150, Crop: [4]float64{0, 0, 40, 0}}, false},
		"torn":       {Damage{DPI: 150, Corner: 2, Legs: [2]float64{30, 30}}, true},
		"torn wide":  {Damage{DPI: 150, Corner: 4, Legs: [2]float64{90, 90}}, false},
		"turned 10°": {Damage{DPI: 150, Rotation: 10}, true},
		"too large":  {Damage{DPI: 150, ScaleX: 1.3}, false},
	} {
		if got := c.d.Readable(page); got != c.want {
			t.Errorf("%s: readable = %v", name, got)
		}
	}
}

// TestClassesKeepTheirRanges holds the drawn damage against the ranges that the classes promise.
func TestClassesKeepTheirRanges(t *testing.T) {
	within := func(what string, v, lo, hi float64) {
		t.Helper()
		if v < lo || v > hi {
			t.Errorf("%s = %g, want %g…%g", what, v, lo, hi)
		}
	}
	seen, dpi := map[string]int{}, map[float64]int{}
	for seed := uint64(0); seed < 4000; seed++ {
		o := Ordinary(pcg(seed))
		dpi[o.DPI]++
		within("ordinary rotation", o.Rotation, -1.5, 1.5)
		within("ordinary scale", o.ScaleX, 0.98, 1.02)
		within("ordinary scale", o.ScaleY, 0.98, 1.02)
		within("ordinary blur", o.Blur, 0, 1.2)
		within("ordinary quality", float64(o.Quality), 55, 100)
		within("ordinary specks", float64(o.Specks), 0, 12)
		within("ordinary shade", orOne(o.Shade), 1, 1)
		h := Hard(pcg(seed))
		within("hard kinds", float64(len(h.Kinds)), 3, 5)
		within("hard rotation", h.Rotation, -10, 10)
		within("hard scale", h.ScaleX, 0.94, 1.06)
		within("hard scale", h.ScaleY, 0.94, 1.06)
		within("hard shade", orOne(h.Shade), 0.55, 1)
		if h.OneBit == 0 {
			within("hard quality", float64(h.Quality), 40, 100)
		}
		for _, c := range h.Crop {
			within("hard crop", c, 0, 15)
		}
		for _, k := range h.Kinds {
			seen[k]++
		}
	}
	for _, k := range hardKinds {
		if seen[k.name] < 100 {
			t.Errorf("hard kind %q was drawn %d times in 4000", k.name, seen[k.name])
		}
	}
	for at, want := range map[float64]float64{150: 20, 200: 40, 300: 35, 600: 5} {
		within(fmt.Sprintf("share of %g dpi", at), float64(dpi[at])/40, want-2.5, want+2.5)
	}
}

func TestBlurIsGaussian(t *testing.T) {
	for _, sigma := range []float64{0.3, 0.8, 1.2, 2.2, 4.4} {
		m := raster.New(61, 61)
		m.Pix[30*61+30] = 0
		m.Pix[30*61+31] = 0
		blur(m, sigma)
		for y := 20; y <= 40; y++ {
			for x := 20; x <= 41; x++ {
				want := 255 - 255*(normal(float64(x-30), sigma)+normal(float64(x-31), sigma))*normal(float64(y-30), sigma)
				if got := float64(m.Pix[y*61+x]); math.Abs(got-want) > 5 {
					t.Errorf("σ %g at %d, %d: %g, want %.1f", sigma, x-30, y-30, got, want)
				}
			}
		}
	}
	flat := raster.New(37, 23) // evenness and edges
	fill(flat, 200)
	blur(flat, 1.1)
	for i, v := range flat.Pix {
		if v != 200 {
			t.Fatalf("pixel %d of an even picture became %d", i, v)
		}
	}
}

// normal is the weight of a sampled Gaussian at x, normalised over its samples.
func normal(x, sigma float64) float64 {
	sum := 0.0
	for i := -40.0; i <= 40; i++ {
		sum += math.Exp(-i * i / (2 * sigma * sigma))
	}
	return math.Exp(-x*x/(2*sigma*sigma)) / sum
}

func TestOneBit(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	for _, kind := range []int{1, 2} {
		out := Scan(testPage(page, 100), Damage{DPI: 100, OneBit: kind, Limit: 160, Paper: 200, Noise: 3}, pcg(1))
		black := 0
		for _, v := range out.Pix {
			if v != 0 && v != 255 {
				t.Fatalf("kind %d: gray %d in a one-bit picture", kind, v)
			}
			if v == 0 {
				black++
			}
		}
		if share := float64(black) / float64(len(out.Pix)); share < 0.02 || share > 0.4 {
			t.Errorf("kind %d: %.0f %% black", kind, 100*share)
		}
	}
}

func TestEffectsShow(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	mean := func(m *raster.Image, r ballot.Rect) float64 {
		sum, _, _ := inkIn(m, r)
		px := m.DPI / 25.4
		return 255 - sum/(r.W*r.H*px*px)
	}
	scan := func(d Damage) *raster.Image {
		d.DPI = 100
		img := testPage(page, 100)
		Print(img, page, d, pcg(3))
		return Scan(img, d, pcg(3))
	}
	top, low := ballot.Rect{X: 60, Y: 2, W: 10, H: 5}, ballot.Rect{X: 60, Y: 288, W: 10, H: 5}
	if m := scan(Damage{Paper: 180}); math.Abs(mean(m, top)-180) > 2 {
		t.Errorf("paper of gray 180 is %.0f", mean(m, top))
	}
	if m := scan(Damage{Shade: 0.6, ShadeAt: math.Pi / 2}); mean(m, top) < 245 || mean(m, low) > 165 {
		t.Errorf("shading: %.0f above, %.0f below", mean(m, top), mean(m, low))
	}
	if m := scan(Damage{Toner: 0.5}); math.Abs(mean(m, page.Fiducials[0].Inset(0.5))-127) > 8 {
		t.Errorf("half the toner prints %.0f", mean(m, page.Fiducials[0].Inset(0.5)))
	}
	if m := scan(Damage{Border: 5}); mean(m, ballot.Rect{X: 0, Y: 0, W: 4, H: 100}) > 60 || m.W <= testPage(page, 100).W {
		t.Error("no dark border")
	}
	if m := scan(Damage{Corner: 1, Legs: [2]float64{28, 28}}); mean(m, page.Fiducials[0].Inset(0.5)) < 250 {
		t.Error("the torn corner's mark is still there")
	}
	if m := scan(Damage{Corner: 1, Folded: true, Legs: [2]float64{15, 15}}); mean(m, ballot.Rect{X: 9, Y: 9, W: 4, H: 4}) < 240 {
		t.Error("the folded corner does not cover what lay beside it")
	}
	if m := scan(Damage{Lost: 2}); lostMarks(m, page) != 2 {
		t.Errorf("%d marks lost, want 2", lostMarks(m, page))
	}
	if a, b := scan(Damage{}), raster.Rotate90(scan(Damage{Turns: 3}), 1); !bytes.Equal(a.Pix, b.Pix) {
		t.Error("three quarter turns and one more are not the page")
	}
	for name, d := range map[string]Damage{"folds": {Folds: 1}, "streaks": {Streaks: 1}, "specks": {Specks: 20}, "holes": {Holes: true},
		"stretch": {Stretch: 1}, "slip": {Slip: 0.8, SlipAt: 0.5}, "photocopy": {Copy: 1}, "show-through": {Through: 0.1}, "noise": {Noise: 5}} {
		if bytes.Equal(scan(d).Pix, scan(Damage{}).Pix) {
			t.Errorf("%s changes nothing", name)
		}
	}
}

func lostMarks(m *raster.Image, page *ballot.FormPage) (n int) {
	for _, f := range page.Fiducials {
		if in, _, _ := inkIn(m, f); in == 0 {
			n++
		}
	}
	return n
}

func TestRefused(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	clean := testPage(page, 100)
	for _, kind := range RefuseKinds {
		for seed := uint64(0); seed < 6; seed++ {
			d := Refuse(kind, pcg(seed))
			if d.Class != ClassRefuse || len(d.Kinds) != 1 {
				t.Fatalf("%s: %+v", kind, d)
			}
			img := Spoil(cloned(clean), cloned(clean), page, d, pcg(seed))
			out := Scan(img, Damage{DPI: 100, Mirror: d.Mirror}, pcg(seed))
			code, _, _ := inkIn(out, page.Code)
			whole, _, _ := inkIn(clean, page.Code)
			switch changed := !bytes.Equal(out.Pix, clean.Pix); {
			case !changed:
				t.Errorf("%s seed %d: the page is as it was", kind, seed)
			case kind == RefuseMirrored:
				for i := 0; i < clean.W; i++ {
					if at := 300 * clean.W; out.Pix[at+i] != clean.Pix[at+clean.W-1-i] {
						t.Fatalf("not the mirror image at %d", i)
					}
				}
			case kind == RefuseNoIdentity && math.Abs(code-whole) < whole/4:
				t.Errorf("seed %d: the code still has its ink: %.0f of %.0f", seed, code, whole)
			case kind == RefuseTwoSheets && out.W != clean.W:
				t.Errorf("seed %d: two sheets are %d wide", seed, out.W)
			}
		}
	}
}

// BenchmarkPage is a whole 300 dpi A4 page: print, marks and an ordinary or a hard scan.
func BenchmarkPage(b *testing.B) {
	page := &rosterForm(b).Pages[0]
	clean := testPage(page, RenderDPI)
	for _, class := range []string{ClassOrdinary, ClassHard} {
		b.Run(class, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				r := pcg(uint64(i))
				d := Draw(class, page, r)
				d.DPI = 300
				img := cloned(clean)
				Print(img, page, d, r)
				Mark(img, page, d.Hand(r), Realistic(), r)
				Scan(img, d, r)
			}
		})
	}
}

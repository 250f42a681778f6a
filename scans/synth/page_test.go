package synth

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// testForm is a real form; testPage paints a page of it well enough to be marked and measured.
func testForm(t testing.TB, kind ballot.FormKind, paper string, subjects, grades int) *ballot.Form {
	t.Helper()
	m := ballot.Meeting{ID: "m", Title: "评议", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	m.Rules.Form, m.Rules.Layout.Paper = kind, paper
	m.Rules.Grades = []string{"好", "较好", "一般", "差", "很差", "不了解"}[:grades]
	for i := 1; i <= subjects; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: "张明", Org: "支部", Mode: ballot.Written})
	}
	f, err := ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "委员"}, bytes.NewReader([]byte{1, 2, 3, 4, 5, 6, 7, 8}))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rosterForm(t testing.TB) *ballot.Form { return testForm(t, ballot.RosterForm, "A4", 72, 4) }

func testPage(p *ballot.FormPage, dpi float64) *raster.Image {
	px := dpi / 25.4
	m := raster.New(int(p.Width*px+0.5), int(p.Height*px+0.5))
	m.DPI = dpi
	k := &ink{img: m, scale: px, r: rand.New(rand.NewPCG(1, 1))}
	frame := func(r ballot.Rect, width float64, gray byte) {
		h := width / 2
		k.cover(ballot.Rect{X: r.X - h, Y: r.Y - h, W: r.W + width, H: width}, gray)
		k.cover(ballot.Rect{X: r.X - h, Y: r.Bottom() - h, W: r.W + width, H: width}, gray)
		k.cover(ballot.Rect{X: r.X - h, Y: r.Y - h, W: width, H: r.H + width}, gray)
		k.cover(ballot.Rect{X: r.Right() - h, Y: r.Y - h, W: width, H: r.H + width}, gray)
	}
	for _, f := range p.Fiducials {
		k.cover(f, 0)
	}
	for _, t := range p.Targets {
		frame(t.Cell, ballot.RuleWidth, 0)
		frame(t.Rect, ballot.OutlineWidth, ballot.OutlineGray)
	}
	for y := 0; y < 25; y++ { // chequers in place of the code
		for x := y % 2; x < 25; x += 2 {
			step := p.Code.W / 25
			k.cover(ballot.Rect{X: p.Code.X + float64(x)*step, Y: p.Code.Y + float64(y)*step, W: step, H: step}, 0)
		}
	}
	for _, l := range p.Labels {
		k.cover(ballot.Rect{X: l.X, Y: l.Y + l.H/3, W: l.W, H: l.H / 4}, 60)
	}
	return m
}

func cloned(m *raster.Image) *raster.Image {
	return m.Clone()
}

func pcg(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// blankPage is white paper of a form page's size.
func blankPage(p *ballot.FormPage, dpi float64) *raster.Image {
	m := raster.New(int(p.Width*dpi/25.4+0.5), int(p.Height*dpi/25.4+0.5))
	m.DPI = dpi
	return m
}

// inkIn sums darkness inside a rectangle of mm, and its centroid.
func inkIn(m *raster.Image, r ballot.Rect) (sum, cx, cy float64) {
	px := m.DPI / 25.4
	for y := max(0, int(r.Y*px)); y < min(m.H, int(r.Bottom()*px)); y++ {
		for x := max(0, int(r.X*px)); x < min(m.W, int(r.Right()*px)); x++ {
			d := float64(255 - m.Pix[y*m.W+x])
			sum, cx, cy = sum+d, cx+d*(float64(x)+0.5)/px, cy+d*(float64(y)+0.5)/px
		}
	}
	if sum > 0 {
		cx, cy = cx/sum, cy/sum
	}
	return sum, cx, cy
}

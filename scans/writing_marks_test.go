package scans_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// pen draws on a page in mm.
type pen struct {
	*raster.Image
	width float64 // mm
	gray  byte
}

func (p pen) line(points ...[2]float64) {
	k := p.DPI / 25.4
	for i := 0; i+1 < len(points); i++ {
		a, b := points[i], points[i+1]
		n := int(math.Hypot(b[0]-a[0], b[1]-a[1])*k) + 1
		for s := 0; s <= n; s++ {
			f := float64(s) / float64(n)
			p.dot(a[0]+(b[0]-a[0])*f, a[1]+(b[1]-a[1])*f)
		}
	}
}

func (p pen) dot(x, y float64) {
	k, r := p.DPI/25.4, p.width/2*p.DPI/25.4
	for v := max(0, int(y*k-r)); v <= min(p.H-1, int(y*k+r)); v++ {
		for u := max(0, int(x*k-r)); u <= min(p.W-1, int(x*k+r)); u++ {
			if math.Hypot(float64(u)+0.5-x*k, float64(v)+0.5-y*k) <= r {
				p.Pix[v*p.W+u] = min(p.Pix[v*p.W+u], p.gray)
			}
		}
	}
}

// name writes three characters of crossing strokes from a corner.
func (p pen) name(x, y float64) {
	for range 3 {
		p.line([2]float64{x, y + 1}, [2]float64{x + 3.5, y + 1})
		p.line([2]float64{x + 1.8, y}, [2]float64{x + 1.2, y + 4.5})
		p.line([2]float64{x + 0.3, y + 2.6}, [2]float64{x + 3.3, y + 2.4})
		p.line([2]float64{x + 1.9, y + 2.5}, [2]float64{x + 3.4, y + 4.4})
		x += 4.6
	}
}

// What is writing is flagged where it lies, once; what people and machines otherwise leave on paper is not.
func TestWritingIsTold(t *testing.T) {
	s := printSheets(t, 9, formKind{40, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	row, cell := s.page.Rows[5], s.page.TargetsOf(s.page.Rows[5].Subject)[3].Cell
	at := func(x, y float64) *ballot.Rect { return &ballot.Rect{X: x, Y: y, W: 13, H: 4.5} }
	for name, c := range map[string]struct {
		draw func(p pen)
		want *ballot.Rect // where the writing is; nil where there is none
	}{
		"a blank ballot":              {func(pen) {}, nil},
		"a name in the margin":        {func(p pen) { p.name(3, 120) }, at(3, 120)},
		"a name under the table":      {func(p pen) { p.name(90, 281) }, at(90, 281)},
		"a name over the title":       {func(p pen) { p.name(60, 14) }, at(60, 14)},
		"a name across two rows":      {func(p pen) { p.name(60, row.Y-2) }, at(60, row.Y-2)},
		"a name over an organisation": {func(p pen) { p.name(70, row.Y+2) }, at(70, row.Y+2)},
		"a pale name":                 {func(p pen) { p.gray = 140; p.name(3, 120) }, at(3, 120)},
		"a tail out of the last cell": {func(p pen) { p.line([2]float64{cell.X + 8, cell.Y + 8}, [2]float64{cell.Right() + 9, cell.Y - 6}) }, nil},
		"a streak":                    {func(p pen) { p.width = 0.3; p.line([2]float64{66, 0}, [2]float64{66, 297}) }, nil},
		"a fold":                      {func(p pen) { p.width = 0.4; p.gray = 150; p.line([2]float64{0, 150}, [2]float64{210, 152}) }, nil},
		"two folds that cross": {func(p pen) {
			p.line([2]float64{0, 150}, [2]float64{210, 152})
			p.line([2]float64{104, 0}, [2]float64{105, 297})
		}, nil},
		"two holes": {func(p pen) { p.width = 6; p.dot(8, 108); p.dot(8, 188) }, nil},
		"a staple":  {func(p pen) { p.line([2]float64{6, 9}, [2]float64{13, 4}) }, nil},
		"specks": {func(p pen) {
			for i := range 90 {
				p.dot(math.Mod(float64(i)*37.7, 200)+5, math.Mod(float64(i)*71.3, 280)+8)
			}
		}, nil},
		"an underlined row":            {func(p pen) { p.line([2]float64{30, row.Y + 1.5}, [2]float64{90, row.Y + 1.5}) }, nil},
		"a name up to the table":       {func(p pen) { p.name(cell.Right()+0.4, cell.Y+3) }, at(cell.Right()+0.4, cell.Y+3)},
		"a remark in a target's cells": {func(p pen) { p.name(cell.X+1, cell.Y+3) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, turns := range []int{0, 2, 3} {
				img := s.clean.Clone()
				c.draw(pen{img, 0.5, 60})
				d := synth.Damage{DPI: 200, Rotation: 0.8, Turns: turns, Paper: 240, Noise: 4, Blur: 0.7, Quality: 75}
				res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 2))), d))
				if res.Rejected != nil {
					t.Fatalf("%d turns: %v", turns, res.Rejected)
				}
				flags := 0
				for _, f := range res.Flags {
					if f == ballot.FlagWriting {
						flags++
					}
				}
				if c.want == nil && (flags > 0 || len(res.Writing) > 0) {
					t.Errorf("%d turns: flagged %v", turns, res.Writing)
				}
				if c.want != nil && (flags != 1 || !slices.ContainsFunc(res.Writing, func(w ballot.Rect) bool { return overlaps(w, *c.want) })) {
					t.Errorf("%d turns: %d flags, found %v, written at %v", turns, flags, res.Writing, *c.want)
				}
			}
		})
	}
}

// A long tail belongs to its mark, also where it runs through the numbers of the next block: it is followed
// across the rules. Without its mark the same stroke through print is flagged.
func TestTailIsFollowed(t *testing.T) {
	s := printSheets(t, 9, formKind{72, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	cell := s.page.TargetsOf(s.page.Rows[5].Subject)[3].Cell
	number := s.page.Rows[23].NoBox
	x, y := number.Centre()
	for name, c := range map[string]struct {
		points [][2]float64
		want   bool
	}{
		"a tick's tail":  {[][2]float64{{cell.X + 4, cell.Bottom() - 3}, {x, y}}, false},
		"a winding tail": {[][2]float64{{cell.X + 4, cell.Bottom() - 3}, {cell.Right() + 1.2, y - 5}, {cell.Right() + 2, y + 3}, {number.X + 2, y - 4.5}}, false},
		"a winding line": {[][2]float64{{cell.Right() + 1, y + 2}, {cell.Right() + 1.4, y - 5}, {cell.Right() + 2, y + 3}, {number.X + 2, y - 4.5}}, true},
		"a stroke":       {[][2]float64{{number.X + 1.5, number.Bottom() - 3}, {x, y}, {x + 2, y - 5}}, true},
	} {
		img := s.clean.Clone()
		p := pen{img, 0.6, 50}
		p.line(c.points...)
		d := synth.Damage{DPI: 200, Rotation: 0.5, Paper: 240, Noise: 3, Blur: 0.6, Quality: 75}
		res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 2))), d))
		if res.Rejected != nil {
			t.Fatalf("%s: %v", name, res.Rejected)
		}
		if got := slices.Contains(res.Flags, ballot.FlagWriting); got != c.want {
			t.Errorf("%s: flagged %v %v", name, got, res.Writing)
		}
	}
}

// Print is never writing, whatever the names are and however they fill their boxes.
func TestPrintIsNoWriting(t *testing.T) {
	names := []string{"王伟", "欧阳娜娜", "艾力·买买提江", "李丽", "阿不都热依木·吐尔逊", "张晓明"}
	orgs := []string{"工委", "地区住房公积金管理中心党支部", "地委宣传部", "地区发展和改革委员会（粮食和物资储备局）机关党委第一党支部", "中国移动通信集团XX地区分公司（5G）党总支", "地区公安局机关党委"}
	for i, rules := range []func(r *ballot.Rules){
		func(*ballot.Rules) {},
		func(r *ballot.Rules) { r.Layout.CommentBox, r.Layout.Blocks = true, 1 },
		func(r *ballot.Rules) { r.Layout.Paper, r.Layout.CommentBox = "A3", true },
		func(r *ballot.Rules) { r.Form, r.Layout.Paper, r.Layout.CommentBox = ballot.SingleForm, "A5", true },
	} {
		m := ballot.Meeting{ID: "m", Title: "2025年度党组织书记抓基层党建述职评议", Organiser: "中共某某地区直属机关工作委员会", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
		rules(&m.Rules)
		for n := 1; n <= 36 || m.Rules.Form == ballot.RosterForm && n <= 130 && m.Rules.Layout.Paper == "A3"; n++ {
			if m.Rules.Form == ballot.SingleForm && n > 6 {
				break
			}
			m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: names[n%len(names)], Org: orgs[n/2%len(orgs)], Mode: ballot.Written})
		}
		sheets := printMeeting(t, byte(40+i), &m, synth.RenderDPI)
		r := readerOf(t, sheets)
		for n, s := range sheets {
			random := rand.New(rand.NewPCG(uint64(n), uint64(i)))
			d := synth.Draw(synth.ClassOrdinary, s.page, random)
			img := s.clean.Clone()
			synth.Mark(img, s.page, synth.NewHand(random, false), synth.Realistic(), random)
			res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
			if res.Rejected != nil {
				t.Errorf("form %d page %d: %v", i, n+1, res.Rejected)
			} else if len(res.Writing) > 0 {
				t.Errorf("form %d page %d: print is taken for writing at %v", i, n+1, res.Writing)
			}
		}
	}
}

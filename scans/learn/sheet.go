package learn

import (
	"bytes"
	"image/png"
	"math"
	"sort"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// upright is a blank page, straightened.
type upright struct {
	img   *raster.Image
	tilt  float64 // by which it was turned back, in radians
	scale float64 // pixels a mm
	w, h  float64 // mm
	rules []ballot.Rule
	cells []*cell
	lines []textLine // print outside the tables
}

const leastTilt = 0.0006 // radians: a fifth of a mm over the width of a page

// straighten finds the rules of a page and turns it until they lie level. Pictures without a table are refused.
func straighten(img *raster.Image) (*upright, error) {
	var finder register.RuleFinder
	across, down := finder.Find(img)
	tilt := medianTilt(across)
	if math.Abs(tilt) > leastTilt {
		img = turned(img, tilt)
		across, down = finder.Find(img)
	} else {
		tilt = 0
	}
	p := &upright{img: img, tilt: tilt, scale: img.DPI / 25.4}
	p.w, p.h = hundredths(float64(img.W)/p.scale), hundredths(float64(img.H)/p.scale)
	for _, l := range across {
		y := (l.A.Y + l.B.Y) / 2 / p.scale
		p.rules = append(p.rules, ballot.Rule{X0: l.A.X / p.scale, Y0: y, X1: l.B.X / p.scale, Y1: y})
	}
	for _, l := range down {
		x := (l.A.X + l.B.X) / 2 / p.scale
		p.rules = append(p.rules, ballot.Rule{X0: x, Y0: l.A.Y / p.scale, X1: x, Y1: l.B.Y / p.scale})
	}
	p.rules = tableRules(p.rules)
	if len(p.rules) == 0 {
		return nil, ballot.Errorf(ballot.CodeForm, "页面上找不到由横竖线围成的表格；请给出带表格线的空白票",
			"no table framed by rules is on the page: give a blank ballot whose cells are framed by lines")
	}
	p.cells = cellsOf(p.rules)
	p.findLines()
	return p, nil
}

// medianTilt is the tilt in radians that half of the length of the lines exceeds.
func medianTilt(lines []register.Line) float64 {
	type tilt struct{ angle, length float64 }
	var all []tilt
	total := 0.0
	for _, l := range lines {
		all = append(all, tilt{math.Atan2(l.B.Y-l.A.Y, l.B.X-l.A.X), l.Len()})
		total += l.Len()
	}
	sort.Slice(all, func(i, j int) bool { return all[i].angle < all[j].angle })
	for _, t := range all {
		if total -= 2 * t.length; total <= 0 {
			return t.angle
		}
	}
	return 0
}

// turned is the picture turned back about its middle by an angle.
func turned(img *raster.Image, angle float64) *raster.Image {
	out := raster.New(img.W, img.H)
	out.DPI = img.DPI
	sin, cos := math.Sincos(angle)
	cx, cy := float64(img.W)/2, float64(img.H)/2
	lines := make([]raster.Line, img.H)
	for y := range lines {
		dx, dy := 0.5-cx, float64(y)+0.5-cy
		lines[y] = raster.LineAt(cx+dx*cos-dy*sin-0.5, cy+dx*sin+dy*cos-0.5, cos, sin, img.W)
	}
	img.SampleLines(out.Pix, lines)
	return out
}

// BlankDPI is the resolution of pictures of a blank that are kept and printed, where it was not scanned at a lower one.
const BlankDPI = 300

// picture is the page as it is printed, from a sharper image of it that lies alike.
func (p *upright) picture(sharp *raster.Image) ([]byte, error) {
	if p.tilt != 0 {
		sharp = turned(sharp, p.tilt)
	}
	if sharp.DPI > 1.05*BlankDPI {
		side := sharp.DPI / 25.4
		fine := upright{img: sharp, scale: side, w: float64(sharp.W) / side, h: float64(sharp.H) / side}
		sharp = fine.reduced(BlankDPI / 25.4)
	}
	return encode(sharp, png.DefaultCompression)
}

// print is the page as a form keeps it: gray, at ballot.PrintPixelsPerMM.
func (p *upright) print() ([]byte, error) {
	out := p.reduced(ballot.PrintPixelsPerMM)
	for i := range out.Pix {
		out.Pix[i] &^= 15 // sixteen grays pack well
	}
	return encode(out, png.BestCompression)
}

// reduced is the page at so many pixels a mm.
func (p *upright) reduced(side float64) *raster.Image {
	k := max(1, int(p.scale/side))
	small := raster.Image{}
	p.img.Reduce(&small, k)
	step := p.scale / float64(k) / side
	out := raster.New(int(p.w*side), int(p.h*side))
	for y := range out.H {
		for x := range out.W {
			out.Pix[y*out.W+x] = small.At((float64(x)+0.5)*step, (float64(y)+0.5)*step)
		}
	}
	return out
}

func encode(m *raster.Image, level png.CompressionLevel) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: level}
	err := e.Encode(&b, m.Gray())
	return b.Bytes(), err
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

// touching is how near, in mm, the end of a rule comes to a rule that it meets.
const touching = 1.0

// tableRules keeps the rules that meet at least two others: lines under text and the frames of boxes in cells
// meet none of the table's.
func tableRules(rules []ballot.Rule) []ballot.Rule {
	for {
		var kept []ballot.Rule
		for _, r := range rules {
			meets := 0
			for _, o := range rules {
				if r.Across() != o.Across() && crossing(r, o) {
					meets++
				}
			}
			if meets >= 2 {
				kept = append(kept, r)
			}
		}
		if len(kept) == len(rules) {
			break
		}
		rules = kept
	}
	var out []ballot.Rule
	for _, group := range tables(rules) {
		if len(group) >= 6 { // the frame of a lone box has four
			out = append(out, group...)
		}
	}
	return out
}

// crossing tells whether two rules of different directions meet.
func crossing(r, o ballot.Rule) bool {
	return r.X0 <= o.X1+touching && o.X0 <= r.X1+touching && r.Y0 <= o.Y1+touching && o.Y0 <= r.Y1+touching
}

// tables groups rules that hang together.
func tables(rules []ballot.Rule) (out [][]ballot.Rule) {
	group := make([]int, len(rules))
	for i := range group {
		group[i] = -1
	}
	var visit func(i, g int)
	visit = func(i, g int) {
		group[i] = g
		out[g] = append(out[g], rules[i])
		for j := range rules {
			if group[j] < 0 && rules[i].Across() != rules[j].Across() && crossing(rules[i], rules[j]) {
				visit(j, g)
			}
		}
	}
	for i := range rules {
		if group[i] < 0 {
			out = append(out, nil)
			visit(i, len(out)-1)
		}
	}
	return out
}

package register

import (
	"math"
	"slices"
	"sort"

	"pingyi/scans/raster"
)

// Line is a straight thin dark line in a picture, in pixels; A is its left or upper end.
type Line struct{ A, B Point }

// Len is the line's length in pixels.
func (l Line) Len() float64 { return math.Hypot(l.B.X-l.A.X, l.B.Y-l.A.Y) }

const (
	rulesDPI     = 150  // that the picture is reduced towards
	ruleShoulder = 0.9  // mm from a rule to the paper it is compared with: beyond half of the thickest border
	ruleDepth    = 22   // gray levels by which a rule is darker than its shoulders
	ruleGap      = 0.7  // mm within a rule that rules across it hide
	rulePiece    = 1.2  // mm, the least unbroken piece of a line of pixels: shorter ones are text
	ruleLeast    = 4.0  // mm, the shortest rule
	ruleBend     = 0.35 // mm, root mean square, by which a rule may leave a straight line
	ruleThick    = 1.0  // mm, mean
	ruleJoin     = 2.0  // mm between pieces of one rule
)

// RuleFinder finds the rules of tables; its buffers are reused.
type RuleFinder struct {
	small, turned raster.Image
	mask          []byte
	labels        raster.Labels
}

// Find gives the rules that run across and those that run down, as they lie in the picture.
func (f *RuleFinder) Find(img *raster.Image) (across, down []Line) {
	k := max(1, int(img.DPI/rulesDPI*1.005))
	img.Reduce(&f.small, k)
	ppm := img.DPI / 25.4 / float64(k)
	across = f.along(&f.small, ppm)
	f.transpose()
	down = f.along(&f.turned, ppm)
	for i, l := range down {
		down[i] = Line{Point{l.A.Y, l.A.X}, Point{l.B.Y, l.B.X}}
	}
	for _, lines := range [][]Line{across, down} {
		for i, l := range lines {
			s := float64(k)
			lines[i] = Line{Point{l.A.X * s, l.A.Y * s}, Point{l.B.X * s, l.B.Y * s}}
		}
	}
	return across, down
}

func (f *RuleFinder) transpose() {
	w, h := f.small.W, f.small.H
	f.turned = raster.Image{W: h, H: w, Pix: slices.Grow(f.turned.Pix[:0], w*h)[:w*h]}
	const tile = 32
	for y0 := 0; y0 < h; y0 += tile {
		for x0 := 0; x0 < w; x0 += tile {
			for y := y0; y < min(h, y0+tile); y++ {
				for x := x0; x < min(w, x0+tile); x++ {
					f.turned.Pix[x*h+y] = f.small.Pix[y*w+x]
				}
			}
		}
	}
}

// along finds the lines that run across m, whose scale is ppm pixels a mm.
func (f *RuleFinder) along(m *raster.Image, ppm float64) []Line {
	f.mask = slices.Grow(f.mask[:0], m.W*m.H)[:m.W*m.H]
	clear(f.mask)
	shoulder := max(2, int(math.Round(ruleShoulder*ppm)))
	gap, piece := int(ruleGap*ppm), int(rulePiece*ppm)
	for y := shoulder; y < m.H-shoulder; y++ {
		row := f.mask[y*m.W : (y+1)*m.W]
		above, here, below := m.Pix[(y-shoulder)*m.W:], m.Pix[y*m.W:], m.Pix[(y+shoulder)*m.W:]
		for x := range row {
			if int(min(above[x], below[x]))-int(here[x]) >= ruleDepth {
				row[x] = 1
			}
		}
		closeGaps(row, gap)
		dropShort(row, piece)
	}
	f.labels.Label(f.mask, m.W, m.H)
	return joinLines(f.fit(ppm), ppm)
}

// closeGaps sets the stretches of at most n clear pixels between set ones.
func closeGaps(row []byte, n int) {
	last := -1
	for x, v := range row {
		if v == 0 {
			continue
		}
		if last >= 0 && x-last-1 <= n {
			for i := last + 1; i < x; i++ {
				row[i] = 1
			}
		}
		last = x
	}
}

// dropShort clears the stretches of less than n set pixels.
func dropShort(row []byte, n int) {
	for x := 0; x < len(row); x++ {
		from := x
		for x < len(row) && row[x] != 0 {
			x++
		}
		if x-from < n {
			clear(row[from:x])
		}
	}
}

// fit lays a straight line through each component that is long, thin and straight enough.
func (f *RuleFinder) fit(ppm float64) []Line {
	type sums struct{ n, x, y, xx, xy, yy float64 }
	all := make([]sums, len(f.labels.Comps))
	for _, r := range f.labels.Runs {
		s := &all[r.Comp]
		n, y := float64(r.X1-r.X0), float64(r.Y)+0.5
		mid := float64(r.X0+r.X1) / 2
		s.n, s.x, s.y = s.n+n, s.x+n*mid, s.y+n*y
		s.xx, s.xy, s.yy = s.xx+n*(mid*mid+n*n/12), s.xy+n*mid*y, s.yy+n*y*y
	}
	var out []Line
	for i, c := range f.labels.Comps {
		w := float64(c.Width())
		if w < ruleLeast*ppm || float64(c.Area)/w > ruleThick*ppm {
			continue
		}
		s := all[i]
		mx, my := s.x/s.n, s.y/s.n
		vx, cxy, vy := s.xx/s.n-mx*mx, s.xy/s.n-mx*my, s.yy/s.n-my*my
		slope := cxy / max(vx, 1e-9)
		if bend := math.Sqrt(max(0, vy-slope*cxy)); bend > ruleBend*ppm || math.Abs(slope) > math.Tan(maxTilt*math.Pi/180) {
			continue
		}
		x0, x1 := float64(c.MinX), float64(c.MaxX+1)
		out = append(out, Line{Point{x0, my + slope*(x0-mx)}, Point{x1, my + slope*(x1-mx)}})
	}
	return out
}

// joinLines makes one line of pieces that lie in line with small gaps between them.
func joinLines(lines []Line, ppm float64) []Line {
	sort.Slice(lines, func(i, j int) bool { return lines[i].A.X < lines[j].A.X })
	var out []Line
next:
	for _, l := range lines {
		for i := len(out) - 1; i >= 0; i-- {
			o := &out[i]
			longer := *o
			if l.Len() > o.Len() {
				longer = l
			}
			slope := (longer.B.Y - longer.A.Y) / (longer.B.X - longer.A.X)
			if gap := l.A.X - o.B.X; gap > ruleJoin*ppm || gap < -ruleLeast*ppm {
				continue
			}
			if math.Abs(l.A.Y-o.B.Y-slope*(l.A.X-o.B.X)) < 0.4*ppm {
				o.B = Point{max(o.B.X, l.B.X), l.B.Y}
				continue next
			}
		}
		out = append(out, l)
	}
	return out
}

package register

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Block is a column of table rows, one below the other, with where its print really lies.
type Block struct {
	Rows    []ballot.Row
	Targets [][]ballot.Target // of each row, left to right
	// Offsets in mm from where the homography puts a point to where its print was found.
	left, right []float64 // dy of the rules above each row and below the last, at xLeft and xRight
	dx          []float64 // of each row
	Trusted     []bool    // print was found at the row or next to it
	xLeft       float64
	xRight      float64
}

// Grid is a registered page.
type Grid struct {
	Map      Homography
	Blocks   []Block
	Print    *raster.Image // of the blank, where the cells for marks hold print: ballot.PrintPixelsPerMM; else nil
	Outlined bool          // the form prints an outline round every target, as ours do; learned ones may
}

const (
	searchRange   = 2.2  // mm to either side in which a rule is looked for
	lineStep      = 0.5  // mm between samples along a rule
	lineShoulder  = 0.5  // mm from a rule to the paper it is compared with
	minLineDepth  = 9.0  // gray levels by which a rule must be darker than its shoulders
	maxDeviation  = 0.45 // mm by which a rule may leave the trend of its neighbours
	minFoundShare = 0.55 // of rules, below which the page is refused
	edgeInset     = 1.2  // mm of a cell's side left out at rules that cross
)

// Refine follows the printed rules of every block. A page whose rules cannot be followed is rejected.
func Refine(img *raster.Image, h Homography, page *ballot.FormPage) (*Grid, *ballot.Rejection) {
	g := &Grid{Map: h, Blocks: blocksOf(page), Outlined: len(page.Print) == 0}
	found, total := 0, 0
	look := probe{img: img, h: &g.Map}
	for i := range g.Blocks {
		f, n := g.Blocks[i].follow(&look)
		found, total = found+f, total+n
	}
	if total > 0 && float64(found) < minFoundShare*float64(total) {
		return nil, &ballot.Rejection{Reason: ballot.RejectContrast,
			Facts: fmt.Sprintf("%d of %d printed rules found: print too pale, or the page is badly distorted", found, total)}
	}
	return g, nil
}

// blocksOf groups the page's rows into columns.
func blocksOf(page *ballot.FormPage) []Block {
	var blocks []Block
	for _, r := range page.Rows {
		targets := page.TargetsOf(r.Subject)
		sort.Slice(targets, func(i, j int) bool { return targets[i].X < targets[j].X })
		last := len(blocks) - 1
		if last < 0 || math.Abs(blocks[last].Rows[0].X-r.X) > 0.5 || math.Abs(bottomOf(&blocks[last])-targets[0].Cell.Y) > 0.5 {
			blocks = append(blocks, Block{})
			last++
		}
		blocks[last].Rows = append(blocks[last].Rows, r)
		blocks[last].Targets = append(blocks[last].Targets, targets)
	}
	return blocks
}

func bottomOf(b *Block) float64 { return b.Targets[len(b.Targets)-1][0].Cell.Bottom() }

// follow finds the block's rules and fills its offsets; it returns how many of how many were found.
func (b *Block) follow(look *probe) (found, total int) {
	n := len(b.Rows)
	first := b.Targets[0]
	x0, x1 := first[0].Cell.X, first[len(first)-1].Cell.Right()
	if math.Abs(b.Rows[0].Y-first[0].Cell.Y) < 0.5 {
		x0 = b.Rows[0].X // rules run on through name and number
	}
	mid := (x0 + x1) / 2
	b.xLeft, b.xRight = (x0+mid)/2, (mid+x1)/2
	ys := make([]float64, n+1)
	for i := range b.Targets {
		ys[i] = b.Targets[i][0].Cell.Y
	}
	ys[n] = bottomOf(b)
	var okLeft, okRight, okX []bool
	b.left, okLeft = track(n+1, func(i int, around, reach float64) (float64, bool) {
		return look.line(Point{x0 + 0.5, ys[i]}, Point{mid, ys[i]}, Point{0, 1}, around, reach)
	})
	b.right, okRight = track(n+1, func(i int, around, reach float64) (float64, bool) {
		return look.line(Point{mid, ys[i]}, Point{x1 - 0.5, ys[i]}, Point{0, 1}, around, reach)
	})
	b.dx, okX = track(n, func(i int, around, reach float64) (float64, bool) {
		return look.columns(b.Targets[i], around, reach)
	})
	b.Trusted = make([]bool, n)
	for i := range b.Trusted {
		b.Trusted[i] = anyNear(okLeft, i, 1) && anyNear(okRight, i, 1) && anyNear(okX, i, 1)
	}
	return count(okLeft) + count(okRight) + count(okX), len(okLeft) + len(okRight) + len(okX)
}

// At maps a point of row i (mm) to the picture (px), with the local offsets.
func (g *Grid) At(b *Block, i int, x, y float64) (u, v float64) {
	top, bottom := b.Targets[i][0].Cell.Y, b.Targets[i][0].Cell.Bottom()
	t := (y - top) / (bottom - top)
	s := (x - b.xLeft) / (b.xRight - b.xLeft)
	dyTop := b.left[i] + (b.right[i]-b.left[i])*s
	dyBottom := b.left[i+1] + (b.right[i+1]-b.left[i+1])*s
	return g.Map.At(x+b.dx[i], y+dyTop+(dyBottom-dyTop)*t)
}

// Shift is how far, in mm, row i lies from where the homography put it.
func (b *Block) Shift(i int) float64 {
	return math.Hypot(b.dx[i], (b.left[i]+b.right[i]+b.left[i+1]+b.right[i+1])/4)
}

// probe looks for printed rules in a picture; its buffers are reused.
type probe struct {
	img   *raster.Image
	h     *Homography
	lines []raster.Line
	sums  []int32
	gray  []float64 // the last profile
	total []float64
}

// columns looks for the rules between the cells of a row together: a pen stroke can look like one of them,
// not like all at their distances.
func (l *probe) columns(row []ballot.Target, around, reach float64) (float64, bool) {
	l.total = l.total[:0]
	step := 0.0
	add := func(x float64, c ballot.Rect) {
		step = l.profile(Point{x, c.Y + edgeInset}, Point{x, c.Bottom() - edgeInset}, Point{1, 0}, around, reach)
		l.total = append(l.total, make([]float64, len(l.gray)-len(l.total))...)
		for k, v := range l.gray {
			l.total[k] += v / float64(len(row)+1)
		}
	}
	for _, t := range row {
		add(t.Cell.X, t.Cell)
	}
	last := row[len(row)-1].Cell
	add(last.Right(), last)
	return darkest(l.total, step, around)
}

// line looks for one printed rule from a to b, displaced along dir (both in form mm).
func (l *probe) line(a, b, dir Point, around, reach float64) (float64, bool) {
	step := l.profile(a, b, dir, around, reach)
	return darkest(l.gray, step, around)
}

// profile fills l.gray with the mean gray along the line from a to b when displaced along dir by
// around-reach-shoulder … around+reach+shoulder mm, in steps of one pixel; it gives that step in mm.
func (l *probe) profile(a, b, dir Point, around, reach float64) float64 {
	u0, v0 := l.h.At(a.X+dir.X*around, a.Y+dir.Y*around)
	u1, v1 := l.h.At(b.X+dir.X*around, b.Y+dir.Y*around)
	ud, vd := l.h.At(a.X+dir.X*(around+1), a.Y+dir.Y*(around+1))
	sx, sy := l.h.Scale(0, 0) // the same for all lines of a page, so that their profiles can be summed
	pxPerMM := (sx + sy) / 2
	nu, nv := (ud-u0)/pxPerMM, (vd-v0)/pxPerMM // one step along dir
	half := int(math.Ceil((reach + lineShoulder) * pxPerMM))
	samples := max(8, int(math.Hypot(b.X-a.X, b.Y-a.Y)/lineStep))
	du, dv := (u1-u0)/float64(samples), (v1-v0)/float64(samples)
	l.lines, l.gray = l.lines[:0], l.gray[:0]
	for k := -half; k <= half; k++ {
		l.lines = append(l.lines, raster.LineAt(u0+nu*float64(k), v0+nv*float64(k), du, dv, samples+1))
	}
	l.sums = slices.Grow(l.sums[:0], len(l.lines))[:len(l.lines)]
	l.img.SumLines(l.sums, l.lines)
	for _, sum := range l.sums {
		l.gray = append(l.gray, float64(sum)/float64(samples+1))
	}
	return 1 / pxPerMM
}

// darkest finds the thin dark line in a profile: the place most darker than the paper at lineShoulder
// on both sides, to a fraction of a step.
func darkest(p []float64, step, around float64) (float64, bool) {
	shoulder := max(2, int(math.Round(lineShoulder/step)))
	depth := func(k int) float64 { return min(p[k-shoulder], p[k+shoulder]) - p[k] }
	best, at := minLineDepth, -1
	for k := shoulder; k < len(p)-shoulder; k++ {
		if d := depth(k); d > best {
			best, at = d, k
		}
	}
	if at < 0 {
		return 0, false
	}
	offset := float64(at - len(p)/2)
	if at > shoulder && at < len(p)-shoulder-1 {
		l, r := depth(at-1), depth(at+1)
		if c := l - 2*best + r; c < 0 {
			offset += max(-0.5, min(0.5, (l-r)/(2*c)))
		}
	}
	return around + offset*step, true
}

// track measures n neighbouring things, drops those that leave the trend of their neighbours, looks
// for them again near the trend, and fills what is still missing from the neighbours.
func track(n int, measure func(i int, around, reach float64) (float64, bool)) (values []float64, ok []bool) {
	values, ok = make([]float64, n), make([]bool, n)
	for i := range values {
		values[i], ok[i] = measure(i, 0, searchRange)
	}
	trend := make([]float64, n)
	for i := range trend {
		trend[i] = medianNear(values, ok, i, 4)
	}
	for i := range values {
		if !ok[i] || math.Abs(values[i]-trend[i]) > maxDeviation {
			values[i], ok[i] = measure(i, trend[i], maxDeviation)
			ok[i] = ok[i] && math.Abs(values[i]-trend[i]) <= maxDeviation
		}
	}
	fill(values, ok)
	return values, ok
}

// medianNear is the median of the measured values within k places of i; 0 where there are none.
func medianNear(values []float64, ok []bool, i, k int) float64 {
	var near []float64
	for j := max(0, i-k); j <= min(len(values)-1, i+k); j++ {
		if ok[j] {
			near = append(near, values[j])
		}
	}
	if len(near) == 0 {
		return 0
	}
	sort.Float64s(near)
	return (near[(len(near)-1)/2] + near[len(near)/2]) / 2
}

// fill interpolates values that are not ok from the nearest ones that are.
func fill(values []float64, ok []bool) {
	prev := -1
	for i := range values {
		if !ok[i] {
			continue
		}
		for j := prev + 1; j < i; j++ {
			if prev < 0 {
				values[j] = values[i]
			} else {
				values[j] = values[prev] + (values[i]-values[prev])*float64(j-prev)/float64(i-prev)
			}
		}
		prev = i
	}
	for j := prev + 1; j < len(values); j++ {
		if prev >= 0 {
			values[j] = values[prev]
		} else {
			values[j] = 0
		}
	}
}

func anyNear(ok []bool, i, k int) bool {
	for j := max(0, i-k); j <= min(len(ok)-1, i+k); j++ {
		if ok[j] {
			return true
		}
	}
	return false
}

func count(ok []bool) int {
	n := 0
	for _, v := range ok {
		if v {
			n++
		}
	}
	return n
}

package learn

import (
	"math"
	"sort"

	"pingyi/ballot"
)

// cell is a rectangle of a table, bounded by rules on all sides; merged cells are one.
type cell struct {
	ballot.Rect
	table int
	words string // what OCR read
	inked bool   // there is print, read or not
}

const (
	sameEdge  = 0.7  // mm by which two rules of one edge may differ
	leastCell = 2.0  // mm, sides of a cell
	wallShare = 0.35 // of a side, about its middle, that a rule must cover to be its wall
)

// cellsOf lists the cells of all tables, top to bottom, left to right.
func cellsOf(rules []ballot.Rule) (out []*cell) {
	for t, group := range tables(rules) {
		out = append(out, newGrid(group, t).cells()...)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return a.Y < b.Y-sameEdge || math.Abs(a.Y-b.Y) <= sameEdge && a.X < b.X
	})
	return out
}

// grid is one table: the edges of its columns and rows, and what walls stand between its smallest cells.
type grid struct {
	xs, ys []float64
	rules  []ballot.Rule
	table  int
	parent []int
	open   []bool // by root: a side of the region has no wall
}

func newGrid(rules []ballot.Rule, table int) *grid {
	g := &grid{rules: rules, table: table}
	var xs, ys []float64
	for _, r := range rules {
		if r.Across() {
			ys = append(ys, r.Y0)
		} else {
			xs = append(xs, r.X0)
		}
	}
	g.xs, g.ys = edges(xs), edges(ys)
	return g
}

// edges are the means of positions that differ by less than sameEdge from their neighbours.
func edges(at []float64) (out []float64) {
	sort.Float64s(at)
	for i := 0; i < len(at); {
		sum, n := 0.0, 0
		for from := i; i < len(at) && (i == from || at[i]-at[i-1] < sameEdge); i++ {
			sum, n = sum+at[i], n+1
		}
		out = append(out, sum/float64(n))
	}
	return out
}

// wall tells whether a rule stands at an edge between two places along it.
func (g *grid) wall(across bool, at, from, to float64) bool {
	mid, half := (from+to)/2, (to-from)*wallShare
	for _, r := range g.rules {
		if r.Across() != across {
			continue
		}
		pos, a, b := r.X0, r.Y0, r.Y1
		if across {
			pos, a, b = r.Y0, r.X0, r.X1
		}
		if math.Abs(pos-at) < sameEdge && a <= mid-half && b >= mid+half {
			return true
		}
	}
	return false
}

func (g *grid) root(i int) int {
	for g.parent[i] != i {
		i = g.parent[i]
	}
	return i
}

// cells joins the smallest cells over missing walls; regions that are open or no rectangles are left out.
func (g *grid) cells() []*cell {
	nx, ny := len(g.xs)-1, len(g.ys)-1
	if nx < 1 || ny < 1 {
		return nil
	}
	g.parent, g.open = make([]int, nx*ny), make([]bool, nx*ny)
	for i := range g.parent {
		g.parent[i] = i
	}
	for j := range ny {
		for i := range nx {
			g.join(i, j, nx, ny)
		}
	}
	type region struct {
		ballot.Rect
		area float64
		open bool
	}
	regions := map[int]*region{}
	for j := range ny {
		for i := range nx {
			at := g.root(j*nx + i)
			r := ballot.Rect{X: g.xs[i], Y: g.ys[j], W: g.xs[i+1] - g.xs[i], H: g.ys[j+1] - g.ys[j]}
			if regions[at] == nil {
				regions[at] = &region{Rect: r}
			}
			o := regions[at]
			o.Rect, o.area, o.open = around(o.Rect, r), o.area+r.W*r.H, o.open || g.open[j*nx+i]
		}
	}
	var out []*cell
	for _, r := range regions {
		if !r.open && r.area > 0.99*r.W*r.H && r.W >= leastCell && r.H >= leastCell {
			out = append(out, &cell{Rect: r.Rect, table: g.table})
		}
	}
	return out
}

// join unites a smallest cell with those to its right and below where no wall parts them.
func (g *grid) join(i, j, nx, ny int) {
	at := j*nx + i
	x0, x1, y0, y1 := g.xs[i], g.xs[i+1], g.ys[j], g.ys[j+1]
	switch right := g.wall(false, x1, y0, y1); {
	case right:
	case i+1 < nx:
		g.parent[g.root(at+1)] = g.root(at)
	default:
		g.open[at] = true
	}
	switch below := g.wall(true, y1, x0, x1); {
	case below:
	case j+1 < ny:
		g.parent[g.root(at+nx)] = g.root(at)
	default:
		g.open[at] = true
	}
	g.open[at] = g.open[at] || i == 0 && !g.wall(false, x0, y0, y1) || j == 0 && !g.wall(true, y0, x0, x1)
}

func around(a, b ballot.Rect) ballot.Rect {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return ballot.Rect{X: x, Y: y, W: max(a.Right(), b.Right()) - x, H: max(a.Bottom(), b.Bottom()) - y}
}

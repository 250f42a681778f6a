package learn

import (
	"math"
	"slices"
	"sort"

	"pingyi/ballot"
)

// block is the rows below one head of grades, or the rows of words to be circled.
type block struct {
	run
	rows []bodyRow
}

// bodyRow is a row of target cells with what stands beside it.
type bodyRow struct {
	targets []*cell // in the order of the run's cells
	beside  []*cell // left to right, towards the targets
	words   bool    // the grades' words stand in the cells themselves
}

// findBlocks finds the blocks of a page: grades side by side or, where that finds nothing, below each other.
func findBlocks(cells []*cell, scales [][]string) []block {
	for _, down := range []bool{false, true} {
		if blocks := blocksUnder(findRuns(cells, scales, down), cells); len(blocks) > 0 {
			return blocks
		}
	}
	return nil
}

func blocksUnder(runs []run, cells []*cell) (out []block) {
	used := map[*cell]bool{}
	for i := range runs {
		r := &runs[i]
		if used[r.cells[0]] {
			continue
		}
		b := block{run: *r}
		same := stacked(runs, i)
		words := len(same) > 1 || len(below(r.cells, cells, r.down)) == 0
		from := r.cells
		if words { // they may have been unread in the rows above
			for row := beyond(from, cells, r.down, true); len(row) > 0 && inked(row); row = beyond(row, cells, r.down, true) {
				from = row
			}
			b.rows = append(b.rows, bodyRow{targets: from, words: true})
		}
		for _, s := range same {
			used[s.cells[0]] = true
		}
		for row := below(from, cells, r.down); len(row) > 0 && (!words || inked(row)); row = below(row, cells, r.down) {
			b.rows = append(b.rows, bodyRow{targets: row, words: words})
			used[row[0]] = true
		}
		if len(b.rows) > 0 {
			out = append(out, b)
		}
	}
	for i := range out {
		out[i].findBeside(out, cells)
	}
	return out
}

// stacked lists run i and the runs of the same columns right below it, one after the other.
func stacked(runs []run, i int) []run {
	out := []run{runs[i]}
	for j := i + 1; j < len(runs); j++ {
		last := out[len(out)-1]
		if len(runs[j].cells) == len(last.cells) && runs[j].down == last.down && under(last.cells, runs[j].cells, last.down) {
			out = append(out, runs[j])
		}
	}
	return out
}

func inked(cells []*cell) bool {
	return !slices.ContainsFunc(cells, func(c *cell) bool { return !c.inked })
}

// under tells whether each cell stands right below the one of the same place.
func under(upper, lower []*cell, down bool) bool {
	for i := range upper {
		a, b := flipped(upper[i].Rect, down), flipped(lower[i].Rect, down)
		if math.Abs(a.Bottom()-b.Y) > sameEdge || math.Abs(a.X-b.X) > sameEdge || math.Abs(a.W-b.W) > sameEdge {
			return false
		}
	}
	return true
}

// below finds the row of cells right below a row, all of one height; nil where there is none.
func below(row, cells []*cell, down bool) []*cell { return beyond(row, cells, down, false) }

// beyond finds the row of cells right below a row, or right above it.
func beyond(row, cells []*cell, down, up bool) []*cell {
	out := make([]*cell, len(row))
	for i, o := range row {
		for _, c := range cells {
			upper, lower := o, c
			if up {
				upper, lower = c, o
			}
			if under([]*cell{upper}, []*cell{lower}, down) {
				out[i] = c
			}
		}
		if out[i] == nil || math.Abs(flipped(out[i].Rect, down).H-flipped(out[0].Rect, down).H) > sameEdge {
			return nil
		}
	}
	return out
}

// findBeside finds for each row the cells to its left, up to the next block.
func (b *block) findBeside(all []block, cells []*cell) {
	left, limit := flipped(b.cells[0].Rect, b.down).X, math.Inf(-1)
	for _, c := range b.cells {
		left = min(left, flipped(c.Rect, b.down).X)
	}
	for _, o := range all {
		for _, c := range o.cells {
			if r := flipped(c.Rect, b.down); r.Right() <= left+sameEdge && o.cells[0] != b.cells[0] {
				limit = max(limit, r.Right())
			}
		}
	}
	for i := range b.rows {
		row := flipped(b.rows[i].targets[0].Rect, b.down)
		_, mid := row.Centre()
		for _, c := range cells {
			r := flipped(c.Rect, b.down)
			if c.table == b.cells[0].table && r.Right() <= left+sameEdge && r.X >= limit-sameEdge && r.Y < mid && r.Bottom() > mid {
				b.rows[i].beside = append(b.rows[i].beside, c)
			}
		}
		sort.SliceStable(b.rows[i].beside, func(x, y int) bool {
			return flipped(b.rows[i].beside[x].Rect, b.down).X < flipped(b.rows[i].beside[y].Rect, b.down).X
		})
	}
}

// box is the rectangle around a row's targets and the cells of its own height beside them.
func (r *bodyRow) box(down bool) ballot.Rect {
	out := r.targets[0].Rect
	for _, c := range r.targets {
		out = around(out, c.Rect)
	}
	for i := len(r.beside) - 1; i >= 0; i-- {
		a, b := flipped(r.beside[i].Rect, down), flipped(out, down)
		if math.Abs(a.Y-b.Y) > sameEdge || math.Abs(a.H-b.H) > sameEdge || math.Abs(a.Right()-b.X) > sameEdge {
			break
		}
		out = around(out, r.beside[i].Rect)
	}
	return out
}

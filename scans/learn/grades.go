package learn

import (
	"math"
	"sort"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/edit"
)

// scales are the grades that offices use, best first; a meeting's own scale comes before them.
var scales = [][]string{
	{"好", "较好", "一般", "差"},
	{"优秀", "称职", "基本称职", "不称职"},
	{"优秀", "合格", "基本合格", "不合格"},
	{"满意", "基本满意", "不满意", "不了解"},
	{"好", "较好", "一般", "较差"},
	{"满意", "较满意", "一般", "不满意"},
	{"优秀", "良好", "一般", "较差"},
	{"满意", "基本满意", "不满意"},
	{"同意", "不同意", "弃权"},
}

const (
	wordFits   = 0.66 // similarity from which a word that is not read exactly is a grade's
	wordMargin = 0.25 // by which every other grade must fit worse
)

// run is a row of cells that hold the words of one scale; a column of them where down is set.
type run struct {
	down   bool
	scale  []string
	cells  []*cell
	grades []string // by cell
	unsure []bool   // by cell: the word was not read for certain
	exact  int
	over   int // cells right below that hold other words: what is marked is empty, or holds a box
}

// flipped looks at a page as if x and y were exchanged, so that grades below each other are read as if they
// stood side by side.
func flipped(r ballot.Rect, down bool) ballot.Rect {
	if down {
		return ballot.Rect{X: r.Y, Y: r.X, W: r.H, H: r.W}
	}
	return r
}

// findRuns finds the heads of grades, or the words in the cells of a form for circling words.
func findRuns(cells []*cell, scales [][]string, down bool) (out []run) {
	for _, row := range neighbours(cells, down) {
		var found []run
		for _, s := range scales {
			for i := 0; i+len(s) <= len(row); i++ {
				if r, ok := asScale(row[i:i+len(s)], s); ok {
					r.down = down
					r.over = r.printedBelow(cells)
					found = append(found, r)
				}
			}
		}
		sort.SliceStable(found, func(i, j int) bool {
			if found[i].over != found[j].over {
				return found[i].over < found[j].over
			}
			if a, b := found[i].exact*len(found[j].cells), found[j].exact*len(found[i].cells); a != b {
				return a > b // the greater share of words that were read exactly
			}
			return len(found[i].cells) > len(found[j].cells)
		})
		used := map[*cell]bool{}
		for _, r := range found {
			free := true
			for _, c := range r.cells {
				free = free && !used[c]
			}
			if !free {
				continue
			}
			for _, c := range r.cells {
				used[c] = true
			}
			out = append(out, r)
		}
	}
	return out
}

// printedBelow counts the cells right below that hold words, unless those are the same grades again.
func (r *run) printedBelow(cells []*cell) (n int) {
	for i, c := range r.cells {
		for _, o := range cells {
			if under([]*cell{c}, []*cell{o}, r.down) && len([]rune(plain(o.words))) > 1 && plain(o.words) != r.grades[i] {
				n++
			}
		}
	}
	return n
}

// neighbours groups cells of one height that stand side by side.
func neighbours(cells []*cell, down bool) (out [][]*cell) {
	sorted := append([]*cell(nil), cells...)
	at := func(c *cell) ballot.Rect { return flipped(c.Rect, down) }
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := at(sorted[i]), at(sorted[j])
		if math.Abs(a.Y-b.Y) > sameEdge {
			return a.Y < b.Y
		}
		if math.Abs(a.H-b.H) > sameEdge {
			return a.H < b.H
		}
		return a.X < b.X
	})
	for _, c := range sorted {
		if n := len(out); n > 0 {
			last, r := at(out[n-1][len(out[n-1])-1]), at(c)
			if math.Abs(last.Y-r.Y) <= sameEdge && math.Abs(last.H-r.H) <= sameEdge && math.Abs(last.Right()-r.X) <= sameEdge {
				out[n-1] = append(out[n-1], c)
				continue
			}
		}
		out = append(out, []*cell{c})
	}
	return out
}

// asScale matches cells one to one with the words of a scale. One word may be unread: it is what the others
// leave, and unsure.
func asScale(cells []*cell, scale []string) (run, bool) {
	r := run{scale: scale, cells: cells, grades: make([]string, len(cells)), unsure: make([]bool, len(cells))}
	taken := map[string]bool{}
	for i, c := range cells {
		word := plain(c.words)
		if !c.inked {
			return r, false
		}
		best, second, grade := 0.0, 0.0, ""
		for _, g := range scale {
			switch fit := edit.Similarity(word, g); {
			case fit > best:
				best, second, grade = fit, best, g
			case fit > second:
				second = fit
			}
		}
		if best < 1 && (best < wordFits || best-second < wordMargin) {
			continue
		}
		if taken[grade] {
			return r, false
		}
		taken[grade] = true
		r.grades[i], r.unsure[i] = grade, best < 1
		if best == 1 {
			r.exact++
		}
	}
	if len(taken) < len(scale)-1 || r.exact < len(scale)-2 || r.exact < 2 {
		return r, false
	}
	for i := range cells {
		if r.grades[i] == "" {
			for _, g := range scale {
				if !taken[g] {
					r.grades[i], r.unsure[i] = g, true
				}
			}
		}
	}
	return r, true
}

// plain is a text without spaces, punctuation and what OCR makes of printed boxes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u3000\t\n□☐口(（)）[]【】|｜_—-–.。·,，:：、'‘’\"“”~`!！*", r) {
			return -1
		}
		return r
	}, s)
}

package scans_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/synth"
)

// counts is what became of pages and rows. Plain are unclear rows that a person would have marked
// plainly: not struck out, not rubbed out.
type counts struct {
	Pages     int `json:"pages,omitempty"`
	Rejected  int `json:"rejected,omitempty"`
	Positions int `json:"positions,omitempty"`
	Rows      int `json:"rows,omitempty"`
	Unclear   int `json:"unclear,omitempty"`
	Plain     int `json:"plain,omitempty"`
	Wrong     int `json:"wrong,omitempty"`
}

func (a *counts) add(b counts) {
	a.Pages += b.Pages
	a.Rejected += b.Rejected
	a.Positions += b.Positions
	a.Rows += b.Rows
	a.Unclear += b.Unclear
	a.Plain += b.Plain
	a.Wrong += b.Wrong
}

// countRow is a row that was read.
func countRow(truth synth.Truth, v ballot.Verdict) counts {
	c := counts{Rows: 1}
	if v.Kind == ballot.IsUnclear {
		c.Unclear = 1
		if isPlain(truth) {
			c.Plain = 1
		}
	}
	if truth.Wrong(v) {
		c.Wrong = 1
	}
	return c
}

func isPlain(t synth.Truth) bool {
	return t.Kind == synth.TruthGrade || t.Kind == synth.TruthBlank || t.Kind == synth.TruthOvervote
}

// markKind is what stands in a row: the shape of its one mark, or what else its truth is.
func markKind(t synth.Truth) string {
	if t.Kind == synth.TruthGrade {
		return string(t.Shape)
	}
	return t.Kind
}

// groups are counts by name: by kind of damage, by pen.
type groups map[string]counts

func (g groups) add(name string, c counts) {
	sum := g[name]
	sum.add(c)
	g[name] = sum
}

func (g groups) join(h groups) {
	for name, c := range h {
		g.add(name, c)
	}
}

// total is the sum of groups that do not overlap.
func (g groups) total() counts {
	var sum counts
	for _, c := range g {
		sum.add(c)
	}
	return sum
}

// table is Markdown, with columns of pages where the groups are of pages.
func (g groups) table(name string) string {
	names := make([]string, 0, len(g))
	for k := range g {
		names = append(names, k)
	}
	slices.Sort(names)
	ofPages := g.total().Pages > 0
	var b strings.Builder
	if ofPages {
		fmt.Fprintf(&b, "\n| %s | pages | rejected | rows | unclear | of plain rows | wrong | wrong, 95 %% bound |\n|---|---|---|---|---|---|---|---|\n", name)
	} else {
		fmt.Fprintf(&b, "\n| %s | rows | unclear | of plain rows | wrong | wrong, 95 %% bound |\n|---|---|---|---|---|---|\n", name)
	}
	for _, k := range names {
		c := g[k]
		fmt.Fprintf(&b, "| %s ", k)
		if ofPages {
			fmt.Fprintf(&b, "| %d | %d (%.2f %%) ", c.Pages, c.Rejected, percent(c.Rejected, c.Pages))
		}
		fmt.Fprintf(&b, "| %d | %d (%.2f %%) | %d (%.2f %%) | %d | %s |\n", c.Rows, c.Unclear, percent(c.Unclear, c.Rows),
			c.Plain, percent(c.Plain, c.Rows), c.Wrong, boundOf(c.Wrong, c.Rows))
	}
	return b.String()
}

func percent(part, whole int) float64 { return 100 * float64(part) / max(1, float64(whole)) }

// upperBound is the rate that found cases in n trials leave possible at 95 %, for cases as rare as
// these: the exact bound of a Poisson count, 3/n where none was found.
func upperBound(found, n int) float64 {
	return distuv.ChiSquared{K: 2 * float64(found+1)}.Quantile(0.95) / 2 / max(1, float64(n))
}

// boundOf says that bound as "1 in so many".
func boundOf(found, n int) string {
	if n == 0 || upperBound(found, n) >= 1 {
		return "–" // too few to say anything
	}
	return fmt.Sprintf("1 in %.0f", math.Floor(1/upperBound(found, n)))
}

// onAllCores calls work for the numbers first … first+n-1, each goroutine with a reader of its own.
func onAllCores(t *testing.T, sheets []sheet, first uint64, n int, work func(r *scans.Reader, seed uint64)) {
	t.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		r := readerOf(t, sheets)
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				work(r, first+uint64(i))
			}
		})
	}
	wg.Wait()
}

// The bound is the textbook's for none and for one found.
func TestUpperBound(t *testing.T) {
	for _, c := range []struct {
		found int
		want  float64
	}{{0, 2.996}, {1, 4.744}, {10, 16.962}} {
		if got := 1000 * upperBound(c.found, 1000); got < c.want-0.001 || got > c.want+0.001 {
			t.Errorf("%d found: at most %.3f, want %.3f", c.found, got, c.want)
		}
	}
}

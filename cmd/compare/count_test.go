package main

import (
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/synth"
)

var grades = []string{"好", "较好", "一般", "差"}

func TestAMCVerdict(t *testing.T) {
	page := amcPage{dark: map[int][]float64{1: {0.02, 0.30, 0, 0}, 2: {0.2, 0.15, 0, 0}, 3: {0.1, 0, 0, 0}}}
	for subject, want := range map[int]ballot.Verdict{
		1: {Kind: ballot.IsGrade, Grade: "较好"},
		2: {Kind: ballot.IsOvervote}, // a box as dark as the threshold is ticked
		3: {Kind: ballot.IsBlank},
	} {
		if got := page.verdict(grades, subject, amcDefault); got != want {
			t.Errorf("row %d: %+v, want %+v", subject, got, want)
		}
	}
}

// AMC's list shows 10·(threshold − nearest)/threshold above 8 in red: boxes within a fifth of the threshold.
func TestAMCRed(t *testing.T) {
	for _, c := range []struct {
		dark, meanError float64
		want            bool
	}{{0.15, 0, true}, {0.125, 0, true}, {0.11, 0, false}, {0.19, 0, false}, {0.9, 2.9, false}, {0.9, 3.1, true}} {
		page := amcPage{map[int][]float64{1: {0, c.dark, 0, 0}}, c.meanError}
		if got := page.red(amcDefault); got != c.want {
			t.Errorf("box %g dark, marks %g px off: red %v, want %v", c.dark, c.meanError, got, c.want)
		}
	}
}

// twoPages is a stack of which AMC found one page.
func twoPages() *result {
	rows := []synth.Truth{
		{Subject: 1, Kind: synth.TruthGrade, Grade: "好", Shape: synth.Tick, Pen: "gel"},
		{Subject: 2, Kind: synth.TruthGrade, Grade: "差", Shape: synth.Ring, Pen: faint},
		{Subject: 3, Kind: synth.TruthBlank},
	}
	return &result{
		stack: &stack{class: "ordinary", grades: grades, scans: []scan{{file: "a.jpg", rows: rows}, {file: "b.jpg", rows: rows, damage: synth.Damage{Turns: 2}}}},
		amc:   map[string]amcPage{"a.jpg": {dark: map[int][]float64{1: {0.1, 0, 0, 0}, 2: {0, 0, 0, 0.4}, 3: {0.05, 0, 0, 0}}}},
		pingyi: map[string]pingyiPage{
			"a.jpg": {Status: "read", Rows: []pingyiRow{{1, "grade", "好", ""}, {2, "unclear", "", "faint_mark"}, {3, "grade", "好", ""}}},
			"b.jpg": {Status: "rejected", Reason: "no_page"},
		},
	}
}

func TestCountByKind(t *testing.T) {
	r := twoPages()
	for name, c := range map[string]struct {
		verdict judge
		want    map[string]outcome
	}{
		"pingyi":      {r.byPingyi, map[string]outcome{"tick": {1, 0, 1}, faint: {0, 0, 2}, "blank": {0, 1, 1}}},
		"AMC at 0.15": {r.byAMC(0.15), map[string]outcome{"tick": {0, 1, 1}, faint: {1, 0, 1}, "blank": {1, 0, 1}}},
		"AMC at 0.01": {r.byAMC(0.01), map[string]outcome{"tick": {1, 0, 1}, faint: {1, 0, 1}, "blank": {0, 1, 1}}},
	} {
		got := r.byKind(c.verdict)
		for kind, want := range c.want {
			if got[kind] != want {
				t.Errorf("%s, %s: %+v, want %+v", name, kind, got[kind], want)
			}
		}
		if sum := total(got); sum.rows() != 6 {
			t.Errorf("%s: %d rows counted of 6", name, sum.rows())
		}
	}
}

// The best threshold lies between the blank box's 0.05 and the tick's 0.1, where AMC reads all rows right.
func TestBestThreshold(t *testing.T) {
	r := twoPages()
	if best := bestThreshold([]*result{r}); best <= 0.05 || best > 0.1 || total(r.byKind(r.byAMC(best))).wrong != 0 {
		t.Errorf("best threshold %g", best)
	}
}

// A silent error of Pingyi is named in the report, and every kind that was drawn has its line.
func TestReportNamesSilentErrors(t *testing.T) {
	r := twoPages()
	r.pingyiSpent, r.amcSpent = []spent{{1e9, 1e9}}, []spent{{10e9, 20e9}}
	var b strings.Builder
	report(&b, options{pages: 2, rounds: 1, seed: 1}, []*result{r}, nil)
	for _, want := range []string{
		"| ordinary | 2 | 2.0 | 0.20 | 10.0 | 500 | 10000 | 20.0 |",
		"| tick | 2 | 1 / **0** / 1 | 0 / **1** / 1 |",
		"| all | 6 | 1 / **1** / 4 |",
		"Pingyi is wrong on a.jpg row 3:",
		"Of 2 ordinary pages Pingyi rejects 1, AMC does not find 1.",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

// Every shape that is drawn has a line of its own in the tables.
func TestEveryRowHasAKind(t *testing.T) {
	known := map[string]bool{}
	for _, k := range kinds {
		known[k] = true
	}
	for _, kind := range []string{synth.TruthGrade, synth.TruthBlank, synth.TruthOvervote, synth.TruthAltered, synth.TruthRubbed, synth.TruthCorrected} {
		for _, shape := range append(shapes, synth.Beside) {
			if k := kindOf(synth.Truth{Kind: kind, Shape: shape, Pen: "gel"}); !known[k] {
				t.Errorf("a row of kind %s and shape %s is counted as %q, which no table shows", kind, shape, k)
			}
		}
	}
}

func TestUpright(t *testing.T) {
	u := twoPages().stack.upright()
	if len(u.scans) != 1 || u.scans[0].file != "a.jpg" || u.class != "ordinary-upright" {
		t.Errorf("upright pages: %+v", u)
	}
}

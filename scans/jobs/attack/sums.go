package attack

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Sum adds up a measure over trials.
type Sum struct {
	N       int     `json:"n"`
	Total   float64 `json:"t"`
	Squares float64 `json:"q"`
}

func (s *Sum) add(v float64) {
	s.N++
	s.Total += v
	s.Squares += v * v
}

func (s *Sum) join(o Sum) {
	s.N += o.N
	s.Total += o.Total
	s.Squares += o.Squares
}

// Mean is the mean of the trials.
func (s Sum) Mean() float64 { return s.Total / float64(max(1, s.N)) }

// Error is the standard error of the mean, from how the trials differ.
func (s Sum) Error() float64 {
	n := float64(s.N)
	if n < 2 {
		return math.Inf(1)
	}
	e := math.Sqrt(max(0, s.Squares/n-s.Mean()*s.Mean()) / (n - 1))
	if s.N < 100 { // few trials may come to the same thing by chance
		e = max(e, 0.05/math.Sqrt(n))
	}
	return e
}

// Z is how many standard errors the mean lies from what chance gives. Trials that all come to the same thing that is not
// 0 are as far as can be.
func (s Sum) Z() float64 {
	mean, e := s.Mean(), s.Error()
	switch {
	case s.N < 2 || math.Abs(mean) < 1e-9:
		return 0
	case e < 1e-9:
		return math.Copysign(1e3, mean)
	}
	return mean / e
}

// Sums are the measures of all clues over trials: those of even trials, on which an attacker may train, and of odd
// ones. Keys are state, clue and measure.
type Sums map[string]*[2]Sum

const between3 = " | "

// Add takes in the clues of a trial's state.
func (s Sums) Add(trial int, state string, clues Clues, truth map[string]Truth) {
	for clue, values := range clues.withAbsence(truth) {
		for measure, v := range Against(values, truth) {
			key := strings.Join([]string{state, clue, measure}, between3)
			if s[key] == nil {
				s[key] = &[2]Sum{}
			}
			s[key][trial%2].add(v)
		}
	}
}

// withAbsence adds, for clues that do not speak of all pages, that they do or not.
func (c Clues) withAbsence(truth map[string]Truth) Clues {
	out := maps.Clone(c)
	for clue, values := range c {
		if len(values) < len(truth) {
			there := map[string]float64{}
			for page := range truth {
				_, is := values[page]
				there[page] = asNumber(is)
			}
			out[clue+", speaks of it"] = there
		}
	}
	return out
}

// Join takes in other trials' sums.
func (s Sums) Join(o Sums) {
	for key, halves := range o {
		if s[key] == nil {
			s[key] = &[2]Sum{}
		}
		for i := range halves {
			s[key][i].join(halves[i])
		}
	}
}

// Finding is a clue with what it came to by one measure, over all trials.
type Finding struct {
	State, Clue, Measure string
	All                  Sum
}

// String says it in a line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s %+.4f ± %.4f (%+.1f standard errors, %d trials)", f.State, f.Clue, f.Measure, f.All.Mean(), f.All.Error(), f.All.Z(), f.All.N)
}

// Verdict is what all clues came to by one measure.
type Verdict struct {
	Measure  string
	Clues    int     // that were tested: state × clue
	Beyond3  int     // that lie beyond three standard errors
	Expected float64 // how many of them would, of clues that say nothing
	Worst    Finding
	Bound    float64 // standard errors within which all clues lie with 99 %, by Bonferroni's correction
	// Chosen is the clue that said most in the even trials, by what it said in the odd ones: tested once, so that three
	// standard errors are what they seem.
	Chosen  Finding
	Trained float64 // what it said in the even ones
}

// Holds tells whether nothing was found.
func (v Verdict) Holds() bool {
	return math.Abs(v.Worst.All.Z()) <= v.Bound && math.Abs(v.Chosen.All.Z()) <= 3
}

// few is the number of trials under which a clue is not tested: means of fewer are no normal variables.
const few = 8

// Verdicts judges the sums, one verdict a measure. Clues that few trials had are left out.
func (s Sums) Verdicts() (out []Verdict) {
	for _, measure := range Measures() {
		v := Verdict{Measure: measure}
		best := -1.0
		for _, key := range slices.Sorted(maps.Keys(s)) {
			parts := strings.Split(key, between3)
			halves := s[key]
			if parts[2] != measure || min(halves[0].N, halves[1].N) < few/2 {
				continue
			}
			all := halves[0]
			all.join(halves[1])
			f := Finding{parts[0], parts[1], measure, all}
			v.Clues++
			if math.Abs(all.Z()) > 3 {
				v.Beyond3++
			}
			if v.Clues == 1 || math.Abs(all.Z()) > math.Abs(v.Worst.All.Z()) {
				v.Worst = f
			}
			if said := math.Abs(halves[0].Z()); said > best {
				best, v.Trained = said, halves[0].Mean()
				v.Chosen = f
				v.Chosen.All = halves[1]
			}
		}
		v.Expected = 0.0027 * float64(v.Clues)
		v.Bound = bonferroni(v.Clues)
		out = append(out, v)
	}
	return out
}

// Findings lists the clues beyond a number of standard errors, the furthest first.
func (s Sums) Findings(beyond float64) (out []Finding) {
	for key, halves := range s {
		parts := strings.Split(key, between3)
		all := halves[0]
		all.join(halves[1])
		if all.N >= few && math.Abs(all.Z()) > beyond {
			out = append(out, Finding{parts[0], parts[1], parts[2], all})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(math.Abs(b.All.Z()), math.Abs(a.All.Z())), cmp.Compare(a.String(), b.String()))
	})
	return out
}

// bonferroni is the bound in standard errors that so many normal variables together exceed with 1 %.
func bonferroni(tests int) float64 {
	p := 0.01 / float64(max(1, tests))
	return math.Sqrt2 * math.Erfinv(1-p)
}

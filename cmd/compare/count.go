package main

import (
	"pingyi/ballot"
	"pingyi/scans/synth"
)

// outcome is what became of rows: read right, read wrong without a word, or left to a person (unclear, or
// on a page that was refused).
type outcome struct{ right, wrong, person int }

func (o outcome) rows() int { return o.right + o.wrong + o.person }

func (o *outcome) add(t synth.Truth, v ballot.Verdict) {
	switch {
	case v.Kind == ballot.IsUnclear:
		o.person++
	case t.Wrong(v):
		o.wrong++
	default:
		o.right++
	}
}

// faint is the name of synth's palest pen.
const faint = "faint pencil"

// kinds of rows, in the order of the tables: single marks by their shape, then what else a row may be.
var kinds = append(asStrings(shapes), string(synth.Beside), faint,
	synth.TruthOvervote, synth.TruthBlank, synth.TruthAltered, synth.TruthRubbed, synth.TruthCorrected)

func asStrings(shapes []synth.Shape) []string {
	out := make([]string, len(shapes))
	for i, s := range shapes {
		out[i] = string(s)
	}
	return out
}

// kindOf is the kind under which a row is counted.
func kindOf(t synth.Truth) string {
	switch {
	case t.Kind != synth.TruthGrade:
		return t.Kind
	case t.Pen == faint:
		return faint
	}
	return string(t.Shape)
}

// judge says what a reader makes of a row of a file.
type judge func(file string, subject int) ballot.Verdict

// byKind counts what a reader made of every row of a stack.
func (s *stack) byKind(verdict judge) map[string]outcome {
	out := map[string]outcome{}
	for _, scan := range s.scans {
		for _, t := range scan.rows {
			o := out[kindOf(t)]
			o.add(t, verdict(scan.file, t.Subject))
			out[kindOf(t)] = o
		}
	}
	return out
}

func total(byKind map[string]outcome) outcome {
	var sum outcome
	for _, o := range byKind {
		sum.right += o.right
		sum.wrong += o.wrong
		sum.person += o.person
	}
	return sum
}

func (r *result) byPingyi(file string, subject int) ballot.Verdict {
	return r.pingyi[file].verdict(subject)
}

// byAMC judges by a threshold. Pages that AMC did not find are left to a person.
func (r *result) byAMC(threshold float64) judge {
	return func(file string, subject int) ballot.Verdict {
		page, found := r.amc[file]
		if !found {
			return ballot.Verdict{Kind: ballot.IsUnclear}
		}
		return page.verdict(r.grades, subject, threshold)
	}
}

// bestThreshold is the one at which AMC reads the fewest rows wrong over all stacks, found with the truth
// in hand; of several the lowest.
func bestThreshold(results []*result) float64 {
	best, fewest := 0.0, -1
	for mille := 1; mille < 1000; mille++ {
		threshold, wrong := float64(mille)/1000, 0
		for _, r := range results {
			wrong += total(r.byKind(r.byAMC(threshold))).wrong
		}
		if fewest < 0 || wrong < fewest {
			best, fewest = threshold, wrong
		}
	}
	return best
}

// silent lists the rows of a stack that a reader read wrong without a word.
func (s *stack) silent(verdict judge) (out []silentError) {
	for _, scan := range s.scans {
		for _, t := range scan.rows {
			if v := verdict(scan.file, t.Subject); t.Wrong(v) {
				out = append(out, silentError{scan.file, t, v})
			}
		}
	}
	return out
}

// silentError is one row read wrong.
type silentError struct {
	file  string
	truth synth.Truth
	read  ballot.Verdict
}

package tally

import (
	"math"
	"slices"

	"pingyi/ballot"
)

// rank gives every subject its place by the exact figure; equal figures share a place.
func (r *Result) rank() {
	order := make([]int, len(r.Subjects))
	for i := range order {
		order[i] = i
	}
	value := func(i int) *Weighted { return r.Subjects[i].ranking(r.RankedBy) }
	slices.SortStableFunc(order, func(a, b int) int { return value(b).value().Cmp(value(a).value()) })
	for place, i := range order {
		switch {
		case value(i) == nil:
			r.Subjects[i].Rank = 0
		case place > 0 && value(order[place-1]).value().Cmp(value(i).value()) == 0:
			r.Subjects[i].Rank = r.Subjects[order[place-1]].Rank
		default:
			r.Subjects[i].Rank = place + 1
		}
	}
}

// place is a rank for sorting: subjects without one come last.
func place(rank int) int {
	if rank == 0 {
		return math.MaxInt32
	}
	return rank
}

// order sorts the subjects, which stand in roster order, as the rules ask for. Sorting is stable, so
// ties keep the roster's order.
func (r *Result) order(by ballot.Order) {
	switch by {
	case ballot.ByResult:
		slices.SortStableFunc(r.Subjects, func(a, b Subject) int { return place(a.Rank) - place(b.Rank) })
	case ballot.ByStrokes:
		slices.SortStableFunc(r.Subjects, func(a, b Subject) int { return CompareNames(a.Name, b.Name) })
	}
}

// summaries sums the subjects' overall tables by report mode and in all; modes that nobody has are left out.
func (r *Result) summaries() []Summary {
	out := []Summary{}
	for _, mode := range []ballot.ReportMode{ballot.Oral, ballot.Written, ""} {
		sum := Summary{Mode: mode, Table: newTable("", r.Rules)}
		for _, g := range r.Groups {
			sum.Groups = append(sum.Groups, newTable(g.Code, r.Rules))
		}
		for _, s := range r.Subjects {
			if mode == "" || s.Mode == mode {
				sum.Subjects++
				sum.Table.add(s.Overall)
				for i := range sum.Groups {
					sum.Groups[i].add(s.Groups[i])
				}
			}
		}
		if sum.Subjects == 0 {
			continue
		}
		sum.Table.fill(r.Rules)
		for i := range sum.Groups {
			sum.Groups[i].fill(r.Rules)
		}
		out = append(out, sum)
	}
	return out
}

// distribution counts subjects by overall good rate, and by each group's, in ten bands; those without a rate are
// in none.
func (r *Result) distribution() []Band {
	out := make([]Band, 10)
	for i := range out {
		out[i] = Band{From: i * 10, To: (i + 1) * 10, Groups: make([]int, len(r.Groups))}
	}
	for _, s := range r.Subjects {
		if g := s.Overall.Good; g.Den > 0 {
			out[min(9, g.Num*10/g.Den)].Subjects++
		}
		for i, t := range s.Groups {
			if t.Good.Den > 0 {
				out[min(9, t.Good.Num*10/t.Good.Den)].Groups[i]++
			}
		}
	}
	return out
}

package tally

import (
	"fmt"
	"math/big"
	"strings"

	"pingyi/ballot"
)

// round writes a value with the rules' decimals. FloatString rounds halves away from zero, which is half
// up for values that are not negative, as all figures are.
func round(v *big.Rat, decimals int) string { return v.FloatString(decimals) }

// percent is num/den as a rate.
func percent(num, den, decimals int) Fraction {
	f := Fraction{Num: num, Den: den}
	if den > 0 {
		f.Text = round(big.NewRat(int64(num)*100, int64(den)), decimals)
	}
	return f
}

// fill computes a table's figures from its counts and denominator.
func (t *Table) fill(rules ballot.Rules) {
	t.Rates = make([]Fraction, len(t.Counts))
	points, graded := 0, 0
	for i, n := range t.Counts {
		t.Rates[i] = percent(n, t.Denominator, rules.Decimals)
		graded += n
		if len(rules.Scores) > 0 {
			points += n * rules.Scores[i]
		}
	}
	t.Good = t.Rates[0]
	t.BlankRate = percent(t.Blank, t.Denominator, rules.Decimals)
	t.InvalidRate = percent(t.Invalid, t.Denominator, rules.Decimals)
	if len(rules.Scores) > 0 && graded > 0 {
		t.Score = &Fraction{points, graded, round(big.NewRat(int64(points), int64(graded)), rules.Decimals)}
	}
}

// add sums another table's counts into t; the denominator is summed too, so it stays that of the sum.
func (t *Table) add(o Table) {
	t.Returned += o.Returned
	t.Valid += o.Valid
	t.Blank += o.Blank
	t.Invalid += o.Invalid
	t.Denominator += o.Denominator
	for i, n := range o.Counts {
		t.Counts[i] += n
	}
}

// weigh is the weighted mean of the tables' figures, in the order of the groups; scale turns a fraction
// into what is printed (100 for per cent). Groups without the figure, and their weights, are left out.
func weigh(groups []Group, tables []Table, scale int64, decimals int, figure func(Table) *Fraction) *Weighted {
	sum, weights := new(big.Rat), 0
	for i, t := range tables {
		f := figure(t)
		if f == nil || f.Den == 0 || groups[i].Weight == 0 {
			continue
		}
		weights += groups[i].Weight
		sum.Add(sum, big.NewRat(int64(groups[i].Weight)*int64(f.Num)*scale, int64(f.Den)))
	}
	if weights == 0 {
		return nil
	}
	sum.Quo(sum, big.NewRat(int64(weights), 1))
	return &Weighted{Exact: sum.String(), Text: round(sum, decimals), Weight: weights}
}

// value is the exact figure; nil sorts below every figure.
func (w *Weighted) value() *big.Rat {
	if w == nil {
		return big.NewRat(-1, 1)
	}
	v, ok := new(big.Rat).SetString(w.Exact)
	if !ok {
		return big.NewRat(-1, 1)
	}
	return v
}

// value is the exact fraction; one without a denominator sorts below every figure.
func (f Fraction) value() *big.Rat {
	if f.Den == 0 {
		return big.NewRat(-1, 1)
	}
	return big.NewRat(int64(f.Num), int64(f.Den))
}

// ranking is the figure that a subject is ranked by.
func (s Subject) ranking(by RankedBy) *Weighted {
	if by == RankedByScore {
		return s.Score
	}
	return s.Good
}

// alerts lists the notices of the rules that apply to an overall table.
func alerts(rules ballot.Rules, t Table) []Alert {
	out := []Alert{}
	for _, a := range rules.Alerts {
		sum := 0
		for i, g := range rules.Grades {
			for _, of := range a.Grades {
				if g == of {
					sum += t.Counts[i]
				}
			}
		}
		num, den, bound := a.BelowPercent, 100, fmt.Sprintf("%d%%", a.BelowPercent)
		if a.BelowThirds > 0 {
			num, den, bound = a.BelowThirds, 3, fmt.Sprintf("%d/3", a.BelowThirds)
		}
		if t.Denominator == 0 || sum*den >= num*t.Denominator {
			continue
		}
		rate := percent(sum, t.Denominator, rules.Decimals)
		text := fmt.Sprintf("%s得票率 %s%%，低于 %s，供研究时参考", strings.Join(a.Grades, "、"), rate.Text, bound)
		if a.Text != "" {
			text += "：" + a.Text
		}
		out = append(out, Alert{text, rate})
	}
	return out
}

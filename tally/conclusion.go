package tally

import (
	"fmt"

	"pingyi/ballot"
)

// Conclusions are what the committee entered beside the count after release, and how its overall grades are
// spread. None of it is computed from the count, and no figure of the count from it.
type Conclusions struct {
	Cap     int                 `json:"cap"`     // per cent of the subjects that may get the first grade; 0 is no cap
	Grades  []Fraction          `json:"grades"`  // per grade, in the order of rules.grades: subjects who have it, of all
	Missing int                 `json:"missing"` // subjects without an overall grade
	Warning string              `json:"warning"` // where more than the cap have the first grade; in Chinese, as printed
	Entered []ballot.Conclusion `json:"entered"` // by subject; those that nothing was entered about are left out
}

// Conclude puts what the committee entered into the result.
func (r *Result) Conclude(entered []ballot.Conclusion, percentCap int) {
	c := &Conclusions{Cap: percentCap, Grades: []Fraction{}, Entered: entered}
	r.Conclusions = c
	if r.LedgerOnly {
		return // it names no subjects
	}
	counts, of := map[string]int{}, len(r.Subjects)
	for _, e := range entered {
		counts[e.OverallGrade]++
	}
	c.Missing = of
	for _, g := range r.Rules.Grades {
		c.Grades = append(c.Grades, percent(counts[g], of, r.Rules.Decimals))
		c.Missing -= counts[g]
	}
	if best := c.Grades[0]; percentCap > 0 && best.Num*100 > percentCap*of {
		c.Warning = fmt.Sprintf("综合评价为“%s”的有 %d 人，占 %d 人的 %s%%，超过设定的上限 %d%%", r.Rules.Grades[0], best.Num, of, best.Text, percentCap)
	}
}

// Concluded is what the committee entered about a subject; nothing where nothing was, or may be yet.
func (r *Result) Concluded(subject int) ballot.Conclusion {
	if r.Conclusions != nil {
		for _, c := range r.Conclusions.Entered {
			if c.Subject == subject {
				return c
			}
		}
	}
	return ballot.Conclusion{Subject: subject}
}

package ballot

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Sums are how often each outcome stands in the rows of some paper, by subject: the grades in their order, then blank,
// then invalid, then rows that the machine left to people.
type Sums map[int][]int

// outcomes is the length of a subject's sums.
func outcomes(grades []string) int { return len(grades) + 3 }

// SumsOf are those of a batch at its closing, before leaves lose their batch. Rows are counted as they are marked:
// rules about whole ballots and what people set aside later play no part, since a hand count of paper knows neither.
func SumsOf(rules Rules, leaves []ClosedLeaf) Sums {
	s := Sums{}
	for _, l := range leaves {
		for _, p := range l.Pages {
			for i, v := range p.Verdicts {
				s.Row(rules, p.Reading.Rows[i].Subject, v)
			}
		}
	}
	return s
}

// Row adds a row as the machine judged it.
func (s Sums) Row(rules Rules, subject int, v Verdict) {
	if s[subject] == nil {
		s[subject] = make([]int, outcomes(rules.Grades))
	}
	n := len(rules.Grades)
	at := n + 2
	switch v, ok := Resolve(rules, v, nil); {
	case ok && v.Kind == IsGrade:
		at = slices.Index(rules.Grades, v.Grade)
	case ok && v.Kind == IsBlank:
		at = n
	case ok:
		at = n + 1
	}
	s[subject][at]++
}

// Add adds the sums of other paper.
func (s Sums) Add(other Sums) {
	for subject, counts := range other {
		if s[subject] == nil {
			s[subject] = make([]int, len(counts))
		}
		for i, n := range counts {
			s[subject][i] += n
		}
	}
}

// Bytes are the sums of a meeting's subjects in the order of its roster. Their length says nothing of what they are.
func (s Sums) Bytes(m Meeting) (out []byte) {
	for _, subject := range m.Subjects {
		counts := s[subject.No]
		for i := range outcomes(m.Rules.Grades) {
			n := 0
			if i < len(counts) {
				n = counts[i]
			}
			out = binary.BigEndian.AppendUint32(out, uint32(n)) //nolint:gosec // counts of leaves
		}
	}
	return out
}

// SumsFrom reads what Bytes wrote.
func SumsFrom(m Meeting, raw []byte) (Sums, error) {
	each := 4 * outcomes(m.Rules.Grades)
	if len(raw) != each*len(m.Subjects) {
		return nil, fmt.Errorf("sums of %d subjects have %d bytes", len(m.Subjects), len(raw))
	}
	s := Sums{}
	for i, subject := range m.Subjects {
		counts := make([]int, outcomes(m.Rules.Grades))
		for j := range counts {
			counts[j] = int(binary.BigEndian.Uint32(raw[i*each+4*j:]))
		}
		s[subject.No] = counts
	}
	return s, nil
}

// CheckHandCount refuses a hand count that lacks a subject or has one that the roster has not, or numbers that no
// bundle can have. A row whose sum is not the number of leaves is a difference, not an error.
func CheckHandCount(m Meeting, b Bundle, count Sums) error {
	for _, subject := range m.Subjects {
		counts := count[subject.No]
		if len(counts) != outcomes(m.Rules.Grades)-1 {
			return Errorf(CodeInvalid, "%[1]d 号须录入 %[2]d 个数：各等次、弃权、无效", "subject %[1]d needs %[2]d numbers: each grade, blank, invalid", subject.No, outcomes(m.Rules.Grades)-1)
		}
		for _, n := range counts {
			if n < 0 || n > 10*b.Leaves {
				return Errorf(CodeInvalid, "%[1]d 号的票数 %[2]d 不可能", "subject %[1]d cannot have %[2]d", subject.No, n)
			}
		}
	}
	if len(count) != len(m.Subjects) {
		return Errorf(CodeInvalid, "录入了名册上没有的述职人", "a subject that is not on the roster was counted")
	}
	return nil
}

// HandCount is what one person counted of a bundle.
type HandCount struct {
	Bundle int
	By     string
	Rows   Sums // without rows left to people: of those the paper says what they are
}

// BundleOutcome is what comparing a bundle gave, as numbers of subjects' rows. It is kept, so it does not say in how many
// rows people had to decide: a bundle without any would tell that no page with such a row is of its batches.
type BundleOutcome struct {
	Number    int      `json:"number"`
	By        []string `json:"by" nullable:"false"` // who counted by hand
	Agree     int      `json:"agree"`               // rows that are the same, but for what people decided
	Differ    int      `json:"differ"`              // rows in which paper and machine differ by more
	Unsettled int      `json:"unsettled"`           // rows of which too few agree who counted by hand
}

// RowDifference is a subject's row in which a bundle's paper and machine counts differ by more than people decided. It is shown to those who
// compare, and kept nowhere.
type RowDifference struct {
	Bundle  int   `json:"bundle"`
	Subject int   `json:"subject"`
	Machine []int `json:"machine" nullable:"false"` // each grade, blank, invalid; none where those who counted differ
	Hand    []int `json:"hand" nullable:"false"`    // likewise
	Decided int   `json:"decided"`                  // rows that the machine left to people, which do not explain all that differs
}

// CompareBundle holds the hand counts of a bundle against the machine's. What counts of a row by hand is what more than
// half of those who counted say, two at least (see Settled): so a third person settles what two differ about.
func CompareBundle(m Meeting, number int, machine Sums, hands []HandCount) (out BundleOutcome, rows []RowDifference) {
	out = BundleOutcome{Number: number, By: []string{}}
	for _, h := range hands {
		out.By = append(out.By, h.By)
	}
	slices.Sort(out.By)
	n := outcomes(m.Rules.Grades) - 1
	for _, subject := range m.Subjects {
		counts := make([]int, n+1)
		copy(counts, machine[subject.No])
		row := RowDifference{Bundle: number, Subject: subject.No, Machine: []int{}, Hand: []int{}}
		said := map[string]string{}
		for _, h := range hands {
			said[h.By] = fmt.Sprint(h.Rows[subject.No])
		}
		view, settled := Settled(said, 2)
		if !settled { // who counts again must not know what would agree
			out.Unsettled++
			rows = append(rows, row)
			continue
		}
		row.Machine, row.Decided = counts[:n], counts[n]
		at := slices.IndexFunc(hands, func(h HandCount) bool { return said[h.By] == view })
		row.Hand = hands[at].Rows[subject.No]
		if row.explained() { // not shown: who decided a rare row would learn its bundle
			out.Agree++
			continue
		}
		out.Differ++
		rows = append(rows, row)
	}
	return out, rows
}

// explained tells whether rows left to people explain all that differs: they are on paper what they are, so each adds
// to one count by hand. An error of the machine that goes the other way may hide behind them.
func (r RowDifference) explained() bool {
	more := 0
	for i, n := range r.Hand {
		if n < r.Machine[i] {
			return false
		}
		more += n - r.Machine[i]
	}
	return more == r.Decided
}

package learn

import (
	"strconv"

	"pingyi/ballot"
	"pingyi/scans/edit"
)

const (
	nameWeight  = 0.65 // of the name beside the unit, where a form prints both
	personFits  = 0.6  // fit from which a row is a subject's
	personRival = 0.2  // by which every other subject must fit worse
)

// leastNumbered is how many names must agree with a column of numbers before it is taken for the roster's; one in
// tenAgree may be misread.
const (
	leastNumbered = 3
	tenAgree      = 10
)

// person is what the roster says of a row.
type person struct {
	subject   ballot.Subject
	fit       float64
	sure      bool
	name, org *cell
}

// people matches the rows of a block with the roster: the columns whose words fit names and units best are
// those of names and units.
func (b *block) people(subjects []ballot.Subject) []person {
	name := b.column(func(s ballot.Subject) string { return s.Name }, subjects, -1)
	org := b.column(func(s ballot.Subject) string { return s.Org }, subjects, name)
	out := make([]person, len(b.rows))
	for i := range b.rows {
		var n, o *cell
		if name >= 0 {
			n = b.at(i, name)
		}
		if org >= 0 {
			o = b.at(i, org)
		}
		out[i] = match(n, o, subjects)
	}
	return out
}

// column finds which column of cells beside the rows, counted towards the targets, fits a field of the roster
// best in sum; -1 where none does.
func (b *block) column(field func(ballot.Subject) string, subjects []ballot.Subject, not int) int {
	best, at := 0.35*float64(len(b.rows)), -1
	most := 0
	for i := range b.rows {
		most = max(most, len(b.rows[i].beside))
	}
	for k := range most {
		sum := 0.0
		for i := range b.rows {
			if c := b.at(i, k); c != nil {
				sum += bestOf(plain(c.words), field, subjects)
			}
		}
		if k != not && sum > best {
			best, at = sum, k
		}
	}
	return at
}

// at is the cell k places before the targets of a row: merged cells stand first, so that rows are counted from
// their ends.
func (b *block) at(row, k int) *cell {
	beside := b.rows[row].beside
	if k >= len(beside) {
		return nil
	}
	return beside[len(beside)-1-k]
}

func bestOf(text string, field func(ballot.Subject) string, subjects []ballot.Subject) float64 {
	best := 0.0
	for _, s := range subjects {
		best = max(best, edit.Similarity(text, plain(field(s))))
	}
	return best
}

// match finds the subject that the words of a row fit, and whether no other fits nearly as well.
func match(name, org *cell, subjects []ballot.Subject) person {
	p := person{name: name, org: org}
	second := 0.0
	for _, s := range subjects {
		fit := fitOf(name, org, s)
		if fit > p.fit {
			p.subject, p.fit, second = s, fit, p.fit
		} else {
			second = max(second, fit)
		}
	}
	p.sure = name != nil && p.fit >= personFits && p.fit-second >= personRival && edit.Similarity(plain(name.words), plain(p.subject.Name)) >= 0.5
	return p
}

func fitOf(name, org *cell, s ballot.Subject) float64 {
	n, o := 0.0, 0.0
	if name != nil {
		n = edit.Similarity(plain(name.words), plain(s.Name))
	}
	if org == nil || org.words == "" {
		return n
	}
	o = edit.Similarity(plain(org.words), plain(s.Org))
	return nameWeight*n + (1-nameWeight)*o
}

// numbers are the roster numbers that a column beside the rows prints, 0 where none is read; nil where no column
// agrees with the names, since an office may number its rows in a way of its own.
func (b *block) numbers(people []person) []int {
	most := 0
	for i := range b.rows {
		most = max(most, len(b.rows[i].beside))
	}
	for k := range most {
		out := make([]int, len(b.rows))
		agree, differ := 0, 0
		for i, who := range people {
			c := b.at(i, k)
			if c == nil {
				continue
			}
			n, err := strconv.Atoi(plain(c.words))
			if err != nil || n <= 0 {
				continue
			}
			out[i] = n
			switch {
			case who.sure && who.subject.No == n:
				agree++
			case who.sure:
				differ++
			}
		}
		if agree >= leastNumbered && differ*tenAgree <= agree {
			return consecutive(out)
		}
	}
	return nil
}

// consecutive leaves the numbers that are one more or less than one next to them: OCR takes a 26 for a 20.
func consecutive(numbers []int) []int {
	out := make([]int, len(numbers))
	for i, n := range numbers {
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(numbers) && numbers[j] > 0 && (numbers[j] == n-1 || numbers[j] == n+1) {
				out[i] = n
			}
		}
	}
	return out
}

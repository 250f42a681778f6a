package store

import (
	"errors"
	"fmt"
	"slices"

	"pingyi/ballot"
)

// checkClosing compares a closing with its batch and the forms in force before anything is written: each
// page has the rows that are printed on it, no side of a leaf is missing or stands twice, and leaves and
// void leaves are those that were counted as scanned. It returns the number of leaves. Its errors are
// faults of the program that planned the closing.
func checkClosing(b batchRow, forms []ballot.Form, c ballot.Closing) (total int, err error) {
	found := map[int]int{} // leaves by subject, 0 on roster forms
	pages := map[int]int{}
	for _, l := range c.Leaves {
		subject, err := checkLeaf(b, forms, l)
		if err != nil {
			return 0, fmt.Errorf("leaf %s: %w", l.ID, err)
		}
		found[subject]++
		pages[subject] += len(l.Pages)
	}
	for _, comment := range c.Comments {
		if pages[comment.Subject]--; pages[comment.Subject] < 0 || comment.ID == "" || len(comment.Picture) == 0 {
			return 0, fmt.Errorf("subject %d: a comment without id or picture, or more comments than pages", comment.Subject)
		}
	}
	for _, n := range c.Void {
		found[n.Subject] += n.Leaves
	}
	for _, n := range c.Scanned {
		if n.Group != b.Grp {
			return 0, fmt.Errorf("group %s is counted, the batch is of group %s", n.Group, b.Grp)
		}
		found[n.Subject] -= n.Leaves
		total += n.Leaves
	}
	for subject, n := range found {
		if n != 0 {
			return 0, fmt.Errorf("subject %d: leaves and void leaves are %d more than those counted as scanned", subject, n)
		}
	}
	return total, nil
}

// checkLeaf returns whose leaf it is on single forms, 0 on roster forms.
func checkLeaf(b batchRow, forms []ballot.Form, l ballot.ClosedLeaf) (subject int, err error) {
	if len(l.Pages) == 0 {
		return 0, errors.New("it has no pages")
	}
	first := l.Pages[0].Reading
	at := slices.IndexFunc(forms, func(f ballot.Form) bool { return f.ID == first.Form && f.Group == b.Grp })
	if at < 0 {
		return 0, fmt.Errorf("form %q is not in force for group %s", first.Form, b.Grp)
	}
	form := &forms[at]
	sides := []int{first.Page}
	if other := form.OtherSide(first.Page); other != 0 {
		sides = append(sides, other)
	}
	if len(l.Pages) != len(sides) || l.Pages[len(sides)-1].Reading.Page != sides[len(sides)-1] {
		return 0, fmt.Errorf("it has %d pages, and should have pages %d", len(l.Pages), sides)
	}
	for _, p := range l.Pages {
		printed, known := form.PageOf(p.Reading.Page)
		if !known || p.Reading.Form != form.ID || p.Reading.Group != b.Grp || p.Reading.Rejected != nil {
			return 0, fmt.Errorf("page %d of form %q does not belong to it", p.Reading.Page, p.Reading.Form)
		}
		same := func(r ballot.RowReading, q ballot.Row) bool { return r.Subject == q.Subject }
		if len(p.Verdicts) != len(printed.Rows) || !slices.EqualFunc(p.Reading.Rows, printed.Rows, same) {
			return 0, fmt.Errorf("page %d has other rows than are printed on it", p.Reading.Page)
		}
	}
	if form.Kind == ballot.SingleForm {
		return first.Rows[0].Subject, nil
	}
	if l.Whole && len(sides) != len(form.Pages) {
		return 0, fmt.Errorf("it has %d of %d pages and is called whole", len(sides), len(form.Pages))
	}
	return 0, nil
}

package learn

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pingyi/ballot"
)

// Skip settles a row that is no subject's: it is left out of the form.
const Skip = "skip"

// Apply is a proposal with all that was settled about it. A row that was sure is first made unsure, so that two rows
// may be exchanged. The proposal is not changed.
func Apply(proposal ballot.Form, subjects []ballot.Subject, settled []ballot.Settlement) (ballot.Form, error) {
	f := copied(proposal)
	for _, s := range settled {
		if slices.ContainsFunc(f.Learned.Unsure, func(u ballot.Unsure) bool { return u.Key == s.Key }) {
			continue
		}
		if err := reopen(&f, s.Key); err != nil {
			return f, err
		}
	}
	for _, s := range settled {
		if err := Settle(&f, subjects, s.Key, s.Value); err != nil {
			return f, err
		}
	}
	return f, nil
}

// copied is a form that shares nothing with another one that settling changes.
func copied(f ballot.Form) ballot.Form {
	l := ballot.Learned{}
	if f.Learned != nil {
		l = *f.Learned
	}
	l.Unsure = slices.Clone(l.Unsure)
	f.Learned, f.Pages = &l, slices.Clone(f.Pages)
	for i := range f.Pages {
		p := &f.Pages[i]
		p.Rows, p.Targets = slices.Clone(p.Rows), slices.Clone(p.Targets)
	}
	return f
}

// reopen makes a row of a proposal unsure that was not.
func reopen(f *ballot.Form, key string) error {
	page, row, _ := strings.Cut(strings.TrimPrefix(key, "row "), ".")
	n, errPage := strconv.Atoi(page)
	no, errRow := strconv.Atoi(row)
	p, ok := f.PageOf(n)
	if !strings.HasPrefix(key, "row ") || errPage != nil || errRow != nil || !ok || no < 1 || no > len(p.Rows) {
		return ballot.Errorf(ballot.CodeNotFound, "表样里没有“%s”", "the form has nothing called %q", key)
	}
	r := &p.Rows[no-1]
	f.Learned.Unsure = append(f.Learned.Unsure, ballot.Unsure{Key: key, Page: n, Rect: r.NameBox, Read: r.Name, Why: ballot.DoubtName})
	rename(p, r, ballot.Subject{No: -no})
	return nil
}

// Settle decides one thing that a proposal left unsure. A row is given to the subject of a roster number, or
// left out by Skip; a column is given a grade.
func Settle(f *ballot.Form, subjects []ballot.Subject, key, value string) error {
	if f.Learned == nil {
		return ballot.Errorf(ballot.CodeForm, "表样 %s 不是识得的表样", "form %s was not learned", f.ID)
	}
	at := slices.IndexFunc(f.Learned.Unsure, func(u ballot.Unsure) bool { return u.Key == key })
	if at < 0 {
		return ballot.Errorf(ballot.CodeNotFound, "没有名为“%[1]s”的存疑项；存疑项有：%[2]s", "nothing unsure is called %[1]q; there are: %[2]s", key, keys(f.Learned.Unsure))
	}
	var err error
	switch kind, _, _ := strings.Cut(key, " "); kind {
	case "row":
		err = settleRow(f, subjects, key, value)
	default:
		err = settleColumn(f, &f.Learned.Unsure[at], value)
	}
	if err == nil {
		f.Learned.Unsure = slices.Delete(f.Learned.Unsure, at, at+1)
	}
	return err
}

func keys(unsure []ballot.Unsure) string {
	var out []string
	for _, u := range unsure {
		out = append(out, u.Key)
	}
	return strings.Join(out, ", ")
}

// settleRow finds the row by the negative number that it bears until it is settled.
func settleRow(f *ballot.Form, subjects []ballot.Subject, key, value string) error {
	p, r, err := rowOf(f, key)
	if err != nil {
		return err
	}
	if value == Skip {
		no := r.Subject
		p.Targets = slices.DeleteFunc(p.Targets, func(t ballot.Target) bool { return t.Subject == no })
		p.Rows = slices.DeleteFunc(p.Rows, func(o ballot.Row) bool { return o.Subject == no })
		return nil
	}
	no, err := strconv.Atoi(value)
	at := slices.IndexFunc(subjects, func(s ballot.Subject) bool { return s.No == no })
	if err != nil || at < 0 {
		return ballot.Errorf(ballot.CodeInvalid, "“%[1]s”：名册里没有序号“%[2]s”", "%[1]q: the roster has no number %[2]q", key, value)
	}
	for i := range f.Pages {
		if slices.ContainsFunc(f.Pages[i].Rows, func(o ballot.Row) bool { return o.Subject == no }) {
			return ballot.Errorf(ballot.CodeConflict, "“%[1]s”：序号 %[2]d 已在第 %[3]d 页", "%[1]q: number %[2]d is on page %[3]d already", key, no, f.Pages[i].Page)
		}
	}
	if err := sameNumber(f, subjects, key, no); err != nil {
		return err
	}
	rename(p, r, subjects[at])
	return nil
}

// sameNumber refuses to settle a row against the number that the paper prints beside it: marked copies would be
// refused one by one. A number that another row bears was misread here.
func sameNumber(f *ballot.Form, subjects []ballot.Subject, key string, no int) error {
	n, known := f.Learned.Printed[key]
	known = known && n != no && slices.ContainsFunc(subjects, func(s ballot.Subject) bool { return s.No == n })
	for i := range f.Pages {
		known = known && !slices.ContainsFunc(f.Pages[i].Rows, func(o ballot.Row) bool { return o.Subject == n })
	}
	if !known {
		return nil
	}
	return ballot.Errorf(ballot.CodeConflict, "“%[1]s”：票上这一行印的序号是 %[2]d，不是 %[3]d；请核对，或改正空白票后重新上传", "%[1]q: the paper prints number %[2]d there, not %[3]d: look again, or correct the blank and upload it anew", key, n, no)
}

// rowOf finds the unsettled row that a key such as "row 2.13" names.
func rowOf(f *ballot.Form, key string) (*ballot.FormPage, *ballot.Row, error) {
	page, row, _ := strings.Cut(strings.TrimPrefix(key, "row "), ".")
	n, errPage := strconv.Atoi(page)
	no, errRow := strconv.Atoi(row)
	if p, ok := f.PageOf(n); ok && errors.Join(errPage, errRow) == nil {
		for i := range p.Rows {
			if p.Rows[i].Subject == -no {
				return p, &p.Rows[i], nil
			}
		}
	}
	return nil, nil, ballot.Errorf(ballot.CodeNotFound, "表样里没有“%s”这一行", "the form has no row called %q", key)
}

// settleColumn gives the grade of the column below a head to the one that a person names. Both are exchanged
// where another column bears that grade.
func settleColumn(f *ballot.Form, u *ballot.Unsure, grade string) error {
	if !slices.Contains(f.Grades, grade) {
		return ballot.Errorf(ballot.CodeInvalid, "“%[1]s”：“%[2]s”不是等次 %[3]v 之一", "%[1]q: %[2]q is none of the grades %[3]v", u.Key, grade, f.Grades)
	}
	if grade != u.Best {
		return ballot.Errorf(ballot.CodeInvalid, "“%[1]s”：其余各栏已是其他等次，此栏只能是“%[2]s”；若其他栏有误，请在 JSON 中改正", "%[1]q: the other columns bear the other grades, so that this one can only be %[2]q; where another is wrong, correct the JSON",
			u.Key, u.Best)
	}
	return nil
}

// SameRoster refuses a form whose rows are not those of a roster: one that was learned with another roster would give
// votes to whoever bears the number now. A subject stands on it once.
func SameRoster(f *ballot.Form, subjects []ballot.Subject) error {
	var faults []error
	on := map[int]bool{}
	for i := range f.Pages {
		for _, r := range f.Pages[i].Rows {
			at := slices.IndexFunc(subjects, func(s ballot.Subject) bool { return s.No == r.Subject })
			switch {
			case r.Subject <= 0: // unsure, and refused as that
			case at < 0 || !r.Bears(subjects[at]):
				faults = append(faults, ballot.Errorf(ballot.CodeConflict, "表样第 %[1]d 页第 %[2]d 号是%[3]s（%[4]s），与现在的名册不同；请用同一份名册重新识别（forms learn）",
					"page %[1]d: number %[2]d is %[3]s (%[4]s) on the form and not in this roster: learn it anew with this roster", f.Pages[i].Page, r.Subject, r.Name, r.Org))
			case on[r.Subject]:
				faults = append(faults, ballot.Errorf(ballot.CodeConflict, "表样第 %[1]d 页第 %[2]d 号（%[3]s）已有一行", "page %[1]d: number %[2]d (%[3]s) has a row already", f.Pages[i].Page, r.Subject, r.Name))
			}
			on[r.Subject] = true
		}
	}
	return errors.Join(faults...)
}

// Confirm marks a form as looked at by a person. What is unsure is refused, all of it named.
func Confirm(f *ballot.Form) error {
	if f.Learned == nil {
		return ballot.Errorf(ballot.CodeForm, "表样 %s 不是识得的表样", "form %s was not learned", f.ID)
	}
	var faults []error
	for _, u := range f.Learned.Unsure {
		faults = append(faults, ballot.Errorf(ballot.CodeForm, "存疑未定：%[1]s，读作“%[2]s”：%[5]s（最像：%[4]s）", "unsettled: %[1]s, read as %[2]q: %[3]s (likeliest: %[4]s)",
			u.Key, u.Read, u.Why, u.Best, u.Why.Chinese()))
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	f.Learned.Confirmed = true
	if err := f.Validate(); err != nil {
		f.Learned.Confirmed = false
		return err
	}
	return nil
}

package api

import (
	"context"
	"slices"
	"strconv"

	"pingyi/ballot"
)

func (f *fakeStore) Blanks(_ context.Context, id string) (out []ballot.Blank, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error {
		for _, b := range fm.blanks {
			b.Pages = nil
			out = append(out, b)
		}
		return nil
	})
	return out, err
}

func (f *fakeStore) BlankPage(_ context.Context, id, group string, page int) (picture []byte, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error {
		for _, b := range fm.blanks {
			if b.Group == group && page <= len(b.Pages) {
				picture = b.Pages[page-1]
				return nil
			}
		}
		return ballot.Errorf(ballot.CodeNotFound, "没有该页", "no such page")
	})
	return picture, err
}

func (f *fakeStore) SaveBlank(_ context.Context, actor, id string, b ballot.Blank) error {
	return f.in(actor, id, "upload_blank", func(fm *fakeMeeting) error {
		fm.blanks = append(slices.DeleteFunc(fm.blanks, func(o ballot.Blank) bool { return o.Group == b.Group }), b)
		return fm.State.Require("upload_blank", ballot.Draft)
	})
}

func (f *fakeStore) EditBlank(_ context.Context, actor, id, group, act string, edit func(ballot.Meeting, *ballot.Blank) error) (b ballot.Blank, err error) {
	err = f.in(actor, id, act, func(fm *fakeMeeting) error {
		if err := fm.State.Require(act, ballot.Draft); err != nil {
			return err
		}
		for i := range fm.blanks {
			if fm.blanks[i].Group == group {
				b = fm.blanks[i]
				if err := edit(fm.Meeting, &b); err != nil {
					return err
				}
				fm.blanks[i] = b
				return nil
			}
		}
		return ballot.Errorf(ballot.CodeNotFound, "没有空白票", "no blank")
	})
	return b, err
}

func (f *fakeStore) RemoveBlank(_ context.Context, actor, id, group string) error {
	return f.in(actor, id, "remove_blank", func(fm *fakeMeeting) error {
		if err := fm.State.Require("remove_blank", ballot.Draft); err != nil {
			return err
		}
		kept := slices.DeleteFunc(slices.Clone(fm.blanks), func(o ballot.Blank) bool { return o.Group == group })
		if len(kept) == len(fm.blanks) {
			return ballot.Errorf(ballot.CodeNotFound, "没有空白票", "no blank")
		}
		fm.blanks = kept
		return nil
	})
}

// fakeLearner takes a file of one line a row: the number of the row's subject, or ? where that is unsure.
type fakeLearner struct{}

func (fakeLearner) Learn(_ context.Context, m ballot.Meeting, group, _ string, data []byte) (ballot.Blank, error) {
	form := ballot.Form{ID: "B1ANK000", Group: group, Kind: ballot.RosterForm, Grades: m.Rules.Grades, Learned: &ballot.Learned{Source: "blank.pdf"}}
	page := ballot.FormPage{Page: 1, Width: 210, Height: 297}
	for i, line := range fields(data) {
		no, err := strconv.Atoi(line[0])
		row := ballot.Row{Subject: no, Rect: ballot.Rect{X: 20, Y: 40 + 10*float64(i), W: 170, H: 10}}
		key := "row 1." + strconv.Itoa(i+1)
		if err != nil {
			row.Subject = -(i + 1)
			form.Learned.Unsure = append(form.Learned.Unsure, ballot.Unsure{Key: key, Page: 1, Rect: row.Rect, Read: "张朋", Why: ballot.DoubtName, Best: "1 张明"})
		}
		if s, ok := m.Subject(no); ok {
			row.Name, row.Org = ballot.SpacedName(s.Name), s.Org
		}
		page.Rows = append(page.Rows, row)
		for _, g := range m.Rules.Grades {
			page.Targets = append(page.Targets, ballot.Target{Subject: row.Subject, Grade: g})
		}
	}
	form.Pages = []ballot.FormPage{page}
	b := ballot.Blank{Group: group, Source: "blank.pdf", Proposal: form, Pages: [][]byte{[]byte("\x89PNG\r\n\x1a\npicture")}}
	return b, fakeLearner{}.Settle(m, &b, nil)
}

func (fakeLearner) Settle(m ballot.Meeting, b *ballot.Blank, settled []ballot.Settlement) error {
	f := b.Proposal
	l := *f.Learned
	page := f.Pages[0]
	page.Rows, page.Targets = slices.Clone(page.Rows), slices.Clone(page.Targets)
	for _, s := range settled {
		n, _ := strconv.Atoi(s.Key[len("row 1."):])
		no, _ := strconv.Atoi(s.Value)
		subject, ok := m.Subject(no)
		if n < 1 || n > len(page.Rows) || !ok {
			return ballot.Errorf(ballot.CodeInvalid, "没有该行", "no such row or subject")
		}
		for i := range page.Targets {
			if page.Targets[i].Subject == page.Rows[n-1].Subject {
				page.Targets[i].Subject = no
			}
		}
		page.Rows[n-1].Subject, page.Rows[n-1].Name, page.Rows[n-1].Org = no, ballot.SpacedName(subject.Name), subject.Org
		l.Unsure = slices.DeleteFunc(slices.Clone(l.Unsure), func(u ballot.Unsure) bool { return u.Key == s.Key })
	}
	f.Learned, f.Pages = &l, []ballot.FormPage{page}
	b.Form, b.Settled = f, settled
	return nil
}

func (fakeLearner) Confirm(b *ballot.Blank) error {
	if len(b.Form.Learned.Unsure) > 0 {
		return ballot.Errorf(ballot.CodeForm, "存疑未定", "unsettled")
	}
	l := *b.Form.Learned
	l.Confirmed = true
	b.Form.Learned = &l
	return nil
}

// Try refuses meetings of a certain title.
func (fakeLearner) Try(_ context.Context, m ballot.Meeting) error {
	if m.Title == "读不出" {
		return ballot.Errorf(ballot.CodeForm, "印出后会识读不出", "would not be read")
	}
	return nil
}

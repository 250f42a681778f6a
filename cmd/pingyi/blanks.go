package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/learn"
	"pingyi/scans/worker"
)

// blanks learns ballots that the office made itself, and tries whether they will be read.
type blanks struct {
	worker *learn.Worker
	store  *store.Store
	reader *worker.Pool
}

var _ api.Learner = blanks{}

func (b blanks) Learn(ctx context.Context, m ballot.Meeting, group, name string, data []byte) (ballot.Blank, error) {
	p, err := b.worker.Learn(ctx, filepath.Base(name), data, learn.Options{Meeting: m.ID, Version: m.Version, Group: group, Grades: m.Rules.Grades, Subjects: m.Subjects})
	if err != nil {
		return ballot.Blank{}, err
	}
	out := ballot.Blank{Group: group, Source: p.Form.Learned.Source, Proposal: p.Form, Settled: []ballot.Settlement{}, Pages: p.Pages}
	out.Form, err = learn.Apply(p.Form, m.Subjects, nil)
	return out, err
}

func (blanks) Settle(m ballot.Meeting, b *ballot.Blank, settled []ballot.Settlement) (err error) {
	b.Settled = settled
	b.Form, err = learn.Apply(b.Proposal, m.Subjects, settled)
	return err
}

func (blanks) Confirm(b *ballot.Blank) error { return learn.Confirm(&b.Form) }

// Try seals in memory and has each blank's pages read by the forms that come of it, beside those that were withdrawn.
func (b blanks) Try(ctx context.Context, m ballot.Meeting) error {
	list, err := b.store.Blanks(ctx, m.ID)
	if err != nil || len(list) == 0 || m.State != ballot.Draft {
		return err
	}
	if err := checkOCR(); err != nil {
		return learn.NoOCR(err)
	}
	_, forms, err := ballot.Seal(m, rand.Reader, list...)
	if err != nil {
		return err
	}
	old, err := b.store.AllForms(ctx, m.ID)
	if err != nil {
		return err
	}
	all := worker.Forms{Key: "try " + forms[0].ID, List: ballot.Readable(append(forms, old...))}
	var faults []error
	for i := range forms {
		if forms[i].Learned != nil {
			faults = append(faults, b.tryForm(ctx, all, &forms[i]))
		}
	}
	return errors.Join(faults...)
}

// tryForm has the pages of one form's blank read.
func (b blanks) tryForm(ctx context.Context, all worker.Forms, f *ballot.Form) error {
	pages, err := b.store.BlankPages(ctx, f.Meeting, f.Group)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pingyi-try-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var faults []error
	for i, picture := range pages {
		part := worker.Part{Path: filepath.Join(dir, fmt.Sprint(i)), Name: f.Learned.Source, Pages: 1}
		if err := os.WriteFile(part.Path, picture, 0o600); err != nil {
			return err
		}
		err := b.reader.Read(ctx, all, part, 0, 1, func(p worker.Page) error {
			faults = append(faults, asBlank(f, i+1, p))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

// asBlank refuses a page of a blank that was not read as itself, or on which a row is not blank.
func asBlank(f *ballot.Form, n int, p worker.Page) error {
	if r := p.Result.Rejected; r != nil {
		return ballot.Errorf(ballot.CodeForm, "%[1]s票空白票第 %[2]d 页：印出后会识读不出（%[3]s：%[4]s）；请换一份更清楚的，几个票种都用自制票的，请在票上单独印一行票种（如“%[1]s票　工委委员”）",
			"page %[2]d of the blank of group %[1]s would not be read (%[3]s: %[4]s): give a clearer one; where several groups have blanks, print the group on a line of its own", f.Group, n, r.Reason, r.Facts)
	}
	if p.Result.Form != f.ID || p.Result.Page != n {
		return ballot.Errorf(ballot.CodeForm, "%[1]s票空白票第 %[2]d 页会被认作%[3]s票第 %[4]d 页，收回后分不开", "page %[2]d of the blank of group %[1]s is taken for page %[4]d of group %[3]s", f.Group, n, p.Result.Group, p.Result.Page)
	}
	for i, v := range p.Result.Verdicts {
		// What printed words look like is learned from the rows of a page; one on which nobody wrote is doubtful there.
		doubtful := v.Kind == ballot.IsUnclear && f.Learned.Words
		if v.Kind != ballot.IsBlank && !doubtful {
			return ballot.Errorf(ballot.CodeForm, "%[1]s票空白票第 %[2]d 页第 %[3]d 行还没有画票就读出了笔迹；格内请勿印底纹或等次以外的字", "row %[3]d of page %[2]d of the blank of group %[1]s is read as marked: print no shading in the cells, and no words but grades", f.Group, n, i+1)
		}
	}
	return nil
}

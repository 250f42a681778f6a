package store

import (
	"fmt"

	"pingyi/ballot"
)

// knownKept is of how many meetings pages are kept in memory: some 2 kB a page.
const knownKept = 8

// knownMeeting is what is kept in memory of the pages of a meeting that is open, and never changes: whose rows a page
// has, its flags, the verdicts in force. Reading and decoding them anew took most of a queue's time. Only
// transactions that read take from it and add to it: what they see is saved for good, and what writes (balancing,
// certifying, deciding) reads the file. In memory it may lie in any order; nothing of it is written.
type knownMeeting struct {
	judgement int // whose verdicts these are: see inForce
	pages     []knownPage
}

// knownPage is a page without what people say about it.
type knownPage struct {
	Page           // without Rows, Aside and Words
	subjects []int // in the order of the rows
	verdicts []*ballot.Verdict
	unclear  bool // a row is or was unclear, by any thresholds
}

// known gives all pages of a meeting, by id.
func (t *Tx) known(m ballot.Meeting) ([]knownPage, error) {
	if !t.reads {
		return t.load(m, "pages.meeting = ?", m.ID)
	}
	if m.State != ballot.Open && m.State != ballot.Balanced {
		t.store.known.Remove(m.ID)
		return t.load(m, "pages.meeting = ?", m.ID)
	}
	judgements, err := t.judgements(m.ID)
	if err != nil {
		return nil, err
	}
	var pages int64
	if err := t.db.Model(&pageRow{}).Where("meeting = ?", m.ID).Count(&pages).Error; err != nil {
		return nil, err
	}
	// Pages are added by closing a batch alone, and are never deleted while the meeting is open.
	if have, ok := t.store.known.Get(m.ID); ok && have.judgement == len(judgements) && len(have.pages) == int(pages) {
		return have.pages, nil
	}
	list, err := t.load(m, "pages.meeting = ?", m.ID)
	if err == nil {
		t.store.known.Add(m.ID, &knownMeeting{len(judgements), list})
	}
	return list, err
}

// load reads the pages that a condition on columns of pages names, by id.
func (t *Tx) load(m ballot.Meeting, condition string, args ...any) ([]knownPage, error) {
	if err := t.kept(m.ID); err != nil {
		return nil, err
	}
	printed, err := t.printed(m.ID)
	if err != nil {
		return nil, err
	}
	judged, err := t.inForce(m.ID, condition, args...)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Row  pageRow `gorm:"embedded"`
		Ever bool
	}
	err = t.db.Table("pages").Select("id, leaf, grp, form, form_page, verdicts, flags, unclear > 0 OR EXISTS (SELECT 1 FROM judged_pages WHERE page = pages.id AND judged_pages.unclear > 0) AS ever").
		Where(condition, args...).Order("id").Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	one := shared{}
	out := make([]knownPage, len(rows))
	for i := range rows {
		r := rows[i].Row
		if judged != nil {
			r.Verdicts = judged[r.ID] // closing and judging see to it that each page has its own
		}
		verdicts, err := decode[[]ballot.Verdict](r.Verdicts)
		if err != nil {
			return nil, err
		}
		flags, err := decode[[]string](r.Flags)
		if err != nil {
			return nil, err
		}
		subjects := printed[formPage{r.Form, r.FormPage}]
		if len(subjects) != len(verdicts) {
			return nil, fmt.Errorf("page %s has %d verdicts for %d rows", r.ID, len(verdicts), len(subjects))
		}
		out[i] = knownPage{Page{ID: r.ID, Leaf: r.Leaf, Group: r.Grp, Form: r.Form, FormPage: r.FormPage, Flags: flags}, subjects, one.all(verdicts), rows[i].Ever}
	}
	return out, nil
}

// shared keeps one of each verdict: of tens of thousands of rows few differ.
type shared map[ballot.Verdict]*ballot.Verdict

func (s shared) all(verdicts []ballot.Verdict) []*ballot.Verdict {
	out := make([]*ballot.Verdict, len(verdicts))
	for i, v := range verdicts {
		if s[v] == nil {
			s[v] = &v
		}
		out[i] = s[v]
	}
	return out
}

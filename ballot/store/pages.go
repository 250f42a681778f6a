package store

import (
	"context"
	"math/rand/v2"

	"pingyi/ballot"
)

// Page is one side of a leaf of a closed batch.
type Page struct {
	ID       string
	Leaf     string
	Group    string
	Form     string
	FormPage int
	Flags    []string
	Rows     []Row
}

// Row is a row of a page: measured, judged, decided.
type Row struct {
	Subject   int
	Scores    []ballot.MarkScore
	Machine   ballot.Verdict
	Decisions []ballot.Decision
	Verdict   ballot.Verdict // what counts, where Resolved
	Resolved  bool
}

// Waiting is the number of rows that wait for a person.
func (p Page) Waiting() int {
	n := 0
	for _, r := range p.Rows {
		if !r.Resolved {
			n++
		}
	}
	return n
}

// State is where the page stands.
func (p Page) State() ballot.PageState {
	decided := false
	for _, r := range p.Rows {
		if !r.Resolved {
			return ballot.PageRead
		}
		decided = decided || len(r.Decisions) > 0
	}
	if decided {
		return ballot.PageAdjudicated
	}
	return ballot.PageAccepted
}

type decisionRow struct {
	Page    string `gorm:"primaryKey"`
	Subject int    `gorm:"primaryKey"`
	Person  string `gorm:"primaryKey"`
	Seq     int    `gorm:"primaryKey"`
	Body    string
}

func (decisionRow) TableName() string { return "decisions" }

// Pages loads a meeting's pages by id: ids are random, so their order says nothing.
func (s *Store) Pages(ctx context.Context, meeting string) (pages []Page, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		pages, err = tx.pages(m, "")
		return err
	})
	return pages, err
}

// Page loads one page.
func (s *Store) Page(ctx context.Context, meeting, id string) (page Page, err error) {
	err = s.InTx(ctx, func(tx *Tx) error { page, err = tx.page(meeting, id); return err })
	return page, err
}

func (t *Tx) page(meeting, id string) (Page, error) {
	m, err := t.meeting(meeting)
	if err != nil {
		return Page{}, err
	}
	pages, err := t.pages(m, id)
	if err == nil && len(pages) == 0 {
		err = ballot.Errorf(ballot.CodeNotFound, "没有该票面", "no such page")
	}
	if err != nil {
		return Page{}, err
	}
	return pages[0], nil
}

// pages loads all pages of a meeting, or the one with an id, with their decisions.
func (t *Tx) pages(m ballot.Meeting, id string) ([]Page, error) {
	q := t.db.Where("meeting = ?", m.ID)
	d := t.db.Table("decisions").Select("decisions.*").Joins("JOIN pages ON pages.id = decisions.page").Where("pages.meeting = ?", m.ID)
	if id != "" {
		q, d = q.Where("id = ?", id), d.Where("pages.id = ?", id)
	}
	var rows []pageRow
	if err := q.Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var decided []decisionRow
	if err := d.Order("page, subject, person, seq").Find(&decided).Error; err != nil {
		return nil, err
	}
	type key struct {
		page    string
		subject int
	}
	decisions := map[key][]ballot.Decision{}
	for _, r := range decided {
		one, err := decode[ballot.Decision](r.Body)
		if err != nil {
			return nil, err
		}
		k := key{r.Page, r.Subject}
		decisions[k] = append(decisions[k], one)
	}
	out := make([]Page, len(rows))
	for i, r := range rows {
		reading, err := decode[ballot.PageReading](r.Reading)
		if err != nil {
			return nil, err
		}
		verdicts, err := decode[[]ballot.Verdict](r.Verdicts)
		if err != nil {
			return nil, err
		}
		out[i] = Page{ID: r.ID, Leaf: r.Leaf, Group: r.Grp, Form: r.Form, FormPage: r.FormPage, Flags: reading.Flags}
		for j, row := range reading.Rows {
			made := decisions[key{r.ID, row.Subject}]
			verdict, ok := ballot.Resolve(m.Rules, verdicts[j], made)
			out[i].Rows = append(out[i].Rows, Row{row.Subject, row.Scores, verdicts[j], made, verdict, ok})
		}
	}
	return out, nil
}

// resolved gives the leaves whose rows are all resolved, and the number of rows that wait.
func (t *Tx) resolved(m ballot.Meeting) (leaves []ballot.Leaf, waiting int, err error) {
	pages, err := t.pages(m, "")
	if err != nil {
		return nil, 0, err
	}
	var rows []leafRow
	if err := t.db.Where("meeting = ?", m.ID).Order("id").Find(&rows).Error; err != nil {
		return nil, 0, err
	}
	byLeaf := map[string][]Page{}
	for _, p := range pages {
		byLeaf[p.Leaf] = append(byLeaf[p.Leaf], p)
	}
	for _, r := range rows {
		leaf := ballot.Leaf{ID: r.ID, Group: r.Grp, Form: r.Form, Whole: r.Whole}
		open := 0
		for _, p := range byLeaf[r.ID] {
			open += p.Waiting()
			for _, row := range p.Rows {
				leaf.Rows = append(leaf.Rows, ballot.RowRecord{Subject: row.Subject, Verdict: row.Verdict})
			}
		}
		waiting += open
		if open == 0 {
			leaves = append(leaves, leaf)
		}
	}
	return leaves, waiting, nil
}

// Unclear is a row that waits for a person.
type Unclear struct {
	Page     string
	Group    string
	FormPage int
	Subject  int
	Machine  ballot.Verdict
	Scores   []ballot.MarkScore
}

// Queue gives up to limit rows that wait, in an order drawn anew each time, without those that the
// person has decided already; total counts all that wait.
func (s *Store) Queue(ctx context.Context, person, meeting string, limit int) (rows []Unclear, total int, err error) {
	pages, err := s.Pages(ctx, meeting)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range pages {
		for _, r := range p.Rows {
			if r.Resolved {
				continue
			}
			total++
			mine := false
			for _, d := range r.Decisions {
				mine = mine || d.By == person
			}
			if !mine || conflicting(r.Decisions) {
				rows = append(rows, Unclear{p.ID, p.Group, p.FormPage, r.Subject, r.Machine, r.Scores})
			}
		}
	}
	rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows[:min(limit, len(rows))], total, nil
}

// conflicting tells whether two people have decided differently: then both are asked again.
func conflicting(decisions []ballot.Decision) bool {
	latest := map[string]ballot.Verdict{}
	for _, d := range decisions {
		latest[d.By] = ballot.Verdict{Kind: d.Kind, Grade: d.Grade}
	}
	seen := map[ballot.Verdict]bool{}
	for _, v := range latest {
		seen[v] = true
	}
	return len(seen) > 1
}

// Decide adds a person's decision on an unclear row. Nothing is overwritten: undoing is deciding again.
// The record says who decided, never what, where or which page.
func (s *Store) Decide(ctx context.Context, actor, meeting, page string, subject int, d ballot.Decision) error {
	return s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		if err := m.State.Require("decide", ballot.Open); err != nil {
			return err
		}
		p, err := tx.page(meeting, page)
		if err != nil {
			return err
		}
		for _, r := range p.Rows {
			if r.Subject != subject {
				continue
			}
			if r.Machine.Kind != ballot.IsUnclear {
				return ballot.Errorf(ballot.CodeInvalid, "该行识读明确，无须复核", "the row was read clearly: there is nothing to decide")
			}
			d.By, d.Verdict = actor, r.Machine
			if err := d.Validate(m.Rules.Grades); err != nil {
				return err
			}
			seq := 1
			for _, old := range r.Decisions {
				if old.By == actor {
					seq++
				}
			}
			if err := tx.db.Create(&decisionRow{page, subject, actor, seq, encode(d)}).Error; err != nil {
				return err
			}
			return tx.log(actor, meeting, "decide", "")
		}
		return ballot.Errorf(ballot.CodeNotFound, "该票面没有 %d 号", "the page has no row %d", subject)
	})
}

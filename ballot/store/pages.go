package store

import (
	"context"
	"slices"

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
	Writing  []ballot.Rect // mm on the page, see ballot.FlagWriting; nil where Pages lists
	Also     []string      // other pages of the leaf that bear writing; nil where Pages lists
	Rows     []Row
	Aside    Aside
	Words    []AsideWord // what people last said of the leaf
}

// Row is a row of a page: measured, judged, decided.
type Row struct {
	Subject   int
	Scores    []ballot.MarkScore // nil where Pages lists
	Machine   ballot.Verdict     // by the thresholds in force
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
	switch p.Aside {
	case SetAside:
		return ballot.PageSetAside
	case AsideAsked:
		return ballot.PageRead
	}
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

// Pages loads those of a meeting's pages that people may see (see shown), without their measures, by id: ids are
// random, so their order says nothing.
func (s *Store) Pages(ctx context.Context, meeting string) (pages []Page, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		if pages, err = tx.allPages(m); err != nil {
			return err
		}
		pages, err = tx.shown(m, pages)
		return err
	})
	return pages, err
}

// LeafFlags are the flags that a meeting's rules put on whole leaves, such as the same grade in every row, by
// leaf; leaves with rows that wait have none yet. They follow from marks alone, so that there are none while pages are held back.
func (s *Store) LeafFlags(ctx context.Context, meeting string) (map[string][]string, error) {
	out := map[string][]string{}
	err := s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		if all, err := tx.allIn(m); err != nil || !all {
			return err
		}
		leaves, _, err := tx.resolved(m)
		for _, l := range leaves {
			if flags := l.Interpret(m.Rules).Flags; len(flags) > 0 {
				out[l.ID] = flags
			}
		}
		return err
	})
	return out, err
}

// Page loads one page with its measures. One that people may not see yet is not found, as one that is not there.
func (s *Store) Page(ctx context.Context, meeting, id string) (page Page, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		if page, err = tx.page(m, id); err != nil {
			return err
		}
		if page.Also, err = tx.alsoWritten(page); err != nil {
			return err
		}
		return tx.measures(&page)
	})
	return page, err
}

func (t *Tx) page(m ballot.Meeting, id string) (Page, error) {
	pages, err := t.pages(m, "pages.meeting = ? AND pages.id = ?", m.ID, id)
	if err == nil {
		pages, err = t.shown(m, pages)
	}
	if err == nil && len(pages) == 0 {
		err = ballot.Errorf(ballot.CodeNotFound, "没有该票面", "no such page")
	}
	if err != nil {
		return Page{}, err
	}
	return pages[0], nil
}

// measures adds what was measured, most of a page's bytes, to its rows.
func (t *Tx) measures(p *Page) error {
	reading, err := t.reading(p.ID)
	p.Writing = reading.Writing
	for i, r := range p.Rows {
		at := slices.IndexFunc(reading.Rows, func(m ballot.RowReading) bool { return m.Subject == r.Subject })
		if at >= 0 {
			p.Rows[i].Scores = reading.Rows[at].Scores
		}
	}
	return err
}

func (t *Tx) reading(page string) (ballot.PageReading, error) {
	row, err := one[pageRow](t.db.Select("reading"), "page", "id = ?", page)
	if err != nil {
		return ballot.PageReading{}, err
	}
	return decode[ballot.PageReading](row.Reading)
}

// pages loads the pages that a condition on columns of pages names, with their decisions.
func (t *Tx) pages(m ballot.Meeting, condition string, args ...any) ([]Page, error) {
	list, err := t.load(m, condition, args...)
	if err != nil {
		return nil, err
	}
	decisions, err := t.decisions(condition, args...)
	if err != nil {
		return nil, err
	}
	return t.resolve(m, list, decisions, func(knownPage, int) bool { return true })
}

// allPages are those of a meeting.
func (t *Tx) allPages(m ballot.Meeting) ([]Page, error) {
	list, err := t.known(m)
	if err != nil {
		return nil, err
	}
	decisions, err := t.decisions("pages.meeting = ?", m.ID)
	if err != nil {
		return nil, err
	}
	return t.resolve(m, list, decisions, func(knownPage, int) bool { return true })
}

// decidable are the pages of a meeting that were unclear by any thresholds, with their rows that people decide:
// a row that two must decide and one has decided waits, though it be clear by the thresholds in force.
func (t *Tx) decidable(m ballot.Meeting) ([]Page, error) {
	list, err := t.known(m)
	if err != nil {
		return nil, err
	}
	decisions, err := t.decisions("pages.meeting = ?", m.ID)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(p knownPage) bool { return !p.unclear })
	return t.resolve(m, list, decisions, func(p knownPage, i int) bool {
		return p.verdicts[i].Kind == ballot.IsUnclear || len(decisions[pageSubject{p.ID, p.subjects[i]}]) > 0
	})
}

// resolve adds to pages what people say about them, and the rows that are wanted.
func (t *Tx) resolve(m ballot.Meeting, list []knownPage, decisions map[pageSubject][]ballot.Decision, wanted func(p knownPage, row int) bool) ([]Page, error) {
	asides, err := t.asides(m)
	if err != nil {
		return nil, err
	}
	out := make([]Page, len(list))
	for i, p := range list {
		out[i] = p.Page
		out[i].Aside, out[i].Words = asides[p.Leaf].aside, asides[p.Leaf].words
		for j, subject := range p.subjects {
			if wanted(p, j) {
				made := decisions[pageSubject{p.ID, subject}]
				verdict, ok := ballot.Resolve(m.Rules, *p.verdicts[j], made)
				out[i].Rows = append(out[i].Rows, Row{subject, nil, *p.verdicts[j], made, verdict, ok})
			}
		}
	}
	return out, nil
}

type formPage struct {
	form string
	page int
}

// printed lists whose rows are on each page of the meeting's forms. A closing is refused where a reading
// has others, so verdicts are in this order.
func (t *Tx) printed(meeting string) (map[formPage][]int, error) {
	forms, err := t.forms(meeting, true)
	if err != nil {
		return nil, err
	}
	out := map[formPage][]int{}
	for _, f := range forms {
		for i := range f.Pages {
			out[formPage{f.ID, f.Pages[i].Page}] = f.Pages[i].Subjects()
		}
	}
	return out, nil
}

// resolved is what a tally takes in: the leaves whose rows are all resolved and those that are set aside, and the number
// of rows and leaves that wait.
func (t *Tx) resolved(m ballot.Meeting) (leaves []ballot.Leaf, waiting int, err error) {
	pages, err := t.allPages(m)
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
		sides := byLeaf[r.ID]
		if sides[0].Aside == AsideAsked {
			waiting++
			continue
		}
		leaf := ballot.Leaf{ID: r.ID, Group: r.Grp, Form: r.Form, Whole: r.Whole, Aside: sides[0].Aside == SetAside}
		open := 0
		for _, p := range sides {
			open += p.Waiting()
			for _, row := range p.Rows {
				leaf.Rows = append(leaf.Rows, ballot.RowRecord{Subject: row.Subject, Verdict: row.Verdict})
			}
		}
		if leaf.Aside {
			open = 0
		}
		waiting += open
		if open == 0 {
			leaves = append(leaves, leaf)
		}
	}
	return leaves, waiting, nil
}

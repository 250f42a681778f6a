package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"pingyi/ballot"
)

type decisionRow struct {
	Page    string `gorm:"primaryKey"`
	Subject int    `gorm:"primaryKey"`
	Person  string `gorm:"primaryKey"`
	Seq     int    `gorm:"primaryKey"`
	Body    string
}

func (decisionRow) TableName() string { return "decisions" }

type pageSubject struct {
	page    string
	subject int
}

// decisions loads those on the pages that a condition on columns of pages names.
func (t *Tx) decisions(condition string, args ...any) (map[pageSubject][]ballot.Decision, error) {
	var rows []decisionRow
	err := t.db.Select("decisions.*").Joins("JOIN pages ON pages.id = decisions.page").Where(condition, args...).
		Order("decisions.page, decisions.subject, decisions.person, decisions.seq").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := map[pageSubject][]ballot.Decision{}
	for _, r := range rows {
		made, err := decode[ballot.Decision](r.Body)
		if err != nil {
			return nil, err
		}
		key := pageSubject{r.Page, r.Subject}
		out[key] = append(out[key], made)
	}
	return out, nil
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
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		// Pages that were unclear by any thresholds: a row that two must decide and one has decided waits,
		// though it be clear by those in force.
		pages, err := tx.pages(m, "pages.id IN (SELECT id FROM pages WHERE meeting = ? AND unclear > 0 UNION SELECT page FROM judged_pages WHERE meeting = ? AND unclear > 0)", meeting, meeting)
		if err != nil {
			return err
		}
		type place struct{ page, row int }
		var open []place
		for i, p := range pages {
			if p.Aside == SetAside {
				continue
			}
			for j, r := range p.Rows {
				if r.Resolved {
					continue
				}
				total++
				if conflicting(r.Decisions) || !slices.ContainsFunc(r.Decisions, func(d ballot.Decision) bool { return d.By == person }) {
					open = append(open, place{i, j})
				}
			}
		}
		rand.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
		for _, o := range open[:min(limit, len(open))] {
			p := pages[o.page]
			if err := tx.measures(&p); err != nil {
				return err
			}
			r := p.Rows[o.row]
			rows = append(rows, Unclear{p.ID, p.Group, p.FormPage, r.Subject, r.Machine, r.Scores})
		}
		return nil
	})
	return rows, total, err
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
// The record of acts has no entry for it, only the number of each person's decisions when the meeting is
// balanced: the time of a decision would tell from which batches its page can have come.
func (s *Store) Decide(ctx context.Context, actor, meeting, page string, subject int, d ballot.Decision) error {
	return s.InTx(ctx, func(tx *Tx) error {
		m, p, err := tx.openPage(meeting, page)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(p.Rows, func(r Row) bool { return r.Subject == subject })
		if at < 0 {
			return ballot.Errorf(ballot.CodeNotFound, "该票面没有 %d 号", "the page has no row %d", subject)
		}
		r := p.Rows[at]
		if r.Machine.Kind != ballot.IsUnclear && len(r.Decisions) == 0 {
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
		return tx.db.Create(&decisionRow{page, subject, actor, seq, encode(d)}).Error
	})
}

// openPage loads a page of a meeting in which people still decide.
func (t *Tx) openPage(meeting, page string) (ballot.Meeting, Page, error) {
	m, err := t.meeting(meeting)
	if err != nil {
		return m, Page{}, err
	}
	if err := m.State.Require("decide", ballot.Open); err != nil {
		return m, Page{}, err
	}
	p, err := t.page(m, page)
	return m, p, err
}

// Aside is whether a leaf counts at all.
type Aside string

// A leaf counts, or waits until people agree, or counts as an invalid ballot.
const (
	Counts     Aside = ""
	AsideAsked Aside = "asked"
	SetAside   Aside = "set_aside"
)

type asideRow struct {
	Leaf   string `gorm:"primaryKey"`
	Person string `gorm:"primaryKey"`
	Seq    int    `gorm:"primaryKey"`
	Aside  bool
	Reason string
}

func (asideRow) TableName() string { return "set_asides" }

// asides gives the leaves that somebody has spoken about. The latest word of each person counts, and all
// who spoke must agree: one person is enough, or two where the rules have two decide each row.
func (t *Tx) asides(m ballot.Meeting) (map[string]Aside, error) {
	var rows []asideRow
	err := t.db.Select("set_asides.*").Joins("JOIN leaves ON leaves.id = set_asides.leaf").Where("leaves.meeting = ?", m.ID).
		Order("leaf, person, seq").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	latest := map[string]map[string]bool{}
	for _, r := range rows {
		if latest[r.Leaf] == nil {
			latest[r.Leaf] = map[string]bool{}
		}
		latest[r.Leaf][r.Person] = r.Aside
	}
	need := 1
	if m.Rules.TwoAdjudicators {
		need = 2
	}
	out := map[string]Aside{}
	for leaf, words := range latest {
		out[leaf] = agreed(words, need)
	}
	written, err := t.written(m)
	for _, leaf := range written {
		if out[leaf] == Counts && len(latest[leaf]) < need {
			out[leaf] = AsideAsked
		}
	}
	return out, err
}

// written gives the leaves with writing that, by the meeting's rules, makes them invalid where people find
// that it tells who wrote it: until people have said so or not, they wait.
func (t *Tx) written(m ballot.Meeting) (leaves []string, err error) {
	if m.Rules.Writing != ballot.BallotInvalid {
		return nil, nil
	}
	err = t.db.Model(&pageRow{}).Distinct("leaf").Where("meeting = ? AND flags LIKE ?", m.ID, `%"`+ballot.FlagWriting+`"%`).Pluck("leaf", &leaves).Error
	return leaves, err
}

// agreed is what people make of a leaf together: aside tells each one's word.
func agreed(aside map[string]bool, need int) Aside {
	yes := 0
	for _, word := range aside {
		if word {
			yes++
		}
	}
	switch {
	case yes == 0:
		return Counts
	case yes == len(aside) && yes >= need:
		return SetAside
	}
	return AsideAsked
}

// SetAside says that the leaf of a page counts as an invalid ballot, or (aside false) that it does not, as
// of one that waits for its writing or was set aside before. It needs a reason. Like a decision, it has no entry of its own in the record of acts.
func (s *Store) SetAside(ctx context.Context, actor, meeting, page string, aside bool, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return ballot.Errorf(ballot.CodeInvalid, "认定废票或撤回须写明理由", "setting a leaf aside, or taking that back, needs a reason")
	}
	return s.InTx(ctx, func(tx *Tx) error {
		_, p, err := tx.openPage(meeting, page)
		if err != nil {
			return err
		}
		var n int64
		if err := tx.db.Model(&asideRow{}).Where("leaf = ? AND person = ?", p.Leaf, actor).Count(&n).Error; err != nil {
			return err
		}
		return tx.db.Create(&asideRow{p.Leaf, actor, int(n) + 1, aside, reason}).Error
	})
}

// decided says how often each person has decided, for the record of acts.
func (t *Tx) decided(meeting string) (string, error) {
	type count struct {
		Person string
		N      int
	}
	total := map[string]int{}
	for _, table := range []string{"decisions JOIN pages ON pages.id = decisions.page", "set_asides JOIN leaves ON leaves.id = set_asides.leaf"} {
		var counts []count
		if err := t.db.Table(table).Select("person, count(*) AS n").Where("meeting = ?", meeting).Group("person").Find(&counts).Error; err != nil {
			return "", err
		}
		for _, c := range counts {
			total[c.Person] += c.N
		}
	}
	var out []string
	for _, person := range slices.Sorted(maps.Keys(total)) {
		out = append(out, fmt.Sprintf("%s: %d", person, total[person]))
	}
	return strings.Join(out, ", "), nil
}

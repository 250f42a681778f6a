package store

import (
	"context"
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
	Form     string
	FormPage int
	Subject  int
	Machine  ballot.Verdict
	Scores   []ballot.MarkScore
	Dispute  bool              // people differ, see ballot.Disputed
	Disputed []ballot.Decision // the latest of each person, where the one who asks is among those who differ; else nil
}

// Take says whether a person may have a row that waits for wanted more people. It is asked about each row
// before the row is given, and remembers what it said where several people must not have the same one.
type Take func(page string, subject, wanted int) bool

// Waiting counts the rows of a meeting that people decide.
type Waiting struct {
	Rows     int // rows that wait
	Decided  int // rows that people have settled
	Disputed int // of those that wait, rows about which people differ
}

// Queue gives up to limit rows that wait for a person, in an order drawn anew each time: those about which the
// person and somebody else differ, then those about which others do, then those that too few have decided, without
// those of the person's own. Who is asked to settle others' dispute is not told what they said.
func (s *Store) Queue(ctx context.Context, person, meeting string, limit int, take Take) (rows []Unclear, n Waiting, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		pages, err := tx.decidable(m)
		if err != nil {
			return err
		}
		for _, o := range n.open(m.Rules, pages, person) {
			if len(rows) == limit || !o.own && !take(o.page.ID, o.Subject, ballot.Wanted(m.Rules, o.Decisions)) {
				continue
			}
			if err := tx.measures(o.page); err != nil {
				return err
			}
			row := Unclear{Page: o.page.ID, Group: o.page.Group, Form: o.page.Form, FormPage: o.page.FormPage, Subject: o.Subject, Machine: o.Machine, Scores: o.Scores, Dispute: o.dispute}
			if o.own {
				row.Disputed = latest(o.Decisions)
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, n, err
}

// openRow is a row that waits for a person; own is a dispute in which they have spoken.
type openRow struct {
	*Row
	page         *Page
	dispute, own bool
}

// open counts the rows of pages, and gives those that wait for a person.
func (n *Waiting) open(rules ballot.Rules, pages []Page, person string) (open []openRow) {
	for i := range pages {
		p := &pages[i]
		for j := range p.Rows {
			r := &p.Rows[j]
			dispute := ballot.Disputed(rules, r.Decisions)
			n.count(p, r, dispute)
			mine := decidedBy(r, person)
			if p.Aside != SetAside && !r.Resolved && (dispute || !mine) {
				open = append(open, openRow{r, p, dispute, dispute && mine})
			}
		}
	}
	//nolint:gosec // math/rand/v2 draws from the system's randomness (ChaCha8) as long as nobody seeds it
	rand.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	turn := func(o openRow) int {
		switch {
		case o.own:
			return 0
		case o.dispute:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(open, func(a, b openRow) int { return turn(a) - turn(b) })
	return open
}

func (n *Waiting) count(p *Page, r *Row, dispute bool) {
	switch {
	case r.Resolved && len(r.Decisions) > 0:
		n.Decided++
	case !r.Resolved && p.Aside != SetAside:
		n.Rows++
		if dispute {
			n.Disputed++
		}
	}
}

func decidedBy(r *Row, person string) bool {
	return slices.ContainsFunc(r.Decisions, func(d ballot.Decision) bool { return d.By == person })
}

// latest is the last decision of each person, in the order of their names.
func latest(decisions []ballot.Decision) (out []ballot.Decision) {
	for i, d := range decisions { // they come by person, then by number
		if i+1 == len(decisions) || decisions[i+1].By != d.By {
			out = append(out, d)
		}
	}
	return out
}

// Decided is a row that people have decided.
type Decided struct {
	Page      string
	Group     string
	Form      string
	FormPage  int
	Subject   int
	Machine   ballot.Verdict
	Decisions []ballot.Decision // as they were made, by person
	Verdict   ballot.Verdict    // what counts, where Resolved
	Resolved  bool
	Disputed  bool
}

// Decisions gives the rows that people have decided, by page id, which is random, and subject.
func (s *Store) Decisions(ctx context.Context, meeting string) (rows []Decided, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		pages, err := tx.decidable(m)
		for _, p := range pages {
			for _, r := range p.Rows {
				if len(r.Decisions) > 0 {
					rows = append(rows, Decided{p.ID, p.Group, p.Form, p.FormPage, r.Subject, r.Machine, r.Decisions, r.Verdict, r.Resolved, ballot.Disputed(m.Rules, r.Decisions)})
				}
			}
		}
		return err
	})
	return rows, err
}

// Decide adds a person's decision on an unclear row. Nothing is overwritten: undoing is deciding again.
// The record of acts has no entry for it until the result is certified, nor a number: the time of a decision would tell
// from which batches its page can have come.
// A row that others have settled is refused with ballot.CodeConflict unless correct says that the person
// means to speak against them: two people who are given one row by accident must not undo each other.
func (s *Store) Decide(ctx context.Context, actor, meeting, page string, subject int, d ballot.Decision, correct bool) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		m, p, err := tx.openPage(actor, "decide", meeting, page)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(p.Rows, func(r Row) bool { return r.Subject == subject })
		if at < 0 {
			return ballot.Errorf(ballot.CodeNotFound, "该票面没有 %d 号", "the page has no row %d", subject)
		}
		r := p.Rows[at]
		if r.Resolved && len(r.Decisions) == 0 {
			return ballot.Errorf(ballot.CodeInvalid, "该行识读明确，或已由规则认定，无须复核", "the row was read clearly, or the rules settle it: there is nothing to decide")
		}
		if r.Resolved && !decidedBy(&r, actor) && !correct {
			return ballot.Errorf(ballot.CodeConflict, "该行已由他人裁定", "others have settled this row")
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
		return tx.sealDecisions(meeting)
	})
	if err != nil {
		return err
	}
	return s.settled(ctx, meeting)
}

// openPage loads a page of a meeting in which people still decide. What they decide is signed together with all decisions
// before, so those must be as they were signed.
func (t *Tx) openPage(actor, operation, meeting, page string) (ballot.Meeting, Page, error) {
	m, err := t.acting(actor, operation, meeting)
	if err != nil {
		return m, Page{}, err
	}
	sealed, err := t.sealedAsKept(meeting)
	if err == nil && !sealed {
		err = changedOutside(kindDecisions)
	}
	if err != nil {
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

// AsideWord is what a person last said of a leaf: that it is an invalid ballot, or that it counts.
type AsideWord struct {
	By     string
	Aside  bool
	Reason string
}

// said is what people say of a leaf, and what follows from it.
type said struct {
	aside Aside
	words []AsideWord
}

// asides gives the leaves that somebody has spoken about. The latest word of each person counts, and they are
// settled as decisions on rows are.
func (t *Tx) asides(m ballot.Meeting) (map[string]said, error) {
	var rows []asideRow
	err := t.db.Select("set_asides.*").Joins("JOIN leaves ON leaves.id = set_asides.leaf").Where("leaves.meeting = ?", m.ID).
		Order("leaf, person, seq").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	words := map[string][]AsideWord{}
	for i, r := range rows {
		if i+1 == len(rows) || rows[i+1].Leaf != r.Leaf || rows[i+1].Person != r.Person {
			words[r.Leaf] = append(words[r.Leaf], AsideWord{r.Person, r.Aside, r.Reason})
		}
	}
	need := m.Rules.Adjudicators()
	out := map[string]said{}
	for leaf, w := range words {
		out[leaf] = said{agreed(w, need), w}
	}
	written, err := t.written(m)
	for _, leaf := range written {
		if out[leaf].aside == Counts && len(words[leaf]) < need {
			out[leaf] = said{AsideAsked, words[leaf]}
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
	err = t.db.Model(&pageRow{}).Distinct("leaf").Where("meeting = ? AND flags LIKE ?", m.ID, hasWriting).Pluck("leaf", &leaves).Error
	return leaves, err
}

// hasWriting is what the flags of a page with writing are like.
const hasWriting = `%"` + ballot.FlagWriting + `"%`

// alsoWritten gives the other pages of a page's leaf that bear writing.
func (t *Tx) alsoWritten(p Page) (pages []string, err error) {
	err = t.db.Model(&pageRow{}).Where("leaf = ? AND id <> ? AND flags LIKE ?", p.Leaf, p.ID, hasWriting).Pluck("id", &pages).Error
	return pages, err
}

// agreed is what people make of a leaf together. Nobody's word is needed for a leaf to count.
func agreed(words []AsideWord, need int) Aside {
	said, yes := map[string]bool{}, false
	for _, w := range words {
		said[w.By], yes = w.Aside, yes || w.Aside
	}
	aside, settled := ballot.Settled(said, need)
	switch {
	case !yes || settled && !aside:
		return Counts
	case settled:
		return SetAside
	}
	return AsideAsked
}

// SetAside says that the leaf of a page counts as an invalid ballot, or (aside false) that it does not, as
// of one that waits for its writing or was set aside before. It needs a reason. Like a decision, it has no entry of its own in the record of acts.
// That a leaf counts is said of all its writing: also are its other pages that the person was shown, and one with writing that is
// not among them is refused with ballot.CodeConflict.
func (s *Store) SetAside(ctx context.Context, actor, meeting, page string, aside bool, reason string, also ...string) error {
	if strings.TrimSpace(reason) == "" {
		return ballot.Errorf(ballot.CodeInvalid, "认定废票或撤回须写明理由", "setting a leaf aside, or taking that back, needs a reason")
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		_, p, err := tx.openPage(actor, "set-aside", meeting, page)
		if err != nil {
			return err
		}
		written, err := tx.alsoWritten(p)
		if err != nil {
			return err
		}
		if unseen := func(page string) bool { return !slices.Contains(also, page) }; !aside && slices.ContainsFunc(written, unseen) {
			return ballot.Errorf(ballot.CodeConflict, "这张票的另一面也有表外字迹：两面都看过，才能认定照计", "the leaf's other side bears writing too: whoever says that it counts must have been shown both")
		}
		var n int64
		if err := tx.db.Model(&asideRow{}).Where("leaf = ? AND person = ?", p.Leaf, actor).Count(&n).Error; err != nil {
			return err
		}
		if err := tx.db.Create(&asideRow{p.Leaf, actor, int(n) + 1, aside, reason}).Error; err != nil {
			return err
		}
		return tx.sealDecisions(meeting)
	})
	if err != nil {
		return err
	}
	return s.settled(ctx, meeting)
}

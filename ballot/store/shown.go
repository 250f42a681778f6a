package store

import (
	"context"
	"slices"

	"pingyi/ballot"
)

// Which pages people see. Who could list all pages after each closing would know the batch, and so the venue, of every
// sheet. So while a batch may still come they see those alone that they have to look at, and the others all at once.

// HeldBack tells whether a meeting's pages that nobody has to look at are held back from people.
func (s *Store) HeldBack(ctx context.Context, meeting string) (held bool, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		all, err := tx.allIn(m)
		held = !all
		return err
	})
	return held, err
}

// shown leaves those of some pages of a meeting that people may see. It takes as long for a page that is held back as for
// none: whether all is in is asked for either.
func (t *Tx) shown(m ballot.Meeting, pages []Page) ([]Page, error) {
	needless := func(p Page) bool { return !p.needed() }
	if len(pages) > 0 && !slices.ContainsFunc(pages, needless) {
		return pages, nil
	}
	all, err := t.allIn(m)
	if err != nil || all {
		return pages, err
	}
	return slices.DeleteFunc(pages, needless), nil
}

// needed tells whether people have to look at a page, or have said something of it: a row, its leaf, or a flag of its own.
// That nobody looked for writing is no such flag: every page of a ballot of the office's own bears it.
func (p Page) needed() bool {
	return len(p.Words) > 0 ||
		slices.ContainsFunc(p.Flags, func(f string) bool { return f != ballot.FlagWritingUnchecked }) ||
		slices.ContainsFunc(p.Rows, func(r Row) bool { return !r.Resolved || len(r.Decisions) > 0 })
}

// allIn tells whether no more pages of a meeting come: it is past open, or all leaves that were returned, by the counts of two
// persons, are scanned and no batch is open.
func (t *Tx) allIn(m ballot.Meeting) (bool, error) {
	if m.State != ballot.Open {
		return true, nil
	}
	var open int64
	if err := t.db.Model(&batchRow{}).Where("meeting = ? AND state = ?", m.ID, string(ballot.BatchOpen)).Count(&open).Error; err != nil || open > 0 {
		return false, err
	}
	lines, err := t.lines(m)
	if err != nil {
		return false, err
	}
	scanned, err := t.scanned(m.ID)
	return ballot.Ledger{Lines: lines, Scanned: scanned}.AllScanned(), err
}

package jobs

import (
	"context"
	"fmt"
	"slices"

	"pingyi/ballot"
	"pingyi/scans"
)

// holds is by what sheets are held that are not to count: in serial mode by their serials, which are proof, else by
// how their ink lies.
type holds struct {
	forms  []ballot.Form
	serial bool
	known  map[ballot.Pseudonym]bool
	kept   []ballot.KeptPage
}

func (s *Service) holds(ctx context.Context, b ballot.Batch, forms []ballot.Form) (h holds, err error) {
	h = holds{forms: forms, serial: ballot.SerialForms(forms)}
	if h.serial {
		h.known, err = s.Store.Serials(ctx, b.Meeting, b.ID)
	} else {
		h.kept, err = s.Store.Fingerprints(ctx, b.Meeting, b.Group)
	}
	return h, err
}

// single holds images before their sides are joined.
func (h holds) single(pages []ballot.SpoolPage) []ballot.SpoolPage {
	return ballot.HoldUnissued(h.forms, pages, h.known)
}

// leaves holds what was scanned before.
func (h holds) leaves(uploads []ballot.Upload, pages []ballot.SpoolPage) []ballot.SpoolPage {
	if h.serial {
		return ballot.HoldUsed(h.forms, uploads, pages, h.known)
	}
	return ballot.HoldTwice(h.forms, uploads, pages, h.kept)
}

// vouch holds the serial that a child read against the meeting's keys. The page keeps a pseudonym, and of the serial
// nothing. One that is forged rejects a page that is not rejected already. Keys that are lost are this machine's
// failure: nothing is read until they are back.
func (s *Service) vouch(page *ballot.SpoolPage, meeting string, forms []ballot.Form, res scans.PageResult) error {
	if res.Identity != string(ballot.Serial) {
		return nil
	}
	at := slices.IndexFunc(forms, func(f ballot.Form) bool { return f.ID == res.Form && f.Identity == ballot.Serial })
	if at < 0 || s.Keys == nil {
		return fmt.Errorf("a page of form %q cannot be checked", res.Form)
	}
	page.Reading.Fingerprint = nil // serials do better
	if res.Serial == "" {
		return nil // rejected, or HoldUnissued rejects it
	}
	keys, err := s.Keys.Of(meeting)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		return fmt.Errorf("serials of meeting %s cannot be checked, put its keys back from a backup: %w", meeting, err)
	}
	if err != nil {
		return err
	}
	serial, forged := keys.Check(&forms[at], res.Page, res.Serial)
	if page.Serial = serial; forged != nil && page.Reading.Rejected == nil {
		page.Reading.Rejected = forged
	}
	return nil
}

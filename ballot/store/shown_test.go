package store_test

import (
	"context"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// closeFlagged closes a batch of leaves of which some pages have flags: by leaf and side.
func closeFlagged(t *testing.T, s *store.Store, id, venue string, flags map[[2]int]string, ballots ...string) {
	t.Helper()
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", []string{venue}))
	c := closing(t, s, formA(t, s, id), ballots...)
	for at, flag := range flags {
		c.Leaves[at[0]].Pages[at[1]].Reading.Flags = []string{flag}
	}
	ok(t, s.CloseBatch(context.Background(), "scan", b.ID, c, noJobs))
}

// pageIDs are the ids of pages, in the order in which they come.
func pageIDs(pages []store.Page) (ids []string) {
	for _, p := range pages {
		ids = append(ids, p.ID)
	}
	return ids
}

// hidden checks that those of all pages that are not shown are to everybody as pages that do not exist, and counts them.
func hidden(t *testing.T, s *store.Store, id string, shown []string) (n int) {
	t.Helper()
	ctx := context.Background()
	_, none := s.Page(ctx, id, "none")
	refused(t, ballot.CodeNotFound, none)
	for _, page := range pageIDs(must[[]store.Page](t)(s.AllPages(ctx, id))) {
		if slices.Contains(shown, page) {
			must[store.Page](t)(s.Page(ctx, id, page))
			continue
		}
		n++
		_, err := s.Page(ctx, id, page)
		for _, err := range []error{err, s.SetAside(ctx, "s1", id, page, true, "写有姓名"), s.Decide(ctx, "s1", id, page, 1, decision("好"), true)} {
			if err == nil || err.Error() != none.Error() {
				t.Errorf("of a page that is held back: %v", err)
			}
		}
	}
	return n
}

// TestPagesBetweenClosings: who lists the pages after each closing learns of which batch those are that people have to look
// at, and of no other.
func TestPagesBetweenClosings(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(30) // two sides
	m.Groups[0].Headcount = map[string]int{"main": 5, "east": 5, "west": 5}
	m.Venues = append(m.Venues, ballot.Venue{Code: "west", Name: "西会场"})
	id := opened(t, s, m)
	good, same, doubtful := "abcdabcdabcdabcdabcdabcdabcdab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "?bcdabcdabcdabcdabcdabcdabcdab"
	for _, venue := range []string{"main", "east"} {
		handCounts(t, s, id, venue, 5)
	}
	list := func() []store.Page { return must[[]store.Page](t)(s.Pages(ctx, id)) }
	heldBack := func() bool { return must[bool](t)(s.HeldBack(ctx, id)) }

	unchecked := map[[2]int]string{{0, 0}: ballot.FlagWritingUnchecked, {0, 1}: ballot.FlagWritingUnchecked, {1, 1}: ballot.FlagWriting}
	closeFlagged(t, s, id, "main", unchecked, good, good, same, good, doubtful)
	first := list()
	if n := hidden(t, s, id, pageIDs(first)); len(first) != 2 || n != 8 || !heldBack() {
		t.Fatalf("%d pages are shown of the first batch, %d held back", len(first), n)
	}
	for _, p := range first {
		if p.Waiting() == 0 && !slices.Contains(p.Flags, ballot.FlagWriting) {
			t.Errorf("nobody has to look at %+v", p)
		}
	}
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("差"), false))
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("好"), false)) // whoever decided may look again
	closeFlagged(t, s, id, "east", nil, good, good, good, good, good)
	if !slices.Equal(pageIDs(list()), pageIDs(first)) || hidden(t, s, id, pageIDs(first)) != 18 || len(must[map[string][]string](t)(s.LeafFlags(ctx, id))) > 0 {
		t.Error("after the second closing the list tells of its sheets")
	}

	// All that was returned is scanned once two persons have counted the third stack and its batch is closed.
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"west"}))
	handCounts(t, s, id, "west", 5)
	ok(t, s.CloseBatch(ctx, "scan", b.ID, closing(t, s, formA(t, s, id), good, good, good, good, good), noJobs))
	all := pageIDs(list())
	if len(all) != 30 || !slices.IsSorted(all) || heldBack() || hidden(t, s, id, all) != 0 || len(must[map[string][]string](t)(s.LeafFlags(ctx, id))) != 1 {
		t.Errorf("after the last closing %d pages are shown", len(all))
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	if len(list()) != 30 {
		t.Error("pages of a balanced meeting are held back")
	}
}

// TestPagesWhileABatchIsOpen: counts by hand that fit before the last batch is closed, as where a venue gave back nothing that
// anybody expected, show no page early; and of a leaf that people speak about all sides are shown.
func TestPagesWhileABatchIsOpen(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(30)
	m.Groups[0].Headcount = map[string]int{"main": 5}
	id := opened(t, s, m)
	good := "abcdabcdabcdabcdabcdabcdabcdab"
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	feed(t, s, id, []string{"main"}, good, good, good, good, "?"+good[1:])
	show := func() int { return len(must[[]store.Page](t)(s.Pages(ctx, id))) }
	if n := show(); n != 1 {
		t.Errorf("%d pages while a batch is open", n)
	}
	ok(t, s.SetAside(ctx, "s1", id, waiting(t, s, id, "s1").Page, true, "写有姓名"))
	if n := show(); n != 2 {
		t.Errorf("%d pages of the leaf that is set aside", n)
	}
	ok(t, s.DiscardBatch(ctx, "scan", b.ID, noJobs))
	if n := show(); n != 10 {
		t.Errorf("%d pages once nothing more comes", n)
	}
}

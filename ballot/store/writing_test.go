package store_test

import (
	"context"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// feedWritten closes a batch of five ballots whose first one bears writing, and returns that page's id.
func feedWritten(t *testing.T, s *store.Store, id string) string {
	t.Helper()
	handCounts(t, s, id, "main", 5)
	c := closing(t, s, formA(t, s, id), "aa", "ab", "aa", "aa", "aa")
	p := &c.Leaves[0].Pages[0]
	p.Reading.Flags, p.Reading.Writing = []string{"name_unread", ballot.FlagWriting}, []ballot.Rect{{X: 20, Y: 30, W: 25.5, H: 6}}
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", []string{"main"}))
	ok(t, s.CloseBatch(context.Background(), "scan", b.ID, c, noJobs))
	return p.ID
}

// TestWritingIsKept: a page says what it bears and where; with the rule flag it counts like any other.
func TestWritingIsKept(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	page := feedWritten(t, s, id)
	p := must[store.Page](t)(s.Page(ctx, id, page))
	if !slices.Contains(p.Flags, ballot.FlagWriting) || len(p.Writing) != 1 || p.Writing[0].W != 25.5 || p.State() != ballot.PageAccepted {
		t.Errorf("the page says %v %v and is %s", p.Flags, p.Writing, p.State())
	}
	if n := must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved; n != 0 {
		t.Errorf("%d wait under the rule flag", n)
	}
}

// TestWritingOnBothSides: nobody says that a leaf counts who was shown the writing of one of its sides alone.
func TestWritingOnBothSides(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(30) // two sides
	m.Rules.Writing = ballot.BallotInvalid
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	good := "abcdabcdabcdabcdabcdabcdabcdab"
	c := closing(t, s, formA(t, s, id), good, good, good, good, good)
	front, back, other := &c.Leaves[0].Pages[0], &c.Leaves[0].Pages[1], &c.Leaves[1].Pages[0]
	for _, p := range []*ballot.ClosedPage{front, back, other} {
		p.Reading.Flags = []string{ballot.FlagWriting}
	}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	if p := must[store.Page](t)(s.Page(ctx, id, front.ID)); !slices.Equal(p.Also, []string{back.ID}) {
		t.Errorf("also written on: %v, want %s", p.Also, back.ID)
	}
	refused(t, ballot.CodeConflict, s.SetAside(ctx, "s1", id, front.ID, false, "折痕"))
	refused(t, ballot.CodeConflict, s.SetAside(ctx, "s1", id, front.ID, false, "折痕", other.ID))
	if p := must[store.Page](t)(s.Page(ctx, id, back.ID)); p.Aside != store.AsideAsked {
		t.Errorf("after one side: %q", p.Aside)
	}
	ok(t, s.SetAside(ctx, "s1", id, front.ID, false, "折痕", back.ID))
	ok(t, s.SetAside(ctx, "s1", id, other.ID, false, "折痕"))
	if n := must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved; n != 0 {
		t.Errorf("%d wait", n)
	}
}

// TestWritingWaitsForPeople: where writing makes a ballot invalid, no machine says so: the leaf waits until
// as many people as the rules ask for have said whether it counts.
func TestWritingWaitsForPeople(t *testing.T) {
	for name, c := range map[string]struct {
		two   bool
		words []bool // of s1, s2: the leaf is set aside
		want  store.Aside
	}{
		"nobody": {false, nil, store.AsideAsked}, "one finds it harmless": {false, []bool{false}, store.Counts},
		"one sets it aside": {false, []bool{true}, store.SetAside}, "one of two finds it harmless": {true, []bool{false}, store.AsideAsked},
		"two find it harmless": {true, []bool{false, false}, store.Counts}, "two set it aside": {true, []bool{true, true}, store.SetAside},
		"two differ": {true, []bool{true, false}, store.AsideAsked},
	} {
		t.Run(name, func(t *testing.T) {
			s, ctx := open(t), context.Background()
			m := draft(2)
			m.Rules.Writing, m.Rules.TwoAdjudicators = ballot.BallotInvalid, c.two
			id := opened(t, s, m)
			page := feedWritten(t, s, id)
			for i, aside := range c.words {
				ok(t, s.SetAside(ctx, []string{"s1", "s2"}[i], id, page, aside, "看过字迹"))
			}
			asked := 0
			for _, p := range must[[]store.Page](t)(s.AllPages(ctx, id)) {
				if p.ID == page && p.Aside != c.want || p.ID != page && p.Aside != store.Counts {
					t.Errorf("page %s (written on: %v): %q", p.ID, p.ID == page, p.Aside)
				}
				if p.Aside == store.AsideAsked {
					asked++
				}
			}
			if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Unresolved != asked {
				t.Errorf("%d wait in the ledger, %d leaves wait", l.Unresolved, asked)
			}
		})
	}
}

package store_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// numbered is an open meeting in serial mode of which some copies are printed.
func numbered(t testing.TB, s *store.Store, copies int) (id string, serials []ballot.Pseudonym) {
	t.Helper()
	m := draft(2)
	m.Rules.Identity = ballot.Serial
	id = opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	serials = issued(t, s, id, copies)
	ok(t, s.Printed(context.Background(), "p1", id, "A", copies, nil, serials...))
	return id, serials
}

func issued(t testing.TB, s *store.Store, id string, copies int) []ballot.Pseudonym {
	t.Helper()
	f := formA(t, s, id)
	k := must[ballot.SerialKeys](t)(ballot.NewSerialKeys(rand.Reader))
	return must[*ballot.Issue](t)(ballot.NewIssue(&f, k, copies, rand.Reader)).Pseudonyms()
}

// fedWith closes a batch of ballots with serials, and with pictures where there is a folder for them.
func fedWith(t testing.TB, s *store.Store, folder, id string, serials []ballot.Pseudonym, ballots ...string) error {
	t.Helper()
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", []string{"main"}))
	c := closing(t, s, formA(t, s, id), ballots...)
	if c.Serials = serials; folder != "" {
		c = withPictures(t, folder, id, c)
	}
	err := s.CloseBatch(context.Background(), "scan", b.ID, c, noJobs)
	if err != nil {
		ok(t, s.DiscardBatch(context.Background(), "scan", b.ID, noJobs))
	}
	return err
}

func TestSerialsAreUsedOnce(t *testing.T) {
	s, ctx := open(t), context.Background()
	id, serials := numbered(t, s, 9)
	if err := fedWith(t, s, "", id, serials[:2], "aa", "ab", "a-"); err == nil || ballot.CodeOf(err) != "" {
		t.Errorf("three leaves with two serials: %v", err)
	}
	refused(t, ballot.CodeConflict, fedWith(t, s, "", id, []ballot.Pseudonym{serials[0], serials[1], "0000"}, "aa", "ab", "a-"))
	if printed, used, err := s.SerialCounts(ctx, id); printed != 9 || used != 0 || err != nil {
		t.Fatalf("%d printed, %d used after batches that were refused, %v", printed, used, err)
	}
	ok(t, fedWith(t, s, "", id, serials[:3], "aa", "ab", "a-"))
	refused(t, ballot.CodeConflict, fedWith(t, s, "", id, serials[2:4], "aa", "ab"))
	ok(t, fedWith(t, s, "", id, serials[3:5], "aa", "ab"))
	if printed, used, err := s.SerialCounts(ctx, id); printed != 9 || used != 5 || err != nil {
		t.Errorf("%d printed, %d used, %v", printed, used, err)
	}
	for _, statement := range []string{"UPDATE serials SET used = 0", "UPDATE serials SET pseudonym = 'x' WHERE used = 0", "UPDATE serials SET meeting = 'x' WHERE used = 0"} {
		if _, err := s.DB().Exec(statement); err == nil || !strings.Contains(err.Error(), "stays so") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func TestSerialsOfABatch(t *testing.T) {
	s, ctx := open(t), context.Background()
	id, serials := numbered(t, s, 9)
	ok(t, fedWith(t, s, "", id, serials[:2], "aa", "ab"))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	u := ballot.Upload{ID: "u", Batch: b.ID, Name: "x", Digest: digest("x"), Pages: 4}
	ok(t, s.AddUpload(ctx, "scan", u, noJobs))
	for i, p := range []ballot.Pseudonym{serials[1], serials[5], "never", ""} {
		ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: "u", Index: i, Batch: b.ID, Serial: p}))
	}
	known := must[map[ballot.Pseudonym]bool](t)(s.Serials(ctx, id, b.ID))
	if len(known) != 2 || !known[serials[1]] || known[serials[5]] {
		t.Errorf("%v", known)
	}
	if pages := must[[]ballot.SpoolPage](t)(s.SpoolPages(ctx, b.ID)); pages[1].Serial != serials[5] || pages[3].Serial != "" {
		t.Errorf("%+v", pages)
	}
}

func TestSerialModeHasNoMaster(t *testing.T) {
	s, ctx := open(t), context.Background()
	id, serials := numbered(t, s, 9)
	refused(t, ballot.CodeState, s.Printed(ctx, "p1", id, "A", 0, nil))
	refused(t, ballot.CodeState, s.Printed(ctx, "p1", id, "A", 5, nil))
	if err := s.Printed(ctx, "p1", id, "A", 2, nil, issued(t, s, id, 3)...); err == nil {
		t.Error("two copies with three serials")
	}
	if err := s.Printed(ctx, "p1", id, "A", 1, nil, serials[0]); err == nil {
		t.Error("a serial was issued twice")
	}
	other := opened(t, s, draft(2))
	if err := s.Printed(ctx, "p1", other, "A", 1, nil, issued(t, s, other, 1)...); err == nil {
		t.Error("a serial in a meeting without")
	}
	if printed := must[map[string]int](t)(s.Prints(ctx, id)); printed["A"] != 9 {
		t.Errorf("printed %v", printed)
	}
}

// More ballots given out than have a serial do not balance, over all venues.
func TestIssuedAreAmongThePrinted(t *testing.T) {
	s, ctx := open(t), context.Background()
	for copies, balances := range map[int]bool{4: false, 5: true, 9: true} {
		id, serials := numbered(t, s, copies)
		if len(serials) >= 5 {
			ok(t, fedWith(t, s, "", id, serials[:5], "aa", "ab", "a-", "bc", "aa"))
		}
		l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
		breaks := slices.ContainsFunc(ballot.Errors(l.Balance()), func(e *ballot.Error) bool { return e.Break.Kind == ballot.BreakPrinted })
		if breaks == balances {
			t.Errorf("%d printed, 5 issued: %v", copies, l.Balance())
		}
		if balances && l.Balance() != nil {
			t.Errorf("%d printed: %v", copies, l.Balance())
		}
	}
}

// Where a ballot is several leaves, each has a serial, and leaves are what is given out.
func TestPrintedLeaves(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(150)
	m.Rules.Identity = ballot.Serial
	id := opened(t, s, m)
	f := formA(t, s, id)
	serials := issued(t, s, id, 12)
	ok(t, s.Printed(ctx, "p1", id, "A", 12, nil, serials...))
	l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
	if n := f.Leaves(); n != 2 || len(serials) != 24 || l.Lines[0].Leaves != n || l.Numbered[0].Leaves != 24 {
		t.Errorf("%d leaves a ballot, %d serials, %+v, %+v", n, len(serials), l.Lines[0], l.Numbered)
	}
}

// A form that was withdrawn takes its serials along.
func TestUnsealingForgetsSerials(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.Identity = ballot.Serial
	id := sealed(t, s, m)
	ok(t, s.Printed(ctx, "p1", id, "A", 3, nil, issued(t, s, id, 3)...))
	must[ballot.Meeting](t)(s.Unseal(ctx, "admin", id))
	if printed, _, err := s.SerialCounts(ctx, id); printed != 0 || err != nil {
		t.Errorf("%d are left, %v", printed, err)
	}
}

// What is kept of serials tells nothing of who was printed when, or of any page.
func TestSerialsStandAlone(t *testing.T) {
	s := open(t)
	id, _ := numbered(t, s, 3)
	more := issued(t, s, id, 40)
	ok(t, s.Printed(context.Background(), "p1", id, "A", 40, nil, more...))
	var columns, rowid string
	ok(t, s.DB().QueryRow("SELECT group_concat(name) FROM pragma_table_info('serials')").Scan(&columns))
	if columns != "meeting,pseudonym,used" {
		t.Errorf("columns %s", columns)
	}
	if err := s.DB().QueryRow("SELECT rowid FROM serials LIMIT 1").Scan(&rowid); err == nil {
		t.Error("serials have row ids: the order in which they were printed")
	}
}

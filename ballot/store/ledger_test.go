package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

func TestTwoPersonsCount(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	key := ballot.LedgerKey{Venue: "main", Group: "A"}
	line := func() ballot.LedgerLine {
		l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
		at := slices.IndexFunc(l.Lines, func(line ballot.LedgerLine) bool { return line.LedgerKey == key })
		return l.Lines[at]
	}
	refused(t, ballot.CodeNotFound, s.ConfirmLedger(ctx, "p2", id, key, ballot.Issued, 5))
	ok(t, s.EnterLedger(ctx, "p1", id, key, ballot.Issued, 5))
	if l := line(); len(l.Typed) != 0 || len(l.Pending) != 5 || l.Expected != 5 {
		t.Fatalf("a number that one person typed: %+v", l)
	}
	refused(t, ballot.CodeSecondPerson, s.ConfirmLedger(ctx, "p1", id, key, ballot.Issued, 5))
	err := s.ConfirmLedger(ctx, "p2", id, key, ballot.Issued, 4)
	refused(t, ballot.CodeConflict, err)
	if e := ballot.Errors(err)[0]; !strings.Contains(e.Chinese, "主会场 A票“发出”") || !strings.Contains(e.English, "issued of venue 主会场 group A") {
		t.Errorf("%q, %q", e.Chinese, e.English)
	}
	if len(line().Typed) != 0 {
		t.Fatal("a confirmation that differs confirmed something")
	}
	ok(t, s.ConfirmLedger(ctx, "p2", id, key, ballot.Issued, 5))
	if l := line(); l.Typed[ballot.Issued] != 5 || slices.Contains(l.Pending, ballot.Issued) {
		t.Fatalf("confirmed: %+v", l)
	}
	ok(t, s.EnterLedger(ctx, "p2", id, key, ballot.Issued, 6))
	if _, known := line().Typed[ballot.Issued]; known {
		t.Fatal("a changed number kept its confirmation")
	}
	list := must[[]ballot.LedgerEntry](t)(s.LedgerEntries(ctx, id))
	if len(list) != 1 || list[0].Value != 6 || list[0].EnteredBy != "p2" || list[0].ConfirmedBy != "" {
		t.Fatalf("entries %+v", list)
	}
}

func TestLedgerRefuses(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	single := draft(2)
	single.Rules.Form, single.Rules.SameGrade, single.Rules.WhollyBlank = ballot.SingleForm, ballot.Flag, ballot.Valid
	one := opened(t, s, single)
	closed := sealed(t, s, draft(2))
	cases := []struct {
		name, meeting string
		key           ballot.LedgerKey
		field         ballot.LedgerField
		value         int
		code          ballot.Code
	}{
		{"not open", closed, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Issued, 1, ballot.CodeState},
		{"no meeting", "none", ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Issued, 1, ballot.CodeNotFound},
		{"no venue", id, ballot.LedgerKey{Venue: "west", Group: "A"}, ballot.Issued, 1, ballot.CodeNotFound},
		{"no group", id, ballot.LedgerKey{Venue: "main", Group: "Z"}, ballot.Issued, 1, ballot.CodeNotFound},
		{"excluded", id, ballot.LedgerKey{Venue: "main", Group: "党务工作者"}, ballot.Issued, 1, ballot.CodeExcluded},
		{"not the code", id, ballot.LedgerKey{Venue: "main", Group: "工委委员"}, ballot.Issued, 1, ballot.CodeInvalid},
		{"field", id, ballot.LedgerKey{Venue: "main", Group: "A"}, "scanned", 1, ballot.CodeInvalid},
		{"negative", id, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Issued, -1, ballot.CodeInvalid},
		{"subject on a roster form", id, ballot.LedgerKey{Venue: "main", Group: "A", Subject: 1}, ballot.Issued, 1, ballot.CodeInvalid},
		{"unknown subject", one, ballot.LedgerKey{Venue: "main", Group: "A", Subject: 9}, ballot.Issued, 1, ballot.CodeInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			refused(t, c.code, s.EnterLedger(ctx, "p1", c.meeting, c.key, c.field, c.value))
			refused(t, c.code, s.ConfirmLedger(ctx, "p2", c.meeting, c.key, c.field, c.value))
			if n := len(must[[]ballot.LedgerEntry](t)(s.LedgerEntries(ctx, c.meeting))); n != 0 {
				t.Errorf("%d numbers were kept", n)
			}
		})
	}
	typed(t, s, one, ballot.LedgerKey{Venue: "east", Group: "A", Subject: 2}, ballot.Returned, 0)
	if n := len(must[ballot.Ledger](t)(s.Ledger(ctx, one)).Lines); n != 4 {
		t.Errorf("%d lines for two subjects at two venues", n)
	}
}

func TestPrinted(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", m)).ID
	refused(t, ballot.CodeState, s.Printed(ctx, "print", id, "A", 5, nil))
	id = opened(t, s, m)
	refused(t, ballot.CodeExcluded, s.Printed(ctx, "print", id, "党务工作者", 5, nil))
	refused(t, ballot.CodeNotFound, s.Printed(ctx, "print", id, "B", 5, nil))
	for copies, spares := range []int{0, 0, 3, 13} { // nine are expected
		ok(t, s.Printed(ctx, "print", id, "工委委员", []int{0, 9, 3, 10}[copies], nil))
		if got := must[ballot.Ledger](t)(s.Ledger(ctx, id)).Lines[0].Spares; got != spares {
			t.Errorf("after run %d: %d spares, want %d", copies, got, spares)
		}
	}
}

// TestVenuesShareSpares: what is printed beyond those expected is there once for all venues, and a person has one ballot.
func TestVenuesShareSpares(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	ok(t, s.Printed(ctx, "print", id, "A", 11, nil)) // nine are expected
	for venue, people := range map[string]int{"main": 5, "east": 4} {
		handCounts(t, s, id, venue, people)
		key := ballot.LedgerKey{Venue: venue, Group: "A"}
		typed(t, s, id, key, ballot.Issued, people+2)
		typed(t, s, id, key, ballot.Spoiled, 2)
	}
	feed(t, s, id, []string{"main"}, "aa", "ab", "aa", "ab", "bb")
	feed(t, s, id, []string{"east"}, "aa", "ab", "ba", "bb")
	broken := func(kind ballot.BreakKind, venue string) {
		t.Helper()
		_, err := s.Balance(ctx, "s1", id)
		if all := ballot.Errors(err); len(all) != 1 || all[0].Code != ballot.CodeUnbalanced || all[0].Break == nil || *all[0].Break != (ballot.Break{Kind: kind, LedgerKey: ballot.LedgerKey{Venue: venue, Group: "A"}}) {
			t.Fatalf("balancing says %v, want %s", err, kind)
		}
	}
	broken(ballot.BreakSpares, "")
	ok(t, s.Printed(ctx, "print", id, "A", 2, nil))
	typed(t, s, id, ballot.LedgerKey{Venue: "east", Group: "A"}, ballot.Present, 3)
	typed(t, s, id, ballot.LedgerKey{Venue: "east", Group: "A"}, ballot.Issued, 5)
	typed(t, s, id, ballot.LedgerKey{Venue: "east", Group: "A"}, ballot.Spoiled, 1)
	broken(ballot.BreakSurplus, "east")
	typed(t, s, id, ballot.LedgerKey{Venue: "east", Group: "A"}, ballot.Present, 4)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
}

// TestNumbersMeet follows a number into the ledger from each of its sources.
func TestNumbersMeet(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
	if len(l.Scanned) != 1 || l.Scanned[0] != (ballot.ScannedCount{Venues: "main", Group: "A", Leaves: 5}) || l.Unresolved != 1 {
		t.Errorf("scanned %+v, %d wait", l.Scanned, l.Unresolved)
	}
	if len(l.Valid) != 1 || l.Valid[0].Leaves != 4 {
		t.Errorf("valid %+v: a leaf that waits must not be in it", l.Valid)
	}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Unresolved != 2 {
		t.Errorf("%d wait beside an open batch", l.Unresolved)
	}
	ok(t, s.DiscardBatch(ctx, "scan", b.ID, noJobs))
	handCounts(t, s, id, "east", 4)
	b = must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	c := closing(t, s, formA(t, s, id), "aa", "bb", "cc")
	c.Scanned[0].Leaves, c.Void = 4, []ballot.GroupCount{{Group: "A", Leaves: 1}}
	c.Rejected = map[ballot.RejectReason]int{ballot.RejectNoCode: 2}
	refused(t, ballot.CodeSecondPerson, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	c.Vouched = ballot.Vouching{By: "s1", Leaves: 1, Reason: "撕破"}
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	l = must[ballot.Ledger](t)(s.Ledger(ctx, id))
	if len(l.Invalid) != 1 || l.Invalid[0].Leaves != 1 || l.Valid[0].Leaves != 7 {
		t.Errorf("valid %+v, invalid %+v", l.Valid, l.Invalid)
	}
	if err := l.Balance(); ballot.CodeOf(err) == "" {
		t.Error("the ledger balances while a row waits")
	}
}

// TestPackets: on single forms a count of whole packets is one of every subject's line, by two persons too, and a
// subject's own line may then be put right.
func TestPackets(t *testing.T) {
	s, ctx := open(t), context.Background()
	single := draft(3)
	single.Rules.Form, single.Rules.SameGrade, single.Rules.WhollyBlank = ballot.SingleForm, ballot.Flag, ballot.Valid
	id := opened(t, s, single)
	packets, own := ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.LedgerKey{Venue: "main", Group: "A", Subject: 2}
	ok(t, s.EnterLedger(ctx, "p1", id, packets, ballot.Issued, 5))
	ok(t, s.EnterLedger(ctx, "p1", id, own, ballot.Issued, 4))
	refused(t, ballot.CodeConflict, s.ConfirmLedger(ctx, "p2", id, packets, ballot.Issued, 5))
	for _, l := range must[ballot.Ledger](t)(s.Ledger(ctx, id)).Lines {
		if len(l.Typed) != 0 {
			t.Fatalf("a refused confirmation is kept: %+v", l)
		}
	}
	ok(t, s.EnterLedger(ctx, "p1", id, packets, ballot.Issued, 5))
	ok(t, s.ConfirmLedger(ctx, "p2", id, packets, ballot.Issued, 5))
	ok(t, s.EnterLedger(ctx, "p1", id, own, ballot.Issued, 4))
	ok(t, s.ConfirmLedger(ctx, "p2", id, own, ballot.Issued, 4))
	for _, l := range must[ballot.Ledger](t)(s.Ledger(ctx, id)).Lines {
		if want := map[int]int{1: 5, 2: 4, 3: 5}[l.Subject]; l.Venue == "main" && l.Typed[ballot.Issued] != want {
			t.Errorf("subject %d: %v issued, want %d", l.Subject, l.Typed, want)
		}
	}
}

// TestSecondCountIsBlind: the record tells no number that waits, three counts of an account that differ are all, over
// packets and subjects together, and that two counts differ stands until the number is entered anew or confirmed.
func TestSecondCountIsBlind(t *testing.T) {
	s, ctx := open(t), context.Background()
	single := draft(5)
	single.Rules.Form, single.Rules.SameGrade, single.Rules.WhollyBlank = ballot.SingleForm, ballot.Flag, ballot.Valid
	id := opened(t, s, single)
	packets := ballot.LedgerKey{Venue: "main", Group: "A"}
	of := func(subject int) ballot.LedgerKey { k := packets; k.Subject = subject; return k }
	differ := func(who string, key ballot.LedgerKey, n int) {
		t.Helper()
		before := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]
		refused(t, ballot.CodeConflict, s.ConfirmLedger(ctx, who, id, key, ballot.Issued, n))
		if now := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]; now.ID != before.ID+1 || now.Act != "differ_ledger" || now.Actor != who {
			t.Fatalf("a count that differs is recorded as %+v", now)
		}
	}
	differing := func() (subjects []int) {
		for _, e := range must[[]ballot.LedgerEntry](t)(s.LedgerEntries(ctx, id)) {
			if e.Differs {
				subjects = append(subjects, e.Subject)
			}
		}
		slices.Sort(subjects)
		return subjects
	}
	tooOften := func(who string, key ballot.LedgerKey, n int) {
		t.Helper()
		before := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]
		err := s.ConfirmLedger(ctx, who, id, key, ballot.Issued, n)
		if refused(t, ballot.CodeConflict, err); !strings.Contains(err.Error(), "differed 3 times") {
			t.Fatalf("the fourth count: %v", err)
		}
		if now := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]; now.ID != before.ID {
			t.Errorf("recorded %+v", now)
		}
	}
	ok(t, s.EnterLedger(ctx, "p1", id, packets, ballot.Issued, 7531))
	differ("p2", of(1), 1)
	differ("p2", of(2), 2)
	if got := differing(); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("counts of subjects %v differ", got)
	}
	differ("p2", packets, 3)
	if got := differing(); !slices.Equal(got, []int{1, 2, 3, 4, 5}) {
		t.Errorf("counts of subjects %v differ", got)
	}
	tooOften("p2", of(4), 7531) // the right one too: else it would be a guess
	tooOften("p2", packets, 7531)
	number := regexp.MustCompile(`(^|[^0-9A-Za-z+/=])7531([^0-9A-Za-z+/=]|$)`) // keys and digests have such digits, too
	for _, a := range must[[]store.Act](t)(s.AllActs(ctx, store.ActFilter{Limit: 100})) {
		if number.MatchString(a.Detail) {
			t.Errorf("the record tells what waits: %+v", a)
		}
	}
	ok(t, s.ConfirmLedger(ctx, "s1", id, of(1), ballot.Issued, 7531)) // another account counts for itself
	ok(t, s.EnterLedger(ctx, "p1", id, of(2), ballot.Issued, 7532))
	if got := differing(); !slices.Equal(got, []int{3, 4, 5}) {
		t.Errorf("counts of subjects %v differ", got)
	}
	tooOften("p2", of(3), 7531) // entered anew was another
	ok(t, s.ConfirmLedger(ctx, "p2", id, of(2), ballot.Issued, 7532))
	ok(t, s.EnterLedger(ctx, "p1", id, packets, ballot.Issued, 7531))
	if got := differing(); len(got) != 0 {
		t.Errorf("entered anew, counts of subjects %v differ", got)
	}
	ok(t, s.ConfirmLedger(ctx, "p2", id, packets, ballot.Issued, 7531))
	if a := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]; a.Act != "confirm_ledger" || !strings.HasSuffix(a.Detail, "发出 7531") || !number.MatchString(a.Detail) {
		t.Errorf("record %+v", a)
	}
}

// Somebody who had no answer asks again: nothing is recorded twice, and no confirmation is lost.
func TestAskedAgain(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	key := ballot.LedgerKey{Venue: "main", Group: "A"}
	ok(t, s.EnterLedger(ctx, "p1", id, key, ballot.Issued, 5))
	ok(t, s.ConfirmLedger(ctx, "p2", id, key, ballot.Issued, 5))
	ok(t, s.EnterLedger(ctx, "p1", id, key, ballot.Issued, 5))
	ok(t, s.ConfirmLedger(ctx, "p2", id, key, ballot.Issued, 5))
	if e := must[[]ballot.LedgerEntry](t)(s.LedgerEntries(ctx, id)); len(e) != 1 || e[0].ConfirmedBy != "p2" {
		t.Errorf("entries %+v", e)
	}
	none, nine := 0, 9
	printed := func(want int) {
		t.Helper()
		if n := must[map[string]int](t)(s.Prints(ctx, id))["A"]; n != want {
			t.Errorf("%d copies are recorded, want %d", n, want)
		}
	}
	ok(t, s.Printed(ctx, "p1", id, "A", 9, &none))
	ok(t, s.Printed(ctx, "p1", id, "A", 9, &none))
	printed(9)
	refused(t, ballot.CodeConflict, s.Printed(ctx, "p2", id, "A", 9, &none)) // another person's nine are others
	refused(t, ballot.CodeConflict, s.Printed(ctx, "p1", id, "A", 8, &none))
	ok(t, s.Printed(ctx, "p2", id, "A", 3, &nine))
	refused(t, ballot.CodeConflict, s.Printed(ctx, "p1", id, "A", 9, &none))
	printed(12)
}

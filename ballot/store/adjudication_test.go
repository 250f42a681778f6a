package store_test

import (
	"context"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

func decision(grade string) ballot.Decision {
	return ballot.Decision{Kind: ballot.IsGrade, Grade: grade, Reason: "看得清"}
}

func TestDecide(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "a?", "aa", "aa", "aa")
	row := waiting(t, s, id, "s1")
	if row.Subject != 2 || row.Group != "A" || row.Machine.Kind != ballot.IsUnclear || len(row.Scores) != 4 || row.Scores[0].Ink != 3.25 {
		t.Fatalf("the queue gives %+v", row)
	}
	refused(t, ballot.CodeInvalid, s.Decide(ctx, "s1", id, row.Page, 2, decision("优秀"), false))
	refused(t, ballot.CodeInvalid, s.Decide(ctx, "s1", id, row.Page, 2, ballot.Decision{Kind: ballot.IsUnclear}, false))
	refused(t, ballot.CodeInvalid, s.Decide(ctx, "s1", id, row.Page, 1, decision("好"), false)) // it was read clearly
	refused(t, ballot.CodeNotFound, s.Decide(ctx, "s1", id, row.Page, 3, decision("好"), false))
	refused(t, ballot.CodeNotFound, s.Decide(ctx, "s1", id, "none", 2, decision("好"), false))
	refused(t, ballot.CodeNotFound, s.Decide(ctx, "s1", opened(t, s, draft(2)), row.Page, 2, decision("好"), false))

	forged := decision("好")
	forged.By, forged.Verdict = "s9", ballot.Verdict{Kind: ballot.IsGrade, Grade: "好"}
	ok(t, s.Decide(ctx, "s1", id, row.Page, 2, forged, false))
	ok(t, s.Decide(ctx, "s1", id, row.Page, 2, decision("差"), false)) // undoing is deciding again
	p := must[store.Page](t)(s.Page(ctx, id, row.Page))
	if got := p.Rows[1]; len(got.Decisions) != 2 || got.Decisions[0].Grade != "好" || !got.Resolved || got.Verdict.Grade != "差" || got.Machine.Kind != ballot.IsUnclear || len(got.Scores) != 4 {
		t.Fatalf("decided %+v", got)
	}
	if d := p.Rows[1].Decisions[0]; d.By != "s1" || d.Verdict.Kind != ballot.IsUnclear {
		t.Errorf("the decision says %+v: who decided, and what the machine said, are not the caller's to say", d)
	}
	if p.State() != ballot.PageAdjudicated || p.Waiting() != 0 {
		t.Errorf("the page is %s, %d wait", p.State(), p.Waiting())
	}
	_, err := s.Page(ctx, id, "none")
	refused(t, ballot.CodeNotFound, err)
	_, err = s.Page(ctx, opened(t, s, draft(2)), row.Page)
	refused(t, ballot.CodeNotFound, err)
}

// TestTwoAdjudicators: two different people must agree; while they differ, both are asked again.
func TestTwoAdjudicators(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.TwoAdjudicators = true
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "a?", "aa", "aa", "aa")
	asked := func(person string) int {
		rows, n, err := s.Queue(ctx, person, id, 10, anyRow)
		ok(t, err)
		if len(rows) > n.Rows {
			t.Fatalf("%d rows of %d", len(rows), n.Rows)
		}
		return len(rows)
	}
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, 2, decision("好"), false))
	if asked("s1") != 0 || asked("s2") != 1 {
		t.Fatal("the first person is asked again, or the second is not")
	}
	ok(t, s.Decide(ctx, "s2", id, row.Page, 2, decision("差"), false))
	if asked("s1") != 1 || asked("s2") != 1 || must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved != 1 {
		t.Fatal("two different decisions resolved the row")
	}
	ok(t, s.Decide(ctx, "s1", id, row.Page, 2, decision("差"), false))
	if asked("s1") != 0 || must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved != 0 {
		t.Fatal("two equal decisions did not resolve the row")
	}

	// The same for a whole leaf.
	page := func() store.Page { return must[store.Page](t)(s.Page(ctx, id, row.Page)) }
	ok(t, s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名"))
	if p := page(); p.Aside != store.AsideAsked || p.State() != ballot.PageRead || must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved != 1 {
		t.Fatalf("one of two: %+v", p)
	}
	ok(t, s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名"))
	if page().Aside != store.AsideAsked {
		t.Fatal("one person was counted twice")
	}
	ok(t, s.SetAside(ctx, "s2", id, row.Page, true, "写有姓名"))
	if p := page(); p.State() != ballot.PageSetAside {
		t.Fatalf("two agree: %+v", p)
	}
	ok(t, s.SetAside(ctx, "s2", id, row.Page, false, "不是姓名"))
	if page().Aside != store.AsideAsked {
		t.Fatal("they differ, and it is settled")
	}
	ok(t, s.SetAside(ctx, "s1", id, row.Page, false, "不是姓名"))
	if page().Aside != store.Counts {
		t.Fatal("both took it back")
	}
}

func TestSetAside(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(30)) // two sides
	handCounts(t, s, id, "main", 5)
	good, doubtful := "abcdabcdabcdabcdabcdabcdabcdab", "?bcdabcdabcdabcdabcdabcdabcdab"
	feed(t, s, id, []string{"main"}, good, good, good, good, doubtful)
	row := waiting(t, s, id, "s1")
	refused(t, ballot.CodeInvalid, s.SetAside(ctx, "s1", id, row.Page, true, " "))
	refused(t, ballot.CodeNotFound, s.SetAside(ctx, "s1", id, "none", true, "写有姓名"))
	ok(t, s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名"))

	aside := 0
	for _, p := range must[[]store.Page](t)(s.AllPages(ctx, id)) {
		if p.State() == ballot.PageSetAside {
			aside++
		}
	}
	rows, n, err := s.Queue(ctx, "s1", id, 10, anyRow)
	ok(t, err)
	l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
	if aside != 2 || len(rows) != 0 || n.Rows != 0 || l.Unresolved != 0 || l.Valid[0].Leaves != 4 || l.Invalid[0].Leaves != 1 {
		t.Fatalf("%d sides are aside, %d rows wait, ledger %+v", aside, n.Rows, l)
	}
	ok(t, s.SetAside(ctx, "s1", id, row.Page, false, "不是姓名"))
	if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Unresolved != 1 || l.Valid[0].Leaves != 4 || len(l.Invalid) != 0 {
		t.Fatalf("taken back: %+v", l)
	}
}

// TestQueueIsShuffled: the order of the queue is drawn anew, so it tells nothing and two people rarely
// meet on one row.
func TestQueueIsShuffled(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "??", "??", "??", "??", "??")
	seen := map[string]bool{}
	for range 60 {
		rows, n, err := s.Queue(ctx, "s1", id, 3, anyRow)
		ok(t, err)
		if len(rows) != 3 || n.Rows != 10 {
			t.Fatalf("%d of %d rows", len(rows), n.Rows)
		}
		seen[rows[0].Page] = true
	}
	if len(seen) < 4 { // all five, but for some 1 in 100,000 runs; fewer than four in 1 of 10^12
		t.Errorf("60 queues began with %d pages of 5", len(seen))
	}
}

// TestAlteredByRule: a rule that makes altered rows invalid needs no person.
func TestAlteredByRule(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.Altered = ballot.RowInvalid
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	c := closing(t, s, formA(t, s, id), "aa", "a?", "aa", "aa", "aa")
	c.Leaves[1].Pages[0].Verdicts[1].Reason = ballot.ReasonAltered
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	pages := must[[]store.Page](t)(s.Pages(ctx, id))
	if slices.ContainsFunc(pages, func(p store.Page) bool { return p.Waiting() > 0 }) || must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved != 0 {
		t.Error("an altered row waits although the rules settle it")
	}
	for _, p := range pages {
		for _, r := range p.Rows {
			refused(t, ballot.CodeInvalid, s.Decide(ctx, "s1", id, p.ID, r.Subject, decision("好"), true))
		}
	}
}

// TestQueueAsksBeforeItGives: a row that somebody else has in hand is not given, and how many more people a
// row needs is told.
func TestQueueAsksBeforeItGives(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.TwoAdjudicators = true
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "??", "aa", "aa", "aa", "aa")
	ok(t, s.Decide(ctx, "s1", id, waiting(t, s, id, "s1").Page, 1, decision("好"), false))
	wanted := map[int]int{}
	rows, n, err := s.Queue(ctx, "s2", id, 10, func(_ string, subject, more int) bool { wanted[subject] = more; return subject == 2 })
	ok(t, err)
	if len(rows) != 1 || rows[0].Subject != 2 || n != (store.Waiting{Rows: 2}) || wanted[1] != 1 || wanted[2] != 2 {
		t.Fatalf("gave %+v, %+v, wanted %v", rows, n, wanted)
	}
}

// TestDisputes: who differs is told what each said, others are asked without being told, and a row that was settled
// is changed only by who means to.
func TestDisputes(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "a?", "aa", "aa", "aa")
	page := waiting(t, s, id, "s1").Page
	ok(t, s.Decide(ctx, "s1", id, page, 2, decision("好"), false))
	refused(t, ballot.CodeConflict, s.Decide(ctx, "s2", id, page, 2, decision("差"), false))
	if _, n, err := s.Queue(ctx, "s2", id, 10, anyRow); err != nil || n != (store.Waiting{Decided: 1}) {
		t.Fatalf("one person settled the row: %+v, %v", n, err)
	}
	ok(t, s.Decide(ctx, "s2", id, page, 2, decision("差"), true))
	for _, person := range []string{"s1", "s2", "s3"} {
		asked := 0
		rows, n, err := s.Queue(ctx, person, id, 10, func(_ string, _, wanted int) bool { asked = wanted; return true })
		ok(t, err)
		if len(rows) != 1 || !rows[0].Dispute || n != (store.Waiting{Rows: 1, Disputed: 1}) {
			t.Fatalf("%s is asked about %+v, %+v", person, rows, n)
		}
		switch told := rows[0].Disputed; {
		case person == "s3" && (told != nil || asked != 1):
			t.Errorf("who is to settle it is told %+v; %d are asked", told, asked)
		case person != "s3" && (asked != 0 || len(told) != 2 || told[0].Grade != "好" || told[1].Grade != "差"):
			t.Errorf("the dispute is told as %+v", told)
		}
	}
	ok(t, s.Decide(ctx, "s2", id, page, 2, decision("好"), false))
	list := must[[]store.Decided](t)(s.Decisions(ctx, id))
	if len(list) != 1 || !list[0].Resolved || list[0].Verdict.Grade != "好" || len(list[0].Decisions) != 3 || list[0].Machine.Kind != ballot.IsUnclear {
		t.Errorf("decided rows %+v", list)
	}
}

// TestThirdSettles: where two differ and the account of one is closed, a third settles the row, and the leaf: what
// the other has said still counts as said. No row of the meeting waits for somebody who is not there.
func TestThirdSettles(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.TwoAdjudicators = true
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feed(t, s, id, []string{"main"}, "aa", "a?", "aa", "aa", "aa")
	page := waiting(t, s, id, "s1").Page
	ok(t, s.Decide(ctx, "s1", id, page, 2, decision("好"), false))
	ok(t, s.Decide(ctx, "s2", id, page, 2, decision("差"), false))
	ok(t, s.SetAside(ctx, "s1", id, page, true, "写有姓名"))
	ok(t, s.SetAside(ctx, "s2", id, page, false, "不是姓名"))
	ok(t, s.UpdateUser(ctx, "admin", must[store.User](t)(s.User(ctx, "s2")), store.User{Name: "s2", Role: ballot.RoleScrutineer, Disabled: true}))
	unresolved := func() int { return must[ballot.Ledger](t)(s.Ledger(ctx, id)).Unresolved }
	if unresolved() != 1 { // a leaf of which nobody knows whether it counts waits as a whole
		t.Fatal("two who differ settled something")
	}
	ok(t, s.SetAside(ctx, "s3", id, page, false, "不是姓名"))
	if p := must[store.Page](t)(s.Page(ctx, id, page)); p.Aside != store.Counts || unresolved() != 1 {
		t.Fatalf("two of three say that the leaf counts: %+v", p)
	}
	ok(t, s.Decide(ctx, "s3", id, page, 2, decision("一般"), false))
	if unresolved() != 1 {
		t.Fatal("three who all differ settled the row")
	}
	ok(t, s.Decide(ctx, "s3", id, page, 2, decision("差"), false))
	p := must[store.Page](t)(s.Page(ctx, id, page))
	if p.Rows[1].Verdict.Grade != "差" || unresolved() != 0 {
		t.Fatalf("a third did not settle the row: %+v", p.Rows[1])
	}
	if list := must[[]store.Decided](t)(s.Decisions(ctx, id)); list[0].Disputed || len(list[0].Decisions) != 4 {
		t.Errorf("it is listed as %+v", list[0])
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
}

// TestLeafFlags: a rule about a whole ballot flags the leaf once all its rows are settled.
func TestLeafFlags(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "ab", "a?", "aa", "ab", "ab")
	if early := must[map[string][]string](t)(s.LeafFlags(ctx, id)); len(early) > 0 {
		t.Errorf("while another batch may come: %v", early)
	}
	handCounts(t, s, id, "east", 0)
	flags := must[map[string][]string](t)(s.LeafFlags(ctx, id))
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, 2, decision("好"), false))
	after := must[map[string][]string](t)(s.LeafFlags(ctx, id))
	leaf := must[store.Page](t)(s.Page(ctx, id, row.Page)).Leaf
	if len(flags) != 1 || len(after) != 2 || !slices.Equal(after[leaf], []string{"same_grade"}) {
		t.Errorf("flags %v, then %v", flags, after)
	}
}

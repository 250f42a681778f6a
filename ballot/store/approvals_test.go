package store_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/tally"
)

// counted is a meeting with nine ballots and nothing left to decide.
func counted(t *testing.T, s *store.Store) string {
	t.Helper()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "da")
	feed(t, s, id, []string{"east"}, "aa", "xb", "dd", "ab")
	return id
}

func state(t *testing.T, s *store.Store, id string, want ballot.State) {
	t.Helper()
	if got := must[ballot.Meeting](t)(s.Meeting(context.Background(), id)).State; got != want {
		t.Fatalf("the meeting is %s, want %s", got, want)
	}
}

func TestBalance(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	_, err := s.Result(ctx, id)
	refused(t, ballot.CodeNotReleased, err)
	_, err = s.Balance(ctx, "s1", id)
	refused(t, ballot.CodeUnbalanced, err) // nobody counted
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	_, err = s.Balance(ctx, "s1", id)
	refused(t, ballot.CodeUnbalanced, err) // nothing was scanned
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	feed(t, s, id, []string{"east"}, "aa", "xb", "dd", "ab")
	_, err = s.Balance(ctx, "s1", id)
	if !slices.ContainsFunc(ballot.Errors(err), func(e *ballot.Error) bool { return e.Code == ballot.CodeUnresolved }) {
		t.Fatalf("a row waits, and balancing says %v", err)
	}
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, ballot.Decision{Kind: ballot.IsBlank, Reason: "空白"}, false))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	_, err = s.Balance(ctx, "s1", id)
	if err == nil {
		t.Fatal("it balances beside an open batch")
	}
	ok(t, s.DiscardBatch(ctx, "scan", b.ID, noJobs))
	state(t, s, id, ballot.Open)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	state(t, s, id, ballot.Balanced)
	if r, err := s.Result(ctx, id); err != nil || r.Total.Valid != 9 || r.Subjects[0].Overall.Blank != 1 {
		t.Fatalf("preview %+v, %v", r, err)
	}

	// Nothing changes while the meeting is balanced.
	key := ballot.LedgerKey{Venue: "main", Group: "A"}
	refused(t, ballot.CodeState, s.EnterLedger(ctx, "p1", id, key, ballot.Returned, 4))
	refused(t, ballot.CodeState, s.ConfirmLedger(ctx, "p2", id, key, ballot.Returned, 5))
	refused(t, ballot.CodeState, s.Decide(ctx, "s1", id, row.Page, row.Subject, ballot.Decision{Kind: ballot.IsOvervote}, false))
	refused(t, ballot.CodeState, s.SetAside(ctx, "s1", id, row.Page, true, "理由"))
	refused(t, ballot.CodeState, s.Printed(ctx, "print", id, "A", 1, nil))
	_, err = s.OpenBatch(ctx, "scan", id, "A", []string{"main"})
	refused(t, ballot.CodeState, err)
}

func TestFromBalancedToArchived(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := counted(t, s)
	_, err := s.Certify(ctx, "s1", id, "无误")
	refused(t, ballot.CodeState, err)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	first := must[store.Signed](t)(s.Certify(ctx, "s1", id, "无误"))
	if first.Done || first.State != ballot.Balanced || !slices.Equal(first.By, []string{"s1"}) {
		t.Fatalf("one signature: %+v", first)
	}
	if by := must[map[string][]string](t)(s.Signatures(ctx, id)); len(by) != 1 || !slices.Equal(by["certify"], []string{"s1"}) {
		t.Errorf("signatures %v", by)
	}
	_, err = s.Certify(ctx, "s1", id, "无误")
	refused(t, ballot.CodeSecondPerson, err)
	state(t, s, id, ballot.Balanced)

	// Going back to open voids the first signature.
	must[ballot.Meeting](t)(s.BackToOpen(ctx, "s1", id, "再查"))
	_, err = s.BackToOpen(ctx, "s1", id, "再查")
	refused(t, ballot.CodeState, err)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	if got := must[store.Signed](t)(s.Certify(ctx, "s2", id, "无误")); got.Done {
		t.Fatal("a signature outlived the numbers that it was for")
	}
	if got := must[store.Signed](t)(s.Certify(ctx, "s1", id, "无误")); !got.Done || got.State != ballot.Certified || len(got.By) != 2 {
		t.Fatalf("certified: %+v", got)
	}
	_, err = s.BackToOpen(ctx, "s1", id, "再查")
	refused(t, ballot.CodeState, err)
	_, err = s.Archive(ctx, "c1", id, "2027-03-01")
	refused(t, ballot.CodeState, err)

	if got := must[store.Signed](t)(s.Release(ctx, "c1", id, "无误")); got.Done || got.State != ballot.Certified {
		t.Fatalf("one signature released: %+v", got)
	}
	_, err = s.Release(ctx, "c1", id, "无误")
	refused(t, ballot.CodeSecondPerson, err)
	if got := must[store.Signed](t)(s.Release(ctx, "c2", id, "无误")); !got.Done {
		t.Fatalf("released: %+v", got)
	}
	_, err = s.Reopen(ctx, "s1", id, "理由")
	refused(t, ballot.CodeState, err)
	exported(t, s, id)
	if m := must[ballot.Meeting](t)(s.Archive(ctx, "c1", id, "2027-03-01")); m.State != ballot.Archived {
		t.Fatal(m.State)
	}
	if r, err := s.Result(ctx, id); err != nil || r.Total.Valid != 9 {
		t.Fatalf("archived result %v", err)
	}
	var details []string
	for _, a := range must[[]store.Act](t)(s.Acts(ctx, id, 0, 8)) {
		details = append(details, a.Act+" "+a.Detail+" "+a.Actor)
	}
	if want := []string{"archive ballots to be destroyed on 2027-03-01 c1", "download_records SHA-256 ab c1", "export_records 2/2 同意 c2", "export_records 1/2 存档 c1", "release 2/2 无误 c2", "release 1/2 无误 c1", "certify 2/2 无误 s1", "certify 1/2 无误 s2"}; !slices.Equal(details, want) {
		t.Errorf("record %q", details)
	}
}

func TestReopenKeepsWhatWasCertified(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := counted(t, s)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	before, err := s.Result(ctx, id)
	ok(t, err)
	_, err = s.Reopen(ctx, "s1", id, " ")
	refused(t, ballot.CodeInvalid, err)
	must[store.Signed](t)(s.Reopen(ctx, "s1", id, "东会场漏计一票"))
	state(t, s, id, ballot.Certified)
	_, err = s.Reopen(ctx, "s1", id, "东会场漏计一票")
	refused(t, ballot.CodeSecondPerson, err)
	if got := must[store.Signed](t)(s.Reopen(ctx, "s2", id, "东会场漏计一票")); !got.Done || got.State != ballot.Open {
		t.Fatalf("reopened: %+v", got)
	}
	_, err = s.Result(ctx, id)
	refused(t, ballot.CodeNotReleased, err)

	page := must[[]store.Page](t)(s.Pages(ctx, id))[0]
	ok(t, s.SetAside(ctx, "s1", id, page.ID, true, "写有姓名"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	after, err := s.Result(ctx, id)
	ok(t, err)
	if before.Total.Valid != 9 || after.Total.Valid != 8 || after.Total.Invalid != 1 {
		t.Errorf("certified %+v, then %+v", before.Total, after.Total)
	}
	rows, err := s.DB().Query("SELECT number, body FROM results ORDER BY number")
	ok(t, err)
	defer rows.Close()
	var numbers, valid []int
	for rows.Next() {
		var n int
		var body string
		ok(t, rows.Scan(&n, &body))
		var r tally.Result
		ok(t, json.Unmarshal([]byte(body), &r))
		numbers, valid = append(numbers, n), append(valid, r.Total.Valid)
	}
	if !slices.Equal(numbers, []int{1, 2}) || !slices.Equal(valid, []int{9, 8}) {
		t.Errorf("kept results %v with %v valid ballots", numbers, valid)
	}
}

// TestSignersAreLookedAtAgain: whoever is closed, or gets another role, between the check of the password and the
// signature signs nothing, and what they had signed before counts no more.
func TestSignersAreLookedAtAgain(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 0)
	handCounts(t, s, id, "east", 0)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	change := func(name string, role ballot.Role, disabled bool) {
		changeUser(t, s, name, func(u *store.User) { u.Role, u.Disabled = role, disabled })
	}
	refused(t, ballot.CodeForbidden, second(s.Certify(ctx, "c1", id, "无误")))
	refused(t, ballot.CodeNotFound, second(s.Certify(ctx, "nobody", id, "无误")))
	for _, gone := range []struct {
		role     ballot.Role
		disabled bool
	}{{ballot.RoleScrutineer, true}, {ballot.RoleCommittee, false}} {
		must[store.Signed](t)(s.Certify(ctx, "s1", id, "无误"))
		change("s1", gone.role, gone.disabled)
		refused(t, ballot.CodeForbidden, second(s.Certify(ctx, "s1", id, "无误")))
		if got := must[store.Signed](t)(s.Certify(ctx, "s2", id, "无误")); got.Done || len(got.By) != 1 {
			t.Fatalf("signed by one who is gone, and another: %+v", got)
		}
		change("s1", ballot.RoleScrutineer, false)
		must[ballot.Meeting](t)(s.BackToOpen(ctx, "s1", id, "再看"))
		must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	}
	certify(t, s, id)
}

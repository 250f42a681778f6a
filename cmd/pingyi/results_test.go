package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
)

// must stops the test where a step of setting up fails.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// balancedMeeting is a balanced meeting of twelve secretaries and two groups of nine and seven, whose readings
// were put in without scanning.
func balancedMeeting(t *testing.T) (data, id string) {
	t.Helper()
	ctx, data := context.Background(), t.TempDir()
	s := must[*store.Store](t)(openStore(config{data: data}))
	defer s.Close()
	hash := auth.HashPassword(testPassword, cheap)
	for name, role := range map[string]ballot.Role{"admin": ballot.RoleAdmin, "auditor1": ballot.RoleAuditor, "printing1": ballot.RolePrinting, "scanning1": ballot.RoleScanning, "scrutineer1": ballot.RoleScrutineer,
		"committee1": ballot.RoleCommittee, "committee2": ballot.RoleCommittee} {
		must[int](t)(0, s.CreateUser(ctx, "test", store.User{Name: name, Role: role, Hash: hash, Own: true}))
	}
	m := ballot.Meeting{Title: "2025年度述职评议会", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}},
		Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 60, JoinWith: "B", Headcount: map[string]int{"1": 9}},
			{Code: "B", Name: "直属党组织书记", Categories: []string{"直属党组织书记"}, Weight: 40, JoinWith: "A", Headcount: map[string]int{"1": 7}}}}
	m.Rules.Alerts = []ballot.Alert{{Grades: []string{"好", "较好"}, BelowThirds: 2}}
	for i := range 12 {
		mode := ballot.Written
		if i < 5 {
			mode = ballot.Oral
		}
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("张%c", []rune("明伟芳娜敏静丽强磊军洋勇")[i]), Org: fmt.Sprintf("第%d党支部", i+1), Post: "书记", Mode: mode})
	}
	id = must[ballot.Meeting](t)(s.CreateMeeting(ctx, "test", m)).ID
	if _, _, err := s.Seal(ctx, "test", id, rand.Reader); err != nil {
		t.Fatal(err)
	}
	must[ballot.Meeting](t)(s.Open(ctx, "test", id))
	for _, f := range must[[]ballot.Form](t)(s.Forms(ctx, id)) {
		group := must[ballot.VoterGroup](t)(m.Group(f.Group))
		countAndClose(t, s, id, &f, group.Headcount["1"], 3)
	}
	rows, _, err := s.Queue(ctx, "scrutineer1", id, 10, func(string, int, int) bool { return true })
	for _, r := range must[[]store.Unclear](t)(rows, err) {
		must[int](t)(0, s.Decide(ctx, "scrutineer1", id, r.Page, r.Subject, ballot.Decision{Kind: ballot.IsBlank, Reason: saidOfRow}, false))
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "test", id))
	return data, id
}

// countAndClose types the ledger of a group and closes a batch of n leaves of it; of the first leaf some rows are unclear.
func countAndClose(t *testing.T, s *store.Store, id string, f *ballot.Form, n int, unclear ...int) {
	t.Helper()
	countAndCloseAt(t, s, id, "1", f, n, unclear...)
}

func countAndCloseAt(t *testing.T, s *store.Store, id, venue string, f *ballot.Form, n int, unclear ...int) {
	t.Helper()
	ctx, key := context.Background(), ballot.LedgerKey{Venue: venue, Group: f.Group}
	for field, v := range map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n} {
		must[int](t)(0, s.EnterLedger(ctx, "p1", id, key, field, v))
		must[int](t)(0, s.ConfirmLedger(ctx, "p2", id, key, field, v))
	}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scanning", id, f.Group, []string{venue}))
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: f.Group, Leaves: n}}}
	sides := len(f.Pages) / f.Leaves()
	for i := range n {
		leaf := ballot.ClosedLeaf{ID: must[string](t)(s.NewID()), Whole: f.Leaves() == 1}
		for side := range sides {
			p := f.Pages[i%f.Leaves()*sides+side]
			page := closedPage(f, &p, i/f.Leaves(), must[string](t)(s.NewID()))
			for j, row := range p.Rows {
				if i == 0 && slices.Contains(unclear, row.Subject) {
					page.Verdicts[j] = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}
				}
			}
			leaf.Pages = append(leaf.Pages, page)
		}
		c.Leaves = append(c.Leaves, leaf)
	}
	must[int](t)(0, s.CloseBatch(ctx, "scanning", b.ID, c, func(*sql.Tx) error { return nil }))
}

// closedPage is a page on which voter i of a group marked every row, or left it blank.
func closedPage(f *ballot.Form, p *ballot.FormPage, i int, id string) ballot.ClosedPage {
	out := ballot.ClosedPage{ID: id, Reading: ballot.PageReading{Form: f.ID, Page: p.Page, Group: f.Group}}
	for _, row := range p.Rows {
		v := ballot.Verdict{Kind: ballot.IsBlank}
		if k := (i*row.Subject + row.Subject/3) % 7; k < 6 {
			v = ballot.Verdict{Kind: ballot.IsGrade, Grade: f.Grades[k*k/8%4]}
		}
		r := ballot.RowReading{Subject: row.Subject}
		for _, g := range f.Grades {
			r.Scores = append(r.Scores, ballot.MarkScore{Grade: g})
		}
		out.Reading.Rows, out.Verdicts = append(out.Reading.Rows, r), append(out.Verdicts, v)
	}
	return out
}

// The committee reads the results of 5,000 secretaries.
func TestLargeResultsInBrowser(t *testing.T) {
	b := newVisitor(t, "results.mjs")
	ctx, data := context.Background(), t.TempDir()
	s := must[*store.Store](t)(openStore(config{data: data}))
	addUsers(t, s, map[string]ballot.Role{"committee1": ballot.RoleCommittee})
	m := ballot.Meeting{Title: "五千人", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(), Venues: []ballot.Venue{{Code: "1", Name: "主会场"}}}
	m.Rules.SameGrade, m.Rules.WhollyBlank = ballot.Flag, ballot.Valid // of many leaves none is a whole ballot
	for i := range ballot.MaxSubjects {
		mode := ballot.Written
		if i%10 == 9 && i < 4990 {
			mode = ballot.Oral
		}
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("%c建国", []rune("张王李赵魏丁")[i%6]), Org: fmt.Sprintf("第%d党支部", i+1), Post: "书记", Mode: mode})
	}
	m.Groups = []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"1": 500}}}
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "test", m)).ID
	if _, _, err := s.Seal(ctx, "test", id, rand.Reader); err != nil {
		t.Fatal(err)
	}
	must[ballot.Meeting](t)(s.Open(ctx, "test", id))
	form := must[[]ballot.Form](t)(s.Forms(ctx, id))[0]
	countAndClose(t, s, id, &form, 5*form.Leaves())
	must[ballot.Meeting](t)(s.Balance(ctx, "test", id))
	signers(t, s)
	for _, who := range []string{"one", "two"} {
		must[store.Signed](t)(s.Certify(ctx, who, id, "无误"))
	}
	for _, who := range []string{"three", "four"} {
		must[store.Signed](t)(s.Release(ctx, who, id, "无误"))
	}
	must[int](t)(0, s.Close())
	b.visit(t, "large", map[string]string{"BASE": startService(t, data).base, "MEETING": id, "PASSWORD": testPassword})
}

// The admin's page and everybody's own account in the browser.
func TestAdminInBrowser(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "admin.mjs")
	data, _ := balancedMeeting(t)
	admins(t, data, "admin2")
	settings := map[string]string{"BASE": startService(t, data).base, "PASSWORD": testPassword}
	b.visit(t, "admin", settings)
	b.visit(t, "factor", settings)
	b.visit(t, "token", settings)
}

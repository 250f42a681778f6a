package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

// The paper of one batch is audited in the browser by three scrutineers; the statement of the certified result says so, and that of
// a correction says that it was not audited.
func TestBrowserAudit(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "audit.mjs")
	const n = 8
	data, id, form := openMeeting(t, n, func(r *ballot.Rules) { r.Audit = 1 })
	stack := scannedStack(t, &form, n, nil)
	s := startService(t, data)
	settings := map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "CODES": filepath.Join(t.TempDir(), "codes.json")}
	b.visit(t, "codes", settings)
	scanStack(t, s, id, stack)
	decideBlank(t, s, id)
	c := s.as(t, "scrutineer1")
	c.must(t, "POST", "/meetings/"+id+"/balance", nil, nil)
	var r tally.Result
	c.must(t, "GET", "/meetings/"+id+"/results", nil, &r)
	c.must(t, "POST", "/meetings/"+id+"/back-to-open", map[string]any{"reason": "由浏览器平账"}, nil)
	var rows [][]int
	for _, subject := range r.Subjects {
		rows = append(rows, append(subject.Overall.Counts, subject.Overall.Blank, subject.Overall.Invalid))
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	settings["COUNTS"] = string(raw)
	b.visit(t, "audit", settings)
	signAll(t, s, id, "certify", "scrutineer1", "scrutineer2")
	c.must(t, "GET", "/meetings/"+id+"/results", nil, &r)
	if a := r.Audit; a == nil || a.Stage != ballot.AuditAgrees || len(a.Compared) != 1 || a.Compared[0].Agree != len(rows) || !a.Chance.Full {
		t.Errorf("the certified result's audit is %+v", a)
	}
	pdf, err := c.send(context.Background(), "GET", "/meetings/"+id+"/statement", "", nil)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("statement: %v", err)
	}
	signAll(t, s, id, "reopen", "scrutineer1", "scrutineer2")
	c.must(t, "POST", "/meetings/"+id+"/balance", nil, nil)
	signAll(t, s, id, "certify", "scrutineer1", "scrutineer2")
	b.visit(t, "corrected", settings)
	if c.must(t, "GET", "/meetings/"+id+"/results", nil, &r); !r.Audit.OfFirst {
		t.Errorf("the corrected result's audit is %+v", r.Audit)
	}
}

// sixtyBallots is a released meeting of two subjects whose 60 ballots were given to the store as the reader would.
func sixtyBallots(t *testing.T) (data, id string) {
	t.Helper()
	const n = 60
	data, ctx := t.TempDir(), context.Background()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	step := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	addUsers(t, s, map[string]ballot.Role{"auditor1": ballot.RoleAuditor, "auditor2": ballot.RoleAuditor})
	rules := ballot.DefaultRules()
	rules.CVR = true
	m, err := s.CreateMeeting(ctx, "test", ballot.Meeting{Title: "述职评议会", Organiser: "工委", Date: "2026-01-15", Rules: rules, Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}}, Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Weight: 100, Headcount: map[string]int{"1": n}}},
		Subjects: []ballot.Subject{{No: 1, Name: "张晓明", Org: "科技局党支部", Mode: ballot.Oral}, {No: 2, Name: "李文", Org: "信访局党支部", Mode: ballot.Oral}}})
	step(nil, err)
	_, forms, err := s.Seal(ctx, "test", m.ID, rand.Reader)
	step(nil, err)
	step(s.Open(ctx, "test", m.ID))
	for _, f := range ballot.LedgerFields() {
		count, key := n, ballot.LedgerKey{Venue: "1", Group: "A"}
		if f == ballot.Spoiled || f == ballot.NotReturned {
			count = 0
		}
		step(nil, s.EnterLedger(ctx, "p1", m.ID, key, f, count))
		step(nil, s.ConfirmLedger(ctx, "p2", m.ID, key, f, count))
	}
	b, err := s.OpenBatch(ctx, "test", m.ID, "A", []string{"1"})
	step(nil, err)
	closing := ballot.Closing{Scanned: []ballot.GroupCount{{Group: "A", Leaves: n}}}
	for i := range n {
		page := ballot.ClosedPage{ID: fmt.Sprintf("page%03d", i), Reading: ballot.PageReading{Form: forms[0].ID, Page: 1, Group: "A"}}
		for j, row := range forms[0].Pages[0].Rows {
			page.Reading.Rows = append(page.Reading.Rows, ballot.RowReading{Subject: row.Subject})
			page.Verdicts = append(page.Verdicts, ballot.Verdict{Kind: ballot.IsGrade, Grade: rules.Grades[(i>>j)%4]})
		}
		closing.Leaves = append(closing.Leaves, ballot.ClosedLeaf{ID: fmt.Sprintf("leaf%03d", i), Whole: true, Pages: []ballot.ClosedPage{page}})
	}
	step(nil, s.CloseBatch(ctx, "test", b.ID, closing, func(*sql.Tx) error { return nil }))
	step(s.Balance(ctx, "one", m.ID))
	signers(t, s)
	for _, by := range []string{"one", "two"} {
		step(s.Certify(ctx, by, m.ID, "无误"))
	}
	for _, by := range []string{"three", "four"} {
		step(s.Release(ctx, by, m.ID, "发布"))
	}
	return data, m.ID
}

// Two auditors read the warning, sign and download single ballots by the browser; what they get adds up to the result,
// and holds no id of a page or leaf.
func TestBrowserCVR(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "cvr.mjs")
	data, id := sixtyBallots(t)
	s := startService(t, data, "PINGYI_CVR=true")
	file := filepath.Join(t.TempDir(), "cvr.json")
	b.visit(t, "cvr", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "FILE": file})
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := s.as(t, "auditor1")
	var r tally.Result
	c.must(t, "GET", "/meetings/"+id+"/results", nil, &r)
	for _, subject := range r.Subjects {
		for i, n := range subject.Overall.Counts {
			if got := strings.Count(string(raw), fmt.Sprintf(`"ContestSelectionId":"subject-%d-grade-%d"`, subject.No, i+1)); got != n {
				t.Errorf("subject %d has grade %d on %d of the ballots, in the result %d", subject.No, i+1, got, n)
			}
		}
	}
	if strings.Contains(string(raw), "page0") || strings.Contains(string(raw), "leaf0") {
		t.Error("an id of what is kept is in the file")
	}
}

package api

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

const rosterFile = "1,张明,公安局\n2,李华,宣传部\n3,王强,信访局\n"

// rollFile has six voters of A, five of B, and one person who never votes.
func rollFile() string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "委员%d,工委,工委委员,main\n", i)
	}
	for i := range 5 {
		fmt.Fprintf(&b, "书记%d,局,直属党组织书记,main\n", i)
	}
	b.WriteString("赵干,局,党务工作者,main\n")
	return b.String()
}

func groupsBody(weightA, weightB int) Groups {
	return Groups{Excluded: ballot.DefaultExcluded(), Groups: []ballot.VoterGroup{
		{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: weightA, JoinWith: "B", Headcount: map[string]int{}},
		{Code: "B", Name: "直属党组织书记", Categories: []string{"直属党组织书记"}, Weight: weightB, JoinWith: "A", Headcount: map[string]int{}},
	}}
}

// draft makes a meeting that is ready to be sealed and returns its path.
func (s *service) draft(admin *client) string {
	s.t.Helper()
	var m ballot.Meeting
	admin.ok("POST", "/meetings", map[string]any{"title": "述职评议会", "organiser": "工委", "date": "2026-12-01"}, &m)
	path := "/meetings/" + m.ID
	if r := admin.file(path+"/roster", rosterFile); r.status != 200 {
		s.t.Fatalf("roster: %s", r.body)
	}
	admin.ok("PUT", path+"/groups", groupsBody(40, 60), nil)
	if r := admin.file(path+"/roll", rollFile()); r.status != 200 {
		s.t.Fatalf("roll: %s", r.body)
	}
	return path
}

// opened is a meeting that is open.
func (s *service) opened() string {
	s.t.Helper()
	admin := s.as("admin")
	path := s.draft(admin)
	admin.ok("POST", path+"/seal", nil, nil)
	admin.ok("POST", path+"/open", nil, nil)
	return path
}

// counted has two persons type all hand counts of a group.
func (s *service) counted(path, group string, counts map[ballot.LedgerField]int) {
	s.t.Helper()
	for field, value := range counts {
		role := "printing"
		if field == ballot.Returned || field == ballot.NotReturned {
			role = "scanning"
		}
		c := Count{Venue: "main", Group: group, Field: field, Value: value}
		s.as(role).ok("POST", path+"/ledger/entries", c, nil)
		s.as(role+"2").ok("POST", path+"/ledger/confirmations", c, nil)
	}
}

func all(n int) map[ballot.LedgerField]int {
	return map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n}
}

// scanned feeds a stack and closes its batch.
func (s *service) scanned(path, group, scans string) {
	s.t.Helper()
	scanning := s.as("scanning")
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": group, "venues": []string{"main"}}, &b)
	if r := scanning.file(path+"/batches/"+b.ID+"/uploads", scans); r.status != 200 {
		s.t.Fatalf("upload: %s", r.body)
	}
	scanning.ok("POST", path+"/batches/"+b.ID+"/close", nil, nil)
}

// printed makes copies of A, and a master of B that is copied elsewhere.
func (s *service) printed(path string) {
	t := s.t
	t.Helper()
	printing := s.as("printing")
	if r := printing.do("POST", path+"/print", map[string]any{"group": "A", "copies": 7, "cover": true}); string(r.body) != "%PDF-ballots A 7 true" {
		t.Fatalf("print: %d %s", r.status, r.body)
	}
	if r := printing.do("GET", path+"/print?group=B", nil); string(r.body) != "%PDF-ballots B 1 false" {
		t.Fatalf("master: %d %s", r.status, r.body)
	}
	printing.ok("POST", path+"/print/copied", map[string]any{"group": "B", "copies": 6}, nil)
	if got := fmt.Sprint(s.store.meetings["m1"].printed); got != "map[A:7 B:6]" {
		t.Errorf("copies on record: %s", got)
	}
}

const (
	scansA = "111\n112\n123\n11-\n111\n114\n"
	scansB = "211\n211\n2?1\n221\n111\n"
)

// TestWholePath takes a meeting from nothing to released results.
func TestWholePath(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.printed(path)
	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	s.scanned(path, "A", scansA)
	s.scanned(path, "B", scansB)

	teller := s.as("scrutineer")
	if p := teller.refused(ballot.CodeUnbalanced, "POST", path+"/balance", nil); p.Errors[len(p.Errors)-1].Code != ballot.CodeUnresolved {
		t.Fatalf("a row waits: %+v", p)
	}
	var queue Queue
	teller.ok("GET", path+"/adjudication", nil, &queue)
	if queue.Total != 1 || queue.Rows[0].Subject != 2 || queue.Rows[0].Name != "李华" {
		t.Fatalf("queue %+v", queue)
	}
	row := fmt.Sprintf("%s/pages/%s/rows/%d/decisions", path, queue.Rows[0].Page, queue.Rows[0].Subject)
	teller.refused(ballot.CodeInvalid, "POST", row, map[string]any{"kind": "grade", "grade": "极好", "reason": "看得清"})
	teller.ok("POST", row, map[string]any{"kind": "grade", "grade": "一般", "reason": "勾在一般栏内"}, nil)

	var m ballot.Meeting
	teller.ok("POST", path+"/balance", nil, &m)
	if m.State != ballot.Balanced {
		t.Fatalf("state %s", m.State)
	}
	committee := s.as("committee")
	committee.refused(ballot.CodeState, "POST", path+"/release", signing)
	var signed Signed
	teller.ok("POST", path+"/certify", signing, &signed)
	if signed.Done || signed.State != ballot.Balanced {
		t.Fatalf("one signature: %+v", signed)
	}
	teller.refused(ballot.CodeSecondPerson, "POST", path+"/certify", signing)
	s.as("scrutineer2").ok("POST", path+"/certify", signing, &signed)
	if !signed.Done || signed.State != ballot.Certified || len(signed.By) != 2 {
		t.Fatalf("two signatures: %+v", signed)
	}
	committee.ok("POST", path+"/release", signing, nil)
	s.as("committee2").ok("POST", path+"/release", signing, nil)

	s.checkFigures(committee, path)
}

// checkFigures compares results, views, documents and the record with the ballots of scansA and scansB.
func (s *service) checkFigures(committee *client, path string) {
	s.checkPacked(committee, path)
	t := s.t
	t.Helper()
	var result tally.Result
	committee.ok("GET", path+"/results", nil, &result)
	// Subject 2 in A: 1 1 2 1 1 1; in B: 1 1 3 (decided) 2 1.
	got := result.Subjects[1].Overall
	if got.Valid != 11 || fmt.Sprint(got.Counts) != "[8 2 1 0]" || got.Blank != 0 {
		t.Errorf("subject 2: %+v", got)
	}
	if result.Total.Sentence == "" || result.Total.Returned != 11 || result.Total.Issued != 11 {
		t.Errorf("ledger: %+v", result.Total)
	}
	var view tally.Result
	committee.ok("GET", path+"/results?q="+"%E6%9D%8E&group=B", nil, &view)
	if len(view.Subjects) != 1 || len(view.Subjects[0].Groups) != 1 || fmt.Sprint(view.Subjects[0].Groups[0].Counts) != "[3 1 1 0]" || view.Subjects[0].Rank != result.Subjects[1].Rank {
		t.Errorf("view: %+v", view.Subjects)
	}
	committee.refused(ballot.CodeNotFound, "GET", path+"/results?group=Z", nil)
	for query, want := range map[string]string{"": "1 2 3 of 3", "?limit=2": "1 2 of 3", "?limit=2&offset=2": "3 of 3", "?offset=9": "of 3", "?q=%E6%9D%8E&limit=5": "2 of 1", "?sort=no&desc=true&limit=1": "3 of 3"} {
		var part ResultPart
		committee.ok("GET", path+"/results"+query, nil, &part)
		got := ""
		for _, x := range part.Subjects {
			got += fmt.Sprintf("%d ", x.No)
		}
		if got += fmt.Sprintf("of %d", part.Lines); got != want {
			t.Errorf("%q gives %s, want %s", query, got, want)
		}
	}
	for _, doc := range []string{"/statement", "/summary", "/summary?format=csv"} {
		r := committee.do("GET", path+doc, nil)
		if string(r.body) != "%PDF-statement "+result.Total.Sentence || !strings.Contains(r.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d %s", doc, r.status, r.body)
		}
	}
	var acts ActList
	committee.ok("GET", path+"/acts", nil, &acts)
	if len(acts.Acts) == 0 || acts.Acts[0].Act != "release" || acts.Acts[0].Actor != "committee2" {
		t.Errorf("acts: %+v", acts.Acts)
	}
}

// TestResultsAreHidden asks for figures as every role in every state: only scrutineers see them before
// release, from balanced on; the committee sees them once released; nobody else ever.
func TestResultsAreHidden(t *testing.T) {
	s := newService(t)
	path := s.opened()
	look := func(state ballot.State, scrutineer, committee ballot.Code) {
		t.Helper()
		want := map[ballot.Role]ballot.Code{ballot.RoleScrutineer: scrutineer, ballot.RoleCommittee: committee,
			ballot.RoleAdmin: ballot.CodeForbidden, ballot.RolePrinting: ballot.CodeForbidden, ballot.RoleScanning: ballot.CodeForbidden}
		for role, code := range want {
			for _, figures := range []string{"/results", "/statement", "/summary"} {
				r := s.as(string(role)).do("GET", path+figures, nil)
				if r.problem.Code != code || (code == "") != (r.status == 200) {
					t.Errorf("%s %s while %s: %d %s, want %q", role, figures, state, r.status, r.body, code)
				}
			}
		}
	}
	const hidden = ballot.CodeNotReleased
	look(ballot.Open, hidden, hidden)
	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	s.scanned(path, "A", scansA)
	s.scanned(path, "B", strings.ReplaceAll(scansB, "?", "1"))
	teller, second := s.as("scrutineer"), s.as("scrutineer2")
	teller.ok("POST", path+"/balance", nil, nil)
	look(ballot.Balanced, "", hidden)
	teller.ok("POST", path+"/back-to-open", map[string]any{"reason": "再核对"}, nil)
	look(ballot.Open, hidden, hidden)
	teller.ok("POST", path+"/balance", nil, nil)
	teller.ok("POST", path+"/certify", signing, nil)
	second.ok("POST", path+"/certify", signing, nil)
	look(ballot.Certified, "", hidden)
	s.as("committee").ok("POST", path+"/release", signing, nil)
	look(ballot.Certified, "", hidden)
	s.as("committee2").ok("POST", path+"/release", signing, nil)
	look(ballot.Released, "", "")
}

// TestExcludedCategory asks for ballots of people who do not vote, at every door.
func TestExcludedCategory(t *testing.T) {
	s := newService(t)
	path := s.opened()
	const rule = "各单位党务工作者不参与画票"
	printing, scanning := s.as("printing"), s.as("scanning")
	for _, p := range []Problem{
		printing.refused(ballot.CodeExcluded, "POST", path+"/print", map[string]any{"group": "党务工作者", "copies": 1}),
		printing.refused(ballot.CodeExcluded, "GET", path+"/print?group=%E5%85%9A%E5%8A%A1%E5%B7%A5%E4%BD%9C%E8%80%85", nil),
		printing.refused(ballot.CodeExcluded, "POST", path+"/ledger/entries", Count{Venue: "main", Group: "党务工作者", Field: ballot.Issued, Value: 1}),
		scanning.refused(ballot.CodeExcluded, "POST", path+"/batches", map[string]any{"group": "党务工作者", "venues": []string{"main"}}),
	} {
		if p.Status != 422 || !strings.Contains(p.Detail, rule) {
			t.Errorf("%+v does not name the rule", p)
		}
	}
}

// TestBadMeetings holds the refusals of setting up and of counting.
func TestBadMeetings(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	admin.ok("PUT", path+"/groups", groupsBody(40, 50), nil)
	for _, p := range []Problem{admin.refused(ballot.CodeRules, "GET", path+"/check", nil), admin.refused(ballot.CodeRules, "POST", path+"/seal", nil)} {
		if !strings.Contains(p.Detail, "权重之和为 90") {
			t.Errorf("weights: %+v", p)
		}
	}
	admin.ok("PUT", path+"/groups", groupsBody(40, 60), nil)
	if r := admin.do("GET", path+"/check", nil); r.status != 204 {
		t.Errorf("check: %d %s", r.status, r.body)
	}
	rules := ballot.DefaultRules()
	rules.Grades, rules.Decimals = []string{"好"}, 9
	if p := admin.refused(ballot.CodeRules, "PUT", path+"/rules", rules); len(p.Errors) != 2 {
		t.Errorf("rules: want two failures, got %+v", p)
	}
	if r := admin.file(path+"/roster", rosterFile+"4,张明\n"); r.problem.Row != 4 || !strings.HasPrefix(r.problem.Detail, "第 4 行") {
		t.Errorf("roster: %+v", r.problem)
	}
	if r := admin.file(path+"/roll", "某人,局,司机,main\n"); r.problem.Code != ballot.CodeRoll || r.problem.Row != 1 {
		t.Errorf("roll: %+v", r.problem)
	}
	admin.ok("POST", path+"/seal", nil, nil)
	admin.refused(ballot.CodeState, "PUT", path+"/rules", ballot.DefaultRules())
	admin.ok("POST", path+"/open", nil, nil)

	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	s.scanned(path, "A", scansA)
	teller := s.as("scrutineer")
	p := teller.refused(ballot.CodeUnbalanced, "POST", path+"/balance", nil)
	if !strings.Contains(p.Detail, "B票") || !strings.Contains(p.Detail, "收回 5 张，扫描 0 张") {
		t.Errorf("ledger: %+v", p)
	}
	teller.refused(ballot.CodeState, "POST", path+"/certify", signing)
	s.as("committee").refused(ballot.CodeState, "POST", path+"/release", signing)
}

// TestLedgerTakesTwoPersons types a number alone, twice, and differently.
func TestLedgerTakesTwoPersons(t *testing.T) {
	s := newService(t)
	path := s.opened()
	one, two := s.as("printing"), s.as("printing2")
	c := Count{Venue: "main", Group: "A", Field: ballot.Issued, Value: 6}
	one.ok("POST", path+"/ledger/entries", c, nil)
	one.refused(ballot.CodeSecondPerson, "POST", path+"/ledger/confirmations", c)
	for _, who := range []struct {
		*client
		told bool
	}{{one, true}, {two, false}, {s.as("scrutineer"), false}} {
		var view LedgerView
		who.ok("GET", path+"/ledger", nil, &view)
		if len(view.Entries) != 1 || (view.Entries[0].Value != nil) != who.told {
			t.Errorf("before the second count, told %v: %+v", who.told, view.Entries)
		}
	}
	c.Value = 5
	two.refused(ballot.CodeConflict, "POST", path+"/ledger/confirmations", c)
	c.Value = 6
	var view LedgerView
	two.ok("POST", path+"/ledger/confirmations", c, &view)
	if len(view.Entries) != 1 || view.Entries[0].ConfirmedBy != "printing2" || view.Entries[0].Value == nil || *view.Entries[0].Value != 6 || view.Balanced || len(view.Breaks) == 0 {
		t.Errorf("view: %+v", view)
	}
	c.Field = ballot.Returned
	one.refused(ballot.CodeForbidden, "POST", path+"/ledger/entries", c)
	s.as("scanning").ok("POST", path+"/ledger/entries", c, nil)
	s.as("scrutineer").ok("POST", path+"/ledger/confirmations", c, nil)
}

// checkPacked asks for figures as browsers that read gzip do, and others: both get the same.
func (s *service) checkPacked(committee *client, path string) {
	s.t.Helper()
	plain := committee.do("GET", path+"/results", nil, "Accept-Encoding", "identity")
	small := committee.do("GET", path+"/results", nil, "Accept-Encoding", "gzip")
	if plain.header.Get("Content-Encoding") != "" || small.header.Get("Content-Encoding") != "gzip" {
		s.t.Fatalf("%d %v, %d %v", plain.status, plain.header, small.status, small.header)
	}
	r, err := gzip.NewReader(bytes.NewReader(small.body))
	if err != nil {
		s.t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || !bytes.Equal(text, plain.body) {
		s.t.Errorf("packed figures differ: %v\n%s\n%s", err, text, plain.body)
	}
}

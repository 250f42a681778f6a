package api

import (
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

// TestTwoDecideIndependently has two people decide a row; neither sees the other's decision before both
// have decided.
func TestTwoDecideIndependently(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	rules := ballot.DefaultRules()
	rules.TwoAdjudicators = true
	admin.ok("PUT", path+"/rules", rules, nil)
	admin.ok("POST", path+"/seal", nil, nil)
	admin.ok("POST", path+"/open", nil, nil)
	s.scanned(path, "B", scansB)
	one, two := s.as("scrutineer"), s.as("scrutineer2")
	var queue Queue
	one.ok("GET", path+"/adjudication", nil, &queue)
	page := path + "/pages/" + queue.Rows[0].Page
	decision := map[string]any{"kind": "grade", "grade": "好", "reason": "清楚"}
	one.ok("POST", page+"/rows/2/decisions", decision, nil)
	one.ok("GET", path+"/adjudication", nil, &queue)
	if len(queue.Rows) != 0 || queue.Total != 1 {
		t.Errorf("the first is asked again: %+v", queue)
	}
	seen := func(c *client) (int, bool) {
		var p Page
		c.ok("GET", page, nil, &p)
		for _, row := range p.Rows {
			if row.Subject == 2 {
				return len(row.Decisions), row.Verdict != nil
			}
		}
		return -1, false
	}
	if n, resolved := seen(one); n != 1 || resolved {
		t.Errorf("the first sees %d decisions, resolved %v", n, resolved)
	}
	if n, _ := seen(two); n != 0 {
		t.Errorf("the second sees %d decisions of the first", n)
	}
	decided := func(c *client, query string) (list DecidedList) {
		c.ok("GET", path+"/decisions"+query, nil, &list)
		return list
	}
	if a, b := decided(one, "?mine=true"), decided(two, ""); len(a.Rows) != 1 || a.Rows[0].Verdict != nil || len(b.Rows) != 0 || b.Total != 0 {
		t.Errorf("decided rows: the first sees %+v, the second %+v", a, b)
	}
	two.ok("POST", page+"/rows/2/decisions", decision, nil)
	if n, resolved := seen(two); n != 2 || !resolved {
		t.Errorf("after both: %d decisions, resolved %v", n, resolved)
	}
	if a := decided(two, ""); len(a.Rows) != 1 || len(a.Rows[0].Decisions) != 2 || a.Rows[0].Verdict == nil {
		t.Errorf("decided rows after both: %+v", a)
	}
}

// TestSetAside counts a ballot that somebody signed as invalid; its rows count nowhere.
func TestSetAside(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	s.scanned(path, "A", scansA)
	s.scanned(path, "B", strings.ReplaceAll(scansB, "?", "1"))
	teller := s.as("scrutineer")
	var pages PageList
	teller.ok("GET", path+"/pages?group=A", nil, &pages)
	page := path + "/pages/" + pages.Pages[0].ID
	teller.refused(ballot.CodeInvalid, "POST", page+"/aside", map[string]any{"aside": true, "reason": ""})
	teller.ok("POST", page+"/aside", map[string]any{"aside": true, "reason": "票面有署名"}, nil)
	var p Page
	teller.ok("GET", page, nil, &p)
	teller.ok("POST", path+"/balance", nil, nil)
	var r tally.Result
	teller.ok("GET", path+"/results", nil, &r)
	if p.State != ballot.PageSetAside || r.Total.Returned != 11 || r.Total.Valid != 10 || r.Total.Invalid != 1 || r.Subjects[0].Overall.Valid != 10 {
		t.Errorf("page %s, ledger %+v", p.State, r.Total)
	}
}

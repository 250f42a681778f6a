package api

import (
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestBlank uploads a blank, settles what is unsure, takes it back, confirms and removes it.
func TestBlank(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	blank := path + "/blanks/A"
	admin.refused(ballot.CodeNotFound, "GET", blank, nil)
	if r := admin.file(path+"/blanks/Z", "1"); r.problem.Code != ballot.CodeNotFound {
		t.Errorf("a blank of no group: %d %s", r.status, r.body)
	}
	if r := admin.file(blank, "1\n?\n3\n"); r.status != 200 {
		t.Fatalf("upload: %s", r.body)
	}
	var p BlankProposal
	admin.ok("GET", blank, nil, &p)
	if p.Open != 1 || p.Confirmed || len(p.Sheets) != 1 || len(p.Sheets[0].Rows) != 3 || len(p.Sheets[0].Targets) != 12 || p.Source != "blank.pdf" {
		t.Fatalf("learned: %+v", p)
	}
	if row := p.Sheets[0].Rows[1]; row.Subject != 0 || row.Why != ballot.DoubtName || row.Read != "张朋" || row.Best != "1 张明" || row.Key != "row 1.2" {
		t.Errorf("unsure row: %+v", row)
	}
	if text := problems(p); !strings.Contains(text, "还有 1 处存疑") || !strings.Contains(text, "没有名册中的 1 人：[2 李华]") {
		t.Errorf("problems: %s", text)
	}
	admin.refused(ballot.CodeForm, "POST", blank+"/confirm", nil)
	admin.refused(ballot.CodeForm, "GET", path+"/check", nil)
	admin.refused(ballot.CodeForm, "POST", path+"/seal", nil)
	admin.refused(ballot.CodeInvalid, "POST", blank+"/settlements", map[string]any{"key": "row 1.2", "value": "99"})
	admin.ok("POST", blank+"/settlements", map[string]any{"key": "row 1.2", "value": "2"}, &p)
	if row := p.Sheets[0].Rows[1]; p.Open != 0 || row.Subject != 2 || !row.Settled || row.Why == "" {
		t.Errorf("settled: %d open, %+v", p.Open, row)
	}
	seen := p.Tag
	admin.ok("POST", blank+"/settlements", map[string]any{"key": "row 1.2", "value": ""}, nil)
	if r := admin.do("POST", blank+"/confirm", nil, "If-Match", seen); r.problem.Code != ballot.CodeConflict {
		t.Errorf("confirmed a form that somebody else has changed: %d %s", r.status, r.body)
	}
	admin.ok("POST", blank+"/settlements", map[string]any{"key": "row 1.2", "value": "2"}, nil)
	if r := admin.do("POST", blank+"/confirm", nil, "If-Match", seen); r.status != 200 {
		t.Errorf("the form that was seen: %d %s", r.status, r.body)
	}
	admin.ok("GET", blank, nil, &p)
	if !p.Confirmed {
		t.Error("not confirmed")
	}
	admin.ok("POST", blank+"/settlements", map[string]any{"key": "row 1.2", "value": ""}, &p)
	if p.Confirmed || p.Open != 1 {
		t.Errorf("taken back: %+v", p.BlankSummary)
	}
	if r := admin.do("GET", blank+"/sheets/1/picture", nil); r.status != 200 || r.header.Get("Content-Type") != "image/png" {
		t.Errorf("picture: %d %s", r.status, r.header.Get("Content-Type"))
	}
	admin.refused(ballot.CodeNotFound, "GET", blank+"/sheets/2/picture", nil)
	var list BlankList
	admin.ok("GET", path+"/blanks", nil, &list)
	if len(list.Blanks) != 1 || list.Blanks[0].Group != "A" || list.Blanks[0].Open != 1 || list.Blanks[0].Pages != 1 {
		t.Errorf("list: %+v", list)
	}
	admin.ok("DELETE", blank, nil, nil)
	admin.refused(ballot.CodeNotFound, "DELETE", blank, nil)
	admin.ok("POST", path+"/seal", nil, nil)
	if r := admin.file(blank, "1\n"); r.problem.Code != ballot.CodeState {
		t.Errorf("a blank for a sealed meeting: %d %s", r.status, r.body)
	}
}

func problems(p BlankProposal) string {
	var b strings.Builder
	for _, e := range p.Problems {
		b.WriteString(e.Detail + "\n")
	}
	return b.String()
}

// A blank that would not be read is refused before anything is frozen.
func TestSealTriesBlanks(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	admin.ok("PATCH", path, map[string]any{"title": "读不出"}, nil)
	admin.refused(ballot.CodeForm, "POST", path+"/seal", nil)
	var m ballot.Meeting
	admin.ok("GET", path, nil, &m)
	if m.State != ballot.Draft {
		t.Errorf("state %s", m.State)
	}
}

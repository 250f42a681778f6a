package api

import (
	"net/http"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestDraftRoster reads a table whole with its faults, and keeps nothing.
func TestDraftRoster(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	r := admin.file(path+"/roster/read", "1,张明,公安局\n2,李华\n")
	var draft DraftRoster
	r.into(t, &draft)
	want := ProblemItem{Code: ballot.CodeRoster, Detail: "第 2 行：缺单位", Row: 2, Location: "subjects[1].org"}
	if len(draft.Subjects) != 2 || len(draft.Faults) != 1 || draft.Faults[0] != want || draft.Rows[1] != 2 {
		t.Errorf("got %+v, want the fault %+v", draft, want)
	}
	if r := admin.file(path+"/roster/read", "1,2,3,4\n"); r.problem.Code != ballot.CodeRoster {
		t.Errorf("what is no roster at all: %d %s", r.status, r.body)
	}
	if r := admin.file(path+"/roster", "1,张明,公安局\n2,李华\n"); r.problem.Code != ballot.CodeRoster || r.problem.Location != "subjects[1].org" {
		t.Errorf("a file with faults was taken: %d %s", r.status, r.body)
	}
	var kept Roster
	admin.ok("GET", path+"/roster", nil, &kept)
	if len(kept.Subjects) != 3 {
		t.Errorf("reading changed the roster: %+v", kept)
	}
}

// TestOrderRoster orders by strokes, oral reports at the head where asked for.
func TestOrderRoster(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	in := []Ranked{{Name: "魏军", Mode: ballot.Written}, {Name: "张明", Mode: ballot.Oral}, {Name: "丁一", Mode: ballot.Written}}
	for _, c := range []struct {
		keep bool
		want string
	}{{false, "丁一 张明 魏军"}, {true, "张明 丁一 魏军"}} {
		var out Ordered
		admin.ok("POST", path+"/roster/order", map[string]any{"subjects": in, "keep_oral": c.keep}, &out)
		var got []string
		for _, from := range out.From {
			got = append(got, in[from].Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("keep oral %v: %v, want %s", c.keep, got, c.want)
		}
	}
}

func TestTemplates(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	for url, want := range map[string]string{"/templates/roster": "PK-roster",
		path + "/roll/template": "PK-roll [工委委员 直属党组织书记 党务工作者 工委组织部工作人员] [主会场]"} {
		r := admin.do("GET", url, nil)
		if r.status != 200 || string(r.body) != want || r.header.Get("Content-Type") != xlsxKind {
			t.Errorf("%s: %d %s %s", url, r.status, r.header, r.body)
		}
	}
}

// TestOverwriting notices two people who change the same part, and lets them change different ones.
func TestOverwriting(t *testing.T) {
	s := newService(t)
	one, two := s.as("admin"), s.as("admin2")
	path := s.draft(one)
	for _, part := range []string{"/roster", "/groups", "/venues", "/rules"} {
		r := one.do("GET", path+part, nil)
		tag := r.header.Get("ETag")
		var value any
		r.into(t, &value)
		if r := two.do("PUT", path+part, value, "If-Match", tag); r.status != 200 || r.header.Get("ETag") != tag {
			t.Fatalf("%s unchanged: %d %s %s", part, r.status, r.header, r.body)
		}
		other := map[string]func(){
			"/roster": func() {
				two.ok("PUT", path+part, Roster{[]ballot.Subject{{No: 1, Name: "甲", Org: "某局", Mode: ballot.Oral}}}, nil)
			},
			"/groups": func() { two.ok("PUT", path+part, groupsBody(50, 50), nil) },
			"/venues": func() {
				two.ok("PUT", path+part, Venues{[]ballot.Venue{{Code: "main", Name: "主会场"}, {Code: "2", Name: "分会场"}}}, nil)
			},
			"/rules": func() {
				rules := ballot.DefaultRules()
				rules.Decimals = 1
				two.ok("PUT", path+part, rules, nil)
			},
		}
		other[part]()
		if r := one.do("PUT", path+part, value, "If-Match", tag); r.problem.Code != ballot.CodeConflict {
			t.Errorf("%s written over: %d %s", part, r.status, r.body)
		}
		if r := one.do("PUT", path+part, value); r.status != 200 {
			t.Errorf("%s without a condition: %d %s", part, r.status, r.body)
		}
	}
}

// Title, organiser and date are such a part too; other parts do not change its tag.
func TestOverwritingTitle(t *testing.T) {
	s := newService(t)
	one, two := s.as("admin"), s.as("admin2")
	path := s.draft(one)
	tag := one.do("GET", path, nil).header.Get("ETag")
	two.ok("PUT", path+"/groups", groupsBody(50, 50), nil)
	r := two.do("PATCH", path, map[string]any{"date": "2026-03-01"}, "If-Match", tag)
	if r.status != 200 || r.header.Get("ETag") == tag {
		t.Fatalf("groups have changed alone: %d %s", r.status, r.body)
	}
	title := map[string]any{"title": "另一个标题"}
	if r := one.do("PATCH", path, title, "If-Match", tag); r.problem.Code != ballot.CodeConflict {
		t.Errorf("written over: %d %s", r.status, r.body)
	}
	if r := one.do("PATCH", path, title, "If-Match", r.header.Get("ETag")); r.status != 200 {
		t.Errorf("of what stands: %d %s", r.status, r.body)
	}
}

// What somebody went through is what is sealed: not what another one has made of it since, blanks included.
func TestSealsWhatWasSeen(t *testing.T) {
	s := newService(t)
	one, two := s.as("admin"), s.as("admin2")
	path := s.draft(one)
	seen := func() string { return one.do("GET", path+"/check", nil).header.Get("ETag") }
	tag := seen()
	two.ok("PATCH", path, map[string]any{"title": "换了"}, nil)
	if r := one.do("POST", path+"/seal", nil, "If-Match", tag); r.problem.Code != ballot.CodeConflict {
		t.Errorf("another title: %d %s", r.status, r.body)
	}
	tag = seen()
	two.file(path+"/blanks/A", "1\n2\n3\n")
	if r := one.do("POST", path+"/seal", nil, "If-Match", tag); r.problem.Code != ballot.CodeConflict {
		t.Errorf("another ballot: %d %s", r.status, r.body)
	}
	two.do("DELETE", path+"/blanks/A", nil)
	if r := one.do("POST", path+"/seal", nil, "If-Match", seen()); r.status != 200 {
		t.Errorf("as seen: %d %s", r.status, r.body)
	}
}

// TestPreview lays out rules that are not saved, and names the field that is at fault.
func TestPreview(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	var p Preview
	admin.ok("POST", path+"/preview", map[string]any{}, &p)
	if p.Pages != 1 || p.Leaves != 1 || len(p.Page.Rows) != 3 || len(p.Page.Targets) != 12 {
		t.Errorf("roster form: %+v", p)
	}
	rules := ballot.DefaultRules()
	rules.Form, rules.Layout.Paper = ballot.SingleForm, "A5"
	admin.ok("POST", path+"/preview", map[string]any{"rules": rules, "group": "B", "page": 2}, &p)
	if p.Pages != 3 || p.Page.Page != 2 || len(p.Page.Rows) != 1 || p.Page.Rows[0].Name != "李　华" || p.Page.Width != 148 {
		t.Errorf("single form: %+v", p)
	}
	rules.Scores = []int{100}
	if p := admin.refused(ballot.CodeRules, "POST", path+"/preview", map[string]any{"rules": rules}); p.Location != "rules.scores" {
		t.Errorf("bad rules: %+v", p)
	}
	admin.refused(ballot.CodeNotFound, "POST", path+"/preview", map[string]any{"page": 9})
	var kept ballot.Rules
	admin.ok("GET", path+"/rules", nil, &kept)
	if kept.Form != ballot.RosterForm {
		t.Error("a preview was saved")
	}
}

// TestWhatCannotBePrinted is refused before anything is frozen, by name.
func TestWhatCannotBePrinted(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	admin.ok("PUT", path+"/roster", Roster{[]ballot.Subject{{No: 1, Name: "张𰻝", Org: "某局", Mode: ballot.Oral}}}, nil)
	for method, url := range map[string]string{"GET": path + "/check", "POST": path + "/seal"} {
		if p := admin.refused(ballot.CodeGlyph, method, url, nil); !strings.Contains(p.Detail, "张") || len(p.Errors) != 0 {
			t.Errorf("%s: %+v, want one fault that names 张𰻝", url, p)
		}
	}
	admin.ok("PUT", path+"/roster", Roster{[]ballot.Subject{{No: 1, Name: "张明", Org: "某局", Mode: ballot.Oral}}}, nil)
	rules := ballot.DefaultRules()
	rules.Grades, rules.Layout.Blocks = []string{"一", "二", "三", "四", "五", "六"}, 2
	admin.ok("PUT", path+"/rules", rules, nil)
	for method, url := range map[string]string{"GET": path + "/check", "POST": path + "/seal"} {
		if p := admin.refused(ballot.CodeForm, method, url, nil); p.Location != "rules" || p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %+v", url, p)
		}
	}
	var m ballot.Meeting
	admin.ok("GET", path, nil, &m)
	if m.State != ballot.Draft {
		t.Errorf("the meeting is %s", m.State)
	}
}

// TestLocations says which part of the meeting each fault is about.
func TestLocations(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	groups := groupsBody(40, 50)
	groups.Groups[1].JoinWith = ""
	admin.ok("PUT", path+"/groups", groups, nil)
	var at []string
	for _, e := range admin.refused(ballot.CodeRules, "GET", path+"/check", nil).Errors {
		at = append(at, e.Location)
	}
	if got := strings.Join(at, " "); got != "groups groups[1].join_with" {
		t.Errorf("faults at %q", got)
	}
}

// Venues are replaced with the groups, in one step: headcounts of a venue that is gone go with it, and what is wrong
// with a venue leaves both as they were.
func TestGroupsWithVenues(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	var g Groups
	admin.ok("GET", path+"/groups", nil, &g)
	if len(g.Venues) != 1 || g.Groups[0].Headcount["main"] == 0 {
		t.Fatalf("the draft has %+v", g)
	}
	was := g.Groups[0].Headcount["main"]
	g.Groups[0].Headcount["gone"] = 3
	g.Venues = []ballot.Venue{{Code: "main", Name: "主会场"}, {Code: "2", Name: "分会场"}}
	admin.ok("PUT", path+"/groups", g, nil)
	wrong := g
	wrong.Groups, wrong.Venues = g.Groups[:1], []ballot.Venue{{Code: "a b", Name: "?"}}
	if r := admin.do("PUT", path+"/groups", wrong); r.status != 422 {
		t.Errorf("a bad code gets %d", r.status)
	}
	var kept Groups
	admin.ok("GET", path+"/groups", nil, &kept)
	if len(kept.Venues) != 2 || len(kept.Groups) != 2 || len(kept.Groups[0].Headcount) != 1 || kept.Groups[0].Headcount["main"] != was {
		t.Errorf("kept %+v", kept)
	}
}

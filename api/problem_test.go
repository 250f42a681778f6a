package api

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestProblems holds the format of RFC 9457 with our members, and its language.
func TestProblems(t *testing.T) {
	joined := errors.Join(ballot.Errorf(ballot.CodeRoster, "缺姓名", "the name is missing").AtRow(3), ballot.Errorf(ballot.CodeRoster, "重复", "twice").AtRow(7))
	for _, test := range []struct {
		name    string
		err     error
		english bool
		want    Problem
	}{
		{"one, Chinese", ballot.Errorf(ballot.CodeNotFound, "没有", "none"), false,
			Problem{Title: "Not Found", Status: 404, Code: "not_found", Detail: "没有"}},
		{"one, English, wrapped", fmt.Errorf("open: %w", ballot.Errorf(ballot.CodeState, "不行", "not now")), true,
			Problem{Title: "Conflict", Status: 409, Code: "wrong_state", Detail: "not now"}},
		{"with a row", ballot.Errorf(ballot.CodeRoll, "缺", "missing").AtRow(4), true,
			Problem{Title: "Unprocessable Entity", Status: 422, Code: "bad_roll", Detail: "row 4: missing", Row: 4}},
		{"joined", joined, false, Problem{Title: "Unprocessable Entity", Status: 422, Code: "bad_roster", Detail: "第 3 行：缺姓名（共 2 处）", Row: 3,
			Errors: []ProblemItem{{Code: "bad_roster", Detail: "第 3 行：缺姓名", Row: 3}, {Code: "bad_roster", Detail: "第 7 行：重复", Row: 7}}}},
		{"ours", errors.New("disk /secret/path failed"), true,
			Problem{Title: "Internal Server Error", Status: 500, Code: "internal", Detail: "internal error, nothing was done: see the service's log"}},
	} {
		test.want.Type = "about:blank"
		if got := problemOf(test.err, test.english); fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", test.want) {
			t.Errorf("%s:\n%+v, want\n%+v", test.name, *got, test.want)
		}
	}
}

// TestStatuses has a status for every code of the domain on purpose, not by falling through.
func TestStatuses(t *testing.T) {
	unprocessable := []ballot.Code{ballot.CodeInvalid, ballot.CodeExcluded, ballot.CodeRoster, ballot.CodeRoll, ballot.CodeRules,
		ballot.CodeGlyph, ballot.CodeForm, ballot.CodePageCode}
	for _, code := range unprocessable {
		if statusOf(code) != 422 {
			t.Errorf("%s: %d", code, statusOf(code))
		}
	}
	for code, want := range map[ballot.Code]int{ballot.CodeDuplicate: 409, ballot.CodeNotReleased: 403, ballot.CodeUnauthenticated: 401, ballot.CodeTooLarge: 413} {
		if statusOf(code) != want {
			t.Errorf("%s: %d, want %d", code, statusOf(code), want)
		}
	}
}

// TestLanguage is Chinese unless the browser prefers English.
func TestLanguage(t *testing.T) {
	for header, want := range map[string]bool{"": false, "zh-CN,zh;q=0.9,en;q=0.8": false, "en": true, "en-GB,en;q=0.9,zh;q=0.1": true, "fr": false, "!!": false} {
		if english(header) != want {
			t.Errorf("Accept-Language %q: English %v", header, english(header))
		}
	}
	s := newService(t)
	r := s.as("admin").do("GET", "/meetings/m9", nil, "Accept-Language", "en")
	if r.problem.Detail != `no meeting "m9"` {
		t.Errorf("English: %s", r.body)
	}
	if p := s.as("admin").refused(ballot.CodeNotFound, "GET", "/meetings/m9", nil); p.Detail != "没有会议“m9”" {
		t.Errorf("Chinese: %+v", p)
	}
}

// TestMalformedRequests get a problem that names the field, whatever is wrong with them.
func TestMalformedRequests(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	json := "application/json"
	for _, test := range []struct {
		name, method, path, kind, body string
		status                         int
		says                           string
	}{
		{"missing field", "POST", "/meetings", json, `{"organiser":"x","date":"2026-01-02"}`, 422, "title"},
		{"unknown field", "POST", "/meetings", json, `{"title":"t","organiser":"x","date":"2026-01-02","state":"released"}`, 422, "state"},
		{"bad date", "POST", "/meetings", json, `{"title":"t","organiser":"x","date":"tomorrow"}`, 422, "date"},
		{"no JSON", "POST", "/meetings", json, `{`, 400, ""},
		{"no body", "POST", "/meetings", json, ``, 400, ""},
		{"another type", "POST", "/meetings", "text/csv", `a,b`, 415, ""},
		{"unknown query", "GET", "/meetings?x=1", "", ``, 422, "x"},
		{"limit", "GET", "/meetings/m1/acts?limit=0", "", ``, 0, ""},
		{"no such route", "GET", "/nothing", "", ``, 404, ""},
		{"no such method", "PUT", "/meetings", json, `{}`, 400, ""},
		{"too large", "POST", "/meetings", json, `{"title":"` + strings.Repeat("x", maxJSON) + `"}`, 413, ""},
		{"no multipart", "POST", "/meetings/m1/roster/read", json, `{}`, 400, ""},
	} {
		if test.status == 0 {
			test.status = 422
		}
		r := admin.send(test.method, test.path, test.kind, strings.NewReader(test.body))
		if r.status != test.status || r.problem.Status != test.status || r.problem.Code == "" || !strings.Contains(string(r.body), test.says) {
			t.Errorf("%s: %d %s", test.name, r.status, r.body)
		}
	}
	if len(s.store.meetings) != 0 {
		t.Error("a malformed request made a meeting")
	}
}

// TestCrossSite refuses what another site makes a browser send.
func TestCrossSite(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	meeting := map[string]any{"title": "t", "organiser": "", "date": "2026-01-02"}
	r := admin.do("POST", "/meetings", meeting, "Sec-Fetch-Site", "cross-site")
	if r.problem.Code != codeCrossSite || len(s.store.meetings) != 0 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := admin.do("POST", "/meetings", meeting, "Origin", "https://example.com"); r.problem.Code != codeCrossSite {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := admin.do("POST", "/meetings", meeting, "Sec-Fetch-Site", "same-origin"); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// TestOurFaults answers a panic and a failing disk with a problem, sends nothing half-made, records
// nothing as printed, and goes on.
func TestOurFaults(t *testing.T) {
	s := newService(t)
	path := s.opened()
	printing := s.as("printing")
	for copies, logged := range map[int]string{13: "msg=panic", 14: "msg=\"operation failed\" operation=print-copies"} {
		r := printing.do("POST", path+"/print", map[string]any{"group": "A", "copies": copies})
		if r.status != 500 || r.problem.Code != codeInternal || strings.Contains(string(r.body), "secret") {
			t.Errorf("%d copies: %d %s", copies, r.status, r.body)
		}
		if !strings.Contains(s.log.String(), logged) {
			t.Errorf("%d copies: the log lacks %s", copies, logged)
		}
	}
	if strings.Contains(s.log.String(), "a secret") || len(s.store.meetings["m1"].printed) != 0 {
		t.Errorf("printed %v, log %s", s.store.meetings["m1"].printed, s.log)
	}
	if r := printing.do("POST", path+"/print", map[string]any{"group": "A", "copies": 1}); r.status != 200 {
		t.Errorf("afterwards: %d", r.status)
	}
}

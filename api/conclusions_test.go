package api

import (
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

// TestConclusions: the committee enters overall grades and items once the result is released, and not after the
// meeting is archived; nobody else may, and no figure of the count changes.
func TestConclusions(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(0)
	committee, teller := s.as("committee"), s.as("scrutineer")
	teller.ok("POST", path+"/balance", nil, nil)
	grade := map[string]any{"overall_grade": "较好"}
	committee.refused(ballot.CodeState, "PATCH", path+"/results/1", grade)
	committee.refused(ballot.CodeNotReleased, "GET", path+"/feedback", nil)
	for _, who := range []string{"scrutineer", "scrutineer2"} {
		s.as(who).ok("POST", path+"/certify", signing, nil)
	}
	committee.refused(ballot.CodeState, "PUT", path+"/overall-cap", map[string]any{"percent": 40})
	for _, who := range []string{"committee", "committee2"} {
		s.as(who).ok("POST", path+"/release", signing, nil)
	}
	var before, after tally.Result
	committee.ok("GET", path+"/results", nil, &before)

	teller.refused(ballot.CodeForbidden, "PATCH", path+"/results/1", grade)
	committee.refused(ballot.CodeInvalid, "PATCH", path+"/results/1", map[string]any{"overall_grade": "优秀"})
	committee.refused(ballot.CodeNotFound, "PATCH", path+"/results/99", grade)
	committee.refused(ballot.CodeInvalid, "PUT", path+"/overall-cap", map[string]any{"percent": 101})
	var now tally.Conclusions
	committee.ok("PUT", path+"/overall-cap", map[string]any{"percent": 10}, nil)
	committee.ok("PATCH", path+"/results/1", map[string]any{"overall_grade": "好", "items": []string{" 建立台账 "}}, &now)
	if now.Cap != 10 || now.Grades[0].Num != 1 || now.Missing != len(before.Subjects)-1 || !strings.Contains(now.Warning, "超过设定的上限 10%") ||
		len(now.Entered) != 1 || now.Entered[0].Items[0] != "建立台账" {
		t.Errorf("conclusions %+v", now)
	}
	committee.ok("GET", path+"/results", nil, &after)
	if after.Conclusions == nil || after.Concluded(1).OverallGrade != "好" || after.Subjects[0].Rank != before.Subjects[0].Rank || after.Subjects[0].Good.Exact != before.Subjects[0].Good.Exact {
		t.Errorf("after %+v", after.Conclusions)
	}
	r := committee.do("GET", path+"/feedback?subject=1", nil)
	if r.header.Get("Content-Type") != "application/pdf" || !strings.Contains(r.header.Get("Content-Disposition"), "-1.pdf") || !strings.HasSuffix(string(r.body), "好") {
		t.Errorf("feedback %q %v", r.body, r.header)
	}
	for i := range s.store.meetings["m1"].acts { // the record as the store writes it
		if a := &s.store.meetings["m1"].acts[i]; a.Act == "conclude" {
			a.Detail = "1 张明: overall grade — → 好"
		}
	}
	for who, tells := range map[string]bool{"admin": false, "committee": true, "scrutineer": true} {
		if record := string(s.as(who).do("GET", path+"/acts", nil).body); !strings.Contains(record, `"conclude"`) || strings.Contains(record, "overall grade") != tells {
			t.Errorf("%s, of whom %v should read what was concluded: %s", who, tells, record)
		}
	}
	if record := string(s.as("admin").do("GET", "/acts", nil).body); !strings.Contains(record, `"conclude"`) || strings.Contains(record, "overall grade") {
		t.Errorf("the whole record tells what was concluded, or not that: %s", record)
	}
	s.archived(path)
	committee.refused(ballot.CodeState, "PATCH", path+"/results/1", grade)
	committee.ok("GET", path+"/results", nil, &after)
	if after.Concluded(1).OverallGrade != "好" {
		t.Error("an archived meeting has lost its overall grades")
	}
}

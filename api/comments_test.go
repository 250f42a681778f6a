package api

import (
	"strings"
	"testing"

	"pingyi/ballot"
)

// balancedWithComments is a balanced meeting with so many comments about it.
func (s *service) balancedWithComments(n int) (path string) {
	s.t.Helper()
	path = s.opened()
	s.printed(path)
	s.counted(path, "A", all(6))
	s.counted(path, "B", all(5))
	s.scanned(path, "A", scansA)
	s.scanned(path, "B", strings.ReplaceAll(scansB, "?", "1"))
	for i := range n {
		id := string(rune('a' + i))
		s.store.meetings["m1"].comments = append(s.store.meetings["m1"].comments, ballot.Comment{ID: id, State: ballot.CommentWaiting,
			CommentCrop: ballot.CommentCrop{Picture: []byte("\x89PNG\r\n\x1a\nhandwriting " + id), Proposal: "读作" + id}})
	}
	return path
}

// TestComments types all comments of a meeting and finds them in its result, for those who may see that.
func TestComments(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(3)
	teller := s.as("scrutineer")
	teller.refused(ballot.CodeState, "GET", path+"/comments", nil)
	teller.ok("POST", path+"/balance", nil, nil)

	var list CommentList
	teller.ok("GET", path+"/comments", nil, &list)
	if list.Waiting != 3 || len(list.Comments) != 3 || list.Comments[0] != (Comment{ID: "a", State: ballot.CommentWaiting, Proposal: "读作a"}) {
		t.Fatalf("comments %+v", list)
	}
	r := teller.do("GET", path+"/comments/b/picture", nil)
	if r.header.Get("Content-Type") != "image/png" || r.header.Get("Cache-Control") != "no-store" || !strings.HasSuffix(string(r.body), "handwriting b") {
		t.Errorf("picture %q %v", r.body, r.header)
	}
	teller.refused(ballot.CodeNotFound, "GET", path+"/comments/x/picture", nil)
	teller.refused(ballot.CodeUnresolved, "POST", path+"/certify", signing)
	teller.refused(ballot.CodeInvalid, "PUT", path+"/comments/a", map[string]any{"state": "typed", "text": " "})
	teller.refused(ballot.CodeInvalid, "PUT", path+"/comments/a", map[string]any{"state": "illegible", "text": "x"})
	teller.ok("PUT", path+"/comments/a", map[string]any{"state": "typed", "text": " 多下基层 "}, nil)
	teller.ok("PUT", path+"/comments/b", map[string]any{"state": "illegible"}, nil)
	s.as("scrutineer2").ok("PUT", path+"/comments/c", map[string]any{"state": "nothing"}, nil)
	teller.ok("POST", path+"/certify", signing, nil)
	s.as("scrutineer2").ok("POST", path+"/certify", signing, nil)

	committee := s.as("committee")
	committee.refused(ballot.CodeNotReleased, "GET", path+"/results", nil)
	committee.ok("POST", path+"/release", signing, nil)
	s.as("committee2").ok("POST", path+"/release", signing, nil)
	var result struct{ Comments []ballot.SubjectComments }
	committee.ok("GET", path+"/results", nil, &result)
	if len(result.Comments) != 1 || result.Comments[0].Subject != 0 || len(result.Comments[0].Texts) != 1 || result.Comments[0].Texts[0] != "多下基层" {
		t.Errorf("comments of the result %+v", result.Comments)
	}
	for _, secret := range []string{"comments/a", "多下基层", "读作"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// TestHandwritingIsForScrutineers: nobody else gets at it, whatever the meeting's state; TestPermissionTable
// holds the table against all roles.
func TestHandwritingIsForScrutineers(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(1)
	s.as("scrutineer").ok("POST", path+"/balance", nil, nil)
	for _, role := range ballot.Roles() {
		if role == ballot.RoleScrutineer {
			continue
		}
		c := s.as(string(role))
		c.refused(ballot.CodeForbidden, "GET", path+"/comments", nil)
		c.refused(ballot.CodeForbidden, "GET", path+"/comments/a/picture", nil)
		c.refused(ballot.CodeForbidden, "PUT", path+"/comments/a", map[string]any{"state": "nothing"})
	}
}

package api

import (
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestAudit: scrutineers audit a balanced meeting where its rules say so, and nobody else; what is entered reaches the
// store as it was sent.
func TestAudit(t *testing.T) {
	s := newService(t)
	path := s.balancedWithComments(0)
	teller, audit := s.as("scrutineer"), path+"/audit"
	teller.refused(ballot.CodeState, "POST", audit+"/commitment", map[string]any{})
	var code AuditCode
	teller.refused(ballot.CodeRules, "POST", audit+"/code", nil)
	m := s.store.meetings[strings.TrimPrefix(path, "/meetings/")]
	m.Rules.Audit, m.audit = 1, ballot.NewAudit()
	teller.ok("POST", audit+"/code", nil, &code)
	if !strings.HasSuffix(code.Code, "scru") {
		t.Errorf("code %+v", code)
	}
	teller.ok("POST", path+"/balance", nil, nil)
	teller.refused(ballot.CodeState, "POST", audit+"/code", nil)
	for _, who := range []string{"admin", "printing", "scanning", "committee"} {
		s.as(who).refused(ballot.CodeForbidden, "POST", audit+"/commitment", map[string]any{})
	}
	s.as("committee").refused(ballot.CodeState, "GET", audit, nil)
	var v ballot.AuditView
	teller.ok("POST", audit+"/commitment", map[string]any{"full": true}, &v)
	if v.Stage != ballot.AuditCommitted || v.Draw != 2 || !v.Wanted {
		t.Errorf("committed %+v", v)
	}
	teller.refused(ballot.CodeInvalid, "POST", audit+"/dice", map[string]any{"dice": "123"})
	teller.ok("POST", audit+"/dice", map[string]any{"dice": strings.Repeat("12345", 4)}, &v)
	if len(v.Drawn) != 2 {
		t.Errorf("drawn %+v", v.Drawn)
	}
	var rows []CountedRow
	for _, subject := range m.Subjects {
		rows = append(rows, CountedRow{subject.No, make([]int, len(m.Rules.Grades)+2)})
	}
	teller.ok("PUT", audit+"/bundles/2", map[string]any{"rows": rows}, nil)
	teller.refused(ballot.CodeNotFound, "PUT", audit+"/bundles/3", map[string]any{"rows": rows})
	teller.refused(ballot.CodeInvalid, "PUT", audit+"/bundles/2", map[string]any{"rows": rows[1:]})
	teller.refused(ballot.CodeInvalid, "POST", audit+"/comparison", map[string]any{"codes": []string{"x"}})
	var c Comparison
	teller.ok("POST", audit+"/comparison", map[string]any{"codes": []string{"x", "y"}}, &c)
	if len(c.Rows) != 1 || c.Rows[0].Subject != 2 || c.Audit.Stage != ballot.AuditDrawn {
		t.Errorf("comparison %+v", c)
	}
	var signed Signed
	teller.ok("POST", audit+"/acceptance", Signing{password, "笔迹过淡"}, &signed)
	if signed.Done || m.audit.Reason != "笔迹过淡" {
		t.Errorf("signed %+v", signed)
	}
}

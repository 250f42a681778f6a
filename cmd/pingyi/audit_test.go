package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

// The paper of one batch is audited in the browser by three scrutineers; the statement of the certified result says so.
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
	c, err := signIn(context.Background(), s.base, "scrutineer1", testPassword)
	if err != nil {
		t.Fatal(err)
	}
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
	c.must(t, "GET", "/meetings/"+id+"/results", nil, &r)
	if a := r.Audit; a == nil || a.Stage != ballot.AuditAgrees || len(a.Compared) != 1 || a.Compared[0].Agree+a.Compared[0].Within != len(rows) || !a.Chance.Full {
		t.Errorf("the certified result's audit is %+v", a)
	}
	pdf, err := c.send(context.Background(), "GET", "/meetings/"+id+"/statement", "", nil)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("statement: %v", err)
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
)

// visitor runs parts of a script of api/web/e2e in Debian's Chromium against a service.
type visitor struct {
	script, chromium string
}

// newVisitor is a visitor that follows a script, such as meeting.mjs.
func newVisitor(t *testing.T, script string) *visitor {
	t.Helper()
	web := filepath.Join(repositoryRoot(t), "api", "web")
	for _, need := range []string{filepath.Join(web, "dist", "app", "index.html"), filepath.Join(web, "node_modules", "playwright-core")} {
		if _, err := os.Stat(need); err != nil {
			t.Skipf("skipping: the pages are not built (make web)")
		}
	}
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipping: %s is not installed", program)
		}
	}
	chromium, _ := exec.LookPath("chromium")
	return &visitor{script: filepath.Join(web, "e2e", script), chromium: chromium}
}

// visit runs one part; the script fails on any error in the browser's console and any request that leaves
// the host. It gives what the script printed.
func (b *visitor) visit(t *testing.T, part string, settings map[string]string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", b.script, part)
	cmd.Env = append(os.Environ(), "CHROMIUM="+b.chromium)
	for k, v := range settings {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", part, err, out)
	} else if len(out) > 0 {
		t.Logf("%s: %s", part, out)
	}
	return string(out)
}

// signAll has people sign an act of a meeting.
func signAll(t *testing.T, s *service, id, act string, who ...string) {
	t.Helper()
	for _, name := range who {
		s.as(t, name).must(t, "POST", "/meetings/"+id+"/"+act, demoSigning, nil)
	}
}

// decideBlank decides every unclear row, so that the meeting can be balanced.
func decideBlank(t *testing.T, s *service, id string) {
	t.Helper()
	c := s.as(t, "scrutineer1")
	var q api.Queue
	c.must(t, "GET", "/meetings/"+id+"/adjudication?limit=500", nil, &q)
	for _, row := range q.Rows {
		path := fmt.Sprintf("/meetings/%s/pages/%s/rows/%d/decisions", id, row.Page, row.Subject)
		c.must(t, "POST", path, map[string]any{"kind": ballot.IsBlank, "reason": "test"}, nil)
	}
}

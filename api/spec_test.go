package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"pingyi/ballot/access"
)

// TestSpec holds what a client generator relies on: the version of OpenAPI, and that every operation of
// the permission table is there, none without an entry.
func TestSpec(t *testing.T) {
	raw, err := Spec("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		OpenAPI string
		Info    struct{ Version string }
		Tags    []struct{ Name string }
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Tags        []string
			Parameters  []struct{ Name, In string }
			Responses   map[string]any
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1.2.3" {
		t.Errorf("OpenAPI %s, version %s", doc.OpenAPI, doc.Info.Version)
	}
	var ids []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			ids = append(ids, op.OperationID)
			if !slices.ContainsFunc(doc.Tags, func(tag struct{ Name string }) bool { return len(op.Tags) == 1 && tag.Name == op.Tags[0] }) {
				t.Errorf("%s %s has tags %v, the page to try it on knows %v", method, path, op.Tags, doc.Tags)
			}
			inPath := 0
			for _, p := range op.Parameters {
				if p.In == "path" && strings.Contains(path, "{"+p.Name+"}") {
					inPath++
				}
			}
			if inPath != strings.Count(path, "{") {
				t.Errorf("%s %s describes %d of its path parameters", method, path, inPath)
			}
			if op.Responses["default"] == nil {
				t.Errorf("%s %s describes no problem document", method, path)
			}
		}
	}
	slices.Sort(ids)
	if !slices.Equal(ids, access.All()) {
		t.Errorf("operations and permission table differ:\n%v\n%v", ids, access.All())
	}
}

// TestNoRouteOutsideTheTable lists what the router answers: operations of the permission table, the documents that
// describe them, and nothing else.
func TestNoRouteOutsideTheTable(t *testing.T) {
	s := &server{Config: Config{Metrics: prometheus.NewRegistry(), Web: fstest.MapFS{"index.html": {}}, Sessions: memstore.NewWithCleanupInterval(0), Passwords: cheap}}
	engine, err := s.engine()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, path := range []string{"/api/docs", "/api/docs/docs.js", "/api/docs/docs.css", base + "/openapi.json", base + "/openapi.yaml", base + "/openapi-3.0.json", base + "/openapi-3.0.yaml"} {
		known["GET "+path] = true
	}
	for path, item := range s.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			if _, ok := access.Lookup(op.OperationID); !ok {
				t.Errorf("operation %s has no row in the table", op.OperationID)
			}
			known[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = true
		}
	}
	for _, r := range engine.Routes() {
		if !known[r.Method+" "+r.Path] {
			t.Errorf("%s %s is a route outside the permission table", r.Method, r.Path)
		}
		delete(known, r.Method+" "+r.Path)
	}
	if len(known) > 0 {
		t.Errorf("no route for %v", known)
	}
}

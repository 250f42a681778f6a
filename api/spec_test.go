package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pingyi/api/auth"
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
	if !slices.Equal(ids, auth.All()) {
		t.Errorf("operations and permission table differ:\n%v\n%v", ids, auth.All())
	}
}

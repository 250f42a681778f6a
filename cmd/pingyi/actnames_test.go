package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// actNames finds the names under which acts are recorded: the store's own, and those that the API gives it.
var actNames = regexp.MustCompile(`(?:\.log|\.change|\.sign|\.step|\.changeBlank|\.EditBlank|\.Edit)\((?:[^"\n]|"")*?"([a-z_]+)"|\bact[A-Z]\w* += "([a-z_]+)"`)

// TestActsHaveWords: whatever the store records has a word in both languages, so that nobody reads code names.
func TestActsHaveWords(t *testing.T) {
	root := repositoryRoot(t)
	var names []string
	for _, folder := range []string{"ballot/store", "api"} {
		files := must[[]string](t)(filepath.Glob(filepath.Join(root, folder, "*.go")))
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, found := range actNames.FindAllStringSubmatch(string(must[[]byte](t)(os.ReadFile(file))), -1) {
				names = append(names, found[1]+found[2])
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 35 || !slices.Contains(names, "export_records") || !slices.Contains(names, "create_user") || !slices.Contains(names, "roster") {
		t.Fatalf("found %d names: %q", len(names), names)
	}
	for _, language := range []string{"zh", "en"} {
		words := map[string]string{}
		must[int](t)(0, json.Unmarshal(must[[]byte](t)(os.ReadFile(filepath.Join(root, "api/web/src/locales", language, "record.json"))), &words))
		for _, name := range names {
			if words[name] == "" {
				t.Errorf("%s: no word for the act %s", language, name)
			}
		}
	}
}

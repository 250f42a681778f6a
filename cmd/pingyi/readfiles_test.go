package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Files, and those in a ZIP, are read in input order by several children; one that cannot be opened is named and costs no
// other. Pictures of the stages are written by the child that reads the page.
func TestReadFiles(t *testing.T) {
	testdata := filepath.Join("..", "..", "scans", "testdata")
	one, two := filepath.Join(testdata, "page-400k.jpg"), filepath.Join(testdata, "page-1000k.jpg")
	first, second := must[[]byte](t)(os.ReadFile(one)), must[[]byte](t)(os.ReadFile(two))
	dir := t.TempDir()
	stack, empty, trace := filepath.Join(dir, "stack.zip"), filepath.Join(dir, "empty.jpg"), filepath.Join(dir, "trace")
	archive := must[[]byte](t)(zipOf([][]byte{second, nil, first[:len(first)/2], first}))
	must[int](t)(0, os.WriteFile(stack, archive, 0o600))
	must[int](t)(0, os.WriteFile(empty, nil, 0o600))
	read := func(folder string) (int, string, string) {
		return pingyi(t, "read", "--forms", filepath.Join(testdata, "page.forms.json"), "--names", "none", "--workers", "2", "--trace", folder, one, empty, stack, two)
	}
	code, out, errOut := read(trace)
	if code != exitUsage || !strings.Contains(errOut, "empty.jpg") || !strings.Contains(errOut, "scan2.jpg") {
		t.Errorf("exit %d, says %q", code, errOut)
	}
	var got []string
	for text := range strings.Lines(out) {
		var l pageLine
		must[int](t)(0, json.Unmarshal([]byte(text), &l))
		got = append(got, filepath.Base(l.File)+" "+l.Status+" "+l.Reason)
		if l.Status != "read" {
			continue
		}
		if _, err := os.Stat(filepath.Join(trace, filepath.Base(l.File)+"-0001", "4-verdicts.png")); err != nil {
			t.Error(err)
		}
	}
	want := []string{"page-400k.jpg read ", "scan1.jpg read ", "scan3.jpg rejected bad_image", "scan4.jpg read ", "page-1000k.jpg read "}
	if !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q\n%s", got, want, errOut)
	}
	if code, _, errOut := read(empty); code != exitError || !strings.Contains(errOut, "empty.jpg") {
		t.Errorf("pictures into a file: exit %d, says %q", code, errOut)
	}
}

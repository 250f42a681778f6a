package web_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"testing"

	"pingyi/api"
	"pingyi/api/web"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// specVersion stands in the committed file, so that a release changes nothing in it.
const specVersion = "v1"

// TestSpecFile holds openapi.json, which the pages' types are made from, to what the service offers.
func TestSpecFile(t *testing.T) {
	want, err := api.Spec(specVersion)
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.json is not the API as it is: run `npm run types` in api/web and commit what changes")
	}
}

// TestFiles checks that there is an entry, built or not.
func TestFiles(t *testing.T) {
	files, err := web.Files()
	if err != nil {
		t.Fatal(err)
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil || !bytes.Contains(index, []byte("评议")) {
		t.Errorf("index.html: %v: %.80s", err, index)
	}
}

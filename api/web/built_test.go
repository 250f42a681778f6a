package web

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// TestBuilt checks that built pages win over the committed one, and only where they have an entry.
func TestBuilt(t *testing.T) {
	page := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"clean clone": {fstest.MapFS{"dist/index.html": page("how to build")}, "how to build"},
		"built":       {fstest.MapFS{"dist/index.html": page("how to build"), "dist/app/index.html": page("app")}, "app"},
		"half built":  {fstest.MapFS{"dist/index.html": page("how to build"), "dist/app/assets/a.js": page("")}, "how to build"},
	} {
		files, err := built(c.files)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := fs.ReadFile(files, "index.html"); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// importTable says which of our packages each package may import; "*" is all. A package that is not
// listed is refused: add it here with its reason in ARCHITECTURE.md.
var importTable = map[string][]string{
	"ballot":         {},
	"ballot/keys":    {"ballot"},
	"ballot/sheet":   {"ballot"},
	"ballot/access":  {"ballot"},
	"ballot/store":   {"ballot", "ballot/access", "ballot/evidence", "tally"},
	"tally":          {"ballot"},
	"tally/report":   {"tally", "ballot", "ballot/evidence"},
	"pdf":            {"ballot", "ballot/evidence", "tally"},
	"scans":          {"ballot", "scans/raster", "scans/register", "scans/code", "scans/mark", "scans/density", "scans/writing", "scans/ocr", "scans/edit"},
	"scans/raster":   {},
	"scans/edit":     {},
	"scans/register": {"scans/raster", "ballot"},
	"scans/code":     {"scans/raster", "ballot"},
	"scans/mark":     {"scans/raster", "scans/register", "scans/words", "ballot"},
	"scans/density":  {"scans/raster", "scans/register", "ballot"},
	"scans/words":    {"scans/raster", "ballot"},
	"scans/writing":  {"scans/raster", "scans/register", "ballot"},
	"scans/child":    {},
	"scans/ocr":      {"scans/child"},
	"scans/learn":    {"scans/raster", "scans/register", "scans/edit", "scans/child", "ballot"},
	"scans/worker":   {"scans", "scans/child", "scans/raster", "ballot"},
	"scans/jobs":     {"scans", "scans/worker", "ballot", "ballot/store"},
	"scans/paint":    {"scans/raster", "scans/register", "ballot"},
	"scans/synth":    {"scans/raster", "ballot"},
	"api":            {"ballot", "ballot/access", "tally", "api/auth"},
	"api/auth":       {"ballot"},
	"api/web":        {},
	"cmd/compare":    {"ballot", "pdf", "scans/raster", "scans/synth"},
	"cmd/fit":        {"*"},
	"cmd/pingyi":     {"*"},

	"ballot/evidence": {"ballot/keys"},

	// Tests alone import it: the adversary that looks for orders in a data folder.
	"scans/jobs/attack": {},
}

const module = "pingyi"

// The files are parsed here, in this process: a test that asked the go command would be served from the
// test cache and miss changes.
func TestImportTable(t *testing.T) {
	root := repositoryRoot(t)
	used := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "node_modules" || n == "testdata" || n != "." && strings.HasPrefix(n, ".") && path != root {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			checkFile(t, root, path, used)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range importTable {
		if !used[p] {
			t.Errorf("package %s is in the table and not in the tree", p)
		}
	}
}

func checkFile(t *testing.T, root, path string, used map[string]bool) {
	t.Helper()
	rel, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	pkg := filepath.ToSlash(rel)
	allowed, listed := importTable[pkg]
	if !listed {
		t.Errorf("package %s is not in the import table", pkg)
		return
	}
	used[pkg] = true
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		ours, isOurs := strings.CutPrefix(name, module+"/")
		if isOurs && !permits(allowed, ours) {
			t.Errorf("%s imports %s, which the table does not allow", path, ours)
		}
		if pkg == "ballot" && strings.Contains(name, ".") {
			t.Errorf("%s imports %s: ballot is standard library only", path, name)
		}
		if strings.HasPrefix(name, "gorm.io/") && pkg != "ballot/store" {
			t.Errorf("%s imports %s: only ballot/store uses gorm", path, name)
		}
	}
}

func permits(allowed []string, pkg string) bool {
	for _, a := range allowed {
		if a == "*" || a == pkg {
			return true
		}
	}
	return false
}

// Only the agreed folders stand at the top level.
func TestTopLevelFolders(t *testing.T) {
	root := repositoryRoot(t)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"cmd": true, "api": true, "ballot": true, "tally": true, "pdf": true, "scans": true,
		"bin": true, "data": true, "out": true} // the last three are built, and ignored by git
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !allowed[e.Name()] {
			t.Errorf("folder %s does not belong at the top level", e.Name())
		}
	}
}

func repositoryRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("go.mod not found above the test's folder")
		}
		dir = up
	}
}

package scans_test

import (
	"crypto/sha256"
	"encoding/hex"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// readerDigest names the code that reads: package scans, the packages of ours that it imports, however
// indirectly, and what they embed. Sweeps add up over days as long as it stays the same.
func readerDigest(t testing.TB) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range readingCode(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(data)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// readingCode lists the files of the digest, seen from this folder.
func readingCode(t testing.TB) []string {
	t.Helper()
	var files []string
	folders := []string{"scans"}
	for i := 0; i < len(folders); i++ {
		found, err := filepath.Glob(filepath.Join("..", folders[i], "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			switch {
			case slices.Contains([]string{".json", ".c", ".h"}, filepath.Ext(name)):
				files = append(files, name)
			case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			default:
				files = append(files, name)
				for _, folder := range ownImports(t, name) {
					if !slices.Contains(folders, folder) {
						folders = append(folders, folder)
					}
				}
			}
		}
	}
	slices.Sort(files)
	return files
}

func ownImports(t testing.TB, name string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if folder, ours := strings.CutPrefix(path, "pingyi/"); ours {
			out = append(out, folder)
		}
	}
	return out
}

// The digest covers what decides verdicts and not what draws or prints.
func TestReadingCode(t *testing.T) {
	files := readingCode(t)
	for _, name := range []string{"../scans/reader.go", "../ballot/judge.go", "../scans/mark/meter.go", "../scans/density/weights.json", "../scans/raster/jpeg.go", "../scans/raster/kernel.c"} {
		if !slices.Contains(files, name) {
			t.Errorf("%s is not in the digest", name)
		}
	}
	for _, name := range files {
		if strings.Contains(name, "synth") || strings.HasPrefix(name, "../pdf") {
			t.Errorf("%s is in the digest and reads nothing", name)
		}
	}
}

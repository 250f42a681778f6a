package scans_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// readerDigest names the code that reads: sweeps add up over days as long as it stays the same.
func readerDigest(t testing.TB) string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.go", "raster/*.go", "register/*.go", "code/*.go", "mark/*.go", "density/*.go", "writing/*.go", "density/*.json", "../ballot/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if !strings.HasSuffix(f, "_test.go") {
				files = append(files, f)
			}
		}
	}
	sort.Strings(files)
	sum := sha256.New()
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(sum, f); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"pingyi/tally"
)

// TestSteady: the same result makes the same workbook, byte for byte.
func TestSteady(t *testing.T) {
	r := counted(t, 12, 9, 7)
	r.Checkpoint = &tally.Checkpoint{Code: "1-ABCD", Size: 7, Note: "a note\n"}
	var first []byte
	parts := map[string]string{}
	for i := range 20 {
		var out bytes.Buffer
		if err := XLSX(&out, r); err != nil {
			t.Fatal(err)
		}
		in, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range in.File {
			if sum := fmt.Sprint(f.CRC32); i == 0 {
				parts[f.Name] = sum
			} else if parts[f.Name] != sum {
				t.Fatalf("run %d: %s is another", i, f.Name)
			}
		}
		if i == 0 {
			first = out.Bytes()
		} else if !bytes.Equal(first, out.Bytes()) {
			t.Fatalf("run %d: another file", i)
		}
	}
}

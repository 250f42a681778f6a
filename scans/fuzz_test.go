package scans_test

import (
	"os"
	"path/filepath"
	"testing"

	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// FuzzReadPage reads files of any bytes as far as they go: each page is read or refused with a reason, in a
// process that lives on. PDFs are left to FuzzOpen and to the soak test: their sandbox starts slowly.
func FuzzReadPage(f *testing.F) {
	reader := speedReader(f)
	data, err := os.ReadFile(filepath.Join("testdata", "page-400k.jpg"))
	if err != nil {
		f.Fatal(err)
	}
	doc, err := raster.Open("page", data, raster.Options{MinDPI: scans.MinDPI})
	if err != nil {
		f.Fatal(err)
	}
	defer doc.Close()
	page, err := doc.Page(0)
	if err != nil {
		f.Fatal(err)
	}
	for _, format := range []synth.Format{synth.JPEG, synth.PNG, synth.TIFF, synth.G4} {
		path := filepath.Join(f.TempDir(), "page")
		out := synth.NewFile(path, format)
		if err := out.Add(page, 40); err != nil {
			f.Fatal(err)
		}
		if err := out.Close(); err != nil {
			f.Fatal(err)
		}
		seed, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := raster.Open("scan", data, raster.Options{MinDPI: scans.MinDPI, Limits: raster.Limits{MaxBytes: 4 << 20, MaxTotal: 8 << 20, MaxPixels: 4 << 20, MaxPages: 4, MaxFiles: 4}})
		if err != nil {
			return
		}
		defer doc.Close()
		for i := range doc.Pages() {
			res := reader.ReadOne(doc, i)
			if (res.Rejected == nil) == (len(res.Rows) == 0) || len(res.Verdicts) != len(res.Rows) {
				t.Fatalf("page %d: rejected %v with %d rows and %d verdicts", i, res.Rejected, len(res.Rows), len(res.Verdicts))
			}
		}
	})
}

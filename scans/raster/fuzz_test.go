package raster

import (
	"errors"
	"testing"
)

// fuzzLimits keep one run small.
var fuzzLimits = Limits{MaxBytes: 1 << 20, MaxTotal: 4 << 20, MaxPixels: 2 << 20, MaxPages: 8, MaxFiles: 16}

// Any bytes give pages within the limits or a named error; nothing else, no panic, no large memory.
// PDFs begin slowly; they are fuzzed from the seeds alone, a sandbox being their guard.
func FuzzOpen(f *testing.F) {
	jpg := encodeJPEG(f, grayPage(64, 90))
	for _, seed := range [][]byte{jpg, withJFIF(jpg, 300), encodePNG(f, grayPage(64, 90)), pdfOf(f, [][]byte{jpg}, nil),
		tiffOf(64, 90, 1, [][]byte{bitPage(64, 90), bitPage(64, 90)}), tiffOf(64, 90, 8, [][]byte{grayPage(64, 90).Pix}),
		hugeJPEG(f, 60000, 60000), hugePNG(f, 1<<31, 1<<31), []byte("text"), nil} {
		f.Add(seed)
	}
	for _, name := range []string{"g4.tif", "g4-one-strip.tif", "g3.tif", "lzw.tif", "zip.tif", "packbits.tif", "jpeg.tif", "jpegrgb.tif",
		"tiled.tif", "big-endian.tif", "progressive.jpg", "cmyk.jpg"} {
		f.Add(readTestdata(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Open("scan", data, Options{MinDPI: 50, Limits: fuzzLimits})
		if err != nil {
			mustBeNamed(t, err)
			return
		}
		defer d.Close()
		if d.Pages() < 1 || d.Pages() > fuzzLimits.MaxPages {
			t.Fatalf("%d pages", d.Pages())
		}
		m := &Image{}
		for i := range d.Pages() {
			if err := d.PageInto(i, m); err != nil {
				mustBeNamed(t, err)
				continue
			}
			if m.W <= 0 || m.H <= 0 || len(m.Pix) != m.W*m.H || len(m.Pix) > fuzzLimits.MaxPixels || !(m.DPI > 0) {
				t.Fatalf("%d × %d pixels at %v dpi in %d bytes", m.W, m.H, m.DPI, len(m.Pix))
			}
		}
	})
}

// Any bytes give files within the limits or a named error.
func FuzzExpand(f *testing.F) {
	f.Add(zipOf(f, zipFile{name: "page10.jpg", content: []byte("10")}, zipFile{name: "page2.jpg", content: []byte("2")}))
	f.Add(zipOf(f, zipFile{name: "../a", content: []byte("x")}))
	f.Add(zipOf(f, zipFile{name: "zeros", content: make([]byte, 2<<20)}))
	f.Add(encrypted(zipOf(f, zipFile{name: "a", content: []byte("x")})))
	f.Add(lying(zipOf(f, zipFile{name: "a", content: make([]byte, 100)})))
	f.Add([]byte("text"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, total := 0, 0
		err := Expand("scans.zip", data, fuzzLimits, func(name string, content []byte) error {
			if sniff(data) == "zip" && unsafeName(name) {
				t.Fatalf("%q got through", name)
			}
			files, total = files+1, total+len(content)
			return nil
		})
		if err != nil {
			mustBeNamed(t, err)
		}
		if sniff(data) == "zip" && (files > fuzzLimits.MaxFiles || total > int(fuzzLimits.MaxTotal)) {
			t.Fatalf("%d files of %d bytes", files, total)
		}
	})
}

func mustBeNamed(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code == "" || e.Msg == "" {
		t.Fatalf("%v is no named error", err)
	}
}

package scans_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// benchPage is a marked page as a 300 dpi gray JPEG of about 1 MB, noisy as scanners are.
func benchPage(b *testing.B) ([]byte, []sheet) {
	sheets := printedSheets(b)[:1]
	s := sheets[0]
	r := rand.New(rand.NewPCG(3, 3))
	img := s.clean.Clone()
	synth.Mark(img, s.page, synth.NewHand(r, false), synth.Realistic(), r)
	d := synth.Damage{DPI: 300, Rotation: 0.6, Paper: 245, Noise: 4, Blur: 0.6, Quality: 70}
	data, err := raster.EncodeJPEG(synth.Scan(img, d, r), d.Quality)
	if err != nil {
		b.Fatal(err)
	}
	return data, sheets
}

// BenchmarkDecodeFull is libjpeg-turbo's full decode of the page: what reading is held against.
func BenchmarkDecodeFull(b *testing.B) {
	data, _ := benchPage(b)
	b.SetBytes(int64(len(data)))
	decode(b, data, 0, b.N, func(*raster.Image) {})
}

// BenchmarkReadJPEG is the whole way of the same page, all stages but OCR.
func BenchmarkReadJPEG(b *testing.B) {
	data, sheets := benchPage(b)
	r := readerOf(b, sheets)
	b.SetBytes(int64(len(data)))
	decode(b, data, scans.MinDPI, b.N, func(m *raster.Image) {
		if res := r.ReadPage(m); res.Rejected != nil {
			b.Fatal(res.Rejected)
		}
	})
}

func decode(b *testing.B, data []byte, minDPI float64, times int, each func(*raster.Image)) {
	var m raster.Image
	b.ResetTimer()
	for range times {
		doc, err := raster.Open("page", data, raster.Options{MinDPI: minDPI})
		if err != nil {
			b.Fatal(err)
		}
		if err := doc.PageInto(0, &m); err != nil {
			b.Fatal(err)
		}
		each(&m)
		doc.Close()
	}
}

// BenchmarkOCRLine is the cross-check of one printed identity line.
func BenchmarkOCRLine(b *testing.B) {
	data, sheets := benchPage(b)
	engine, err := ocr.New()
	if err != nil {
		b.Skipf("skipping: %v", err)
	}
	defer engine.Close()
	r, err := scans.NewReader(formsOf(sheets), scans.Options{OCR: engine, CrossCheck: true})
	if err != nil {
		b.Fatal(err)
	}
	ms := 0.0
	decode(b, data, scans.MinDPI, b.N, func(m *raster.Image) { ms += r.ReadPage(m).Millis.OCR })
	b.ReportMetric(ms/float64(b.N), "ms-ocr")
}

// BenchmarkWriting is the search for writing on a page that has none, against the full decode of the page
// in the same run: the least time of each, since other work on the machine only adds to them.
func BenchmarkWriting(b *testing.B) {
	data, sheets := benchPage(b)
	r := readerOf(b, sheets)
	full, found := math.Inf(1), math.Inf(1)
	for range b.N {
		begin := time.Now()
		decode(b, data, 0, 1, func(*raster.Image) {})
		full = min(full, time.Since(begin).Seconds()*1000)
		decode(b, data, scans.MinDPI, 1, func(m *raster.Image) { found = min(found, r.ReadPage(m).Millis.Writing) })
	}
	b.ReportMetric(found, "ms-writing")
	b.ReportMetric(100*found/full, "%-of-decode")
}

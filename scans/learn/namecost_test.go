package learn_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var nameCost = flag.Int("learn.rounds", 0, "rounds in which a page is read with names off, sampled and all checked; 0 = not at all")

// TestNameCost holds the processor time of a learned page of 36 rows, which is known by its names however the check
// of names is set, against that of decoding it. Tesseract works in this process here, so that its time is counted.
func TestNameCost(t *testing.T) {
	if *nameCost == 0 {
		t.Skip("a measurement: make namecost")
	}
	e := engine(t)
	f := confirmed(t, at("dense"), e)
	page := &f.Pages[0]
	r := rand.New(rand.NewPCG(7, 20260404))
	d := synth.Draw(synth.ClassOrdinary, page, r)
	d.DPI = 300
	img := printed(t, "dense")[0]
	synth.Mark(img, page, d.Hand(r), synth.Realistic(), r)
	data, err := raster.EncodeJPEG(synth.Scan(img, d, r), d.Quality)
	if err != nil {
		t.Fatal(err)
	}
	decode := cost(t, data, *nameCost*10, func(doc *raster.Document) {
		if _, err := doc.Page(0); err != nil {
			t.Fatal(err)
		}
	})
	for _, share := range []float64{0, 0.1, 1} {
		reader, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e, Names: share, Fonts: fonts(t), Random: rand.New(rand.NewPCG(1, 2))})
		if err != nil {
			t.Fatal(err)
		}
		read := cost(t, data, *nameCost, func(doc *raster.Document) {
			if res := reader.ReadOne(doc, 0); res.Rejected != nil {
				t.Fatal(res.Rejected)
			}
		})
		t.Logf("a learned page of 36 rows at 300 dpi, names checked %.0f %%: %.1f × the processor time of decoding it", 100*share, read/decode)
	}
}

// cost is the processor time of some work on a page, opening it included: the median of some rounds after a first.
func cost(t *testing.T, data []byte, rounds int, work func(doc *raster.Document)) float64 {
	t.Helper()
	var times []float64
	for round := range rounds + 1 {
		from := cpu(t)
		doc, err := raster.Open("page", data, raster.Options{MinDPI: scans.MinDPI})
		if err != nil {
			t.Fatal(err)
		}
		work(doc)
		doc.Close()
		if round > 0 { // the first loads the language pack
			times = append(times, cpu(t)-from)
		}
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func cpu(t *testing.T) float64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// fonts are those that our own forms are printed with; a reader that checks names needs some.
func fonts(t *testing.T) [][]byte {
	t.Helper()
	f, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	data, err := f.TrueType('评', pdf.Song)
	if err != nil {
		t.Fatal(err)
	}
	return [][]byte{data}
}

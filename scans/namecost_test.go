package scans_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var nameCost = flag.Int("names.rounds", 0, "rounds in which a page is read without names, with a sample and with all; 0 = not at all")

// TestNameCost holds the processor time of a page of 36 rows with names checked against that without, all read
// in turn. Tesseract works in this process here, so that its time is counted.
func TestNameCost(t *testing.T) {
	if *nameCost == 0 {
		t.Skip("a measurement: make namecost")
	}
	r := rand.New(rand.NewPCG(7, 20260404))
	sheets := printMeeting(t, 7, namedMeeting(72, ballot.RosterForm, "A4", r), synth.RenderDPI)
	d := synth.Draw(synth.ClassOrdinary, sheets[0].page, r)
	d.DPI = 300
	marked := sheets[0].copy()
	synth.Mark(marked, sheets[0].page, d.Hand(r), synth.Realistic(), r)
	data, err := raster.EncodeJPEG(synth.Scan(marked, d, r), d.Quality)
	if err != nil {
		t.Fatal(err)
	}
	decode := decodeCost(t, data, *nameCost)
	var times []float64
	for _, share := range []float64{0, 0.1, 1} {
		times = append(times, readCost(t, namesReader(t, sheets, share), data, *nameCost))
	}
	t.Logf("a page of 36 rows at 300 dpi, decoding included: none %.1f ×, sample %.1f ×, all %.1f × the processor time of decoding it; sample %.1f ×, all %.1f × that of none",
		times[0]/decode, times[1]/decode, times[2]/decode, times[1]/times[0], times[2]/times[0])
}

// readCost is the processor time of reading a page, the median of some rounds.
func readCost(t *testing.T, reader *scans.Reader, data []byte, rounds int) float64 {
	t.Helper()
	var times []float64
	for round := range rounds + 1 {
		from := cpu()
		doc, err := raster.Open("page", data, raster.Options{MinDPI: scans.MinDPI})
		if err != nil {
			t.Fatal(err)
		}
		if res := reader.ReadOne(doc, 0); res.Rejected != nil {
			t.Fatal(res.Rejected)
		}
		doc.Close()
		if round > 0 { // the first loads the language pack
			times = append(times, cpu()-from)
		}
	}
	return median(times)
}

// decodeCost is that of decoding it, as the reader does.
func decodeCost(t *testing.T, data []byte, rounds int) float64 {
	t.Helper()
	var times []float64
	for range 10 * rounds {
		from := cpu()
		doc, err := raster.Open("page", data, raster.Options{MinDPI: scans.MinDPI})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.Page(0); err != nil {
			t.Fatal(err)
		}
		doc.Close()
		times = append(times, cpu()-from)
	}
	return median(times)
}

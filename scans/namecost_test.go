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
		t.Skip("a measurement: make names")
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
	shares := []float64{0, 0.1, 1}
	times := make([][]float64, len(shares))
	for i, share := range shares {
		reader := namesReader(t, sheets, share)
		for round := range *nameCost + 1 {
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
				times[i] = append(times[i], cpu()-from)
			}
		}
	}
	none := median(times[0])
	t.Logf("a page of 36 rows at 300 dpi, decoding included: sample %.1f ×, all %.1f × the processor time of none", median(times[1])/none, median(times[2])/none)
}

package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/jobs/attack"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/scans/worker"
)

var scannerSheets = flag.Int("scanner.sheets", 6, "sheets a scanner of TestScannersTell")

// scanner is what is alike on all pages of one machine.
type scanner func(r *rand.Rand, place int) synth.Damage

// everyday is a good office scanner; each sheet lies a little otherwise.
func everyday(r *rand.Rand, _ int) synth.Damage {
	return synth.Damage{DPI: 200, Rotation: r.NormFloat64() * 0.4, Blur: 0.6, Noise: 3, Quality: 75, Paper: 250}
}

// another is one of other make: finer, noisier, on grayer paper.
func another(r *rand.Rand, _ int) synth.Damage {
	return synth.Damage{DPI: 300, Rotation: r.NormFloat64() * 0.4, Blur: 0.9, Noise: 6, Quality: 60, Paper: 240}
}

// TestScannersTell looks at what is kept of real pages, picture and measures, as two venues' scanners make them. Where both
// use one machine nothing tells them apart. Where they use machines of different make, pictures and measures do: no order,
// but the venue. SECURITY.md says so; the figure here is how far.
func TestScannersTell(t *testing.T) {
	t.Parallel()
	same := scannerClues(t, everyday, everyday)
	other := scannerClues(t, everyday, another)
	t.Logf("one make: %s; two makes: %s", best(same), best(other))
	// So many sheets a scanner: chance gives a clue's share of right pairs a standard deviation of about √(1/6n).
	bound := 4.5 * math.Sqrt(1/(6*float64(*scannerSheets)))
	for clue, m := range same {
		if math.Abs(m[attack.Batch]) > min(bound, 0.499) {
			t.Errorf("one make: %s tells the venues apart: %.2f", clue, m[attack.Batch])
		}
	}
	if math.Abs(strongest(other)) < 0.45 {
		t.Error("two makes are not told apart any more: say so in SECURITY.md")
	}
}

func strongest(of map[string]map[string]float64) (most float64) {
	for _, m := range of {
		if math.Abs(m[attack.Batch]) > math.Abs(most) {
			most = m[attack.Batch]
		}
	}
	return most
}

func best(of map[string]map[string]float64) string {
	for clue, m := range of {
		if m[attack.Batch] == strongest(of) {
			return fmt.Sprintf("%s orders %.0f %% of pairs right", clue, 100*(0.5+math.Abs(m[attack.Batch])))
		}
	}
	return ""
}

// scannerClues scans sheets by two machines, reads them and measures each clue against the venue.
func scannerClues(t *testing.T, machines ...scanner) map[string]map[string]float64 {
	t.Helper()
	_, _, form := openMeeting(t, 5)
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	stack, err := printForm(&form, fonts, t.TempDir(), 5)
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	reader, err := scans.NewReader([]ballot.Form{form}, scans.Options{})
	if err != nil {
		t.Fatal(err)
	}
	clues, truth := attack.Clues{}, map[string]attack.Truth{}
	for venue, machine := range machines {
		for i := range *scannerSheets {
			page := fmt.Sprint(venue, "-", i)
			truth[page] = attack.Truth{Batch: venue, Place: i}
			r := rand.New(rand.NewPCG(uint64(venue), uint64(1000+i)))
			marked := stack.marked(stack.vote("1", venue*1000+i))
			result := reader.ReadPage(synth.Scan(marked, machine(r, i), r))
			if result.Rejected != nil {
				t.Fatalf("rejected: %+v", result.Rejected)
			}
			keptClues(t, clues, page, result, reader.Picture())
		}
	}
	out := map[string]map[string]float64{}
	for clue, values := range clues {
		if m := attack.Against(values, truth); m != nil {
			out[clue] = m
		}
	}
	return out
}

// keptClues are what picture and measures show of the machine.
func keptClues(t *testing.T, c attack.Clues, page string, result scans.PageResult, kept *raster.Image) {
	t.Helper()
	file, err := raster.EncodeJPEG(kept, worker.PictureQuality)
	if err != nil {
		t.Fatal(err)
	}
	put := func(clue string, v float64) {
		if c[clue] == nil {
			c[clue] = map[string]float64{}
		}
		c[clue][page] += v
	}
	put("size of the picture", float64(len(file)))
	var levels [256]int
	steps := 0.0
	for i, v := range kept.Pix {
		levels[v]++
		if i > 0 && v > 200 && kept.Pix[i-1] > 200 {
			steps += math.Abs(float64(v) - float64(kept.Pix[i-1]))
		}
	}
	paper := 0
	for v, n := range levels {
		if n > levels[paper] {
			paper = v
		}
	}
	put("gray of the paper", float64(paper))
	put("noise of the paper", steps)
	for _, row := range result.Rows {
		put("shift", row.Shift)
		for _, s := range row.Scores {
			for name, v := range map[string]float64{"ink": s.Ink, "contrast": s.Contrast, "flat": s.Flat, "reach": s.Reach, "stray": s.Stray, "doubt": s.Doubt,
				"outside": s.Outside, "specks": s.Specks, "outline": s.Outline, "faint": s.Faint, "covered": s.Covered, "second": s.Second} {
				put("measure "+name, v)
			}
		}
	}
	for _, shape := range result.Fingerprint {
		put("fingerprint", float64(shape.W)+float64(shape.H))
	}
}

// marked is the first page of a ballot, marked and not scanned yet.
func (p *paperStack) marked(b demoBallot) *raster.Image {
	form := &p.form.Pages[0]
	img := p.clean[0].Clone()
	var rows []synth.Truth
	for _, row := range form.Rows {
		rows = append(rows, b.truth[row.Subject])
	}
	synth.MarkAs(img, form, synth.NewHand(rand.New(rand.NewPCG(b.seed, 2)), false), rows, rand.New(rand.NewPCG(b.seed, 100)))
	return img
}

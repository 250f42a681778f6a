package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/synth"
)

var trialGood = flag.Int("trial.good", 2, "good trial runs, of which none may have a finding")

// trialRun prints a trial form and scans it again and again.
type trialRun struct {
	form   *ballot.Form
	sheets []sheet
	reader *scans.Reader
}

func newTrialRun(t *testing.T, c formKind) *trialRun {
	t.Helper()
	f, err := ballot.TrialForm(meetingOf(c), ballot.VoterGroup{Code: "A", Name: "工委委员"})
	if err != nil {
		t.Fatal(err)
	}
	run := &trialRun{form: f, sheets: printForm(t, f, synth.RenderDPI)}
	if run.reader, err = scans.NewReader([]ballot.Form{*f}, scans.Options{}); err != nil {
		t.Fatal(err)
	}
	return run
}

// good is the damage of a printer and a scanner that are set as they should be, with a seed's variation.
func good(r *rand.Rand) synth.Damage {
	d := synth.Ordinary(r)
	d.DPI = []float64{200, 300}[r.IntN(2)]
	d.Rotation, d.Quality = d.Rotation*0.8, max(70, d.Quality)
	d.ScaleX = 0.996 + 0.008*r.Float64()
	d.ScaleY = d.ScaleX * (0.998 + 0.004*r.Float64())
	return d
}

// image marks a side of a test ballot as it asks and scans it.
func (run *trialRun) image(t *testing.T, side int, d synth.Damage, pen func(*synth.Hand), r *rand.Rand) ballot.TrialImage {
	t.Helper()
	s := run.sheets[side]
	img := s.copy()
	synth.Print(img, s.page, d, r)
	hand := synth.NewHand(r, false)
	for hand.Pen.Name != "ballpoint" && hand.Pen.Name != "gel" || hand.Pen.Gray > 90 {
		hand = synth.NewHand(r, false)
	}
	hand.Shape = synth.Tick
	if pen != nil {
		pen(&hand)
	}
	marks := run.form.TrialMarks(s.page)
	rows := make([]synth.Truth, len(s.page.Rows))
	for i, row := range s.page.Rows {
		rows[i] = synth.Truth{Subject: row.Subject, Kind: synth.TruthBlank}
		if grade := marks[row.Subject]; grade != "" && hand.Shape != "" {
			rows[i].Kind, rows[i].Grade, rows[i].Shape = synth.TruthGrade, grade, hand.Shape
		}
	}
	synth.MarkAs(img, s.page, hand, rows, r)
	scan := synth.Scan(img, d, r)
	if d.Class == "stated" { // the file states another resolution than the scanner used
		scan.DPI /= 0.95
	}
	small, err := synth.Deliver(scan, d, scans.MinDPI)
	if err != nil {
		t.Fatal(err)
	}
	full, err := synth.Deliver(scan, d, 0)
	if err != nil {
		t.Fatal(err)
	}
	res := run.reader.ReadPage(small)
	return ballot.TrialImage{Reading: res.PageReading, Verdicts: res.Verdicts, Look: run.reader.Look(full)}
}

// stack is the test ballots scanned, all with the same setting of the machines.
func (run *trialRun) stack(t *testing.T, seed uint64, set func(*synth.Damage), pen func(*synth.Hand)) (images []ballot.TrialImage) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 77))
	base := good(r)
	for n := range ballot.TrialSheets {
		for side := range run.sheets {
			if run.form.Kind == ballot.SingleForm && n > 0 {
				continue
			}
			d := base
			d.Rotation, d.Specks = 2.4*(r.Float64()-0.5), r.IntN(13)
			if set != nil {
				set(&d)
			}
			images = append(images, run.image(t, side, d, pen, r))
		}
	}
	return images
}

func (run *trialRun) judge(images []ballot.TrialImage) (ballot.TrialReport, []string) {
	report := ballot.JudgeTrial(run.form, ballot.TrialSheets, images)
	var codes []string
	for _, f := range report.Findings {
		code := string(f.Level) + " " + string(f.Code)
		if f.Reason != "" {
			code += " " + string(f.Reason)
		}
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return report, codes
}

// Trial runs of machines that are set well have no finding, and every row is right.
func TestGoodTrials(t *testing.T) {
	for _, c := range []formKind{{72, 4, ballot.RosterForm, "A4"}, {20, 4, ballot.RosterForm, "A4"}, {30, 4, ballot.SingleForm, "A5"}} {
		run := newTrialRun(t, c)
		alarms := 0
		for seed := range *trialGood {
			images := run.stack(t, uint64(seed), nil, nil)
			report, codes := run.judge(images)
			if len(codes) > 0 || report.Ready != "ready" || report.Right != report.Rows || report.Read != len(images) {
				alarms++
				t.Errorf("%+v, seed %d: %v, %d of %d rows right: %+v; %+v", c, seed, codes, report.Right, report.Rows, report.Differences, *images[0].Look)
			}
		}
		t.Logf("%+v: %d false alarms in %d good trial runs", c, alarms, *trialGood)
	}
}

// Every fault of a setting is found and named, and nothing else is.
func TestTrialFaults(t *testing.T) {
	run := newTrialRun(t, formKind{20, 4, ballot.RosterForm, "A4"})
	for _, c := range []struct {
		name string
		set  func(*synth.Damage)
		pen  func(*synth.Hand)
		want []string
	}{
		{"fit to page", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 0.96, 0.96 }, nil, []string{"fault printer_scaled"}},
		{"a little smaller", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 0.98, 0.98 }, nil, []string{"advice printer_scaled"}},
		{"enlarged", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 1.035, 1.035 }, nil, []string{"fault printer_scaled"}},
		{"the scanner scales", func(d *synth.Damage) { d.Class = "stated" }, nil, []string{"fault scanner_scaled"}},
		{"stretched", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 0.994, 1.006 }, nil, []string{"advice uneven_scale"}},
		{"cropped", func(d *synth.Damage) { d.Crop = [4]float64{0, 6, 0, 0} }, nil, []string{"advice cropped"}},
		{"marks cut off", func(d *synth.Damage) { d.Crop = [4]float64{0, 12.5, 0, 0} }, nil, []string{"advice cropped", "fault marks_cut"}},
		{"too much cut off", func(d *synth.Damage) { d.Crop = [4]float64{16, 0, 16, 0} }, nil, []string{"fault cropped", "fault rejected no_page"}},
		{"150 dpi", func(d *synth.Damage) { d.DPI = 150 }, nil, []string{"advice low_resolution"}},
		{"100 dpi", func(d *synth.Damage) { d.DPI = 100 }, nil, []string{"fault low_resolution", "fault rejected low_resolution"}},
		{"600 dpi", func(d *synth.Damage) { d.DPI = 600 }, nil, []string{"advice high_resolution"}},
		{"text mode", func(d *synth.Damage) { d.OneBit, d.Limit, d.Quality = 1, 128, 0 }, nil, []string{"fault one_bit"}},
		{"text mode in a JPEG", func(d *synth.Damage) { d.OneBit, d.Limit, d.Quality = 1, 128, 60 }, nil, []string{"fault one_bit"}},
		{"dithered", func(d *synth.Damage) { d.OneBit, d.Quality, d.Noise, d.DPI = 2, 0, 1, 300 }, nil, []string{"fault one_bit"}},
		{"low toner", func(d *synth.Damage) { d.Toner = 0.4 }, nil, []string{"fault low_toner"}},
		{"saving toner", func(d *synth.Damage) { d.Toner = 0.58 }, nil, []string{"advice low_toner"}},
		{"dark paper", func(d *synth.Damage) { d.Paper = 185 }, nil, []string{"advice dark_paper"}},
		{"askew", func(d *synth.Damage) { d.Rotation = 3.2 }, nil, []string{"advice skewed"}},
		{"colour dropped", nil, func(h *synth.Hand) { h.Shape = "" }, []string{"fault marks_lost"}},
		{"a pencil", nil, func(h *synth.Hand) { h.Pen = synth.FaintHand(rand.New(rand.NewPCG(1, 1))).Pen }, []string{"advice pale_marks"}},
		{"mirrored", func(d *synth.Damage) { d.Mirror = true }, nil, []string{"fault rejected mirrored"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			images := run.stack(t, 5, c.set, c.pen)
			report, codes := run.judge(images)
			if !slices.Equal(codes, c.want) {
				t.Errorf("%v, want %v; %+v; differences %+v", codes, c.want, *images[0].Look, report.Differences)
			}
			if wantReady := map[bool]string{true: "not_ready", false: "usable"}[slices.ContainsFunc(codes, isFault)]; report.Ready != wantReady {
				t.Errorf("%s, want %s", report.Ready, wantReady)
			}
		})
	}
}

func isFault(code string) bool { return code[0] == 'f' }

// The share of middle grays parts pictures of one bit from gray ones: the constant oneBitGrays lies between.
func TestTrialGrays(t *testing.T) {
	run := newTrialRun(t, formKind{20, 4, ballot.RosterForm, "A4"})
	r := rand.New(rand.NewPCG(9, 9))
	oneBit, gray := 0.0, 1.0
	for n := range 6 {
		d := good(r)
		d.DPI, d.Quality = []float64{150, 200, 300}[n%3], 55+n*8
		gray = min(gray, run.image(t, 0, d, nil, r).Look.Grays)
		d.OneBit, d.Limit = 1, 90+r.Float64()*80
		oneBit = max(oneBit, run.image(t, 0, d, nil, r).Look.Grays)
	}
	t.Logf("one bit: at most %.3f; gray: at least %.3f", oneBit, gray)
	if oneBit > 0.15 || gray < 0.3 {
		t.Error("the constant is not between them any more")
	}
}

// A test ballot that gets among real ones is refused, by name.
func TestTestBallotIsRefused(t *testing.T) {
	c := formKind{20, 4, ballot.RosterForm, "A4"}
	run := newTrialRun(t, c)
	reader, err := scans.NewReader([]ballot.Form{*newForm(t, 3, c)}, scans.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run.reader = reader
	got := run.image(t, 0, good(rand.New(rand.NewPCG(1, 1))), nil, rand.New(rand.NewPCG(1, 2))).Reading
	if got.Rejected == nil || got.Rejected.Reason != ballot.RejectTrial || len(got.Rows) > 0 {
		t.Errorf("%+v", got)
	}
	if p := (ballot.SpoolPage{Reading: got}); p.MayDispose(ballot.Void) == nil || p.MayDispose(ballot.Rescanned) != nil {
		t.Error("a test ballot may be counted as an invalid one, or cannot be put aside")
	}
	if fmt.Sprint(run.form.ID[:4]) != "TEST" {
		t.Error(run.form.ID)
	}
}

// With every name checked, as an office that trusts no printer sets it, good test ballots are read: what they
// have in place of names is nobody's.
func TestGoodTrialWithNames(t *testing.T) {
	if _, err := ocr.New(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	for _, c := range []formKind{{20, 4, ballot.RosterForm, "A4"}, {30, 6, ballot.RosterForm, "A4"}} {
		run := newTrialRun(t, c)
		run.reader = namesReader(t, run.sheets, 1)
		for seed := range *trialGood {
			images := run.stack(t, uint64(seed), nil, nil)
			if report, codes := run.judge(images); report.Read != len(images) {
				t.Errorf("%+v: %d of %d read: %v", c, report.Read, len(images), codes)
			}
		}
	}
}

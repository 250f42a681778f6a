package scans_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/synth"
)

// defaced is one kind of damage and what becomes of a page whose rows are ticked or left empty.
type defaced struct {
	name   string
	worsen func(*synth.Damage)
	reject ballot.RejectReason // "" where the page must be read
	people string              // rows that go to people, "reason × rows"; every other row is read as it was marked
}

func damages() []defaced {
	at := func(name string, worsen func(*synth.Damage), people ...string) defaced {
		return defaced{name: name, worsen: worsen, people: strings.Join(people, ", ")}
	}
	all := []defaced{
		at("none", func(*synth.Damage) {}),
		at("150 dpi", func(d *synth.Damage) { d.DPI = 150 }),
		at("300 dpi", func(d *synth.Damage) { d.DPI = 300 }),
		at("600 dpi", func(d *synth.Damage) { d.DPI = 600 }),
		at("upside down", func(d *synth.Damage) { d.Turns = 2 }),
		at("a quarter turn", func(d *synth.Damage) { d.Turns = 1 }),
		at("three quarter turns", func(d *synth.Damage) { d.Turns = 3 }),
		at("turned by 10°", func(d *synth.Damage) { d.Rotation = 10 }),
		at("turned by -10°", func(d *synth.Damage) { d.Rotation = -10 }),
		at("sheared", func(d *synth.Damage) { d.Shear = 0.02 }),
		at("printed at 94 %", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 0.94, 0.94 }),
		at("printed at 106 %", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 1.06, 1.06 }),
		at("printed with unequal axes", func(d *synth.Damage) { d.ScaleX, d.ScaleY = 0.96, 1.02 }),
		at("stretched by the rollers", func(d *synth.Damage) { d.Stretch = 1 }),
		at("slipped at once", func(d *synth.Damage) { d.Slip, d.SlipAt = 1, 0.5 }, "covered × 2"),
		at("one bit", func(d *synth.Damage) { d.OneBit, d.Limit = 1, 150 }, "on_outline × 3"),
		at("dithered", func(d *synth.Damage) { d.OneBit = 2 }, "faint_mark × 5", "possible_second_mark × 9"),
		at("JPEG of quality 40", func(d *synth.Damage) { d.Quality = 40 }),
		at("blurred", func(d *synth.Damage) { d.Blur = 2 }),
		at("noisy", func(d *synth.Damage) { d.Noise = 12 }),
		at("gray paper", func(d *synth.Damage) { d.Paper = 195 }),
		at("dark border", func(d *synth.Damage) { d.Border = 8 }),
		at("low toner", func(d *synth.Damage) { d.Toner, d.Bands = 0.45, 0.2 }),
		at("photocopied", func(d *synth.Damage) { d.Copy = 1 }, "covered × 6"), // the rows without marks, since the outlines are gone
		at("dirt", func(d *synth.Damage) { d.Specks = 120 }),
		at("punched and stapled", func(d *synth.Damage) { d.Holes = true }),
		at("folds", func(d *synth.Damage) { d.Folds = 3 }, "faint_mark × 3", "pale_page × 2"),
		at("streaks", func(d *synth.Damage) { d.Streaks = 2 }),
		at("show-through", func(d *synth.Damage) { d.Through = 0.15 }, "faint_mark × 5"),
		at("a corner torn off", func(d *synth.Damage) { d.Corner, d.Legs = 2, [2]float64{35, 30} }),
		at("a corner folded over", func(d *synth.Damage) { d.Corner, d.Folded, d.Legs = 3, true, [2]float64{25, 25} }),
		at("one mark lost", func(d *synth.Damage) { d.Lost = 1 }),
		at("two marks lost", func(d *synth.Damage) { d.Lost = 2 }),
		at("shaded to 55 %", func(d *synth.Damage) { d.Shade, d.ShadeAt = 0.55, 0.4 }),
		at("code covered", func(d *synth.Damage) { d.Code = true }),
		at("photographed", func(d *synth.Damage) {
			d.Tilt, d.Border, d.Shadow, d.ShadowAt = [2]float64{0.04, -0.03}, 8, 0.75, math.Pi/3
		}),
		{name: "mirrored", worsen: func(d *synth.Damage) { d.Mirror = true }, reject: ballot.RejectMirrored},
		{name: "mirrored and upside down", worsen: func(d *synth.Damage) { d.Mirror, d.Turns = true, 2 }, reject: ballot.RejectMirrored},
	}
	for side, name := range []string{"left", "upper", "right", "lower"} {
		cut := at("15 mm cut off the "+name+" edge", func(d *synth.Damage) { d.Crop[side] = 15 })
		if name == "left" { // the marks that are left do not tell which way up the page is
			cut.reject = ballot.RejectNoPage
		}
		all = append(all, cut)
	}
	return all
}

// TestDefaced reads one page under each kind of damage: its name, and exactly what becomes of every row.
func TestDefaced(t *testing.T) {
	s := printSheets(t, 0, formKind{72, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	for _, c := range damages() {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 7))
			d := synth.Damage{Class: synth.ClassOrdinary, DPI: 200, Rotation: 0.4, Paper: 245, Toner: 0.95, Noise: 2, Blur: 0.5, Quality: 80}
			c.worsen(&d)
			img := s.copy()
			synth.Print(img, s.page, d, random)
			hand := synth.Hand{Pen: synth.Pen{Name: "gel", Width: 0.5, Gray: 40}, Shape: synth.Tick, Size: 4.6, Tail: 2.4, Flick: 0.4, Spread: 0.15}
			truth := synth.MarkAs(img, s.page, hand, synth.Intend(s.page, synth.Mix{Grades: []float64{40, 30, 20, 10}, Blank: 120}, random), random)
			res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
			expect(t, res, truth, c.reject, c.people)
		})
	}
}

// markKinds are marks as people make them, with what every row that holds one becomes.
var markKinds = []struct {
	name string
	row  synth.Truth // of every row; the grade is drawn
	pen  synth.Pen
	size float64
	want ballot.VerdictKind
	why  string // reasons why it goes to people, any of them
}{
	{"tick", synth.Truth{Shape: synth.Tick}, gel, 4.6, ballot.IsGrade, ""},
	{"tick with a long tail", synth.Truth{Shape: synth.LongTick}, gel, 4.6, ballot.IsGrade, ""},
	{"cross", synth.Truth{Shape: synth.Cross}, gel, 4.6, ballot.IsGrade, ""},
	{"circle in the box", synth.Truth{Shape: synth.Circle}, gel, 4.6, ballot.IsGrade, ""},
	{"ring round the box", synth.Truth{Shape: synth.Ring}, gel, 4.6, ballot.IsGrade, ""},
	{"filled box", synth.Truth{Shape: synth.Fill}, gel, 4.6, ballot.IsGrade, ""},
	{"scribble", synth.Truth{Shape: synth.Scribble}, gel, 4.6, ballot.IsGrade, ""},
	{"single line", synth.Truth{Shape: synth.Slash}, gel, 4.6, ballot.IsGrade, ""},
	{"beside the box", synth.Truth{Shape: synth.Beside}, gel, 4.6, ballot.IsGrade, ""},
	{"thin ballpoint", synth.Truth{Shape: synth.Tick}, synth.Pen{Name: "ballpoint", Width: 0.3, Gray: 100}, 4, ballot.IsGrade, ""},
	{"felt pen", synth.Truth{Shape: synth.Tick}, synth.Pen{Name: "felt", Width: 1.2, Gray: 30}, 5, ballot.IsGrade, ""},
	{"pencil", synth.Truth{Shape: synth.Tick}, synth.Pen{Name: "pencil", Width: 0.5, Gray: 130, Grain: 0.25}, 4.6, ballot.IsGrade, ""},
	{"red ink", synth.Truth{Shape: synth.Tick}, synth.Pen{Name: "colour", Width: 0.5, Gray: 120}, 4.6, ballot.IsGrade, ""},
	{"two marks", synth.Truth{Kind: synth.TruthOvervote, Shape: synth.Tick}, gel, 4.6, ballot.IsOvervote, ""},
	{"struck out, another made", synth.Truth{Kind: synth.TruthAltered, Shape: synth.Tick}, gel, 4.6, ballot.IsUnclear, ballot.ReasonAltered},
	{"rubbed out", synth.Truth{Kind: synth.TruthRubbed}, synth.Pen{Name: "pencil", Width: 0.5, Gray: 110, Grain: 0.2}, 4.6, ballot.IsUnclear, ballot.ReasonFaint + " " + ballot.ReasonPale},
	{"between two boxes", synth.Truth{Kind: synth.TruthBetween}, gel, 4.6, ballot.IsUnclear, ballot.ReasonBetween},
	{"nothing", synth.Truth{Kind: synth.TruthBlank}, gel, 4.6, ballot.IsBlank, ""},
}

var gel = synth.Pen{Name: "gel", Width: 0.5, Gray: 40}

// TestMarkKinds reads a page of each kind of mark. Every row becomes what the kind says; at most one of twelve
// goes to a person for another reason.
func TestMarkKinds(t *testing.T) {
	s := printSheets(t, 0, formKind{40, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	for _, c := range markKinds {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(9, 9))
			d := synth.Damage{Class: synth.ClassOrdinary, DPI: 200, Rotation: -0.6, Paper: 245, Toner: 0.95, Noise: 2, Blur: 0.5, Quality: 80}
			img := s.copy()
			hand := synth.Hand{Pen: c.pen, Size: c.size, Tail: 2.4, Flick: 0.4, Spread: 0.15}
			rows := synth.Intend(s.page, synth.Mix{Grades: []float64{25, 25, 25, 25}}, random)
			for i := range rows {
				rows[i].Shape = c.row.Shape
				if c.row.Kind != "" {
					rows[i].Kind = c.row.Kind
				}
			}
			truth := synth.MarkAs(img, s.page, hand, rows, random)
			res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
			if res.Rejected != nil {
				t.Fatal(res.Rejected)
			}
			if len(res.Verdicts) != len(truth) {
				t.Fatalf("%d rows read of %d", len(res.Verdicts), len(truth))
			}
			other := 0
			for i, v := range res.Verdicts {
				if v.Kind == c.want && (v.Reason == c.why || slices.Contains(strings.Fields(c.why), v.Reason)) && (v.Kind != ballot.IsGrade || v.Grade == truth[i].Grade) {
					continue
				}
				other++
				if v.Kind != ballot.IsUnclear || len(res.Verdicts) < 12*other {
					t.Errorf("row %d: read %+v, marked %+v\n%+v", i+1, v, truth[i], res.Rows[i])
				}
			}
		})
	}
}

// TestWrongPaper refuses each kind of wrong paper for its reason.
func TestWrongPaper(t *testing.T) {
	p, forms := printPapers(t)
	r := readerOf(t, forms)
	reasons := map[string]ballot.RejectReason{
		"another meeting's form":                ballot.RejectOtherMeeting,
		"a withdrawn version":                   ballot.RejectOtherVersion,
		"forged: check digits do not match":     ballot.RejectBadCode,
		"forged: valid code of no known form":   ballot.RejectOtherMeeting,
		"forged: valid code of another group":   ballot.RejectOtherForm,
		"blank":                                 ballot.RejectBlankSide,
		"blank back, the front showing through": ballot.RejectBlankSide,
		"other text":                            ballot.RejectNoPage,
		"other photo":                           ballot.RejectNoPage,
		"squares of another maker's form":       ballot.RejectNoPage,
		"no identity":                           ballot.RejectNoCode,
		"mirrored":                              ballot.RejectMirrored,
		"mirrored, upside down":                 ballot.RejectMirrored,
		"two sheets":                            ballot.RejectTwoSheets,
	}
	for name, draw := range refuseKinds() {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(5, 5))
			img, d := draw(p, synth.Damage{Class: synth.ClassRefuse, DPI: 200, Paper: 245, Noise: 2, Blur: 0.5, Quality: 80}, random)
			res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
			if res.Rejected == nil || res.Rejected.Reason != reasons[name] {
				t.Errorf("%v, want %q", res.Rejected, reasons[name])
			}
		})
	}
}

// A sheet whose marks stand beside their boxes is known when it is scanned again.
func TestBesideIsScannedTwice(t *testing.T) {
	s := printSheets(t, 0, formKind{40, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	random := rand.New(rand.NewPCG(11, 11))
	img := s.copy()
	rows := synth.Intend(s.page, synth.Mix{Grades: []float64{1}}, random)
	for i := range rows {
		rows[i].Shape = synth.Beside
	}
	synth.MarkAs(img, s.page, synth.Hand{Pen: gel, Size: 4.6, Tail: 2.4, Flick: 0.4, Spread: 0.15}, rows, random)
	var prints []ballot.LeafPrint
	for _, degrees := range []float64{-0.6, 0.4} {
		d := synth.Damage{Class: synth.ClassOrdinary, DPI: 200, Rotation: degrees, Paper: 245, Noise: 2, Blur: 0.5, Quality: 80}
		res := r.ReadPage(delivered(t, synth.Scan(copyOf(img), d, random), d))
		if len(res.Fingerprint) < len(rows)-2 {
			t.Errorf("%d shapes of %d marks", len(res.Fingerprint), len(rows))
		}
		prints = append(prints, ballot.PrintOf(res.Fingerprint))
	}
	if n := prints[0].Nearness(&prints[1]); n < 10 {
		t.Errorf("nearness %.1f of two scans of one sheet", n)
	}
}

// What a streak leaves in the boxes it crosses is no part of the fingerprint.
func TestStreaksLeaveNoFingerprint(t *testing.T) {
	s := printSheets(t, 0, formKind{40, 4, ballot.RosterForm, "A4"})[0]
	r := readerOf(t, []sheet{s})
	img := s.copy()
	x, _ := s.page.Targets[0].Centre()
	px := img.DPI / 25.4
	for y := range img.H {
		for u := int((x + 0.6) * px); u < int((x+1.1)*px); u++ {
			img.Pix[y*img.W+u] = 40
		}
	}
	d := synth.Damage{Class: synth.ClassOrdinary, DPI: 200, Paper: 245, Noise: 2, Quality: 80}
	res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 1))), d))
	if len(res.Fingerprint) > 0 {
		t.Errorf("%d shapes on a page that nobody marked (%v)", len(res.Fingerprint), res.Rejected)
	}
}

// expect compares a page with what must become of it.
func expect(t *testing.T, res scans.PageResult, truth []synth.Truth, reject ballot.RejectReason, people string) {
	t.Helper()
	if res.Rejected != nil || reject != "" {
		if res.Rejected == nil || res.Rejected.Reason != reject {
			t.Errorf("rejected %v, want %q", res.Rejected, reject)
		}
		return
	}
	if len(res.Verdicts) != len(truth) {
		t.Fatalf("%d rows read of %d", len(res.Verdicts), len(truth))
	}
	unclear := map[string]int{}
	for i, v := range res.Verdicts {
		switch want := truth[i]; {
		case v.Kind == ballot.IsUnclear:
			unclear[v.Reason]++
		case want.Wrong(v):
			t.Errorf("row %d: read %+v, marked %+v\n%+v", i+1, v, want, res.Rows[i])
		}
	}
	if got := counted(unclear); got != people {
		t.Errorf("rows for people: %q, want %q", got, people)
	}
}

func counted(of map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		out = append(out, fmt.Sprintf("%s × %d", name, of[name]))
	}
	return strings.Join(out, ", ")
}

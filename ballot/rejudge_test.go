package ballot

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestJudgeAgain(t *testing.T) {
	grade := func(g string) Verdict { return Verdict{Kind: IsGrade, Grade: g} }
	is := func(k VerdictKind) Verdict { return Verdict{Kind: k} }
	rows := []RowReading{rowOf(tick("好"), clean("差"))} // 好 by the usual thresholds
	for _, c := range []struct {
		name   string
		before [][]Verdict
		want   Verdict
	}{
		{"never judged", nil, grade("好")},
		{"the same as before", [][]Verdict{{grade("好")}}, grade("好")},
		{"unclear before", [][]Verdict{{unclear(ReasonFaint)}}, grade("好")},
		{"another grade before", [][]Verdict{{grade("差")}}, unclear(ReasonRejudged)},
		{"blank before", [][]Verdict{{is(IsBlank)}}, unclear(ReasonRejudged)},
		{"an overvote before", [][]Verdict{{is(IsOvervote)}}, unclear(ReasonRejudged)},
		{"invalid before, where altered rows are", [][]Verdict{{unclear(ReasonAltered)}}, unclear(ReasonRejudged)},
		{"another grade long before, and held since", [][]Verdict{{grade("差")}, {unclear(ReasonRejudged)}}, unclear(ReasonRejudged)},
		{"held, and now as it was at first", [][]Verdict{{grade("好")}, {unclear(ReasonRejudged)}}, grade("好")},
	} {
		if got := JudgeAgain(rows, DefaultThresholds(), c.before...); got[0] != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got[0], c.want)
		}
	}
	strict := DefaultThresholds()
	strict.MarkInk = 7
	if got := JudgeAgain(rows, strict, []Verdict{grade("好")}); got[0].Kind != IsUnclear || got[0].Reason == ReasonRejudged {
		t.Errorf("a vote below stricter thresholds: %+v", got[0])
	}
}

// ghost is a pale trace of some mm² in a box: what an eraser left, or show-through.
func ghost(grade string, ink, contrast float64) MarkScore {
	return MarkScore{Grade: grade, Ink: ink, Inside: 0.05, Reach: 4, Flat: 3, Contrast: contrast, Strokes: 1}
}

// TestJudgeAgainAndAltered: what an eraser left beside a vote is a second mark by laxer thresholds, and one that was struck out at
// that: no rule makes the row invalid without a person.
func TestJudgeAgainAndAltered(t *testing.T) {
	rows := []RowReading{rowOf(tick("好"), ghost("差", 0.9, 0.2))}
	lax := DefaultThresholds()
	lax.MarkInk = 0.8
	usual := JudgePage(rows, DefaultThresholds())
	if usual[0].Grade != "好" || JudgePage(rows, lax)[0] != unclear(ReasonAltered) {
		t.Fatalf("by the usual thresholds %+v, by others %+v", usual[0], JudgePage(rows, lax)[0])
	}
	if got := JudgeAgain(rows, lax, usual); got[0] != unclear(ReasonRejudged) {
		t.Errorf("judged again: %+v", got[0])
	}
	if back := JudgeAgain(rows, DefaultThresholds(), JudgePage(rows, lax)); back[0] != unclear(ReasonRejudged) {
		t.Errorf("and the way back: %+v", back[0])
	}
	if !(Change{From: usual[0], To: unclear(ReasonAltered)}).Held() {
		t.Error("the report does not say that such rows are held")
	}
}

// TestNoThresholdsChangeWhatCounts: a row that two sets of thresholds settle differently, by whatever rules, is held for a
// person; and so is it by a third set, in view of both.
func TestNoThresholdsChangeWhatCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	other := func() Thresholds {
		o := DefaultThresholds()
		for _, v := range []*float64{&o.MarkInk, &o.MarkReach, &o.MarkContrast, &o.CleanInk, &o.PaleShare, &o.PaleInk, &o.BlotRatio, &o.BlotInside, &o.TailShare,
			&o.SecondLeast, &o.SecondMost, &o.ApartInk, &o.LineReach} {
			*v *= 0.4 + 1.2*r.Float64()
		}
		return o
	}
	held := 0
	for range 30_000 {
		rows := []RowReading{randomRow(r)}
		if r.IntN(2) == 0 {
			rows = []RowReading{rowOf(tick("好"), ghost("差", 2*r.Float64(), 0.3*r.Float64()), ghost("一般", 0.5*r.Float64(), 0.3*r.Float64()))}
		}
		made := [][]Verdict{JudgePage(rows, other())}
		for range 2 {
			made = append(made, JudgeAgain(rows, other(), made...))
		}
		for _, rule := range []Treatment{Adjudicate, RowInvalid} {
			rules := DefaultRules()
			rules.Altered = rule
			var counts []Verdict
			for _, v := range made {
				if v, ok := Resolve(rules, v[0], nil); ok && !slices.Contains(counts, v) {
					counts = append(counts, v)
				}
			}
			if len(counts) > 1 {
				t.Fatalf("altered=%s: the row counts as each of %+v: %+v", rule, counts, rows[0])
			}
		}
		if v := made[2][0]; v.Reason == ReasonRejudged {
			held++
		}
	}
	if held < 300 {
		t.Errorf("only %d rows were held", held)
	}
}

func TestChanges(t *testing.T) {
	a, b := Verdict{Kind: IsGrade, Grade: "好"}, Verdict{Kind: IsGrade, Grade: "差"}
	var c Changes
	c.Add(a, a, false)
	c.Add(a, unclear(ReasonFaint), false)
	c.Add(a, unclear(ReasonFaint), true)
	c.Add(a, b, false)
	want := []Change{{From: a, To: b, Rows: 1}, {From: a, To: unclear(ReasonFaint), Rows: 2, Decided: 1}}
	if got := c.List(); !slices.Equal(got, want) || !got[0].Held() || got[1].Held() {
		t.Errorf("%+v", got)
	}
}

func TestParseThresholds(t *testing.T) {
	got, err := ParseThresholds([]byte(`{"mark_ink": 1.4, "pale_rows": 3}`))
	if err != nil || got.MarkInk != 1.4 || got.PaleRows != 3 || got.MarkReach != DefaultThresholds().MarkReach {
		t.Errorf("%+v, %v", got, err)
	}
	if d := got.Differences(DefaultThresholds()); d != "mark_ink 1.4, pale_rows 3" {
		t.Errorf("they differ in %q", d)
	}
	for file, says := range map[string]string{
		`{"mark_inc": 1}`:                   `"mark_inc"`,
		`{"MARK_INK": 1}`:                   `"MARK_INK"`,
		`{"mark_ink": -1}`:                  "mark_ink cannot be -1",
		`{"mark_ink": 0}`:                   "mark_ink cannot be 0",
		`{"mark_ink": "1"}`:                 "mark_ink",
		`{"mark_ink": null}`:                "mark_ink",
		`{"mark_ink": 1e999}`:               "mark_ink",
		`{"pale_rows": 1.5}`:                "pale_rows",
		`{"second_sure": 1.5}`:              "second_sure is a share",
		`{"clean_ink": 2}`:                  "clean_ink 2 exceeds mark_ink 1.1",
		`{"mark_inc": 1, "tail_share": ""}`: "tail_share",
		`[]`:                                "JSON object",
		`null`:                              "JSON object",
		`{"mark_ink": 1} {}`:                "JSON object",
		``:                                  "JSON object",
	} {
		_, err := ParseThresholds([]byte(file))
		if CodeOf(errors1(err)) != CodeInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", file, err, says)
		}
	}
	for name, set := range map[string]func(*Thresholds, float64){
		"mark_contrast": func(t *Thresholds, v float64) { t.MarkContrast = v },
		"max_shift":     func(t *Thresholds, v float64) { t.MaxShift = v },
	} {
		for _, v := range []float64{math.NaN(), math.Inf(1), -0.1} {
			bad := DefaultThresholds()
			set(&bad, v)
			if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %g: %v", name, v, err)
			}
		}
	}
	if err := DefaultThresholds().Validate(); err != nil {
		t.Errorf("the default ones: %v", err)
	}
	// A threshold that these lists misspell would never be checked.
	for _, name := range slices.Concat(shares, needed) {
		if _, ok := DefaultThresholds().values()[name]; !ok {
			t.Errorf("there is no threshold %q", name)
		}
	}
}

// errors1 is the first of joined errors.
func errors1(err error) error {
	for _, e := range Errors(err) {
		return e
	}
	return err
}

package ballot

import (
	"math/rand/v2"
	"testing"
)

// A plain tick, and the variations on it that the cases make.
func tick(grade string) MarkScore {
	return MarkScore{Grade: grade, Ink: 6, Inside: 0.25, Reach: 6, Flat: 5, Contrast: 0.6, Strokes: 1, Second: 0.99}
}

func clean(grade string) MarkScore { return MarkScore{Grade: grade} }

func rowOf(scores ...MarkScore) RowReading { return RowReading{Subject: 1, Scores: scores} }

func with(s MarkScore, change func(*MarkScore)) MarkScore { change(&s); return s }

func TestJudge(t *testing.T) {
	good := func(change func(*MarkScore)) MarkScore { return with(tick("好"), change) }
	other := func(change func(*MarkScore)) MarkScore { return with(clean("差"), change) }
	row := func(r RowReading, change func(*RowReading)) RowReading { change(&r); return r }
	one := rowOf(tick("好"), clean("差"))
	two := rowOf(tick("好"), tick("差"))
	none := rowOf(clean("好"), clean("差"))
	is := func(k VerdictKind) Verdict { return Verdict{Kind: k} }
	cases := []struct {
		name string
		row  RowReading
		want Verdict
	}{
		{"one mark", one, Verdict{Kind: IsGrade, Grade: "好"}},
		{"no mark", none, is(IsBlank)},
		{"two marks", two, is(IsOvervote)},
		{"two marks, one much denser", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Inside = 0.38 })), unclear(ReasonAltered)},
		{"two marks, one a little denser", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Inside = 0.37 })), is(IsOvervote)},
		{"two marks, one much heavier", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Ink = 9.1 })), unclear(ReasonAltered)},
		{"two marks, one a little heavier", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Ink = 8.9 })), is(IsOvervote)},
		{"no targets at all", RowReading{}, is(IsBlank)},
		{"a box beside the mark is covered", rowOf(tick("好"), other(func(s *MarkScore) { s.Covered = 0.51 })), unclear(ReasonCovered)},
		{"the marked box is covered", rowOf(good(func(s *MarkScore) { s.Covered = 0.51 }), clean("差")), unclear(ReasonCovered)},
		{"half a box beside the mark is covered", rowOf(tick("好"), other(func(s *MarkScore) { s.Covered = 0.5 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"half a box of an empty row is covered", rowOf(clean("好"), other(func(s *MarkScore) { s.Covered = 0.5 })), unclear(ReasonCovered)},
		{"print of an empty row is uneven", rowOf(clean("好"), other(func(s *MarkScore) { s.Covered = 0.45 })), is(IsBlank)},
		{"row not found", row(one, func(r *RowReading) { r.Lost = true }), unclear(ReasonStretch)},
		{"row shifted too far", row(one, func(r *RowReading) { r.Shift = 3.3 }), unclear(ReasonStretch)},
		{"too little ink for a mark", rowOf(good(func(s *MarkScore) { s.Ink = 1.0 }), clean("差")), unclear(ReasonFaint)},
		{"too short for a mark", rowOf(good(func(s *MarkScore) { s.Reach = 1.8 }), clean("差")), unclear(ReasonFaint)},
		{"too pale for a mark", rowOf(good(func(s *MarkScore) { s.Contrast = 0.17 }), clean("差")), unclear(ReasonFaint)},
		{"ink between an empty box and nothing else", rowOf(with(clean("好"), func(s *MarkScore) { s.Doubt = 1 }), clean("差")), unclear(ReasonBetween)},
		{"ink between the marked box and another row's", rowOf(good(func(s *MarkScore) { s.Doubt = 1 }), clean("差")), Verdict{Kind: IsGrade, Grade: "好"}},
		{"ink between the marked box and an empty one", rowOf(good(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.5 }), other(func(s *MarkScore) { s.Doubt, s.Loose, s.Second = 1, 0.5, 0.06 })), unclear(ReasonBetween)},
		{"ink between the marked box and one that the second reading finds bare", rowOf(good(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.5 }), other(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.5 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"much ink between the marked box and one that the second reading finds bare", rowOf(good(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.5 }), other(func(s *MarkScore) { s.Doubt, s.Loose = 2, 0.5 })), unclear(ReasonBetween)},
		{"a shadow between the marked box and an empty one", rowOf(good(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.2 }), other(func(s *MarkScore) { s.Doubt, s.Loose = 1, 0.2 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a speck in an empty box", rowOf(clean("好"), other(func(s *MarkScore) { s.Specks = 0.5 })), unclear(ReasonFaint)},
		{"ink beside an empty box", rowOf(clean("好"), other(func(s *MarkScore) { s.Outside = 1 })), unclear(ReasonOutside)},
		{"a ring upon the outline", rowOf(clean("好"), other(func(s *MarkScore) { s.Outline = 1.6 })), unclear(ReasonOutline)},
		{"a rubbed-out mark", rowOf(clean("好"), other(func(s *MarkScore) { s.Faint = 0.4 })), unclear(ReasonFaint)},
		{"a mark, and a rubbed-out one", rowOf(tick("好"), other(func(s *MarkScore) { s.Faint = 0.4 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a pale mark, and a rubbed-out one", rowOf(good(func(s *MarkScore) { s.Contrast = 0.3 }), other(func(s *MarkScore) { s.Faint = 0.4 })), unclear(ReasonSecond)},
		{"a mark, and a much paler piece", rowOf(tick("好"), other(func(s *MarkScore) { s.Ink, s.Contrast = 1, 0.2 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a mark, and a piece as dark", rowOf(tick("好"), other(func(s *MarkScore) { s.Ink, s.Contrast = 1, 0.3 })), unclear(ReasonSecond)},
		{"a mark, and a much paler one of full size", rowOf(tick("好"), other(func(s *MarkScore) { s.Ink, s.Reach, s.Contrast = 5, 5, 0.15 })), unclear(ReasonSecond)},
		{"a mark, and a ring upon another's outline", rowOf(tick("好"), other(func(s *MarkScore) { s.Outline = 3.1 })), unclear(ReasonSecond)},
		{"a mark beside its box, alone", rowOf(good(func(s *MarkScore) { *s = MarkScore{Grade: "好", Outside: 3, Apart: 3, Loose: 0.4, Second: 0.9} }), clean("差")), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a mark beside its box that meets the cell's edge", rowOf(with(clean("好"), func(s *MarkScore) { s.Outside, s.Loose = 3, 0.4 }), clean("差")), unclear(ReasonOutside)},
		{"marks beside two boxes", rowOf(with(clean("好"), func(s *MarkScore) { s.Outside, s.Apart, s.Loose = 3, 3, 0.4 }), other(func(s *MarkScore) { s.Outside, s.Apart, s.Loose = 3, 3, 0.4 })), unclear(ReasonOutside)},
		{"a pale mark beside its box", rowOf(with(clean("好"), func(s *MarkScore) { s.Outside, s.Apart, s.Loose = 3, 3, 0.15 }), clean("差")), unclear(ReasonOutside)},
		{"pieces of a ring upon the outline", rowOf(with(clean("好"), func(s *MarkScore) { s.Outside, s.Outline, s.Loose, s.Second = 2.5, 3.5, 0.4, 0.9 }), clean("差")), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a short tail in the next box", rowOf(tick("好"), other(func(s *MarkScore) { s.Stray = 1.5 })), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a long tail in the next box", rowOf(tick("好"), other(func(s *MarkScore) { s.Stray = 1.7 })), unclear(ReasonSecond)},
		{"a tail of another row in an unmarked one", rowOf(clean("好"), other(func(s *MarkScore) { s.Stray = 0.5 })), unclear(ReasonTail)},
		{"a streak through an unmarked row", row(none, func(r *RowReading) { r.Streak = true }), unclear(ReasonStreak)},
		{"a streak through a marked row", row(one, func(r *RowReading) { r.Streak = true }), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a fold's fragment as the only mark", rowOf(good(func(s *MarkScore) { s.Flat = 0.6 }), clean("差")), unclear(ReasonLine)},
		{"a fold's fragment beside a mark", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Flat = 0.6 })), unclear(ReasonLine)},
		{"a streak's fragment on a page fed aslant", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Flat, s.Reach = 2.5, 15.8 })), unclear(ReasonLine)},
		{"specks all over an unmarked row", row(none, func(r *RowReading) { r.Grainy = true }), unclear(ReasonGrain)},
		{"specks all over a doubly marked row", row(two, func(r *RowReading) { r.Grainy = true }), unclear(ReasonGrain)},
		{"specks all over a marked row", row(one, func(r *RowReading) { r.Grainy = true }), Verdict{Kind: IsGrade, Grade: "好"}},
		{"a blot beside a mark", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Inside = 0.5 })), unclear(ReasonAltered)},
		{"two marks and a rubbed-out one: nobody's rule decides", rowOf(tick("好"), tick("较好"), other(func(s *MarkScore) { s.Faint = 0.4 })), unclear(ReasonFaint)},
		{"one mark of many strokes beside another", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Strokes = 3 })), unclear(ReasonAltered)},
		{"one mark much heavier than the other", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Ink = 10.3 })), unclear(ReasonAltered)},
		{"a mark that the second reading does not see", rowOf(good(func(s *MarkScore) { s.Second = 0.1 }), clean("差")), unclear(ReasonDisagree)},
		{"a second mark that only the second reading sees", rowOf(tick("好"), other(func(s *MarkScore) { s.Second = 0.96 })), unclear(ReasonDisagree)},
		{"an empty row in which only the second reading sees a mark", rowOf(clean("好"), other(func(s *MarkScore) { s.Second = 0.9 })), unclear(ReasonDisagree)},
		{"two marks of which the second reading sees one", rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Second = 0.1 })), unclear(ReasonDisagree)},
		{"a properly filled box alone", rowOf(good(func(s *MarkScore) { s.Inside = 0.95; s.Ink = 16 }), clean("差")), Verdict{Kind: IsGrade, Grade: "好"}},
	}
	for _, c := range cases {
		if got := Judge(c.row, DefaultThresholds()); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// Whatever is measured, a grade is only ever given to the single target that holds a mark, and a blank row
// holds none; and the order of the grades on the paper changes nothing.
func TestJudgeNeverInvents(t *testing.T) {
	limits := DefaultThresholds()
	r := rand.New(rand.NewPCG(1, 1))
	for range 100_000 {
		row := randomRow(r)
		marks, beside := 0, 0
		var grade string
		for _, s := range row.Scores {
			if limits.isMark(s) {
				marks, grade = marks+1, s.Grade
			}
		}
		for _, s := range row.Scores {
			if marks == 0 && s.Outside > 0 {
				beside, grade = beside+1, s.Grade
			}
		}
		v := Judge(row, limits)
		switch {
		case v.Kind == IsGrade && (marks+beside != 1 || v.Grade != grade), v.Kind == IsBlank && marks != 0, v.Kind == IsOvervote && marks < 2:
			t.Fatalf("%d marks judged %+v: %+v", marks, v, row)
		}
		r.Shuffle(len(row.Scores), func(i, j int) { row.Scores[i], row.Scores[j] = row.Scores[j], row.Scores[i] })
		if again := Judge(row, limits); again.Kind != v.Kind || again.Grade != v.Grade {
			t.Fatalf("in another order %+v, was %+v: %+v", again, v, row)
		}
	}
}

// randomRow has measures of any sort, most of them small.
func randomRow(r *rand.Rand) RowReading {
	some := func(most float64) float64 { return most * r.Float64() * r.Float64() }
	row := RowReading{Streak: r.IntN(9) == 0, Grainy: r.IntN(9) == 0, Shift: some(4)}
	for i := range 2 + r.IntN(5) {
		s := MarkScore{Grade: string(rune('A' + i))}
		if r.IntN(3) == 0 {
			s = MarkScore{Grade: s.Grade, Ink: some(12), Inside: some(1), Reach: some(12), Flat: some(9), Contrast: r.Float64(), Strokes: 1 + r.IntN(4)}
		}
		if s.Second = r.Float64(); r.IntN(4) > 0 && s.Ink > 0 {
			s.Second = 1
		} else if s.Ink == 0 {
			s.Second *= s.Second
		}
		s.Stray, s.Faint, s.Specks, s.Outside, s.Doubt, s.Outline = some(2), some(0.5), some(0.5), some(1), some(0.6), some(2)
		if s.Loose = r.Float64(); r.IntN(3) == 0 {
			s.Outside = 3 * s.Outside
			s.Apart = s.Outside
		}
		row.Scores = append(row.Scores, s)
	}
	return row
}

// A page whose pen left only traces in several rows proves nothing by its empty ones; a speck of dirt in one
// row of many does not harm the others.
func TestJudgePage(t *testing.T) {
	empty := rowOf(clean("好"), clean("差"))
	trace := rowOf(with(clean("好"), func(s *MarkScore) { s.Specks = 0.06 }), clean("差"))
	faint := rowOf(with(clean("好"), func(s *MarkScore) { s.Ink = 0.6 }), clean("差"))
	marked := rowOf(tick("好"), clean("差"))
	altered := rowOf(tick("好"), with(tick("差"), func(s *MarkScore) { s.Inside, s.Ink = 0.6, 12 }))
	if v := Judge(altered, DefaultThresholds()); v.Reason != ReasonAltered {
		t.Fatalf("%+v", v)
	}
	letters := func(rows ...RowReading) string {
		out := ""
		for _, v := range JudgePage(rows, DefaultThresholds()) {
			switch {
			case v.Kind == IsUnclear && v.Reason == ReasonPale:
				out += "p"
			case v.Kind == IsUnclear && v.Reason == ReasonPage:
				out += "n"
			case v.Kind == IsUnclear:
				out += "u"
			default:
				out += string(v.Kind[0])
			}
		}
		return out
	}
	for name, c := range map[string][2]string{
		"nothing":                 {letters(), ""},
		"empty":                   {letters(empty, empty), "bb"},
		"one trace of many":       {letters(trace, empty, marked), "bbg"},
		"two traces":              {letters(trace, empty, trace, marked), "pppg"},
		"a trace and a faint":     {letters(faint, empty, trace, marked), "uppg"},
		"two faint":               {letters(faint, faint, empty), "uup"},
		"half of the rows unread": {letters(faint, marked), "ug"},
		"most rows unread":        {letters(faint, marked, faint, faint), "unuu"},
		"altered on such a page":  {letters(faint, altered, faint, faint), "unuu"},
		"altered on another":      {letters(faint, altered, marked, marked), "uugg"},
		"the only row, traced":    {letters(trace), "p"},
		"the only row, empty":     {letters(empty), "b"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s, want %s", name, c[0], c[1])
		}
	}
}

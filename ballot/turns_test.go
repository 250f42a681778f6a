package ballot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
	"testing"
)

func TestTurns(t *testing.T) {
	faint := with(tick("好"), func(s *MarkScore) { s.Ink = 0.9 })
	rows := []RowReading{rowOf(tick("好"), clean("差")), rowOf(faint, clean("差")), rowOf(clean("好"), clean("差"))}
	th := DefaultThresholds()
	th.PaleRows = 3
	turns := Turns(rows, th)
	find := func(row int, name string) (Turn, bool) {
		i := slices.IndexFunc(turns[row], func(u Turn) bool { return u.Threshold == name && u.Becomes.Kind != IsOvervote })
		if i < 0 {
			return Turn{}, false
		}
		return turns[row][i], true
	}
	for _, c := range []struct {
		row     int
		name    string
		at      float64
		becomes Verdict
	}{
		{0, "mark_ink", 6, unclear(ReasonFaint)},
		{0, "mark_contrast", 0.6, unclear(ReasonFaint)},
		{1, "mark_ink", 0.9, Verdict{Kind: IsGrade, Grade: "好"}},
	} {
		got, ok := find(c.row, c.name)
		if !ok || math.Abs(got.At-c.at) > 0.002 || got.Becomes != c.becomes || got.InForce == got.At {
			t.Errorf("row %d turns at %+v; want %s %g %+v", c.row, got, c.name, c.at, c.becomes)
		}
	}
	if near := turns[1][0]; near.Threshold != "mark_ink" {
		t.Errorf("the nearest turn of a faint row is %+v", near)
	}
	// Each turn is true: at the value the verdict is what it says, and just before it is as in force.
	now := JudgePage(rows, th)
	for r := range turns {
		for _, u := range turns[r] {
			changed, err := ParseThresholds([]byte(`{"` + u.Threshold + `":` + strconv.FormatFloat(u.At, 'g', -1, 64) + `, "pale_rows": 3}`))
			if u.Threshold != "pale_rows" && err == nil && JudgePage(rows, changed)[r] != u.Becomes {
				t.Errorf("row %d: %+v is not so", r, u)
			}
			if u.Becomes == now[r] {
				t.Errorf("row %d: %+v turns nothing", r, u)
			}
		}
	}
}

// TestEveryReasonHasWords reads the constants from the source, so that a new reason is not forgotten.
func TestEveryReasonHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reading.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || spec.Type != nil || len(spec.Names[0].Name) < 7 || spec.Names[0].Name[:6] != "Reason" {
			return true
		}
		reason, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		if chineseReasons[reason] == "" {
			t.Errorf("reason %q has no Chinese words", reason)
		}
		return true
	})
	for reason, names := range reasonThresholds {
		for _, name := range names {
			if _, ok := DefaultThresholds().values()[name]; !ok || chineseReasons[reason] == "" {
				t.Errorf("reason %q, threshold %q: there is no such thing", reason, name)
			}
		}
	}
	if got := DefaultThresholds().Compared(unclear(ReasonStretch)); got != "max_shift 3.2" {
		t.Errorf("compared %q", got)
	}
	if found != len(chineseReasons) {
		t.Errorf("%d reasons, %d in words", found, len(chineseReasons))
	}
}

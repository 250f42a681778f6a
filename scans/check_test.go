package scans

import (
	"math"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/edit"
)

func TestMisread(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"张晓明", "张晓明", 0}, {"张晓明", "张晓东", 1}, {"张明", "李四", 2}, {"", "李四", 2}, {"PY1A", "PY1", 1}, {"8", "B", 0.5}, {"B5", "8S", 1}, {"S", "5", 0.5}, {"85", "BZ", 1.5}} {
		if got := edit.Distance(c.a, c.b, codeDiffers); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("misread(%q, %q) = %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

// A line with valid check digits of another page is not this page's, however alike they are.
func TestLineOfAnotherPage(t *testing.T) {
	const first, second = "PY1EB852ZWSB001HV75", "PY1EB852ZWSB002HV76"
	for _, c := range []struct {
		text, code string
		want       float64
	}{{first, first, 0}, {second, first, codeCharacters}, {"PY1EB852ZWSBOO1HV75", first, 0}, {"PY1EB852ZWSBO01HV7", first, 1}} {
		if got := lineMisread(c.text, c.code); got != c.want {
			t.Errorf("lineMisread(%q, %q) = %g, want %g", c.text, c.code, got, c.want)
		}
	}
}

// Looks decide together: those that name nothing leave it to the others, two pages named are none, and a look that
// plainly saw another page's line speaks against the one that is named.
func TestLooksDecideTogether(t *testing.T) {
	pages := testForm(t, 72).Pages[:2]
	look := func(first, second float64) []candidate {
		return []candidate{{page: &pages[0], line: first, misread: first}, {page: &pages[1], line: second, misread: second}}
	}
	for _, c := range []struct {
		looks       [][]candidate
		named, best bool
		against     bool
	}{
		{[][]candidate{look(1, 3), look(7, 8), look(0, 2)}, true, true, false},
		{[][]candidate{look(1, 2), look(7, 8)}, false, false, false},
		{[][]candidate{look(1, 3), look(3, 1), look(1, 3)}, true, false, false},
		{[][]candidate{look(1, 3), look(4, 3)}, true, true, true},
		{[][]candidate{look(1, 3), look(7, 6)}, true, true, false},
	} {
		best, named := agreed(c.looks, nameByLine)
		if named != c.named || (best != nil) != c.best || best != nil && (best.page != &pages[0] || contradicted(c.looks, best) != c.against) {
			t.Errorf("%+v: named %v, %+v", c.looks, named, best)
		}
	}
}

// A line with the check digits of a code that is none of the forms' is another's, with its zeros read as letters too.
func TestOthersLine(t *testing.T) {
	f := testForm(t, 72)
	r := testReader(t, f)
	own := f.Pages[0].CodeText
	other := ballot.PageCode{Form: "AAAA0000", Group: "A", Page: 1}.String()
	for text, want := range map[string]bool{own: false, own[:18]: false, other: true, strings.ReplaceAll(other, "0", "O"): true, other[:18]: false} {
		if got := r.isOthers(text); got != want {
			t.Errorf("isOthers(%q) = %v", text, got)
		}
	}
}

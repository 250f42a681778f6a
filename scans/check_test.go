package scans

import (
	"math"
	"testing"

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

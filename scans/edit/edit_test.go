package edit

import (
	"math"
	"testing"
)

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"张晓明", "张晓明", 1}, {"张晓明", "张晓东", 2. / 3}, {"张明", "李四", 0}, {"", "李四", 0}, {"李四", "", 0}, {"PY1A", "PY1", 0.75}} {
		if got := Similarity(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("Similarity(%q, %q) = %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

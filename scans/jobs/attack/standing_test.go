package attack

import "testing"

// TestStanding: what is there each time is found, what is there twice, or once to the other side, is not.
func TestStanding(t *testing.T) {
	for want, z := range map[int][3]float64{0: {5, -5, 5}, 1: {-4.1, -4.2, -9}} {
		n := -1
		if got := Standing(func() map[string]float64 { n++; return map[string]float64{"look": z[n], "other": 1} }); len(got) != want {
			t.Errorf("of %v: %v", z, got)
		}
	}
}

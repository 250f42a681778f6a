package register

import "testing"

// Eight pixels are skipped only where none of them may be part of a mark.
func TestAllPale(t *testing.T) {
	for _, gray := range []byte{0, 72, 127, 128, 199, 200, 201, 255} {
		for at := range 8 {
			row := []byte{255, 200, 230, 255, 201, 255, 200, 255}
			row[at] = gray
			if got := allPale(row); got != (gray >= paleLimit) {
				t.Errorf("gray %d at %d: %v", gray, at, got)
			}
		}
	}
}

package attack

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Standing closes something that is to tell nothing, up to three times, and gives the looks that tell something each time,
// to the same side. A look is what closing gives for it: how many standard deviations it lies from chance. The bound of one
// closing is four: of a true shuffle one look in 15,000 lies beyond, so that dozens of looks would now and then; three
// times over that is one run in 10^11. What closing leaves behind is there each time.
func Standing(closing func() map[string]float64) (found []string) {
	const bound, closings = 4, 3
	left := closing()
	maps.DeleteFunc(left, func(_ string, z float64) bool { return math.Abs(z) <= bound })
	for n := 1; n < closings && len(left) > 0; n++ {
		again := closing()
		maps.DeleteFunc(left, func(look string, z float64) bool { return again[look]*math.Copysign(1, z) <= bound })
	}
	for _, look := range slices.Sorted(maps.Keys(left)) {
		found = append(found, fmt.Sprintf("%s: z = %.1f, and in each other closing", look, left[look]))
	}
	return found
}

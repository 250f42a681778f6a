package scans

import (
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Marks of a second sheet: three where nothing is printed, or two beyond the page's edge. Two punched holes, and
// what lies upon print, are none.
func TestMarksOfASecondSheet(t *testing.T) {
	page := &testForm(t, 20).Pages[0]
	row := page.Rows[3].Rect
	x, y := row.Centre()
	for name, c := range map[string]struct {
		strays []register.Point
		want   bool
	}{
		"none":                        {nil, false},
		"two punched holes":           {[]register.Point{{X: 8, Y: 108}, {X: 8, Y: 188}}, false},
		"three on empty paper":        {[]register.Point{{X: 8, Y: 108}, {X: 8, Y: 188}, {X: 202, Y: 150}}, true},
		"three, one of them on print": {[]register.Point{{X: 8, Y: 108}, {X: 8, Y: 188}, {X: x, Y: y}}, false},
		"one beyond the edge":         {[]register.Point{{X: 80, Y: -20}}, false},
		"two beyond the edge":         {[]register.Point{{X: 80, Y: -20}, {X: 200, Y: -20}}, true},
		"two beyond the lower edge":   {[]register.Point{{X: 80, Y: page.Height + 20}, {X: 200, Y: page.Height + 20}}, true},
	} {
		found := register.Found{Map: register.Homography{4, 0, 0, 0, 4, 0}, Strays: c.strays}
		rejected := whole(raster.New(4*int(page.Width), 4*int(page.Height)), &found, page)
		if (rejected != nil) != c.want || c.want && rejected.Reason != ballot.RejectTwoSheets {
			t.Errorf("%s: %v", name, rejected)
		}
	}
}

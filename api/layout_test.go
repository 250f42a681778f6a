package api

import (
	"math"
	"testing"

	"pingyi/ballot"
)

// TestRowLayout holds the shares against the crop of a picture on which cell and row are drawn.
func TestRowLayout(t *testing.T) {
	paper := &ballot.FormPage{Width: 200, Height: 300, Targets: []ballot.Target{
		{Subject: 1, Grade: "好", Cell: ballot.Rect{X: 101, Y: 20, W: 49, H: 10}}, {Subject: 2, Grade: "好"}}}
	near := func(got, want float64) bool { return math.Abs(got-want) < 1e-9 }
	l := layOut(paper, ballot.Rect{X: 1, Y: 20, W: 180, H: 10}, 1) // the margin leaves the page on the left
	if len(l.Boxes) != 1 || !near(l.Top, 3.0/16) || !near(l.Bottom, 13.0/16) || !near(l.Ratio, 184.0/16) ||
		!near(l.Boxes[0].Left, 101.0/184) || !near(l.Boxes[0].Width, 49.0/184) || !near(l.Boxes[0].Top, 3.0/16) || !near(l.Boxes[0].Height, 10.0/16) || l.Boxes[0].Grade != "好" {
		t.Errorf("layout %+v", l)
	}
}

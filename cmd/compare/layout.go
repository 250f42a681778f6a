package main

import (
	"fmt"
	"io"
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// What AMC needs on a page: four round marks, the outermost things of their size, and boxes that say in
// binary which student's page this is. They stand between Pingyi's squares and the text. AMC's own marks
// are 3.6 mm; these are so much larger than Pingyi's squares of 4 mm that AMC, which takes ± 20 %, cannot
// mistake a square for one, even turned by 10°, and too large for Pingyi to take one for a square.
const (
	circleDiameter = 7.2
	circleInset    = 22.0 // from the left and right edge of the paper to the middle
	circleTop      = 11.0
	circleBottom   = 9.5 // from the lower edge
	digitSide      = 3.2 // as AMC prints them
	digitLeft      = 100.0
	digitTop       = 7.8
	digitOutline   = 0.07
)

// The numbers that AMC itself gives the first page of a subject, and how many digits it prints of each.
var amcNumbers = []struct{ value, digits int }{{1, 12}, {1, 6}, {60, 6}} // student, page, check

// corners of a page in AMC's words and order: haut and bas, gauche and droite.
var corners = []string{"HG", "HD", "BD", "BG"}

// circles are the places of the four marks, in the order of corners.
func circles(page *ballot.FormPage) []ballot.Rect {
	at := func(x, y float64) ballot.Rect {
		const d = circleDiameter
		return ballot.Rect{X: x - d/2, Y: y - d/2, W: d, H: d}
	}
	left, right := circleInset, page.Width-circleInset
	top, bottom := circleTop, page.Height-circleBottom
	return []ballot.Rect{at(left, top), at(right, top), at(right, bottom), at(left, bottom)}
}

// digit is one binary box: the digit'th of a number, both from 1, the most significant first.
type digit struct {
	ballot.Rect
	number, digit int
	black         bool
}

// digits are the student's number in one line and page and check below it, as AMC sets them.
func digits() []digit {
	var out []digit
	for n, number := range amcNumbers {
		x, y := digitLeft, digitTop
		if n > 0 {
			y += digitSide
		}
		if n == 2 {
			x += float64(amcNumbers[1].digits) * digitSide
		}
		for d := range number.digits {
			out = append(out, digit{ballot.Rect{X: x + float64(d)*digitSide, Y: y, W: digitSide, H: digitSide},
				n + 1, d + 1, number.value>>(number.digits-1-d)&1 == 1})
		}
	}
	return out
}

// drawAMC draws marks and binary boxes on a printed page.
func drawAMC(img *raster.Image, page *ballot.FormPage) {
	scale := float64(img.W) / page.Width
	blacken := func(r ballot.Rect, inside func(x, y float64) bool) {
		for py := int(r.Y * scale); py <= int(r.Bottom()*scale); py++ {
			for px := int(r.X * scale); px <= int(r.Right()*scale); px++ {
				if x, y := (float64(px)+0.5)/scale, (float64(py)+0.5)/scale; inside(x, y) {
					img.Pix[py*img.W+px] = 0
				}
			}
		}
	}
	for _, c := range circles(page) {
		cx, cy := c.Centre()
		blacken(c, func(x, y float64) bool { return math.Hypot(x-cx, y-cy) <= circleDiameter/2 })
	}
	for _, d := range digits() {
		hollow := d.Inset(digitOutline)
		blacken(d.Rect, func(x, y float64) bool { return d.Contains(x, y) && (d.black || !hollow.Contains(x, y)) })
	}
}

// writeLayout writes where everything is in the words of the file that AMC's LaTeX class leaves behind, from
// which `auto-multiple-choice meptex` makes its layout. Questions are roster numbers, answers the places of
// the grades from 1; heights count from the lower edge of the paper.
func writeLayout(w io.Writer, page *ballot.FormPage) error {
	var failed error
	line := func(format string, args ...any) {
		if _, err := fmt.Fprintf(w, format+"\n", args...); err != nil && failed == nil {
			failed = err
		}
	}
	box := func(name string, r ballot.Rect) {
		line(`\tracepos{1/1:%s}{%.3fmm}{%.3fmm}{}`, name, r.X, page.Height-r.Y)
		line(`\tracepos{1/1:%s}{%.3fmm}{%.3fmm}{}`, name, r.Right(), page.Height-r.Bottom())
	}
	line(`\page{%d/%d/%d}{%gmm}{%gmm}`, amcNumbers[0].value, amcNumbers[1].value, amcNumbers[2].value, page.Width, page.Height)
	for i, c := range circles(page) {
		box("position"+corners[i], c)
	}
	for _, d := range digits() {
		box(fmt.Sprintf("chiffre:%d,%d", d.number, d.digit), d.Rect)
	}
	for _, row := range page.Rows {
		for i, t := range page.TargetsOf(row.Subject) {
			box(fmt.Sprintf("case:row%d:%d,%d", row.Subject, row.Subject, i+1), t.Rect)
		}
		line(`\question{%d}{row%d}`, row.Subject, row.Subject)
	}
	return failed
}

// Package synth is the synthetic pen and scanner: it marks pictures of printed pages with strokes of
// many hands, damages them as printers, paper and scanners do, and keeps the truth beside them. All of
// it follows from one seed.
//
// A page goes through Print (what the printer did to it), Mark (what the voter did) and Scan (what paper
// and scanner did), and is written by Save. Generate does all of it for a stack of ballots.
//
// Lengths are millimetres on the printed page, angles radians unless said otherwise, grays 0 black …
// 255 white. The ranges of the damage classes are in damage.go and hard.go and nowhere else.
package synth

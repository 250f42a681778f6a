// Package synth is the synthetic pen and scanner: it marks pictures of printed pages with strokes of
// many hands, damages them as printers, paper and scanners do, and keeps the truth beside them. All of
// it follows from one seed.
package synth

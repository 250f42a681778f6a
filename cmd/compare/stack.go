package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// stack is a folder of scans with their truth.
type stack struct {
	dir    string
	class  string // of damage
	grades []string
	scans  []scan
}

// scan is one file of one page.
type scan struct {
	file   string // its name in the folder
	damage synth.Damage
	rows   []synth.Truth
}

// upright is the pages that lay the right way up, to time readers that turn others round.
func (s *stack) upright() *stack {
	out := *s
	out.class += "-upright"
	out.scans = nil
	for _, scan := range s.scans {
		if scan.damage.Turns == 0 {
			out.scans = append(out.scans, scan)
		}
	}
	return &out
}

// stream keeps these pages apart from those of other tools that draw from the same seeds.
const stream = 1600

// mix has more of what is rare in meetings, so that every kind of row can be counted.
var mix = synth.Mix{Grades: []float64{40, 30, 20, 10}, Blank: 80, Overvote: 50, Altered: 25, Rubbed: 20, Corrected: 15, Beside: 40}

// shapes are drawn in turn, one a page, so that each has as many rows as the others.
var shapes = []synth.Shape{synth.Tick, synth.LongTick, synth.Cross, synth.Circle, synth.Ring, synth.Fill, synth.Scribble, synth.Slash}

// makeStack marks, damages and scans pages. Every ninth hard page is written in faint pencil; other classes
// know no such pages.
func makeStack(dir, class string, s *sheet, pages int, seed uint64) (*stack, error) {
	return fill(dir, class, s.form.Grades, pages, func(n int) (*raster.Image, scan) {
		r := rand.New(rand.NewPCG(seed<<20|uint64(n), stream+uint64(len(class))))
		d := synth.Draw(class, s.page, r)
		hand := d.Hand(r)
		if kinds := len(shapes) + 1; class == synth.ClassHard && n%kinds == len(shapes) {
			for hand.Pen.Name != faint {
				d = synth.Draw(class, s.page, r)
				hand = d.Hand(r)
			}
		} else if class == synth.ClassHard {
			hand.Shape = shapes[n%kinds]
		} else {
			hand.Shape = shapes[n%len(shapes)]
		}
		return s.scan(hand, mix, d, r)
	})
}

// makePlainStack fills boxes in on pages without any damage.
func makePlainStack(dir string, s *sheet, pages int) (*stack, error) {
	return fill(dir, synth.ClassNone, s.form.Grades, pages, func(n int) (*raster.Image, scan) {
		r := rand.New(rand.NewPCG(uint64(n), stream))
		hand := synth.NewHand(r, false)
		hand.Shape = synth.Fill
		return s.scan(hand, synth.Mix{Grades: mix.Grades}, synth.Damage{Class: synth.ClassNone, DPI: synth.RenderDPI}, r)
	})
}

// scan makes one scan of the sheet.
func (s *sheet) scan(hand synth.Hand, m synth.Mix, d synth.Damage, r *rand.Rand) (*raster.Image, scan) {
	img := s.clean.Clone()
	synth.Print(img, s.page, d, r)
	rows := synth.Mark(img, s.page, hand, m, r)
	return synth.Scan(img, d, r), scan{damage: d, rows: rows}
}

// fill writes a folder of scans in the scanner's formats: JPEG, and PNG where the damage names no quality.
func fill(dir, class string, grades []string, pages int, draw func(n int) (*raster.Image, scan)) (*stack, error) {
	out := &stack{dir: dir, class: class, grades: grades, scans: make([]scan, pages)}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var group errgroup.Group
	group.SetLimit(cores)
	for n := range pages {
		group.Go(func() error {
			img, made := draw(n)
			format := synth.JPEG
			if made.damage.Quality == 0 {
				format = synth.PNG
			}
			made.file = fmt.Sprintf("%s%04d.%s", class, n, format)
			out.scans[n] = made
			return synth.NewFile(filepath.Join(dir, made.file), format).Add(img, made.damage.Quality)
		})
	}
	return out, group.Wait()
}

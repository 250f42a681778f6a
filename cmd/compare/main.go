// Command compare sets Pingyi beside auto-multiple-choice (AMC), the open reader of marked sheets that
// Debian packages. Both read the same scan files of one printed form, marked and damaged with known truth,
// as whole processes and in turn. It prints Markdown tables: pages a second, and what became of the rows
// by kind of mark. It needs pdftoppm, AMC and a built pingyi; `make compare` sees to all three.
//
//	go run ./cmd/compare -pages 72 -seed 1 -pingyi bin/pingyi
//
// Lengths are millimetres on the printed page unless said otherwise.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"pingyi/scans/synth"
)

// options of a comparison.
type options struct {
	pages  int // of each class of damage
	rounds int // how often each reader reads each stack; errors are those of the first
	seed   uint64
	pingyi string // the built binary
	keep   string // folder for scans and answers; "" = a temporary one
}

func main() {
	var o options
	flag.IntVar(&o.pages, "pages", 72, "scanned pages of each class of damage")
	flag.IntVar(&o.rounds, "rounds", 2, "times each reader reads each stack, taking turns to be first")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of hands, votes and damage")
	flag.StringVar(&o.pingyi, "pingyi", "bin/pingyi", "built pingyi")
	flag.StringVar(&o.keep, "keep", "", "folder to keep scans and both readers' answers in")
	flag.Parse()
	log.SetFlags(0)
	if err := run(o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(o options, out io.Writer) error {
	if o.pages < 1 || o.rounds < 1 {
		return errors.New("give at least one page and one round")
	}
	dir := o.keep
	if dir == "" {
		temporary, err := os.MkdirTemp("", "compare")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	sheet, err := printSheet(dir)
	if err != nil {
		return err
	}
	pingyi, err := newPingyi(o.pingyi, dir, sheet)
	if err != nil {
		return err
	}
	amc, err := newAMC(dir, sheet)
	if err != nil {
		return err
	}
	if err := fairChance(amc, sheet, filepath.Join(dir, "plain")); err != nil {
		return err
	}
	var results, upright []*result // upright: for their times only
	for _, class := range []string{synth.ClassOrdinary, synth.ClassHard} {
		stack, err := makeStack(filepath.Join(dir, class), class, sheet, o.pages, o.seed)
		if err != nil {
			return err
		}
		r, err := compare(stack, pingyi, amc, o.rounds)
		if err != nil {
			return err
		}
		u, err := compare(stack.upright(), pingyi, amc, o.rounds)
		if err != nil {
			return err
		}
		results, upright = append(results, r), append(upright, u)
	}
	report(out, o, results, upright)
	return nil
}

// result is what both readers made of one stack.
type result struct {
	*stack
	pingyi      map[string]pingyiPage // by file name
	amc         map[string]amcPage
	pingyiSpent []spent // by round
	amcSpent    []spent
}

// compare lets both read a stack, taking turns to be first.
func compare(s *stack, p *pingyi, a *amc, rounds int) (*result, error) {
	r := &result{stack: s}
	for round := range rounds {
		turns := []func() error{
			func() error {
				pages, t, err := p.read(s)
				if round == 0 {
					r.pingyi = pages
				}
				r.pingyiSpent = append(r.pingyiSpent, t)
				return err
			},
			func() error {
				pages, t, err := a.read(s)
				if round == 0 {
					r.amc = pages
				}
				r.amcSpent = append(r.amcSpent, t)
				return err
			},
		}
		for i := range turns {
			if err := turns[(i+round)%2](); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// fairChance makes sure that AMC finds and reads plain pages with filled boxes, all of them right at its own
// threshold: else its layout here would be at fault, not AMC.
func fairChance(a *amc, sheet *sheet, dir string) error {
	s, err := makePlainStack(dir, sheet, 4)
	if err != nil {
		return err
	}
	pages, _, err := a.read(s)
	if err != nil {
		return err
	}
	for _, scan := range s.scans {
		page, found := pages[scan.file]
		if !found {
			return fmt.Errorf("AMC does not find the page on the plain scan %s", scan.file)
		}
		for _, truth := range scan.rows {
			if v := page.verdict(s.grades, truth.Subject, amcDefault); truth.Wrong(v) {
				return fmt.Errorf("AMC reads row %d of the plain scan %s as %s %s, and %s is filled in", truth.Subject, scan.file, v.Kind, v.Grade, truth.Grade)
			}
		}
	}
	return nil
}

// Command fit fits the model of the second reading (package density) on seeded synthetic pages and writes
// its weights. It needs pdftoppm. The same seeds give the same weights.
//
//	go run ./cmd/fit -pages 600 -out scans/density/weights.json
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/optimize"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/density"
	"pingyi/scans/raster"
	"pingyi/scans/register"
	"pingyi/scans/synth"
)

// stream keeps these pages apart from those of the accuracy sweeps, which draw from another stream.
const stream = 77

// sheet is a printed form page.
type sheet struct {
	page  *ballot.FormPage
	clean *raster.Image
}

// example is one target with whether somebody marked it.
type example struct {
	density.Features
	marked bool
}

func main() {
	pages := flag.Int("pages", 600, "synthetic pages to fit on; a quarter as many more test the fit")
	out := flag.String("out", "scans/density/weights.json", "file to write")
	flag.Parse()
	log.SetFlags(0)
	sheets, err := printSheets()
	if err != nil {
		log.Fatal(err)
	}
	training := examples(sheets, 0, *pages)
	model, err := fit(training)
	if err != nil {
		log.Fatal(err)
	}
	model.Command = fmt.Sprintf("go run ./cmd/fit -pages %d", *pages)
	report("fitted on", model, training)
	report("tested on", model, examples(sheets, *pages, *pages/4))
	data, err := json.MarshalIndent(model, "", "  ")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, append(data, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}

// printSheets prints rosters of two, four and six grades.
func printSheets() ([]sheet, error) {
	fonts, err := pdf.LoadFonts()
	if err != nil {
		return nil, err
	}
	var out []sheet
	for i, grades := range []int{4, 6, 2} {
		m := ballot.Meeting{ID: "fit", Title: "述职评议表", Organiser: "工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
		m.Rules.Grades = []string{"好", "较好", "一般", "差", "很差", "不了解"}[:grades]
		m.Rules.Form = ballot.RosterForm
		for n := 1; n <= 50; n++ {
			m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: "张晓明", Org: "机关党支部", Mode: ballot.Written})
		}
		f, err := ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "工委委员"}, bytes.NewReader([]byte{byte(i), 9, 9, 9, 9, 9, 9, 9}))
		if err != nil {
			return nil, err
		}
		drawn, err := draw(f, fonts)
		if err != nil {
			return nil, err
		}
		for n := range f.Pages {
			out = append(out, sheet{&f.Pages[n], drawn[n]})
		}
	}
	return out, nil
}

func draw(f *ballot.Form, fonts *pdf.Fonts) ([]*raster.Image, error) {
	dir, err := os.MkdirTemp("", "fit")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	w, err := os.Create(filepath.Join(dir, "form.pdf"))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(pdf.Ballots(w, f, 1, nil, fonts, nil), w.Close()); err != nil {
		return nil, err
	}
	return synth.RenderPDF(w.Name(), synth.RenderDPI)
}

// examples marks, scans and measures pages; their order is that of the seeds, whatever finishes first.
func examples(sheets []sheet, first, n int) []example {
	byPage := make([][]example, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var r density.Reader
			for i := range next {
				byPage[i] = pageExamples(&r, sheets[i%len(sheets)], uint64(first+i))
			}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	var out []example
	for _, e := range byPage {
		out = append(out, e...)
	}
	return out
}

// mix holds more blank, double and rubbed-out rows than meetings do: the model is to learn from them.
var mix = synth.Mix{Grades: []float64{30, 25, 15, 10, 10, 10}, Blank: 100, Overvote: 60, Rubbed: 30, Corrected: 20, Beside: 20}

func pageExamples(r *density.Reader, s sheet, seed uint64) []example {
	random := rand.New(rand.NewPCG(seed, stream))
	class := synth.ClassOrdinary
	if seed%2 == 0 {
		class = synth.ClassHard
	}
	d := synth.Draw(class, s.page, random)
	img := s.clean.Clone()
	synth.Print(img, s.page, d, random)
	votes := mix
	if seed%10 == 3 {
		votes.Blank = 1000 // nobody marked anything: nothing on the page says what a mark is like
	}
	truth := synth.Mark(img, s.page, d.Hand(random), votes, random)
	scan, err := synth.Deliver(synth.Scan(img, d, random), d, scans.MinDPI)
	if err != nil {
		log.Fatalf("seed %d: %v", seed, err)
	}
	size := register.Size{Width: s.page.Width, Height: s.page.Height, Marks: s.page.Fiducials}
	found, rejected := register.NewFinder([]register.Size{size}).Find(scan)
	if rejected != nil {
		return nil
	}
	grid, rejected := register.Refine(scan, found.Map, s.page)
	if rejected != nil {
		return nil
	}
	return label(r.Features(scan, grid), s.page, truth)
}

func label(features [][]density.Features, page *ballot.FormPage, truth []synth.Truth) []example {
	var out []example
	for i, row := range features {
		for c, t := range page.TargetsOf(truth[i].Subject) {
			marked := false
			switch truth[i].Kind {
			case synth.TruthGrade, synth.TruthCorrected:
				marked = t.Grade == truth[i].Grade
			case synth.TruthOvervote:
				marked = t.Grade == truth[i].Grade || t.Grade == truth[i].Other
			}
			out = append(out, example{row[c], marked})
		}
	}
	return out
}

// ridge keeps weights of features that go together from growing against each other.
const ridge = 1e-4

// fit minimises the mean logistic loss; see any textbook on logistic regression. The last parameter is the
// bias.
func fit(all []example) (*density.Model, error) {
	const n = len(density.Features{})
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			loss := 0.0
			for _, e := range all {
				loss += softplus(-e.margin(x))
			}
			loss /= float64(len(all))
			for _, w := range x[:n] {
				loss += ridge * w * w
			}
			return loss
		},
		Grad: func(grad, x []float64) {
			clear(grad)
			for _, e := range all {
				m := e.margin(x)
				g := -e.sign() / (1 + math.Exp(m)) / float64(len(all))
				for i, v := range e.Features {
					grad[i] += g * v
				}
				grad[n] += g
			}
			for i, w := range x[:n] {
				grad[i] += 2 * ridge * w
			}
		},
	}
	result, err := optimize.Minimize(problem, make([]float64, n+1), &optimize.Settings{GradientThreshold: 1e-5}, &optimize.BFGS{})
	if err != nil {
		return nil, err
	}
	weights := map[string]float64{}
	for i, name := range density.FeatureNames {
		weights[name] = rounded(result.X[i])
	}
	return density.NewModel(rounded(result.X[n]), weights)
}

// sign is 1 of a marked target and -1 of another.
func (e example) sign() float64 {
	if e.marked {
		return 1
	}
	return -1
}

// margin is how far on the right side of the boundary the example lies.
func (e example) margin(x []float64) float64 {
	sum := x[len(x)-1]
	for i, v := range e.Features {
		sum += x[i] * v
	}
	return e.sign() * sum
}

// softplus is ln(1+exp(v)) without overflow.
func softplus(v float64) float64 { return max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) }

func rounded(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// report prints how often the model is wrong and how often surely so.
func report(what string, m *density.Model, all []example) {
	marked, wrong, surely := 0, 0, 0
	for _, e := range all {
		p := m.Probability(e.Features)
		if e.marked {
			marked++
		} else {
			p = 1 - p
		}
		if p < 0.5 {
			wrong++
		}
		if p < 0.02 {
			surely++
		}
	}
	fmt.Printf("%s %d targets, %d of them marked: on the wrong side %d, with more than 98 %% certainty %d\n", what, len(all), marked, wrong, surely)
}

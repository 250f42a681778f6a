package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/image/font/opentype"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// demoBallot is one voter's ballot in the demo: the truth that only the demo knows.
type demoBallot struct {
	group, venue string
	truth        map[int]synth.Truth // by subject
	seed         uint64
}

// paperStack marks and scans the demo's ballots.
type paperStack struct {
	form  *ballot.Form
	clean []*raster.Image // the printed pages, drawn by pdftoppm
	seed  uint64
	face  *opentype.Font // of comments; nil = nobody writes any
}

// printForm prints one copy and draws its pages.
func printForm(form *ballot.Form, fonts *pdf.Fonts, folder string, seed uint64) (*paperStack, error) {
	var b bytes.Buffer
	if err := pdf.Ballots(&b, form, 1, nil, fonts, nil); err != nil {
		return nil, err
	}
	return stackOf(form, b.Bytes(), folder, seed)
}

// stackOf draws the pages of a form that was printed.
func stackOf(form *ballot.Form, printed []byte, folder string, seed uint64) (*paperStack, error) {
	path := filepath.Join(folder, fmt.Sprintf("ballot-%s.pdf", form.Group))
	if err := os.WriteFile(path, printed, 0o600); err != nil {
		return nil, err
	}
	clean, err := synth.RenderPDF(path, synth.RenderDPI)
	if err == nil && len(clean) != len(form.Pages) {
		err = fmt.Errorf("%s: %d pages drawn, the form has %d", path, len(clean), len(form.Pages))
	}
	return &paperStack{form: form, clean: clean, seed: seed}, err
}

// demoMix is what voters do in the demo; no row of which nobody could say what was meant.
func demoMix() synth.Mix {
	m := synth.Realistic()
	m.Rubbed, m.Struck, m.Between = 0, 0, 0
	return m
}

// vote draws one ballot's votes.
func (p *paperStack) vote(venue string, n int) demoBallot {
	seed := p.seed*1_000_003 + uint64(n)
	r := rand.New(rand.NewPCG(seed, 1))
	b := demoBallot{group: p.form.Group, venue: venue, truth: map[int]synth.Truth{}, seed: seed}
	for i := range p.form.Pages {
		for _, t := range synth.Intend(&p.form.Pages[i], demoMix(), r) {
			b.truth[t.Subject] = t
		}
	}
	return b
}

// scanPage marks and scans one page of a ballot with everyday damage; again tells that it is scanned
// another time, so that the damage differs.
func (p *paperStack) scanPage(b demoBallot, page int, again int, spoil func(*raster.Image, *ballot.FormPage)) *raster.Image {
	form := &p.form.Pages[page]
	r := rand.New(rand.NewPCG(b.seed, uint64(100+page)))
	img := p.clean[page].Clone()
	hand := synth.NewHand(rand.New(rand.NewPCG(b.seed, 2)), false)
	var rows []synth.Truth
	for _, row := range form.Rows {
		rows = append(rows, b.truth[row.Subject])
	}
	synth.MarkAs(img, form, hand, rows, r)
	p.comment(img, b, page, hand)
	if spoil != nil {
		spoil(img, form)
	}
	noise := rand.New(rand.NewPCG(b.seed, uint64(1000*(again+1)+page)))
	d := synth.Ordinary(noise)
	d.DPI, d.Turns = 200, 0
	return synth.Scan(img, d, noise)
}

// scan makes the scanner's JPEGs of ballots, all pages of each in order, on all cores.
func (p *paperStack) scan(ballots []demoBallot, again int, spoil func(n int) func(*raster.Image, *ballot.FormPage)) ([][]byte, error) {
	pages := len(p.form.Pages)
	out := make([][]byte, len(ballots)*pages)
	faults := make([]error, len(out))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				var harm func(*raster.Image, *ballot.FormPage)
				if spoil != nil {
					harm = spoil(i / pages)
				}
				out[i], faults[i] = raster.EncodeJPEG(p.scanPage(ballots[i/pages], i%pages, again, harm), 75)
			}
		}()
	}
	for i := range out {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// zipOf packs a scanner's pictures, numbered in the order of feeding.
func zipOf(pictures [][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, data := range pictures {
		w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("scan%d.jpg", i+1), Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// harms are what befell ballots of the first stack, by their place in it.
var harms = map[int]func(*raster.Image, *ballot.FormPage){2: coverIdentity, 3: coverCode, 4: coverCode, 5: pasteNames}

// mustReject tells whether a leaf with such harm must be rejected: a form of one row has no other to be pasted over it.
func mustReject(i int, form *ballot.Form) bool {
	return i == 2 || i == 5 && form.Kind == ballot.RosterForm
}

// coverIdentity is coffee on the code and on the line that repeats it: the page cannot be identified.
func coverIdentity(img *raster.Image, page *ballot.FormPage) {
	coverCode(img, page)
	for _, l := range page.Labels {
		if l.Role == ballot.LabelIdentity {
			stain(img, page, l.Rect)
		}
	}
}

// coverCode is coffee on the code alone: OCR of the line that repeats it identifies the page.
func coverCode(img *raster.Image, page *ballot.FormPage) { stain(img, page, page.Code) }

func stain(img *raster.Image, page *ballot.FormPage, c ballot.Rect) {
	k := float64(img.W) / page.Width
	for y := int(c.Y * k); y < int(c.Bottom()*k); y++ {
		for x := int(c.X * k); x < int(c.Right()*k); x++ {
			img.Pix[y*img.W+x] = 120
		}
	}
}

// pasteNames is a strip of names pasted over those of a roster page, one row too low.
func pasteNames(img *raster.Image, page *ballot.FormPage) {
	k := float64(img.W) / page.Width
	clean := append([]byte(nil), img.Pix...)
	for i := 1; i < len(page.Rows); i++ {
		from, to := page.Rows[i-1].NameBox.Inset(0.4), page.Rows[i].NameBox.Inset(0.4)
		for y := range int(to.H * k) {
			at := (int(to.Y*k)+y)*img.W + int(to.X*k)
			copy(img.Pix[at:at+int(to.W*k)], clean[(int(from.Y*k)+y)*img.W+int(from.X*k):])
		}
	}
}

// expected counts the demo's truth as the tally should: what a careful person reads.
type expected map[string]map[int]map[string]int // group → subject → grade, "blank" or "invalid" → rows

const (
	expectBlank   = "\x00blank"
	expectInvalid = "\x00invalid"
)

func countTruth(ballots []demoBallot) expected {
	out := expected{}
	for _, b := range ballots {
		if out[b.group] == nil {
			out[b.group] = map[int]map[string]int{}
		}
		for subject, t := range b.truth {
			if out[b.group][subject] == nil {
				out[b.group][subject] = map[string]int{}
			}
			v := humanVerdict(t)
			switch v.Kind {
			case ballot.IsGrade:
				out[b.group][subject][v.Grade]++
			case ballot.IsBlank:
				out[b.group][subject][expectBlank]++
			default:
				out[b.group][subject][expectInvalid]++
			}
		}
	}
	return out
}

// humanVerdict is what a scrutineer who sees the row decides: of an altered row, the mark that was not
// struck out.
func humanVerdict(t synth.Truth) ballot.Verdict {
	switch t.Kind {
	case synth.TruthGrade, synth.TruthAltered, synth.TruthCorrected:
		return ballot.Verdict{Kind: ballot.IsGrade, Grade: t.Grade}
	case synth.TruthOvervote:
		return ballot.Verdict{Kind: ballot.IsOvervote}
	}
	return ballot.Verdict{Kind: ballot.IsBlank}
}

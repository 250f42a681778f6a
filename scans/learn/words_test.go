package learn_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/density"
	"pingyi/scans/mark"
	"pingyi/scans/raster"
	"pingyi/scans/register"
	"pingyi/scans/synth"
)

var (
	wordCopies = flag.Int("learn.words", 4, "marked copies of each form of words that are read, every fourth of class hard")
	wordHard   = flag.Bool("learn.hard", false, "all of these of class hard")
	wordThick  = flag.Bool("learn.thick", false, "all of these in print whose strokes are a sixth of a mm thicker than the blank's")
	wordAlike  = flag.String("learn.alike", "", "a shape by which the first word of every row is marked on all of these")
	wordNames  = flag.Bool("learn.names", false, "pages are known by the names on them, too, which takes OCR most of the time")
)

// wordForms are those on which printed words are ringed or ticked.
var wordForms = []string{"circle", "ring", "inline"}

// wordMarks are what people do to a word, most of all a ring round it.
var wordMarks = []synth.Shape{synth.Ring, synth.Ring, synth.Ring, synth.Ring, synth.Ring, synth.Ring, synth.Tick, synth.Tick, synth.Tick, synth.Tick,
	synth.LongTick, synth.Cross, synth.Cross, synth.Fill, synth.Scribble, synth.Slash, synth.Circle, synth.Under}

// wordCase is how the copies of one run are printed and marked.
type wordCase struct {
	hard, thick bool
	alike       synth.Shape
}

// TestReadWords reads marked copies. Without names, pages are found by their rules alone: the measures of marks do not
// depend on who stands on the page.
func TestReadWords(t *testing.T) {
	e := engine(t)
	for i, want := range forms {
		if !slices.Contains(wordForms, want.name) || *only != "" && *only != want.name {
			continue
		}
		t.Run(want.name, func(t *testing.T) {
			f := confirmed(t, i, e)
			clean := printed(t, want.name)[0]
			if *wordThick {
				clean = thickened(clean)
			}
			s := wordSweep{t: t, form: f, clean: clean, words: wordBoxes(clean, &f.Pages[0]), all: map[string]*counts{}, read: newStages(t, f).read}
			if *wordNames {
				r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
				if err != nil {
					t.Fatal(err)
				}
				s.read = r.ReadPage
			}
			for n := range *wordCopies {
				s.one(*seed+uint64(n), wordCase{hard: n%4 == 3 || *wordHard, alike: synth.Shape(*wordAlike)})
			}
			s.report()
		})
	}
}

// The words of the first grade are blotted in every row, so that no bare one is left; and print is thicker than the
// blank's: nothing is read for what it is not.
func TestWordsThatHideMarks(t *testing.T) {
	e := engine(t)
	f := confirmed(t, at("ring"), e)
	for _, c := range []wordCase{{alike: synth.Fill}, {thick: true}, {thick: true, alike: synth.Scribble}} {
		clean := printed(t, "ring")[0]
		if c.thick {
			clean = thickened(clean)
		}
		s := wordSweep{t: t, form: f, clean: clean, words: wordBoxes(clean, &f.Pages[0]), all: map[string]*counts{}, read: newStages(t, f).read}
		for n := range uint64(2) {
			s.one(*seed+n, c)
		}
		s.report()
	}
}

// The whole reader knows a page of words by its names, and reads it as the stages alone do.
func TestWordsInTheReader(t *testing.T) {
	e := engine(t)
	f := confirmed(t, at("inline"), e)
	r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
	if err != nil {
		t.Fatal(err)
	}
	clean := printed(t, "inline")[0]
	rnd := rand.New(rand.NewPCG(*seed, 3))
	img := clean.Clone()
	hand := synth.NewHand(rnd, false)
	hand.Shape = synth.Ring
	synth.Mark(img, onWords(&f.Pages[0], wordBoxes(clean, &f.Pages[0]), hand.Shape, rnd), hand, wordMix(), rnd)
	img = synth.Scan(img, synth.Ordinary(rnd), rnd)
	whole, stages := r.ReadPage(img), newStages(t, f).read(img)
	if whole.Rejected != nil || stages.Rejected != nil || !slices.Equal(whole.Verdicts, stages.Verdicts) {
		t.Errorf("the reader: %v %v\nits stages: %v %v", whole.Verdicts, whole.Rejected, stages.Verdicts, stages.Rejected)
	}
}

// stages are those of the reader that measure marks.
type stages struct {
	form    *ballot.Form
	print   *raster.Image
	finder  *register.TableFinder
	meter   mark.Meter
	density density.Reader
}

func newStages(t *testing.T, f *ballot.Form) *stages {
	t.Helper()
	print, err := png.Decode(bytes.NewReader(f.Pages[0].Print))
	gray, ok := print.(*image.Gray)
	if err != nil || !ok {
		t.Fatal(err)
	}
	blank := &raster.Image{W: gray.Rect.Dx(), H: gray.Rect.Dy(), Pix: gray.Pix}
	return &stages{form: f, print: blank, finder: register.NewTableFinder([]register.Table{{Page: &f.Pages[0], Print: blank}})}
}

func (s *stages) read(img *raster.Image) (res scans.PageResult) {
	found, rejected := s.finder.Find(img)
	if rejected != nil {
		res.Rejected = rejected
		return res
	}
	grid, rejected := register.Refine(img, found[0].Map, &s.form.Pages[0])
	if rejected != nil {
		res.Rejected = rejected
		return res
	}
	grid.Print = s.print
	res.Rows = s.meter.Measure(img, grid)
	second, _ := s.density.Read(img, grid)
	for i := range res.Rows {
		for c := range res.Rows[i].Scores {
			res.Rows[i].Scores[c].Second = math.Round(second[i][c]*1e4) / 1e4
		}
	}
	res.Verdicts = ballot.JudgePage(res.Rows, ballot.DefaultThresholds())
	return res
}

type wordSweep struct {
	t     *testing.T
	form  *ballot.Form
	clean *raster.Image
	words []ballot.Rect
	read  func(*raster.Image) scans.PageResult
	all   map[string]*counts
}

// wordMix has more empty rows than voters leave, since print must not be read as a vote.
func wordMix() synth.Mix {
	mix := synth.Realistic()
	mix.Blank, mix.Beside = 80, 0
	return mix
}

// one marks and reads one copy.
func (s *wordSweep) one(seed uint64, c wordCase) {
	s.t.Helper()
	page := &s.form.Pages[0]
	rnd := rand.New(rand.NewPCG(seed, 77))
	class := synth.ClassOrdinary
	if c.hard {
		class = synth.ClassHard
	}
	d := synth.Draw(class, page, rnd)
	d.Turns = rnd.IntN(4)
	hand, mix := d.Hand(rnd), wordMix()
	hand.Shape = wordMarks[rnd.IntN(len(wordMarks))]
	if s.form.Learned.Source == "ring.pdf" && !anywhereOn(hand.Shape) { // there the middle between two targets is that between two cells
		mix.Between = 30
	}
	if c.alike != "" {
		hand.Shape, mix = c.alike, synth.Mix{Grades: []float64{1}}
	}
	img := s.clean.Clone()
	synth.Print(img, page, d, rnd)
	truth := synth.Mark(img, onWords(page, s.words, hand.Shape, rnd), hand, mix, rnd)
	img = synth.Scan(img, d, rnd)
	res := s.read(img)
	s.of(class).pages++
	if res.Rejected != nil {
		s.of(class).rejected++
		s.t.Logf("seed %d %s %v rejected: %s", seed, class, d.Kinds, res.Rejected)
		return
	}
	for i, v := range res.Verdicts {
		wrong := truth[i].Subject != res.Rows[i].Subject || truth[i].Wrong(v)
		for _, key := range []string{class, class + " " + truth[i].Kind + " " + string(truth[i].Shape)} {
			s.of(key).add(v, wrong)
		}
		if wrong {
			s.t.Errorf("WRONG seed %d row %d (%.0f dpi %s %v): truth %+v, read %+v\n%+v", seed, i+1, d.DPI, d.Class, d.Kinds, truth[i], v, res.Rows[i])
			save(s.t, img, s.form, 0, seed)
		} else if v.Kind == ballot.IsUnclear {
			s.t.Logf("seed %d row %d %s %s %s %s unclear: %s", seed, i+1, class, truth[i].Kind, truth[i].Shape, truth[i].Pen, v.Reason)
		}
	}
}

func (s *wordSweep) of(key string) *counts {
	if s.all[key] == nil {
		s.all[key] = &counts{}
	}
	return s.all[key]
}

func (s *wordSweep) report() {
	for _, key := range slices.Sorted(maps.Keys(s.all)) {
		c := s.all[key]
		s.t.Logf("%-26s %4d pages, %3d rejected; %5d rows: %5d right, %4d unclear, %d wrong", key, c.pages, c.rejected, c.rows, c.right, c.unclear, c.wrong)
	}
}

func (c *counts) add(v ballot.Verdict, wrong bool) {
	c.rows++
	switch {
	case wrong:
		c.wrong++
	case v.Kind == ballot.IsUnclear:
		c.unclear++
	default:
		c.right++
	}
}

// wordBoxes are the extents of the words in the cells of a page.
func wordBoxes(clean *raster.Image, page *ballot.FormPage) (out []ballot.Rect) {
	px := clean.DPI / 25.4
	for _, t := range page.Targets {
		c := t.Cell.Inset(0.7)
		x0, y0, x1, y1 := c.Right(), c.Bottom(), c.X, c.Y
		for y := int(c.Y * px); y < int(c.Bottom()*px); y++ {
			for x := int(c.X * px); x < int(c.Right()*px); x++ {
				if clean.Pix[y*clean.W+x] < 128 {
					mx, my := float64(x)/px, float64(y)/px
					x0, y0, x1, y1 = min(x0, mx), min(y0, my), max(x1, mx), max(y1, my)
				}
			}
		}
		out = append(out, ballot.Rect{X: x0, Y: y0, W: x1 - x0, H: y1 - y0})
	}
	return out
}

// onWords is a page to mark: rings, lines and blots are aimed at the words, other marks anywhere about them.
func onWords(page *ballot.FormPage, words []ballot.Rect, shape synth.Shape, r *rand.Rand) *ballot.FormPage {
	out := *page
	out.Targets = slices.Clone(page.Targets)
	for i := range out.Targets {
		t := &out.Targets[i]
		t.Rect = words[i]
		if anywhereOn(shape) {
			x, y := words[i].Centre()
			side := min(6.0, t.Cell.H-3)
			x, y = x+(r.Float64()-0.5)*min(words[i].W, t.Cell.W-side-2), y+(r.Float64()-0.5)*3
			t.Rect = ballot.Rect{X: x - side/2, Y: y - side/2, W: side, H: side}
		}
	}
	return &out
}

// anywhereOn tells whether people make a mark of a shape anywhere on a word, and not about all of it.
func anywhereOn(shape synth.Shape) bool {
	return !slices.Contains([]synth.Shape{synth.Ring, synth.Under, synth.Fill, synth.Scribble}, shape)
}

// thickened is a print whose strokes have grown by a pixel to all sides.
func thickened(m *raster.Image) *raster.Image {
	out := m.Clone()
	for y := 1; y < m.H-1; y++ {
		for x := 1; x < m.W-1; x++ {
			for _, d := range [...]int{-m.W, -1, 1, m.W} {
				out.Pix[y*m.W+x] = min(out.Pix[y*m.W+x], m.Pix[y*m.W+x+d])
			}
		}
	}
	return out
}

package synth

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Classes of a stack beside those of damage.
const (
	ClassNone  = "none"  // a perfect scan
	ClassMixed = "mixed" // ordinary, every fourth ballot hard
)

// Options say which stack of ballots Generate makes.
type Options struct {
	Form     *ballot.Form
	Print    string // PDF that begins with one copy of the form
	First    int    // number of the first ballot, from 0: ranges of one seed can be made apart
	Ballots  int    // how many; of a single form, packets of one leaf a subject
	Seed     uint64 // of hands and votes
	ScanSeed uint64 // of damage; another one scans the same ballots again. 0 = Seed
	Class    string // none, ordinary, hard, mixed or refuse
	DPI      float64
	Formats  []Format // in turn, every PerFile ballots; none = JPEG
	PerFile  int      // ballots in one file of many pages, 0 = 50
	Mix      *Mix     // nil = Realistic
	Ink      *Inkwell // nil = strokes
	Out      string   // folder, made if need be
	Progress func(done, of int)
}

func (o *Options) check() error {
	classes := []string{ClassNone, ClassOrdinary, ClassHard, ClassMixed, ClassRefuse}
	if !slices.Contains(classes, o.Class) {
		return fmt.Errorf("class %q: give one of %v", o.Class, classes)
	}
	if o.Form == nil || o.Ballots < 1 || o.First < 0 {
		return fmt.Errorf("%d ballots from number %d: give a form and at least one ballot", o.Ballots, o.First)
	}
	if o.DPI != 0 && (o.DPI < 50 || o.DPI > 1200) {
		return fmt.Errorf("%g dpi: give 50 to 1200, or 0 for a mix", o.DPI)
	}
	if len(o.Formats) == 0 {
		o.Formats = []Format{JPEG}
	}
	if _, err := os.Stat(o.Print); err != nil {
		return fmt.Errorf("printed form: %w", err)
	}
	for _, f := range o.Formats {
		if !f.known() {
			return fmt.Errorf("format %q: give one of %v", f, Formats)
		}
	}
	if o.PerFile < 1 {
		o.PerFile = 50
	}
	if o.ScanSeed == 0 {
		o.ScanSeed = o.Seed
	}
	if o.Mix == nil {
		m := Realistic()
		o.Mix = &m
	}
	return nil
}

// Generate marks and scans a stack of ballots and writes the pictures and TruthName, which says what is
// on them in the order of feeding: leaf by leaf of the form, and of each leaf front, back, front, back.
// The same options give the same pictures (gofpdf writes those of a PDF in any order). The truth is written last: a folder without it is unfinished.
func Generate(ctx context.Context, o Options) (*TruthFile, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	name := filepath.Join(o.Out, TruthName)
	if _, err := os.Stat(name); err == nil {
		return nil, fmt.Errorf("%s is there already: choose an empty folder", name)
	}
	g := &generator{Options: o, truth: &TruthFile{Form: o.Form.ID, Group: o.Form.Group, Seed: o.Seed, ScanSeed: o.ScanSeed, Class: o.Class}}
	step := 1
	if o.Form.TwoSided {
		step = 2
	}
	for from := 0; from < len(o.Form.Pages); from += step {
		if err := g.leaf(ctx, from, min(from+step, len(o.Form.Pages))); err != nil {
			return nil, err
		}
	}
	return g.truth, g.truth.write(name)
}

// generator is one run of Generate.
type generator struct {
	Options
	truth *TruthFile
	file  *File
}

// leaf makes the pictures of pages from … to-1 of every ballot.
func (g *generator) leaf(ctx context.Context, from, to int) error {
	clean, err := renderPages(g.Print, RenderDPI, from+1, to)
	if err != nil {
		return err
	}
	for at := 0; at < g.Ballots; {
		n := min(runtime.NumCPU(), g.Ballots-at, g.PerFile-at%g.PerFile)
		made := make([][]picture, n)
		var group errgroup.Group
		for i := range made {
			group.Go(func() error {
				for p := from; p < to; p++ {
					made[i] = append(made[i], g.picture(g.First+at+i, p, clean[p-from], g.formatOf(at)))
				}
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i := range made {
			if err := g.save(made[i], g.formatOf(at), (at+i)%g.PerFile == 0); err != nil {
				return err
			}
		}
		at += n
	}
	return g.closeFile()
}

func (g *generator) formatOf(ballot int) Format {
	return g.Formats[ballot/g.PerFile%len(g.Formats)]
}

// picture is one image as scanned, with its truth.
type picture struct {
	img   *raster.Image
	truth PageTruth
}

// picture makes one image. What is on the paper follows from the seed, ballot and page; what scanning
// does to it from the scan seed.
func (g *generator) picture(number, at int, clean *raster.Image, format Format) picture {
	page := &g.Form.Pages[at]
	scan := rand.New(rand.NewPCG(g.ScanSeed, uint64(number)<<20|uint64(at)))
	d := g.damage(number, page, format, scan)
	img, t := g.marked(number, at, clean, d, scan)
	if d.Class == ClassRefuse {
		t.Refuse, t.Rows, t.Writing = d.Kinds[0], nil, nil
		var other *raster.Image
		if t.Refuse == RefuseTwoSheets {
			other, _ = g.marked(number+1, at, clean, d, scan)
		}
		img = Spoil(img, other, page, d, scan)
	}
	return picture{Scan(img, d, scan), t}
}

// marked is a ballot's page as the voter left it. The strokes depend on the seed alone.
func (g *generator) marked(number, at int, clean *raster.Image, d Damage, printer *rand.Rand) (*raster.Image, PageTruth) {
	page := &g.Form.Pages[at]
	img := clean.Clone()
	Print(img, page, d, printer)
	voter := rand.New(rand.NewPCG(g.Seed+1, uint64(number)<<20|uint64(at)))
	t := PageTruth{Ballot: number + 1, FormPage: page.Page, Damage: d}
	t.Rows = Mark(img, page, g.hand(number), *g.Mix, voter)
	t.Writing = Write(img, page, g.hand(number), *g.Mix, voter)
	return img, t
}

// hand is the one hand of a ballot.
func (g *generator) hand(number int) Hand {
	r := rand.New(rand.NewPCG(g.Seed, uint64(number)))
	hand := newHandOf(g.class(number), r)
	if slices.Contains(g.Formats, G4) { // one bit keeps no faint pencil
		hand = NewHand(r, g.class(number) == ClassHard)
	}
	if g.Ink != nil {
		hand = g.Ink.Hand(hand, r)
	}
	return hand
}

// class of damage of one ballot.
func (g *generator) class(number int) string {
	switch {
	case g.Class == ClassMixed && number%4 == 0:
		return ClassHard
	case g.Class == ClassMixed:
		return ClassOrdinary
	}
	return g.Class
}

func (g *generator) damage(number int, page *ballot.FormPage, format Format, r *rand.Rand) Damage {
	class := g.class(number)
	for {
		d := Damage{Class: ClassNone, DPI: RenderDPI}
		switch class {
		case ClassRefuse: // each kind in turn
			d = Refuse(RefuseKinds[number%len(RefuseKinds)], r)
		case ClassOrdinary, ClassHard:
			d = Draw(class, page, r)
		}
		if g.DPI > 0 {
			d.DPI = g.DPI
		}
		if format == G4 && d.OneBit == 0 {
			d.OneBit, d.Limit, d.Quality = 1, 165, 0
		}
		if d.keeps(g.hand(number)) {
			return d
		}
	}
}

// save writes a ballot's pictures and keeps their truth; a new file is begun where it is time.
func (g *generator) save(pictures []picture, format Format, begin bool) error {
	for i, p := range pictures {
		if begin && i == 0 || !format.manyPages() {
			if err := g.closeFile(); err != nil {
				return err
			}
			name := fmt.Sprintf("scan%06d.%s", len(g.truth.Pages)+1, format.extension())
			g.file = NewFile(filepath.Join(g.Out, name), format)
		}
		if err := g.file.Add(p.img, p.truth.Damage.Quality); err != nil {
			return err
		}
		p.truth.File, p.truth.Page = filepath.Base(g.file.path), g.file.pages
		g.truth.Pages = append(g.truth.Pages, p.truth)
		if g.Progress != nil {
			g.Progress(len(g.truth.Pages), g.Ballots*len(g.Form.Pages))
		}
	}
	return nil
}

func (g *generator) closeFile() error {
	if g.file == nil {
		return nil
	}
	f := g.file
	g.file = nil
	return f.Close()
}

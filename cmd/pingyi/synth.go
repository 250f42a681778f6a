package main

import (
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

type synthOptions struct {
	forms, print, out, class, format, ink string
	ballots                               int
	seed                                  uint64
	dpi                                   float64
}

func synthCommand() *cobra.Command {
	var o synthOptions
	c := &cobra.Command{Use: "synth --forms FORMS.json --print BALLOT.pdf -o FOLDER", Args: cobra.NoArgs,
		Short: "合成扫描件，附真值 (mark and scan a printed ballot synthetically, with the truth beside it)",
		Long: `Draws the first copy in BALLOT.pdf by pdftoppm, marks it in many hands, damages it like a scanner, and
writes the pages in the order of feeding with truth.json beside them. The same seed gives the same files.`}
	c.Flags().StringVar(&o.forms, "forms", "", "forms file, from `pingyi forms export`")
	c.Flags().StringVar(&o.print, "print", "", "PDF of one group's ballot, from `pingyi print`")
	c.Flags().StringVarP(&o.out, "output", "o", "", "folder to write to")
	c.Flags().StringVar(&o.class, "class", "ordinary", "damage: none, ordinary, hard or refuse")
	c.Flags().StringVar(&o.format, "format", "jpeg", "jpeg or png")
	c.Flags().StringVar(&o.ink, "ink", "", "folder of real ink crops with ink.csv, stamped instead of drawn strokes")
	c.Flags().IntVar(&o.ballots, "ballots", 10, "ballots to mark")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "seed of votes, hands and damage")
	c.Flags().Float64Var(&o.dpi, "dpi", 0, "resolution of all pages; 0 = the mix of 150, 200, 300 and 600")
	for _, name := range []string{"forms", "print", "output"} {
		_ = c.MarkFlagRequired(name)
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return runSynth(o, c.ErrOrStderr()) }
	return c
}

// pageTruth is one page of truth.json.
type pageTruth struct {
	File   string        `json:"file"`
	Ballot int           `json:"ballot"`
	Page   int           `json:"form_page"`
	Damage synth.Damage  `json:"damage"`
	Rows   []synth.Truth `json:"rows"`
}

func runSynth(o synthOptions, errOut io.Writer) error {
	forms, err := loadForms(o.forms)
	if err != nil {
		return usageError{err}
	}
	clean, err := synth.RenderPDF(o.print, synth.RenderDPI)
	if err != nil {
		return err
	}
	form, err := printedForm(forms, clean)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	var ink *synth.Inkwell
	if o.ink != "" {
		if ink, err = synth.LoadInk(o.ink); err != nil {
			return err
		}
	}
	bar := progress(errOut, o.ballots, "ballots")
	var truth []pageTruth
	for n := 0; n < o.ballots; n++ {
		r := rand.New(rand.NewPCG(o.seed, uint64(n)))
		hand := synth.NewHand(r, o.class == "hard")
		if ink != nil {
			hand = ink.Hand(hand, r)
		}
		for i := range form.Pages {
			t, err := o.page(form, clean[i], n, i, hand, r)
			if err != nil {
				return err
			}
			truth = append(truth, t)
		}
		if bar != nil {
			bar(n + 1)
		}
	}
	return writeFile(filepath.Join(o.out, "truth.json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(map[string]any{"form": form.ID, "pages": truth})
	})
}

// printedForm finds the form whose pages the PDF begins with, by reading the first one.
func printedForm(forms []ballot.Form, clean []*raster.Image) (*ballot.Form, error) {
	client, err := newOCR()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	r, err := scans.NewReader(forms, scans.Options{OCR: client})
	if err != nil {
		return nil, err
	}
	res := r.ReadPage(clean[0])
	if res.Rejected != nil {
		return nil, usageError{fmt.Errorf("the PDF's first page is no ballot of these forms: %s", res.Rejected)}
	}
	for i := range forms {
		if forms[i].ID == res.Form && res.Page == 1 && len(clean) >= len(forms[i].Pages) {
			return &forms[i], nil
		}
	}
	return nil, usageError{fmt.Errorf("the PDF does not begin with a whole copy of form %s", res.Form)}
}

func (o synthOptions) page(form *ballot.Form, clean *raster.Image, n, i int, hand synth.Hand, r *rand.Rand) (pageTruth, error) {
	page := &form.Pages[i]
	d, err := o.damage(page, r)
	if err != nil {
		return pageTruth{}, err
	}
	img := clean.Clone()
	synth.Print(img, page, d, r)
	rows := synth.Mark(img, page, hand, synth.Realistic(), r)
	img = synth.Scan(img, d, r)
	t := pageTruth{File: fmt.Sprintf("scan%05d.%s", n*len(form.Pages)+i+1, o.format), Ballot: n + 1, Page: page.Page, Damage: d, Rows: rows}
	return t, writeFile(filepath.Join(o.out, t.File), func(w io.Writer) error { return o.encode(w, img, d) })
}

func (o synthOptions) damage(page *ballot.FormPage, r *rand.Rand) (d synth.Damage, err error) {
	switch o.class {
	case "none":
		d = synth.Damage{Class: "none", DPI: 300, Quality: 90}
	case synth.ClassOrdinary, synth.ClassHard, synth.ClassRefuse:
		d = synth.Draw(o.class, page, r)
	default:
		return d, usageError{fmt.Errorf("class %q: give none, ordinary, hard or refuse", o.class)}
	}
	if o.dpi > 0 {
		d.DPI = o.dpi
	}
	return d, nil
}

func (o synthOptions) encode(w io.Writer, img *raster.Image, d synth.Damage) error {
	if o.format == "png" {
		return png.Encode(w, img.Gray())
	}
	quality := d.Quality
	if quality == 0 {
		quality = 95
	}
	data, err := raster.EncodeJPEG(img, quality)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

package synth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// testPrint makes the PDF of one copy of a form from painted pages.
func testPrint(t testing.TB, form *ballot.Form) string {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed: apt-get install poppler-utils")
	}
	doc := gofpdf.New("P", "mm", "A4", "")
	for i := range form.Pages {
		p := &form.Pages[i]
		var b bytes.Buffer
		if err := png.Encode(&b, testPage(p, 150).Gray()); err != nil {
			t.Fatal(err)
		}
		name, kind := fmt.Sprint(i), gofpdf.ImageOptions{ImageType: "PNG"}
		doc.AddPageFormat("P", gofpdf.SizeType{Wd: p.Width, Ht: p.Height})
		doc.RegisterImageOptionsReader(name, kind, &b)
		doc.ImageOptions(name, 0, 0, p.Width, p.Height, false, kind, 0, "")
	}
	path := filepath.Join(t.TempDir(), "print.pdf")
	if err := doc.OutputFileAndClose(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func generate(t *testing.T, o Options) *TruthFile {
	t.Helper()
	o.Out = t.TempDir()
	truth, err := Generate(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadTruth(filepath.Join(o.Out, TruthName))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(normalised(truth), normalised(read)) {
		t.Error("the truth does not come back from its file as it was")
	}
	for i := range truth.Pages {
		truth.Pages[i].File = filepath.Join(o.Out, truth.Pages[i].File)
	}
	return truth
}

// normalised makes nil and empty slices alike.
func normalised(f *TruthFile) string { return strings.ReplaceAll(fmt.Sprintf("%+v", *f), "[]", "nil") }

// TestGenerateFormats reads every format back and counts pages and order.
func TestGenerateFormats(t *testing.T) {
	form := rosterForm(t)
	printed := testPrint(t, form)
	for _, format := range Formats {
		t.Run(string(format), func(t *testing.T) {
			truth := generate(t, Options{Form: form, Print: printed, Ballots: 3, Seed: 5, Class: ClassNone, DPI: 75, Formats: []Format{format}, PerFile: 2})
			if len(truth.Pages) != 6 {
				t.Fatalf("%d pages, want 6", len(truth.Pages))
			}
			files := map[string]int{}
			for i, p := range truth.Pages {
				if p.FormPage != i%2+1 || p.Ballot != i/2+1 || len(p.Rows) != 36 {
					t.Errorf("picture %d is page %d of ballot %d with %d rows", i, p.FormPage, p.Ballot, len(p.Rows))
				}
				files[p.File]++
				checkPicture(t, p, form)
			}
			want := 6
			if format.manyPages() {
				want = 2
			}
			if len(files) != want {
				t.Errorf("%d files, want %d", len(files), want)
			}
		})
	}
}

// pictureOf decodes the picture that a truth is about.
func pictureOf(t *testing.T, p PageTruth) *raster.Image {
	t.Helper()
	data, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := raster.Open(p.File, data, raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	m, err := doc.Page(p.Page - 1)
	if err != nil {
		t.Fatalf("%s page %d: %v", p.File, p.Page, err)
	}
	return m
}

// checkPicture decodes a picture and looks for the marks that the truth says.
func checkPicture(t *testing.T, p PageTruth, form *ballot.Form) {
	t.Helper()
	m := pictureOf(t, p)
	page := &form.Pages[p.FormPage-1]
	if math.Abs(float64(m.W)-page.Width*75/25.4) > 2 || math.Abs(float64(m.H)-page.Height*75/25.4) > 2 {
		t.Fatalf("%s: %d × %d pixels", p.File, m.W, m.H)
	}
	m.DPI = 75
	good, rows := 0, 0
	for _, row := range p.Rows {
		if row.Kind != TruthGrade {
			continue
		}
		rows++
		most, grade := 0.0, ""
		for _, target := range page.TargetsOf(row.Subject) {
			if in, _, _ := inkIn(m, target.Cell.Inset(0.5)); in > most {
				most, grade = in, target.Grade
			}
		}
		if grade == row.Grade {
			good++
		}
	}
	if good < rows*9/10 { // the darkest cell of the row is the marked one
		t.Errorf("%s page %d: %d of %d marks are where the truth says", p.File, p.Page, good, rows)
	}
}

func TestGenerateFollowsItsSeeds(t *testing.T) {
	form := rosterForm(t)
	o := Options{Form: form, Print: testPrint(t, form), Ballots: 3, Seed: 9, Class: ClassMixed, DPI: 60, Formats: []Format{JPEG, PDF, TIFF}, PerFile: 1}
	digest := func(truth *TruthFile) (sum [32]byte) {
		h := sha256.New()
		for _, p := range truth.Pages {
			h.Write(pictureOf(t, p).Pix)
		}
		return [32]byte(h.Sum(nil))
	}
	a, b := generate(t, o), generate(t, o)
	if digest(a) != digest(b) {
		t.Error("the same options gave other pictures")
	}
	o.ScanSeed = 10
	again := generate(t, o)
	if digest(again) == digest(a) {
		t.Error("another scan gave the same pictures")
	}
	for i := range a.Pages {
		if !reflect.DeepEqual(a.Pages[i].Rows, again.Pages[i].Rows) {
			t.Errorf("picture %d: another scan of the same ballot has other votes", i)
		}
	}
	o.ScanSeed, o.First, o.Ballots = 0, 1, 1
	one := generate(t, o)
	if !reflect.DeepEqual(one.Pages[1].Rows, a.Pages[3].Rows) || !reflect.DeepEqual(one.Pages[1].Damage, a.Pages[3].Damage) {
		t.Error("the second ballot made alone is not the second of three")
	}
}

func TestGenerateSingleForm(t *testing.T) {
	form := testForm(t, ballot.SingleForm, "A5", 3, 4)
	truth := generate(t, Options{Form: form, Print: testPrint(t, form), Ballots: 2, Seed: 1, Class: ClassOrdinary, DPI: 60})
	var order []int
	for _, p := range truth.Pages {
		order = append(order, p.Rows[0].Subject*10+p.Ballot)
	}
	if !reflect.DeepEqual(order, []int{11, 12, 21, 22, 31, 32}) {
		t.Errorf("leaves come as %v", order)
	}
}

func TestGenerateRefuse(t *testing.T) {
	form := rosterForm(t)
	truth := generate(t, Options{Form: form, Print: testPrint(t, form), Ballots: len(RefuseKinds), Seed: 1, Class: ClassRefuse, DPI: 60})
	for i, p := range truth.Pages {
		if p.Refuse != RefuseKinds[i/2] || p.Rows != nil {
			t.Errorf("picture %d: refuse %q with %d rows", i, p.Refuse, len(p.Rows))
		}
	}
}

func TestGenerateRefusesBadOptions(t *testing.T) {
	form := rosterForm(t)
	printed := testPrint(t, form)
	short := testForm(t, ballot.RosterForm, "A4", 300, 4)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, TruthName), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(o *Options){
		"class":        func(o *Options) { o.Class = "cruel" },
		"ballot":       func(o *Options) { o.Ballots = 0 },
		"dpi":          func(o *Options) { o.DPI = 5 },
		"format":       func(o *Options) { o.Formats = []Format{"gif"} },
		"empty folder": func(o *Options) { o.Out = full },
		"printed form": func(o *Options) { o.Print = filepath.Join(full, "none.pdf") },
		"whole copy":   func(o *Options) { o.Form = short },
	} {
		o := Options{Form: form, Print: printed, Ballots: 1, Class: ClassNone, DPI: 75, Out: t.TempDir()}
		change(&o)
		if _, err := Generate(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
		if _, err := os.Stat(filepath.Join(o.Out, TruthName)); err == nil && o.Out != full {
			t.Errorf("%s: a truth file was left", want)
		}
	}
}

func TestGenerateStops(t *testing.T) {
	form := rosterForm(t)
	ctx, cancel := context.WithCancel(context.Background())
	o := Options{Form: form, Print: testPrint(t, form), Ballots: 50, Class: ClassNone, DPI: 75, Out: t.TempDir(),
		Progress: func(int, int) { cancel() }}
	if _, err := Generate(ctx, o); err == nil {
		t.Fatal("a cancelled run was finished")
	}
	if _, err := os.Stat(filepath.Join(o.Out, TruthName)); err == nil {
		t.Error("a cancelled run left a truth file")
	}
}

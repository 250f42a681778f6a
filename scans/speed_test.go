package scans_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	speedRounds = flag.Int("speed.rounds", 0, "rounds in which a page is decoded and read in turn; 0 = not at all")
	speedUpdate = flag.Bool("speed.update", false, "make the pages in testdata anew")
)

// speedPages are 300 dpi gray JPEGs of about 1 MB and 0.4 MB, by how noisy the scanner is and how hard it
// compresses.
var speedPages = []struct {
	file   string
	damage synth.Damage
}{
	{"page-1000k.jpg", synth.Damage{DPI: 300, Rotation: 0.6, Paper: 245, Noise: 4, Blur: 0.6, Quality: 71}},
	{"page-400k.jpg", synth.Damage{DPI: 300, Rotation: -0.4, Paper: 245, Noise: 1.2, Blur: 1.0, Quality: 50}},
}

// cpu is the processor time of this process, collecting garbage included.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // no such call fails on Linux
	}
	return (time.Duration(u.Utime.Nano()) + time.Duration(u.Stime.Nano())).Seconds()
}

func makeSpeedPages(t *testing.T) {
	s := printSheets(t, 0, formKind{72, 4, ballot.RosterForm, "A4"})[0]
	for _, p := range speedPages {
		r := rand.New(rand.NewPCG(3, 3))
		img := s.copy()
		synth.Mark(img, s.page, synth.NewHand(r, false), synth.Realistic(), r)
		data, err := raster.EncodeJPEG(synth.Scan(img, p.damage, r), p.damage.Quality)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata", p.file), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(ballot.FormsFile{Forms: []ballot.Form{*s.form}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "page.forms.json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func speedReader(t testing.TB) *scans.Reader {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "page.forms.json"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := ballot.ParseForms(data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := scans.NewReader(f.Forms, scans.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSpeed reads the two committed pages. With -speed.rounds it holds the processor time of reading
// against that of libjpeg-turbo's full decode of the same page, in turn, so that what else the machine does
// falls on both, and prints the median of the rounds' ratios.
func TestSpeed(t *testing.T) {
	if *speedUpdate {
		makeSpeedPages(t)
	}
	r := speedReader(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, p := range speedPages {
		data, err := os.ReadFile(filepath.Join("testdata", p.file))
		if err != nil {
			t.Fatal(err)
		}
		var img raster.Image
		open := func(minDPI float64) {
			doc, err := raster.Open(p.file, data, raster.Options{MinDPI: minDPI})
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.PageInto(0, &img); err != nil {
				t.Fatal(err)
			}
			doc.Close()
		}
		var ms scans.Millis
		read := func() {
			open(scans.MinDPI)
			res := r.ReadPage(&img)
			if res.Rejected != nil {
				t.Fatalf("%s: %v", p.file, res.Rejected)
			}
			ms.Register, ms.Code, ms.Mark, ms.Writing = ms.Register+res.Millis.Register, ms.Code+res.Millis.Code, ms.Mark+res.Millis.Mark, ms.Writing+res.Millis.Writing
		}
		read()
		if *speedRounds == 0 {
			continue
		}
		ms = scans.Millis{}
		var half, whole []float64 // against the full decode of the same round
		decoded := 0.0
		timed := func(do func()) float64 {
			from := cpu()
			do()
			return cpu() - from
		}
		for range *speedRounds {
			full := timed(func() { open(0) })
			half = append(half, timed(func() { open(scans.MinDPI) })/full)
			whole = append(whole, timed(read)/full)
			decoded += 1000 * full
		}
		fmt.Printf("%s, %d bytes: read %.2f × full decode; of that decoding reduced %.2f, register %.2f, code %.2f, marks %.2f, writing %.2f (wall)\n",
			p.file, len(data), median(whole), median(half), ms.Register/decoded, ms.Code/decoded, ms.Mark/decoded, ms.Writing/decoded)
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

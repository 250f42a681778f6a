package scans_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// forgeries are codes that somebody might paste over the one on a page; of, on the same page of another copy.
var forgeries = []struct {
	name string
	make func(own, of ballot.SerialCode, r *rand.Rand) string
}{
	{"a MAC made up", func(own, _ ballot.SerialCode, r *rand.Rand) string {
		for i := range own.MAC {
			own.MAC[i] = byte(r.Uint32())
		}
		return own.String()
	}},
	{"an id made up", func(own, _ ballot.SerialCode, r *rand.Rand) string {
		for i := range own.ID {
			own.ID[i] = byte(r.Uint32())
		}
		return own.String()
	}},
	{"one bit of the id", func(own, _ ballot.SerialCode, r *rand.Rand) string {
		own.ID[r.IntN(16)] ^= 1 << r.IntN(8)
		return own.String()
	}},
	{"one bit of the MAC", func(own, _ ballot.SerialCode, r *rand.Rand) string {
		own.MAC[r.IntN(12)] ^= 1 << r.IntN(8)
		return own.String()
	}},
	{"id and MAC of two sheets", func(own, of ballot.SerialCode, _ *rand.Rand) string {
		own.MAC = of.MAC
		return own.String()
	}},
	{"the other side's page number", func(own, _ ballot.SerialCode, _ *rand.Rand) string {
		own.Page = 3 - own.Page
		return own.String()
	}},
	{"another form", func(own, _ ballot.SerialCode, _ *rand.Rand) string {
		own.Form = "ABCDEFGH"
		return own.String()
	}},
	{"cut after the page code", func(own, _ ballot.SerialCode, _ *rand.Rand) string { return own.PageCode.String() }},
	{"cut by a character", func(own, _ ballot.SerialCode, _ *rand.Rand) string { return own.String()[:63] }},
	{"the other sheet's code", func(_, of ballot.SerialCode, _ *rand.Rand) string { return of.String() }}, // a copy of that sheet, or two sheets
	{"none: printed, and never recorded", nil},
	{"none: a photocopy", nil},
}

// TestForgedPagesAreRefused brings pages with such codes through scanner and reader to what decides on a batch: the
// sheet that is copied lies in it already, by pictures of its own. `make serial` tries more of them.
func TestForgedPagesAreRefused(t *testing.T) {
	sheets, issue, keys := serialSheets(t, 4) // copies 1, 2 are in the batch; 3 was printed; 4 was never recorded
	r := codeReader(t, sheets)
	form := sheets[0].form
	known := knownBut(t, form, keys, issue, 3)
	read := func(img *raster.Image, s sheet, seed uint64, class string) ballot.SpoolPage {
		random := rand.New(rand.NewPCG(seed, 20261128))
		d := synth.Draw(class, s.page, random)
		d.Code = false
		synth.Print(img, s.page, d, random)
		synth.Mark(img, s.page, d.Hand(random), synth.Realistic(), random)
		res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
		p := ballot.SpoolPage{Upload: "u", Reading: res.PageReading}
		if res.Serial != "" {
			forged := (*ballot.Rejection)(nil)
			if p.Serial, forged = keys.Check(form, res.Page, res.Serial); p.Reading.Rejected == nil {
				p.Reading.Rejected = forged
			}
		}
		return p
	}
	var batch []ballot.SpoolPage
	for i := range 4 {
		batch = append(batch, read(sheets[i].copy(), sheets[i], uint64(i), synth.ClassOrdinary))
	}
	if got := heldPages(form, batch, known); strings.Join(got, " ") != "read read read read" {
		t.Fatalf("the genuine sheets are %v", got)
	}
	tried, unread, reasons := 0, 0, map[string]int{}
	for n := uint64(0); tried < 6*max(2, *serialPages); n++ {
		f := forgeries[n%uint64(len(forgeries))]
		class := []string{synth.ClassOrdinary, synth.ClassHard}[n/uint64(len(forgeries))%2]
		leaf := []int{2, 0}[n%2] // an innocent sheet, or one that lies there already
		if f.make == nil {
			leaf = map[bool]int{true: 3, false: 0}[strings.Contains(f.name, "recorded")]
		}
		var pages []ballot.SpoolPage
		for side := range 2 {
			s := sheets[2*leaf+side]
			img := s.copy()
			if f.make != nil {
				own, of := parsed(t, issue.Code(leaf, side+1)), parsed(t, issue.Code(1, side+1))
				pasteCode(t, img, s, f.make(own, of, rand.New(rand.NewPCG(n, uint64(side)))))
			}
			p := read(img, s, 1000+2*n+uint64(side), class)
			p.Index = 4 + side
			pages = append(pages, p)
		}
		got := heldPages(form, append(batch[:4:4], pages...), known)[4:]
		tried += 2
		for _, g := range got {
			if reasons[g]++; g == "read" {
				t.Errorf("%s (%s, number %d): accepted", f.name, class, n)
			}
		}
		if pages[0].Reading.Form == "" && pages[1].Reading.Form == "" {
			unread++
		}
	}
	t.Logf("%d pages with forged, altered, copied or unissued codes: 0 accepted (%d leaves of which neither side was known); %v", tried, unread, reasons)
}

// knownBut is what the database knows where one copy was printed and never recorded.
func knownBut(t *testing.T, f *ballot.Form, keys ballot.SerialKeys, issue *ballot.Issue, copy int) map[ballot.Pseudonym]bool {
	known := map[ballot.Pseudonym]bool{}
	for _, p := range issue.Pseudonyms() {
		known[p] = false
	}
	p, why := keys.Check(f, 1, issue.Code(copy, 1))
	if why != nil {
		t.Fatal(why)
	}
	delete(known, p)
	return known
}

func parsed(t *testing.T, text string) ballot.SerialCode {
	t.Helper()
	c, err := ballot.ParseSerialCode(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// heldPages is what becomes of a batch's images, as jobs does it: "read", or why not.
func heldPages(f *ballot.Form, pages []ballot.SpoolPage, known map[ballot.Pseudonym]bool) (out []string) {
	forms := []ballot.Form{*f}
	for i := range pages {
		pages[i].Index = i
	}
	for _, p := range ballot.HoldUsed(forms, nil, ballot.JoinSides(forms, ballot.HoldUnissued(forms, pages, known)), known) {
		if p.Reading.Rejected == nil {
			out = append(out, "read")
		} else {
			out = append(out, string(p.Reading.Rejected.Reason))
		}
	}
	return out
}

// pasteCode lays another code over the one of a page, as large where it has as many modules, else as large in all.
func pasteCode(t *testing.T, img *raster.Image, s sheet, text string) {
	t.Helper()
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_H)
	if err != nil {
		t.Fatal(err)
	}
	m, k := code.GetMatrix(), float64(img.W)/s.page.Width
	box := s.page.Code
	step := box.W / float64(m.GetWidth())
	fill := func(r ballot.Rect, gray byte) {
		for y := int(r.Y * k); y < int(r.Bottom()*k); y++ {
			for x := int(r.X * k); x < int(r.Right()*k); x++ {
				img.Pix[y*img.W+x] = gray
			}
		}
	}
	fill(box.Inset(-0.3), 255)
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) == 1 {
				fill(ballot.Rect{X: box.X + float64(x)*step, Y: box.Y + float64(y)*step, W: step, H: step}, 0)
			}
		}
	}
}

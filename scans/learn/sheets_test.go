package learn_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var sheets = flag.Int("learn.sheets", 1, "pictures of two sheets for each page of the forms")

// Two sheets fed together are two votes of which half is seen: every picture of them is refused. The second sheet
// is of the same form, and where that has several pages now and then another page.
func TestTwoSheetsAreRefused(t *testing.T) {
	e := engine(t)
	pictures, read, why := 0, 0, map[ballot.RejectReason]int{}
	for i, want := range forms {
		if *only != "" && *only != want.name {
			continue
		}
		f := confirmed(t, i, e)
		clean := printed(t, want.name)
		r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
		if err != nil {
			t.Fatal(err)
		}
		for p := range f.Pages {
			for n := range uint64(*sheets) {
				rnd := rand.New(rand.NewPCG(*seed+n, uint64(100*i+p)))
				page, second := &f.Pages[p], (p+rnd.IntN(2))%len(f.Pages)
				d := synth.Refuse(synth.RefuseTwoSheets, rnd)
				d.Turns = rnd.IntN(4)
				img, other := marked(clean[p], page, rnd), marked(clean[second], &f.Pages[second], rnd)
				img = synth.Scan(synth.Spoil(img, other, page, d, rnd), d, rnd)
				res := r.ReadPage(img)
				pictures++
				if res.Rejected == nil {
					read++
					t.Errorf("%s page %d seed %d: was read", want.name, p+1, *seed+n)
					save(t, img, f, p, *seed+n)
					continue
				}
				why[res.Rejected.Reason]++
				t.Logf("%s page %d seed %d: %s", want.name, p+1, *seed+n, res.Rejected)
			}
		}
	}
	t.Logf("%d pictures of two sheets, %d read; refused: %v", pictures, read, why)
}

// A second sheet that lies a whole number of rows lower puts its rules onto those of the first: only the names
// tell. It covers the first from one of its rows on.
func TestRowsOfASecondSheetAreRefused(t *testing.T) {
	e := engine(t)
	for _, name := range []string{"plain", "blocks", "dense", "landscape", "boxes", "adjacent", "twopages"} {
		if *only != "" && *only != name {
			continue
		}
		f := confirmed(t, at(name), e)
		clean := printed(t, name)[0]
		r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
		if err != nil {
			t.Fatal(err)
		}
		page := &f.Pages[0]
		pitch := page.Rows[1].Rect.Y - page.Rows[0].Rect.Y
		for rows := 1; rows <= 3; rows++ {
			rnd := rand.New(rand.NewPCG(*seed, uint64(rows)))
			img, other := marked(clean, page, rnd), marked(clean, page, rnd)
			from := page.Rows[len(page.Rows)/2].Rect.Y
			img = synth.Scan(moved(img, other, from, pitch*float64(rows)), synth.Ordinary(rnd), rnd)
			if res := r.ReadPage(img); res.Rejected == nil {
				t.Errorf("%s, %d rows lower: was read", name, rows)
				save(t, img, f, 0, uint64(rows))
			} else {
				t.Logf("%s, %d rows lower: %s", name, rows, res.Rejected)
			}
		}
	}
}

// moved is a picture of which all from y mm down is that of another sheet, lying lower by some mm.
func moved(img, other *raster.Image, y, by float64) *raster.Image {
	px := img.DPI / 25.4
	out := img.Clone()
	down := int(by*px + 0.5)
	copy(out.Pix[int(y*px)*out.W:], other.Pix[max(0, int(y*px)-down)*out.W:(out.H-down)*out.W])
	return out
}

// Two rows that changed places on the paper are found by their names, wherever they stand.
func TestSwappedRowsAreRefused(t *testing.T) {
	e := engine(t)
	f := confirmed(t, at("plain"), e)
	clean := printed(t, "plain")[0]
	r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
	if err != nil {
		t.Fatal(err)
	}
	page := &f.Pages[0]
	for n := range len(page.Rows) - 1 {
		rnd := rand.New(rand.NewPCG(*seed, uint64(n)))
		img := marked(clean, page, rnd)
		swap(img, page.Rows[n].NameBox, page.Rows[n+1].NameBox)
		res := r.ReadPage(synth.Scan(img, synth.Ordinary(rnd), rnd))
		if res.Rejected == nil { // for its names, or because too few fit to know the page by
			t.Errorf("rows %d and %d swapped: was read", n+1, n+2)
		} else {
			t.Logf("rows %d and %d swapped: %s", n+1, n+2, res.Rejected)
		}
	}
}

// swap exchanges what stands in two boxes of the same size.
func swap(img *raster.Image, a, b ballot.Rect) {
	px := img.DPI / 25.4
	dx, dy := int((b.X-a.X)*px+0.5), int((b.Y-a.Y)*px+0.5)
	a = a.Inset(0.8)
	for y := int(a.Y * px); y < int(a.Bottom()*px); y++ {
		for x := int(a.X * px); x < int(a.Right()*px); x++ {
			i, j := y*img.W+x, (y+dy)*img.W+x+dx
			img.Pix[i], img.Pix[j] = img.Pix[j], img.Pix[i]
		}
	}
}

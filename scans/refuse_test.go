package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var refuseSeeds = flag.Int("refuse.seeds", 2, "pages of each kind that must be refused")

// wrongPaper draws a picture that must be refused; d is its damage, of class refuse.
type wrongPaper func(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage)

// papers are pages of the reader's own form and of forms that it must not count.
type papers struct {
	own, other, withdrawn, forged, unknown, group sheet
}

// refuseKinds are what synth spoils and, beyond it, wrong paper.
func refuseKinds() map[string]wrongPaper {
	kinds := map[string]wrongPaper{
		"mirrored, upside down": func(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage) {
			d.Mirror, d.Turns = true, 2
			return filledIn(p.own, r), d
		},
		"blank back, the front showing through": blankBack,
		"squares of another maker's form":       otherSquares,
		"another meeting's form":                of(func(p papers) sheet { return p.other }),
		"a withdrawn version":                   of(func(p papers) sheet { return p.withdrawn }),
		"forged: check digits do not match":     of(func(p papers) sheet { return p.forged }),
		"forged: valid code of no known form":   of(func(p papers) sheet { return p.unknown }),
		"forged: valid code of another group":   of(func(p papers) sheet { return p.group }),
	}
	for _, kind := range synth.RefuseKinds {
		kinds[strings.ReplaceAll(kind, "_", " ")] = func(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage) {
			d.Kinds, d.Mirror = []string{kind}, kind == synth.RefuseMirrored
			return synth.Spoil(filledIn(p.own, r), filledIn(p.own, r), p.own.page, d, r), d
		}
	}
	return kinds
}

func of(choose func(papers) sheet) wrongPaper {
	return func(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage) {
		return filledIn(choose(p), r), d
	}
}

func filledIn(s sheet, r *rand.Rand) *raster.Image {
	img := s.copy()
	synth.Mark(img, s.page, synth.NewHand(r, false), synth.Realistic(), r)
	return img
}

// blankBack is white paper through which its marked front is seen, mirrored and up to 15 % dark.
func blankBack(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage) {
	img := filledIn(p.own, r)
	share := int(256 * (0.03 + 0.12*r.Float64()))
	for y := range img.H {
		row := img.Pix[y*img.W : (y+1)*img.W]
		slices.Reverse(row)
		for x, v := range row {
			row[x] = byte(255 - (255-int(v))*share>>8)
		}
	}
	return img, d
}

// otherSquares is a page with solid squares in its corners and down its sides, as other forms have them.
func otherSquares(p papers, d synth.Damage, r *rand.Rand) (*raster.Image, synth.Damage) {
	img := p.own.copy()
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	px := img.DPI / 25.4
	side, margin := 4+3*r.Float64(), 6+8*r.Float64()
	square := func(x, y float64) {
		for v := max(0, int(y*px)); v < min(img.H, int((y+side)*px)); v++ {
			for u := max(0, int(x*px)); u < min(img.W, int((x+side)*px)); u++ {
				img.Pix[v*img.W+u] = 0
			}
		}
	}
	w, h := float64(img.W)/px, float64(img.H)/px
	for _, y := range []float64{margin, h - margin - side} {
		square(margin, y)
		square(w-margin-side, y)
	}
	for range 4 + r.IntN(10) {
		square([]float64{margin, w - margin - side}[r.IntN(2)], margin+r.Float64()*(h-2*margin))
	}
	return img, d
}

// Pictures that must be refused are, every one, under ordinary and hard damage in turn. `make refuse`
// draws 200 of each kind and prints the reasons that were given.
func TestRefused(t *testing.T) {
	p, forms := printPapers(t)
	kinds := refuseKinds()
	names := make([]string, 0, len(kinds))
	for k := range kinds {
		names = append(names, k)
	}
	slices.Sort(names)
	reasons, refused := map[string]map[ballot.RejectReason]int{}, map[string]int{}
	for _, name := range names {
		reasons[name] = map[ballot.RejectReason]int{}
		var mu sync.Mutex
		onAllCores(t, forms, 0, *refuseSeeds, func(r *scans.Reader, seed uint64) {
			random := rand.New(rand.NewPCG(seed, 20260117))
			class := []string{synth.ClassOrdinary, synth.ClassHard}[seed%2]
			d := synth.Draw(class, p.own.page, random)
			harm := d.Kinds
			d.Class, d.Kinds = synth.ClassRefuse, nil
			img, d := kinds[name](p, d, random)
			res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
			mu.Lock()
			defer mu.Unlock()
			if res.Rejected == nil {
				t.Errorf("READ %s, seed %d (%s %v): as form %s page %d\n%+v", name, seed, class, harm, res.Form, res.Page, d)
				return
			}
			refused[name]++
			reasons[name][res.Rejected.Reason]++
		})
	}
	t.Log(refusals(names, refused, reasons))
}

func refusals(names []string, refused map[string]int, reasons map[string]map[ballot.RejectReason]int) string {
	var b strings.Builder
	b.WriteString("\n| what | pages | refused | reasons |\n|---|---|---|---|\n")
	for _, name := range names {
		var list []string
		for reason, n := range reasons[name] {
			list = append(list, fmt.Sprintf("%s %d", reason, n))
		}
		slices.Sort(list)
		fmt.Fprintf(&b, "| %s | %d | %d (%.2f %%) | %s |\n", name, *refuseSeeds, refused[name], percent(refused[name], *refuseSeeds), strings.Join(list, ", "))
	}
	return b.String()
}

// printPapers prints all papers. The sheets it lists beside them are those whose forms the reader knows.
func printPapers(t *testing.T) (papers, []sheet) {
	t.Helper()
	kind := formKind{40, 4, ballot.RosterForm, "A4"}
	own := printSheets(t, 1, kind)
	withdrawn := printSheets(t, 2, kind)
	withdrawn[0].form.Withdrawn = true
	p := papers{own: own[0], other: printSheets(t, 3, kind)[0], withdrawn: withdrawn[0]}
	valid := own[0].page.CodeText
	c, err := ballot.ParsePageCode(valid)
	if err != nil {
		t.Fatal(err)
	}
	p.forged = printCode(t, kind, valid[:len(valid)-1]+string(otherDigit(valid[len(valid)-1])))
	p.unknown = printCode(t, kind, ballot.PageCode{Form: "ABCDEFGH", Group: c.Group, Page: c.Page}.String())
	p.group = printCode(t, kind, ballot.PageCode{Form: c.Form, Group: "B", Page: c.Page}.String())
	return p, append(own[:1:1], withdrawn[0])
}

func otherDigit(d byte) byte {
	if d == '7' {
		return '8'
	}
	return '7'
}

// printCode prints the first page of the own form with another code, and with the line that repeats it.
func printCode(t *testing.T, kind formKind, code string) sheet {
	t.Helper()
	f := newForm(t, 1, kind)
	page := &f.Pages[0]
	page.CodeText = code
	for i := range page.Labels {
		if page.Labels[i].Role == ballot.LabelIdentity {
			page.Labels[i].Text = code
		}
	}
	return printForm(t, f, synth.RenderDPI)[0]
}

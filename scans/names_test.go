package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	nameRows = flag.Int("names.rows", 72, "rows of ordinary pages whose names are checked, at 200 and 300 dpi")
	nameSeed = flag.Uint64("names.seed", 1, "first seed; one seed is one meeting")
	nameKeep = flag.String("names.keep", "", "folder for pictures of pages that were misjudged")
)

// namesReader reads by the forms of sheets and checks a share of their rows.
func namesReader(t testing.TB, sheets []sheet, share float64) *scans.Reader {
	t.Helper()
	engine, err := ocr.New()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	t.Cleanup(engine.Close)
	r, err := scans.NewReader(formsOf(sheets), scans.Options{OCR: engine, Names: share, Fonts: printFonts(t), Random: rand.New(rand.NewPCG(1, 2))})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// printFonts are the fonts that our forms are printed with.
func printFonts(t testing.TB) (out [][]byte) {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	for _, style := range []pdf.Style{pdf.Hei, pdf.Song} {
		data, err := fonts.TrueType('评', style)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// misprint is a form whose print differs from what the reader is told.
type misprint struct {
	name string
	edit func(rows []*ballot.Row, r *rand.Rand)
}

var misprints = []misprint{
	{"two rows swapped", func(rows []*ballot.Row, r *rand.Rand) {
		i := r.IntN(len(rows))
		j := (i + 1 + r.IntN(len(rows)-1)) % len(rows)
		a, b := rows[i], rows[j]
		a.Name, a.Org, b.Name, b.Org = b.Name, b.Org, a.Name, a.Org
	}},
	{"another name", func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		old := row.Name
		for row.Name == old {
			row.Name = ballot.SpacedName(drawName(r))
		}
	}},
	{"one character of a name", func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		_, last := utf8.DecodeLastRuneInString(row.Name)
		old := row.Name
		for row.Name == old {
			row.Name = old[:len(old)-last] + string(given[r.IntN(len(given))])
		}
	}},
	{"another unit", func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		old := row.Org
		for row.Org == old {
			row.Org = drawOrg(r)
		}
	}},
}

// printMisprint prints a page of a form with other texts in it; the sheet still has the form as it should be.
func printMisprint(t testing.TB, s sheet, m misprint, r *rand.Rand) sheet {
	t.Helper()
	f := *s.form
	f.Pages = slices.Clone(f.Pages)
	var rows []*ballot.Row
	for i := range f.Pages {
		f.Pages[i].Rows = slices.Clone(f.Pages[i].Rows)
		for j := range f.Pages[i].Rows {
			if f.Pages[i].Page == s.page.Page || f.Kind == ballot.SingleForm {
				rows = append(rows, &f.Pages[i].Rows[j])
			}
		}
	}
	if f.Kind == ballot.SingleForm && m.name != "two rows swapped" {
		rows = rows[s.page.Page-1 : s.page.Page]
	} else if f.Kind == ballot.SingleForm { // this leaf says what another one should
		rows = []*ballot.Row{rows[s.page.Page-1], rows[s.page.Page%len(rows)]}
	}
	m.edit(rows, r)
	return sheet{s.form, s.page, printForm(t, &f, synth.RenderDPI)[s.page.Page-1].clean}
}

// TestNames checks all names of ordinary pages, where an alarm is false, and of pages on which two rows are
// swapped or one is renamed, where none is missing. It is small by default; `make names` makes it large.
func TestNames(t *testing.T) {
	checked, alarms, unread, pages := map[float64]int{}, map[float64]int{}, map[float64]int{}, map[float64]int{}
	wrong, caught, missed := map[string]int{}, map[string]int{}, map[string][]string{}
	kinds := []formKind{{72, 0, ballot.RosterForm, "A4"}, {40, 0, ballot.RosterForm, "A4"}, {6, 0, ballot.SingleForm, "A5"}}
	for seed := *nameSeed; checked[200]+checked[300] < *nameRows; seed++ {
		r := rand.New(rand.NewPCG(seed, 20260401))
		kind := kinds[seed%uint64(len(kinds))]
		sheets := printMeeting(t, byte(seed), namedMeeting(kind.subjects, kind.kind, kind.paper, r), synth.RenderDPI)
		reader := namesReader(t, sheets, 1)
		for _, s := range sheets {
			for _, dpi := range []float64{200, 300} {
				res, img := scanNamed(t, reader, s, dpi, r)
				if res.Rejected != nil && res.Rejected.Reason != ballot.RejectName {
					t.Errorf("seed %d: %v", seed, res.Rejected)
					continue
				}
				checked[dpi] += len(s.page.Rows)
				pages[dpi]++
				if slices.Contains(res.Flags, scans.FlagNameUnread) {
					unread[dpi]++
					t.Logf("seed %d page %d %g dpi: some name is unread", seed, s.page.Page, dpi)
				}
				if res.Rejected != nil {
					alarms[dpi]++
					t.Logf("seed %d page %d %g dpi: FALSE ALARM: %s", seed, s.page.Page, dpi, res.Rejected.Facts)
					if *nameKeep != "" {
						keepIn(t, *nameKeep, fmt.Sprintf("alarm-%d-%d-%g.png", seed, s.page.Page, dpi), img)
					}
				}
			}
		}
		for i, m := range misprints {
			s := printMisprint(t, sheets[r.IntN(len(sheets))], m, r)
			dpi := []float64{200, 300}[(int(seed)+i)%2]
			res, _ := scanNamed(t, reader, s, dpi, r)
			wrong[m.name]++
			if res.Rejected != nil && res.Rejected.Reason == ballot.RejectName {
				caught[m.name]++
			} else {
				missed[m.name] = append(missed[m.name], fmt.Sprintf("seed %d page %d %g dpi (%v)", seed, s.page.Page, dpi, res.Flags))
			}
		}
		runtime.GC()
	}
	for _, dpi := range []float64{200, 300} {
		t.Logf("%g dpi: %d rows of %d ordinary pages, %d false alarms (%.3f %% of rows), %d pages with a name unread", dpi, checked[dpi], pages[dpi], alarms[dpi], percent(alarms[dpi], checked[dpi]), unread[dpi])
		if alarms[dpi]*1000 > checked[dpi] {
			t.Errorf("%g dpi: more than 0.1 %% false alarms", dpi)
		}
	}
	for _, m := range misprints {
		t.Logf("%s: %d of %d caught; missed: %s", m.name, caught[m.name], wrong[m.name], strings.Join(missed[m.name], ", "))
		if len(missed[m.name]) > 0 && m.name != "one character of a name" {
			t.Errorf("%s: missed", m.name)
		}
	}
}

func scanNamed(t *testing.T, reader *scans.Reader, s sheet, dpi float64, r *rand.Rand) (scans.PageResult, *raster.Image) {
	d := synth.Draw(synth.ClassOrdinary, s.page, r)
	d.DPI = dpi
	img, _ := scanAs(t, s, d, r)
	return reader.ReadPage(img), img
}

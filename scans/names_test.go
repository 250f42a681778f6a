package scans_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	nameRows  = flag.Int("names.rows", 72, "rows of ordinary pages whose names are checked, at 200 and 300 dpi")
	nameCases = flag.Int("names.cases", 1, "meetings on which each misprint is tried once")
	nameSeed  = flag.Uint64("names.seed", 1, "first seed; one seed is one meeting")
	nameKeep  = flag.String("names.keep", "", "folder for pictures of pages that were misjudged")
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

// misprint is a form whose print differs from what the reader is told: rows whose names have so many characters at
// least.
type misprint struct {
	name  string
	least int
	edit  func(rows []*ballot.Row, r *rand.Rand)
}

var misprints = []misprint{
	{"two rows swapped", 1, func(rows []*ballot.Row, r *rand.Rand) {
		i := r.IntN(len(rows))
		j := (i + 1 + r.IntN(len(rows)-1)) % len(rows)
		a, b := rows[i], rows[j]
		a.Name, a.Org, b.Name, b.Org = b.Name, b.Org, a.Name, a.Org
	}},
	{"another name", 1, func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		old := row.Name
		for row.Name == old {
			row.Name = ballot.SpacedName(drawName(r))
		}
	}},
	{"another unit", 1, func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		old := row.Org
		for row.Org == old {
			row.Org = drawOrg(r)
		}
	}},
	{"first character of a name", 2, changed(func(name []rune, other rune) []rune { name[0] = other; return name })},
	{"middle character of a name", 3, changed(func(name []rune, other rune) []rune { name[len(name)/2] = other; return name })},
	{"last character of a name", 2, changed(func(name []rune, other rune) []rune { name[len(name)-1] = other; return name })},
	{"a character more or less", 2, changed(func(name []rune, other rune) []rune {
		if len(name) == 2 {
			return []rune{name[0], other, name[1]}
		}
		return slices.Delete(name, 1, 2)
	})},
}

// changed edits the name of a row, with a character drawn from the common ones.
func changed(edit func(name []rune, other rune) []rune) func(rows []*ballot.Row, r *rand.Rand) {
	return func(rows []*ballot.Row, r *rand.Rand) {
		row := rows[r.IntN(len(rows))]
		old := row.Name
		for row.Name == old {
			row.Name = ballot.SpacedName(string(edit(charactersOf(row.Name), firstLevel[r.IntN(len(firstLevel))])))
		}
	}
}

func charactersOf(name string) []rune { return []rune(strings.ReplaceAll(name, "\u3000", "")) }

// printMisprint prints a page of a form with other texts in it; the sheet still has the form as it should be.
func printMisprint(t testing.TB, sheets []sheet, m misprint, r *rand.Rand) sheet {
	t.Helper()
	for {
		s := sheets[r.IntN(len(sheets))]
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
		rows = slices.DeleteFunc(rows, func(r *ballot.Row) bool { return len(charactersOf(r.Name)) < m.least })
		if len(rows) == 0 {
			continue
		}
		m.edit(rows, r)
		f.Pages = f.Pages[s.page.Page-1 : s.page.Page] // the others need not be drawn
		return sheet{s.form, s.page, printForm(t, &f, synth.RenderDPI)[0].clean}
	}
}

// nameCounts is what became of rows and pages.
type nameCounts struct {
	mu                             sync.Mutex
	checked, alarms, unread, pages map[float64]int // by resolution
	wrong, caught                  map[string]int  // by misprint
	missed                         map[string][]string
}

var nameKinds = []formKind{{72, 0, ballot.RosterForm, "A4"}, {40, 0, ballot.RosterForm, "A4"}, {6, 0, ballot.SingleForm, "A5"}}

// nameSchedule tells how many meetings are read for so many rows and cases, and on how many of them ordinary pages.
func nameSchedule(first uint64, rows, cases int) (ordinary, all int) {
	for n := 0; n < rows; ordinary++ {
		n += 2 * nameKinds[(first+uint64(ordinary))%uint64(len(nameKinds))].subjects
	}
	return ordinary, max(ordinary, cases)
}

// TestNames checks all names of ordinary pages, where an alarm is false, and of pages on which two rows are
// swapped or one is renamed, which must be held, all of them. It is small by default; `make names` makes it large.
func TestNames(t *testing.T) {
	if _, err := ocr.New(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	n := &nameCounts{checked: map[float64]int{}, alarms: map[float64]int{}, unread: map[float64]int{}, pages: map[float64]int{},
		wrong: map[string]int{}, caught: map[string]int{}, missed: map[string][]string{}}
	ordinary, all := nameSchedule(*nameSeed, *nameRows, *nameCases)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(all, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(all); i = next.Add(1) - 1 {
				n.meeting(t, *nameSeed+uint64(i), i < int64(ordinary))
			}
		})
	}
	wg.Wait()
	for _, dpi := range []float64{200, 300} {
		t.Logf("%g dpi: %d rows of %d ordinary pages, %d false alarms (%.3f %% of rows, at 95 %% at most %.3f), %d pages with a name unread", dpi, n.checked[dpi], n.pages[dpi],
			n.alarms[dpi], percent(n.alarms[dpi], n.checked[dpi]), 100*upperBound(n.alarms[dpi], n.checked[dpi]), n.unread[dpi])
		if n.alarms[dpi]*1000 > n.checked[dpi] {
			t.Errorf("%g dpi: more than 0.1 %% false alarms", dpi)
		}
	}
	for _, m := range misprints {
		t.Logf("%s: %d of %d held", m.name, n.caught[m.name], n.wrong[m.name])
		if len(n.missed[m.name]) > 0 {
			t.Errorf("%s: missed: %s", m.name, strings.Join(n.missed[m.name], ", "))
		}
	}
}

// meeting prints the form of a meeting and reads its pages, and one page of each misprint.
func (n *nameCounts) meeting(t *testing.T, seed uint64, ordinary bool) {
	r := rand.New(rand.NewPCG(seed, 20260401))
	kind := nameKinds[seed%uint64(len(nameKinds))]
	sheets := printMeeting(t, byte(seed), namedMeeting(kind.subjects, kind.kind, kind.paper, r), synth.RenderDPI)
	reader := namesReader(t, sheets, 1)
	for _, s := range sheets {
		for _, dpi := range []float64{200, 300} {
			if ordinary {
				n.ordinary(t, reader, s, seed, dpi, r)
			}
		}
	}
	for i, m := range misprints {
		dpi := []float64{200, 300}[(int(seed)+i)%2]
		s := printMisprint(t, sheets, m, r)
		res, img := scanNamed(t, reader, s, dpi, r)
		n.mu.Lock()
		n.wrong[m.name]++
		if res.Rejected != nil && res.Rejected.Reason == ballot.RejectName {
			n.caught[m.name]++
		} else {
			n.missed[m.name] = append(n.missed[m.name], fmt.Sprintf("seed %d page %d %g dpi (%v %v)", seed, s.page.Page, dpi, res.Flags, res.Rejected))
			keepName(t, fmt.Sprintf("missed-%d-%d.png", seed, i), img)
		}
		n.mu.Unlock()
	}
	n.mu.Lock()
	t.Logf("seed %d done; held so far: %v of %v", seed, n.caught, n.wrong)
	n.mu.Unlock()
	runtime.GC()
}

// ordinary reads a page that says what it should.
func (n *nameCounts) ordinary(t *testing.T, reader *scans.Reader, s sheet, seed uint64, dpi float64, r *rand.Rand) {
	res, img := scanNamed(t, reader, s, dpi, r)
	n.mu.Lock()
	defer n.mu.Unlock()
	if res.Rejected != nil && res.Rejected.Reason != ballot.RejectName {
		t.Errorf("seed %d: %v", seed, res.Rejected)
		return
	}
	n.checked[dpi] += len(s.page.Rows)
	n.pages[dpi]++
	if slices.Contains(res.Flags, scans.FlagNameUnread) {
		n.unread[dpi]++
		t.Logf("seed %d page %d %g dpi: some name is unread", seed, s.page.Page, dpi)
	}
	if res.Rejected != nil {
		n.alarms[dpi]++
		t.Logf("seed %d page %d %g dpi: FALSE ALARM: %s", seed, s.page.Page, dpi, res.Rejected.Facts)
		keepName(t, fmt.Sprintf("alarm-%d-%d-%g.png", seed, s.page.Page, dpi), img)
	}
}

func keepName(t *testing.T, name string, img *raster.Image) {
	if *nameKeep != "" {
		keepIn(t, *nameKeep, name, img)
	}
}

func scanNamed(t *testing.T, reader *scans.Reader, s sheet, dpi float64, r *rand.Rand) (scans.PageResult, *raster.Image) {
	d := synth.Draw(synth.ClassOrdinary, s.page, r)
	d.DPI = dpi
	img, _ := scanAs(t, s, d, r)
	return reader.ReadPage(img), img
}

package scans_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

var (
	serialPages = flag.Int("serial.pages", 2, "pages of each class, resolution and kind of code")
	serialSeed  = flag.Uint64("serial.seed", 1, "first seed")
)

// serialSheets are printed copies of one ballot, each page with a code of its own.
func serialSheets(t testing.TB, copies int) (sheets []sheet, issue *ballot.Issue, keys ballot.SerialKeys) {
	t.Helper()
	m := meetingOf(formKind{40, 4, ballot.RosterForm, "A4"})
	m.Rules.Identity = ballot.Serial
	f := formOf(t, 9, m)
	random := rand.NewChaCha8([32]byte{9})
	keys, err := ballot.NewSerialKeys(random)
	if err != nil {
		t.Fatal(err)
	}
	if issue, err = ballot.NewIssue(f, keys, copies, random); err != nil {
		t.Fatal(err)
	}
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	var b bytes.Buffer
	if err := pdf.Serials(&b, f, issue, nil, fonts, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "serial.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	pages, err := synth.RenderPDF(path, synth.RenderDPI)
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	for i, p := range pages {
		sheets = append(sheets, sheet{f, &f.Pages[i%len(f.Pages)], p})
	}
	return sheets, issue, keys
}

// codeCount is what became of the codes of pages whose marks were found.
type codeCount struct{ pages, unread int }

// TestSerialCodesRead reads the same damage on pages with codes of both kinds: those of serial mode are to be read
// as well as the others, whose modules are as large. A code read as another one fails it, and so does a kept picture
// that still shows one. Labels stuck over codes are left out here; TestIdentityByPrint has them.
func TestSerialCodesRead(t *testing.T) {
	kinds := map[string][]sheet{"form code": printSheets(t, 8, formKind{40, 4, ballot.RosterForm, "A4"})}
	var issue *ballot.Issue
	kinds["serial"], issue, _ = serialSheets(t, 4)
	table := map[string]codeCount{}
	var mu sync.Mutex
	for kind, sheets := range kinds {
		readers := sync.Pool{New: func() any { return codeReader(t, sheets) }}
		for _, class := range []string{synth.ClassOrdinary, synth.ClassHard} {
			for _, dpi := range []float64{150, 200, 300} {
				key := fmt.Sprintf("| %s | %.0f dpi | %s ", class, dpi, kind)
				onAllCores(t, sheets, *serialSeed, *serialPages, func(_ *scans.Reader, seed uint64) {
					r := readers.Get().(*scans.Reader)
					defer readers.Put(r)
					i := int(seed) % len(sheets)
					res, d := readDamaged(t, r, sheets[i], class, dpi, seed)
					mu.Lock()
					defer mu.Unlock()
					c := table[key]
					if res.Form != "" || res.Rejected.Reason == ballot.RejectNoCode || res.Rejected.Reason == ballot.RejectBadCode {
						c.pages++
					}
					if c.pages > 0 && res.Form == "" && (res.Rejected.Reason == ballot.RejectNoCode || res.Rejected.Reason == ballot.RejectBadCode) {
						c.unread++
						t.Logf("%s seed %d %v: %v", key, seed, d.Kinds, res.Rejected)
					}
					table[key] = c
					if kind == "serial" && res.Form != "" && res.Serial != issue.Code(i/2, i%2+1) {
						t.Errorf("seed %d: read %q, printed %q", seed, res.Serial, issue.Code(i/2, i%2+1))
					}
				})
			}
		}
	}
	var b strings.Builder
	for _, class := range []string{synth.ClassOrdinary, synth.ClassHard} {
		for _, dpi := range []float64{150, 200, 300} {
			for _, kind := range []string{"form code", "serial"} {
				key := fmt.Sprintf("| %s | %.0f dpi | %s ", class, dpi, kind)
				fmt.Fprintf(&b, "%s| %d | %d (%.2f %%) |\n", key, table[key].pages, table[key].unread, percent(table[key].unread, table[key].pages))
			}
		}
	}
	t.Logf("\n| class | resolution | code | pages found | code unread |\n|---|---|---|---|---|\n%s", &b)
}

// codeReader has no OCR: a page is known by its code or not at all.
func codeReader(t testing.TB, sheets []sheet) *scans.Reader {
	r, err := scans.NewReader(formsOf(sheets), scans.Options{})
	if err != nil {
		t.Error(err)
	}
	return r
}

func readDamaged(t testing.TB, r *scans.Reader, s sheet, class string, dpi float64, seed uint64) (scans.PageResult, synth.Damage) {
	random := rand.New(rand.NewPCG(seed, 20261127))
	d := synth.Draw(class, s.page, random)
	d.Code, d.DPI = false, dpi
	img := s.copy()
	synth.Print(img, s.page, d, random)
	synth.Mark(img, s.page, d.Hand(random), synth.Realistic(), random)
	res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
	if res.Rejected == nil && s.form.Identity == ballot.Serial {
		if text, ok := anyCode(r.Picture()); ok {
			t.Errorf("seed %d: the picture that is kept shows the code %q", seed, text)
		}
	}
	return res, d
}

// anyCode looks for a QR code anywhere on a picture.
func anyCode(m *raster.Image) (string, bool) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(&image.Gray{Pix: m.Pix, Stride: m.W, Rect: image.Rect(0, 0, m.W, m.H)})
	if err != nil {
		return "", false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// anyCode does see a code where one is kept, as on a page of the other kind.
func TestKeptPicturesOfFormCodesShowThem(t *testing.T) {
	s := printSheets(t, 8, formKind{40, 4, ballot.RosterForm, "A4"})[0]
	r := codeReader(t, []sheet{s})
	if res := r.ReadPage(s.copy()); res.Rejected != nil {
		t.Fatal(res.Rejected)
	}
	if text, ok := anyCode(r.Picture()); !ok || text != s.page.CodeText {
		t.Errorf("%q, %v", text, ok)
	}
}

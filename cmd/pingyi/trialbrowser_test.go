package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// trialScans prints the test ballots of a meeting, marks them as they ask, and scans them in a few ways: the files
// by name are ZIPs, and "sides" a folder of one picture a side.
func trialScans(t *testing.T, data, meeting string, damages map[string]synth.Damage) map[string]string {
	t.Helper()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Meeting(context.Background(), meeting)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	form, err := ballot.TrialForm(&m, m.Groups[0])
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "trial.pdf")
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := pdf.Ballots(w, form, 1, nil, fonts, nil); err != nil {
		t.Fatal(err)
	}
	w.Close()
	sides, err := synth.RenderPDF(path, synth.RenderDPI)
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	out := map[string]string{}
	for name, d := range damages {
		out[name] = filepath.Join(dir, name+".zip")
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for copy := range ballot.TrialSheets {
			for i := range sides {
				entry, err := z.Create(fmt.Sprintf("%d-%d.jpg", copy+1, i+1))
				if err != nil {
					t.Fatal(err)
				}
				entry.Write(trialPicture(t, form, i, sides[i], d, uint64(copy)))
			}
		}
		z.Close()
		if err := os.WriteFile(out[name], b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// trialPicture is one side of a test ballot as a JPEG.
func trialPicture(t *testing.T, form *ballot.Form, side int, clean *raster.Image, d synth.Damage, seed uint64) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, uint64(side)))
	page := &form.Pages[side]
	img := clean.Clone()
	hand := synth.NewHand(r, false)
	hand.Pen = synth.Pen{Name: "gel", Width: 0.55, Gray: 30}
	var rows []synth.Truth
	for _, row := range page.Rows {
		truth := synth.Truth{Subject: row.Subject, Kind: synth.TruthBlank}
		if grade := form.TrialMarks(page)[row.Subject]; grade != "" {
			truth = synth.Truth{Subject: row.Subject, Kind: synth.TruthGrade, Grade: grade, Shape: synth.Tick}
		}
		rows = append(rows, truth)
	}
	synth.MarkAs(img, page, hand, rows, r)
	data, err := raster.EncodeJPEG(synth.Scan(img, d, r), 85)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Before the meeting: the verdict on well set machines, on a printer that scales and a scanner in text mode; and
// nothing of it is in the meeting afterwards.
func TestBrowserTrial(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "trial.mjs")
	data, id, _ := openMeeting(t, 8)
	scans := trialScans(t, data, id, map[string]synth.Damage{
		"good": {DPI: 200, Paper: 243, Noise: 1.5, Blur: 0.5},
		"bad":  {DPI: 200, Paper: 243, ScaleX: 0.955, ScaleY: 0.955, OneBit: 1, Limit: 128},
	})
	s := startService(t, data)
	b.visit(t, "trial", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "GOOD": scans["good"], "BAD": scans["bad"]})
	if left, _ := filepath.Glob(filepath.Join(data, "trial", "*")); len(left) > 0 {
		t.Errorf("left of the trial: %v", left)
	}
	st, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if list, err := st.Batches(context.Background(), id); err != nil || len(list) > 0 {
		t.Errorf("a trial run made a batch: %v %v", list, err)
	}
}

// Files come by a folder and from the scanner's own; reading pauses and goes on; a torn sheet is void by a scrutineer's word.
func TestBrowserFeed(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "feed.mjs")
	const n = 30
	data, id, form := openMeeting(t, n+2)
	dir, inbox := t.TempDir(), t.TempDir()
	torn := func(i int) func(*raster.Image, *ballot.FormPage) {
		return func(img *raster.Image, _ *ballot.FormPage) {
			for at := len(img.Pix) / 2; i == n-1 && at < len(img.Pix); at++ {
				img.Pix[at] = 255
			}
		}
	}
	in, err := zip.NewReader(newReaderAt(scannedStack(t, &form, n+2, torn)))
	if err != nil {
		t.Fatal(err)
	}
	sides := filepath.Join(dir, "scans")
	if err := os.Mkdir(sides, 0o700); err != nil {
		t.Fatal(err)
	}
	places := []string{filepath.Join(inbox, "old.jpg"), filepath.Join(dir, "later.jpg")}
	for i, f := range in.File {
		picture, err := fs.ReadFile(in, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(sides, fmt.Sprintf("img%d.jpg", i+1))
		if i >= n {
			to = places[i-n]
		}
		if err := os.WriteFile(to, picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(sides, "Thumbs.db"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startService(t, data, "PINGYI_WATCH="+inbox, "PINGYI_WORKERS=1") // so slow that it is paused before all is read
	b.visit(t, "feed", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "SIDES": sides, "INBOX": inbox, "LATER": places[1], "PAGES": fmt.Sprint(n)})
}

// A stack that lost a side is held whole; one press says that it was fed again, and so it counts.
func TestBrowserLostSide(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "feed.mjs")
	id, form, s, _ := printedMeeting(t, ballot.RosterForm, 72)
	openNow(t, s, id)
	whole := scannedStack(t, &form, 6, nil)
	in, err := zip.NewReader(newReaderAt(whole))
	if err != nil || len(in.File) != 12 {
		t.Fatalf("%d images, %v", len(in.File), err)
	}
	var pictures [][]byte
	for i, f := range in.File {
		picture, err := fs.ReadFile(in, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if i != 3 {
			pictures = append(pictures, picture)
		}
	}
	lost, err := zipOf(pictures)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"LOST": filepath.Join(t.TempDir(), "lost.zip"), "WHOLE": filepath.Join(t.TempDir(), "whole.zip")}
	for name, data := range map[string][]byte{"LOST": lost, "WHOLE": whole} {
		if err := os.WriteFile(files[name], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.visit(t, "lostSide", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "LOST": files["LOST"], "WHOLE": files["WHOLE"]})
}

func newReaderAt(data []byte) (*bytes.Reader, int64) { return bytes.NewReader(data), int64(len(data)) }

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/scans/worker"
)

var (
	soakMinutes = flag.Float64("soak.minutes", 0, "how long to feed damaged files; 0 = 60 files")
	soakSeed    = flag.Uint64("soak.seed", 1, "of the damage")
)

// Files whose bytes were damaged go through the pool of reading children, a whole one after every fourth:
// each damaged page is read or refused, no child takes another page with it, and the whole ones are read
// as ever. `make soak MINUTES=30`.
func TestDamagedFilesLoseNoOtherPage(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "scans", "testdata")
	data, err := os.ReadFile(filepath.Join(dir, "page.forms.json"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := ballot.ParseForms(data)
	if err != nil {
		t.Fatal(err)
	}
	s := &soak{t: t, dir: t.TempDir(), forms: worker.Forms{Key: "soak", List: file.Forms}, outcomes: map[string]int{},
		pool: worker.NewPool(worker.Config{Command: []string{self, "read-worker"}, Env: []string{asMain + "=1"}, Children: 2, PageTime: patience})}
	defer s.pool.Close()
	s.makeFiles(filepath.Join(dir, "page-400k.jpg"))
	for _, f := range s.files {
		s.want = append(s.want, s.read(f.name, f.data))
	}
	r := rand.New(rand.NewPCG(*soakSeed, 6))
	end := time.Now().Add(time.Duration(*soakMinutes * float64(time.Minute)))
	n := 0
	for ; n < 60 || time.Now().Before(end); n++ {
		i := r.IntN(len(s.files))
		for _, outcome := range s.read(s.files[i].name, damaged(s.files[i].data, r)) {
			kind, _, _ := strings.Cut(outcome, " [")
			s.outcomes[kind]++
		}
		if n%4 == 3 {
			if got := s.read(s.files[i].name, s.files[i].data); !slices.Equal(got, s.want[i]) {
				t.Fatalf("after %d damaged files %s is read as %v, want %v", n+1, s.files[i].name, got, s.want[i])
			}
		}
	}
	t.Logf("%d damaged files: %v", n, s.outcomes)
}

// soak feeds files to a pool.
type soak struct {
	t        *testing.T
	dir      string
	forms    worker.Forms
	pool     *worker.Pool
	files    []soakFile
	want     [][]string // of each whole file
	outcomes map[string]int
}

type soakFile struct {
	name string
	data []byte
}

// makeFiles writes a scan in every format; those of many pages hold it twice.
func (s *soak) makeFiles(scan string) {
	data, err := os.ReadFile(scan)
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := raster.Open(scan, data, raster.Options{MinDPI: 140})
	if err != nil {
		s.t.Fatal(err)
	}
	defer doc.Close()
	page, err := doc.Page(0)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, format := range synth.Formats {
		name := fmt.Sprintf("%d.%s", i, format)
		path := filepath.Join(s.dir, name)
		f := synth.NewFile(path, format)
		for n := 0; n < 2 && (n == 0 || format != synth.JPEG && format != synth.PNG); n++ {
			if err := f.Add(page, 60); err != nil {
				s.t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			s.t.Fatal(err)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			s.t.Fatal(err)
		}
		s.files = append(s.files, soakFile{name, whole})
	}
}

// read says what became of a file's pages: the verdicts of those that were read, and why others were not.
func (s *soak) read(name string, data []byte) (outcomes []string) {
	path := filepath.Join(s.dir, "upload")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		s.t.Fatal(err)
	}
	parts, problem, err := s.pool.Unpack(context.Background(), path, name, filepath.Join(s.dir, "parts"))
	if err != nil {
		s.t.Fatal(err)
	}
	if problem != "" {
		outcomes = append(outcomes, "not opened")
	}
	for _, part := range parts {
		pages := 0
		err := s.pool.Read(context.Background(), s.forms, part, 0, part.Pages, func(p worker.Page) error {
			pages++
			if r := p.Result.Rejected; r != nil {
				outcomes = append(outcomes, string(r.Reason))
				return nil
			}
			verdicts, err := json.Marshal(p.Result.Verdicts)
			outcomes = append(outcomes, "read "+string(verdicts))
			return err
		})
		if err != nil || pages != part.Pages {
			s.t.Errorf("%s: %d of %d pages came back: %v", name, pages, part.Pages, err)
		}
	}
	return outcomes
}

// damaged changes bytes here and there, mostly a few, and now and then cuts the file or repeats a piece.
func damaged(data []byte, r *rand.Rand) []byte {
	out := slices.Clone(data)
	head := min(len(out), 1024) // headers are where decoders go wrong
	for n := 1 << r.IntN(7); n > 0; n-- {
		at := r.IntN(len(out))
		if r.IntN(2) == 0 {
			at = r.IntN(head)
		}
		out[at] = byte(r.IntN(256))
	}
	switch r.IntN(6) {
	case 0:
		out = out[:r.IntN(len(out))]
	case 1:
		from := r.IntN(len(out))
		piece := out[from:min(len(out), from+1+r.IntN(4096))]
		out = slices.Insert(out, r.IntN(len(out)), slices.Clone(piece)...)
	}
	return out
}

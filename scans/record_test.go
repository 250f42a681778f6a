package scans_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// chunk is a line of the results file: what a range of seeds came to by one state of the reading code.
type chunk struct {
	Reader    string            `json:"reader"` // digest of the reading code
	Classes   string            `json:"class"`
	FirstSeed uint64            `json:"first_seed"`
	Seeds     int               `json:"seeds"`
	All       counts            `json:"all"`
	By        map[string]groups `json:"by"` // class, damage, mark, pen, resolution
	Reasons   map[string]int    `json:"reasons"`
	WrongAt   []uint64          `json:"wrong_at,omitempty"` // seeds of pages with a wrong row
}

func newChunk(reader, classes string, first uint64, seeds int) *chunk {
	c := &chunk{Reader: reader, Classes: classes, FirstSeed: first, Seeds: seeds, By: map[string]groups{}, Reasons: map[string]int{}}
	for _, name := range dimensions {
		c.By[name] = groups{}
	}
	return c
}

// join adds another chunk's counts.
func (c *chunk) join(d chunk) {
	c.Seeds += d.Seeds
	c.All.add(d.All)
	for name, g := range d.By {
		c.By[name].join(g)
	}
	for reason, n := range d.Reasons {
		c.Reasons[reason] += n
	}
	c.WrongAt = append(c.WrongAt, d.WrongAt...)
}

// record is the results file of one state of the reading code and one mix of classes. Lines of another
// state are void: they stay in the file and are not counted. A seed is counted once.
type record struct {
	path   string
	chunks []chunk // by first seed, none overlapping another
	void   int     // lines of another state of the code
}

// openRecord reads a results file; no path keeps the record in memory alone.
func openRecord(path, reader, classes string) (*record, error) {
	r := &record{path: path}
	if path == "" {
		return r, nil
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for line := range bytes.Lines(data) {
		var c chunk
		if json.Unmarshal(line, &c) != nil || c.Reader != reader {
			r.void++ // a line that a kill cut short is void, too
		} else if c.Classes == classes && c.Seeds > 0 {
			r.chunks = append(r.chunks, c)
		}
	}
	slices.SortStableFunc(r.chunks, func(a, b chunk) int { return int(int64(a.FirstSeed) - int64(b.FirstSeed)) })
	end := uint64(0)
	r.chunks = slices.DeleteFunc(r.chunks, func(c chunk) bool {
		overlaps := c.FirstSeed < end
		if !overlaps {
			end = c.FirstSeed + uint64(c.Seeds)
		}
		return overlaps
	})
	return r, nil
}

// free is the first range of at most want seeds from first on that is not recorded.
func (r *record) free(first uint64, want int) (uint64, int) {
	for _, c := range r.chunks {
		switch {
		case c.FirstSeed+uint64(c.Seeds) <= first:
		case c.FirstSeed <= first:
			first = c.FirstSeed + uint64(c.Seeds)
		default:
			return first, int(min(uint64(want), c.FirstSeed-first))
		}
	}
	return first, want
}

// add appends a chunk in one write, so that a kill costs one chunk at most.
func (r *record) add(c chunk) error {
	at, _ := slices.BinarySearchFunc(r.chunks, c, func(a, b chunk) int { return int(int64(a.FirstSeed) - int64(b.FirstSeed)) })
	r.chunks = slices.Insert(r.chunks, at, c)
	if r.path == "" {
		return nil
	}
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	if cutShort(f) {
		line = append([]byte("\n"), line...)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// cutShort tells whether the file ends in the middle of a line.
func cutShort(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}

// sum is all that is recorded.
func (r *record) sum() *chunk {
	all := newChunk("", "", 0, 0)
	for _, c := range r.chunks {
		all.join(c)
	}
	return all
}

// A record goes on where it was left, also after a kill in the middle of a line, and counts neither what
// other code read nor a seed twice.
func TestRecordGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accuracy.jsonl")
	put := func(reader, classes string, first uint64, seeds int) {
		t.Helper()
		r, err := openRecord(path, reader, classes)
		if err != nil {
			t.Fatal(err)
		}
		c := newChunk(reader, classes, first, seeds)
		c.All.Pages = seeds
		if err := r.add(*c); err != nil {
			t.Fatal(err)
		}
	}
	put("new", "mixed", 1, 10)
	put("old", "mixed", 11, 10)
	put("new", "hard", 11, 10)
	put("new", "mixed", 31, 10)
	put("new", "mixed", 35, 10) // overlaps
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"reader":"new","class":"mixed","first_seed":11,"see`)
	f.Close()
	put("new", "mixed", 11, 5)
	r, err := openRecord(path, "new", "mixed")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.sum().All.Pages; got != 25 || r.void != 2 {
		t.Errorf("%d pages are counted and %d lines void, want 25 and 2", got, r.void)
	}
	for _, c := range []struct {
		from, first uint64
		n           int
	}{{1, 16, 15}, {20, 20, 11}, {31, 41, 100}, {500, 500, 100}} {
		if first, n := r.free(c.from, 100); first != c.first || n != c.n {
			t.Errorf("from %d: %d seeds from %d, want %d from %d", c.from, n, first, c.n, c.first)
		}
	}
}

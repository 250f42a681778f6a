// Package attack is the adversary of the tests: it reads off a data folder every order and every grouping of
// sheets that it can think of, as somebody would who knows this code and holds the database with its log, the
// pictures with all that a file system keeps of them, exports and answers of the service. It judges nothing; the
// tests compare what it finds with the true order of feeding, which they alone know. Nothing but tests imports it.
//
// It knows tables, columns and files by looking, not by name, so that what is added later is attacked too.
package attack

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Clues are ways of looking: to each page that a way speaks of it gives a number. Numbers order pages, and
// numbers that keep together part them. Pages are named by their ids.
type Clues map[string]map[string]float64

// set notes a number; the first one stays, so that "first" clues need not look.
func (c Clues) set(clue, page string, value float64) {
	if c[clue] == nil {
		c[clue] = map[string]float64{}
	}
	if _, known := c[clue][page]; !known {
		c[clue][page] = value
	}
}

// last notes a number in place of an earlier one.
func (c Clues) last(clue, page string, value float64) {
	c.set(clue, page, value)
	c[clue][page] = value
}

// Look takes all clues of a data folder: its database (pingyi.db, with log and index as they lie), its pictures and
// whatever else is in it. The database is copied first, so that looking changes nothing.
func Look(dir string) (Clues, Known, error) {
	c := Clues{}
	k, err := c.database(dir)
	if err != nil {
		return nil, k, err
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return c.folder(path, k)
		}
		rel, _ := filepath.Rel(dir, path)
		if k.named(d.Name()) != "" {
			return nil // a picture: folder looked at it
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		c.Text(rel, data, k)
		return nil
	})
	return c, k, err
}

// Known are the words by which pages can be found again in bytes: their ids and their leaves', and what their rows
// were read as.
type Known struct {
	ids  map[string]string // 32 hexadecimal digits → page
	rows map[string]string // the first bytes of the rows' JSON → page
}

// Pages are the ids of all pages, sorted.
func (k Known) Pages() []string {
	all := map[string]bool{}
	for _, page := range k.ids {
		all[page] = true
	}
	return slices.Sorted(maps.Keys(all))
}

const (
	idLength   = 32
	rowsMark   = `"rows":[`
	rowsLength = 96
)

// add learns a page from its row.
func (k Known) add(page, leaf, reading string) {
	k.ids[page] = page
	if _, twoSided := k.ids[leaf]; !twoSided {
		k.ids[leaf] = page // of two sides the first; both were fed together
	}
	if at := strings.Index(reading, rowsMark); at >= 0 && len(reading) >= at+len(rowsMark)+rowsLength {
		key := reading[at+len(rowsMark):][:rowsLength]
		if _, shared := k.rows[key]; shared {
			page = "" // two pages are read alike: the text names neither
		}
		k.rows[key] = page
	}
}

// named is the page that a file name or a short text names by its id.
func (k Known) named(text string) string {
	for _, f := range find([]byte(text), k) {
		return f.page
	}
	return ""
}

// found is a place in bytes that names a page.
type found struct {
	page string
	at   int
}

// find lists the places where pages are named, in the order of the bytes.
func find(data []byte, k Known) (out []found) {
	for at := 0; at < len(data); {
		if !isHex(data[at]) {
			at++
			continue
		}
		end := at
		for end < len(data) && isHex(data[end]) {
			end++
		}
		// Two ids may stand side by side, after digits that belong to neither.
		for ; at+idLength <= end; at++ {
			if page, ok := k.ids[string(data[at:at+idLength])]; ok {
				out = append(out, found{page, at})
				at += idLength - 1
			}
		}
		at = end
	}
	text := string(data)
	for at := strings.Index(text, rowsMark); at >= 0; {
		at += len(rowsMark)
		if at+rowsLength <= len(text) {
			if page := k.rows[text[at:at+rowsLength]]; page != "" {
				out = append(out, found{page, at})
			}
		}
		next := strings.Index(text[at:], rowsMark)
		if next < 0 {
			break
		}
		at += next
	}
	slices.SortFunc(out, func(a, b found) int { return cmp.Compare(a.at, b.at) })
	return out
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' }

// Text takes clues from the bytes of a file or of an answer: where each page is named first, last, and how often.
func (c Clues) Text(name string, data []byte, k Known) {
	for _, f := range find(data, k) {
		c.set(name+": first", f.page, float64(f.at))
		c.last(name+": last", f.page, float64(f.at))
		times := c[name+": times"][f.page]
		c.last(name+": times", f.page, times+1)
	}
}

// readFile is a file's bytes, none where it is not there.
func readFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

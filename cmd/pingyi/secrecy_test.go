package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/jobs/attack"
)

// What a kill, or a browser that went away, kept from being cleared up is cleared up by the next start.
func TestStartClearsUp(t *testing.T) {
	t.Parallel()
	data, killed := t.TempDir(), filepath.Join(t.TempDir(), "killed")
	s := must[*store.Store](t)(openStore(config{data: data}))
	for _, act := range []string{"INSERT INTO sessions VALUES ('a', 'handwriting', 1)", "DELETE FROM sessions"} {
		must[sql.Result](t)(s.DB().Exec(act))
	}
	must[int](t)(0, os.CopyFS(killed, os.DirFS(data)))
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	must[int](t)(0, errors.Join(s.Scrub(gone), s.Close()))
	if filesWith(t, data, []string{"handwriting"}) != 0 || filesWith(t, killed, []string{"handwriting"}) != 1 {
		t.Error("nothing is cleared up by hand, or there was nothing")
	}
	startService(t, killed)
	if filesWith(t, killed, []string{"handwriting"}) != 0 {
		t.Error("a deleted row is in the files after a start")
	}
}

// Once a batch is closed, neither database nor folders tell order, time, venue or batch of any page.
func TestClosedBatchTellsNothing(t *testing.T) {
	t.Parallel()
	for _, order := range attack.Standing(func() map[string]float64 { return closedBatch(t) }) {
		t.Errorf("against the feeding order, %s", order)
	}
}

// closedBatch has a service close a batch, and says of each order that an attacker can read off how many standard
// deviations it lies from chance, against the order of feeding.
func closedBatch(t *testing.T) (orders map[string]float64) {
	t.Helper()
	const n = 30
	data, id, form := openMeeting(t, n)
	stack := scannedStack(t, &form, n, nil)
	s := startService(t, data)
	c := s.as(t, "scanning")
	var b api.Batch
	c.must(t, "POST", "/meetings/"+id+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b)
	path := "/meetings/" + id + "/batches/" + b.ID
	if err := c.upload(context.Background(), path+"/uploads", "seat-by-seat.zip", stack, nil); err != nil {
		t.Fatal(err)
	}
	waitFor(t, c, path, allRead)
	fed := feedingOrder(t, data, b.ID)
	var uploads []ballot.Upload
	withTestStore(t, data, func(s *store.Store) (err error) { uploads, err = s.Uploads(context.Background(), b.ID); return err })
	c.must(t, "POST", path+"/close", nil, nil)
	s.kill()

	checkBytes(t, data, "seat-by-seat", uploads[0].ID)
	checkPageColumns(t, data)
	return ordersOf(t, data, id, fed)
}

func withTestStore(t *testing.T, data string, fn func(*store.Store) error) {
	t.Helper()
	if err := withStore(config{data: data}, fn); err != nil {
		t.Fatal(err)
	}
}

// feedingOrder gives each page's measures their place in the stack: an attacker who saw the stack.
func feedingOrder(t *testing.T, data, batch string) map[string]int {
	t.Helper()
	order := map[string]int{}
	withTestStore(t, data, func(s *store.Store) error {
		pages, err := s.SpoolPages(context.Background(), batch)
		for i, p := range pages {
			order[rowsKey(p.Reading.Rows)] = i
		}
		return err
	})
	return order
}

func rowsKey(rows []ballot.RowReading) string {
	raw, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// checkBytes looks for strings of the open batch in every file of the data folder and in their names.
func checkBytes(t *testing.T, data string, secrets ...string) {
	t.Helper()
	err := filepath.Walk(data, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(raw, []byte(secret)) || strings.Contains(path, secret) {
				t.Errorf("%s still holds %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkPageColumns(t *testing.T, data string) {
	t.Helper()
	withTestStore(t, data, func(s *store.Store) error {
		for _, table := range []string{"pages", "leaves", "decisions", "fingerprints", "comments"} {
			rows, err := s.DB().Query("SELECT name FROM pragma_table_info(?)", table)
			if err != nil {
				return err
			}
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					return err
				}
				if slices.Contains([]string{"batch", "venue", "venues", "time", "created", "created_at", "updated_at", "upload", "idx", "rowid"}, name) {
					t.Errorf("table %s has a column %s", table, name)
				}
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		for _, table := range []string{"spool_pages", "spool_comments", "uploads", "river_job"} {
			var n int
			if err := s.DB().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != 0 {
				t.Errorf("table %s: %d rows left, %v", table, n, err)
			}
		}
		return nil
	})
}

// ordersOf compares the feeding order with every order that an attacker can read off: of rows, of
// picture names, of times, of inodes. Kendall's τ of unrelated orders has standard deviation
// √(2(2n+5)/(9n(n-1))).
func ordersOf(t *testing.T, data, id string, fed map[string]int) map[string]float64 {
	t.Helper()
	type page struct {
		fed   int
		time  int64
		inode uint64
	}
	var byRow, byFingerprint []page
	placed := map[string]page{}
	withTestStore(t, data, func(s *store.Store) error {
		rows, err := s.DB().Query("SELECT id, reading FROM pages WHERE meeting = ?", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, text string
			if err := rows.Scan(&name, &text); err != nil {
				return err
			}
			var reading ballot.PageReading
			if err := json.Unmarshal([]byte(text), &reading); err != nil {
				return err
			}
			at, ok := fed[rowsKey(reading.Rows)]
			if !ok {
				t.Error("a kept page was not fed")
			}
			info, err := pictureInfo(data, name)
			if err != nil {
				return err
			}
			byRow = append(byRow, page{at, info.ModTime().UnixNano(), info.Sys().(*syscall.Stat_t).Ino})
			placed[name] = byRow[len(byRow)-1]
			if reading.Fingerprint != nil {
				t.Error("a kept reading tells how the ink lies, and can never be deleted")
			}
		}
		return rows.Err()
	})
	for _, name := range fingerprinted(t, data) {
		byFingerprint = append(byFingerprint, placed[name])
	}
	if len(byFingerprint) != len(byRow) {
		t.Errorf("%d fingerprints of %d pages", len(byFingerprint), len(byRow))
	}
	times := map[int64]bool{}
	for _, p := range byRow {
		times[p.time] = true
	}
	if len(times) != 1 {
		t.Errorf("pictures have %d different times", len(times))
	}
	byInode := slices.SortedFunc(slices.Values(byRow), func(a, b page) int { return cmp.Compare(a.inode, b.inode) })
	out := map[string]float64{}
	for name, pages := range map[string][]page{"rows": byRow, "fingerprints": byFingerprint, "inodes": byInode} {
		concordant, n := 0, float64(len(pages))
		for i := range pages {
			for j := i + 1; j < len(pages); j++ {
				if pages[i].fed < pages[j].fed {
					concordant++
				} else {
					concordant--
				}
			}
		}
		out[name] = float64(concordant) / (n * (n - 1) / 2) / math.Sqrt(2*(2*n+5)/(9*n*(n-1)))
	}
	return out
}

// fingerprinted are the pages whose ink is known, in the order of the table.
func fingerprinted(t *testing.T, data string) (names []string) {
	t.Helper()
	withTestStore(t, data, func(s *store.Store) error {
		rows, err := s.DB().Query("SELECT page FROM fingerprints WHERE length(shapes) > 0")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	return names
}

// pictureInfo finds a page's picture wherever the job service keeps it.
func pictureInfo(data, id string) (found os.FileInfo, err error) {
	err = filepath.Walk(data, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Name() == id+".jpg" {
			found = info
		}
		return err
	})
	if err == nil && found == nil {
		err = fmt.Errorf("page %s has no picture", id)
	}
	return found, err
}

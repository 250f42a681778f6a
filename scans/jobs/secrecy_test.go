package jobs

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans/jobs/attack"
)

// trace is what a file system or a table tells of a kept page: its rank under some way of looking.
type trace map[string]map[string]int // way of looking → page id → rank

// TestNothingIsLeftOfTheOrder closes two batches and looks at the folder and at the database as somebody
// would who has both: at names, times, entry numbers, the order of listing and the order of rows. None may
// say anything of the order of feeding or of the batch.
func TestNothingIsLeftOfTheOrder(t *testing.T) {
	for _, look := range attack.Standing(func() map[string]float64 { return orderSeen(t) }) {
		t.Error(look)
	}
}

// orderSeen closes two batches, and says what each look tells of the order of feeding and of the batch, in standard
// deviations of what chance gives.
func orderSeen(t *testing.T) map[string]float64 {
	const leaves = 150
	h := newHouse(t, kind{subjects: 3, single: false}, 2*leaves)
	h.work()
	started := time.Now()
	var uploads []ballot.Upload
	for i := range 2 {
		b := h.batch()
		var lines []string
		for leaf := range leaves {
			lines = append(lines, fmt.Sprintf("%d 1", i*leaves+leaf))
		}
		uploads = append(uploads, h.upload(b, lines[:100]...), h.upload(b, lines[100:]...))
		h.wait(b)
		h.must(h.close(b))
	}
	h.must(h.service.Stop(context.Background()))
	h.must(h.store.Close())

	h.checkFolder(started, 2*leaves)
	for _, u := range uploads {
		h.checkForgotten(u.ID, u.Name, u.ID[:12])
	}
	h.openStore()
	fed := h.fed()
	if len(fed) != 2*leaves {
		t.Fatalf("%d pages", len(fed))
	}
	seen := map[string]float64{}
	for look, rank := range h.traces(fed) {
		for i := range 2 {
			seen[fmt.Sprintf("%s tells the order of feeding in batch %d", look, i+1)] = kendall(fed, rank, func(leaf int) bool { return leaf/leaves == i })
		}
		seen[look+" tells the batches apart"] = between(fed, rank, leaves)
	}
	return seen
}

// checkFolder looks at everything that is in the data folder.
func (h *house) checkFolder(started time.Time, pages int) {
	h.t.Helper()
	pictures := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(h.dir, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		switch {
		case rel == "." || strings.HasPrefix(rel, "pingyi.db") || rel == "work.lock" || rel == "batches.lock" || rel == "spool" || rel == "evidence.key":
		case rel == "pages" || rel == filepath.Join("pages", h.meeting) || strings.HasSuffix(rel, ".jpg"):
			if !info.ModTime().Equal(stillness) {
				h.t.Errorf("%s has the time %s", rel, info.ModTime())
			}
			if !d.IsDir() {
				pictures++
			}
		default:
			h.t.Errorf("%s is left in the folder", rel)
		}
		return nil
	})
	h.must(err)
	if pictures != pages {
		h.t.Errorf("%d pictures, %d pages", pictures, pages)
	}
}

// checkForgotten looks for words in every byte of the data folder.
func (h *house) checkForgotten(words ...string) {
	h.t.Helper()
	for _, where := range h.found(words...) {
		h.t.Error(where)
	}
}

// found says which files of the data folder hold which of the words.
func (h *house) found(words ...string) (out []string) {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(h.dir, "*"))
	h.must(err)
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		for _, word := range words {
			if strings.Contains(string(data), word) {
				out = append(out, fmt.Sprintf("%s still holds %q", filepath.Base(path), word))
			}
		}
	}
	return out
}

// fed is the place of every kept page in the order of feeding, which only its picture tells here.
func (h *house) fed() map[string]int {
	h.t.Helper()
	out := map[string]int{}
	for id, picture := range h.kept() {
		var leaf int
		if _, err := fmt.Sscanf(picture, "%d", &leaf); err != nil {
			h.t.Fatal(err)
		}
		out[id] = leaf
	}
	return out
}

// traces looks at pages in every way that was thought of.
func (h *house) traces(fed map[string]int) trace {
	h.t.Helper()
	out := trace{}
	values := map[string]map[string]int64{"entry number": {}, "time of change": {}, "name": {}}
	folder := filepath.Join(h.dir, "pages", h.meeting)
	dir, err := os.Open(folder)
	h.must(err)
	names, err := dir.Readdirnames(-1) // in the order in which the file system has them
	h.must(err)
	dir.Close()
	out["listing"] = map[string]int{}
	for i, name := range names {
		id := strings.TrimSuffix(name, ".jpg")
		out["listing"][id] = i
		var stat syscall.Stat_t
		h.must(syscall.Stat(filepath.Join(folder, name), &stat))
		values["entry number"][id] = int64(stat.Ino)
		values["time of change"][id] = stat.Ctim.Nano()
		var n int64
		fmt.Sscanf(id[:15], "%x", &n)
		values["name"][id] = n
	}
	for look, v := range values {
		out[look] = ranks(v)
	}
	for look, query := range map[string]string{"rows of pages": "SELECT id FROM pages", "rows of pages by leaf": "SELECT id FROM pages ORDER BY leaf",
		"rows of fingerprints": "SELECT page FROM fingerprints"} {
		rows, err := h.store.DB().Query(query)
		h.must(err)
		out[look] = map[string]int{}
		for rows.Next() {
			var id string
			h.must(rows.Scan(&id))
			out[look][id] = len(out[look])
		}
		h.must(rows.Err())
	}
	for look, rank := range out {
		if len(rank) != len(fed) {
			h.t.Errorf("%s shows %d pages", look, len(rank))
		}
	}
	return out
}

func ranks(values map[string]int64) map[string]int {
	ids := make([]string, 0, len(values))
	for id := range values {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return values[ids[i]] < values[ids[j]] })
	out := map[string]int{}
	for i, id := range ids {
		out[id] = i
	}
	return out
}

// kendall is Kendall's tau between the order of feeding and a rank, of the pages wanted, in standard
// deviations of what chance gives (Kendall 1938).
func kendall(fed, rank map[string]int, wanted func(leaf int) bool) float64 {
	var ids []string
	for id, leaf := range fed {
		if wanted(leaf) {
			ids = append(ids, id)
		}
	}
	sum := 0
	for i, a := range ids {
		for _, b := range ids[:i] {
			if (fed[a] < fed[b]) == (rank[a] < rank[b]) {
				sum++
			} else {
				sum--
			}
		}
	}
	n := float64(len(ids))
	return float64(sum) / math.Sqrt(n*(n-1)*(2*n+5)/18)
}

// between is the rank sum of the first batch's pages, those of the leaves below a number, against the second's,
// in standard deviations of what chance gives (Mann and Whitney 1947).
func between(fed, rank map[string]int, second int) float64 {
	sum, n, all := 0.0, 0.0, float64(len(fed))
	for id, leaf := range fed {
		if leaf < second {
			sum += float64(rank[id])
			n++
		}
	}
	return (sum - n*(all-1)/2) / math.Sqrt(n*(all-n)*(all+1)/12)
}

// The measures themselves find an order where there is one.
func TestMeasuresFindAnOrder(t *testing.T) {
	fed := map[string]int{}
	for i := range 200 {
		fed[fmt.Sprint(i)] = i
	}
	if z := kendall(fed, fed, func(int) bool { return true }); z < 20 {
		t.Errorf("Kendall: %.1f", z)
	}
	if z := between(fed, fed, 100); z > -10 {
		t.Errorf("Mann and Whitney: %.1f", z)
	}
}

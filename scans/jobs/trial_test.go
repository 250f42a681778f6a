package jobs

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
)

// A trial run leaves no file and no row, whatever became of it.
func TestTrialLeavesNothing(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 10)
	ctx := context.Background()
	m, err := h.store.Meeting(ctx, h.meeting)
	h.must(err)
	f, err := ballot.TrialForm(&m, m.Groups[0])
	h.must(err)
	const most = 5
	tables := h.rows()
	images, pictures, err := h.service.Trial(ctx, *f, "a.pdf", strings.NewReader("1 1\n1 2\nno_page\n"), most)
	h.must(err)
	if len(images) != 3 || images[0].Reading.Form != f.ID || images[1].Reading.Page != 2 || images[2].Reading.Rejected == nil || string(pictures[1]) != "1 2" {
		t.Errorf("images %+v", images)
	}
	for name, text := range map[string]string{"empty": "", "broken": "no end of line", "a whole stack": strings.Repeat("1 1\n", most+1)} {
		if _, _, err := h.service.Trial(ctx, *f, name, strings.NewReader(text), most); ballot.CodeOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, "trial", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if now := h.rows(); now != tables {
		t.Errorf("rows before:\n%s\nnow:\n%s", tables, now)
	}
	// A kill in the middle: the next start deletes what lies there, but for what somebody is at.
	dead, busy := filepath.Join(h.dir, "trial", "run-1"), filepath.Join(h.dir, "trial", "run-2")
	h.must(os.MkdirAll(dead, 0o700))
	h.must(os.WriteFile(filepath.Join(dead, trialFile), []byte("1 1\n"), 0o600))
	locked, _, _, err := save(filepath.Join(busy, trialFile), strings.NewReader("1 1\n"))
	h.must(err)
	defer locked.Close()
	h.must(h.service.sweepTrials())
	if left, _ := filepath.Glob(filepath.Join(h.dir, "trial", "*")); len(left) != 1 || left[0] != busy {
		t.Errorf("after the sweep: %v", left)
	}
}

// rows are all rows of the database, as text.
func (h *house) rows() string {
	h.t.Helper()
	var b strings.Builder
	names, err := h.store.DB().Query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
	h.must(err)
	defer names.Close()
	var all []string
	for names.Next() {
		var name string
		h.must(names.Scan(&name))
		all = append(all, name)
	}
	for _, name := range all {
		var n int
		h.must(h.store.DB().QueryRow("SELECT count(*) FROM " + name).Scan(&n))
		b.WriteString(name + " " + strings.Repeat("|", n) + "\n")
	}
	return b.String()
}

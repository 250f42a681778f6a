package jobs

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
)

// serialHouse is a house in serial mode with copies of A's ballot printed; its second sides are on the back.
func serialHouse(t *testing.T, subjects, returned, copies int) (*house, *ballot.Issue) {
	t.Helper()
	h := newHouse(t, kind{subjects: subjects, serial: true}, returned)
	keys, err := ballot.NewSerialKeys(crand.Reader)
	h.must(err)
	h.keys = keys
	issue := h.issue(copies)
	h.must(h.store.Printed(context.Background(), "printing", h.meeting, "A", copies, nil, issue.Pseudonyms()...))
	h.work()
	return h, issue
}

// issue draws ids that nobody has recorded yet.
func (h *house) issue(copies int) *ballot.Issue {
	h.t.Helper()
	forms, err := h.store.Forms(context.Background(), h.meeting)
	h.must(err)
	issue, err := ballot.NewIssue(&forms[0], h.keys, copies, crand.Reader)
	h.must(err)
	return issue
}

// sheet is the lines of a leaf with the serial of a copy, front first.
func sheet(leaf int, issue *ballot.Issue, copy int) []string {
	return []string{fmt.Sprintf("%d 1 # %s", leaf, issue.Code(copy, 1)), fmt.Sprintf("%d 2 # %s", leaf, issue.Code(copy, 2))}
}

// TestSerials takes what attackers bring through upload, reading, people's words and closing: what was printed counts,
// each once, over two batches.
func TestSerials(t *testing.T) {
	h, issue := serialHouse(t, 72, 9, 12)
	ctx, b := context.Background(), h.batch()
	never := h.issue(1)
	var lines []string
	for i := range 6 {
		lines = append(lines, sheet(i, issue, i)...)
	}
	forged := strings.Replace(issue.Code(7, 1), issue.Code(7, 1)[40:44], "ZZZZ", 1)
	lines = append(lines, sheet(20, never, 0)...)                             // made with the keys, and not printed
	lines = append(lines, sheet(21, issue, 2)...)                             // a copy with other marks
	lines = append(lines, "22 1 # "+forged, "22 2 # "+issue.Code(7, 2))       // altered
	lines = append(lines, sheet(23, issue, 8)[0], sheet(24, issue, 9)[1])     // sides of two sheets
	lines = append(lines, "25 1", "25 2 # "+issue.Code(10, 2))                // a page without
	lines = append(lines, "26 1 # "+issue.Code(10, 1)[:19], "no_code # x")    // a code that was cut
	lines = append(lines, sheet(6, issue, 6)[1]+"", sheet(6, issue, 6)[0]+"") // turned over: the serial binds it all the same
	h.upload(b, lines...)
	want := repeat(12, ".") + " serial_unissued serial_unissued serial_used serial_used serial_forged unpaired_side serial_mismatch serial_mismatch" +
		" serial_unread unpaired_side serial_forged no_code . ."
	pages := h.states(b, want)
	if p := pages[14]; p.Reading.Rejected.Facts != `it has the serial of image 5 of "stack.pdf"` || p.Like == nil || p.Like.Index != 4 {
		t.Errorf("a copy is held as %+v, like %+v", p.Reading.Rejected, p.Like)
	}
	h.want(ballot.CodeUnresolved, h.close(b))
	dispose := func(i int, how ballot.Disposal) error {
		return h.service.Dispose(ctx, "scan", b.ID, pages[i].Upload, pages[i].Index, how, nil)
	}
	h.want(ballot.CodeState, dispose(14, ballot.Distinct))
	for i := 12; i < 24; i += 2 {
		h.must(dispose(i, map[bool]ballot.Disposal{true: ballot.Void, false: ballot.Rescanned}[i == 14]))
	}
	h.must(h.closeVouched(b, "s1"))
	h.serials(12, 7)

	second := h.batch() // the other that was returned, and one of the first batch again
	h.upload(second, append(append(sheet(7, issue, 7), sheet(27, issue, 3)...), sheet(28, issue, 11)...)...)
	pages = h.states(second, ". . serial_used serial_used . .")
	if f := pages[2].Reading.Rejected.Facts; f != "its serial was counted with a closed batch; with which page cannot be told" {
		t.Error(f)
	}
	h.must(h.service.Dispose(ctx, "scan", second.ID, pages[2].Upload, 2, ballot.Rescanned, nil))
	h.want(ballot.CodeSmallBatch, h.close(second))
	h.upload(second, append(append(sheet(29, issue, 8), sheet(30, issue, 9)...), sheet(31, issue, 10)...)...)
	h.wait(second)
	h.want(ballot.CodeUnbalanced, h.close(second)) // 8 with the void one, and 5: more than 9
	h.serials(12, 7)
	h.count(0, 13)
	h.must(h.close(second))
	h.serials(12, 12)
	h.checkLeaves(12)
}

// serials checks how many are printed and how many used up.
func (h *house) serials(printed, used int) {
	h.t.Helper()
	gotPrinted, gotUsed, err := h.store.SerialCounts(context.Background(), h.meeting)
	if err != nil || gotPrinted != printed || gotUsed != used {
		h.t.Fatalf("%d printed, %d used, want %d and %d; %v", gotPrinted, gotUsed, printed, used, err)
	}
}

// TestSerialsLeaveNoTrace: while a batch is open the database knows pseudonyms and no id; once it is closed nothing
// but the table of pseudonyms holds any, and nothing tells which page had which.
func TestSerialsLeaveNoTrace(t *testing.T) {
	const leaves = 40
	h, issue := serialHouse(t, 72, leaves, leaves+10)
	b := h.batch()
	var lines []string
	order := rand.Perm(leaves)
	for _, i := range order {
		lines = append(lines, sheet(i, issue, i)...)
	}
	h.upload(b, append(lines, sheet(50, h.issue(1), 0)...)...)
	pages := h.wait(b)
	h.idsIn(issue, leaves, "pingyi.db", "pingyi.db-wal")
	h.must(h.service.Dispose(context.Background(), "scan", b.ID, pages[2*leaves].Upload, 2*leaves, ballot.Rescanned, nil))
	h.must(h.close(b))
	h.must(h.service.Stop(context.Background()))
	h.must(h.store.Close())
	files, err := filepath.Glob(filepath.Join(h.dir, "*"))
	h.must(err)
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	h.idsIn(issue, leaves, names...)
	raw, err := os.ReadFile(filepath.Join(h.dir, "pingyi.db"))
	h.must(err)
	for _, p := range issue.Pseudonyms() {
		if n := bytes.Count(raw, []byte(p)); n != 1 {
			t.Errorf("pseudonym %s stands %d times in the file, want once", p, n)
		}
	}
	h.openStore()
	h.noColumnHolds(issue)
}

// idsIn looks for ids, in every spelling, in files of the data folder. (A picture here is the reader's line, with the
// serial in it; that pictures of real pages show none is scans' to test.)
func (h *house) idsIn(issue *ballot.Issue, leaves int, files ...string) {
	h.t.Helper()
	for _, name := range files {
		raw, err := os.ReadFile(filepath.Join(h.dir, name))
		if err != nil {
			continue // a folder, or no log
		}
		for i := range leaves {
			c, err := ballot.ParseSerialCode(issue.Code(i, 1))
			h.must(err)
			text := c.String()
			for what, word := range map[string]string{"its code": text, "its serial": text[19:], "a part of it": text[22:42], "bytes": string(c.ID[:]), "hex": hex.EncodeToString(c.ID[:]),
				"capital hex": strings.ToUpper(hex.EncodeToString(c.ID[:])), "base64": base64.StdEncoding.EncodeToString(c.ID[:])[:20], "the MAC": string(c.MAC[:]), "its hex": hex.EncodeToString(c.MAC[:])} {
				if bytes.Contains(raw, []byte(word)) {
					h.t.Fatalf("%s holds %s of copy %d", name, what, i)
				}
			}
		}
		for _, key := range [][]byte{h.keys.MAC[:], h.keys.Name[:]} {
			if bytes.Contains(raw, key) || bytes.Contains(raw, []byte(hex.EncodeToString(key))) {
				h.t.Fatalf("%s holds a key", name)
			}
		}
	}
}

// noColumnHolds looks for pseudonyms in every column of every table but their own.
func (h *house) noColumnHolds(issue *ballot.Issue) {
	h.t.Helper()
	rows, err := h.store.DB().Query(`SELECT s.name, c.name FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c WHERE s.type = 'table' AND s.name <> 'serials'`)
	h.must(err)
	var columns [][2]string
	for rows.Next() {
		var table, column string
		h.must(rows.Scan(&table, &column))
		columns = append(columns, [2]string{table, column})
	}
	h.must(rows.Close())
	for _, c := range columns {
		for _, p := range issue.Pseudonyms() {
			var n int
			h.must(h.store.DB().QueryRow(fmt.Sprintf("SELECT count(*) FROM %q WHERE instr(CAST(%q AS TEXT), ?) > 0", c[0], c[1]), string(p)).Scan(&n))
			if n > 0 {
				h.t.Fatalf("%s.%s holds a pseudonym", c[0], c[1])
			}
		}
	}
}

// TestLostKeysReadNothing: a page that cannot be checked is neither read nor rejected; it waits for the keys.
func TestLostKeysReadNothing(t *testing.T) {
	h, issue := serialHouse(t, 72, 5, 5)
	h.lost.Store(true)
	b := h.batch()
	h.upload(b, sheet(0, issue, 0)...)
	h.until("a job fails", func() bool { return h.service.Trouble() != "" })
	if pages, err := h.store.SpoolPages(context.Background(), b.ID); err != nil || len(pages) != 0 {
		t.Errorf("%d pages were read without keys, %v", len(pages), err)
	}
	h.lost.Store(false)
	h.states(b, ". .")
}

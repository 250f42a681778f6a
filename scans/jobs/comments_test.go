package jobs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/jobs/attack"
)

// TestCommentsAreCutOff closes two batches of which every second leaf has a comment, and looks at the comments
// as somebody would who has database, log and folder: at the order of their rows, of their ids and of their
// bytes, against the order of feeding, against the batches and against every order of the pages.
func TestCommentsAreCutOff(t *testing.T) {
	for _, look := range attack.Standing(func() map[string]float64 { return commentsSeen(t) }) {
		t.Error(look)
	}
}

// commentsSeen closes the batches, and says what each look tells, in standard deviations of what chance gives.
func commentsSeen(t *testing.T) map[string]float64 {
	const leaves = 160
	h := newHouse(t, kind{subjects: 3}, 2*leaves)
	h.work()
	for i := range 2 {
		b := h.batch()
		var lines []string
		for leaf := i * leaves; leaf < (i+1)*leaves; leaf++ {
			line := fmt.Sprintf("%d 1", leaf)
			if leaf%2 == 0 {
				line += fmt.Sprintf(" A + handwriting %06d", leaf)
			}
			lines = append(lines, line)
		}
		h.upload(b, lines...)
		h.wait(b)
		if i == 0 && len(h.found("handwriting 000000")) == 0 {
			t.Fatal("the search does not find a comment while its batch is open")
		}
		h.must(h.close(b))
	}
	h.must(h.service.Stop(context.Background()))
	written, pages := h.comments(), h.fed()
	if len(written) != leaves || len(pages) != 2*leaves {
		t.Fatalf("%d comments of %d pages", len(written), len(pages))
	}
	h.checkNothingShared(written, pages)
	orders := h.commentOrders(written)
	h.must(h.store.Close())
	h.checkForgotten(`"comment"`)
	h.openStore()
	seen := map[string]float64{}
	for look, rank := range orders {
		if len(rank) != len(written) {
			t.Fatalf("%s shows %d comments", look, len(rank))
		}
		for i := range 2 {
			seen[fmt.Sprintf("%s of comments tells the order of feeding in batch %d", look, i+1)] = kendall(written, rank, func(leaf int) bool { return leaf/leaves == i })
		}
		seen[look+" of comments tells the batches apart"] = between(written, rank, leaves)
		for of, pageRank := range h.traces(pages) {
			placed := map[string]int{} // each comment where the page of its leaf is
			for id, leaf := range written {
				for page, fed := range pages {
					if fed == leaf {
						placed[id] = pageRank[page]
					}
				}
			}
			seen[fmt.Sprintf("%s of comments goes with %s of pages", look, of)] = kendall(placed, rank, func(int) bool { return true })
		}
	}
	return seen
}

// comments is the leaf of every comment of the meeting, which only its picture tells here.
func (h *house) comments() map[string]int {
	h.t.Helper()
	rows, err := h.store.DB().Query("SELECT id, CAST(picture AS TEXT) FROM comments")
	h.must(err)
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var id, picture string
		var leaf int
		h.must(rows.Scan(&id, &picture))
		if _, err := fmt.Sscanf(picture, "handwriting %d", &leaf); err != nil {
			h.t.Fatalf("picture %q: %v", picture, err)
		}
		out[id] = leaf
	}
	h.must(rows.Err())
	return out
}

// commentOrders are all orders that the database gives of comments.
func (h *house) commentOrders(written map[string]int) trace {
	h.t.Helper()
	out := trace{"rows": {}, "ids": {}}
	rows, err := h.store.DB().Query("SELECT id FROM comments NOT INDEXED")
	h.must(err)
	defer rows.Close()
	for rows.Next() {
		var id string
		h.must(rows.Scan(&id))
		out["rows"][id] = len(out["rows"])
	}
	h.must(rows.Err())
	file, err := os.ReadFile(filepath.Join(h.dir, "pingyi.db"))
	h.must(err)
	ids, places := map[string]int64{}, map[string]int64{}
	for id, leaf := range written {
		var n int64
		fmt.Sscanf(id[:15], "%x", &n)
		ids[id] = n
		places[id] = int64(bytes.Index(file, fmt.Appendf(nil, "handwriting %06d", leaf)))
		if places[id] < 0 {
			h.t.Fatalf("the picture of comment %s is not in the file", id)
		}
	}
	out["ids"], out["bytes"] = ranks(ids), ranks(places)
	return out
}

// checkNothingShared looks for the ids of comments in all other tables, and for those of pages and leaves in
// the table of comments.
func (h *house) checkNothingShared(written, pages map[string]int) {
	h.t.Helper()
	var tables []string
	rows, err := h.store.DB().Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
	h.must(err)
	for rows.Next() {
		var name string
		h.must(rows.Scan(&name))
		tables = append(tables, name)
	}
	h.must(rows.Err())
	rows.Close()
	for _, table := range tables {
		all := h.dump(table)
		foreign, own := written, "a comment"
		if table == "comments" {
			foreign, own = pages, "a page"
		}
		for id := range foreign {
			if strings.Contains(all, id) {
				h.t.Errorf("table %s knows %s by its id", table, own)
				break
			}
		}
		if table == "spool_comments" && all != "" {
			h.t.Error("crops are left beside their images")
		}
	}
}

// dump is all values of a table.
func (h *house) dump(table string) string {
	h.t.Helper()
	rows, err := h.store.DB().Query("SELECT * FROM " + table)
	h.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	h.must(err)
	var out strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new([]byte)
		}
		h.must(rows.Scan(values...))
		for _, v := range values {
			out.Write(*v.(*[]byte))
			out.WriteByte('\n')
		}
	}
	h.must(rows.Err())
	return out.String()
}

// Only leaves that count leave a comment; on single forms it keeps whom it is about, and no more.
func TestCommentsOfLeavesThatCount(t *testing.T) {
	h := newHouse(t, kind{subjects: 2, single: true}, 6)
	h.work()
	b := h.batch()
	var lines []string
	for leaf := range 6 {
		lines = append(lines, fmt.Sprintf("%d 1 A + first %d", leaf, leaf), fmt.Sprintf("%d 2 A + second %d", leaf, leaf))
	}
	lines = append(lines, "7 1 B + another group", "no_code + rejected")
	h.upload(b, lines...)
	for _, p := range h.wait(b) {
		if p.Reading.Rejected != nil {
			h.must(h.service.Dispose(context.Background(), "scan", b.ID, p.Upload, p.Index, ballot.Rescanned, nil))
		}
	}
	h.must(h.close(b))
	rows, err := h.store.DB().Query("SELECT subject, CAST(picture AS TEXT), proposal FROM comments")
	h.must(err)
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var subject int
		var picture, proposal string
		h.must(rows.Scan(&subject, &picture, &proposal))
		found[picture] = subject
		if proposal != "读作"+picture {
			t.Errorf("proposal %q of %q", proposal, picture)
		}
	}
	h.must(rows.Err())
	for leaf := range 6 {
		if found[fmt.Sprintf("first %d", leaf)] != 1 || found[fmt.Sprintf("second %d", leaf)] != 2 {
			t.Errorf("leaf %d: comments %v", leaf, found)
		}
	}
	if len(found) != 12 {
		t.Errorf("%d comments: %v", len(found), found)
	}
}

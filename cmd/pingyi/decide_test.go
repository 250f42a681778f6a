package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/raster"
)

// strokeBetween draws a stroke from the middle of the first box to the middle of the second in the first n rows of a
// page, so that nobody can tell which of them it means. It is pixels of the scan that are blackened; the page gives
// millimetres.
func strokeBetween(img *raster.Image, page *ballot.FormPage, n int) {
	k := float64(img.W) / page.Width
	for _, row := range page.Rows[:n] {
		at := slices.IndexFunc(page.Targets, func(t ballot.Target) bool { return t.Subject == row.Subject })
		x0, y0 := page.Targets[at].Centre()
		x1, _ := page.Targets[at+1].Centre()
		for x := x0; x < x1; x += 0.05 {
			y := y0 + 0.9*math.Sin((x-x0)/(x1-x0)*2*math.Pi)
			blacken(img, k*x, k*y, k*0.25)
		}
	}
}

// blacken makes a disc of pixels black.
func blacken(img *raster.Image, x, y, r float64) {
	for py := int(y - r); py <= int(y+r); py++ {
		for px := int(x - r); px <= int(x+r); px++ {
			if math.Hypot(float64(px)-x, float64(py)-y) <= r && px >= 0 && py >= 0 && px < img.W && py < img.H {
				img.Pix[py*img.W+px] = 20
			}
		}
	}
}

// unclearMeeting has a closed batch of n leaves, on the first rows of which people must decide.
func unclearMeeting(t *testing.T, n, rows int, change ...func(*ballot.Rules)) (id string, s *service) {
	t.Helper()
	data, id, form := openMeeting(t, n, change...)
	stack := scannedStack(t, &form, n, func(int) func(*raster.Image, *ballot.FormPage) {
		return func(img *raster.Image, page *ballot.FormPage) { strokeBetween(img, page, rows) }
	})
	s = startService(t, data)
	scanStack(t, s, id, stack)
	return id, s
}

// scanStack feeds a stack of group A as a batch and closes it.
func scanStack(t *testing.T, s *service, id string, stack []byte) {
	t.Helper()
	c := s.as(t, "scanning")
	var b api.Batch
	c.must(t, "POST", "/meetings/"+id+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b)
	path := "/meetings/" + id + "/batches/" + b.ID
	if err := c.upload(context.Background(), path+"/uploads", "stack.zip", stack, nil); err != nil {
		t.Fatal(err)
	}
	waitFor(t, c, path, allRead)
	c.must(t, "POST", path+"/close", nil, nil)
}

func decisionsOf(t *testing.T, s *service, id string) (all []api.DecidedRow) {
	t.Helper()
	c := s.as(t, "scrutineer1")
	for {
		var list api.DecidedList
		c.must(t, "GET", fmt.Sprintf("/meetings/%s/decisions?limit=500&offset=%d", id, len(all)), nil, &list)
		if all = append(all, list.Rows...); len(list.Rows) == 0 {
			return all
		}
	}
}

// Two scrutineers decide more than two hundred rows at once by single keys: no row is decided by both, a slip is
// corrected, a reload loses nothing, and the next row is there within a tenth of a second.
func TestBrowserDecide(t *testing.T) {
	b := newVisitor(t, "decide.mjs")
	const n = 10
	id, s := unclearMeeting(t, n, 24)
	c := s.as(t, "scrutineer1")
	var q api.Queue
	c.must(t, "GET", "/meetings/"+id+"/adjudication?limit=1", nil, &q)
	if q.Total < 200 {
		t.Fatalf("only %d rows wait", q.Total)
	}
	b.visit(t, "desk", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "ROWS": fmt.Sprint(q.Total)})
	rows := decisionsOf(t, s, id)
	if len(rows) != q.Total {
		t.Errorf("%d rows decided of %d", len(rows), q.Total)
	}
	corrected, blank, people := 0, 0, map[string]int{}
	for _, r := range rows {
		by := map[string]bool{}
		for _, d := range r.Decisions {
			by[d.By] = true
			people[d.By]++
			if d.Reason == "" || d.Verdict.Kind != ballot.IsUnclear {
				t.Errorf("kept of a decision: %+v", d)
			}
		}
		if len(by) != 1 || r.Verdict == nil {
			t.Errorf("row decided by %v, verdict %v", by, r.Verdict)
			continue
		}
		if len(r.Decisions) == 2 {
			corrected++
		}
		if r.Verdict.Kind == ballot.IsBlank {
			blank++
			if last := r.Decisions[len(r.Decisions)-1]; last.Reason != "是污迹或折痕，不是画票" {
				t.Errorf("the reason that was chosen is kept as %q", last.Reason)
			}
		}
	}
	if corrected != 2 || blank != 1 || len(people) != 2 {
		t.Errorf("%d corrected, %d blank, decisions by %v", corrected, blank, people)
	}
	b.visit(t, "pages", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword})
	var aside api.PageList
	c.must(t, "GET", "/meetings/"+id+"/pages?state=set_aside", nil, &aside)
	if aside.Total != 1 {
		t.Errorf("%d pages set aside, want 1", aside.Total)
	}
}

// TestBrowserBothSides: of a leaf with writing on both sides a person is shown both, and says once whether it counts.
func TestBrowserBothSides(t *testing.T) {
	b := newVisitor(t, "decide.mjs")
	data, id, form := openMeetingOf(t, 72, 5, func(r *ballot.Rules) { r.Writing = ballot.BallotInvalid })
	ctx, s := context.Background(), must[*store.Store](t)(openStore(config{data: data}))
	folder := filepath.Join(data, "pages", id)
	must[int](t)(0, os.MkdirAll(folder, 0o700))
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: form.Group, Leaves: 5}}}
	for i := range 5 {
		leaf := ballot.ClosedLeaf{ID: must[string](t)(s.NewID()), Whole: true}
		for j := range form.Pages {
			page := closedPage(&form, &form.Pages[j], i, must[string](t)(s.NewID()))
			if i == 0 {
				page.Reading.Flags, page.Reading.Writing = []string{ballot.FlagWriting}, []ballot.Rect{{X: 20, Y: 200, W: 60, H: 10}}
			}
			leaf.Pages = append(leaf.Pages, page)
			must[int](t)(0, os.WriteFile(filepath.Join(folder, page.ID+".jpg"), smallPicture(t, &form.Pages[j]), 0o600))
		}
		c.Leaves = append(c.Leaves, leaf)
	}
	batch := must[ballot.Batch](t)(s.OpenBatch(ctx, "scanning", id, form.Group, []string{"1"}))
	must[int](t)(0, s.CloseBatch(ctx, "scanning", batch.ID, c, func(*sql.Tx) error { return nil }))
	must[int](t)(0, s.Close())
	b.visit(t, "both", map[string]string{"BASE": startService(t, data).base, "MEETING": id, "PASSWORD": testPassword})
}

// TestBrowserDecideTaken: an account with the administrator's password, and one made just now, are told when a row is
// decided by them, and nothing is.
func TestBrowserDecideTaken(t *testing.T) {
	b := newVisitor(t, "decide.mjs")
	id, s := unclearMeeting(t, 5, 24) // more rows than one has at hand
	given := store.User{Name: "given", Role: ballot.RoleScrutineer, Hash: auth.HashPassword(testPassword, cheap)}
	fresh := given
	fresh.Name, fresh.Own, fresh.SetAt = "fresh", true, time.Now().Unix()
	withTestStore(t, s.data, func(db *store.Store) error {
		return errors.Join(db.CreateUser(t.Context(), "test", given), db.CreateUser(t.Context(), "test", fresh))
	})
	b.visit(t, "taken", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "UNTIL": fmt.Sprint(fresh.SetAt + 30*60)})
	if rows := decisionsOf(t, s, id); len(rows) > 0 {
		t.Errorf("decided: %+v", rows)
	}
}

// TestBrowserDecideVoids: by a rule that makes a ballot with several marks in a row invalid, a person who cannot tell a
// row makes that row invalid, and voids a ballot only by saying so.
func TestBrowserDecideVoids(t *testing.T) {
	b := newVisitor(t, "decide.mjs")
	id, s := unclearMeeting(t, 5, 1, func(r *ballot.Rules) { r.Overvote, r.Blank = ballot.BallotInvalid, ballot.BallotInvalid })
	b.visit(t, "voids", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword})
	made := map[ballot.VerdictKind]int{}
	for _, r := range decisionsOf(t, s, id) {
		made[r.Verdict.Kind]++
	}
	if made[ballot.IsInvalid] != 1 || made[ballot.IsOvervote] != 1 || len(made) != 2 {
		t.Errorf("decided %v", made)
	}
}

package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// manyUnclear is an open meeting of which a batch of n leaves is closed; two rows of each leaf wait for people, and one
// leaf of ten bears writing. Readings and pictures were put in without scanning.
func manyUnclear(t *testing.T, n int) (data, id string) {
	t.Helper()
	data, id, form := openMeeting(t, n)
	ctx, s := context.Background(), must[*store.Store](t)(openStore(config{data: data}))
	defer s.Close()
	folder := filepath.Join(data, "pages", id)
	must[int](t)(0, os.MkdirAll(folder, 0o700))
	paper := &form.Pages[0]
	picture := filepath.Join(t.TempDir(), "page.jpg")
	must[int](t)(0, os.WriteFile(picture, smallPicture(t, paper), 0o600))
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: form.Group, Leaves: n}}}
	for i := range n {
		page := closedPage(&form, paper, i, must[string](t)(s.NewID()))
		for _, row := range []int{i % len(paper.Rows), (i + 5) % len(paper.Rows)} {
			page.Verdicts[row] = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonBetween}
		}
		if i%10 == 0 {
			page.Reading.Flags = []string{ballot.FlagWriting}
			page.Reading.Writing = []ballot.Rect{{X: 20, Y: 270, W: 60, H: 10}}
		}
		c.Leaves = append(c.Leaves, ballot.ClosedLeaf{ID: must[string](t)(s.NewID()), Whole: true, Pages: []ballot.ClosedPage{page}})
		must[int](t)(0, os.Link(picture, filepath.Join(folder, page.ID+".jpg")))
	}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scanning", id, form.Group, []string{"1"}))
	must[int](t)(0, s.CloseBatch(ctx, "scanning", b.ID, c, func(*sql.Tx) error { return nil }))
	return data, id
}

// smallPicture is a page of 4 pixels a millimetre with its boxes and a stroke from the first box of each row to the second.
func smallPicture(t *testing.T, p *ballot.FormPage) []byte {
	t.Helper()
	const k = 4
	img := image.NewGray(image.Rect(0, 0, int(p.Width*k), int(p.Height*k)))
	for i := range img.Pix {
		img.Pix[i] = 240
	}
	dot := func(x, y float64) { img.SetGray(int(x*k), int(y*k), color.Gray{Y: 40}) }
	for i, target := range p.Targets {
		for d := 0.0; d < 1; d += 0.02 {
			x, y := target.X+d*target.W, target.Y+d*target.H
			dot(x, target.Y)
			dot(x, target.Y+target.H)
			dot(target.X, y)
			dot(target.X+target.W, y)
			if next := i + 1; next < len(p.Targets) && p.Targets[next].Subject == target.Subject && (i == 0 || p.Targets[i-1].Subject != target.Subject) {
				x0, y0 := target.Centre()
				x1, _ := p.Targets[next].Centre()
				dot(x0+d*(x1-x0), y0)
			}
		}
	}
	var out bytes.Buffer
	must[int](t)(0, jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

// With 2,000 rows that wait, two people decide by keys, and look at what is decided and flagged, without waiting for
// the page.
func TestBrowserManyRows(t *testing.T) {
	b := newVisitor(t, "many.mjs")
	const leaves, each = 1000, 110
	data, id := manyUnclear(t, leaves)
	s := startService(t, data)
	b.visit(t, "many", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "ROWS": fmt.Sprint(2 * leaves), "EACH": fmt.Sprint(each)})
	rows, by := decisionsOf(t, s, id), map[string]int{}
	for _, r := range rows {
		for _, d := range r.Decisions {
			by[d.By]++
		}
	}
	if len(rows) != 2*each || by["scrutineer1"] != each || by["scrutineer2"] != each {
		t.Errorf("%d rows are decided, by %v", len(rows), by)
	}
}

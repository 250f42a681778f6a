package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans"
	"pingyi/scans/jobs"
	"pingyi/scans/worker"
)

// lineReader reads files of text, one line an image: "good" is a page on which every row has the first
// grade, "good sheet" one whose ink lies as on every other such image, anything else is the reason for which the image is rejected. Its picture is the line.
type lineReader struct{}

func (lineReader) Unpack(_ context.Context, path, name, _ string) ([]worker.Part, string, error) {
	data, err := os.ReadFile(path)
	return []worker.Part{{Path: path, Name: name, Pages: bytes.Count(data, []byte("\n"))}}, "", err
}

func (lineReader) Read(_ context.Context, forms worker.Forms, part worker.Part, from, to int, each func(worker.Page) error) error {
	data, err := os.ReadFile(part.Path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(data), "\n")
	for i := from; i < to; i++ {
		r := scans.PageResult{PageReading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectReason(lines[i]), Facts: "of a test"}}}
		if strings.HasPrefix(lines[i], "good") {
			f := forms.List[0]
			r = scans.PageResult{PageReading: ballot.PageReading{Form: f.ID, Page: 1, Group: f.Group}}
			for _, row := range f.Pages[0].Rows {
				r.Rows = append(r.Rows, ballot.RowReading{Subject: row.Subject})
				r.Verdicts = append(r.Verdicts, ballot.Verdict{Kind: ballot.IsGrade, Grade: f.Grades[0]})
			}
		}
		if lines[i] == "good sheet" {
			for n := range int16(12) {
				r.Fingerprint = append(r.Fingerprint, ballot.InkShape{Target: n, X: n * n % 37, Y: 5 * n % 23, W: 80 + n%5, H: 90 - n%7})
			}
		}
		if err := each(worker.Page{Index: i, Result: r, Picture: []byte(lines[i])}); err != nil {
			return err
		}
	}
	return nil
}

// serveJobs is the service on the real store and the real jobs, with an open meeting of which five ballots
// were counted by hand.
func serveJobs(t *testing.T) (as func(string) browser, path string) {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(filepath.Join(dir, "pingyi.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	work, err := jobs.New(t.Context(), jobs.Config{Store: db, DB: db.DB(), Reader: lineReader{}, Folder: dir, Workers: 1, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := work.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { work.Stop(context.Background()) })
	as = serveStore(t, db, batches{work, db}, closedPictures{work, db})
	path = setUp(t, as("admin"))
	for _, value := range []string{"scanning", "scanning2"} {
		kind := map[string]string{"scanning": "entries", "scanning2": "confirmations"}[value]
		want(t, "", as(value).call("POST", path+"/ledger/"+kind, api.Count{Venue: "main", Group: "A", Field: ballot.Returned, Value: 5}, nil))
	}
	return as, path
}

// TestScannedTwice: of a sheet that was fed again the service says which image it is like, takes what a person
// makes of it, and counts another sheet.
func TestScannedTwice(t *testing.T) {
	as, path := serveJobs(t)
	scanning := as("scanning")
	var b api.Batch
	want(t, "", scanning.call("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b))
	batch := path + "/batches/" + b.ID
	want(t, "", scanning.upload(batch+"/uploads", "stack.pdf", "good\ngood sheet\ngood\ngood\ngood sheet\ngood sheet\n", nil))
	read(t, scanning, batch, 6)
	var list api.BatchPageList
	want(t, "", scanning.call("GET", batch+"/pages", nil, &list))
	for i, p := range list.Pages {
		if held := i > 3; held != (p.Reason == ballot.RejectTwice) || held && p.Like != list.Pages[1].ID || !held && p.Like != "" {
			t.Errorf("image %d: %+v", i, p)
		}
	}
	dispose := func(i int, how string) ballot.Code {
		return scanning.call("POST", batch+"/pages/"+list.Pages[i].ID+"/disposal", map[string]any{"disposal": how}, nil)
	}
	want(t, ballot.CodeState, dispose(0, "distinct"))
	want(t, ballot.CodeState, dispose(4, "void"))
	want(t, "", dispose(4, "rescanned"))
	for facts, code := range map[string]ballot.Code{"like another image": ballot.CodeConflict, list.Pages[5].Facts: ""} {
		want(t, code, scanning.call("POST", batch+"/pages/"+list.Pages[5].ID+"/disposal", map[string]any{"disposal": "rescanned", "facts": facts}, nil))
	}
	want(t, "", dispose(5, "distinct"))
	want(t, "", scanning.call("GET", batch+"/pages", nil, &list))
	if p := list.Pages[5]; p.State != ballot.PageRead || p.Disposal != ballot.Distinct || p.Like != list.Pages[1].ID {
		t.Errorf("another sheet: %+v", p)
	}
	want(t, "", scanning.call("POST", batch+"/close", nil, &b))
	if b.Leaves != 5 {
		t.Errorf("closed %+v", b)
	}
}

// TestAPIOnJobs feeds a stack through the real job service: progress, a rejected page with its picture
// and what became of it, closing, and the pictures of what is left.
func TestAPIOnJobs(t *testing.T) {
	as, path := serveJobs(t)
	scanning := as("scanning")
	var b api.Batch
	want(t, "", scanning.call("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b))
	batch := path + "/batches/" + b.ID
	want(t, "", scanning.upload(batch+"/uploads", "stack.pdf", "good\ngood\nno_code\ngood\ngood\n", nil))
	want(t, ballot.CodeDuplicate, scanning.upload(batch+"/uploads", "again.pdf", "good\ngood\nno_code\ngood\ngood\n", nil))
	read(t, scanning, batch, 5)
	want(t, ballot.CodeUnresolved, scanning.call("POST", batch+"/close", nil, nil))

	rejected := disposeRejected(t, scanning, batch)
	want(t, "", scanning.upload(batch+"/uploads", "again.pdf", "good\n", nil))
	read(t, scanning, batch, 6)
	want(t, "", scanning.call("POST", batch+"/close", nil, &b))
	if b.State != ballot.BatchClosed || b.Leaves != 5 || len(b.Uploads) != 0 {
		t.Errorf("closed %+v", b)
	}
	if got := scanning.call("GET", batch+"/pages/"+rejected+"/picture", nil, nil); got == "" {
		t.Error("the picture of an image outlives its batch")
	}
	closedPages(t, as("scrutineer"), path)
}

// read waits until a batch has read n images.
func read(t *testing.T, c browser, batch string, n int) {
	t.Helper()
	var b api.Batch
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		want(t, "", c.call("GET", batch, nil, &b))
		if b.Pages.Pages == n && b.Pages.Waiting == 0 {
			return
		}
	}
	t.Fatalf("%d images are never read: %+v", n, b)
}

// disposeRejected says of the rejected image that its paper is fed again; images that were read, and ids
// that are none, are refused.
func disposeRejected(t *testing.T, c browser, batch string) (id string) {
	t.Helper()
	var b api.Batch
	want(t, "", c.call("GET", batch, nil, &b))
	if b.Pages != (api.BatchCount{Pages: 5, Read: 4, Rejected: 1, Open: 1}) {
		t.Errorf("progress %+v", b.Pages)
	}
	var list api.BatchPageList
	want(t, "", c.call("GET", batch+"/pages", nil, &list))
	p := list.Pages[2]
	if p.State != ballot.PageRejected || p.Reason != ballot.RejectNoCode || p.Facts != "of a test" {
		t.Fatalf("third image %+v", p)
	}
	if got := picture(t, c, batch+"/pages/"+p.ID); got != "no_code" {
		t.Errorf("picture %q", got)
	}
	again := map[string]any{"disposal": "rescanned"}
	want(t, ballot.CodeState, c.call("POST", batch+"/pages/"+list.Pages[0].ID+"/disposal", again, nil))
	want(t, ballot.CodeNotFound, c.call("POST", batch+"/pages/..%2F..%2Fx-1/disposal", again, nil))
	want(t, ballot.CodeNotFound, c.call("GET", batch+"/pages/..%2F..%2Fpingyi-0/picture", nil, nil))
	want(t, ballot.CodeNotFound, c.call("GET", "/meetings/other/batches/"+b.ID, nil, nil))
	want(t, "", c.call("POST", batch+"/pages/"+p.ID+"/disposal", again, nil))
	return p.ID
}

// closedPages looks at the pages that the batch left, each with its picture, in this meeting alone.
func closedPages(t *testing.T, c browser, path string) {
	t.Helper()
	var pages api.PageList
	want(t, "", c.call("GET", path+"/pages", nil, &pages))
	if pages.Total != 5 {
		t.Fatalf("pages %+v", pages)
	}
	for _, p := range pages.Pages {
		if got := picture(t, c, path+"/pages/"+p.ID); got != "good" {
			t.Errorf("picture %q", got)
		}
		want(t, ballot.CodeNotFound, c.call("GET", "/meetings/other/pages/"+p.ID+"/picture", nil, nil))
	}
}

func picture(t *testing.T, c browser, page string) string {
	t.Helper()
	answer, err := c.http.Get(c.url + "/api/v1" + page + "/picture")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// upload adds a file to a batch under its content's digest.
func upload(s *store.Store, batch, id, content string) error {
	return s.AddUpload(context.Background(), "scan", ballot.Upload{ID: id, Batch: batch, Name: id + ".pdf", Digest: digest(content), Bytes: int64(len(content))}, noJobs)
}

func TestOpenBatch(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "工委委员", []string{"main", "east"}))
	if b.Group != "A" || b.State != ballot.BatchOpen || !slices.Equal(b.Venues, []string{"east", "main"}) || b.Meeting != id {
		t.Fatalf("opened %+v", b)
	}
	if got := must[ballot.Batch](t)(s.Batch(ctx, b.ID)); got.ID != b.ID || got.State != ballot.BatchOpen {
		t.Errorf("loaded %+v", got)
	}
	if all := must[[]ballot.Batch](t)(s.OpenBatches(ctx)); len(all) != 1 {
		t.Errorf("open batches %+v", all)
	}
	for name, c := range map[string]struct {
		meeting, group string
		venues         []string
		code           ballot.Code
	}{
		"sealed":      {sealed(t, s, draft(2)), "A", []string{"main"}, ballot.CodeState},
		"excluded":    {id, "党务工作者", []string{"main"}, ballot.CodeExcluded},
		"no group":    {id, "B", []string{"main"}, ballot.CodeNotFound},
		"no venue":    {id, "A", []string{"west"}, ballot.CodeNotFound},
		"no venues":   {id, "A", nil, ballot.CodeInvalid},
		"venue twice": {id, "A", []string{"main", "main"}, ballot.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.OpenBatch(ctx, "scan", c.meeting, c.group, c.venues)
			refused(t, c.code, err)
		})
	}
	_, err := s.Batch(ctx, "none")
	refused(t, ballot.CodeNotFound, err)
}

func TestSameBytesTwice(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	one := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	two := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	ok(t, upload(s, one.ID, "u1", "stack"))
	refused(t, ballot.CodeDuplicate, upload(s, one.ID, "u2", "stack"))
	refused(t, ballot.CodeDuplicate, upload(s, two.ID, "u2", "stack"))

	other := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", opened(t, s, draft(2)), "A", []string{"main"}))
	ok(t, upload(s, other.ID, "u3", "stack")) // another meeting's affair

	ok(t, s.CloseBatch(ctx, "scan", one.ID, closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da"), noJobs))
	refused(t, ballot.CodeDuplicate, upload(s, two.ID, "u4", "stack"))
	refused(t, ballot.CodeState, upload(s, one.ID, "u5", "more"))
	if n := len(must[[]ballot.Upload](t)(s.Uploads(ctx, one.ID))); n != 0 {
		t.Errorf("a closed batch has %d uploads", n)
	}

	ok(t, upload(s, two.ID, "u6", "another"))
	ok(t, s.DiscardBatch(ctx, "scan", two.ID, noJobs))
	_, err := s.Batch(ctx, two.ID)
	refused(t, ballot.CodeNotFound, err)
	three := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	ok(t, upload(s, three.ID, "u7", "another")) // a discarded file may be fed again
	refused(t, ballot.CodeDuplicate, upload(s, three.ID, "u8", "stack"))
	refused(t, ballot.CodeState, s.DiscardBatch(ctx, "scan", one.ID, noJobs))
}

// TestUploadWithItsJobs enqueues in the transaction of the data: both are there, or neither.
func TestUploadWithItsJobs(t *testing.T) {
	s, ctx := open(t), context.Background()
	must[sql.Result](t)(s.DB().Exec("CREATE TABLE river_queue (job TEXT)"))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", opened(t, s, draft(2)), "A", []string{"main"}))
	u := ballot.Upload{ID: "u1", Batch: b.ID, Name: "a.pdf", Digest: digest("a"), Bytes: 1}
	fault := errors.New("queue is full")
	err := s.AddUpload(ctx, "scan", u, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO river_queue VALUES ('read u1')"); err != nil {
			return err
		}
		return fault
	})
	jobs := func() (n int) {
		ok(t, s.DB().QueryRow("SELECT count(*) FROM river_queue").Scan(&n))
		return n
	}
	if !errors.Is(err, fault) || jobs() != 0 || len(must[[]ballot.Upload](t)(s.Uploads(ctx, b.ID))) != 0 {
		t.Fatalf("a failed upload (%v) left something", err)
	}
	ok(t, s.AddUpload(ctx, "scan", u, func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO river_queue VALUES ('read u1')")
		return err
	}))
	got, of, err := s.Upload(ctx, "u1")
	ok(t, err)
	if jobs() != 1 || of.ID != b.ID || got.Seq != 1 || got.Pages != -1 || got.Name != "a.pdf" {
		t.Fatalf("upload %+v of %+v", got, of)
	}
	ok(t, s.FinishUpload(ctx, "u1", 7, "page 3 is torn"))
	if got, _, _ := s.Upload(ctx, "u1"); got.Pages != 7 || got.Error != "page 3 is torn" {
		t.Errorf("finished %+v", got)
	}
	_, _, err = s.Upload(ctx, "none")
	refused(t, ballot.CodeNotFound, err)
}

func TestSpoolPages(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	// The order of feeding is that of the uploads, whatever their ids and whoever is read first.
	ok(t, upload(s, b.ID, "z", "first"))
	ok(t, upload(s, b.ID, "a", "second"))
	page := readings(formA(t, s, id), "ab")[0]
	for _, at := range []struct {
		upload string
		index  int
	}{{"a", 1}, {"z", 1}, {"a", 0}, {"z", 0}} {
		ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: at.upload, Index: at.index, Batch: b.ID, Reading: page.Reading, Verdicts: page.Verdicts, Picture: "p"}))
	}
	order := func() string {
		var out []string
		for _, p := range must[[]ballot.SpoolPage](t)(s.SpoolPages(ctx, b.ID)) {
			out = append(out, p.Upload+string(rune('0'+p.Index))+string(p.Disposal))
		}
		return strings.Join(out, " ")
	}
	if got := order(); got != "z0 z1 a0 a1" {
		t.Fatalf("order %s", got)
	}
	ok(t, s.DisposePages(ctx, "scan", b.ID, "z", []int{1}, ballot.Rescanned))
	rejected := ballot.SpoolPage{Upload: "z", Index: 1, Batch: b.ID, Reading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectNoCode}}}
	ok(t, s.SaveSpoolPage(ctx, rejected)) // a job that runs again after a kill
	if got := order(); got != "z0 z1rescanned a0 a1" {
		t.Fatalf("after reading again: %s", got)
	}
	if p := must[[]ballot.SpoolPage](t)(s.SpoolPages(ctx, b.ID))[1]; p.Reading.Rejected == nil || p.Reading.Rejected.Reason != ballot.RejectNoCode {
		t.Errorf("the second reading is not kept: %+v", p)
	}
	refused(t, ballot.CodeNotFound, s.DisposePages(ctx, "scan", b.ID, "z", []int{9}, ballot.Void))
	refused(t, ballot.CodeInvalid, s.DisposePages(ctx, "scan", b.ID, "z", []int{1}, "eaten"))
	refused(t, ballot.CodeNotFound, s.DisposePages(ctx, "scan", "none", "z", []int{1}, ballot.Void))

	other := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	rejected.Batch = other.ID // a page filed under a batch that is not its upload's would outlive its batch
	refused(t, ballot.CodeNotFound, s.SaveSpoolPage(ctx, rejected))
	ok(t, s.DiscardBatch(ctx, "scan", b.ID, noJobs))
	if n := len(must[[]ballot.SpoolPage](t)(s.SpoolPages(ctx, b.ID))); n != 0 {
		t.Errorf("%d pages of a discarded batch", n)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	id := opened(t, s, draft(2))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	ok(t, upload(s, b.ID, "upload-of-the-third-row", "stack"))
	page := readings(formA(t, s, id), "ab")[0]
	ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: "upload-of-the-third-row", Batch: b.ID, Reading: page.Reading, Verdicts: page.Verdicts, Picture: "spool-picture"}))
	if found := bytesWith(t, path, "upload-of-the-third-row", "spool-picture"); len(found) != 2 {
		t.Fatalf("the search finds only %v while the batch is open", found)
	}
	ok(t, s.DiscardBatch(ctx, "scan", b.ID, noJobs))
	if found := bytesWith(t, path, "upload-of-the-third-row", "spool-picture", b.ID, digest("stack")); len(found) != 0 {
		t.Errorf("the file still holds %v", found)
	}
}

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestClosingChecked alters a good closing in one place: it must be refused, and leave nothing.
func TestClosingChecked(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(30)) // two sides
	handCounts(t, s, id, "main", 5)
	form := formA(t, s, id)
	if len(form.Pages) != 2 {
		t.Fatalf("the form has %d pages", len(form.Pages))
	}
	marks := "abcdabcdabcdabcdabcdabcdabcdab"
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	for name, alter := range map[string]func(c *ballot.Closing){
		"a side is missing":    func(c *ballot.Closing) { c.Leaves[1].Pages = c.Leaves[1].Pages[:1] },
		"a side stands twice":  func(c *ballot.Closing) { c.Leaves[1].Pages[1].Reading = c.Leaves[1].Pages[0].Reading },
		"a leaf without pages": func(c *ballot.Closing) { c.Leaves[1].Pages = nil },
		"a row is missing":     func(c *ballot.Closing) { p := &c.Leaves[1].Pages[0]; p.Reading.Rows = p.Reading.Rows[1:] },
		"a row and its verdict": func(c *ballot.Closing) {
			p := &c.Leaves[1].Pages[0]
			p.Reading.Rows, p.Verdicts = p.Reading.Rows[1:], p.Verdicts[1:]
		},
		"rows change places":       func(c *ballot.Closing) { r := c.Leaves[1].Pages[0].Reading.Rows; r[0], r[1] = r[1], r[0] },
		"a verdict is missing":     func(c *ballot.Closing) { p := &c.Leaves[1].Pages[0]; p.Verdicts = p.Verdicts[1:] },
		"another form":             func(c *ballot.Closing) { c.Leaves[1].Pages[0].Reading.Form = "OTHER" },
		"another group":            func(c *ballot.Closing) { c.Leaves[1].Pages[1].Reading.Group = "B" },
		"a page that is not":       func(c *ballot.Closing) { c.Leaves[1].Pages[1].Reading.Page = 3 },
		"a rejected page":          func(c *ballot.Closing) { c.Leaves[1].Pages[1].Reading.Rejected = &ballot.Rejection{} },
		"a leaf more than counted": func(c *ballot.Closing) { c.Scanned[0].Leaves = 4 },
		"a leaf fewer":             func(c *ballot.Closing) { c.Scanned[0].Leaves = 6 },
		"void ones not counted":    func(c *ballot.Closing) { c.Void = []ballot.GroupCount{{Group: "A", Leaves: 1}} },
		"counts of another group":  func(c *ballot.Closing) { c.Scanned[0].Group = "B" },
		"a page twice":             func(c *ballot.Closing) { c.Leaves[1].Pages[0].ID = c.Leaves[0].Pages[0].ID },
		"a leaf twice":             func(c *ballot.Closing) { c.Leaves[1].ID = c.Leaves[0].ID },
	} {
		t.Run(name, func(t *testing.T) {
			c := closing(t, s, form, marks, marks, marks, marks, marks)
			alter(&c)
			if err := s.CloseBatch(ctx, "scan", b.ID, c, noJobs); err == nil {
				t.Fatal("it was taken")
			}
			l := must[ballot.Ledger](t)(s.Ledger(ctx, id))
			if len(must[[]store.Page](t)(s.AllPages(ctx, id))) != 0 || len(l.Scanned) != 0 || must[ballot.Batch](t)(s.Batch(ctx, b.ID)).State != ballot.BatchOpen {
				t.Fatal("a refused closing left something")
			}
		})
	}
	ok(t, s.CloseBatch(ctx, "scan", b.ID, closing(t, s, form, marks, marks, marks, marks, marks), noJobs))
	if got := must[ballot.Batch](t)(s.Batch(ctx, b.ID)); got.State != ballot.BatchClosed || got.Leaves != 5 {
		t.Errorf("closed %+v", got)
	}
	if n := len(must[map[string]bool](t)(s.PageIDs(ctx))); n != 10 {
		t.Errorf("%d pages of five leaves", n)
	}
	refused(t, ballot.CodeState, s.CloseBatch(ctx, "scan", b.ID, closing(t, s, form, marks), noJobs))
}

// TestWithdrawnFormNeverCounts closes with paper of a version that was unsealed.
func TestWithdrawnFormNeverCounts(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := sealed(t, s, draft(2))
	old := formA(t, s, id)
	must[ballot.Meeting](t)(s.Unseal(ctx, "admin", id))
	if _, _, err := s.Seal(ctx, "admin", id, zeros{}); err != nil {
		t.Fatal(err)
	}
	must[ballot.Meeting](t)(s.Open(ctx, "admin", id))
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	if err := s.CloseBatch(ctx, "scan", b.ID, closing(t, s, old, "aa", "aa", "aa", "aa", "aa"), noJobs); err == nil {
		t.Fatal("ballots of a withdrawn form were taken")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestHandCountsFirst refuses more leaves than people counted, and leaves that nobody counted.
func TestHandCountsFirst(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	form := formA(t, s, id)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	five := func() ballot.Closing { return closing(t, s, form, "aa", "ab", "a-", "bc", "da") }
	refused(t, ballot.CodeUnbalanced, s.CloseBatch(ctx, "scan", b.ID, five(), noJobs))
	ok(t, s.EnterLedger(ctx, "p1", id, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Returned, 5))
	refused(t, ballot.CodeUnbalanced, s.CloseBatch(ctx, "scan", b.ID, five(), noJobs)) // one person's count is none
	handCounts(t, s, id, "main", 5)
	ok(t, s.CloseBatch(ctx, "scan", b.ID, five(), noJobs))
	again := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	refused(t, ballot.CodeUnbalanced, s.CloseBatch(ctx, "scan", again.ID, five(), noJobs)) // the stack a second time
	if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Scanned[0].Leaves != 5 || l.Valid[0].Leaves != 5 {
		t.Errorf("after the stack was fed twice: %+v", l)
	}
}

// TestJobsGoWithTheBatch: where the queue's rows cannot be deleted, the batch stays open.
func TestJobsGoWithTheBatch(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	fault := errors.New("queue")
	broken := func(*sql.Tx) error { return fault }
	if err := s.CloseBatch(ctx, "scan", b.ID, closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da"), broken); !errors.Is(err, fault) {
		t.Fatal(err)
	}
	if err := s.DiscardBatch(ctx, "scan", b.ID, broken); !errors.Is(err, fault) {
		t.Fatal(err)
	}
	if got := must[ballot.Batch](t)(s.Batch(ctx, b.ID)); got.State != ballot.BatchOpen || len(must[[]store.Page](t)(s.AllPages(ctx, id))) != 0 {
		t.Errorf("left %+v", got)
	}
}

// TestKilledWhileClosing: the transaction was saved and the process ended before the file was rewritten.
func TestKilledWhileClosing(t *testing.T) {
	t.Parallel() // waits for the busy timeout
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	ok(t, upload(s, b.ID, "upload-of-the-third-row", "stack"))
	// A reader that does not end keeps the log from being emptied.
	reader := must[*sql.DB](t)(sql.Open("sqlite3", path))
	tx := must[*sql.Tx](t)(reader.Begin())
	var n int
	ok(t, tx.QueryRow("SELECT count(*) FROM uploads").Scan(&n))
	err := s.CloseBatch(ctx, "scan", b.ID, closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da"), noJobs)
	refused(t, ballot.CodeConflict, err)
	if got := must[ballot.Batch](t)(s.Batch(ctx, b.ID)); got.State != ballot.BatchClosed || n != 1 {
		t.Fatalf("after the blocked closing: %+v", got)
	}
	if found := bytesWith(t, path, "upload-of-the-third-row"); len(found) != 1 {
		t.Fatal("the reader did not keep the log")
	}
	ok(t, errors.Join(tx.Rollback(), reader.Close()))
	openAt(t, path)
	if found := bytesWith(t, path, "upload-of-the-third-row"); len(found) != 0 {
		t.Error("opening the file again did not finish the closing")
	}
	if n := len(must[[]store.Page](t)(s.AllPages(ctx, id))); n != 5 {
		t.Errorf("%d pages", n)
	}
}

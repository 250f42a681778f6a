package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// large is an open meeting of 72 subjects and 1000 leaves of two sides, one row of which waits.
func large(b *testing.B) (*store.Store, string) {
	b.Helper()
	s := open(b)
	m := draft(72)
	m.Groups[0].Headcount = map[string]int{"main": 1000}
	id := opened(b, s, m)
	handCounts(b, s, id, "main", 1000)
	marks := strings.Repeat("abcdabc-", 9)
	feed(b, s, id, []string{"main"}, append(slices.Repeat([]string{marks}, 999), "?"+marks[1:])...)
	return s, id
}

func BenchmarkLargeMeeting(b *testing.B) {
	s, id := large(b)
	ctx := context.Background()
	page := must[[]store.Page](b)(s.Pages(ctx, id))[0].ID
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"ledger", func() error { _, err := s.Ledger(ctx, id); return err }},
		{"pages", func() error { _, err := s.Pages(ctx, id); return err }},
		{"page", func() error { _, err := s.Page(ctx, id, page); return err }},
		{"queue", func() error { _, _, err := s.Queue(ctx, "s1", id, 20, anyRow); return err }},
		{"spool page", func() func() error {
			batch := must[ballot.Batch](b)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
			ok(b, upload(s, batch.ID, "u", "u"))
			p, n := readings(formA(b, s, id), strings.Repeat("a", 72))[0], 0
			return func() error {
				n++
				return s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: "u", Index: n, Batch: batch.ID, Reading: p.Reading, Verdicts: p.Verdicts, Picture: fmt.Sprint(n)})
			}
		}()},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := c.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// unclearMeeting is an open meeting of 72 subjects and 1,000 leaves, two rows of each of which wait.
func unclearMeeting(b *testing.B) (*store.Store, string) {
	b.Helper()
	s := open(b)
	m := draft(72)
	m.Groups[0].Headcount = map[string]int{"main": 1000}
	id := opened(b, s, m)
	handCounts(b, s, id, "main", 1000)
	feed(b, s, id, []string{"main"}, slices.Repeat([]string{"?" + strings.Repeat("abcdabc-", 9)[1:71] + "?"}, 1000)...)
	return s, id
}

// BenchmarkQueue is a queue of 2,000 rows on 1,000 leaves, of which a page asks for 24; then of 1,000 rows, where the
// other 1,000 are decided, and what else the page on which people decide asks for.
func BenchmarkQueue(b *testing.B) {
	s, id := unclearMeeting(b)
	ctx := context.Background()
	queue := func(b *testing.B, wait int) {
		for b.Loop() {
			if rows, n, err := s.Queue(ctx, "s1", id, 24, anyRow); err != nil || len(rows) != 24 || n.Rows != wait {
				b.Fatalf("%d rows of %+v, %v", len(rows), n, err)
			}
		}
	}
	b.Run("all", func(b *testing.B) { queue(b, 2000) })
	rows, _, err := s.Queue(ctx, "s1", id, 1000, anyRow)
	ok(b, err)
	for _, r := range rows {
		ok(b, s.Decide(ctx, "s1", id, r.Page, r.Subject, decision("好"), false))
	}
	b.Run("half", func(b *testing.B) { queue(b, 1000) })
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"decide", func() error { return s.Decide(ctx, "s1", id, rows[0].Page, rows[0].Subject, decision("好"), false) }},
		{"decided", func() error { _, err := s.Decisions(ctx, id); return err }},
		{"pages", func() error { _, err := s.Pages(ctx, id); return err }},
		{"flags", func() error { _, err := s.LeafFlags(ctx, id); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				ok(b, c.do())
			}
		})
	}
}

func BenchmarkCloseBatch(b *testing.B) {
	for b.Loop() {
		large(b)
	}
}

// BenchmarkEvidence is what the log costs an act of a meeting with 300 two-sided leaves; a decision beside 300
// others; and checking the folder.
func BenchmarkEvidence(b *testing.B) {
	folder := b.TempDir()
	s, ctx := openAt(b, filepath.Join(folder, "pingyi.db")), context.Background()
	m := draft(72)
	m.Groups[0].Headcount = map[string]int{"main": 300}
	id := opened(b, s, m)
	handCounts(b, s, id, "main", 300)
	feed(b, s, id, []string{"main"}, slices.Repeat([]string{"?" + strings.Repeat("abcdabc-", 9)[1:71] + "?"}, 300)...)
	rows, _, err := s.Queue(ctx, "s1", id, 301, anyRow)
	ok(b, err)
	for _, r := range rows[1:] {
		ok(b, s.Decide(ctx, "s1", id, r.Page, r.Subject, decision("好"), false))
	}
	b.Run("act", func(b *testing.B) {
		for b.Loop() {
			ok(b, s.EnterLedger(ctx, "p1", id, ballot.LedgerKey{Venue: "main", Group: "A"}, ballot.Issued, 300))
		}
	})
	b.Run("decision", func(b *testing.B) {
		for b.Loop() {
			ok(b, s.Decide(ctx, "s1", id, rows[0].Page, rows[0].Subject, decision("好"), false))
		}
	})
	b.Run("checkpoint", func(b *testing.B) {
		for b.Loop() {
			must[store.Checkpoint](b)(s.Checkpoint(ctx))
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			must[store.Verification](b)(store.Verify(ctx, filepath.Join(folder, "pingyi.db"), store.Outside{}))
		}
	})
}

package store_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// inked is a closing of measured leaves of two rows: the first row's grade 好 is marked with so much ink
// (mm²), the second row plainly. The verdicts are the reader's.
func inked(t testing.TB, s *store.Store, f ballot.Form, inks ...float64) ballot.Closing {
	t.Helper()
	c := closing(t, s, f, slices.Repeat([]string{"aa"}, len(inks))...)
	for i, ink := range inks {
		p := &c.Leaves[i].Pages[0]
		p.Reading.Measures = ballot.MeasuresVersion
		for r := range p.Reading.Rows {
			scores := p.Reading.Rows[r].Scores
			for g := range scores {
				scores[g].Ink = 0
			}
			mark := ballot.MarkScore{Grade: scores[0].Grade, Ink: 6, Inside: 0.25, Reach: 6, Flat: 5, Contrast: 0.6, Strokes: 1, Second: 0.99}
			if r == 0 {
				mark.Ink = ink
			}
			scores[0] = mark
		}
		p.Verdicts = ballot.JudgePage(p.Reading.Rows, ballot.DefaultThresholds())
	}
	return c
}

// feedInked closes a batch of measured leaves from a venue.
func feedInked(t testing.TB, s *store.Store, id, venue string, inks ...float64) {
	t.Helper()
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", []string{venue}))
	ok(t, s.CloseBatch(context.Background(), "scan", b.ID, inked(t, s, formA(t, s, id), inks...), noJobs))
}

func leastInk(mm2 float64) ballot.Thresholds {
	th := ballot.DefaultThresholds()
	th.MarkInk = mm2
	return th
}

// goodAndWaiting is how many first rows are 好, and how many wait.
func goodAndWaiting(t testing.TB, s *store.Store, id string) (good, waiting int) {
	t.Helper()
	for _, p := range must[[]store.Page](t)(s.AllPages(context.Background(), id)) {
		waiting += p.Waiting()
		if p.Rows[0].Resolved && p.Rows[0].Verdict.Grade == "好" {
			good++
		}
	}
	return good, waiting
}

// stored is everything of pages and judgements, to tell whether something was written.
func stored(t testing.TB, s *store.Store) string {
	t.Helper()
	var out strings.Builder
	for _, table := range []string{"pages", "judgements", "judged_pages", "decisions", "acts"} {
		rows, err := s.DB().Query("SELECT * FROM " + table)
		ok(t, err)
		columns := must[[]string](t)(rows.Columns())
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			ok(t, rows.Scan(values...))
			for _, v := range values {
				fmt.Fprintf(&out, "%v|", *v.(*any))
			}
		}
		ok(t, rows.Close())
	}
	return out.String()
}

func TestRejudge(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feedInked(t, s, id, "main", 6, 6, 3, 0.9, 0.9) // two are too faint
	if good, waiting := goodAndWaiting(t, s, id); good != 3 || waiting != 2 {
		t.Fatalf("as read: %d good, %d wait", good, waiting)
	}
	if th, n, err := s.Thresholds(ctx, id); err != nil || n != 0 || th != ballot.DefaultThresholds() {
		t.Errorf("in force at first: number %d, %v", n, err)
	}

	before := stored(t, s)
	tried := must[store.Rejudged](t)(s.TryThresholds(ctx, id, leastInk(0.8)))
	faint, good := ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}, ballot.Verdict{Kind: ballot.IsGrade, Grade: "好"}
	if tried.Pages != 5 || tried.Rows != 10 || tried.WaitingNow != 2 || tried.Later != 0 || !slices.Equal(tried.Changes, []ballot.Change{{From: faint, To: good, Rows: 2}}) {
		t.Errorf("tried: %+v", tried)
	}
	if stored(t, s) != before {
		t.Fatal("trying wrote something")
	}

	did := must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(0.8)))
	if did.Later != tried.Later || !slices.Equal(did.Changes, tried.Changes) {
		t.Errorf("done %+v, tried %+v", did, tried)
	}
	if good, waiting := goodAndWaiting(t, s, id); good != 5 || waiting != 0 {
		t.Errorf("judged again: %d good, %d wait", good, waiting)
	}
	if _, n, err := s.Queue(ctx, "s1", id, 10, anyRow); err != nil || n.Rows != 0 {
		t.Errorf("%d rows in the queue, %v", n.Rows, err)
	}
	if th, n, err := s.Thresholds(ctx, id); err != nil || n != 1 || th != leastInk(0.8) {
		t.Errorf("in force: number %d, %+v, %v", n, th, err)
	}
	acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))
	if acts[0].Act != "rejudge" || acts[0].Actor != "root" || acts[0].Detail != "1: mark_ink 0.8" {
		t.Errorf("the record says %+v", acts[0])
	}
}

// TestLastJudgementWins judges a meeting three times: with a batch that is closed between, and with rows
// that people have decided.
func TestLastJudgementWins(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	feedInked(t, s, id, "main", 6, 6, 3, 0.9, 0.9)
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(0.8)))
	feedInked(t, s, id, "east", 6, 0.9, 0.9, 0.7)
	if good, waiting := goodAndWaiting(t, s, id); good != 8 || waiting != 1 {
		t.Errorf("with a later batch: %d good, %d wait", good, waiting)
	}
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(4)))
	if th, n, err := s.Thresholds(ctx, id); err != nil || n != 2 || th != leastInk(4) {
		t.Errorf("in force: number %d, %+v, %v", n, th, err)
	}
	if good, waiting := goodAndWaiting(t, s, id); good != 3 || waiting != 6 {
		t.Errorf("stricter: %d good, %d wait", good, waiting)
	}
	if _, err := s.Balance(ctx, "s1", id); err == nil || !strings.Contains(err.Error(), "something still waits") {
		t.Errorf("rows that were votes wait for people, and the balance says %v", err)
	}
	rows, n, err := s.Queue(ctx, "s1", id, 10, anyRow)
	ok(t, err)
	if n.Rows != 6 || len(rows) != 6 {
		t.Fatalf("%d rows in the queue of %d", len(rows), n.Rows)
	}
	for _, r := range rows {
		ok(t, s.Decide(ctx, "s1", id, r.Page, r.Subject, decision("差"), false))
	}
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, ballot.DefaultThresholds())) // all are scanned: nothing is told
	if good, waiting := goodAndWaiting(t, s, id); good != 3 || waiting != 0 {
		t.Errorf("decided, then judged again: %d good, %d wait", good, waiting)
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	r, err := s.Result(ctx, id)
	ok(t, err)
	if c := r.Subjects[0].Overall.Counts; c[0] != 3 || c[3] != 6 {
		t.Errorf("certified %v", c)
	}
	_, err = s.Rejudge(ctx, "root", id, leastInk(0.8))
	refused(t, ballot.CodeState, err)
}

// TestRejudgeNeverChangesAVote: thresholds by which a vote would be another are put in force, and the vote
// goes to a person, however often they are.
func TestRejudgeNeverChangesAVote(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.Altered = ballot.RowInvalid
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	c := inked(t, s, formA(t, s, id), 6, 6, 6, 6, 6)
	c.Leaves[0].Pages[0].Verdicts[0].Grade = "差" // as an earlier reader might have judged the same measures
	c.Leaves[0].Pages[0].Verdicts[1] = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonAltered}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	for i := range 3 {
		out := must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, ballot.DefaultThresholds()))
		if out.Later != 2 || i == 0 && (len(out.Changes) != 2 || !out.Changes[0].Held() || !out.Changes[1].Held()) {
			t.Fatalf("%+v", out)
		}
		rows, n, err := s.Queue(ctx, "s1", id, 10, anyRow)
		ok(t, err)
		if n.Rows != 2 || rows[0].Page != c.Leaves[0].Pages[0].ID || rows[0].Machine.Reason != ballot.ReasonRejudged || rows[1].Page != rows[0].Page {
			t.Fatalf("in the queue: %+v", rows)
		}
	}
}

// TestRejudgeKeepsDecisions: with two people to a row, one decision still waits for the second after the
// row has become a clear one.
func TestRejudgeKeepsDecisions(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.TwoAdjudicators = true
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feedInked(t, s, id, "main", 6, 6, 6, 6, 0.9)
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("差"), false))
	out := must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(0.8)))
	if out.Decided != 1 || out.Later != 1 || len(out.Changes) != 1 || out.Changes[0].Decided != 1 {
		t.Errorf("%+v", out)
	}
	if good, open := goodAndWaiting(t, s, id); good != 4 || open != 1 {
		t.Errorf("%d good, %d wait", good, open)
	}
	row = waiting(t, s, id, "s2")
	ok(t, s.Decide(ctx, "s2", id, row.Page, row.Subject, decision("差"), false))
	if good, open := goodAndWaiting(t, s, id); good != 4 || open != 0 {
		t.Errorf("two have decided: %d good, %d wait", good, open)
	}
	clear := must[[]store.Page](t)(s.Pages(ctx, id))
	at := slices.IndexFunc(clear, func(p store.Page) bool { return len(p.Rows[0].Decisions) == 0 })
	refused(t, ballot.CodeInvalid, s.Decide(ctx, "s1", id, clear[at].ID, 1, decision("差"), false)) // never unclear
}

func TestRejudgeRefused(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	try := func(th ballot.Thresholds) error { _, err := s.Rejudge(ctx, "root", id, th); return err }
	refused(t, ballot.CodeInvalid, try(leastInk(math.NaN())))
	_, err := s.Rejudge(ctx, "root", "none", leastInk(2))
	refused(t, ballot.CodeNotFound, err)
	_, err = s.TryThresholds(ctx, "none", leastInk(2))
	refused(t, ballot.CodeNotFound, err)
	_, err = s.Rejudge(ctx, "root", sealed(t, s, draft(2)), leastInk(2))
	refused(t, ballot.CodeState, err)

	// A decision made before, while another batch is still to come, would tell the two batches apart.
	feedInked(t, s, id, "main", 6, 6, 6, 6, 0.9)
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("差"), false))
	refused(t, ballot.CodeState, try(leastInk(0.8)))
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	refused(t, ballot.CodeState, try(leastInk(0.8)))
	if n := len(must[[]store.Act](t)(s.Acts(ctx, id, 0, 1000))); strings.Contains(stored(t, s), "rejudge") {
		t.Errorf("%d acts, and a refused one is among them", n)
	}
	ok(t, s.CloseBatch(ctx, "scan", b.ID, inked(t, s, formA(t, s, id), 6, 6, 6, 6), noJobs))
	ok(t, try(leastInk(0.8)))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	refused(t, ballot.CodeState, try(leastInk(0.7)))
}

// TestOldMeasures: what an earlier reader measured is not judged by thresholds that ask for more.
func TestOldMeasures(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	old := func(inks ...float64) ballot.Closing {
		c := inked(t, s, formA(t, s, id), inks...)
		c.Leaves[0].Pages[0].Reading.Measures = 0
		return c
	}
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	ok(t, s.CloseBatch(ctx, "scan", b.ID, old(6, 6, 6, 6, 6), noJobs)) // as it was read, it counts
	_, err := s.TryThresholds(ctx, id, leastInk(2))
	refused(t, ballot.CodeConflict, err)
	if !strings.Contains(err.Error(), "1 pages") {
		t.Errorf("it says %v", err)
	}
	_, err = s.Rejudge(ctx, "root", id, leastInk(2))
	refused(t, ballot.CodeConflict, err)

	other := opened(t, s, draft(2))
	id = other
	handCounts(t, s, id, "main", 5)
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(2)))
	b = must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	refused(t, ballot.CodeConflict, s.CloseBatch(ctx, "scan", b.ID, old(6, 6, 6, 6, 6), noJobs))
	if len(must[[]store.Page](t)(s.AllPages(ctx, id))) != 0 {
		t.Error("a refused closing left pages")
	}
}

// TestJudgementsTellNoBatch closes one batch before a judgement and one after it: nothing that is kept of
// their pages may tell them apart.
func TestJudgementsTellNoBatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	m := draft(2)
	m.Groups[0].Headcount = map[string]int{"main": 6, "east": 6}
	id := opened(t, s, m)
	kept := func() map[string]string {
		rows, err := s.DB().Query("SELECT pages.id, pages.verdicts || coalesce(group_concat(number || judged_pages.verdicts || judged_pages.unclear), '-') FROM pages LEFT JOIN judged_pages ON page = id GROUP BY id")
		ok(t, err)
		defer rows.Close()
		out := map[string]string{}
		for rows.Next() {
			var page, text string
			ok(t, rows.Scan(&page, &text))
			out[page] = text
		}
		return out
	}
	inks := []float64{6, 3, 1.5, 0.9, 0.7, 0.2}
	for i, venue := range []string{"main", "east"} {
		handCounts(t, s, id, venue, 6)
		feedInked(t, s, id, venue, inks...)
		if i == 0 {
			must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(2)))
			must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(0.8)))
		}
	}
	count := map[string]int{}
	for _, text := range kept() {
		count[text]++
	}
	for text, n := range count {
		if n%2 != 0 {
			t.Errorf("%d pages with %s: the two batches differ", n, text)
		}
	}
	if len(count) < 3 {
		t.Errorf("only %d kinds of page: the thresholds tell nothing apart, and this test nothing either", len(count))
	}
}

// TestRejudgeAndClosingAtOnce: whichever comes first, every page has verdicts by every judgement.
func TestRejudgeAndClosingAtOnce(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	feedInked(t, s, id, "main", 6, 6, 3, 0.9, 0.9)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"east"}))
	c := inked(t, s, formA(t, s, id), 6, 6, 0.9, 0.9)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := s.Rejudge(ctx, "root", id, leastInk(0.8)); err != nil && ballot.CodeOf(err) != ballot.CodeConflict {
				t.Error(err)
			}
		})
	}
	wait.Go(func() {
		if err := s.CloseBatch(ctx, "scan", b.ID, c, noJobs); err != nil {
			t.Error(err)
		}
	})
	wait.Wait()
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", id, leastInk(0.8)))
	_, number, err := s.Thresholds(ctx, id)
	ok(t, err)
	var judged int
	ok(t, s.DB().QueryRow("SELECT count(*) FROM judged_pages").Scan(&judged))
	if judged != 9*number {
		t.Errorf("%d verdicts of 9 pages by %d judgements", judged, number)
	}
	if good, waiting := goodAndWaiting(t, s, id); good != 9 || waiting != 0 {
		t.Errorf("%d good, %d wait", good, waiting)
	}
}

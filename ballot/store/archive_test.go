package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/tally"
)

// decidedAndReleased is a meeting of nine ballots whose results are out; one of its rows was decided by a person.
func decidedAndReleased(t testing.TB, s *store.Store) string {
	t.Helper()
	ctx := context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 4)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	feed(t, s, id, []string{"east"}, "aa", "xb", "dd", "ab")
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, ballot.Decision{Kind: ballot.IsBlank, Reason: "看不清"}, false))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	must[store.Signed](t)(s.Release(ctx, "c1", id, "无误"))
	must[store.Signed](t)(s.Release(ctx, "c2", id, "无误"))
	return id
}

// exported has two of the committee sign the export of a released meeting's records, and one take them away.
func exported(t testing.TB, s *store.Store, id string) {
	t.Helper()
	ctx := context.Background()
	must[store.Signed](t)(s.ExportRecords(ctx, "c1", id, "存档"))
	if got := must[store.Signed](t)(s.ExportRecords(ctx, "c2", id, "同意")); !got.Done || got.State != ballot.Released {
		t.Fatalf("after two signatures: %+v", got)
	}
	ok(t, s.Downloaded(ctx, "c1", id, "ab", 12))
}

func TestExportNeedsTwo(t *testing.T) {
	now := clock
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s := must[*store.Store](t)(store.Open(path, store.Options{Now: func() time.Time { return now }}))
	defer s.Close()
	ctx := context.Background()
	id := decidedAndReleased(t, s)
	_, err := s.ExportRecords(ctx, "c1", id, "  ")
	refused(t, ballot.CodeInvalid, err)
	refused(t, ballot.CodeSecondPerson, s.Downloaded(ctx, "c1", id, "ab", 1))
	must[store.Signed](t)(s.ExportRecords(ctx, "c1", id, "存档"))
	_, err = s.ExportRecords(ctx, "c1", id, "存档")
	refused(t, ballot.CodeSecondPerson, err)
	_, _, _, err = s.MayDownload(ctx, "c1", id)
	refused(t, ballot.CodeSecondPerson, err)
	must[store.Signed](t)(s.ExportRecords(ctx, "c2", id, "同意"))
	_, err = s.Archive(ctx, "c1", id, "2027-03-01")
	refused(t, ballot.CodeState, err) // nobody has taken it away
	for _, who := range []string{"c1", "c2"} {
		e, body, number, err := s.MayDownload(ctx, who, id)
		if err != nil || number != 1 || !strings.Contains(string(body), `"valid":9`) || e.Reason != "存档" {
			t.Fatalf("%+v, result %d, %v", e, number, err)
		}
	}
	refused(t, ballot.CodeForbidden, s.Downloaded(ctx, "c3", id, "ab", 1))
	ok(t, s.Downloaded(ctx, "c2", id, "ab", 1))

	// Who asks for the next makes it past, unless they may not sign any more.
	ok(t, s.CreateUser(ctx, "admin", store.User{Name: "c3", Role: ballot.RoleCommittee, Hash: "h"}))
	must[store.Signed](t)(s.ExportRecords(ctx, "c3", id, "再存"))
	refused(t, ballot.CodeSecondPerson, s.Downloaded(ctx, "c2", id, "ab", 1))
	changeUser(t, s, "c3", func(u *store.User) { u.Disabled = true })
	if a := must[ballot.Archiving](t)(s.Archiving(ctx, id)); a.Export.AskedBy != "c1" || a.Export.ConfirmedBy != "c2" {
		t.Errorf("beside a void signature the export is %+v", a.Export)
	}
	ok(t, s.Downloaded(ctx, "c2", id, "ab", 1))

	// What the committee concludes afterwards is not in it.
	grade := "好"
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c1", id, 1, &grade, nil))
	refused(t, ballot.CodeConflict, s.Downloaded(ctx, "c1", id, "ab", 1))
	_, err = s.Archive(ctx, "c1", id, "2027-03-01")
	refused(t, ballot.CodeState, err)
	exported(t, s, id)
	// It is good for a week, and archiving ends it.
	now = clock.AddDate(0, 0, ballot.ExportDays)
	refused(t, ballot.CodeState, s.Downloaded(ctx, "c1", id, "ab", 1))
	now = clock
	must[ballot.Meeting](t)(s.Archive(ctx, "c1", id, "2027-03-01"))
	refused(t, ballot.CodeState, s.Downloaded(ctx, "c1", id, "ab", 1))
	_, err = s.ExportRecords(ctx, "c1", id, "存档")
	refused(t, ballot.CodeState, err)
}

// TestDateOfDestruction: nobody sets a date too early or destroys before it, and it is only ever put off.
func TestDateOfDestruction(t *testing.T) {
	now := clock
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s := must[*store.Store](t)(store.Open(path, store.Options{Now: func() time.Time { return now }}))
	defer s.Close()
	ctx := context.Background()
	id := decidedAndReleased(t, s)
	exported(t, s, id)
	for _, date := range []string{"", "soon", "2026-12-22", "2026-13-01", "2036-12-31", clock.Format(time.DateOnly)} {
		_, err := s.Archive(ctx, "c1", id, date)
		refused(t, ballot.CodeInvalid, err)
	}
	must[ballot.Meeting](t)(s.Archive(ctx, "c1", id, "2026-12-23"))
	refused(t, ballot.CodeInvalid, s.PostponeDestruction(ctx, "c1", id, "2027-01-10", " "))
	for _, date := range []string{"2026-12-22", "2026-12-23"} {
		refused(t, ballot.CodeInvalid, s.PostponeDestruction(ctx, "c1", id, date, "有申诉"))
	}
	ok(t, s.PostponeDestruction(ctx, "c1", id, "2027-01-10", "有申诉"))
	for _, at := range []time.Time{clock, time.Date(2027, 1, 9, 23, 59, 59, 0, time.UTC)} {
		now = at
		if due := must[[]string](t)(s.DueForDestruction(ctx)); len(due) != 0 {
			t.Errorf("due at %s", at)
		}
		refused(t, ballot.CodeTooEarly, s.BeginDestruction(ctx, "root", id, 0, 0))
		refused(t, ballot.CodeState, s.DestroyRows(ctx, id))
	}
	for _, statement := range []string{"UPDATE archives SET destroy_on = '2026-01-01'", "UPDATE archives SET keeping = 'destroyed'", "DELETE FROM archives"} {
		if _, err := s.DB().Exec(statement); err == nil {
			t.Errorf("the database takes %s", statement)
		}
	}
	now = time.Date(2027, 1, 10, 0, 0, 0, 0, time.UTC)
	if due := must[[]string](t)(s.DueForDestruction(ctx)); !slices.Equal(due, []string{id}) {
		t.Errorf("due %v", due)
	}
	ok(t, s.BeginDestruction(ctx, "c1", id, 9, 900))
	refused(t, ballot.CodeDestroyed, s.PostponeDestruction(ctx, "c1", id, "2027-02-10", "有申诉"))
	if _, err := s.DB().Exec("UPDATE archives SET keeping = 'kept'"); err == nil {
		t.Error("the database forgets that a destruction has begun")
	}
}

// TestArchivedBefore: what a version before this one archived has no date, until the committee sets one.
func TestArchivedBefore(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := decidedAndReleased(t, s)
	must[sql.Result](t)(s.DB().Exec(`UPDATE meetings SET state = 'archived', body = json_set(body, '$.state', 'archived')`))
	a := must[ballot.Archiving](t)(s.Archiving(ctx, id))
	if a.State != ballot.Archived || a.DestroyOn != "" || a.Keeping != ballot.Kept || a.Counts.Pages != 9 || a.Terms.Usual != "2027-02-21" {
		t.Errorf("%+v", a)
	}
	refused(t, ballot.CodeTooEarly, s.BeginDestruction(ctx, "root", id, 0, 0))
	ok(t, s.PostponeDestruction(ctx, "c1", id, "2027-01-10", "升级前已归档"))
	if a = must[ballot.Archiving](t)(s.Archiving(ctx, id)); a.DestroyOn != "2027-01-10" {
		t.Errorf("%+v", a)
	}
}

// stays is every table that keeps its rows when ballots are destroyed.
const stays = "acts archives audits batches checkpoints conclusions cvr_exports exports forms ledger_entries log_hashes log_head meetings overall_caps prints rejections scanned sealed_decisions sessions signatures tokens users"

// TestEveryTableIsDecided: a new table is either destroyed or says here that it stays.
func TestEveryTableIsDecided(t *testing.T) {
	s := open(t)
	rows := must[*sql.Rows](t)(s.DB().Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name"))
	defer rows.Close()
	gone := store.DestroyedTables()
	for rows.Next() {
		var name string
		ok(t, rows.Scan(&name))
		if kept := slices.Contains(strings.Fields(stays), name); kept == slices.Contains(gone, name) && name != "results" && name != "commitments" { // of these a part
			t.Errorf("table %s: destroyed and kept, or neither", name)
		}
	}
}

// TestDestroyed: rows are gone from the file, of this meeting alone; what is kept still answers, and the rest says
// why it does not. Each step may be done again, as after a kill.
func TestDestroyed(t *testing.T) {
	now, path := clock, filepath.Join(t.TempDir(), "pingyi.db")
	s := must[*store.Store](t)(store.Open(path, store.Options{Now: func() time.Time { return now }}))
	defer s.Close()
	ctx := context.Background()
	id, other := decidedAndReleased(t, s), decidedAndReleased(t, s)
	exported(t, s, id)
	must[ballot.Meeting](t)(s.Archive(ctx, "c1", id, "2026-12-23"))
	before := resultText(t, s, id)
	var secrets, others []string
	for _, p := range must[[]store.Page](t)(s.Pages(ctx, id)) {
		secrets = append(secrets, p.ID, p.Leaf)
	}
	for _, p := range must[[]store.Page](t)(s.Pages(ctx, other)) {
		others = append(others, p.ID, p.Leaf)
	}
	if found := bytesWith(t, path, secrets...); len(found) != 18 {
		t.Fatalf("the search finds %d of 18 ids", len(found))
	}
	now = time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC)
	for range 2 {
		ok(t, s.BeginDestruction(ctx, "root", id, 9, 900))
		_, err := s.Pages(ctx, id)
		refused(t, ballot.CodeDestroyed, err)
		ok(t, s.DestroyRows(ctx, id))
	}
	ok(t, s.FinishDestruction(ctx, id))
	ok(t, s.FinishDestruction(ctx, id))
	if found := bytesWith(t, path, secrets...); len(found) > 0 {
		t.Errorf("the files still hold %q", found)
	}
	if found := bytesWith(t, path, others...); len(found) != 18 {
		t.Errorf("of the other meeting %d ids are left", len(found))
	}
	checkAnswers(t, s, id)
	if after := resultText(t, s, id); after != before {
		t.Errorf("the result was %s, is %s", before, after)
	}
	act := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1))[0]
	if act.Act != "destroy_ballots" || act.Actor != "root" || act.Detail != "leaves 9, pages 9, pictures 9, bytes 900" {
		t.Errorf("recorded %+v", act)
	}
	a := must[ballot.Archiving](t)(s.Archiving(ctx, id))
	if a.Keeping != ballot.Destroyed || a.Counts != (ballot.Remains{Leaves: 9, Pages: 9, Pictures: 9, Bytes: 900}) || !a.DestroyedAt.Equal(now) || a.DestroyedBy != "root" {
		t.Errorf("%+v", a)
	}
	if due := must[[]string](t)(s.DueForDestruction(ctx)); len(due) != 0 {
		t.Errorf("still due: %v", due)
	}
	refused(t, ballot.CodeDestroyed, s.BeginDestruction(ctx, "root", id, 0, 0))
	if v := must[store.Verification](t)(store.Verify(ctx, path, store.Outside{})); len(v.Faults) > 0 {
		t.Errorf("the log contradicts what is left: %+v", v.Faults)
	}
}

// checkAnswers asks for everything of a meeting whose ballots are gone.
func checkAnswers(t *testing.T, s *store.Store, id string) {
	t.Helper()
	ctx := context.Background()
	for what, ask := range map[string]func() error{
		"pages":      func() error { _, err := s.Pages(ctx, id); return err },
		"page":       func() error { _, err := s.Page(ctx, id, "x"); return err },
		"flags":      func() error { _, err := s.LeafFlags(ctx, id); return err },
		"queue":      func() error { _, _, err := s.Queue(ctx, "s1", id, 1, anyRow); return err },
		"decisions":  func() error { _, err := s.Decisions(ctx, id); return err },
		"thresholds": func() error { _, _, err := s.Thresholds(ctx, id); return err },
		"try":        func() error { _, err := s.TryThresholds(ctx, id, ballot.DefaultThresholds()); return err },
		"blanks":     func() error { _, err := s.Blanks(ctx, id); return err },
		"blank":      func() error { _, err := s.BlankPages(ctx, id, "A"); return err },
		"blank page": func() error { _, err := s.BlankPage(ctx, id, "A", 1); return err },
	} {
		if err := ask(); ballot.CodeOf(err) != ballot.CodeDestroyed {
			t.Errorf("%s: %v", what, err)
		}
	}
	if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Balance() != nil || !l.Destroyed || len(l.Lines) != 2 || l.Valid[0] != (ballot.GroupCount{Group: "A", Leaves: 9}) || l.Lines[0].Typed[ballot.Returned] != 5 {
		t.Errorf("ledger %+v", l)
	}
	if forms := must[[]ballot.Form](t)(s.Forms(ctx, id)); len(forms) != 1 {
		t.Errorf("%d forms", len(forms))
	}
}

func resultText(t *testing.T, s *store.Store, id string) string {
	t.Helper()
	r := must[*tally.Result](t)(s.Result(context.Background(), id))
	return string(must[[]byte](t)(json.Marshal(r)))
}

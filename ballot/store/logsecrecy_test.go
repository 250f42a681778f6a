package store_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

// saltsOf are the salts that the database has of a meeting.
func saltsOf(t *testing.T, s *store.Store, meeting string) (salts []string) {
	t.Helper()
	rows := must[*sql.Rows](t)(s.DB().Query("SELECT salt FROM commitments WHERE meeting = ? AND kind IN ('pages', 'decisions', 'entries', 'ledger')", meeting))
	defer rows.Close()
	for rows.Next() {
		var salt []byte
		ok(t, rows.Scan(&salt))
		salts = append(salts, string(salt))
	}
	ok(t, rows.Err())
	return salts
}

// TestLogTellsNoBatch: the entries of two closings commit to the pages that were there by then. Without a salt, ten
// pages would be told apart into their batches by trying at most 252 halves; the salt of the first closing must be
// gone from the files once the second is closed, and what is left must fit no half.
func TestLogTellsNoBatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	m := draft(2)
	m.Groups[0].Headcount = map[string]int{"main": 5, "east": 5}
	id := opened(t, s, m)
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 5)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "da")
	first := saltsOf(t, s, id)
	feed(t, s, id, []string{"east"}, "aa", "ab", "a-", "bc", "da")
	second := saltsOf(t, s, id)
	if found := bytesWith(t, path, first...); len(found) > 0 || len(first) < 2 {
		t.Errorf("%d of %d salts of the first closing are still in the files", len(found), len(first))
	}
	if found := bytesWith(t, path, second...); len(found) != len(second) {
		t.Errorf("the search finds %d of %d salts that are kept", len(found), len(second))
	}
	var facts string
	ok(t, s.DB().QueryRow("SELECT facts FROM acts WHERE act = 'close_batch' ORDER BY id LIMIT 1").Scan(&facts))
	leaves := leafDigests(t, s, id)
	salts := append(second, "")
	fits, tried := 0, 0
	for half := range 1 << len(leaves) {
		var subset []tlog.Hash
		for i, l := range leaves {
			if half&(1<<i) != 0 {
				subset = append(subset, l)
			}
		}
		if len(subset) != 5 {
			continue
		}
		tried++
		for _, salt := range salts {
			root := evidence.Root(subset)
			if strings.Contains(facts, evidence.Commit([]byte(salt), root)) || strings.Contains(facts, hex.EncodeToString(root[:])) {
				fits++
			}
		}
	}
	if fits > 0 || tried != 252 {
		t.Errorf("%d of %d halves fit the first closing's entry", fits, tried)
	}
	// The same attack on a log without salts finds the batch: the test can fail.
	plain, found := evidence.Root(leaves[:5]), 0
	for half := range 1 << len(leaves) {
		var subset []tlog.Hash
		for i, l := range leaves {
			if half&(1<<i) != 0 {
				subset = append(subset, l)
			}
		}
		if len(subset) == 5 && evidence.Root(subset) == plain {
			found++
		}
	}
	if found != 1 {
		t.Errorf("without a salt %d halves fit", found)
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
}

// leafDigests are the digests of a meeting's pages, as the log makes them.
func leafDigests(t *testing.T, s *store.Store, id string) (out []tlog.Hash) {
	t.Helper()
	rows := must[*sql.Rows](t)(s.DB().Query("SELECT id, leaf, meeting, form, form_page, grp, verdicts, unclear, flags, image, reading FROM pages WHERE meeting = ? ORDER BY id", id))
	defer rows.Close()
	for rows.Next() {
		values, into, row := make([]sql.RawBytes, 11), make([]any, 11), make([][]byte, 11)
		for i := range values {
			into[i] = &values[i]
		}
		ok(t, rows.Scan(into...))
		for i, v := range values {
			row[i] = v
		}
		out = append(out, evidence.Row(row...))
	}
	ok(t, rows.Err())
	return out
}

// TestLogTellsNoDecision: what can be seen of the log (entries, checkpoints, their sizes) is the same whether the first
// batch's rows are decided before the second is closed or after, before the meeting is balanced or once it went back;
// entries of decisions hold no page, row, choice or reason of theirs, come with certifying alone, in the order of random
// ids, and all at one time.
func TestLogTellsNoDecision(t *testing.T) {
	shape := func(early bool) (acts []string, sizes []int64) {
		s, ctx := open(t), context.Background()
		id := opened(t, s, draft(2))
		handCounts(t, s, id, "main", 5)
		handCounts(t, s, id, "east", 4)
		look := func() {
			sizes = append(sizes, must[store.Checkpoint](t)(s.Checkpoint(ctx)).Size)
		}
		feed(t, s, id, []string{"main"}, "a?", "ab", "?-", "bc", "da")
		look()
		if early {
			decideAll(t, s, id, "s1")
		}
		look()
		feed(t, s, id, []string{"east"}, "aa", "a?", "a-", "bc")
		decideAll(t, s, id, "s1")
		look()
		must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
		must[ballot.Meeting](t)(s.BackToOpen(ctx, "s1", id, "核对"))
		look()
		if !early { // there was one batch more in which somebody corrects himself
			r := must[[]store.Decided](t)(s.Decisions(ctx, id))[0]
			ok(t, s.Decide(ctx, "s1", id, r.Page, r.Subject, decision("好"), false))
		}
		must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
		look()
		certify(t, s, id)
		look()
		rows := must[*sql.Rows](t)(s.DB().Query("SELECT act, actor, role, detail, json_remove(facts, '$.row') AS facts, time, (SELECT group_concat(key) FROM json_each(facts)) FROM acts WHERE meeting = ? ORDER BY id", id))
		defer rows.Close()
		for rows.Next() {
			var act, actor, role, detail, facts, at, says string
			ok(t, rows.Scan(&act, &actor, &role, &detail, &facts, &at, &says))
			if act == "decision" && (facts != "{}" || detail != string(ballot.ReasonFaint) || at == "") {
				t.Errorf("an entry of a decision says %s %s %s", detail, facts, at)
			}
			acts = append(acts, act+" "+actor+" "+detail+" "+says)
		}
		ok(t, rows.Err())
		return acts, sizes
	}
	early, earlySizes := shape(true)
	late, lateSizes := shape(false)
	trim := func(acts []string) []string { // the test's own counts come in any order
		return slices.DeleteFunc(acts, func(a string) bool { return strings.Contains(a, "_ledger ") })
	}
	early, late = trim(early), trim(late)
	if !slices.Equal(early, late) || !slices.Equal(earlySizes, lateSizes) {
		t.Errorf("the log tells when rows were decided:\n%q %v\n%q %v", early, earlySizes, late, lateSizes)
	}
}

// TestRecordTellsNoVoidOfSmallGroups: what became of a sheet that could not be read, and a scrutineer's word for it, is in
// the log; the record of acts shows it only where no group is so small that its ballots are counted with another's.
func TestRecordTellsNoVoidOfSmallGroups(t *testing.T) {
	for name, c := range map[string]struct {
		ballots []string // beside the void one
		other   int      // people that the other group expects
		want    string
	}{
		"ordinary":         {[]string{"aa", "ab", "bc", "da", "cc"}, 5, "A main: 6, of them 1 void (s1: 撕破)"},
		"all of its group": {nil, 5, "A main: 1"},
		"beside a small group, whose ballots are counted with these": {[]string{"aa", "ab", "bc", "da", "cc"}, 1, "A main: 6"},
	} {
		t.Run(name, func(t *testing.T) {
			s, ctx := open(t), context.Background()
			m := draft(2)
			m.Groups = append(m.Groups, ballot.VoterGroup{Code: "C", Name: "指导组", Categories: []string{"指导组"}, Weight: 40, JoinWith: "A", Headcount: map[string]int{"east": c.other}})
			m.Groups[0].Weight, m.Groups[0].JoinWith = 60, "C"
			id := opened(t, s, m)
			handCounts(t, s, id, "main", len(c.ballots)+1)
			handCounts(t, s, id, "east", 0)
			b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
			ok(t, upload(s, b.ID, "up", "content"))
			ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: "up", Batch: b.ID, Reading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectNoPage}}}))
			ok(t, s.DisposePages(ctx, "scan", b.ID, "up", []int{0}, ballot.Void))
			closed := closing(t, s, formA(t, s, id), c.ballots...)
			closed.Scanned[0].Leaves, closed.Void = len(c.ballots)+1, []ballot.GroupCount{{Group: "A", Leaves: 1}}
			closed.Vouched = ballot.Vouching{By: "s1", Leaves: 1, Reason: "撕破"}
			ok(t, s.CloseBatch(ctx, "scan", b.ID, closed, noJobs))
			acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 2))
			if acts[0].Detail != c.want || acts[1].Act != "dispose_page" || acts[1].Detail != "" {
				t.Errorf("the record says %+v", acts)
			}
			var word, disposal string
			ok(t, s.DB().QueryRow("SELECT max(facts ->> 'void'), max(facts ->> 'disposal') FROM acts WHERE meeting = ?", id).Scan(&word, &disposal))
			if word != `{"by":"s1","leaves":1,"reason":"撕破"}` || disposal != "void" {
				t.Errorf("the log has %s and %s", word, disposal)
			}
		})
	}
}

// TestEntriesOfDecisionsAreForgotten: certifying again says all decisions anew; the salt of the entries before is gone.
func TestEntriesOfDecisionsAreForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feed(t, s, id, []string{"main"}, "a?", "ab", "?-", "bc", "da")
	decideAll(t, s, id, "s1", "s2")
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	first := saltsOf(t, s, id)
	must[store.Signed](t)(s.Reopen(ctx, "s1", id, "核对"))
	must[store.Signed](t)(s.Reopen(ctx, "s2", id, "核对"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	if found := bytesWith(t, path, first...); len(found) > 0 || len(first) < 4 {
		t.Errorf("%d of %d salts of the first certification are still in the files", len(found), len(first))
	}
	entries := must[[]store.Act](t)(s.AllActs(ctx, store.ActFilter{Act: "decision", Limit: 100}))
	if len(entries) != 6 { // twice two rows and a correction
		t.Errorf("%d entries of decisions", len(entries))
	}
}

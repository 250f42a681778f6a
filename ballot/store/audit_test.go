package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/tally"
)

// audited is a meeting whose paper is audited: two batches of one group, of which the paper is here too.
type audited struct {
	*store.Store
	testing.TB
	path  string
	id    string
	m     ballot.Meeting
	codes []string
	paper map[string][]string // the ballots of each pile as they are on paper, by label
}

// newAudited opens a meeting of some subjects whose rules want drawn bundles; two scrutineers have their codes.
func newAudited(t testing.TB, subjects, drawn int, venues map[string]int) *audited {
	t.Helper()
	a := &audited{TB: t, path: filepath.Join(t.TempDir(), "pingyi.db"), paper: map[string][]string{}}
	a.Store = openAt(t, a.path)
	m := draft(subjects)
	m.Rules.Audit = drawn
	m.Groups[0].Headcount = venues
	a.id = opened(t, a.Store, m)
	for venue, n := range venues {
		handCounts(t, a.Store, a.id, venue, n)
	}
	for _, person := range []string{"s1", "s2"} {
		a.codes = append(a.codes, must[string](t)(a.MakeAuditCode(context.Background(), person, a.id)))
	}
	a.m = must[ballot.Meeting](t)(a.Meeting(context.Background(), a.id))
	return a
}

// feed closes a batch of ballots as the machine reads them; on paper they are others where paper says so.
func (a *audited) feed(venue string, paper map[int]string, ballots ...string) {
	a.Helper()
	feed(a.TB, a.Store, a.id, []string{venue}, ballots...)
	marks := slices.Clone(ballots)
	for i, m := range paper {
		marks[i] = m
	}
	a.paper[fmt.Sprintf("A%d", len(a.paper)+1)] = marks
}

// hand counts piles by hand, as people do.
func (a *audited) hand(b ballot.Bundle) ballot.Sums {
	s := ballot.Sums{}
	for _, subject := range a.m.Subjects {
		s[subject.No] = make([]int, 6)
	}
	for _, label := range b.Piles {
		for _, marks := range a.paper[label] {
			for i, c := range marks {
				s[a.m.Subjects[i].No][strings.IndexRune("abcd-x", c)]++
			}
		}
	}
	return s
}

func (a *audited) look() ballot.AuditView {
	return must[ballot.AuditView](a.TB)(a.Audit(context.Background(), a.id))
}

const dice = "16425 31526 44123 61235"

// draw balances, commits and throws dice.
func (a *audited) draw(full bool) {
	a.Helper()
	ctx := context.Background()
	must[ballot.Meeting](a.TB)(a.Balance(ctx, "s1", a.id))
	ok(a.TB, a.CommitAudit(ctx, "s1", a.id, full))
	ok(a.TB, a.EnterDice(ctx, "s1", a.id, dice))
	ok(a.TB, a.EnterDice(ctx, "s2", a.id, strings.ReplaceAll(dice, " ", "")))
}

// countAll has two persons count all drawn bundles, and compares.
func (a *audited) countAll() []ballot.RowDifference {
	a.Helper()
	v := a.look()
	for _, n := range v.Drawn {
		for _, person := range []string{"s1", "s2"} {
			ok(a.TB, a.CountBundle(context.Background(), person, a.id, n, a.hand(v.Bundles[n-1])))
		}
	}
	return must[[]ballot.RowDifference](a.TB)(a.CompareAudit(context.Background(), "s1", a.id, a.codes))
}

// random draws n ballots of some subjects, one row in rare left to people.
func random(seed uint64, subjects, n, rare int) []string {
	rng := rand.New(rand.NewPCG(7, seed)) //nolint:gosec // a test's
	out := make([]string, n)
	for i := range out {
		for range subjects {
			c := "aaabbcd-"[rng.IntN(8)]
			if rare > 0 && rng.IntN(rare) == 0 {
				c = '?'
			}
			out[i] += string(c)
		}
	}
	return out
}

// TestAuditAgrees: what the machine read is what the paper says; the audit is part of the result.
func TestAuditAgrees(t *testing.T) {
	a, ctx := newAudited(t, 3, 1, map[string]int{"main": 120}), context.Background()
	a.feed("main", nil, random(1, 3, 60, 0)...)
	a.feed("main", nil, random(2, 3, 60, 0)...)
	must[ballot.Meeting](t)(a.Balance(ctx, "s1", a.id))
	refused(t, ballot.CodeUnresolved, second(a.Certify(ctx, "s1", a.id, "无误")))
	refused(t, ballot.CodeConflict, a.EnterDice(ctx, "s1", a.id, dice))
	ok(t, a.CommitAudit(ctx, "s1", a.id, false))
	refused(t, ballot.CodeConflict, a.CommitAudit(ctx, "s1", a.id, false))
	ok(t, a.EnterDice(ctx, "s1", a.id, dice))
	if v := a.look(); v.Dice != "" || len(v.DiceBy) != 1 || v.Seed != "" {
		t.Errorf("the second person is told %q", v.Dice)
	}
	refused(t, ballot.CodeConflict, a.EnterDice(ctx, "s2", a.id, "11111111111111111111"))
	ok(t, a.EnterDice(ctx, "s2", a.id, dice))
	v := a.look()
	if v.Stage != ballot.AuditDrawn || len(v.Drawn) != 1 || v.Chance.DrawnLeaves != 60 || !v.Chance.RecommendFull {
		t.Errorf("drawn %+v", v.Audit)
	}
	refused(t, ballot.CodeUnresolved, second(a.CompareAudit(ctx, "s1", a.id, a.codes)))
	refused(t, ballot.CodeNotFound, a.CountBundle(ctx, "s1", a.id, 3-v.Drawn[0], a.hand(v.Bundles[0])))
	refused(t, ballot.CodeInvalid, a.CountBundle(ctx, "s1", a.id, v.Drawn[0], ballot.Sums{}))
	refused(t, ballot.CodeInvalid, second(a.CompareAudit(ctx, "s1", a.id, []string{a.codes[0], a.codes[0]})))
	if rows := a.countAll(); len(rows) != 0 {
		t.Errorf("differences %+v", rows)
	}
	certify(t, a.Store, a.id)
	r, err := a.Result(ctx, a.id)
	ok(t, err)
	if got := r.Audit; got == nil || got.Stage != ballot.AuditAgrees || got.Compared[0].Agree != 3 || !slices.Equal(got.Compared[0].By, []string{"s1", "s2"}) {
		t.Errorf("the result's audit is %+v", got)
	}
	if v := a.look(); len(v.Piles)+len(v.Counted)+len(v.Holders) > 0 || v.Wanted {
		t.Errorf("certified, and there is still %+v", v)
	}
	checkCommitment(t, a, r)
	if report := must[store.Verification](t)(store.Verify(ctx, a.path, store.Outside{})); len(report.Faults) > 0 {
		t.Errorf("verify: %v", report.Faults)
	}
}

// TestAuditFinds: a mark that was read as another is found, blocks certifying, and is accepted by two with a reason.
func TestAuditFinds(t *testing.T) {
	a, ctx := newAudited(t, 3, 1, map[string]int{"main": 50}), context.Background()
	read := random(1, 3, 50, 0)
	read[9] = "abb"
	a.feed("main", map[int]string{9: "aab"}, read...)
	a.draw(false)
	rows := a.countAll()
	if len(rows) != 1 || rows[0].Subject != 2 || rows[0].Hand[0] != rows[0].Machine[0]+1 || rows[0].Hand[1] != rows[0].Machine[1]-1 {
		t.Fatalf("found %+v", rows)
	}
	refused(t, ballot.CodeUnresolved, second(a.Certify(ctx, "s1", a.id, "无误")))
	for _, knows := range []string{"s1", "s2"} { // they would type what the machine said
		refused(t, ballot.CodeSecondPerson, a.CountBundle(ctx, knows, a.id, 1, a.hand(a.look().Bundles[0])))
	}
	third := a.hand(a.look().Bundles[0])
	third[2][0]--
	third[2][1]++
	must[store.Signed](t)(a.AcceptAudit(ctx, "s2", a.id, "口令遗失")) // of what stood before: a count and a comparison drop it
	ok(t, a.CountBundle(ctx, "s3", a.id, 1, third))               // two still outvote a third who sees what the machine saw
	if v := a.look(); len(v.Signed) > 0 {
		t.Errorf("counted, and still signed by %v", v.Signed)
	}
	must[store.Signed](t)(a.AcceptAudit(ctx, "s2", a.id, "口令遗失"))
	if rows := must[[]ballot.RowDifference](t)(a.CompareAudit(ctx, "s4", a.id, a.codes)); len(rows) != 1 {
		t.Errorf("then %+v", rows)
	}
	refused(t, ballot.CodeSecondPerson, a.CountBundle(ctx, "s4", a.id, 1, third))
	refused(t, ballot.CodeInvalid, second(a.AcceptAudit(ctx, "s1", a.id, " ")))
	must[store.Signed](t)(a.AcceptAudit(ctx, "s1", a.id, "笔迹过淡"))
	refused(t, ballot.CodeSecondPerson, second(a.AcceptAudit(ctx, "s1", a.id, "笔迹过淡")))
	if got := must[store.Signed](t)(a.AcceptAudit(ctx, "s2", a.id, "笔迹过淡")); !got.Done || got.State != ballot.Balanced {
		t.Errorf("accepted: %+v", got)
	}
	certify(t, a.Store, a.id)
	if v := a.look(); v.Stage != ballot.AuditAccepted || v.Reason != "笔迹过淡" || !slices.Equal(v.AcceptedBy, []string{"s1", "s2"}) || v.Compared[0].Differ != 1 || !slices.Equal(v.Differed, []string{"s1", "s4"}) {
		t.Errorf("kept %+v", v.Audit)
	}
}

// TestAuditDiffersAnew: going back to open does not make anybody forget that counts differed.
func TestAuditDiffersAnew(t *testing.T) {
	a, ctx := newAudited(t, 2, 1, map[string]int{"main": 50}), context.Background()
	read := random(1, 2, 50, 0)
	read[9] = "ab"
	a.feed("main", map[int]string{9: "aa"}, read...)
	a.draw(false)
	a.countAll()
	must[ballot.Meeting](t)(a.BackToOpen(ctx, "s1", a.id, "更正"))
	a.paper["A1"] = read // who have seen the machine's count say that it is what they count
	a.draw(false)
	a.countAll()
	certify(t, a.Store, a.id)
	if v := a.look(); v.Stage != ballot.AuditAgrees || v.Attempt != 2 || !slices.Equal(v.Differed, []string{"s1"}) {
		t.Errorf("kept %+v", v.Audit)
	}
}

// TestAuditOfACorrection: a result that was corrected after certifying is not audited, and is not shown as if it were, be
// it balanced once or twice; the audit of the first stays beside it.
func TestAuditOfACorrection(t *testing.T) {
	for _, back := range []bool{false, true} {
		a, ctx := newAudited(t, 3, 1, map[string]int{"main": 70}), context.Background()
		handCounts(t, a.Store, a.id, "main", 60)
		read := random(1, 3, 60, 0)
		read[9] = "abb"
		a.feed("main", map[int]string{9: "aab"}, read...)
		a.draw(true)
		a.countAll()
		for _, person := range []string{"s1", "s2"} {
			must[store.Signed](t)(a.AcceptAudit(ctx, person, a.id, "笔迹过淡"))
		}
		certify(t, a.Store, a.id)
		first := must[*tally.Result](t)(a.Result(ctx, a.id)).Audit
		if first.OfFirst || a.look().OfFirst {
			t.Error("the audit of the first result is said to be of another")
		}
		for _, person := range []string{"s1", "s2"} {
			must[store.Signed](t)(a.Reopen(ctx, person, a.id, "漏扫一叠"))
		}
		handCounts(t, a.Store, a.id, "main", 70)
		feed(t, a.Store, a.id, []string{"main"}, random(2, 3, 10, 0)...)
		if !a.look().OfFirst {
			t.Error("open again, and the correction is not said to be without an audit")
		}
		must[ballot.Meeting](t)(a.Balance(ctx, "s1", a.id))
		if back {
			must[ballot.Meeting](t)(a.BackToOpen(ctx, "s1", a.id, "再核"))
			must[ballot.Meeting](t)(a.Balance(ctx, "s1", a.id))
		}
		certify(t, a.Store, a.id)
		r := must[*tally.Result](t)(a.Result(ctx, a.id))
		want := *first
		want.OfFirst = true
		if r.Total.Valid != 70 || !reflect.DeepEqual(*r.Audit, want) || !reflect.DeepEqual(a.look().Audit, want) {
			t.Errorf("back %v: %d valid, and the audit %+v, want %+v", back, r.Total.Valid, *r.Audit, want)
		}
		if report := must[store.Verification](t)(store.Verify(ctx, a.path, store.Outside{})); len(report.Faults) > 0 {
			t.Errorf("verify: %v", report.Faults)
		}
	}
}

// TestAuditWithin: rows that people decided are on paper what they are, and are not told from the machine's, not even to
// who compares: it would tell who decided one of which bundle it is.
func TestAuditWithin(t *testing.T) {
	a, ctx := newAudited(t, 3, 1, map[string]int{"main": 50}), context.Background()
	read := random(1, 3, 50, 0)
	read[4], read[5] = "a?b", "?ba"
	a.feed("main", map[int]string{4: "adb", 5: "bba"}, read...)
	for range 2 {
		row := waiting(t, a.Store, a.id, "s1")
		ok(t, a.Decide(ctx, "s1", a.id, row.Page, row.Subject, decision("好"), false))
	}
	a.draw(false)
	if rows := a.countAll(); len(rows) != 0 {
		t.Errorf("differences %+v", rows)
	}
	if o := a.look().Compared[0]; o.Agree != 3 || o.Differ != 0 {
		t.Errorf("outcome %+v", o)
	}
	certify(t, a.Store, a.id)
}

// TestAuditBindsTheCount: rows that are changed after closing, a count that changed after it was fixed and taking the
// meeting back are noticed.
func TestAuditBindsTheCount(t *testing.T) {
	a, ctx := newAudited(t, 2, 1, map[string]int{"main": 50}), context.Background()
	read := random(1, 2, 50, 0)
	read[0] = "a?"
	a.feed("main", map[int]string{0: "ab"}, read...)
	row := waiting(t, a.Store, a.id, "s1")
	ok(t, a.Decide(ctx, "s1", a.id, row.Page, row.Subject, decision("较好"), false))
	a.draw(false)
	first := a.look()
	must[ballot.Meeting](t)(a.BackToOpen(ctx, "s1", a.id, "更正"))
	if v := a.look(); v.Stage != ballot.AuditWaits || len(v.Counted) > 0 || len(v.Piles) != 1 {
		t.Errorf("back to open: %+v", v)
	}
	a.draw(false)
	if v := a.look(); v.Attempt != 2 || v.Commitment == first.Commitment {
		t.Errorf("a second attempt is %d by %s", v.Attempt, v.Commitment)
	}
	for _, person := range []string{"s1", "s2"} {
		ok(t, a.CountBundle(ctx, person, a.id, 1, a.hand(a.look().Bundles[0])))
	}
	db := a.DB()
	exec := func(sql string, args ...any) {
		t.Helper()
		_, err := db.Exec(sql, args...)
		ok(t, err)
	}
	exec("DROP TRIGGER pages_are_final")
	exec("UPDATE pages SET verdicts = replace(verdicts, '一般', '好') WHERE meeting = ?", a.id)
	refused(t, store.CodeEvidence, second(a.CompareAudit(ctx, "s1", a.id, a.codes)))
}

// TestAuditOfNothing: a count that shows the ledger alone has no paper to audit, and none is asked for.
func TestAuditOfNothing(t *testing.T) {
	a := newAudited(t, 2, 1, map[string]int{"main": 4})
	a.feed("main", nil, "aa", "ab", "a-", "bc")
	if v := a.look(); !v.Wanted {
		t.Error("no code is asked for before the count")
	}
	must[ballot.Meeting](t)(a.Balance(context.Background(), "s1", a.id))
	if v := a.look(); v.Wanted {
		t.Errorf("wanted of the ledger alone: %+v", v)
	}
	certify(t, a.Store, a.id)
}

// TestAuditStates: what an audit needs is refused where it cannot be.
func TestAuditStates(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(2)
	m.Rules.Audit = 2
	id := opened(t, s, m)
	refused(t, ballot.CodeConflict, second(s.OpenBatch(ctx, "scan", id, "A", []string{"main"})))
	for _, person := range []string{"s1", "s1", "s2", "s2"} { // asking again gives another one
		must[string](t)(s.MakeAuditCode(ctx, person, id))
	}
	refused(t, ballot.CodeConflict, second(s.MakeAuditCode(ctx, "s3", id)))
	open := must[store.User](t)(s.User(ctx, "s2"))
	closed := open
	closed.Disabled = true
	ok(t, s.UpdateUser(ctx, "root", open, closed)) // who is gone holds no place
	ok(t, s.CreateUser(ctx, "root", store.User{Name: "s3", Role: ballot.RoleScrutineer, Hash: "h"}))
	must[string](t)(s.MakeAuditCode(ctx, "s3", id))
	refused(t, ballot.CodeForbidden, second(s.MakeAuditCode(ctx, "s2", id)))
	ok(t, s.UpdateUser(ctx, "root", closed, open))
	refused(t, ballot.CodeConflict, second(s.MakeAuditCode(ctx, "s2", id)))
	refused(t, ballot.CodeState, s.CommitAudit(ctx, "s1", id, false))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "da")
	refused(t, ballot.CodeConflict, second(s.MakeAuditCode(ctx, "s1", id)))
	refused(t, ballot.CodeState, second(s.Rejudge(ctx, "root", id, leastInk(0.8))))
	plain := opened(t, s, draft(2))
	refused(t, ballot.CodeRules, second(s.MakeAuditCode(ctx, "s1", plain)))
	single := draft(2)
	single.Rules.Form, single.Rules.Audit = ballot.SingleForm, 1
	refused(t, ballot.CodeRules, single.Rules.Validate())
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	refused(t, ballot.CodeUnresolved, second(s.Certify(ctx, "s1", id, "无误")))
	must[store.Signed](t)(s.AcceptAudit(ctx, "s1", id, "口令遗失"))
	must[store.Signed](t)(s.AcceptAudit(ctx, "s2", id, "已全部手工复点"))
	certify(t, s, id)
	if v := must[ballot.AuditView](t)(s.Audit(ctx, id)); v.Reason != "口令遗失；已全部手工复点" || len(v.Compared) > 0 {
		t.Errorf("undone, and kept as %+v", v.Audit)
	}
}

// checkCommitment makes an audit's commitment as SECURITY.md says, from what is shown after certifying.
func checkCommitment(t *testing.T, a *audited, r *tally.Result) {
	t.Helper()
	var body string
	ok(t, a.DB().QueryRow("SELECT body FROM results WHERE meeting = ? AND number = 1", a.id).Scan(&body))
	bundles := must[[]byte](t)(json.Marshal(r.Audit.Bundles))
	line := func(s string) string { return s + "\n" }
	sum := sha256.Sum256([]byte(line(r.Audit.Salt) + line(digest(strings.Replace(body, `"comments":[]`, `"comments":null`, 1))) + line(string(bundles)) + line(fmt.Sprint(r.Audit.Draw)) + line(r.Audit.Seals)))
	if got := hex.EncodeToString(sum[:]); got != r.Audit.Commitment {
		t.Errorf("the commitment is %s, made anew %s", r.Audit.Commitment, got)
	}
	_, err := a.DB().Exec("UPDATE audits SET body = replace(body, ?, ?)", r.Audit.Commitment, strings.Repeat("0", 64))
	ok(t, err)
	faults := must[store.Verification](t)(store.Verify(context.Background(), a.path, store.Outside{})).Faults
	if !slices.ContainsFunc(faults, func(f store.Said) bool { return strings.Contains(f.English, "of another result") }) {
		t.Errorf("another commitment: %+v", faults)
	}
	_, err = a.DB().Exec("UPDATE audits SET body = replace(body, ?, ?)", strings.Repeat("0", 64), r.Audit.Commitment)
	ok(t, err)
}

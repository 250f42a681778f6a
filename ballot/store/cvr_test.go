package store_test

import (
	"context"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// castMeeting is a released meeting of n ballots, whose rules let single ballots go.
func castMeeting(t *testing.T, s *store.Store, n int, allowed bool, ballots ...string) string {
	t.Helper()
	ctx := context.Background()
	m := draft(2)
	m.Rules.CVR = allowed
	m.Groups[0].Headcount = map[string]int{"main": n}
	id := opened(t, s, m)
	handCounts(t, s, id, "main", n)
	feed(t, s, id, []string{"main"}, append(slices.Repeat([]string{"aa"}, n-len(ballots)), ballots...)...)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	certify(t, s, id)
	for _, by := range []string{"c1", "c2"} {
		must[store.Signed](t)(s.Release(ctx, by, id, "发布"))
	}
	return id
}

// TestCVR: two auditors take single ballots away, where rules allow it and ballots are many, each time in another order,
// without anything by which a ballot could be found again; it is recorded, and after some days it must be signed anew.
func TestCVR(t *testing.T) {
	ctx, now := context.Background(), clock
	s, err := store.Open(filepath.Join(t.TempDir(), "pingyi.db"), store.Options{Now: func() time.Time { return now }})
	ok(t, err)
	defer s.Close()
	refused(t, ballot.CodeRules, second(s.ExportCVR(ctx, "a1", castMeeting(t, s, 60, false), "核对")))
	few := castMeeting(t, s, ballot.LeastCVR-1, true)
	refused(t, ballot.CodeSmallBatch, second(s.ExportCVR(ctx, "a1", few, "核对")))
	if e := must[ballot.CVRExport](t)(s.CVRExport(ctx, few)); !e.On || e.Ballots != 0 || e.Alone != 0 {
		t.Errorf("of few ballots: %+v", e)
	}
	id := castMeeting(t, s, 60, true, "ab", "x-", "dd", "dd")
	refused(t, ballot.CodeSecondPerson, cast(s, "a1", id))
	must[store.Signed](t)(s.ExportRecords(ctx, "c1", id, "存档")) // waits for its own second person, before and after
	must[store.Signed](t)(s.ExportCVR(ctx, "a1", id, "核对计票"))
	refused(t, ballot.CodeSecondPerson, second(s.ExportCVR(ctx, "a1", id, "核对计票")))
	refused(t, ballot.CodeSecondPerson, cast(s, "a1", id))
	if e := must[ballot.CVRExport](t)(s.CVRExport(ctx, id)); !e.On || e.AskedBy != "a1" || e.Reason != "核对计票" || e.Ballots != 60 || e.Alone != 2 {
		t.Errorf("asked: %+v", e)
	}
	must[store.Signed](t)(s.ExportCVR(ctx, "a2", id, "同意"))
	if by := must[map[string][]string](t)(s.Signatures(ctx, id)); !slices.Equal(by["export_records"], []string{"c1"}) || len(by) != 1 {
		t.Errorf("still waiting: %v", by)
	}
	refused(t, ballot.CodeForbidden, cast(s, "a3", id))
	refused(t, ballot.CodeForbidden, s.CVRDownloaded(ctx, "c1", id, "ab", 1))
	m, votes, err := s.CastVotes(ctx, "a2", id)
	ok(t, err)
	counts := map[string]int{}
	for _, v := range votes {
		if v.ID != "" || v.Form != "" || v.Group != "A" {
			t.Errorf("a ballot is given as %+v", v)
		}
		var marks []string
		for _, r := range v.Rows {
			marks = append(marks, string(r.Verdict.Kind)+r.Verdict.Grade)
		}
		counts[strings.Join(marks, " ")]++
	}
	if want := map[string]int{"grade好 grade好": 56, "grade好 grade较好": 1, "overvote blank": 1, "grade差 grade差": 2}; m.ID != id || !maps.Equal(counts, want) {
		t.Errorf("ballots %v", counts)
	}
	ok(t, s.CVRDownloaded(ctx, "a1", id, strings.Repeat("ab", 32), 1234))
	if acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 3)); acts[0].Act != "download_cvr" || !strings.Contains(acts[0].Detail, "abab") || acts[1].Act != "export_cvr" || acts[1].Detail != "2/2 同意" {
		t.Errorf("record %+v", acts)
	}
	ok(t, s.CreateUser(ctx, "admin", store.User{Name: "a3", Role: ballot.RoleAuditor, Hash: "h"}))
	must[store.Signed](t)(s.ExportCVR(ctx, "a3", id, "再核对"))
	refused(t, ballot.CodeSecondPerson, cast(s, "a1", id))
	changeUser(t, s, "a3", func(u *store.User) { u.Role = ballot.RoleAdmin }) // the signature is void, and what two signed before is good
	ok(t, cast(s, "a1", id))
	now = clock.AddDate(0, 0, ballot.ExportDays)
	refused(t, ballot.CodeState, cast(s, "a1", id))
}

func cast(s *store.Store, person, id string) error {
	_, _, err := s.CastVotes(context.Background(), person, id)
	return err
}

// TestCVROrder: where a ballot stands in one download says nothing of where it stands in another, nor of what is kept.
func TestCVROrder(t *testing.T) {
	s, ctx := openSeeded(t, filepath.Join(t.TempDir(), "pingyi.db"), seeded(1)), context.Background()
	ballots := []string{"ab", "ac", "ad", "ba", "bb", "bc", "bd", "ca", "cb", "cc", "cd", "da", "db", "dc", "dd", "a-", "b-", "c-", "d-", "-a", "-b", "-c", "-d", "xa", "xb", "xc", "xd", "ax", "bx", "cx"}
	id := castMeeting(t, s, 60, true, ballots...)
	must[store.Signed](t)(s.ExportCVR(ctx, "a1", id, "核对"))
	must[store.Signed](t)(s.ExportCVR(ctx, "a2", id, "核对"))
	order := func() map[string]int {
		_, votes, err := s.CastVotes(ctx, "a1", id)
		ok(t, err)
		at := map[string]int{}
		for i, v := range votes {
			at[string(v.Rows[0].Verdict.Kind)+v.Rows[0].Verdict.Grade+string(v.Rows[1].Verdict.Kind)+v.Rows[1].Verdict.Grade] = i
		}
		delete(at, "grade好grade好")
		return at
	}
	first := order()
	kept := slices.SortedFunc(maps.Keys(first), func(a, b string) int { return first[a] - first[b] })
	const trials = 200
	sum := 0.0
	for range trials {
		now := order()
		var places []int
		for _, b := range kept {
			places = append(places, now[b])
		}
		sum += tau(places)
	}
	n := float64(len(kept))
	if bound := 4 * math.Sqrt(2*(2*n+5)/(9*n*(n-1))/trials); math.Abs(sum/trials) > bound || len(kept) != 30 {
		t.Errorf("%d ballots: tau %.3f between downloads, bound %.3f", len(kept), sum/trials, bound)
	}
}

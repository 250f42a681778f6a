package store_test

import (
	"context"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestAllActs: the record of meetings and accounts by filter, and in pages.
func TestAllActs(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := sealed(t, s, draft(2))
	other := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin2", draft(1))).ID
	ok(t, s.CreateUser(ctx, "admin", store.User{Name: "张三", Role: ballot.RoleScanning, Hash: "x"}))
	for i, c := range []struct {
		filter store.ActFilter
		want   int
	}{{store.ActFilter{}, 5}, {store.ActFilter{Meeting: id}, 2}, {store.ActFilter{Meeting: other}, 1}, {store.ActFilter{Actor: "admin"}, 3}, {store.ActFilter{Act: "create_meeting"}, 2}, {store.ActFilter{Act: "create_meeting", Actor: "admin2"}, 1}, {store.ActFilter{Meeting: "none"}, 0}} {
		c.filter.Limit = 100
		if got := must[[]store.Act](t)(s.AllActs(ctx, c.filter)); len(got) != c.want {
			t.Errorf("case %d: %+v", i, got)
		}
	}
	first := must[[]store.Act](t)(s.AllActs(ctx, store.ActFilter{Limit: 1}))
	rest := must[[]store.Act](t)(s.AllActs(ctx, store.ActFilter{Limit: 9, Before: first[0].ID}))
	if len(first) != 1 || first[0].Act != "create_user" || first[0].Meeting != "" || len(rest) != 4 || rest[0].Meeting != other {
		t.Errorf("pages %+v, %+v", first, rest)
	}
}

// TestAllSessions lists those that have not expired.
func TestAllSessions(t *testing.T) {
	k := open(t).Sessions()
	ok(t, k.Commit("good", []byte("a"), clock.Add(time.Hour)))
	ok(t, k.Commit("old", []byte("b"), clock.Add(-time.Hour)))
	if all := must[map[string][]byte](t)(k.All()); len(all) != 1 || string(all["good"]) != "a" {
		t.Errorf("sessions %v", all)
	}
}

package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

func TestUsers(t *testing.T) {
	s, ctx := open(t), context.Background()
	ok(t, s.CreateUser(ctx, "root", store.User{Name: "王五", Role: ballot.RoleScanning, Hash: "h1"}))
	ok(t, s.CreateUser(ctx, "root", store.User{Name: "anna", Role: ballot.RoleAdmin, Hash: "h2"}))
	refused(t, ballot.CodeConflict, s.CreateUser(ctx, "root", store.User{Name: "王五", Role: ballot.RoleAdmin, Hash: "h3"}))
	if u := must[store.User](t)(s.User(ctx, "王五")); u.Role != ballot.RoleScanning || u.Hash != "h1" || u.Disabled {
		t.Fatalf("user %+v", u)
	}
	_, err := s.User(ctx, "王")
	refused(t, ballot.CodeNotFound, err)
	refused(t, ballot.CodeNotFound, s.UpdateUser(ctx, "root", store.User{}, store.User{Name: "nobody"}))
	read := must[store.User](t)(s.User(ctx, "王五"))
	ok(t, s.UpdateUser(ctx, "root", read, store.User{Name: "王五", Role: ballot.RoleScrutineer, Hash: "h4", Disabled: true}))
	if list := must[[]store.User](t)(s.Users(ctx)); len(list) != 2 || list[0].Name != "anna" || list[1].Hash != "h4" || !list[1].Disabled {
		t.Fatalf("users %+v", list)
	}
	mine := read // a new password, of the account as it was before it was closed
	mine.Hash, mine.Own = "h5", true
	refused(t, ballot.CodeConflict, s.UpdateUser(ctx, "root", read, mine))
	acts := must[[]store.Act](t)(s.Acts(ctx, "", 0, 10))
	if len(acts) != 4 || acts[3].Act != "begin_log" || acts[0].Act != "update_user" || acts[0].Detail != "王五 scrutineer, new password, disabled" || acts[0].Actor != "root" {
		t.Errorf("record %+v", acts)
	}
}

// TestFactorSetByOthers moves the mark by which sessions and tokens end, each time; one's own change does not.
func TestFactorSetByOthers(t *testing.T) {
	s, ctx := open(t), context.Background()
	ok(t, s.CreateUser(ctx, "root", store.User{Name: "anna", Role: ballot.RoleAdmin, Hash: "h", SetAt: clock.Unix() - 5}))
	at := clock.Unix() - 5
	for _, c := range []struct {
		by, factor string
		want       int64
	}{{"anna", "f1", at}, {"root", "", clock.Unix()}, {"anna", "f2", clock.Unix()}, {"command line", "", clock.Unix() + 1}} {
		ok(t, s.SetFactor(ctx, c.by, store.User{Name: "anna", Factor: c.factor}))
		if u := must[store.User](t)(s.User(ctx, "anna")); u.SetAt != c.want || u.Factor != c.factor || u.Hash != "h" || u.Role != ballot.RoleAdmin {
			t.Errorf("%q by %s: %+v, want set at %d", c.factor, c.by, u, c.want)
		}
	}
}

func TestSessions(t *testing.T) {
	now := clock
	s, err := store.Open(filepath.Join(t.TempDir(), "pingyi.db"), store.Options{Now: func() time.Time { return now }})
	ok(t, err)
	defer s.Close()
	k := s.Sessions()
	find := func(token string) string {
		data, known, err := k.Find(token)
		ok(t, err)
		if !known {
			return "none"
		}
		return string(data)
	}
	ok(t, k.Commit("t1", []byte("one"), now.Add(time.Hour)))
	ok(t, k.Commit("t1", []byte("two"), now.Add(time.Hour)))
	ok(t, k.Commit("t2", []byte("short"), now.Add(time.Minute)))
	if find("t1") != "two" || find("t2") != "short" || find("t3") != "none" {
		t.Fatal("sessions are not as committed")
	}
	now = now.Add(2 * time.Minute)
	if find("t1") != "two" || find("t2") != "none" {
		t.Fatal("an expired session is found, or another is not")
	}
	ok(t, k.Commit("t3", []byte("new"), now.Add(time.Hour)))
	var n int
	ok(t, s.DB().QueryRow("SELECT count(*) FROM sessions").Scan(&n))
	if n != 2 {
		t.Errorf("%d sessions are kept: expired ones are swept", n)
	}
	ok(t, k.Delete("t1"))
	ok(t, k.Delete("t1"))
	if find("t1") != "none" {
		t.Error("a deleted session is found")
	}
}

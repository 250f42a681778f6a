package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"pingyi/ballot"
)

var cheap = Cost{Time: 1, Memory: 8, Threads: 1}

// TestPassword hashes and verifies; no two hashes of one password are alike.
func TestPassword(t *testing.T) {
	hash := HashPassword("一二三四五六七八", cheap)
	if hash == HashPassword("一二三四五六七八", cheap) {
		t.Error("two hashes have the same salt")
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{"一二三四五六七八": true, "一二三四五六七": false, "": false} {
		if ok, err := VerifyPassword(hash, password); ok != want || err != nil {
			t.Errorf("%q: %v %v", password, ok, err)
		}
	}
}

// TestBrokenHashes are errors, never a match and never a huge allocation.
func TestBrokenHashes(t *testing.T) {
	good := HashPassword("password", cheap)
	for _, hash := range []string{"", "x", "$argon2i" + good[9:], strings.Replace(good, "m=8", "m=4294967295", 1),
		strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "t=1", "t=99999", 1), strings.Replace(good, "p=1", "p=0", 1),
		good[:len(good)-4], good + "$", strings.Replace(good, "v=19", "v=16", 1)} {
		if ok, err := VerifyPassword(hash, "password"); ok || err == nil {
			t.Errorf("%q: %v %v", hash, ok, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(HashPassword("password", cheap))
	f.Add("$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$")
	f.Fuzz(func(t *testing.T, hash string) {
		cost, salt, key, err := decode(hash)
		if err != nil {
			return
		}
		if cost.Memory > maxMemory || cost.Time > maxTime || len(salt) < 8 || len(key) != keyBytes {
			t.Errorf("%q: cost %+v, %d bytes of salt, %d of key", hash, cost, len(salt), len(key))
		}
	})
}

// TestCheckPassword refuses what is too short, too long, common, or the name.
func TestCheckPassword(t *testing.T) {
	for password, want := range map[string]ballot.Code{"1234567": CodePassword, "一二三四五六七": CodePassword, "longusername": CodePassword,
		"LongUserName": CodePassword, strings.Repeat("x", 257): CodePassword, "12345678": CodePassword, "password": CodePassword, "PassW0rd": CodePassword, "12345678 and more": "", "一二三四五六七八": ""} {
		if got := ballot.CodeOf(CheckPassword("longusername", password)); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

// TestDefaultCost is not weakened by accident: RFC 9106, section 4, second recommended option.
func TestDefaultCost(t *testing.T) {
	if c := DefaultCost(); c.Memory < 64*1024 || c.Time < 3 {
		t.Errorf("cost %+v", c)
	}
}

// TestBackoff doubles the wait, caps it, and forgets after success or a long pause.
func TestBackoff(t *testing.T) {
	b := NewBackoff()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for i := range freeAttempts {
		if wait := b.Begin("a", now); wait != 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	for want := time.Second; want < maxWait; want *= 2 {
		if wait := b.Begin("a", now); wait != want {
			t.Fatalf("waits %v, want %v", wait, want)
		}
		if wait := b.Begin("b", now); want == time.Second && wait != 0 {
			t.Fatal("another name waits too")
		}
		now = now.Add(want)
		if wait := b.Begin("a", now); wait != 0 {
			t.Fatalf("still waits %v", wait)
		}
	}
	for range 3 {
		if wait := b.Begin("a", now); wait != maxWait {
			t.Fatalf("waits %v, want the cap", wait)
		}
		now = now.Add(maxWait)
		b.Begin("a", now)
	}
	b.Succeed("a")
	if wait := b.Begin("a", now); wait != 0 {
		t.Fatalf("after success: %v", wait)
	}
}

// TestBackoffStaysSmall under a flood of invented names.
func TestBackoffStaysSmall(t *testing.T) {
	b := NewBackoff()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for i := range 3 * maxKeys {
		b.Begin(fmt.Sprint(i), now)
	}
	if len(b.keys) > maxKeys {
		t.Errorf("%d names kept", len(b.keys))
	}
}

type users map[string]User

func (u users) User(_ context.Context, name string) (User, error) {
	if user, ok := u[name]; ok {
		return user, nil
	}
	return User{}, ballot.Errorf(ballot.CodeNotFound, "没有", "none")
}

type brokenUsers struct{}

func (brokenUsers) User(context.Context, string) (User, error) {
	return User{}, errors.New("disk failed")
}

func newSessions(t *testing.T, u Users) *Sessions {
	t.Helper()
	s, err := NewSessions(Config{Users: u, Store: memstore.NewWithCleanupInterval(0), Cost: cheap, Now: time.Now, Key: func() ([]byte, error) { return []byte("key"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t *testing.T, s *scs.SessionManager) context.Context {
	t.Helper()
	ctx, err := s.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// TestSignIn answers unknown, disabled and wrong alike, and a broken store otherwise.
func TestSignIn(t *testing.T) {
	hash := HashPassword("password", cheap)
	s := newSessions(t, users{"in": {Name: "in", Role: ballot.RoleAdmin, Hash: hash}, "out": {Name: "out", Role: ballot.RoleAdmin, Hash: hash, Disabled: true}})
	ctx := load(t, s.scs)
	var texts []string
	for _, name := range []string{"in", "out", "unknown"} {
		password := "password"
		if name == "in" {
			password = "wrong"
		}
		_, _, err := s.SignIn(ctx, name, password, "", Caller{})
		if ballot.CodeOf(err) != CodeCredentials {
			t.Fatalf("%s: %v", name, err)
		}
		texts = append(texts, err.Error())
	}
	if len(slices.Compact(texts)) != 1 {
		t.Errorf("answers differ: %q", texts)
	}
	if _, err := s.Current(ctx); ballot.CodeOf(err) != ballot.CodeUnauthenticated {
		t.Errorf("before: %v", err)
	}
	if _, _, err := s.SignIn(ctx, "in", "password", "", Caller{}); err != nil {
		t.Fatal(err)
	}
	if u, err := s.Current(ctx); err != nil || u.Name != "in" {
		t.Errorf("after: %v %v", u, err)
	}
	if _, _, err := newSessions(t, brokenUsers{}).SignIn(ctx, "in", "password", "", Caller{}); err == nil || ballot.CodeOf(err) != "" {
		t.Errorf("broken store: %v", err)
	}
}

// TestNoSessionsWithoutAKey: an empty key would be everybody's.
func TestNoSessionsWithoutAKey(t *testing.T) {
	for _, key := range []func() ([]byte, error){func() ([]byte, error) { return nil, nil }, func() ([]byte, error) { return []byte("key"), errors.New("disk failed") }} {
		if _, err := NewSessions(Config{Users: users{}, Store: memstore.NewWithCleanupInterval(0), Cost: cheap, Now: time.Now, Key: key}); err == nil {
			t.Error("sessions are kept without a key")
		}
	}
}

// BenchmarkSignIn is what one attempt costs in the running service.
func BenchmarkSignIn(b *testing.B) {
	hash := HashPassword("password", DefaultCost())
	for b.Loop() {
		if ok, err := VerifyPassword(hash, "password"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

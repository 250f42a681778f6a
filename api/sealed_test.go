package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// forgedRow is a session as somebody makes it who may read and write every row of the database, and has no key.
func forgedRow(t *testing.T, u auth.User, until time.Time) []byte {
	t.Helper()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", u.Hash, u.Role, u.SetAt))
	data, err := scs.GobCodec{}.Encode(until, map[string]any{"user": u.Name, "stamp": hex.EncodeToString(sum[:8])})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func rowOf(token string) string {
	hash := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

// sessionToken is what the browser's cookie names its session by.
func (c *client) sessionToken() string {
	for _, k := range c.cookies() {
		if k.Name == "pingyi_session" {
			return k.Value
		}
	}
	c.t.Fatal("no session")
	return ""
}

// TestPlantedSessions writes rows into the store of sessions, as whoever has the database can: made up, another's under
// one's own token, another's with one's own seal, another service's, one that is over. None is anybody, and nobody sees one.
func TestPlantedSessions(t *testing.T) {
	var rows auth.Store
	s := newService(t, func(c *Config) { rows = c.Sessions })
	elsewhere := newService(t, func(c *Config) {
		rowsThere := rows
		c.Sessions, c.FactorKey = rowsThere, func() ([]byte, error) { return []byte("another service's key"), nil }
	})
	owner, thief := s.as("scrutineer"), s.as("printing")
	find := func(token string) []byte {
		row, found, err := rows.Find(rowOf(token))
		if err != nil || !found {
			t.Fatal(found, err)
		}
		return row
	}
	whole, own := find(owner.sessionToken()), find(thief.sessionToken())
	forged := forgedRow(t, s.store.users["scrutineer"], time.Now().Add(time.Hour))
	planted := map[string][]byte{
		"made up":                     forged,
		"made up, and long enough":    append(make([]byte, sha256.Size), forged...),
		"another's":                   whole,
		"another's behind one's seal": append(append([]byte{}, own[:sha256.Size]...), whole[sha256.Size:]...),
		"another service's":           find(elsewhere.as("scrutineer").sessionToken()),
		"empty":                       nil,
	}
	for name, row := range planted {
		if err := rows.Commit(rowOf(name), row, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		s.anonymous().withCookies([]*http.Cookie{{Name: "pingyi_session", Value: name, Path: "/"}}).refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
	}
	var list SessionList
	s.as("admin").ok("GET", "/sessions", nil, &list)
	seen := map[string]int{}
	for _, a := range list.Sessions {
		seen[a.User]++
	}
	if want := map[string]int{"scrutineer": 1, "printing": 1, "admin": 1}; !maps.Equal(seen, want) {
		t.Errorf("sessions are listed of %v, want %v", seen, want)
	}
	if err := rows.Commit(rowOf(owner.sessionToken()), whole, time.Now().Add(48*time.Hour)); err != nil { // its own, that is to last
		t.Fatal(err)
	}
	owner.ok("GET", "/session", nil, nil)
	s.later(13 * time.Hour)
	owner.refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
}

// TestSessionsOutlastARestart: the same rows with the same key are the same sessions in another process.
func TestSessionsOutlastARestart(t *testing.T) {
	var config Config
	s := newService(t, func(c *Config) { config = *c })
	owner := s.as("scrutineer")
	again := newService(t, func(c *Config) { c.Store, c.Sessions = config.Store, config.Sessions })
	again.anonymous().withCookies(owner.cookies()).ok("GET", "/session", nil, nil)
}

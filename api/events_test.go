package api

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pingyi/ballot"
)

// TestEventsEndWithWhoWatches: who watches a batch is told nothing of what comes after their session, token or account ended,
// and not that the batch ended.
func TestEventsEndWithWhoWatches(t *testing.T) {
	s := newService(t)
	path := s.opened()
	admin, feeder := s.as("admin"), s.as("scanning2")
	change := func(body map[string]any) { admin.ok("PATCH", "/users/scanning", body, nil) }
	for _, c := range []struct {
		name, scan string
		token      bool
		end        func(owner *client)
	}{
		{"signed out", "111", false, func(o *client) { o.ok("DELETE", "/session", nil, nil) }},
		{"session ended", "112", false, func(*client) { s.endAll(admin, "scanning") }},
		{"password", "113", false, func(*client) { change(map[string]any{"password": password}) }},
		{"token revoked", "121", true, func(*client) {
			var list TokenList
			admin.ok("GET", "/tokens", nil, &list)
			for _, k := range list.Tokens {
				admin.ok("DELETE", "/tokens/"+k.ID, nil, nil)
			}
		}},
		{"token's owner", "122", true, func(*client) { change(map[string]any{"password": password}) }},
		{"account closed", "123", false, func(*client) { change(map[string]any{"disabled": true}) }},
	} {
		var b Batch
		feeder.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
		one := path + "/batches/" + b.ID
		owner := s.as("scanning")
		watcher := owner
		if c.token {
			watcher = s.bearer(owner.newToken(1, "scans:write"))
		}
		response, err := watcher.http.Get(s.url + base + one + "/events")
		if err != nil {
			t.Fatal(err)
		}
		stream := bufio.NewReader(response.Body)
		if line, err := stream.ReadString('\n'); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(line, "progress") {
			t.Fatalf("%s: %d %q %v", c.name, response.StatusCode, line, err)
		}
		c.end(owner)
		feeder.file(one+"/uploads", c.scan)
		began := time.Now()
		rest, err := io.ReadAll(stream)
		if took := time.Since(began); err != nil || took > quietLimit || strings.Contains(string(rest), "event:") {
			t.Errorf("%s: told for %v, %v: %s", c.name, took, err, rest)
		}
		response.Body.Close()
		if r := watcher.do("GET", one+"/events", nil); r.problem.Code != ballot.CodeUnauthenticated {
			t.Errorf("%s: asked again: %d", c.name, r.status)
		}
	}
}

// lateBatches does something while a batch is looked at, once it is set.
type lateBatches struct {
	Batches
	meanwhile atomic.Pointer[func()]
}

func (l *lateBatches) Batch(ctx context.Context, meeting, id string) (Batch, error) {
	if do := l.meanwhile.Swap(nil); do != nil {
		(*do)()
	}
	return l.Batches.Batch(ctx, meeting, id)
}

// TestEventsEndWhileTheyAreMade: a session that ends, and a scan that comes, while the batch is looked at: it is not told.
func TestEventsEndWhileTheyAreMade(t *testing.T) {
	var late *lateBatches
	s := newService(t, func(c *Config) {
		late = &lateBatches{Batches: c.Batches}
		c.Batches = late
	})
	path := s.opened()
	owner, feeder := s.as("scanning"), s.as("scanning2")
	var b Batch
	feeder.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	response, err := owner.http.Get(s.url + base + path + "/batches/" + b.ID + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	stream := bufio.NewReader(response.Body)
	for line := ""; !strings.HasPrefix(line, "data:"); {
		if line, err = stream.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	end := func() {
		owner.ok("DELETE", "/session", nil, nil)
		feeder.file(path+"/batches/"+b.ID+"/uploads", "111")
	}
	late.meanwhile.Store(&end)
	if rest, err := io.ReadAll(stream); err != nil || strings.Contains(string(rest), "event:") {
		t.Errorf("told %q, %v", rest, err)
	}
	if late.meanwhile.Load() != nil {
		t.Error("the batch was not looked at")
	}
}

// endAll ends the sessions of a user.
func (s *service) endAll(admin *client, user string) {
	s.t.Helper()
	var list SessionList
	admin.ok("GET", "/sessions", nil, &list)
	for _, a := range list.Sessions {
		if a.User == user {
			admin.ok("DELETE", "/sessions/"+a.ID, nil, nil)
		}
	}
}

package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// TestSessionsNeedTheKey: with the folder's key a session outlasts a restart. A row that SQL puts in is nobody, and with
// another key, as in a copy that has none, all are.
func TestSessionsNeedTheKey(t *testing.T) {
	r := newAccessRig(t)
	in := func(c *http.Client) bool {
		code, _ := r.ask(c, "GET", "/api/v1/session", "")
		return code == ""
	}
	restart := func() {
		handler := must[http.Handler](t)(r.app.handler(""))
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		r.url = server.URL
	}
	owner := r.browsers[ballot.RoleScrutineer]
	if !in(owner) {
		t.Fatal("not signed in")
	}
	restart()
	if !in(owner) { // cookies go by host, whatever the port
		t.Error("a restart ended the session")
	}
	user := must[store.User](t)(r.app.store.User(context.Background(), string(ballot.RoleScrutineer)))
	mark := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", user.Hash, user.Role, user.SetAt))
	until := time.Now().Add(time.Hour)
	row := must[[]byte](t)(scs.GobCodec{}.Encode(until, map[string]any{"user": user.Name, "stamp": hex.EncodeToString(mark[:8])}))
	name := sha256.Sum256([]byte("chosen"))
	must[sql.Result](t)(r.app.store.DB().Exec("INSERT INTO sessions (token, data, expiry) VALUES (?, ?, ?)", base64.RawURLEncoding.EncodeToString(name[:]), row, until.Unix()))
	thief := must[*cookiejar.Jar](t)(cookiejar.New(nil))
	at := must[*url.URL](t)(url.Parse(r.url))
	thief.SetCookies(at, []*http.Cookie{{Name: "pingyi_session", Value: "chosen", Path: "/"}})
	if in(&http.Client{Jar: thief}) {
		t.Error("a row that was put into the database is somebody")
	}
	must[int](t)(0, os.Remove(filepath.Join(r.app.config.data, "factors.key")))
	restart()
	if in(owner) {
		t.Error("a session is good without the key that it was made with")
	}
}

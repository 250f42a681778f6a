package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/raster"
)

// Whatever is confirmed outlasts a reload, going back, a lost connection and a killed service, at every screen; what
// was not confirmed says so and can be done again, once: see api/web/e2e/lost.mjs, for which this kills and starts
// the service.
func TestNothingConfirmedIsLost(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "lost.mjs")
	const n = 8
	data, id, form := openMeeting(t, n, withComments)
	withTestStore(t, data, func(s *store.Store) error {
		addUsers(t, s, map[string]ballot.Role{"admin": ballot.RoleAdmin, "printing": ballot.RolePrinting})
		return nil
	})
	stack := filepath.Join(t.TempDir(), "stack.zip")
	scans := commentedStack(t, &form, n, func(i int, img *raster.Image, page *ballot.FormPage) {
		if i == 0 {
			strokeBetween(img, page, 2)
		}
	})
	if err := os.WriteFile(stack, scans, 0o600); err != nil {
		t.Fatal(err)
	}
	s := startService(t, data, "PINGYI_WATCH="+t.TempDir())
	b.visit(t, "all", map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "CONTROL": breakable(t, s), "STACK": stack, "SESSIONS": t.TempDir()})
}

// breakable gives an address at which a script kills and starts the service.
func breakable(t *testing.T, s *service) string {
	t.Helper()
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/kill":
			s.kill()
		case "/start":
			if err := s.start(); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(control.Close)
	return control.URL
}

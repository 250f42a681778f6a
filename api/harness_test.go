package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/prometheus/client_golang/prometheus"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/tally"
)

// cheap makes a hash take microseconds.
var cheap = auth.Cost{Time: 1, Memory: 8, Threads: 1}

const password = "一二三四五六七八"

// patience is how long a test waits for what must come, on a machine that has much else to do: only what hangs takes longer.
const patience = 2 * time.Minute

// signing is what signs an act of two persons.
var signing = Signing{password, "核对无误"}

// service is a running API with one client a user; users are named for their roles, with a number where
// there are two.
type service struct {
	t     *testing.T
	url   string
	store *fakeStore
	log   *bytes.Buffer

	handler http.Handler
	started time.Time
	ahead   atomic.Int64 // how far the service's clock has come since
}

func newService(t *testing.T, change ...func(*Config)) *service {
	t.Helper()
	store := newFakeStore()
	s := &service{t: t, store: store, log: &bytes.Buffer{}, started: time.Now()}
	for _, role := range ballot.Roles() {
		for _, name := range []string{string(role), string(role) + "2"} {
			store.users[name] = auth.User{Name: name, Role: role, Hash: auth.HashPassword(password, cheap), Own: true}
		}
	}
	config := Config{Store: store, Batches: newFakeBatches(store), Trials: fakeTrials{}, Pictures: fakePictures{}, Sheets: fakeSheets{},
		Printer: fakePrinter{}, Reports: fakeReports{}, Learner: fakeLearner{}, Destroyer: fakeDestroyer{store}, System: fakeSystem{}, Sessions: memstore.NewWithCleanupInterval(0), Passwords: cheap,
		Web:     fstest.MapFS{"index.html": {Data: []byte("<title>app</title>")}, "assets/a.js": {Data: []byte("1")}},
		Metrics: prometheus.NewRegistry(), Log: slog.New(slog.NewTextHandler(s.log, nil)), Now: s.now, SignAfter: 30 * time.Minute, Random: rand.Reader, FactorKey: func() ([]byte, error) { return []byte("a key of the tests"), nil }, Version: "test", MaxUpload: 1 << 20}
	for _, c := range change {
		c(&config)
	}
	handler, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.url, s.handler = server.URL, handler
	return s
}

// now is the service's clock. It stands still, so that no brake is released, no code grows old and no session ends because
// the machine is slow.
func (s *service) now() time.Time { return s.started.Add(time.Duration(s.ahead.Load())) }

// later lets time pass for the service.
func (s *service) later(d time.Duration) { s.ahead.Add(int64(d)) }

// client is one browser.
type client struct {
	*service
	http *http.Client
}

func (s *service) anonymous() *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &client{s, &http.Client{Jar: jar, Timeout: patience}}
}

// as signs a user in.
func (s *service) as(user string) *client {
	s.t.Helper()
	c := s.anonymous()
	c.ok("POST", "/session", map[string]any{"user": user, "password": password}, nil)
	return c
}

// reply is an answer with its body read.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	problem Problem
}

func (c *client) send(method, path string, kind string, content io.Reader, header ...string) reply {
	c.t.Helper()
	if !strings.HasPrefix(path, "http") && !strings.HasPrefix(path, "!") {
		path = base + path
	}
	request, err := http.NewRequest(method, c.url+strings.TrimPrefix(path, "!"), content)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	r := reply{status: response.StatusCode, header: response.Header}
	if r.body, err = io.ReadAll(response.Body); err != nil {
		c.t.Fatal(err)
	}
	if r.status >= 400 {
		if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
			c.t.Fatalf("%s %s: %d as %s: %s", method, path, r.status, kind, r.body)
		}
		if err := json.Unmarshal(r.body, &r.problem); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
	return r
}

// into decodes a successful answer.
func (r reply) into(t *testing.T, out any) {
	t.Helper()
	if err := json.Unmarshal(r.body, out); err != nil || r.status >= 300 {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
}

// do sends JSON.
func (c *client) do(method, path string, in any, header ...string) reply {
	c.t.Helper()
	if in == nil {
		return c.send(method, path, "", nil, header...)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(method, path, "application/json", bytes.NewReader(raw), header...)
}

// ok sends JSON and wants success.
func (c *client) ok(method, path string, in, out any) {
	c.t.Helper()
	r := c.do(method, path, in)
	if r.status >= 300 {
		c.t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	}
	if out != nil {
		if err := json.Unmarshal(r.body, out); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
}

// refused sends JSON and wants a problem with this code.
func (c *client) refused(code ballot.Code, method, path string, in any) Problem {
	c.t.Helper()
	r := c.do(method, path, in)
	if r.problem.Code != code {
		c.t.Fatalf("%s %s: %d %s, want code %s", method, path, r.status, r.body, code)
	}
	return r.problem
}

// file uploads files as multipart.
func (c *client) file(path string, contents ...string) reply {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i, content := range contents {
		part, err := w.CreateFormFile("file", fmt.Sprintf("%d.csv", i))
		if err != nil {
			c.t.Fatal(err)
		}
		io.WriteString(part, content)
	}
	w.Close()
	return c.send("POST", path, w.FormDataContentType(), &body)
}

// fakeSheets reads lines of number, name, organisation; and of name, organisation, category, venue.
type fakeSheets struct{}

func (fakeSheets) Roster(_ string, file []byte) (out []ballot.Subject, rows []int, _ error) {
	var faults []error
	for i, f := range fields(file) {
		if len(f) > 3 {
			return nil, nil, ballot.Errorf(ballot.CodeRoster, "应有三列", "three columns are needed").AtRow(i + 1)
		}
		if f = append(f, "", ""); f[2] == "" {
			faults = append(faults, ballot.Errorf(ballot.CodeRoster, "缺单位", "no organisation").AtRow(i+1).In(fmt.Sprintf("[%d].org", i)))
		}
		out, rows = append(out, ballot.Subject{No: len(out) + 1, Name: f[1], Org: f[2], Mode: ballot.Oral}), append(rows, i+1)
	}
	return out, rows, errors.Join(faults...)
}

func (fakeSheets) RosterTemplate() ([]byte, error) { return []byte("PK-roster"), nil }

func (fakeSheets) RollTemplate(categories, venues []string) ([]byte, error) {
	return fmt.Appendf(nil, "PK-roll %v %v", categories, venues), nil
}

func (fakeSheets) Roll(_ string, file []byte) (out []ballot.RollEntry, _ error) {
	for i, f := range fields(file) {
		out = append(out, ballot.RollEntry{Row: i + 1, Name: f[0], Org: f[1], Category: f[2], Venue: f[3]})
	}
	return out, nil
}

func fields(raw []byte) (out [][]string) {
	for _, line := range strings.Fields(string(raw)) {
		out = append(out, strings.Split(line, ","))
	}
	return out
}

type fakePrinter struct{}

// Check finds names with the character that no font of the fake's has.
func (fakePrinter) Check(f *ballot.Form) error {
	var faults []error
	for _, p := range f.Pages {
		for _, r := range p.Rows {
			if strings.Contains(r.Name, "𰻝") {
				faults = append(faults, ballot.Errorf(ballot.CodeGlyph, "%d 号“%s”：没有字库", "number %d, %q: no font", r.Subject, r.Name))
			}
		}
	}
	return errors.Join(faults...)
}

func (fakePrinter) Ballots(_ context.Context, w io.Writer, _ ballot.Meeting, f ballot.Form, copies int, cover bool) error {
	switch copies {
	case 13:
		panic("a secret")
	case 14:
		io.WriteString(w, "%PDF-half")
		return errors.New("disk failed on page/secret")
	}
	_, err := fmt.Fprintf(w, "%%PDF-ballots %s %d %v", f.Group, copies, cover)
	return err
}

func (fakePrinter) Serials(_ context.Context, w io.Writer, _ ballot.Meeting, f ballot.Form, copies int, cover bool) ([]ballot.Pseudonym, error) {
	_, err := fmt.Fprintf(w, "%%PDF-serials %s %d %v", f.Group, copies, cover)
	return make([]ballot.Pseudonym, copies), err
}

func (fakePrinter) SignIn(_ context.Context, _ ballot.Meeting, r ballot.RollResult) ([]byte, error) {
	return fmt.Appendf(nil, "%%PDF-signin %d", len(r.SignIn)), nil
}

type fakeReports struct{}

func (fakeReports) Statement(w io.Writer, r *tally.Result) error {
	_, err := fmt.Fprintf(w, "%%PDF-statement %s", r.Total.Sentence)
	return err
}

func (fakeReports) XLSX(w io.Writer, r *tally.Result) error { return fakeReports{}.Statement(w, r) }
func (fakeReports) CSV(w io.Writer, r *tally.Result) error  { return fakeReports{}.Statement(w, r) }

func (fakeReports) CVR(w io.Writer, _ ballot.Meeting, votes []ballot.Leaf, _ string) error {
	_, err := fmt.Fprintf(w, "%d ballots", len(votes))
	return err
}

func (fakeReports) Feedback(w io.Writer, r *tally.Result, subject int) error {
	_, err := fmt.Fprintf(w, "%%PDF-feedback %d of %d %s", subject, len(r.Subjects), r.Concluded(max(1, subject)).OverallGrade)
	return err
}

type fakeSystem struct{}

func (fakeSystem) Status(context.Context) (SystemStatus, error) {
	return SystemStatus{Version: "test", DiskFree: 5 << 30, Meetings: []Storage{}}, nil
}

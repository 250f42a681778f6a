package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/tally"
)

// textBatches takes scans that are text, one line a leaf and one character a row (1…9 a grade, - blank,
// ? unclear), and closes into the real store. It stands for scanner, workers and jobs.
type textBatches struct {
	api.Batches // what the test does not call
	store       *store.Store
	lines       map[string][]string
}

func (b *textBatches) OpenBatch(ctx context.Context, actor, meeting, group string, venues []string) (api.Batch, error) {
	s, err := b.store.OpenBatch(ctx, actor, meeting, group, venues)
	return api.Batch{ID: s.ID, Group: s.Group, Venues: s.Venues, State: s.State, Uploads: []api.Upload{}}, err
}

func (b *textBatches) Upload(ctx context.Context, _, _, batch, name string, file io.Reader) (api.Upload, error) {
	content, err := io.ReadAll(file)
	if err != nil {
		return api.Upload{}, err
	}
	sum := sha256.Sum256(content)
	u := api.Upload{Name: name, Digest: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}
	err = b.store.AddUpload(ctx, "test", ballot.Upload{ID: u.Digest, Batch: batch, Name: name, Digest: u.Digest, Bytes: u.Bytes}, func(*sql.Tx) error { return nil })
	if err == nil {
		b.lines[batch] = append(b.lines[batch], strings.Fields(string(content))...)
	}
	return u, err
}

func (b *textBatches) CloseBatch(ctx context.Context, actor, meeting, id string, word ballot.Vouching) (api.Batch, error) {
	batch, err := b.store.Batch(ctx, id)
	if err != nil {
		return api.Batch{}, err
	}
	forms, err := b.store.Forms(ctx, meeting)
	if err != nil {
		return api.Batch{}, err
	}
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: batch.Group, Leaves: len(b.lines[id])}}, Vouched: word}
	for _, f := range forms {
		for _, line := range b.lines[id] {
			if f.Group == batch.Group {
				c.Leaves = append(c.Leaves, textLeaf(f, line))
			}
		}
	}
	return api.Batch{ID: id, State: ballot.BatchClosed, Venues: batch.Venues, Uploads: []api.Upload{}}, b.store.CloseBatch(ctx, actor, id, c, func(*sql.Tx) error { return nil })
}

func textLeaf(f ballot.Form, line string) ballot.ClosedLeaf {
	leaf := ballot.ClosedLeaf{ID: rand.Text(), Whole: true}
	for _, fp := range f.Pages {
		p := ballot.ClosedPage{ID: rand.Text(), Reading: ballot.PageReading{Form: f.ID, Page: fp.Page, Group: f.Group}}
		for _, row := range fp.Rows {
			v := ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonAltered}
			switch c := line[0]; {
			case c == '-':
				v = ballot.Verdict{Kind: ballot.IsBlank}
			case c != '?':
				v = ballot.Verdict{Kind: ballot.IsGrade, Grade: f.Grades[c-'1']}
			}
			line = line[1:]
			p.Reading.Rows = append(p.Reading.Rows, ballot.RowReading{Subject: row.Subject})
			p.Verdicts = append(p.Verdicts, v)
		}
		leaf.Pages = append(leaf.Pages, p)
	}
	return leaf
}

// unused are the parts of the API that this test does not reach.
type unused struct {
	api.Destroyer
	api.Pictures
	api.Printer
	api.Reports
	api.System
	api.Trials
}

// Check finds nothing: what fonts lack is pdf's to test.
func (unused) Check(*ballot.Form) error { return nil }

// browser is one signed-in user.
type browser struct {
	t    *testing.T
	url  string
	http *http.Client
}

func (b browser) call(method, path string, in, out any) ballot.Code {
	b.t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(method, path, "application/json", bytes.NewReader(raw), out)
}

func (b browser) upload(path, name, content string, out any) ballot.Code {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	io.WriteString(part, content)
	w.Close()
	return b.send("POST", path, w.FormDataContentType(), &body, out)
}

func (b browser) send(method, path, kind string, body io.Reader, out any) ballot.Code {
	b.t.Helper()
	request, err := http.NewRequest(method, b.url+"/api/v1"+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	response, err := b.http.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		var p api.Problem
		if err := json.NewDecoder(response.Body).Decode(&p); err != nil {
			b.t.Fatalf("%s %s: %d %v", method, path, response.StatusCode, err)
		}
		b.t.Logf("%s %s: %s", method, path, p.Detail)
		return p.Code
	}
	if out != nil {
		if err := json.NewDecoder(response.Body).Decode(out); err != nil {
			b.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return ""
}

// TestAPIOnTheStore takes a meeting from its roster file to released figures, over HTTP, on a database
// file: the store's own refusals arrive as problems, and the figures are those of the ballots.
func TestAPIOnTheStore(t *testing.T) {
	db, err := store.Open(filepath.Join(t.TempDir(), "pingyi.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	as := serveStore(t, db, &textBatches{store: db, lines: map[string][]string{}}, unused{})
	path := setUp(t, as("admin"))
	collect(t, as, path)
	teller, teller2, committee, committee2 := as("scrutineer"), as("scrutineer2"), as("committee"), as("committee2")
	want(t, ballot.CodeUnbalanced, teller.call("POST", path+"/balance", nil, nil))
	decideAll(t, teller, path)
	want(t, ballot.CodeState, committee.call("POST", path+"/release", api.Signing{Password: password, Reason: "核对无误"}, nil))
	want(t, "", teller.call("POST", path+"/balance", nil, nil))
	want(t, "", teller.call("POST", path+"/certify", api.Signing{Password: password, Reason: "核对无误"}, nil))
	want(t, ballot.CodeSecondPerson, teller.call("POST", path+"/certify", api.Signing{Password: password, Reason: "核对无误"}, nil))
	want(t, "", teller2.call("POST", path+"/certify", api.Signing{Password: password, Reason: "核对无误"}, nil))
	want(t, ballot.CodeNotReleased, committee.call("GET", path+"/results", nil, nil))
	want(t, "", committee.call("POST", path+"/release", api.Signing{Password: password, Reason: "核对无误"}, nil))
	want(t, "", committee2.call("POST", path+"/release", api.Signing{Password: password, Reason: "核对无误"}, nil))
	var r tally.Result
	want(t, "", committee.call("GET", path+"/results?sort=no", nil, &r))
	// Column 1 is 1 1 1 2 and ? decided as the last grade; column 2 is 1 2 - 3 1.
	if got := fmt.Sprint(r.Subjects[0].Overall.Counts, r.Subjects[1].Overall.Counts, r.Subjects[1].Overall.Blank); got != "[3 1 0 1] [2 1 1 0] 1" {
		t.Errorf("figures %s", got)
	}
	if r.Total.Issued != 6 || r.Total.Spoiled != 1 || r.Total.Returned != 5 || r.Total.Valid != 5 {
		t.Errorf("ledger %+v", r.Total)
	}
	var acts api.ActList
	want(t, "", as("admin").call("GET", path+"/acts?limit=1", nil, &acts))
	if len(acts.Acts) != 1 || acts.Acts[0].Act != "release" {
		t.Errorf("acts %+v", acts)
	}
}

func want(t *testing.T, code, got ballot.Code) {
	t.Helper()
	if got != code {
		t.Fatalf("code %q, want %q", got, code)
	}
}

// setUp makes a meeting of two subjects and one group of five, and opens it.
func setUp(t *testing.T, admin browser) (path string) {
	t.Helper()
	var m ballot.Meeting
	want(t, "", admin.call("POST", "/meetings", map[string]any{"title": "述职评议会", "organiser": "工委", "date": "2026-12-01"}, &m))
	path = "/meetings/" + m.ID
	want(t, "", admin.upload(path+"/roster", "roster.csv", "序号,姓名,单位（党组织）,职务,述职方式\n1,张明,公安局,书记,现场述职\n2,李华,宣传部,书记,书面述职\n", nil))
	group := ballot.VoterGroup{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 90, Headcount: map[string]int{}}
	want(t, "", admin.call("PUT", path+"/groups", api.Groups{Groups: []ballot.VoterGroup{group}, Excluded: ballot.DefaultExcluded()}, nil))
	var roll api.Roll
	want(t, "", admin.upload(path+"/roll", "roll.csv", "姓名,单位,类别,会场\n甲,工委,工委委员,主会场\n乙,工委,工委委员,主会场\n丙,工委,工委委员,主会场\n丁,工委,工委委员,主会场\n戊,工委,工委委员,主会场\n己,局,党务工作者,主会场\n", &roll))
	if roll.Headcount["A"]["main"] != 5 || len(roll.Excluded) != 1 {
		t.Fatalf("roll %+v", roll)
	}
	want(t, ballot.CodeRules, admin.call("POST", path+"/seal", nil, nil))
	group.Weight = 100
	want(t, "", admin.call("PUT", path+"/groups", api.Groups{Groups: []ballot.VoterGroup{group}, Excluded: ballot.DefaultExcluded()}, nil))
	want(t, "", admin.call("POST", path+"/seal", nil, nil))
	want(t, "", admin.call("POST", path+"/open", nil, nil))
	want(t, ballot.CodeState, admin.upload(path+"/roll", "roll.csv", "姓名,单位,类别,会场\n甲,工委,工委委员,主会场\n", nil))
	return path
}

// collect types the hand counts and feeds five ballots.
func collect(t *testing.T, as func(string) browser, path string) {
	t.Helper()
	printing, printing2, scanning, scanning2 := as("printing"), as("printing2"), as("scanning"), as("scanning2")
	count := func(one, two browser, field ballot.LedgerField, value int) {
		t.Helper()
		c := api.Count{Venue: "main", Group: "A", Field: field, Value: value}
		want(t, "", one.call("POST", path+"/ledger/entries", c, nil))
		want(t, ballot.CodeSecondPerson, one.call("POST", path+"/ledger/confirmations", c, nil))
		want(t, "", two.call("POST", path+"/ledger/confirmations", c, nil))
	}
	want(t, "", printing.call("POST", path+"/print/copied", map[string]any{"group": "A", "copies": 6}, nil))
	count(printing, printing2, ballot.Present, 5)
	count(printing, printing2, ballot.Issued, 6)
	count(printing, printing2, ballot.Spoiled, 1)
	count(scanning, scanning2, ballot.NotReturned, 0)
	count(scanning, scanning2, ballot.Returned, 5)

	var b api.Batch
	want(t, ballot.CodeExcluded, scanning.call("POST", path+"/batches", map[string]any{"group": "党务工作者", "venues": []string{"main"}}, nil))
	want(t, "", scanning.call("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b))
	const scans = "11\n12\n1-\n23\n?1\n"
	want(t, "", scanning.upload(path+"/batches/"+b.ID+"/uploads", "a.pdf", scans, nil))
	want(t, ballot.CodeDuplicate, scanning.upload(path+"/batches/"+b.ID+"/uploads", "b.pdf", scans, nil))
	want(t, "", scanning.call("POST", path+"/batches/"+b.ID+"/close", nil, nil))
}

// decideAll decides every row that waits as the last grade, and walks through the pages while at it.
func decideAll(t *testing.T, teller browser, path string) {
	t.Helper()
	var queue api.Queue
	var list api.PageList
	if code := errors.Join(codeError(teller.call("GET", path+"/adjudication", nil, &queue)),
		codeError(teller.call("GET", path+"/pages?limit=3", nil, &list))); code != nil {
		t.Fatal(code)
	}
	if queue.Total != 1 || queue.Rows[0].Name != "张明" || list.Total != 5 || len(list.Pages) != 3 {
		t.Fatalf("queue %+v, pages %+v", queue, list)
	}
	var rest api.PageList
	teller.call("GET", path+"/pages?limit=3&after="+list.Next, nil, &rest)
	if len(rest.Pages) != 2 || rest.Next != "" || rest.Pages[0].ID <= list.Pages[2].ID {
		t.Errorf("the rest of the pages: %+v", rest)
	}
	for _, row := range queue.Rows {
		one := fmt.Sprintf("%s/pages/%s", path, row.Page)
		if err := codeError(teller.call("POST", fmt.Sprintf("%s/rows/%d/decisions", one, row.Subject), map[string]any{"kind": "grade", "grade": "差", "reason": "看得清"}, nil)); err != nil {
			t.Fatal(err)
		}
		var page api.Page
		teller.call("GET", one, nil, &page)
		if page.State != ballot.PageAdjudicated || page.Unclear != 0 || page.Rows[0].Verdict == nil || page.Rows[0].Verdict.Grade != "差" || page.Rows[0].Decisions[0].By != "scrutineer" {
			t.Errorf("page after its decision: %+v", page)
		}
	}
}

func codeError(code ballot.Code) error {
	if code == "" {
		return nil
	}
	return errors.New(string(code))
}

const password = "correct horse"

// serveStore serves the API on a store and returns how to sign in: users are named for their roles.
func serveStore(t *testing.T, db *store.Store, b api.Batches, p api.Pictures) func(user string) browser {
	t.Helper()
	handler, err := api.New(api.Config{Store: apiStore{db}, Batches: b, Pictures: p,
		Sheets: sheets{}, Printer: unused{}, Reports: unused{}, Learner: blanks{store: db}, Destroyer: unused{}, System: unused{}, Trials: unused{}, Sessions: db.Sessions(), Passwords: cheap,
		Web: fstest.MapFS{"index.html": {}}, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Now: time.Now, Random: rand.Reader, FactorKey: func() ([]byte, error) { return []byte("a key of the tests"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for _, role := range ballot.Roles() {
		for _, name := range []string{string(role), string(role) + "2"} {
			if err := (apiStore{db}).CreateUser(context.Background(), "test", auth.User{Name: name, Role: role, Hash: auth.HashPassword(password, cheap), Own: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return func(user string) browser {
		t.Helper()
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		b := browser{t, server.URL, &http.Client{Jar: jar}}
		if code := b.call("POST", "/session", map[string]any{"user": user, "password": password}, nil); code != "" {
			t.Fatalf("%s: %s", user, code)
		}
		return b
	}
}

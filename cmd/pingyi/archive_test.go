package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/access"
	"pingyi/ballot/store"
	"pingyi/scans/jobs"
)

// saidOfRow is why a row was decided in balancedMeeting: it stands on no paper that anybody gets.
const saidOfRow = "右下角写着"

// releasedMeeting is a balanced meeting whose results came out some days ago.
func releasedMeeting(t *testing.T, days int) (data, id string) {
	t.Helper()
	data, id = balancedMeeting(t)
	s := storeOf(t, data, -days)
	defer s.Close()
	signers(t, s)
	for _, who := range []string{"one", "two"} {
		must[store.Signed](t)(s.Certify(context.Background(), who, id, "无误"))
	}
	for _, who := range []string{"three", "four"} {
		must[store.Signed](t)(s.Release(context.Background(), who, id, "无误"))
	}
	return data, id
}

// storeOf opens a store whose clock is some days off.
func storeOf(t *testing.T, data string, days int) *store.Store {
	t.Helper()
	return must[*store.Store](t)(store.Open(config{data: data}.database(), store.Options{Now: func() time.Time { return time.Now().AddDate(0, 0, days) }}))
}

// endedMeeting is one that was archived some days ago, its ballots to be destroyed so many days after that.
func endedMeeting(t *testing.T, days, keep int) (data, id string) {
	t.Helper()
	ctx := context.Background()
	data, id = releasedMeeting(t, days)
	s := storeOf(t, data, -days)
	defer s.Close()
	for _, who := range []string{"committee1", "committee2"} {
		must[store.Signed](t)(s.ExportRecords(ctx, who, id, "存档"))
	}
	must[int](t)(0, s.Downloaded(ctx, "committee1", id, strings.Repeat("ab", 32), 12))
	must[ballot.Meeting](t)(s.Archive(ctx, "committee1", id, time.Now().AddDate(0, 0, keep-days).Format(time.DateOnly)))
	return data, id
}

// An export has the certified result byte for byte, the same file each time, and nothing of any single ballot.
func TestExportHoldsNoBallot(t *testing.T) {
	data, id := releasedMeeting(t, 0)
	secrets := []string{saidOfRow, `"verdict"`, `"scores"`, `"leaf"`}
	withTestStore(t, data, func(s *store.Store) error {
		pages, err := s.Pages(context.Background(), id)
		for _, p := range pages {
			secrets = append(secrets, p.ID, p.Leaf)
		}
		return err
	})
	s := startService(t, data)
	path := "/meetings/" + id
	first, second := s.as(t, "committee1"), s.as(t, "committee2")
	first.must(t, "POST", path+"/records", map[string]any{"password": testPassword, "reason": "年度考核存档"}, nil)
	second.must(t, "POST", path+"/records", map[string]any{"password": testPassword, "reason": "同意"}, nil)
	raw := must[[]byte](t)(first.send(context.Background(), "GET", path+"/records", "", nil))
	if again := must[[]byte](t)(second.send(context.Background(), "GET", path+"/records", "", nil)); !bytes.Equal(raw, again) {
		other := map[string]string{}
		for _, f := range must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(again), int64(len(again)))).File {
			other[f.Name] = fmt.Sprint(f.CRC32)
		}
		for _, f := range must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(raw), int64(len(raw)))).File {
			if other[f.Name] != fmt.Sprint(f.CRC32) {
				t.Errorf("the same records make another %s", f.Name)
			}
		}
	}
	files := map[string][]byte{}
	for _, f := range must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(raw), int64(len(raw)))).File {
		files[f.Name] = must[[]byte](t)(io.ReadAll(must[io.ReadCloser](t)(f.Open())))
		if kind := filepath.Ext(f.Name); !slices.Contains([]string{".json", ".csv", ".pdf", ".xlsx", ".txt"}, kind) {
			t.Errorf("the export has %s", f.Name)
		}
		for _, secret := range secrets {
			if bytes.Contains(files[f.Name], []byte(secret)) {
				t.Errorf("%s holds %q", f.Name, secret)
			}
		}
	}
	s.kill()
	withTestStore(t, data, func(s *store.Store) error {
		var kept string
		err := s.DB().QueryRow("SELECT body FROM results WHERE meeting = ?", id).Scan(&kept)
		if string(files["result.json"]) != kept {
			t.Error("the result is not as it was certified")
		}
		return err
	})
	var m api.Manifest
	var d ballot.DecisionSummary
	must[int](t)(0, errors.Join(json.Unmarshal(files["manifest.json"], &m), json.Unmarshal(files["decisions.json"], &d)))
	for _, f := range m.Files {
		if sum := sha256.Sum256(files[f.Name]); f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not as the manifest says", f.Name)
		}
	}
	if len(m.Files) < 14 || m.Meeting.SealHash == "" || d.Rows != 2 || !slices.Equal(d.Outcomes, []ballot.DecisionCount{{Old: "other", New: "other", Rows: 2}}) {
		t.Errorf("%d files, decisions %+v", len(m.Files), d)
	}
}

// A service that starts after the day destroys what is due, and what stays still answers.
func TestServiceDestroys(t *testing.T) {
	data, id := endedMeeting(t, 100, ballot.LeastRetention)
	s := startService(t, data)
	path := "/meetings/" + id
	admin, teller, committee := s.as(t, "admin"), s.as(t, "scrutineer1"), s.as(t, "committee1")
	var a ballot.Archiving
	for end := time.Now().Add(patience); a.Keeping != ballot.Destroyed && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		committee.must(t, "GET", path+"/archive", nil, &a)
	}
	if a.Keeping != ballot.Destroyed || a.Counts.Leaves != 16 || a.DestroyedBy != jobs.DestroysByItself {
		t.Fatalf("%+v", a)
	}
	var p *problem
	for _, get := range []string{"/pages", "/decisions", "/adjudication"} {
		if err := teller.call(context.Background(), "GET", path+get, nil, nil); !errors.As(err, &p) || p.Code != string(ballot.CodeDestroyed) || p.Status != 410 {
			t.Errorf("%s: %v", get, err)
		}
	}
	var r struct {
		Subjects []struct{ Overall struct{ Valid int } }
	}
	committee.must(t, "GET", path+"/results", nil, &r)
	if len(r.Subjects) != 12 || r.Subjects[0].Overall.Valid != 16 {
		t.Errorf("results %+v", r)
	}
	var l api.LedgerView
	teller.must(t, "GET", path+"/ledger", nil, &l)
	if !l.Balanced || !l.Destroyed || len(l.Lines) != 2 {
		t.Errorf("ledger %+v", l)
	}
	var status api.SystemStatus
	admin.must(t, "GET", "/system", nil, &status)
	if one := status.Meetings[0]; one.Keeping != ballot.Destroyed || one.State != ballot.Archived || one.Pictures != 0 {
		t.Errorf("storage %+v", one)
	}
	s.kill()
	var out bytes.Buffer
	if code := run(context.Background(), []string{"forms", "export", id, "--data", data}, nil, &out, &out); code != exitOK { // forms of ours stay
		t.Errorf("forms export: %s", &out)
	}
	out.Reset()
	if code := run(context.Background(), []string{"rejudge", id, "--data", data}, nil, &out, &out); code == exitOK || !strings.Contains(out.String(), "销毁") {
		t.Errorf("rejudge: %d %s", code, &out)
	}
}

// harmless are operations that change nothing: an archived meeting may answer them.
var harmless = []string{"order-roster", "read-roster", "preview-form", "sign-in-sheet"}

// bodies are what operations on a meeting are asked with; those that need none are not here.
var bodies = map[string]any{
	"update-meeting":       map[string]any{"title": "改名"},
	"archive":              map[string]any{"destroy_on": time.Now().AddDate(1, 0, 0).Format(time.DateOnly)},
	"back-to-open":         map[string]any{"reason": "x"},
	"reopen":               map[string]any{"reason": "x"},
	"export-records":       map[string]any{"reason": "x"},
	"open-batch":           map[string]any{"group": "A", "venues": []string{"1"}},
	"watch-folder":         map[string]any{"on": true},
	"pause-batch":          map[string]any{"paused": true},
	"dispose-page":         map[string]any{"disposal": "rescanned"},
	"settle-blank":         map[string]any{"key": "row 1.1", "value": "1"},
	"type-comment":         map[string]any{"state": "typed", "text": "x"},
	"put-groups":           map[string]any{"groups": []any{}, "excluded": []any{}},
	"put-venues":           map[string]any{"venues": []any{}},
	"put-roster":           map[string]any{"subjects": []ballot.Subject{{No: 1, Name: "张明", Org: "某支部", Post: "书记", Mode: ballot.Oral}}},
	"order-roster":         map[string]any{"subjects": []any{}},
	"preview-form":         map[string]any{},
	"put-rules":            ballot.DefaultRules(),
	"enter-ledger":         map[string]any{"venue": "1", "group": "A", "field": "issued", "value": 3},
	"confirm-ledger":       map[string]any{"venue": "1", "group": "A", "field": "issued", "value": 3},
	"set-overall-cap":      map[string]any{"percent": 30},
	"set-aside":            map[string]any{"aside": true, "reason": "x"},
	"decide":               map[string]any{"kind": "blank", "reason": "x"},
	"print-copies":         map[string]any{"group": "A", "copies": 3},
	"record-copies":        map[string]any{"group": "A", "copies": 3},
	"conclude":             map[string]any{"overall_grade": "好"},
	"postpone-destruction": map[string]any{"destroy_on": time.Now().AddDate(0, 0, 8).Format(time.DateOnly), "reason": "x"}, // not later
}

// TestArchivedIsReadOnly sends every operation that is no reading to an archived meeting, as every role that may, and
// compares the whole database with what it was. A new operation that changes an archived meeting fails here.
func TestArchivedIsReadOnly(t *testing.T) {
	data, id := endedMeeting(t, 1, 200)
	var page, batch string
	withTestStore(t, data, func(s *store.Store) error {
		return errors.Join(s.DB().QueryRow("SELECT id FROM pages").Scan(&page), s.DB().QueryRow("SELECT id FROM batches").Scan(&batch))
	})
	s := startService(t, data)
	clients := map[ballot.Role]*client{}
	for _, role := range ballot.Roles() {
		name := string(role) + "1"
		if role == ballot.RoleAdmin {
			name = "admin"
		}
		clients[role] = s.as(t, name)
	}
	before := dump(t, data)
	fill := strings.NewReplacer("{batch}", batch, "{page}", page, "{subject}", "1", "{comment}", "c0", "{group}", "A", "{bundle}", "1")
	asked := 0
	for _, op := range apiOperations(t) {
		path, ok := strings.CutPrefix(op.path, "/api/v1/meetings/{meeting}")
		if !ok || op.method == "GET" {
			continue
		}
		row, _ := access.Lookup(op.id)
		for _, role := range row.Roles() {
			asked++
			err := clients[role].ask("/meetings/"+id+fill.Replace(path), op.method, op.id)
			var p *problem
			want := ballot.CodeState
			switch {
			case op.id == "postpone-destruction":
				want = ballot.CodeInvalid
			case op.id == "destroy-ballots":
				want = ballot.CodeTooEarly
			}
			if !slices.Contains(harmless, op.id) && !(errors.As(err, &p) && p.Code == string(want)) {
				t.Errorf("%s by %s: %v, want %s", op.id, role, err, want)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d operations", asked)
	}
	if after := dump(t, data); after != before {
		t.Errorf("the archived meeting has changed:\n%s\n%s", before, after)
	}
}

// files are what operations take that are sent one.
var files = map[string]string{
	"upload-roster": "序号,姓名,单位,职务,述职方式\n1,张明,某支部,书记,现场述职\n",
	"read-roster":   "序号,姓名,单位,职务,述职方式\n1,张明,某支部,书记,现场述职\n",
	"upload-roll":   "姓名,单位,类别,会场\n李四,某局,工委委员,主会场\n",
	"sign-in-sheet": "姓名,单位,类别,会场\n李四,某局,工委委员,主会场\n",
	"upload-blank":  "%PDF-1.4", "upload-scans": "%PDF-1.4", "read-trial": "%PDF-1.4",
}

// ask sends what an operation takes.
func (c *client) ask(path, method, id string) error {
	ctx := context.Background()
	if file, ok := files[id]; ok {
		return c.upload(ctx, path, "a.csv", []byte(file), nil)
	}
	_, err := c.send(ctx, method, path, "application/json", sent(bodies[id]))
	return err
}

func sent(v any) io.Reader {
	if v == nil {
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(raw)
}

// dump is a digest of each table, but of sessions and of the job queue's own.
func dump(t *testing.T, data string) string {
	t.Helper()
	db := must[*sql.DB](t)(sql.Open("sqlite3", "file:"+config{data: data}.database()+"?_query_only=on&_busy_timeout=5000"))
	defer db.Close()
	rows := must[*sql.Rows](t)(db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'river%' AND name <> 'sessions' ORDER BY name"))
	var names []string
	for rows.Next() {
		var name string
		must[int](t)(0, rows.Scan(&name))
		names = append(names, name)
	}
	must[int](t)(0, rows.Close())
	var out strings.Builder
	for _, name := range names {
		fmt.Fprintf(&out, "%s %x\n", name, tableDigest(t, db, name))
	}
	return out.String()
}

func tableDigest(t *testing.T, db *sql.DB, name string) []byte {
	t.Helper()
	rows := must[*sql.Rows](t)(db.Query("SELECT * FROM " + name + " ORDER BY 1, 2"))
	defer rows.Close()
	columns := must[[]string](t)(rows.Columns())
	sum := sha256.New()
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must[int](t)(0, rows.Scan(into...))
		fmt.Fprintln(sum, values...)
	}
	must[int](t)(0, rows.Err())
	return sum.Sum(nil)[:8]
}

// The way to the archive in the browser: two persons export, one archives and postpones; then a meeting whose day has
// come. Screenshots go to $PINGYI_SHOTS.
func TestArchiveInBrowser(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "archive.mjs")
	data, id := releasedMeeting(t, 3)
	b.visit(t, "archive", map[string]string{"BASE": startService(t, data).base, "MEETING": id, "PASSWORD": testPassword})
	data, id = endedMeeting(t, 100, ballot.LeastRetention)
	b.visit(t, "destroyed", map[string]string{"BASE": startService(t, data).base, "MEETING": id, "PASSWORD": testPassword})
}

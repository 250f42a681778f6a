package jobs

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans"
	"pingyi/scans/worker"
)

// textReader reads files of text, one line an image: "leaf page" as in "17 2", or the reason for which the
// image is rejected, as in "streaks", or in "streaks 2 B" where its code says page and group, and perhaps "+ words" for what stands in the comment box, and then perhaps "# serial". A leaf's ink lies as its number says, so that the same leaf is known again. The picture of an image is its line. It stands for scanner, decoder and reader.
type textReader struct {
	pause time.Duration // for each image
}

func (textReader) Unpack(_ context.Context, path, name, _ string) ([]worker.Part, string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		return nil, name + ": no text", nil
	}
	// Two parts, as of a ZIP.
	n := bytes.Count(data, []byte("\n"))
	return []worker.Part{{Path: path, Name: "first", Pages: n / 2}, {Path: path, Name: "second", Pages: n - n/2}}, "", nil
}

func (r textReader) Read(ctx context.Context, forms worker.Forms, part worker.Part, from, to int, each func(worker.Page) error) error {
	data, err := os.ReadFile(part.Path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if part.Name == "second" {
		lines = lines[len(lines)/2:]
	}
	for i := from; i < to; i++ {
		if r.pause > 0 {
			time.Sleep(r.pause)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := each(worker.Page{Index: i, Result: readLine(forms.List, lines[i]), Picture: []byte(lines[i])}); err != nil {
			return err
		}
	}
	return nil
}

func readLine(forms []ballot.Form, line string) scans.PageResult {
	var leaf, page int
	group := "A"
	line, serial, _ := strings.Cut(line, "# ")
	line, comment, written := strings.Cut(line, "+ ")
	line = strings.TrimSpace(line)
	if n, _ := fmt.Sscanf(line, "%d %d %s", &leaf, &page, &group); n < 2 {
		why := &ballot.Rejection{}
		known, _ := fmt.Sscanf(line, "%s %d %s", &why.Reason, &page, &group)
		at := slices.IndexFunc(forms, func(f ballot.Form) bool { return known == 3 && f.Group == group })
		if at < 0 {
			return scans.PageResult{PageReading: ballot.PageReading{Rejected: why}}
		}
		return scans.PageResult{PageReading: ballot.PageReading{Form: forms[at].ID, Page: page, Group: group, Rejected: why}}
	}
	for _, f := range forms {
		if p, ok := f.PageOf(page); ok && f.Group == group {
			res := scans.PageResult{PageReading: ballot.PageReading{Form: f.ID, Page: page, Group: f.Group}, Identity: string(f.Identity), Serial: serial}
			for i, row := range p.Rows {
				res.Rows = append(res.Rows, ballot.RowReading{Subject: row.Subject})
				res.Verdicts = append(res.Verdicts, ballot.Verdict{Kind: ballot.IsGrade, Grade: f.Grades[(leaf+i)%len(f.Grades)]})
			}
			res.Fingerprint = inkOfLeaf(leaf, page, len(p.Rows))
			if written {
				res.Comment = &ballot.CommentCrop{Picture: []byte(comment), Proposal: "读作" + comment}
			}
			return res
		}
	}
	return scans.PageResult{PageReading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectOtherForm}}}
}

// inkOfLeaf is how the ink lies on one side of a leaf: a mark a row, all in the first boxes.
func inkOfLeaf(leaf, page, rows int) (f ballot.Fingerprint) {
	r := rand.New(rand.NewPCG(uint64(leaf), uint64(page)))
	at := func() int16 { return int16(r.NormFloat64() * 20) }
	for i := range rows {
		f = append(f, ballot.InkShape{Target: int16(4 * i), X: at(), Y: at(), W: 80 + at(), H: 80 + at(), Lean: at()})
	}
	return f
}

// house is a service on a real database with an open meeting in it.
type house struct {
	t       testing.TB
	dir     string
	store   *store.Store
	service *Service
	meeting string
	keys    ballot.SerialKeys // of meetings in serial mode
	lost    atomic.Bool       // they are
}

// Forget destroys them.
func (h *house) Forget(string) error { h.keys = ballot.SerialKeys{}; return nil }

// Of makes a house the keys of its service.
func (h *house) Of(string) (ballot.SerialKeys, error) {
	if h.lost.Load() {
		return ballot.SerialKeys{}, ballot.Errorf(ballot.CodeNotFound, "没有密钥", "no keys")
	}
	return h.keys, nil
}

// kind of meeting.
type kind struct {
	subjects int // 72 are two pages, front and back of one leaf
	single   bool
	serial   bool
}

// newHouse opens a meeting whose group A has returned ballots at venue "1", counted by two people; those
// of venue "2" and of group B are not counted yet.
func newHouse(t testing.TB, k kind, returned int) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	h.openStore()
	ctx := context.Background()
	m := ballot.Meeting{Title: "述职评议会", Organiser: "工委", Date: "2026-12-01", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}, {Code: "2", Name: "分会场"}}}
	if k.single {
		m.Rules.Form, m.Rules.Layout.Paper = ballot.SingleForm, "A5"
	}
	if k.serial {
		m.Rules.Identity = ballot.Serial
	}
	for i := range k.subjects {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("张%c", '一'+rune(i)), Org: "机关党委", Post: "书记", Mode: ballot.Written})
	}
	for i, code := range []string{"A", "B"} {
		m.Groups = append(m.Groups, ballot.VoterGroup{Code: code, Name: []string{"工委委员", "书记"}[i], Weight: 50, JoinWith: []string{"B", "A"}[i],
			Headcount: map[string]int{"1": returned + 20, "2": returned + 20}})
	}
	m, err := h.store.CreateMeeting(ctx, "admin", m)
	h.must(err)
	h.meeting = m.ID
	_, _, err = h.store.Seal(ctx, "admin", m.ID, crand.Reader)
	h.must(err)
	_, err = h.store.Open(ctx, "admin", m.ID)
	h.must(err)
	h.signers()
	subjects := []int{0}
	if k.single {
		subjects = []int{1, 2, 3}[:k.subjects]
	}
	for _, subject := range subjects {
		h.count(subject, returned)
	}
	h.service = h.open()
	return h
}

// signers makes the accounts of those who sign: s1 and s2 are scrutineers, c1 and c2 of the committee.
func (h *house) signers() {
	h.t.Helper()
	for _, role := range []ballot.Role{ballot.RoleScrutineer, ballot.RoleCommittee} {
		for _, number := range "12" {
			h.must(h.store.CreateUser(context.Background(), "admin", store.User{Name: string(role)[:1] + string(number), Role: role, Hash: "h"}))
		}
	}
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) want(code ballot.Code, err error) {
	h.t.Helper()
	if err == nil || ballot.CodeOf(err) != code {
		h.t.Fatalf("got %v, want %s", err, code)
	}
	h.t.Log(err)
}

func (h *house) count(subject, returned int) {
	h.t.Helper()
	key := ballot.LedgerKey{Venue: "1", Group: "A", Subject: subject}
	h.must(h.store.EnterLedger(context.Background(), "p1", h.meeting, key, ballot.Returned, returned))
	h.must(h.store.ConfirmLedger(context.Background(), "p2", h.meeting, key, ballot.Returned, returned))
}

func (h *house) openStore() {
	h.t.Helper()
	s, err := store.Open(filepath.Join(h.dir, "pingyi.db"), store.Options{})
	h.must(err)
	h.t.Cleanup(func() { s.Close() })
	h.store = s
}

func (h *house) open() *Service {
	h.t.Helper()
	s, err := New(context.Background(), h.config())
	h.must(err)
	return s
}

func (h *house) config() Config {
	return Config{Store: h.store, DB: h.store.DB(), Reader: textReader{}, Keys: h, Folder: h.dir, Workers: 2, Random: crand.Reader,
		Log: slog.New(slog.NewTextHandler(testWriter{h.t}, nil))}
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

func (h *house) work() {
	h.t.Helper()
	h.must(h.service.Start(context.Background()))
	h.t.Cleanup(func() { h.service.Stop(context.Background()) })
}

func (h *house) batch(venues ...string) ballot.Batch {
	h.t.Helper()
	if len(venues) == 0 {
		venues = []string{"1"}
	}
	b, err := h.store.OpenBatch(context.Background(), "scan", h.meeting, "A", venues)
	h.must(err)
	return b
}

func (h *house) upload(b ballot.Batch, lines ...string) ballot.Upload {
	h.t.Helper()
	u, err := h.service.Upload(context.Background(), "scan", b.ID, "stack.pdf", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	h.must(err)
	return u
}

// patience is how long a test waits for what must come, on a machine that has much else to do: only what hangs takes longer.
const patience = 2 * time.Minute

// wait waits until all uploads of a batch are read.
func (h *house) wait(b ballot.Batch) []ballot.SpoolPage {
	h.t.Helper()
	h.until("the batch is read", func() bool { return h.service.finished(context.Background(), b) == nil })
	pages, err := h.service.Pages(context.Background(), b)
	h.must(err)
	return pages
}

func (h *house) close(b ballot.Batch) error {
	return h.service.Close(context.Background(), "scan", b.ID, ballot.Vouching{})
}

// closeVouched closes a batch with somebody's word for all that is void.
func (h *house) closeVouched(b ballot.Batch, by string) error {
	h.t.Helper()
	pages, err := h.service.Pages(context.Background(), b)
	h.must(err)
	return h.service.Close(context.Background(), "scan", b.ID, vouching(by, pages))
}

// vouching is the word of somebody who has seen all that is void of pages.
func vouching(by string, pages []ballot.SpoolPage) ballot.Vouching {
	word := ballot.Vouching{By: by, Reason: "撕破"}
	for _, p := range pages {
		if p.Disposal == ballot.Void {
			word.Images = append(word.Images, p.ID())
		}
	}
	return word
}

// closings is what the record says of closed batches.
func (h *house) closings() (details []string) {
	h.t.Helper()
	acts, err := h.store.AllActs(context.Background(), store.ActFilter{Meeting: h.meeting, Act: "close_batch", Limit: 100})
	h.must(err)
	for _, a := range acts {
		details = append(details, a.Detail)
	}
	return details
}

// stack is the lines of two-sided leaves from … to-1, fed front first.
func stack(from, to int) (lines []string) {
	for leaf := from; leaf < to; leaf++ {
		lines = append(lines, fmt.Sprintf("%d 1", leaf), fmt.Sprintf("%d 2", leaf))
	}
	return lines
}

// keptPage is a row of the meeting's pages: people do not see all of them while batches may still come.
type keptPage struct {
	ID, Leaf string
	FormPage int
	Verdicts []ballot.Verdict
}

func (h *house) pages() (out []keptPage) {
	h.t.Helper()
	rows, err := h.store.DB().Query("SELECT id, leaf, form_page, verdicts FROM pages WHERE meeting = ? ORDER BY id", h.meeting)
	h.must(err)
	defer rows.Close()
	for rows.Next() {
		var p keptPage
		var verdicts []byte
		h.must(rows.Scan(&p.ID, &p.Leaf, &p.FormPage, &verdicts))
		h.must(json.Unmarshal(verdicts, &p.Verdicts))
		out = append(out, p)
	}
	h.must(rows.Err())
	return out
}

// kept are the pictures of the meeting's pages, by page id.
func (h *house) kept() map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for _, p := range h.pages() {
		r, err := h.service.Picture(context.Background(), h.meeting, p.ID)
		h.must(err)
		data, err := io.ReadAll(r)
		h.must(err)
		r.Close()
		out[p.ID] = string(data)
	}
	return out
}

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

func TestFromUploadToClosedBatch(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 41)
	h.work()
	b := h.batch()
	h.upload(b, stack(0, 30)...)
	h.upload(b, stack(30, 40)...)
	pages := h.wait(b)
	for i, p := range pages { // two uploads of two parts each, in chunks: still in the order of feeding
		if want := fmt.Sprintf("%d %d", i/2, i%2+1); p.Reading.Rejected != nil || h.spooled(p) != want {
			t.Fatalf("image %d: %+v, picture %q, want %q", i, p.Reading.Rejected, h.spooled(p), want)
		}
	}
	h.must(h.close(b))
	closed, err := h.store.Batch(context.Background(), b.ID)
	if err != nil || closed.State != ballot.BatchClosed || closed.Leaves != 40 {
		t.Errorf("batch %+v, %v", closed, err)
	}
	h.checkLeaves(40)
	h.want(ballot.CodeState, h.close(b))
	if _, err := h.service.Upload(context.Background(), "scan", b.ID, "late.pdf", strings.NewReader("9 1\n")); ballot.CodeOf(err) != ballot.CodeState {
		t.Errorf("an upload into a closed batch: %v", err)
	}
}

func (h *house) spooled(p ballot.SpoolPage) string {
	data, err := os.ReadFile(h.service.spool(p.Batch, p.Picture))
	h.must(err)
	return string(data)
}

// checkLeaves checks that each of n leaves is kept once, both sides together, each picture with its own
// reading.
func (h *house) checkLeaves(n int) {
	h.t.Helper()
	pages := h.pages()
	pictures, sides := h.kept(), map[string]string{}
	seen := map[string]bool{}
	for _, p := range pages {
		var leaf, page int
		if _, err := fmt.Sscanf(pictures[p.ID], "%d %d", &leaf, &page); err != nil || page != p.FormPage || seen[pictures[p.ID]] {
			h.t.Errorf("page %d has the picture %q", p.FormPage, pictures[p.ID])
		}
		seen[pictures[p.ID]] = true
		if first := p.Verdicts[0].Grade; first != ballot.DefaultRules().Grades[leaf%4] {
			h.t.Errorf("leaf %d has the reading of another: %s", leaf, first)
		}
		if other, ok := sides[p.Leaf]; ok && other != fmt.Sprint(leaf) {
			h.t.Errorf("sides of leaves %s and %d are one leaf", other, leaf)
		}
		sides[p.Leaf] = fmt.Sprint(leaf)
	}
	if len(pages) != 2*n || len(sides) != n {
		h.t.Errorf("%d pages of %d leaves, want %d leaves", len(pages), len(sides), n)
	}
}

func TestClosingIsRefused(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	b := h.batch()
	h.upload(b, append(stack(0, 4), "no_page", "4 2")...)
	h.want(ballot.CodeUnresolved, h.close(b)) // nobody has begun to read
	h.work()
	pages := h.wait(b)
	h.want(ballot.CodeUnresolved, h.close(b)) // a side is rejected
	if r := pages[9].Reading.Rejected; r == nil || r.Reason != ballot.RejectUnpaired {
		t.Errorf("the other side of a rejected one: %+v", r)
	}
	ctx := context.Background()
	h.must(h.service.Dispose(ctx, "scan", b.ID, pages[8].Upload, pages[8].Index, ballot.Rescanned, nil))
	h.want(ballot.CodeSmallBatch, h.close(b)) // four leaves
	h.upload(b, stack(4, 10)...)
	h.wait(b)
	h.want(ballot.CodeUnbalanced, h.close(b)) // ten leaves, nine returned
	h.checkRefused(b, 10+12)
	h.count(0, 10)
	h.must(h.close(b))
	h.checkLeaves(10)

	other := h.batch("2")
	h.upload(other, stack(20, 26)...)
	h.wait(other)
	h.want(ballot.CodeUnbalanced, h.close(other)) // nobody has counted venue 2
	h.checkLeaves(10)
}

// checkRefused checks that a refused closing took nothing and left nothing.
func (h *house) checkRefused(b ballot.Batch, images int) {
	h.t.Helper()
	if pages, err := h.service.Pages(context.Background(), b); err != nil || len(pages) != images {
		h.t.Errorf("%d images, %v", len(pages), err)
	}
	if names, err := h.service.pictures.names(context.Background(), ""); err != nil || len(names) != 0 {
		h.t.Errorf("pictures %v, %v", names, err)
	}
}

func TestVoidLeaves(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 8)
	h.work()
	b := h.batch()
	h.upload(b, append(stack(0, 7), "7 1", "streaks")...)
	pages := h.wait(b)
	h.want(ballot.CodeUnresolved, h.closeVouched(b, "s1")) // nobody has proposed it
	h.must(h.service.Dispose(context.Background(), "scan", b.ID, pages[15].Upload, pages[15].Index, ballot.Void, nil))
	closed, err := h.store.User(context.Background(), "s2")
	h.must(err)
	read := closed
	closed.Disabled = true
	h.must(h.store.UpdateUser(context.Background(), "admin", read, closed))
	seen := func(images ...int) (ids []string) {
		for _, i := range images {
			ids = append(ids, pages[i].ID())
		}
		return ids
	}
	for _, c := range []struct {
		by   string
		seen []string
		want ballot.Code
	}{
		{"", nil, ballot.CodeSecondPerson},
		{"s1", seen(14), ballot.CodeConflict},     // both sides of the leaf are void, and are shown
		{"s1", seen(12, 13), ballot.CodeConflict}, // another leaf's
		{"s1", nil, ballot.CodeConflict},
		{"s2", seen(15, 14), ballot.CodeForbidden}, // closed
		{"c1", seen(14, 15), ballot.CodeForbidden}, // of the committee
		{"scan", seen(14, 15), ballot.CodeNotFound},
	} {
		if err := h.service.Close(context.Background(), "scan", b.ID, ballot.Vouching{By: c.by, Images: c.seen, Reason: "撕破"}); ballot.CodeOf(err) != c.want {
			t.Errorf("the word of %q for %v: %v, want %s", c.by, c.seen, err, c.want)
		}
		h.checkRefused(b, 16)
	}
	h.must(h.closeVouched(b, "s1"))
	if got := h.closings(); !slices.Equal(got, []string{"A 1: 8, of them 1 void (s1: 撕破)"}) {
		t.Errorf("the record says %q", got)
	}
	h.checkLeaves(7)
	l, err := h.store.Ledger(context.Background(), h.meeting)
	h.must(err)
	if len(l.Scanned) != 1 || l.Scanned[0].Leaves != 8 {
		t.Errorf("scanned %+v", l.Scanned)
	}
}

func TestPagesOfAnotherGroup(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	h.work()
	b := h.batch()
	h.upload(b, append(stack(0, 5), "5 1 B", "5 2 B")...)
	pages := h.wait(b)
	for i, p := range pages {
		r := p.Reading.Rejected
		if i < 10 && r != nil || i >= 10 && (r == nil || r.Reason != ballot.RejectWrongGroup || len(p.Reading.Rows) > 0) {
			t.Errorf("image %d: %+v", i, r)
		}
	}
}

// TestDamagedPagesOfAnotherGroup: a page that its code proves to be another group's is none of this one's void ballots,
// whatever else is wrong with it; what else is wrong stands in the facts.
func TestDamagedPagesOfAnotherGroup(t *testing.T) {
	h := newHouse(t, kind{subjects: 20}, 9)
	h.work()
	b := h.batch()
	h.upload(b, "0 1", "1 1", "2 1", "3 1", "4 1", "5 1", "streaks 1 B", "other_version 1 B", "streaks 1 A")
	pages := h.states(b, repeat(6, ".")+" wrong_group other_version streaks")
	if got, want := pages[6].Reading.Rejected.Facts, "a page of group B in a batch of group A; this image by itself: streaks: "; got != want {
		t.Errorf("facts %q, want %q", got, want)
	}
	dispose := func(i int, how ballot.Disposal) error {
		return h.service.Dispose(context.Background(), "scan", b.ID, pages[i].Upload, pages[i].Index, how, nil)
	}
	for _, i := range []int{6, 7} {
		h.want(ballot.CodeState, dispose(i, ballot.Void))
		h.must(dispose(i, ballot.Rescanned))
	}
	h.must(dispose(8, ballot.Void)) // this group's own
	h.must(h.closeVouched(b, "s1"))
	l, err := h.store.Ledger(context.Background(), h.meeting)
	h.must(err)
	if len(l.Invalid) != 1 || l.Invalid[0] != (ballot.GroupCount{Group: "A", Leaves: 1}) || l.Scanned[0].Leaves != 7 {
		t.Errorf("scanned %+v, invalid %+v", l.Scanned, l.Invalid)
	}
}

func TestBlankBacksOfOneSidedForms(t *testing.T) {
	h := newHouse(t, kind{subjects: 3, single: true}, 6)
	h.work()
	b := h.batch()
	var lines []string
	for leaf := range 6 {
		lines = append(lines, fmt.Sprintf("%d 1", leaf), "blank_side")
	}
	h.upload(b, lines...)
	h.wait(b)
	h.must(h.close(b))
	if kept := h.kept(); len(kept) != 6 {
		t.Errorf("kept %v", kept)
	}
}

func TestSameBytesAreRefused(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	b, other := h.batch(), h.batch()
	h.upload(b, stack(0, 6)...)
	for _, batch := range []ballot.Batch{b, other} {
		_, err := h.service.Upload(context.Background(), "scan", batch.ID, "again.pdf", strings.NewReader(strings.Join(stack(0, 6), "\n")+"\n"))
		h.want(ballot.CodeDuplicate, err)
	}
	if files, _ := filepath.Glob(h.service.spool("*", "*")); len(files) != 1 {
		t.Errorf("spool %v", files)
	}
	// A discarded batch takes its digests along: the stack may be fed again.
	h.must(h.service.Discard(context.Background(), "scan", b.ID))
	if files, _ := filepath.Glob(h.service.spool("*", "*")); len(files) != 0 {
		t.Errorf("spool %v", files)
	}
	h.upload(other, stack(0, 6)...)
	h.work()
	h.wait(other)
	h.must(h.close(other))
	h.checkLeaves(6)
}

// A discarded batch leaves no picture, though somebody who reads for long keeps the file from being cleared up.
func TestDiscardBesideAReader(t *testing.T) {
	t.Parallel()
	h := newHouse(t, kind{subjects: 72}, 9)
	b := h.batch()
	h.upload(b, stack(0, 6)...)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(h.dir, "pingyi.db")+"?mode=ro")
	h.must(err)
	defer db.Close()
	reader, err := db.Begin()
	h.must(err)
	h.must(reader.QueryRow("SELECT count(*) FROM batches").Scan(new(int)))
	h.want(ballot.CodeConflict, h.service.Discard(context.Background(), "scan", b.ID))
	if files, _ := filepath.Glob(h.service.spool("*")); len(files) != 0 {
		t.Errorf("spool %v", files)
	}
	h.must(reader.Rollback())
}

func TestUploadsThatBreak(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	h.work()
	b := h.batch()
	broken := errors.New("connection lost")
	_, err := h.service.Upload(context.Background(), "scan", b.ID, "a.pdf", &brokenBody{text: "0 1\n", err: broken})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	_, err = h.service.Upload(context.Background(), "scan", b.ID, "empty.pdf", strings.NewReader(""))
	h.want(ballot.CodeInvalid, err)
	if files, _ := filepath.Glob(h.service.spool("*", "*")); len(files) != 0 {
		t.Errorf("spool %v", files)
	}
	u, err := h.service.Upload(context.Background(), "scan", b.ID, "C:/scans/photo.gif", strings.NewReader("GIF"))
	h.must(err)
	h.wait(b)
	if u, _, err = h.store.Upload(context.Background(), u.ID); err != nil || u.Pages != 0 || u.Error != "photo.gif: no text" {
		t.Errorf("%+v, %v", u, err)
	}
}

// TestUploadOfAClosedAccount: what was begun before its account was closed is refused at its end. Nothing of it stays, and
// somebody else may feed the same file.
func TestUploadOfAClosedAccount(t *testing.T) {
	h, ctx := newHouse(t, kind{subjects: 72}, 9), context.Background()
	b := h.batch()
	u := store.User{Name: "feeder", Role: ballot.RoleScanning, Hash: "h"}
	h.must(h.store.CreateUser(ctx, "admin", u))
	closed := u
	closed.Disabled = true
	_, err := h.service.Upload(ctx, "feeder", b.ID, "a.pdf", io.MultiReader(strings.NewReader("0 1\n"), atEnd(func() {
		h.must(h.store.UpdateUser(ctx, "admin", u, closed))
	})))
	h.want(ballot.CodeForbidden, err)
	uploads, err := h.store.Uploads(ctx, b.ID)
	if files, _ := filepath.Glob(h.service.spool("*", "*")); err != nil || len(files)+len(uploads) != 0 {
		t.Errorf("spool %v, uploads %v, %v", files, uploads, err)
	}
	h.upload(b, "0 1")
}

// atEnd is called where a body ends.
type atEnd func()

func (f atEnd) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

type brokenBody struct {
	text string
	err  error
}

func (b *brokenBody) Read(p []byte) (int, error) {
	if b.text == "" {
		return 0, b.err
	}
	n := copy(p, b.text)
	b.text = b.text[n:]
	return n, nil
}

// A second process may take uploads and close batches, but not work.
func TestOneProcessWorks(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	h.work()
	second := h.open()
	if err := second.Start(context.Background()); err == nil {
		t.Fatal("two work at once")
	}
	b := h.batch()
	first := h.service
	h.service = second
	h.upload(b, stack(0, 6)...)
	h.wait(b)
	h.must(h.close(b))
	h.checkLeaves(6)
	h.must(first.Stop(context.Background()))
	h.must(second.Start(context.Background()))
	h.must(second.Stop(context.Background()))
}

// What sweeps must not touch: an upload that is under way while another process starts.
func TestSweepSparesUploadsUnderWay(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 9)
	b := h.batch()
	body := &sweepingBody{lines: stack(0, 6), sweep: func() { h.open() }}
	if _, err := h.service.Upload(context.Background(), "scan", b.ID, "a.pdf", body); err != nil {
		t.Fatal(err)
	}
	orphan := h.service.spool(b.ID, "00ff.file")
	h.must(os.WriteFile(orphan, []byte("of an upload that was killed"), 0o600))
	h.open()
	if _, err := os.Stat(orphan); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the orphan: %v", err)
	}
	h.work()
	if pages := h.wait(b); len(pages) != 12 {
		t.Errorf("%d images", len(pages))
	}
}

// sweepingBody starts another process in the middle of itself.
type sweepingBody struct {
	lines []string
	sweep func()
}

func (b *sweepingBody) Read(p []byte) (int, error) {
	if len(b.lines) == 0 {
		return 0, io.EOF
	}
	if len(b.lines) == 3 {
		b.sweep()
	}
	n := copy(p, b.lines[0]+"\n")
	b.lines = b.lines[1:]
	return n, nil
}

package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

// pictureOf is a picture that stands for a page's.
func pictureOf(page string) []byte { return []byte("picture of " + page) }

// withPictures gives the pages of a closing pictures, in the folder that verify looks into.
func withPictures(t testing.TB, folder, meeting string, c ballot.Closing) ballot.Closing {
	t.Helper()
	ok(t, os.MkdirAll(filepath.Join(folder, "pages", meeting), 0o700))
	for i := range c.Leaves {
		for j := range c.Leaves[i].Pages {
			p := &c.Leaves[i].Pages[j]
			sum := sha256.Sum256(pictureOf(p.ID))
			p.Image = hex.EncodeToString(sum[:])
			ok(t, os.WriteFile(filepath.Join(folder, "pages", meeting, p.ID+".jpg"), pictureOf(p.ID), 0o600))
		}
	}
	return c
}

// feedPictures is feed with pictures.
func feedPictures(t testing.TB, s *store.Store, folder, id, venue string, ballots ...string) {
	t.Helper()
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", []string{venue}))
	c := withPictures(t, folder, id, closing(t, s, formA(t, s, id), ballots...))
	for range 2 {
		c.Comments = append(c.Comments, ballot.Comment{ID: must[string](t)(s.NewID()), CommentCrop: ballot.CommentCrop{Picture: []byte("handwriting"), Proposal: "读作"}})
	}
	c.Rejected = map[ballot.RejectReason]int{ballot.RejectTwoSheets: 1, ballot.RejectCutOff: 2}
	ok(t, s.CloseBatch(context.Background(), "scan", b.ID, c, noJobs))
}

// decideAll decides all rows that wait, by turns, and thinks better of the first.
func decideAll(t testing.TB, s *store.Store, id string, people ...string) {
	t.Helper()
	ctx := context.Background()
	for i := 0; ; i++ {
		person := people[i%len(people)]
		rows, _, err := s.Queue(ctx, person, id, 1, anyRow)
		ok(t, err)
		if len(rows) == 0 {
			return
		}
		ok(t, s.Decide(ctx, person, id, rows[0].Page, rows[0].Subject, decision("差"), false))
		if i == 0 {
			ok(t, s.Decide(ctx, person, id, rows[0].Page, rows[0].Subject, decision("好"), false))
		}
	}
}

// finished is a data folder with everything in it that the log covers: accounts, a released meeting with comments,
// decisions, leaves set aside and conclusions; one that went back and was certified again; one under other thresholds;
// an open one with decisions; and a draft. It returns the folder and the released meeting.
func finished(t testing.TB) (folder, released string) {
	t.Helper()
	folder = t.TempDir()
	s, ctx := openAt(t, filepath.Join(folder, "pingyi.db")), context.Background()
	for _, name := range []string{"s1", "s2", "p1", "p2"} {
		role := map[byte]ballot.Role{'s': ballot.RoleScrutineer, 'p': ballot.RolePrinting}[name[0]]
		ok(t, s.CreateUser(ctx, "root", store.User{Name: name, Role: role, Hash: "h"}))
	}
	ok(t, s.UpdateUser(ctx, "root", must[store.User](t)(s.User(ctx, "p2")), store.User{Name: "p2", Role: ballot.RolePrinting, Hash: "h2"}))
	released = certifiedMeeting(t, s, folder)
	must[store.Signed](t)(s.Release(ctx, "c1", released, "无误"))
	must[store.Signed](t)(s.Release(ctx, "c2", released, "无误"))
	grade := "好"
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c1", released, 1, &grade, &[]string{"整改"}))
	ok(t, s.SetOverallCap(ctx, "c1", released, 40))
	again := certifiedMeeting(t, s, folder)
	must[store.Signed](t)(s.Reopen(ctx, "s1", again, "核对"))
	must[store.Signed](t)(s.Reopen(ctx, "s2", again, "核对"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", again))
	certify(t, s, again)
	judged := opened(t, s, draft(2))
	handCounts(t, s, judged, "main", 5)
	feedInked(t, s, judged, "main", 6, 6, 6, 6, 6)
	must[store.Rejudged](t)(s.Rejudge(ctx, "root", judged, leastInk(0.8)))
	ok(t, os.MkdirAll(filepath.Join(folder, "pages", judged), 0o700))
	for _, p := range must[[]store.Page](t)(s.AllPages(ctx, judged)) { // as of a batch closed before there was a log
		ok(t, os.WriteFile(filepath.Join(folder, "pages", judged, p.ID+".jpg"), pictureOf(p.ID), 0o600))
	}
	deciding := opened(t, s, draft(3))
	handCounts(t, s, deciding, "main", 5)
	feedPictures(t, s, folder, deciding, "main", "aab", "ab?", "a-?", "?bc", "a??")
	row := waiting(t, s, deciding, "s1")
	ok(t, s.Decide(ctx, "s1", deciding, row.Page, row.Subject, decision("差"), false))
	sealed(t, s, draft(2))
	must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", draft(4)))
	ok(t, s.Close())
	return folder, released
}

// certifiedMeeting is a certified meeting of two batches, with a balance that was taken back between.
func certifiedMeeting(t testing.TB, s *store.Store, folder string) string {
	t.Helper()
	ctx := context.Background()
	id := opened(t, s, draft(3))
	ok(t, s.Printed(ctx, "p1", id, "A", 12, nil))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	feedPictures(t, s, folder, id, "main", "aab", "ab?", "a-?", "?bc", "a??")
	decideAll(t, s, id, "s1", "s2")
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	must[ballot.Meeting](t)(s.BackToOpen(ctx, "s1", id, "还有一叠"))
	handCounts(t, s, id, "east", 4)
	feedPictures(t, s, folder, id, "east", "bbb", "?aa", "x-a", "cc?")
	decideAll(t, s, id, "s2", "s1")
	page := must[[]store.Page](t)(s.Pages(ctx, id))[0].ID
	ok(t, s.SetAside(ctx, "s1", id, page, true, "写有姓名"))
	ok(t, s.SetAside(ctx, "s1", id, page, false, "看错"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s2", id))
	for _, c := range must[[]ballot.Comment](t)(s.Comments(ctx, id)) {
		ok(t, s.TypeComment(ctx, "s1", id, c.ID, ballot.TypedComment{State: ballot.CommentTyped, Text: "多下基层"}))
	}
	certify(t, s, id)
	return id
}

// picturesIn digests pictures as they lie in a data folder.
func picturesIn(folder string) func(meeting string) (map[string]string, error) {
	return func(meeting string) (map[string]string, error) {
		out := map[string]string{}
		files, err := filepath.Glob(filepath.Join(folder, "pages", meeting, "*.jpg"))
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(data)
			out[strings.TrimSuffix(filepath.Base(f), ".jpg")] = hex.EncodeToString(sum[:])
		}
		return out, err
	}
}

func verify(t testing.TB, folder string, o store.Outside) store.Verification {
	t.Helper()
	o.Pictures = picturesIn(folder)
	return must[store.Verification](t)(store.Verify(context.Background(), filepath.Join(folder, "pingyi.db"), o))
}

// TestVerifyWhole: a whole folder has no fault, with whatever is known from outside, and checking changes no file.
func TestVerifyWhole(t *testing.T) {
	folder, released := finished(t)
	before := listing(t, folder)
	v := verify(t, folder, store.Outside{})
	for _, f := range v.Faults {
		t.Errorf("fault: %s | %s", f.Chinese, f.English)
	}
	s := openAt(t, filepath.Join(folder, "pingyi.db"))
	now := must[store.Checkpoint](t)(s.Checkpoint(context.Background()))
	kept := must[[]store.Checkpoint](t)(s.Checkpoints(context.Background(), released))
	ok(t, s.Close())
	if len(kept) != 7 || now.Code != v.Code || now.Size != v.Size { // seal, open, balance, back, balance, certify, release
		t.Errorf("%d checkpoints kept; now %s, verified %s", len(kept), now.Code, v.Code)
	}
	for _, c := range append(kept, now) {
		for _, given := range []string{c.Note, c.Code, strings.ToLower(" " + c.Code + "\n")} {
			if v := verify(t, folder, store.Outside{Checkpoint: given, Verifier: c.Verifier}); len(v.Faults) > 0 {
				t.Errorf("checkpoint %s: %+v", c.Code, v.Faults)
			}
		}
	}
	if after := listing(t, folder); after != before {
		t.Errorf("verifying changed the folder:\n%s\n%s", before, after)
	}
}

// listing is each file of a folder with its digest.
func listing(t testing.TB, folder string) string {
	t.Helper()
	var out strings.Builder
	ok(t, filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&out, "%s %x\n", path, sha256.Sum256(data))
		return err
	}))
	return out.String()
}

// TestKey: made once, readable by its owner alone, and needed ever after.
func TestKey(t *testing.T) {
	folder := t.TempDir()
	path, file := filepath.Join(folder, "pingyi.db"), filepath.Join(folder, evidence.KeyFile)
	s := openAt(t, path)
	verifier := s.Verifier()
	ok(t, s.Close())
	if info := must[os.FileInfo](t)(os.Stat(file)); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if again := openAt(t, path); again.Verifier() != verifier {
		t.Error("another key")
	}
	key := must[[]byte](t)(os.ReadFile(file))
	_, err := store.ReplaceKey(context.Background(), path, store.Options{}, "root", "lost")
	refused(t, ballot.CodeConflict, err)
	ok(t, os.Remove(file))
	_, err = store.Open(path, store.Options{})
	refused(t, store.CodeEvidence, err)
	_, err = evidence.MakeKey(folder, strings.NewReader(strings.Repeat("another key that was made here ", 9)))
	ok(t, err)
	_, err = store.Open(path, store.Options{})
	refused(t, store.CodeEvidence, err)
	ok(t, os.WriteFile(file, key, 0o600))
	openAt(t, path)
}

// TestNewKey: where the key is lost another one takes over and the log says so; who knows the old one alone is told.
func TestNewKey(t *testing.T) {
	folder, released := finished(t)
	path := filepath.Join(folder, "pingyi.db")
	s := openAt(t, path)
	before := must[[]store.Checkpoint](t)(s.Checkpoints(context.Background(), released))
	ok(t, s.Close())
	ok(t, os.Remove(filepath.Join(folder, evidence.KeyFile)))
	verifier := must[string](t)(store.ReplaceKey(context.Background(), path, store.Options{}, "root", "硬盘损坏"))
	for _, o := range []store.Outside{{}, {Verifier: verifier}, {Verifier: verifier, Checkpoint: before[0].Note}, {Verifier: verifier, Checkpoint: before[3].Code}} {
		v := verify(t, folder, o)
		if len(v.Faults) > 0 || !strings.Contains(fmt.Sprint(v.Checked), "存证密钥在第") {
			t.Errorf("%+v: %+v", o, v)
		}
	}
	if v := verify(t, folder, store.Outside{Verifier: before[0].Verifier}); len(v.Faults) != 1 {
		t.Errorf("the old key: %+v", v.Faults)
	}
	if v := verify(t, folder, store.Outside{Checkpoint: before[3].Code}); len(v.Faults) != 1 {
		t.Errorf("a code of before, and nobody says that the key is theirs: %+v", v.Faults)
	}
	s = openAt(t, path)
	now := must[store.Checkpoint](t)(s.Checkpoint(context.Background()))
	exported(t, s, released)
	must[ballot.Meeting](t)(s.Archive(context.Background(), "c1", released, "2027-03-01"))
	ok(t, s.Close())
	for _, o := range []store.Outside{{Verifier: verifier}, {Checkpoint: now.Code}} {
		if v := verify(t, folder, o); len(v.Faults) > 0 {
			t.Errorf("afterwards: %+v", v.Faults)
		}
	}
}

// TestRestoredWithoutKey: an honest backup without its key does not start, names the way on, and takes it; one whose log was taken out has none.
func TestRestoredWithoutKey(t *testing.T) {
	folder, _ := finished(t)
	ctx, restored := context.Background(), t.TempDir()
	path := filepath.Join(restored, "pingyi.db")
	must[store.Snapshot](t)(store.TakeSnapshot(ctx, filepath.Join(folder, "pingyi.db"), path))
	ok(t, os.CopyFS(filepath.Join(restored, "pages"), os.DirFS(filepath.Join(folder, "pages"))))
	_, err := store.Open(path, store.Options{})
	refused(t, store.CodeEvidence, err)
	if !strings.Contains(err.Error(), "pingyi evidence new-key") {
		t.Error(err)
	}
	must[string](t)(store.ReplaceKey(ctx, path, store.Options{}, "root", "恢复的备份没有密钥"))
	ok(t, openAt(t, path).Close())
	if v := verify(t, restored, store.Outside{}); len(v.Faults) > 0 {
		t.Errorf("%+v", v.Faults)
	}
}

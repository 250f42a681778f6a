package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// commented closes a batch of five ballots of group A with so many comments and balances the meeting.
func commented(t *testing.T, s *store.Store, comments int) string {
	t.Helper()
	ctx := context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	c := closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da")
	for i := range comments {
		c.Comments = append(c.Comments, ballot.Comment{ID: must[string](t)(s.NewID()), CommentCrop: ballot.CommentCrop{Picture: handwriting(id, i), Proposal: proposal(id, i)}})
	}
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	return id
}

func handwriting(meeting string, i int) []byte {
	return fmt.Appendf(nil, "handwriting of %s %d", meeting, i)
}
func proposal(meeting string, i int) string { return fmt.Sprintf("proposal for %s %d", meeting, i) }

func read(text string) ballot.TypedComment {
	return ballot.TypedComment{State: ballot.CommentTyped, Text: text}
}

// TestCommentsAreTyped: only of a balanced meeting and until the first signature; the result has the texts in
// an order of their own, and cannot be certified before.
func TestCommentsAreTyped(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := commented(t, s, 4)
	_, err := s.Comments(ctx, id)
	refused(t, ballot.CodeState, err)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	list := must[[]ballot.Comment](t)(s.Comments(ctx, id))
	if len(list) != 4 || !slices.IsSortedFunc(list, func(a, b ballot.Comment) int { return strings.Compare(a.ID, b.ID) }) {
		t.Fatalf("comments %+v", list)
	}
	for _, c := range list {
		if c.State != ballot.CommentWaiting || c.Text != "" || c.Subject != 0 || c.Picture != nil || !strings.HasPrefix(c.Proposal, "proposal for "+id) {
			t.Errorf("waiting comment %+v", c)
		}
		if picture := must[[]byte](t)(s.CommentPicture(ctx, id, c.ID)); !strings.HasPrefix(string(picture), "handwriting of "+id) {
			t.Errorf("picture %q", picture)
		}
	}
	_, err = s.Certify(ctx, "s1", id, "无误")
	refused(t, ballot.CodeUnresolved, err)
	for i, c := range []struct {
		state ballot.CommentState
		text  string
		code  ballot.Code
	}{{ballot.CommentTyped, "  ", ballot.CodeInvalid}, {ballot.CommentNothing, "x", ballot.CodeInvalid}, {"waiting", "", ballot.CodeInvalid}, {ballot.CommentTyped, strings.Repeat("长", 1001), ballot.CodeInvalid}} {
		if got := ballot.CodeOf(s.TypeComment(ctx, "s1", id, list[0].ID, ballot.TypedComment{State: c.state, Text: c.text})); got != c.code {
			t.Errorf("case %d: %s", i, got)
		}
	}
	refused(t, ballot.CodeNotFound, s.TypeComment(ctx, "s1", id, "nobody", read("x")))
	ok(t, s.TypeComment(ctx, "s1", id, list[0].ID, read(" 乙：多下基层 ")))
	ok(t, s.TypeComment(ctx, "s1", id, list[1].ID, read("错")))
	ok(t, s.TypeComment(ctx, "s2", id, list[1].ID, read("丙：党课再多一些")))
	ok(t, s.TypeComment(ctx, "s2", id, list[2].ID, ballot.TypedComment{State: ballot.CommentIllegible}))
	_, err = s.Certify(ctx, "s1", id, "无误")
	refused(t, ballot.CodeUnresolved, err)
	ok(t, s.TypeComment(ctx, "s2", id, list[3].ID, ballot.TypedComment{State: ballot.CommentNothing}))
	must[store.Signed](t)(s.Certify(ctx, "s1", id, "无误"))
	refused(t, ballot.CodeState, s.TypeComment(ctx, "s2", id, list[0].ID, read("改")))

	changeUser(t, s, "s1", func(u *store.User) { u.Disabled = true }) // the signature is void, for good once something was typed
	if by := must[map[string][]string](t)(s.Signatures(ctx, id)); len(by) != 0 {
		t.Errorf("void signatures wait: %v", by)
	}
	ok(t, s.TypeComment(ctx, "s2", id, list[0].ID, read("乙：多下基层")))
	changeUser(t, s, "s1", func(u *store.User) { u.Disabled = false })
	if by := must[map[string][]string](t)(s.Signatures(ctx, id)); len(by) != 0 {
		t.Errorf("signed before the comment was typed: %v", by)
	}
	certify(t, s, id)

	r, err := s.Result(ctx, id)
	ok(t, err)
	if len(r.Comments) != 1 || r.Comments[0].Subject != 0 || !slices.Equal(r.Comments[0].Texts, []string{"丙：党课再多一些", "乙：多下基层"}) {
		t.Errorf("comments of the result %+v", r.Comments)
	}
	for _, err := range []error{second(s.Comments(ctx, id)), second(s.CommentPicture(ctx, id, list[0].ID)), s.TypeComment(ctx, "s1", id, list[0].ID, read("x"))} {
		refused(t, ballot.CodeState, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestHandwritingGoes: certifying deletes the pictures of comments and what OCR made of them, from the file too,
// and of no other meeting; what was typed stays, and never changes again.
func TestHandwritingGoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	ids := []string{commented(t, s, 3), commented(t, s, 3)}
	var texts []string
	for _, id := range ids {
		for i := range 3 {
			texts = append(texts, string(handwriting(id, i)), proposal(id, i))
		}
	}
	if found := bytesWith(t, path, texts...); len(found) != 12 {
		t.Fatalf("the search finds %d of 12 texts", len(found))
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", ids[0]))
	for i, c := range must[[]ballot.Comment](t)(s.Comments(ctx, ids[0])) {
		ok(t, s.TypeComment(ctx, "s1", ids[0], c.ID, read(fmt.Sprintf("typed %d", i))))
	}
	certify(t, s, ids[0])
	if found := bytesWith(t, path, texts...); !slices.Equal(found, texts[6:]) {
		t.Errorf("the files hold %q, want what belongs to the other meeting", found)
	}
	if found := bytesWith(t, path, "typed 0", "typed 1", "typed 2"); len(found) != 3 {
		t.Errorf("of what was typed the file holds %q", found)
	}
	if _, err := s.DB().Exec("UPDATE comments SET content = 'forged' WHERE meeting = ?", ids[0]); err == nil {
		t.Error("a certified comment can be changed")
	}
	// Opened again and balanced anew, the old ones are what they were, and nothing holds the meeting up.
	must[store.Signed](t)(s.Reopen(ctx, "s1", ids[0], "更正"))
	must[store.Signed](t)(s.Reopen(ctx, "s2", ids[0], "更正"))
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", ids[0]))
	old := must[[]ballot.Comment](t)(s.Comments(ctx, ids[0]))
	refused(t, ballot.CodeState, s.TypeComment(ctx, "s1", ids[0], old[0].ID, read("x")))
	refused(t, ballot.CodeNotFound, second(s.CommentPicture(ctx, ids[0], old[0].ID)))
	certify(t, s, ids[0])
}

// TestSpoolCommentsGo: a crop stands beside its image, is replaced by a second reading, and goes with the batch
// whether it is closed or discarded, from the file too.
func TestSpoolCommentsGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	form := formA(t, s, id)
	page := readings(form, "ab")[0]
	save := func(b ballot.Batch, index int, picture string) {
		t.Helper()
		p := ballot.SpoolPage{Upload: "up-" + b.ID, Index: index, Batch: b.ID, Reading: page.Reading, Verdicts: page.Verdicts}
		if picture != "" {
			p.Comment = &ballot.CommentCrop{Picture: []byte(picture), Proposal: "as read: " + picture}
		}
		ok(t, s.SaveSpoolPage(ctx, p))
	}
	for _, end := range []func(b ballot.Batch) error{
		func(b ballot.Batch) error { return s.DiscardBatch(ctx, "scan", b.ID, noJobs) },
		func(b ballot.Batch) error {
			return s.CloseBatch(ctx, "scan", b.ID, closing(t, s, form, slices.Repeat([]string{"ab"}, 5)...), noJobs)
		},
	} {
		b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
		ok(t, upload(s, b.ID, "up-"+b.ID, "file of "+b.ID))
		save(b, 0, "first reading")
		save(b, 0, "second reading")
		save(b, 1, "later none")
		save(b, 1, "")
		save(b, 2, "third page")
		found := map[int]string{}
		for _, p := range must[[]ballot.SpoolPage](t)(s.SpoolComments(ctx, b.ID)) {
			found[p.Index] = string(p.Comment.Picture) + ", " + p.Comment.Proposal
		}
		if len(found) != 2 || found[0] != "second reading, as read: second reading" || found[2] != "third page, as read: third page" {
			t.Errorf("kept %v", found)
		}
		ok(t, end(b))
		if left := bytesWith(t, path, "first reading", "second reading", "later none", "third page"); len(left) > 0 {
			t.Errorf("the files still hold %q", left)
		}
	}
}

// TestClosingChecksComments: a plan with more comments than pages, or without a picture, is a fault.
func TestClosingChecksComments(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	fit := ballot.Comment{ID: "c", CommentCrop: ballot.CommentCrop{Picture: []byte("x")}}
	for name, comments := range map[string][]ballot.Comment{
		"too many":        slices.Repeat([]ballot.Comment{fit}, 6),
		"without picture": {{ID: "c"}},
		"without id":      {{CommentCrop: fit.CommentCrop}},
		"of a subject":    {{ID: "c", Subject: 1, CommentCrop: fit.CommentCrop}},
	} {
		c := closing(t, s, formA(t, s, id), slices.Repeat([]string{"ab"}, 5)...)
		c.Comments = comments
		if err := s.CloseBatch(ctx, "scan", b.ID, c, noJobs); err == nil || !strings.Contains(err.Error(), "comment") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTypingTellsNothing: the record says who typed, and neither what nor of which comment.
func TestTypingTellsNothing(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := commented(t, s, 2)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	list := must[[]ballot.Comment](t)(s.Comments(ctx, id))
	ok(t, s.TypeComment(ctx, "s2", id, list[0].ID, read("机密")))
	acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 100))
	if acts[0].Act != "type_comment" || acts[0].Actor != "s2" || acts[0].Detail != "" {
		t.Errorf("the record says %+v", acts[0])
	}
	rows := must[*sql.Rows](t)(s.DB().Query("SELECT * FROM comments"))
	defer rows.Close()
	for rows.Next() {
		values := make([]any, 7)
		for i := range values {
			values[i] = new(any)
		}
		ok(t, rows.Scan(values...))
		for _, v := range values {
			if text := fmt.Sprint(*v.(*any)); strings.Contains(text, "s2") || strings.Contains(text, clock.Format("2006-")) { // ids are hex
				t.Errorf("a comment tells %q", text)
			}
		}
	}
	ok(t, rows.Err())
}

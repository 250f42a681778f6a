package store_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

var clock = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func openAt(t testing.TB, path string) *store.Store {
	t.Helper()
	return openSeeded(t, path, nil)
}

// seeded gives ids and shuffles that are the same in each run: true chance puts one of some hundred thousand runs beyond
// five standard deviations, and there would be nothing to find.
func seeded(seed byte) io.Reader { return mrand.NewChaCha8([32]byte{seed}) }

// openSeeded is a store whose ids come from random, where that is not nil.
func openSeeded(t testing.TB, path string, random io.Reader) *store.Store {
	t.Helper()
	s, err := store.Open(path, store.Options{Random: random, Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t testing.TB) *store.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "pingyi.db"))
}

// draft is a meeting of n subjects, one group of five at the main venue and four in the east.
func draft(n int) ballot.Meeting {
	m := ballot.Meeting{Title: "述职评议会", Organiser: "工委", Date: "2026-12-01", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "main", Name: "主会场"}, {Code: "east", Name: "东会场"}},
		Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"main": 5, "east": 4}}}}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: fmt.Sprintf("张%c", '一'+rune(i)), Org: fmt.Sprintf("第%d党支部", i), Post: "书记", Mode: ballot.Oral})
	}
	return m
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that an error is the domain's, with a code.
func refused(t testing.TB, code ballot.Code, err error) {
	t.Helper()
	if ballot.CodeOf(err) != code {
		t.Fatalf("got error %v, want %s", err, code)
	}
}

// changeUser changes an account as an administrator does.
func changeUser(t testing.TB, s *store.Store, name string, change func(*store.User)) {
	t.Helper()
	read := must[store.User](t)(s.User(context.Background(), name))
	u := read
	change(&u)
	ok(t, s.UpdateUser(context.Background(), "admin", read, u))
}

// signers makes the accounts that are not there yet of those who sign: s1 and s2, c1 and c2, a1 and a2.
func signers(t testing.TB, s *store.Store) {
	t.Helper()
	for _, role := range []ballot.Role{ballot.RoleScrutineer, ballot.RoleCommittee, ballot.RoleAuditor} {
		for _, number := range "12" {
			u := store.User{Name: string(role)[:1] + string(number), Role: role, Hash: "h"}
			if _, err := s.User(context.Background(), u.Name); err != nil {
				ok(t, s.CreateUser(context.Background(), "admin", u))
			}
		}
	}
}

// sealed creates and seals a meeting.
func sealed(t testing.TB, s *store.Store, m ballot.Meeting) string {
	t.Helper()
	id := must[ballot.Meeting](t)(s.CreateMeeting(context.Background(), "admin", m)).ID
	if _, _, err := s.Seal(context.Background(), "admin", id, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return id
}

// opened creates, seals and opens a meeting.
func opened(t testing.TB, s *store.Store, m ballot.Meeting) string {
	t.Helper()
	signers(t, s)
	id := sealed(t, s, m)
	must[ballot.Meeting](t)(s.Open(context.Background(), "admin", id))
	return id
}

// typed enters and confirms a number.
func typed(t testing.TB, s *store.Store, id string, key ballot.LedgerKey, field ballot.LedgerField, n int) {
	t.Helper()
	ok(t, s.EnterLedger(context.Background(), "p1", id, key, field, n))
	ok(t, s.ConfirmLedger(context.Background(), "p2", id, key, field, n))
}

// handCounts types a whole line on which n people were there and gave back all they got.
func handCounts(t testing.TB, s *store.Store, id, venue string, n int) {
	t.Helper()
	key := ballot.LedgerKey{Venue: venue, Group: "A"}
	for field, v := range map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n} {
		typed(t, s, id, key, field, v)
	}
}

func noJobs(*sql.Tx) error { return nil }

// digest is a file's SHA-256 as an upload carries it.
func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// readings are the pages of a ballot by one letter a row: a–d the grades, - blank, x overvoted, ? unclear.
func readings(f ballot.Form, marks string) (pages []ballot.ClosedPage) {
	for _, fp := range f.Pages {
		p := ballot.ClosedPage{Reading: ballot.PageReading{Form: f.ID, Page: fp.Page, Group: f.Group, Rotation: 180, Residual: 0.04}}
		for _, row := range fp.Rows {
			v := ballot.Verdict{Kind: ballot.IsGrade}
			switch c := marks[0]; c {
			case '-':
				v.Kind = ballot.IsBlank
			case 'x':
				v.Kind = ballot.IsOvervote
			case '?':
				v = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}
			default:
				v.Grade = f.Grades[c-'a']
			}
			marks = marks[1:]
			r := ballot.RowReading{Subject: row.Subject}
			for _, g := range f.Grades {
				r.Scores = append(r.Scores, ballot.MarkScore{Grade: g, Ink: 3.25})
			}
			p.Reading.Rows, p.Verdicts = append(p.Reading.Rows, r), append(p.Verdicts, v)
		}
		pages = append(pages, p)
	}
	return pages
}

// closing makes the plan of a batch of whole ballots under random ids.
func closing(t testing.TB, s *store.Store, f ballot.Form, ballots ...string) ballot.Closing {
	t.Helper()
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: f.Group, Leaves: len(ballots)}}}
	for _, marks := range ballots {
		leaf := ballot.ClosedLeaf{ID: must[string](t)(s.NewID()), Whole: true, Pages: readings(f, marks)}
		for i := range leaf.Pages {
			leaf.Pages[i].ID = must[string](t)(s.NewID())
		}
		c.Leaves = append(c.Leaves, leaf)
	}
	return c
}

func formA(t testing.TB, s *store.Store, id string) ballot.Form {
	t.Helper()
	return must[[]ballot.Form](t)(s.Forms(context.Background(), id))[0]
}

// feed scans and closes one batch of group A.
func feed(t testing.TB, s *store.Store, id string, venues []string, ballots ...string) {
	t.Helper()
	b := must[ballot.Batch](t)(s.OpenBatch(context.Background(), "scan", id, "A", venues))
	ok(t, s.CloseBatch(context.Background(), "scan", b.ID, closing(t, s, formA(t, s, id), ballots...), noJobs))
}

// certify lets two scrutineers certify.
func certify(t testing.TB, s *store.Store, id string) {
	t.Helper()
	must[store.Signed](t)(s.Certify(context.Background(), "s1", id, "无误"))
	if got := must[store.Signed](t)(s.Certify(context.Background(), "s2", id, "无误")); !got.Done {
		t.Fatalf("after two signatures: %+v", got)
	}
}

// waiting finds a row that waits for a person.
func waiting(t testing.TB, s *store.Store, id, person string) store.Unclear {
	t.Helper()
	rows, _, err := s.Queue(context.Background(), person, id, 1, anyRow)
	ok(t, err)
	if len(rows) != 1 {
		t.Fatalf("%d rows wait for %s, want one", len(rows), person)
	}
	return rows[0]
}

// anyRow lets everybody have every row.
func anyRow(string, int, int) bool { return true }

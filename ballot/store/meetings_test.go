package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

func TestDraft(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(3)
	m.State, m.ID = ballot.Released, "mine" // neither is the caller's to choose
	made := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", m))
	if made.State != ballot.Draft || made.ID == "mine" || made.ID == "" {
		t.Fatalf("made %+v", made)
	}
	later := draft(3)
	later.Date = "2027-01-01"
	must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", later))
	if list := must[[]store.Summary](t)(s.Meetings(ctx)); len(list) != 2 || list[0].Date != "2027-01-01" || list[1].ID != made.ID || list[1].Title != "述职评议会" {
		t.Fatalf("list %+v", list)
	}

	fault := errors.New("fault")
	_, err := s.Edit(ctx, "admin", made.ID, "rename", func(m *ballot.Meeting) error { m.Title = "half"; return fault })
	if !errors.Is(err, fault) || must[ballot.Meeting](t)(s.Meeting(ctx, made.ID)).Title != "述职评议会" {
		t.Fatalf("a failed edit (%v) left something", err)
	}
	must[ballot.Meeting](t)(s.Edit(ctx, "admin", made.ID, "rename", func(m *ballot.Meeting) error { m.Title = "新名"; return nil }))
	if got := must[ballot.Meeting](t)(s.Meeting(ctx, made.ID)); got.Title != "新名" || len(got.Subjects) != 3 {
		t.Fatalf("after the edit %+v", got)
	}
	if acts := must[[]store.Act](t)(s.Acts(ctx, made.ID, 0, 9)); len(acts) != 2 || acts[0].Act != "rename" || acts[0].Actor != "admin" || !acts[0].Time.Equal(clock) {
		t.Fatalf("acts %+v", acts)
	}
	_, err = s.Meeting(ctx, "none")
	refused(t, ballot.CodeNotFound, err)
	_, err = s.Edit(ctx, "admin", "none", "rename", func(*ballot.Meeting) error { return nil })
	refused(t, ballot.CodeNotFound, err)
	_, err = s.Forms(ctx, "none")
	refused(t, ballot.CodeNotFound, err)
}

func TestSealAndUnseal(t *testing.T) {
	s, ctx := open(t), context.Background()
	bad := draft(3)
	bad.Groups[0].Weight = 90
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", bad)).ID
	_, _, err := s.Seal(ctx, "admin", id, rand.Reader)
	refused(t, ballot.CodeRules, err)
	if got := must[ballot.Meeting](t)(s.Meeting(ctx, id)); got.State != ballot.Draft || len(must[[]ballot.Form](t)(s.AllForms(ctx, id))) != 0 {
		t.Fatalf("a refused seal left %+v", got)
	}

	id = sealed(t, s, draft(3))
	first := formA(t, s, id)
	_, err = s.Edit(ctx, "admin", id, "rename", func(*ballot.Meeting) error { return nil })
	refused(t, ballot.CodeState, err)
	_, _, err = s.Seal(ctx, "admin", id, rand.Reader)
	refused(t, ballot.CodeState, err)
	ok(t, s.Printed(ctx, "print", id, "A", 12, nil))

	m := must[ballot.Meeting](t)(s.Unseal(ctx, "admin", id))
	if m.State != ballot.Draft || m.SealHash != "" || m.Version != 1 || len(must[[]ballot.Form](t)(s.Forms(ctx, id))) != 0 {
		t.Fatalf("unsealed %+v", m)
	}
	if all := must[[]ballot.Form](t)(s.AllForms(ctx, id)); len(all) != 1 || !all[0].Withdrawn || all[0].ID != first.ID {
		t.Fatalf("withdrawn forms %+v", all)
	}
	if _, _, err := s.Seal(ctx, "admin", id, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if second := formA(t, s, id); second.ID == first.ID || second.Version != 2 || second.Withdrawn {
		t.Fatalf("the new form is %s v%d", second.ID, second.Version)
	}
	if all := must[[]ballot.Form](t)(s.AllForms(ctx, id)); len(all) != 2 {
		t.Fatalf("%d forms are known", len(all))
	}
	must[ballot.Meeting](t)(s.Open(ctx, "admin", id))
	if l := must[ballot.Ledger](t)(s.Ledger(ctx, id)); l.Lines[0].Spares != 0 {
		t.Errorf("copies of the withdrawn form count as spares: %d", l.Lines[0].Spares)
	}
	_, err = s.Unseal(ctx, "admin", id)
	refused(t, ballot.CodeState, err)
	_, err = s.Open(ctx, "admin", id)
	refused(t, ballot.CodeState, err)
}

// TestTwoWriters lets two processes (two stores on one file) change one meeting at the same time.
func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	one, two, ctx := openAt(t, path), openAt(t, path), context.Background()
	id := must[ballot.Meeting](t)(one.CreateMeeting(ctx, "admin", draft(2))).ID
	const each = 20
	var wait sync.WaitGroup
	faults := make([]error, 4*each)
	for i := range faults {
		s := []*store.Store{one, two}[i%2]
		wait.Go(func() {
			_, faults[i] = s.Edit(ctx, "admin", id, "note", func(m *ballot.Meeting) error { m.Organiser += "x"; return nil })
		})
	}
	wait.Wait()
	done := 0
	for _, err := range faults {
		if err == nil {
			done++
		}
	}
	got := must[ballot.Meeting](t)(two.Meeting(ctx, id))
	if n := strings.Count(got.Organiser, "x"); n != done || done != len(faults) {
		t.Errorf("%d edits were answered with success, %d are there, %d were made (%v)", done, n, len(faults), errors.Join(faults...))
	}
	if acts := must[[]store.Act](t)(one.Acts(ctx, id, 0, 1000)); len(acts) != 1+done {
		t.Errorf("%d acts for %d edits", len(acts), done)
	}
}

// TestReadersDoNotWait reads while a transaction is writing.
func TestReadersDoNotWait(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	ok(t, s.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.SQL().ExecContext(ctx, "UPDATE meetings SET state = 'archived'"); err != nil {
			return err
		}
		m, err := s.Meeting(ctx, id)
		if err == nil && m.State != ballot.Open {
			t.Errorf("a reader sees %s, which is not saved", m.State)
		}
		_, err2 := s.Ledger(ctx, id)
		return errors.Join(err, err2)
	}))
}

// Checks see what is about to be sealed, and a refusal leaves the draft.
func TestSealIsChecked(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", draft(3)))
	no := ballot.Errorf(ballot.CodeConflict, "不", "no")
	_, _, err := s.Seal(ctx, "admin", m.ID, rand.Reader, func(got ballot.Meeting, blanks []ballot.Blank) error {
		if got.State != ballot.Draft || got.Title != m.Title || len(blanks) != 0 {
			t.Errorf("checked: %+v, %d blanks", got, len(blanks))
		}
		return no
	})
	refused(t, ballot.CodeConflict, err)
	if state := must[ballot.State](t)(s.State(ctx, m.ID)); state != ballot.Draft {
		t.Errorf("refused, and %s", state)
	}
}

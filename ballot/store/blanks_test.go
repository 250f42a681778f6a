package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
)

// blankOf is a confirmed blank of group A with the meeting's subjects on one page.
func blankOf(m ballot.Meeting) ballot.Blank {
	f := ballot.Form{ID: "B1ANK000", Group: "A", Identity: ballot.FormCode, Kind: ballot.RosterForm, Grades: m.Rules.Grades, Learned: &ballot.Learned{Source: "b.pdf", Confirmed: true}}
	p := ballot.FormPage{Page: 1, Width: 210, Height: 297, CodeText: ballot.PageCode{Form: f.ID, Group: "A", Page: 1}.String(), Print: bytes.Repeat([]byte("p"), 200)}
	for k := range 4 {
		at := 20 + 40*float64(k)
		p.Rules = append(p.Rules, ballot.Rule{X0: 20, Y0: at, X1: 190, Y1: at}, ballot.Rule{X0: at, Y0: 20, X1: at, Y1: 280})
	}
	for i, s := range m.Subjects {
		y := 20 + 7*float64(i)
		p.Rows = append(p.Rows, ballot.Row{Subject: s.No, Name: ballot.SpacedName(s.Name), Org: s.Org, Rect: ballot.Rect{X: 20, Y: y, W: 170, H: 7}})
		for k, g := range f.Grades {
			cell := ballot.Rect{X: 100 + 20*float64(k), Y: y, W: 20, H: 7}
			p.Targets = append(p.Targets, ballot.Target{Subject: s.No, Grade: g, Rect: cell.Inset(1), Cell: cell})
		}
	}
	f.Pages = []ballot.FormPage{p}
	return ballot.Blank{Group: "A", Source: "b.pdf", Proposal: f, Form: f, Settled: []ballot.Settlement{}, Pages: [][]byte{[]byte("a picture")}}
}

// A blank is kept for a draft, changed, sealed, withdrawn by unsealing and sealed anew under another form id, with
// its pictures all the while; it is removed with them.
func TestBlankThroughSealing(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(5)
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", m)).ID
	b := blankOf(m)
	b.Form.Learned = &ballot.Learned{Source: "b.pdf"}
	ok(t, s.SaveBlank(ctx, "admin", id, b))
	_, _, err := s.Seal(ctx, "admin", id, rand.Reader)
	refused(t, ballot.CodeForm, err)
	confirm := func(_ ballot.Meeting, b *ballot.Blank) error { b.Form.Learned.Confirmed = true; return nil }
	if b := must[ballot.Blank](t)(s.EditBlank(ctx, "admin", id, "A", "confirm_blank", confirm)); !b.Form.Learned.Confirmed {
		t.Error("not confirmed")
	}
	seal := func() ballot.Form {
		sealed, forms, err := s.Seal(ctx, "admin", id, rand.Reader)
		ok(t, err)
		if len(forms) != 1 || forms[0].Learned == nil || sealed.SealHash == sealed.Hash() {
			t.Fatalf("sealed %d forms, hash without the blank: %v", len(forms), sealed.SealHash == sealed.Hash())
		}
		return forms[0]
	}
	first := seal()
	refused(t, ballot.CodeState, s.SaveBlank(ctx, "admin", id, b))
	refused(t, ballot.CodeState, s.RemoveBlank(ctx, "admin", id, "A"))
	_, err = s.EditBlank(ctx, "admin", id, "A", "confirm_blank", confirm)
	refused(t, ballot.CodeState, err)
	must[ballot.Meeting](t)(s.Unseal(ctx, "admin", id))
	second := seal()
	if first.ID == second.ID || second.Version != 2 {
		t.Errorf("forms %s and %s, version %d", first.ID, second.ID, second.Version)
	}
	if all := must[[]ballot.Form](t)(s.AllForms(ctx, id)); len(all) != 2 || len(ballot.Readable(all)) != 1 || ballot.Readable(all)[0].ID != second.ID {
		t.Errorf("%d forms, of which pages are read by %d", len(all), len(ballot.Readable(all)))
	}
	if pages := must[[][]byte](t)(s.BlankPages(ctx, id, "A")); len(pages) != 1 || string(pages[0]) != "a picture" {
		t.Errorf("pages %q", pages)
	}
	must[ballot.Meeting](t)(s.Unseal(ctx, "admin", id))
	ok(t, s.RemoveBlank(ctx, "admin", id, "A"))
	refused(t, ballot.CodeNotFound, s.RemoveBlank(ctx, "admin", id, "A"))
	if pages := must[[][]byte](t)(s.BlankPages(ctx, id, "A")); len(pages) != 0 {
		t.Error("pictures of a blank that was removed")
	}
	if _, forms, err := s.Seal(ctx, "admin", id, rand.Reader); err != nil || forms[0].Learned != nil {
		t.Errorf("without its blank the group gets a form of ours: %v", err)
	}
}

func TestBlankOfGroup(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := draft(5)
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", m)).ID
	other := blankOf(m)
	other.Group = "B"
	refused(t, ballot.CodeNotFound, s.SaveBlank(ctx, "admin", id, other))
	b := blankOf(m)
	b.Pages = append(b.Pages, []byte("a second"))
	ok(t, s.SaveBlank(ctx, "admin", id, b))
	ok(t, s.SaveBlank(ctx, "admin", id, blankOf(m))) // takes the place of the first
	if list := must[[]ballot.Blank](t)(s.Blanks(ctx, id)); len(list) != 1 || list[0].Group != "A" || len(list[0].Form.Pages) != 1 || list[0].Pages != nil {
		t.Errorf("blanks %+v", list)
	}
	if p := must[[]byte](t)(s.BlankPage(ctx, id, "A", 1)); string(p) != "a picture" {
		t.Errorf("page 1: %q", p)
	}
	_, err := s.BlankPage(ctx, id, "A", 2)
	refused(t, ballot.CodeNotFound, err)
	_, err = s.Blanks(ctx, "none")
	refused(t, ballot.CodeNotFound, err)
	acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 10))
	if acts[0].Act != "upload_blank" || !strings.Contains(acts[0].Detail, "b.pdf") {
		t.Errorf("record: %+v", acts[0])
	}
}

// A database from before there were blanks gets them, empty, and its meetings seal as before.
func TestUpgradeToBlanks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	s, ctx := openAt(t, path), context.Background()
	m := draft(5)
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "admin", m)).ID
	ok(t, s.Close())
	old := must[*sql.DB](t)(sql.Open("sqlite3", path))
	down := must[*goose.Provider](t)(goose.NewProvider(goose.DialectSQLite3, old, os.DirFS("migrations/sqlite")))
	must[[]*goose.MigrationResult](t)(down.DownTo(ctx, 5))
	var stay string
	ok(t, old.QueryRow("SELECT sql FROM sqlite_schema WHERE name = 'acts_stay'").Scan(&stay))
	for _, q := range []string{"DROP TRIGGER acts_stay", "DELETE FROM acts WHERE act = 'begin_log'", stay} { // there was no log
		must[sql.Result](t)(old.Exec(q))
	}
	ok(t, old.Close())
	ok(t, os.Remove(filepath.Join(filepath.Dir(path), evidence.KeyFile)))
	s = openAt(t, path)
	if list := must[[]ballot.Blank](t)(s.Blanks(ctx, id)); len(list) != 0 {
		t.Errorf("blanks %+v", list)
	}
	ok(t, s.SaveBlank(ctx, "admin", id, blankOf(m)))
	if _, forms, err := s.Seal(ctx, "admin", id, rand.Reader); err != nil || forms[0].Learned == nil {
		t.Errorf("sealed: %v", err)
	}
}

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pingyi/ballot/store"
)

// tallied are the columns that counting reads: an index of them is read in the table's place.
const tallied = "CREATE INDEX %s ON pages (meeting, id, leaf, grp, form, form_page, verdicts, flags, unclear)"

// turnedIndex puts an index beside the table, in which votes are turned, and says of it that it is of the table's own columns.
func turnedIndex(name string) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, _ *rand.Rand) {
		t.Helper()
		made := fmt.Sprintf(tallied, "evil")
		must[sql.Result](t)(a.db.Exec(strings.Replace(made, "verdicts", `replace(replace(replace(verdicts, '"好"', '"#"'), '"差"', '"好"'), '"#"', '"差"')`, 1)))
		a.rewrite(t, "evil", name, fmt.Sprintf(tallied, name))
	}
}

// rewrite changes what the schema says of an index, and nothing of what is in it.
func (a *attacked) rewrite(t testing.TB, index, name, made string) {
	t.Helper()
	must[sql.Result](t)(a.db.Exec("PRAGMA writable_schema = on"))
	a.exec(t, "UPDATE sqlite_schema SET name = ?, sql = ? WHERE type = 'index' AND name = ?", name, made, index)
	must[sql.Result](t)(a.db.Exec("PRAGMA writable_schema = reset"))
}

// ownIndex makes an index of the program's anew, with the program's words and other contents: of no meeting, or another index's.
func ownIndex(t testing.TB, a *attacked, r *rand.Rand) {
	t.Helper()
	name := []string{"pages_of_meeting", "pages_of_leaf", "pages_unclear", "comments_of_meeting", "leaves_of_meeting"}[r.IntN(5)]
	if other := "forms_of_meeting"; r.IntN(4) == 0 {
		must[sql.Result](t)(a.db.Exec("PRAGMA writable_schema = on"))
		a.exec(t, "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = ?) WHERE name = ?", other, name)
		must[sql.Result](t)(a.db.Exec("PRAGMA writable_schema = reset"))
		must[sql.Result](t)(a.db.Exec("PRAGMA schema_version = 1000")) // so that a running service reads it
		return
	}
	var made string
	ok(t, a.db.QueryRow("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", name).Scan(&made))
	must[sql.Result](t)(a.db.Exec("DROP INDEX " + name))
	head, columns, _ := strings.Cut(made, "(")
	must[sql.Result](t)(a.db.Exec(head + "(rtrim('none of ') || " + columns))
	a.rewrite(t, name, name, made)
}

// certifying strikes while a meeting is balanced and the service runs, and has the service certify it.
func certifying(strike func(t testing.TB, a *attacked, r *rand.Rand)) func(t testing.TB, a *attacked, r *rand.Rand) {
	return func(t testing.TB, a *attacked, r *rand.Rand) {
		t.Helper()
		id, ctx := a.pick(t, r, "SELECT id FROM meetings WHERE state = 'certified'"), context.Background()
		refused(t, store.CodeEvidence, a.through(t, func(s *store.Store) error {
			for _, person := range []string{"s1", "s2"} {
				must[store.Signed](t)(s.Reopen(ctx, person, id, "核对"))
			}
			_, err := s.Balance(ctx, "s1", id)
			ok(t, err)
			strike(t, a, r)
			_, err = s.Certify(ctx, "s1", id, "无误")
			_, last := s.Certify(ctx, "s2", id, "无误")
			return errors.Join(err, last)
		}))
	}
}

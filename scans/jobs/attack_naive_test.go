package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pingyi/scans/jobs/attack"
)

// TestAttackBreaksNaiveBuilds plants, after closings by the real code, what a careless build would leave behind, one leak
// after another. The attacker must find each and all of it: an attack that finds nothing proves nothing otherwise.
func TestAttackBreaksNaiveBuilds(t *testing.T) {
	const n = 12
	template, meeting := attackedTemplate(t, n)
	for _, leak := range []struct {
		name    string
		plant   func(a *attacked, fed []string)
		measure string
		whole   float64 // what the measure comes to where everything is found
	}{
		{"a table with row ids, in order", (*attacked).tableInOrder, attack.Order, 1},
		{"files written in order", (*attacked).filesInOrder, attack.Order, 1},
		{"times kept", (*attacked).timesKept, attack.Order, 1},
		{"the batch kept", (*attacked).batchKept, attack.Batch, 0.5},
		{"secure_delete off", (*attacked).deletedOnly, attack.Order, 1},
		{"the log kept", (*attacked).logKept, attack.Order, 1},
		{"how the sheet lay kept", (*attacked).residualKept, attack.Order, 1},
		{"pages listed in order in an export", (*attacked).exported, attack.Order, 1},
		{"a flag for one batch alone", (*attacked).flagKept, attack.Batch, 0.5},
		{"voters' marks by their place", (*attacked).tableInOrder, attack.Marks, 0.3},
		{"neighbours kept", (*attacked).neighboursKept, attack.Neighbours, 0.7},
	} {
		t.Run(leak.name, func(t *testing.T) {
			sums := attack.Sums{}
			for trial := range 8 {
				a := newAttacked(t, template, meeting, attackIn(t), n, uint64(trial))
				for i := range 2 {
					a.must(a.house.close(a.feed(i)))
				}
				truth := a.pages()
				fed := slices.SortedFunc(maps.Keys(truth), func(x, y string) int {
					return cmp.Or(cmp.Compare(truth[x].Batch, truth[y].Batch), cmp.Compare(truth[x].Place, truth[y].Place))
				})
				leak.plant(a, fed)
				sums.Add(trial, "planted", a.look(), truth)
				a.gone()
			}
			best := 0.0
			for _, f := range sums.Findings(attackBound) {
				if f.Measure == leak.measure {
					best = max(best, math.Abs(f.All.Mean()))
				}
			}
			if best < 0.99*leak.whole {
				t.Errorf("the attacker finds %.2f of %.2f", best, leak.whole)
			}
		})
	}
}

// exec runs statements as a careless build would: what is deleted stays where it was.
func (a *attacked) exec(run func(tx *sql.Tx) error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(a.dir, "pingyi.db")+"?_secure_delete=off&_busy_timeout=5000")
	a.must(err)
	defer db.Close()
	tx, err := db.Begin()
	a.must(err)
	a.must(run(tx))
	a.must(tx.Commit())
}

func insertAll(tx *sql.Tx, statement string, fed []string, more func(i int, page string) any) error {
	for i, page := range fed {
		if _, err := tx.Exec(statement, page, more(i, page)); err != nil {
			return err
		}
	}
	return nil
}

func (a *attacked) tableInOrder(fed []string) {
	a.exec(func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE naive (page TEXT, empty INTEGER)"); err != nil {
			return err
		}
		return insertAll(tx, "INSERT INTO naive VALUES (?, ?)", fed, func(int, string) any { return 0 })
	})
}

func (a *attacked) filesInOrder(fed []string) {
	for _, page := range fed {
		path := filepath.Join(a.dir, "pages", a.meeting, page+suffix)
		data, err := os.ReadFile(path)
		a.must(err)
		a.must(os.WriteFile(path+".new", data, 0o600))
		a.must(os.Rename(path+".new", path))
		a.must(os.Chtimes(path, stillness, stillness))
	}
}

func (a *attacked) timesKept(fed []string) {
	for i, page := range fed {
		at := stillness.Add(time.Duration(i) * time.Second)
		a.must(os.Chtimes(filepath.Join(a.dir, "pages", a.meeting, page+suffix), at, at))
	}
}

func (a *attacked) batchKept(fed []string) {
	a.exec(func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE naive (page TEXT PRIMARY KEY, batch TEXT) WITHOUT ROWID"); err != nil {
			return err
		}
		return insertAll(tx, "INSERT INTO naive VALUES (?, ?)", fed, func(i int, _ string) any { return fmt.Sprint("batch ", i/a.n) })
	})
}

// spooled writes the readings into a table in the order of feeding.
func (a *attacked) spooled(tx *sql.Tx, fed []string) error {
	if _, err := tx.Exec("CREATE TABLE naive (i INTEGER, reading TEXT)"); err != nil {
		return err
	}
	return insertAll(tx, "INSERT INTO naive SELECT 0, reading FROM pages WHERE id = ? OR id = ?", fed, func(int, string) any { return "" })
}

// deletedOnly leaves the spool's rows on free blocks.
func (a *attacked) deletedOnly(fed []string) {
	a.exec(func(tx *sql.Tx) error { return a.spooled(tx, fed) })
	a.exec(func(tx *sql.Tx) error { _, err := tx.Exec("DROP TABLE naive"); return err })
	_, err := a.store.DB().Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	a.must(err)
}

// logKept rewrites the file and leaves the log.
func (a *attacked) logKept(fed []string) {
	a.exec(func(tx *sql.Tx) error { return a.spooled(tx, fed) })
	_, err := a.store.DB().Exec("PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = on; DROP TABLE naive; VACUUM")
	a.must(err)
}

func (a *attacked) residualKept(fed []string) {
	a.exec(func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE naive (page TEXT PRIMARY KEY, reading TEXT) WITHOUT ROWID"); err != nil {
			return err
		}
		return insertAll(tx, "INSERT INTO naive VALUES (?, ?)", fed, func(i int, _ string) any { return fmt.Sprintf(`{"residual":%g}`, 0.02+float64(i)/1e4) })
	})
}

func (a *attacked) exported(fed []string) {
	a.must(os.WriteFile(filepath.Join(a.dir, "records.json"), []byte(asJSON(fed)), 0o600))
}

// flagKept is what the first attack found: where a flag was taken out, an empty list instead of none.
func (a *attacked) flagKept(fed []string) {
	a.exec(func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE naive (page TEXT PRIMARY KEY, flags TEXT) WITHOUT ROWID"); err != nil {
			return err
		}
		return insertAll(tx, "INSERT INTO naive VALUES (?, ?)", fed, func(i int, _ string) any { return []string{"[]", "null"}[i/a.n] })
	})
}

// neighboursKept leaves who lay beside whom, though from a place in the stack that chance chose.
func (a *attacked) neighboursKept(fed []string) {
	at := a.random.IntN(len(fed))
	a.tableInOrder(slices.Concat(fed[at:], fed[:at]))
}

// The trial itself plants nothing: what TestAttack looks at is what closing left.
func TestAttackSeesTheSpool(t *testing.T) {
	const n = 12
	template, meeting := attackedTemplate(t, n)
	a := newAttacked(t, template, meeting, attackIn(t), n, 1)
	defer a.gone()
	b := a.feed(0)
	if found := a.found(a.spool...); len(found) < len(a.spool) {
		t.Errorf("of the spool's words %v the search finds %v while the batch is open", a.spool, found)
	}
	pages, err := a.store.SpoolPages(context.Background(), b.ID)
	a.must(err)
	if len(pages) != n || pages[n-1].Reading.Residual <= pages[0].Reading.Residual {
		t.Errorf("%d images in the spool", len(pages))
	}
}

package jobs

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/jobs/attack"
)

// attacked is a meeting of one group at two venues, each of which returned n ballots: one batch a venue. Its store, its
// service and its closing are the real ones; what a reader would have made of the paper is written into the
// spool, in the order of feeding, since the attack is about what closing leaves.
type attacked struct {
	house
	n      int
	random *rand.Rand
	truth  map[string]attack.Truth // by the first bytes of what a page's rows were read as
	spool  []string                // words of the spool, which must be gone
	codes  []string                // of the audit
}

const attackedGrades = 2

// attackedTemplate makes a data folder with the meeting open and every count typed by two persons.
func attackedTemplate(t testing.TB, n int) (dir, meeting string) {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	h.openStore()
	ctx := context.Background()
	m := ballot.Meeting{Title: "述职评议会", Organiser: "工委", Date: "2026-12-01", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}, {Code: "2", Name: "分会场"}}}
	m.Rules.Grades = m.Rules.Grades[:attackedGrades]
	m.Rules.Layout.CommentBox = true
	m.Rules.Audit = 1
	for i := range 2 {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("张%c", '一'+rune(i)), Org: "机关党委", Post: "书记", Mode: ballot.Written})
	}
	m.Groups = []ballot.VoterGroup{{Code: "A", Name: "书记", Weight: 100, Headcount: map[string]int{"1": n, "2": n}}}
	m, err := h.store.CreateMeeting(ctx, "admin", m)
	h.must(err)
	h.meeting = m.ID
	_, _, err = h.store.Seal(ctx, "admin", m.ID, crand.Reader)
	h.must(err)
	_, err = h.store.Open(ctx, "admin", m.ID)
	h.must(err)
	h.signers()
	for _, venue := range []string{"1", "2"} {
		for _, f := range ballot.LedgerFields() {
			count := n
			if f == ballot.Spoiled || f == ballot.NotReturned {
				count = 0
			}
			key := ballot.LedgerKey{Venue: venue, Group: "A"}
			h.must(h.store.EnterLedger(ctx, "p1", m.ID, key, f, count))
			h.must(h.store.ConfirmLedger(ctx, "p2", m.ID, key, f, count))
		}
	}
	h.service = h.open() // makes the queue's tables
	h.must(h.store.Close())
	return h.dir, h.meeting
}

// newAttacked begins a trial in a folder of its own, on a copy of the template.
func newAttacked(t testing.TB, template, meeting, folder string, n int, seed uint64) *attacked {
	t.Helper()
	dir, err := os.MkdirTemp(folder, "trial")
	if err != nil {
		t.Fatal(err)
	}
	a := &attacked{house: house{t: t, dir: dir, meeting: meeting}, n: n, random: rand.New(rand.NewPCG(seed, uint64(n))), truth: map[string]attack.Truth{}}
	t.Cleanup(func() { os.RemoveAll(dir) }) // where the trial does not come to its end
	files, err := os.ReadDir(template)
	a.must(err)
	for _, f := range files {
		if f.Type().IsRegular() { // database and key
			data, err := os.ReadFile(filepath.Join(template, f.Name()))
			a.must(err)
			a.must(os.WriteFile(filepath.Join(dir, f.Name()), data, 0o600))
		}
	}
	a.store, err = store.Open(filepath.Join(dir, "pingyi.db"), store.Options{})
	a.must(err)
	a.service = a.house.open()
	a.twice(func(person string) error {
		code, err := a.store.MakeAuditCode(context.Background(), person, meeting)
		a.codes = append(a.codes, code)
		return err
	})
	return a
}

// gone ends a trial.
func (a *attacked) gone() {
	a.must(a.store.Close())
	a.must(os.RemoveAll(a.dir))
}

// feed opens a batch at a venue and has n leaves read in it.
func (a *attacked) feed(number int) ballot.Batch {
	ctx := context.Background()
	b := a.batch([]string{"1", "2"}[number])
	forms, err := a.service.GroupForms(ctx, b)
	a.must(err)
	const stack = 250 // leaves of one upload
	for from := 0; from < a.n; from += stack {
		pages := min(stack, a.n-from)
		u, err := a.service.Upload(ctx, "scan", b.ID, fmt.Sprintf("stack-%d.pdf", from), strings.NewReader(fmt.Sprint(a.dir, b.ID, from)))
		a.must(err)
		a.must(a.store.FinishUpload(ctx, u.ID, pages, ""))
		a.spool = append(a.spool, u.ID, u.Name)
		a.read(b, u, number, from, pages, forms[0])
	}
	return b
}

// read writes what was read of an upload's images, as the reading jobs do, in one transaction. The way the sheets lie
// changes as the scanner warms up, and OCR fails for a while.
func (a *attacked) read(b ballot.Batch, u ballot.Upload, number, from, pages int, form ballot.Form) {
	tx, err := a.store.DB().Begin()
	a.must(err)
	for i := range pages {
		place := from + i
		reading, verdicts := a.reading(form, number, place)
		picture := pictureName(u.ID, i)
		a.must(os.WriteFile(a.service.spool(b.ID, picture), a.picture(), 0o600))
		_, err := tx.Exec("INSERT INTO spool_pages (upload, idx, batch, reading, verdicts, picture, disposal) VALUES (?, ?, ?, ?, ?, ?, '')",
			u.ID, i, b.ID, asJSON(reading), asJSON(verdicts), picture)
		a.must(err)
		if a.random.IntN(10*a.rarer()) == 0 {
			_, err := tx.Exec("INSERT INTO spool_comments (upload, idx, picture, proposal) VALUES (?, ?, ?, '读作')", u.ID, i, []byte(fmt.Sprint("crop ", a.random.Uint64())))
			a.must(err)
		}
	}
	a.must(tx.Commit())
}

// rarer is by how much fewer leaves of many have something for people to do.
func (a *attacked) rarer() int {
	if a.n >= manySheets {
		return 4
	}
	return 1
}

func (a *attacked) reading(form ballot.Form, number, place int) (r ballot.PageReading, verdicts []ballot.Verdict) {
	r = ballot.PageReading{Form: form.ID, Page: 1, Group: "A", Rotation: 180 * (place * 2 / a.n), Residual: 0.01 + float64(place)/1e4, Measures: ballot.MeasuresVersion}
	if place*4/a.n == 1 {
		r.Flags = []string{ballot.FlagOCRLost}
	}
	mark := a.random.IntN(attackedGrades)
	for i := range 2 {
		row := ballot.RowReading{Subject: i + 1, Shift: a.random.Float64()}
		for _, grade := range form.Grades {
			row.Scores = append(row.Scores, ballot.MarkScore{Grade: grade, Ink: a.random.Float64(), Inside: a.random.Float64(), Reach: a.random.Float64(), Contrast: a.random.Float64()})
		}
		r.Rows = append(r.Rows, row)
		v := ballot.Verdict{Kind: ballot.IsGrade, Grade: form.Grades[mark]}
		if i == 1 && a.random.IntN(8*a.rarer()) == 0 {
			v = ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}
		}
		verdicts = append(verdicts, v)
	}
	r.Fingerprint = inkOfLeaf(a.random.IntN(1<<30), 1, 2)
	a.truth[rowsOf(asJSON(r))] = attack.Truth{Batch: number, Place: place, Mark: mark}
	return r, verdicts
}

// rowsOf is the part of a reading by which the test knows a page again.
func rowsOf(reading string) string {
	_, rows, _ := strings.Cut(reading, `"rows":[`)
	return rows[:96]
}

// picture stands for a page's JPEG: some bytes, no two alike.
func (a *attacked) picture() []byte {
	data := bytes.Repeat([]byte{0xff, 0xd8, byte(a.random.Uint32())}, 60+a.random.IntN(60))
	return append(data, 0xff, 0xda)
}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// decide has two people decide a share of the rows that wait, in the order in which the queue gives them.
func (a *attacked) decide(share float64) {
	ctx := context.Background()
	rows, _, err := a.store.Queue(ctx, "s1", a.meeting, 1<<20, func(string, int, int) bool { return true })
	a.must(err)
	m, err := a.store.Meeting(ctx, a.meeting)
	a.must(err)
	for i, r := range rows[:int(float64(len(rows))*share+0.5)] {
		d := ballot.Decision{Kind: ballot.IsGrade, Grade: m.Rules.Grades[i%attackedGrades], Reason: "看得清"}
		a.must(a.store.Decide(ctx, []string{"s1", "s2"}[i%2], a.meeting, r.Page, r.Subject, d, false))
	}
}

// pages gives the truth of every page that is kept, by its id.
func (a *attacked) pages() map[string]attack.Truth {
	rows, err := a.store.DB().Query("SELECT id, reading FROM pages")
	a.must(err)
	defer rows.Close()
	out := map[string]attack.Truth{}
	for rows.Next() {
		var id, reading string
		a.must(rows.Scan(&id, &reading))
		truth, known := a.truth[rowsOf(reading)]
		if !known {
			a.t.Fatal("a page is kept that was not fed")
		}
		out[id] = truth
	}
	a.must(rows.Err())
	return out
}

// look takes all clues there are, of the folder and of the answers that people get.
func (a *attacked) look() attack.Clues {
	ctx := context.Background()
	clues, k, err := attack.Look(a.dir)
	a.must(err)
	pages, err := a.store.Pages(ctx, a.meeting)
	a.must(err)
	clues.Text("answer: pages", []byte(asJSON(pages)), k)
	decided, err := a.store.Decisions(ctx, a.meeting)
	a.must(err)
	clues.Text("answer: decisions", []byte(asJSON(decided)), k)
	queue, _, err := a.store.Queue(ctx, "s3", a.meeting, 1000, func(string, int, int) bool { return true })
	a.must(err)
	clues.Text("answer: queue", []byte(asJSON(queue)), k)
	return clues
}

package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// bytesWith tells which of the texts stand anywhere in the database's files.
func bytesWith(t testing.TB, path string, texts ...string) (found []string) {
	t.Helper()
	var all []byte
	for _, file := range must[[]string](t)(filepath.Glob(path + "*")) {
		if !strings.HasSuffix(file, "-shm") { // an index of the log: it has no rows
			all = append(all, must[[]byte](t)(os.ReadFile(file))...)
		}
	}
	for _, text := range texts {
		if bytes.Contains(all, []byte(text)) {
			found = append(found, text)
		}
	}
	return found
}

// tau is Kendall's: 1 where two orders agree, -1 where one is the other backwards, about 0 where they say
// nothing of each other.
func tau(order []int) float64 {
	sum := 0
	for i := range order {
		for j := range i {
			if order[j] < order[i] {
				sum++
			} else {
				sum--
			}
		}
	}
	return float64(sum) / float64(len(order)*(len(order)-1)/2)
}

// fed is one batch closed as the job service does it, and what an attacker then finds.
type fed struct {
	path     string
	store    *store.Store
	batch    string
	place    map[string]int // of each page in the order of feeding
	spool    []string       // texts that must be gone
	leaves   map[string]int
	comments map[string]int
	meeting  string
}

// feedInOrder feeds n leaves; row 1 of leaf i carries a measure that names i, for the test to tell.
func feedInOrder(t *testing.T, n int, seed byte) fed {
	t.Helper()
	f := fed{path: filepath.Join(t.TempDir(), "pingyi.db"), place: map[string]int{}, leaves: map[string]int{}, comments: map[string]int{}}
	random := seeded(seed)
	f.store = openSeeded(t, f.path, random)
	s, ctx := f.store, context.Background()
	m := draft(2)
	m.Groups[0].Headcount["main"] = n
	id := opened(t, s, m)
	handCounts(t, s, id, "main", n)
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	f.batch, f.meeting = b.ID, id
	form := formA(t, s, id)
	c := closing(t, s, form, slices.Repeat([]string{"ab"}, n)...)
	for i := range c.Leaves {
		up := fmt.Sprintf("upload-%04d", i/10)
		if i%10 == 0 {
			ok(t, upload(s, b.ID, up, up))
			f.spool = append(f.spool, up)
		}
		c.Leaves[i].Pages[0].Reading.Rows[0].Scores[0].Ink = float64(1000 + i)
		c.Leaves[i].Pages[0].Reading.Fingerprint = inkOfLeaf(i)
		crop := ballot.CommentCrop{Picture: fmt.Appendf(nil, "handwriting %04d", i), Proposal: "读作"}
		c.Comments = append(c.Comments, ballot.Comment{ID: must[string](t)(s.NewID()), CommentCrop: crop})
		f.comments[c.Comments[i].ID] = i
		picture := fmt.Sprintf("%s-%06d.jpg", up, i)
		f.spool = append(f.spool, picture)
		p := c.Leaves[i].Pages[0]
		f.place[p.ID], f.leaves[c.Leaves[i].ID] = i, i
		ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: up, Index: i % 10, Batch: b.ID, Reading: p.Reading, Verdicts: p.Verdicts, Picture: picture, Comment: &crop}))
	}
	if found := bytesWith(t, f.path, f.spool...); len(found) != len(f.spool) {
		t.Fatalf("the search finds %d of %d texts while the batch is open", len(found), len(f.spool))
	}
	for i := n - 1; i > 0; i-- {
		j := int(must[*big.Int](t)(rand.Int(random, big.NewInt(int64(i+1)))).Int64())
		c.Leaves[i], c.Leaves[j] = c.Leaves[j], c.Leaves[i]
		k := int(must[*big.Int](t)(rand.Int(random, big.NewInt(int64(i+1)))).Int64())
		c.Comments[i], c.Comments[k] = c.Comments[k], c.Comments[i]
	}
	ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
	return f
}

// TestNoOrder reads the tables and the raw bytes of the file, and compares the order in which pages and
// leaves lie there with the order of feeding.
func TestNoOrder(t *testing.T) {
	t.Parallel()
	const trials, n = 8, 80
	sums := map[string]float64{}
	for trial := range trials {
		f := feedInOrder(t, n, byte(trial))
		if found := bytesWith(t, f.path, f.spool...); len(found) != 0 {
			t.Fatalf("after closing the files still hold %q", found)
		}
		for name, order := range f.orders(t) {
			if len(order) != n {
				t.Fatalf("%s: %d places of %d", name, len(order), n)
			}
			sums[name] += tau(order)
		}
		ok(t, f.store.Close())
	}
	// The standard deviation of tau over random orders is √(2(2n+5)/(9n(n-1))); five of them over the mean.
	bound := 5 * math.Sqrt(2*(2*n+5)/(9.0*n*(n-1))/trials)
	for name, sum := range sums {
		if mean := sum / trials; math.Abs(mean) > bound {
			t.Errorf("%s: tau %.3f against the order of feeding, bound %.3f", name, mean, bound)
		}
	}
	if tau([]int{0, 1, 2, 3}) != 1 || tau([]int{3, 2, 1, 0}) != -1 {
		t.Error("tau is wrong")
	}
}

// orders are all the orders that the database gives: of tables as they are scanned, and of bytes.
func (f fed) orders(t *testing.T) map[string][]int {
	t.Helper()
	out := map[string][]int{}
	for _, look := range []struct {
		table, key string
		place      map[string]int
		row        func(id string) string // how a row begins in the file
	}{
		{"pages", "id", f.place, func(id string) string { return id }},
		{"leaves", "id", f.leaves, func(id string) string { return id }},
		{"fingerprints", "page", f.place, func(id string) string { return id + f.ink(t, f.place[id]) }},
		{"comments", "id", f.comments, func(id string) string { return id + f.meeting }},
	} {
		rows := must[*sql.Rows](t)(f.store.DB().Query("SELECT " + look.key + " FROM " + look.table + " NOT INDEXED"))
		for rows.Next() {
			var id string
			ok(t, rows.Scan(&id))
			out[look.table] = append(out[look.table], look.place[id])
		}
		ok(t, rows.Close())
		file := must[[]byte](t)(os.ReadFile(f.path))
		at := map[string]int{} // where it first stands in the file
		for id := range look.place {
			if at[id] = bytes.Index(file, []byte(look.row(id))); at[id] < 0 {
				t.Fatalf("no row of %s is found in the file", look.table)
			}
		}
		for _, id := range slices.SortedFunc(maps.Keys(at), func(a, b string) int { return at[a] - at[b] }) {
			out["bytes of "+look.table] = append(out["bytes of "+look.table], look.place[id])
		}
	}
	return out
}

// ink is the fingerprint of the leaf that was fed as the i-th, as the table holds it.
func (f fed) ink(t *testing.T, i int) string {
	t.Helper()
	return string(must[[]byte](t)(inkOfLeaf(i).MarshalText()))
}

// inkOfLeaf is a fingerprint that tells which leaf it is.
func inkOfLeaf(i int) ballot.Fingerprint {
	return ballot.Fingerprint{{Target: 1, X: int16(i), Y: 7717, W: int16(i)}, {Target: 5, X: 7719, Y: int16(i), H: int16(i)}}
}

// TestNoBatch closes two batches and looks, in each block of the file, whether the places of their pages
// tell them apart: SQLite puts a new row before the older ones of its block.
func TestNoBatch(t *testing.T) {
	t.Parallel()
	const trials, n, block = 6, 60, 4096
	sum, variance := 0.0, 0.0
	for trial := range trials {
		path := filepath.Join(t.TempDir(), "pingyi.db")
		first, second := twoBatches(t, path, n, byte(trial))
		file := must[[]byte](t)(os.ReadFile(path))
		for at := 0; at < len(file); at += block {
			u, x, y := rankSum(file[at:at+block], first, second)
			sum += u - float64(x*y)/2
			variance += float64(x*y*(x+y+1)) / 12
		}
	}
	// Mann and Whitney's test, summed over blocks.
	if z := sum / math.Sqrt(variance); math.Abs(z) > 5 {
		t.Errorf("the pages of the first batch lie %.1f standard deviations apart from the second's", z)
	}
}

// twoBatches closes a batch of n leaves at each venue and gives their pages' ids.
func twoBatches(t *testing.T, path string, n int, seed byte) (first, second []string) {
	t.Helper()
	s, ctx := openSeeded(t, path, seeded(seed)), context.Background()
	m := draft(2)
	m.Groups[0].Headcount = map[string]int{"main": n, "east": n}
	id := opened(t, s, m)
	known := map[string]bool{}
	for _, venue := range []string{"main", "east"} {
		handCounts(t, s, id, venue, n)
		feed(t, s, id, []string{venue}, slices.Repeat([]string{"ab"}, n)...)
		first, second = second, nil
		for page := range must[map[string]bool](t)(s.PageIDs(ctx)) {
			if !known[page] {
				second = append(second, page)
			}
			known[page] = true
		}
	}
	ok(t, s.Close())
	return first, second
}

// rankSum counts the pairs of a text of each list in which the first list's stands before the second's,
// and how many of each stand in the block.
func rankSum(block []byte, first, second []string) (pairs float64, x, y int) {
	places := func(ids []string) (at []int) {
		for _, id := range ids {
			if i := bytes.Index(block, []byte(id)); i >= 0 {
				at = append(at, i)
			}
		}
		return at
	}
	a, b := places(first), places(second)
	for _, i := range a {
		for _, j := range b {
			if i < j {
				pairs++
			}
		}
	}
	return pairs, len(a), len(b)
}

// TestPagesHaveNoPast: nothing kept of a page, leaf or decision has a column or a value that tells time,
// order, venue or batch.
func TestPagesHaveNoPast(t *testing.T) {
	f := feedInOrder(t, 20, 1)
	want := map[string]string{
		"leaves":     "id meeting form grp whole",
		"pages":      "id leaf meeting form form_page grp verdicts unclear flags reading image", // image: the digest of its picture
		"decisions":  "page subject person seq body",
		"judgements": "meeting number thresholds",
		// A page has verdicts by every judgement of its meeting, whenever it came.
		"judged_pages": "page meeting number verdicts unclear",
		"set_asides":   "leaf person seq aside reason",
		"digests":      "meeting digest",
		"fingerprints": "page shapes", // how the ink lies, as on the page's own picture
		// Whom a comment is about, on single forms, is what its writer wrote; standing and content are what people
		// typed once all batches were closed.
		"comments":   "id meeting subject picture proposal standing content",
		"voids":      "meeting grp subject leaves",
		"rejections": "meeting reason pages",
		// By a key that is not here, and of no page: that it was counted says that its ballot came back, never what is on it.
		"serials": "meeting pseudonym used",
	}
	for table, columns := range want {
		rows := must[*sql.Rows](t)(f.store.DB().Query("SELECT * FROM " + table))
		if got := strings.Join(must[[]string](t)(rows.Columns()), " "); got != columns {
			t.Errorf("%s has columns %s: say here why a new one tells nothing", table, got)
		}
		ok(t, rows.Close())
		var made string
		ok(t, f.store.DB().QueryRow("SELECT sql FROM sqlite_schema WHERE name = ?", table).Scan(&made))
		if !strings.Contains(made, "WITHOUT ROWID") {
			t.Errorf("%s has row ids, which count upwards", table)
		}
	}
	rows := must[*sql.Rows](t)(f.store.DB().Query("SELECT reading FROM pages"))
	defer rows.Close()
	for rows.Next() {
		var reading string
		ok(t, rows.Scan(&reading))
		for _, past := range []string{f.batch, "upload", "main", clock.Format("2006-"), `"rotation":180`, "0.04", "fingerprint"} {
			if strings.Contains(reading, past) {
				t.Fatalf("a kept reading holds %q: %s", past, reading)
			}
		}
	}
	ok(t, rows.Err())
}

// TestNoVoters: no table has a column for a voter, and a rebuilt list of all columns is looked over here
// whenever one is added.
func TestNoVoters(t *testing.T) {
	s := open(t)
	rows := must[*sql.Rows](t)(s.DB().Query(`SELECT DISTINCT c.name FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c
		WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite%' AND s.name <> 'goose_db_version' ORDER BY 1`))
	var got []string
	for rows.Next() {
		var name string
		ok(t, rows.Scan(&name))
		got = append(got, name)
	}
	ok(t, rows.Err())
	const known = "act actor aside asked_by batch body bundle bytes confirmed_at confirmed_by content copies data destroy_on destroyed_at destroyed_by detail digest disabled disposal entered_by error expires expiry factor factor_step facts field flags form form_page grp hash id idx image items keeping kind label last_act leaf leaves mark meeting name note number overall_grade own owner page pages percent person picture pictures proposal pseudonym public reading reason recovery revision role salt scopes sealed seq serial set_at shapes size stamp standing state subject thresholds time token unclear upload used value venue venues verdicts whole withdrawn"
	if strings.Join(got, " ") != known {
		t.Errorf("columns %s", strings.Join(got, " "))
	}
}

// TestRecordTellsNoPage: what people do to pages leaves nothing in the record of acts that names a page,
// a row, a choice or the time of it.
func TestRecordTellsNoPage(t *testing.T) {
	s, ctx := open(t), context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	before := len(must[[]store.Act](t)(s.Acts(ctx, id, 0, 1000)))
	row := waiting(t, s, id, "s1")
	ok(t, s.Decide(ctx, "s1", id, row.Page, row.Subject, ballot.Decision{Kind: ballot.IsGrade, Grade: "差", Reason: "看得清"}, false))
	ok(t, s.SetAside(ctx, "s2", id, row.Page, true, "写了名字"))
	if after := len(must[[]store.Act](t)(s.Acts(ctx, id, 0, 1000))); after != before {
		t.Errorf("%d acts more", after-before)
	}
	ok(t, s.SetAside(ctx, "s2", id, row.Page, false, "看错"))
	handCounts(t, s, id, "east", 0)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", id))
	acts := must[[]store.Act](t)(s.Acts(ctx, id, 0, 1000))
	if acts[0].Act != "balance" || acts[0].Detail != "" {
		t.Errorf("the record of the balance is %+v", acts[0])
	}
	for _, a := range acts {
		for _, text := range []string{row.Page, "差", "看得清", "写了名字"} {
			if strings.Contains(a.Detail, text) {
				t.Errorf("act %+v names %s", a, text)
			}
		}
	}
}

// TestFingerprintsGo: certifying deletes how the ink lies on the meeting's sheets, from the file too, and on no
// other meeting's; before, only closing keeps it, and never within a reading.
func TestFingerprintsGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pingyi.db")
	s, ctx := openAt(t, path), context.Background()
	var ids, texts []string
	for range 2 {
		id := opened(t, s, draft(2))
		handCounts(t, s, id, "main", 5)
		handCounts(t, s, id, "east", 0)
		b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
		c := closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "da")
		for i := range c.Leaves {
			ink := inkOfLeaf(len(texts))
			c.Leaves[i].Pages[0].Reading.Fingerprint = ink
			texts = append(texts, string(must[[]byte](t)(ink.MarshalText())))
		}
		ok(t, s.CloseBatch(ctx, "scan", b.ID, c, noJobs))
		ids = append(ids, id)
	}
	kept := must[[]ballot.KeptPage](t)(s.Fingerprints(ctx, ids[0], "A"))
	if len(kept) != 5 || len(bytesWith(t, path, texts...)) != 10 {
		t.Fatalf("kept %+v", kept)
	}
	for _, p := range kept {
		if len(p.Fingerprint) != 2 || p.Fingerprint[0].X > 4 || p.Form != formA(t, s, ids[0]).ID || p.Page != 1 || p.Leaf == "" {
			t.Errorf("kept %+v", p)
		}
	}
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", ids[0]))
	must[store.Signed](t)(s.Certify(ctx, "s1", ids[0], "无误"))
	if n := len(must[[]ballot.KeptPage](t)(s.Fingerprints(ctx, ids[0], "A"))); n != 5 {
		t.Errorf("after one signature %d", n)
	}
	must[store.Signed](t)(s.Certify(ctx, "s2", ids[0], "无误"))
	if n, m := len(must[[]ballot.KeptPage](t)(s.Fingerprints(ctx, ids[0], "A"))), len(must[[]ballot.KeptPage](t)(s.Fingerprints(ctx, ids[1], "A"))); n != 0 || m != 5 {
		t.Errorf("after certifying %d, of the other meeting %d", n, m)
	}
	if found := bytesWith(t, path, texts...); !slices.Equal(found, texts[5:]) {
		t.Errorf("the files hold %d of the fingerprints, want the other meeting's five", len(found))
	}
}

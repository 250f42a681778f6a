package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/pdf"
)

// asMain makes the test binary the program itself, so that services and their reading children can be
// started and killed.
const asMain = "PINGYI_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// service is a `pingyi serve` in a process of its own.
type service struct {
	cmd  *exec.Cmd
	base string
}

func startService(t *testing.T, data string) *service {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "serve", "--data", data, "--listen", "127.0.0.1:0", "--workers", "2", "--ocr", "false")
	cmd.Env = append(os.Environ(), asMain+"=1")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its children die with it
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &service{cmd: cmd}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			s.base = "http://" + address
			return s
		}
	}
	t.Fatal("the service did not say where it listens")
	return nil
}

// kill is SIGKILL to the service and its children: nothing gets to tidy up.
func (s *service) kill() {
	if s.cmd.ProcessState == nil {
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		s.cmd.Wait()
	}
}

const testPassword = "a-test-password"

// openMeeting makes a data folder with users and an open meeting with hand counts of n returned leaves.
func openMeeting(t *testing.T, n int) (data, id string, form ballot.Form) {
	t.Helper()
	data, id = sealedMeeting(t, 24, ballot.RosterForm)
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	hash := auth.HashPassword(testPassword, auth.Cost{Time: 1, Memory: 8 * 1024, Threads: 1})
	for name, role := range map[string]ballot.Role{"scanning": ballot.RoleScanning, "scrutineer1": ballot.RoleScrutineer} {
		if err := s.CreateUser(ctx, "test", store.User{Name: name, Role: role, Hash: hash}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(ctx, "test", id); err != nil {
		t.Fatal(err)
	}
	key := ballot.LedgerKey{Venue: "1", Group: "A"}
	for field, v := range map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n} {
		if err := s.EnterLedger(ctx, "one", id, key, field, v); err != nil {
			t.Fatal(err)
		}
		if err := s.ConfirmLedger(ctx, "two", id, key, field, v); err != nil {
			t.Fatal(err)
		}
	}
	forms, err := s.Forms(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return data, id, forms[0]
}

// scannedStack is a ZIP of n marked ballots, in the order of feeding.
func scannedStack(t *testing.T, form *ballot.Form, n int) []byte {
	t.Helper()
	fonts, err := pdf.LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("skipping: pdftoppm (poppler-utils) is not installed")
	}
	stack, err := printForm(form, fonts, t.TempDir(), 5)
	if err != nil {
		t.Fatal(err)
	}
	var ballots []demoBallot
	for i := 0; i < n; i++ {
		ballots = append(ballots, stack.vote("1", i))
	}
	pictures, err := stack.scan(ballots, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := zipOf(pictures)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// session signs the scanning user in, opens nothing yet.
func scanningClient(t *testing.T, s *service) *client {
	t.Helper()
	c, err := signIn(context.Background(), s.base, "scanning", testPassword)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *client) must(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if err := c.call(context.Background(), method, path, in, out); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

// waitFor polls a batch until enough says so.
func waitFor(t *testing.T, c *client, path string, enough func(api.Batch) bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(15 * time.Millisecond) {
		var b api.Batch
		c.must(t, "GET", path, nil, &b)
		if enough(b) {
			return
		}
	}
	t.Fatal("the batch is not read in time")
}

func allRead(b api.Batch) bool {
	return len(b.Uploads) == 1 && b.Uploads[0].Pages >= 0 && b.Pages.Waiting == 0
}

// keptRows lists what is kept of a closed batch: the verdicts of each page, sorted, since nothing says
// which page was which.
func keptRows(t *testing.T, data, id string) []string {
	t.Helper()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pages, err := s.Pages(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range pages {
		text := fmt.Sprint(p.FormPage)
		for _, r := range p.Rows {
			text += fmt.Sprintf(" %d:%s/%s/%s", r.Subject, r.Machine.Kind, r.Machine.Grade, r.Machine.Reason)
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// A service that is killed in the middle of a batch, again and again, and started again keeps and counts
// exactly what an undisturbed one does.
func TestKilledServiceLosesNothing(t *testing.T) {
	const n = 14
	data, id, form := openMeeting(t, n)
	stack := scannedStack(t, &form, n)
	calm := t.TempDir()
	if raw, err := exec.Command("cp", "-a", data+"/.", calm).CombinedOutput(); err != nil {
		t.Fatal(err, string(raw))
	}
	feed := func(folder string, kills []int) {
		s := startService(t, folder)
		c := scanningClient(t, s)
		var b api.Batch
		c.must(t, "POST", "/meetings/"+id+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b)
		path := "/meetings/" + id + "/batches/" + b.ID
		if err := c.upload(context.Background(), path+"/uploads", "stack.zip", stack, nil); err != nil {
			t.Fatal(err)
		}
		for _, after := range kills {
			waitFor(t, c, path, func(b api.Batch) bool { return b.Pages.Read >= after || allRead(b) })
			s.kill()
			s = startService(t, folder)
			c = scanningClient(t, s)
		}
		waitFor(t, c, path, allRead)
		var closed api.Batch
		c.must(t, "POST", path+"/close", nil, &closed)
		if closed.Leaves != n {
			t.Errorf("%d leaves, want %d", closed.Leaves, n)
		}
		s.kill()
	}
	feed(calm, nil)
	feed(data, []int{0, 1, 5, 9})
	want, got := keptRows(t, calm, id), keptRows(t, data, id)
	if !slices.Equal(want, got) {
		t.Errorf("after kills:\n%s\nundisturbed:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Once a batch is closed, neither database nor folders tell order, time, venue or batch of any page.
func TestClosedBatchTellsNothing(t *testing.T) {
	const n = 30
	data, id, form := openMeeting(t, n)
	stack := scannedStack(t, &form, n)
	s := startService(t, data)
	c := scanningClient(t, s)
	var b api.Batch
	c.must(t, "POST", "/meetings/"+id+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b)
	path := "/meetings/" + id + "/batches/" + b.ID
	if err := c.upload(context.Background(), path+"/uploads", "seat-by-seat.zip", stack, nil); err != nil {
		t.Fatal(err)
	}
	waitFor(t, c, path, allRead)
	fed := feedingOrder(t, data, b.ID)
	var uploads []ballot.Upload
	withTestStore(t, data, func(s *store.Store) (err error) { uploads, err = s.Uploads(context.Background(), b.ID); return err })
	c.must(t, "POST", path+"/close", nil, nil)
	s.kill()

	checkBytes(t, data, "seat-by-seat", uploads[0].ID)
	checkPageColumns(t, data)
	checkOrders(t, data, id, fed)
}

func withTestStore(t *testing.T, data string, fn func(*store.Store) error) {
	t.Helper()
	if err := withStore(config{data: data}, fn); err != nil {
		t.Fatal(err)
	}
}

// feedingOrder gives each page's measures their place in the stack: an attacker who saw the stack.
func feedingOrder(t *testing.T, data, batch string) map[string]int {
	t.Helper()
	order := map[string]int{}
	withTestStore(t, data, func(s *store.Store) error {
		pages, err := s.SpoolPages(context.Background(), batch)
		for i, p := range pages {
			order[rowsKey(p.Reading.Rows)] = i
		}
		return err
	})
	return order
}

func rowsKey(rows []ballot.RowReading) string {
	raw, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// checkBytes looks for strings of the open batch in every file of the data folder and in their names.
func checkBytes(t *testing.T, data string, secrets ...string) {
	t.Helper()
	err := filepath.Walk(data, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(raw, []byte(secret)) || strings.Contains(path, secret) {
				t.Errorf("%s still holds %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkPageColumns(t *testing.T, data string) {
	t.Helper()
	withTestStore(t, data, func(s *store.Store) error {
		for _, table := range []string{"pages", "leaves", "decisions"} {
			rows, err := s.DB().Query("SELECT name FROM pragma_table_info(?)", table)
			if err != nil {
				return err
			}
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					return err
				}
				if slices.Contains([]string{"batch", "venue", "venues", "time", "created", "created_at", "updated_at", "upload", "idx", "rowid"}, name) {
					t.Errorf("table %s has a column %s", table, name)
				}
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		for _, table := range []string{"spool_pages", "uploads", "river_job"} {
			var n int
			if err := s.DB().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != 0 {
				t.Errorf("table %s: %d rows left, %v", table, n, err)
			}
		}
		return nil
	})
}

// checkOrders compares the feeding order with every order that an attacker can read off: of rows, of
// picture names, of times, of inodes. Kendall's τ of unrelated orders has standard deviation
// √(2(2n+5)/(9n(n-1))).
func checkOrders(t *testing.T, data, id string, fed map[string]int) {
	t.Helper()
	type page struct {
		fed   int
		time  int64
		inode uint64
	}
	var byRow []page
	withTestStore(t, data, func(s *store.Store) error {
		rows, err := s.DB().Query("SELECT id, reading FROM pages WHERE meeting = ?", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, text string
			if err := rows.Scan(&name, &text); err != nil {
				return err
			}
			var reading ballot.PageReading
			if err := json.Unmarshal([]byte(text), &reading); err != nil {
				return err
			}
			at, ok := fed[rowsKey(reading.Rows)]
			if !ok {
				t.Error("a kept page was not fed")
			}
			info, err := pictureInfo(data, name)
			if err != nil {
				return err
			}
			byRow = append(byRow, page{at, info.ModTime().UnixNano(), info.Sys().(*syscall.Stat_t).Ino})
		}
		return rows.Err()
	})
	times := map[int64]bool{}
	for _, p := range byRow {
		times[p.time] = true
	}
	if len(times) != 1 {
		t.Errorf("pictures have %d different times", len(times))
	}
	n := float64(len(byRow))
	limit := 4 * math.Sqrt(2*(2*n+5)/(9*n*(n-1)))
	orders := map[string]func(a, b page) bool{"inodes": func(a, b page) bool { return a.inode < b.inode }}
	check := func(name string, pages []page) {
		concordant := 0
		for i := range pages {
			for j := i + 1; j < len(pages); j++ {
				if pages[i].fed < pages[j].fed {
					concordant++
				} else {
					concordant--
				}
			}
		}
		if tau := float64(concordant) / (n * (n - 1) / 2); math.Abs(tau) > limit {
			t.Errorf("%s: τ = %.3f against the feeding order, beyond %.3f", name, tau, limit)
		}
	}
	check("rows", byRow)
	for name, less := range orders {
		sorted := slices.Clone(byRow)
		slices.SortFunc(sorted, func(a, b page) int {
			if less(a, b) {
				return -1
			}
			return 1
		})
		check(name, sorted)
	}
}

// pictureInfo finds a page's picture wherever the job service keeps it.
func pictureInfo(data, id string) (found os.FileInfo, err error) {
	err = filepath.Walk(data, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Name() == id+".jpg" {
			found = info
		}
		return err
	})
	if err == nil && found == nil {
		err = fmt.Errorf("page %s has no picture", id)
	}
	return found, err
}

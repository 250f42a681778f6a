package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/scans/raster"
)

// asMain makes the test binary the program itself, so that services and their reading children can be
// started and killed.
const asMain = "PINGYI_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Setenv(asMain, "1") // for the children that commands run in this process start
	os.Exit(m.Run())
}

// patience is how long a test waits for what must come, on a machine that has much else to do: only what hangs takes longer.
const patience = 2 * time.Minute

// service is a `pingyi serve` in a process of its own, on one address, which tests kill and start again.
type service struct {
	data    string
	base    string // http://127.1.…, once it has been started
	env     []string
	listen  string
	printed string // file of what it prints

	mu   sync.Mutex
	cmd  *exec.Cmd // nil while none runs
	from int       // bytes that earlier ones printed
	gone chan struct{}
}

// services counts them: each has a loopback address of its own, so that nobody takes its port while it is killed.
var services atomic.Int32

// newService is one that is not started yet; settings are of its environment, such as PINGYI_WATCH=….
func newService(t *testing.T, data string, settings ...string) *service {
	usual := []string{asMain + "=1", "PINGYI_SIGN_INS=0", "PINGYI_WORKERS=2", "PINGYI_OCR=false", "PINGYI_NAMES=none"}
	n := services.Add(1)
	s := &service{data: data, listen: fmt.Sprintf("127.1.%d.%d:0", n/250, n%250+1), printed: filepath.Join(t.TempDir(), "service.log"), env: slices.Concat(os.Environ(), usual, settings)}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() && s.base != "" {
			t.Log(s.lastWords())
		}
	})
	return s
}

func startService(t *testing.T, data string, settings ...string) *service {
	t.Helper()
	s := newService(t, data, settings...)
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// start starts the program on its data, and waits until it says where it listens.
func (s *service) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(s.printed, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(self, "serve", "--data", s.data, "--listen", s.listen)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its children die with it
	s.mu.Lock()
	s.from = len(s.log())
	if err = cmd.Start(); err == nil {
		s.cmd, s.gone = cmd, make(chan struct{})
		go func(gone chan<- struct{}) { cmd.Wait(); close(gone) }(s.gone)
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	line, err := s.says("Pingyi: ")
	if err != nil {
		return err
	}
	_, s.base, _ = strings.Cut(line, "Pingyi: ")
	_, s.listen, _ = strings.Cut(s.base, "://")
	return nil
}

// says waits for a line of what it prints since it was started.
func (s *service) says(word string) (string, error) {
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		ended := time.Now().After(end) || s.pid() == 0
		for line := range strings.Lines(s.log()[s.from:]) {
			if strings.Contains(line, word) && strings.HasSuffix(line, "\n") {
				return strings.TrimSpace(line), nil
			}
		}
		if ended {
			return "", fmt.Errorf("the service did not say %q: %s", word, s.lastWords())
		}
	}
}

// log is all that it has printed.
func (s *service) log() string {
	data, err := os.ReadFile(s.printed)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func (s *service) lastWords() string {
	all := s.log()
	return all[max(0, len(all)-1000):]
}

// kill is SIGKILL to the service, and with it to its children: nothing gets to tidy up. None is there any more afterwards.
func (s *service) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	started := processesOf(s.cmd.Process.Pid)
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // it may be gone already
	<-s.gone
	s.cmd = nil
	for _, p := range started { // children are in groups of their own: the kernel kills them when their parent is dead
		for end := time.Now().Add(patience); p.lives() && time.Now().Before(end); time.Sleep(time.Millisecond) {
		}
	}
}

// pid is the service's process, 0 while none runs.
func (s *service) pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	select {
	case <-s.gone:
		return 0
	default:
		return s.cmd.Process.Pid
	}
}

const testPassword = demoPassword // tests play acts of the demo

// cheap hashes the passwords of tests; what a real one costs is auth's to test.
var cheap = auth.Cost{Time: 1, Memory: 8, Threads: 1}

// openMeeting makes a data folder with users and an open meeting with hand counts of n returned leaves.
func openMeeting(t *testing.T, n int, change ...func(*ballot.Rules)) (data, id string, form ballot.Form) {
	t.Helper()
	return openMeetingOf(t, 24, n, change...)
}

// openMeetingOf has other subjects than 24: more stand on both sides of the paper.
func openMeetingOf(t *testing.T, subjects, n int, change ...func(*ballot.Rules)) (data, id string, form ballot.Form) {
	t.Helper()
	data, id = sealedMeeting(t, subjects, ballot.RosterForm, change...)
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	addUsers(t, s, map[string]ballot.Role{"scanning": ballot.RoleScanning, "scrutineer1": ballot.RoleScrutineer,
		"scrutineer2": ballot.RoleScrutineer, "scrutineer3": ballot.RoleScrutineer, "committee1": ballot.RoleCommittee, "committee2": ballot.RoleCommittee})
	if _, err := s.Open(ctx, "test", id); err != nil {
		t.Fatal(err)
	}
	key := ballot.LedgerKey{Venue: "1", Group: "A"}
	for field, v := range map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n} {
		if err := s.EnterLedger(ctx, "p1", id, key, field, v); err != nil {
			t.Fatal(err)
		}
		if err := s.ConfirmLedger(ctx, "p2", id, key, field, v); err != nil {
			t.Fatal(err)
		}
	}
	forms, err := s.Forms(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return data, id, forms[0]
}

// signers makes the accounts, where they are not there yet, of those who sign in tests: one and two are scrutineers,
// three and four of the committee.
func signers(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.User(context.Background(), "one"); ballot.CodeOf(err) == ballot.CodeNotFound {
		addUsers(t, s, map[string]ballot.Role{"one": ballot.RoleScrutineer, "two": ballot.RoleScrutineer, "three": ballot.RoleCommittee, "four": ballot.RoleCommittee})
	}
}

// addUsers creates users with testPassword.
func addUsers(t *testing.T, s *store.Store, users map[string]ballot.Role) {
	t.Helper()
	hash := auth.HashPassword(testPassword, cheap)
	for name, role := range users {
		if err := s.CreateUser(context.Background(), "test", store.User{Name: name, Role: role, Hash: hash, Own: true}); err != nil {
			t.Fatal(err)
		}
	}
}

// scannedStack is a ZIP of n marked ballots, in the order of feeding; harm, where given, spoils some pages.
func scannedStack(t *testing.T, form *ballot.Form, n int, harm func(i int) func(*raster.Image, *ballot.FormPage)) []byte {
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
	pictures, err := stack.scan(ballots, 0, harm)
	if err != nil {
		t.Fatal(err)
	}
	data, err := zipOf(pictures)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// as signs a user in.
func (s *service) as(t *testing.T, user string) *client {
	t.Helper()
	return must[*client](t)(signIn(context.Background(), s.base, user))
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
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(15 * time.Millisecond) {
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

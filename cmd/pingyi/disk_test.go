package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pingyi/api"
	"pingyi/ballot"
)

// smallDisk is a file system of its own in memory, of so many megabytes.
func smallDisk(t *testing.T, megabytes string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+megabytes+"m"); err != nil {
		t.Skipf("skipping: only root can mount a small disk: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// fill takes what room there is.
func fill(t *testing.T, disk string) (clear func()) {
	t.Helper()
	path := filepath.Join(disk, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size >= 1; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	f.Close()
	return func() { must[int](t)(0, os.Remove(path)) }
}

// refusedBy wants a problem with a code and a status, in Chinese that says what to do.
func refusedBy(t *testing.T, what string, err error, code ballot.Code, status int) {
	t.Helper()
	var p *problem
	if !errors.As(err, &p) || p.Code != string(code) || p.Status != status || !strings.Contains(p.Detail, "管理员") {
		t.Errorf("%s: %v, want %s and %d", what, err, code, status)
	}
}

// stackFor marks and scans n ballots of a meeting.
func (m *demoMeeting) stackFor(t *testing.T, n int) []byte {
	t.Helper()
	m.truth = m.differentBallots(n)
	var pictures [][]byte
	for _, b := range m.truth {
		pictures = append(pictures, must[[]byte](t)(m.stacks["A"].scanAt(b, 150, 0, 0)))
	}
	return must[[]byte](t)(zipOf(pictures))
}

// A full disk: uploading, reading, closing, deciding and certifying say so, nothing half written stays, and all of it
// goes on when there is room again, to the true result.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "40")
	h := openHouse(t, filepath.Join(disk, "data"), "PINGYI_WORKERS=1")
	const n = 12
	m := must[*demoMeeting](t)(h.shortMeeting(n, 7))
	stack := m.stackFor(t, n)
	var batch api.Batch
	must[int](t)(0, m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	path := m.path + "/batches/" + batch.ID
	upload := func() error {
		return m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", stack, nil)
	}

	clear := fill(t, disk)
	refusedBy(t, "upload", upload(), ballot.CodeDiskFull, http.StatusInsufficientStorage)
	if left, _ := filepath.Glob(filepath.Join(h.data, "spool", "*", "*")); len(left) > 0 {
		t.Errorf("half an upload is left: %v", left)
	}
	clear()

	must[int](t)(0, m.do("scanning", "POST", path+"/pause", map[string]bool{"paused": true}, nil))
	must[int](t)(0, upload())
	clear = fill(t, disk)
	_ = m.do("scanning", "POST", path+"/pause", map[string]bool{"paused": false}, nil)
	waitTrouble(t, m, path, ballot.CodeDiskFull)
	time.Sleep(9 * time.Second) // the queue gives up writing down what became of its jobs after seven
	clear()
	_ = m.do("scanning", "POST", path+"/pause", map[string]bool{"paused": false}, nil)
	waitFor(t, m.users["scanning"], path, allRead)

	clear = fill(t, disk)
	refusedBy(t, "close", m.do("scanning", "POST", path+"/close", nil, nil), ballot.CodeDiskFull, http.StatusInsufficientStorage)
	if left, _ := filepath.Glob(filepath.Join(h.data, "pages", "*", "*")); len(left) > 0 {
		t.Errorf("pictures of a batch that is not closed are left: %v", left)
	}
	clear()
	must[int](t)(0, m.do("scanning", "POST", path+"/close", nil, nil))
	must[int](t)(0, m.decideAll())

	clear = fill(t, disk)
	for _, act := range []string{"/balance"} {
		refusedBy(t, act, m.do("scrutineer1", "POST", m.path+act, nil, nil), ballot.CodeDiskFull, http.StatusInsufficientStorage)
	}
	clear()
	if now := must[ballot.Meeting](t)(m.meeting()); now.State == ballot.Balanced { // it was saved, and the rest made up for
		must[int](t)(0, m.do("scrutineer1", "POST", m.path+"/back-to-open", map[string]string{"reason": "again"}, nil))
	}
	must[int](t)(0, m.finish())
	must[int](t)(0, m.compare("full disk"))
	must[int](t)(0, h.whole())
}

// waitTrouble waits until people are told why pages are not read.
func waitTrouble(t *testing.T, m *demoMeeting, path string, want ballot.Code) {
	t.Helper()
	var b api.Batch
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		must[int](t)(0, m.do("scanning", "GET", path, nil, &b))
		if b.Trouble == want {
			return
		}
	}
	t.Errorf("nobody is told of %s: %+v", want, b)
}

// A data folder that cannot be written to: the service says so and does not start; where only the spool cannot, uploads
// say so; it goes on when it can.
func TestReadOnlyDisk(t *testing.T) {
	disk := smallDisk(t, "40")
	h := newHouse(t, filepath.Join(disk, "data"), "PINGYI_WORKERS=1")
	must[int](t)(0, unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	if code, _, errOut := pingyi(t, "serve", "--data", h.data, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(errOut, "不能写入") {
		t.Errorf("a start on a read-only disk: %d %s", code, errOut)
	}
	must[int](t)(0, unix.Mount("", disk, "", unix.MS_REMOUNT, "size=40m"))
	must[int](t)(0, h.start())
	must[int](t)(0, h.signInAll())
	m := must[*demoMeeting](t)(h.shortMeeting(5, 7))
	stack := m.stackFor(t, 5)
	var batch api.Batch
	must[int](t)(0, m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	path, spool := m.path+"/batches/"+batch.ID, filepath.Join(h.data, "spool")
	must[int](t)(0, unix.Mount("tmpfs", spool, "tmpfs", unix.MS_RDONLY, ""))
	err := m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", stack, nil)
	refusedBy(t, "upload", err, ballot.CodeReadOnly, http.StatusServiceUnavailable)
	must[int](t)(0, unix.Unmount(spool, 0))
	must[int](t)(0, m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", stack, nil))
	waitFor(t, m.users["scanning"], path, allRead)
}

// Another program holds the database: who writes is told so and when to try again, who reads goes on, and so does
// everything when it lets go.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir(), "PINGYI_WORKERS=1")
	m := must[*demoMeeting](t)(h.shortMeeting(5, 7))
	other := must[*sql.DB](t)(sql.Open("sqlite3", "file:"+filepath.Join(h.data, "pingyi.db")+"?_txlock=immediate&_busy_timeout=10000"))
	defer other.Close()
	tx := must[*sql.Tx](t)(other.BeginTx(context.Background(), nil))
	begin := time.Now()
	err := m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, nil)
	refusedBy(t, "open a batch", err, ballot.CodeBusy, http.StatusServiceUnavailable)
	if waited := time.Since(begin); waited > 30*time.Second {
		t.Errorf("told after %v", waited)
	}
	must[ballot.Meeting](t)(m.meeting())
	must[int](t)(0, tx.Rollback())
	must[int](t)(0, m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, nil))
	var list api.BatchList
	must[int](t)(0, m.do("scanning", "GET", m.path+"/batches", nil, &list))
	if len(list.Batches) != 1 {
		t.Errorf("%d batches, one was acknowledged", len(list.Batches))
	}
}

// Without the language pack the service reads without OCR and says so; a command that was told to use it refuses and
// names what to install.
func TestLanguagePackMissing(t *testing.T) {
	if err := checkOCR(); err != nil {
		t.Skipf("skipping: %v", err)
	}
	t.Setenv("TESSDATA_PREFIX", t.TempDir())
	h := openHouse(t, t.TempDir(), "PINGYI_WORKERS=1", "PINGYI_OCR=true", "PINGYI_NAMES=sample")
	m := must[*demoMeeting](t)(h.shortMeeting(5, 7))
	var status api.SystemStatus
	must[int](t)(0, m.do("admin", "GET", "/system", nil, &status))
	if status.OCR || !strings.Contains(h.log(), "tesseract-ocr-chi-sim") {
		t.Errorf("OCR: %v, log %s", status.OCR, h.lastWords())
	}
	var batch api.Batch
	must[int](t)(0, m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	path := m.path + "/batches/" + batch.ID
	must[int](t)(0, m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", m.stackFor(t, 5), nil))
	waitFor(t, m.users["scanning"], path, allRead)
	must[int](t)(0, m.closeBatch(path, "A", "1"))
	forms := filepath.Join("..", "..", "scans", "testdata", "page.forms.json")
	self := must[string](t)(os.Executable())
	cmd := exec.Command(self, "read", "--forms", forms, "--ocr", filepath.Join("..", "..", "scans", "testdata", "page-400k.jpg"))
	cmd.Env = append(os.Environ(), asMain+"=1")
	if said, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(said), "tesseract-ocr-chi-sim") {
		t.Errorf("read --ocr without the language: %v %s", err, said)
	}
}

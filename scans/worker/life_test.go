package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/scans/child"
)

// TestChildIsHumble looks at a child's priority, environment and life: it ends with its parent.
func TestChildIsHumble(t *testing.T) {
	p := newPool(t, "", Config{Background: true})
	part := unpackOne(t, p, save(t, "a", tiff(1)))
	pid := 0
	if err := p.Read(context.Background(), formsOf("F"), part, 0, 1, func(page Page) error { pid = page.Result.Rotation; return nil }); err != nil {
		t.Fatal(err)
	}
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		t.Skip("no /proc")
	}
	if !bytes.Contains(environ, []byte("OMP_THREAD_LIMIT=1\x00")) {
		t.Error("OMP_THREAD_LIMIT is not set")
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(threads) == 0 {
		t.Fatal("no threads", err)
	}
	for _, path := range threads {
		stat, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // this thread has ended
		}
		if err != nil {
			t.Fatal(err)
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
		if fields[16] != fmt.Sprint(child.Priority) { // field 19 of proc(5), of which two are cut off
			t.Errorf("thread of priority %s", fields[16])
		}
	}
	group, err := syscall.Getpgid(pid)
	if err != nil || group != pid {
		t.Errorf("process group %d of child %d: %v", group, pid, err)
	}
}

// A parent that is killed takes its children along, even one that is stuck.
func TestChildrenDieWithTheirParent(t *testing.T) {
	path := save(t, "a", tiff(2))
	cmd := exec.Command(os.Args[0], "-test.run=^TestParentToKill$")
	cmd.Env = append(os.Environ(), "PINGYI_TEST_PARENT="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscanf(out, "child %d\n", &pid); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // into the page that hangs
	cmd.Process.Kill()
	cmd.Wait()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			return
		}
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && bytes.Contains(stat, []byte(") Z ")) {
			return // dead, and nobody there to bury it
		}
	}
	syscall.Kill(pid, syscall.SIGKILL)
	t.Error("the child outlived its parent")
}

// TestParentToKill is not a test of its own: it is the parent that the test above kills.
func TestParentToKill(t *testing.T) {
	path := os.Getenv("PINGYI_TEST_PARENT")
	if path == "" {
		t.Skip("run by TestChildrenDieWithTheirParent")
	}
	p := newPool(t, "1:hang", Config{})
	err := p.Read(context.Background(), formsOf("F"), Part{Path: path, Name: "a", Pages: 2}, 0, 2, func(page Page) error {
		fmt.Printf("child %d\n", page.Result.Rotation)
		return nil
	})
	t.Errorf("the stuck page was read: %v", err)
}

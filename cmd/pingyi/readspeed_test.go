package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

var (
	readPages  = flag.Int("read.pages", 0, "pages that whole processes of `pingyi read` read; 0 skips the test")
	readBinary = flag.String("read.binary", "", "the program to time")
)

// readRun is what one process of `pingyi read` took.
type readRun struct {
	wall, cpu time.Duration
	memory    int64 // bytes, the most that was resident
}

// Reading is spread over the cores and takes no more memory for more pages. `make speed` prints how much.
func TestReadWholeProcesses(t *testing.T) {
	if *readPages == 0 {
		t.Skip("skipping: -read.pages is not set (make speed)")
	}
	few := readCopies(t, 100, 2)
	var one, two []time.Duration
	var most readRun
	for range 3 { // in turn, so that what else the machine does falls on both
		one = append(one, readCopies(t, min(*readPages, 1000), 1).wall)
		two = append(two, readCopies(t, min(*readPages, 1000), 2).wall)
	}
	most = readCopies(t, *readPages, 2)
	slices.Sort(one)
	slices.Sort(two)
	fmt.Printf("%d pages: %.1f a second, %.0f %% of a core, %d MB at most; 100 pages: %d MB\n", *readPages,
		float64(*readPages)/most.wall.Seconds(), 100*most.cpu.Seconds()/most.wall.Seconds(), most.memory>>20, few.memory>>20)
	fmt.Printf("two readers beside one, medians of three runs in turn: %.2f × the pages a second\n", one[1].Seconds()/two[1].Seconds())
	if most.memory > 2*few.memory {
		t.Errorf("memory grows: %d MB after %d MB", most.memory>>20, few.memory>>20)
	}
}

// readCopies reads n copies of the two committed pages in turn.
func readCopies(t *testing.T, n, workers int) readRun {
	t.Helper()
	dir := filepath.Join("..", "..", "scans", "testdata")
	args := []string{"read", "--names", "none", "--forms", filepath.Join(dir, "page.forms.json"), "--workers", strconv.Itoa(workers)}
	for i := range n {
		args = append(args, filepath.Join(dir, []string{"page-1000k.jpg", "page-400k.jpg"}[i%2]))
	}
	// Into a file: a process counts the memory of the one that started it as its own, and this one must not grow.
	out, err := os.Create(filepath.Join(t.TempDir(), "readings.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(*readBinary, args...)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	from := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if lines := linesOf(t, out); lines != n {
		t.Fatalf("%d lines for %d pages", lines, n)
	}
	use := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return readRun{time.Since(from), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), use.Maxrss << 10}
}

func linesOf(t *testing.T, f *os.File) (n int) {
	t.Helper()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1<<16)
	for {
		k, err := f.Read(buffer)
		n += bytes.Count(buffer[:k], []byte("\n"))
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

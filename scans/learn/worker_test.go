package learn_test

import (
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

	"pingyi/ballot"
	"pingyi/scans/learn"
	"pingyi/scans/ocr"
)

// childMode makes the test binary a child of a Worker.
const childMode = "PINGYI_LEARN_CHILD"

// TestServeChild is the child, and no test.
func TestServeChild(t *testing.T) {
	switch mode := os.Getenv(childMode); mode {
	case "":
		t.Skip("started by a Worker alone")
	case "crash":
		fmt.Fprintln(os.Stderr, "a fault in a library")
		os.Exit(3)
	case "learn":
		e, err := ocr.New()
		if err == nil {
			err = learn.Serve(os.Stdin, os.Stdout, whole{e})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	default: // hang, as a document may: a process of its own is started and written down
		c := exec.Command("sleep", "600")
		if err := c.Start(); err != nil {
			os.Exit(1)
		}
		if err := os.WriteFile(mode, fmt.Append(nil, c.Process.Pid), 0o600); err != nil {
			os.Exit(1)
		}
		time.Sleep(10 * time.Minute)
	}
}

type whole struct{ *ocr.Engine }

func (whole) Check() error { return nil }

func worker(t *testing.T, mode string) *learn.Worker {
	t.Helper()
	t.Setenv(childMode, mode)
	return learn.NewWorker([]string{os.Args[0], "-test.run=^TestServeChild$"})
}

// A child proposes what Learn does, page for page, and refuses what is no blank.
func TestWorkerLearns(t *testing.T) {
	engine(t)
	w := worker(t, "learn")
	o := learn.Options{Meeting: "m", Group: "A", Subjects: subjects(t)}
	data, err := os.ReadFile(filepath.Join("testdata", "single.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Learn(context.Background(), "single.pdf", data, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Pages) != 3 || len(p.Form.Pages) != 3 || p.Form.Kind != ballot.SingleForm || p.Form.Learned.Source != "single.pdf" || len(p.Missing) != len(o.Subjects)-3 {
		t.Errorf("%d pictures, %d pages, kind %s, source %s, %d missing", len(p.Pages), len(p.Form.Pages), p.Form.Kind, p.Form.Learned.Source, len(p.Missing))
	}
	circle, err := os.ReadFile(filepath.Join("testdata", "circle.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"noise.pdf": []byte("%PDF-1.7 no document %%EOF"), "../../x.png": []byte("\x89PNG\r\n\x1a\nno picture"), "nothing.pdf": nil, "a.exe": []byte("MZ"), "circle.pdf": circle[:len(circle)/2]} {
		_, err := w.Learn(context.Background(), name, data, o)
		if ballot.CodeOf(err) != ballot.CodeForm || strings.Contains(err.Error(), os.TempDir()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that ends the child costs that file alone.
func TestWorkerSurvivesCrashes(t *testing.T) {
	_, err := worker(t, "crash").Learn(context.Background(), "x.pdf", []byte("x"), learn.Options{})
	if ballot.CodeOf(err) != ballot.CodeForm || !strings.Contains(err.Error(), "a fault in a library") {
		t.Errorf("got %v", err)
	}
}

// A child that hangs is killed with what it started: LibreOffice is a script that starts others.
func TestWorkerKillsAll(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if data, err := os.ReadFile(file); err == nil && len(data) > 0 {
				break
			}
		}
		cancel()
	}()
	_, err := worker(t, file).Learn(ctx, "x.docx", []byte("x"), learn.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(data), &pid); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return // gone, or dead and not yet waited for by init
		}
		if time.Now().After(deadline) {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("process %d lives on: %s", pid, stat)
		}
	}
}

// What settles a proposal may be taken back and given anew; rows that were sure may be exchanged.
func TestApply(t *testing.T) {
	all := subjects(t)
	row := func(no int) ballot.Row {
		if no < 0 {
			return ballot.Row{Subject: no}
		}
		return ballot.Row{Subject: no, Name: ballot.SpacedName(all[no-1].Name), Org: all[no-1].Org}
	}
	proposal := ballot.Form{Grades: []string{"好", "差"}, Learned: &ballot.Learned{Unsure: []ballot.Unsure{{Key: "row 1.2", Page: 1}}},
		Pages: []ballot.FormPage{{Page: 1}}}
	for i, no := range []int{1, -2, 3} {
		r, at := row(no), float64(10*i) // mm
		r.Rect = ballot.Rect{Y: at, W: 100, H: 10}
		p := &proposal.Pages[0]
		p.Rows, p.Targets = append(p.Rows, r), append(p.Targets, ballot.Target{Subject: no, Rect: ballot.Rect{X: 80, Y: at + 3, W: 4, H: 4}})
	}
	for name, c := range map[string]struct {
		settled []ballot.Settlement
		rows    []int // nil = refused
		unsure  int
		printed map[string]int
	}{
		"nothing":           {nil, []int{1, -2, 3}, 1, nil},
		"the unsure row":    {[]ballot.Settlement{{Key: "row 1.2", Value: "2"}}, []int{1, 2, 3}, 0, nil},
		"sure rows swapped": {[]ballot.Settlement{{Key: "row 1.1", Value: "3"}, {Key: "row 1.3", Value: "1"}}, []int{3, -2, 1}, 1, nil},
		"a sure row's":      {[]ballot.Settlement{{Key: "row 1.2", Value: "1"}, {Key: "row 1.1", Value: "9"}}, []int{9, 1, 3}, 0, nil},
		"one left out":      {[]ballot.Settlement{{Key: "row 1.2", Value: "skip"}, {Key: "row 1.3", Value: "4"}}, []int{1, 4}, 0, nil},
		"taken already":     {[]ballot.Settlement{{Key: "row 1.2", Value: "3"}}, nil, 0, nil},
		"no such row":       {[]ballot.Settlement{{Key: "row 1.4", Value: "4"}}, nil, 0, nil},
		"no such page":      {[]ballot.Settlement{{Key: "row 2.1", Value: "4"}}, nil, 0, nil},
		"no row":            {[]ballot.Settlement{{Key: "column 1.1.1", Value: "好"}}, nil, 0, nil},
		"as it is printed":  {[]ballot.Settlement{{Key: "row 1.2", Value: "2"}}, []int{1, 2, 3}, 0, map[string]int{"row 1.2": 2}},
		"not as printed":    {[]ballot.Settlement{{Key: "row 1.2", Value: "5"}}, nil, 0, map[string]int{"row 1.2": 2}},
		"swapped on paper":  {[]ballot.Settlement{{Key: "row 1.1", Value: "3"}, {Key: "row 1.3", Value: "1"}}, nil, 0, map[string]int{"row 1.1": 1, "row 1.3": 3}},
		"misread as 3":      {[]ballot.Settlement{{Key: "row 1.2", Value: "2"}}, []int{1, 2, 3}, 0, map[string]int{"row 1.2": 3}},
		"nobody's number":   {[]ballot.Settlement{{Key: "row 1.2", Value: "2"}}, []int{1, 2, 3}, 0, map[string]int{"row 1.2": 900}},
		"left out, printed": {[]ballot.Settlement{{Key: "row 1.2", Value: "skip"}}, []int{1, 3}, 0, map[string]int{"row 1.2": 2}},
	} {
		proposal.Learned.Printed = c.printed
		f, err := learn.Apply(proposal, all, c.settled)
		if c.rows == nil {
			if err == nil {
				t.Errorf("%s: accepted", name)
			}
			continue
		}
		var rows, targets []int
		for _, r := range f.Pages[0].Rows {
			rows = append(rows, r.Subject)
			if r.Subject > 0 && (r.Name != ballot.SpacedName(all[r.Subject-1].Name) || r.Org != all[r.Subject-1].Org) {
				t.Errorf("%s: row %+v", name, r)
			}
		}
		for _, x := range f.Pages[0].Targets {
			targets = append(targets, x.Subject)
		}
		if err != nil || fmt.Sprint(rows) != fmt.Sprint(c.rows) || fmt.Sprint(targets) != fmt.Sprint(c.rows) || len(f.Learned.Unsure) != c.unsure {
			t.Errorf("%s: rows %v targets %v, %d unsure, %v", name, rows, targets, len(f.Learned.Unsure), err)
		}
	}
	if proposal.Pages[0].Rows[1].Subject != -2 || proposal.Pages[0].Targets[0].Subject != 1 || len(proposal.Learned.Unsure) != 1 {
		t.Error("the proposal was changed")
	}
}

// A row's rectangle, which people are shown of it, holds its cells and its name, also where grades stand below each
// other and rows are columns.
func TestRowsHoldTheirCells(t *testing.T) {
	f := confirmed(t, at("down"), engine(t))
	for i, r := range f.Pages[0].Rows {
		box := r.Rect.Inset(-0.2)
		for _, x := range f.Pages[0].TargetsOf(r.Subject) {
			if !box.Contains(x.Cell.X, x.Cell.Y) || !box.Contains(x.Cell.Right(), x.Cell.Bottom()) {
				t.Errorf("subject %d: cell %+v outside its row %+v", r.Subject, x.Cell, r.Rect)
			}
		}
		if x, y := r.NameBox.Centre(); !r.Rect.Contains(x, y) {
			t.Errorf("subject %d: its name lies outside its row", r.Subject)
		}
		for _, o := range f.Pages[0].Rows[:i] {
			if x, y := o.Rect.Centre(); r.Rect.Contains(x, y) {
				t.Errorf("rows of %d and %d overlap", r.Subject, o.Subject)
			}
		}
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"pingyi/ballot"
)

// cores is how many processes or workers each reader may use.
var cores = runtime.NumCPU()

// spent is the time of one process and of all it started.
type spent struct{ wall, cpu time.Duration }

// timed runs a command and measures it. What it says when it fails is in the error.
func timed(c *exec.Cmd) (spent, error) {
	var problems bytes.Buffer
	c.Stderr = &problems
	start := time.Now()
	err := c.Run()
	t := spent{wall: time.Since(start)}
	if c.ProcessState != nil {
		t.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", filepath.Base(c.Path), err, problems.String())
	}
	return t, err
}

// pingyi is the built binary with the form to read.
type pingyi struct{ binary, forms string }

// pingyiPage is a line of its answer. A rejected page has no rows.
type pingyiPage struct {
	File   string
	Status string
	Reason string
	Rows   []pingyiRow
}

// pingyiRow is one row of it.
type pingyiRow struct {
	Subject                int
	Verdict, Grade, Reason string
}

func newPingyi(binary, dir string, s *sheet) (*pingyi, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(binary); err != nil {
		return nil, fmt.Errorf("pingyi is not built: run make build: %w", err)
	}
	data, err := json.Marshal(ballot.FormsFile{Forms: []ballot.Form{*s.form}})
	if err != nil {
		return nil, err
	}
	p := &pingyi{binary, filepath.Join(dir, "forms.json")}
	return p, os.WriteFile(p.forms, data, 0o644)
}

// read reads a stack by `pingyi read`.
func (p *pingyi) read(s *stack) (map[string]pingyiPage, spent, error) {
	args := []string{"read", "--names", "none", "--forms", p.forms}
	for _, scan := range s.scans {
		args = append(args, filepath.Join(s.dir, scan.file))
	}
	var out bytes.Buffer
	c := exec.Command(p.binary, args...)
	c.Stdout = &out
	t, err := timed(c)
	if err != nil {
		return nil, t, err
	}
	pages := map[string]pingyiPage{}
	for d := json.NewDecoder(&out); ; {
		var page pingyiPage
		if err := d.Decode(&page); errors.Is(err, io.EOF) {
			if len(pages) != len(s.scans) {
				err = fmt.Errorf("pingyi answers for %d of %d pages", len(pages), len(s.scans))
			} else {
				err = nil
			}
			return pages, t, err
		} else if err != nil {
			return nil, t, fmt.Errorf("pingyi's answer: %w", err)
		}
		pages[filepath.Base(page.File)] = page
	}
}

// verdict is what Pingyi makes of a row; of a rejected page's rows, that a person must look.
func (p pingyiPage) verdict(subject int) ballot.Verdict {
	for _, r := range p.Rows {
		if r.Subject == subject {
			return ballot.Verdict{Kind: ballot.VerdictKind(r.Verdict), Grade: r.Grade, Reason: r.Reason}
		}
	}
	return ballot.Verdict{Kind: ballot.IsUnclear, Reason: p.Reason}
}

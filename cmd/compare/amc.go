package main

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/mattn/go-sqlite3" // AMC keeps its answers in SQLite

	"pingyi/ballot"
)

// AMC's defaults as its configuration has them (AMC/Config.pm of 1.6.0): the share of black from which a box
// counts as ticked, and from where its list of pages shows a value in red.
const (
	amcDefault     = 0.15
	amcMeanError   = 3.0 // pixels of the layout at 300 dpi
	amcSensitivity = 8.0 // of 10
)

// amc is AMC with the layout of the sheet.
type amc struct {
	tool, dir string
	runs      int
}

// amcPage is what AMC measured on a page that it found.
type amcPage struct {
	dark      map[int][]float64 // by roster number: share of black in each box
	meanError float64
}

// newAMC lets AMC make its layout of the sheet.
func newAMC(dir string, s *sheet) (*amc, error) {
	tool, err := exec.LookPath("auto-multiple-choice")
	if err != nil {
		return nil, fmt.Errorf("AMC is not installed: run make compare: %w", err)
	}
	a := &amc{tool: tool, dir: filepath.Join(dir, "amc")}
	if err := os.MkdirAll(filepath.Join(a.dir, "layout"), 0o755); err != nil {
		return nil, err
	}
	w, err := os.Create(filepath.Join(a.dir, "form.xy"))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(writeLayout(w, s.page), w.Close()); err != nil {
		return nil, err
	}
	_, err = timed(a.command("meptex", "--src", w.Name(), "--data", filepath.Join(a.dir, "layout")))
	return a, err
}

// command is one of AMC's commands under its default configuration and with Debian's own tools.
func (a *amc) command(args ...string) *exec.Cmd {
	c := exec.Command(a.tool, args...)
	c.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + a.dir, "LANG=C.UTF-8", "TMPDIR=" + os.TempDir()}
	return c
}

// read reads a stack by `auto-multiple-choice analyse` in a project of its own. AMC turns files of pages that
// lay upside down, so it gets copies. Every sheet is a photocopy of the same page: --multiple.
func (a *amc) read(s *stack) (map[string]amcPage, spent, error) {
	a.runs++
	project := filepath.Join(a.dir, fmt.Sprintf("%s-%d", s.class, a.runs))
	data, list := filepath.Join(project, "data"), filepath.Join(project, "scans.txt")
	err := errors.Join(
		os.CopyFS(data, os.DirFS(filepath.Join(a.dir, "layout"))),
		os.CopyFS(filepath.Join(project, "scans"), os.DirFS(s.dir)),
		os.Mkdir(filepath.Join(project, "cr"), 0o755))
	if err != nil {
		return nil, spent{}, err
	}
	var names strings.Builder
	for _, scan := range s.scans {
		fmt.Fprintln(&names, filepath.Join(project, "scans", scan.file))
	}
	if err := os.WriteFile(list, []byte(names.String()), 0o644); err != nil {
		return nil, spent{}, err
	}
	t, err := timed(a.command("analyse", "--data", data, "--cr", filepath.Join(project, "cr"), "--multiple",
		"--n-procs", strconv.Itoa(cores), "--liste-fichiers", list))
	if err != nil {
		return nil, t, err
	}
	pages, err := captured(filepath.Join(data, "capture.sqlite"))
	return pages, t, err
}

// captured reads AMC's measures: by file name, for the pages that it found.
func captured(path string) (map[string]amcPage, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	const boxes = 4 // capture_zone.type of answer boxes
	rows, err := db.Query(`SELECT p.src, p.mse, z.id_a, z.id_b, 1.0*z.black/z.total
		FROM capture_page p JOIN capture_zone z ON z.student=p.student AND z.page=p.page AND z.copy=p.copy
		WHERE p.timestamp_auto>0 AND z.type=? AND z.total>0 ORDER BY p.src, z.id_a, z.id_b`, boxes)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	pages := map[string]amcPage{}
	for rows.Next() {
		var src string
		var meanError, dark float64
		var question, answer int
		if err := rows.Scan(&src, &meanError, &question, &answer, &dark); err != nil {
			return nil, err
		}
		name := filepath.Base(src)
		page, known := pages[name]
		if !known {
			page = amcPage{map[int][]float64{}, meanError}
			pages[name] = page
		}
		page.dark[question] = append(page.dark[question], dark)
		if len(page.dark[question]) != answer {
			return nil, fmt.Errorf("AMC measured box %d of row %d of %s and not the one before", answer, question, name)
		}
	}
	return pages, rows.Err()
}

// verdict is what AMC's measures say of a row: a box is ticked from the threshold on; AMC knows no doubt.
func (p amcPage) verdict(grades []string, subject int, threshold float64) ballot.Verdict {
	v := ballot.Verdict{Kind: ballot.IsBlank}
	for i, dark := range p.dark[subject] {
		if dark < threshold {
			continue
		}
		if v.Kind == ballot.IsGrade {
			return ballot.Verdict{Kind: ballot.IsOvervote}
		}
		v = ballot.Verdict{Kind: ballot.IsGrade, Grade: grades[i]}
	}
	return v
}

// red tells whether AMC's list of pages would show this one in red: the marks fit badly, or a box is about as
// dark as the threshold (its sensitivity, of 10).
func (p amcPage) red(threshold float64) bool {
	nearest := 1.0
	for _, row := range p.dark {
		for _, dark := range row {
			nearest = min(nearest, math.Abs(dark-threshold))
		}
	}
	return p.meanError > amcMeanError || 10*(threshold-nearest)/threshold > amcSensitivity
}

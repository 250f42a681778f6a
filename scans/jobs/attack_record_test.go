package jobs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/scans/jobs/attack"
)

// attackChunk is how many trials make a line of the results file: what a kill costs.
const attackChunk = 20

// attackBound is, in standard errors, beyond what a finding fails the test whatever Bonferroni's bound is: few trials
// make standard errors that are themselves uncertain.
const attackBound = 8

// attackLine is a line of the results file: what some trials came to by one state of the code. Lines of other code
// stay in the file and are not counted.
type attackLine struct {
	Code   string      `json:"code"`
	Sheets int         `json:"sheets"`
	First  int         `json:"first"`
	Trials int         `json:"trials"`
	Sums   attack.Sums `json:"sums"`
}

type attackRecord struct {
	Code, path string
	Sheets     int
	trials     int
	sums       attack.Sums
}

func openAttackRecord(t *testing.T, path string, sheets int) *attackRecord {
	t.Helper()
	r := &attackRecord{Code: attackDigest(t), path: path, Sheets: sheets, sums: attack.Sums{}}
	if path == "" {
		return r
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var l attackLine // one that a kill cut short is no JSON
		if json.Unmarshal(line, &l) == nil && l.Code == r.Code && l.Sheets == sheets && l.First == r.trials {
			r.trials += l.Trials
			r.sums.Join(l.Sums)
		}
	}
	return r
}

func (r *attackRecord) add(t *testing.T, sums attack.Sums, trials int) {
	t.Helper()
	line := attackLine{r.Code, r.Sheets, r.trials, trials, sums}
	r.trials += trials
	r.sums.Join(sums)
	if r.path == "" {
		return
	}
	data, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(slices.Concat([]byte("\n"), data, []byte("\n"))) // after a line that was cut short, too
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// attackDigest tells states of the code apart that trials depend on: closing, store, attacker and the trial itself.
func attackDigest(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	for _, pattern := range []string{"*.go", "attack/*.go", "../../ballot/*.go", "../../ballot/store/*.go", "../../ballot/store/migrations/sqlite/*.sql"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") && !strings.HasPrefix(f, "attack") {
				continue
			}
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(data)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func bonferroniOf(r *attackRecord) float64 {
	bound := 0.0
	for _, v := range r.sums.Verdicts() {
		bound = max(bound, v.Bound)
	}
	return bound
}

package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
)

// readMeeting makes a data folder with one open meeting of two subjects whose ballots were read: in each
// the first row is marked with so much ink (mm²), the second plainly. The last ballot's first row was read
// as another grade than its measures say.
func readMeeting(t *testing.T, inks ...float64) (data, id string) {
	t.Helper()
	data, id = sealedMeeting(t, 2, ballot.RosterForm)
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, key := context.Background(), ballot.LedgerKey{Venue: "1", Group: "A"}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Open(ctx, "test", id)
	do(err)
	do(s.EnterLedger(ctx, "p1", id, key, ballot.Returned, len(inks)))
	do(s.ConfirmLedger(ctx, "p2", id, key, ballot.Returned, len(inks)))
	forms, err := s.Forms(ctx, id)
	do(err)
	b, err := s.OpenBatch(ctx, "test", id, "A", []string{"1"})
	do(err)
	c := ballot.Closing{Scanned: []ballot.GroupCount{{Group: "A", Leaves: len(inks)}}}
	for _, ink := range inks {
		p := ballot.ClosedPage{ID: rand.Text(), Reading: ballot.PageReading{Form: forms[0].ID, Page: 1, Group: "A", Measures: ballot.MeasuresVersion}}
		for i, row := range forms[0].Pages[0].Rows {
			r := ballot.RowReading{Subject: row.Subject}
			for g, grade := range forms[0].Grades {
				score := ballot.MarkScore{Grade: grade}
				if g == 0 {
					score = ballot.MarkScore{Grade: grade, Ink: []float64{ink, 6}[i], Reach: 6, Flat: 5, Contrast: 0.6, Strokes: 1, Second: 0.99}
				}
				r.Scores = append(r.Scores, score)
			}
			p.Reading.Rows = append(p.Reading.Rows, r)
		}
		p.Verdicts = ballot.JudgePage(p.Reading.Rows, ballot.DefaultThresholds())
		c.Leaves = append(c.Leaves, ballot.ClosedLeaf{ID: rand.Text(), Whole: true, Pages: []ballot.ClosedPage{p}})
	}
	c.Leaves[len(inks)-1].Pages[0].Verdicts[0] = ballot.Verdict{Kind: ballot.IsGrade, Grade: forms[0].Grades[3]}
	do(s.CloseBatch(ctx, "test", b.ID, c, func(*sql.Tx) error { return nil }))
	return data, id
}

func TestRejudgeCommand(t *testing.T) {
	data, id := readMeeting(t, 6, 6, 0.9, 0.9, 6)
	file := filepath.Join(t.TempDir(), "thresholds.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	database := func() string {
		raw, err := os.ReadFile(filepath.Join(data, "pingyi.db"))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	write(`{"mark_ink": 0.8}`)
	before := database()
	code, out, errOut := pingyi(t, "rejudge", id, "--data", data, "--thresholds", file)
	if code != 0 || !strings.Contains(out, "wait for a person 2 → 1") || !strings.Contains(out, "nothing was written") {
		t.Fatalf("exit %d: %s%s", code, out, errOut)
	}
	lines := strings.Split(out, "\n")
	if !strings.Contains(lines[3], "！！有 1 行") || !strings.Contains(lines[5], "差") || !strings.Contains(lines[5], "THE VOTE WOULD CHANGE") || !strings.HasPrefix(lines[6], "2 ") {
		t.Errorf("a vote that would change does not come first:\n%s", out)
	}
	if database() != before {
		t.Error("a dry run changed the database")
	}

	code, out, errOut = pingyi(t, "rejudge", id, "--data", data, "--thresholds", file, "--apply", "--actor", "张三")
	if code != 0 || !strings.Contains(out, "judgement 1") {
		t.Fatalf("exit %d: %s%s", code, out, errOut)
	}
	if database() == before {
		t.Error("applied, and nothing changed")
	}
	var shown ballot.Thresholds
	_, out, _ = pingyi(t, "rejudge", id, "--data", data, "--show")
	if err := json.Unmarshal([]byte(out), &shown); err != nil || shown.MarkInk != 0.8 {
		t.Errorf("in force: %s, %v", out, err)
	}
	write(out) // what is shown can be given back
	if code, out, errOut = pingyi(t, "rejudge", id, "--data", data, "--thresholds", file); code != 0 || !strings.Contains(out, "wait for a person 1 → 1") {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
}

func TestRejudgeCommandRefuses(t *testing.T) {
	data, id := readMeeting(t, 6, 6, 6, 6, 6)
	file := filepath.Join(t.TempDir(), "thresholds.json")
	if err := os.WriteFile(file, []byte(`{"mark_inc": 1, "mark_reach": -1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--thresholds", file}, exitUsage, `"mark_inc"`},
		{[]string{"--thresholds", file + ".none"}, exitUsage, "none"},
		{[]string{"--show", "--apply"}, exitError, "show"},
	} {
		if code, _, errOut := pingyi(t, append([]string{"rejudge", id, "--data", data}, c.args...)...); code != c.code || !strings.Contains(errOut, c.says) {
			t.Errorf("%v: exit %d, says %q", c.args, code, errOut)
		}
	}
	if code, _, errOut := pingyi(t, "rejudge", "none", "--data", data); code != exitError || !strings.Contains(errOut, "not_found") {
		t.Errorf("no such meeting: exit %d, says %q", code, errOut)
	}
}

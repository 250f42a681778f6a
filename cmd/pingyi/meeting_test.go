package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/tally"
)

// The source meeting goes through all roles in a browser, from an empty installation to released results: see
// api/web/e2e/meeting.mjs. What is marked and scanned is the PDF that the browser downloaded, and every figure
// equals what was marked. Screenshots go to $PINGYI_SHOTS.
func TestMeetingInTheBrowser(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "meeting.mjs")
	p := newPlay(t)
	s := startService(t, p.data, "PINGYI_SIGN_AFTER=0s")
	settings := p.settings(s)
	settings["FIRST"] = s.firstLink(t)
	b.visit(t, "before", settings)
	c := s.as(t, "admin")
	var list api.MeetingList
	c.must(t, "GET", "/meetings", nil, &list)
	if len(list.Meetings) != 1 {
		t.Fatalf("%d meetings", len(list.Meetings))
	}
	var m ballot.Meeting
	c.must(t, "GET", "/meetings/"+list.Meetings[0].ID, nil, &m)
	compareSet(t, m, ballot.Open, p.roll)
	if filesWith(t, p.data, []string{"欧阳秘"}) != 0 {
		t.Error("a name of the roll is kept")
	}
	p.checkPrinted(t)
	var file ballot.FormsFile
	c.must(t, "GET", "/meetings/"+m.ID+"/forms", nil, &file)
	p.markAndScan(t, file.Forms)
	b.visit(t, "after", settings)
	committee := s.as(t, "committee1")
	var r tally.Result
	committee.must(t, "GET", "/meetings/"+m.ID+"/results", nil, &r)
	if err := compareCounts(&r, p.truth); err != nil {
		t.Error(err)
	}
}

// play is the paper of the meeting that is played, and the folders through which test and browser meet.
type play struct {
	data, save, stacks, sessions string
	roll                         []byte
	rollFile, badRoll, roster    string
	truth                        []demoBallot
}

func newPlay(t *testing.T) *play {
	t.Helper()
	for _, tool := range []string{"pdftoppm", "pdfseparate", "pdfunite"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipping: %s (poppler-utils) is not installed", tool)
		}
	}
	dir := t.TempDir()
	p := &play{data: t.TempDir(), save: t.TempDir(), stacks: t.TempDir(), sessions: t.TempDir(), roll: fewVoters(t), roster: demoFile(t, dir, "roster.csv")}
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p.rollFile = write("roll.csv", p.roll)
	lines := strings.Split(string(p.roll), "\n")
	lines[4] = "4,吕成,地区总工会党支部,司机,主会场"
	p.badRoll = write("bad.csv", []byte(strings.Join(lines, "\n")))
	return p
}

func (p *play) settings(s *service) map[string]string {
	return map[string]string{"BASE": s.base, "PASSWORD": testPassword, "ROSTER": p.roster, "ROLL": p.rollFile, "BADROLL": p.badRoll,
		"SAVE": p.save, "STACKS": p.stacks, "SESSIONS": p.sessions, "TRUTH": filepath.Join(p.stacks, "truth.json")}
}

// fewVoters is the demo's roll with as many people as are just enough for three groups to be counted by themselves.
func fewVoters(t *testing.T) []byte {
	t.Helper()
	want := map[string]int{"工委委员,主会场": 6, "直属党组织书记,主会场": 3, "直属党组织书记,分会场": 2, "地委指导组,主会场": 5, "党务工作者,主会场": 2,
		"党务工作者,分会场": 1, "工委组织部工作人员,主会场": 1}
	var out []string
	for i, line := range strings.Split(strings.ReplaceAll(string(demoBytes(t, "roll.csv")), "\r", ""), "\n") {
		fields := strings.SplitN(line, ",", 4)
		if i == 0 {
			out = append(out, line)
		} else if len(fields) == 4 && want[fields[3]] > 0 {
			want[fields[3]]--
			out = append(out, line)
		}
	}
	out[1] = "1,欧阳秘,地直机关工委,工委委员,主会场"
	return []byte(strings.Join(out, "\n"))
}

// checkPrinted counts the pages of what the browser saved: eight copies of two sides and their cover, masters, and a
// sign-in sheet.
func (p *play) checkPrinted(t *testing.T) {
	t.Helper()
	for name, pages := range map[string]int{"A.pdf": 17, "B.pdf": 2, "C.pdf": 2} {
		if got := bytes.Count(p.saved(t, name), []byte("/Type /Page\n")); got != pages {
			t.Errorf("%s has %d pages, want %d", name, got, pages)
		}
	}
	if got := bytes.Count(p.saved(t, "sign-in.pdf"), []byte("/Type /Page\n")); got < 1 {
		t.Error("the sign-in sheet has no page")
	}
}

func (p *play) saved(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(p.save, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// markAndScan has five voters of each group mark a copy of what was printed, and scans them.
func (p *play) markAndScan(t *testing.T, forms []ballot.Form) {
	t.Helper()
	for i := range forms {
		f := &forms[i]
		printed := p.saved(t, f.Group+".pdf")
		if f.Group == "A" {
			printed = p.copyOf(t, "A.pdf", 2, len(f.Pages)) // after the cover
		}
		stack, err := stackOf(f, printed, t.TempDir(), 31+uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		p.feedFrom(t, stack)
	}
	p.writeTruth(t)
}

// copyOf cuts pages out of a file that was printed.
func (p *play) copyOf(t *testing.T, name string, first, pages int) []byte {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "copy.pdf")
	args := []string{}
	for n := first; n < first+pages; n++ {
		one := filepath.Join(dir, "page.pdf") + string(rune('0'+n))
		args = append(args, one)
		if raw, err := exec.Command("pdfseparate", "-f", string(rune('0'+n)), "-l", string(rune('0'+n)), filepath.Join(p.save, name), one).CombinedOutput(); err != nil {
			t.Fatal(err, string(raw))
		}
	}
	if raw, err := exec.Command("pdfunite", append(args, out)...).CombinedOutput(); err != nil {
		t.Fatal(err, string(raw))
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// unclear is how many rows at the top of the first leaf of a group nobody can tell without talking: what they decide
// is the best grade.
func unclear(group string) int {
	if group == "A" {
		return 2
	}
	return 1
}

// feedFrom writes a group's stack. In group A the third leaf is covered with coffee, which "again" is not, and the
// last is fed twice.
func (p *play) feedFrom(t *testing.T, stack *paperStack) {
	t.Helper()
	const voters = 5
	group, grades := stack.form.Group, stack.form.Grades
	ballots := make([]demoBallot, voters)
	for i := range ballots {
		ballots[i] = stack.vote("1", i)
		for no, row := range ballots[i].truth { // as plain as people mark who are told to
			if row.Kind == synth.TruthAltered || row.Kind == synth.TruthCorrected {
				row.Kind = synth.TruthGrade
			}
			row.Shape = ""
			ballots[i].truth[no] = row
		}
	}
	for _, row := range stack.form.Pages[0].Rows[:unclear(group)] {
		ballots[0].truth[row.Subject] = synth.Truth{Subject: row.Subject, Kind: synth.TruthBlank} // but for the stroke
	}
	harm := func(i int) func(*raster.Image, *ballot.FormPage) {
		switch {
		case i == 0:
			return func(img *raster.Image, page *ballot.FormPage) {
				if page.Page == 1 {
					strokeBetween(img, page, unclear(group))
				}
			}
		case i == 2 && group == "A":
			return coverIdentity
		}
		return nil
	}
	p.write(t, stack, group, ballots, 0, harm)
	if group == "A" {
		p.write(t, stack, "again", ballots[2:3], 1, nil)
		p.write(t, stack, "twice", ballots[4:5], 1, nil)
	}
	for _, row := range stack.form.Pages[0].Rows[:unclear(group)] {
		ballots[0].truth[row.Subject] = synth.Truth{Subject: row.Subject, Kind: synth.TruthGrade, Grade: grades[0]}
	}
	p.truth = append(p.truth, ballots...)
}

// write scans ballots into a file of the stacks.
func (p *play) write(t *testing.T, stack *paperStack, name string, ballots []demoBallot, again int, harm func(int) func(*raster.Image, *ballot.FormPage)) {
	t.Helper()
	pictures, err := stack.scan(ballots, again, harm)
	if err != nil {
		t.Fatal(err)
	}
	data, err := zipOf(pictures)
	if err == nil {
		err = os.WriteFile(filepath.Join(p.stacks, name+".zip"), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writeTruth says of each subject how often each grade, blank and invalid rows were marked: in all, and by group.
func (p *play) writeTruth(t *testing.T) {
	t.Helper()
	subjects, err := sheet.ReadRoster("", demoBytes(t, "roster.csv"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := append(ballot.DefaultRules().Grades, expectBlank, expectInvalid)
	counted := countTruth(p.truth)
	var out []map[string]any
	for _, s := range subjects {
		one, all := map[string]any{"no": s.No}, make([]int, len(kinds))
		for _, group := range []string{"A", "B", "C"} {
			figures := make([]int, len(kinds))
			for i, kind := range kinds {
				figures[i] = counted[group][s.No][kind]
				all[i] += figures[i]
			}
			one[group] = figures
		}
		one["all"] = all
		out = append(out, one)
	}
	raw, err := json.Marshal(out)
	if err == nil {
		err = os.WriteFile(filepath.Join(p.stacks, "truth.json"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/ballot/store"
)

// An administrator sets the source meeting up in the browser, from an empty service to sealed, with a wrong row, a
// roll that names excluded people, a lost connection and a second administrator; what is sealed must be what the
// files say. Screenshots go to $PINGYI_SHOTS.
func TestSetUpInTheBrowser(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "setup.mjs")
	data := t.TempDir()
	admins(t, data, "admin", "admin2")
	s := startService(t, data)
	dir := t.TempDir()
	settings := map[string]string{"BASE": s.base, "PASSWORD": testPassword,
		"ROSTER": demoFile(t, dir, "roster.csv", nil), "ROLL": demoFile(t, dir, "roll.csv", nil),
		"BADROLL": demoFile(t, dir, "bad.csv", func(lines []string) { lines[4] = "4,吕成,地区总工会党支部,司机,主会场" })}
	b.visit(t, "setup", settings)
	c, err := signIn(context.Background(), s.base, "admin", testPassword)
	if err != nil {
		t.Fatal(err)
	}
	var list api.MeetingList
	c.must(t, "GET", "/meetings", nil, &list)
	if len(list.Meetings) != 1 {
		t.Fatalf("%d meetings", len(list.Meetings))
	}
	var m ballot.Meeting
	c.must(t, "GET", "/meetings/"+list.Meetings[0].ID, nil, &m)
	compareSealed(t, m)
	b.visit(t, "tablet", settings)
}

// compareSealed holds the sealed meeting against the files and the choices of the visit.
func compareSealed(t *testing.T, m ballot.Meeting) {
	t.Helper()
	if m.State != ballot.Sealed || m.Version != 1 || m.Date != "2026-01-15" || m.Organiser != "中共地直机关工作委员会" {
		t.Errorf("the meeting is %s, version %d, %s, %s", m.State, m.Version, m.Date, m.Organiser)
	}
	subjects, err := sheet.ReadRoster("", demoBytes(t, "roster.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(m.Subjects) != fmt.Sprint(subjects) {
		t.Errorf("the roster is not the file's:\n%v\n%v", m.Subjects, subjects)
	}
	entries, err := sheet.ReadRoll("", demoBytes(t, "roll.csv"))
	if err != nil {
		t.Fatal(err)
	}
	roll, err := m.ApplyRoll(entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range m.Groups {
		if fmt.Sprint(g.Headcount) != fmt.Sprint(roll.Headcount[g.Code]) || g.Expected() == 0 {
			t.Errorf("group %s has %v, the roll %v", g.Code, g.Headcount, roll.Headcount[g.Code])
		}
	}
	if len(m.Groups) != 3 || m.Groups[2].Weight != 20 || len(m.Venues) != 2 || len(m.Excluded) != 2 {
		t.Errorf("groups %+v, venues %+v, excluded %+v", m.Groups, m.Venues, m.Excluded)
	}
	want := ballot.DefaultRules()
	want.Scores = []int{100, 80, 60, 40}
	want.Alerts = []ballot.Alert{{Grades: []string{"好", "较好"}, BelowThirds: 2, Text: "“好、较好”合计偏低，建议关注"}}
	if fmt.Sprint(m.Rules) != fmt.Sprint(want) {
		t.Errorf("the rules are %+v\nwant %+v", m.Rules, want)
	}
}

// With 5,000 subjects typing, moving and scrolling in the roster's table are answered within 100 ms.
func TestLargeRosterInTheBrowser(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "setup.mjs")
	data := t.TempDir()
	admins(t, data, "admin")
	s := startService(t, data)
	lines := []string{"序号,姓名,单位,职务,述职方式"}
	for i := range ballot.MaxSubjects {
		lines = append(lines, fmt.Sprintf("%d,%c建国,第%d党支部,书记,书面述职", i+1, []rune("张王李赵魏丁")[i%6], i+1))
	}
	path := filepath.Join(t.TempDir(), "large.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "large", map[string]string{"BASE": s.base, "PASSWORD": testPassword, "LARGE": path})
}

// admins makes a data folder in which nothing but these administrators exists.
func admins(t *testing.T, data string, names ...string) {
	t.Helper()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	hash := auth.HashPassword(testPassword, cheap)
	for _, name := range names {
		if err := s.CreateUser(context.Background(), "test", store.User{Name: name, Role: ballot.RoleAdmin, Hash: hash}); err != nil {
			t.Fatal(err)
		}
	}
}

func demoBytes(t *testing.T, name string) []byte {
	t.Helper()
	data, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// demoFile writes a file of the demo to disk; with change it is the roll, changed.
func demoFile(t *testing.T, dir, name string, change func(lines []string)) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if change == nil {
		if err := os.WriteFile(path, demoBytes(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lines := strings.Split(string(demoBytes(t, "roll.csv")), "\n")
	change(lines)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/ballot/store"
)

// compareSet holds a meeting that was set up in the browser against the files and the choices of the visit.
func compareSet(t *testing.T, m ballot.Meeting, state ballot.State, rollFile []byte) {
	t.Helper()
	if m.State != state || m.Version != 1 || m.Date != "2026-01-15" || m.Organiser != "中共地直机关工作委员会" {
		t.Errorf("the meeting is %s, version %d, %s, %s", m.State, m.Version, m.Date, m.Organiser)
	}
	subjects, err := sheet.ReadRoster("", demoBytes(t, "roster.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(m.Subjects) != fmt.Sprint(subjects) {
		t.Errorf("the roster is not the file's:\n%v\n%v", m.Subjects, subjects)
	}
	entries, err := sheet.ReadRoll("", rollFile)
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
	want.Scores, want.TwoAdjudicators = []int{100, 80, 60, 40}, true
	want.Alerts = []ballot.Alert{{Grades: []string{"好", "较好"}, BelowThirds: 2, Text: "“好、较好”合计偏低，建议关注"}}
	if fmt.Sprint(m.Rules) != fmt.Sprint(want) {
		t.Errorf("the rules are %+v\nwant %+v", m.Rules, want)
	}
}

// With 5,000 subjects typing, moving and scrolling in the roster's table are answered within 100 ms. The set-up's screens
// fit a tablet.
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
	settings := map[string]string{"BASE": s.base, "PASSWORD": testPassword, "LARGE": path, "ROSTER": demoFile(t, t.TempDir(), "roster.csv")}
	b.visit(t, "large", settings)
	b.visit(t, "tablet", settings)
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

// demoFile writes a file of the demo to disk.
func demoFile(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, demoBytes(t, name), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

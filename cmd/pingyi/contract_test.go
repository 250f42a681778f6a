package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// pingyi runs a command in this process.
func pingyi(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// sealedMeeting makes a data folder with one sealed meeting of n subjects.
func sealedMeeting(t *testing.T, n int, kind ballot.FormKind, change ...func(*ballot.Rules)) (data, id string) {
	t.Helper()
	data = t.TempDir()
	s, err := openStore(config{data: data})
	if err != nil {
		t.Fatal(err)
	}
	m := ballot.Meeting{Title: "述职评议表", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "1", Name: "主会场"}},
		Groups: []ballot.VoterGroup{{Code: "A", Name: "工委委员", Weight: 100, Headcount: map[string]int{"1": 20}}}}
	m.Rules.Form = kind
	for _, c := range change {
		c(&m.Rules)
	}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: "张晓明", Org: "地区科技局党支部", Mode: ballot.Written})
	}
	ctx := context.Background()
	if m, err = s.CreateMeeting(ctx, "test", m); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Seal(ctx, "test", m.ID, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return data, m.ID
}

// forms export | print | pdftoppm | read, as an outside tool would chain them: the printed PDF itself is
// read, and the JSON has the keys of the contract.
func TestContractOnThePrintedPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("skipping: pdftoppm (poppler-utils) is not installed")
	}
	data, id := sealedMeeting(t, 72, ballot.RosterForm)
	dir := t.TempDir()
	forms, pdf := filepath.Join(dir, "forms.json"), filepath.Join(dir, "a.pdf")
	code, out, errOut := pingyi(t, "forms", "export", id, "--data", data)
	if code != 0 {
		t.Fatal(code, errOut)
	}
	if err := os.WriteFile(forms, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	checkKeys(t, out)
	if code, _, errOut := pingyi(t, "print", id, "--group", "A", "--copies", "3", "-o", pdf, "--data", data); code != 0 {
		t.Fatal(code, errOut)
	}
	if raw, err := exec.Command("pdftoppm", "-r", "200", "-gray", "-png", pdf, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatal(err, string(raw))
	}
	pages, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if err != nil || len(pages) != 6 {
		t.Fatalf("3 copies of 2 pages print as %d pages", len(pages))
	}
	code, out, errOut = pingyi(t, append([]string{"read", "--forms", forms}, pages...)...)
	if code != 0 {
		t.Fatal(code, errOut)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines for 6 pages", len(lines))
	}
	for i, text := range lines {
		var line struct {
			File, Status, Form, Group, Identity string
			Page                                int
			FormPage                            int `json:"form_page"`
			Rows                                []struct {
				Subject int
				Verdict string
			}
			Ms map[string]float64
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if line.File != pages[i] || line.Status != "read" || line.Page != 1 || line.FormPage != i%2+1 || line.Group != "A" || line.Identity != "form_code" || len(line.Rows) != 36 {
			t.Errorf("line %d: %s", i, text[:min(len(text), 300)])
		}
		for _, row := range line.Rows {
			if row.Verdict != "blank" {
				t.Errorf("line %d subject %d: an unmarked row is read as %s", i, row.Subject, row.Verdict)
			}
		}
		for _, stage := range []string{"decode", "register", "code", "mark", "ocr"} {
			if _, ok := line.Ms[stage]; !ok {
				t.Errorf("no time of stage %s", stage)
			}
		}
	}
}

// checkKeys holds the export against the contract's keys.
func checkKeys(t *testing.T, text string) {
	t.Helper()
	var file map[string][]map[string]any
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	form := file["forms"][0]
	page := form["pages"].([]any)[0].(map[string]any)
	row, target := page["rows"].([]any)[0].(map[string]any), page["targets"].([]any)[0].(map[string]any)
	for _, c := range []struct {
		name string
		has  map[string]any
		keys string
	}{{"form", form, "id group identity pages"}, {"page", page, "page width_mm height_mm code code_text fiducials rows targets"},
		{"code", page["code"].(map[string]any), "x y w h"}, {"row", row, "subject x y w h name_box"}, {"target", target, "subject grade x y w h"}} {
		for _, k := range strings.Fields(c.keys) {
			if _, ok := c.has[k]; !ok {
				t.Errorf("%s lacks key %q", c.name, k)
			}
		}
	}
}

func TestReadExitCodes(t *testing.T) {
	data, id := sealedMeeting(t, 10, ballot.RosterForm)
	dir := t.TempDir()
	forms := filepath.Join(dir, "forms.json")
	_, out, _ := pingyi(t, "forms", "export", id, "--data", data)
	noise := filepath.Join(dir, "cat.txt")
	for path, text := range map[string]string{forms: out, noise: "not a picture"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":        {[]string{"read", "--forms", forms}, exitUsage, "at least one file"},
		"missing file":   {[]string{"read", "--forms", forms, filepath.Join(dir, "none.jpg")}, exitUsage, "none.jpg"},
		"not a picture":  {[]string{"read", "--forms", forms, noise}, exitUsage, "cat.txt"},
		"no forms":       {[]string{"read", "--forms", noise, noise}, exitUsage, "JSON"},
		"excluded group": {[]string{"print", id, "--group", "党务工作者", "-o", filepath.Join(dir, "x.pdf"), "--data", data}, exitError, "各单位党务工作者不参与画票"},
		"not released":   {[]string{"tally", id, "--data", data}, exitError, "not_released"},
		"unknown flag":   {[]string{"serve", "--nonsense"}, exitUsage, "nonsense"},
		"no such data":   {[]string{"meeting", "list", "--data", filepath.Join(dir, "nowhere")}, exitUsage, "no database"},
	} {
		code, _, errOut := pingyi(t, c.args...)
		if code != c.code || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: exit %d, says %q; want %d and %q", name, code, errOut, c.code, c.says)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return strings.HasSuffix(e.Name(), ".pdf") || strings.HasPrefix(e.Name(), ".pingyi")
	}) {
		t.Error("a refused print left a file")
	}
}

package pdf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/tally"
)

// judged is a count of single forms: nine ballots of two groups a subject, with comments about number 2, and
// conclusions about numbers 1 and 2.
func judged(t testing.TB) *tally.Result {
	t.Helper()
	m := meeting(3)
	m.Rules.Form, m.Rules.Scores = ballot.SingleForm, []int{100, 80, 60, 40}
	m.Venues = []ballot.Venue{{Code: "1", Name: "主会场"}}
	m.Groups = []ballot.VoterGroup{{Code: "A", Name: "工委委员", Weight: 60, Headcount: map[string]int{"1": 5}}, {Code: "B", Name: "书记", Weight: 40, Headcount: map[string]int{"1": 7}}}
	m.Subjects[1].Delegate, m.Subjects[1].Post, m.Subjects[1].Mode = "李代", "党支部书记", ballot.Oral
	in := tally.Input{Meeting: m}
	for _, s := range m.Subjects {
		for _, g := range m.Groups {
			n := g.Headcount["1"]
			for i := range n {
				v := ballot.Verdict{Kind: ballot.IsGrade, Grade: m.Rules.Grades[(i*s.No)%3]}
				in.Leaves = append(in.Leaves, ballot.Leaf{ID: fmt.Sprint(s.No, g.Code, i), Group: g.Code, Whole: true, Rows: []ballot.RowRecord{{Subject: s.No, Verdict: v}}})
			}
			in.Ledger.Lines = append(in.Ledger.Lines, ballot.LedgerLine{LedgerKey: ballot.LedgerKey{Venue: "1", Group: g.Code, Subject: s.No}, Expected: n,
				Typed: map[ballot.LedgerField]int{ballot.Present: n, ballot.Issued: n, ballot.Returned: n, ballot.Spoiled: 0, ballot.NotReturned: 0}})
			in.Ledger.Scanned = append(in.Ledger.Scanned, ballot.ScannedCount{Venues: "1", Group: g.Code, Subject: s.No, Leaves: n})
		}
	}
	in.Comments = []ballot.SubjectComments{{Subject: 2, Texts: []string{"党课可以讲得再生动一些，多结合本单位的实际工作，少念文件，让年轻党员也愿意听、听得进", "多到基层走走\x01\U000F0000"}}}
	var err error
	if in.Ledger.Valid, in.Ledger.Invalid, err = tally.Ballots(m, in.Leaves, nil); err != nil {
		t.Fatal(err)
	}
	r, err := tally.Count(in)
	if err != nil {
		t.Fatal(err)
	}
	r.Conclude([]ballot.Conclusion{{Subject: 1, OverallGrade: "好", Items: []string{}}, {Subject: 2, OverallGrade: "较好", Items: []string{
		"制定全年党课计划，每季度至少一次，由书记带头讲，并把讲稿和签到表交机关工委备查，年底前报送落实情况的书面报告", "补齐上半年组织生活会记录"}}}, 40)
	return r
}

func feedbackPDF(t testing.TB, r *tally.Result, subject int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Feedback(&b, r, subject, fonts(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// words are the lines of each page as pdftotext reads them, without blanks.
func words(t testing.TB, pdf []byte) []string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("skipping: pdftotext (poppler-utils) is not installed")
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(raw), "\f"), "\f")
	for i := range pages {
		pages[i] = regexp.MustCompile(`[ \t\x{3000}]+`).ReplaceAllString(pages[i], "")
	}
	return pages
}

// TestFeedback reads the sheets back: each has its own subject's figures and texts, and nobody else's.
func TestFeedback(t *testing.T) {
	r := judged(t)
	raw := feedbackPDF(t, r, 0)
	if dir := os.Getenv("PINGYI_LOOK"); dir != "" {
		os.WriteFile(dir+"/feedback.pdf", raw, 0o644)
	}
	pages := words(t, raw)
	if len(pages) != 3 {
		t.Fatalf("%d pages, want one a subject", len(pages))
	}
	for i, s := range []int{1, 2, 3} {
		page, line := pages[i], r.Subjects[s-1]
		want := []string{strings.ReplaceAll(ballot.SpacedName(line.Name), "\u3000", ""), line.Org, "反馈单", fmt.Sprintf("（%d张）", line.Overall.Denominator), line.Score.Text + "分", line.Good.Text + "%", "整改事项", "第1页，共1页"}
		for k := range r.Rules.Grades {
			want = append(want, line.Overall.Rates[k].Text+"%")
		}
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("the sheet of %d lacks %q:\n%s", s, w, page)
			}
		}
		for _, other := range r.Subjects {
			if other.No != s && strings.Contains(page, other.Org) {
				t.Errorf("the sheet of %d names %s", s, other.Org)
			}
		}
		for text, on := range map[string]int{"多到基层走走〓〓": 2, "补齐上半年": 2, "无。": s, "李代代为述职": 2} {
			if has := strings.Contains(page, text); has != (on == s && !(text == "无。" && s == 2)) {
				t.Errorf("the sheet of %d: %q there %v\n%s", s, text, has, page)
			}
		}
	}
	if strings.Contains(strings.Join(pages, ""), "名次") || strings.Contains(pages[2], "较好\n三") || !strings.Contains(pages[2], "另行通知") || !strings.Contains(pages[1], "较好\n") {
		t.Errorf("overall grades: %s", pages)
	}
	one := words(t, feedbackPDF(t, r, 2))
	if len(one) != 1 || one[0] != pages[1] {
		t.Errorf("the sheet of one subject differs from that among all: %s", one)
	}
	if again := feedbackPDF(t, r, 0); !bytes.Equal(raw, again) {
		t.Error("the same result gives other bytes")
	}
}

// TestFeedbackRefused: nobody's sheet, and one of a result that names nobody.
func TestFeedbackRefused(t *testing.T) {
	r := judged(t)
	if err := Feedback(&bytes.Buffer{}, r, 9, fonts(t)); ballot.CodeOf(err) != ballot.CodeNotFound {
		t.Errorf("number 9: %v", err)
	}
	hidden := *r
	hidden.LedgerOnly, hidden.Subjects = true, nil
	if err := Feedback(&bytes.Buffer{}, &hidden, 0, fonts(t)); ballot.CodeOf(err) != ballot.CodeNotFound {
		t.Errorf("ledger only: %v", err)
	}
	rare := *r
	rare.Subjects = append([]tally.Subject{}, r.Subjects...)
	rare.Subjects[0].Name = "张\U000F0000"
	if err := Feedback(&bytes.Buffer{}, &rare, 1, fonts(t)); ballot.CodeOf(err) != ballot.CodeGlyph {
		t.Errorf("a name that no font has: %v", err)
	}
}

// TestFeedbackIsDrawn: no ink leaves the margins of any page, however much is to be said.
func TestFeedbackIsDrawn(t *testing.T) {
	r := judged(t)
	items, texts := []string{}, []string{}
	for i := range ballot.MaxItems {
		items, texts = append(items, strings.Repeat(fmt.Sprint("整改", i), 40)), append(texts, strings.Repeat("意见", 90))
	}
	r.Conclude([]ballot.Conclusion{{Subject: 2, Items: items}}, 0)
	r.Comments = []ballot.SubjectComments{{Subject: 2, Texts: texts}}
	raw := feedbackPDF(t, r, 2)
	if dir := os.Getenv("PINGYI_LOOK"); dir != "" {
		os.WriteFile(dir+"/feedback-long.pdf", raw, 0o644)
	}
	pages := drawn(t, raw, 60)
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages {
		for _, edge := range []ballot.Rect{{X: 0, Y: 0, W: marginX - 2, H: a4Height}, {X: a4Width - marginX + 2, Y: 0, W: marginX - 2, H: a4Height}, {X: 0, Y: a4Height - 10, W: a4Width, H: 10}, {X: 0, Y: a4Height - marginBottom + 1, W: a4Width, H: 5}} {
			if p.darkness(edge) > 0 {
				t.Errorf("page %d has ink at %+v", i+1, edge)
			}
		}
	}
}

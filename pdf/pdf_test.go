package pdf

import (
	"bytes"
	"io"
	"math/rand"
	"os"
	"testing"

	"pingyi/ballot"
)

func meeting(n int) ballot.Meeting {
	m := ballot.Meeting{ID: "m", Title: "2025年度党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15",
		Rules: ballot.DefaultRules(), Version: 1}
	names := []string{"张明", "欧阳建国", "李晓东", "王桂兰", "赵一"}
	orgs := []string{"地区公安局机关党委", "地委宣传部党支部", "地区住房公积金管理中心党支部", "地区信访局党支部", "地区科技局党支部"}
	for i := 1; i <= n; i++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i, Name: names[i%5], Org: orgs[i%5], Mode: ballot.Written})
	}
	return m
}

func form(t testing.TB, m ballot.Meeting) *ballot.Form {
	t.Helper()
	f, err := ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "工委委员"}, rand.New(rand.NewSource(1)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := LoadFonts()
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	return f
}

func TestBallotsWritten(t *testing.T) {
	var b bytes.Buffer
	if err := Ballots(&b, form(t, meeting(72)), 1, nil, fonts(t), nil); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PINGYI_LOOK"); dir != "" {
		os.WriteFile(dir+"/ballot.pdf", b.Bytes(), 0o644)
		m := meeting(10)
		m.Rules.Form, m.Rules.Layout.Paper, m.Rules.Layout.CommentBox = ballot.SingleForm, "A5", true
		m.Subjects[3].Name = "𠮷田"
		var s bytes.Buffer
		if err := Ballots(&s, form(t, m), 1, nil, fonts(t), nil); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(dir+"/single.pdf", s.Bytes(), 0o644)
	}
}

// BenchmarkPage draws pages one by one, without sharing between copies: the worst case.
func BenchmarkPage(b *testing.B) {
	f, chain := form(b, meeting(72)), fonts(b)
	for i := 0; i < b.N; i += 2 {
		if err := Ballots(io.Discard, f, 1, nil, chain, nil); err != nil { // two pages, fonts included
			b.Fatal(err)
		}
	}
}

// BenchmarkPages is pages that all differ, 36 rows each; one iteration is one page.
func BenchmarkPages(b *testing.B) {
	const pages = 20
	f, chain := form(b, meeting(36*pages)), fonts(b)
	for i := 0; i < b.N; i += len(f.Pages) {
		if err := Ballots(io.Discard, f, 1, nil, chain, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRun is a run of many copies; one iteration is one page.
func BenchmarkRun(b *testing.B) {
	f, chain := form(b, meeting(72)), fonts(b)
	if err := Ballots(io.Discard, f, b.N/2+1, nil, chain, nil); err != nil {
		b.Fatal(err)
	}
}

package pdf

import (
	"bytes"
	"io"
	"math/rand"
	"os"
	"testing"

	"pingyi/ballot"
)

func serialIssue(t testing.TB, f *ballot.Form, copies int) *ballot.Issue {
	t.Helper()
	random := rand.New(rand.NewSource(5))
	keys, err := ballot.NewSerialKeys(random)
	if err != nil {
		t.Fatal(err)
	}
	issue, err := ballot.NewIssue(f, keys, copies, random)
	if err != nil {
		t.Fatal(err)
	}
	return issue
}

func serialMeeting(n int) ballot.Meeting {
	m := meeting(n)
	m.Rules.Identity = ballot.Serial
	return m
}

// Every page of every copy has the code that was issued for it, drawn by another program, and differs from the other
// copies' in nothing else.
func TestSerialsArePrinted(t *testing.T) {
	const copies = 3
	m := serialMeeting(40)
	f := form(t, m)
	issue := serialIssue(t, f, copies)
	var b bytes.Buffer
	if err := Serials(&b, f, issue, &Cover{m, ballot.VoterGroup{Code: "A", Name: "工委委员"}}, fonts(t), nil); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PINGYI_LOOK"); dir != "" {
		os.WriteFile(dir+"/serial.pdf", b.Bytes(), 0o644)
	}
	pages := drawn(t, b.Bytes(), 200)
	if len(pages) != 1+2*copies {
		t.Fatalf("%d pages, want a cover and %d copies of 2", len(pages), copies)
	}
	pages = pages[1:]
	for i, p := range pages {
		box := f.Pages[i%2].Code
		if got, want := p.code(t, box), issue.Code(i/2, i%2+1); got != want {
			t.Errorf("copy %d page %d: code %q, want %q", i/2+1, i%2+1, got, want)
		}
		if p.darkness(box) < 0.3 {
			t.Errorf("copy %d page %d: the code is not black", i/2+1, i%2+1)
		}
		for j, v := range p.Pix {
			x, y := float64(j%p.Stride)/p.scale, float64(j/p.Stride)/p.scale
			if first := pages[i%2]; v != first.Pix[j] && !box.Inset(-0.2).Contains(x, y) {
				t.Fatalf("copy %d page %d differs at %.1f, %.1f mm", i/2+1, i%2+1, x, y)
			}
		}
	}
}

// One copy is printed like many: gofpdf's own pages are never shown.
func TestOneSerialIsPrinted(t *testing.T) {
	f := form(t, serialMeeting(20))
	issue := serialIssue(t, f, 1)
	var b bytes.Buffer
	if err := Serials(&b, f, issue, nil, fonts(t), nil); err != nil {
		t.Fatal(err)
	}
	pages := drawn(t, b.Bytes(), 200)
	if len(pages) != 1 || pages[0].code(t, f.Pages[0].Code) != issue.Code(0, 1) {
		t.Errorf("%d pages", len(pages))
	}
}

// Without an issue what is printed is a specimen: its code passes no check, and it says so.
func TestSpecimen(t *testing.T) {
	f := form(t, serialMeeting(20))
	title := f.Pages[0].Labels[0].Text
	p := drawn(t, printed(t, f, 1), 300)[0]
	want, err := f.Pages[0].SpecimenCode()
	if err != nil || p.code(t, f.Pages[0].Code) != want {
		t.Errorf("%v", err)
	}
	if got := specimen(f).Pages[0].Labels[0].Text; got != "【样张·不作选票】"+title || f.Pages[0].Labels[0].Text != title {
		t.Errorf("title %q, that of the form %q", got, f.Pages[0].Labels[0].Text)
	}
}

func BenchmarkSerials(b *testing.B) {
	f := form(b, serialMeeting(72))
	chain := fonts(b)
	issue := serialIssue(b, f, b.N/2+1)
	b.ResetTimer()
	if err := Serials(io.Discard, f, issue, nil, chain, nil); err != nil {
		b.Fatal(err)
	}
}

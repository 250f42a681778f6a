package ballot

import (
	"math/rand"
	"strings"
	"testing"
)

func TestPageCodeRoundTrip(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for i := 0; i < 2000; i++ {
		id, err := NewFormID(random)
		if err != nil {
			t.Fatal(err)
		}
		want := PageCode{Form: id, Group: string(rune('A' + i%26)), Page: 1 + random.Intn(maxPage)}
		got, err := ParsePageCode(want.String())
		if err != nil || got != want {
			t.Fatalf("%v → %q → %v, %v", want, want.String(), got, err)
		}
	}
}

// One altered character, or two exchanged ones, must never pass: a page of one form would be counted
// as a page of another.
func TestPageCodeCatchesEveryAlteration(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	const all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for i := 0; i < 50; i++ {
		id, _ := NewFormID(random)
		code := PageCode{Form: id, Group: "B", Page: 1 + random.Intn(maxPage)}.String()
		for at := range code {
			for _, c := range all {
				if altered := code[:at] + string(c) + code[at+1:]; altered != code {
					mustRefuse(t, altered)
				}
			}
			for other := at + 1; other < len(code); other++ {
				b := []byte(code)
				b[at], b[other] = b[other], b[at]
				if string(b) != code {
					mustRefuse(t, string(b))
				}
			}
		}
	}
}

func mustRefuse(t *testing.T, code string) {
	t.Helper()
	if got, err := ParsePageCode(code); err == nil {
		t.Fatalf("%q was accepted as %v", code, got)
	} else if CodeOf(err) != CodePageCode {
		t.Fatalf("%q: error code %q", code, CodeOf(err))
	}
}

func TestPageCodeRefusesMalformed(t *testing.T) {
	good := PageCode{Form: "01234567", Group: "A", Page: 1}.String()
	for _, s := range []string{"", "PY1", good + "0", good[1:], strings.ToLower(good), "PY2" + good[3:],
		"https://example.org/1234", strings.Repeat("0", codeLength)} {
		mustRefuse(t, s)
	}
	if _, err := ParsePageCode(" " + good[:5] + " " + good[5:] + "\n"); err != nil {
		t.Errorf("white space inside a code read by OCR: %v", err)
	}
}

func FuzzParsePageCode(f *testing.F) {
	f.Add(PageCode{Form: "01234567", Group: "A", Page: 1}.String())
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParsePageCode(s); err == nil && c.String() != strings.Join(strings.Fields(s), "") {
			t.Fatalf("%q parsed as %v", s, c)
		}
	})
}

package ballot

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// serialForm lays out a ballot of n subjects in serial mode.
func serialForm(t testing.TB, n int, kind FormKind) *Form {
	t.Helper()
	m := testMeeting(n)
	m.Rules.Identity, m.Rules.Form = Serial, kind
	f, err := NewForm(&m, m.Groups[0], rand.New(rand.NewSource(int64(n))))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func testKeys(t testing.TB, seed int64) SerialKeys {
	t.Helper()
	k, err := NewSerialKeys(rand.New(rand.NewSource(seed)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSerialCodeRoundTrip(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	for range 2000 {
		id, _ := NewFormID(random)
		want := SerialCode{PageCode: PageCode{Form: id, Group: "C", Page: 1 + random.Intn(maxPage)}}
		random.Read(want.ID[:])
		random.Read(want.MAC[:])
		got, err := ParseSerialCode(want.String())
		if err != nil || got != want || len(want.String()) != SerialCodeLength {
			t.Fatalf("%v → %q → %v, %v", want, want.String(), got, err)
		}
	}
}

func TestSerialCodeHasOneSpelling(t *testing.T) {
	c := SerialCode{PageCode: PageCode{Form: "01234567", Group: "A", Page: 1}, ID: SerialID{1}}
	good := c.String()
	spare := good[:len(good)-1] + string(alphabet[strings.IndexByte(alphabet, good[len(good)-1])|1])
	for _, s := range []string{"", good[:19], good[:63], good + "0", " " + good[1:], strings.ToLower(good), good[:63] + "U", good[:20] + " " + good[21:], spare, "PY2" + good[3:]} {
		if got, err := ParseSerialCode(s); CodeOf(err) != CodePageCode {
			t.Errorf("%q was taken for %v, %v", s, got, err)
		}
	}
	if _, err := ParsePageCode(good); err == nil {
		t.Error("a code with a serial passes for one without")
	}
}

func FuzzParseSerialCode(f *testing.F) {
	f.Add(SerialCode{PageCode: PageCode{Form: "01234567", Group: "A", Page: 1}, ID: SerialID{7}, MAC: SerialMAC{9}}.String())
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseSerialCode(s); err == nil && c.String() != s {
			t.Fatalf("%q parsed as %v", s, c)
		}
	})
}

// What is printed on a leaf is accepted on its pages and on no other; both sides have one pseudonym.
func TestSerialCheck(t *testing.T) {
	f, keys := serialForm(t, 72, RosterForm), testKeys(t, 1)
	issue, err := NewIssue(f, keys, 2, rand.New(rand.NewSource(2)))
	if err != nil || len(f.Pages) != 2 {
		t.Fatal(err, len(f.Pages))
	}
	var sides [2]Pseudonym
	for page := 1; page <= 2; page++ {
		p, why := keys.Check(f, page, issue.Code(0, page))
		if why != nil {
			t.Fatal(why)
		}
		sides[page-1] = p
		if _, why := keys.Check(f, 3-page, issue.Code(0, page)); why == nil || why.Reason != RejectSerialForged {
			t.Errorf("page %d's code on the other page: %v", page, why)
		}
		specimen, err := f.Pages[page-1].SpecimenCode()
		if err != nil {
			t.Fatal(err)
		}
		if _, why := keys.Check(f, page, specimen); why == nil || why.Reason != RejectSerialForged || !strings.Contains(why.Facts, "specimen") {
			t.Errorf("a specimen: %v", why)
		}
	}
	if sides[0] != sides[1] || !slices.Contains(issue.Pseudonyms(), sides[0]) || len(issue.Pseudonyms()) != 2 {
		t.Errorf("sides %v, issued %v", sides, issue.Pseudonyms())
	}
}

// The leaves of a packet have ids of their own: what one voter filled in cannot be put together again.
func TestLeavesOfAPacketShareNothing(t *testing.T) {
	f := serialForm(t, 5, SingleForm)
	issue, err := NewIssue(f, testKeys(t, 1), 3, rand.New(rand.NewSource(2)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[SerialID]bool{}
	for copy := range 3 {
		for page := range f.Pages {
			c, err := ParseSerialCode(issue.Code(copy, page+1))
			if err != nil || c.Page != page+1 || seen[c.ID] {
				t.Errorf("copy %d page %d: %v, %v", copy, page+1, c, err)
			}
			seen[c.ID] = true
		}
	}
	if got := issue.Pseudonyms(); len(got) != 15 || !slices.IsSorted(got) || len(slices.Compact(got)) != 15 {
		t.Errorf("pseudonyms %v", got)
	}
}

func TestFormsHoldNoKey(t *testing.T) {
	f, keys := serialForm(t, 20, RosterForm), testKeys(t, 1)
	text, err := json.Marshal(FormsFile{Forms: []Form{*f}})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range [][]byte{keys.MAC[:], keys.Name[:]} {
		encoded, _ := json.Marshal(key)
		if bytes.Contains(text, bytes.Trim(encoded, `"`)) || bytes.Contains(text, key) {
			t.Error("a form holds a key")
		}
	}
	if got, err := ParseForms(text); err != nil || got.Forms[0].Identity != Serial {
		t.Error(got, err)
	}
}

func TestSerialFormFitsItsPaper(t *testing.T) {
	for _, c := range []struct {
		n     int
		kind  FormKind
		paper string
	}{{72, RosterForm, "A4"}, {20, RosterForm, "A4"}, {72, RosterForm, "A3"}, {200, RosterForm, "A4"}, {6, SingleForm, "A5"}, {6, SingleForm, "A4"}} {
		m := testMeeting(c.n)
		m.Rules.Identity, m.Rules.Form, m.Rules.Layout.Paper = Serial, c.kind, c.paper
		f, err := NewForm(&m, m.Groups[0], zeros(8))
		if err != nil {
			t.Fatal(err)
		}
		checkGeometry(t, f, c.n)
	}
}

// serials are images as feed makes them, word i with the serial of letter i; "-" has none.
func serials(words, letters string) []SpoolPage {
	pages := feed(words)
	for i := range pages {
		if letters[i] != '-' {
			pages[i].Serial = Pseudonym(letters[i : i+1])
		}
	}
	return pages
}

func TestSerialsAreHeld(t *testing.T) {
	cases := []struct {
		name           string
		twoSided       bool
		fed, serials   string
		closed         string // used by closed batches; those that are capitals were never printed
		want, consumes string
	}{
		{"each its own", false, "1 1 1", "abc", "", "1 1 1", "abc"},
		{"never printed", false, "1 1", "aX", "", "1 serial_unissued", "a"},
		{"a page that was read and has none", false, "1 1", "a-", "", "1 serial_unread", "a"},
		{"the same again", false, "1 1 1", "aba", "", "1 1 serial_used", "ab"},
		{"three times", false, "1 1 1", "aaa", "", "1 serial_used serial_used", "a"},
		{"in a closed batch", false, "1 1", "ab", "b", "1 serial_used", "a"},
		{"a copy that is void", false, "1 1!", "aa", "", "1 serial_used!", "a"},
		{"void first: the serial is gone", false, "streaks! 1", "aa", "", "streaks! serial_used", "a"},
		{"rejected and scanned again", false, "streaks~ 1", "aa", "", "streaks~ 1", "a"},
		{"rejected, and nobody has said of it", false, "streaks 1", "aa", "", "streaks 1", "a"},
		{"void, and counted with a closed batch", false, "streaks!", "a", "a", "streaks!", ""},
		{"void, and never printed", false, "streaks! 1!", "XY", "", "streaks! serial_unissued!", ""},
		{"two sides", true, "1 2 1 2", "aabb", "", "1 2 1 2", "ab"},
		{"the serial binds sides, however they were fed", true, "1 2 2 1", "aabb", "", "1 2 2 1", "ab"},
		{"sides of two sheets", true, "1 2 1 2", "abbb", "", "serial_mismatch serial_mismatch 1 2", "b"},
		{"void, they use both up", true, "1! 2! 1 2", "abcc", "", "serial_mismatch! serial_mismatch! 1 2", "abc"},
		{"one side never printed", true, "1 2 1 2", "aXbb", "", "unpaired_side serial_unissued 1 2", "b"},
		{"one side forged", true, "1 serial_forged 1 2", "a-bb", "", "unpaired_side serial_forged 1 2", "b"},
		{"both sides again", true, "1 2 | 2 1", "aaaa", "", "1 2 | serial_used serial_used", "a"},
		{"both sides in a closed batch", true, "1 2", "aa", "a", "serial_used serial_used", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := sidesForm(2, c.twoSided)
			f.Identity = Serial
			forms, known := []Form{f}, map[Pseudonym]bool{"a": false, "b": false, "c": false}
			for _, p := range strings.Split(c.closed, "") {
				known[Pseudonym(p)] = p != ""
			}
			got := holdAll(forms, serials(c.fed, c.serials), known)
			if spell(got) != c.want {
				t.Errorf("%s with %s became %s, want %s", c.fed, c.serials, spell(got), c.want)
			}
			for i := range got { // somebody deals with what waits
				if got[i].Waits() {
					got[i].Disposal = Rescanned
				}
			}
			plan, _, err := PlanClosing(Meeting{Rules: Rules{Form: RosterForm}}, forms, got)
			var used string
			for _, s := range plan.Serials {
				used += string(s)
			}
			if err != nil || used != c.consumes {
				t.Errorf("closing uses up %q, want %q; %v", used, c.consumes, err)
			}
		})
	}
}

// holdAll is what is done to the images of a batch.
func holdAll(forms []Form, pages []SpoolPage, known map[Pseudonym]bool) []SpoolPage {
	return HoldUsed(forms, nil, JoinSides(forms, HoldUnissued(forms, pages, known)), known)
}

func TestWithoutSerialsNothingIsHeld(t *testing.T) {
	forms := []Form{sidesForm(2, true)}
	if got := spell(HoldUnissued(forms, feed("1 2 1 2"), nil)); got != "1 2 1 2" {
		t.Error(got)
	}
}

func TestNobodyCountsASerialTwice(t *testing.T) {
	p := feed("1")[0]
	p.Reading.Rejected = &Rejection{Reason: RejectSerialUsed}
	p.Like = &Like{Upload: "u1"}
	for how, code := range map[Disposal]Code{Rescanned: "", Void: "", Distinct: CodeState, "kept": CodeInvalid} {
		if err := p.MayDispose(how); CodeOf(err) != code {
			t.Errorf("%s: %v", how, err)
		}
	}
}

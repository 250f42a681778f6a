package ballot

import (
	"flag"
	"math/rand"
	"strings"
	"testing"
)

var serialTries = flag.Int("serial.tries", 30_000, "codes that must not be accepted")

// attacker holds what serial mode is to withstand: printed paper of this meeting and of others, our source,
// and, for the last kinds, even the keys. It does not hold the database.
type attacker struct {
	random      *rand.Rand
	form, other *Form // two of one meeting
	keys        SerialKeys
	strange     SerialKeys // of another meeting
	issue       *Issue
}

func (a *attacker) honest() string { return a.issue.Code(a.random.Intn(a.issue.Copies()), 1) }

func (a *attacker) parsed(text string) SerialCode {
	c, err := ParseSerialCode(text)
	if err != nil {
		panic(err)
	}
	return c
}

func (a *attacker) id() (id SerialID) {
	a.random.Read(id[:])
	return id
}

// attacks are the kinds: each makes one code that was never printed as it is.
var attacks = map[string]func(a *attacker) string{
	"forged: id and MAC made up": func(a *attacker) string {
		c := a.parsed(a.honest())
		c.ID = a.id()
		a.random.Read(c.MAC[:])
		return c.String()
	},
	"forged: a printed id, MAC made up": func(a *attacker) string {
		c := a.parsed(a.honest())
		a.random.Read(c.MAC[:])
		return c.String()
	},
	"forged: an id made up, MAC of paper": func(a *attacker) string {
		c := a.parsed(a.honest())
		c.ID = a.id()
		return c.String()
	},
	"forged: id and MAC of two sheets": func(a *attacker) string {
		n := a.random.Perm(a.issue.Copies())
		c, d := a.parsed(a.issue.Code(n[0], 1)), a.parsed(a.issue.Code(n[1], 1))
		c.MAC = d.MAC
		return c.String()
	},
	"altered: one bit": func(a *attacker) string {
		c := a.parsed(a.honest())
		if at := a.random.Intn(224); at < 128 {
			c.ID[at/8] ^= 1 << (at % 8)
		} else {
			c.MAC[at/8-16] ^= 1 << (at % 8)
		}
		return c.String()
	},
	"altered: one character": func(a *attacker) string {
		for {
			s := []byte(a.honest())
			at := a.random.Intn(len(s))
			if c := "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[a.random.Intn(45)]; c != s[at] {
				s[at] = c
				return string(s)
			}
		}
	},
	"altered: some bytes": func(a *attacker) string {
		c := a.parsed(a.honest())
		for n := 1 + a.random.Intn(8); n > 0; n-- {
			c.ID[a.random.Intn(16)] += byte(1 + a.random.Intn(255))
			c.MAC[a.random.Intn(12)] ^= byte(1 + a.random.Intn(255))
		}
		return c.String()
	},
	"altered: another page's, its page code pasted": func(a *attacker) string {
		c := a.parsed(a.issue.Code(a.random.Intn(a.issue.Copies()), 2))
		c.Page = 1
		return c.String()
	},
	"altered: another group's, its page code pasted": func(a *attacker) string {
		c := PageCode{Form: a.other.ID, Group: a.other.Group, Page: 1}
		s := a.keys.Code(a.form.Meeting, c, a.id())
		s.PageCode = PageCode{Form: a.form.ID, Group: a.form.Group, Page: 1}
		return s.String()
	},
	"altered: another meeting's paper": func(a *attacker) string {
		return a.strange.Code("m2", PageCode{Form: a.form.ID, Group: a.form.Group, Page: 1}, a.id()).String()
	},
	"altered: cut, lengthened or spelt otherwise": func(a *attacker) string {
		s := a.honest()
		switch a.random.Intn(4) {
		case 0:
			return s[:a.random.Intn(len(s))]
		case 1:
			return s + string(alphabet[a.random.Intn(32)])
		case 2:
			return strings.ToLower(s)
		}
		return s[:codeLength] + " " + s[codeLength:]
	},
	"unissued: by another meeting's keys": func(a *attacker) string {
		return a.strange.Code(a.form.Meeting, PageCode{Form: a.form.ID, Group: a.form.Group, Page: 1}, a.id()).String()
	},
	"unissued: by this meeting's keys": func(a *attacker) string {
		return a.keys.Code(a.form.Meeting, PageCode{Form: a.form.ID, Group: a.form.Group, Page: 1}, a.id()).String()
	},
	"unissued: a leaf's id on another leaf, by this meeting's keys": func(a *attacker) string {
		c := a.parsed(a.issue.Code(a.random.Intn(a.issue.Copies()), 2))
		return a.keys.Code(a.form.Meeting, PageCode{Form: a.form.ID, Group: a.form.Group, Page: 1}, c.ID).String()
	},
	"copied: counted with a closed batch": func(a *attacker) string { return a.issue.Code(a.random.Intn(a.issue.Copies()/2), 1) },
	"copied: of a sheet in the batch":     func(a *attacker) string { return a.issue.Code(a.issue.Copies()/2, 1) },
}

// TestForgedSerialsAreRefused presents codes that attackers made to what decides on images of a batch, a genuine
// sheet among each hundred of them. None but that sheet may be accepted. `make serial` tries over a million.
func TestForgedSerialsAreRefused(t *testing.T) {
	form := serialForm(t, 8, SingleForm) // one-sided: there is no other side that might be refused instead
	random := rand.New(rand.NewSource(11))
	keys := testKeys(t, 12)
	issue, err := NewIssue(form, keys, 400, random)
	if err != nil {
		t.Fatal(err)
	}
	other := *serialForm(t, 9, SingleForm)
	other.Group = "B"
	a := &attacker{random, form, &other, keys, testKeys(t, 13), issue}
	known := map[Pseudonym]bool{} // as the database has them: the first half is counted
	for _, p := range issue.Pseudonyms() {
		known[p] = false
	}
	for copy := range issue.Copies() / 2 {
		p, _ := keys.Check(form, 1, issue.Code(copy, 1))
		known[p] = true
	}
	tried := 0
	for tried < *serialTries {
		for kind, make := range attacks {
			codes := []string{issue.Code(issue.Copies()/2, 1)} // genuine, and first: the same again is a copy
			for range 100 {
				codes = append(codes, make(a))
			}
			accepted := presented(a, codes, known)
			if len(accepted) != 1 || accepted[0] != 0 {
				t.Fatalf("%s: accepted %v of %q", kind, accepted, codes)
			}
			tried += 100
		}
	}
	t.Logf("%d codes of %d kinds tried, 0 accepted", tried, len(attacks))
}

// presented is which of some codes are accepted on page 1.
func presented(a *attacker, codes []string, known map[Pseudonym]bool) (accepted []int) {
	pages := make([]SpoolPage, len(codes))
	for i, text := range codes {
		pages[i] = SpoolPage{Upload: "u", Index: i, Reading: PageReading{Form: a.form.ID, Group: a.form.Group, Page: 1}}
		pages[i].Serial, pages[i].Reading.Rejected = a.keys.Check(a.form, 1, text)
	}
	for i, p := range holdAll([]Form{*a.form}, pages, known) {
		if p.Reading.Rejected == nil {
			accepted = append(accepted, i)
		}
	}
	return accepted
}

// Sides of different sheets, each genuine, make no ballot.
func TestSheetsPastedTogetherAreRefused(t *testing.T) {
	form, keys := serialForm(t, 72, RosterForm), testKeys(t, 21)
	issue, err := NewIssue(form, keys, 60, rand.New(rand.NewSource(22)))
	if err != nil {
		t.Fatal(err)
	}
	known := map[Pseudonym]bool{}
	for _, p := range issue.Pseudonyms() {
		known[p] = false
	}
	for front := range issue.Copies() {
		for back := range issue.Copies() {
			var pages []SpoolPage
			for page, copy := range []int{front, back} {
				p := SpoolPage{Upload: "u", Index: page, Reading: PageReading{Form: form.ID, Group: form.Group, Page: page + 1}}
				p.Serial, p.Reading.Rejected = keys.Check(form, page+1, issue.Code(copy, page+1))
				pages = append(pages, p)
			}
			want := "1 2"
			if front != back {
				want = "serial_mismatch serial_mismatch"
			}
			if got := spell(holdAll([]Form{*form}, pages, known)); got != want {
				t.Fatalf("front %d, back %d: %s", front, back, got)
			}
		}
	}
}

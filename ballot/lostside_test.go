package ballot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fedSides is what a scanner makes of leaves of two sides, front first, of which it loses some sides: each image
// says in Picture which leaf it is of.
func fedSides(leaves int, lost map[int]bool) (pages []SpoolPage) {
	for i := range 2 * leaves {
		if !lost[i] {
			p := feed(fmt.Sprint(i%2 + 1))[0]
			p.Index, p.Picture = len(pages), fmt.Sprint(i)
			pages = append(pages, p)
		}
	}
	return pages
}

// boundSides are the leaves that count, by the numbers of their sides in the stack.
func boundSides(pages []SpoolPage) (out [][2]int) {
	for _, s := range leavesOf([]Form{sidesForm(2, true)}, pages) {
		if pages[s.images[0]].Reading.Rejected != nil {
			continue
		}
		var l [2]int
		for j, i := range s.images {
			fmt.Sscan(pages[i].Picture, &l[j])
		}
		out = append(out, l)
	}
	return out
}

// TestLostSides: of uploads that lost up to four sides at random places, with pages rejected among the others, no
// two sides of different leaves are bound, but for a front and a back between which everything was lost. That
// cannot be known from the images; there are fewer leaves then than were counted by hand.
func TestLostSides(t *testing.T) {
	form := []Form{sidesForm(2, true)}
	unknowable, whole := 0, 0
	for seed := range uint64(40000) {
		r := rand.New(rand.NewPCG(seed, 1))
		leaves, lost := 2+r.IntN(11), map[int]bool{}
		for range r.IntN(5) {
			lost[r.IntN(2*leaves)] = true
		}
		pages := fedSides(leaves, lost)
		for range r.IntN(3) {
			if len(pages) > 0 {
				p := &pages[r.IntN(len(pages))].Reading
				p.Rejected = &Rejection{Reason: RejectStreaks}
				if r.IntN(2) == 0 {
					p.Form, p.Page = "", 0
				}
			}
		}
		bound := boundSides(JoinSides(form, pages))
		if len(lost) == 0 {
			whole += len(bound)
		}
		if len(lost)%2 == 1 && len(bound) > 0 {
			t.Fatalf("seed %d: a side is lost and %v count", seed, bound)
		}
		for _, l := range bound {
			if l[0]^1 == l[1] {
				continue
			}
			unknowable++
			for between := l[0] + 1; between < l[1]; between++ {
				if !lost[between] {
					t.Fatalf("seed %d: lost %v of %d leaves, bound %v", seed, lost, leaves, bound)
				}
			}
			if l[0] > l[1] || len(pages)/2 >= leaves {
				t.Fatalf("seed %d: lost %v of %d leaves, bound %v from %d images", seed, lost, leaves, bound, len(pages))
			}
		}
	}
	if unknowable == 0 || whole == 0 {
		t.Errorf("%d leaves of two, %d of uploads that lost nothing: the test tries nothing", unknowable, whole)
	}
}

// TestTurnedStack: a stack that lies the other way round, of which one side is lost, or none, binds nothing.
func TestTurnedStack(t *testing.T) {
	for leaves := 2; leaves < 9; leaves++ {
		for lost := range 2*leaves + 1 {
			pages := fedSides(leaves, nil)
			for i := 0; i < len(pages); i += 2 {
				pages[i], pages[i+1] = pages[i+1], pages[i]
			}
			if lost < len(pages) {
				pages = slices.Delete(pages, lost, lost+1)
			}
			if bound := boundSides(JoinSides([]Form{sidesForm(2, true)}, pages)); len(bound) > 0 {
				t.Errorf("image %d of %d leaves lost: bound %v", lost, leaves, bound)
			}
		}
	}
}

// TestDisposed: what is said of one image is said of its other side, and of all that wait of an upload that is held.
func TestDisposed(t *testing.T) {
	cases := []struct {
		fed   string
		index int // of the first upload
		how   Disposal
		want  string
		code  Code
	}{
		{"1 2 no_code 2", 2, Void, "[2 3]", ""},
		{"1 2 no_code 2", 3, Rescanned, "[2 3]", ""},
		{"1 2 no_code 2", 3, Void, "[]", CodeState}, // it was read
		{"1 2 no_code 2", 0, Rescanned, "[]", CodeState},
		{"1 2 no_code 2", 9, Rescanned, "[]", CodeNotFound},
		{"1 2 no_code trial_sheet", 2, Void, "[]", CodeState},
		{"1 2 1 | 1 2 1", 1, Rescanned, "[0 1 2]", ""},
		{"1 no_page~ 1 | no_page", 0, Rescanned, "[0 1 2]", ""},
		{"1 no_page 1", 1, Void, "[]", CodeState},
		{"1 2 1", 0, Distinct, "[]", CodeState},
	}
	form := []Form{sidesForm(2, true)}
	for _, c := range cases {
		got, err := Disposed(form, JoinSides(form, feed(c.fed)), "u1", c.index, c.how)
		if fmt.Sprint(got) != c.want || CodeOf(err) != c.code {
			t.Errorf("%s: %s of image %d is said of %v, %v, want %s", c.fed, c.how, c.index, got, err, c.want)
		}
	}
}

// TestBlankBack: the last of an odd number of pages is a leaf with the blank side after it, and nothing else is.
func TestBlankBack(t *testing.T) {
	form := []Form{sidesForm(3, true)}
	for fed, want := range map[string]string{
		"1 2 3 blank_side 1 2 3 blank_side": "1 2 3 blank_side~ 1 2 3 blank_side~",
		"1 2 3 blank_side!":                 "1 2 3 blank_side~",
		"1 2 3 no_page":                     "1 2 unpaired_side no_page",
		"1 blank_side 3 blank_side":         "unpaired_side blank_side 3 blank_side~",
		"1 2 blank_side 3":                  strings.TrimSpace(strings.Repeat("lost_side ", 4)),
	} {
		if got := spell(JoinSides(form, feed(fed))); got != want {
			t.Errorf("%s became %s, want %s", fed, got, want)
		}
	}
	pages := JoinSides(form, feed("1 2 3 blank_side"))
	plan, images, err := PlanClosing(Meeting{Rules: DefaultRules()}, form, pages)
	if err != nil || fmt.Sprint(images) != "[[0 1] [2]]" || len(plan.Leaves[1].Pages) != 1 {
		t.Errorf("%v of %+v, %v", images, plan, err)
	}
	ink := inkOf(rand.New(rand.NewPCG(1, 1)), everyFourth(20)...)
	twice := HoldTwice(form, nil, JoinSides(form, inked("3 blank_side 3 blank_side", ink, nil, ink)), nil)
	if got, err := Disposed(form, twice, "u1", 2, Distinct); spell(twice) != "3 blank_side~ scanned_twice blank_side~" || fmt.Sprint(got) != "[2]" || err != nil {
		t.Errorf("fed twice: %s, another sheet %v, %v", spell(twice), got, err)
	}
}

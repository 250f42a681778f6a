package ballot

import (
	"fmt"
	"strings"
	"testing"
)

// sidesForm is a form of some pages, two to a leaf where it is two-sided.
func sidesForm(pages int, twoSided bool) Form {
	f := Form{ID: "F", Group: "A", Kind: RosterForm, TwoSided: twoSided}
	for i := range pages {
		f.Pages = append(f.Pages, FormPage{Page: i + 1, Rows: []Row{{Subject: i + 1}}})
	}
	return f
}

// feed makes images of words: a page number, or a reason for rejecting; "|" begins the next upload, and a
// word may end in "!" for void, "~" for rescanned or "=" for another sheet.
func feed(words string) (pages []SpoolPage) {
	upload, index := 1, 0
	for _, w := range strings.Fields(words) {
		if w == "|" {
			upload, index = upload+1, 0
			continue
		}
		p := SpoolPage{Upload: fmt.Sprint("u", upload), Index: index}
		index++
		if cut, ok := strings.CutSuffix(w, "!"); ok {
			w, p.Disposal = cut, Void
		}
		if cut, ok := strings.CutSuffix(w, "~"); ok {
			w, p.Disposal = cut, Rescanned
		}
		if cut, ok := strings.CutSuffix(w, "="); ok {
			w, p.Disposal = cut, Distinct
		}
		if _, err := fmt.Sscan(w, &p.Reading.Page); err == nil {
			p.Reading.Form, p.Reading.Group = "F", "A"
			p.Reading.Rows, p.Verdicts = []RowReading{{Subject: 1}}, []Verdict{{Kind: IsBlank}}
		} else {
			p.Reading.Rejected = &Rejection{Reason: RejectReason(w)}
		}
		pages = append(pages, p)
	}
	return pages
}

// spell writes images as feed reads them; an image that only joining rejected is "unpaired_side".
func spell(pages []SpoolPage) string {
	var words []string
	for i, p := range pages {
		if i > 0 && p.Upload != pages[i-1].Upload {
			words = append(words, "|")
		}
		w := fmt.Sprint(p.Reading.Page)
		if p.Reading.Rejected != nil {
			w = string(p.Reading.Rejected.Reason)
		}
		words = append(words, w+map[Disposal]string{Void: "!", Rescanned: "~", Distinct: "="}[p.Disposal])
	}
	return strings.Join(words, " ")
}

func TestJoinSides(t *testing.T) {
	held := func(uploads ...int) string { // as many images, all held
		var out []string
		for _, n := range uploads {
			out = append(out, strings.TrimSpace(strings.Repeat("lost_side ", n)))
		}
		return strings.Join(out, " | ")
	}
	cases := []struct {
		name      string
		twoSided  bool
		fed, want string
	}{
		{"nothing", true, "", ""},
		{"front first", true, "1 2 1 2", "1 2 1 2"},
		{"back first", true, "2 1 2 1", held(4)},
		{"each upload by itself", true, "1 2 | 2 1 | 1 2", "1 2 | " + held(2) + " | 1 2"},
		{"one leaf the other way round", true, "1 2 2 1 1 2", held(6)},
		{"and its other side rejected", true, "1 2 2 no_code 1 2", held(6)},
		{"two fronts", true, "1 1 1 2", held(4)},
		{"a side lost", true, "1 2 1 1 2", held(5)},
		{"a side lost early: most pairs agree on the wrong way", true, "1 2 1 1 2 1 2 1 2", held(9)},
		{"the first and the last side lost: all pairs agree on it", true, "2 1 2 1 2 1", held(6)},
		{"a rejected page hides that a side is lost", true, "1 no_code 2 1 2 1", held(6)},
		{"the last side lost", true, "1 2 1", held(3)},
		{"nothing was read: nothing can be bound wrongly", true, "no_code no_page no_page!", "no_code no_page no_page!"},
		{"of what is held nothing is void", true, "1 no_code! 1 no_page~ 2", "lost_side lost_side lost_side lost_side~ lost_side"},
		{"sides do not join across uploads", true, "1 | 2", held(1, 1)},
		{"leaves of two sheets", true, "1 2 3 4 3 4 1 2", "1 2 3 4 3 4 1 2"},
		{"sides of different leaves", true, "1 4 3 2", held(4)},
		{"a rejected side takes its other along", true, "no_code 2 1 2", "no_code unpaired_side 1 2"},
		{"a blank back of a two-sided form waits", true, "1 blank_side", "unpaired_side blank_side"},
		{"what is said of one side is said of both", true, "no_code! 2 1 no_code~", "no_code! unpaired_side! unpaired_side~ no_code~"},
		{"a test ballot is not void, be it its other side that is said to be", true, "no_code! trial_sheet trial_sheet no_page!", "no_code trial_sheet trial_sheet no_page"},
		{"nor is another group's, meeting's or version's", true, "wrong_group no_code! no_code! other_meeting other_version no_page!", "wrong_group no_code no_code other_meeting other_version no_page"},
		{"be the rest of its upload read", true, "1 2 wrong_group no_code!", "1 2 wrong_group no_code"},
		{"and waits until it was taken out", true, "no_code! trial_sheet~", "no_code~ trial_sheet~"},
		{"one-sided", false, "1 1 1", "1 1 1"},
		{"blank backs of one-sided forms need nobody", false, "1 blank_side 1 blank_side", "1 blank_side~ 1 blank_side~"},
		{"one said to be void stays so", false, "blank_side! no_page", "blank_side! no_page"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := feed(c.fed)
			got := JoinSides([]Form{sidesForm(4, c.twoSided)}, pages)
			if spell(got) != c.want {
				t.Errorf("%s became %s, want %s", c.fed, spell(got), c.want)
			}
			if spell(pages) != spell(feed(c.fed)) {
				t.Error("the pages given were changed")
			}
			if again := spell(JoinSides([]Form{sidesForm(4, c.twoSided)}, got)); c.want != "" && !strings.Contains(c.want, "_side") && again != c.want {
				t.Errorf("joined again: %s", again)
			}
		})
	}
}

func TestPlanClosing(t *testing.T) {
	cases := []struct {
		name          string
		twoSided      bool
		fed           string
		leaves        string // pages of each leaf
		scanned, void int
		code          Code
	}{
		{"two-sided", true, "1 2 1 2", "1+2 1+2", 2, 0, ""},
		{"back first", true, "2 1", "", 0, 0, CodeUnresolved},
		{"rescanned", true, "1 no_page~ | 1 2", "1+2", 1, 0, ""},
		{"void leaf", true, "1 2 streaks! 2", "1+2", 2, 1, ""},
		{"another group's leaf, void by its other side", true, "1 2 wrong_group no_code!", "", 0, 0, CodeUnresolved},
		{"waits", true, "1 2 no_code 2", "", 0, 0, CodeUnresolved},
		{"unpaired waits", true, "1 2 1", "", 0, 0, CodeUnresolved},
		{"one-sided with blank backs", false, "1 blank_side 1 blank_side", "1 1", 2, 0, ""},
		{"one-sided void", false, "1 no_page! 1 no_page~", "1 1", 3, 1, ""},
		{"nothing", true, "", "", 0, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			forms := []Form{sidesForm(2, c.twoSided)}
			pages := JoinSides(forms, feed(c.fed))
			plan, images, err := PlanClosing(Meeting{Rules: DefaultRules()}, forms, pages)
			if CodeOf(err) != c.code || (err != nil) != (c.code != "") {
				t.Fatalf("%v, want %q", err, c.code)
			}
			if err != nil {
				return
			}
			var leaves []string
			for i, l := range plan.Leaves {
				var sides []string
				for j, p := range l.Pages {
					if p.Reading.Page != pages[images[i][j]].Reading.Page {
						t.Errorf("leaf %d: image %d is another's", i, images[i][j])
					}
					sides = append(sides, fmt.Sprint(p.Reading.Page))
				}
				leaves = append(leaves, strings.Join(sides, "+"))
			}
			if got := strings.Join(leaves, " "); got != c.leaves || sumLeaves(plan.Scanned) != c.scanned || sumLeaves(plan.Void) != c.void {
				t.Errorf("leaves %q scanned %v void %v", got, plan.Scanned, plan.Void)
			}
			if read, void := CountLeaves(forms, pages); read+void != c.scanned || void != c.void {
				t.Errorf("%d leaves and %d void ones counted before closing, %d and %d after", read, void, c.scanned-c.void, c.void)
			}
		})
	}
}

// Leaves of single forms count for their subjects; a void leaf must still say whose it is.
func TestPlanClosingOfSingleForms(t *testing.T) {
	form := sidesForm(3, false)
	form.Kind = SingleForm
	m := Meeting{Rules: DefaultRules()}
	m.Rules.Form = SingleForm
	plan, _, err := PlanClosing(m, []Form{form}, JoinSides([]Form{form}, feed("1 2 3 1 no_page~")))
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]int{}
	for _, n := range plan.Scanned {
		got[n.Subject] = n.Leaves
	}
	if fmt.Sprint(got) != "map[1:2 2:1 3:1]" {
		t.Errorf("scanned %v", got)
	}
	if _, _, err := PlanClosing(m, []Form{form}, feed("1 no_page!")); CodeOf(err) != CodeUnresolved {
		t.Errorf("nobody's void leaf: %v", err)
	}
	void := feed("2 3")
	void[1].Reading.Rejected, void[1].Disposal = &Rejection{Reason: RejectStreaks}, Void
	plan, _, err = PlanClosing(m, []Form{form}, void)
	if err != nil || len(plan.Void) != 1 || plan.Void[0].Subject != 3 {
		t.Errorf("void %v, %v", plan.Void, err)
	}
}

func TestClosingSize(t *testing.T) {
	line := func(venue, group string, expected, returned int) LedgerLine {
		l := LedgerLine{LedgerKey: LedgerKey{Venue: venue, Group: group}, Expected: expected, Typed: map[LedgerField]int{}}
		if returned >= 0 {
			l.Typed[Returned] = returned
		}
		return l
	}
	cases := []struct {
		name   string
		leaves int
		void   int
		lines  []LedgerLine
		ok     bool
	}{
		{"enough", 5, 0, nil, true},
		{"enough beside void ones", 5, 3, nil, true},
		{"enough only with void ones", 1, 4, []LedgerLine{line("1", "A", 40, 40)}, false},
		{"all that the group returned, void ones too", 1, 3, []LedgerLine{line("1", "A", 6, 4)}, true},
		{"too few", 4, 0, []LedgerLine{line("1", "A", 40, 40)}, false},
		{"all that the group returned", 4, 0, []LedgerLine{line("1", "A", 6, 4), line("2", "A", 0, -1), line("1", "B", 50, 50)}, true},
		{"another venue has some", 4, 0, []LedgerLine{line("1", "A", 6, 4), line("2", "A", 3, 2)}, false},
		{"another venue is not counted yet", 4, 0, []LedgerLine{line("1", "A", 6, 4), line("2", "A", 3, -1)}, false},
		{"nothing at all", 0, 0, []LedgerLine{line("1", "A", 6, 0)}, false},
	}
	for _, c := range cases {
		plan := Closing{Leaves: make([]ClosedLeaf, c.leaves), Scanned: []GroupCount{{Group: "A", Leaves: c.leaves + c.void}}}
		err := plan.CheckSize(5, "A", []Form{sidesForm(2, true)}, c.lines)
		if (err == nil) != c.ok || err != nil && CodeOf(err) != CodeSmallBatch {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	single := sidesForm(6, false)
	single.Kind = SingleForm
	for _, c := range []struct {
		name     string
		form     Form
		pages    string
		returned int
		ok       bool
	}{
		{"five ballots of two leaves", sidesForm(4, true), strings.Repeat("1 2 3 4 ", 5), 80, true},
		{"nine first leaves and a second", sidesForm(4, true), strings.Repeat("1 2 ", 9) + "3 4", 80, false},
		{"that is all", sidesForm(4, true), strings.Repeat("1 2 ", 9) + "3 4", 10, true},
		{"first leaves alone", sidesForm(4, true), strings.Repeat("1 2 ", 5), 80, true},
		{"one packet of single forms", single, "1 2 3 4 5 6", 80, false},
		{"five packets", single, strings.Repeat("1 2 3 4 5 6 ", 5), 80, true},
	} {
		pages := feed(c.pages)
		for i := range pages {
			pages[i].Reading.Form, pages[i].Reading.Group = "F", "A"
		}
		plan, _, err := PlanClosing(Meeting{Rules: Rules{Form: c.form.Kind}}, []Form{c.form}, JoinSides([]Form{c.form}, pages))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		err = plan.CheckSize(5, "A", []Form{c.form}, []LedgerLine{line("1", "A", 40, c.returned)})
		if (err == nil) != c.ok || err != nil && CodeOf(err) != CodeSmallBatch {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

package ballot

import (
	"bytes"
	"fmt"
	"math"
	"testing"
)

func testMeeting(n int) Meeting {
	m := Meeting{ID: "m1", Title: "党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15", State: Draft,
		Rules: DefaultRules(), Excluded: DefaultExcluded(), Venues: []Venue{{"1", "主会场"}},
		Groups: []VoterGroup{{Code: "A", Name: "工委委员", Weight: 100, Categories: []string{"工委委员"}, Headcount: map[string]int{"1": 10}}}}
	for i := 1; i <= n; i++ {
		mode := Written
		if i <= 7 {
			mode = Oral
		}
		m.Subjects = append(m.Subjects, Subject{No: i, Name: "张明", Org: fmt.Sprintf("第%d党支部", i), Mode: mode})
	}
	return m
}

func zeros(n int) *bytes.Reader { return bytes.NewReader(make([]byte, n)) }

func TestRosterFormFitsItsPaper(t *testing.T) {
	for _, c := range []struct {
		n, grades, blocks int
		paper             string
		pages             int
	}{{72, 4, 0, "A4", 2}, {20, 4, 0, "A4", 1}, {72, 6, 0, "A3", 2}, {40, 6, 0, "A4", 2}, {1, 2, 0, "A4", 1},
		{120, 4, 2, "A4", 2}, {200, 4, 2, "A4", 4}, {72, 4, 0, "A3", 2}} {
		t.Run(fmt.Sprintf("%d on %s", c.n, c.paper), func(t *testing.T) {
			m := testMeeting(c.n)
			m.Rules.Layout.Paper, m.Rules.Layout.Blocks = c.paper, c.blocks
			m.Rules.Grades = []string{"一", "二", "三", "四", "五", "六"}[:c.grades]
			f, err := NewForm(&m, m.Groups[0], zeros(8))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Pages) != c.pages {
				t.Errorf("%d pages, want %d", len(f.Pages), c.pages)
			}
			checkGeometry(t, f, c.n)
		})
	}
}

// checkGeometry asserts that all subjects are there once, that rows are at least 7 mm high, and that
// nothing overlaps anything or the margins.
func checkGeometry(t *testing.T, f *Form, subjects int) {
	t.Helper()
	seen := map[int]bool{}
	for _, p := range f.Pages {
		inner := Rect{16, 8, p.Width - 32, p.Height - 16}
		solid := append([]Rect{p.Code.Inset(-2.5)}, p.Fiducials...)
		for _, r := range p.Rows {
			if seen[r.Subject] {
				t.Errorf("subject %d stands twice", r.Subject)
			}
			seen[r.Subject] = true
			if r.H < 7 {
				t.Errorf("row of %d is %.2f mm high", r.Subject, r.H)
			}
			solid = append(solid, r.NameBox, r.OrgBox)
			if !within(r.Rect, inner) {
				t.Errorf("row of %d leaves the page: %+v", r.Subject, r.Rect)
			}
		}
		for _, target := range p.Targets {
			solid = append(solid, target.Cell)
		}
		for _, l := range p.Labels {
			solid = append(solid, l.Rect)
		}
		for i, a := range solid {
			for _, b := range solid[i+1:] {
				if overlap(a, b) {
					t.Errorf("page %d: %+v and %+v overlap", p.Page, a, b)
				}
			}
		}
	}
	if len(seen) != subjects {
		t.Errorf("%d subjects on the form, want %d", len(seen), subjects)
	}
}

func overlap(a, b Rect) bool {
	const slack = 0.02 // rounding to hundredths
	return a.X+slack < b.Right() && b.X+slack < a.Right() && a.Y+slack < b.Bottom() && b.Y+slack < a.Bottom()
}

func TestSingleForm(t *testing.T) {
	for _, paper := range []string{"A4", "A5"} {
		m := testMeeting(72)
		m.Rules.Form, m.Rules.Layout.Paper, m.Rules.Layout.CommentBox = SingleForm, paper, true
		f, err := NewForm(&m, m.Groups[0], zeros(8))
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Pages) != 72 || f.Leaves() != 72 || f.OtherSide(1) != 0 {
			t.Errorf("%s: %d pages, %d leaves", paper, len(f.Pages), f.Leaves())
		}
		checkGeometry(t, f, 72)
	}
}

// The marks alone must tell which way up a page lies, and mirrored pages apart.
func TestFiducialsAreUnlikeUnderEverySymmetry(t *testing.T) {
	for name, p := range papers {
		marks := fiducials(p.w, p.h)
		symmetries := map[string]func(x, y float64) (float64, float64){
			"turned by 180":      func(x, y float64) (float64, float64) { return p.w - x, p.h - y },
			"mirrored sideways":  func(x, y float64) (float64, float64) { return p.w - x, y },
			"mirrored lengthway": func(x, y float64) (float64, float64) { return x, p.h - y },
		}
		for what, f := range symmetries {
			inner := 0
			for _, a := range marks[4:] {
				x, y := f(a.Centre())
				for _, b := range marks {
					bx, by := b.Centre()
					if math.Hypot(x-bx, y-by) < 8 {
						inner++
					}
				}
			}
			if inner != 0 {
				t.Errorf("%s %s: %d inner marks fall on others", name, what, inner)
			}
		}
	}
}

func TestOtherSide(t *testing.T) {
	f := Form{TwoSided: true, Pages: make([]FormPage, 3)}
	for page, want := range map[int]int{1: 2, 2: 1, 3: 0} {
		if got := f.OtherSide(page); got != want {
			t.Errorf("other side of %d is %d, want %d", page, got, want)
		}
	}
}

package ballot

import (
	"regexp"
	"strings"
	"testing"
)

// What is wrong with a form is said in one language at a time.
func TestFormFaultsAreInOneLanguage(t *testing.T) {
	learned := func(f *Form) *FormPage {
		f.Learned = &Learned{Source: "票.pdf", Confirmed: true}
		f.Pages[0].Rules = []Rule{{0, 1, 50, 1}, {0, 2, 50, 2}, {0, 3, 50, 3}, {1, 0, 1, 9}, {2, 0, 2, 9}, {3, 0, 3, 9}}
		return &f.Pages[0]
	}
	for name, spoil := range map[string]func(f *Form){
		"no grades":        func(f *Form) { f.Grades = nil },
		"no code":          func(f *Form) { f.Pages[0].CodeText = "x" },
		"another's code":   func(f *Form) { f.Group = "B" },
		"size":             func(f *Form) { f.Pages[0].Width = 10 },
		"serial":           func(f *Form) { f.Identity, f.Pages[0].Code.W = Serial, 1 },
		"fiducials":        func(f *Form) { f.Pages[0].Fiducials = nil },
		"comment":          func(f *Form) { f.Pages[0].Comment = &Rect{0, 0, 1, 1} },
		"no targets":       func(f *Form) { f.Pages[0].Targets = nil },
		"target":           func(f *Form) { f.Pages[0].Targets[0].W = 900 },
		"learned, print":   func(f *Form) { learned(f) },
		"learned, rules":   func(f *Form) { learned(f).Rules = nil },
		"learned, row":     func(f *Form) { learned(f).Rows[0].Subject = -1 },
		"learned, down":    func(f *Form) { learned(f); f.Learned.Words, f.Learned.GradesDown = true, true },
		"learned, no text": func(f *Form) { p := learned(f); p.Print, p.Rows, p.Labels = make([]byte, leastPrint), nil, nil },
	} {
		m := Meeting{ID: "M", Title: "评议", Rules: DefaultRules(), Version: 1, Subjects: []Subject{{No: 1, Name: "张明", Org: "支部", Mode: Written}}}
		f, err := NewForm(&m, VoterGroup{Code: "A", Name: "委员"}, strings.NewReader("12345678"))
		if err != nil {
			t.Fatal(err)
		}
		spoil(f)
		all := Errors(f.Validate())
		if len(all) != 1 || regexp.MustCompile(`[a-z]{2}`).MatchString(all[0].Chinese) || regexp.MustCompile(`\p{Han}`).MatchString(strings.ReplaceAll(all[0].English, "好", "")) {
			t.Errorf("%s: %v", name, all)
			continue
		}
		t.Logf("%s / %s", all[0].Chinese, all[0].English)
	}
}

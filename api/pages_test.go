package api

import "testing"

// TestIndependent: what others said of a leaf that waits is told to those alone who differ from them.
func TestIndependent(t *testing.T) {
	yes, no := AsideWord{By: "p", Aside: true}, AsideWord{By: "q"}
	for _, c := range []struct {
		name   string
		page   PageSummary
		person string
		told   int
	}{
		{"one has spoken, another is asked", PageSummary{Aside: true, Said: []AsideWord{yes}}, "q", 0},
		{"and knows what they said themselves", PageSummary{Aside: true, Said: []AsideWord{yes}}, "p", 1},
		{"who differ are told", PageSummary{Aside: true, Differ: true, Said: []AsideWord{yes, no}}, "q", 2},
		{"who is to settle it is not", PageSummary{Aside: true, Differ: true, Said: []AsideWord{yes, no}}, "r", 0},
		{"what is settled everybody may know", PageSummary{Said: []AsideWord{yes, no}}, "r", 2},
	} {
		if got := independent(c.page, c.person); len(got.Said) != c.told {
			t.Errorf("%s: told %+v", c.name, got.Said)
		}
	}
}

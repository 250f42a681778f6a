package learn_test

import (
	"testing"

	"pingyi/ballot"
	"pingyi/scans/learn"
)

// A form is confirmed with the roster that it was learned with alone: by another one its rows would be other people's.
func TestSameRoster(t *testing.T) {
	roster := []ballot.Subject{{No: 1, Name: "张明", Org: "地委宣传部"}, {No: 2, Name: "李国华", Org: "地区科技局"}}
	form := func(rows ...ballot.Row) *ballot.Form {
		return &ballot.Form{Pages: []ballot.FormPage{{Page: 1, Rows: rows}}}
	}
	first := ballot.Row{Subject: 1, Name: ballot.SpacedName("张明"), Org: "地委宣传部"}
	second := ballot.Row{Subject: 2, Name: "李国华", Org: "地区科技局"}
	other, moved := second, second
	other.Name, moved.Org = "李国强", "地区林草局"
	gone := second
	gone.Subject = 3
	for _, c := range []struct {
		name string
		form *ballot.Form
		want ballot.Code
	}{
		{"the same", form(first, second), ""},
		{"an unsure row", form(first, ballot.Row{Subject: -2}), ""},
		{"another name", form(first, other), ballot.CodeConflict},
		{"another unit", form(first, moved), ballot.CodeConflict},
		{"no such number", form(first, gone), ballot.CodeConflict},
		{"a row twice", form(first, first), ballot.CodeConflict},
	} {
		if got := ballot.CodeOf(learn.SameRoster(c.form, roster)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

package ballot

import (
	"slices"
	"strings"
	"testing"
)

// A comment box off the page, or too small to write into, is no form's.
func TestCommentBoxIsOnThePage(t *testing.T) {
	m := Meeting{ID: "m", Title: "评议", Rules: DefaultRules(), Version: 1, Subjects: []Subject{{No: 1, Name: "张明", Org: "支部", Mode: Written}}}
	m.Rules.Layout.CommentBox = true
	f, err := NewForm(&m, VoterGroup{Code: "A", Name: "委员"}, strings.NewReader("12345678"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Rect{{-1, 250, 100, 20}, {18, 290, 100, 20}, {18, 250, 1e12, 20}, {18, 250, -50, 20}, {18, 250, 100, 1}} {
		f.Pages[0].Comment = &c
		if err := f.Validate(); CodeOf(err) != CodeForm {
			t.Errorf("comment box %v: %v", c, err)
		}
	}
}

func TestTypedCommentIsCleaned(t *testing.T) {
	for _, c := range []struct {
		in   TypedComment
		want string
		code Code
	}{
		{TypedComment{CommentTyped, " 多下\n基层　"}, "多下\n基层", ""},
		{TypedComment{CommentNothing, " "}, "", ""},
		{TypedComment{CommentTyped, "\n"}, "", CodeInvalid},
		{TypedComment{CommentIllegible, "好"}, "好", CodeInvalid},
		{TypedComment{CommentWaiting, ""}, "", CodeInvalid},
		{TypedComment{CommentTyped, "a\x00b"}, "a\x00b", CodeInvalid},
		{TypedComment{CommentTyped, "\xff好"}, "\xff好", CodeInvalid},
		{TypedComment{CommentTyped, strings.Repeat("长", MaxComment)}, strings.Repeat("长", MaxComment), ""},
		{TypedComment{CommentTyped, strings.Repeat("长", MaxComment+1)}, strings.Repeat("长", MaxComment+1), CodeInvalid},
	} {
		got, err := c.in.Clean()
		if got.Text != c.want || CodeOf(err) != c.code {
			t.Errorf("%.20q %s: %.20q, %v", c.in.Text, c.in.State, got.Text, err)
		}
	}
}

func TestCommentsBySubject(t *testing.T) {
	got := CommentsBySubject([]Comment{{Subject: 2, State: CommentTyped, Text: "b"}, {Subject: 1, State: CommentTyped, Text: "c"},
		{Subject: 1, State: CommentIllegible}, {Subject: 2, State: CommentTyped, Text: "a"}, {Subject: 3, State: CommentWaiting}})
	if len(got) != 2 || got[0].Subject != 1 || !slices.Equal(got[0].Texts, []string{"c"}) || got[1].Subject != 2 || !slices.Equal(got[1].Texts, []string{"a", "b"}) {
		t.Errorf("got %+v", got)
	}
}

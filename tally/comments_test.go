package tally

import (
	"fmt"
	"testing"

	"pingyi/ballot"
)

// Comments stand in a result as they were typed, and nowhere where fewer than k ballots came back; one about
// nobody of the meeting is a fault.
func TestCommentsAreInTheResult(t *testing.T) {
	m := meeting(2, group("A", 60, 3, "B"), group("B", 40, 3, "A"))
	in := balanced(t, m, append(leaves("A", "aa", "ab", "aa"), leaves("B", "aa", "bx", "ab")...))
	in.Comments = ballot.CommentsBySubject([]ballot.Comment{{State: ballot.CommentTyped, Text: "乙"}, {State: ballot.CommentIllegible},
		{State: ballot.CommentWaiting}, {State: ballot.CommentNothing}, {State: ballot.CommentTyped, Text: "丙"}})
	same(t, "comments", mustCount(t, in).Comments, []ballot.SubjectComments{{Texts: []string{"丙", "乙"}}})
	in.Meeting.Rules.SmallGroup = 7
	if r := mustCount(t, in); !r.LedgerOnly || len(r.Comments) > 0 {
		t.Errorf("six ballots with k = 7: %s", asJSON(t, r))
	}
	for _, subject := range []int{1, 9} {
		in.Comments = []ballot.SubjectComments{{Subject: subject, Texts: []string{"x"}}}
		if _, err := Count(in); ballot.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("a comment about subject %d on a roster form: %v", subject, err)
		}
	}
}

// On single forms comments belong to the secretary they are about, and to nobody else.
func TestCommentsOfSingleForms(t *testing.T) {
	m := meeting(2, group("A", 100, 8, ""))
	m.Rules.Form, m.Rules.Layout.Paper = ballot.SingleForm, "A5"
	var all []ballot.Leaf
	for i := range 12 {
		row := ballot.RowRecord{Subject: i%2 + 1, Verdict: ballot.Verdict{Kind: ballot.IsBlank}}
		all = append(all, ballot.Leaf{ID: fmt.Sprint(i), Group: "A", Rows: []ballot.RowRecord{row}, Whole: true})
	}
	in := balanced(t, m, all)
	in.Comments = ballot.CommentsBySubject([]ballot.Comment{{Subject: 2, State: ballot.CommentTyped, Text: "乙"}, {Subject: 1, State: ballot.CommentTyped, Text: "甲"}})
	same(t, "comments", mustCount(t, in).Comments, []ballot.SubjectComments{{Subject: 1, Texts: []string{"甲"}}, {Subject: 2, Texts: []string{"乙"}}})
	for _, subject := range []int{0, 3} {
		in.Comments = []ballot.SubjectComments{{Subject: subject, Texts: []string{"x"}}}
		if _, err := Count(in); ballot.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("a comment about subject %d: %v", subject, err)
		}
	}
}

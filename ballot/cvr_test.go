package ballot_test

import (
	"fmt"
	"testing"

	"pingyi/ballot"
)

// votesOf are n ballots of a group on two subjects; each of the last few is like no other.
func votesOf(group string, n, alone int) (out []ballot.Leaf) {
	for i := range n {
		v := ballot.Verdict{Kind: ballot.IsGrade, Grade: "好"}
		if i < alone {
			v.Grade = fmt.Sprint("等次", i)
		}
		out = append(out, ballot.Leaf{Group: group, Rows: []ballot.RowRecord{{Subject: 1, Verdict: v}, {Subject: 2, Verdict: ballot.Verdict{Kind: ballot.IsBlank}}}})
	}
	return out
}

// TestCheckCVR: single ballots go only where each group, and each subject in it, has enough.
func TestCheckCVR(t *testing.T) {
	few := votesOf("A", 60, 0)
	for i := range 11 { // single forms: 49 ballots for subject 1
		few[i].Rows = few[i].Rows[1:]
	}
	for name, c := range map[string]struct {
		votes []ballot.Leaf
		fine  bool
	}{
		"none":             {nil, false},
		"one under":        {votesOf("A", ballot.LeastCVR-1, 0), false},
		"just enough":      {votesOf("A", ballot.LeastCVR, 0), true},
		"one group under":  {append(votesOf("A", 200, 0), votesOf("B", 49, 0)...), false},
		"both enough":      {append(votesOf("A", 200, 0), votesOf("B", 50, 0)...), true},
		"a subject under":  {few, false},
		"counted together": {votesOf("A+B", 50, 50), true},
	} {
		if err := ballot.CheckCVR(c.votes); (err == nil) != c.fine || err != nil && ballot.CodeOf(err) != ballot.CodeSmallBatch {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAlone: a ballot is alone where no other of its group is like it, in whatever order its rows come.
func TestAlone(t *testing.T) {
	votes := append(votesOf("A", 10, 3), votesOf("B", 1, 0)...)
	votes[9].Rows[0], votes[9].Rows[1] = votes[9].Rows[1], votes[9].Rows[0]
	votes[8].Rows[1].Verdict = ballot.Verdict{Kind: ballot.IsInvalid}
	votes[7].Rows[1].Verdict = ballot.Verdict{Kind: ballot.IsOvervote} // which is exported alike
	if n := ballot.Alone(votes); n != 4 {
		t.Errorf("%d are alone, want 3 of A and the one of B", n)
	}
}

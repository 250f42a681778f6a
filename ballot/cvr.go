package ballot

import (
	"fmt"
	"slices"
	"strings"
)

// LeastCVR is how many ballots each group, as it is counted, must have for single ballots to leave the house.
const LeastCVR = 50

// CVRExport is where the export of single ballots (cast vote records) stands.
type CVRExport struct {
	RecordsExport
	On      bool `json:"on"`      // the service and the meeting's rules allow it
	Ballots int  `json:"ballots"` // valid ones; 0, as Alone, where they are too few to go
	// Alone are ballots that nobody else filled in alike: whoever knows how somebody marked, or told him how to, finds it.
	Alone int `json:"alone"`
}

// CheckCVR refuses to let single ballots go where a group, or a subject in it, has so few that hardly anybody is hidden.
func CheckCVR(leaves []Leaf) error {
	type part struct {
		group   string
		subject int
	}
	n := map[part]int{}
	for _, l := range leaves {
		for _, r := range l.Rows {
			n[part{l.Group, r.Subject}]++
		}
	}
	for p, ballots := range n {
		if ballots < LeastCVR {
			return Errorf(CodeSmallBatch, "%[1]s票不足 %[2]d 张有效票，不能导出逐票记录", "group %[1]s has fewer than %[2]d valid ballots: single ballots are not exported", p.group, LeastCVR)
		}
	}
	if len(n) == 0 {
		return Errorf(CodeSmallBatch, "没有可以导出的票", "there are no ballots to export")
	}
	return nil
}

// Alone counts ballots that no other of their group is like.
func Alone(leaves []Leaf) (alone int) {
	alike := map[string]int{}
	for _, l := range leaves {
		alike[l.pattern()]++
	}
	for _, n := range alike {
		if n == 1 {
			alone++
		}
	}
	return alone
}

func (l Leaf) pattern() string {
	rows := make([]string, len(l.Rows))
	for i, r := range l.Rows {
		rows[i] = fmt.Sprintf("%d %s %t", r.Subject, r.Verdict.Grade, r.Verdict.Kind == IsBlank) // why a row is invalid is not told
	}
	slices.Sort(rows)
	return l.Group + "\n" + strings.Join(rows, "\n")
}

package tally

import (
	"fmt"
	"strings"
	"testing"

	"pingyi/ballot"
)

func viewed(t *testing.T) *Result {
	m := meeting(4, group("A", 60, 6, "B"), group("B", 40, 5, "A"), group("C", 0, 3, "B"))
	m.Rules.Scores = []int{100, 80, 60, 40}
	for i, name := range []string{"张明", "丁一", "王小二", "阿不都·热合曼"} {
		m.Subjects[i].Name = name
	}
	m.Subjects[1].Org, m.Subjects[1].Delegate = "地委宣传部党支部", "李代"
	all := append(leaves("A", repeat("bacx", 6)...), leaves("B", repeat("abd-", 5)...)...)
	return mustCount(t, balanced(t, m, append(all, leaves("C", "aaaa")...)))
}

func TestView(t *testing.T) {
	r := viewed(t)
	for _, c := range []struct {
		name string
		f    Filter
		want string
	}{
		{"all", Filter{}, "1 2 3 4"},
		{"backwards", Filter{Desc: true}, "4 3 2 1"},
		{"oral", Filter{Mode: ballot.Oral}, "1 3"},
		{"written by score", Filter{Mode: ballot.Written, Sort: "score"}, "2 4"},
		{"by score, best first", Filter{Sort: "score", Desc: true}, "4 2 1 3"},
		{"by rank", Filter{Sort: "rank"}, "4 2 1 3"},
		{"by strokes", Filter{Sort: "name"}, "2 3 1 4"},
		{"by group A's score", Filter{Group: "A", Sort: "score", Desc: true}, "2 1 3 4"},
		{"by B+C's good rate", Filter{Group: "B+C", Sort: "good", Desc: true}, "1 2 3 4"},
		{"by abstentions", Filter{Sort: "blank", Desc: true}, "4 1 2 3"},
		{"by invalid rows in A", Filter{Group: "A", Sort: "invalid", Desc: true}, "4 1 2 3"},
		{"a name", Filter{Query: " 小二 "}, "3"},
		{"a number is not part of another", Filter{Query: "4"}, "4"},
		{"an organisation", Filter{Query: "宣传"}, "2"},
		{"a delegate", Filter{Query: "李代"}, "2"},
		{"nobody", Filter{Query: "无此人"}, ""},
	} {
		got, err := r.View(c.f)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var numbers []string
		for _, s := range got {
			numbers = append(numbers, string(rune('0'+s.No)))
			if c.f.Group != "" && (len(s.Groups) != 1 || s.Groups[0].Group != c.f.Group) {
				t.Errorf("%s: subject %d holds %d tables", c.name, s.No, len(s.Groups))
			}
		}
		if s := strings.Join(numbers, " "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.name, s, c.want)
		}
	}
	if len(r.Subjects[0].Groups) != 2 {
		t.Error("a view changed its result")
	}
}

func TestViewRefuses(t *testing.T) {
	r := viewed(t)
	for name, c := range map[string]struct {
		f    Filter
		says string
	}{
		"joined group": {Filter{Group: "C"}, `counted together as "B+C"`},
		"no group":     {Filter{Group: "Z"}, "A、B+C"},
		"mode":         {Filter{Mode: "sung"}, "sung"},
		"key":          {Filter{Sort: "favour"}, "rank"},
	} {
		if got, err := r.View(c.f); got != nil || ballot.CodeOf(err) == "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// Every key must sort by something: two keys with the same comparison would be a slip.
func TestSortKeysAreKnown(t *testing.T) {
	r := viewed(t)
	for _, key := range SortKeys() {
		for _, group := range []string{"", "A"} {
			if _, err := r.View(Filter{Sort: key, Group: group}); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		}
	}
}

// TestSumsByGroup: the sums of the groups are those of all, in every report mode, and each group's band holds
// every subject with a rate once.
func TestSumsByGroup(t *testing.T) {
	m := meeting(4, group("A", 60, 9, ""), group("B", 40, 9, ""))
	r := mustCount(t, balanced(t, m, append(leaves("A", repeat("ab-x", 6)...), leaves("B", repeat("baca", 7)...)...)))
	for _, s := range r.Summaries {
		sum := newTable("", r.Rules)
		for _, g := range s.Groups {
			sum.add(g)
		}
		sum.fill(r.Rules)
		if len(s.Groups) != 2 || fmt.Sprint(sum) != fmt.Sprint(s.Table) {
			t.Errorf("%q: groups sum to %+v, all to %+v", s.Mode, sum, s.Table)
		}
	}
	in := [2]int{}
	for _, b := range r.Distribution {
		for i, n := range b.Groups {
			in[i] += n
		}
	}
	if in != [2]int{4, 4} {
		t.Errorf("subjects in the groups' bands: %v", in)
	}
	if b := r.Distribution; b[9].Groups[0] != 1 || b[0].Groups[0] != 3 || b[9].Groups[1] != 2 {
		t.Errorf("bands %+v", b)
	}
}

// TestConcludeOfCap warns above the cap alone, and counts who has no grade yet.
func TestConcludeOfCap(t *testing.T) {
	m := meeting(4, group("A", 100, 9, ""))
	r := mustCount(t, balanced(t, m, leaves("A", repeat("abcd", 6)...)))
	all := []ballot.Conclusion{{Subject: 1, OverallGrade: "好"}, {Subject: 3, OverallGrade: "好"}, {Subject: 4, OverallGrade: "差"}}
	for limit, warns := range map[int]bool{0: false, 49: true, 50: false, 100: false} {
		r.Conclude(all, limit)
		if (r.Conclusions.Warning != "") != warns || r.Conclusions.Missing != 1 || r.Conclusions.Grades[0].Text != "50.00" {
			t.Errorf("cap %d: %+v", limit, r.Conclusions)
		}
	}
	hidden := Result{Rules: m.Rules, LedgerOnly: true}
	if hidden.Conclude(all, 10); hidden.Conclusions.Missing != 0 || hidden.Conclusions.Warning != "" {
		t.Errorf("ledger only: %+v", hidden.Conclusions)
	}
}

package tally

import (
	"slices"
	"strconv"
	"strings"

	"pingyi/ballot"
)

// Filter says which lines of a Result to show, and how sorted. The zero Filter shows all of them in the
// Result's own order.
type Filter struct {
	Mode  ballot.ReportMode // "" is both
	Group string            // code of a group as counted ("A", "A+C"); "" is overall
	Query string            // part of a name, organisation, post, delegate or the whole number
	Sort  string            // a key of SortKeys; "" keeps the order
	Desc  bool
}

// SortKeys are the keys that View sorts by. Good, score, blank and invalid are those of the filter's
// group; without one, good and score are the weighted ones.
func SortKeys() []string {
	return []string{"no", "name", "org", "mode", "rank", "good", "score", "blank", "invalid"}
}

// View gives the lines of the Result that a filter asks for. With a group, each line holds that group's
// table alone. It computes no figure. A group that was joined, or an unknown key, is an error that names
// what there is.
func (r *Result) View(f Filter) ([]Subject, error) {
	at := -1
	if f.Group != "" {
		at = slices.IndexFunc(r.Groups, func(g Group) bool { return g.Code == f.Group })
		if at < 0 {
			return nil, r.noGroup(f.Group)
		}
	}
	if f.Mode != "" && f.Mode != ballot.Oral && f.Mode != ballot.Written {
		return nil, ballot.Errorf(ballot.CodeInvalid, "述职方式“%s”应为 oral 或 written", "report mode %q: use oral or written", string(f.Mode))
	}
	out := []Subject{}
	for _, s := range r.Subjects {
		if (f.Mode != "" && s.Mode != f.Mode) || !s.matches(strings.TrimSpace(f.Query)) {
			continue
		}
		if at >= 0 {
			s.Groups = s.Groups[at : at+1 : at+1]
		}
		out = append(out, s)
	}
	if f.Sort == "" {
		if f.Desc {
			slices.Reverse(out)
		}
		return out, nil
	}
	compare, err := comparer(f.Sort, at >= 0)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Subject) int {
		if f.Desc {
			return compare(b, a)
		}
		return compare(a, b)
	})
	return out, nil
}

func (r *Result) noGroup(code string) error {
	var have []string
	for _, g := range r.Groups {
		have = append(have, g.Code)
		if slices.Contains(g.Members, code) {
			return ballot.Errorf(ballot.CodeNotFound, "%[1]s票人数不足，计票前已并入“%[2]s”，没有单独的结果", "group %[1]s was too small and was counted together as %[2]q: it has no result of its own", code, g.Code)
		}
	}
	return ballot.Errorf(ballot.CodeNotFound, "没有票种“%[1]s”，现有：%[2]s", "no group %[1]q; there are: %[2]s", code, strings.Join(have, "、"))
}

func (s Subject) matches(query string) bool {
	if query == "" || strconv.Itoa(s.No) == query {
		return true
	}
	for _, text := range []string{s.Name, s.Org, s.Post, s.Delegate} {
		if strings.Contains(text, query) {
			return true
		}
	}
	return false
}

// comparer gives the comparison of a sort key; of tells that each line holds one group's table.
func comparer(key string, group bool) (func(a, b Subject) int, error) {
	table := func(s Subject) Table {
		if group {
			return s.Groups[0]
		}
		return s.Overall
	}
	switch key {
	case "no":
		return func(a, b Subject) int { return a.No - b.No }, nil
	case "name":
		return func(a, b Subject) int { return CompareNames(a.Name, b.Name) }, nil
	case "org":
		return func(a, b Subject) int { return compareStrokes(a.Org, b.Org) }, nil
	case "mode":
		return func(a, b Subject) int { return strings.Compare(string(a.Mode), string(b.Mode)) }, nil
	case "rank":
		return func(a, b Subject) int { return place(a.Rank) - place(b.Rank) }, nil
	case "blank":
		return func(a, b Subject) int { return table(a).Blank - table(b).Blank }, nil
	case "invalid":
		return func(a, b Subject) int { return table(a).Invalid - table(b).Invalid }, nil
	case "good":
		if group {
			return func(a, b Subject) int { return table(a).Good.value().Cmp(table(b).Good.value()) }, nil
		}
		return func(a, b Subject) int { return a.Good.value().Cmp(b.Good.value()) }, nil
	case "score":
		if group {
			return func(a, b Subject) int { return scoreOf(table(a)).value().Cmp(scoreOf(table(b)).value()) }, nil
		}
		return func(a, b Subject) int { return a.Score.value().Cmp(b.Score.value()) }, nil
	}
	return nil, ballot.Errorf(ballot.CodeInvalid, "不能按“%[1]s”排序，可选：%[2]s", "cannot sort by %[1]q; choose from: %[2]s", key, strings.Join(SortKeys(), ", "))
}

func scoreOf(t Table) Fraction {
	if t.Score == nil {
		return Fraction{}
	}
	return *t.Score
}

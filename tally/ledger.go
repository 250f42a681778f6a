package tally

import (
	"fmt"
	"slices"
	"sort"

	"pingyi/ballot"
)

// checkLedger compares the ledger with the leaves and with the sealed roll. Balance has compared hand
// counts with scanned leaves; this closes the circle, so that a count of other leaves is never shown
// under this ledger.
func (b *box) checkLedger(l ballot.Ledger) error {
	for _, side := range []struct {
		zh, en  string
		ledger  []ballot.GroupCount
		counted map[part]int
	}{{"有效", "valid", l.Valid, b.valid}, {"无效", "invalid", l.Invalid, b.invalid}} {
		differ := map[part]int{}
		for _, c := range side.ledger {
			differ[part{c.Group, c.Subject}] += c.Leaves
		}
		for p, n := range side.counted {
			differ[p] -= n
		}
		if p, n, any := firstNonZero(differ); any {
			return ballot.Errorf(ballot.CodeUnbalanced, "%[1]s：台账的%[2]s票比实际计入的多 %[4]d 张", "%[1]s: the ledger holds %[4]d more %[3]s leaves than were counted",
				p, side.zh, side.en, n)
		}
	}
	expected := map[part]int{}
	for _, g := range b.groups {
		for _, s := range b.ledgerSubjects() {
			expected[part{g.Code, s}] = g.Expected()
		}
	}
	for _, line := range l.Lines {
		expected[part{line.Group, line.Subject}] -= line.Expected
	}
	if p, n, any := firstNonZero(expected); any {
		return ballot.Errorf(ballot.CodeUnbalanced, "%[1]s：封存名册的应到人数比台账多 %[2]d", "%[1]s: the sealed roll expects %[2]d more people than the ledger", p, n)
	}
	return b.checkOneEach(l)
}

// checkOneEach refuses more leaves with a subject than people were present: where a ballot is several leaves, two of one
// part and none of another balance by their number.
func (b *box) checkOneEach(l ballot.Ledger) error {
	for i, g := range b.groups {
		var sum Ledger
		b.sumGroup(&sum, g.Code, l)
		for j, s := range b.meeting.Subjects {
			if n := b.raw[i][j].Returned; n > sum.Present {
				return ballot.Errorf(ballot.CodeUnbalanced, "%[1]s票：%[2]d号收回 %[3]d 张，多于实到 %[4]d 人。票箱里同一页的票多了，停止计票，请总监票人处理",
					"group %[1]s: %[3]d leaves with subject %[2]d came back from %[4]d people present: stop, and ask the chief scrutineer", g.Code, s.No, n, sum.Present)
			}
		}
	}
	return nil
}

// ledgerSubjects are the subjects that the ledger has lines for: 0 alone on roster forms.
func (b *box) ledgerSubjects() []int {
	if b.meeting.Rules.Form != ballot.SingleForm {
		return []int{0}
	}
	var out []int
	for _, s := range b.meeting.Subjects {
		out = append(out, s.No)
	}
	return out
}

func firstNonZero(m map[part]int) (p part, n int, any bool) {
	var keys []part
	for k, v := range m {
		if v != 0 {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return part{}, 0, false
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i].group < keys[j].group || keys[i].group == keys[j].group && keys[i].subject < keys[j].subject
	})
	return keys[0], m[keys[0]], true
}

// ledger sums the lines by joined group and in all, with sentences and the quorum warning.
func (b *box) ledger(r *Result, l ballot.Ledger) {
	r.Warnings = []string{}
	var all []string
	for _, g := range r.Groups {
		all = append(all, g.Members...)
		sum := Ledger{Group: g.Code, Leaves: leavesOf(l, g.Members)}
		for _, code := range g.Members {
			b.sumGroup(&sum, code, l)
		}
		sum.Sentence = sum.sentence()
		r.Ledger = append(r.Ledger, sum)
		r.Total.add(sum)
	}
	r.Total.Leaves = leavesOf(l, all)
	r.Total.Sentence = r.Total.sentence()
	if q := r.Rules.Quorum; r.Total.Present*q.Den < r.Total.Expected*q.Num {
		r.Warnings = append(r.Warnings, fmt.Sprintf("实到 %d 人，不足应到 %d 人的 %d/%d，请会议主持人研究本次评议是否有效",
			r.Total.Present, r.Total.Expected, q.Num, q.Den))
	}
}

// leavesOf is how many leaves a ballot of groups is, where it is several and as many in each of them; else 0.
func leavesOf(l ballot.Ledger, groups []string) int {
	of := -1
	for _, line := range l.Lines {
		switch n := line.Leaves; {
		case !slices.Contains(groups, line.Group) || n == of:
		case n < 2 || of >= 0:
			return 0
		default:
			of = n
		}
	}
	return max(0, of)
}

// sumGroup adds one of the meeting's groups. On single forms a person stands on the line of every
// subject, so people are counted once a venue: the most present for any subject.
func (b *box) sumGroup(sum *Ledger, code string, l ballot.Ledger) {
	present := map[string]int{}
	for _, line := range l.Lines {
		if line.Group != code {
			continue
		}
		present[line.Venue] = max(present[line.Venue], line.Typed[ballot.Present])
		sum.Issued += line.Typed[ballot.Issued]
		sum.Spoiled += line.Typed[ballot.Spoiled]
		sum.NotReturned += line.Typed[ballot.NotReturned]
		sum.Returned += line.Typed[ballot.Returned]
	}
	for _, n := range present {
		sum.Present += n
	}
	sum.Expected += b.groups[b.group[code]].Expected()
	for _, s := range b.ledgerSubjects() {
		sum.Valid += b.valid[part{code, s}]
		sum.Invalid += b.invalid[part{code, s}]
	}
}

func (l *Ledger) add(o Ledger) {
	l.Expected += o.Expected
	l.Present += o.Present
	l.Issued += o.Issued
	l.Spoiled += o.Spoiled
	l.NotReturned += o.NotReturned
	l.Returned += o.Returned
	l.Valid += o.Valid
	l.Invalid += o.Invalid
}

// sentence names what was spoiled or kept only where there is some: then issued is not returned, and readers ask why. So
// they do where a ballot is several leaves.
func (l *Ledger) sentence() string {
	missing := ""
	if l.Spoiled != 0 {
		missing += fmt.Sprintf("作废 %d 张，", l.Spoiled)
	}
	if l.NotReturned != 0 {
		missing += fmt.Sprintf("未收回 %d 张，", l.NotReturned)
	}
	each := ""
	if l.Leaves > 1 {
		each = fmt.Sprintf("（每份 %d 张）", l.Leaves)
	}
	return fmt.Sprintf("应到 %d 人，实到 %d 人；发出评议票 %d 张%s，%s收回 %d 张，有效 %d 张，无效 %d 张。",
		l.Expected, l.Present, l.Issued, each, missing, l.Returned, l.Valid, l.Invalid)
}

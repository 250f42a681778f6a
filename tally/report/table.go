// Package report writes a count as a spreadsheet: 计票汇总表 as XLSX or CSV. Every figure is copied from a
// tally.Result; nothing is computed here. The same Result gives the same bytes.
package report

import (
	"slices"
	"strconv"
	"strings"

	"pingyi/ballot"
	"pingyi/tally"
)

// cell is one value. A number's text is its figure as the Result has it, and "" is no figure.
type cell struct {
	text   string
	number bool
	points bool // a rate or score: has the rules' decimals
}

func text(s string) cell              { return cell{text: s} }
func count(n int) cell                { return cell{text: strconv.Itoa(n), number: true} }
func figure(s string) cell            { return cell{text: s, number: s != "", points: true} }
func rate(f tally.Fraction) cell      { return figure(f.Text) }
func weighted(w *tally.Weighted) cell { return figure(orNone(w)) }

func orNone(w *tally.Weighted) string {
	if w == nil {
		return ""
	}
	return w.Text
}

// column is one column of a table of subjects; over heads it together with its neighbours of the same.
type column struct {
	over, head string
	width      float64 // characters
	left       bool    // text set to the left
	value      func(s tally.Subject, t tally.Table) cell
}

// title is the heading of a column where there is one line for it.
func (c column) title() string {
	if c.over == "" || c.over == votes {
		return c.head
	}
	return c.head + "率%"
}

const (
	votes = "得票数"
	rates = "得票率（%）"
)

// columns are those of a table of subjects, overall or for one group.
func columns(r *tally.Result, overall bool) []column {
	out := []column{
		{"", "序号", 5, false, func(s tally.Subject, _ tally.Table) cell { return count(s.No) }},
		{"", "姓名", 10, false, func(s tally.Subject, _ tally.Table) cell { return text(ballot.SpacedName(s.Name)) }},
		{"", "单位（党组织）", 25, true, func(s tally.Subject, _ tally.Table) cell { return text(s.Org) }},
		{"", "职务", 12, true, func(s tally.Subject, _ tally.Table) cell { return text(s.Post) }},
		{"", "述职方式", 9, false, func(s tally.Subject, _ tally.Table) cell { return text(s.Mode.Chinese()) }},
	}
	out = append(out, countColumns(r)...)
	for i, g := range r.Rules.Grades {
		out = append(out, column{rates, g, 7.5, false, func(_ tally.Subject, t tally.Table) cell { return rate(t.Rates[i]) }})
	}
	out = append(out,
		column{rates, "弃权", 7.5, false, func(_ tally.Subject, t tally.Table) cell { return rate(t.BlankRate) }},
		column{rates, "无效", 7.5, false, func(_ tally.Subject, t tally.Table) cell { return rate(t.InvalidRate) }})
	if !overall {
		return append(out, groupScore(r)...)
	}
	return append(out, overallFigures(r)...)
}

func countColumns(r *tally.Result) []column {
	out := []column{}
	for i, g := range r.Rules.Grades {
		out = append(out, column{votes, g, 6, false, func(_ tally.Subject, t tally.Table) cell { return count(t.Counts[i]) }})
	}
	out = append(out,
		column{votes, "弃权", 6, false, func(_ tally.Subject, t tally.Table) cell { return count(t.Blank) }},
		column{votes, "无效", 6, false, func(_ tally.Subject, t tally.Table) cell { return count(t.Invalid) }})
	denominator := column{"", "有效票（分母）", 8, false, func(_ tally.Subject, t tally.Table) cell { return count(t.Denominator) }}
	if r.Rules.Denominator != ballot.OfValid {
		out = append(out, column{"", "有效票", 7, false, func(_ tally.Subject, t tally.Table) cell { return count(t.Valid) }})
		denominator.head = tally.DenominatorName(r.Rules.Denominator) + "（分母）"
	}
	return append(out, denominator)
}

func groupScore(r *tally.Result) []column {
	if len(r.Rules.Scores) == 0 {
		return nil
	}
	return []column{{"", "平均得分", 9, false, func(_ tally.Subject, t tally.Table) cell {
		if t.Score == nil {
			return text("")
		}
		return rate(*t.Score)
	}}}
}

func overallFigures(r *tally.Result) []column {
	var out []column
	if len(r.Groups) > 1 {
		out = append(out, column{"", "加权" + r.Rules.Grades[0] + "率%", 9, false, func(s tally.Subject, _ tally.Table) cell { return weighted(s.Good) }})
	}
	if len(r.Rules.Scores) > 0 {
		out = append(out, column{"", "综合得分", 9, false, func(s tally.Subject, _ tally.Table) cell { return weighted(s.Score) }})
	}
	out = append(out,
		column{"", "名次", 5.5, false, func(s tally.Subject, _ tally.Table) cell {
			if s.Rank == 0 {
				return text("")
			}
			return count(s.Rank)
		}})
	if r.Conclusions != nil && len(r.Conclusions.Entered) > 0 {
		out = append(out, column{"", "综合评价等次（工委评定，不由得票计算）", 14, false, func(s tally.Subject, _ tally.Table) cell { return text(r.Concluded(s.No).OverallGrade) }})
	}
	return append(out, column{"", "备注", 24, true, func(s tally.Subject, _ tally.Table) cell { return text(remarks(s)) }})
}

// remarks says who spoke for the subject, what the rules notice, and which weights are missing behind a
// weighted figure.
func remarks(s tally.Subject) string {
	var out []string
	if s.Delegate != "" {
		out = append(out, "由"+s.Delegate+"代为述职")
	}
	for _, a := range s.Alerts {
		out = append(out, a.Text)
	}
	for _, w := range []*tally.Weighted{s.Score, s.Good} {
		if w != nil && w.Weight < 100 {
			out = append(out, "加权所据票种权重合计 "+strconv.Itoa(w.Weight)+"%")
			break
		}
	}
	return strings.Join(out, "；")
}

// scope is one table of subjects: overall, or a group.
type scope struct {
	name    string // 全部, A票
	columns []column
	table   func(s tally.Subject) tally.Table
}

func scopes(r *tally.Result) []scope {
	out := []scope{{"全部", columns(r, true), func(s tally.Subject) tally.Table { return s.Overall }}}
	if len(r.Groups) == 1 {
		return out
	}
	for i, g := range r.Groups {
		out = append(out, scope{g.Code + "票", columns(r, false), func(s tally.Subject) tally.Table { return s.Groups[i] }})
	}
	return out
}

// row is a subject's line in the scope.
func (s scope) row(subject tally.Subject) []cell {
	out := make([]cell, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.value(subject, s.table(subject))
	}
	return out
}

// summaryTable is the sums by report mode, and the distribution of good rates.
func summaryTable(r *tally.Result) [][]cell {
	heads := []cell{text("述职方式"), text("人数")}
	for _, c := range countColumns(r) {
		heads = append(heads, text(c.head))
	}
	for _, g := range append(append([]string{}, r.Rules.Grades...), "弃权", "无效") {
		heads = append(heads, text(g+"率%"))
	}
	out := [][]cell{heads}
	for _, sum := range r.Summaries {
		name := "全部"
		if sum.Mode != "" {
			name = sum.Mode.Chinese()
		}
		line := []cell{text(name), count(sum.Subjects)}
		for _, c := range countColumns(r) {
			line = append(line, c.value(tally.Subject{}, sum.Table))
		}
		for _, f := range append(append([]tally.Fraction{}, sum.Table.Rates...), sum.Table.BlankRate, sum.Table.InvalidRate) {
			line = append(line, rate(f))
		}
		out = append(out, line)
	}
	return out
}

func distributionTable(r *tally.Result) [][]cell {
	out := [][]cell{{text("“" + r.Rules.Grades[0] + "”得票率"), text("人数")}}
	for _, b := range r.Distribution {
		to := "%（不含）"
		if b.To == 100 {
			to = "%"
		}
		out = append(out, []cell{text(strconv.Itoa(b.From) + "%–" + strconv.Itoa(b.To) + to), count(b.Subjects)})
	}
	return out
}

func ledgerTable(r *tally.Result) [][]cell {
	out := [][]cell{{text("票种"), text("应到（人）"), text("实到（人）"), text("发出（张）"), text("收回（张）"), text("作废（张）"), text("未收回（张）"), text("有效（张）"), text("无效（张）")}}
	line := func(name string, l tally.Ledger) {
		out = append(out, []cell{text(name), count(l.Expected), count(l.Present), count(l.Issued), count(l.Returned), count(l.Spoiled), count(l.NotReturned), count(l.Valid), count(l.Invalid)})
	}
	for i, l := range r.Ledger {
		line(l.Group+"票（"+r.Groups[i].Name+"）", l)
	}
	line("合计", r.Total)
	return out
}

// reasonTable is why leaves are invalid and which were flagged.
func reasonTable(r *tally.Result) [][]cell {
	out := [][]cell{{text("整张票的情形"), text("张数")}}
	for _, c := range r.InvalidBy {
		out = append(out, []cell{text("无效：" + reason(c.Rule)), count(c.Leaves)})
	}
	for _, c := range r.Flags {
		out = append(out, []cell{text("标记（仍有效）：" + reason(c.Rule)), count(c.Leaves)})
	}
	return out
}

func reason(rule string) string {
	if grade, capped := strings.CutPrefix(rule, "cap_"); capped {
		return "“" + grade + "”超过名额"
	}
	if name, known := map[string]string{"overvote": "有多选的行", "blank": "有未选的行", "wholly_blank": "全部未选",
		"same_grade": "各行等次全同", "void": "经监票人认定无效"}[rule]; known {
		return name
	}
	return rule
}

const comments = "意见建议"

// commentTable is what was typed of comments: on single forms by the secretary they are about, in the order of
// the roster, and else about the meeting.
func commentTable(r *tally.Result) [][]cell {
	out := [][]cell{{text("序号"), text("姓名"), text("单位（党组织）"), text(comments)}}
	about := map[int]tally.Subject{}
	for _, s := range r.Subjects {
		about[s.No] = s
	}
	for _, c := range r.Comments {
		who := []cell{text("—"), text("—"), text("对会议")}
		if c.Subject != 0 {
			s := about[c.Subject]
			who = []cell{count(s.No), text(ballot.SpacedName(s.Name)), text(s.Org)}
		}
		for _, t := range c.Texts {
			out = append(out, append(slices.Clone(who), text(t)))
		}
	}
	return out
}

func termsTable(r *tally.Result) [][]cell {
	out := [][]cell{{text("规则"), text("内容")}}
	for _, t := range r.Terms() {
		out = append(out, []cell{text(t.Name), text(t.Text)})
	}
	return out
}

// headline is what stands under the title of every table.
func headline(r *tally.Result) string {
	out := r.Meeting.Organiser + "　" + r.Meeting.Date + "　" + r.Total.Sentence
	for _, w := range r.Warnings {
		out += "　" + w + "。"
	}
	return out
}

// withheld is what takes the figures' place where too few ballots came back.
func withheld(r *tally.Result) string {
	return "收回不足 " + strconv.Itoa(r.Rules.SmallGroup) + " 张，为保守投票秘密，只公布台账，不公布得票。"
}

package tally

import (
	"fmt"
	"strings"

	"pingyi/ballot"
)

// Term is a rule or definition as documents print it, in Chinese.
type Term struct {
	Name string
	Text string
}

var treatments = map[ballot.Treatment]string{ballot.RowInvalid: "该行无效，票仍有效", ballot.BallotInvalid: "整张票无效", ballot.Abstention: "计为弃权",
	ballot.Adjudicate: "由监票人复核", ballot.Valid: "有效，各行计为弃权", ballot.Flag: "只作标记，票仍有效"}

var identities = map[ballot.Identity]string{ballot.FormCode: "表码，每张票相同，票面没有编号", ballot.Serial: "流水号，每张票的二维码各不相同，复印、伪造、未印过的票不计"}

var denominators = map[ballot.Denominator]string{ballot.OfValid: "有效票数", ballot.OfExpected: "应到人数", ballot.OfReturned: "收回票数",
	ballot.OfValidMarked: "有效票数减弃权数"}

// DenominatorName is what rates are shares of, as tables head it.
func DenominatorName(d ballot.Denominator) string { return denominators[d] }

// Terms lists the rules in force: every document of figures prints them all.
func (r *Result) Terms() []Term {
	rules := r.Rules
	form := "全员表（一张票列出全部述职人）"
	if rules.Form == ballot.SingleForm {
		form = "每人一票"
	}
	marking := []Term{
		{"规则版本", fmt.Sprintf("第 %d 版，封存校验值 %s", r.Meeting.Version, r.Meeting.SealHash)},
		{"票样", form + "，等次：" + strings.Join(rules.Grades, "、")},
		{"票面识别", identities[rules.Identity]},
		{"多选的行", overvote(rules.Overvote)},
		{"未选的行", treatments[rules.Blank]},
		{"涂改的行", treatments[rules.Altered]},
		{"全部未选的票", treatments[rules.WhollyBlank]},
		{"各行等次全同的票", treatments[rules.SameGrade]},
		{"带有可辨认字迹的票", writing(rules.Writing)},
	}
	for _, c := range rules.Caps {
		limit := fmt.Sprintf("%d 人", c.Max)
		if c.Percent > 0 {
			limit = fmt.Sprintf("人数的 %d%%", c.Percent)
		}
		marking = append(marking, Term{"等次名额", fmt.Sprintf("一张票评“%s”不得超过%s，超过则整张票无效", c.Grade, limit)})
	}
	return append(marking, r.countingTerms()...)
}

// overvote says that rows which are invalid for another reason than several marks do not void the ballot.
func overvote(t ballot.Treatment) string {
	if t == ballot.BallotInvalid {
		return treatments[t] + "；监票人看不出选哪项而认定无效的，只该行无效"
	}
	return treatments[t]
}

// writing says who finds that writing tells who wrote it: people, never the machine.
func writing(t ballot.Treatment) string {
	if t == ballot.BallotInvalid {
		return "经监票人认定的，整张票无效"
	}
	return treatments[t]
}

// countingTerms says how figures are made.
func (r *Result) countingTerms() []Term {
	rules := r.Rules
	out := []Term{
		{"得票率", "分母为" + denominators[rules.Denominator] + "，各表均列出"},
		{"票种权重", r.weights()},
		{"综合得分", r.scoring()},
		{"名次", "按" + r.rankedBy() + "排列，相同者并列，以未四舍五入的数值为准"},
		{"排列", map[ballot.Order]string{ballot.ByRoster: "按名册次序", ballot.ByResult: "按名次", ballot.ByStrokes: "按姓氏笔画"}[rules.Order]},
		{"取位", fmt.Sprintf("保留 %d 位小数，只在最后一步四舍五入", rules.Decimals)},
		{"人数较少的票种", fmt.Sprintf("收回不足 %d 张的票种在计票前并入封存时指定的票种，不单独统计", rules.SmallGroup)},
		{"会议人数", fmt.Sprintf("实到不足应到的 %d/%d 时提示", rules.Quorum.Num, rules.Quorum.Den)},
	}
	if rules.Audit > 0 {
		out = append(out, Term{"复点", fmt.Sprintf("确认结果前掷骰抽取 %d 捆纸票手工复点", rules.Audit)})
	}
	for _, a := range rules.Alerts {
		bound := fmt.Sprintf("%d%%", a.BelowPercent)
		if a.BelowThirds > 0 {
			bound = fmt.Sprintf("%d/3", a.BelowThirds)
		}
		out = append(out, Term{"提示", fmt.Sprintf("%s得票率低于 %s 时提示，仅供参考", strings.Join(a.Grades, "、"), bound)})
	}
	return append(out, Term{"自评票", "述职人给本人的评价未予剔除，以免从空行认出投票人"})
}

func (r *Result) weights() string {
	var parts []string
	for _, g := range r.Groups {
		parts = append(parts, fmt.Sprintf("%s票（%s）%d%%", g.Code, g.Name, g.Weight))
	}
	return strings.Join(parts, "，")
}

func (r *Result) scoring() string {
	if len(r.Rules.Scores) == 0 {
		return "不计分"
	}
	var parts []string
	for i, g := range r.Rules.Grades {
		parts = append(parts, fmt.Sprintf("%s %d 分", g, r.Rules.Scores[i]))
	}
	return strings.Join(parts, "、") + "；各票种取平均分（弃权和无效行不计入），再按权重加权"
}

func (r *Result) rankedBy() string {
	switch {
	case r.RankedBy == RankedByScore:
		return "综合得分"
	case len(r.Groups) > 1:
		return "各票种“" + r.Rules.Grades[0] + "”得票率按权重加权的结果"
	}
	return "“" + r.Rules.Grades[0] + "”得票率"
}

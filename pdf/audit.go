package pdf

import (
	"fmt"
	"slices"
	"strings"

	"pingyi/ballot"
)

// audit tells what counting paper by hand gave, and what it could have found.
func (s *statement) audit() {
	if s.r.Audit == nil {
		return
	}
	s.heading("四、纸票复点")
	for _, line := range auditLines(*s.r.Audit) {
		s.prose(line, 10.5)
	}
}

func auditLines(a ballot.Audit) (lines []string) {
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	c := a.Chance
	never := a.OfFirst && a.Stage == ballot.AuditWaits
	switch {
	case never:
		add("本结果是首次确认之后更正的，未经复点。")
	case a.OfFirst:
		add("以下复点是对首次确认的结果所作。会议其后重新打开作了更正，更正后的结果未经复点。")
	}
	if len(a.Drawn) > 0 {
		add("确认结果之前，先固定计票结果（承诺值 %s），再掷骰 %d 次，点数 %s，由 %s 录入一致。纸票共 %d 捆 %d 张，抽中%s，共 %d 张。",
			a.Commitment, ballot.DiceThrows, a.Dice, strings.Join(a.DiceBy, "、"), len(a.Bundles), c.Leaves, drawnText(a), c.DrawnLeaves)
		add("抽取办法：承诺值与点数相连，取 SHA-256 为种子；种子、逗号与捆号相连取 SHA-256，数值最小的 %d 捆即抽中的捆，任何人可用 sha256sum 核对。", a.Draw)
	}
	if a.Attempt > 1 {
		add("此前曾固定计票结果 %d 次，会议退回进行中后重新抽取。", a.Attempt-1)
	}
	for _, o := range a.Compared {
		add("第 %d 捆由 %s 各自手工计数，逐人与机器计数比对：一致（含差别不超出人工裁定的）%d 行，不一致 %d 行，计数人之间未一致 %d 行。",
			o.Number, strings.Join(o.By, "、"), o.Agree, o.Differ, o.Unsettled)
	}
	if n := len(a.Differed); n > 0 {
		add("共有 %d 次比对没有全部一致（包括退回进行中之前的）。", n)
	}
	switch {
	case never:
	case len(a.Compared) == 0:
		add("本次没有完成复点。")
	case c.Full && a.OfFirst: // not all the paper that the correction is counted from
	case c.Full:
		add("全部纸票均已手工复点，凡识读有误的票都在其中。")
	default:
		add("%s", foundText(c))
	}
	if !c.Full && c.RecommendFull && len(a.Drawn) > 0 && !a.OfFirst {
		add("总票数不足 %d 张，建议全部手工复点。", ballot.FullRecountBelow)
	}
	if a.Stage == ballot.AuditAccepted {
		add("经监票人 %s 认可，理由：%s。", strings.Join(a.AcceptedBy, "、"), a.Reason)
	}
	return lines
}

// drawnText names the bundles drawn, with what is written on their piles.
func drawnText(a ballot.Audit) string {
	var out []string
	for _, b := range a.Bundles {
		if slices.Contains(a.Drawn, b.Number) {
			out = append(out, fmt.Sprintf("第 %d 捆（%s）", b.Number, strings.Join(b.Piles, "、")))
		}
	}
	return strings.Join(out, "、")
}

// foundText says which numbers of wrong leaves the audit would have met with AuditConfidence.
func foundText(c ballot.AuditChance) string {
	share := func(n int) string { return fmt.Sprintf("%d 张（%.1f%%）", n, 100*float64(n)/float64(c.Leaves)) }
	var parts []string
	if c.Scattered > 0 {
		parts = append(parts, "若识读有误的票散在各处，达到 "+share(c.Scattered)+"即可抽到")
	}
	if c.Worst > 0 {
		parts = append(parts, "若集中在尽量少的捆里，达到 "+share(c.Worst)+"即可抽到")
	}
	if len(parts) == 0 {
		return fmt.Sprintf("抽取的捆太少，对任何数量的识读错误都没有 %d%% 的把握抽到。", ballot.AuditConfidence)
	}
	return fmt.Sprintf("把握程度（%d%%）：%s。", ballot.AuditConfidence, strings.Join(parts, "；"))
}

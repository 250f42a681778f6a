package pdf

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestStatementSaysTheAudit: what was drawn, compared and accepted, and what it could have found, stand on the page.
func TestStatementSaysTheAudit(t *testing.T) {
	a := ballot.NewAudit()
	var piles []ballot.Pile
	for i := range 12 {
		piles = append(piles, ballot.Pile{Group: "A", Number: i + 1, Leaves: 50})
	}
	a.Stage, a.Attempt, a.Draw, a.Bundles = ballot.AuditAgrees, 1, 4, ballot.Bundles([][]string{{"A"}}, piles)
	a.Commitment, a.Dice, a.DiceBy = strings.Repeat("0123456789abcdef", 4), strings.Repeat("12345", 4), []string{"s1", "s2"}
	a.Seed = ballot.AuditSeed(a.Commitment, a.Dice)
	a.Drawn = ballot.DrawBundles(a.Seed, 12, 4)
	a.Chance = ballot.ChanceOf(a.Bundles, a.Drawn)
	for _, n := range a.Drawn {
		a.Compared = append(a.Compared, ballot.BundleOutcome{Number: n, By: []string{"s1", "s2"}, Agree: 72})
	}
	part := a
	part.Attempt, part.Compared[0].Differ, part.Stage, part.AcceptedBy, part.Reason = 2, 1, ballot.AuditAccepted, []string{"s1", "s2"}, "笔迹过淡"
	part.Differed = []string{"s1", "s3"}
	little := a
	little.Bundles, little.Drawn = a.Bundles[:3], []int{2}
	little.Chance = ballot.ChanceOf(little.Bundles, little.Drawn)
	full := a
	full.Drawn = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	full.Chance = ballot.ChanceOf(full.Bundles, full.Drawn)
	earlier, earlierLittle, corrected := full, little, ballot.NewAudit()
	earlier.OfFirst, earlierLittle.OfFirst, corrected.OfFirst = true, true, true
	undone := ballot.NewAudit()
	undone.Stage, undone.AcceptedBy, undone.Reason = ballot.AuditAccepted, []string{"s1", "s2"}, "口令遗失"
	for name, c := range map[string]struct {
		audit ballot.Audit
		says  []string
		not   string
	}{
		"agrees":       {a, []string{a.Commitment, a.Dice, "共 12 捆 600 张", "共 200 张", "一致（含差别不超出人工裁定的）72 行", "95%", "8 张（1.3%）", "251 张（41.8%）"}, "次比对"},
		"part":         {part, []string{"此前曾固定计票结果 1 次", "不一致 1 行", "共有 2 次比对没有全部一致", "经监票人 s1、s2 认可，理由：笔迹过淡"}, "没有完成"},
		"little":       {little, []string{"总票数不足 300 张，建议全部手工复点"}, "没有完成"},
		"full":         {full, []string{"全部纸票均已手工复点"}, "95%"},
		"of the first": {earlier, []string{"以下复点是对首次确认的结果所作", "更正后的结果未经复点", "共 600 张", "一致（含差别不超出人工裁定的）72 行"}, "全部纸票均已手工复点"},
		"of few":       {earlierLittle, []string{"更正后的结果未经复点"}, "建议全部"},
		"of none":      {corrected, []string{"本结果是首次确认之后更正的，未经复点"}, "本次没有完成"},
		"undone":       {undone, []string{"本次没有完成复点", "口令遗失"}, "95%"},
	} {
		text := strings.Join(auditLines(c.audit), "\n")
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
		if strings.Contains(text, c.not) {
			t.Errorf("%s: %q in\n%s", name, c.not, text)
		}
		r := judged(t)
		r.Audit = &c.audit
		var b bytes.Buffer
		if err := Statement(&b, r, fonts(t)); err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("PINGYI_SHOTS"); dir != "" {
			if err := os.WriteFile(dir+"/audit-"+name+".pdf", b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

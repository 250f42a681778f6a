package scans

import (
	"fmt"
	"strings"

	"pingyi/ballot"
)

// explained is 5-rows.json: what was measured of each row of a page, and what decided its verdict.
type explained struct {
	Form       string            `json:"form"`
	Page       int               `json:"form_page"`
	Thresholds ballot.Thresholds `json:"thresholds"` // in force
	Rows       []explainedRow    `json:"rows"`
}

type explainedRow struct {
	ballot.RowReading
	ballot.Verdict
	Words    string        `json:"words"`              // the explanation in Chinese
	Compared string        `json:"compared,omitempty"` // thresholds that the reason is about, with their values
	Turns    []ballot.Turn `json:"turns,omitempty"`    // where single thresholds would turn the verdict, the nearest first
}

func explain(rows []ballot.RowReading, verdicts []ballot.Verdict, t ballot.Thresholds) []explainedRow {
	turns := ballot.Turns(rows, t)
	out := make([]explainedRow, len(rows))
	for i, r := range rows {
		out[i] = explainedRow{RowReading: r, Verdict: verdicts[i], Turns: turns[i], Compared: t.Compared(verdicts[i])}
		lines := []string{fmt.Sprintf("%d 号判为“%s”", r.Subject, verdicts[i].Chinese())}
		lines = append(lines, out[i].findings()...)
		if out[i].Compared != "" {
			lines = append(lines, "所比的阈值："+out[i].Compared)
		}
		telling := out[i].telling(2)
		for _, u := range telling {
			lines = append(lines, turnWords(u))
		}
		if len(telling) == 0 {
			lines = append(lines, unturned)
		}
		out[i].Words = strings.Join(lines, "；") + "。"
	}
	return out
}

// findings are what was found of the row as a whole.
func (r explainedRow) findings() (words []string) {
	for _, f := range []struct {
		found bool
		words string
	}{
		{r.Lost, "该行的印刷线没有找到"},
		{r.Streak, "有条纹或折痕穿过该行的选框"},
		{r.Grainy, "画面颗粒重"},
	} {
		if f.found {
			words = append(words, f.words)
		}
	}
	return words
}

// unturned is said where no single threshold would make a clear row of an unclear one.
const unturned = "单独改动任何一个阈值，都不会使它变得明确"

// telling is up to n turns that explain the verdict: of an unclear row those by which it would be clear, of
// any other the nearest.
func (r explainedRow) telling(n int) (out []ballot.Turn) {
	for _, u := range r.Turns {
		if len(out) < n && (r.Kind != ballot.IsUnclear || u.Becomes.Kind != ballot.IsUnclear) {
			out = append(out, u)
		}
	}
	return out
}

func turnWords(u ballot.Turn) string {
	return fmt.Sprintf("%s 现为 %g，改为 %.3g 则%s", u.Threshold, u.InForce, u.At, becomes(u.Becomes))
}

// becomes says in few words what a row would be.
func becomes(v ballot.Verdict) string {
	if v.Kind == ballot.IsUnclear {
		return "待复核 " + v.Reason
	}
	return "判为“" + v.Chinese() + "”"
}

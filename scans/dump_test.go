package scans_test

import (
	"fmt"
	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/synth"
	"testing"
)

func TestDump(t *testing.T) {
	sheets := printedSheets(t)
	var forms []ballot.Form
	for i := range sheets {
		if i == 0 || sheets[i].form != sheets[i-1].form {
			forms = append(forms, *sheets[i].form)
		}
	}
	tr := &scans.Tracer{Dir: "/tmp/trace"}
	r, _ := scans.NewReader(forms, scans.Options{Trace: tr})
	img, _, truth, d := scanOf(t, sheets, *firstSeed)
	tr.Begin(fmt.Sprint(*firstSeed), 1)
	res := r.ReadPage(img)
	fmt.Printf("%+v\n%v\n", d, res.Rejected)
	for i, v := range res.Verdicts {
		if truth[i].Kind != synth.TruthGrade || v.Kind != ballot.IsGrade {
			fmt.Printf("%d %+v -> %+v\n", i, truth[i], v)
			for _, s := range res.Rows[i].Scores {
				fmt.Printf("     %+v\n", s)
			}
			fmt.Println("    streak", res.Rows[i].Streak, "shift", res.Rows[i].Shift)
		}
	}
}

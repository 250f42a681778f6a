package scans_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/synth"
)

// Every kind of form on every paper is read as it is marked; the sweep of TestAccuracy is on A4 rosters.
func TestEveryKindOfForm(t *testing.T) {
	for _, c := range []formKind{
		{6, 4, ballot.SingleForm, "A5"}, {4, 6, ballot.SingleForm, "A4"}, {3, 2, ballot.SingleForm, "A5"},
		{72, 4, ballot.RosterForm, "A3"}, {30, 3, ballot.RosterForm, "A4"}, {200, 4, ballot.RosterForm, "A4"},
	} {
		t.Run(fmt.Sprintf("%s %s %d subjects %d grades", c.kind, c.paper, c.subjects, c.grades), func(t *testing.T) {
			sheets := printSheets(t, 9, c)
			r := readerOf(t, sheets)
			for n, s := range sheets[:min(len(sheets), 4)] {
				random := rand.New(rand.NewPCG(uint64(n), 11))
				img := s.clean.Clone()
				d := synth.Draw(synth.ClassOrdinary, s.page, random)
				d.DPI = 200
				truth := synth.Mark(img, s.page, synth.NewHand(random, false), synth.Realistic(), random)
				res := r.ReadPage(delivered(t, synth.Scan(img, d, random), d))
				if res.Rejected != nil {
					t.Fatalf("page %d: rejected: %v", n+1, res.Rejected)
				}
				if res.Form != s.form.ID || res.Page != s.page.Page || len(res.Verdicts) != len(s.page.Rows) {
					t.Fatalf("page %d: read as form %s page %d with %d rows", n+1, res.Form, res.Page, len(res.Verdicts))
				}
				for i, v := range res.Verdicts {
					if truth[i].Wrong(v) {
						t.Errorf("page %d: truth %+v, read %+v", n+1, truth[i], v)
					}
				}
			}
		})
	}
}

// Print alone is never ink: at some resolutions its lines come out a pixel thicker in one row than in the
// next, all at once.
func TestUnmarkedPrintIsBlank(t *testing.T) {
	for _, dpi := range []int{150, 200, 240, 300, 400, 600} {
		sheets := printSheetsAt(t, 9, formKind{72, 4, ballot.RosterForm, "A4"}, dpi)
		r := readerOf(t, sheets)
		for _, s := range sheets {
			res := r.ReadPage(s.clean)
			if res.Rejected != nil {
				t.Errorf("%d dpi page %d: %v", dpi, s.page.Page, res.Rejected)
				continue
			}
			for i, v := range res.Verdicts {
				if v.Kind != ballot.IsBlank {
					t.Errorf("%d dpi subject %d: %+v %+v", dpi, res.Rows[i].Subject, v, res.Rows[i].Scores)
				}
			}
		}
	}
}

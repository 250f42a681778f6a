package scans_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
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
				img := &raster.Image{W: s.clean.W, H: s.clean.H, DPI: s.clean.DPI, Pix: append([]byte(nil), s.clean.Pix...)}
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

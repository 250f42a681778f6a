package learn

import (
	"testing"

	"pingyi/ballot"
)

// TestDoublesKeepTheirTargets: of two rows of a page that were matched with one subject the first keeps its own targets,
// and the second takes its own along to whomever it is settled for.
func TestDoublesKeepTheirTargets(t *testing.T) {
	row := func(y float64) ballot.Row {
		return ballot.Row{Subject: 5, Name: "张伟", Rect: ballot.Rect{Y: y, W: 100, H: 10}}
	}
	box := func(y float64) ballot.Target {
		return ballot.Target{Subject: 5, Grade: "好", Rect: ballot.Rect{X: 80, Y: y + 3, W: 4, H: 4}}
	}
	l := learner{Proposal: Proposal{Form: ballot.Form{Learned: &ballot.Learned{}, Pages: []ballot.FormPage{{Page: 1, Rows: []ballot.Row{row(50), row(60)}, Targets: []ballot.Target{box(50), box(60)}}}}}}
	l.doubles()
	p := &l.Form.Pages[0]
	if p.Rows[0].Subject != 5 || p.Targets[0].Subject != 5 || p.Rows[1].Subject != -2 || p.Targets[1].Subject != -2 {
		t.Fatalf("rows %+v, targets %+v", p.Rows, p.Targets)
	}
	if err := Settle(&l.Form, []ballot.Subject{{No: 5, Name: "张伟"}, {No: 9, Name: "张伟"}}, "row 1.2", "9"); err != nil || p.Targets[0].Subject != 5 || p.Targets[1].Subject != 9 {
		t.Errorf("settled: %v, targets %+v", err, p.Targets)
	}
}

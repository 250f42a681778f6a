package synth

import (
	"bytes"
	"fmt"
	"testing"

	"pingyi/ballot"
)

// TestMarkLiesInItsCell draws every shape on white paper and measures the pixels: the ink's centroid and
// most of the ink lie in the cell of the target that was meant.
func TestMarkLiesInItsCell(t *testing.T) {
	forms := map[string]*ballot.Form{
		"two blocks": rosterForm(t), "one block": testForm(t, ballot.RosterForm, "A4", 40, 4),
		"six grades": testForm(t, ballot.RosterForm, "A4", 50, 6), "single": testForm(t, ballot.SingleForm, "A5", 1, 4),
	}
	shapes := []Shape{Tick, LongTick, Cross, Circle, Ring, Fill, Scribble, Slash, Beside}
	for name, form := range forms {
		page := &form.Pages[0]
		for _, shape := range shapes {
			t.Run(fmt.Sprintf("%s %s", name, shape), func(t *testing.T) {
				for seed := uint64(0); seed < 12; seed++ {
					r := pcg(seed)
					h := NewHand(r, seed%2 == 1)
					h.Tremble, h.Pen.Width = min(h.Tremble, 0.1), 0.4 // broad pens blur the measure, not the place
					target := page.Targets[r.IntN(len(page.Targets))]
					img := blankPage(page, 150)
					k := &ink{img: img, scale: 150 / 25.4, r: r}
					k.mark(h, shape, target, page)
					all, cx, cy := inkIn(img, ballot.Rect{W: page.Width, H: page.Height})
					own, _, _ := inkIn(img, target.Cell)
					if all == 0 || !target.Cell.Contains(cx, cy) {
						t.Errorf("seed %d: centroid %.1f, %.1f of %.0f ink is outside the cell %+v", seed, cx, cy, all, target.Cell)
					}
					if own < messyShare*0.9*all { // pressure weighs ink unevenly along a stroke
						t.Errorf("seed %d: %.0f %% of the ink is in the cell", seed, 100*own/all)
					}
				}
			})
		}
	}
}

func TestBesideKeepsOutOfBoxes(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	drawn := 0
	for seed := uint64(0); seed < 40; seed++ {
		r := pcg(seed)
		h := NewHand(r, false)
		h.Pen.Width = 0.3
		img := blankPage(page, 300)
		k := &ink{img: img, scale: 300 / 25.4, r: r}
		target := page.Targets[r.IntN(len(page.Targets))]
		if k.mark(h, Beside, target, page) != Beside {
			continue
		}
		drawn++
		if in, _, _ := inkIn(img, target.Inset(0.3)); in > 0 {
			t.Errorf("seed %d: ink inside the box", seed)
		}
	}
	if drawn < 20 {
		t.Errorf("only %d of 40 marks could be drawn beside their box", drawn)
	}
}

// TestRowsHoldWhatTheTruthSays counts which boxes of a row hold ink.
func TestRowsHoldWhatTheTruthSays(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	kinds := []string{TruthGrade, TruthBlank, TruthOvervote, TruthAltered, TruthRubbed, TruthCorrected, TruthStruck, TruthBetween}
	marked := map[string]int{TruthGrade: 1, TruthOvervote: 2, TruthAltered: 2, TruthRubbed: 1, TruthCorrected: 2, TruthStruck: 1, TruthBetween: 2}
	var rows []Truth
	for i, row := range page.Rows {
		rows = append(rows, Truth{Subject: row.Subject, Kind: kinds[i%len(kinds)], Grade: "较好"})
	}
	h := NewHand(pcg(3), false)
	h.Shape, h.Size = Cross, 4
	img := blankPage(page, 200)
	for i, row := range MarkAs(img, page, h, rows, pcg(4)) {
		n := 0
		for _, target := range page.TargetsOf(row.Subject) {
			if in, _, _ := inkIn(img, target.Inset(0.4)); in > 40 {
				n++
			}
		}
		if n != marked[row.Kind] {
			t.Errorf("row %d (%s): ink in %d boxes, want %d", i, row.Kind, n, marked[row.Kind])
		}
		if row.Kind == TruthBlank && row.Shape != "" {
			t.Errorf("row %d is blank and has shape %q", i, row.Shape)
		}
	}
}

func TestMarkFollowsTheSeed(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	draw := func(seed uint64) ([]byte, []Truth) {
		r := pcg(seed)
		img := blankPage(page, 150)
		return img.Pix, Mark(img, page, NewHand(r, true), Realistic(), r)
	}
	a, rowsA := draw(5)
	b, rowsB := draw(5)
	c, _ := draw(6)
	if !bytes.Equal(a, b) || fmt.Sprint(rowsA) != fmt.Sprint(rowsB) {
		t.Error("one seed drew two pages")
	}
	if bytes.Equal(a, c) {
		t.Error("two seeds drew one page")
	}
}

func TestRealisticMix(t *testing.T) {
	page := &rosterForm(t).Pages[0]
	count, grades, n := map[string]int{}, map[string]int{}, 0
	r := pcg(1)
	for range 600 {
		for _, row := range Intend(page, Realistic(), r) {
			n++
			count[row.Kind]++
			grades[row.Grade]++
		}
	}
	for what, c := range map[string]struct {
		got  int
		want float64 // per cent
	}{"blank": {count[TruthBlank], 2.5}, "overvote": {count[TruthOvervote], 0.8}, "altered": {count[TruthAltered], 0.4},
		"好": {grades["好"], 61}, "差": {grades["差"], 2.95}} {
		if share := 100 * float64(c.got) / float64(n); share < c.want*0.75 || share > c.want*1.3 {
			t.Errorf("%s: %.2f %% of rows, want about %.2f", what, share, c.want)
		}
	}
}

func TestCommentIsWritten(t *testing.T) {
	form := rosterForm(t)
	page := form.Pages[0]
	page.Comment = &ballot.Rect{X: 20, Y: 240, W: 170, H: 20}
	mix := Realistic()
	mix.Comment = 1000
	found := false
	for seed := uint64(0); seed < 5; seed++ { // a comment may be empty
		img := blankPage(&page, 150)
		Mark(img, &page, NewHand(pcg(seed), false), mix, pcg(seed))
		if in, _, _ := inkIn(img, *page.Comment); in > 0 {
			found = true
		}
	}
	if !found {
		t.Error("no ink in the comment box")
	}
}

func TestWrong(t *testing.T) {
	grade := func(g string) ballot.Verdict { return ballot.Verdict{Kind: ballot.IsGrade, Grade: g} }
	blank, over := ballot.Verdict{Kind: ballot.IsBlank}, ballot.Verdict{Kind: ballot.IsOvervote}
	for _, c := range []struct {
		kind                         string
		same, other, blank, overvote bool // wrong?
	}{
		{TruthGrade, false, true, true, true},
		{TruthCorrected, false, true, true, true},
		{TruthBlank, true, true, false, true},
		{TruthOvervote, true, true, true, false},
		{TruthAltered, true, true, true, false},
		{TruthRubbed, true, true, false, true},
		{TruthStruck, true, true, true, true},
		{TruthBetween, true, true, true, true},
	} {
		row := Truth{Kind: c.kind, Grade: "好"}
		for name, v := range map[string]struct {
			verdict ballot.Verdict
			wrong   bool
		}{"same": {grade("好"), c.same}, "other": {grade("差"), c.other}, "blank": {blank, c.blank}, "overvote": {over, c.overvote},
			"unclear": {ballot.Verdict{Kind: ballot.IsUnclear}, false}} {
			if got := row.Wrong(v.verdict); got != v.wrong {
				t.Errorf("truth %s read as %s: wrong = %v", c.kind, name, got)
			}
		}
	}
}

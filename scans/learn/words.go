package learn

import (
	"math"
	"slices"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/edit"
)

// Forms on which the grades' words stand in the cells for marks, to be ringed or ticked there. Each word has a cell of
// its own, or all words of a row stand in one cell, which is parted between them.

const (
	wordGap    = 2.2  // mm of white that parts two words of one cell
	lineFits   = 0.55 // similarity of a cell's text with the words of a scale, from which it may hold them all
	wordBeside = 2.0  // mm of white to either side of a word, at least: for the ring round it
	wordAbove  = 2.0  // and above and below it
	wordMost   = 8.0  // mm, height of a word's line
	wordLike   = 0.6  // mm by which a word may lie elsewhere in its cell than in the first row
)

// partWords puts for each cell that holds all words of a scale a cell for each word.
func (l *learner) partWords(p *upright, scales [][]string) error {
	var out []*cell
	all := allWords(p.cells, scales)
	for _, c := range p.cells {
		if !slices.ContainsFunc(all, func(o *cell) bool { return o != c && sameColumn(o, c) }) { // a lone one explains the scale
			out = append(out, c)
			continue
		}
		parts, err := l.parts(p, c, scales)
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			parts = []*cell{c}
		}
		out = append(out, parts...)
	}
	p.cells = out
	return nil
}

// allWords lists the cells that read much like all words of a scale.
func allWords(cells []*cell, scales [][]string) (out []*cell) {
	for _, c := range cells {
		if slices.ContainsFunc(scales, func(s []string) bool { return likeScale(plain(c.words), s) }) {
			out = append(out, c)
		}
	}
	return out
}

func sameColumn(a, b *cell) bool {
	return a.table == b.table && math.Abs(a.X-b.X) <= sameEdge && math.Abs(a.W-b.W) <= sameEdge
}

// parts are the cells of the words of one that holds a line of them; none where it holds other print.
func (l *learner) parts(p *upright, c *cell, scales [][]string) ([]*cell, error) {
	spans := p.wordsIn(c)
	if !slices.ContainsFunc(scales, func(s []string) bool { return len(s) == len(spans) }) {
		return nil, nil
	}
	var out []*cell
	left := c.X
	for i, s := range spans {
		right := c.Right()
		if i+1 < len(spans) {
			right = (s.Right() + spans[i+1].X) / 2
		}
		text, err := p.readLine(l.Engine, within(s.Inset(-textMargin), c.Inset(cellPadding)), ocrScales)
		if err != nil {
			return nil, err
		}
		out = append(out, &cell{Rect: ballot.Rect{X: left, Y: c.Y, W: right - left, H: c.H}, table: c.table, words: text, inked: true})
		left = right
	}
	return out, nil
}

// likeScale tells whether a text is much like the words of a scale, best or worst first.
func likeScale(text string, scale []string) bool {
	back := slices.Clone(scale)
	slices.Reverse(back)
	return max(edit.Similarity(text, strings.Join(scale, "")), edit.Similarity(text, strings.Join(back, ""))) >= lineFits
}

// wordsIn lists the words of a cell's print, left to right; nil where that is more than a line.
func (p *upright) wordsIn(c *cell) []ballot.Rect {
	line, ok := p.lineIn(c)
	if !ok {
		return nil
	}
	x0, x1, y0, y1 := int(line.X*p.scale), int(math.Ceil(line.Right()*p.scale)), int(line.Y*p.scale), int(math.Ceil(line.Bottom()*p.scale))
	return p.inkSpans(x0, x1, y0, y1, wordGap)
}

// lineIn is the extent of all print of a cell, and whether that is a single line.
func (p *upright) lineIn(c *cell) (line ballot.Rect, ok bool) {
	lines := p.inkLines(c.Inset(cellPadding))
	for i, l := range lines {
		if i == 0 {
			line = l
		}
		line = around(line, l)
	}
	return line, len(lines) > 0 && line.H <= wordMost
}

// wordTargets adds the targets of row i of a block of words: a square about the middle of each word.
func (l *learner) wordTargets(p *upright, page *ballot.FormPage, b *block, i, subject int) error {
	for k, c := range b.rows[i].targets {
		word, ok := p.lineIn(c)
		first, _ := p.lineIn(b.rows[0].targets[k])
		x, y := word.Centre()
		fx, fy := first.Centre()
		o := b.rows[0].targets[k]
		other := c.words != "" && plain(c.words) != b.grades[k] && slices.Contains(b.scale, plain(c.words)) // read as another grade
		if !ok || other || math.Abs((x-c.X)-(fx-o.X)) > wordLike || math.Abs((y-c.Y)-(fy-o.Y)) > wordLike || math.Abs(word.W-first.W) > wordLike {
			return ballot.Errorf(ballot.CodeForm, "各行的等次字样印得不一样（“%[1]s”与“%[2]s”），无法把印的字与画的圈分开；%[3]s",
				"the words of the grades are not printed alike in all rows (%[1]q and %[2]q): print and pen cannot be told apart; %[4]s", c.words, o.words, wordsAdvice[0], wordsAdvice[1])
		}
		beside, above := min(word.X-c.X, c.Right()-word.Right()), min(word.Y-c.Y, c.Bottom()-word.Bottom())
		if beside < wordBeside || above < wordAbove {
			return ballot.Errorf(ballot.CodeForm, "“%[1]s”四周的空白太窄（左右 %.1[2]f、上下 %.1[3]f 毫米，各须至少 %[4]g 毫米），圈会画到别的字上；%[5]s",
				"there is too little white about %[1]q (%.1[2]f mm beside it, %.1[3]f mm above or below, %[4]g are needed): a ring would touch other words; %[6]s", c.words, beside, above, wordBeside, wordsAdvice[0], wordsAdvice[1])
		}
		side := min(mostBox, 2*(min(x-c.X, c.Right()-x)-edgeRoom), 2*(min(y-c.Y, c.Bottom()-y)-edgeRoom))
		box := ballot.Rect{X: x - side/2, Y: y - side/2, W: side, H: side}
		page.Targets = append(page.Targets, ballot.Target{Subject: subject, Grade: b.grades[k], Rect: tidy(box), Cell: tidy(c.Rect)})
	}
	return nil
}

// wordsAdvice is what to do about a form whose words cannot be told from marks.
var wordsAdvice = [2]string{"请给每个等次一个空白格或方框，或由本程序排印选票", "give each grade an empty cell or a box, or let Pingyi print the ballot"}

// checkWords refuses blocks of words that the reader cannot tell marks from, and forms that have other blocks too.
func (l *learner) checkWords(blocks []block) error {
	for i := range blocks {
		b := &blocks[i]
		words := b.rows[0].words
		if i == 0 && len(l.Form.Pages) == 0 {
			l.Form.Learned.Words = words
		}
		switch {
		case words != l.Form.Learned.Words:
			return ballot.Errorf(ballot.CodeForm, "有的等次格印了字，有的是空格；%[1]s", "some cells hold the words of the grades, others are empty; %[2]s", wordsAdvice[0], wordsAdvice[1])
		case !words:
		case b.down:
			return ballot.Errorf(ballot.CodeForm, "上下排列、在字样上画圈的票无法可靠识读；%[1]s", "words below each other, to be ringed, cannot be read safely; %[2]s", wordsAdvice[0], wordsAdvice[1])
		case len(b.rows) < ballot.LeastWordRows:
			return ballot.Errorf(ballot.CodeForm, "在字样上画圈的票至少须有 %[1]d 行，才能把印的字与画的圈分开；%[2]s",
				"words that are to be ringed are told from pens by comparing rows, of which there must be %[1]d at least; %[3]s", ballot.LeastWordRows, wordsAdvice[0], wordsAdvice[1])
		}
	}
	return nil
}

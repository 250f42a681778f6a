package learn

import (
	"testing"

	"pingyi/ballot"
)

// Blocks of words that cannot be told from marks are refused, and words beside empty cells.
func TestCheckWords(t *testing.T) {
	rows := func(n int, words bool) block {
		return block{rows: make([]bodyRow, n), run: run{}}.with(words)
	}
	down := rows(9, true)
	down.down = true
	for _, c := range []struct {
		name   string
		blocks []block
		ok     bool
	}{
		{"words", []block{rows(5, true), rows(9, true)}, true},
		{"empty cells", []block{rows(1, false)}, true},
		{"too few rows", []block{rows(4, true)}, false},
		{"words and empty cells", []block{rows(9, true), rows(9, false)}, false},
		{"words below each other", []block{down}, false},
	} {
		l := learner{Proposal: Proposal{Form: ballot.Form{Learned: &ballot.Learned{}}}}
		err := l.checkWords(c.blocks)
		if c.ok != (err == nil) || l.Form.Learned.Words != c.blocks[0].rows[0].words {
			t.Errorf("%s: %v, words %v", c.name, err, l.Form.Learned.Words)
		}
	}
}

func (b block) with(words bool) block {
	for i := range b.rows {
		b.rows[i].words = words
	}
	return b
}

// A row of words is one although its words were not read, the first of a block too.
func TestUnreadRowsOfWords(t *testing.T) {
	var cells []*cell
	for r := range 6 {
		for i, w := range []string{"好", "较好", "一般", "差"} {
			if r == 0 || r == 3 && i < 2 {
				w = "妤"
			}
			cells = append(cells, &cell{Rect: ballot.Rect{X: float64(20 * i), Y: float64(12 * r), W: 20, H: 12}, words: w, inked: true})
		}
	}
	blocks := findBlocks(cells, scales)
	if len(blocks) != 1 || len(blocks[0].rows) != 6 || !blocks[0].rows[0].words || blocks[0].rows[0].targets[0] != cells[0] {
		t.Errorf("%d blocks: %+v", len(blocks), blocks)
	}
}

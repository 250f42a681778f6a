package words

import (
	"math/rand/v2"
	"testing"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

const (
	testRows, testCols = 6, 2
	cellW, cellH       = 20.0, 12.0
	testScale          = 6.0
)

// testSheet paints a block of cells of which each holds its column's word: lines as a glyph has them, dark as toner
// leaves them. The blank shows the same.
func testSheet(toner float64, thick int) *Sheet {
	s := &Sheet{W: testCols * cellW * testScale, H: testRows * cellH * testScale, Scale: testScale, X: 30, Y: 40,
		Print: raster.New(100*ballot.PrintPixelsPerMM, 120*ballot.PrintPixelsPerMM)}
	s.Pix = make([]byte, s.W*s.H)
	for r := range testRows + 1 {
		s.RowTop = append(s.RowTop, r*cellH*testScale)
	}
	for c := range testCols + 1 {
		s.ColLeft = append(s.ColLeft, c*cellW*testScale)
	}
	noise := rand.New(rand.NewPCG(1, 1))
	for i := range s.Pix {
		s.Pix[i] = byte(240 + noise.IntN(7))
	}
	for i := range s.Print.Pix {
		s.Print.Pix[i] = 255
	}
	for r := range testRows {
		for c := range testCols {
			strokes := rand.New(rand.NewPCG(9, uint64(c)))
			for range 14 {
				x, y := float64(c)*cellW+6+strokes.Float64()*6, float64(r)*cellH+4+strokes.Float64()*3
				w, h := 0.3, 1.0+strokes.Float64()
				if strokes.IntN(2) == 0 {
					w, h = h, w
				}
				fill(s.Print, (s.X+x)*ballot.PrintPixelsPerMM, (s.Y+y)*ballot.PrintPixelsPerMM, w*ballot.PrintPixelsPerMM, h*ballot.PrintPixelsPerMM, 20, 0)
				fill(&raster.Image{W: s.W, H: s.H, Pix: s.Pix}, x*testScale, y*testScale, w*testScale, h*testScale, byte(240*(1-toner)), thick)
			}
		}
	}
	return s
}

// fill darkens a rectangle, grown by some pixels.
func fill(m *raster.Image, x, y, w, h float64, gray byte, grow int) {
	for v := int(y) - grow; v < int(y+h+0.5)+grow; v++ {
		for u := int(x) - grow; u < int(x+w+0.5)+grow; u++ {
			m.Pix[v*m.W+u] = min(m.Pix[v*m.W+u], gray)
		}
	}
}

// pen draws a rectangle in mm of the cell of a row and column.
func (s *Sheet) pen(r, c int, x, y, w, h float64) {
	fill(&raster.Image{W: s.W, H: s.H, Pix: s.Pix}, (float64(c)*cellW+x)*testScale, (float64(r)*cellH+y)*testScale, w*testScale, h*testScale, 60, 0)
}

// darkIn counts the dark pixels of a cell.
func (s *Sheet) darkIn(r, c int) (n int) {
	for y := s.RowTop[r]; y < s.RowTop[r+1]; y++ {
		for x := s.ColLeft[c]; x < s.ColLeft[c+1]; x++ {
			if s.Pix[y*s.W+x] < 180 {
				n++
			}
		}
	}
	return n
}

func TestBareWordsGo(t *testing.T) {
	for name, s := range map[string]*Sheet{"full toner": testSheet(0.95, 0), "low toner": testSheet(0.4, 0), "thick print": testSheet(0.95, 1)} {
		if s.darkIn(2, 1) < 100 {
			t.Fatalf("%s: the words are not on the sheet", name)
		}
		hidden, there := s.Erase()
		for i, h := range hidden {
			if r, c := i/testCols, i%testCols; h != 0 || there[i] < 0.9 || s.darkIn(r, c) > 1 { // a corner
				t.Errorf("%s: of a bare word %d dark pixels are left, %.2f mm² hidden", name, s.darkIn(r, c), h)
			}
		}
	}
}

func TestPensStay(t *testing.T) {
	s := testSheet(0.95, 0)
	s.pen(1, 0, 4, 2.5, 10, 0.5) // a frame round the word
	s.pen(1, 0, 4, 9, 10, 0.5)
	s.pen(1, 0, 4, 2.5, 0.5, 7)
	s.pen(1, 0, 14, 2.5, 0.5, 7)
	s.pen(3, 1, 5, 5.2, 9, 0.6)  // a line through it
	s.pen(4, 0, 5.5, 3.5, 8, 5)  // a blot over it
	s.pen(2, 1, 8, 5, 0.4, 0.25) // next to nothing
	hidden, _ := s.Erase()
	for _, want := range []struct{ r, c, least, most int }{{1, 0, 560, 640}, {3, 1, 80, 220}, {4, 0, 900, 1500}, {2, 1, 0, 8}, {2, 0, 0, 0}} {
		if n := s.darkIn(want.r, want.c); n < want.least || n > want.most {
			t.Errorf("row %d word %d: %d dark pixels are left, want %d to %d", want.r, want.c, n, want.least, want.most)
		}
	}
	for _, bare := range []int{0, 1, 2, 10, 11} {
		if hidden[bare] != 0 {
			t.Errorf("word %d: %.2f mm² hidden", bare, hidden[bare])
		}
	}
}

// Pens that fill a word in most rows are what its rows have in common: nothing there is certain.
func TestWordsFilledInMostRows(t *testing.T) {
	s := testSheet(0.95, 0)
	for r := range testRows {
		s.pen(r, 0, 5.5, 3.5, 8, 5)
	}
	hidden, _ := s.Erase()
	for r := range testRows {
		if hidden[r*testCols] < 1 || hidden[r*testCols+1] != 0 {
			t.Errorf("row %d: %.2f and %.2f mm² hidden", r, hidden[r*testCols], hidden[r*testCols+1])
		}
	}
}

// Print that is not the blank's is no pen's.
func TestOtherWords(t *testing.T) {
	s := testSheet(0.95, 0)
	for r := range testRows {
		s.pen(r, 1, 2, 2, 2, 1.5)
	}
	hidden, _ := s.Erase()
	for r := range testRows {
		if hidden[r*testCols+1] < 1 {
			t.Errorf("row %d: %.2f mm² hidden", r, hidden[r*testCols+1])
		}
	}
}

// One word says nothing of how dark a row's other words are: what it hides stays hidden in it.
func TestUsualNeedsAnotherWord(t *testing.T) {
	for _, c := range []struct {
		darker [][]float64
		want   float64
	}{
		{[][]float64{{0.4}, nil}, 0},
		{[][]float64{{0.4}, {0.1}}, 0.1},
		{[][]float64{{0.4}, {-0.1}}, 0},
	} {
		if got := usual(c.darker, 0); got != c.want {
			t.Errorf("usual(%v) = %v, want %v", c.darker, got, c.want)
		}
	}
}

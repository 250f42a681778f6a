package words

import (
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Sheet is a block of cells warped upright: rows × columns of cells that tile it.
type Sheet struct {
	W, H    int
	Pix     []byte  // gray
	Scale   float64 // pixels a mm
	X, Y    float64 // mm of the sheet's corner on the page
	RowTop  []int   // pixels; one more at the end
	ColLeft []int
	Print   *raster.Image // of the blank, ballot.PrintPixelsPerMM
}

// Constants of the separation. Darkness is 0 (paper) to 255 (black).
const (
	edge      = 0.7  // mm of a cell's edge that is left as it is: its rules
	printDark = 26   // darkness of the blank from which a place is print
	spread    = 0.3  // mm about print that may be darkened by it
	mostShift = 4    // pixels by which a word is looked for about its place
	sureFit   = 0.45 // correlation from which a word's place is trusted
	likeRank  = 0.3  // quantile over the rows that is taken for the bare word
	inkDepth  = 32   // darkness beyond the bare word's, of ink
	inkShare  = 0.15 // and share of the bare word's own darkness
	leastInk  = 5    // pixels that hang together
	reach     = 3    // pixels over which strokes are joined across print
	pollution = 1.6  // by which a column's words are darker than the palest column's, from which most of them are marked
	strange   = 0.5  // mm² about the word that are dark in most rows, from which the print is not the blank's
	noise     = 0.3  // mm² of black by which a bare word may be darker than the next
)

// Erase makes the words white and leaves what else is dark there. It gives for each cell the mm² of black that its word
// is darker than the bare word without having been left as ink: what pens hid there; and the share of the bare word that
// is there, 1 where the blank prints none.
func (s *Sheet) Erase() (hidden, there []float64) {
	rows, cols := len(s.RowTop)-1, len(s.ColLeft)-1
	hidden, there = make([]float64, rows*cols), make([]float64, rows*cols)
	columns := make([]*column, cols)
	palest := math.Inf(1)
	for c := range cols {
		columns[c] = s.column(c, rows)
		if k := columns[c]; k != nil {
			palest = min(palest, k.tone())
		}
	}
	darker := make([][]float64, cols) // by column, by row: share of the word's darkness
	for c, k := range columns {
		if k != nil {
			darker[c] = k.excess()
		}
	}
	for c, k := range columns {
		if k == nil {
			for r := range rows {
				there[r*cols+c] = 1
			}
			continue
		}
		extra := 0.0
		if k.tone() > pollution*palest || k.strange > strange*s.Scale*s.Scale || k.unplaced*2 > rows {
			extra = 1 // neither the bare word nor ink is known
		}
		for r := range rows {
			if h := (extra + darker[c][r] - usual(darker, r)) * k.expected / 255 / (s.Scale * s.Scale); h > noise {
				hidden[r*cols+c] = h
			}
			there[r*cols+c] = k.there(r)
			k.erase(s, r)
		}
	}
	return hidden, there
}

// usual is by how much all words of a row are darker than bare ones, as where the toner lies thicker. One word alone
// tells nothing of the others: what darkens it may be ink.
func usual(darker [][]float64, r int) float64 {
	least, words := math.Inf(1), 0
	for _, d := range darker {
		if d != nil {
			least, words = min(least, d[r]), words+1
		}
	}
	if words < 2 {
		return 0
	}
	return max(0, least)
}

// column is one word as it stands in each row.
type column struct {
	w, h     int      // pixels of the patch
	cells    []patch  // by row
	blank    []byte   // darkness of the blank
	mask     []bool   // where the word may be dark
	bare     []byte   // darkness of the bare word on this page
	limit    []byte   // darkness above which there is ink
	expected float64  // sum of blank within mask
	ink      [][]bool // by row
	unplaced int      // rows in which the word was not found
	strange  float64  // pixels outside mask that are dark in most rows
}

// patch is a word's surroundings in one row.
type patch struct {
	x, y  int // in the sheet, where the word was found
	paper int
	dark  []byte
}

func (s *Sheet) at(r, c int) (x0, y0, x1, y1 int) {
	e := int(math.Ceil(edge * s.Scale))
	return s.ColLeft[c] + e, s.RowTop[r] + e, s.ColLeft[c+1] - e, s.RowTop[r+1] - e
}

func (s *Sheet) column(c, rows int) *column {
	k := &column{w: 1 << 30, h: 1 << 30}
	for r := range rows {
		x0, y0, x1, y1 := s.at(r, c)
		k.w, k.h = min(k.w, x1-x0), min(k.h, y1-y0)
	}
	if k.w <= 0 || k.h <= 0 {
		return nil
	}
	k.blank, k.mask = make([]byte, k.w*k.h), make([]bool, k.w*k.h)
	x0, y0, _, _ := s.at(0, c)
	for y := range k.h {
		for x := range k.w {
			k.blank[y*k.w+x] = s.blank(x0+x, y0+y)
		}
	}
	k.findMask(int(math.Round(spread * s.Scale)))
	if k.expected == 0 {
		return nil
	}
	k.place(s, c, rows)
	k.findBare()
	for r := range rows {
		k.ink = append(k.ink, k.inkOf(&k.cells[r]))
	}
	return k
}

// blank is how dark the blank is at a pixel of the sheet.
func (s *Sheet) blank(x, y int) byte {
	u, v := s.X+(float64(x)+0.5)/s.Scale, s.Y+(float64(y)+0.5)/s.Scale
	return 255 - s.Print.At(u*ballot.PrintPixelsPerMM, v*ballot.PrintPixelsPerMM)
}

func (k *column) findMask(radius int) {
	for y := range k.h {
		for x := range k.w {
			if k.blank[y*k.w+x] < printDark {
				continue
			}
			k.expected += float64(k.blank[y*k.w+x])
			for v := max(0, y-radius); v <= min(k.h-1, y+radius); v++ {
				for u := max(0, x-radius); u <= min(k.w-1, x+radius); u++ {
					if (u-x)*(u-x)+(v-y)*(v-y) <= radius*radius {
						k.mask[v*k.w+u] = true
					}
				}
			}
		}
	}
}

// place finds the word in each row; where something hides it, it lies as far off as in the other rows.
func (k *column) place(s *Sheet, c, rows int) {
	type shift struct{ x, y int }
	shifts, ok := make([]shift, rows), make([]bool, rows)
	var xs, ys []int
	for r := range rows {
		x0, y0, x1, y1 := s.at(r, c)
		paper := s.paper(x0, y0, x1, y1)
		k.cells = append(k.cells, patch{x: x0, y: y0, paper: paper})
		best := sureFit
		for dy := -mostShift; dy <= mostShift; dy++ {
			for dx := -mostShift; dx <= mostShift; dx++ {
				if f := k.fit(s, x0+dx, y0+dy); f > best {
					best, shifts[r], ok[r] = f, shift{dx, dy}, true
				}
			}
		}
		if ok[r] {
			xs, ys = append(xs, shifts[r].x), append(ys, shifts[r].y)
		}
	}
	slices.Sort(xs)
	slices.Sort(ys)
	for r := range rows {
		p := &k.cells[r]
		if !ok[r] {
			k.unplaced++
			if len(xs) > 0 {
				shifts[r] = shift{xs[len(xs)/2], ys[len(ys)/2]}
			}
		}
		p.x, p.y = p.x+shifts[r].x, p.y+shifts[r].y
		p.dark = make([]byte, k.w*k.h)
		for y := range k.h {
			for x := range k.w {
				p.dark[y*k.w+x] = s.dark(p.x+x, p.y+y, p.paper)
			}
		}
	}
}

// dark is the darkness of a pixel against a paper.
func (s *Sheet) dark(x, y, paper int) byte {
	if x < 0 || y < 0 || x >= s.W || y >= s.H {
		return 0
	}
	return byte(max(0, paper-int(s.Pix[y*s.W+x])) * 255 / max(1, paper))
}

func (s *Sheet) paper(x0, y0, x1, y1 int) int {
	var gray raster.Histogram
	for y := y0; y < y1; y++ {
		gray.Add(s.Pix[y*s.W+x0 : y*s.W+x1])
	}
	return gray.Rank((x1-x0)*(y1-y0), 0.75)
}

// fit is the correlation of the blank's word with the sheet, the patch's corner at x0, y0, about the word.
func (k *column) fit(s *Sheet, x0, y0 int) float64 {
	var n, sx, sy, sxx, sxy, syy float64
	for y := range k.h {
		for x := range k.w {
			if !k.mask[y*k.w+x] || x0+x < 0 || y0+y < 0 || x0+x >= s.W || y0+y >= s.H {
				continue
			}
			a, b := float64(k.blank[y*k.w+x]), 255-float64(s.Pix[(y0+y)*s.W+x0+x])
			n, sx, sy, sxx, sxy, syy = n+1, sx+a, sy+b, sxx+a*a, sxy+a*b, syy+b*b
		}
	}
	vx, vy := sxx-sx*sx/max(1, n), syy-sy*sy/max(1, n)
	if vx <= 0 || vy <= 0 {
		return 0
	}
	return (sxy - sx*sy/n) / math.Sqrt(vx*vy)
}

// findBare takes the darkness of the bare word from the palest rows, place by place, and what is ink beyond it: a thin
// line of print lies a pixel higher in one row than in the next, so that each row is as dark as the places about it.
func (k *column) findBare() {
	k.bare, k.limit = make([]byte, k.w*k.h), make([]byte, k.w*k.h)
	here, near := make([]byte, len(k.cells)), make([]byte, len(k.cells))
	for i, m := range k.mask {
		for r := range k.cells {
			here[r], near[r] = k.cells[r].dark[i], k.darkestAbout(k.cells[r].dark, i%k.w, i/k.w)
		}
		slices.Sort(here)
		slices.Sort(near)
		rank := int(likeRank * float64(len(here)-1))
		if !m {
			if here[rank] > inkDepth {
				k.strange++
			}
			continue
		}
		k.bare[i] = here[rank]
		k.limit[i] = byte(min(255, int(near[rank])+inkDepth+int(inkShare*float64(near[rank]))))
	}
}

func (k *column) darkestAbout(dark []byte, x, y int) (most byte) {
	for v := max(0, y-1); v <= min(k.h-1, y+1); v++ {
		for u := max(0, x-1); u <= min(k.w-1, x+1); u++ {
			most = max(most, dark[v*k.w+u])
		}
	}
	return most
}

// tone is how dark the bare words are against the blank's.
func (k *column) tone() float64 {
	sum := 0
	for _, v := range k.bare {
		sum += int(v)
	}
	return float64(sum) / k.expected
}

// there is the share of the bare word that a row shows, 0 … 1. What darkens it does not make up for what is missing.
func (k *column) there(r int) float64 {
	sum, all := 0, 0
	for i, v := range k.bare {
		sum, all = sum+int(min(v, k.cells[r].dark[i])), all+int(v)
	}
	return float64(sum) / float64(max(1, all))
}

// excess is by how much each row's word is darker than the bare word, without what was found to be ink: a share of the
// blank's darkness.
func (k *column) excess() []float64 {
	out := make([]float64, len(k.cells))
	for r := range k.cells {
		for i, m := range k.mask {
			if m && !k.ink[r][i] {
				out[r] += (float64(k.cells[r].dark[i]) - float64(k.bare[i])) / k.expected
			}
		}
	}
	sorted := slices.Clone(out)
	slices.Sort(sorted)
	usual := sorted[int(likeRank*float64(len(sorted)-1))]
	for r := range out {
		out[r] -= usual
	}
	return out
}

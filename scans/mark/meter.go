package mark

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Meter measures pages; its buffers are reused. It is not safe for concurrent use.
type Meter struct {
	strip    strip
	labels   raster.Labels
	strokes  []stroke
	streaked []bool // by cell
	spans    []span
	ends     []int32 // for spansAcross
	inked    []int32 // row numbers of inked pixels, column by column
	grainy   bool
}

// Specks a cm² of the strip from which a picture is taken for dithered and smoothed, and from which the
// smoothed one is still too grainy to call a row empty.
const (
	descreenSpecks = 4.0
	grainySpecks   = 3.0
)

// specks is how many components too small for a mark there are, a cm².
func (m *Meter) specks() float64 {
	n := 0
	for i := range m.labels.Comps {
		if m.labels.Comps[i].Area < speckArea {
			n++
		}
	}
	return float64(n) / (mm2(m.strip.w*m.strip.h) / 100)
}

// Measure gives the measures of every row of the page, in the order of the form's rows.
func (m *Meter) Measure(img *raster.Image, g *register.Grid) []ballot.RowReading {
	var out []ballot.RowReading
	for i := range g.Blocks {
		b := &g.Blocks[i]
		m.block(img, g, b)
		for r := range b.Rows {
			out = append(out, m.row(b, r))
		}
	}
	return out
}

func (m *Meter) block(img *raster.Image, g *register.Grid, b *register.Block) {
	s := &m.strip
	s.lay(b)
	s.warp(img, g, b)
	s.eraseWords(g.Print, b)
	s.findInk()
	m.labels.Label(s.ink, s.w, s.h)
	m.grainy = false
	if m.specks() > descreenSpecks {
		s.descreen()
		s.findInk()
		m.labels.Label(s.ink, s.w, s.h)
		m.grainy = m.specks() > grainySpecks
	}
	n := s.rows() * s.cols()
	if cap(m.streaked) < n {
		m.streaked = make([]bool, n)
	}
	m.streaked = m.streaked[:n]
	clear(m.streaked)
	s.weighOutlines()
	s.weighPrint(g.Outlined)
	if m.removeStreaks() {
		m.labels.Label(s.ink, s.w, s.h)
	}
	m.collect()
	for i := range m.strokes {
		s.attribute(&m.strokes[i])
	}
	m.joinRings()
	m.settleTails()
}

// row sums the strokes of one row into its targets' measures.
func (m *Meter) row(b *register.Block, r int) ballot.RowReading {
	s := &m.strip
	reading := ballot.RowReading{Subject: b.Rows[r].Subject, Shift: round2(b.Shift(r)), Grainy: m.grainy, Lost: !b.Trusted[r]}
	for c, grade := range grades(b.Targets[r]) {
		cell := r*s.cols() + c
		score := m.score(cell)
		score.Grade = grade
		if s.hidden != nil {
			score.Specks += round2(s.hidden[cell])
		}
		score.Faint = round2(s.faint(cell))
		score.Outline = round2(mm2(s.outline[cell]))
		score.Covered = round2(s.covered[cell])
		reading.Scores = append(reading.Scores, score)
		reading.Streak = reading.Streak || m.streaked[cell]
	}
	return reading
}

func (m *Meter) score(cell int) ballot.MarkScore {
	var out ballot.MarkScore
	s := &m.strip
	area, inBox, depth, reach := 0, 0, 0, 0
	bounds := box{1 << 30, 1 << 30, -1, -1}
	for i := range m.strokes {
		k := &m.strokes[i]
		for _, c := range k.cells {
			if c.cell == cell {
				m.add(&out, k, c)
			}
		}
		if k.kind == aimed && k.owner == cell {
			area += k.area
			depth += k.depth
			reach = max(reach, k.reach())
			bounds = box{min(bounds.x0, k.minX), min(bounds.y0, k.minY), max(bounds.x1, k.maxX+1), max(bounds.y1, k.maxY+1)}
			out.Strokes++
			for _, c := range k.cells {
				if c.cell == cell {
					inBox += c.inBox
				}
			}
		}
	}
	b := s.boxes[cell]
	out.Ink = round2(mm2(area))
	out.Inside = round2(float64(inBox) / float64((b.x1-b.x0)*(b.y1-b.y0)))
	out.Reach = round2(float64(reach) / PixelsPerMM)
	if area > 0 {
		out.Flat = round2(float64(min(bounds.x1-bounds.x0, bounds.y1-bounds.y0)) / PixelsPerMM)
	}
	out.Loose = round2(out.Loose)
	if area > 0 && s.paper[cell] > 0 {
		out.Contrast = round2(float64(depth) / float64(area*s.paper[cell]))
	}
	out.Stray, out.Doubt, out.Outside, out.Apart = round2(out.Stray), round2(out.Doubt), round2(out.Outside), round2(out.Apart)
	return out
}

// add books the part of a stroke that lies in a cell without being aimed at it.
func (m *Meter) add(out *ballot.MarkScore, k *stroke, c share) {
	switch k.kind {
	case between:
		out.Doubt += mm2(c.area)
		out.Loose = max(out.Loose, m.darkness(k, c.cell))
	case beside:
		if k.owner == c.cell {
			out.Outside += mm2(c.area)
			if m.isApart(k) {
				out.Apart += mm2(c.area)
			}
			out.Loose = max(out.Loose, m.darkness(k, c.cell))
		}
		if k.owner != c.cell {
			out.Stray += mm2(c.inBox)
		}
	case speck, residue:
		if c.inBox > 0 {
			out.Specks += mm2(c.inBox)
			out.Loose = max(out.Loose, m.darkness(k, c.cell))
		}
	case aimed:
		switch {
		case k.owner == c.cell:
		case k.rivalled && c.inBox >= touchArea:
			out.Doubt += mm2(c.area)
			out.Loose = max(out.Loose, m.darkness(k, c.cell))
		default:
			out.Stray += mm2(c.inBox)
		}
	}
}

// darkness is the mean darkness of a stroke against the paper of a cell, 0 … 1.
func (m *Meter) darkness(k *stroke, cell int) float64 {
	return float64(k.depth) / float64(k.area*max(1, m.strip.paper[cell]))
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

package density

import (
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Constants of the comparison with the page's own print. Darkness is 0 (paper) to 255 (black).
const (
	printRank  = 0.3 // quantile over the targets that is taken for print: fewer than 7 in 10 are marked alike
	printDark  = 16  // darkness from which a place is print, and no evidence
	printShare = 0.1 // or this share of the darkest print
	leastFloor = 10  // darkness that never counts as ink
	noiseRank  = 0.85
	noiseTimes = 1.5
	tileDark   = 14 // mean darkness from which a tile is inked
	peakRank   = 0.97
)

// Reader reads pages; its buffers are reused. It is not safe for concurrent use.
type Reader struct {
	sampler
	dark     []byte // [target][sample]
	base     []byte // by sample, the darkness that the targets have in common; then that below which there is no ink
	masked   []bool // by sample, whether print lies there
	tiles    [tilesAcross * tilesAcross]int
	places   int      // samples of all tiles that are not masked
	ink      []uint16 // of one target
	smoothed []uint16
}

// Read gives the probability that each target was marked, by row of the form, by target of the row; and how
// the ink on the page lies.
func (r *Reader) Read(img *raster.Image, g *register.Grid) ([][]float64, ballot.Fingerprint) {
	all := r.measure(img, g)
	features := featuresOf(all)
	out := make([][]float64, len(features))
	for i, row := range features {
		out[i] = make([]float64, len(row))
		for c, f := range row {
			out[i][c] = fitted.Probability(f)
		}
	}
	return out, fingerprintOf(all, out)
}

// Features measures every target: by row of the form, by target of the row.
func (r *Reader) Features(img *raster.Image, g *register.Grid) [][]Features {
	return featuresOf(r.measure(img, g))
}

func (r *Reader) measure(img *raster.Image, g *register.Grid) (all [][]masses) {
	for i := range g.Blocks {
		all = append(all, r.block(img, g, &g.Blocks[i])...)
	}
	return all
}

func featuresOf(all [][]masses) [][]Features {
	usual := usualMark(all)
	out := make([][]Features, len(all))
	for i, row := range all {
		for c, m := range row {
			rival := 0.0
			for o, n := range row {
				if o != c {
					rival = max(rival, n.weight())
				}
			}
			out[i] = append(out[i], m.features(rival, usual))
		}
	}
	return out
}

// block measures the targets of a block of rows.
func (r *Reader) block(img *raster.Image, g *register.Grid, b *register.Block) [][]masses {
	w := windowOf(b)
	n, size := 0, w.w*w.h
	for _, row := range b.Targets {
		n += len(row)
	}
	if cap(r.dark) < n*size {
		r.dark = make([]byte, n*size)
	}
	r.dark = r.dark[:n*size]
	r.sample(r.dark, &w, img, g, b)
	for at := 0; at < len(r.dark); at += size {
		darken(r.dark[at : at+size])
	}
	if g.Print != nil {
		r.hideWords(&w, g.Print, b)
	}
	r.findPrint(n, size, w.w)
	r.findBase(size)
	r.countPlaces(&w)
	out := make([][]masses, len(b.Targets))
	at := 0
	for i, row := range b.Targets {
		for range row {
			out[i] = append(out[i], r.weigh(&w, r.dark[at:at+size]))
			at += size
		}
	}
	return out
}

// darken turns gray levels into darkness against the target's own paper, the upper quartile of every
// second sample of its window.
func darken(pix []byte) {
	var histogram raster.Histogram
	for i := 0; i < len(pix); i += 2 {
		histogram[pix[i]]++
	}
	darkness := &darknessOf[max(1, histogram.Rank((len(pix)+1)/2, 0.75))]
	for i, v := range pix {
		pix[i] = darkness[v]
	}
}

// darknessOf is, by gray of the paper and of a place on it, how dark the place is, 0 … 255.
var darknessOf = func() *[256][256]byte {
	var t [256][256]byte
	for paper := 1; paper < 256; paper++ {
		for v := range paper {
			t[paper][v] = byte((paper - v) * 255 / paper)
		}
	}
	return &t
}()

// findPrint takes from all targets what they have in common, place by place, and masks it.
func (r *Reader) findPrint(n, size, width int) {
	r.base, r.masked = slices.Grow(r.base[:0], size)[:size], slices.Grow(r.masked[:0], size)[:size]
	darkest := byte(0)
	for i := range r.base {
		var histogram raster.Histogram
		for at := i; at < n*size; at += size {
			histogram[r.dark[at]]++
		}
		r.base[i] = byte(histogram.Rank(n, printRank))
		darkest = max(darkest, r.base[i])
	}
	// The edge of print lies a sample nearer in one target than in the next.
	limit := byte(max(printDark, int(printShare*float64(darkest))))
	clear(r.masked)
	for i, v := range r.base {
		if v >= limit {
			for _, at := range [...]int{i - width, i - 1, i, i + 1, i + width} {
				if at >= 0 && at < size {
					r.masked[at] = true
				}
			}
		}
	}
}

// findBase raises the print by the noise beyond it: what is no darker is no ink. Where print is, nothing is.
func (r *Reader) findBase(size int) {
	var histogram raster.Histogram
	n := 0
	for at := 0; at < len(r.dark); at += size {
		for i, v := range r.dark[at : at+size] {
			if !r.masked[i] {
				histogram[max(0, int(v)-int(r.base[i]))]++
				n++
			}
		}
	}
	floor := max(leastFloor, int(noiseTimes*float64(histogram.Rank(n, noiseRank))))
	for i, masked := range r.masked {
		r.base[i] = byte(min(255, int(r.base[i])+floor))
		if masked {
			r.base[i] = 255
		}
	}
}

// masses are what one target's window holds.
type masses struct {
	zone  [zones]float64  // mm² of black that it comes to
	tiles int             // of those about the box, how many are inked
	peak  float64         // darkness of its darkest places, 0 … 1
	shape ballot.InkShape // how the ink lies, where there is enough of it
}

// weight is the ink that speaks for the target: the less, the farther from it.
func (m masses) weight() float64 { return m.zone[inside] + m.zone[rim]/2 + m.zone[outside]/3 }

func (r *Reader) weigh(w *window, target []byte) masses {
	var sums [zones]int
	var tiles [tilesAcross * tilesAcross]int
	var histogram raster.Histogram
	inked := 0
	for i, v := range target {
		d := int(v) - int(r.base[i])
		if d <= 0 { // most of a page
			continue
		}
		sums[w.zone[i]] += d
		if t := w.tile[i]; t >= 0 {
			tiles[t] += d
			histogram[d]++
			inked++
		}
	}
	histogram[0] = uint32(r.places - inked)
	var m masses
	for z, s := range sums {
		m.zone[z] = float64(s) / 255 / (samplesPerMM * samplesPerMM)
	}
	for t, s := range tiles {
		if n := r.tiles[t]; n > 0 && s >= tileDark*n {
			m.tiles++
		}
	}
	m.peak = float64(histogram.Rank(r.places, peakRank)) / 255
	if m.weight() >= leastShaped {
		m.shape = r.shape(w, target)
	}
	return m
}

// countPlaces counts the samples of each tile, and of all, that are not masked.
func (r *Reader) countPlaces(w *window) {
	r.tiles, r.places = [tilesAcross * tilesAcross]int{}, 0
	for i, t := range w.tile {
		if t >= 0 && !r.masked[i] {
			r.tiles[t]++
			r.places++
		}
	}
}

// usualMark is the weight of an ordinary mark on the page: the upper quartile of the rows' heaviest.
func usualMark(rows [][]masses) float64 {
	var heaviest []float64
	for _, row := range rows {
		most := 0.0
		for _, m := range row {
			most = max(most, m.weight())
		}
		heaviest = append(heaviest, most)
	}
	slices.Sort(heaviest)
	return max(leastMark, heaviest[len(heaviest)*3/4])
}

package density

import (
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

const (
	wordDark  = 26   // darkness of the blank from which a place is print
	wordNear  = 0.35 // mm about print where it may be too
	wordRank  = 0.3  // quantile over the rows that is taken for the bare word
	wordFloor = 8    // darkness beyond the bare word's that is no ink
	wordShare = 0.25 // and share of the bare word's own
)

// hideWords takes the words that the blank prints from the darkness of all targets: of each column what its rows have
// in common where print is or may be.
func (r *Reader) hideWords(w *window, print *raster.Image, b *register.Block) {
	size := w.w * w.h
	cols := len(b.Targets[0])
	word, bare := make([]bool, size), make([]byte, size)
	rows := make([]byte, len(b.Targets))
	for c := range cols {
		x0, y0 := b.Targets[0][c].Centre()
		for i := range size {
			word[i] = wordAt(print, x0-w.halfW+(float64(i%w.w)+0.5)/samplesPerMM, y0-w.halfH+(float64(i/w.w)+0.5)/samplesPerMM)
			for k := range rows {
				rows[k] = r.dark[(k*cols+c)*size+i]
			}
			slices.Sort(rows)
			bare[i] = rows[int(wordRank*float64(len(rows)-1))]
		}
		for i := range size {
			if !word[i] {
				continue
			}
			most := 0
			for _, at := range [...]int{i, i - 1, i + 1, i - w.w, i + w.w} {
				if at >= 0 && at < size {
					most = max(most, int(bare[at]))
				}
			}
			limit := most + wordFloor + int(wordShare*float64(most))
			for k := range rows {
				at := &r.dark[(k*cols+c)*size+i]
				*at = byte(max(0, int(*at)-limit))
			}
		}
	}
}

// wordAt tells whether the blank prints something within wordNear of a place in mm.
func wordAt(print *raster.Image, x, y float64) bool {
	for dy := -1.0; dy <= 1; dy++ {
		for dx := -1.0; dx <= 1; dx++ {
			if 255-print.At((x+dx*wordNear)*ballot.PrintPixelsPerMM, (y+dy*wordNear)*ballot.PrintPixelsPerMM) >= wordDark {
				return true
			}
		}
	}
	return false
}

package writing

import (
	"sort"

	"pingyi/scans/raster"
)

// A stroke is followed across a rule with the slack about it, so many pixels, and comes out so many aside
// at most: a slope of two.
const (
	bridge = 5
	slant  = 8
)

// attach marks the pieces that go on in the cell of a target, across its rules: tails of marks. It is done
// only where something was taken for writing.
func (f *Finder) attach() {
	var links [][2]int32
	for _, r := range f.labels.Runs {
		f.follow(r, int(r.X0), int(r.Y), -1, 0, &links)
		f.follow(r, int(r.X1)-1, int(r.Y), 1, 0, &links)
		for x := int(r.X0); x < int(r.X1); x++ {
			f.follow(r, x, int(r.Y), 0, -1, &links)
			f.follow(r, x, int(r.Y), 0, 1, &links)
		}
	}
	for changed := true; changed; { // a tail may cross several rules
		changed = false
		for _, l := range links {
			if f.traces[l[0]].tail != f.traces[l[1]].tail {
				f.traces[l[0]].tail, f.traces[l[1]].tail = true, true
				changed = true
			}
		}
	}
}

// follow goes from a pixel of a piece straight across a rule. Ink in a cell there makes the piece a tail,
// another piece is linked to it; a slanting stroke comes out a little aside.
func (f *Finder) follow(r raster.Run, x, y, dx, dy int, links *[][2]int32) {
	x, y = x+dx, y+dy
	if f.zone(x, y) != ignored {
		return
	}
	for n := 0; n < bridge && f.zone(x, y) == ignored; n++ {
		x, y = x+dx, y+dy
	}
	for aside := -slant; aside <= slant; aside++ {
		u, v := x+aside*dy, y+aside*dx
		switch f.zone(u, v) {
		case cell:
			limit := f.limitAt(int(r.X0), int(r.Y))
			f.traces[r.Comp].tail = f.traces[r.Comp].tail || f.small.Pix[v*f.small.W+u] < limit
		case blank:
			if f.mask[v*f.small.W+u] != 0 {
				if c := f.pieceAt(int32(u), int32(v)); c != r.Comp {
					*links = append(*links, [2]int32{r.Comp, c})
				}
			}
		}
	}
}

// zone is that of a pixel; text beyond the picture, where nothing is followed.
func (f *Finder) zone(x, y int) byte {
	if x < 0 || y < 0 || x >= f.small.W || y >= f.small.H {
		return text
	}
	return f.zones[y*f.small.W+x]
}

// pieceAt is the piece that a pixel of the mask belongs to.
func (f *Finder) pieceAt(x, y int32) int32 {
	runs := f.labels.Runs
	i := sort.Search(len(runs), func(i int) bool { return runs[i].Y > y || runs[i].Y == y && runs[i].X1 > x })
	return runs[i].Comp
}

package scans

import (
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// Look measures the picture of the page read last as a trial run judges it; full is that picture, not reduced.
func (r *Reader) Look(full *raster.Image) *ballot.PageLook {
	l := &ballot.PageLook{W: full.W, H: full.H, DPI: statedDPI(full)}
	found := &r.last.found
	if r.last.img == nil || found.Marks == 0 {
		return l
	}
	size := r.sizes[found.Size]
	l.Found, l.Turned = true, found.Rotation%180 != 0
	k := math.Round(float64(full.W) / float64(r.last.img.W))
	sx, sy := found.Map.Scale(size.Width/2, size.Height/2)
	l.Scale = [2]float64{sx * k, sy * k}
	l.Skew = skew(&found.Map, size, found.Rotation)
	l.Edges = edges(r.last.img, &found.Map, size)
	l.Paper, l.Print, l.Grays = tonesOf(full, &found.Map, k, size)
	return l
}

// statedDPI is the resolution that the file states, 0 where it states none: pictures are then taken for A4.
func statedDPI(full *raster.Image) float64 {
	if math.Abs(float64(max(full.W, full.H))/full.DPI*25.4-297) < 0.001 {
		return 0
	}
	return full.DPI
}

// skew is by how many degrees the page lies clockwise off the picture's edges.
func skew(m *register.Homography, size register.Size, rotation int) float64 {
	u0, v0 := m.At(0, size.Height/2)
	u1, v1 := m.At(size.Width, size.Height/2)
	degrees := math.Atan2(v1-v0, u1-u0)*180/math.Pi - float64(rotation)
	return math.Mod(degrees+540, 360) - 180
}

// edges is how far the picture reaches beyond the page's left, top, right and lower edge, in mm of print, by the
// middles of the picture's sides.
func edges(img *raster.Image, m *register.Homography, size register.Size) [4]float64 {
	back := m.Inverse()
	w, h := float64(img.W), float64(img.H)
	var x, y []float64
	for _, p := range [][2]float64{{0, h / 2}, {w, h / 2}, {w / 2, 0}, {w / 2, h}} {
		mx, my := back.At(p[0], p[1])
		x, y = append(x, mx), append(y, my)
	}
	return [4]float64{-slices.Min(x), -slices.Min(y), slices.Max(x) - size.Width, slices.Max(y) - size.Height}
}

const (
	lookMargin = 6  // mm of the page's edge that are left out: dark lids and shadows
	lookSlack  = 35 // gray levels below paper from which a pixel counts as dark
	lookBlack  = 64 // gray below which it counts as black
)

// tonesOf gives the gray of paper (the commonest of the brighter half), that of the marks' middles, of the palest
// quarter of them, and the share of middle grays among what is darker than paper.
func tonesOf(full *raster.Image, m *register.Homography, k float64, size register.Size) (paper, print, grays float64) {
	var histogram [256]int
	for _, v := range pageRows(full, m, k, size) {
		for _, g := range v {
			histogram[g]++
		}
	}
	best := 128
	for g := best; g < 256; g++ {
		if histogram[g] > histogram[best] {
			best = g
		}
	}
	dark, middle := 0, 0
	for g := range max(0, best-lookSlack) {
		dark += histogram[g]
		if g >= lookBlack {
			middle += histogram[g]
		}
	}
	var marks []int
	for _, f := range size.Marks {
		u, v := m.At(f.Centre())
		x, y := int(u*k), int(v*k)
		if x >= 0 && y >= 0 && x < full.W && y < full.H {
			marks = append(marks, int(full.Pix[y*full.W+x]))
		}
	}
	slices.Sort(marks)
	if len(marks) > 0 {
		print = float64(marks[len(marks)*3/4])
	}
	return float64(best), print, float64(middle) / float64(max(1, dark))
}

// pageRows are the stretches of the picture's rows that lie on the page, but for its edge.
func pageRows(full *raster.Image, m *register.Homography, k float64, size register.Size) (rows [][]byte) {
	corners := [][2]float64{{lookMargin, lookMargin}, {size.Width - lookMargin, size.Height - lookMargin}}
	x0, y0, x1, y1 := full.W, full.H, 0, 0
	for _, c := range corners {
		u, v := m.At(c[0], c[1])
		x0, y0 = min(x0, int(u*k)), min(y0, int(v*k))
		x1, y1 = max(x1, int(u*k)), max(y1, int(v*k))
	}
	for y := max(0, y0); y < min(full.H, y1); y++ {
		rows = append(rows, full.Pix[y*full.W+max(0, min(full.W, x0)):y*full.W+max(0, min(full.W, x1))])
	}
	return rows
}

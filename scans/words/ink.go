package words

import "pingyi/scans/raster"

// inkOf tells of each place of a row's patch within the word whether it is ink: darker than the bare word, and strokes
// joined where they cross print.
func (k *column) inkOf(p *patch) []bool {
	found := make([]byte, k.w*k.h) // ink in and about the word
	for i, v := range p.dark {
		if k.mask[i] && v > k.limit[i] || !k.mask[i] && int(v) > inkDepth {
			found[i] = 1
		}
	}
	var labels raster.Labels
	labels.Label(found, k.w, k.h)
	for _, run := range labels.Runs {
		if labels.Comps[run.Comp].Area < leastInk {
			clear(found[int(run.Y)*k.w+int(run.X0) : int(run.Y)*k.w+int(run.X1)])
		}
	}
	ink := make([]bool, k.w*k.h)
	for y := range k.h {
		for x := range k.w {
			i := y*k.w + x
			ink[i] = k.mask[i] && (found[i] != 0 || int(p.dark[i]) > inkDepth && k.between(found, x, y))
		}
	}
	return ink
}

// between tells whether ink lies on two opposite sides of a place.
func (k *column) between(found []byte, x, y int) bool {
	for _, d := range [...][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
		if k.meets(found, x, y, d[0], d[1]) && k.meets(found, x, y, -d[0], -d[1]) {
			return true
		}
	}
	return false
}

func (k *column) meets(found []byte, x, y, dx, dy int) bool {
	for n := 1; n <= reach; n++ {
		u, v := x+n*dx, y+n*dy
		if u < 0 || v < 0 || u >= k.w || v >= k.h {
			return false
		}
		if found[v*k.w+u] != 0 {
			return true
		}
	}
	return false
}

// erase makes the word of a row white but for its ink.
func (k *column) erase(s *Sheet, r int) {
	p := &k.cells[r]
	for y := range k.h {
		for x := range k.w {
			i, u, v := y*k.w+x, p.x+x, p.y+y
			if k.mask[i] && !k.ink[r][i] && u >= 0 && v >= 0 && u < s.W && v < s.H {
				s.Pix[v*s.W+u] = max(s.Pix[v*s.W+u], byte(p.paper))
			}
		}
	}
}

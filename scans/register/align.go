package register

import (
	"math"
	"slices"
	"sort"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// upright turns the picture so that the page stands upright, in pixels.
type upright struct {
	turns      int
	mirrored   bool
	w, h       float64 // of the upright picture
	srcW, srcH float64
	tilt       [2]float64 // slopes of the rules across and down
}

func newUpright(img *raster.Image, turns int, mirrored bool) *upright {
	u := &upright{turns: turns, mirrored: mirrored, srcW: float64(img.W), srcH: float64(img.H)}
	u.w, u.h = u.srcW, u.srcH
	if turns%2 == 1 {
		u.w, u.h = u.h, u.w
	}
	return u
}

// at maps a place of the picture to the upright one; the turns are those of Found.Rotation.
func (u *upright) at(p Point) Point {
	switch u.turns {
	case 1:
		p = Point{p.Y, u.srcW - p.X}
	case 2:
		p = Point{u.srcW - p.X, u.srcH - p.Y}
	case 3:
		p = Point{u.srcH - p.Y, p.X}
	}
	if u.mirrored {
		p.X = u.w - p.X
	}
	return p
}

// back maps a place of the upright picture to the picture.
func (u *upright) back(p Point) Point {
	if u.mirrored {
		p.X = u.w - p.X
	}
	switch u.turns {
	case 1:
		p = Point{u.srcW - p.Y, p.X}
	case 2:
		p = Point{u.srcW - p.X, u.srcH - p.Y}
	case 3:
		p = Point{p.Y, u.srcH - p.X}
	}
	return p
}

// place is where rules of one direction stand, with their length, in pixels.
type place struct{ at, length float64 }

// places levels lines that run across (or down) the upright picture: each stands where it crosses the middle.
func (u *upright) places(lines []Line, across bool) (out []place) {
	type tilted struct{ along, at, slope, length float64 }
	var all []tilted
	for _, l := range lines {
		a, b := u.at(l.A), u.at(l.B)
		if !across {
			a, b = Point{a.Y, a.X}, Point{b.Y, b.X}
		}
		all = append(all, tilted{(a.X + b.X) / 2, (a.Y + b.Y) / 2, (b.Y - a.Y) / (b.X - a.X), l.Len()})
	}
	dir, mid := 0, u.w/2
	if !across {
		dir, mid = 1, u.h/2
	}
	sort.Slice(all, func(i, j int) bool { return all[i].slope < all[j].slope })
	total := 0.0
	for _, l := range all {
		total += l.length
	}
	for _, l := range all {
		if total -= 2 * l.length; total <= 0 {
			u.tilt[dir] = l.slope
			break
		}
	}
	for _, l := range all {
		out = append(out, place{l.at - u.tilt[dir]*(l.along-mid), l.length})
	}
	return joined(out, alignSlack/2*min(u.srcW, u.srcH)/210)
}

// joined adds up places nearer to each other than slack.
func joined(all []place, slack float64) (out []place) {
	sort.Slice(all, func(i, j int) bool { return all[i].at < all[j].at })
	for _, p := range all {
		if n := len(out); n > 0 && p.at-out[n-1].at < slack {
			o := &out[n-1]
			o.at = (o.at*o.length + p.at*p.length) / (o.length + p.length)
			o.length += p.length
			continue
		}
		out = append(out, p)
	}
	return out
}

// align lays mm onto pixels of the upright picture: px = scale·mm + offset.
type align struct{ scale, offset, share, score float64 }

// alignments are the likeliest scales and offsets by which the rules of one direction lie on places.
func alignments(rules []ballot.Rule, across bool, found []place, prior float64) []align {
	var form []place
	for _, r := range rules {
		if r.Across() == across {
			if across {
				form = append(form, place{r.Y0, r.X1 - r.X0})
			} else {
				form = append(form, place{r.X0, r.Y1 - r.Y0})
			}
		}
	}
	form = joined(form, 0.3)
	n := len(form)
	if n < 2 || len(found) < 2 {
		return nil
	}
	var out []align
	for i := range min(3, n-1) {
		for j := n - 1; j >= max(i+1, n-3); j-- {
			span := form[j].at - form[i].at
			for a := range found {
				for b := a + 1; b < len(found); b++ {
					scale := (found[b].at - found[a].at) / span
					if scale < leastScale*prior || scale > mostScale*prior {
						continue
					}
					out = keep(out, score(form, found, scale, found[a].at-scale*form[i].at))
				}
			}
		}
	}
	return out
}

// score is how much of the rules' length lies on places, and of the places' length on rules.
func score(form, found []place, scale, offset float64) align {
	on, all, hit, total := 0.0, 0.0, 0.0, 0.0
	k := 0
	for _, p := range form {
		at := scale*p.at + offset
		all += p.length
		for k+1 < len(found) && math.Abs(found[k+1].at-at) <= math.Abs(found[k].at-at) {
			k++
		}
		if math.Abs(found[k].at-at) <= alignSlack*scale {
			on += p.length
			hit += min(found[k].length, p.length*scale)
		}
	}
	lo, hi := scale*(form[0].at-alignSlack)+offset, scale*(form[len(form)-1].at+alignSlack)+offset
	for _, p := range found {
		if p.at >= lo && p.at <= hi {
			total += p.length
		}
	}
	share := on / all
	return align{scale, offset, share, share * hit / max(1, total)}
}

// keep holds the best few that differ by more than slack.
func keep(out []align, a align) []align {
	for i, o := range out {
		if math.Abs(o.scale/a.scale-1) < 0.01 && math.Abs(o.offset-a.offset) < 2.5*alignSlack*a.scale {
			if a.score > o.score {
				out[i] = a
			}
			return out
		}
	}
	out = append(out, a)
	slices.SortStableFunc(out, func(x, y align) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return 0
	})
	return out[:min(len(out), hypotheses)]
}

// compose is the map from form mm to the picture, with the tilts of both directions.
func (u *upright) compose(x, y align) Homography {
	to := func(mx, my float64) Point {
		// px = x.scale·mx + x.offset + tilt₁·(py − h/2), py = y.scale·my + y.offset + tilt₀·(px − w/2)
		a, b := x.scale*mx+x.offset, y.scale*my+y.offset
		px, py := a, b
		for range 4 { // the tilts are small: this converges at once
			px = a + u.tilt[1]*(py-u.h/2)
			py = b + u.tilt[0]*(px-u.w/2)
		}
		return u.back(Point{px, py})
	}
	form := []Point{{0, 0}, {100, 0}, {0, 100}}
	h, _ := fitAffine(form, []Point{to(0, 0), to(100, 0), to(0, 100)})
	return h
}

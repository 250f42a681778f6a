package register

import (
	"fmt"
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Size is a page size with its arrangement of marks, as known from the forms.
type Size struct {
	Width, Height float64 // mm
	Marks         []ballot.Rect
}

// Found is where a page lies in a picture.
type Found struct {
	Map      Homography // form mm → picture px
	Size     int        // index into the sizes asked for
	Rotation int        // degrees clockwise that the picture was turned against the form: 0, 90, 180, 270
	Marks    int        // marks that were found and used
	Residual float64    // mm, root mean square of those marks about their fitted places
	Strays   []Point    // mm on the form: what looks like a mark where the form has none
}

const (
	coarsePixelsPerMM = 1.5  // of the reduced picture: a 4 mm mark is 6 pixels
	matchRadius       = 3.0  // mm by which a mark may lie off a coarse fit (roller stretch, unequal axes)
	enoughMarks       = 9    // of twelve: no other arrangement can explain as many
	enoughForDepth    = 7    // for perspective: fewer would fit noise
	minMarks          = 5    // fewer do not fix position, scale, shear and way up together
	maxTilt           = 13.0 // degrees
	maxShear          = 5.0  // degrees by which the axes may leave the right angle
	straySlack        = 25   // gray levels by which a stray may be paler than the palest mark
	maxOutlier        = 0.9  // mm; a mark farther off its fitted place is left out of the fit
	minPixelsPerMM    = 5.2  // 132 dots per inch: below, a thin tick covers under two pixels
)

// Finder finds pages; its buffers are reused. It is not safe for concurrent use.
type Finder struct {
	sizes  []Size
	small  raster.Image
	mask   []byte
	sums   []uint32
	labels raster.Labels
}

// NewFinder makes a finder for the page sizes that the forms have.
func NewFinder(sizes []Size) *Finder { return &Finder{sizes: sizes} }

// candidate is a blob that may be a mark, in pixels of the full picture.
type candidate struct {
	Point
	side float64
	gray int // of its middle
}

// match is an arrangement that explains some candidates.
type match struct {
	size, turns int
	mirrored    bool
	fit         Homography
	form, found []Point
	blobs       []Point // found, before they are refined
	inner       int     // matched marks that are not in a corner
}

// Find locates the page. A page that cannot be located is rejected with the facts.
func (f *Finder) Find(img *raster.Image) (Found, *ballot.Rejection) {
	candidates, dark := f.candidates(img)
	best, second := f.bestMatch(img, candidates)
	if len(best.form) < minMarks {
		if len(candidates) == 0 && dark < 0.002 {
			return Found{}, &ballot.Rejection{Reason: ballot.RejectBlankSide, Facts: fmt.Sprintf("%.2f %% of the picture is dark", 100*dark)}
		}
		return Found{}, &ballot.Rejection{Reason: ballot.RejectNoPage,
			Facts: fmt.Sprintf("%d of the registration marks found, %d needed; %d mark-like blobs", len(best.form), minMarks, len(candidates))}
	}
	if best.inner < 2 || len(second.form) >= len(best.form)-1 {
		return Found{}, &ballot.Rejection{Reason: ballot.RejectNoPage,
			Facts: fmt.Sprintf("way up not certain: %d marks one way, %d another", len(best.form), len(second.form))}
	}
	if best.mirrored {
		return Found{}, &ballot.Rejection{Reason: ballot.RejectMirrored, Facts: fmt.Sprintf("%d marks match the mirrored page", len(best.form))}
	}
	best.blobs = slices.Clone(best.found)
	found, rejected := f.fit(img, best)
	found.Strays = f.strays(candidates, best, &found.Map)
	return found, rejected
}

// strays are candidates as large and as dark as the marks that were matched, and not among them.
func (f *Finder) strays(candidates []candidate, m match, h *Homography) (out []Point) {
	size := f.sizes[m.size]
	sx, sy := m.fit.Scale(0, 0)
	side := size.Marks[0].W * math.Sqrt(sx*sy)
	matched := map[Point]bool{}
	for _, p := range m.blobs {
		matched[p] = true
	}
	palest := 0
	for _, c := range candidates {
		if matched[c.Point] {
			palest = max(palest, c.gray)
		}
	}
	back := h.Inverse()
	for _, c := range candidates {
		if !matched[c.Point] && c.gray <= palest+straySlack && c.side > 0.8*side && c.side < 1.25*side {
			if x, y := back.At(c.X, c.Y); !nearMark(size, x, y) {
				out = append(out, Point{x, y})
			}
		}
	}
	return out
}

// nearMark tells whether a place may be that of one of the page's own marks, moved or half lost.
func nearMark(s Size, x, y float64) bool {
	return slices.ContainsFunc(s.Marks, func(r ballot.Rect) bool {
		mx, my := r.Centre()
		return math.Hypot(mx-x, my-y) < 2*matchRadius
	})
}

// bestMatch tries every size, quarter turn and mirror image, the likeliest first, and stops at one that
// nothing else can rival. second is the best of another orientation.
func (f *Finder) bestMatch(img *raster.Image, candidates []candidate) (best, second match) {
	for si, s := range f.sizes {
		turns := []int{0, 2, 1, 3}
		if (img.W > img.H) != (s.Width > s.Height) {
			turns = []int{1, 3, 0, 2}
		}
		for _, mirrored := range []bool{false, true} {
			for _, t := range turns {
				m := matchOne(img, candidates, s, t, mirrored)
				m.size, m.turns, m.mirrored = si, t, mirrored
				if len(m.form) > len(best.form) {
					best, second = m, best
				} else if len(m.form) > len(second.form) {
					second = m
				}
				if len(best.form) >= enoughMarks && best.inner >= 4 {
					return best, second
				}
			}
		}
	}
	return best, second
}

// prior maps form mm to picture pixels as if the page filled the picture exactly.
func prior(img *raster.Image, s Size, turns int, mirrored bool) Homography {
	w, h := float64(img.W), float64(img.H)
	var p Homography
	switch turns { // the form's x axis points right, down, left, up
	case 0:
		p = Homography{w / s.Width, 0, 0, 0, h / s.Height, 0}
	case 1:
		p = Homography{0, -w / s.Height, w, h / s.Width, 0, 0}
	case 2:
		p = Homography{-w / s.Width, 0, w, 0, -h / s.Height, h}
	default:
		p = Homography{0, w / s.Height, 0, -h / s.Width, 0, h}
	}
	if mirrored { // x becomes Width - x
		p[2] += p[0] * s.Width
		p[5] += p[3] * s.Width
		p[0], p[3] = -p[0], -p[3]
	}
	return p
}

// matchOne looks for the affine map, near the prior, that explains most marks of one arrangement.
func matchOne(img *raster.Image, candidates []candidate, s Size, turns int, mirrored bool) match {
	p := prior(img, s, turns, mirrored)
	sx, sy := p.Scale(0, 0)
	if r := sx / sy; r < 0.72 || r > 1.39 { // not this size in this direction, even with 15 mm cut off
		return match{}
	}
	reach := 48 * max(sx, sy) // 13° of tilt, or 15 mm cut off with 8° of tilt, moves a corner this far
	near := make([][]int, len(s.Marks))
	for i, mark := range s.Marks {
		u, v := p.At(mark.Centre())
		for j, c := range candidates {
			if math.Hypot(c.X-u, c.Y-v) < reach {
				near[i] = append(near[i], j)
			}
		}
	}
	search := affineSearch{candidates: candidates, size: s, near: near, prior: p}
	search.run()
	search.extend()
	return search.best
}

type affineSearch struct {
	candidates []candidate
	size       Size
	near       [][]int
	prior      Homography
	best       match
}

// run tries every triple of marks that spans the page with every assignment of candidates near them.
func (a *affineSearch) run() {
	n := len(a.size.Marks)
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			for k := j + 1; k < n; k++ {
				if len(a.best.form) >= enoughMarks {
					return
				}
				if a.spread(i, j, k) {
					a.tryTriple(i, j, k)
				}
			}
		}
	}
}

// spread tells whether three marks span enough of the page to extrapolate from.
func (a *affineSearch) spread(i, j, k int) bool {
	p, q, r := centre(a.size.Marks[i]), centre(a.size.Marks[j]), centre(a.size.Marks[k])
	area := math.Abs((q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X))
	return area > 0.12*a.size.Width*a.size.Height
}

func (a *affineSearch) tryTriple(i, j, k int) {
	form := []Point{centre(a.size.Marks[i]), centre(a.size.Marks[j]), centre(a.size.Marks[k])}
	for _, ci := range a.near[i] {
		for _, cj := range a.near[j] {
			for _, ck := range a.near[k] {
				if ci == cj || cj == ck || ci == ck {
					continue
				}
				found := []Point{a.candidates[ci].Point, a.candidates[cj].Point, a.candidates[ck].Point}
				h, ok := fitAffine(form, found)
				if ok && a.plausible(&h, a.candidates[ci].side) {
					a.score(h)
				}
			}
		}
	}
}

// plausible checks tilt against the prior, shear, and the scale against the marks' own size.
func (a *affineSearch) plausible(h *Homography, side float64) bool {
	tiltX := math.Atan2(h[3], h[0]) - math.Atan2(a.prior[3], a.prior[0])
	tiltY := math.Atan2(h[4], h[1]) - math.Atan2(a.prior[4], a.prior[1])
	tiltX, tiltY = math.Remainder(tiltX, 2*math.Pi), math.Remainder(tiltY, 2*math.Pi)
	const degree = math.Pi / 180
	if math.Abs(tiltX) > maxTilt*degree || math.Abs(tiltY) > maxTilt*degree || math.Abs(tiltX-tiltY) > maxShear*degree {
		return false
	}
	sx, sy := h.Scale(0, 0)
	wanted := a.size.Marks[0].W * math.Sqrt(sx*sy)
	return sx/sy > 0.85 && sx/sy < 1.18 && side > 0.72*wanted && side < 1.38*wanted
}

// extend looks for the marks that an affine map left out because the page was seen at an angle.
func (a *affineSearch) extend() {
	for known := 0; known < len(a.best.form) && len(a.best.form) < len(a.size.Marks); {
		known = len(a.best.form)
		if known < enoughForDepth {
			return
		}
		if h, ok := fitProjective(a.best.form, a.best.found); ok {
			a.score(h)
		}
	}
}

func (a *affineSearch) score(h Homography) {
	sx, sy := h.Scale(0, 0)
	radius := matchRadius * (sx + sy) / 2
	m := match{fit: h}
	used := make(map[int]bool, len(a.size.Marks))
	for i, mark := range a.size.Marks {
		u, v := h.At(mark.Centre())
		bestDist, bestJ := radius, -1
		for _, j := range a.near[i] {
			if d := math.Hypot(a.candidates[j].X-u, a.candidates[j].Y-v); d < bestDist && !used[j] {
				bestDist, bestJ = d, j
			}
		}
		if bestJ < 0 {
			continue
		}
		used[bestJ] = true
		m.form = append(m.form, centre(mark))
		m.found = append(m.found, a.candidates[bestJ].Point)
		if !isCorner(mark, a.size) {
			m.inner++
		}
	}
	if len(m.form) > len(a.best.form) {
		a.best = m
	}
}

func isCorner(r ballot.Rect, s Size) bool {
	x, y := r.Centre()
	return (x < s.Width*0.12 || x > s.Width*0.88) && (y < s.Height*0.1 || y > s.Height*0.9)
}

func centre(r ballot.Rect) Point {
	x, y := r.Centre()
	return Point{x, y}
}

// fit refines the marks' places on the full picture and fits the final map, leaving out marks that lie
// too far from where the others put them (a half torn mark, dirt beside one).
func (f *Finder) fit(img *raster.Image, m match) (Found, *ballot.Rejection) {
	size := f.sizes[m.size]
	sx, sy := m.fit.Scale(0, 0)
	side := size.Marks[0].W * math.Sqrt(sx*sy)
	for i := range m.found {
		m.found[i] = refineMark(img, m.found[i], side)
	}
	h, form, residual := robustFit(m.form, m.found, sx)
	found := Found{Map: h, Size: m.size, Rotation: m.turns * 90, Marks: len(form), Residual: residual}
	if len(form) < minMarks {
		return found, &ballot.Rejection{Reason: ballot.RejectDistorted, Facts: fmt.Sprintf("only %d marks agree with each other", len(form))}
	}
	if math.Min(sx, sy) < minPixelsPerMM {
		return found, &ballot.Rejection{Reason: ballot.RejectResolution, Facts: fmt.Sprintf("%.0f dots per inch on the page; scan at 200 or more", math.Min(sx, sy)*25.4)}
	}
	return found, nil
}

// robustFit drops the worst mark until all lie within maxOutlier mm.
func robustFit(form, found []Point, pixelsPerMM float64) (h Homography, kept []Point, rms float64) {
	form, found = append([]Point(nil), form...), append([]Point(nil), found...)
	for {
		ok := false
		if len(form) >= enoughForDepth {
			h, ok = fitProjective(form, found)
		}
		if !ok {
			h, _ = fitAffine(form, found)
		}
		worst, at, sum := 0.0, -1, 0.0
		for i, p := range form {
			u, v := h.At(p.X, p.Y)
			d := math.Hypot(u-found[i].X, v-found[i].Y) / pixelsPerMM
			sum += d * d
			if d > worst {
				worst, at = d, i
			}
		}
		rms = math.Sqrt(sum / float64(len(form)))
		if worst <= maxOutlier || len(form) <= minMarks {
			if worst > 2*maxOutlier {
				return h, nil, rms
			}
			return h, form, rms
		}
		form = append(form[:at], form[at+1:]...)
		found = append(found[:at], found[at+1:]...)
	}
}

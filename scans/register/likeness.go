package register

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// likeness compares the print of a page with a picture, place by place, where neither rules nor marks lie.
type likeness struct {
	at     []Point // mm
	dark   []float64
	offset []Point // of the four places whose mean each sample is
}

const (
	likeStep = 1.2 // mm between places
	likeBlur = 0.7 // mm from a place to those that are averaged with it
	likeRule = 1.2 // mm about rules and cells that is left out
	likePage = 6.0 // mm of the page's edge
)

// likenessOf prepares a page: places in text, and about as many in white.
func likenessOf(page *ballot.FormPage, print *raster.Image) likeness {
	l := likeness{offset: []Point{{0, 0}, {likeBlur, 0}, {-likeBlur, 0}, {0, likeBlur}, {0, -likeBlur}}}
	at := func(x, y float64) float64 {
		return l.mean(func(x, y float64) byte { return print.At(x*ballot.PrintPixelsPerMM, y*ballot.PrintPixelsPerMM) }, x, y)
	}
	area := textArea(page)
	for y := area.Y; y < area.Bottom(); y += likeStep {
		for x := area.X; x < area.Right(); x += likeStep {
			if !nearRule(page, x, y) {
				l.at, l.dark = append(l.at, Point{x, y}), append(l.dark, at(x, y))
			}
		}
	}
	return l
}

// textArea is what holds all tables and labels, with some white about it.
func textArea(page *ballot.FormPage) ballot.Rect {
	x0, y0, x1, y1 := page.Width, page.Height, 0.0, 0.0
	add := func(r ballot.Rect) {
		x0, y0, x1, y1 = min(x0, r.X), min(y0, r.Y), max(x1, r.Right()), max(y1, r.Bottom())
	}
	for _, l := range page.Labels {
		add(l.Rect)
	}
	for _, r := range page.Rules {
		add(ballot.Rect{X: r.X0, Y: r.Y0, W: r.X1 - r.X0, H: r.Y1 - r.Y0})
	}
	x0, y0 = max(likePage, x0-5), max(likePage, y0-5)
	return ballot.Rect{X: x0, Y: y0, W: min(page.Width-likePage, x1+5) - x0, H: min(page.Height-likePage, y1+5) - y0}
}

func nearRule(page *ballot.FormPage, x, y float64) bool {
	for _, r := range page.Rules {
		if x > r.X0-likeRule && x < r.X1+likeRule && y > r.Y0-likeRule && y < r.Y1+likeRule {
			return true
		}
	}
	for _, t := range page.Targets {
		if t.Cell.Inset(-likeRule).Contains(x, y) {
			return true
		}
	}
	return false
}

func (l *likeness) mean(at func(x, y float64) byte, x, y float64) float64 {
	sum := 0
	for _, o := range l.offset {
		sum += int(at(x+o.X, y+o.Y))
	}
	return float64(sum) / float64(len(l.offset))
}

// of is the correlation of the page's print with a picture, which stands reduced by a factor, under a map: 1
// for the same print, 0 for any other.
func (l *likeness) of(img *raster.Image, factor float64, h *Homography) float64 {
	var n, sx, sy, sxx, sxy, syy float64
	for i, p := range l.at {
		sum := 0
		for _, o := range l.offset {
			u, v := h.At(p.X+o.X, p.Y+o.Y)
			sum += int(img.At(u/factor, v/factor))
		}
		x, y := l.dark[i], float64(sum)/float64(len(l.offset))
		n, sx, sy, sxx, sxy, syy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
	}
	if n == 0 {
		return 0
	}
	vx, vy := sxx/n-sx/n*sx/n, syy/n-sy/n*sy/n
	if vx <= 0 || vy <= 0 {
		return 0
	}
	return (sxy/n - sx/n*sy/n) / math.Sqrt(vx*vy)
}

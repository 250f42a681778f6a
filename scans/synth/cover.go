package synth

import (
	"math"

	"pingyi/scans/raster"
)

// Cover lays a piece of paper or tape on a page: a convex shape of corners in mm, in clockwise order, of one gray. Its
// edge throws a shadow that leaves so much of the light, 1 for none.
func Cover(m *raster.Image, corners [][2]float64, gray byte, light float64) {
	const shadowWidth = 0.4 // mm
	scale := m.DPI / 25.4
	for y := range m.H {
		for x := range m.W {
			px, py := (float64(x)+0.5)/scale, (float64(y)+0.5)/scale
			within := math.Inf(1) // mm inside the nearest edge
			for i, a := range corners {
				b := corners[(i+1)%len(corners)]
				dx, dy := b[0]-a[0], b[1]-a[1]
				within = min(within, (dx*(py-a[1])-dy*(px-a[0]))/math.Hypot(dx, dy))
			}
			switch at := y*m.W + x; {
			case within >= 0:
				m.Pix[at] = gray
			case within > -shadowWidth:
				m.Pix[at] = byte(float64(m.Pix[at]) * light)
			}
		}
	}
}

package scans

import (
	"math"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Picture is the page read last as it is kept: a page whose form is known is warped upright onto the
// form's geometry at PicturePixelsPerMM; any other page is the picture as it was given. Of a page that was read
// the comment box is blank, whether anything stood in it or not: comments are kept apart from their pages. So is
// the code of serial mode, which names the sheet.
func (r *Reader) Picture() *raster.Image {
	page := r.last.page
	if page == nil {
		return r.last.img
	}
	out := raster.New(int(page.Width*PicturePixelsPerMM), int(page.Height*PicturePixelsPerMM))
	out.DPI = PicturePixelsPerMM * 25.4
	r.last.img.Upright(out.Pix, out.W, out.H, func(x, y float64) (u, v float64) {
		return r.last.found.Map.At(x/PicturePixelsPerMM, y/PicturePixelsPerMM)
	})
	if page.Comment != nil && r.last.read {
		blank(out, page.Comment.Inset(-commentSlack))
	}
	if r.last.serial {
		blank(out, page.Code.Inset(-codeSlack))
	}
	return out
}

// commentSlack is how far, in mm, stretch within a page can move the frame of its comment box.
const commentSlack = 1.2

// codeSlack is how far, in mm, a code can lie from its place and still be read: see code.Read.
const codeSlack = 4

// blank makes a rectangle in mm of a kept picture white.
func blank(m *raster.Image, r ballot.Rect) {
	px := func(mm float64, limit int) int { return max(0, min(limit, int(math.Round(mm*PicturePixelsPerMM)))) }
	for y := px(r.Y, m.H); y < px(r.Bottom(), m.H); y++ {
		row := m.Pix[y*m.W+px(r.X, m.W) : y*m.W+px(r.Right(), m.W)]
		for i := range row {
			row[i] = 255
		}
	}
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

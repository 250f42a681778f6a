package scans

import (
	"image"
	"image/draw"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

const (
	cropInset     = 0.4  // mm of a box's edge left out: its rules
	cropMargin    = 10   // pixels of paper around a line of print, which Tesseract wants
	inkShare      = 0.25 // of the way from paper to the darkest print, from which a pixel is print
	smoothRadius  = 0.12 // mm over which a dithered picture is averaged, to each side
	leastContrast = 40   // gray levels between paper and print
	faintestPrint = 12   // the same where a crop is stretched to all levels
	lineMargins   = 0.35 // mm of its own paper around the line that repeats the code
	leastLine     = 1.2  // mm that a line of print is high
	leastStroke   = 8    // pixels of print that are no speck
)

// crop cuts a box of the form out of the picture, upright, at k pixels a mm. at maps mm on the form to pixels.
func crop(img *raster.Image, at func(x, y float64) (u, v float64), box ballot.Rect, k float64) *image.Gray {
	box = box.Inset(cropInset)
	out := image.NewGray(image.Rect(0, 0, max(1, int(box.W*k)), max(1, int(box.H*k))))
	img.Upright(out.Pix, out.Rect.Dx(), out.Rect.Dy(), func(x, y float64) (u, v float64) { return at(box.X+x/k, box.Y+y/k) })
	return out
}

// printLines splits a crop into its lines of print, each cut to its ink. Specks are no print. em is the height
// of a character in mm at the largest size at which it may be printed: strokes nearer than that are of one line.
// The crop has k pixels a mm.
func printLines(crop *image.Gray, em, k float64) (lines []*image.Gray) {
	return withPaper(crop, printBounds(crop, em, k), 0)
}

// withPaper cuts lines out of a crop, with so many pixels around them.
func withPaper(crop *image.Gray, bounds []image.Rectangle, margin float64) (lines []*image.Gray) {
	for _, b := range bounds {
		lines = append(lines, cut(crop, b.Inset(-int(margin)).Intersect(crop.Rect)))
	}
	return lines
}

// printBounds are where the lines of print lie.
func printBounds(crop *image.Gray, em, k float64) (lines []image.Rectangle) {
	paper, black := tones(crop)
	limit := byte(paper - inkShare*(paper-black))
	if paper-black < leastContrast {
		return nil
	}
	ink := func(v byte) bool { return v < limit }
	w, h := crop.Rect.Dx(), crop.Rect.Dy()
	var bands []image.Rectangle
	for y, inside := 0, false; y < h; y++ {
		n := 0
		for _, v := range crop.Pix[y*crop.Stride:][:w] {
			if ink(v) {
				n++
			}
		}
		if n >= 2 && !inside {
			bands = append(bands, image.Rect(0, y, w, y))
		}
		if inside = n >= 2; inside {
			bands[len(bands)-1].Max.Y = y + 1
		}
	}
	for i := 1; i < len(bands); {
		if both := bands[i-1].Union(bands[i]); float64(both.Dy()) <= 1.1*em*k {
			bands[i-1] = both
			bands = slices.Delete(bands, i, i+1)
		} else {
			i++
		}
	}
	for _, b := range bands {
		line := crop.SubImage(b).(*image.Gray)
		if b = inkColumns(line, ink); float64(b.Dy()) >= leastLine*k && !b.Empty() {
			lines = append(lines, b)
		}
	}
	return lines
}

// inkColumns is a line from its first column of print to its last, without specks beside it.
func inkColumns(line *image.Gray, ink func(byte) bool) image.Rectangle {
	r := line.Rect
	first, last := r.Max.X, r.Min.X
	for x := r.Min.X; x < r.Max.X; {
		from, dots := x, 0
		for ; x < r.Max.X; x++ {
			n := 0
			for y := r.Min.Y; y < r.Max.Y; y++ {
				if ink(line.GrayAt(x, y).Y) {
					n++
				}
			}
			if n == 0 {
				break
			}
			dots += n
		}
		if dots >= leastStroke {
			first, last = min(first, from), max(last, x)
		}
		x++
	}
	return inkBounds(line.SubImage(image.Rect(first, r.Min.Y, max(first, last), r.Max.Y)).(*image.Gray), ink)
}

func cut(m *image.Gray, r image.Rectangle) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Rect, m, r.Min, draw.Src)
	return out
}

// stretch makes a crop's paper white and its darkest print black. One that holds next to nothing stays as it is.
func stretch(m *image.Gray) {
	paper, black := tones(m)
	if paper-black < faintestPrint {
		return
	}
	for i, v := range m.Pix {
		m.Pix[i] = byte(max(0, min(255, 255*(float64(v)-black)/(paper-black))))
	}
}

// smooth averages a crop over a square of radius pixels to each side, twice.
func smooth(m *image.Gray, radius int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pass := func(n, lines, step, next int) {
		line := make([]int, n)
		for i := range lines {
			for j := range line {
				line[j] = int(m.Pix[i*next+j*step])
			}
			for j := range line {
				sum, from, to := 0, max(0, j-radius), min(n, j+radius+1)
				for _, v := range line[from:to] {
					sum += v
				}
				m.Pix[i*next+j*step] = byte(sum / (to - from))
			}
		}
	}
	for range 2 {
		pass(w, h, 1, m.Stride)
		pass(h, w, m.Stride, 1)
	}
}

// framed is a crop with so many pixels of paper around it: Tesseract reads text at the edge badly.
func framed(m *image.Gray, margin int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx()+2*margin, m.Rect.Dy()+2*margin))
	paper, _ := tones(m)
	for i := range out.Pix {
		out.Pix[i] = byte(paper)
	}
	draw.Draw(out, out.Rect.Inset(margin), m, m.Rect.Min, draw.Src)
	return out
}

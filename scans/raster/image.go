package raster

import (
	"image"
	"slices"
)

// Image is an 8-bit gray picture, 0 black … 255 white, rows top to bottom, without padding.
type Image struct {
	W, H int
	Pix  []byte
	DPI  float64 // of these pixels; 0 where unknown
}

// New makes a white picture of w × h pixels.
func New(w, h int) *Image {
	m := &Image{W: w, H: h, Pix: make([]byte, w*h)}
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

// Clone is a copy with pixels of its own.
func (m *Image) Clone() *Image {
	return &Image{W: m.W, H: m.H, DPI: m.DPI, Pix: slices.Clone(m.Pix)}
}

// Gray is the picture as the standard library's type; both share their pixels.
func (m *Image) Gray() *image.Gray {
	return &image.Gray{Pix: m.Pix, Stride: m.W, Rect: image.Rect(0, 0, m.W, m.H)}
}

// size makes m a w × h picture with undefined pixels, reusing its buffer.
func (m *Image) size(w, h int, dpi float64) {
	m.W, m.H, m.DPI = w, h, dpi
	if cap(m.Pix) < w*h {
		m.Pix = make([]byte, w*h)
	}
	m.Pix = m.Pix[:w*h]
}

// Rotate90 is m turned clockwise by a number of quarter turns, which may be negative. Without a turn it
// is a copy.
func Rotate90(m *Image, turns int) *Image {
	out := &Image{}
	switch turns & 3 {
	case 0:
		out.size(m.W, m.H, m.DPI)
		copy(out.Pix, m.Pix)
	case 1:
		out.size(m.H, m.W, m.DPI)
		for y := 0; y < m.H; y++ {
			for x, v := range m.Pix[y*m.W : (y+1)*m.W] {
				out.Pix[x*out.W+m.H-1-y] = v
			}
		}
	case 2:
		out.size(m.W, m.H, m.DPI)
		last := len(m.Pix) - 1
		for i, v := range m.Pix {
			out.Pix[last-i] = v
		}
	case 3:
		out.size(m.H, m.W, m.DPI)
		for y := 0; y < m.H; y++ {
			for x, v := range m.Pix[y*m.W : (y+1)*m.W] {
				out.Pix[(m.W-1-x)*out.W+y] = v
			}
		}
	}
	return out
}

package raster

// #include "kernel.h"
import "C"

import (
	"math"
	"slices"
	"unsafe"
)

// Line is a straight line of N samples in a picture: the place of the first and the steps between them in
// 1/65536 pixel.
type Line struct{ U, V, DU, DV, N int32 }

var _ [unsafe.Sizeof(C.line{})]byte = [unsafe.Sizeof(Line{})]byte{}

// LineAt is the line of n samples from (u, v) in steps of (du, dv) pixels.
func LineAt(u, v, du, dv float64, n int) Line {
	return Line{fixed(u), fixed(v), fixed(du), fixed(dv), int32(n)}
}

// fixed is a number of pixels in 1/65536. A place farther than 32767 pixels off is brought as near: a line that
// starts there starts off any picture, and where it enters one is no longer told.
func fixed(pixels float64) int32 {
	return int32(max(math.MinInt32, min(math.MaxInt32, pixels*(1<<16))))
}

// SampleLines reads the samples of all lines into dst, one line after the other, by bilinear interpolation
// between the middles of pixels: place 0 is the middle of the first. Outside the picture is white.
func (m *Image) SampleLines(dst []byte, lines []Line) {
	if m.mustFit(lines); samples(lines) > len(dst) {
		panic("raster: no room for the samples") // of a caller that counted wrong
	}
	if len(lines) > 0 {
		C.pingyi_sample_lines(m.first(), C.int(m.W), C.int(m.H), first(lines), C.int(len(lines)), (*C.uint8_t)(unsafe.SliceData(dst)))
	}
}

// SumLines gives for each line the sum of the pixels that its samples lie in: place 0 is the near edge of
// the first. Outside the picture is white.
func (m *Image) SumLines(dst []int32, lines []Line) {
	if m.mustFit(lines); len(lines) > len(dst) {
		panic("raster: no room for the sums")
	}
	if len(lines) > 0 {
		C.pingyi_sum_lines(m.first(), C.int(m.W), C.int(m.H), first(lines), C.int(len(lines)), (*C.int32_t)(&dst[0]))
	}
}

// mustFit panics where the kernels would read beyond the picture: what is decoded is smaller than that.
func (m *Image) mustFit(lines []Line) {
	if m.W > maxSide || m.H > maxSide || len(m.Pix) < m.W*m.H || slices.ContainsFunc(lines, func(l Line) bool { return l.N < 0 }) {
		panic("raster: a picture or a line that the kernels cannot take")
	}
}

func samples(lines []Line) (n int) {
	for _, l := range lines {
		n += int(l.N)
	}
	return n
}

func first(lines []Line) *C.line { return (*C.line)(unsafe.Pointer(&lines[0])) }

func (m *Image) first() *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(m.Pix)) }

// maxReduce bounds the factor of Reduce: sums of a column fit 16 bits.
const maxReduce = 256

// Reduce fills dst, another picture than m, with m reduced by the integer factor k, by averaging k × k
// pixels. A remainder at the right and lower edge is left out.
func (m *Image) Reduce(dst *Image, k int) {
	k = min(max(1, k), maxReduce)
	dst.size(m.W/k, m.H/k, m.DPI/float64(k))
	if len(m.Pix) < m.W*m.H {
		panic("raster: a picture without its pixels")
	}
	if len(dst.Pix) > 0 {
		columns := make([]C.uint16_t, m.W)
		C.pingyi_reduce(m.first(), C.int(m.W), C.int(m.H), C.int(k), &columns[0], dst.first())
	}
}

// Below sets dst, a mask as large as the picture, to 1 in a rectangle (far edges exclusive) where the picture
// is darker than the limit, else to 0. Where keep is given, only pixels at which it is odd are set.
func (m *Image) Below(dst, keep []byte, x0, y0, x1, y1 int, limit byte) {
	if x0 < 0 || y0 < 0 || x1 > m.W || y1 > m.H || len(dst) < len(m.Pix) || keep != nil && len(keep) < len(m.Pix) {
		panic("raster: a rectangle beyond the picture or its mask") // of a caller that counted wrong
	}
	if x0 >= x1 || y0 >= y1 {
		return
	}
	at := y0*m.W + x0
	var odd *C.uint8_t
	if keep != nil {
		odd = (*C.uint8_t)(&keep[at])
	}
	C.pingyi_below((*C.uint8_t)(&m.Pix[at]), odd, C.int(m.W), C.int(x1-x0), C.int(y1-y0), C.int(limit), (*C.uint8_t)(&dst[at]))
}

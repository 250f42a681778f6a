package raster

import (
	"encoding/binary"
	"image"
	"unsafe"
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

// Reduce fills dst, another picture than m, with m reduced by the integer factor k, by averaging k × k
// pixels. A remainder at the right and lower edge is left out.
func (m *Image) Reduce(dst *Image, k int) {
	k = max(1, k)
	dst.size(m.W/k, m.H/k, m.DPI/float64(k))
	if k == 4 { // the usual factor
		m.quarter(dst)
		return
	}
	sums := make([]uint32, dst.W)
	area := uint32(k * k)
	for y := 0; y < dst.H; y++ {
		clear(sums)
		for j := 0; j < k; j++ {
			addRow(sums, m.Pix[(y*k+j)*m.W:(y*k+j+1)*m.W], k)
		}
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		for x, s := range sums {
			row[x] = byte((s + area/2) / area)
		}
	}
}

// ReduceInto makes dst a picture of m's size reduced by the factor k, with undefined pixels, for ReduceSpan.
func (m *Image) ReduceInto(dst *Image, k int) { dst.size(m.W/k, m.H/k, m.DPI/float64(k)) }

// ReduceSpan fills the pixels from x0 to before x1 of row y of dst as Reduce would.
func (m *Image) ReduceSpan(dst *Image, k, y, x0, x1 int) {
	row := dst.Pix[y*dst.W : (y+1)*dst.W]
	x := x0
	if k == 2 { // four squares at a time: bytes are added in pairs in 16-bit lanes
		const low, two = 0x00ff00ff00ff00ff, 0x0002000200020002
		a, b, out := m.Pix[2*y*m.W+2*x0:], m.Pix[(2*y+1)*m.W+2*x0:], row[x0:x1]
		for len(out) >= 4 && len(a) >= 8 && len(b) >= 8 {
			v, w := binary.LittleEndian.Uint64(a), binary.LittleEndian.Uint64(b)
			s := (v&low + v>>8&low + w&low + w>>8&low + two) >> 2 & low
			s |= s >> 8
			binary.LittleEndian.PutUint32(out, uint32(s&0xffff|s>>16&0xffff0000))
			a, b, out = a[8:], b[8:], out[4:]
		}
		x = x1 - len(out)
	}
	area := k * k
	for ; x < x1; x++ {
		sum := area / 2
		for j := range k {
			at := (y*k+j)*m.W + x*k
			for _, v := range m.Pix[at : at+k] {
				sum += int(v)
			}
		}
		row[x] = byte(sum / area)
	}
}

// quarter averages 4 × 4 pixels, two squares at a time: bytes are added in pairs in 16-bit lanes.
func (m *Image) quarter(dst *Image) {
	pairs := func(row []byte, x int) uint64 {
		v := binary.LittleEndian.Uint64(row[x:])
		return v&0x00ff00ff00ff00ff + v>>8&0x00ff00ff00ff00ff
	}
	var rows [4][]byte
	for y := range dst.H {
		for j := range rows {
			rows[j] = m.Pix[(4*y+j)*m.W : (4*y+j+1)*m.W]
		}
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		x := 0
		for ; x+2 <= len(row); x += 2 {
			s := pairs(rows[0], 4*x) + pairs(rows[1], 4*x) + pairs(rows[2], 4*x) + pairs(rows[3], 4*x)
			s += s >> 16
			row[x], row[x+1] = byte((s&0xffff+8)/16), byte((s>>32&0xffff+8)/16)
		}
		if x < len(row) {
			s := 8
			for _, p := range rows {
				s += int(p[4*x]) + int(p[4*x+1]) + int(p[4*x+2]) + int(p[4*x+3])
			}
			row[x] = byte(s / 16)
		}
	}
}

// addRow adds every k pixels of a row to one sum.
func addRow(sums []uint32, row []byte, k int) {
	for x := range sums {
		s := uint32(0)
		for _, v := range row[x*k : x*k+k] {
			s += uint32(v)
		}
		sums[x] += s
	}
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

// SampleLine reads samples along a straight line by bilinear interpolation; the place of the first and the
// steps between them are in 1/65536 pixel, from the middle of the first pixel. Outside the picture is white.
func (m *Image) SampleLine(dst []byte, u, v, du, dv int) {
	maxX, maxY := m.W-1, m.H-1
	n := len(dst) - 1
	if inside(u, maxX) && inside(u+n*du, maxX) && inside(v, maxY) && inside(v+n*dv, maxY) {
		m.sampleInside(dst, u, v, du, dv)
		return
	}
	for i := range dst {
		if inside(u, maxX) && inside(v, maxY) {
			m.sampleInside(dst[i:i+1], u, v, 0, 0)
		} else {
			dst[i] = 255
		}
		u, v = u+du, v+dv
	}
}

// sampleInside is SampleLine where all samples lie inside; a page takes some 600,000 of them. The two rows
// that a sample lies between are interpolated at once, in the halves of a 64-bit word, and are read without
// the checks that SampleLine made for the whole line: first and last sample lie inside, so all do.
func (m *Image) sampleInside(dst []byte, u, v, du, dv int) {
	base, w := unsafe.Pointer(unsafe.SliceData(m.Pix)), m.W
	for i := range dst {
		p := unsafe.Add(base, (v>>16)*w+u>>16)
		above, below := (*[2]byte)(p), (*[2]byte)(unsafe.Add(p, w))
		left, right := uint64(above[0])|uint64(below[0])<<32, uint64(above[1])|uint64(below[1])<<32
		fx, fy := uint64(u>>8)&255, uint64(v>>8)&255
		both := left<<8 + (right-left)*fx
		top, bottom := both&(1<<32-1), both>>32
		dst[i] = byte((top<<8 + (bottom-top)*fy) >> 16)
		u, v = u+du, v+dv
	}
}

// inside tells whether a place, in 1/65536 pixel, lies before the last of a row's pixels.
func inside(place, last int) bool { return place >= 0 && place>>16 < last }

// Below sets each byte of dst to 1 where that of src is below limit, else to 0. It looks at eight pixels at
// once: in 16-bit lanes v + 256 - limit reaches 256 where v does not lie below.
func Below(dst, src []byte, limit byte) {
	const lanes, ones = 0x00ff00ff00ff00ff, 0x0001000100010001
	add := (256 - uint64(limit)) * ones
	i := 0
	for ; i+8 <= len(src); i += 8 {
		v := binary.LittleEndian.Uint64(src[i:])
		even := (v&lanes + add) >> 8 & ones
		odd := (v>>8&lanes + add) >> 8 & ones
		binary.LittleEndian.PutUint64(dst[i:], (even|odd<<8)^(ones|ones<<8))
	}
	for ; i < len(src); i++ {
		dst[i] = 0
		if src[i] < limit {
			dst[i] = 1
		}
	}
}

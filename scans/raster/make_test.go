package raster

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jung-kurt/gofpdf"
)

// A test page: 496 × 702 pixels (A4 at 60 dpi) unless said otherwise, white, a black block in the upper
// left, so that every decoder can be asked whether up is up and black is black.
const pageW, pageH = 496, 702

func inBlock(x, y, w, h int) bool { return x >= w/8 && x < w/4 && y >= h/10 && y < h/5 }

func grayPage(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Pix[y*m.Stride+x] = 250
			if inBlock(x, y, w, h) {
				m.Pix[y*m.Stride+x] = 10
			}
		}
	}
	return m
}

func recoloured(w, h int, paper, ink color.Color, m interface {
	image.Image
	Set(x, y int, c color.Color)
}) image.Image {
	for y := range h {
		for x := range w {
			if inBlock(x, y, w, h) {
				m.Set(x, y, ink)
			} else {
				m.Set(x, y, paper)
			}
		}
	}
	return m
}

// checkPage fails where m does not show the test page.
func checkPage(t *testing.T, m *Image) {
	t.Helper()
	if m.W*m.H != len(m.Pix) || m.W == 0 {
		t.Fatalf("%d × %d pixels in %d bytes", m.W, m.H, len(m.Pix))
	}
	at := func(fx, fy float64) byte { return m.Pix[int(fy*float64(m.H))*m.W+int(fx*float64(m.W))] }
	if ink := at(3.0/16, 3.0/20); ink > 40 {
		t.Errorf("the block is %d, want black", ink)
	}
	for _, p := range [][2]float64{{0.8, 0.15}, {0.8, 0.85}, {0.19, 0.85}, {0.02, 0.15}, {0.99, 0.99}} {
		if paper := at(p[0], p[1]); paper < 220 {
			t.Errorf("paper at %v is %d, want white", p, paper)
		}
	}
}

func encodeJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withJFIF puts a JFIF header with a density in dpi into a JPEG of Go's.
func withJFIF(b []byte, dpi uint16) []byte {
	app0 := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(app0[12:], dpi)
	binary.BigEndian.PutUint16(app0[14:], dpi)
	return append(append(append([]byte{}, b[:2]...), app0...), b[2:]...)
}

// pdfOf makes a PDF of one A4 page a JPEG, and then what draw adds to it.
func pdfOf(t testing.TB, jpegs [][]byte, draw func(p *gofpdf.Fpdf)) []byte {
	t.Helper()
	p := gofpdf.New("P", "mm", "A4", "")
	p.SetAutoPageBreak(false, 0)
	for i, data := range jpegs {
		p.AddPage()
		o := gofpdf.ImageOptions{ImageType: "JPEG"}
		id := string(rune('a' + i))
		p.RegisterImageOptionsReader(id, o, bytes.NewReader(data))
		p.ImageOptions(id, 0, 0, 210, 297, false, o, 0, "")
	}
	if draw != nil {
		draw(p)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// field is an entry of a test TIFF; kind 3 SHORT, 4 LONG, 5 RATIONAL (of a whole number).
type field struct {
	tag, kind uint16
	value     uint32
}

// tiffOf writes pages of 1-bit or 8-bit rows without compression; extra entries replace the usual ones.
func tiffOf(w, h, bits int, pages [][]byte, extra ...field) []byte {
	b := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for _, pix := range pages {
		at := uint32(len(b))
		b = append(b, pix...)
		b = append(b, make([]byte, len(b)&1)...)
		res := uint32(len(b))
		b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 300), 1)
		fields := []field{{256, 4, uint32(w)}, {257, 4, uint32(h)}, {258, 3, uint32(bits)}, {259, 3, 1}, {262, 3, 1}, {273, 4, at},
			{277, 3, 1}, {278, 4, uint32(h)}, {279, 4, uint32(len(pix))}, {282, 5, res}, {283, 5, res}, {296, 3, 2}}
		for _, e := range extra {
			found := false
			for i := range fields {
				if fields[i].tag == e.tag {
					fields[i], found = e, true
				}
			}
			if !found {
				fields = append(fields, e)
			}
		}
		binary.LittleEndian.PutUint32(b[link:], uint32(len(b)))
		b = binary.LittleEndian.AppendUint16(b, uint16(len(fields)))
		for _, f := range fields {
			b = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, f.tag), f.kind)
			b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 1), f.value)
		}
		link = len(b)
		b = append(b, 0, 0, 0, 0)
	}
	return b
}

// bitPage is the test page in one bit a pixel, 1 white.
func bitPage(w, h int) []byte {
	pix := make([]byte, (w+7)/8*h)
	for y := range h {
		for x := range w {
			if !inBlock(x, y, w, h) {
				pix[y*((w+7)/8)+x/8] |= 0x80 >> (x & 7)
			}
		}
	}
	return pix
}

// noisyA4 is a JPEG of about 1 MB: a 300 dpi A4 page of table lines and scanner noise.
var noisyA4 = sync.OnceValue(func() []byte {
	m := New(2480, 3508)
	m.DPI = 300
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		x, y := i%m.W, i/m.W
		v := 238 + r.IntN(13)
		if x%200 < 4 || y%100 < 3 || (x/6+y/9)%17 == 0 && y%100 > 40 && y%100 < 70 {
			v -= 200
		}
		m.Pix[i] = byte(v)
	}
	data, err := EncodeJPEG(m, 80)
	if err != nil {
		panic(err)
	}
	return data
})

var le = binary.LittleEndian

package raster

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/image/tiff"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tiffEncoded(t testing.TB, m image.Image, c tiff.CompressionType) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tiff.Encode(&b, m, &tiff.Options{Compression: c}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type goodScan struct {
	name  string
	data  []byte
	pages int
	dpi   float64
}

func goodScans(t *testing.T) []goodScan {
	r := image.Rect(0, 0, pageW, pageH)
	twoColours := color.Palette{color.White, color.Black}
	clear := color.Palette{color.NRGBA{}, color.Black}
	jpg := encodeJPEG(t, grayPage(2480, 3508))
	ink := color.RGBA{0, 0, 40, 255}
	return []goodScan{
		{"gray JPEG", encodeJPEG(t, grayPage(pageW, pageH)), 1, 60},
		{"colour JPEG", encodeJPEG(t, recoloured(pageW, pageH, color.White, ink, image.NewRGBA(r))), 1, 60},
		{"JPEG that says 120 dpi", withJFIF(encodeJPEG(t, grayPage(pageW, pageH)), 120), 1, 120},
		{"JPEG that says 72 dpi", withJFIF(encodeJPEG(t, grayPage(pageW, pageH)), 72), 1, 60},
		{"gray PNG", encodePNG(t, grayPage(pageW, pageH)), 1, 60},
		{"16-bit PNG", encodePNG(t, recoloured(pageW, pageH, color.White, color.Black, image.NewGray16(r))), 1, 60},
		{"colour PNG", encodePNG(t, recoloured(pageW, pageH, color.White, ink, image.NewRGBA(r))), 1, 60},
		{"16-bit colour PNG", encodePNG(t, recoloured(pageW, pageH, color.White, ink, image.NewRGBA64(r))), 1, 60},
		{"transparent PNG", encodePNG(t, recoloured(pageW, pageH, color.Transparent, color.Black, image.NewNRGBA(r))), 1, 60},
		{"one-bit palette PNG", encodePNG(t, recoloured(pageW, pageH, color.White, color.Black, image.NewPaletted(r, twoColours))), 1, 60},
		{"transparent palette PNG", encodePNG(t, recoloured(pageW, pageH, clear[0], color.Black, image.NewPaletted(r, clear))), 1, 60},
		{"gray TIFF", tiffOf(pageW, pageH, 8, [][]byte{grayPage(pageW, pageH).Pix}), 1, 300},
		{"one-bit TIFF", tiffOf(pageW, pageH, 1, [][]byte{bitPage(pageW, pageH), bitPage(pageW, pageH)}), 2, 300},
		{"one-bit TIFF, 0 is white", tiffOf(pageW, pageH, 1, [][]byte{inverted(bitPage(pageW, pageH))}, field{262, 3, 0}), 1, 300},
		{"TIFF in dots per cm", tiffOf(pageW, pageH, 1, [][]byte{bitPage(pageW, pageH)}, field{296, 3, 3}), 1, 762},
		{"colour TIFF", tiffEncoded(t, recoloured(pageW, pageH, color.White, ink, image.NewRGBA(r)), tiff.Uncompressed), 1, 60},
		{"palette TIFF", tiffEncoded(t, recoloured(pageW, pageH, color.White, color.Black, image.NewPaletted(r, twoColours)), tiff.Deflate), 1, 60},
		{"16-bit TIFF", tiffEncoded(t, recoloured(pageW, pageH, color.White, color.Black, image.NewGray16(r)), tiff.Deflate), 1, 60},
		{"G4 TIFF", readTestdata(t, "g4.tif"), 3, 300},
		{"G3 TIFF", readTestdata(t, "g3.tif"), 1, 300},
		{"LZW TIFF", readTestdata(t, "lzw.tif"), 1, 300},
		{"big-endian TIFF", readTestdata(t, "big-endian.tif"), 1, 300},
		{"deflate TIFF", readTestdata(t, "zip.tif"), 1, 300},
		{"PackBits TIFF", readTestdata(t, "packbits.tif"), 1, 300},
		{"JPEG in TIFF", readTestdata(t, "jpeg.tif"), 1, 300},
		{"colour JPEG in TIFF", readTestdata(t, "jpegrgb.tif"), 1, 60},
		{"progressive JPEG", readTestdata(t, "progressive.jpg"), 1, 60},
		{"scanned PDF", pdfOf(t, [][]byte{jpg, jpg}, nil), 2, 300},
		{"scanned PDF, recognised", pdfOf(t, [][]byte{jpg}, invisibleText), 1, 300},
		{"drawn PDF", pdfOf(t, nil, drawBlock), 1, 200},
	}
}

func TestOpenReadsEachKind(t *testing.T) {
	for _, c := range goodScans(t) {
		t.Run(c.name, func(t *testing.T) {
			d, err := Open("scan", c.data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if d.Pages() != c.pages {
				t.Fatalf("%d pages, want %d", d.Pages(), c.pages)
			}
			for i := range c.pages {
				m, err := d.Page(i)
				if err != nil {
					t.Fatal(err)
				}
				checkPage(t, m)
				if math.Abs(m.DPI-c.dpi) > 1.5 {
					t.Errorf("%.1f dpi, want %.0f", m.DPI, c.dpi)
				}
			}
			if _, err := d.Page(c.pages); err == nil {
				t.Error("a page after the last was read")
			}
		})
	}
}

func inverted(b []byte) []byte {
	for i := range b {
		b[i] = ^b[i]
	}
	return b
}

func drawBlock(p *gofpdf.Fpdf) {
	p.AddPage()
	drawBlockHere(p)
}

func drawBlockHere(p *gofpdf.Fpdf) {
	p.SetFillColor(0, 0, 0)
	p.Rect(210.0/8, 29.7, 210.0/8, 29.7, "F")
}

func invisibleText(p *gofpdf.Fpdf) {
	p.SetFont("Helvetica", "", 60)
	p.SetTextRenderingMode(3)
	p.Text(20, 250, "recognised")
}

func TestMinDPIReducesEachKind(t *testing.T) {
	page := grayPage(2480, 3508)
	full := tiffOf(2480, 3508, 8, [][]byte{page.Pix})
	tests := []struct {
		name   string
		data   []byte
		minDPI float64
		factor int
	}{
		{"JPEG, half", withJFIF(encodeJPEG(t, page), 300), 150, 2},
		{"JPEG, 299 dpi are 300", withJFIF(encodeJPEG(t, page), 299), 150, 2},
		{"JPEG, never to a third", withJFIF(encodeJPEG(t, page), 300), 100, 2},
		{"JPEG, quarter", withJFIF(encodeJPEG(t, page), 600), 150, 4},
		{"JPEG, whole", withJFIF(encodeJPEG(t, page), 200), 150, 1},
		{"JPEG, no minimum", withJFIF(encodeJPEG(t, page), 300), 0, 1},
		{"PNG, half", encodePNG(t, page), 150, 2},
		{"TIFF, third", full, 100, 3},
		{"one-bit TIFF, half", tiffOf(2480, 3508, 1, [][]byte{bitPage(2480, 3508)}), 150, 2},
		{"PDF, half", pdfOf(t, [][]byte{encodeJPEG(t, page)}, nil), 150, 2},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			d, err := Open("scan", c.data, Options{MinDPI: c.minDPI})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			buffer := New(10, 10)
			if err := d.PageInto(0, buffer); err != nil {
				t.Fatal(err)
			}
			checkPage(t, buffer)
			if buffer.W != 2480/c.factor || buffer.H != 3508/c.factor {
				t.Errorf("%d × %d pixels, want a reduction by %d", buffer.W, buffer.H, c.factor)
			}
		})
	}
}

// The average over one-bit and gray pixels must be that of Reduce.
func TestReductionInCIsReduce(t *testing.T) {
	m := grayPage(301, 203)
	for i := range m.Pix {
		m.Pix[i] = byte(i*7919>>3) | byte(i)
	}
	data := tiffOf(301, 203, 8, [][]byte{m.Pix})
	want := &Image{}
	for k := 1; k <= maxReduction; k++ {
		d, err := Open("scan", data, Options{MinDPI: 300 / float64(k)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Page(0)
		if err != nil {
			t.Fatal(err)
		}
		(&Image{W: 301, H: 203, Pix: m.Pix, DPI: 300}).Reduce(want, k)
		if got.W != want.W || got.DPI != want.DPI || !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("by %d: differs", k)
		}
	}
}

// A stamp upon a scan is part of the page: the scan alone must not be handed out.
func TestPDFStampOnScanIsDrawn(t *testing.T) {
	white := encodeJPEG(t, recoloured(2480, 3508, color.Gray{250}, color.Gray{250}, image.NewGray(image.Rect(0, 0, 2480, 3508))))
	data := pdfOf(t, [][]byte{white}, drawBlockHere)
	m := firstPage(t, data)
	checkPage(t, m)
	if m.DPI != renderDPI {
		t.Errorf("%.0f dpi, want the page drawn", m.DPI)
	}
}

// A scan placed mirrored, or small upon a larger page, is drawn as the page shows it.
func TestPDFPlacedOtherwiseIsDrawn(t *testing.T) {
	jpg := encodeJPEG(t, grayPage(pageW, pageH))
	place := func(draw func(p *gofpdf.Fpdf, put func(x, y, w, h float64))) []byte {
		return pdfOf(t, nil, func(p *gofpdf.Fpdf) {
			p.AddPage()
			o := gofpdf.ImageOptions{ImageType: "JPEG"}
			p.RegisterImageOptionsReader("scan", o, bytes.NewReader(jpg))
			draw(p, func(x, y, w, h float64) { p.ImageOptions("scan", x, y, w, h, false, o, 0, "") })
		})
	}
	mirrored := firstPage(t, place(func(p *gofpdf.Fpdf, put func(x, y, w, h float64)) {
		p.TransformBegin()
		p.TransformMirrorHorizontal(105)
		put(0, 0, 210, 297)
		p.TransformEnd()
	}))
	if v := mirrored.Pix[mirrored.H*3/20*mirrored.W+mirrored.W*13/16]; mirrored.DPI != renderDPI || v > 40 {
		t.Errorf("mirrored: %.0f dpi, %d where the block is", mirrored.DPI, v)
	}
	small := firstPage(t, place(func(_ *gofpdf.Fpdf, put func(x, y, w, h float64)) { put(0, 0, 105, 148.5) }))
	if v := small.Pix[small.H*3/40*small.W+small.W*3/32]; small.DPI != renderDPI || v > 40 {
		t.Errorf("small: %.0f dpi, %d where the block is", small.DPI, v)
	}
	turned := firstPage(t, place(func(p *gofpdf.Fpdf, put func(x, y, w, h float64)) {
		p.TransformBegin()
		p.TransformRotate(180, 105, 148.5)
		put(0, 0, 210, 297)
		p.TransformEnd()
	}))
	if turned.W != pageW {
		t.Errorf("turned: %d pixels wide, want the scan itself", turned.W)
	}
	checkPage(t, turned) // as scanned; finding up is the reader's
}

// Phones write a page of one point a pixel: 2480 × 3508 points, four feet long.
func TestPDFOfOnePointAPixel(t *testing.T) {
	jpg := encodeJPEG(t, grayPage(2480, 3508))
	p := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: 2480, Ht: 3508}})
	p.AddPage()
	o := gofpdf.ImageOptions{ImageType: "JPEG"}
	p.RegisterImageOptionsReader("scan", o, bytes.NewReader(jpg))
	p.ImageOptions("scan", 0, 0, 2480, 3508, false, o, 0, "")
	p.AddPage()
	p.Rect(2480.0/8, 350.8, 2480.0/8, 350.8, "F")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	d, err := Open("phone.pdf", b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for i, dpi := range []float64{300, 200} {
		m, err := d.Page(i)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, m)
		if math.Abs(m.DPI-dpi) > 0.5 {
			t.Errorf("page %d: %.1f dpi, want %.0f", i+1, m.DPI, dpi)
		}
	}
}

func firstPage(t *testing.T, data []byte) *Image {
	t.Helper()
	d, err := Open("scan.pdf", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m, err := d.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPagesAtOnce(t *testing.T) {
	jpg := encodeJPEG(t, grayPage(pageW, pageH))
	for name, data := range map[string][]byte{"PDF": pdfOf(t, [][]byte{jpg, jpg, jpg}, drawBlock), "TIFF": readTestdata(t, "g4.tif")} {
		d, err := Open(name, data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 4 * d.Pages() {
			wg.Go(func() {
				m, err := d.Page(i % d.Pages())
				if err != nil {
					t.Error(err)
					return
				}
				checkPage(t, m)
			})
		}
		wg.Wait()
		d.Close()
	}
}

package raster

import (
	"testing"
)

func benchmarkPage(b *testing.B, data []byte, o Options) {
	d, err := Open("scan", data, o)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	m := &Image{}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := d.PageInto(0, m); err != nil {
			b.Fatal(err)
		}
	}
}

// A noisy gray A4 page at 300 dpi, about 1 MB of JPEG.
func BenchmarkDecodeJPEGFull(b *testing.B) { benchmarkPage(b, noisyA4(), Options{}) }

// The same, reduced to 150 dpi inside the transform.
func BenchmarkDecodeJPEGHalf(b *testing.B) { benchmarkPage(b, noisyA4(), Options{MinDPI: 150}) }

// The same as the one picture of a PDF's page: what the sandbox adds.
func BenchmarkDecodePDFScanHalf(b *testing.B) {
	benchmarkPage(b, pdfOf(b, [][]byte{noisyA4()}, nil), Options{MinDPI: 150})
}

// A PDF's page that must be drawn.
func BenchmarkDecodePDFDrawn(b *testing.B) {
	benchmarkPage(b, pdfOf(b, [][]byte{noisyA4()}, drawBlockHere), Options{MinDPI: 150})
}

// Opening a PDF: a fresh sandbox each.
func BenchmarkOpenPDF(b *testing.B) {
	data := pdfOf(b, [][]byte{noisyA4()}, nil)
	for b.Loop() {
		d, err := Open("scan.pdf", data, Options{})
		if err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}

// A one-bit A4 page at 300 dpi, without compression, so that turning bits into gray is what is measured.
func BenchmarkDecodeTIFFBitsFull(b *testing.B) {
	benchmarkPage(b, tiffOf(2480, 3508, 1, [][]byte{bitPage(2480, 3508)}), Options{})
}

func BenchmarkDecodeTIFFBitsHalf(b *testing.B) {
	benchmarkPage(b, tiffOf(2480, 3508, 1, [][]byte{bitPage(2480, 3508)}), Options{MinDPI: 150})
}

func BenchmarkDecodePNGGrayHalf(b *testing.B) {
	m := grayPage(2480, 3508)
	benchmarkPage(b, encodePNG(b, m), Options{MinDPI: 150})
}

func BenchmarkReduceHalf(b *testing.B) {
	m, dst := New(2480, 3508), &Image{}
	for b.Loop() {
		m.Reduce(dst, 2)
	}
}

// A PDF's page that is one deflated one-bit picture of 300 dpi.
func BenchmarkDecodePDFBitsHalf(b *testing.B) {
	data := deflated(bitPage(2480, 3508))
	benchmarkPage(b, onePicturePDF("/Width 2480/Height 3508/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode", data, ""),
		Options{MinDPI: 150})
}

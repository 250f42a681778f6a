package raster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// readAll opens data and decodes every page; the first error ends it.
func readAll(data []byte, o Options) error {
	d, err := Open("scan", data, o)
	if err != nil {
		return err
	}
	defer d.Close()
	m := &Image{}
	for i := range d.Pages() {
		if err := d.PageInto(i, m); err != nil {
			return err
		}
	}
	return nil
}

func codeOf(t testing.TB, err error) Code {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	if e.Name == "" || !strings.HasPrefix(err.Error(), e.Name) {
		t.Errorf("%q does not name its file", err)
	}
	return e.Code
}

// hugeJPEG and hugePNG are tiny files whose headers claim w × h pixels.
func hugeJPEG(t testing.TB, w, h uint16) []byte {
	b := encodeJPEG(t, grayPage(16, 16))
	i := strings.Index(string(b), "\xff\xc0")
	binary.BigEndian.PutUint16(b[i+5:], h)
	binary.BigEndian.PutUint16(b[i+7:], w)
	return b
}

func hugePNG(t testing.TB, w, h uint32) []byte {
	b := encodePNG(t, grayPage(16, 16))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

type refusal struct {
	name string
	data []byte
	o    Options
	want []Code
}

func refusals(t *testing.T) []refusal {
	jpg, png := encodeJPEG(t, grayPage(pageW, pageH)), encodePNG(t, grayPage(pageW, pageH))
	bits := [][]byte{bitPage(pageW, pageH)}
	pdf := pdfOf(t, [][]byte{jpg, jpg}, nil)
	locked := pdfOf(t, [][]byte{jpg}, func(p *gofpdf.Fpdf) { p.SetProtection(gofpdf.CnProtectPrint, "secret", "owner") })
	loop := tiffOf(pageW, pageH, 1, bits)
	copy(loop[len(loop)-4:], loop[4:8])
	half := func(b []byte) []byte { return b[:len(b)/2] }
	fax := tiffOf(pageW, pageH, 1, bits, field{283, 5, 8})
	copy(fax[8:], "\x62\x00\x00\x00\x01\x00\x00\x00") // 98 dpi, where its first pixels are
	few := Options{Limits: Limits{MaxPages: 1}}
	return []refusal{
		{"nothing", nil, Options{}, []Code{CodeEmpty}},
		{"text", []byte("应到 72 人，实到 70 人"), Options{}, []Code{CodeUnknown}},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00"), Options{}, []Code{CodeUnknown}},
		{"ZIP", []byte("PK\x03\x04xxxxxxxx"), Options{}, []Code{CodeNested}},
		{"more bytes than allowed", jpg, Options{Limits: Limits{MaxBytes: 100}}, []Code{CodeTooLarge}},
		{"half a JPEG", half(jpg), Options{}, []Code{CodeTruncated}},
		{"half a JPEG, reduced", half(noisyA4()), Options{MinDPI: 150}, []Code{CodeTruncated}},
		{"half a JPEG with an end", append(half(noisyA4()), 0xff, 0xd9), Options{}, []Code{CodeTruncated}},
		{"half a progressive JPEG", half(readTestdata(t, "progressive.jpg")), Options{}, []Code{CodeTruncated}},
		{"a JPEG's first bytes", jpg[:4], Options{}, []Code{CodeTruncated}},
		{"a PNG of 40000 × 100", hugePNG(t, 40000, 100), Options{}, []Code{CodeTooLarge}},
		{"a JPEG of 60000 × 60000", hugeJPEG(t, 60000, 60000), Options{}, []Code{CodeTooLarge}},
		{"a JPEG in printing colours", readTestdata(t, "cmyk.jpg"), Options{}, []Code{CodeUnsupported}},
		{"half a PNG", half(png), Options{}, []Code{CodeTruncated}},
		{"a PNG's first bytes", png[:10], Options{}, []Code{CodeTruncated}},
		{"half a PNG with an end", append(half(png), png[len(png)-12:]...), Options{}, []Code{CodeCorrupt}},
		{"a PNG of 60000 × 60000", hugePNG(t, 60000, 60000), Options{}, []Code{CodeTooLarge}},
		{"a PNG of no width", hugePNG(t, 0, 10), Options{}, []Code{CodeCorrupt}},
		{"a taller PNG than its rows", hugePNG(t, 16, 17), Options{}, []Code{CodeCorrupt}},
		{"a TIFF's first bytes", loop[:6], Options{}, []Code{CodeTruncated}},
		{"a TIFF of no pages", []byte("II*\x00\x00\x00\x00\x00"), Options{}, []Code{CodeEmpty}},
		{"a TIFF in a circle", loop, Options{}, []Code{CodeCorrupt}},
		{"half a TIFF", half(readTestdata(t, "g4.tif")), Options{}, []Code{CodeTruncated}},
		{"a TIFF of 60000 × 60000", tiffOf(60000, 60000, 1, bits), Options{}, []Code{CodeTooLarge}},
		{"a TIFF with more rows than bytes", tiffOf(pageW, 2*pageH, 1, bits), Options{}, []Code{CodeCorrupt}},
		{"a TIFF in printing colours", tiffOf(pageW, pageH, 8, [][]byte{grayPage(pageW, pageH).Pix}, field{262, 3, 5}), Options{}, []Code{CodeUnsupported}},
		{"a TIFF of tiles", readTestdata(t, "tiled.tif"), Options{}, []Code{CodeUnsupported}},
		{"a fax", fax, Options{}, []Code{CodeUnsupported}},
		{"too many TIFF pages", readTestdata(t, "g4.tif"), few, []Code{CodeTooMany}},
		{"half a PDF", half(pdf), Options{}, []Code{CodeTruncated}},
		{"a PDF's first bytes", []byte("%PDF-1.4\n"), Options{}, []Code{CodeTruncated}},
		{"a PDF of rubbish", []byte("%PDF-1.4\nrubbish\n%%EOF"), Options{}, []Code{CodeCorrupt, CodeEmpty}},
		{"a PDF with a password", locked, Options{}, []Code{CodeEncrypted}},
		{"too many PDF pages", pdf, few, []Code{CodeTooMany}},
		{"half a JPEG in a PDF", pdfWithHalfJPEG(t), Options{}, []Code{CodeTruncated}},
		{"a JPEG of 60000 × 60000 in a PDF", onePicturePDF("/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", hugeJPEG(t, 60000, 60000), ""), Options{}, []Code{CodeTooLarge}},
		{"a slow PDF", pdfOf(t, [][]byte{noisyA4()}, drawBlockHere), Options{Limits: Limits{PageTime: 20 * time.Millisecond}}, []Code{CodeTimeout}},
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range refusals(t) {
		t.Run(c.name, func(t *testing.T) {
			err := readAll(c.data, c.o)
			if code := codeOf(t, err); !slices.Contains(c.want, code) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func pdfWithHalfJPEG(t testing.TB) []byte {
	jpg := noisyA4()
	return onePicturePDF("/Width 2480/Height 3508/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", jpg[:len(jpg)/2], "")
}

// A scan cut short anywhere is refused: what is missing would else be read as blank boxes.
func TestEveryCutIsNoticed(t *testing.T) {
	files := map[string][]byte{"JPEG": encodeJPEG(t, grayPage(pageW, pageH)), "PNG": encodePNG(t, grayPage(pageW, pageH))}
	for _, name := range []string{"g4.tif", "g3.tif", "lzw.tif", "zip.tif", "packbits.tif", "jpeg.tif", "jpegrgb.tif", "progressive.jpg"} {
		files[name] = readTestdata(t, name)
	}
	for name, b := range files {
		for n := 1; n < len(b); n += max(1, len(b)/97) {
			err := readAll(b[:n], Options{})
			if codeOf(t, err) == "" && !(strings.HasSuffix(name, "tif") && n > len(b)-2) {
				t.Errorf("%s cut to %d of %d bytes was read", name, n, len(b))
			}
		}
	}
}

// The file is whole, but a strip holds less than its rows, as where a scanner stopped.
func TestShortStripIsNoticed(t *testing.T) {
	for _, name := range []string{"g4.tif", "g4-one-strip.tif", "g3.tif", "lzw.tif", "zip.tif", "packbits.tif", "jpeg.tif", "jpegrgb.tif"} {
		for _, keep := range []float64{0, 0.3, 0.6, 0.9} {
			b, changed := shortenStrips(readTestdata(t, name), keep)
			if err := readAll(b, Options{}); changed && codeOf(t, err) == "" {
				t.Errorf("%s with %.0f %% of a strip was read", name, 100*keep)
			}
		}
	}
}

// shortenStrips keeps a share of the first page's longest strip.
func shortenStrips(b []byte, keep float64) (_ []byte, changed bool) {
	at := int(le.Uint32(b[4:]))
	for i := range int(le.Uint16(b[at:])) {
		f := &tiffFile{b: b, order: le}
		e := tiffEntry{f, b[at+2+12*i : at+14+12*i]}
		if e.tag() != tagStripBytes {
			continue
		}
		longest, where := uint32(0), -1
		size := 4
		if e.kind() == typeShort {
			size = 2
		}
		first := at + 2 + 12*i + 8
		if int(e.count())*size > 4 {
			first = int(le.Uint32(b[first:]))
		}
		for j := range e.count() {
			if n, _ := e.number(j); n > longest {
				longest, where = n, first+int(j)*size
			}
		}
		short := uint32(float64(longest) * keep)
		if size == 2 {
			le.PutUint16(b[where:], uint16(short))
		} else {
			le.PutUint32(b[where:], short)
		}
		return b, short < longest
	}
	return b, false
}

// A timeout ends one document, not the reader: its sandbox is given back, stopped.
func TestAfterTimeoutsPDFsAreRead(t *testing.T) {
	slow := pdfOf(t, [][]byte{noisyA4()}, drawBlockHere)
	for range pdfInstances + 1 {
		if err := readAll(slow, Options{Limits: Limits{PageTime: 20 * time.Millisecond}}); codeOf(t, err) != CodeTimeout {
			t.Fatalf("%v, want a timeout", err)
		}
	}
	pdf := pdfOf(t, [][]byte{encodeJPEG(t, grayPage(pageW, pageH))}, nil)
	if err := readAll(pdf, Options{Limits: Limits{PageTime: time.Minute}}); err != nil {
		t.Fatal(err)
	}
}

// A damaged JPEG must not spoil the good one that is decoded with the same handle.
func TestGoodJPEGAfterEachDamage(t *testing.T) {
	good := encodeJPEG(t, grayPage(pageW, pageH))
	want := firstPage(t, good)
	for n := 1; n < len(good); n += max(1, len(good)/200) {
		if err := readAll(good[:n], Options{}); err == nil {
			t.Errorf("%d bytes were read", n)
		}
		if got := firstPage(t, good); !slices.Equal(got.Pix, want.Pix) {
			t.Fatalf("after %d bytes of a JPEG the whole one is read otherwise", n)
		}
	}
}

// Headers that promise the moon must not make us allocate it.
func TestBombsAllocateNothing(t *testing.T) {
	bombs := [][]byte{hugeJPEG(t, 65000, 65000), hugePNG(t, 1<<30, 1<<30), tiffOf(1<<31-1, 1<<31-1, 8, [][]byte{{0}})}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, b := range bombs {
		if code := codeOf(t, readAll(b, Options{})); code != CodeTooLarge {
			t.Errorf("code %q", code)
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

func TestErrorSaysFilePageAndRemedy(t *testing.T) {
	err := readAll(hugeJPEG(t, 20000, 20000), Options{})
	want := "scan page 1: 20000 × 20000 pixels, at most 120 million are allowed; scan at a lower resolution (too_large)"
	if fmt.Sprint(err) != want {
		t.Errorf("%v\nwant %v", err, want)
	}
}

func TestImageTools(t *testing.T) {
	m := &Image{W: 3, H: 2, Pix: []byte{1, 2, 3, 4, 5, 6}, DPI: 300}
	for turns, want := range map[int]Image{
		0: {W: 3, H: 2, Pix: []byte{1, 2, 3, 4, 5, 6}}, 1: {W: 2, H: 3, Pix: []byte{4, 1, 5, 2, 6, 3}},
		2: {W: 3, H: 2, Pix: []byte{6, 5, 4, 3, 2, 1}}, -1: {W: 2, H: 3, Pix: []byte{3, 6, 2, 5, 1, 4}},
	} {
		if got := Rotate90(m, turns); got.W != want.W || got.H != want.H || got.DPI != 300 || !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("%d turns: %v", turns, *got)
		}
	}
	r := &Image{Pix: make([]byte, 100)}
	(&Image{W: 5, H: 2, Pix: []byte{0, 10, 20, 31, 99, 0, 10, 20, 30, 99}, DPI: 300}).Reduce(r, 2)
	if r.W != 2 || r.H != 1 || r.DPI != 150 || !slices.Equal(r.Pix, []byte{5, 25}) {
		t.Errorf("reduced: %v", *r)
	}
	g := m.Gray()
	g.Pix[g.PixOffset(2, 1)] = 77
	if m.Pix[5] != 77 || g.Bounds() != image.Rect(0, 0, 3, 2) {
		t.Error("Gray does not share the pixels")
	}
	if n := New(2, 2); n.Pix[3] != 255 {
		t.Error("a new picture is not white")
	}
}

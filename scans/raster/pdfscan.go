package raster

import (
	"bytes"
	"io"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"golang.org/x/image/ccitt"
)

const (
	coversPage = 0.9  // share of a page's area that its one picture covers
	maxObjects = 5000 // on a page, above which it is drawn without looking at each
	maxSlant   = 0.01 // of a picture's matrix, above which the page is drawn
	darkMean   = 96   // mean gray of a picture that is no paper, or a negative
)

// scan is a page's one picture, as the page shows it but for quarter turns.
type scan struct {
	page   requests.Page
	object references.FPDF_PAGEOBJECT
	w, h   int     // pixels
	dpi    float64 // as placed on the page
	jpeg   []byte  // nil where it is no JPEG
}

// onlyScan finds a page's one picture where that is all there is to see on the page: scanners write such
// pages, some with the text they recognised, invisible, upon it. It must be opaque, lie upright or turned
// by quarter turns, not mirrored, and be as large as the page.
func (s *pdfSource) onlyScan(page requests.Page) (p scan, ok bool) {
	p.page = page
	p.object, ok = s.onlyPicture(page)
	if !ok || s.transparent(p.object) {
		return p, false
	}
	m, err := s.lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: p.object})
	if err != nil || !upright(m.Matrix) {
		return p, false
	}
	size, err := s.lib.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return p, false
	}
	b, err := s.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: p.object})
	if err != nil {
		return p, false
	}
	w, h := float64(b.Right-b.Left), float64(b.Top-b.Bottom)
	if w <= 0 || h <= 0 || w*h < coversPage*size.Width*size.Height {
		return p, false
	}
	pixels, err := s.lib.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: p.object})
	if err != nil {
		return p, false
	}
	p.w, p.h = int(pixels.Width), int(pixels.Height)
	p.dpi = float64(max(p.w, p.h)) / (max(w, h) / pointsPerInch)
	if s.isJPEG(p.object) {
		raw, err := s.lib.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: p.object})
		if err != nil || len(raw.Data) == 0 {
			return p, false
		}
		p.jpeg = raw.Data
	}
	return p, true
}

// readBitmap copies a picture that is no JPEG (G4, JBIG2, deflate) with all its pixels, which is faster
// and sharper than drawing its page.
func (s *pdfSource) readBitmap(p scan, i int, dst *Image) error {
	if err := s.o.checkSize(s.name, i+1, p.w, p.h); err != nil {
		return err
	}
	got, err := s.lib.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: p.object})
	if err != nil {
		return err
	}
	defer s.lib.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: got.Bitmap})
	format, err := s.lib.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: got.Bitmap})
	if err != nil {
		return err
	}
	stride, err := s.lib.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: got.Bitmap})
	if err != nil {
		return err
	}
	b, err := s.lib.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: got.Bitmap})
	if err != nil {
		return err
	}
	n := map[enums.FPDF_BITMAP_FORMAT]int{enums.FPDF_BITMAP_FORMAT_GRAY: 1, enums.FPDF_BITMAP_FORMAT_BGR: 3, enums.FPDF_BITMAP_FORMAT_BGRX: 4}[format.Format]
	if n == 0 || stride.Stride < p.w*n || len(b.Buffer) < stride.Stride*p.h {
		return fault(CodeUnsupported, s.name, i+1, "the picture on the page is of no known kind")
	}
	dpi := resolution(p.dpi, p.w, p.h)
	full := dst
	k := min(reduction(dpi, s.o.MinDPI, maxReduction), p.w, p.h)
	if k > 1 {
		full = &Image{}
	}
	full.size(p.w, p.h, dpi)
	for y := range p.h {
		grayRow(full.Pix[y*p.w:(y+1)*p.w], b.Buffer[y*stride.Stride:], n)
	}
	if k > 1 {
		full.Reduce(dst, k)
	}
	return nil
}

// endsEarly tells of a picture that is no JPEG that its data lack rows: PDFium fills them up with blank paper, on which
// a row is empty. Of data that it cannot judge it says nothing.
func (s *pdfSource) endsEarly(p scan) bool {
	n, err := s.lib.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: p.object})
	if err != nil || n.Count > 1 {
		return false
	}
	if n.Count == 1 {
		filter, err := s.lib.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: p.object})
		switch {
		case err != nil:
			return false
		case filter.ImageFilter == "CCITTFaxDecode" || filter.ImageFilter == "CCF":
			return s.faxEndsEarly(p)
		case !slices.Contains([]string{"FlateDecode", "Fl", "LZWDecode", "LZW"}, filter.ImageFilter):
			return false
		}
	}
	data, err := s.lib.FPDFImageObj_GetImageDataDecoded(&requests.FPDFImageObj_GetImageDataDecoded{ImageObject: p.object})
	if err != nil {
		return false
	}
	meta, err := s.lib.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: p.object, Page: p.page})
	return err == nil && len(data.Data) < (p.w*int(meta.ImageMetadata.BitsPerPixel)+7)/8*p.h
}

// faxEndsEarly tells of Group 4 data that they end before the last row. What is no Group 4 fails before its end.
func (s *pdfSource) faxEndsEarly(p scan) bool {
	raw, err := s.lib.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: p.object})
	if err != nil {
		return false
	}
	left := bytes.NewReader(raw.Data)
	_, err = io.Copy(io.Discard, ccitt.NewReader(byByte{left}, ccitt.MSB, ccitt.Group4, p.w, p.h, nil))
	return err != nil && left.Len() == 0
}

// byByte reads no byte ahead.
type byByte struct{ r *bytes.Reader }

func (b byByte) Read(p []byte) (int, error) { return b.r.Read(p[:min(1, len(p))]) }

// grayRow turns pixels of n bytes (gray, or blue, green, red) into gray, with the weights of JPEG.
func grayRow(dst, src []byte, n int) {
	if n == 1 {
		copy(dst, src)
		return
	}
	for x := range dst {
		p := src[x*n : x*n+3]
		dst[x] = byte((77*uint32(p[2]) + 150*uint32(p[1]) + 29*uint32(p[0]) + 128) >> 8)
	}
}

// onlyPicture is the page's one picture where everything else is invisible text.
func (s *pdfSource) onlyPicture(page requests.Page) (picture references.FPDF_PAGEOBJECT, ok bool) {
	n, err := s.lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil || n.Count > maxObjects {
		return "", false
	}
	for i := 0; i < n.Count; i++ {
		object, err := s.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return "", false
		}
		kind, err := s.lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		switch {
		case err != nil:
			return "", false
		case kind.Type == enums.FPDF_PAGEOBJ_IMAGE && picture == "":
			picture = object.PageObject
		case kind.Type != enums.FPDF_PAGEOBJ_TEXT || !s.invisible(object.PageObject):
			return "", false
		}
	}
	return picture, picture != ""
}

func (s *pdfSource) invisible(text references.FPDF_PAGEOBJECT) bool {
	r, err := s.lib.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: text})
	return err == nil && r.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE
}

// isJPEG tells whether a picture is a JPEG as it stands in the file.
func (s *pdfSource) isJPEG(object references.FPDF_PAGEOBJECT) bool {
	n, err := s.lib.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: object})
	if err != nil || n.Count != 1 {
		return false
	}
	filter, err := s.lib.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: object})
	return err == nil && (filter.ImageFilter == "DCTDecode" || filter.ImageFilter == "DCT")
}

func (s *pdfSource) transparent(object references.FPDF_PAGEOBJECT) bool {
	t, err := s.lib.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: object})
	return err != nil || t.HasTransparency
}

// upright tells whether a picture is placed without slant or mirroring; quarter turns are all right.
func upright(m structs.FPDF_FS_MATRIX) bool {
	a, b, c, d := float64(m.A), float64(m.B), float64(m.C), float64(m.D)
	if a*d-b*c <= 0 {
		return false
	}
	straight, across := max(math.Abs(a), math.Abs(d)), max(math.Abs(b), math.Abs(c))
	return across <= maxSlant*straight || straight <= maxSlant*across
}

// dark tells whether a picture is mostly dark, from a sample of its pixels.
func (m *Image) dark() bool {
	sum, n := 0, 0
	for i := 0; i < len(m.Pix); i += 97 {
		sum, n = sum+int(m.Pix[i]), n+1
	}
	return n > 0 && sum < darkMean*n
}

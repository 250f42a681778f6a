package raster

import (
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

const (
	coversPage = 0.9  // share of a page's area that its one picture covers
	maxObjects = 5000 // on a page, above which it is drawn without looking at each
	maxSlant   = 0.01 // of a picture's matrix, above which the page is drawn
	darkMean   = 96   // mean gray of a picture that is no paper, or a negative
)

// placedJPEG is a page's one picture, with the resolution in dpi at which it is placed; 0 unknown.
type placedJPEG struct {
	data []byte
	dpi  float64
}

// onlyJPEG hands out a page's one JPEG where that is all there is to see on the page: scanners write
// such pages, some with the text they recognised, invisible, upon it. It must lie upright or turned by
// quarter turns, not mirrored, and be as large as the page.
func (s *pdfSource) onlyJPEG(page requests.Page) (placedJPEG, bool) {
	var none placedJPEG
	object, ok := s.onlyPicture(page)
	if !ok || !s.isJPEG(object) {
		return none, false
	}
	m, err := s.lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil || !upright(m.Matrix) {
		return none, false
	}
	size, err := s.lib.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return none, false
	}
	b, err := s.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object})
	if err != nil {
		return none, false
	}
	w, h := float64(b.Right-b.Left), float64(b.Top-b.Bottom)
	if w*h < coversPage*size.Width*size.Height {
		return none, false
	}
	raw, err := s.lib.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: object})
	if err != nil || len(raw.Data) == 0 {
		return none, false
	}
	return placedJPEG{raw.Data, s.placedDPI(object, max(w, h))}, true
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

// isJPEG tells whether a picture is a JPEG as it stands in the file, opaque.
func (s *pdfSource) isJPEG(object references.FPDF_PAGEOBJECT) bool {
	n, err := s.lib.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: object})
	if err != nil || n.Count != 1 {
		return false
	}
	filter, err := s.lib.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: object})
	if err != nil || filter.ImageFilter != "DCTDecode" && filter.ImageFilter != "DCT" {
		return false
	}
	t, err := s.lib.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: object})
	return err == nil && !t.HasTransparency
}

// upright tells whether a picture is placed without slant or mirroring; quarter turns are all right.
func upright(m structs.FPDF_FS_MATRIX) bool {
	a, b, c, d := float64(m.A), float64(m.B), float64(m.C), float64(m.D)
	if a*d-b*c <= 0 {
		return false
	}
	straight, across := max(abs(a), abs(d)), max(abs(b), abs(c))
	return across <= maxSlant*straight || straight <= maxSlant*across
}

func abs(v float64) float64 { return max(v, -v) }

// placedDPI is the picture's longer side in pixels over its placed length in points; 0 where it cannot
// be told.
func (s *pdfSource) placedDPI(object references.FPDF_PAGEOBJECT, points float64) float64 {
	size, err := s.lib.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: object})
	if err != nil || points <= 0 {
		return 0
	}
	return float64(max(size.Width, size.Height)) / (points / pointsPerInch)
}

// dark tells whether a picture is mostly dark, from a sample of its pixels.
func (m *Image) dark() bool {
	sum, n := 0, 0
	for i := 0; i < len(m.Pix); i += 97 {
		sum, n = sum+int(m.Pix[i]), n+1
	}
	return n > 0 && sum < darkMean*n
}

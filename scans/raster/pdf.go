package raster

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"sync"
	"testing/fstest"
	"time"

	pdfiumlib "github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	renderDPI     = 200  // of pages that are not one scanned picture
	pointsPerInch = 72.0 // PDF's unit
	pdfMemory     = 1 << 30
	pdfStart      = 60 * time.Second // to compile PDFium where no compilation is cached
	coversPage    = 0.9              // share of a page that its one picture covers
)

// pdfium starts the sandbox at its first use: PDFium as WebAssembly, without any file system, with a
// bound on memory. The compilation is cached between processes.
var pdfium = sync.OnceValues(func() (pdfiumPool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(pdfMemory / 65536).
		WithCloseOnContextDone(true)
	if cache, err := wazero.NewCompilationCacheWithDir(cacheDir()); err == nil {
		config = config.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		Context: context.Background(), MaxIdle: 2, MaxTotal: 8, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig().WithFSMount(fstest.MapFS{}, "/"),
	})
})

func cacheDir() string {
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "pingyi", "wasm")
	}
	return filepath.Join(os.TempDir(), "pingyi-wasm")
}

// pdfSource is a PDF in a sandbox instance of its own.
type pdfSource struct {
	name  string
	o     Options
	lib   pdfiumInstance
	doc   references.FPDF_DOCUMENT
	count int
}

func openPDF(name string, data []byte, o Options) (source, error) {
	pool, err := pdfium()
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "the PDF reader cannot be started (%v)", err)
	}
	lib, err := pool.GetInstance(pdfStart)
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "the PDF reader cannot be started (%v)", err)
	}
	s := &pdfSource{name: name, o: o, lib: lib}
	if err := s.open(data); err != nil {
		lib.Close()
		return nil, err
	}
	return s, nil
}

func (s *pdfSource) open(data []byte) error {
	doc, err := s.lib.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return fault(CodeEncrypted, s.name, 0, "the PDF needs a password; export it without one")
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return fault(CodeEncrypted, s.name, 0, "the PDF is protected; export it without protection")
	case err != nil:
		return fault(CodeCorrupt, s.name, 0, "the PDF is damaged or ends early (%v); scan or copy it again", err)
	}
	s.doc = doc.Document
	pages, err := s.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.doc})
	switch {
	case err != nil:
		return fault(CodeCorrupt, s.name, 0, "the PDF's pages cannot be counted (%v)", err)
	case pages.PageCount == 0:
		return fault(CodeEmpty, s.name, 0, "the PDF has no pages")
	case pages.PageCount > s.o.Limits.MaxPages:
		return fault(CodeTooMany, s.name, 0, "%d pages, at most %d are allowed; split the file", pages.PageCount, s.o.Limits.MaxPages)
	}
	s.count = pages.PageCount
	return nil
}

func (s *pdfSource) pages() int { return s.count }
func (s *pdfSource) close()     { s.lib.Close() }

func (s *pdfSource) page(i int, dst *Image) error {
	loaded, err := s.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: s.doc, Index: i})
	if err != nil {
		return fault(CodeCorrupt, s.name, i+1, "the page cannot be opened (%v)", err)
	}
	page := requests.Page{ByReference: &loaded.Page}
	defer s.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	size, err := s.lib.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return fault(CodeCorrupt, s.name, i+1, "the page has no size (%v)", err)
	}
	w, h := size.Width/pointsPerInch, size.Height/pointsPerInch // inches
	if w <= 0 || h <= 0 || w*h*renderDPI*renderDPI > float64(s.o.Limits.MaxPixels) {
		return fault(CodeTooLarge, s.name, i+1, "a page of %.0f × %.0f inches is no scan of a ballot", w, h)
	}
	if data, dpi, ok := s.onlyJPEG(page, size.Width, size.Height); ok {
		return decodeJPEG(s.name, i+1, data, dpi, s.o, dst)
	}
	return s.render(page, i, dst)
}

// onlyJPEG hands out a page's one JPEG where that is all there is on the page, with its resolution as
// placed.
func (s *pdfSource) onlyJPEG(page requests.Page, pageWidth, pageHeight float64) (data []byte, dpi float64, ok bool) {
	n, err := s.lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil || n.Count != 1 {
		return nil, 0, false
	}
	object, err := s.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: 0})
	if err != nil {
		return nil, 0, false
	}
	kind, err := s.lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
		return nil, 0, false
	}
	filters, err := s.lib.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: object.PageObject})
	if err != nil || filters.Count != 1 {
		return nil, 0, false
	}
	filter, err := s.lib.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: object.PageObject})
	if err != nil || filter.ImageFilter != "DCTDecode" {
		return nil, 0, false
	}
	b, err := s.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object.PageObject})
	w, h := float64(0), float64(0)
	if err == nil {
		w, h = float64(b.Right-b.Left), float64(b.Top-b.Bottom)
	}
	if w*h < coversPage*pageWidth*pageHeight {
		return nil, 0, false
	}
	raw, err := s.lib.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: object.PageObject})
	if err != nil || len(raw.Data) == 0 {
		return nil, 0, false
	}
	return raw.Data, s.placedDPI(object.PageObject, max(w, h)), true
}

// placedDPI is the picture's longer side in pixels over its placed length; 0 where it cannot be told.
func (s *pdfSource) placedDPI(object references.FPDF_PAGEOBJECT, points float64) float64 {
	size, err := s.lib.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: object})
	if err != nil || points <= 0 {
		return 0
	}
	return float64(max(size.Width, size.Height)) / (points / pointsPerInch)
}

func (s *pdfSource) render(page requests.Page, i int, dst *Image) error {
	r, err := s.lib.RenderPageInDPI(&requests.RenderPageInDPI{Page: page, DPI: renderDPI, ImageFormat: requests.RenderImageFormatGrayscale})
	if err != nil {
		return fault(CodeCorrupt, s.name, i+1, "the page cannot be drawn (%v)", err)
	}
	defer r.Cleanup()
	g, ok := r.Result.RenderedImage.(*image.Gray)
	if !ok {
		return fault(CodeUnsupported, s.name, i+1, "the page cannot be drawn in gray")
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	dst.size(w, h, renderDPI)
	for y := 0; y < h; y++ {
		copy(dst.Pix[y*w:(y+1)*w], g.Pix[y*g.Stride:])
	}
	return nil
}

type (
	pdfiumPool     = pdfiumlib.Pool
	pdfiumInstance = pdfiumlib.Pdfium
)

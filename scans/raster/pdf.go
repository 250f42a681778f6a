package raster

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing/fstest"
	"time"

	pdfium "github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	renderDPI     = 200       // of pages that are not one scanned picture, where nothing else is asked for
	pointsPerInch = 72.0      // PDF's unit
	pdfMemory     = 512 << 20 // bytes of one sandbox
	pdfInstances  = 8         // PDFs open at a time; a further one waits
	pdfStart      = 60 * time.Second
	longestSide   = 24.0 // inches; a longer page states no true size (A2 has 23.4)
)

// Sandboxes start at their first use. Those that can be interrupted ask at every loop whether they should
// stop, and draw four to five times slower; a call in the others ends when it ends, and Go's garbage
// collector waits for it.
var (
	fastSandboxes      = sync.OnceValues(func() (pdfium.Pool, error) { return startSandboxes(false) })
	stoppableSandboxes = sync.OnceValues(func() (pdfium.Pool, error) { return startSandboxes(true) })
)

// startSandboxes compiles PDFium as WebAssembly: without a file system, with a bound on memory. The
// compilation is kept between processes.
func startSandboxes(interruptible bool) (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(pdfMemory / 65536).
		WithCloseOnContextDone(interruptible)
	if cache, err := compilationCache(); err == nil {
		config = config.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		Context: context.Background(), MaxIdle: 1, MaxTotal: pdfInstances, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig().WithFSMount(fstest.MapFS{}, "/"),
		Stdout:   io.Discard, Stderr: io.Discard,
	})
}

// compilationCache is kept in the user's own cache folder. What it holds is run as it is: where that cannot be written
// there is none, and each process compiles anew (3 s).
func compilationCache() (wazero.CompilationCache, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return wazero.NewCompilationCacheWithDir(filepath.Join(dir, "pingyi", "wasm"))
}

// pdfSource is a PDF in a sandbox of its own.
type pdfSource struct {
	name  string
	o     Options
	mu    sync.Mutex // held while the sandbox is used
	lib   pdfium.Pdfium
	doc   references.FPDF_DOCUMENT
	count int
}

func openPDF(name string, data []byte, o Options) (source, error) {
	if !bytes.Contains(data[max(0, len(data)-4096):], []byte("%%EOF")) {
		return nil, fault(CodeTruncated, name, 0, "the PDF ends early; scan or copy it again")
	}
	sandboxes := fastSandboxes
	if o.Limits.PageTime > 0 {
		sandboxes = stoppableSandboxes
	}
	pool, err := sandboxes()
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "the PDF reader cannot be started (%v); export the scan as JPEG or TIFF", err)
	}
	lib, err := pool.GetInstance(pdfStart)
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "the PDF reader cannot be started (%v); export the scan as JPEG or TIFF", err)
	}
	s := &pdfSource{name: name, o: o, lib: lib}
	if err := s.timed(0, func() error { return s.open(data) }); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// timed ends the sandbox, and so what runs in it, when that takes longer than a page may take. The
// document's other pages are lost with it.
func (s *pdfSource) timed(page int, work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Limits.PageTime <= 0 {
		return work()
	}
	killed := make(chan struct{})
	timer := time.AfterFunc(s.o.Limits.PageTime, func() { s.lib.Kill(); close(killed) })
	err := work()
	if timer.Stop() {
		return err
	}
	<-killed
	return fault(CodeTimeout, s.name, page, "the PDF takes longer than %v; export the scan as JPEG or TIFF", s.o.Limits.PageTime)
}

func (s *pdfSource) open(data []byte) error {
	doc, err := s.lib.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return fault(CodeEncrypted, s.name, 0, "the PDF needs a password; export it without one")
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return fault(CodeEncrypted, s.name, 0, "the PDF is protected; export it without protection")
	case err != nil:
		return fault(CodeCorrupt, s.name, 0, "the PDF is damaged (%v); scan or copy it again", err)
	}
	s.doc = doc.Document
	pages, err := s.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.doc})
	switch {
	case err != nil:
		return fault(CodeCorrupt, s.name, 0, "the PDF's pages cannot be counted (%v); scan it again", err)
	case pages.PageCount <= 0:
		return fault(CodeEmpty, s.name, 0, "the PDF has no pages; scan it again")
	case pages.PageCount > s.o.Limits.MaxPages:
		return fault(CodeTooMany, s.name, 0, "%d pages, at most %d are allowed; split the file", pages.PageCount, s.o.Limits.MaxPages)
	}
	s.count = pages.PageCount
	return nil
}

func (s *pdfSource) pages() int { return s.count }

func (s *pdfSource) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lib.Close()
}

// page reads the page's one scanned picture where that is all there is, or draws the page. A JPEG is
// decoded here, outside the lock.
func (s *pdfSource) page(i int, dst *Image) error {
	var jpeg *scan
	err := s.onPage(i, func(page requests.Page) error {
		p, ok := s.onlyScan(page)
		switch {
		case ok && p.jpeg != nil:
			jpeg = &p
			return nil
		case ok && s.endsEarly(p):
			return fault(CodeTruncated, s.name, i+1, "the data of the picture on the page end early")
		case ok && s.readBitmap(p, i, dst) == nil && !dst.dark():
			return nil
		}
		return s.render(page, i, dst)
	})
	if err != nil || jpeg == nil {
		return err
	}
	err = decodeJPEG(s.name, i+1, jpeg.jpeg, jpeg.dpi, s.o, dst)
	var e *Error
	if errors.As(err, &e) && e.Code == CodeUnsupported || err == nil && dst.dark() {
		// Printing colours, or a negative that the page turns round.
		return s.onPage(i, func(page requests.Page) error { return s.render(page, i, dst) })
	}
	return err
}

func (s *pdfSource) onPage(i int, work func(requests.Page) error) error {
	return s.timed(i+1, func() error {
		loaded, err := s.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: s.doc, Index: i})
		if err != nil {
			return fault(CodeCorrupt, s.name, i+1, "the page cannot be opened (%v); scan it again", err)
		}
		defer s.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
		return work(requests.Page{ByReference: &loaded.Page})
	})
}

// render draws the page in gray at the resolution asked for. A page too long to be true (a picture placed at one point
// a pixel) is drawn as if it were A4.
func (s *pdfSource) render(page requests.Page, i int, dst *Image) error {
	size, err := s.lib.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return fault(CodeCorrupt, s.name, i+1, "the page has no size (%v); scan it again", err)
	}
	inches := max(size.Width, size.Height) / pointsPerInch
	if inches > longestSide {
		inches = a4Inches
	}
	scale := inches * s.o.RenderDPI / max(size.Width, size.Height) // pixels a point
	w, h := int(math.Round(size.Width*scale)), int(math.Round(size.Height*scale))
	if err := s.o.checkSize(s.name, i+1, w, h); err != nil {
		return err
	}
	r, err := s.lib.RenderPageInPixels(&requests.RenderPageInPixels{Page: page, Width: w, Height: h,
		ImageFormat: requests.RenderImageFormatGrayscale})
	if err != nil {
		return fault(CodeCorrupt, s.name, i+1, "the page cannot be drawn (%v); scan it again", err)
	}
	defer r.Cleanup()
	g, ok := r.Result.RenderedImage.(*image.Gray)
	if !ok {
		return fault(CodeUnsupported, s.name, i+1, "the page cannot be drawn in gray; export the scan as JPEG or TIFF")
	}
	dst.size(g.Rect.Dx(), g.Rect.Dy(), s.o.RenderDPI)
	for y := 0; y < dst.H; y++ {
		copy(dst.Pix[y*dst.W:(y+1)*dst.W], g.Pix[y*g.Stride:])
	}
	return nil
}

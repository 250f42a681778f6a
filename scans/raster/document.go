package raster

import (
	"bytes"
	"math"
	"time"
)

// Limits bounds what a file may make us do.
type Limits struct {
	MaxBytes  int64 // of one file, also of one unpacked from a ZIP
	MaxTotal  int64 // bytes unpacked from one ZIP
	MaxPixels int   // of one page at full size; A3 at 600 dpi is 70 million
	MaxPages  int   // of one file
	MaxFiles  int   // in one ZIP
	// PageTime is for opening a PDF and for each of its pages. 0 sets no limit and draws pages four times
	// faster: for a process that is itself ended in time.
	PageTime time.Duration
}

// DefaultLimits are generous for scanners and small for a server.
func DefaultLimits() Limits {
	return Limits{MaxBytes: 512 << 20, MaxTotal: 4 << 30, MaxPixels: 120_000_000, MaxPages: 20_000, MaxFiles: 20_000}
}

// orDefault puts the default where a limit is zero, but for PageTime.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.MaxBytes == 0 {
		l.MaxBytes = d.MaxBytes
	}
	if l.MaxTotal == 0 {
		l.MaxTotal = d.MaxTotal
	}
	if l.MaxPixels == 0 {
		l.MaxPixels = d.MaxPixels
	}
	if l.MaxPages == 0 {
		l.MaxPages = d.MaxPages
	}
	if l.MaxFiles == 0 {
		l.MaxFiles = d.MaxFiles
	}
	return l
}

// Options says how pages are decoded.
type Options struct {
	MinDPI    float64 // pages are reduced by whole factors while they keep this resolution; 0 = never
	RenderDPI float64 // of PDF pages that are no single scanned picture and are drawn; 0 = 200
	Limits    Limits
}

// source decodes the pages of one format, from several goroutines.
type source interface {
	pages() int
	page(i int, dst *Image) error // i from 0
	close()
}

// Document is an opened file. Its pages may be read from several goroutines.
type Document struct {
	name string
	src  source
}

// Open looks at the bytes, never at the name, and opens them as a document. Close frees its memory.
func Open(name string, data []byte, o Options) (*Document, error) {
	o.Limits = o.Limits.orDefault()
	if o.RenderDPI == 0 {
		o.RenderDPI = renderDPI
	}
	if len(data) == 0 {
		return nil, fault(CodeEmpty, name, 0, "the file is empty; scan or copy it again")
	}
	if int64(len(data)) > o.Limits.MaxBytes {
		return nil, fault(CodeTooLarge, name, 0, "the file has %d bytes, at most %d are allowed; split it", len(data), o.Limits.MaxBytes)
	}
	d := &Document{name: name}
	var err error
	switch sniff(data) {
	case "jpeg":
		d.src = &jpegSource{name: name, data: data, o: o}
	case "png":
		d.src, err = openPNG(name, data, o)
	case "tiff":
		d.src, err = openTIFF(name, data, o)
	case "pdf":
		d.src, err = openPDF(name, data, o)
	case "zip":
		err = fault(CodeNested, name, 0, "an archive inside an archive is not opened; unpack it first")
	default:
		err = fault(CodeUnknown, name, 0, "not a JPEG, PNG, TIFF or PDF; export the scan in one of these")
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return "tiff"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return "zip"
	case bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")):
		return "pdf"
	}
	return ""
}

// Name is that by which the document was opened, for messages.
func (d *Document) Name() string { return d.name }

// Pages is the number of pages.
func (d *Document) Pages() int { return d.src.pages() }

// Page decodes page i, from 0.
func (d *Document) Page(i int) (*Image, error) {
	m := &Image{}
	if err := d.PageInto(i, m); err != nil {
		return nil, err
	}
	return m, nil
}

// PageInto decodes page i, from 0, into dst, whose pixel buffer is reused. After an error dst holds
// nothing to be read.
func (d *Document) PageInto(i int, dst *Image) error {
	if i < 0 || i >= d.src.pages() {
		return fault(CodeEmpty, d.name, i+1, "the file has %d pages", d.src.pages())
	}
	if err := d.src.page(i, dst); err != nil {
		dst.size(0, 0, 0)
		return err
	}
	return nil
}

// Close frees what the document holds outside Go's memory.
func (d *Document) Close() error {
	d.src.close()
	return nil
}

const a4Inches = 297 / 25.4 // the longer side of an A4 page

// resolution is the header's where it is plausible for a scanner, else as if the picture showed an A4
// page, both in dots per inch.
func resolution(header float64, w, h int) float64 {
	if header >= 100 && header <= 1200 {
		return header
	}
	return float64(max(w, h)) / a4Inches
}

// reduction is the whole factor by which a picture may be reduced and keep minDPI, at most limit.
func reduction(dpi, minDPI float64, limit int) int {
	if minDPI <= 0 {
		return 1
	}
	// Half a per cent of slack: 299.7 dpi is 300.
	return max(1, min(limit, int(math.Floor(dpi/minDPI*1.005))))
}

// maxSide is the most pixels of a side, 1.4 m at 600 dpi: places in 1/65536 pixel fit 32 bits (Line).
const maxSide = 1<<15 - 1

func (o Options) checkSize(name string, page, w, h int) error {
	if w <= 0 || h <= 0 {
		return fault(CodeCorrupt, name, page, "the picture has no pixels")
	}
	if w > maxSide || h > maxSide {
		return fault(CodeTooLarge, name, page, "%d × %d pixels, at most %d a side are allowed; scan at a lower resolution", w, h, maxSide)
	}
	if w > o.Limits.MaxPixels/h {
		return fault(CodeTooLarge, name, page, "%d × %d pixels, at most %d million are allowed; scan at a lower resolution", w, h, o.Limits.MaxPixels/1_000_000)
	}
	return nil
}

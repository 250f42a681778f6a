package synth

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"time"

	"github.com/jung-kurt/gofpdf"

	"pingyi/scans/raster"
)

// Format is how a scanner delivers pictures.
type Format string

// The formats. The last three hold many pages in a file.
const (
	JPEG Format = "jpg"
	PNG  Format = "png"
	TIFF Format = "tif"    // gray, LZW
	G4   Format = "tif-g4" // one bit, fax coding
	PDF  Format = "pdf"    // one JPEG a page
)

// Formats lists them.
var Formats = []Format{JPEG, PNG, TIFF, G4, PDF}

// extension of a file's name.
func (f Format) extension() string {
	if f == G4 {
		return "tif"
	}
	return string(f)
}

// manyPages tells whether a file of this format holds more than one page.
func (f Format) manyPages() bool { return f != JPEG && f != PNG }

func (f Format) known() bool {
	for _, k := range Formats {
		if f == k {
			return true
		}
	}
	return false
}

// cleanQuality is the JPEG quality of pictures whose damage names none.
const cleanQuality = 95

// File is a scanner's file being written, page by page.
type File struct {
	path   string
	format Format
	pages  int
	doc    *gofpdf.Fpdf
}

// NewFile starts a file.
func NewFile(path string, format Format) *File {
	f := &File{path: path, format: format}
	if format == PDF {
		f.doc = gofpdf.New("P", "mm", "A4", "")
		f.doc.SetCreationDate(time.Unix(0, 0).UTC())
		f.doc.SetModificationDate(time.Unix(0, 0).UTC())
		f.doc.SetCatalogSort(true)
	}
	return f
}

// Add appends a page. Quality is that of its JPEG where the format has one; 0 is nearly lossless.
func (f *File) Add(m *raster.Image, quality int) error {
	if f.pages > 0 && !f.format.manyPages() {
		return fmt.Errorf("%s: a %s file holds one page", f.path, f.format)
	}
	f.pages++
	if quality == 0 {
		quality = cleanQuality
	}
	switch f.format {
	case JPEG:
		data, err := raster.EncodeJPEG(m, quality)
		if err != nil {
			return err
		}
		return os.WriteFile(f.path, data, 0o644)
	case PNG:
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m.Gray()); err != nil {
			return err
		}
		return os.WriteFile(f.path, b.Bytes(), 0o644)
	case TIFF, G4:
		return appendTIFF(f.path, m, f.format == G4, f.pages == 1)
	case PDF:
		return f.addToPDF(m, quality)
	}
	return fmt.Errorf("unknown format %q: give one of %v", f.format, Formats)
}

func (f *File) addToPDF(m *raster.Image, quality int) error {
	data, err := raster.EncodeJPEG(m, quality)
	if err != nil {
		return err
	}
	size := gofpdf.SizeType{Wd: float64(m.W) / m.DPI * 25.4, Ht: float64(m.H) / m.DPI * 25.4}
	name, kind := fmt.Sprintf("page %d", f.pages), gofpdf.ImageOptions{ImageType: "JPG"}
	f.doc.AddPageFormat("P", size)
	f.doc.RegisterImageOptionsReader(name, kind, bytes.NewReader(data))
	f.doc.ImageOptions(name, 0, 0, size.Wd, size.Ht, false, kind, 0, "")
	return f.doc.Error()
}

// Close finishes the file.
func (f *File) Close() error {
	if f.doc == nil {
		return nil
	}
	return f.doc.OutputFileAndClose(f.path)
}

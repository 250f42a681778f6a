package synth

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"

	"pingyi/scans/raster"
)

// RenderDPI is the resolution at which printed pages are drawn before they are marked.
const RenderDPI = 300

// RenderPDF draws every page of a printed PDF in gray by pdftoppm, so that what is marked and scanned is
// what the printer would print.
func RenderPDF(path string, dpi int) ([]*raster.Image, error) { return render(path, dpi) }

// renderPages draws pages first to last of it, from 1.
func renderPages(path string, dpi, first, last int) ([]*raster.Image, error) {
	pages, err := render(path, dpi, "-f", strconv.Itoa(first), "-l", strconv.Itoa(last))
	if err == nil && len(pages) != last-first+1 {
		err = fmt.Errorf("there are %d", len(pages))
	}
	if err != nil {
		return nil, fmt.Errorf("pages %d to %d of %s: %w; the file must begin with a whole copy of the form", first, last, path, err)
	}
	return pages, nil
}

func render(path string, dpi int, options ...string) ([]*raster.Image, error) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		return nil, fmt.Errorf("pdftoppm is not installed: install the Debian package poppler-utils: %w", err)
	}
	var out, problems bytes.Buffer
	c := exec.Command(tool, append([]string{"-gray", "-r", strconv.Itoa(dpi)}, append(options, "--", path)...)...)
	c.Stdout, c.Stderr = &out, &problems
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("pdftoppm %s: %w: %s", path, err, problems.String())
	}
	var pages []*raster.Image
	r := bufio.NewReader(&out)
	for {
		m, err := readPGM(r)
		if errors.Is(err, io.EOF) && len(pages) > 0 {
			return pages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("pdftoppm %s: %w", path, err)
		}
		m.DPI = float64(dpi)
		pages = append(pages, m)
	}
}

// readPGM reads one binary PGM (Netpbm P5, 8 bit).
func readPGM(r *bufio.Reader) (*raster.Image, error) {
	var magic string
	var w, h, top int
	if _, err := fmt.Fscan(r, &magic, &w, &h, &top); err != nil {
		return nil, io.EOF
	}
	if magic != "P5" || top != 255 || w <= 0 || h <= 0 || w > 1<<16 || h > 1<<16 {
		return nil, fmt.Errorf("not an 8-bit PGM: %s %d × %d", magic, w, h)
	}
	if _, err := r.ReadByte(); err != nil { // the one white space before the pixels
		return nil, err
	}
	m := raster.New(w, h)
	_, err := io.ReadFull(r, m.Pix)
	return m, err
}

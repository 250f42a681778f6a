package synth

/*
#cgo pkg-config: lept
#include <stdlib.h>
#include <leptonica/allheaders.h>

// appendTIFF writes a page, given as a binary PBM or PGM, to a TIFF file.
static int appendTIFF(const char *path, const unsigned char *pnm, size_t size, int dpi, int g4, int first) {
	PIX *p = pixReadMemPnm(pnm, size);
	if (!p) return 1;
	pixSetResolution(p, dpi, dpi);
	int failed = pixWriteTiff(path, p, g4 ? IFF_TIFF_G4 : IFF_TIFF_LZW, first ? "w" : "a");
	pixDestroy(&p);
	return failed;
}
*/
import "C"

import (
	"fmt"
	"unsafe"

	"pingyi/scans/raster"
)

// appendTIFF adds a page to a TIFF file: one bit in Group 4 fax coding, or gray in LZW.
func appendTIFF(path string, m *raster.Image, g4, first bool) error {
	pnm := pgm(m)
	if g4 {
		pnm = pbm(m)
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	flag := func(b bool) C.int {
		if b {
			return 1
		}
		return 0
	}
	if C.appendTIFF(name, (*C.uchar)(unsafe.Pointer(&pnm[0])), C.size_t(len(pnm)), C.int(m.DPI+0.5), flag(g4), flag(first)) != 0 {
		return fmt.Errorf("%s: the TIFF page could not be written: check that the disk has room", path)
	}
	return nil
}

// pgm is the picture as a binary Netpbm graymap.
func pgm(m *raster.Image) []byte {
	return append(fmt.Appendf(nil, "P5\n%d %d\n255\n", m.W, m.H), m.Pix...)
}

// pbm is the picture as a binary Netpbm bitmap; gray below the middle is black.
func pbm(m *raster.Image) []byte {
	out := fmt.Appendf(nil, "P4\n%d %d\n", m.W, m.H)
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		for x := 0; x < len(row); x += 8 {
			var b byte
			for i, v := range row[x:min(len(row), x+8)] {
				if v < 128 {
					b |= 0x80 >> i
				}
			}
			out = append(out, b)
		}
	}
	return out
}

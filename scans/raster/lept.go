package raster

/*
#cgo pkg-config: lept
#cgo LDFLAGS: -ldl
#cgo CFLAGS: -O3
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <leptonica/allheaders.h>

// LibTIFF goes on after damage, with white or zero rows, and only says so to a handler that Leptonica
// leaves unset. These handlers (LibTIFF's second pair, which Leptonica leaves alone) count such words,
// a thread at a time. The library is the one that Leptonica has loaded; its headers are not needed.
typedef void (*tiffHandler)(void *, const char *, const char *, va_list);
static __thread int damage;

static int startsWith(const char *s, const char *prefix) { return s && strncmp(s, prefix, strlen(prefix)) == 0; }

static void onError(void *client, const char *module, const char *format, va_list args) {
	// The next page's directory is looked at too, and is that page's matter.
	if (startsWith(module, "TIFFReadDirectory") || startsWith(module, "TIFFFetch") || startsWith(module, "TIFFAdvance")) return;
	damage++;
}

static void onWarning(void *client, const char *module, const char *format, va_list args) {
	if (startsWith(module, "Fax") || startsWith(module, "JPEG") || startsWith(module, "PackBits")) damage++;
}

static void silent(const char *message) {}

static int setUp(void) {
	setMsgSeverity(L_SEVERITY_NONE);
	leptSetStderrHandler(silent);
	tiffHandler (*setError)(tiffHandler) = dlsym(RTLD_DEFAULT, "TIFFSetErrorHandlerExt");
	tiffHandler (*setWarning)(tiffHandler) = dlsym(RTLD_DEFAULT, "TIFFSetWarningHandlerExt");
	if (!setError || !setWarning) return 0;
	setError(onError);
	setWarning(onWarning);
	return 1;
}

// readTIFF decodes the page whose directory is at an offset; NULL also where anything was damaged.
static PIX *readTIFF(const unsigned char *data, size_t size, size_t offset) {
	damage = 0;
	PIX *p = pixReadMemFromMultipageTiff(data, size, &offset);
	if (damage) pixDestroy(&p);
	return p;
}

// plain gives a picture of 1, 8 or 32 bits a pixel without colour map; transparency lies on white.
static PIX *plain(PIX *in) {
	PIX *flat = pixGetSpp(in) == 4 ? pixRemoveAlpha(in) : pixClone(in), *out = NULL;
	if (!flat) return NULL;
	int d = pixGetDepth(flat);
	if (!pixGetColormap(flat) && (d == 1 || d == 8 || d == 32)) return flat;
	out = d == 16 ? pixConvert16To8(flat, L_MS_BYTE) : pixConvertTo8(flat, 0);
	pixDestroy(&flat);
	return out;
}

// grayOfBits holds eight gray pixels for each byte of a one-bit picture, in which 1 is black.
static unsigned char grayOfBits[256][8];

static void fillGrayOfBits(void) {
	for (int v = 0; v < 256; v++) for (int i = 0; i < 8; i++) grayOfBits[v][i] = v >> (7 - i) & 1 ? 0 : 255;
}

// grayLine writes a line of a plain picture, n pixels, as gray bytes; colours with the weights of JPEG.
static void grayLine(PIX *p, int d, int y, unsigned char *row, int n) {
	l_uint32 *line = pixGetData(p) + (size_t)y * pixGetWpl(p);
	int x = 0;
	switch (d) {
	case 1:
		for (; x + 32 <= n; x += 32) {
			l_uint32 v = line[x >> 5];
			for (int i = 0; i < 4; i++, v <<= 8) memcpy(row + x + 8 * i, grayOfBits[v >> 24], 8);
		}
		for (; x < n; x++) row[x] = GET_DATA_BIT(line, x) ? 0 : 255;
		break;
	case 8:
		for (; x + 4 <= n; x += 4) {
			l_uint32 v = line[x >> 2];
			row[x] = v >> 24; row[x+1] = v >> 16; row[x+2] = v >> 8; row[x+3] = v;
		}
		for (; x < n; x++) row[x] = GET_DATA_BYTE(line, x);
		break;
	default:
		for (; x < n; x++) {
			l_uint32 v = line[x];
			row[x] = (77 * (v >> 24) + 150 * (v >> 16 & 255) + 29 * (v >> 8 & 255) + 128) >> 8;
		}
	}
}

// reduceTo writes w × h gray bytes, each the average of k × k pixels; 0 where memory is short.
static int reduceTo(PIX *p, int k, unsigned char *dst, int w, int h) {
	int d = pixGetDepth(p), area = k * k;
	if (k == 1) {
		for (int y = 0; y < h; y++) grayLine(p, d, y, dst + (size_t)y * w, w);
		return 1;
	}
	unsigned char *row = malloc((size_t)w * k);
	unsigned short *sums = malloc((size_t)w * sizeof *sums); // k is at most 4: 16 × 255 fits
	for (int y = 0; row && sums && y < h; y++) {
		memset(sums, 0, (size_t)w * sizeof *sums);
		for (int j = 0; j < k; j++) {
			grayLine(p, d, y * k + j, row, w * k);
			if (k == 2) for (int x = 0; x < w; x++) sums[x] += row[2*x] + row[2*x+1];
			else for (int x = 0; x < w * k; x++) sums[x / k] += row[x];
		}
		for (int x = 0; x < w; x++) dst[(size_t)y * w + x] = (sums[x] + area / 2) / area;
	}
	int ok = row && sums;
	free(row);
	free(sums);
	return ok;
}
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"sync"
	"unsafe"
)

const maxReduction = 4 // of PNG and TIFF; reduceTo's sums hold no more

// leptonica silences the library and reports whether damage in a TIFF can be noticed.
var leptonica = sync.OnceValue(func() bool {
	C.fillGrayOfBits()
	return C.setUp() != 0
})

// pngSource is a PNG, decoded by Leptonica.
type pngSource struct {
	name string
	data []byte
	o    Options
}

func openPNG(name string, data []byte, o Options) (source, error) {
	leptonica()
	if len(data) < 33 || !bytes.Contains(data[len(data)-min(len(data), 4096):], []byte("IEND")) {
		return nil, fault(CodeTruncated, name, 0, "the PNG ends early; scan or copy it again")
	}
	if string(data[12:16]) != "IHDR" {
		return nil, fault(CodeCorrupt, name, 0, "the PNG does not begin with its header; scan or copy it again")
	}
	w, h := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	if err := o.checkSize(name, 0, clampInt(w), clampInt(h)); err != nil {
		return nil, err
	}
	return &pngSource{name, data, o}, nil
}

func clampInt(v uint32) int { return int(min(v, 1<<30)) }

func (s *pngSource) pages() int { return 1 }
func (s *pngSource) close()     {}

func (s *pngSource) page(i int, dst *Image) error {
	p := C.pixReadMemPng((*C.uchar)(unsafe.Pointer(&s.data[0])), C.size_t(len(s.data)))
	return copyPix(p, s.name, i+1, s.o, dst)
}

// readTIFF decodes the page whose directory is at an offset.
func readTIFF(name string, page int, data []byte, offset uint32, o Options, dst *Image) error {
	p := C.readTIFF((*C.uchar)(unsafe.Pointer(&data[0])), C.size_t(len(data)), C.size_t(offset))
	return copyPix(p, name, page, o, dst)
}

// copyPix turns Leptonica's picture into ours, reduced as the options say, and frees it.
func copyPix(p *C.PIX, name string, page int, o Options, dst *Image) error {
	if p == nil {
		return fault(CodeCorrupt, name, page, "the picture is damaged or ends early; scan or copy it again")
	}
	defer C.pixDestroy(&p)
	w, h := int(C.pixGetWidth(p)), int(C.pixGetHeight(p))
	if err := o.checkSize(name, page, w, h); err != nil {
		return err
	}
	x, y := float64(C.pixGetXRes(p)), float64(C.pixGetYRes(p))
	if x > 0 && y > 0 && max(x, y) > 1.1*min(x, y) {
		return fault(CodeUnsupported, name, page, "%.0f × %.0f dpi: the pixels are not square (a fax?); scan at one resolution", x, y)
	}
	dpi := resolution(x, w, h)
	k := min(reduction(dpi, o.MinDPI, maxReduction), w, h)
	g := C.plain(p)
	if g == nil {
		return fault(CodeUnsupported, name, page, "this kind of picture cannot be turned into gray; scan in gray or black and white")
	}
	defer C.pixDestroy(&g)
	dst.size(w/k, h/k, dpi/float64(k))
	if C.reduceTo(g, C.int(k), (*C.uchar)(unsafe.Pointer(&dst.Pix[0])), C.int(dst.W), C.int(dst.H)) == 0 {
		return fault(CodeTooLarge, name, page, "there is no memory for the picture; scan at a lower resolution")
	}
	return nil
}

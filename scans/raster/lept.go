package raster

/*
#cgo pkg-config: lept
#include <stdlib.h>
#include <leptonica/allheaders.h>

static void quiet(void) { setMsgSeverity(L_SEVERITY_NONE); }

// gray returns an 8-bit gray copy without colour map; transparency lies on white.
static PIX *gray(PIX *in) {
	PIX *flat = NULL, *deep = NULL, *out = NULL;
	if (pixGetSpp(in) == 4) flat = pixRemoveAlpha(in); else flat = pixClone(in);
	if (!flat) return NULL;
	if (pixGetDepth(flat) == 16) deep = pixConvert16To8(flat, L_MS_BYTE); else deep = pixClone(flat);
	pixDestroy(&flat);
	if (!deep) return NULL;
	out = pixConvertTo8(deep, 0);
	pixDestroy(&deep);
	return out;
}

// copyRows writes the rows of an 8-bit picture into dst, w bytes a row.
static void copyRows(PIX *p, unsigned char *dst) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	l_uint32 *data = pixGetData(p);
	for (int y = 0; y < h; y++) {
		l_uint32 *line = data + (size_t)y * wpl;
		unsigned char *row = dst + (size_t)y * w;
		int x = 0;
		for (; x + 4 <= w; x += 4) {
			l_uint32 v = line[x >> 2];
			row[x] = v >> 24; row[x+1] = v >> 16; row[x+2] = v >> 8; row[x+3] = v;
		}
		for (; x < w; x++) row[x] = GET_DATA_BYTE(line, x);
	}
}
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"sync"
	"unsafe"
)

var quiet = sync.OnceFunc(func() { C.quiet() })

// leptSource is a PNG or a TIFF, decoded by Leptonica.
type leptSource struct {
	name    string
	data    []byte
	o       Options
	offsets []uint32 // of a TIFF's directories; one zero for a PNG
	tiff    bool
}

func openLept(name string, data []byte, o Options, tiff bool) (source, error) {
	quiet()
	s := &leptSource{name: name, data: data, o: o, offsets: []uint32{0}, tiff: tiff}
	if !tiff {
		if len(data) < 33 {
			return nil, fault(CodeTruncated, name, 0, "the PNG ends inside its header; copy it again")
		}
		if !bytes.Contains(data[max(0, len(data)-64):], []byte("IEND")) {
			return nil, fault(CodeTruncated, name, 0, "the PNG ends early; copy it again")
		}
		w, h := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
		return s, o.checkSize(name, 0, clampInt(w), clampInt(h))
	}
	dirs, err := tiffDirectories(name, data, o)
	s.offsets = dirs
	return s, err
}

func clampInt(v uint32) int { return int(min(v, 1<<30)) }

func (s *leptSource) pages() int { return len(s.offsets) }
func (s *leptSource) close()     {}

func (s *leptSource) page(i int, dst *Image) error {
	p := s.read(i)
	if p == nil {
		return fault(CodeCorrupt, s.name, i+1, "the picture is damaged and cannot be decoded; scan or copy it again")
	}
	defer C.pixDestroy(&p)
	w, h := int(C.pixGetWidth(p)), int(C.pixGetHeight(p))
	if err := s.o.checkSize(s.name, i+1, w, h); err != nil {
		return err
	}
	dpi := resolution(float64(C.pixGetXRes(p)), w, h)
	g := C.gray(p)
	if g == nil {
		return fault(CodeUnsupported, s.name, i+1, "this kind of picture cannot be turned into gray; scan in gray or black and white")
	}
	defer C.pixDestroy(&g)
	k := reduction(dpi, s.o.MinDPI, 4)
	if k == 1 {
		dst.size(w, h, dpi)
		C.copyRows(g, (*C.uchar)(unsafe.Pointer(&dst.Pix[0])))
		return nil
	}
	full := &Image{} // not kept: pages of one file may be read at once
	full.size(w, h, dpi)
	C.copyRows(g, (*C.uchar)(unsafe.Pointer(&full.Pix[0])))
	full.Reduce(dst, k)
	return nil
}

func (s *leptSource) read(i int) *C.PIX {
	data := (*C.uchar)(unsafe.Pointer(&s.data[0]))
	if !s.tiff {
		return C.pixReadMemPng(data, C.size_t(len(s.data)))
	}
	return C.pixReadMemTiff(data, C.size_t(len(s.data)), C.l_int32(i))
}

// tiffDirectories walks a TIFF's chain of directories and checks each page's size, before any pixel is
// decoded. A chain that loops or leaves the file is corrupt.
func tiffDirectories(name string, b []byte, o Options) ([]uint32, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	if len(b) < 8 {
		return nil, fault(CodeTruncated, name, 0, "the TIFF ends inside its header; copy it again")
	}
	var dirs []uint32
	seen := map[uint32]bool{}
	for at := order.Uint32(b[4:]); at != 0; {
		if seen[at] {
			return nil, fault(CodeCorrupt, name, len(dirs)+1, "the TIFF's pages form a loop; scan it again")
		}
		seen[at] = true
		if len(dirs) == o.Limits.MaxPages {
			return nil, fault(CodeTooMany, name, 0, "more than %d pages; split the file", o.Limits.MaxPages)
		}
		next, w, h, ok := tiffDirectory(b, int64(at), order)
		if !ok {
			return nil, fault(CodeTruncated, name, len(dirs)+1, "the TIFF ends early or is damaged; scan or copy it again")
		}
		if err := o.checkSize(name, len(dirs)+1, clampInt(w), clampInt(h)); err != nil {
			return nil, err
		}
		dirs = append(dirs, at)
		at = next
	}
	if len(dirs) == 0 {
		return nil, fault(CodeEmpty, name, 0, "the TIFF has no pages")
	}
	return dirs, nil
}

// tiffDirectory reads width and height (tags 256, 257) of the directory at an offset, checks that its
// strips or tiles lie inside the file, and gives the next directory's offset.
func tiffDirectory(b []byte, at int64, order binary.ByteOrder) (next, w, h uint32, ok bool) {
	if at+2 > int64(len(b)) {
		return 0, 0, 0, false
	}
	n := int64(order.Uint16(b[at:]))
	end := at + 2 + 12*n
	if end+4 > int64(len(b)) {
		return 0, 0, 0, false
	}
	tags := map[uint16][]byte{}
	for i := int64(0); i < n; i++ {
		e := b[at+2+12*i : at+14+12*i]
		tags[order.Uint16(e)] = e
	}
	w, h = tiffNumber(b, tags[256], order, 0), tiffNumber(b, tags[257], order, 0)
	offsets, sizes := tags[273], tags[279]
	if offsets == nil {
		offsets, sizes = tags[324], tags[325]
	}
	if offsets == nil || sizes == nil {
		return 0, 0, 0, false
	}
	for i := uint32(0); i < order.Uint32(offsets[4:]); i++ {
		if int64(tiffNumber(b, offsets, order, i))+int64(tiffNumber(b, sizes, order, i)) > int64(len(b)) {
			return 0, 0, 0, false
		}
	}
	return order.Uint32(b[end:]), w, h, true
}

// tiffNumber reads the i-th SHORT or LONG of an entry; 0 where there is none.
func tiffNumber(b, entry []byte, order binary.ByteOrder, i uint32) uint32 {
	if entry == nil {
		return 0
	}
	size := int64(4)
	if order.Uint16(entry[2:]) == 3 {
		size = 2
	}
	count := order.Uint32(entry[4:])
	if i >= count {
		return 0
	}
	field := entry[8:12]
	if int64(count)*size > 4 {
		at := int64(order.Uint32(field)) + int64(i)*size
		if at+size > int64(len(b)) {
			return 1 << 31 // outside the file: fails every check
		}
		field = b[at:]
	} else {
		field = field[int64(i)*size:]
	}
	if size == 2 {
		return uint32(order.Uint16(field))
	}
	return order.Uint32(field)
}

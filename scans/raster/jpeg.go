package raster

/*
#cgo pkg-config: libturbojpeg
#include <stdlib.h>
#include <turbojpeg.h>
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// jpegFlags: the exact inverse transform; no picture of hundreds of scans (a small file that takes
// minutes); nothing after the first damage, since such a picture is refused anyway.
const jpegFlags = C.TJFLAG_ACCURATEDCT | C.TJFLAG_LIMITSCANS | C.TJFLAG_STOPONWARNING

// jpegSource is a JPEG file. TurboJPEG decodes it straight to gray, reduced by 2 or 4 inside the
// transform where the resolution allows, which saves most of the work.
type jpegSource struct {
	name string
	data []byte
	o    Options
}

func (s *jpegSource) pages() int { return 1 }
func (s *jpegSource) close()     {}

func (s *jpegSource) page(_ int, dst *Image) error {
	return decodeJPEG(s.name, 1, s.data, jfifDensity(s.data), s.o, dst)
}

// decoders keeps TurboJPEG handles, one for each goroutine that decodes at a time.
var decoders = sync.Pool{New: func() any {
	d := &jpegDecoder{C.tjInitDecompress()}
	runtime.AddCleanup(d, func(h C.tjhandle) { C.tjDestroy(h) }, d.handle)
	return d
}}

type jpegDecoder struct{ handle C.tjhandle }

// decodeJPEG decodes to gray. density is the resolution in dpi that the file or the page it is placed on
// states, 0 where unknown. A picture that ends early is an error: the library would fill it with gray.
func decodeJPEG(name string, page int, data []byte, density float64, o Options, dst *Image) error {
	if len(data) == 0 {
		return fault(CodeEmpty, name, page, "the picture is empty; scan it again")
	}
	d := decoders.Get().(*jpegDecoder)
	if err := d.decode(name, page, data, density, o, dst); err != nil {
		return err // and the handle is left to be freed: after damage it would refuse good pictures
	}
	decoders.Put(d)
	return nil
}

func (d *jpegDecoder) decode(name string, page int, data []byte, density float64, o Options, dst *Image) error {
	src, n := (*C.uchar)(unsafe.Pointer(&data[0])), C.ulong(len(data))
	var w, h, subsampling, colours C.int
	if C.tjDecompressHeader3(d.handle, src, n, &w, &h, &subsampling, &colours) != 0 {
		return d.fault(name, page, data)
	}
	if colours == C.TJCS_CMYK || colours == C.TJCS_YCCK {
		return fault(CodeUnsupported, name, page, "the JPEG is in printing colours (CMYK); scan in gray")
	}
	if err := o.checkSize(name, page, int(w), int(h)); err != nil {
		return err
	}
	dpi := resolution(density, int(w), int(h))
	k := 1
	for _, f := range []int{2, 4} { // the scales that the library has vector code for
		if reduction(dpi, o.MinDPI, f) == f {
			k = f
		}
	}
	sw, sh := (w+C.int(k)-1)/C.int(k), (h+C.int(k)-1)/C.int(k)
	dst.size(int(sw), int(sh), dpi/float64(k))
	if C.tjDecompress2(d.handle, src, n, (*C.uchar)(unsafe.Pointer(&dst.Pix[0])), sw, sw, sh, C.TJPF_GRAY, jpegFlags) != 0 {
		return d.fault(name, page, data)
	}
	runtime.KeepAlive(d)
	return nil
}

func (d *jpegDecoder) fault(name string, page int, data []byte) error {
	defer runtime.KeepAlive(d)
	msg := C.GoString(C.tjGetErrorStr2(d.handle))
	ends := bytes.Contains(data[max(0, len(data)-4096):], []byte{0xff, 0xd9})
	switch {
	case strings.Contains(msg, "nsupported"), strings.Contains(msg, "not implemented"):
		return fault(CodeUnsupported, name, page, "this kind of JPEG is not read (%s); scan in gray as an ordinary JPEG", msg)
	case !ends, C.tjGetErrorCode(d.handle) == C.TJERR_WARNING:
		return fault(CodeTruncated, name, page, "the JPEG is damaged or ends early (%s); scan or copy it again", msg)
	}
	return fault(CodeCorrupt, name, page, "the JPEG cannot be decoded (%s); scan it again", msg)
}

// jfifDensity is the resolution in the JFIF header in dots per inch, or 0.
func jfifDensity(b []byte) float64 {
	for p := 2; p+4 <= len(b) && b[p] == 0xff && b[p+1] != 0xda; {
		n := int(binary.BigEndian.Uint16(b[p+2:]))
		if b[p+1] == 0xe0 && n >= 14 && p+16 <= len(b) && string(b[p+4:p+8]) == "JFIF" {
			x := float64(binary.BigEndian.Uint16(b[p+12:]))
			switch b[p+11] {
			case 1:
				return x
			case 2:
				return x * 2.54
			}
			return 0
		}
		p += 2 + n
	}
	return 0
}

// EncodeJPEG writes a gray JPEG without metadata but the resolution; quality is 1…100.
func EncodeJPEG(m *Image, quality int) ([]byte, error) {
	if m.W <= 0 || m.H <= 0 {
		return nil, fault(CodeEmpty, "picture", 0, "has no pixels to encode")
	}
	handle := C.tjInitCompress()
	defer C.tjDestroy(handle)
	var out *C.uchar
	var n C.ulong
	if C.tjCompress2(handle, (*C.uchar)(unsafe.Pointer(&m.Pix[0])), C.int(m.W), C.int(m.W), C.int(m.H), C.TJPF_GRAY,
		&out, &n, C.TJSAMP_GRAY, C.int(quality), 0) != 0 {
		return nil, fault(CodeCorrupt, "picture", 0, "cannot be encoded: %s", C.GoString(C.tjGetErrorStr2(handle)))
	}
	defer C.tjFree(out)
	data := C.GoBytes(unsafe.Pointer(out), C.int(n))
	setDensity(data, m.DPI)
	return data, nil
}

func setDensity(b []byte, dpi float64) {
	if len(b) > 18 && b[2] == 0xff && b[3] == 0xe0 && string(b[6:10]) == "JFIF" && dpi >= 1 {
		b[13] = 1
		binary.BigEndian.PutUint16(b[14:], uint16(dpi+0.5))
		binary.BigEndian.PutUint16(b[16:], uint16(dpi+0.5))
	}
}

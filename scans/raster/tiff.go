package raster

import (
	"encoding/binary"
	"fmt"
)

// TIFF tags, field types and values that are looked at before a pixel is decoded.
const (
	tagWidth       = 256
	tagHeight      = 257
	tagCompression = 259
	tagPhotometric = 262
	tagStrips      = 273
	tagStripBytes  = 279
	tagPlanar      = 284
	tagTiles       = 324

	typeShort, typeLong = 3, 4

	compressionNone, compressionOldJPEG = 1, 6
	photometricCMYK, photometricLab     = 5, 8
	planarSeparate                      = 2
)

// tiffSource is a TIFF, decoded by Leptonica.
type tiffSource struct {
	name    string
	data    []byte
	o       Options
	offsets []uint32 // of the pages' directories
}

func openTIFF(name string, data []byte, o Options) (source, error) {
	if !leptonica() {
		return nil, fault(CodeUnsupported, name, 0, "damage in a TIFF would go unnoticed with this Leptonica; export the scan as JPEG or PDF")
	}
	dirs, err := tiffDirectories(name, data, o)
	if err != nil {
		return nil, err
	}
	return &tiffSource{name, data, o, dirs}, nil
}

func (s *tiffSource) pages() int { return len(s.offsets) }
func (s *tiffSource) close()     {}

func (s *tiffSource) page(i int, dst *Image) error {
	return readTIFF(s.name, i+1, s.data, s.offsets[i], s.o, dst)
}

// tiffFile walks directories. Work is what may still be read from them: a file whose directories lie
// upon one another would otherwise take hours.
type tiffFile struct {
	b     []byte
	order binary.ByteOrder
	work  int64
}

// tiffDirectories walks a TIFF's chain of directories and checks each page's size and kind, before any
// pixel is decoded. A chain that loops or leaves the file is refused.
func tiffDirectories(name string, b []byte, o Options) ([]uint32, error) {
	if len(b) < 8 {
		return nil, fault(CodeTruncated, name, 0, "the TIFF ends inside its header; copy it again")
	}
	t := &tiffFile{b: b, order: binary.LittleEndian, work: 4*int64(len(b)) + 1<<16}
	if b[0] == 'M' {
		t.order = binary.BigEndian
	}
	var dirs []uint32
	seen := map[uint32]bool{}
	for at := t.order.Uint32(b[4:]); at != 0; {
		page := len(dirs) + 1
		if seen[at] {
			return nil, fault(CodeCorrupt, name, page, "the TIFF's pages form a loop; scan it again")
		}
		seen[at] = true
		if len(dirs) == o.Limits.MaxPages {
			return nil, fault(CodeTooMany, name, 0, "more than %d pages; split the file", o.Limits.MaxPages)
		}
		d, code, err := t.directory(int64(at))
		if err != nil {
			return nil, fault(code, name, page, "%v", err)
		}
		if err := o.checkSize(name, page, clampInt(d.w), clampInt(d.h)); err != nil {
			return nil, err
		}
		dirs = append(dirs, at)
		at = d.next
	}
	if len(dirs) == 0 {
		return nil, fault(CodeEmpty, name, 0, "the TIFF has no pages")
	}
	return dirs, nil
}

type tiffDirectory struct{ w, h, next uint32 }

// directory reads the entries of the directory at an offset.
func (t *tiffFile) directory(at int64) (d tiffDirectory, code Code, err error) {
	size := int64(len(t.b))
	if at+2 > size {
		return d, CodeTruncated, fmt.Errorf("the TIFF ends before its page; copy it again")
	}
	n := int64(t.order.Uint16(t.b[at:]))
	end := at + 2 + 12*n
	if end+4 > size {
		return d, CodeTruncated, fmt.Errorf("the TIFF ends inside its page's header; copy it again")
	}
	if t.work -= 12 * n; t.work < 0 {
		return d, CodeCorrupt, fmt.Errorf("the TIFF's pages lie upon one another; scan it again")
	}
	tags := map[uint16]tiffEntry{}
	for i := int64(0); i < n; i++ {
		e := tiffEntry{t, t.b[at+2+12*i : at+14+12*i]}
		if _, twice := tags[e.tag()]; twice {
			return d, CodeCorrupt, fmt.Errorf("the TIFF states tag %d twice; scan it again", e.tag())
		}
		tags[e.tag()] = e
	}
	if code, err := t.check(tags); err != nil {
		return d, code, err
	}
	w, _ := tags[tagWidth].number(0)
	h, _ := tags[tagHeight].number(0)
	return tiffDirectory{w, h, t.order.Uint32(t.b[end:])}, "", nil
}

// check refuses kinds of TIFF that would be read wrongly or not at all, and strips outside the file.
func (t *tiffFile) check(tags map[uint16]tiffEntry) (Code, error) {
	if _, tiled := tags[tagTiles]; tiled {
		return CodeUnsupported, fmt.Errorf("the TIFF is made of tiles; export it in strips, or as JPEG or PDF")
	}
	for _, tag := range []uint16{tagWidth, tagHeight, tagStrips} {
		if e, ok := tags[tag]; !ok || e.kind() != typeShort && e.kind() != typeLong || e.count() == 0 {
			return CodeCorrupt, fmt.Errorf("the TIFF does not state its size or strips (tag %d); scan it again", tag)
		}
	}
	photometric, _ := tags[tagPhotometric].number(0)
	planar, _ := tags[tagPlanar].number(0)
	compression, stated := tags[tagCompression].number(0)
	switch {
	case photometric >= photometricCMYK && photometric <= photometricLab && photometric != 6:
		return CodeUnsupported, fmt.Errorf("the TIFF is in printing colours (kind %d); scan in gray or black and white", photometric)
	case planar == planarSeparate:
		return CodeUnsupported, fmt.Errorf("the TIFF keeps its colours apart; scan in gray or black and white")
	case compression == compressionOldJPEG:
		return CodeUnsupported, fmt.Errorf("the TIFF holds an old kind of JPEG; export it as JPEG or PDF")
	}
	offsets, sizes := tags[tagStrips], tags[tagStripBytes]
	if sizes.raw == nil {
		if stated && compression != compressionNone {
			return CodeCorrupt, fmt.Errorf("the TIFF does not state the length of its strips; scan it again")
		}
		return "", nil // the decoder works it out
	}
	if sizes.count() < offsets.count() || sizes.kind() != typeShort && sizes.kind() != typeLong {
		return CodeCorrupt, fmt.Errorf("the TIFF's strips lack a length; scan it again")
	}
	if t.work -= 8 * int64(offsets.count()); t.work < 0 {
		return CodeCorrupt, fmt.Errorf("the TIFF states more strips than it can hold; scan it again")
	}
	for i := uint32(0); i < offsets.count(); i++ {
		from, ok := offsets.number(i)
		n, ok2 := sizes.number(i)
		if !ok || !ok2 || n == 0 || int64(from)+int64(n) > int64(len(t.b)) {
			return CodeTruncated, fmt.Errorf("the TIFF ends before its picture does; scan or copy it again")
		}
	}
	return "", nil
}

// tiffEntry is one entry of a directory: tag, type, count, value or its offset.
type tiffEntry struct {
	t   *tiffFile
	raw []byte // 12 bytes; nil where the entry is missing
}

func (e tiffEntry) tag() uint16   { return e.t.order.Uint16(e.raw) }
func (e tiffEntry) kind() uint16  { return e.t.order.Uint16(e.raw[2:]) }
func (e tiffEntry) count() uint32 { return e.t.order.Uint32(e.raw[4:]) }

// number is the i-th number of an entry of SHORTs or LONGs; not ok where there is none in the file.
func (e tiffEntry) number(i uint32) (v uint32, ok bool) {
	if e.raw == nil || i >= e.count() {
		return 0, false
	}
	size := int64(4)
	if e.kind() == typeShort {
		size = 2
	}
	field, at := e.raw[8:12], int64(i)*size
	if int64(e.count())*size > 4 {
		field, at = e.t.b, at+int64(e.t.order.Uint32(field))
	}
	if at+size > int64(len(field)) {
		return 0, false
	}
	if size == 2 {
		return uint32(e.t.order.Uint16(field[at:])), true
	}
	return e.t.order.Uint32(field[at:]), true
}

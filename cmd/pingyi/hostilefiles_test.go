package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
)

// hostileFile is one file that somebody might send who means harm. Where make is given, the file is one that takes long to
// make, and has no data before it is sent.
type hostileFile struct {
	kind, name string
	data       []byte
	make       func() []byte
}

func (f hostileFile) made() hostileFile {
	if f.make != nil {
		f.data = f.make()
	}
	return f
}

// rack collects hostile files of one kind after another.
type rack struct {
	kind  string
	files []hostileFile
}

func (k *rack) add(name string, data []byte) {
	k.files = append(k.files, hostileFile{kind: k.kind, name: name, data: data})
}

func (k *rack) later(name string, make func() []byte) {
	k.files = append(k.files, hostileFile{kind: k.kind, name: name, make: make})
}

// cuts adds a file cut at several places.
func (k *rack) cuts(name string, data []byte, n int) {
	for i := 1; i <= n; i++ {
		k.add(fmt.Sprintf("cut%d-%s", i, name), data[:len(data)*i/(n+1)])
	}
}

func be(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

func le16(v int) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }

func le32(v int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }

// deflated is n zero bytes, packed.
func deflated(n int) []byte {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, flate.BestSpeed)
	chunk := make([]byte, 1<<20)
	for ; n > 0; n -= len(chunk) {
		w.Write(chunk[:min(n, len(chunk))])
	}
	w.Close()
	return b.Bytes()
}

// zipped is a ZIP of files, written with headers as they are given.
func zipped(entries ...zip.FileHeader) func(contents ...[]byte) []byte {
	return func(contents ...[]byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range entries {
			h := entries[i]
			w, err := z.CreateHeader(&h)
			if err == nil {
				w.Write(contents[min(i, len(contents)-1)])
			}
		}
		z.Close()
		return b.Bytes()
	}
}

func entry(name string) zip.FileHeader { return zip.FileHeader{Name: name, Method: zip.Deflate} }

func numbered(n int, method uint16) (entries []zip.FileHeader) {
	for i := range n {
		entries = append(entries, zip.FileHeader{Name: fmt.Sprintf("%d.jpg", i), Method: method})
	}
	return entries
}

// hostileZips are bombs, names that leave the archive, links, and archives that lie.
func hostileZips(good []byte) []hostileFile {
	k := &rack{kind: "ZIP names"}
	for _, name := range []string{"../../evil.jpg", "/etc/passwd.jpg", `..\..\evil.jpg`, `C:\evil.jpg`, "c:evil.jpg", "a/../../b.jpg", "a\x00b.jpg", "\u202egpj.exe",
		"CON.jpg", "aux", "nul.pdf", "a:stream.jpg", strings.Repeat("n", 5000) + ".jpg", strings.Repeat("d/", 2000) + "x.jpg", ".", "./.jpg", "\xff\xfe.jpg", "a\nb.jpg", "=cmd|'/c calc'!A1.jpg", "~/.ssh/id.jpg", "%2e%2e%2fx.jpg", "..jpg", "<script>.jpg"} {
		k.add("name.zip", zipped(entry(name))(good))
	}
	link := entry("link.jpg")
	link.SetMode(0o777 | 1<<27) // a symbolic link
	k.add("link.zip", zipped(link)([]byte("/etc/passwd")))
	device := entry("dev.jpg")
	device.SetMode(1 << 26)
	k.add("device.zip", zipped(device)(good))
	k.kind = "ZIP bombs"
	inner := zipped(entry("a.jpg"))(good)
	for i := range 4 {
		inner = zipped(entry(fmt.Sprintf("%d.zip", i)))(inner)
		k.add("nested.zip", inner)
	}
	zeros := make([]byte, 300<<20)
	k.later("bomb300M.zip", func() []byte { return zipped(entry("zeros.tif"))(zeros) })
	k.later("bomb70M.zip", func() []byte { return zipped(entry("zeros.jpg"))(zeros[:70<<20]) })
	k.later("bomb40x20M.zip", func() []byte { return zipped(numbered(40, zip.Deflate)...)(zeros[:20<<20]) })
	k.later("entries90000.zip", func() []byte { return zipped(numbered(90_000, zip.Store)...)(nil) })
	k.later("overlap.zip", func() []byte { return overlapping(zeros[:40<<20], 3000) })
	k.add("overlap-small.zip", overlapping(good, 50))
	k.kind = "ZIP lies"
	whole := zipped(entry("a.jpg"), entry("b.jpg"))(good, good)
	k.cuts("a.zip", whole, 8)
	for _, at := range []int{6, 8, 10, 14, 18, 22, 26, 28} { // fields of the first header
		bad := bytes.Clone(whole)
		bad[at] ^= 0xff
		k.add("header.zip", bad)
	}
	central := bytes.LastIndex(whole, []byte("PK\x01\x02"))
	for _, at := range []int{8, 10, 16, 20, 24, 28, 30, 32, 34, 42, 45} {
		bad := bytes.Clone(whole)
		bad[central+at] ^= 0xff
		k.add("directory.zip", bad)
	}
	k.add("self.zip", zipped(zip.FileHeader{Name: "self.jpg", Method: zip.Store})(whole))
	k.add("prefixed.zip", append([]byte("MZ\x90\x00junk"), whole...))
	k.add("comment.zip", append(bytes.Clone(whole[:len(whole)-2]), append(le16(65535), make([]byte, 65535)...)...))
	return k.files
}

// overlapping is a ZIP whose directory names one packed file n times (David Fifield's bomb, its plain kind).
func overlapping(content []byte, n int) []byte {
	one := zipped(entry("0.jpg"))(content)
	at := bytes.LastIndex(one, []byte("PK\x01\x02"))
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	out := bytes.Clone(one[:at])
	for i := range n {
		record := bytes.Clone(one[at:end])
		record[46] = byte('0' + i%10)
		out = append(out, record...)
	}
	size := len(out) - at
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	out = append(out, le16(n)...)
	out = append(out, le16(n)...)
	out = append(out, le32(size)...)
	out = append(out, le32(at)...)
	return append(out, 0, 0)
}

func pngChunk(kind string, data []byte) []byte {
	body := append([]byte(kind), data...)
	return append(append(be(uint32(len(data))), body...), be(crc32.ChecksumIEEE(body))...)
}

func pngOf(w, h uint32, depth, colour, interlace byte, between, data []byte) []byte {
	head := append(append(be(w), be(h)...), depth, colour, 0, 0, interlace)
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head)...)
	return append(append(append(out, between...), pngChunk("IDAT", data)...), pngChunk("IEND", nil)...)
}

// hostilePNGs are pictures that unpack to much more than they are, and headers that lie.
func hostilePNGs() []hostileFile {
	k := &rack{kind: "PNG bombs"}
	zeros := deflated(120 << 20)
	for _, s := range [][2]uint32{{10000, 10000}, {32767, 3600}, {30000, 30000}, {65535, 65535}, {1 << 31, 1}, {1, 1 << 31}, {0, 100}, {100, 0}, {1<<32 - 1, 1<<32 - 1}, {32767, 1}, {1, 32767}} {
		for _, depth := range []byte{1, 8, 16} {
			k.add("size.png", pngOf(s[0], s[1], depth, 0, 0, nil, zeros))
		}
	}
	k.later("rgba.png", func() []byte { return pngOf(10000, 11000, 8, 6, 0, nil, deflated(440<<20)) })
	k.add("interlaced.png", pngOf(10000, 11000, 8, 0, 1, nil, zeros))
	k.kind = "PNG chunks"
	for _, kind := range []string{"zTXt", "iCCP", "iTXt", "tEXt", "eXIf", "PLTE", "tRNS", "acTL", "gAMA"} {
		k.add(kind+".png", pngOf(200, 200, 8, 0, 0, pngChunk(kind, append([]byte("x\x00\x00"), zeros...)), deflated(200*201)))
	}
	k.add("palette.png", pngOf(200, 200, 8, 3, 0, nil, deflated(200*201)))
	k.add("chunks.png", pngOf(200, 200, 8, 0, 0, bytes.Repeat(pngChunk("tEXt", []byte("a\x00<?php ?>")), 50_000), deflated(200*201)))
	whole := pngOf(1240, 1754, 8, 0, 0, nil, deflated(1241*1754))
	k.cuts("page.png", whole, 8)
	k.add("crc.png", bytes.Replace(whole, []byte("IDAT"), []byte("IDAU"), 1))
	return k.files
}

// hostileJPEGs carry payloads in their metadata, state sizes that they have not, and end early.
func hostileJPEGs(good []byte) []hostileFile {
	k := &rack{kind: "JPEG metadata"}
	segment := func(marker byte, data string) string {
		return "\xff" + string(marker) + string(binary.BigEndian.AppendUint16(nil, uint16(len(data)+2))) + data
	}
	with := func(extra string) []byte {
		return append(append(bytes.Clone(good[:2]), extra...), good[2:]...)
	}
	for _, payload := range []string{"<?php system($_GET['c']); ?>", "<script>alert(1)</script>", "\"; DROP TABLE pages; --", "=cmd|'/c calc'!A1", "$(reboot)", "`id`", "%n%n%s", "\x00\x00\x00"} {
		k.add("comment.jpg", with(segment(0xfe, payload)))
		k.add("exif.jpg", with(segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00"+payload)))
	}
	k.add("exif-loop.jpg", with(segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00")))
	k.add("segments.jpg", with(strings.Repeat(segment(0xe1, strings.Repeat("E", 60000)), 200)))
	k.add("icc.jpg", with(strings.Repeat(segment(0xe2, "ICC_PROFILE\x00\x01\xff"+strings.Repeat("x", 60000)), 50)))
	k.kind = "JPEG sizes"
	at := bytes.Index(good, []byte("\xff\xc0")) + 5
	for _, s := range [][2]uint16{{65535, 65535}, {65500, 65500}, {32767, 32767}, {0, 100}, {100, 0}, {1, 65535}, {65535, 1}, {30000, 4000}, {10900, 10900}, {32767, 3600}} {
		bad := bytes.Clone(good)
		binary.BigEndian.PutUint16(bad[at:], s[0])
		binary.BigEndian.PutUint16(bad[at+2:], s[1])
		k.add("size.jpg", bad)
	}
	for _, marker := range []byte{0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca, 0xcb, 0xcf} {
		bad := bytes.Clone(good)
		bad[at-4] = marker
		k.add("sof.jpg", bad)
	}
	k.kind = "JPEG damage"
	k.cuts("page.jpg", good, 10)
	scan := bytes.Index(good, []byte("\xff\xda"))
	k.add("scans.jpg", append(append(bytes.Clone(good[:len(good)-2]), bytes.Repeat(good[scan:min(len(good), scan+400)], 2000)...), 0xff, 0xd9))
	k.add("restarts.jpg", append(append(bytes.Clone(good[:scan+12]), bytes.Repeat([]byte("\xff\xd0\xff\xd1"), 500_000)...), 0xff, 0xd9))
	k.add("ones.jpg", append([]byte("\xff\xd8"), bytes.Repeat([]byte{0xff}, 20<<20)...))
	return k.files
}

// ifd is a directory of a TIFF in the byte order of Intel, with entries of tag, type, count and value.
func ifd(next int, entries ...[4]int) []byte {
	out := le16(len(entries))
	for _, e := range entries {
		out = append(append(append(append(out, le16(e[0])...), le16(e[1])...), le32(e[2])...), le32(e[3])...)
	}
	return append(out, le32(next)...)
}

func tiffOf(first int, parts ...[]byte) []byte {
	return append(append([]byte("II*\x00"), le32(first)...), bytes.Join(parts, nil)...)
}

// hostileTIFFs have directories in loops, sizes that lie and strips that are bombs.
func hostileTIFFs() []hostileFile {
	k := &rack{kind: "TIFF loops"}
	page := func(next int, w, h, bits, compression, strips, offset, bytes int) []byte {
		return ifd(next, [4]int{256, 4, 1, w}, [4]int{257, 4, 1, h}, [4]int{258, 3, 1, bits}, [4]int{259, 3, 1, compression}, [4]int{262, 3, 1, 1},
			[4]int{273, 4, strips, offset}, [4]int{277, 3, 1, 1}, [4]int{278, 4, 1, h}, [4]int{279, 4, strips, bytes})
	}
	size := len(page(0, 0, 0, 0, 0, 0, 0, 0))
	for n := 1; n <= 8; n++ { // n directories, the last of which leads to the first
		var parts [][]byte
		for i := range n {
			parts = append(parts, page(8+(i+1)%n*size, 10, 10, 8, 1, 1, 8, 100))
		}
		k.add("loop.tif", tiffOf(8, parts...))
	}
	var chain [][]byte
	for i := range 30_000 {
		chain = append(chain, page(8+(i+1)*size, 10, 10, 8, 1, 1, 8, 100))
	}
	k.add("chain30000.tif", tiffOf(8, chain...))
	k.add("upon.tif", tiffOf(8, le16(65535), make([]byte, 12*65535+8)))
	k.add("sub.tif", tiffOf(8, ifd(8, [4]int{330, 4, 1, 8})))
	k.add("outside.tif", tiffOf(1<<30))
	k.kind = "TIFF sizes"
	for _, s := range [][2]int{{1 << 30, 1 << 30}, {65535, 65535}, {32767, 3600}, {10900, 10900}, {0, 1}, {1, 0}, {1 << 31, 1}, {32767, 32767}} {
		for _, compression := range []int{1, 4, 5, 8, 7, 32773, 34712} {
			k.add("size.tif", tiffOf(8, page(0, s[0], s[1], 8, compression, 1, 8+size, 1000), make([]byte, 1000)))
		}
	}
	for _, strips := range []int{0, 1 << 16, 1 << 30, 1<<32 - 1} {
		k.add("strips.tif", tiffOf(8, page(0, 100, 100, 8, 1, strips, 8, 8)))
	}
	for _, bits := range []int{0, 3, 16, 32, 64, 65535} {
		k.add("bits.tif", tiffOf(8, page(0, 100, 100, bits, 1, 1, 8+size, 10000), make([]byte, 10000)))
	}
	k.kind = "TIFF bombs"
	packed := deflated(120 << 20)
	k.add("deflate.tif", tiffOf(8, page(0, 10900, 10900, 8, 8, 1, 8+size, len(packed)), packed))
	k.add("deflate32.tif", tiffOf(8, page(0, 10900, 10900, 32, 8, 1, 8+size, len(packed)), packed))
	runs := bytes.Repeat([]byte{0x81, 0}, 950_000)
	k.add("packbits.tif", tiffOf(8, page(0, 10900, 10900, 8, 32773, 1, 8+size, len(runs)), runs))
	k.add("g4.tif", tiffOf(8, page(0, 10900, 10900, 1, 4, 1, 8+size, 20000), bytes.Repeat([]byte{0xff}, 20000)))
	k.cuts("g4.tif", tiffOf(8, page(0, 1240, 1754, 1, 1, 1, 8+size, 155*1754), make([]byte, 155*1754)), 6)
	return k.files
}

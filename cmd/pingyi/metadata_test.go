package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
)

// What scanners and programs write into files beside the picture: each word of it stands for somebody's name, a time or
// a place.
func word(carrier string) string { return "TRACE-" + carrier + "-7d1f93" }

// TestNothingOfTheSourceFileIsKept feeds pages in files of every kind, with everything written into them that the formats
// hold: comments, Exif, XMP, colour profiles, tags, texts and the like. Once the batch is closed no word of it, and no
// file's name, is in any byte of the data folder; and the pictures that are kept have no segment that could hold any.
func TestNothingOfTheSourceFileIsKept(t *testing.T) {
	t.Parallel()
	const n = 8
	data, id, form := openMeeting(t, n)
	pages := scannedPages(t, &form, n)
	files := map[string][]byte{
		word("NAME") + "-1.jpg": jpegWithEverything(pages[0]), word("NAME") + "-2.jpg": jpegWithEverything(pages[1]),
		word("NAME") + "-3.png": pngWithEverything(t, pages[2]), word("NAME") + "-4.png": pngWithEverything(t, pages[3]),
		word("NAME") + "-5.tif": tiffWithEverything(t, pages[4], pages[5]), word("NAME") + "-6.pdf": pdfWithEverything(t, pages[6], pages[7]),
	}
	s := startService(t, data)
	c := s.as(t, "scanning")
	var b api.Batch
	c.must(t, "POST", "/meetings/"+id+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b)
	path := "/meetings/" + id + "/batches/" + b.ID
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := c.upload(context.Background(), path+"/uploads", name, files[name], nil); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, c, path, func(b api.Batch) bool {
		return len(b.Uploads) == len(files) && b.Pages.Waiting == 0 && b.Pages.Pages == n
	})
	carriers := []string{"NAME", "COMMENT", "EXIF", "XMP", "ICC", "IPTC", "AFTER", "PNGTEXT", "PNGITXT", "PNGEXIF", "PNGICC", "TIFFDESCRIPTION", "TIFFMAKE", "TIFFARTIST",
		"TIFFDATE", "TIFFXMP", "TIFFPRIVATE", "PDFINFO", "PDFXMP", "PDFATTACHED"}
	var words []string
	for _, carrier := range carriers {
		words = append(words, word(carrier))
	}
	if found := filesWith(t, data, words); found < len(words) {
		t.Fatalf("the search finds %d of %d words while the batch is open", found, len(words))
	}
	var images api.BatchPageList
	c.must(t, "GET", path+"/pages", nil, &images)
	for i, p := range images.Pages {
		if p.Reason != "" {
			t.Errorf("image %d is not read: %s %s", i+1, p.Reason, p.Facts)
		}
	}
	var closed api.Batch
	c.must(t, "POST", path+"/close", nil, &closed)
	s.kill()
	if closed.Leaves != n {
		t.Fatalf("%d leaves of %d", closed.Leaves, n)
	}
	checkBytes(t, data, append(words, "TRACE-", "Exif\x00\x00", "xpacket", "ICC_PROFILE")...)
	pictures, err := filepath.Glob(filepath.Join(data, "pages", id, "*.jpg"))
	if err != nil || len(pictures) != n {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	heads := map[string]bool{}
	for _, path := range pictures {
		heads[checkSegments(t, path)] = true
	}
	if len(heads) != 1 {
		t.Errorf("pictures differ in %d ways before their first line", len(heads))
	}
}

// scannedPages are n scans of marked ballots, as JPEG files.
func scannedPages(t *testing.T, form *ballot.Form, n int) (files [][]byte) {
	t.Helper()
	stack := scannedStack(t, form, n, nil)
	z, err := zip.NewReader(bytes.NewReader(stack), int64(len(stack)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		file, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// checkSegments reads a JPEG's segments up to its picture, which they give: tables, frame and JFIF's own, and none that holds
// words.
func checkSegments(t *testing.T, path string) (head string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff; {
		kind, size := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if bytes.IndexByte([]byte{0xe0, 0xdb, 0xc0, 0xc4, 0xda, 0xdd}, kind) < 0 {
			t.Errorf("%s has a segment %x", path, kind)
		}
		if kind == 0xda {
			return string(raw[:at])
		}
		if kind == 0xe0 && size != 16 {
			t.Errorf("%s: JFIF's segment has %d bytes, with a small picture perhaps", path, size)
		}
		at += 2 + size
	}
	t.Fatalf("%s has no picture", path)
	return ""
}

func segment(kind byte, content string) []byte {
	return append([]byte{0xff, kind, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
}

// jpegWithEverything puts all kinds of segments into a JPEG file, and words after its end.
func jpegWithEverything(file []byte) []byte {
	out := append([]byte{}, file[:2]...)
	out = append(out, segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"+word("EXIF"))...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<?xpacket?><x>"+word("XMP")+"</x>")...)
	out = append(out, segment(0xe2, "ICC_PROFILE\x00\x01\x01"+word("ICC"))...)
	out = append(out, segment(0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00"+word("IPTC"))...)
	out = append(out, segment(0xfe, word("COMMENT"))...)
	return append(append(out, file[2:]...), word("AFTER")...)
}

func decoded(t *testing.T, file []byte) *image.Gray {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

func pngWithEverything(t *testing.T, file []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, decoded(t, file)); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25 // signature and IHDR
	out := append([]byte{}, b.Bytes()[:head]...)
	for _, chunk := range []string{"tEXtAuthor\x00" + word("PNGTEXT"), "iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00" + word("PNGITXT"), "eXIfII*\x00" + word("PNGEXIF"), "prVt" + word("PNGICC")} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
		out = append(out, chunk...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(chunk)))
	}
	return append(out, b.Bytes()[head:]...)
}

// tiffWithEverything writes a file of several pages, each with tags of text.
func tiffWithEverything(t *testing.T, files ...[]byte) []byte {
	t.Helper()
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the number of the next directory's place stands
	for _, file := range files {
		m := decoded(t, file)
		strip := len(out)
		out = append(out, m.Pix...)
		type tag struct {
			id, kind, count, value int
			text                   string
		}
		tags := []tag{{256, 4, 1, m.Rect.Dx(), ""}, {257, 4, 1, m.Rect.Dy(), ""}, {258, 3, 1, 8, ""}, {259, 3, 1, 1, ""}, {262, 3, 1, 1, ""},
			{id: 270, text: word("TIFFDESCRIPTION")}, {id: 271, text: word("TIFFMAKE")}, {273, 4, 1, strip, ""}, {277, 3, 1, 1, ""}, {278, 4, 1, m.Rect.Dy(), ""},
			{279, 4, 1, len(m.Pix), ""}, {id: 306, text: word("TIFFDATE")}, {id: 315, text: word("TIFFARTIST")}, {id: 700, text: word("TIFFXMP")}, {id: 65000, text: word("TIFFPRIVATE")}}
		for i := range tags {
			if tags[i].text != "" {
				tags[i].kind, tags[i].count, tags[i].value = 2, len(tags[i].text)+1, len(out)
				out = append(append(out, tags[i].text...), 0)
			}
		}
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		le.PutUint32(out[link:], uint32(len(out)))
		out = le.AppendUint16(out, uint16(len(tags)))
		for _, g := range tags {
			out = le.AppendUint16(out, uint16(g.id))
			out = le.AppendUint16(out, uint16(g.kind))
			out = le.AppendUint32(out, uint32(g.count))
			out = le.AppendUint32(out, uint32(g.value))
		}
		link = len(out)
		out = le.AppendUint32(out, 0)
	}
	return out
}

// pdfWithEverything writes a PDF of several pages, each a JPEG, with what it says of itself and a file attached.
func pdfWithEverything(t *testing.T, files ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var places []int
	object := func(content string) {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(places), content)
	}
	stream := func(dict, content string) string {
		return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
	}
	b.WriteString("%PDF-1.7\n")
	kids := ""
	for i := range files {
		kids += fmt.Sprintf("%d 0 R ", 6+3*i)
	}
	object("<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F 5 0 R>>>>]>>>>>>")
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, len(files)))
	object("<</Author(" + word("PDFINFO") + ")/CreationDate(D:20260101)>>")
	object(stream("/Type/Metadata/Subtype/XML", "<?xpacket?><x>"+word("PDFXMP")+"</x>"))
	object(stream("/Type/EmbeddedFile", word("PDFATTACHED")))
	for i, file := range files {
		size := decoded(t, file).Rect
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>", 7+3*i, 8+3*i))
		object(stream("", "595 0 0 842 0 0 cm /I Do"))
		object(stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", size.Dx(), size.Dy()),
			string(jpegWithEverything(file))))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, xref)
	return b.Bytes()
}

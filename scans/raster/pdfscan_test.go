package raster

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"math"
	"testing"
)

// onePicturePDF is an A4 page of one picture, its dictionary and bytes as given.
func onePicturePDF(dict string, data []byte, content string) []byte {
	if content == "" {
		content = "q 595 0 0 842 0 0 cm /I Do Q"
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		fmt.Sprintf("<</Type/XObject/Subtype/Image %s/Length %d>>stream\n%s\nendstream", dict, len(data), data),
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// g4Strip is the G4 data of testdata/g4-one-strip.tif, 992 × 1404 pixels.
func g4Strip(t testing.TB) []byte {
	b := readTestdata(t, "g4-one-strip.tif")
	f := &tiffFile{b: b, order: le, work: 1 << 20}
	at := le.Uint32(b[4:])
	var from, n uint32
	for i := range int(le.Uint16(b[at:])) {
		e := tiffEntry{f, b[int(at)+2+12*i : int(at)+14+12*i]}
		switch e.tag() {
		case tagStrips:
			from, _ = e.number(0)
		case tagStripBytes:
			n, _ = e.number(0)
		}
	}
	return b[from : from+n]
}

// However a PDF keeps its one picture, it must come out as the page shows it: black on white.
func TestPDFOfOnePicture(t *testing.T) {
	size := fmt.Sprintf("/Width %d/Height %d", pageW, pageH)
	gray := grayPage(pageW, pageH)
	jpg := encodeJPEG(t, gray)
	negative := grayPage(pageW, pageH)
	inverted(negative.Pix)
	rgb := make([]byte, 0, 3*len(gray.Pix))
	for _, v := range gray.Pix {
		rgb = append(rgb, v, v, v)
	}
	g4 := "/Width 992/Height 1404/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 992/Rows 1404/BlackIs1 %v>>"
	tests := []struct {
		name  string
		data  []byte
		scale int // pixels of the picture for one of the test page; 0 where the page is drawn
	}{
		{"gray JPEG", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", jpg, ""), 1},
		{"negative JPEG", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Decode[1 0]/Filter/DCTDecode", encodeJPEG(t, negative), ""), 0},
		{"deflate gray", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", deflated(gray.Pix), ""), 1},
		{"deflate colours", onePicturePDF(size+"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode", deflated(rgb), ""), 1},
		{"deflate negative", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Decode[1 0]/Filter/FlateDecode", deflated(negative.Pix), ""), 1},
		{"deflate bits", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode", deflated(bitPage(pageW, pageH)), ""), 1},
		{"deflate palette", onePicturePDF(size+"/ColorSpace[/Indexed/DeviceGray 1<00FF>]/BitsPerComponent 1/Filter/FlateDecode", deflated(bitPage(pageW, pageH)), ""), 1},
		{"stencil", onePicturePDF(size+"/ImageMask true/BitsPerComponent 1/Filter/FlateDecode", deflated(bitPage(pageW, pageH)), ""), -1},
		{"stencil turned round", onePicturePDF(size+"/ImageMask true/Decode[1 0]/BitsPerComponent 1/Filter/FlateDecode", deflated(inverted(bitPage(pageW, pageH))), ""), -1},
		{"G4", onePicturePDF(fmt.Sprintf(g4, true)+"/ColorSpace/DeviceGray", g4Strip(t), ""), 2},
		{"G4 stencil", onePicturePDF(fmt.Sprintf(g4, true)+"/ImageMask true", g4Strip(t), ""), -1},
		{"JPEG and a clip", onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", jpg, "q 0 0 595 842 re W n 595 0 0 842 0 0 cm /I Do Q"), 1},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			m := firstPage(t, c.data)
			checkPage(t, m)
			switch {
			case c.scale > 0 && m.W != c.scale*pageW:
				t.Errorf("%d pixels wide, want the picture's %d", m.W, c.scale*pageW)
			case c.scale == 0 && (m.DPI != renderDPI || math.Abs(float64(m.W)-1653) > 2):
				t.Errorf("%d pixels wide at %.0f dpi, want the page drawn", m.W, m.DPI)
			}
		})
	}
}

// A picture whose stream ends early inside a whole PDF is refused: the rows that it lacks would be blank paper.
func TestPDFStreamThatEndsEarly(t *testing.T) {
	size := fmt.Sprintf("/Width %d/Height %d", pageW, pageH)
	gray := grayPage(pageW, pageH)
	bits, g4 := bitPage(pageW, pageH), g4Strip(t)
	flate := deflated(gray.Pix)
	const fax = "/Width 992/Height 1404/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 992/Rows 1404/BlackIs1 true>>"
	for name, data := range map[string][]byte{
		"deflate cut short":          onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", flate[:len(flate)*6/10], ""),
		"deflate of too few rows":    onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", deflated(gray.Pix[:len(gray.Pix)*6/10]), ""),
		"deflate bits, too few rows": onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode", deflated(bits[:len(bits)*6/10]), ""),
		"no filter, too few rows":    onePicturePDF(size+"/ColorSpace/DeviceGray/BitsPerComponent 8", gray.Pix[:len(gray.Pix)*6/10], ""),
		"G4 cut short":               onePicturePDF(fax, g4[:len(g4)*6/10], ""),
		"G4 without its last bytes":  onePicturePDF(fax, g4[:len(g4)-8], ""),
	} {
		err := readAll(data, Options{})
		if codeOf(t, err) != CodeTruncated {
			t.Errorf("%s: %v", name, err)
		}
	}
}

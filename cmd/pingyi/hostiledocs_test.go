package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

// pdfDocument is a PDF of numbered objects, the first of which is its catalogue.
func pdfDocument(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, xref)
	return b.Bytes()
}

// pdfPage is a document of one page with such a content; more are objects from 5 on, resources go to the page.
func pdfPage(catalogue, page, content string, more ...string) []byte {
	objects := append([]string{"<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R " + page + " >>", stream("", content)}, more...)
	return pdfDocument("", objects...)
}

func stream(dictionary, data string) string {
	return fmt.Sprintf("<< /Length %d %s >>\nstream\n%s\nendstream", len(data), dictionary, data)
}

const a4 = "/MediaBox [0 0 595 842]"

// hostilePDFs run scripts, launch programs, loop in their page tree and unpack without end.
func hostilePDFs() []hostileFile {
	k := &rack{kind: "PDF actions"}
	for _, action := range []string{"/S /JavaScript /JS (while(true){})", "/S /JavaScript /JS (app.launchURL('http://127.0.0.1:1/'))", "/S /Launch /F (/bin/sh)", "/S /URI /URI (file:///etc/passwd)",
		"/S /SubmitForm /F (http://127.0.0.1:1/)", "/S /GoToR /F (../../x.pdf)", "/S /ImportData /F (/etc/passwd)", "/S /Rendition", "/S /Movie", "/S /GoToE /T << >>"} {
		k.add("action.pdf", pdfPage("/OpenAction << "+action+" >>", a4, ""))
		k.add("page-action.pdf", pdfPage("", a4+" /AA << /O << "+action+" >> >>", ""))
	}
	k.add("embedded.pdf", pdfPage("/Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>] >> >>", a4, "", stream("/Type /EmbeddedFile", "MZ")))
	k.add("xfa.pdf", pdfPage("/AcroForm << /XFA 5 0 R /Fields [] >>", a4, "", stream("", laughs("<xdp>", "</xdp>"))))
	k.kind = "PDF loops"
	k.add("kids-self.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"))
	k.add("kids-cycle.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2000 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] /Count 1000 >>"))
	k.add("parent-self.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 3 0 R >>"))
	k.add("root-self.pdf", pdfDocument("", "1 0 R"))
	k.add("length-self.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "+a4+" >>", "<< /Length 4 0 R >>\nstream\nq\nendstream"))
	k.add("form-self.pdf", pdfPage("", a4+" /Resources << /XObject << /F 5 0 R >> >>", "/F Do /F Do", stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>", "/F Do /F Do")))
	deep := []string{"<< /Type /Catalog /Pages 2 0 R >>"}
	for i := range 5000 {
		deep = append(deep, fmt.Sprintf("<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", i+3))
	}
	k.add("deep.pdf", pdfDocument("", append(deep, "<< /Type /Page "+a4+" >>")...))
	k.add("prev-self.pdf", bytes.Replace(pdfPage("", a4, ""), []byte("/Root"), []byte("/Prev 9 /Root"), 1))
	for i := range 6 { // forms that draw the one below ten times: 10^6 and more
		var forms []string
		for j := range i + 2 {
			forms = append(forms, stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>", 6+j), strings.Repeat("/F Do ", 10)))
		}
		k.add("tower.pdf", pdfPage("", a4+" /Resources << /XObject << /F 5 0 R >> >>", "/F Do", append(forms, stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f"))...))
	}
	k.kind = "PDF counts and sizes"
	for _, n := range []string{"-1", "0", "20001", "2147483647", "99999999999999"} {
		k.add("count.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count "+n+" >>", "<< /Type /Page /Parent 2 0 R "+a4+" >>"))
	}
	for _, box := range []string{"0 0 0 0", "0 0 1e30 1e30", "0 0 200000 200000", "0 0 1 1000000", "-9e9 -9e9 9e9 9e9", "0 0 nan nan", "0 0 14400 14400", "a b c d", "0 0 0.001 0.001"} {
		k.add("box.pdf", pdfPage("", "/MediaBox ["+box+"]", "0 0 9 9 re f"))
	}
	for _, s := range []string{"60000", "32767", "10900", "2147483647"} {
		k.add("image.pdf", pdfPage("", a4+" /Resources << /XObject << /I 5 0 R >> >>", "595 0 0 842 0 0 cm /I Do",
			stream("/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Width "+s+" /Height "+s, string(deflated(1<<20)))))
	}
	k.kind = "PDF streams"
	bomb := deflated(200 << 20)
	k.add("flate.pdf", pdfPage("", a4, "", stream("/Filter /FlateDecode", string(bomb))))
	k.add("content-bomb.pdf", pdfDocument("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "+a4+" >>", stream("/Filter /FlateDecode", string(bomb))))
	k.add("image-bomb.pdf", pdfPage("", a4+" /Resources << /XObject << /I 5 0 R >> >>", "595 0 0 842 0 0 cm /I Do", stream("/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Width 10000 /Height 10000", string(bomb))))
	for _, filter := range []string{"/JBIG2Decode", "/JPXDecode", "/DCTDecode", "/CCITTFaxDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/Crypt", "[" + strings.Repeat("/FlateDecode ", 1000) + "]"} {
		k.add("filter.pdf", pdfPage("", a4+" /Resources << /XObject << /I 5 0 R >> >>", "595 0 0 842 0 0 cm /I Do", stream("/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width 9000 /Height 9000 /Filter "+filter, string(deflated(1<<20)))))
	}
	k.add("gstates.pdf", pdfPage("", a4, strings.Repeat("q ", 1_000_000)))
	k.add("paths.pdf", pdfPage("", a4, strings.Repeat("0 0 m 595 842 l 595 0 l 0 842 l s ", 50_000)))
	k.add("pattern.pdf", pdfPage("", a4+" /Resources << /Pattern << /P 5 0 R >> >>", "/Pattern cs /P scn 0 0 595 842 re f", stream("/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << >>", "0 0 1 1 re f")))
	k.add("function.pdf", pdfPage("", a4+" /Resources << /Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 1 0 1] /Matrix [595 0 0 842 0 0] /Function 5 0 R >> >> >>", "/S sh", stream("/FunctionType 4 /Domain [0 1 0 1] /Range [0 1]", "{"+strings.Repeat(" dup mul sqrt", 20_000)+" pop }")))
	k.cuts("page.pdf", pdfPage("", a4, "0 0 9 9 re f"), 8)
	k.add("nothing.pdf", []byte("%PDF-1.7\n%%EOF"))
	k.add("nested.pdf", pdfDocument("", strings.Repeat("[", 200_000)))
	k.add("dictionaries.pdf", pdfDocument("", strings.Repeat("<< /A ", 100_000)))
	return k.files
}

// hostileOthers are what scans are not, under names of scans, and two things at once.
func hostileOthers(good []byte) []hostileFile {
	k := &rack{kind: "not a scan"}
	for i, text := range []string{"", "\x00", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "<html><script>alert(1)</script>", "<?php system('id');", "#!/bin/sh\nreboot\n", "MZ\x90\x00", "\x7fELF\x02\x01\x01",
		"GIF89a\xff\xff\xff\xff\x00\x00\x00", "RIFF\xff\xff\xff\x7fWEBPVP8 ", "BM\xff\xff\xff\x7f", "\x00\x00\x00\x18ftypheic", "8BPS\x00\x01", "\x1f\x8b\x08\x00", "BZh9", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07\x00", "\xfd7zXZ\x00", "ustar",
		"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/'\n", "%!PS\n{ } loop\n", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "P6 99999 99999 255\n", "\x01\xda\x01\x01", "gimp xcf file", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"} {
		k.add([]string{"a.jpg", "a.png", "a.tif", "a.pdf", "a.zip"}[i%5], []byte(text))
	}
	k.add("zeros.jpg", make([]byte, 30<<20))
	k.kind = "two things at once"
	archive := zipped(entry("a.jpg"))(good)
	k.add("jpeg-zip.jpg", append(bytes.Clone(good), archive...))
	k.add("jpeg-php.jpg", append(bytes.Clone(good), "<?php system('id'); ?>"...))
	k.add("jpeg-html.html", append(bytes.Clone(good), "<script>alert(1)</script>"...))
	k.add("pdf-zip.pdf", append(pdfPage("", a4, ""), archive...))
	k.add("html-pdf.pdf", append([]byte("<html><script>alert(1)</script>"), pdfPage("", a4, "")...))
	k.add("gif-js.pdf", append([]byte("GIF89a/*"), pdfPage("", a4, "*/=1;alert(1)")...))
	k.kind = "names"
	for i, name := range []string{"../../../etc/passwd", "/etc/passwd", `..\..\x.jpg`, `C:\x.jpg`, "CON", "x\u202egpj.exe", strings.Repeat("名", 3000) + ".jpg", ".", "..", "~root", "a;b|c&d.jpg", "$(id).jpg", "=1+1.jpg", "<b>.jpg", "x.jpg.exe", "x.jpg%00.php", "-rf", "x.JPG ", "\ufeffx.jpg"} {
		k.add(name, append(bytes.Clone(good), byte(i))) // other bytes each time
	}
	return k.files
}

// laughs is a billion laughs.
func laughs(before, after string) string {
	s := "<!DOCTYPE x [<!ENTITY a0 \"ha\">"
	for i := range 30 {
		s += fmt.Sprintf("<!ENTITY a%d \"%s\">", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	return "<?xml version=\"1.0\"?>" + s + "]>" + before + "&a30;" + after
}

const sheetSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// workbookOf is a workbook with parts that replace or add to those of a small roster.
func workbookOf(parts map[string]string) []byte {
	all := map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + sheetSpace + `><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst ` + sheetSpace + `><si><t>序号</t></si><si><t>姓名</t></si><si><t>单位</t></si></sst>`,
		"xl/worksheets/sheet1.xml":   sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>张明</t></is></c><c r="C2" t="inlineStr"><is><t>党支部</t></is></c></row>`),
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		w, err := z.Create(name)
		if err == nil {
			w.Write([]byte(text))
		}
	}
	z.Close()
	return b.Bytes()
}

func sheetXML(rows string) string {
	return `<worksheet ` + sheetSpace + `><sheetData>` + rows + `</sheetData></worksheet>`
}

// hostileSheets are workbooks and tables with entities, bombs, macros and cells that lie far away.
func hostileSheets() []hostileFile {
	k := &rack{kind: "XLSX entities"}
	const external = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:1/x">%p;]>`
	for _, part := range []string{"xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"} {
		k.add("laughs.xlsx", workbookOf(map[string]string{part: laughs("<sst><si><t>", "</t></si></sst>")}))
		k.add("external.xlsx", workbookOf(map[string]string{part: external + "<sst><si><t>&e;</t></si></sst>"}))
	}
	k.kind = "XLSX bombs"
	part := func(name, part string, text func() string) {
		k.later(name, func() []byte { return workbookOf(map[string]string{part: text()}) })
	}
	const cells, texts = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	for _, n := range []int{20, 63, 100, 300} {
		part("bomb.xlsx", cells, func() string { return sheetXML(strings.Repeat(" ", n<<20)) })
		part("strings.xlsx", texts, func() string {
			return `<sst ` + sheetSpace + `>` + strings.Repeat("<si><t>名</t></si>", n<<16) + `</sst>`
		})
	}
	part("text.xlsx", texts, func() string {
		return `<sst ` + sheetSpace + `><si><t>` + strings.Repeat("x", 30<<20) + `</t></si></sst>`
	})
	part("rows.xlsx", cells, func() string { return sheetXML(strings.Repeat(`<row><c><v>1</v></c></row>`, 1_000_000)) })
	part("cells.xlsx", cells, func() string {
		return sheetXML(`<row r="1">` + strings.Repeat(`<c><v>1</v></c>`, 1_000_000) + `</row>`)
	})
	part("deep.xlsx", cells, func() string { return strings.Repeat("<a>", 1_000_000) })
	k.kind = "XLSX dimensions"
	for _, cell := range []string{"XFD1048576", "A2147483647", "ZZZZZZZ1", "A0", "A-1", "1A", "", "A99999999999999999999"} {
		row := strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		k.add("far.xlsx", workbookOf(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet ` + sheetSpace + `><dimension ref="A1:` + cell + `"/><sheetData><row r="` + row + `"><c r="` + cell + `"><v>1</v></c></row></sheetData></worksheet>`}))
	}
	for _, index := range []string{"-1", "4294967295", "99999999999", "x"} {
		k.add("index.xlsx", workbookOf(map[string]string{"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1" t="s"><v>` + index + `</v></c></row>`)}))
	}
	k.kind = "XLSX macros and links"
	k.add("macro.xlsm", workbookOf(map[string]string{"xl/vbaProject.bin": "\xd0\xcf\x11\xe0 Sub Auto_Open() Shell(\"calc\")"}))
	k.add("link.xlsx", workbookOf(map[string]string{"xl/externalLinks/externalLink1.xml": `<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>`}))
	k.add("formula.xlsx", workbookOf(map[string]string{"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1"><f>WEBSERVICE("http://127.0.0.1:1/")</f></c><c r="B1"><f>CALL("kernel32","WinExec","JCJ","calc",0)</f></c></row>`)}))
	k.add("traversal.xlsx", workbookOf(map[string]string{"../../../../tmp/evil": "x", "/etc/evil": "x", `..\evil`: "x"}))
	k.add("target.xlsx", workbookOf(map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="../../../../etc/passwd"/></Relationships>`}))
	var sheets strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&sheets, `<sheet name="s%d" sheetId="%d" r:id="rId1"/>`, i, i+1)
	}
	k.add("sheets.xlsx", workbookOf(map[string]string{"xl/workbook.xml": `<workbook ` + sheetSpace + `><sheets>` + sheets.String() + `</sheets></workbook>`}))
	k.add("nothing.xlsx", zipped(entry("a"))(nil))
	k.cuts("roster.xlsx", workbookOf(nil), 6)
	k.add("old.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	k.kind = "CSV"
	const head = "序号,姓名,单位\n"
	k.add("cells.csv", []byte(head+"1,=cmd|'/c calc'!A1,@SUM(1)\n2,+1,-1\n3,\t=1,\"\r=1\"\n"))
	k.add("columns.csv", []byte(strings.Repeat("a,", 5<<20)))
	k.add("rows.csv", []byte(head+strings.Repeat("1,a,b\n", 2<<20)))
	k.add("line.csv", []byte(head+"1,"+strings.Repeat("x", 15<<20)+",b\n"))
	k.add("quote.csv", []byte(head+"1,\""+strings.Repeat("x\n", 5<<20)))
	k.add("nul.csv", []byte(head+"1,a\x00b,c\n"))
	k.add("utf16.csv", append([]byte("\xff\xfe"), bytes.Repeat([]byte{0, 0xd8}, 4<<20)...))
	k.add("bytes.csv", bytes.Repeat([]byte{0xff}, 8<<20))
	k.add("rtl.csv", []byte(head+"1,\u202e明张,党\u200b支部\n"))
	k.add("big.csv", make([]byte, 17<<20))
	k.add("quotes.csv", bytes.Repeat([]byte(`"`), 15<<20))
	return k.files
}

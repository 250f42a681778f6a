package raster

import (
	"archive/zip"
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

type zipFile struct {
	name    string
	content []byte
	change  func(h *zip.FileHeader)
}

func zipOf(t testing.TB, files ...zipFile) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		if f.change != nil {
			f.change(h)
		}
		out, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(f.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// encrypted sets the flag of encryption in the directory of a ZIP of one file.
func encrypted(b []byte) []byte {
	i := bytes.Index(b, []byte("PK\x01\x02"))
	b[i+8] |= 1
	return b
}

// lying writes a size of ten bytes into the directory of a ZIP of one file.
func lying(b []byte) []byte {
	i := bytes.Index(b, []byte("PK\x01\x02"))
	le.PutUint32(b[i+24:], 10)
	return b
}

func TestExpandInNaturalOrder(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("主会场/票10.jpg")
	if err != nil {
		t.Fatal(err)
	}
	data := zipOf(t,
		zipFile{name: "page10.jpg", content: []byte("10")}, zipFile{name: "page2.jpg", content: []byte("2")},
		zipFile{name: "page02.jpg", content: []byte("02")}, zipFile{name: "a/", content: nil},
		zipFile{name: "__MACOSX/page2.jpg", content: []byte("x")}, zipFile{name: "a/.DS_Store", content: []byte("x")},
		zipFile{name: "a/Thumbs.db", content: []byte("x")}, zipFile{name: `a\1.png`, content: []byte("1")},
		zipFile{name: gbk, content: []byte("票"), change: func(h *zip.FileHeader) { h.NonUTF8 = true }},
		zipFile{name: "10:30.pdf", content: []byte("time")}, zipFile{name: "notes.txt", content: []byte("text")})
	var names []string
	err = Expand("all.zip", data, Limits{}, func(name string, data []byte) error {
		names = append(names, name+"="+string(data))
		return nil
	})
	want := []string{"all.zip/10:30.pdf=time", "all.zip/a/1.png=1", "all.zip/notes.txt=text", "all.zip/page2.jpg=2", "all.zip/page02.jpg=02",
		"all.zip/page10.jpg=10", "all.zip/主会场/票10.jpg=票"}
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v\nwant %q", names, err, want)
	}
}

func TestExpandOfAnythingElse(t *testing.T) {
	stop := errors.New("stop")
	err := Expand("a.jpg", []byte("whatever"), Limits{}, func(name string, data []byte) error {
		if name != "a.jpg" || string(data) != "whatever" {
			t.Errorf("%s %s", name, data)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("%v, want the callback's error", err)
	}
	if err := Expand("a.zip", zipOf(t, zipFile{name: "a", content: []byte("a")}, zipFile{name: "b"}), Limits{}, func(string, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want the callback's error", err)
	}
}

func TestExpandRefuses(t *testing.T) {
	zeros := make([]byte, 80<<20)
	one := func(name string) []byte { return zipOf(t, zipFile{name: name, content: []byte("x")}) }
	inner := one("a.jpg")
	tests := []struct {
		name   string
		data   []byte
		limits Limits
		want   Code
	}{
		{"parent", one("../a.jpg"), Limits{}, CodeUnsafeName},
		{"parent inside", one("a/../b.jpg"), Limits{}, CodeUnsafeName},
		{"parent with backslashes", one(`..\a.jpg`), Limits{}, CodeUnsafeName},
		{"absolute", one("/etc/passwd"), Limits{}, CodeUnsafeName},
		{"drive", one(`C:\a.jpg`), Limits{}, CodeUnsafeName},
		{"share", one(`\\host\a.jpg`), Limits{}, CodeUnsafeName},
		{"zero in name", one("a\x00.jpg"), Limits{}, CodeUnsafeName},
		{"link", zipOf(t, zipFile{name: "a.jpg", content: []byte("/etc/passwd"), change: func(h *zip.FileHeader) { h.SetMode(0o777 | 1<<27) }}), Limits{}, CodeUnsafeName},
		{"ZIP in it", zipOf(t, zipFile{name: "scans.jpg", content: inner}), Limits{}, CodeNested},
		{"encrypted", encrypted(one("a.jpg")), Limits{}, CodeEncrypted},
		{"no files", zipOf(t), Limits{}, CodeEmpty},
		{"only litter", one("__MACOSX/a.jpg"), Limits{}, CodeEmpty},
		{"cut short", inner[:len(inner)-10], Limits{}, CodeCorrupt},
		{"bomb", zipOf(t, zipFile{name: "a.tif", content: zeros}), Limits{}, CodeTooLarge},
		{"file over the limit", zipOf(t, zipFile{name: "a.tif", content: zeros[:5000]}), Limits{MaxBytes: 4999}, CodeTooLarge},
		{"all over the limit", zipOf(t, zipFile{name: "a", content: zeros[:3000]}, zipFile{name: "b", content: zeros[:3000]}), Limits{MaxTotal: 5999}, CodeTooLarge},
		{"many small bombs", zipOf(t, slices.Repeat([]zipFile{{name: "a", content: zeros[:60<<20]}}, 6)...), Limits{}, CodeTooLarge},
		{"lying size", lying(zipOf(t, zipFile{name: "a", content: zeros[:1<<20]})), Limits{}, CodeCorrupt},
		{"too many", zipOf(t, zipFile{name: "a"}, zipFile{name: "b"}), Limits{MaxFiles: 1}, CodeTooMany},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			err := Expand("scans.zip", c.data, c.limits, func(string, []byte) error { return nil })
			if code := codeOf(t, err); code != c.want {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestNaturalLess(t *testing.T) {
	order := strings.Fields("1 2 2a 10 a1 a1b2 a1b10 a02 a10 b")
	for i, a := range order {
		for j, b := range order {
			if naturalLess(a, b) != (i < j) {
				t.Errorf("%s < %s is %v", a, b, i >= j)
			}
		}
	}
}

package worker

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
)

// The test binary is its own child: with this variable set it serves pages, and goes wrong where its value
// says so, as "3:exit 5:hang".
const childVariable = "PINGYI_TEST_READER"

func TestMain(m *testing.M) {
	faults, isChild := os.LookupEnv(childVariable)
	if !isChild {
		os.Exit(m.Run())
	}
	err := Serve(os.Stdin, os.Stdout, func(forms []ballot.Form, _ bool) (Reader, error) {
		if len(forms) > 0 && forms[0].ID == "bad" {
			return nil, errors.New("no reader for this form")
		}
		return &fakeReader{form: forms[0].ID, faults: faults}, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fakeReader decodes pages for real and reports their gray, its form and its process instead of marks.
type fakeReader struct {
	form, faults string
	image        raster.Image
}

func (f *fakeReader) ReadOne(doc *raster.Document, i int) scans.PageResult {
	for _, fault := range strings.Fields(f.faults) {
		if page, kind, _ := strings.Cut(fault, ":"); page == fmt.Sprint(i) {
			f.goWrong(kind)
		}
	}
	if err := doc.PageInto(i, &f.image); err != nil {
		return rejected(ballot.RejectBadImage, err.Error())
	}
	return scans.PageResult{PageReading: ballot.PageReading{Form: f.form, Rotation: os.Getpid(), Residual: float64(f.image.Pix[0])}}
}

func (f *fakeReader) goWrong(kind string) {
	switch kind {
	case "exit":
		os.Exit(3)
	case "panic":
		panic("a decoder's bug")
	case "signal":
		syscall.Kill(os.Getpid(), syscall.SIGSEGV) // as a fault in C
		select {}
	case "hang":
		for { //nolint:staticcheck // an endless loop is what is tested
		}
	case "memory":
		var held [][]byte
		for {
			b := make([]byte, 16<<20)
			for j := 0; j < len(b); j += 4096 {
				b[j] = 1
			}
			held = append(held, b) //nolint:staticcheck // so that it is not freed
		}
	case "noise":
		os.Stdout.WriteString(strings.Repeat("\xff", 64)) // a library that prints: no frame
	}
}

func (f *fakeReader) Picture() *raster.Image { return &f.image }

func (f *fakeReader) Err() error {
	if f.faults == "full disk" {
		return syscall.ENOSPC
	}
	return nil
}

func (f *fakeReader) Look(full *raster.Image) *ballot.PageLook {
	return &ballot.PageLook{W: full.W, H: full.H, Paper: float64(full.Pix[0])}
}

func newPool(t *testing.T, faults string, c Config) *Pool {
	t.Helper()
	c.Command = []string{os.Args[0]}
	c.Env = append(c.Env, childVariable+"="+faults)
	if c.PageTime == 0 {
		c.PageTime = 20 * time.Second
	}
	p := NewPool(c)
	t.Cleanup(p.Close)
	return p
}

func formsOf(id string) Forms { return Forms{Key: id, List: []ballot.Form{{ID: id}}} }

// tiff is a multi-page gray TIFF; page i is 32 × 32 pixels of gray 40 + i.
func tiff(pages int) []byte {
	const side = 32
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("II*\x00"), 8)
	for i := range pages {
		fields := [][4]uint32{{256, 4, 1, side}, {257, 4, 1, side}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 1},
			{273, 4, 1, uint32(len(b) + 2 + 9*12 + 4)}, {277, 3, 1, 1}, {278, 4, 1, side}, {279, 4, 1, side * side}}
		b = le.AppendUint16(b, uint16(len(fields)))
		for _, f := range fields {
			b = le.AppendUint16(le.AppendUint16(b, uint16(f[0])), uint16(f[1]))
			b = le.AppendUint32(le.AppendUint32(b, f[2]), f[3])
		}
		next := uint32(len(b) + 4 + side*side)
		if i == pages-1 {
			next = 0
		}
		b = append(le.AppendUint32(b, next), bytes.Repeat([]byte{byte(40 + i)}, side*side)...)
	}
	return b
}

func save(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// unpackOne is the only part of a file.
func unpackOne(t *testing.T, p *Pool, path string) Part {
	t.Helper()
	parts, problem, err := p.Unpack(context.Background(), path, "stack.tif", path+"-part")
	if err != nil || problem != "" || len(parts) != 1 {
		t.Fatalf("parts %+v, problem %q, %v", parts, problem, err)
	}
	return parts[0]
}

func TestReadsInOrderWithPictures(t *testing.T) {
	p := newPool(t, "", Config{})
	part := unpackOne(t, p, save(t, "a", tiff(7)))
	if part.Pages != 7 {
		t.Fatalf("%d pages", part.Pages)
	}
	at := 2
	err := p.Read(context.Background(), formsOf("F"), part, 2, 99, func(page Page) error {
		if page.Index != at || page.Result.Residual != float64(40+at) || page.Result.Form != "F" {
			t.Errorf("page %+v at %d", page, at)
		}
		m, err := jpeg.Decode(bytes.NewReader(page.Picture))
		if err != nil || m.Bounds().Dx() != 32 {
			t.Errorf("picture: %v", err)
		} else if g, _, _, _ := m.At(5, 5).RGBA(); int(g>>8) < 39+at || int(g>>8) > 41+at {
			t.Errorf("picture of page %d is gray %d", at, g>>8)
		}
		if bytes.Contains(page.Picture, []byte("Exif")) {
			t.Error("the picture carries metadata")
		}
		at++
		return nil
	})
	if err != nil || at != 7 {
		t.Errorf("ended at %d: %v", at, err)
	}
}

// Pictures are measured as such where that is asked for, and only there.
func TestLooks(t *testing.T) {
	p := newPool(t, "", Config{})
	part := unpackOne(t, p, save(t, "a", tiff(3)))
	for _, asked := range []bool{true, false} {
		forms := formsOf("F")
		forms.Look = asked
		err := p.Read(context.Background(), forms, part, 0, 3, func(page Page) error {
			if l := page.Look; (l != nil) != asked || asked && (l.W != 32 || l.Paper != float64(40+page.Index)) {
				t.Errorf("asked %v: page %d has %+v", asked, page.Index, l)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A page that ends its child, in any way, is rejected by name; the others of the file are read, in order.
func TestLostChildren(t *testing.T) {
	p := newPool(t, "1:exit 2:panic 4:hang 5:signal 7:memory 9:noise", Config{PageTime: 12 * time.Second, MemoryBytes: 256 << 20})
	part := unpackOne(t, p, save(t, "a", tiff(10)))
	want := map[int]ballot.RejectReason{1: ballot.RejectCrashed, 2: ballot.RejectCrashed, 4: ballot.RejectTimeout,
		5: ballot.RejectCrashed, 7: ballot.RejectCrashed, 9: ballot.RejectCrashed}
	facts := map[int]string{2: "panic: a decoder's bug", 4: "12s", 7: "out of memory"}
	at := 0
	err := p.Read(context.Background(), formsOf("F"), part, 0, 10, func(page Page) error {
		r := page.Result.Rejected
		switch {
		case page.Index != at:
			t.Errorf("page %d at %d", page.Index, at)
		case want[at] == "" && (r != nil || page.Result.Residual != float64(40+at)):
			t.Errorf("page %d: %+v", at, page.Result)
		case want[at] != "" && (r == nil || r.Reason != want[at] || !strings.Contains(r.Facts, facts[at])):
			t.Errorf("page %d: %+v, want %s (%s)", at, r, want[at], facts[at])
		}
		at++
		return nil
	})
	if err != nil || at != 10 {
		t.Errorf("ended at %d: %v", at, err)
	}
}

// Children are kept between requests and replaced where they died while idle, without a page lost.
func TestIdleChildThatDied(t *testing.T) {
	p := newPool(t, "", Config{})
	part := unpackOne(t, p, save(t, "a", tiff(2)))
	pid := 0
	read := func() {
		t.Helper()
		err := p.Read(context.Background(), formsOf("F"), part, 0, 1, func(page Page) error {
			if page.Result.Rejected != nil {
				t.Errorf("rejected: %+v", page.Result.Rejected)
			}
			pid = page.Result.Rotation
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read()
	before := pid
	if read(); pid != before {
		t.Error("the child was not kept")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if read(); pid == before {
		t.Error("the child was not replaced")
	}
}

func TestFormsAreSentWhenTheyChange(t *testing.T) {
	p := newPool(t, "", Config{})
	part := unpackOne(t, p, save(t, "a", tiff(1)))
	for _, id := range []string{"A", "B", "B", "A"} {
		err := p.Read(context.Background(), formsOf(id), part, 0, 1, func(page Page) error {
			if page.Result.Form != id {
				t.Errorf("read by form %s, want %s", page.Result.Form, id)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What this machine lacks is an error, after which nothing counts as read; it is no fault of the page.
func TestMachineFaults(t *testing.T) {
	nothing := func(Page) error { t.Error("a page was handed on"); return nil }
	p := newPool(t, "", Config{})
	part := Part{Path: filepath.Join(t.TempDir(), "gone"), Name: "a.tif", Pages: 3}
	if err := p.Read(context.Background(), formsOf("F"), part, 0, 3, nothing); err == nil {
		t.Error("a file that is gone was read")
	}
	part.Path = save(t, "a", tiff(3))
	if err := p.Read(context.Background(), formsOf("bad"), part, 0, 3, nothing); err == nil || !strings.Contains(err.Error(), "no reader for this form") {
		t.Errorf("no reader: %v", err)
	}
	if err := p.Read(context.Background(), Forms{}, part, 0, 3, nothing); err == nil {
		t.Error("read without forms")
	}
	full := newPool(t, "full disk", Config{})
	if err := full.Read(context.Background(), formsOf("F"), part, 0, 3, nothing); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("no space beside reading: %v", err)
	}
	missing := NewPool(Config{Command: []string{filepath.Join(t.TempDir(), "no-such-program")}})
	if err := missing.Read(context.Background(), formsOf("F"), part, 0, 3, nothing); err == nil {
		t.Error("read without a program")
	}
}

func TestCallerStops(t *testing.T) {
	p := newPool(t, "1:hang", Config{})
	part := unpackOne(t, p, save(t, "a", tiff(3)))
	stop := errors.New("stop")
	if err := p.Read(context.Background(), formsOf("F"), part, 0, 3, func(Page) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pages := 0
	err := p.Read(ctx, formsOf("F"), part, 0, 3, func(page Page) error {
		pages++
		time.AfterFunc(300*time.Millisecond, cancel) // in the page that hangs
		return nil
	})
	if !errors.Is(err, context.Canceled) || pages != 1 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

func TestUnpack(t *testing.T) {
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for _, f := range []struct {
		name string
		data []byte
	}{{"p10.tif", tiff(1)}, {"p2.tif", tiff(3)}, {"p3.jpg", []byte("\xff\xd8\xff\xe0cut")}, {"p4.PDF", []byte("first bytes are lost")}, {"readme.txt", []byte("scans")}} {
		e, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		e.Write(f.data)
	}
	w.Close()
	p := newPool(t, "", Config{})
	path := save(t, "a", z.Bytes())
	parts, problem, err := p.Unpack(context.Background(), path, "scans.zip", path+"-part")
	if err != nil || len(parts) != 4 || !strings.Contains(problem, "readme.txt") || strings.Contains(problem, "p4") {
		t.Fatalf("parts %+v, problem %q, %v", parts, problem, err)
	}
	if parts[0].Pages != 3 || parts[0].Rejected != nil || parts[3].Pages != 1 || !strings.HasSuffix(parts[3].Name, "p10.tif") {
		t.Errorf("parts %+v", parts)
	}
	pages := 0
	for _, part := range parts {
		err := p.Read(context.Background(), formsOf("F"), part, 0, part.Pages, func(page Page) error {
			if broken := !strings.HasSuffix(part.Name, ".tif"); broken != (page.Result.Rejected != nil) {
				t.Errorf("%s: %+v", part.Name, page.Result.Rejected)
			}
			pages++
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if pages != 6 {
		t.Errorf("%d pages", pages)
	}
	for name, data := range map[string][]byte{"empty": nil, "a photo": []byte("GIF89a"), "a ZIP cut short": z.Bytes()[:z.Len()/2]} {
		path := save(t, "b", data)
		parts, problem, err := p.Unpack(context.Background(), path, "b", path+"-part")
		if err != nil || problem == "" && (len(parts) != 1 || parts[0].Rejected == nil) {
			t.Errorf("%s: parts %+v, problem %q, %v", name, parts, problem, err)
		}
	}
}

// BenchmarkPageThroughChild is what a child costs a page beside its reading: decoding 32 × 32 pixels is
// nothing.
func BenchmarkPageThroughChild(b *testing.B) {
	p := NewPool(Config{Command: []string{os.Args[0]}, Env: []string{childVariable + "="}})
	defer p.Close()
	path := filepath.Join(b.TempDir(), "a")
	if err := os.WriteFile(path, tiff(200), 0o600); err != nil {
		b.Fatal(err)
	}
	for i := 0; i < b.N; i += 200 {
		err := p.Read(context.Background(), formsOf("F"), Part{Path: path, Name: "a", Pages: 200}, 0, min(200, b.N-i), func(Page) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// TestLostWhileCounted: a document on which its child is lost before its pages are known is named.
func TestLostWhileCounted(t *testing.T) {
	p := newPool(t, "", Config{PageTime: time.Nanosecond})
	part := Part{Path: save(t, "a", tiff(1)), Name: "scans.zip/p7.tif"}
	if _, err := p.count(context.Background(), &part); err != nil || part.Rejected == nil || !strings.HasPrefix(part.Rejected.Facts, "scans.zip/p7.tif: not read within") {
		t.Errorf("%+v, %v", part.Rejected, err)
	}
}

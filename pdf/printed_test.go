package pdf

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pingyi/ballot"
)

// page is a printed page drawn by pdftoppm.
type page struct {
	*image.Gray
	scale float64 // pixels per mm
}

// drawn renders a PDF; another program than the one that wrote it says what is on the paper.
func drawn(t *testing.T, pdf []byte, dpi int) []page {
	t.Helper()
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("skipping: pdftoppm (poppler-utils) is not installed")
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := exec.Command(tool, "-gray", "-r", fmt.Sprint(dpi), path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []page
	r := bufio.NewReader(bytes.NewReader(raw))
	for {
		var magic string
		var w, h, top int
		if _, err := fmt.Fscan(r, &magic, &w, &h, &top); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		r.ReadByte()
		m := image.NewGray(image.Rect(0, 0, w, h))
		if _, err := io.ReadFull(r, m.Pix); err != nil {
			t.Fatal(err)
		}
		out = append(out, page{m, float64(dpi) / 25.4})
	}
}

// darkness is the mean ink of a rectangle in mm, 0 … 1.
func (p page) darkness(r ballot.Rect) float64 {
	sum, n := 0, 0
	for y := int(math.Ceil(r.Y * p.scale)); y < int(r.Bottom()*p.scale); y++ {
		for x := int(math.Ceil(r.X * p.scale)); x < int(r.Right()*p.scale); x++ {
			sum += 255 - int(p.GrayAt(x, y).Y)
			n++
		}
	}
	return float64(sum) / float64(max(1, n)) / 255
}

func printed(t *testing.T, f *ballot.Form, copies int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Ballots(&b, f, copies, nil, fonts(t), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What the printer prints lies where the form says, to 0.15 mm: solid marks with white around, light thin
// outlines with white inside, rules round every cell, and a code that reads.
func TestPrintedGeometry(t *testing.T) {
	for name, m := range layouts() {
		t.Run(name, func(t *testing.T) {
			f := form(t, m)
			for i, p := range drawn(t, printed(t, f, 1), 300) {
				if i >= 2 {
					break
				}
				checkPage(t, p, &f.Pages[i])
			}
		})
	}
}

func layouts() map[string]ballot.Meeting {
	out := map[string]ballot.Meeting{"72 on A4": meeting(72), "20 on A4": meeting(20), "72 on A3": meeting(72), "A5 single": meeting(3), "6 grades": meeting(40)}
	a3, a5, six := out["72 on A3"], out["A5 single"], out["6 grades"]
	a3.Rules.Layout.Paper = "A3"
	a5.Rules.Form, a5.Rules.Layout.Paper, a5.Rules.Layout.CommentBox = ballot.SingleForm, "A5", true
	six.Rules.Grades = []string{"优秀", "良好", "合格", "基本合格", "不合格", "不了解"}
	out["72 on A3"], out["A5 single"], out["6 grades"] = a3, a5, six
	out["72 on A4, serial"] = serialMeeting(72)
	return out
}

func checkPage(t *testing.T, p page, form *ballot.FormPage) {
	t.Helper()
	const slack = 0.15
	for _, r := range form.Fiducials {
		if in, around := p.darkness(r.Inset(slack)), p.darkness(r.Inset(-1)); in < 0.99 || around > (r.W*r.H+0.8)/((r.W+2)*(r.H+2))+0.02 {
			t.Errorf("mark at %.1f %.1f: darkness %.2f inside, %.2f with its surroundings", r.X, r.Y, in, around)
		}
	}
	for _, target := range form.Targets {
		if in := p.darkness(target.Inset(slack + ballot.OutlineWidth/2)); in > 0.001 {
			t.Fatalf("subject %d %s: something is printed inside the box: %.4f", target.Subject, target.Grade, in)
		}
		top := ballot.Rect{X: target.X, Y: target.Y - slack - ballot.OutlineWidth/2, W: target.W, H: 2*slack + ballot.OutlineWidth}
		if d := p.darkness(top); d < 0.1 || d > 0.35 {
			t.Fatalf("subject %d %s: upper outline has darkness %.2f", target.Subject, target.Grade, d)
		}
		left := ballot.Rect{X: target.Cell.X - slack, Y: target.Cell.Y + 1, W: 2 * slack, H: target.Cell.H - 2}
		if d := p.darkness(left); d < 0.25 {
			t.Fatalf("subject %d %s: no rule on the left of the cell: %.2f", target.Subject, target.Grade, d)
		}
	}
	if text := p.code(t, form.Code); !strings.HasPrefix(text, form.CodeText) {
		t.Errorf("code reads %q, want %q", text, form.CodeText)
	}
}

// code reads the QR code by the library's own detector.
func (p page) code(t *testing.T, r ballot.Rect) string {
	t.Helper()
	r = r.Inset(-2.4)
	crop := p.SubImage(image.Rect(int(r.X*p.scale), int(r.Y*p.scale), int(r.Right()*p.scale), int(r.Bottom()*p.scale)))
	bitmap, err := gozxing.NewBinaryBitmapFromImage(crop)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("code: %v", err)
	}
	return result.GetText()
}

// Printed text stays clear of rules and boxes: only text's own box holds it.
func TestTextKeepsClearOfRules(t *testing.T) {
	m := meeting(72)
	m.Subjects[4].Org = "地区公路事业发展中心森林资源监测与生态修复联合党支部委员会"
	m.Subjects[5].Name = "买买提·吐尔逊阿依木"
	f := form(t, m)
	p := drawn(t, printed(t, f, 1), 300)[0]
	for _, r := range f.Pages[0].Rows {
		for what, b := range map[string]ballot.Rect{"name": r.NameBox, "organisation": r.OrgBox} {
			// The band just inside the rules on all four sides holds no ink.
			for side, band := range map[string]ballot.Rect{
				"top": {X: b.X + 0.3, Y: b.Y + 0.2, W: b.W - 0.6, H: 0.25}, "bottom": {X: b.X + 0.3, Y: b.Bottom() - 0.45, W: b.W - 0.6, H: 0.25},
				"left": {X: b.X + 0.2, Y: b.Y + 0.3, W: 0.25, H: b.H - 0.6}, "right": {X: b.Right() - 0.45, Y: b.Y + 0.3, W: 0.25, H: b.H - 0.6}} {
				if d := p.darkness(band); d > 0.002 {
					t.Errorf("subject %d: its %s touches the %s rule (%.3f)", r.Subject, what, side, d)
				}
			}
		}
	}
}

func TestCopiesAreExactAndAlike(t *testing.T) {
	f := form(t, meeting(40))
	three := printed(t, f, 3)
	if !bytes.Equal(three, printed(t, f, 3)) {
		t.Error("printing twice gives different bytes")
	}
	pages := drawn(t, three, 60)
	if len(pages) != 6 {
		t.Fatalf("%d pages for 3 copies of 2", len(pages))
	}
	for i := 2; i < len(pages); i++ {
		if !bytes.Equal(pages[i].Pix, pages[i%2].Pix) {
			t.Errorf("page %d differs from the first copy's", i+1)
		}
	}
	for _, copies := range []int{0, -1} {
		if err := Ballots(io.Discard, f, copies, nil, fonts(t), nil); ballot.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("%d copies: %v", copies, err)
		}
	}
}

func TestMissingGlyphIsRefusedByName(t *testing.T) {
	m := meeting(5)
	m.Subjects[2].Name = "张\ue123明" // private use: no font has it
	var b bytes.Buffer
	err := Ballots(&b, form(t, m), 1, nil, fonts(t), nil)
	if ballot.CodeOf(err) != ballot.CodeGlyph || !strings.Contains(err.Error(), "U+E123") || !strings.Contains(err.Error(), "3") {
		t.Errorf("got %v", err)
	}
	if b.Len() != 0 {
		t.Error("something was written all the same")
	}
}

// gofpdf panics on characters above U+FFFF; ours draws them as outlines.
func TestRareCharacterIsDrawn(t *testing.T) {
	m := meeting(3)
	m.Subjects[0].Name, m.Subjects[1].Name = "𠮷", "䶮"
	f := form(t, m)
	p := drawn(t, printed(t, f, 1), 150)[0]
	for _, r := range f.Pages[0].Rows[:2] {
		if d := p.darkness(r.NameBox.Inset(1)); d < 0.005 {
			t.Errorf("the name %s of subject %d is not on the paper: %.4f", r.Name, r.Subject, d)
		}
	}
}

func TestTrueTypeRefusesOthers(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{"otf": {append([]byte("OTTO"), make([]byte, 20)...), errOpenType}, "short": {[]byte("ab"), errTruncated},
		"ttc that ends early": {append([]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x20"), make([]byte, 8)...), errTruncated}} {
		if _, err := trueType(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A collection of one face unpacks to a font that parses and has the same characters.
func TestUnpackedCollectionWorks(t *testing.T) {
	raw, err := os.ReadFile(systemFonts[0].path)
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	// A collection's header before the font; table offsets count from the start of the file.
	head := []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10")
	ttc := append(append([]byte{}, head...), raw...)
	n := int(raw[4])<<8 | int(raw[5])
	for i := 0; i < n; i++ {
		at := 16 + 12 + 16*i + 8
		v := uint32(ttc[at])<<24 | uint32(ttc[at+1])<<16 | uint32(ttc[at+2])<<8 | uint32(ttc[at+3])
		v += 16
		ttc[at], ttc[at+1], ttc[at+2], ttc[at+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	path := filepath.Join(t.TempDir(), "own.ttc")
	if err := os.WriteFile(path, ttc, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := LoadFonts(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.of('张', Song); got == nil || got.path != path {
		t.Errorf("the office's own font is not tried first: %+v", got)
	}
	var b bytes.Buffer
	if err := Ballots(&b, form(t, meeting(4)), 1, nil, f, nil); err != nil {
		t.Fatal(err)
	}
}

// TestLargeRun prints 10,000 pages where PINGYI_LARGE is set and reports the memory it took.
func TestLargeRun(t *testing.T) {
	if os.Getenv("PINGYI_LARGE") == "" {
		t.Skip("skipping: PINGYI_LARGE is not set (10,000 pages, some 20 s)")
	}
	if err := Ballots(io.Discard, form(t, meeting(72)), 5000, nil, fonts(t), nil); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("skipping: %v", err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		var kib int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil {
			t.Logf("10,000 pages of 36 rows: %d MB at most", kib/1024)
			if kib > 600*1024 {
				t.Errorf("over 600 MB")
			}
		}
	}
}

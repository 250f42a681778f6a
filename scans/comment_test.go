package scans_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/scans/writing"
)

var (
	commentPages = flag.Int("comments.pages", 24, "pages to read, half of them with a comment")
	commentSeed  = flag.Uint64("comments.seed", 1, "first seed; one seed is one page")
	commentKeep  = flag.String("comments.keep", "", "folder for pictures of boxes that were misjudged")
)

// TestComments reads pages with and without a comment and counts which boxes are kept. A comment that is lost
// fails it. It is small by default; `make comments` makes it large.
func TestComments(t *testing.T) {
	sheets := commentSheets(t)
	readers := map[*ballot.Form]*scans.Reader{} // one a form, as a meeting has it: one size of paper
	for _, s := range sheets {
		if readers[s.form] == nil {
			readers[s.form] = readerOf(t, []sheet{s})
		}
	}
	counts := map[string]*writingCount{}
	add := func(kept bool, keys ...string) {
		for _, k := range keys {
			if counts[k] == nil {
				counts[k] = &writingCount{}
			}
			counts[k].pages++
			if kept {
				counts[k].flagged++
			}
		}
	}
	millis := map[bool]*struct{ sum, pages float64 }{true: {}, false: {}} // by whether something is written
	for i := range uint64(*commentPages) {                                // odd seeds are written on
		seed := *commentSeed + i
		s, img, d, kind := commentedScan(t, sheets, seed)
		if !d.Shows(s.page, *s.page.Comment) {
			continue // the scan cut the box off: nobody can read it
		}
		res := readers[s.form].ReadPage(img)
		if res.Rejected != nil {
			add(false, "rejected")
			continue
		}
		kept := res.Comment != nil
		keys := []string{kind + " " + d.Class}
		for _, k := range d.Kinds {
			keys = append(keys, map[bool]string{true: "empty", false: "written"}[kind == ""]+"  "+k)
		}
		add(kept, keys...)
		wrong := kept != (kind != "")
		took := millis[kind != ""]
		took.sum, took.pages = took.sum+res.Millis.Comment, took.pages+1
		if wrong && kind != "" {
			t.Errorf("seed %d: a comment (%s) is lost: %s %v %g dpi", seed, kind, d.Class, d.Kinds, d.DPI)
		}
		if wrong && *commentKeep != "" {
			keepIn(t, *commentKeep, fmt.Sprintf("comment-%d-%s.png", seed, kind), img)
			if kept {
				if err := os.WriteFile(filepath.Join(*commentKeep, fmt.Sprintf("comment-%d-crop.png", seed)), res.Comment.Picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var table strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&table, "\n%-30s kept %v", strings.TrimPrefix(k, " "), counts[k])
	}
	for written, took := range millis {
		fmt.Fprintf(&table, "\nwritten %-22v %.1f ms a page, OCR with it", written, took.sum/max(1, took.pages))
	}
	t.Log(table.String())
	if c := counts[" "+synth.ClassOrdinary]; *classes != "hard" && (c == nil || c.flagged*5 > c.pages) {
		t.Errorf("of ordinary pages without a comment kept %v", c)
	}
}

// commentedScan makes the scan of a seed: odd seeds have a comment, every fourth pair is hard.
func commentedScan(t testing.TB, sheets []sheet, seed uint64) (s sheet, img *raster.Image, d synth.Damage, kind string) {
	r := rand.New(rand.NewPCG(seed, 20261124))
	s = sheets[r.IntN(len(sheets))]
	class := synth.ClassOrdinary
	if *classes == "hard" || *classes == "mixed" && seed/2%4 == 0 {
		class = synth.ClassHard
	}
	d = synth.Draw(class, s.page, r)
	img = s.copy()
	synth.Print(img, s.page, d, r)
	mix, hand := synth.Realistic(), d.Hand(r)
	mix.Comment = 0
	synth.Mark(img, s.page, hand, mix, r)
	if seed%2 == 1 {
		kind = synth.CommentKinds[r.IntN(len(synth.CommentKinds))]
		synth.Comment(img, s.page, hand, kind, r)
	}
	return s, delivered(t, synth.Scan(img, d, r), d), d, kind
}

// commentSheets are pages with a comment box, of every kind of form.
func commentSheets(t testing.TB) []sheet {
	t.Helper()
	var out []sheet
	for i, c := range []formKind{{36, 4, ballot.RosterForm, "A4"}, {20, 4, ballot.RosterForm, "A4"}, {40, 6, ballot.RosterForm, "A3"}, {2, 4, ballot.SingleForm, "A5"}} {
		m := meetingOf(c)
		m.Rules.Layout.CommentBox = true
		for _, s := range printMeeting(t, byte(60+i), m, synth.RenderDPI) {
			if s.page.Comment != nil {
				out = append(out, s)
			}
		}
	}
	return out
}

// decoded is the picture of a comment.
func decoded(t testing.TB, c *ballot.CommentCrop) *image.Gray {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(c.Picture))
	if err != nil {
		t.Fatal(err)
	}
	gray, ok := img.(*image.Gray)
	if !ok {
		t.Fatalf("the picture is a %T", img)
	}
	return gray
}

// What stands in the box is cut out at one scale whichever way the page lay, without what is beside the box and
// without metadata, and the kept picture of the page has none of it.
func TestCommentIsCutOff(t *testing.T) {
	for i, s := range commentSheets(t) {
		r := readerOf(t, []sheet{s})
		for _, turns := range []int{0, 2} {
			for _, written := range []bool{true, false} {
				img, box := s.copy(), *s.page.Comment
				p := pen{img, 0.5, 60}
				p.name(box.X+70, box.Y-6) // beside the box: none of the comment's business
				p.name(box.X+30, box.Bottom()+0.8)
				if written {
					p.name(box.X+20, box.Y+8)
				}
				d := synth.Damage{DPI: 200, Rotation: 0.8, Turns: turns, Paper: 235, Noise: 4, Blur: 0.7, Quality: 75}
				res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 2))), d))
				if res.Rejected != nil {
					t.Fatalf("sheet %d, %d turns: %v", i, turns, res.Rejected)
				}
				kept := r.Picture()
				ink := inkWithin(kept.Gray(), scans.PicturePixelsPerMM, box.Inset(-0.5), 200)
				if ink != 0 {
					t.Errorf("sheet %d, %d turns: the kept picture has %d dark pixels in the comment box", i, turns, ink)
				}
				if (res.Comment != nil) != written {
					t.Fatalf("sheet %d, %d turns: written %v, kept %v", i, turns, written, res.Comment != nil)
				}
				if written {
					checkCrop(t, res.Comment, box, ballot.Rect{X: 20, Y: 8, W: 14, H: 5})
				}
			}
		}
	}
}

// What people write is kept, however little; what paper and scanner leave in the box is not.
func TestCommentIsTold(t *testing.T) {
	s := commentSheets(t)[0]
	r := readerOf(t, []sheet{s})
	b := *s.page.Comment
	at := func(x, y float64) [2]float64 { return [2]float64{b.X + x, b.Y + y} }
	for name, c := range map[string]struct {
		draw func(p pen)
		want bool
	}{
		"nothing": {func(pen) {}, false},
		"a character": {func(p pen) {
			p.line(at(50, 6), at(54, 6))
			p.line(at(52, 4), at(51.5, 9))
			p.line(at(52, 6.5), at(54, 9))
		}, true},
		"a pale character": {func(p pen) { p.gray = 170; p.line(at(50, 6), at(54, 6)); p.line(at(52, 4), at(51.5, 9)) }, true},
		"a tick":           {func(p pen) { p.line(at(80, 8), at(81.5, 10.5), at(85, 4)) }, true},
		"three, in three strokes": {func(p pen) {
			p.line(at(50, 4), at(57, 4))
			p.line(at(51, 8), at(56, 8))
			p.line(at(49, 12), at(58, 12))
		}, true},
		"one stroke": {func(p pen) { p.line(at(40, 9), at(60, 9.5)) }, true},
		"a box filled with ink": {func(p pen) {
			for y := 2.0; y < b.H-1; y += 0.4 {
				p.line(at(2, y), at(b.W-2, y))
			}
		}, true},
		"the box is crossed out": {func(p pen) { p.line(at(2, 2), at(b.W-2, b.H-2)); p.line(at(2, b.H-2), at(b.W-2, 2)) }, true},
		"writing on a fold": {func(p pen) {
			p.line(at(-18, 9), at(b.W+18, 10))
			p.line(at(50, 7), at(51, 12))
			p.line(at(53, 6), at(52, 12))
		}, true},
		"two specks": {func(p pen) { p.width = 0.6; p.dot(b.X+30, b.Y+5); p.dot(b.X+90, b.Y+12) }, false},
		"a streak":   {func(p pen) { p.width = 0.3; p.line([2]float64{b.X + 66, 0}, [2]float64{b.X + 66, 297}) }, false},
		"a fold":     {func(p pen) { p.width, p.gray = 0.4, 150; p.line([2]float64{0, b.Y + 10}, [2]float64{210, b.Y + 12}) }, false},
		"a broken fold": {func(p pen) {
			for x := -17.0; x < b.W+20; x += 9 {
				p.line(at(x, 10+x/80), at(x+6, 10+(x+6)/80))
			}
		}, false},
		"a shadow": {func(p pen) {
			p.gray = 235
			for y := 0.0; y < b.H; y += 0.4 {
				p.line(at(60, y), at(b.W+15, y))
			}
		}, false},
		"ink beside and below": {func(p pen) { p.name(b.X+40, b.Bottom()+1); p.name(b.X+100, b.Y-6) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, turns := range []int{0, 2} {
				img := s.copy()
				c.draw(pen{img, 0.5, 60})
				d := synth.Damage{DPI: 200, Rotation: 0.8, Turns: turns, Paper: 240, Noise: 4, Blur: 0.7, Quality: 75}
				res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 2))), d))
				if res.Rejected != nil {
					t.Fatalf("%d turns: %v", turns, res.Rejected)
				}
				if kept := res.Comment != nil; kept != c.want {
					t.Errorf("%d turns: kept %v", turns, kept)
				}
			}
		})
	}
}

// checkCrop looks at the picture of a comment that was written at a place within its box.
func checkCrop(t *testing.T, c *ballot.CommentCrop, box, at ballot.Rect) {
	t.Helper()
	crop := decoded(t, c)
	if w, h := int(box.W*writing.CommentPixelsPerMM), int(box.H*writing.CommentPixelsPerMM); crop.Rect.Dx() != w || crop.Rect.Dy() != h {
		t.Errorf("the crop has %v, want %d × %d pixels", crop.Rect, w, h)
	}
	inside := ballot.Rect{W: box.W, H: box.H}
	all, there := inkWithin(crop, writing.CommentPixelsPerMM, inside, 160), inkWithin(crop, writing.CommentPixelsPerMM, at.Inset(-1), 160)
	if there < 200 || all != there {
		t.Errorf("%d dark pixels in the crop, %d of them where the comment was written", all, there)
	}
	grays := map[byte]bool{}
	for _, v := range crop.Pix {
		grays[v] = true
	}
	if paper := inkWithin(crop, writing.CommentPixelsPerMM, inside, 255); paper > 3*all || len(grays) > 12 {
		t.Errorf("%d pixels are not white for %d of ink, in %d grays: the paper can be told", paper, all, len(grays))
	}
	// Signature, header, data, end (RFC 2083): nothing else is in the file.
	for at := 8; at < len(c.Picture); {
		n, kind := int(binary.BigEndian.Uint32(c.Picture[at:])), string(c.Picture[at+4:at+8])
		if !slices.Contains([]string{"IHDR", "IDAT", "IEND"}, kind) {
			t.Errorf("the picture has a chunk %s", kind)
		}
		at += 12 + n
	}
}

// inkWithin counts pixels darker than a gray in a rectangle in mm.
func inkWithin(m *image.Gray, scale float64, r ballot.Rect, below byte) (n int) {
	for y := int(r.Y * scale); y < int(r.Bottom()*scale); y++ {
		for x := int(r.X * scale); x < int(r.Right()*scale); x++ {
			if m.GrayAt(x, y).Y < below {
				n++
			}
		}
	}
	return n
}

// listener answers as OCR would, and keeps how high the lines were that it got.
type listener struct{ heights []int }

func (l *listener) Code(*image.Gray) (string, error) { return "", nil }

func (l *listener) Text(crop *image.Gray) (string, error) {
	l.heights = append(l.heights, crop.Rect.Dy())
	return fmt.Sprintf("第%d行", len(l.heights)), nil
}

// OCR gets a comment line by line and proposes what it read; an empty box is not shown to it.
func TestCommentIsProposed(t *testing.T) {
	s := commentSheets(t)[0]
	for lines, want := range []string{"", "第1行", "第1行\n第2行"} {
		img := s.copy()
		p := pen{img, 0.5, 60}
		for i := range lines {
			p.name(s.page.Comment.X+20, s.page.Comment.Y+4+7*float64(i))
		}
		l := &listener{}
		r, err := scans.NewReader([]ballot.Form{*s.form}, scans.Options{OCR: l})
		if err != nil {
			t.Fatal(err)
		}
		d := synth.Damage{DPI: 200, Paper: 240, Noise: 3, Blur: 0.6, Quality: 75}
		res := r.ReadPage(delivered(t, synth.Scan(img, d, rand.New(rand.NewPCG(1, 2))), d))
		if res.Rejected != nil || (res.Comment != nil) != (lines > 0) {
			t.Fatalf("%d lines: %v, %v", lines, res.Rejected, res.Comment != nil)
		}
		if lines > 0 && res.Comment.Proposal != want {
			t.Errorf("%d lines: proposed %q of lines %v high", lines, res.Comment.Proposal, l.heights)
		}
		if lines == 0 && len(l.heights) > 0 {
			t.Error("OCR was shown an empty box")
		}
	}
}

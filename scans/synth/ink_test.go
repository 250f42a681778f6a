package synth

import (
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/scans/raster"
)

// inkFolder writes a folder with one crop: a black bar in the lower half of its box.
func inkFolder(t *testing.T, lines string) string {
	t.Helper()
	dir := t.TempDir()
	m := raster.New(60, 60)
	for y := 32; y < 38; y++ {
		for x := 22; x < 38; x++ {
			m.Pix[y*60+x] = 0
		}
	}
	f, err := os.Create(filepath.Join(dir, "a.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m.Gray()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ink.csv"), []byte("file,label,dpi,x,y,w,h,source,pen,tone\n"+lines), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestInkIsStamped(t *testing.T) {
	well, err := LoadInk(inkFolder(t, "a.png,cross,100,20,20,20,20,somewhere,,gray\n"))
	if err != nil {
		t.Fatal(err)
	}
	page := &rosterForm(t).Pages[0]
	target := page.Targets[9]
	r := pcg(1)
	hand := well.Hand(NewHand(r, false), r)
	img := blankPage(page, 300)
	rows := MarkAs(img, page, hand, []Truth{{Subject: target.Subject, Kind: TruthGrade, Grade: target.Grade}}, r)
	if rows[0].Shape != "ink cross" || rows[0].Pen != "somewhere cross" {
		t.Errorf("drawn as %q with %q", rows[0].Shape, rows[0].Pen)
	}
	sum, cx, cy := inkIn(img, target.Cell)
	x, y := target.Centre()
	// the bar's middle lies a quarter of the box below its middle; a stamp scatters by 0.3 mm
	if math.Abs(cx-x) > 0.4 || math.Abs(cy-y-target.H/4) > 0.4 {
		t.Errorf("ink about %.1f, %.1f from the box's middle", cx-x, cy-y)
	}
	area := sum / 255 / math.Pow(300/25.4, 2)
	if want := 16 * 6 * target.W * target.H / 400; math.Abs(area-want) > want/5 {
		t.Errorf("%.2f mm² of ink, want %.2f", area, want)
	}
}

func TestLoadInkNamesTheRow(t *testing.T) {
	for want, lines := range map[string]string{
		"line 2":          "a.png,cross,100\n",
		"row 3: column 4": "a.png,tick,100,1,1,5,5,s,,\na.png,tick,100,x,1,5,5,s,,\n",
		"inside the crop": "a.png,tick,100,50,50,20,20,s,,\n",
		"outside":         "../a.png,tick,100,1,1,5,5,s,,\n",
		"no such file":    "b.png,tick,100,1,1,5,5,s,,\n",
		"lists no":        "a.png,empty,100,1,1,5,5,s,,\n",
	} {
		if _, err := LoadInk(inkFolder(t, lines)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
	if _, err := LoadInk(t.TempDir()); err == nil {
		t.Error("a folder without ink.csv was loaded")
	}
}

// proportions of a tick: height over width of all its ink, and where its lowest ink lies across it, 0
// left … 1 right.
func proportions(m *raster.Image) (tall, vertex float64) {
	x0, y0, x1, y1, low := m.W, m.H, -1, -1, 0
	for i, v := range m.Pix {
		if v < 128 {
			x, y := i%m.W, i/m.W
			x0, x1, y0 = min(x0, x), max(x1, x), min(y0, y)
			if y > y1 {
				y1, low = y, x
			}
		}
	}
	return float64(y1-y0+1) / float64(x1-x0+1), float64(low-x0) / float64(x1-x0+1)
}

// TestTicksLookLikeRealOnes holds our ticks against ink that people made, where PINGYI_INK names a folder
// of it: every real tick's proportions lie well inside the range of ours.
func TestTicksLookLikeRealOnes(t *testing.T) {
	dir := os.Getenv("PINGYI_INK")
	if dir == "" {
		t.Skip("PINGYI_INK names no folder of real ink")
	}
	well, err := LoadInk(dir)
	if err != nil {
		t.Fatal(err)
	}
	page := &rosterForm(t).Pages[0]
	lo, hi := [2]float64{9, 9}, [2]float64{}
	for seed := uint64(0); seed < 300; seed++ {
		r := pcg(seed)
		h := NewHand(r, false)
		h.Pen = Pen{Width: 0.4, Gray: 20}
		img := blankPage(page, 150)
		k := &ink{img: img, scale: 150 / 25.4, r: r}
		k.mark(h, Tick, page.Targets[40], page)
		tall, vertex := proportions(img)
		lo = [2]float64{min(lo[0], tall), min(lo[1], vertex)}
		hi = [2]float64{max(hi[0], tall), max(hi[1], vertex)}
	}
	for i, g := range well.groups {
		for _, c := range g {
			if c.label != "tick" {
				continue
			}
			if tall, vertex := proportions(c.img); tall < lo[0] || tall > hi[0] || vertex < lo[1] || vertex > hi[1] {
				t.Errorf("%s: a real tick is %.2f as tall as wide with its vertex at %.2f; ours are %.2f…%.2f and %.2f…%.2f",
					well.names[i], tall, vertex, lo[0], hi[0], lo[1], hi[1])
			}
		}
	}
	t.Logf("ours: height over width %.2f…%.2f, vertex at %.2f…%.2f", lo[0], hi[0], lo[1], hi[1])
}

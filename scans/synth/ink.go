package synth

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Inkwell holds crops of marks that people made on real forms, to be laid on ours instead of strokes.
// They test a reader; nothing is fitted to them.
type Inkwell struct {
	groups [][]inkCrop // by source and label, so that one ballot is marked in one manner
	names  []string
}

// inkCrop is one mark on white and the target's box inside it, in pixels.
type inkCrop struct {
	img   *raster.Image
	box   ballot.Rect
	label string
}

// inkLabels are the labels of ink.csv that are votes to a careful person. The others are marks half
// made, crossed out, or none.
var inkLabels = map[string]bool{"tick": true, "cross": true, "filled": true, "scribble": true}

// LoadInk reads a folder of gray PNG crops with its ink.csv, whose columns are
// file,label,dpi,x,y,w,h,source,pen,tone: x, y, w, h is the target's box inside the crop in pixels.
func LoadInk(dir string) (*Inkwell, error) {
	name := filepath.Join(dir, "ink.csv")
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("folder of ink: %w", err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	groups := map[string][]inkCrop{}
	for i, l := range lines[min(1, len(lines)):] {
		if len(l) < 8 {
			return nil, fmt.Errorf("%s: row %d has %d columns, needs file,label,dpi,x,y,w,h,source", name, i+2, len(l))
		}
		if !inkLabels[l[1]] {
			continue
		}
		c, err := loadCrop(dir, l)
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", name, i+2, err)
		}
		groups[l[7]+" "+l[1]] = append(groups[l[7]+" "+l[1]], c)
	}
	w := &Inkwell{}
	for k := range groups {
		w.names = append(w.names, k)
	}
	if len(w.names) == 0 {
		return nil, fmt.Errorf("%s lists no tick, cross, filled or scribble", name)
	}
	sort.Strings(w.names)
	for _, k := range w.names {
		w.groups = append(w.groups, groups[k])
	}
	return w, nil
}

func loadCrop(dir string, l []string) (inkCrop, error) {
	var n [4]float64
	for i := range n {
		v, err := strconv.ParseFloat(l[3+i], 64)
		if err != nil {
			return inkCrop{}, fmt.Errorf("column %d: %w", 4+i, err)
		}
		n[i] = v
	}
	if !filepath.IsLocal(l[0]) {
		return inkCrop{}, fmt.Errorf("file %q lies outside the folder", l[0])
	}
	f, err := os.Open(filepath.Join(dir, l[0]))
	if err != nil {
		return inkCrop{}, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return inkCrop{}, fmt.Errorf("%s: %w", l[0], err)
	}
	b := m.Bounds()
	c := inkCrop{img: raster.New(b.Dx(), b.Dy()), box: ballot.Rect{X: n[0], Y: n[1], W: n[2], H: n[3]}, label: l[1]}
	if c.box.W < 1 || c.box.H < 1 || c.box.X < 0 || c.box.Y < 0 || c.box.Right() > float64(b.Dx()) || c.box.Bottom() > float64(b.Dy()) {
		return inkCrop{}, errors.New("the box does not lie inside the crop")
	}
	draw.Draw(c.img.Gray(), image.Rect(0, 0, b.Dx(), b.Dy()), m, b.Min, draw.Src)
	for i, v := range c.img.Pix { // scanned paper is not quite white
		c.img.Pix[i] = byte(min(255, int(v)*255/inkPaper))
	}
	return c, nil
}

// inkPaper is the gray from which a crop's pixel is paper.
const inkPaper = 232

// Hand gives a hand that marks with one source's ink of one label.
func (w *Inkwell) Hand(h Hand, r *rand.Rand) Hand {
	sizes := make([]float64, len(w.groups))
	for i, g := range w.groups {
		sizes[i] = math.Sqrt(float64(len(g))) // so that a large source does not drown the small ones
	}
	i := pick(r, sizes...)
	h.ink, h.Shape, h.Pen.Name = &Inkwell{groups: w.groups[i : i+1], names: w.names[i : i+1]}, Crop, w.names[i]
	return h
}

// stamp lays a crop on a target, scaled so that its box has the target's area, and returns its shape;
// false where none of a few crops is plainly the target's.
func (w *Inkwell) stamp(k *ink, t ballot.Target) (Shape, bool) {
	for range 2 * attempts {
		g := w.groups[k.r.IntN(len(w.groups))]
		c := g[k.r.IntN(len(g))]
		mm := math.Sqrt(t.W * t.H / (c.box.W * c.box.H)) // a pixel of the crop
		x, y := t.Centre()
		bx, by := c.box.Centre()
		at := point{x - bx*mm + between(k.r, -0.3, 0.3), y - by*mm + between(k.r, -0.3, 0.3)}
		if c.inside(at, mm, t.Cell) < ownShare {
			continue
		}
		k.lay(c.img, at, mm)
		return Shape("ink " + c.label), true
	}
	return "", false
}

// inside is the share of the crop's ink that falls into a cell.
func (c inkCrop) inside(at point, mm float64, cell ballot.Rect) float64 {
	all, in := 0, 1
	for i, v := range c.img.Pix {
		dark := 255 - int(v)
		all += dark
		if cell.Contains(at.x+(float64(i%c.img.W)+0.5)*mm, at.y+(float64(i/c.img.W)+0.5)*mm) {
			in += dark
		}
	}
	return float64(in) / float64(all+1)
}

// lay multiplies a picture into the page, its top left corner at a place, its pixels mm wide.
func (k *ink) lay(m *raster.Image, at point, mm float64) {
	x1, y1 := at.x+float64(m.W)*mm, at.y+float64(m.H)*mm
	for y := max(0, int(at.y*k.scale)); y < min(k.img.H, int(y1*k.scale)); y++ {
		for x := max(0, int(at.x*k.scale)); x < min(k.img.W, int(x1*k.scale)); x++ {
			v := m.At(((float64(x)+0.5)/k.scale-at.x)/mm, ((float64(y)+0.5)/k.scale-at.y)/mm)
			i := y*k.img.W + x
			k.img.Pix[i] = byte(int(k.img.Pix[i]) * int(v) / 255)
		}
	}
}

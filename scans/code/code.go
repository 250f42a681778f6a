// Package code reads the page code of a registered page.
//
// Registration says to a fraction of a millimetre where every module of the QR code lies, so the code
// is sampled module by module and only its error correction is left to the library: the finder
// patterns of the code itself may be torn or covered. Where that fails, the library searches the
// neighbourhood of the code as in any picture.
package code

import (
	"image"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// At maps a place of the form (mm) to the picture (pixels).
type At func(x, y float64) (u, v float64)

// Read reads the code of some modules a side that is printed in box (mm). ok is false where no code can be read; text is then
// empty. A text that was read is not yet a page code: see ballot.ParsePageCode.
func Read(img *raster.Image, at At, box ballot.Rect, modules int) (text string, ok bool) {
	// The marks fix the page to about 0.2 mm; paper that is not flat may shift the code by half a
	// module more.
	const half = 0.32
	for _, d := range [][2]float64{{0, 0}, {half, 0}, {-half, 0}, {0, half}, {0, -half}, {half, half}, {-half, -half}, {half, -half}, {-half, half}} {
		if text, ok := sample(img, at, ballot.Rect{X: box.X + d[0], Y: box.Y + d[1], W: box.W, H: box.H}, modules); ok {
			return text, true
		}
	}
	return search(img, at, box, modules)
}

// sample takes the mean of nine points in the middle half of each module, splits dark from light by
// Otsu's method (IEEE Trans. SMC 9(1), 1979), and lets the library correct errors.
func sample(img *raster.Image, at At, box ballot.Rect, modules int) (string, bool) {
	gray := make([]byte, modules*modules)
	step := box.W / float64(modules)
	for y := range modules {
		for x := range modules {
			sum := 0
			for _, dy := range [3]float64{0.28, 0.5, 0.72} {
				for _, dx := range [3]float64{0.28, 0.5, 0.72} {
					u, v := at(box.X+(float64(x)+dx)*step, box.Y+(float64(y)+dy)*step)
					sum += int(img.At(u, v))
				}
			}
			gray[y*modules+x] = byte(sum / 9)
		}
	}
	limit := otsu(gray)
	bits, err := gozxing.NewSquareBitMatrix(modules)
	if err != nil {
		return "", false
	}
	for i, v := range gray {
		if v <= limit {
			bits.Set(i%modules, i/modules)
		}
	}
	return decode(bits)
}

// decode corrects errors; the library panics on some impossible symbols, which is a code not read.
func decode(bits *gozxing.BitMatrix) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	var result *common.DecoderResult
	result, err := decoder.NewDecoder().DecodeWithoutHint(bits)
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(result.GetText()), true
}

// search hands a crop about the code, at six pixels a module, to the library's own detector.
func search(img *raster.Image, at At, box ballot.Rect, modules int) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	const margin, perModule = 7, 6
	n := (modules + 2*margin) * perModule
	crop := image.NewGray(image.Rect(0, 0, n, n))
	step := box.W / float64(modules*perModule)
	for y := 0; y < n; y++ {
		for x := 0; x < n; x++ {
			u, v := at(box.X+(float64(x-margin*perModule)+0.5)*step, box.Y+(float64(y-margin*perModule)+0.5)*step)
			crop.Pix[y*crop.Stride+x] = img.At(u, v)
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(crop)
	if err != nil {
		return "", false
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(result.GetText()), true
}

func otsu(gray []byte) byte {
	var histogram [256]int
	total, sum := len(gray), 0
	for _, v := range gray {
		histogram[v]++
		sum += int(v)
	}
	best, limit, n, below := -1.0, byte(127), 0, 0
	for t := 0; t < 255; t++ {
		n += histogram[t]
		below += t * histogram[t]
		if n == 0 || n == total {
			continue
		}
		m0, m1 := float64(below)/float64(n), float64(sum-below)/float64(total-n)
		if between := float64(n) * float64(total-n) * (m0 - m1) * (m0 - m1); between > best {
			best, limit = between, byte(t)
		}
	}
	return limit
}

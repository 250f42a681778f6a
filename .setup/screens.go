//go:build ignore

// Command screens takes the pictures that api/web/README.md shows out of a folder of screenshots, with as many colours
// as a palette holds, so that each is small. A picture that the README names and no test made fails it.
//
//	go run .setup/screens.go out/screens
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// most bytes of a picture in the repository.
const most = 150_000

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: screens FOLDER"))
	}
	text, err := os.ReadFile("api/web/README.md")
	if err != nil {
		fail(err)
	}
	for _, m := range regexp.MustCompile(`\.pictures/screens/([\w-]+\.png)`).FindAllStringSubmatch(string(text), -1) {
		if err := reduce(filepath.Join(os.Args[1], m[1]), filepath.Join("api/web/.pictures/screens", m[1])); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "screens:", err)
	os.Exit(1)
}

// reduce writes a picture anew: with 256 colours, and fewer while it is too large.
func reduce(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	in, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	var out bytes.Buffer
	for colours := 256; colours >= 8; colours /= 2 {
		out.Reset()
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, paletted(in, colours)); err != nil {
			return err
		}
		if out.Len() <= most {
			break
		}
	}
	if out.Len() > most {
		return fmt.Errorf("%s has %d bytes with the fewest colours, of at most %d", from, out.Len(), most)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

// paletted gives each pixel the nearest of the colours that are there most: screens are flat, so that the rest are
// edges of letters.
func paletted(in image.Image, colours int) *image.Paletted {
	seen := map[color.RGBA]int{}
	b := in.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(in.At(x, y)).(color.RGBA) }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			seen[at(x, y)]++
		}
	}
	all := make([]color.RGBA, 0, len(seen))
	for c := range seen {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(seen[b]-seen[a], cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range all[:min(colours, len(all))] {
		palette = append(palette, c)
	}
	out := image.NewPaletted(b, palette)
	nearest := map[color.RGBA]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

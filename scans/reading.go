package scans

import (
	"math"
	"strings"

	"pingyi/ballot"
	"pingyi/scans/edit"
	"pingyi/scans/raster"
	"pingyi/scans/register"
)

// reading reads the texts of one picture, each once in each way.
type reading struct {
	img   *raster.Image
	print *printReader
	texts map[[5]int]string
}

// tableLooks are the ways in which print is read; the second where the first does not find what should be there.
var tableLooks = []look{{tableScale, 0}, {8, smoothRadius}}

// at is what stands in a box, read in one of tableLooks.
func (r *reading) at(found *register.Found, box ballot.Rect, way int) string {
	mm := func(v float64) int { return int(math.Round(v)) }
	key := [5]int{mm(box.X), mm(box.Y), mm(box.W), mm(box.H), way}
	if text, ok := r.texts[key]; ok {
		return text
	}
	how := tableLooks[way]
	c := crop(r.img, found.Map.At, box.Inset(-cropInset), how.scale)
	if how.smooth > 0 {
		smooth(c, int(how.smooth*how.scale+0.5))
	}
	r.texts[key] = plainPrint(r.print.text(framed(c, int(2*how.scale))))
	return r.texts[key]
}

// all are the readings of a text, until one is likely what should be there.
func (r *reading) all(found *register.Found, t printText) (out []string) {
	for way := range tableLooks {
		text := r.at(found, t.box, way)
		out = append(out, text)
		if edit.Similarity(text, t.words) > textLikely {
			break
		}
	}
	return out
}

// fit is the mean similarity of what is read with what should be there.
func (r *reading) fit(found *register.Found, texts []printText) float64 {
	sum := 0.0
	for _, t := range texts {
		best := 0.0
		for _, text := range r.all(found, t) {
			best = max(best, edit.Similarity(text, t.words))
		}
		sum += best
	}
	return sum / float64(max(1, len(texts)))
}

// margin is by how much the texts that tell two pages apart speak for the first; 0 where nothing tells them
// apart.
func (r *reading) margin(found *register.Found, own, other *tablePage) float64 {
	sum, n := 0.0, 0
	for _, t := range own.texts {
		there, same := other.textAt(t)
		if same {
			continue
		}
		text := r.at(found, t.box, 0)
		if text == "" {
			continue // it speaks for neither
		}
		sum += edit.Similarity(text, t.words) - edit.Similarity(text, there)
		if n++; n == mostTelling {
			break
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// plainPrint leaves out of a text what OCR reads differently from one time to the next.
func plainPrint(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u3000\t\n|｜_—-–.。·,，:：、'‘’\"“”~`<>〈〉()（）[]", r) {
			return -1
		}
		return r
	}, s)
}

package scans

import (
	"image"
	"math"
	"strings"

	"pingyi/ballot"
)

// compare judges what OCR read in lines of print, and what their picture looks like, against the form's text; where
// the picture does not show that, against those of the other rows too. Only where it is plain print do glyphs tell
// what else it says: dithered paper and stains look like many characters.
func (n *nameCheck) compare(lines []*image.Gray, got string, t text, form *ballot.Form, plain bool) (finding, string) {
	want := letters(t.want)
	read := got == want
	if read && !t.short() {
		return agrees, ""
	}
	own := n.fit(lines, t.spaced(want))
	if own == nil && read {
		return agrees, ""
	}
	if own == nil {
		return unread, ""
	}
	shown := worst(own) >= fitsWell
	likest, candidates := want, []string(nil)
	if plain {
		likest, candidates = n.lookalikes(lines, want, t, shown)
	}
	unheard := len(candidates) // by OCR
	if !read {
		candidates = append(append(candidates, oneChanged(want, got)...), got)
	}
	seen := len(candidates)
	if !shown && !read {
		candidates = append(candidates, t.ofRows(form)...)
	}
	best, other := 0.0, ""
	for i, c := range candidates {
		least, margin := fitsOther, fitMargin
		if !shown && i < seen && t.short() {
			least = fitsRead
		}
		if i < unheard && !t.short() {
			margin = smallMargin
		}
		if by, whole := n.better(lines, own, want, c, t.spaced, least); c != want && by >= margin && whole > best {
			best, other = whole, c // the message names what the whole looks most like
		}
	}
	switch {
	case other != "":
		return contradicts, other
	case shown || read:
		return agrees, ""
	case t.short() && likest != want && worst(own) < fitsRead && mean(n.fit(lines, t.spaced(likest))) >= fitsWell:
		return contradicts, likest // plain print, and one of its characters is plainly not the form's
	}
	return unread, ""
}

// ofRows are the texts that stand in the place of this one in the rows of a form.
func (t *text) ofRows(form *ballot.Form) (out []string) {
	for i := range form.Pages {
		for j := range form.Pages[i].Rows {
			out = append(out, letters(t.of(&form.Pages[i].Rows[j])))
		}
	}
	return out
}

// lookalikes are the texts that a picture may show, by the glyphs of all common characters: what it looks most
// like, then the wanted text with each single character exchanged for a likelier one, and where the picture does
// not show the wanted text, names of other lengths.
func (n *nameCheck) lookalikes(lines []*image.Gray, want string, t text, shown bool) (likest string, all []string) {
	likest = n.likest(lines, want, t.spaced)
	a, b := []rune(want), []rune(likest)
	if len(a) == len(b) {
		for i, old := range a {
			if b[i] != old {
				a[i] = b[i]
				all = append(all, string(a))
				a[i] = old
			}
		}
	}
	all = append(all, likest)
	if shown || !t.short() {
		return likest, all
	}
	best := n.fit(lines, t.spaced(likest))
	for length := 2; length <= longestName; length++ {
		text := n.likest(lines, strings.Repeat(anyCharacter, length), t.spaced)
		all = append(all, text)
		if fits := n.fit(lines, t.spaced(text)); mean(fits) > mean(best) {
			likest, best = text, fits
		}
	}
	return likest, all
}

// anyCharacter fills its square, as a stand-in for those that are looked for.
const anyCharacter = "国"

// likest is a text of the length and in the lines of another one, in each place the character that the picture
// shows best, in the face in which that is best.
func (n *nameCheck) likest(lines []*image.Gray, like string, spaced func(string) string) (text string) {
	best := math.Inf(-1)
	for _, face := range n.faces {
		of, sum := "", 0.0
		for i, part := range brokenInto(like, len(lines)) {
			l := face.line(spaced(part))
			if l == nil {
				of = ""
				break
			}
			for _, c := range face.read(l, lines[i]) {
				of += string(c.char)
				sum += c.fit
			}
		}
		if of != "" && sum > best {
			text, best = of, sum
		}
	}
	return text
}

// brokenInto breaks a text into so many lines, as the printer does; nil where it cannot.
func brokenInto(text string, n int) (out []string) {
	runes := []rune(text)
	if n == 0 || len(runes) < n {
		return nil
	}
	per := (len(runes) + n - 1) / n
	for i := range n {
		out = append(out, string(runes[min(len(runes), i*per):min(len(runes), (i+1)*per)]))
	}
	return out
}

// oneChanged are the names in which one character of the wanted one gives way to one that OCR read somewhere:
// beside a character that another one was exchanged for, it may have misread more.
func oneChanged(want, got string) (out []string) {
	runes := []rune(want)
	if len(runes) > longestName {
		return nil
	}
	for _, c := range got {
		for i, old := range runes {
			if !strings.ContainsRune(want, c) {
				runes[i] = c
				out = append(out, string(runes))
				runes[i] = old
			}
		}
	}
	return out
}

// better is by how much the characters that a text has in place of the wanted ones fit the print better, 0
// where they do not fit well, and how well the whole text fits.
func (n *nameCheck) better(lines []*image.Gray, own []float64, want, other string, spaced func(string) string, least float64) (by, whole float64) {
	fits := n.fit(lines, spaced(other))
	a, b := []rune(want), []rune(other)
	if len(fits) != len(b) || len(own) != len(a) {
		return 0, 0
	}
	whole = mean(fits)
	if len(a) == len(b) { // only where they differ
		var mine, theirs []float64
		for i := range a {
			if a[i] != b[i] {
				mine, theirs = append(mine, own[i]), append(theirs, fits[i])
			}
		}
		own, fits = mine, theirs
	}
	if len(fits) == 0 || mean(fits) < least {
		return 0, whole
	}
	return mean(fits) - mean(own), whole
}

// fit is how well lines of print show a text, by character; nil where they cannot.
func (n *nameCheck) fit(lines []*image.Gray, text string) (out []float64) {
	for i, part := range brokenInto(text, len(lines)) {
		f := fit(n.faces, lines[i], part)
		if f == nil {
			return nil
		}
		out = append(out, f...)
	}
	return out
}

func worst(v []float64) float64 {
	least := math.Inf(1)
	for _, x := range v {
		least = min(least, x)
	}
	return least
}

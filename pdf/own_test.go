package pdf

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"pingyi/ballot"
)

// ownBallot is a ballot of two pages of different sizes that an office made itself, with a square on each.
func ownBallot(t *testing.T) (*ballot.Form, [][]byte, []ballot.Rect) {
	t.Helper()
	f := &ballot.Form{ID: "OWN00000", Group: "A", Learned: &ballot.Learned{Confirmed: true},
		Pages: []ballot.FormPage{{Page: 1, Width: 210, Height: 297}, {Page: 2, Width: 210, Height: 148}}}
	squares := []ballot.Rect{{X: 20, Y: 30, W: 20, H: 20}, {X: 160, Y: 110, W: 20, H: 20}}
	var pictures [][]byte
	for i, p := range f.Pages {
		const scale = 300 / 25.4
		m := image.NewGray(image.Rect(0, 0, int(p.Width*scale), int(p.Height*scale)))
		for j := range m.Pix {
			x, y := float64(j%m.Stride)/scale, float64(j/m.Stride)/scale
			m.Pix[j] = 255
			if squares[i].Contains(x, y) {
				m.Pix[j] = 0
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, b.Bytes())
	}
	return f, pictures, squares
}

// A ballot that the office made itself is printed as it is, each page at its own size, in exactly the copies asked for.
func TestOwnBallotIsPrintedAsItIs(t *testing.T) {
	f, pictures, squares := ownBallot(t)
	var b bytes.Buffer
	if err := Ballots(&b, f, 3, &Cover{meeting(3), ballot.VoterGroup{Code: "A", Name: "工委委员"}}, fonts(t), nil, pictures...); err != nil {
		t.Fatal(err)
	}
	pages := drawn(t, b.Bytes(), 300)
	if len(pages) != 7 {
		t.Fatalf("%d pages, want a cover and 3 copies of 2", len(pages))
	}
	for i, p := range pages[1:] {
		want := &f.Pages[i%2]
		if w, h := float64(p.Rect.Dx())/p.scale, float64(p.Rect.Dy())/p.scale; w < want.Width-0.2 || w > want.Width+0.2 || h < want.Height-0.2 || h > want.Height+0.2 {
			t.Errorf("page %d is %.1f × %.1f mm, want %g × %g", i+1, w, h, want.Width, want.Height)
		}
		square := squares[i%2]
		if in, around := p.darkness(square.Inset(0.15)), p.darkness(square.Inset(-10)); in < 0.99 || around > 0.26 {
			t.Errorf("page %d: the square has darkness %.2f, %.2f with its surroundings", i+1, in, around)
		}
	}
}

// Of an odd number of pages on two sides the last has a blank back: no copy begins on another's.
func TestOwnBallotHasABlankBack(t *testing.T) {
	f, pictures, squares := ownBallot(t)
	f.TwoSided, f.Pages, pictures = true, f.Pages[:1], pictures[:1]
	var b bytes.Buffer
	if err := Ballots(&b, f, 2, nil, fonts(t), nil, pictures...); err != nil {
		t.Fatal(err)
	}
	pages := drawn(t, b.Bytes(), 100)
	if len(pages) != 4 {
		t.Fatalf("%d pages, want 2 copies of a page and its blank back", len(pages))
	}
	for i, p := range pages {
		if dark := p.darkness(squares[0].Inset(0.5)); dark > 0.5 != (i%2 == 0) {
			t.Errorf("page %d has darkness %.2f", i+1, dark)
		}
	}
}

func TestOwnBallotWithoutItsPagesIsRefused(t *testing.T) {
	f, pictures, _ := ownBallot(t)
	for name, given := range map[string][][]byte{"none": nil, "one of two": pictures[:1], "no picture": {pictures[0], []byte("no picture")}} {
		var b bytes.Buffer
		if err := Ballots(&b, f, 1, nil, fonts(t), nil, given...); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, b.Len())
		}
	}
}

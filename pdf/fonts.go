package pdf

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"

	"pingyi/ballot"
)

// Style chooses the face that is tried first.
type Style int

// The styles: Song for text, Hei for titles and heads, Mono for codes.
const (
	Song Style = iota
	Hei
	Mono
)

// systemFonts are Debian's TrueType faces; gofpdf reads no OpenType outlines.
var systemFonts = []struct {
	style Style
	wide  bool // tried for every style, last
	path  string
	apt   string
}{
	{Song, false, "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf", "fonts-arphic-gbsn00lp"},
	{Hei, false, "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "fonts-droid-fallback"},
	{Hei, false, "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"}, // Droid's has no Latin
	{Mono, false, "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "fonts-dejavu-core"},
	{Song, true, "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", "fonts-hanazono"},
	{Song, true, "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", "fonts-hanazono"},
}

// face is one TrueType file, parsed for its characters at its first use.
type face struct {
	name string // family name inside the document
	path string
	once sync.Once
	data []byte
	font *sfnt.Font
	err  error
}

// Fonts is a chain of faces for each style. It may be used by several goroutines.
type Fonts struct {
	chains [3][]*face
	mu     sync.Mutex
	known  map[rune][3]*face // nil face: none has the character
}

// LoadFonts builds the chains: the office's own faces first, then Debian's. A Debian face that is not
// installed is an error that names its package.
func LoadFonts(own ...string) (*Fonts, error) {
	f := &Fonts{known: map[rune][3]*face{}}
	for i, path := range own {
		c := &face{name: fmt.Sprintf("own%d", i), path: path}
		if err := c.load(); err != nil {
			return nil, err
		}
		for s := range f.chains {
			if Style(s) != Mono {
				f.chains[s] = append(f.chains[s], c)
			}
		}
	}
	var all []*face
	for i, s := range systemFonts {
		if _, err := os.Stat(s.path); err != nil {
			return nil, fmt.Errorf("font %s is not there: install the Debian package %s", s.path, s.apt)
		}
		c := &face{name: fmt.Sprintf("sys%d", i), path: s.path}
		all = append(all, c)
		if !s.wide {
			f.chains[s.style] = append(f.chains[s.style], c)
		}
	}
	for s := range f.chains {
		f.chains[s] = append(f.chains[s], all...)
	}
	return f, nil
}

// load reads and parses the file once.
func (c *face) load() error {
	c.once.Do(func() {
		c.data, c.err = os.ReadFile(c.path)
		if c.err != nil {
			return
		}
		c.data, c.err = trueType(c.data)
		if c.err == nil {
			c.font, c.err = sfnt.Parse(c.data)
		}
	})
	if c.err != nil {
		return fmt.Errorf("font %s: %w", c.path, c.err)
	}
	return nil
}

// has tells whether the face draws a character.
func (c *face) has(r rune) bool {
	if c.load() != nil {
		return false
	}
	var buf sfnt.Buffer
	i, err := c.font.GlyphIndex(&buf, r)
	return err == nil && i != 0
}

// TrueType is the data of the first face of a style's chain that has a character.
func (f *Fonts) TrueType(r rune, s Style) ([]byte, error) {
	c := f.of(r, s)
	if c == nil {
		return nil, ballot.Errorf(ballot.CodeGlyph, "没有字体含“%c”", "no font has %q", r)
	}
	return c.data, nil
}

// of finds the first face of a style's chain that has the character, or nil.
func (f *Fonts) of(r rune, s Style) *face {
	f.mu.Lock()
	defer f.mu.Unlock()
	faces, ok := f.known[r]
	if !ok {
		for style := range f.chains {
			for _, c := range f.chains[style] {
				if c.has(r) {
					faces[style] = c
					break
				}
			}
		}
		f.known[r] = faces
	}
	return faces[s]
}

// Check looks up every character of a text; what names the text to a person ("姓名“张三”").
func (f *Fonts) Check(what, text string) error {
	var missing []string
	for _, r := range text {
		if f.of(r, Song) == nil {
			missing = append(missing, fmt.Sprintf("%c（U+%04X）", r, r))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return ballot.Errorf(ballot.CodeGlyph, "%[1]s：没有字库能印出 %[2]s；请用 --font 指定含该字的 TrueType 字库",
		"%[1]s: no font has %[2]s; give a TrueType font that has it with --font", what, strings.Join(missing, "、"))
}

// CheckForm checks all that is printed on a form; every fault is reported, joined.
func (f *Fonts) CheckForm(form *ballot.Form) error {
	var faults []error
	seen := map[string]bool{}
	check := func(what, text string) {
		if !seen[text] {
			seen[text] = true
			if err := f.Check(what, text); err != nil {
				faults = append(faults, err)
			}
		}
	}
	for _, p := range form.Pages {
		for _, l := range p.Labels {
			check("“"+l.Text+"”", l.Text)
		}
		for _, r := range p.Rows {
			check(fmt.Sprintf("%d 号“%s”", r.Subject, r.Name), r.Name)
			check(fmt.Sprintf("%d 号“%s”的单位", r.Subject, r.Name), r.Org)
		}
	}
	return errors.Join(faults...)
}

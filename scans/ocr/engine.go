package ocr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"

	"github.com/otiai10/gosseract/v2"
)

// Engine holds one Tesseract client for codes (Latin capitals and digits) and one for Chinese names. The
// clients are loaded at their first use, which takes about 0.7 s. It is not safe for concurrent use, and a
// fault in the library ends the process: outside tests it works in a child (see Client).
type Engine struct {
	code, text *gosseract.Client
}

// packages are the Debian packages of the language packs.
var packages = []struct{ language, apt string }{{"eng", "tesseract-ocr-eng"}, {"chi_sim", "tesseract-ocr-chi-sim"}}

// asking guards the library's question for its language packs, which crashes when two ask at once.
var asking sync.Mutex

// New checks that the language packs are there; the error names those that are missing and their packages.
func New() (*Engine, error) {
	asking.Lock()
	have, err := gosseract.GetAvailableLanguages()
	asking.Unlock()
	if err != nil {
		return nil, fmt.Errorf("tesseract: language packs: %w", err)
	}
	installed := map[string]bool{}
	for _, l := range have {
		installed[l] = true
	}
	var faults []error
	for _, p := range packages {
		if !installed[p.language] {
			faults = append(faults, fmt.Errorf("tesseract: language pack %s is missing: install the Debian package %s", p.language, p.apt))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Engine{}, nil
}

// Close frees the clients.
func (e *Engine) Close() {
	for _, c := range []*gosseract.Client{e.code, e.text} {
		if c != nil {
			c.Close()
		}
	}
	e.code, e.text = nil, nil
}

// Code reads one line of capitals and digits; spaces are left out.
func (e *Engine) Code(crop *image.Gray) (string, error) {
	if e.code == nil {
		c, err := client("eng", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		if err != nil {
			return "", err
		}
		e.code = c
	}
	return line(e.code, crop)
}

// Text reads one line of Chinese text; spaces are left out.
func (e *Engine) Text(crop *image.Gray) (string, error) {
	if e.text == nil {
		c, err := client("chi_sim", "")
		if err != nil {
			return "", err
		}
		e.text = c
	}
	return line(e.text, crop)
}

// client loads a language. The library forgets how a page is laid out when it loads one: it is told
// afterwards, and a blank line makes it load.
func client(language, alphabet string) (*gosseract.Client, error) {
	c := gosseract.NewClient()
	err := c.SetLanguage(language)
	if err == nil && alphabet != "" {
		err = c.SetWhitelist(alphabet)
	}
	if err == nil {
		_, err = line(c, image.NewGray(image.Rect(0, 0, 48, 48)))
	}
	if err == nil {
		err = c.SetPageSegMode(gosseract.PSM_SINGLE_LINE)
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("tesseract: %s: %w", language, err)
	}
	return c, nil
}

func line(c *gosseract.Client, crop *image.Gray) (string, error) {
	w, h := crop.Rect.Dx(), crop.Rect.Dy()
	var b bytes.Buffer // PGM (Netpbm P5): nothing to compress on one side and to undo on the other
	fmt.Fprintf(&b, "P5\n%d %d\n255\n", w, h)
	for y := range h {
		b.Write(crop.Pix[y*crop.Stride:][:w])
	}
	if err := c.SetImageFromBytes(b.Bytes()); err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	text, err := c.Text()
	if err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	return strings.Join(strings.Fields(text), ""), nil
}

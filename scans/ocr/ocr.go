// Package ocr reads printed text from gray crops by Tesseract. It knows neither ballots nor pages, and
// belongs in a child process: a fault in the library ends the process.
package ocr

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"

	"github.com/otiai10/gosseract/v2"
)

// Engine holds one Tesseract client for codes (Latin capitals and digits) and one for Chinese names. The
// clients are loaded at their first use, which takes about 0.7 s. It is not safe for concurrent use.
type Engine struct {
	code, text *gosseract.Client
}

// asking guards the library's question for its language packs, which crashes when two ask at once.
var asking sync.Mutex

// New checks that the language packs are there; the error names the missing one and its package.
func New() (*Engine, error) {
	asking.Lock()
	have, err := gosseract.GetAvailableLanguages()
	asking.Unlock()
	if err != nil {
		return nil, fmt.Errorf("tesseract: no language packs found (install tesseract-ocr-eng and tesseract-ocr-chi-sim): %w", err)
	}
	installed := map[string]bool{}
	for _, l := range have {
		installed[l] = true
	}
	for lang, pack := range map[string]string{"eng": "tesseract-ocr-eng", "chi_sim": "tesseract-ocr-chi-sim"} {
		if !installed[lang] {
			return nil, fmt.Errorf("tesseract: language pack %s is missing: install %s", lang, pack)
		}
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
		c, err := client("eng")
		if err != nil {
			return "", err
		}
		if err := c.SetWhitelist("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"); err != nil {
			return "", err
		}
		e.code = c
	}
	return line(e.code, crop)
}

// Text reads one line of Chinese text; spaces are left out.
func (e *Engine) Text(crop *image.Gray) (string, error) {
	if e.text == nil {
		c, err := client("chi_sim")
		if err != nil {
			return "", err
		}
		e.text = c
	}
	return line(e.text, crop)
}

func client(lang string) (*gosseract.Client, error) {
	c := gosseract.NewClient()
	if err := c.SetLanguage(lang); err != nil {
		return nil, fmt.Errorf("tesseract: %w", err)
	}
	if err := c.SetPageSegMode(gosseract.PSM_SINGLE_LINE); err != nil {
		return nil, fmt.Errorf("tesseract: %w", err)
	}
	return c, nil
}

func line(c *gosseract.Client, crop *image.Gray) (string, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.NoCompression}
	if err := encoder.Encode(&b, crop); err != nil {
		return "", err
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

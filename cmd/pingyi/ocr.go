package main

import (
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pingyi/pdf"
	"pingyi/scans"
	"pingyi/scans/ocr"
)

// nameShare is the share of a page's rows whose printed names are checked.
type nameShare float64

const (
	defaultNames nameShare = 0.03 // a row or two of a page: all copies of a form are printed alike, so a stack shows each row several times
	namesUsage             = "rows whose printed name and unit are checked by OCR: all, sample (a row or two of each page), a share such as 25%, or none; single forms always unless none"
)

// Set, String and Type are those of a flag.
func (n *nameShare) Set(v string) error {
	switch v {
	case "none":
		*n = 0
	case "sample":
		*n = defaultNames
	case "all":
		*n = 1
	default:
		percent, err := strconv.ParseFloat(strings.TrimSuffix(v, "%"), 64)
		if err != nil || !strings.HasSuffix(v, "%") || !(percent > 0 && percent <= 100) {
			return fmt.Errorf("%q is none of all, sample, none and a share such as 25%%", v)
		}
		*n = nameShare(percent / 100)
	}
	return nil
}

func (n *nameShare) String() string {
	switch *n {
	case 0:
		return "none"
	case defaultNames:
		return "sample"
	case 1:
		return "all"
	}
	return strconv.FormatFloat(float64(*n)*100, 'g', -1, 64) + "%"
}

func (*nameShare) Type() string { return "share" }

// ocrWorkerCommand is the child process in which Tesseract works; people never call it.
func ocrWorkerCommand() *cobra.Command {
	return &cobra.Command{Use: "ocr-worker", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return ocr.Serve(c.InOrStdin(), c.OutOrStdout(), func() (ocr.Recognizer, error) { return ocr.New() })
	}}
}

// newOCR is a client of an OCR process of its own, which is started when it is first needed.
func newOCR() (*ocr.Client, error) {
	binary, err := os.Executable()
	return ocr.NewClient(ocr.Config{Command: []string{binary, "ocr-worker"}}), err
}

// checkOCR says what Tesseract lacks to work on this machine.
func checkOCR() error {
	c, err := newOCR()
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Check(); err != nil {
		return fmt.Errorf("文字识别不可用：页码受损的票面将被退回，姓名不作核对 (no OCR: pages with damaged codes will be rejected, names are not checked): %s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}

// readerOptions sets OCR up. font is the office's own, with which names may have been printed.
func readerOptions(client scans.Recognizer, crossCheck bool, names nameShare, font string) (scans.Options, error) {
	o := scans.Options{OCR: client, CrossCheck: crossCheck, Names: float64(names)}
	if names == 0 {
		return o, nil
	}
	var seed [32]byte
	if _, err := crand.Read(seed[:]); err != nil {
		return o, err
	}
	o.Random = rand.New(rand.NewChaCha8(seed)) //nolint:gosec // seeded by crypto/rand: which rows are drawn must not be known before, nor tell an order
	fonts, err := loadFonts(font)
	if err != nil {
		return o, err
	}
	for _, style := range []pdf.Style{pdf.Hei, pdf.Song} {
		data, err := fonts.TrueType('评', style)
		if err != nil {
			return o, err
		}
		o.Fonts = append(o.Fonts, data)
	}
	return o, nil
}

package report

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// steady writes a workbook's parts in the order of their names, with one time: the library writes them in another order
// each time, and the same result has to make the same file, whose digest is recorded when it is taken away.
func steady(w io.Writer, book []byte) error {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if err := copyPart(out, f); err != nil {
			return err
		}
	}
	return out.Close()
}

func copyPart(out *zip.Writer, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	part, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return err
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if f.Name == "[Content_Types].xml" {
		content = steadyTypes(content)
	}
	_, err = part.Write(content)
	return err
}

// defaults are the kinds of files by their ending, which the library lists in any order.
var defaults = regexp.MustCompile(`<Default [^>]*>(</Default>)?`)

func steadyTypes(content []byte) []byte {
	found := defaults.FindAllString(string(content), -1)
	slices.Sort(found)
	next := -1
	return defaults.ReplaceAllFunc(content, func([]byte) []byte { next++; return []byte(found[next]) })
}

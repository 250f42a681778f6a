package raster

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// How much a ZIP may grow. Scans hardly pack at all, save pages that were never packed before: a blank
// one-bit A4 page of 1 MB packs to a thousandth, a written one to a twentieth.
const (
	entryRatio, entryFree = 200, 64 << 20  // of one file, and what is free of it, in bytes
	totalRatio, totalFree = 100, 256 << 20 // of all
)

// Expand calls each for every file in a ZIP, page2 before page10, or once for anything that is not a
// ZIP. Every file: one that is no picture must be named to somebody, not left out. Entries that name a
// place outside the archive and encrypted entries are refused before the first call; an archive inside
// it and a file that unpacks beyond the limits end it. The data may be kept; it is not used again.
func Expand(name string, data []byte, l Limits, each func(name string, data []byte) error) error {
	if sniff(data) != "zip" {
		return each(name, data)
	}
	l = l.orDefault()
	if int64(len(data)) > l.MaxTotal {
		return fault(CodeTooLarge, name, 0, "the ZIP has %d bytes, at most %d are allowed; split it", len(data), l.MaxTotal)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fault(CodeCorrupt, name, 0, "the ZIP is damaged or ends early (%v); make it again", err)
	}
	files, err := entries(name, r, l)
	if err != nil {
		return err
	}
	left := min(l.MaxTotal, int64(len(data))*totalRatio+totalFree)
	for _, f := range files {
		limit := min(l.MaxBytes, left, packedSize(f, data)*entryRatio+entryFree)
		content, err := unpack(name, f, limit)
		if err != nil {
			return err
		}
		left -= int64(len(content))
		if err := each(name+"/"+f.name, content); err != nil {
			return err
		}
	}
	return nil
}

// entry is a file in a ZIP, by its cleaned name.
type entry struct {
	*zip.File
	name string
}

var drive = regexp.MustCompile(`^[A-Za-z]:`)

// entries lists a ZIP's files in natural order, without what operating systems leave there.
func entries(name string, r *zip.Reader, l Limits) ([]entry, error) {
	if len(r.File) > 4*l.MaxFiles {
		return nil, fault(CodeTooMany, name, 0, "the ZIP holds %d entries, at most %d files are allowed; split it", len(r.File), l.MaxFiles)
	}
	var files []entry
	for _, f := range r.File {
		clean := strings.ReplaceAll(utf8Name(f.Name), `\`, "/")
		if unsafeName(clean) {
			return nil, fault(CodeUnsafeName, name, 0, "entry %q names a place outside the archive; make the ZIP again from the scans alone", clean)
		}
		base := path.Base(clean)
		if f.FileInfo().IsDir() || strings.HasSuffix(clean, "/") || strings.HasPrefix(clean, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db" {
			continue
		}
		if !f.Mode().IsRegular() {
			return nil, fault(CodeUnsafeName, name, 0, "entry %q is a link; put the file itself into the ZIP", clean)
		}
		if f.Flags&1 != 0 {
			return nil, fault(CodeEncrypted, name, 0, "entry %q is encrypted; make the ZIP without a password", clean)
		}
		files = append(files, entry{f, path.Clean(clean)})
	}
	if len(files) == 0 {
		return nil, fault(CodeEmpty, name, 0, "the ZIP holds no files")
	}
	if len(files) > l.MaxFiles {
		return nil, fault(CodeTooMany, name, 0, "the ZIP holds %d files, at most %d are allowed; split it", len(files), l.MaxFiles)
	}
	sort.SliceStable(files, func(i, j int) bool { return naturalLess(files[i].name, files[j].name) })
	return files, nil
}

// utf8Name reads a name that is not UTF-8 as GB 18030, which Windows writes here.
func utf8Name(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	if t, err := simplifiedchinese.GB18030.NewDecoder().String(s); err == nil {
		return t
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func unsafeName(s string) bool {
	if s == "" || path.IsAbs(s) || drive.MatchString(s) || strings.ContainsRune(s, 0) {
		return true
	}
	for _, part := range strings.Split(s, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// packedSize is what the ZIP says of an entry, at most the ZIP itself.
func packedSize(f entry, data []byte) int64 {
	return int64(min(f.CompressedSize64, uint64(len(data))))
}

// unpack reads one entry; its size is measured while it is read, since headers lie.
func unpack(name string, f entry, limit int64) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "entry %q cannot be opened (%v); make the ZIP again, packed the usual way", f.name, err)
	}
	defer rc.Close()
	content, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err != nil {
		return nil, fault(CodeCorrupt, name, 0, "entry %q is damaged (%v); make the ZIP again", f.name, err)
	}
	if int64(len(content)) > limit {
		return nil, fault(CodeTooLarge, name, 0, "entry %q unpacks beyond what a ZIP of this size may hold; split it, or send the file alone", f.name)
	}
	if sniff(content) == "zip" {
		return nil, fault(CodeNested, name, 0, "entry %q is itself a ZIP; unpack it first", f.name)
	}
	return content, nil
}

// naturalLess orders names so that runs of digits compare as numbers.
func naturalLess(a, b string) bool {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da > 0 && db > 0 {
			x, y := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
			if x != y {
				return len(x) < len(y) || len(x) == len(y) && x < y
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		a, b = a[1:], b[1:]
	}
	return len(a) < len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

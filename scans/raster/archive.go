package raster

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"sort"
	"strings"
)

// maxRatio bounds how much more a ZIP's file may be than its packed bytes; scans hardly pack at all,
// blank one-bit pages up to about a thousandfold.
const maxRatio = 1200

// Expand calls each for every picture or PDF in a ZIP, page2 before page10, or once for anything that
// is not a ZIP. Entries that name a place outside the archive, archives inside it and encrypted entries
// are refused before the first call; a file that unpacks beyond the limits ends it.
func Expand(name string, data []byte, l Limits, each func(name string, data []byte) error) error {
	if sniff(data) != "zip" {
		return each(name, data)
	}
	if l == (Limits{}) {
		l = DefaultLimits()
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fault(CodeCorrupt, name, 0, "the ZIP is damaged (%v); make it again", err)
	}
	files, err := entries(name, r, l)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, f := range files {
		content, err := unpack(name, f, l)
		if err != nil {
			return err
		}
		if total += int64(len(content)); total > l.MaxTotal {
			return fault(CodeTooLarge, name, 0, "the ZIP unpacks to more than %d bytes; split it", l.MaxTotal)
		}
		if err := each(name+"/"+f.Name, content); err != nil {
			return err
		}
	}
	return nil
}

func entries(name string, r *zip.Reader, l Limits) ([]*zip.File, error) {
	var files []*zip.File
	for _, f := range r.File {
		clean := path.Clean(strings.ReplaceAll(f.Name, `\`, "/"))
		if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(clean, ":") || strings.ContainsRune(clean, 0) {
			return nil, fault(CodeUnsafeName, name, 0, "entry %q names a place outside the archive; the ZIP is refused", f.Name)
		}
		base := path.Base(clean)
		if f.FileInfo().IsDir() || strings.HasPrefix(clean, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db" {
			continue
		}
		if f.Flags&1 != 0 {
			return nil, fault(CodeEncrypted, name, 0, "entry %q is encrypted; make the ZIP without a password", f.Name)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, fault(CodeEmpty, name, 0, "the ZIP holds no files")
	}
	if len(files) > l.MaxFiles {
		return nil, fault(CodeTooMany, name, 0, "the ZIP holds %d files, at most %d are allowed", len(files), l.MaxFiles)
	}
	sort.SliceStable(files, func(i, j int) bool { return naturalLess(files[i].Name, files[j].Name) })
	return files, nil
}

// unpack reads one entry; its size is measured while it is read, since headers lie.
func unpack(name string, f *zip.File, l Limits) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, fault(CodeUnsupported, name, 0, "entry %q cannot be opened (%v)", f.Name, err)
	}
	defer rc.Close()
	limit := min(l.MaxBytes, int64(f.CompressedSize64)*maxRatio+1<<16)
	content, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err != nil {
		return nil, fault(CodeCorrupt, name, 0, "entry %q is damaged (%v); make the ZIP again", f.Name, err)
	}
	if int64(len(content)) > limit {
		return nil, fault(CodeTooLarge, name, 0, "entry %q unpacks to more than %d bytes; it is not a scan", f.Name, limit)
	}
	if sniff(content) == "zip" {
		return nil, fault(CodeNested, name, 0, "entry %q is itself a ZIP; unpack it first", f.Name)
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

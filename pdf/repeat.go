package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// All copies of a ballot are alike, so a run of thousands is drawn once: further copies are page objects
// that share the first copy's contents. They are added as an incremental update (ISO 32000-1, 7.5.6)
// behind the bytes that gofpdf wrote, which keeps a run of 10,000 pages within a few megabytes. In serial mode
// every copy has its codes as a second piece of contents.

var (
	pageTree   = regexp.MustCompile(`(?s)\n1 0 obj\n(<</Type /Pages\n/Kids \[(.*?)\]\n/Count (\d+)\n.*?>>)\nendobj`)
	pageObject = `(?s)\n%d 0 obj\n(<</Type /Page\n.*?>>)\nendobj`
	contents   = regexp.MustCompile(`/Contents (\d+) 0 R`)
	trailer    = regexp.MustCompile(`(?s)\ntrailer\n<<\n/Size (\d+)\n(/Root \d+ 0 R\n/Info \d+ 0 R\n)>>\nstartxref\n(\d+)\n%%EOF\n$`)
)

var errLayout = errors.New("pdf: the document is not laid out as this version of gofpdf lays it out")

// repeat writes a document whose pages from first (from 0) on are one copy, with copies of them in all.
// own, where not nil, is what is drawn on a page of a copy (both from 0) besides; the copy that is in the document
// already is left out then. progress, where not nil, is called with the number of copies written.
func repeat(w io.Writer, document []byte, first, copies int, own func(copy, page int) ([]byte, error), progress func(done int)) error {
	end := trailer.FindSubmatch(document)
	tree := pageTree.FindSubmatch(document)
	if end == nil || tree == nil {
		return errLayout
	}
	kids := strings.Fields(strings.ReplaceAll(string(tree[2]), " 0 R", ""))
	size, err := strconv.Atoi(string(end[1]))
	if err != nil || first >= len(kids) {
		return errLayout
	}
	var pages []string
	for _, k := range kids[first:] {
		n, err := strconv.Atoi(k)
		if err != nil {
			return errLayout
		}
		p := regexp.MustCompile(fmt.Sprintf(pageObject, n)).FindSubmatch(document)
		if p == nil {
			return errLayout
		}
		pages = append(pages, string(p[1]))
	}
	if _, err := w.Write(document); err != nil {
		return err
	}
	u := &update{w: w, at: len(document), next: size}
	there := 1
	if own != nil {
		kids, there = kids[:first], 0
	}
	for n := there + 1; n <= copies && u.err == nil; n++ {
		for i, p := range pages {
			if own != nil {
				p = u.withOwn(p, func() ([]byte, error) { return own(n-1, i) })
			}
			kids = append(kids, strconv.Itoa(u.next))
			u.object(u.next, p)
			u.next++
		}
		if progress != nil {
			progress(n)
		}
	}
	u.object(1, strings.NewReplacer(string(tree[2]), strings.Join(kids, " 0 R ")+" 0 R ", "/Count "+string(tree[3]), fmt.Sprintf("/Count %d", len(kids))).Replace(string(tree[1])))
	u.finish(size, string(end[2]), string(end[3]))
	return u.err
}

// update writes the objects of an incremental update and remembers where they begin.
type update struct {
	w       io.Writer
	at      int // bytes of the file so far
	next    int // number of the next new object
	offsets []int
	err     error
}

func (u *update) print(format string, args ...any) {
	if u.err == nil {
		n, err := fmt.Fprintf(u.w, format, args...)
		u.at, u.err = u.at+n, err
	}
}

func (u *update) object(number int, dictionary string) {
	u.offsets = append(u.offsets, u.at)
	u.print("%d 0 obj\n%s\nendobj\n", number, dictionary)
}

// withOwn writes contents of a page's own and gives the page that has them too.
func (u *update) withOwn(page string, draw func() ([]byte, error)) string {
	shared := contents.FindStringSubmatch(page)
	drawn, err := draw()
	if err == nil && shared == nil {
		err = errLayout
	}
	if err != nil {
		u.err = errors.Join(u.err, err)
		return page
	}
	u.object(u.next, fmt.Sprintf("<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", len(drawn), drawn))
	page = strings.Replace(page, shared[0], fmt.Sprintf("/Contents [%s 0 R %d 0 R]", shared[1], u.next), 1)
	u.next++
	return page
}

// finish writes the cross-reference section: object 1, written last, and the new objects.
func (u *update) finish(size int, roots, previous string) {
	start := u.at
	last := len(u.offsets) - 1
	u.print("xref\n1 1\n%010d 00000 n \n%d %d\n", u.offsets[last], size, last)
	var b bytes.Buffer
	for _, at := range u.offsets[:last] {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	u.print("%s", b.String())
	u.print("trailer\n<<\n/Size %d\n%s/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n", u.next, roots, previous, start)
}

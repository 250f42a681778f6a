package ballot

import (
	"cmp"
	"fmt"
	"slices"
)

// Like names what a leaf is like: an image of the same batch, or a page of a closed one.
type Like struct {
	Upload string
	Index  int
	Page   string // id of a closed batch's page; Upload is empty then
}

// KeptPage is what a closed batch leaves of a page to compare others with, until its meeting is certified.
type KeptPage struct {
	ID          string
	Leaf        string
	Form        string
	Page        int
	Fingerprint Fingerprint
}

// HoldTwice looks, among a batch's images after JoinSides, for sheets that were scanned before: in this batch,
// or in a closed one, of whose pages kept are the fingerprints. Such a leaf is rejected as scanned twice, both
// sides of it, with its measures untouched: a person says whether it is the same paper or another sheet. It
// makes no difference which way round or which way up it was fed. Leaves that share fewer than ten inked
// targets are not compared; for them the counts by hand are the guard. The pages given are not changed.
func HoldTwice(forms []Form, uploads []Upload, pages []SpoolPage, kept []KeptPage) []SpoolPage {
	out := slices.Clone(pages)
	seen := seenBefore(kept)
	for _, s := range leavesOf(forms, out) {
		images := frontFirst(out, s.images)
		l, ok := leafRead(out, images)
		if !ok {
			continue
		}
		if o := l.nearest(seen[l.key]); o != nil {
			another := !slices.ContainsFunc(images, func(i int) bool { return out[i].Disposal != Distinct })
			for side, i := range images {
				like := o.sides[side]
				out[i].Like = &like
				if !another {
					out[i].Reading.Rejected = &Rejection{Reason: RejectTwice, Facts: like.facts(uploads)}
				}
			}
		}
		seen[l.key] = append(seen[l.key], l)
	}
	return out
}

// Kept are a batch's pages as others are compared with them once it is closed.
func (c Closing) Kept() (out []KeptPage) {
	for _, l := range c.Leaves {
		for _, p := range l.Pages {
			out = append(out, KeptPage{ID: p.ID, Leaf: l.ID, Form: p.Reading.Form, Page: p.Reading.Page, Fingerprint: p.Reading.Fingerprint})
		}
	}
	return out
}

// AskAgain are the images of an open batch that somebody took for another sheet than the one that they were like then, and
// that are like a page of a batch that is being closed now. Pages were held by HoldTwice with these pages among those
// kept. The answer was about another pair of sheets: nobody has looked at this one.
func AskAgain(pages []SpoolPage, closing []KeptPage) (out []SpoolPage) {
	for _, p := range pages {
		isNew := func(k KeptPage) bool { return k.ID == p.Like.Page }
		if p.Disposal == Distinct && p.Like != nil && slices.ContainsFunc(closing, isNew) {
			out = append(out, p)
		}
	}
	return out
}

// seenLeaf is a leaf to compare later ones with.
type seenLeaf struct {
	key   leafKey
	print LeafPrint
	sides []Like // what its sides are called, front first
}

// leafKey is which leaf of which form it is: only the same ones are compared.
type leafKey struct {
	form  string
	front int
}

func newSeenLeaf(form string, front int, sides []Like, prints []Fingerprint) *seenLeaf {
	return &seenLeaf{leafKey{form, front}, PrintOf(prints...), sides}
}

// nearest is the leaf that l was scanned as before, the earliest of equals; nil where there is none. What a
// person compares with must not be a stranger that is a little like it.
func (l *seenLeaf) nearest(seen []*seenLeaf) (found *seenLeaf) {
	limit := rarely
	for _, o := range seen {
		if n := l.print.Nearness(&o.print); n > limit {
			found, limit = o, n
		}
	}
	return found
}

func frontFirst(pages []SpoolPage, images []int) []int {
	return slices.SortedFunc(slices.Values(images), func(a, b int) int { return pages[a].Reading.Page - pages[b].Reading.Page })
}

// leafRead is a leaf of the batch, its images front first; ok tells that all of it was read.
func leafRead(pages []SpoolPage, images []int) (l *seenLeaf, ok bool) {
	var prints []Fingerprint
	var sides []Like
	for _, i := range images {
		p := pages[i]
		if p.Reading.Rejected != nil {
			return nil, false
		}
		prints, sides = append(prints, p.Reading.Fingerprint), append(sides, Like{Upload: p.Upload, Index: p.Index})
	}
	front := pages[images[0]].Reading
	return newSeenLeaf(front.Form, front.Page, sides, prints), true
}

// seenBefore are the leaves of closed batches.
func seenBefore(kept []KeptPage) map[leafKey][]*seenLeaf {
	kept = slices.SortedFunc(slices.Values(kept), func(a, b KeptPage) int { return cmp.Or(cmp.Compare(a.Leaf, b.Leaf), a.Page-b.Page) })
	seen := map[leafKey][]*seenLeaf{}
	for from := 0; from < len(kept); {
		front := kept[from]
		var prints []Fingerprint
		var sides []Like
		for ; from < len(kept) && kept[from].Leaf == front.Leaf; from++ {
			prints, sides = append(prints, kept[from].Fingerprint), append(sides, Like{Page: kept[from].ID})
		}
		l := newSeenLeaf(front.Form, front.Page, sides, prints)
		seen[l.key] = append(seen[l.key], l)
	}
	return seen
}

// facts says what an image is like, for a person.
func (l Like) facts(uploads []Upload) string {
	if l.Upload != "" {
		return "its ink lies like that of " + imageIn(uploads, l)
	}
	return fmt.Sprintf("its ink lies like that of page %s, which was counted with a closed batch", l.Page)
}

// imageIn names an image of an open batch for a person.
func imageIn(uploads []Upload, l Like) string {
	if at := slices.IndexFunc(uploads, func(u Upload) bool { return u.ID == l.Upload }); at >= 0 {
		return fmt.Sprintf("image %d of %q", l.Index+1, uploads[at].Name)
	}
	return fmt.Sprintf("image %d", l.Index+1)
}

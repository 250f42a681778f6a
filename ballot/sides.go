package ballot

import (
	"fmt"
	"maps"
	"slices"
)

// Side is a leaf found in the order of feeding: the indexes of its images among the batch's.
type side struct{ images []int }

// JoinSides looks at a batch's images in the order of feeding and binds front and back. Two consecutive
// images of one upload (the first and second, the third and fourth, …) are one leaf where they are front and
// back of one, in that order, or the last page of an odd number and a blank side. A page whose other side was
// rejected for a reason of its own is rejected as unpaired: its leaf must be scanned again as a whole. Where
// anything of an upload says that a side is lost or a leaf lies the other way round, all of the upload is held:
// which pairs are true cannot be known then. In serial mode the serial binds, however the stack was fed, and a
// page without its other side is unpaired. What is said of one side's paper is said of both. Blank backs of
// one-sided forms need nobody: they are marked as rescanned. The pages given are not changed.
func JoinSides(forms []Form, pages []SpoolPage) []SpoolPage {
	out := append([]SpoolPage(nil), pages...)
	twoSided := anyTwoSided(forms)
	for _, u := range uploadsOf(out) {
		if twoSided {
			joinUpload(forms, out[u.from:u.to])
			continue
		}
		for i := u.from; i < u.to; i++ {
			if r := out[i].Reading.Rejected; r != nil && r.Reason == RejectBlankSide && out[i].Disposal == Undisposed {
				out[i].Disposal = Rescanned
			}
		}
	}
	return out
}

func anyTwoSided(forms []Form) bool {
	for i := range forms {
		if forms[i].TwoSided && !forms[i].Withdrawn {
			return true
		}
	}
	return false
}

type span struct{ from, to int }

// uploadsOf gives the stretches of images that belong to one upload.
func uploadsOf(pages []SpoolPage) []span {
	var out []span
	for i := range pages {
		if i == 0 || pages[i].Upload != pages[i-1].Upload {
			out = append(out, span{i, i})
		}
		out[len(out)-1].to = i + 1
	}
	return out
}

// joinUpload binds the images of one upload, two by two, or holds all of them.
func joinUpload(forms []Form, pages []SpoolPage) {
	if why := lostSide(forms, pages); why != "" {
		hold(pages, why)
		return
	}
	for i := 0; i < len(pages); i += 2 {
		if i+1 == len(pages) {
			unpair(&pages[i], "the upload has an odd number of images: this one has no other side")
			continue
		}
		joinLeaf(forms, &pages[i], &pages[i+1])
	}
}

// joinLeaf binds two images, or rejects what of them cannot be bound.
func joinLeaf(forms []Form, a, b *SpoolPage) {
	switch {
	case blankBack(forms, *a, *b):
		b.Disposal = Rescanned
		return
	case !complementary(forms, *a, *b):
		unpair(a, "the next image is not its other side")
		unpair(b, "the image before is not its other side")
	case a.Serial != b.Serial:
		mismatch(a)
		mismatch(b)
	}
	if a.notOurs() || b.notOurs() {
		notVoid(a)
		notVoid(b)
	}
	if a.Disposal == Undisposed {
		a.Disposal = b.Disposal
	}
	if b.Disposal == Undisposed {
		b.Disposal = a.Disposal
	}
}

// lostSide says by what an upload shows that a side is lost, or that a leaf lies the other way round than front
// first; "" where nothing does. Rejected pages speak too where their page is known. That fronts come first is
// asked for and not guessed: of a stack that lost its first and its last side all pairs would agree on backs first.
func lostSide(forms []Form, pages []SpoolPage) string {
	read := func(p SpoolPage) bool { return p.Reading.Rejected == nil }
	if SerialForms(forms) || !slices.ContainsFunc(pages, read) {
		return ""
	}
	if len(pages)%2 == 1 {
		return fmt.Sprintf("the upload has %d images, an odd number", len(pages))
	}
	for i, p := range pages {
		isBack := p.Reading.Page%2 == 0
		switch {
		case formOf(forms, p) != nil && isBack != (i%2 == 1):
			return fmt.Sprintf("image %d is page %d: front and back do not follow each other, front first", i+1, p.Reading.Page)
		case i%2 == 1 && read(p) && read(pages[i-1]) && !complementary(forms, pages[i-1], p):
			return fmt.Sprintf("images %d and %d are not front and back of one leaf", i, i+1)
		}
	}
	return ""
}

// hold rejects all images of an upload. That one of them is void is taken back: its paper is fed again with the rest.
func hold(pages []SpoolPage, why string) {
	for i := range pages {
		p, facts := &pages[i], why
		if r := p.Reading.Rejected; r != nil {
			facts = fmt.Sprintf("%s; this image by itself: %s", why, r)
		}
		p.Reading.Rejected = &Rejection{Reason: RejectLostSide, Facts: facts}
		if p.Disposal != Rescanned {
			p.Disposal = Undisposed
		}
	}
}

// formOf is the form in force whose page an image shows, nil where that is not known.
func formOf(forms []Form, p SpoolPage) *Form {
	at := slices.IndexFunc(forms, func(f Form) bool { return f.ID == p.Reading.Form })
	if at < 0 || p.Reading.Page == 0 {
		return nil
	}
	return &forms[at]
}

// blankBack tells whether a is the last page of an odd number, and b its back, on which nothing is printed.
func blankBack(forms []Form, a, b SpoolPage) bool {
	f := formOf(forms, a)
	return f != nil && f.TwoSided && f.OtherSide(a.Reading.Page) == 0 && b.rejectedFor(RejectBlankSide)
}

func complementary(forms []Form, a, b SpoolPage) bool {
	f := formOf(forms, a)
	return f != nil && a.Reading.Rejected == nil && b.Reading.Rejected == nil && a.Reading.Form == b.Reading.Form &&
		f.OtherSide(a.Reading.Page) == b.Reading.Page
}

// notVoid takes back that a side's paper is void: a test ballot is no ballot, and another group's is none of this one, though
// only its other side tell so, and tell it later. It waits until somebody says that the paper was taken out.
func notVoid(p *SpoolPage) {
	if p.Disposal == Void {
		p.Disposal = Undisposed
	}
}

func unpair(p *SpoolPage, why string) {
	if p.Reading.Rejected == nil {
		p.Reading.Rejected = &Rejection{Reason: RejectUnpaired, Facts: why}
	}
}

// mismatch is a side that carries another serial than what was fed with it.
func mismatch(p *SpoolPage) {
	p.Reading.Rejected = &Rejection{Reason: RejectSerialMismatch, Facts: "front and back carry different serials: they are of two sheets"}
}

// PlanClosing makes of a batch's images, after JoinSides, what is kept: leaves in the order of feeding
// (the caller shuffles them and gives them ids) with, for each page, the index of its image, and counts.
// It refuses while an image waits for somebody.
func PlanClosing(m Meeting, forms []Form, pages []SpoolPage) (Closing, [][]int, error) {
	c := Closing{Rejected: map[RejectReason]int{}}
	waiting := 0
	for _, p := range pages {
		if p.Waits() {
			waiting++
		}
		if p.Reading.Rejected != nil {
			c.Rejected[p.Reading.Rejected.Reason]++
		}
	}
	if waiting > 0 {
		return c, nil, Errorf(CodeUnresolved, "还有 %d 幅退回的图像未处理：请重新扫描，或认定为废票", "%d rejected images are not disposed of: scan their paper again, or count it as void", waiting)
	}
	scanned, void := map[int]int{}, map[int]int{}
	serials := map[Pseudonym]bool{}
	var images [][]int
	for _, s := range leavesOf(forms, pages) {
		first := pages[s.images[0]]
		subject, err := subjectOf(m, forms, first)
		if err != nil {
			return c, nil, err
		}
		if first.Reading.Rejected != nil {
			if first.Disposal == Void {
				scanned[subject]++
				void[subject]++
				countSerials(serials, pages, s.images)
			}
			continue
		}
		scanned[subject]++
		countSerials(serials, pages, s.images)
		leaf := ClosedLeaf{Whole: isWhole(forms, first.Reading.Form)}
		for _, i := range s.images {
			leaf.Pages = append(leaf.Pages, ClosedPage{Reading: pages[i].Reading, Verdicts: pages[i].Verdicts})
		}
		c.Leaves = append(c.Leaves, leaf)
		images = append(images, s.images)
	}
	c.Serials = slices.Sorted(maps.Keys(serials))
	group := ""
	if len(forms) > 0 {
		group = forms[0].Group
	}
	for subject, n := range scanned {
		c.Scanned = append(c.Scanned, GroupCount{Group: group, Subject: subject, Leaves: n})
	}
	for subject, n := range void {
		c.Void = append(c.Void, GroupCount{Group: group, Subject: subject, Leaves: n})
	}
	return c, images, nil
}

// CheckSize refuses a batch that leaves fewer than k leaves of a part of the ballot behind, of the parts that are in it: who
// knows when it was fed would know whose they are. A packet of single forms has one leaf of each part. Void leaves hide
// nobody, since nothing is kept of them. The one exception is a batch that is all that its group returned anywhere, by the
// hand counts: there is nothing to pool it with, and counting joins or withholds such a group.
func (c Closing) CheckSize(k int, group string, forms []Form, lines []LedgerLine) error {
	scanned := sumLeaves(c.Scanned)
	returned, counted := 0, true
	for _, line := range lines {
		if line.Group != group {
			continue
		}
		n, typed := line.Typed[Returned]
		returned += n
		counted = counted && (typed || line.Expected == 0)
	}
	fewest := c.FewestOfPart(forms)
	if fewest >= k || counted && scanned > 0 && scanned == returned {
		return nil
	}
	return Errorf(CodeSmallBatch, "本批除作废的外，同一页的票最少的只有 %[1]d 张，少于保密下限 %[2]d 张：请与其他会场的同类票合并后再进纸", "without void ones the batch has %[1]d leaves of one part of the ballot, fewer than the %[2]d that secrecy asks for: pool them with another venue's before feeding", fewest, k)
}

// FewestOfPart is how many leaves there are of the part of the ballot that has the fewest: a leaf of a roster form, or a
// secretary's single form.
func (c Closing) FewestOfPart(forms []Form) int {
	parts := map[int]int{}
	for _, leaf := range c.Leaves {
		part := 0
		if len(leaf.Pages) > 0 {
			part = partOf(forms, leaf.Pages[0].Reading)
		}
		parts[part]++
	}
	fewest := len(c.Leaves)
	for _, n := range parts {
		fewest = min(fewest, n)
	}
	return fewest
}

func partOf(forms []Form, r PageReading) int {
	at := slices.IndexFunc(forms, func(f Form) bool { return f.ID == r.Form })
	if at < 0 {
		return 0
	}
	return forms[at].LeafOf(r.Page)
}

// CountLeaves is how many leaves of paper a batch's images are, after JoinSides: those read, and those that
// count as void. While images still come it is what is known so far.
func CountLeaves(forms []Form, pages []SpoolPage) (read, void int) {
	for _, s := range leavesOf(forms, pages) {
		switch first := pages[s.images[0]]; {
		case first.Reading.Rejected == nil:
			read++
		case first.Disposal == Void:
			void++
		}
	}
	return read, void
}

// leavesOf groups images into leaves: two by two on two-sided forms, without backs on which nothing is printed.
func leavesOf(forms []Form, pages []SpoolPage) []side {
	var out []side
	if !anyTwoSided(forms) {
		for i, p := range pages {
			if p.Reading.Rejected == nil || p.Disposal == Void {
				out = append(out, side{[]int{i}})
			}
		}
		return out
	}
	for _, u := range uploadsOf(pages) {
		for i := u.from; i < u.to; i += 2 {
			s := side{[]int{i}}
			if i+1 < u.to && !blankBack(forms, pages[i], pages[i+1]) {
				s.images = append(s.images, i+1)
			}
			out = append(out, s)
		}
	}
	return out
}

// subjectOf is whose leaf an image is on a single form, 0 on a roster form.
func subjectOf(m Meeting, forms []Form, p SpoolPage) (int, error) {
	if m.Rules.Form != SingleForm {
		return 0, nil
	}
	for i := range forms {
		if page, ok := forms[i].PageOf(p.Reading.Page); ok && forms[i].ID == p.Reading.Form {
			return page.Rows[0].Subject, nil
		}
	}
	if p.Disposal == Void {
		return 0, Errorf(CodeUnresolved, "第 %d 幅图像认不出是谁的票，不能计为废票；请重新扫描", "image %d does not say whose ballot it is, so it cannot count as void: scan it again", p.Index+1)
	}
	return 0, nil
}

func isWhole(forms []Form, id string) bool {
	for i := range forms {
		if forms[i].ID == id {
			return forms[i].Kind == SingleForm || forms[i].Leaves() == 1
		}
	}
	return false
}

// String names a reason with its facts, for logs and messages.
func (r Rejection) String() string { return fmt.Sprintf("%s: %s", r.Reason, r.Facts) }

package ballot

import (
	"fmt"
	"io"
)

// Geometry of our own forms, in mm. The page must be found when printed at 96–104 % about its centre on
// a printer that cannot print its outer 4.2 mm, with any corner torn off and with 15 mm cut off any
// edge: hence the margin, the marks in the middle of the edges, and a code away from the corners.
const (
	fiducialSide   = 4.0
	fiducialMargin = 10.0 // paper edge to mark
	sideMargin     = 18.0 // paper edge to content
	moduleSide     = 0.64 // of a code: 16 mm with 25 of them
	headHeight     = 8.0
	bottomMargin   = 22.0 // below the table
	blockGap       = 4.0
	commentHeight  = 28.0

	minRowHeight = 7.0
	maxRowHeight = 13.0
	easyRow      = 9.0 // with rows at least this high, one block is easier to fill in than two

	rosterBox = 4.6 // side of a target on a roster form
	singleBox = 8.0 // and on a single form
)

type paper struct{ w, h float64 }

var papers = map[string]paper{"A3": {297, 420}, "A4": {210, 297}, "A5": {148, 210}}

// NewForm lays out the form of one group under the meeting's rules. The form id is drawn from random.
// It refuses, by name, what does not fit on the paper and rules that the layout cannot keep.
func NewForm(m *Meeting, g VoterGroup, random io.Reader) (*Form, error) {
	id, err := NewFormID(random)
	if err != nil {
		return nil, err
	}
	f := &Form{ID: id, Group: g.Code, Identity: m.Rules.Identity, Kind: m.Rules.Form, Meeting: m.ID,
		Version: m.Version, Grades: m.Rules.Grades}
	l := layout{meeting: m, group: g, form: f, paper: papers[m.Rules.Layout.Paper]}
	if m.Rules.Form == SingleForm {
		err = l.single()
	} else {
		err = l.roster()
	}
	if err != nil {
		return nil, err
	}
	return f, f.Validate()
}

type layout struct {
	meeting *Meeting
	group   VoterGroup
	form    *Form
	paper   paper
}

// newPage starts a page with its code, marks and standing labels.
func (l *layout) newPage(n, of int) *FormPage {
	w, h := l.paper.w, l.paper.h
	code := PageCode{Form: l.form.ID, Group: l.form.Group, Page: n}
	side, top := moduleSide*float64(l.form.CodeModules()), 19.0
	if l.form.Identity == Serial {
		top = 17
	}
	p := FormPage{Page: n, Width: w, Height: h, CodeText: code.String(), Fiducials: fiducials(w, h),
		Code: rect(w-sideMargin-side-10, top, side, side)}
	content := w - 2*sideMargin
	titleWidth := p.Code.X - 4 - sideMargin
	p.Labels = []Label{
		{LabelTitle, l.meeting.Title, rect(sideMargin, 16, titleWidth, 10), titleSize(w), "C"},
		{LabelGroup, fmt.Sprintf("%s票　%s", l.group.Code, l.group.Name), rect(sideMargin, 27, titleWidth, 6), 12, "C"},
		{LabelInstruction, l.meeting.Rules.Layout.Instructions, rect(sideMargin, 33, titleWidth, 5.5), 10.5, "L"},
		{LabelOrganiser, l.meeting.Organiser + "　" + l.meeting.Date, rect(sideMargin, h-bottomMargin+2.5, content*0.62, 5), 10, "L"},
		{LabelPage, fmt.Sprintf("第 %d 页　共 %d 页", n, of), rect(sideMargin+content*0.62, h-bottomMargin+2.5, content*0.38, 5), 10, "R"},
		{LabelIdentity, p.CodeText, rect(w*0.5-27, h-fiducialMargin-fiducialSide, 54, 4), 9, "C"},
	}
	l.form.Pages = append(l.form.Pages, p)
	return &l.form.Pages[len(l.form.Pages)-1]
}

func titleSize(width float64) float64 {
	switch {
	case width < 160:
		return 13
	case width > 250:
		return 22
	}
	return 18
}

// fiducials are the registration marks. Their places are unlike under every rotation by quarter turns
// and under mirroring, each by more than 8 mm on the smallest paper, so the marks alone tell which way
// up the page lies and whether it is mirrored.
func fiducials(w, h float64) []Rect {
	const s, m = fiducialSide, fiducialMargin
	right, bottom := w-m-s, h-m-s
	at := func(x, y float64) Rect { return rect(x, y, s, s) }
	return []Rect{
		at(m, m), at(right, m), at(m, bottom), at(right, bottom),
		at(m, h*0.28), at(m, h*0.44), at(m, h*0.78),
		at(right, h*0.36), at(right, h*0.66),
		at(w*0.36, m),
		at(w*0.20, bottom), at(w*0.70, bottom),
	}
}

// roster lays all subjects out on the two sides of as few leaves as will hold them.
func (l *layout) roster() error {
	top, height := l.tableTop(), l.tableHeight()
	n := len(l.meeting.Subjects)
	blocks := l.blocks(n, height)
	perBlock := int(height / minRowHeight)
	pages := ceilDiv(n, perBlock*blocks)
	if pages == 1 && n > 1 && height*float64(blocks)/float64(n) < easyRow {
		pages = 2 // both sides of the leaf, so that rows can be higher
	}
	if pages > 2 {
		if names := l.meeting.Rules.OneLeafRules(); len(names) > 0 {
			return Errorf(CodeRules, "%[1]d 人需要 %[2]d 张纸，须一票一张纸的规则不能用：%[3]v", "%[1]d subjects need %[2]d leaves a ballot: rules that need one leaf a ballot cannot apply: %[3]v",
				n, ceilDiv(pages, 2), names)
		}
		pages += pages % 2
	}
	if pages > maxPage {
		return Errorf(CodeForm, "人数过多：%d", "too many subjects: %d", n)
	}
	l.form.TwoSided = pages > 1
	perPage := ceilDiv(n, pages)
	rest := l.meeting.Subjects
	for page := 1; page <= pages; page++ {
		p := l.newPage(page, pages)
		here := min(perPage, len(rest))
		if err := l.table(p, rest[:here], blocks, perPage, top, height); err != nil {
			return err
		}
		rest = rest[here:]
		if page == pages {
			l.comment(p, top+height)
		}
	}
	return nil
}

// tableTop leaves white below the code, without which it would not be found by itself.
func (l *layout) tableTop() float64 {
	if l.form.Identity == Serial {
		return 44
	}
	return 40
}

func (l *layout) tableHeight() float64 {
	h := l.paper.h - l.tableTop() - headHeight - bottomMargin
	if l.meeting.Rules.Layout.CommentBox {
		h -= commentHeight
	}
	return h
}

// blocks is the rule's number of blocks, or two where one block would make rows lower than is easy.
func (l *layout) blocks(n int, height float64) int {
	if b := l.meeting.Rules.Layout.Blocks; b != 0 {
		return b
	}
	if float64(ceilDiv(n, 2))*easyRow <= height || len(l.form.Grades) > 4 && l.paper.w < 250 {
		return 1
	}
	return 2
}

// column widths of a block, in mm.
type columns struct{ no, name, org, grade float64 }

func (l *layout) columns(width float64, blocks int) (columns, error) {
	n := float64(len(l.form.Grades))
	c := columns{no: 10, name: 24, grade: 17}
	if blocks == 2 {
		c = columns{no: 7, name: 16, grade: 9.6}
	} else if n > 4 {
		c.grade = 14
	}
	c.org = width - c.no - c.name - n*c.grade
	if c.org < 22 {
		return c, Errorf(CodeForm, "%[1]d 个等次、%[2]d 块在 %[3]s 纸上排不下；请改用一块或 A3", "%[1]d grades in %[2]d blocks do not fit on %[3]s: use one block or A3",
			len(l.form.Grades), blocks, l.meeting.Rules.Layout.Paper)
	}
	return c, nil
}

func (l *layout) table(p *FormPage, subjects []Subject, blocks, perPage int, top, height float64) error {
	width := (p.Width - 2*sideMargin - float64(blocks-1)*blockGap) / float64(blocks)
	cols, err := l.columns(width, blocks)
	if err != nil {
		return err
	}
	perBlock := ceilDiv(perPage, blocks)
	rowHeight := min(maxRowHeight, height/float64(perBlock))
	for b := 0; b < blocks && len(subjects) > 0; b++ {
		here := min(perBlock, len(subjects))
		x := sideMargin + float64(b)*(width+blockGap)
		l.heads(p, x, top, cols)
		for i, s := range subjects[:here] {
			l.row(p, s, x, top+headHeight+float64(i)*rowHeight, rowHeight, cols)
		}
		subjects = subjects[here:]
	}
	return nil
}

func (l *layout) heads(p *FormPage, x, y float64, c columns) {
	head := func(text string, w float64) {
		p.Labels = append(p.Labels, Label{LabelHead, text, rect(x, y, w, headHeight), 10.5, "C"})
		x += w
	}
	head("序号", c.no)
	head("姓名", c.name)
	head("单位（党组织）", c.org)
	for _, g := range l.form.Grades {
		head(g, c.grade)
	}
}

func (l *layout) row(p *FormPage, s Subject, x, y, h float64, c columns) {
	width := c.no + c.name + c.org + float64(len(l.form.Grades))*c.grade
	p.Rows = append(p.Rows, Row{Subject: s.No, Rect: rect(x, y, width, h), NoBox: rect(x, y, c.no, h),
		NameBox: rect(x+c.no, y, c.name, h), OrgBox: rect(x+c.no+c.name, y, c.org, h),
		Name: SpacedName(s.Name), Org: s.Org})
	l.targets(p, s.No, x+c.no+c.name+c.org, y, c.grade, h, rosterBox)
}

func (l *layout) targets(p *FormPage, subject int, x, y, w, h, box float64) {
	for _, g := range l.form.Grades {
		side := min(box, h-2.4)
		p.Targets = append(p.Targets, Target{Subject: subject, Grade: g, Cell: rect(x, y, w, h),
			Rect: rect(x+(w-side)/2, y+(h-side)/2, side, side)})
		x += w
	}
}

func (l *layout) comment(p *FormPage, y float64) {
	if !l.meeting.Rules.Layout.CommentBox {
		return
	}
	y += headHeight + 2
	box := rect(sideMargin, y+5, p.Width-2*sideMargin, commentHeight-8)
	p.Labels = append(p.Labels, Label{LabelComment, "意见建议（可不填，请勿署名）", rect(sideMargin, y, box.W, 5), 10, "L"})
	p.Comment = &box
}

// single lays out one leaf a subject: name and organisation large, one row of targets.
func (l *layout) single() error {
	if len(l.meeting.Subjects) > maxPage {
		return Errorf(CodeForm, "人数过多：%d", "too many subjects: %d", len(l.meeting.Subjects))
	}
	for i, s := range l.meeting.Subjects {
		p := l.newPage(i+1, len(l.meeting.Subjects))
		w := p.Width - 2*sideMargin
		y := 46.0
		name, org := rect(sideMargin, y, w*0.34, 20), rect(sideMargin+w*0.34, y, w*0.66, 20)
		cell := w / float64(len(l.form.Grades))
		x := sideMargin
		for _, g := range l.form.Grades {
			p.Labels = append(p.Labels, Label{LabelHead, g, rect(x, y+24, cell, 10), 14, "C"})
			x += cell
		}
		p.Rows = []Row{{Subject: s.No, Rect: rect(sideMargin, y, w, 60), NameBox: name, OrgBox: org,
			Name: SpacedName(s.Name), Org: s.Org}}
		l.targets(p, s.No, sideMargin, y+34, cell, 26, singleBox)
		if l.meeting.Rules.Layout.CommentBox {
			l.comment(p, y+62-headHeight)
		}
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

package learn

import (
	"fmt"
	"io"
	"math"
	"slices"

	"pingyi/ballot"
	"pingyi/scans/raster"
)

// Options say what a blank is learned for.
type Options struct {
	Source   string // name of the file, for people
	Meeting  string
	Version  int
	Group    string   // code of the voter group
	Grades   []string // of the meeting; empty = any scale that is known
	Subjects []ballot.Subject
	Engine   Recognizer
	Random   io.Reader
}

// Proposal is a form that a person has yet to confirm.
type Proposal struct {
	Form    ballot.Form
	Missing []string // subjects of the roster that no row was matched with
	Pages   [][]byte // PNG: the blank's pages, straightened, of at most BlankDPI
}

// Learn proposes the form whose blank pages are given, in their order.
func Learn(pages []*raster.Image, o Options) (*Proposal, error) {
	page := func(i int) (*raster.Image, error) { return pages[i], nil }
	return learn(blank{len(pages), page, page}, func([]byte) error { return nil }, o)
}

// blank is what a form is learned from: its pages as they are looked at, and as sharp as they are printed.
type blank struct {
	pages       int
	page, sharp func(i int) (*raster.Image, error)
}

// learn takes pages one after the other and calls learned with the picture of each.
func learn(b blank, learned func(picture []byte) error, o Options) (*Proposal, error) {
	id, err := ballot.NewFormID(o.Random)
	if err != nil {
		return nil, err
	}
	l := learner{Options: o, Proposal: Proposal{Form: ballot.Form{ID: id, Group: o.Group, Identity: ballot.FormCode, Meeting: o.Meeting,
		Version: o.Version, Learned: &ballot.Learned{Source: o.Source, Printed: map[string]int{}}}}}
	for i := range b.pages {
		p, err := l.open(b, i)
		if err == nil {
			err = l.page(p, i+1)
		}
		if err != nil {
			return nil, onPage(err, i+1)
		}
		if err := learned(l.Pages[i]); err != nil {
			return nil, err
		}
	}
	l.finish()
	return &l.Proposal, nil
}

type learner struct {
	Options
	Proposal
	most int // rows on a page
}

// open straightens a page and keeps its picture.
func (l *learner) open(b blank, i int) (*upright, error) {
	img, err := b.page(i)
	if err != nil {
		return nil, err
	}
	p, err := straighten(img)
	if err != nil {
		return nil, err
	}
	sharp, err := b.sharp(i)
	if err != nil {
		return nil, err
	}
	picture, err := p.picture(sharp)
	l.Pages = append(l.Pages, picture)
	return p, err
}

func (l *learner) page(p *upright, n int) error {
	for _, c := range p.cells {
		if err := p.readCell(l.Engine, c); err != nil {
			return err
		}
	}
	if err := p.readLines(l.Engine); err != nil {
		return err
	}
	blocks, err := l.blocks(p)
	if err != nil {
		return err
	}
	code := ballot.PageCode{Form: l.Form.ID, Group: l.Form.Group, Page: n}
	print, err := p.print()
	if err != nil {
		return err
	}
	page := ballot.FormPage{Page: n, Width: p.w, Height: p.h, CodeText: code.String(), Rules: rounded(p.rules), Print: print}
	for i := range blocks {
		if err := l.block(p, &page, &blocks[i]); err != nil {
			return err
		}
	}
	l.labels(p, &page, blocks)
	l.most = max(l.most, len(page.Rows))
	l.Form.Pages = append(l.Form.Pages, page)
	return nil
}

// blocks finds the blocks of a page under the meeting's scale; another scale is refused by name.
func (l *learner) blocks(p *upright) ([]block, error) {
	all := scales
	if len(l.Grades) > 0 {
		all = append([][]string{l.Grades}, scales...)
	}
	if err := l.partWords(p, all); err != nil {
		return nil, err
	}
	blocks := findBlocks(p.cells, all)
	if len(blocks) == 0 {
		return nil, ballot.Errorf(ballot.CodeForm, "找不到一组并排的等次格（如 好｜较好｜一般｜差）；每个等次须自成一格",
			"no set of cells side by side holds the words of a scale (such as 好, 较好, 一般, 差): each grade needs a cell of its own, framed by rules")
	}
	for i := range blocks {
		scale := blocks[i].scale
		if len(l.Form.Grades) == 0 {
			l.Form.Grades = scale
			l.Form.Learned.GradesDown = blocks[i].down
		}
		switch {
		case len(l.Grades) > 0 && !sameWords(scale, l.Grades):
			return nil, ballot.Errorf(ballot.CodeForm, "票上的等次是 %[1]v，会议规定的是 %[2]v", "the ballot's grades are %[1]v, the meeting's are %[2]v", scale, l.Grades)
		case !sameWords(scale, l.Form.Grades) || blocks[i].down != l.Form.Learned.GradesDown:
			return nil, ballot.Errorf(ballot.CodeForm, "各栏或各页的等次不一致：%[1]v 与 %[2]v", "blocks or pages differ in their grades: %[1]v and %[2]v", scale, l.Form.Grades)
		}
	}
	if len(l.Grades) > 0 {
		l.Form.Grades = l.Grades
	}
	return blocks, l.checkWords(blocks)
}

func sameWords(a, b []string) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y)
}

// block adds the rows of a block to a page of the form.
func (l *learner) block(p *upright, page *ballot.FormPage, b *block) error {
	people := b.people(l.Subjects)
	if len(b.rows) == 1 && people[0].name == nil {
		people[0] = l.alone(p, b)
	}
	for i := range b.cells {
		read, err := l.headAgain(p, b, i)
		if err != nil {
			return err
		}
		if b.unsure[i] && !read {
			l.unsure(page, fmt.Sprintf("column %d.%d.%d", page.Page, len(page.Rows)+1, i+1), b.cells[i].Rect, b.cells[i].words, ballot.DoubtGrade, b.grades[i])
		}
	}
	numbers := b.numbers(people)
	for i := range b.rows {
		who, err := l.again(p, people[i])
		if err != nil {
			return err
		}
		if numbers != nil && numbers[i] > 0 {
			l.Form.Learned.Printed[fmt.Sprintf("row %d.%d", page.Page, len(page.Rows)+1)] = numbers[i]
		}
		no := 0
		if who.sure {
			no = who.subject.No
		}
		row := ballot.Row{Subject: no, Rect: tidy(b.rows[i].box(b.down))}
		if who.name != nil {
			row.NameBox = tidy(who.name.Rect)
		}
		if who.org != nil {
			row.OrgBox = tidy(who.org.Rect)
		}
		if who.sure {
			row.Name, row.Org = ballot.SpacedName(who.subject.Name), who.subject.Org
		} else {
			l.unsureRow(page, &row, who)
		}
		page.Rows = append(page.Rows, row)
		if err := l.targets(p, page, b, i, row.Subject); err != nil {
			return err
		}
	}
	return nil
}

// headAgain tells whether a head that is unsure is read exactly at another scale.
func (l *learner) headAgain(p *upright, b *block, i int) (bool, error) {
	for _, scale := range ocrScales[1:] {
		if !b.unsure[i] {
			break
		}
		words, err := p.wordsOf(l.Engine, b.cells[i], []float64{scale})
		if err != nil || plain(words) == b.grades[i] {
			return err == nil, err
		}
	}
	return false, nil
}

// again reads a name that is unsure at other scales.
func (l *learner) again(p *upright, who person) (person, error) {
	for _, scale := range ocrScales[1:] {
		if who.sure || who.name == nil {
			break
		}
		words, err := p.wordsOf(l.Engine, who.name, []float64{scale})
		if err != nil {
			return who, err
		}
		if other := match(&cell{Rect: who.name.Rect, words: words}, who.org, l.Subjects); other.sure {
			return other, nil
		}
	}
	return who, nil
}

// alone finds the subject of a page with one row whose name does not stand beside it.
func (l *learner) alone(p *upright, b *block) person {
	best := person{}
	for _, c := range p.cells {
		if c.words == "" || slices.Contains(b.cells, c) {
			continue
		}
		m := match(c, nil, l.Subjects)
		if m.fit <= best.fit {
			continue
		}
		best = m
	}
	if best.name == nil {
		return best
	}
	for _, c := range p.cells {
		if c != best.name && bestOf(plain(c.words), func(s ballot.Subject) string { return s.Org }, l.Subjects) > 0.6 {
			return match(best.name, c, l.Subjects)
		}
	}
	return best
}

func (l *learner) unsureRow(page *ballot.FormPage, row *ballot.Row, who person) {
	// Until it is settled a row stands for a number of its own that no subject has.
	row.Subject = -(len(page.Rows) + 1)
	u := ballot.Unsure{Key: fmt.Sprintf("row %d.%d", page.Page, -row.Subject), Page: page.Page, Rect: row.Rect, Why: ballot.DoubtNoName}
	if who.name != nil {
		u.Rect, u.Read, u.Why = row.NameBox, who.name.words, ballot.DoubtName
		if who.fit > 0.3 {
			u.Best = fmt.Sprintf("%d %s", who.subject.No, who.subject.Name)
		}
	}
	l.Form.Learned.Unsure = append(l.Form.Learned.Unsure, u)
}

func (l *learner) unsure(page *ballot.FormPage, key string, r ballot.Rect, read string, why ballot.Doubt, best string) {
	l.Form.Learned.Unsure = append(l.Form.Learned.Unsure, ballot.Unsure{Key: key, Page: page.Page, Rect: tidy(r), Read: read, Why: why, Best: best})
}

// labels keeps the print that a page is known by: outside the tables, and in cells that are no row's.
func (l *learner) labels(p *upright, page *ballot.FormPage, blocks []block) {
	inRow := map[*cell]bool{}
	for i := range blocks {
		for _, r := range blocks[i].rows {
			for _, c := range append(slices.Clone(r.targets), r.beside...) {
				inRow[c] = true
			}
		}
	}
	title := 0
	for i, t := range p.lines {
		if t.H > p.lines[title].H {
			title = i
		}
	}
	for i, t := range p.lines {
		role := ballot.LabelText
		if i == title {
			role = ballot.LabelTitle
		}
		page.Labels = append(page.Labels, label(role, t.words, t.Rect))
	}
	for _, c := range p.cells {
		if c.words != "" && !inRow[c] {
			page.Labels = append(page.Labels, label(ballot.LabelHead, c.words, c.Rect))
		}
	}
}

func label(role, text string, r ballot.Rect) ballot.Label {
	return ballot.Label{Role: role, Text: text, Rect: tidy(r), SizePt: math.Round(r.H / 25.4 * 72), Align: "C"}
}

// finish settles what only all pages together tell.
func (l *learner) finish() {
	f := &l.Form
	f.Kind = ballot.RosterForm
	if l.most == 1 {
		f.Kind = ballot.SingleForm
	}
	f.TwoSided = f.Kind == ballot.RosterForm && len(f.Pages) > 1
	l.doubles()
	on := map[int]bool{}
	for _, p := range f.Pages {
		for _, r := range p.Rows {
			on[r.Subject] = true
		}
	}
	for _, s := range l.Subjects {
		if !on[s.No] {
			l.Missing = append(l.Missing, fmt.Sprintf("%d %s", s.No, s.Name))
		}
	}
}

// doubles makes rows unsure that were matched with one subject.
func (l *learner) doubles() {
	first := map[int]*ballot.Row{}
	for i := range l.Form.Pages {
		p := &l.Form.Pages[i]
		for j := range p.Rows {
			r := &p.Rows[j]
			if o := first[r.Subject]; o != nil && r.Subject > 0 {
				no := r.Subject
				rename(p, r, ballot.Subject{No: -(j + 1)})
				l.Form.Learned.Unsure = append(l.Form.Learned.Unsure, ballot.Unsure{Key: fmt.Sprintf("row %d.%d", p.Page, j+1), Page: p.Page,
					Rect: r.NameBox, Why: ballot.DoubtTwice, Best: fmt.Sprintf("%d %s", no, o.Name)})
				continue
			}
			first[r.Subject] = r
		}
	}
}

// rename gives a row and its targets to a subject: those of another row that was matched with the same one stay its own.
func rename(p *ballot.FormPage, r *ballot.Row, s ballot.Subject) {
	for i := range p.Targets {
		if t := &p.Targets[i]; t.Subject == r.Subject && r.Contains(t.Centre()) {
			t.Subject = s.No
		}
	}
	r.Subject, r.Name, r.Org = s.No, ballot.SpacedName(s.Name), s.Org
}

func tidy(r ballot.Rect) ballot.Rect {
	return ballot.Rect{X: hundredths(r.X), Y: hundredths(r.Y), W: hundredths(r.W), H: hundredths(r.H)}
}

func rounded(rules []ballot.Rule) []ballot.Rule {
	out := make([]ballot.Rule, len(rules))
	for i, r := range rules {
		out[i] = ballot.Rule{X0: hundredths(r.X0), Y0: hundredths(r.Y0), X1: hundredths(r.X1), Y1: hundredths(r.Y1)}
	}
	return out
}

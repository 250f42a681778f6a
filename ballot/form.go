package ballot

import (
	"encoding/json"
	"math"
)

// Rect is a rectangle in millimetres from the page's top left; X, Y is its top left corner.
type Rect struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// Centre is the rectangle's middle, in mm.
func (r Rect) Centre() (x, y float64) { return r.X + r.W/2, r.Y + r.H/2 }

// Right is the far edge across, in mm.
func (r Rect) Right() float64 { return r.X + r.W }

// Bottom is the far edge down, in mm.
func (r Rect) Bottom() float64 { return r.Y + r.H }

// Inset shrinks the rectangle by d mm on every side; a negative d grows it.
func (r Rect) Inset(d float64) Rect { return Rect{r.X + d, r.Y + d, r.W - 2*d, r.H - 2*d} }

// Contains tells whether a point lies inside.
func (r Rect) Contains(x, y float64) bool {
	return x >= r.X && x < r.Right() && y >= r.Y && y < r.Bottom()
}

// mm rounds to hundredths, so that geometry has one spelling in every file.
func mm(v float64) float64 { return math.Round(v*100) / 100 }

func rect(x, y, w, h float64) Rect { return Rect{mm(x), mm(y), mm(w), mm(h)} }

// Form is the layout of one group's ballot: what the printer draws, what the reader expects and what
// the synthetic scanner marks. Its JSON is a contract with outside tools; see FormsFile.
type Form struct {
	ID        string     `json:"id"` // random, printed in every page code
	Group     string     `json:"group"`
	Identity  Identity   `json:"identity"`
	Kind      FormKind   `json:"kind"`
	Meeting   string     `json:"meeting"`
	Version   int        `json:"version"` // of the meeting when sealed
	Grades    []string   `json:"grades"`
	TwoSided  bool       `json:"two_sided"`           // pages 2n-1 and 2n are the sides of one leaf
	Withdrawn bool       `json:"withdrawn,omitempty"` // belongs to an unsealed version: recognised, never counted
	Pages     []FormPage `json:"pages"`
	Learned   *Learned   `json:"learned,omitempty"` // nil for our own forms
}

// FormPage is one side of a leaf.
type FormPage struct {
	Page      int      `json:"page"` // from 1
	Width     float64  `json:"width_mm"`
	Height    float64  `json:"height_mm"`
	CodeText  string   `json:"code_text"` // what the code says, in serial mode before the serial; printed on every copy
	Code      Rect     `json:"code"`      // the QR code without its quiet zone
	Fiducials []Rect   `json:"fiducials"` // solid black squares
	Rows      []Row    `json:"rows"`
	Targets   []Target `json:"targets"`
	Labels    []Label  `json:"labels"`
	Comment   *Rect    `json:"comment,omitempty"`
	Rules     []Rule   `json:"rules,omitempty"` // of a learned page: what it is found by
	Print     []byte   `json:"print,omitempty"` // and a PNG of the blank, PrintPixelsPerMM
}

// Row is one subject's line on a page.
type Row struct {
	Subject int `json:"subject"` // roster number
	Rect
	NameBox Rect   `json:"name_box"`
	OrgBox  Rect   `json:"org_box"`
	NoBox   Rect   `json:"no_box"`
	Name    string `json:"name"` // as printed
	Org     string `json:"org"`
}

// Bears tells whether the row prints a subject's name and organisation.
func (r *Row) Bears(s Subject) bool { return r.Name == SpacedName(s.Name) && r.Org == s.Org }

// TextPoints are the sizes in points at which a row's name, organisation and number are printed where they
// fit; the printer shrinks them and never enlarges them. A row without a number is a single form's.
func (r *Row) TextPoints() (name, org, number float64) {
	if r.NoBox.W == 0 {
		return 22, 16, 0
	}
	return 12, 10, 10
}

// Target is one printed box with the cell around it. W and H are the printed box, outline centre to
// outline centre.
type Target struct {
	Subject int    `json:"subject"`
	Grade   string `json:"grade"`
	Rect
	Cell Rect `json:"cell"` // bounded by printed rules on all sides
}

// Role of a label.
const (
	LabelTitle       = "title"
	LabelGroup       = "group"
	LabelInstruction = "instruction"
	LabelHead        = "head" // of a column
	LabelOrganiser   = "organiser"
	LabelPage        = "page"
	LabelIdentity    = "identity" // the code in readable characters
	LabelComment     = "comment"
)

// Label is printed text in a box; the printer shrinks it to fit and never enlarges it.
type Label struct {
	Role string `json:"role"`
	Text string `json:"text"`
	Rect
	SizePt float64 `json:"size_pt"`
	Align  string  `json:"align"` // L, C, R
}

// Printed line widths in mm, and the gray (0 black … 255 white) of a target's outline.
const (
	RuleWidth    = 0.15
	OutlineWidth = 0.20
	OutlineGray  = 120
)

// minComment is the least side of a comment box in mm: a line of writing within its frame.
const minComment = 8.0

// FormsFile is what `pingyi forms export` writes and `pingyi read --forms` takes.
type FormsFile struct {
	Forms []Form `json:"forms"`
}

// ParseForms reads a forms file and checks every form.
func ParseForms(data []byte) (FormsFile, error) {
	var f FormsFile
	if err := json.Unmarshal(data, &f); err != nil {
		return f, Errorf(CodeForm, "表样文件不是有效的 JSON：%v", "the forms file is not valid JSON: %v", err)
	}
	if len(f.Forms) == 0 {
		return f, Errorf(CodeForm, "表样文件里没有表样", "the forms file holds no form")
	}
	for i := range f.Forms {
		if err := f.Forms[i].Validate(); err != nil {
			return f, err
		}
	}
	return f, nil
}

// PageOf finds a page of the form by number.
func (f *Form) PageOf(page int) (*FormPage, bool) {
	for i := range f.Pages {
		if f.Pages[i].Page == page {
			return &f.Pages[i], true
		}
	}
	return nil, false
}

// Leaves is the number of sheets of paper of one ballot (roster) or of one packet (single).
func (f *Form) Leaves() int {
	if f.TwoSided {
		return (len(f.Pages) + 1) / 2
	}
	return len(f.Pages)
}

// LeafOf is which leaf of a copy a page is on, from 1.
func (f *Form) LeafOf(page int) int {
	if f.TwoSided {
		return (page + 1) / 2
	}
	return page
}

// firstPageOf is the front of a leaf.
func (f *Form) firstPageOf(leaf int) int {
	if f.TwoSided {
		return 2*leaf - 1
	}
	return leaf
}

// CodeModules is the side of the printed QR code in modules: version 2, or in serial mode version 5.
func (f *Form) CodeModules() int {
	if f.Identity == Serial {
		return 37
	}
	return 25
}

// OtherSide is the page on the back or front of page, or 0 where there is none.
func (f *Form) OtherSide(page int) int {
	if !f.TwoSided {
		return 0
	}
	other := (page - 1) ^ 1 + 1
	if other > len(f.Pages) {
		return 0
	}
	return other
}

// Subjects lists the roster numbers on the page, in printed order.
func (p *FormPage) Subjects() []int {
	out := make([]int, len(p.Rows))
	for i, r := range p.Rows {
		out[i] = r.Subject
	}
	return out
}

// TargetsOf gives the targets of a row, in the order of the grades as printed.
func (p *FormPage) TargetsOf(subject int) []Target {
	var out []Target
	for _, t := range p.Targets {
		if t.Subject == subject {
			out = append(out, t)
		}
	}
	return out
}

// Validate checks what the reader relies on: codes match their pages, every row has one target a grade,
// every box lies inside its cell, every cell and the comment box on the page.
func (f *Form) Validate() error {
	bad := func(page int, zh, en string, args ...any) error {
		why := Errorf(CodeForm, zh, en, args...)
		return Errorf(CodeForm, "表样 %[1]s 第 %[2]d 页有误：%[3]s", "form %[1]s page %[2]d: %[4]s", f.ID, page, why.Chinese, why.English)
	}
	if err := f.Settled(); err != nil {
		return err
	}
	if len(f.Pages) == 0 || len(f.Pages) > maxPage || len(f.Grades) < 2 {
		return bad(0, "要有页面，并至少有两个等次", "needs pages and at least two grades")
	}
	for i := range f.Pages {
		p := &f.Pages[i]
		code, err := ParsePageCode(p.CodeText)
		if err != nil {
			why := Errors(err)[0]
			return bad(p.Page, "%[1]s", "%[2]s", why.Chinese, why.English)
		}
		if code.Form != f.ID || code.Group != f.Group || code.Page != p.Page || p.Page != i+1 {
			return bad(p.Page, "票面代码写的是表样 %s、%s票、第 %d 页", "its code names form %s group %s page %d", code.Form, code.Group, code.Page)
		}
		if !(p.Width >= 50 && p.Width <= 600 && p.Height >= 50 && p.Height <= 600) {
			return bad(p.Page, "页面尺寸 %g × %g 毫米超出范围", "page size %g × %g mm is out of range", p.Width, p.Height)
		}
		if f.Identity == Serial && (f.Learned != nil || p.Code.W < 0.5*float64(f.CodeModules())) {
			return bad(p.Page, "放不下流水号方式的代码", "has no room for the code of serial mode")
		}
		if f.Learned != nil {
			if zh, en := f.validateLearned(p); en != "" {
				return bad(p.Page, "%[1]s", "%[2]s", zh, en)
			}
		} else if len(p.Fiducials) < 5 {
			return bad(p.Page, "至少要有 5 个定位方块", "needs at least 5 fiducials")
		}
		if c := p.Comment; c != nil && (!within(*c, Rect{0, 0, p.Width, p.Height}) || c.W < minComment || c.H < minComment) {
			return bad(p.Page, "意见栏 %v 超出页面，或小于 %g 毫米", "comment box %v is off the page, or smaller than %g mm", *c, minComment)
		}
		for _, r := range p.Rows {
			targets := p.TargetsOf(r.Subject)
			if len(targets) != len(f.Grades) {
				return bad(p.Page, "%d 号一行有 %d 个格子，等次有 %d 个", "row %d has %d targets for %d grades", r.Subject, len(targets), len(f.Grades))
			}
			for _, t := range targets {
				page := Rect{0, 0, p.Width, p.Height}
				if !within(t.Rect, t.Cell) || !within(t.Cell, page) || t.W < 2 || t.H < 2 {
					return bad(p.Page, "%d 号“%s”的方框超出格子，或格子超出页面", "row %d grade %s: box outside its cell, or cell off the page", t.Subject, t.Grade)
				}
			}
		}
		if f.Learned != nil && f.Learned.Words && p.fewestBelow() < LeastWordRows {
			return Errorf(CodeForm, "空白票第 %[1]d 页：在字样上画圈的票，上下紧接的行至少须有 %[2]d 行（跳过的行会把表格断开），才能把印的字与画的圈分开；请给每个等次一个空白格或方框，或由本程序排印选票",
				"page %[1]d of the blank: where words are ringed, %[2]d rows at least must stand right below each other (a row left out parts the table), or print and pen cannot be told apart: give each grade an empty cell or a box, or let Pingyi print the ballot",
				p.Page, LeastWordRows)
		}
	}
	return nil
}

func within(inner, outer Rect) bool {
	return inner.X >= outer.X && inner.Y >= outer.Y && inner.Right() <= outer.Right()+0.01 && inner.Bottom() <= outer.Bottom()+0.01
}

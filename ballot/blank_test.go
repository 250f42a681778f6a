package ballot

import (
	"slices"
	"strings"
	"testing"
)

// ownBlank is a confirmed blank of the meeting's group A with all its subjects on pages of 36.
func ownBlank(m *Meeting, group string) Blank {
	f := Form{ID: "B1ANK000", Group: group, Identity: FormCode, Kind: RosterForm, Grades: m.Rules.Grades, Meeting: m.ID, Learned: &Learned{Source: "blank.pdf", Confirmed: true}}
	for i, s := range m.Subjects {
		if i%36 == 0 {
			n := len(f.Pages) + 1
			p := FormPage{Page: n, Width: 210, Height: 297, CodeText: PageCode{Form: f.ID, Group: group, Page: n}.String(), Print: []byte(strings.Repeat(group, 200))}
			for k := range 4 {
				at := 20 + 40*float64(k)
				p.Rules = append(p.Rules, Rule{X0: 20, Y0: at, X1: 190, Y1: at}, Rule{X0: at, Y0: 20, X1: at, Y1: 280})
			}
			f.Pages = append(f.Pages, p)
		}
		p := &f.Pages[len(f.Pages)-1]
		y := 20 + 7*float64(i%36)
		p.Rows = append(p.Rows, Row{Subject: s.No, Name: SpacedName(s.Name), Org: s.Org, Rect: Rect{20, y, 170, 7}, NameBox: Rect{20, y, 30, 7}})
		for k, g := range f.Grades {
			cell := Rect{100 + 20*float64(k), y, 20, 7}
			p.Targets = append(p.Targets, Target{Subject: s.No, Grade: g, Rect: cell.Inset(1), Cell: cell})
		}
	}
	f.TwoSided = len(f.Pages) > 1
	return Blank{Group: group, Source: "blank.pdf", Proposal: f, Form: f, Pages: [][]byte{[]byte("page 1 of " + group), []byte("page 2")}}
}

// Sealing takes a group's own blank instead of laying a form out, under a form id of this seal.
func TestSealTakesBlanks(t *testing.T) {
	m := sealable()
	b := ownBlank(&m, "B")
	sealed, forms, err := Seal(m, zeros(64), b)
	if err != nil {
		t.Fatal(err)
	}
	f := forms[1]
	if len(forms) != 3 || f.Learned == nil || forms[0].Learned != nil || forms[2].Learned != nil {
		t.Fatalf("forms: %d, learned %v %v %v", len(forms), forms[0].Learned != nil, f.Learned != nil, forms[2].Learned != nil)
	}
	if f.ID == b.Form.ID || f.Version != 1 || f.Meeting != m.ID || f.Validate() != nil || b.Form.Pages[0].CodeText == f.Pages[0].CodeText {
		t.Errorf("form %s version %d meeting %s: %v", f.ID, f.Version, f.Meeting, f.Validate())
	}
	if b.Form.ID != "B1ANK000" || b.Form.Validate() != nil {
		t.Errorf("sealing changed the blank: %v", b.Form.Validate())
	}
	if sealed.SealHash != sealed.Hash(b) || sealed.SealHash == sealed.Hash() {
		t.Error("the hash is not that of the meeting with its blank")
	}
	// A blank of a group that does not vote is no part of it.
	m.Groups[1].Disabled, m.Groups[0].Weight, m.Groups[0].JoinWith, m.Groups[2].JoinWith = true, 80, "C", "A"
	if m.Hash(b) != m.Hash() {
		t.Error("the hash covers a blank that is not used")
	}
}

func TestHashCoversBlanks(t *testing.T) {
	m := sealable()
	seen := map[string]string{m.Hash(): "no blank"}
	for name, change := range map[string]func(*Blank){
		"nothing": func(*Blank) {}, "what is printed": func(b *Blank) { b.Pages[1] = []byte("another") }, "a page less": func(b *Blank) { b.Pages = b.Pages[:1] },
		"a row's place":   func(b *Blank) { b.Form.Pages[0].Rows[3].Y++ },
		"a target":        func(b *Blank) { b.Form.Pages[0].Targets[3].Grade = "好" },
		"whose a row is":  func(b *Blank) { b.Form.Pages[0].Rows[3].Subject = 9 },
		"the print":       func(b *Blank) { b.Form.Pages[0].Print = []byte("x") },
		"the file's name": func(b *Blank) { b.Form.Learned.Source = "x" },
	} {
		b := ownBlank(&m, "A")
		change(&b)
		if other, taken := seen[m.Hash(b)]; taken {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[m.Hash(b)] = name
	}
}

func TestSealRefusesBlanks(t *testing.T) {
	rename := func(p *FormPage, row, to int) {
		for i := range p.Targets {
			if p.Targets[i].Subject == p.Rows[row].Subject {
				p.Targets[i].Subject = to
			}
		}
		p.Rows[row].Subject = to
	}
	for name, c := range map[string]struct {
		spoil func(*Meeting, *Blank)
		says  string
	}{
		"unsure":                  {func(_ *Meeting, b *Blank) { b.Form.Learned.Unsure = make([]Unsure, 3) }, "leaves 3 things unsure"},
		"not confirmed":           {func(_ *Meeting, b *Blank) { b.Form.Learned.Confirmed = false }, "not confirmed"},
		"not learned":             {func(_ *Meeting, b *Blank) { b.Form.Learned = nil }, "damaged"},
		"of another group":        {func(_ *Meeting, b *Blank) { b.Form.Group = "B" }, "damaged"},
		"of the other kind":       {func(_ *Meeting, b *Blank) { b.Form.Kind = SingleForm }, "kind single, the rules say roster"},
		"other grades":            {func(m *Meeting, _ *Blank) { m.Rules.Grades = []string{"优秀", "合格", "基本合格", "不合格"} }, "[优秀 合格 基本合格 不合格]"},
		"grades in another order": {func(m *Meeting, _ *Blank) { m.Rules.Grades = []string{"差", "一般", "较好", "好"} }, "[差 一般 较好 好]"},
		"two cells of a grade":    {func(_ *Meeting, b *Blank) { b.Form.Pages[0].Targets[0].Grade = "差" }, "number 1 has cells for [一般 差 差 较好]"},
		"a subject more": {func(m *Meeting, _ *Blank) {
			m.Subjects = append(m.Subjects, Subject{No: 73, Name: "新人", Org: "新党支部", Mode: Oral})
		}, "1 subjects of the roster are not on the blank of group A: [73 新人]"},
		"a subject less":     {func(m *Meeting, _ *Blank) { m.Subjects = m.Subjects[:71] }, "number 72 is"},
		"another name":       {func(m *Meeting, _ *Blank) { m.Subjects[4].Name = "改名" }, "in the roster 改名"},
		"another unit":       {func(m *Meeting, _ *Blank) { m.Subjects[4].Org = "别的党支部" }, "(别的党支部)"},
		"a subject twice":    {func(_ *Meeting, b *Blank) { rename(&b.Form.Pages[1], 0, 1) }, "number 1 ("},
		"writing makes void": {func(m *Meeting, _ *Blank) { m.Rules.Writing = BallotInvalid }, "writing=ballot_invalid"},
		"serial mode":        {func(m *Meeting, _ *Blank) { m.Rules.Identity = Serial }, "rule identity=serial cannot apply"},
		"a comment box":      {func(m *Meeting, _ *Blank) { m.Rules.Layout.CommentBox = true }, "comment box"},
		"a broken form":      {func(_ *Meeting, b *Blank) { b.Form.Pages[0].Print = nil }, "no picture of its print"},
		"whole ballots on two leaves": {func(m *Meeting, b *Blank) {
			m.Rules.Blank = BallotInvalid
			b.Form.Pages = append(b.Form.Pages, b.Form.Pages[1])
		}, "rules that need one leaf a ballot cannot apply: [blank=ballot_invalid]"},
	} {
		t.Run(name, func(t *testing.T) {
			m := sealable()
			b := ownBlank(&m, "A")
			c.spoil(&m, &b)
			_, forms, err := Seal(m, zeros(64), b)
			found := slices.ContainsFunc(Errors(err), func(e *Error) bool {
				return e.Code == CodeForm && strings.Contains(e.English, c.says) && !strings.Contains(e.English+e.Chinese, "%!")
			})
			if forms != nil || !found {
				t.Errorf("got %v; want one that says %q", err, c.says)
			}
		})
	}
}

// One paper for two groups: nothing would tell their ballots apart.
func TestSealRefusesTheSameBlankTwice(t *testing.T) {
	m := sealable()
	a, b := ownBlank(&m, "A"), ownBlank(&m, "B")
	if _, _, err := Seal(m, zeros(64), a, b); err != nil {
		t.Fatalf("two blanks that differ: %v", err)
	}
	for i := range b.Form.Pages {
		b.Form.Pages[i].Print = a.Form.Pages[i].Print
	}
	_, _, err := Seal(m, zeros(64), a, b)
	if CodeOf(err) != CodeForm || !strings.Contains(err.Error(), "groups A and B have the same blank") {
		t.Errorf("got %v", err)
	}
}

// Of an unsealed and sealed again blank one form is left, the one in force; what asks anything else stays.
func TestReadable(t *testing.T) {
	m := sealable()
	now := ownBlank(&m, "A").Form
	withdrawn := func(id string, change func(*Form)) Form {
		f := ownBlank(&m, "A").Form
		f.ID, f.Withdrawn = id, true
		change(&f)
		return f
	}
	all := []Form{now,
		withdrawn("SAME", func(*Form) {}),
		withdrawn("SETTLED-WRONGLY", func(f *Form) { f.Pages[0].Rows[0].Subject = 9 }), // the same paper all the same
		withdrawn("TITLE", func(f *Form) { f.Pages[0].Print = []byte("another title") }),
		withdrawn("NAME", func(f *Form) { f.Pages[0].Print, f.Pages[0].Rows[0].Name = []byte("x"), "别人" }),
		withdrawn("UNIT", func(f *Form) { f.Pages[0].Print, f.Pages[0].Rows[0].Org = []byte("x"), "另一单位" }),
		withdrawn("ROWS", func(f *Form) {
			f.Pages[0].Print = []byte("x")
			f.Pages[0].Rows[0], f.Pages[0].Rows[1] = f.Pages[0].Rows[1], f.Pages[0].Rows[0]
		}),
		withdrawn("GRADES", func(f *Form) { f.Pages[0].Print, f.Pages[0].Targets[0].Grade = []byte("x"), "差" }),
		withdrawn("DOWN", func(f *Form) { f.Pages[0].Print, f.Learned = []byte("x"), &Learned{GradesDown: true} }),
		withdrawn("GROUP", func(f *Form) { f.Pages[0].Print, f.Group = []byte("x"), "B" }),
		{ID: "OURS", Withdrawn: true},
	}
	var ids []string
	for _, f := range Readable(all) {
		ids = append(ids, f.ID)
	}
	if want := []string{"B1ANK000", "NAME", "UNIT", "ROWS", "GRADES", "DOWN", "GROUP", "OURS"}; !slices.Equal(ids, want) {
		t.Errorf("left %v, want %v", ids, want)
	}
	if left := Readable(all[1:]); len(left) != len(all)-1 {
		t.Errorf("with none in force %d are left", len(left))
	}
}

// A row left out parts the rows below each other, by which printed words are told from marks: too few of them, and a
// mark that they have in common would be taken for print.
func TestWordsNeedRowsToCompare(t *testing.T) {
	for name, c := range map[string]struct {
		left    []int // rows of the first page that are left out, from 0
		words   bool
		refused bool
	}{
		"whole": {nil, true, false}, "the first": {[]int{0}, true, false}, "one near the top": {[]int{3}, true, true},
		"one near the top, without words": {[]int{3}, false, false}, "one in the middle": {[]int{18}, true, false}, "nearly all": {[]int{5, 6, 30}, true, false},
	} {
		m := sealable()
		for len(m.Subjects) < 36 {
			s := m.Subjects[0]
			s.No = len(m.Subjects) + 1
			m.Subjects = append(m.Subjects, s)
		}
		m.Subjects = m.Subjects[:36]
		f := ownBlank(&m, "A").Form
		f.Learned.Words = c.words
		for _, i := range slices.Backward(c.left) {
			p := &f.Pages[0]
			no := p.Rows[i].Subject
			p.Rows = slices.Delete(p.Rows, i, i+1)
			p.Targets = slices.DeleteFunc(p.Targets, func(t Target) bool { return t.Subject == no })
		}
		if err := f.Validate(); (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// Blank is a group's ballot that the office made itself, with the form that was learned from it. It takes the
// place of the form that we would lay out.
type Blank struct {
	Group    string       `json:"group"`
	Source   string       `json:"source"`   // name of the file, for people
	Proposal Form         `json:"proposal"` // as learned
	Settled  []Settlement `json:"settled"`  // what a person decided about it, in that order
	Form     Form         `json:"form"`     // the proposal with all that; confirmed by a person before it is used
	Pages    [][]byte     `json:"-"`        // PNG, gray, upright: what is printed
}

// Settlement is one decision about a proposal: a row's subject, or a column's grade.
type Settlement struct {
	Key   string `json:"key"` // as in Unsure; "row 2.13" names any row, also one that was sure
	Value string `json:"value"`
}

// Check tells whether the blank may be the ballot of its group under the meeting's rules and roster; all faults
// are reported, joined.
func (b *Blank) Check(m *Meeting) error {
	var faults []error
	check := func(ok bool, zh, en string, args ...any) {
		if !ok {
			faults = append(faults, Errorf(CodeForm, zh, en, append([]any{b.Group}, args...)...))
		}
	}
	f := &b.Form
	check(f.Learned != nil && f.Group == b.Group, "%[1]s票的空白票已损坏，请重新上传", "the blank of group %[1]s is damaged: upload it again")
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	unsure := len(f.Learned.Unsure)
	check(unsure == 0, "%[1]s票的空白票还有 %[2]d 处存疑，须逐一确定", "the blank of group %[1]s leaves %[2]d things unsure: settle them", unsure)
	check(f.Learned.Confirmed, "%[1]s票的空白票尚未确认", "the blank of group %[1]s is not confirmed")
	check(f.Kind == m.Rules.Form, "%[1]s票的空白票是%[2]s，会议规定的是%[3]s", "the blank of group %[1]s is a form of kind %[4]s, the rules say %[5]s",
		f.Kind.Chinese(), m.Rules.Form.Chinese(), f.Kind, m.Rules.Form)
	check(slices.Equal(f.Grades, m.Rules.Grades), "%[1]s票的空白票上等次是 %[2]v，会议规定的是 %[3]v；请改规则或换空白票后重新上传",
		"the blank of group %[1]s has the grades %[2]v, the rules have %[3]v: change the rules, or upload a blank anew", f.Grades, m.Rules.Grades)
	b.checkRows(m, check)
	b.checkRules(m, check)
	if len(faults) == 0 {
		faults = append(faults, f.Validate())
	}
	return errors.Join(faults...)
}

// Chinese is the kind's name for people.
func (k FormKind) Chinese() string {
	if k == SingleForm {
		return "每人一张"
	}
	return "全员一张"
}

const mostNamed = 12 // of those missing on a blank

// checkRows holds rows against the roster, which may have changed since the blank was learned: each subject stands
// on the ballot once, under the same number, name and unit, with one target for each grade.
func (b *Blank) checkRows(m *Meeting, check checker) {
	on := map[int]int{}
	for i := range b.Form.Pages {
		p := &b.Form.Pages[i]
		for _, r := range p.Rows {
			if r.Subject <= 0 {
				continue // unsure, and named as that
			}
			on[r.Subject]++
			s, known := m.Subject(r.Subject)
			check(known && r.Bears(s), "%[1]s票的空白票上第 %[2]d 号是%[3]s（%[4]s），名册上是%[5]s（%[6]s）；名册改过的，请重新上传空白票",
				"on the blank of group %[1]s number %[2]d is %[3]s (%[4]s), in the roster %[5]s (%[6]s): upload the blank anew if the roster has changed", r.Subject, r.Name, r.Org, s.Name, s.Org)
			var grades []string
			for _, t := range p.TargetsOf(r.Subject) {
				grades = append(grades, t.Grade)
			}
			slices.Sort(grades)
			check(slices.Equal(grades, slices.Sorted(slices.Values(b.Form.Grades))), "%[1]s票的空白票上第 %[2]d 号的格子是 %[3]v，不是每个等次一格",
				"on the blank of group %[1]s number %[2]d has cells for %[3]v, not one for each grade", r.Subject, grades)
		}
	}
	var missing []string
	for _, s := range m.Subjects {
		check(on[s.No] < 2, "%[1]s票的空白票上第 %[2]d 号（%[3]s）有 %[4]d 行", "number %[2]d (%[3]s) has %[4]d rows on the blank of group %[1]s", s.No, s.Name, on[s.No])
		if on[s.No] == 0 {
			missing = append(missing, sprintf("%d %s", []any{s.No, s.Name}))
		}
	}
	check(len(missing) == 0, "%[1]s票的空白票上没有名册中的 %[2]d 人：%[3]v", "%[2]d subjects of the roster are not on the blank of group %[1]s: %[3]v",
		len(missing), missing[:min(len(missing), mostNamed)])
}

// checkRules refuses, by name, rules that nobody could keep on such a ballot.
func (b *Blank) checkRules(m *Meeting, check checker) {
	check(m.Rules.Writing != BallotInvalid, "%[1]s票用自制空白票：表外字迹不作识别，规则 writing=ballot_invalid 不能用",
		"group %[1]s has a blank of the office's own, on which nobody looks for writing: rule writing=ballot_invalid cannot apply")
	check(!m.Rules.Layout.CommentBox, "%[1]s票用自制空白票：其上没有可识别的意见栏，请关闭意见栏",
		"group %[1]s has a blank of the office's own, whose comment box is not known: switch the comment box off")
	check(m.Rules.Identity != Serial, "%[1]s票用自制空白票：印不出每张不同的流水号，规则 identity=serial 不能用；请由本程序排印选票",
		"group %[1]s has a blank of the office's own, which is printed as it is: rule identity=serial cannot apply; let Pingyi print the ballot")
	if b.Form.Kind == RosterForm && len(b.Form.Pages) > 2 {
		names := m.Rules.OneLeafRules()
		check(len(names) == 0, "%[1]s票的空白票有 %[2]d 页，一份票分在几张纸上，须一票一张纸的规则不能用：%[3]v",
			"a ballot of group %[1]s has %[2]d pages on several leaves, so that rules that need one leaf a ballot cannot apply: %[3]v", len(b.Form.Pages), names)
	}
}

// checkBlanks checks the blanks of groups that vote, and that paper tells their groups apart.
func (m *Meeting) checkBlanks(blanks []Blank) error {
	var faults []error
	used := m.usedBlanks(blanks)
	for i, b := range used {
		faults = append(faults, b.Check(m))
		for _, o := range used[:i] {
			if samePrint(&o.Form, &b.Form) {
				faults = append(faults, Errorf(CodeForm, "%[1]s票与%[2]s票的空白票完全相同，收回后分不开；请在票上印出票种后重新上传",
					"groups %[1]s and %[2]s have the same blank, and nothing would tell their ballots apart: print the group on each and upload them anew", o.Group, b.Group))
			}
		}
	}
	return errors.Join(faults...)
}

// usedBlanks are the blanks of groups that vote, in the order of the groups.
func (m *Meeting) usedBlanks(blanks []Blank) (used []*Blank) {
	for _, g := range m.EnabledGroups() {
		if i := slices.IndexFunc(blanks, func(b Blank) bool { return b.Group == g.Code }); i >= 0 {
			used = append(used, &blanks[i])
		}
	}
	return used
}

// samePrint tells whether two learned forms have the same pictures of their pages: they are one paper.
func samePrint(a, b *Form) bool {
	return a.Learned != nil && b.Learned != nil && slices.EqualFunc(a.Pages, b.Pages, func(p, q FormPage) bool { return bytes.Equal(p.Print, q.Print) })
}

// seal makes the form of a sealed meeting: each seal has a form id of its own, so that withdrawn forms stay apart.
func (b *Blank) seal(m *Meeting, random io.Reader) (*Form, error) {
	id, err := NewFormID(random)
	if err != nil {
		return nil, err
	}
	f := b.Form
	f.ID, f.Meeting, f.Version, f.Identity = id, m.ID, m.Version, FormCode
	f.Pages = slices.Clone(f.Pages)
	for i := range f.Pages {
		f.Pages[i].CodeText = PageCode{Form: id, Group: f.Group, Page: f.Pages[i].Page}.String()
	}
	return &f, f.Validate()
}

// digest is the SHA-256 of all that is printed and of how it is read.
func (b *Blank) digest() string {
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(b.Form); err != nil {
		panic(err) // plain values only: cannot fail
	}
	for _, p := range b.Pages {
		page := sha256.Sum256(p)
		sum.Write(page[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Readable leaves out withdrawn learned forms whose paper cannot be told from that of one in force, or need not be:
// with both, all of it would be refused. Of two papers that ask the same in the same order, such as one with a slip of
// the pen in its title put right, each is read alike by the form of the other.
func Readable(forms []Form) []Form {
	return slices.DeleteFunc(slices.Clone(forms), func(old Form) bool {
		return old.Withdrawn && slices.ContainsFunc(forms, func(f Form) bool { return !f.Withdrawn && (samePrint(&f, &old) || askAlike(&f, &old)) })
	})
}

// askAlike tells whether two learned forms have the same subjects in the same rows, each with the same grades in the
// same order; units tell people of one name apart. Where they stand on the paper need not be compared: the reader fits it to each paper, and refuses others.
func askAlike(a, b *Form) bool {
	if a.Learned == nil || b.Learned == nil || a.Group != b.Group || a.Learned.GradesDown != b.Learned.GradesDown || a.Learned.Words != b.Learned.Words {
		return false
	}
	return slices.EqualFunc(a.Pages, b.Pages, func(p, q FormPage) bool {
		return slices.EqualFunc(p.Rows, q.Rows, func(r, o Row) bool { return r.Subject == o.Subject && r.Name == o.Name && r.Org == o.Org }) &&
			slices.EqualFunc(p.Targets, q.Targets, func(t, o Target) bool { return t.Subject == o.Subject && t.Grade == o.Grade })
	})
}

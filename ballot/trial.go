package ballot

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
)

// A trial run tries printer, pen and scanner before the meeting, with test ballots that can never count: they
// have forms of their own, which no meeting knows, and no secretary's name. The rows say themselves how they
// are to be marked, so that what was read can be compared.

// trialPrefix begins the ids of trial forms; NewFormID draws no such id.
const trialPrefix = "TEST"

// TrialSheets is how many test ballots are printed, marked and scanned.
const TrialSheets = 3

// trialRows is how many rows of a page are to be marked: from the first to the last, evenly spread, so that all
// of the page is tried and few marks suffice.
const trialRows = 6

// IsTrialForm tells whether a form id, as a page code has it, is a trial form's.
func IsTrialForm(id string) bool { return strings.HasPrefix(id, trialPrefix) }

// TrialForm lays out the test ballot of one group: as its ballot is, or, in a draft, would be laid out now, with
// other words. The same meeting gives the same form, and another layout another one: a test ballot of before is
// told from one of now. Nothing of it is stored. The errors are NewForm's, and those of a draft without a roster.
func TrialForm(m *Meeting, g VoterGroup) (*Form, error) {
	if len(m.Subjects) == 0 {
		return nil, Errorf(CodeState, "请先导入名册，再打印试打票", "the meeting has no roster yet: its ballot cannot be laid out")
	}
	test := *m
	test.Title = "试印·不作评议票"
	test.Rules.Layout.Instructions = "试打：请按每行的要求画票；没有要求的行不画。"
	if m.Rules.Form == SingleForm {
		test.Subjects = test.Subjects[:min(TrialSheets, len(test.Subjects))]
	}
	f, err := NewForm(&test, g, strings.NewReader(strings.Repeat("\x00", formIDLength)))
	if err != nil {
		return nil, err
	}
	for i := range f.Pages {
		f.nameTrialRows(&f.Pages[i])
	}
	return f, f.trialID()
}

// nameTrialRows writes into each row what is to be marked there.
func (f *Form) nameTrialRows(p *FormPage) {
	marks := f.TrialMarks(p)
	for i := range p.Rows {
		row := &p.Rows[i]
		row.Name, row.Org = SpacedName("不画"), "（留空）"
		if grade := marks[row.Subject]; grade != "" {
			row.Name, row.Org = SpacedName("请画"), "画√："+grade
		}
	}
	for i := range p.Labels {
		if l := &p.Labels[i]; l.Role == LabelGroup {
			l.Text += "　试打票"
		}
	}
}

// trialID gives the form an id that follows from all that is printed, and its pages the codes of that id.
func (f *Form) trialID() error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	id, err := NewFormID(strings.NewReader(string(sumOf(text))))
	if err != nil {
		return err
	}
	f.ID = trialPrefix + id[len(trialPrefix):]
	for i := range f.Pages {
		p := &f.Pages[i]
		p.CodeText = PageCode{Form: f.ID, Group: f.Group, Page: p.Page}.String()
		for j := range p.Labels {
			if p.Labels[j].Role == LabelIdentity {
				p.Labels[j].Text = p.CodeText
			}
		}
	}
	return f.Validate()
}

func sumOf(text []byte) []byte {
	sum := sha256.Sum256(text)
	return sum[:]
}

// TrialMarks is how the rows of a page of a trial form are to be marked, by subject; rows that are to stay blank
// are not in it. Every grade has its turn.
func (f *Form) TrialMarks(p *FormPage) map[int]string {
	n, marks := len(p.Rows), map[int]string{}
	for k := range min(trialRows, n) {
		at := 0
		if n > 1 {
			at = k * (n - 1) / (min(trialRows, n) - 1)
		}
		marks[p.Rows[at].Subject] = f.Grades[(k+p.Page-1)%len(f.Grades)]
	}
	return marks
}

// TrialCopies is how many copies of a trial form are printed: on single forms a copy is a packet of several leaves.
func (f *Form) TrialCopies() int {
	if f.Kind == SingleForm {
		return 1
	}
	return TrialSheets
}

// TrialLeaves is how many sheets of paper a trial run prints.
func (f *Form) TrialLeaves() int { return f.TrialCopies() * f.Leaves() }

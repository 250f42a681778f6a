package tally

import (
	"fmt"
	"sort"

	"pingyi/ballot"
)

// Count makes the figures of a meeting. It refuses, with a ballot.Error that says what to do, an unbalanced
// ledger, a ledger that disagrees with the leaves or with the sealed roll, a leaf that stands twice, a
// row that still waits for a person, and a leaf that is not of this meeting.
func Count(in Input) (*Result, error) {
	if err := in.Ledger.Balance(); err != nil {
		return nil, err
	}
	b, err := newBox(&in.Meeting)
	if err != nil {
		return nil, err
	}
	if err := b.take(in.Leaves, in.Void); err != nil {
		return nil, err
	}
	if err := b.checkLedger(in.Ledger); err != nil {
		return nil, err
	}
	comments, err := b.comments(in.Comments)
	if err != nil {
		return nil, err
	}
	r := b.result(in.Ledger)
	if !r.LedgerOnly {
		r.Comments = comments
	}
	return r, nil
}

// Ballots counts valid and invalid leaves per group (and subject on single forms) as the ledger holds
// them. Errors are those of Count about leaves.
func Ballots(m ballot.Meeting, leaves []ballot.Leaf, void []ballot.GroupCount) (valid, invalid []ballot.GroupCount, err error) {
	b, err := newBox(&m)
	if err != nil {
		return nil, nil, err
	}
	if err := b.take(leaves, void); err != nil {
		return nil, nil, err
	}
	return groupCounts(b.valid), groupCounts(b.invalid), nil
}

// part is a line of the ballot count: subject is 0 on roster forms.
type part struct {
	group   string
	subject int
}

// box is the ballot box: raw counts before small groups are joined. It never leaves this package.
type box struct {
	meeting  *ballot.Meeting
	groups   []ballot.VoterGroup
	group    map[string]int // index by code
	subject  map[int]int    // index by roster number
	grade    map[string]int
	raw      [][]Table // by group, subject; figures not filled in
	valid    map[part]int
	invalid  map[part]int
	flags    map[string]int
	invalids map[string]int  // by rule
	partial  map[string]bool // groups of which a ballot is several leaves
}

func newBox(m *ballot.Meeting) (*box, error) {
	b := &box{meeting: m, groups: m.EnabledGroups(), group: map[string]int{}, subject: map[int]int{}, grade: map[string]int{},
		valid: map[part]int{}, invalid: map[part]int{}, flags: map[string]int{}, invalids: map[string]int{}, partial: map[string]bool{}}
	if err := m.Rules.Validate(); err != nil {
		return nil, err
	}
	if err := ballot.ValidateWeights(m.Groups); err != nil {
		return nil, err
	}
	for i, g := range m.Rules.Grades {
		b.grade[g] = i
	}
	for i, s := range m.Subjects {
		b.subject[s.No] = i
	}
	for i, g := range b.groups {
		b.group[g.Code] = i
		b.raw = append(b.raw, make([]Table, len(m.Subjects)))
		for j := range b.raw[i] {
			b.raw[i][j].Counts = make([]int, len(m.Rules.Grades))
		}
	}
	return b, nil
}

// take counts all leaves.
func (b *box) take(leaves []ballot.Leaf, void []ballot.GroupCount) error {
	seen := make(map[string]bool, len(leaves))
	for _, l := range leaves {
		if l.ID == "" || seen[l.ID] {
			return ballot.Errorf(ballot.CodeConflict, "票“%s”没有编号或重复计入", "leaf %q has no id or is counted twice", l.ID)
		}
		seen[l.ID] = true
		if err := b.check(l); err != nil {
			return err
		}
		b.leaf(l)
	}
	for _, v := range void {
		if err := b.void(v); err != nil {
			return err
		}
	}
	return nil
}

// check refuses a leaf that cannot be counted.
func (b *box) check(l ballot.Leaf) error {
	bad := func(zh, en string, args ...any) error {
		e := ballot.Errorf(ballot.CodeInvalid, zh, en, args...)
		e.Chinese, e.English = "票“"+l.ID+"”"+e.Chinese, "leaf "+l.ID+": "+e.English
		return e
	}
	if _, ok := b.group[l.Group]; !ok {
		return bad("属于本次会议没有的票种“%s”", "voter group %q does not vote in this meeting", l.Group)
	}
	single := b.meeting.Rules.Form == ballot.SingleForm
	switch n := len(l.Rows); {
	case n == 0, single && n != 1:
		return bad("有 %d 行，与票样不符", "%d rows do not fit the form", n)
	case l.Whole && !single && n != len(b.meeting.Subjects):
		return bad("有 %[1]d 行，名册有 %[2]d 人", "%[1]d rows for %[2]d subjects", n, len(b.meeting.Subjects))
	case !l.Whole && len(b.meeting.Rules.OneLeafRules()) > 0:
		return bad("不是整张票，须一票一张纸的规则无法执行", "not a whole ballot, so rules that need one leaf a ballot cannot apply")
	}
	rows := make(map[int]bool, len(l.Rows))
	for _, row := range l.Rows {
		if _, ok := b.subject[row.Subject]; !ok || rows[row.Subject] {
			return bad("%d号不在名册中或重复", "subject %d is not on the roster or stands twice", row.Subject)
		}
		rows[row.Subject] = true
		if l.Aside {
			continue
		}
		switch v := row.Verdict; v.Kind {
		case ballot.IsBlank, ballot.IsOvervote, ballot.IsInvalid:
		case ballot.IsGrade:
			if _, ok := b.grade[v.Grade]; !ok {
				return bad("%[1]d号的等次“%[2]s”不在等次表中", "subject %[1]d has grade %[2]q, which is not in the scale", row.Subject, v.Grade)
			}
		default:
			return ballot.Errorf(ballot.CodeUnresolved, "票“%[1]s”%[2]d号待复核，不能计入", "leaf %[1]s: subject %[2]d still waits for a person and cannot be counted", l.ID, row.Subject)
		}
	}
	return nil
}

// leaf counts a checked leaf under the rules.
func (b *box) leaf(l ballot.Leaf) {
	tables, key := b.raw[b.group[l.Group]], part{group: l.Group}
	if b.meeting.Rules.Form == ballot.SingleForm {
		key.subject = l.Rows[0].Subject
	} else if !l.Whole {
		b.partial[l.Group] = true
	}
	for _, row := range l.Rows {
		tables[b.subject[row.Subject]].Returned++
	}
	as := l.Interpret(b.meeting.Rules)
	for _, rule := range as.Flags {
		b.flags[rule]++
	}
	if !as.Valid {
		b.invalid[key]++
		b.invalids[as.Reason]++
		return
	}
	b.valid[key]++
	for _, row := range as.Rows {
		t := &tables[b.subject[row.Subject]]
		t.Valid++
		switch row.Verdict.Kind {
		case ballot.IsGrade:
			t.Counts[b.grade[row.Verdict.Grade]]++
		case ballot.IsBlank:
			t.Blank++
		default:
			t.Invalid++
		}
	}
}

// void counts leaves that were set aside as invalid.
func (b *box) void(v ballot.GroupCount) error {
	i, known := b.group[v.Group]
	j, listed := b.subject[v.Subject]
	single := b.meeting.Rules.Form == ballot.SingleForm
	if !known || v.Leaves < 0 || single != listed || !single && v.Subject != 0 {
		return ballot.Errorf(ballot.CodeInvalid, "无效票的登记有误：%[1]s票 %[2]d号 %[3]d 张", "void leaves of group %[1]q subject %[2]d number %[3]d: not of this meeting",
			v.Group, v.Subject, v.Leaves)
	}
	if v.Leaves == 0 {
		return nil
	}
	b.invalid[part{v.Group, v.Subject}] += v.Leaves
	b.invalids[ballot.VoidRule] += v.Leaves
	if single {
		b.raw[i][j].Returned += v.Leaves
		return nil
	}
	if b.partial[v.Group] {
		return nil // nobody knows which subjects were on it
	}
	for j := range b.raw[i] {
		b.raw[i][j].Returned += v.Leaves
	}
	return nil
}

// comments checks that each is about a subject of the meeting, or about the meeting itself.
func (b *box) comments(all []ballot.SubjectComments) ([]ballot.SubjectComments, error) {
	for _, c := range all {
		_, known := b.subject[c.Subject]
		if single := b.meeting.Rules.Form == ballot.SingleForm; single != known || !single && c.Subject != 0 {
			return nil, ballot.Errorf(ballot.CodeInvalid, "有 %[2]d 条意见所属的 %[1]d 号不在名册中", "%[2]d comments are about subject %[1]d, who is not on the roster", c.Subject, len(c.Texts))
		}
	}
	return append([]ballot.SubjectComments{}, all...), nil
}

// size is the valid ballots of groups together: the fewest of any subject, since each subject's table must hide its
// voters, and void ballots hide nobody. A subject without any ballot in them hides nothing and does not count.
func (b *box) size(members []int) int {
	fewest := 0
	for j := range b.meeting.Subjects {
		n := 0
		for _, i := range members {
			n += b.raw[i][j].Valid
		}
		if n > 0 && (fewest == 0 || n < fewest) {
			fewest = n
		}
	}
	return fewest
}

// result joins small groups and computes every figure.
func (b *box) result(l ballot.Ledger) *Result {
	m := b.meeting
	pools, enough := join(b.groups, b.size, m.Rules.SmallGroup)
	r := &Result{
		Meeting: Meeting{m.ID, m.Title, m.Organiser, m.Date, m.Version, m.SealHash}, Rules: m.Rules,
		LedgerOnly: !enough, Groups: joined(b.groups, pools), RankedBy: RankedByGood,
		Subjects: []Subject{}, Summaries: []Summary{}, Distribution: []Band{}, Flags: []RuleCount{}, InvalidBy: []RuleCount{},
		Comments: []ballot.SubjectComments{},
	}
	b.ledger(r, l)
	if r.LedgerOnly {
		return r
	}
	if len(m.Rules.Scores) > 0 {
		r.RankedBy = RankedByScore
	}
	for j, s := range m.Subjects {
		r.Subjects = append(r.Subjects, b.subjectLine(r, s, j, pools))
	}
	r.rank()
	r.Summaries, r.Distribution = r.summaries(), r.distribution()
	r.Flags, r.InvalidBy = ruleCounts(b.flags), ruleCounts(b.invalids)
	r.order(m.Rules.Order)
	return r
}

// subjectLine computes one subject's tables and weighted figures.
func (b *box) subjectLine(r *Result, s ballot.Subject, j int, pools [][]int) Subject {
	out := Subject{No: s.No, Name: s.Name, Org: s.Org, Post: s.Post, Mode: s.Mode, Delegate: s.Delegate, Overall: newTable("", r.Rules)}
	for p, members := range pools {
		t, expected := newTable(r.Groups[p].Code, r.Rules), 0
		for _, i := range members {
			t.add(b.raw[i][j])
			expected += b.groups[i].Expected()
		}
		t.Denominator = denominator(r.Rules.Denominator, t, expected)
		t.fill(r.Rules)
		out.Groups = append(out.Groups, t)
		out.Overall.add(t)
	}
	out.Overall.fill(r.Rules)
	if len(r.Rules.Scores) > 0 {
		out.Score = weigh(r.Groups, out.Groups, 1, r.Rules.Decimals, func(t Table) *Fraction { return t.Score })
	}
	out.Good = weigh(r.Groups, out.Groups, 100, r.Rules.Decimals, func(t Table) *Fraction { return &t.Good })
	out.Alerts = alerts(r.Rules, out.Overall)
	return out
}

func newTable(group string, rules ballot.Rules) Table {
	return Table{Group: group, Counts: make([]int, len(rules.Grades))}
}

// denominator is what the rates of a table are shares of.
func denominator(of ballot.Denominator, t Table, expected int) int {
	switch of {
	case ballot.OfExpected:
		return expected
	case ballot.OfReturned:
		return t.Returned
	case ballot.OfValidMarked:
		return t.Valid - t.Blank
	}
	return t.Valid
}

func ruleCounts(by map[string]int) []RuleCount {
	out := []RuleCount{}
	for rule, n := range by {
		out = append(out, RuleCount{rule, n})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Rule < out[j].Rule })
	return out
}

func groupCounts(by map[part]int) []ballot.GroupCount {
	out := []ballot.GroupCount{}
	for p, n := range by {
		out = append(out, ballot.GroupCount{Group: p.group, Subject: p.subject, Leaves: n})
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Group < out[j].Group || out[i].Group == out[j].Group && out[i].Subject < out[j].Subject
	})
	return out
}

func (p part) String() string {
	if p.subject == 0 {
		return p.group + "票"
	}
	return fmt.Sprintf("%s票%d号", p.group, p.subject)
}

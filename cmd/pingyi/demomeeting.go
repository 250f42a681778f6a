package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/scans/synth"
	"pingyi/tally"
)

// demoMeeting is one meeting of the demo, with what its paper says.
type demoMeeting struct {
	*demo
	path   string // of the meeting under /api/v1
	id     string
	stacks map[string]*paperStack // by group
	truth  []demoBallot           // every ballot that was returned
}

// sourceMeeting plays the source meeting from roster to released results.
func (d *demo) sourceMeeting() error {
	d.say("== 源会议 the source meeting: 72 secretaries, 7 oral and 65 written, groups A, B, C")
	m, err := d.create("2025年度地直机关党组织书记抓基层党建工作述职评议表")
	if err != nil {
		return err
	}
	rules := ballot.DefaultRules()
	rules.Scores = []int{100, 80, 60, 40}
	rules.Alerts = []ballot.Alert{{Grades: rules.Grades[:2], BelowThirds: 2, Text: "“好”与“较好”合计不足三分之二，建议关注"}}
	groups := []ballot.VoterGroup{
		{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 40, JoinWith: "B"},
		{Code: "B", Name: "直属党组织书记", Categories: []string{"直属党组织书记"}, Weight: 40, JoinWith: "A"},
		{Code: "C", Name: "地委指导组", Categories: []string{"地委指导组"}, Weight: 20, JoinWith: "A"}}
	if err := m.setUp(rules, groups, "roster.csv", true); err != nil {
		return err
	}
	d.say("-- 各单位党务工作者不参与画票 an excluded category asks for ballots")
	if err := d.refused(ballot.CodeExcluded, "printing", "GET", m.path+"/print?group="+escape("党务工作者"), nil); err != nil {
		return err
	}
	if err := m.prepareStacks(); err != nil {
		return err
	}
	counts, err := m.copyAndCount()
	if err != nil {
		return err
	}
	d.say("-- 清点 hand counts, two persons each; one secretary absent, one ballot spoiled")
	for key, fields := range counts {
		if err := m.count(key, fields); err != nil {
			return err
		}
	}
	if err := m.scanAll(counts); err != nil {
		return err
	}
	if err := m.decideAll(); err != nil {
		return err
	}
	if err := m.breakAndMend(counts); err != nil {
		return err
	}
	if err := m.release(); err != nil {
		return err
	}
	return m.compare("source")
}

// copyAndCount has three more ballots copied than people are expected, and gives the hand counts: one secretary is absent;
// one voter of group A spoils a ballot and is given a spare.
func (m *demoMeeting) copyAndCount() (map[ballot.LedgerKey]map[ballot.LedgerField]int, error) {
	counts := map[ballot.LedgerKey]map[ballot.LedgerField]int{}
	meeting, err := m.meeting()
	if err != nil {
		return nil, err
	}
	for _, g := range meeting.Groups {
		if err := m.do("printing", "POST", m.path+"/print/copied", map[string]any{"group": g.Code, "copies": g.Expected() + 3}, nil); err != nil {
			return nil, err
		}
		for v, people := range g.Headcount {
			present, spoiled := people, 0
			if g.Code == "B" && v == "1" {
				present-- // the absent secretary; the delegate who speaks gets no ballot by it
			}
			if g.Code == "A" && v == "1" {
				spoiled = 1
			}
			counts[ballot.LedgerKey{Venue: v, Group: g.Code}] = map[ballot.LedgerField]int{ballot.Present: present,
				ballot.Issued: present + spoiled, ballot.Spoiled: spoiled, ballot.NotReturned: 0, ballot.Returned: present}
		}
	}
	return counts, nil
}

// singleMeeting plays a short meeting with one leaf a secretary.
func (d *demo) singleMeeting() error {
	d.say("")
	d.say("== 每人一票的会议 a short meeting of single forms: 6 secretaries, groups A, B")
	m, err := d.create("2025年度党组织书记述职评议票")
	if err != nil {
		return err
	}
	rules := ballot.DefaultRules()
	rules.Form, rules.Layout.Paper, rules.Layout.CommentBox = ballot.SingleForm, "A5", true
	groups := []ballot.VoterGroup{
		{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 60, JoinWith: "B", Headcount: map[string]int{"1": 8}},
		{Code: "B", Name: "直属党组织书记", Categories: []string{"直属党组织书记"}, Weight: 40, JoinWith: "A", Headcount: map[string]int{"1": 9}}}
	if err := m.setUp(rules, groups, "single.csv", false); err != nil {
		return err
	}
	if err := m.prepareStacks(); err != nil {
		return err
	}
	meeting, err := m.meeting()
	if err != nil {
		return err
	}
	counts := map[ballot.LedgerKey]map[ballot.LedgerField]int{}
	for _, g := range meeting.Groups {
		for _, s := range meeting.Subjects {
			n := g.Headcount["1"]
			counts[ballot.LedgerKey{Venue: "1", Group: g.Code, Subject: s.No}] = map[ballot.LedgerField]int{
				ballot.Present: n, ballot.Issued: n, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: n}
		}
	}
	for key, fields := range counts {
		if err := m.count(key, fields); err != nil {
			return err
		}
	}
	if err := m.scanAll(counts); err != nil {
		return err
	}
	if err := m.decideAll(); err != nil {
		return err
	}
	if err := m.release(); err != nil {
		return err
	}
	return m.compare("single")
}

// create makes a draft.
func (d *demo) create(title string) (*demoMeeting, error) {
	var made ballot.Meeting
	in := map[string]string{"title": title, "organiser": "中共地直机关工作委员会", "date": "2026-01-15"}
	if err := d.do("admin", "POST", "/meetings", in, &made); err != nil {
		return nil, err
	}
	return &demoMeeting{demo: d, id: made.ID, path: "/meetings/" + made.ID, stacks: map[string]*paperStack{}}, nil
}

func (m *demoMeeting) meeting() (ballot.Meeting, error) {
	var out ballot.Meeting
	return out, m.do("admin", "GET", m.path, nil, &out)
}

// setUp fills in the draft, seals and opens it.
func (m *demoMeeting) setUp(rules ballot.Rules, groups []ballot.VoterGroup, roster string, roll bool) error {
	venues := []ballot.Venue{{Code: "1", Name: "主会场"}}
	if roll {
		venues = append(venues, ballot.Venue{Code: "2", Name: "分会场"})
	}
	if err := m.putRules(rules, groups, venues); err != nil {
		return err
	}
	data, err := demoFiles.ReadFile("demo/" + roster)
	if err != nil {
		return err
	}
	if err := m.users["admin"].upload(m.ctx, m.path+"/roster", roster, data, nil); err != nil {
		return fmt.Errorf("roster: %w", err)
	}
	if roll {
		if err := m.roll(); err != nil {
			return err
		}
	}
	return m.sealAndOpen()
}

func (m *demoMeeting) putRules(rules ballot.Rules, groups []ballot.VoterGroup, venues []ballot.Venue) error {
	steps := []struct {
		path string
		body any
	}{{"/rules", rules}, {"/venues", api.Venues{Venues: venues}}, {"/groups", api.Groups{Groups: groups, Excluded: ballot.DefaultExcluded()}}}
	for _, s := range steps {
		if err := m.do("admin", "PUT", m.path+s.path, s.body, nil); err != nil {
			return err
		}
	}
	return nil
}

func (m *demoMeeting) sealAndOpen() error {
	for _, act := range []string{"/seal", "/open"} {
		if err := m.do("admin", "POST", m.path+act, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// roll turns the sign-in roll into headcounts; who is excluded and why is in the reply alone.
func (m *demoMeeting) roll() error {
	data, err := demoFiles.ReadFile("demo/roll.csv")
	if err != nil {
		return err
	}
	var reply ballot.RollResult
	if err := m.users["admin"].upload(m.ctx, m.path+"/roll", "roll.csv", data, &reply); err != nil {
		return fmt.Errorf("roll: %w", err)
	}
	reasons := map[string]int{}
	for _, x := range reply.Excluded {
		reasons[x.Reason]++
	}
	m.say("-- 签到名册 roll: headcounts %v", reply.Headcount)
	for reason, n := range reasons {
		m.say("   不参与画票 excluded: %d × %s", n, reason)
	}
	return nil
}

func (m *demoMeeting) prepareStacks() error {
	var file ballot.FormsFile
	if err := m.do("printing", "GET", m.path+"/forms", nil, &file); err != nil {
		return err
	}
	folder := filepath.Join(m.app.config.data, "documents")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for i := range file.Forms {
		f := &file.Forms[i]
		stack, err := printForm(f, m.app.fonts, folder, m.seed+uint64(i)+uint64(len(m.truth)))
		if err != nil {
			return err
		}
		if err := stack.writeComments(m.app.fonts); err != nil {
			return err
		}
		m.stacks[f.Group] = stack
	}
	return nil
}

// count types numbers as two persons do.
func (m *demoMeeting) count(key ballot.LedgerKey, fields map[ballot.LedgerField]int) error {
	for _, f := range ballot.LedgerFields() {
		first := "printing"
		if f == ballot.NotReturned || f == ballot.Returned {
			first = "scanning"
		}
		in := api.Count{Venue: key.Venue, Group: key.Group, Subject: key.Subject, Field: f, Value: fields[f]}
		if err := m.do(first, "POST", m.path+"/ledger/entries", in, nil); err != nil {
			return err
		}
		if err := m.do("scrutineer1", "POST", m.path+"/ledger/confirmations", in, nil); err != nil {
			return err
		}
	}
	return nil
}

// decideAll decides every unclear row as a scrutineer who sees it would, from the truth.
func (m *demoMeeting) decideAll() error {
	decided := 0
	for {
		var q api.Queue
		if err := m.do("scrutineer1", "GET", m.path+"/adjudication?limit=100", nil, &q); err != nil {
			return err
		}
		if len(q.Rows) == 0 {
			break
		}
		for _, row := range q.Rows {
			t, err := m.truthOf(row)
			if err != nil {
				return err
			}
			v := humanVerdict(t)
			in := map[string]any{"kind": v.Kind, "grade": v.Grade, "reason": "seen on paper: " + t.Kind}
			path := fmt.Sprintf("%s/pages/%s/rows/%d/decisions", m.path, row.Page, row.Subject)
			if err := m.do("scrutineer1", "POST", path, in, nil); err != nil {
				return err
			}
			decided++
		}
	}
	m.stats.unclear += decided
	for _, b := range m.truth {
		m.stats.rows += len(b.truth)
	}
	m.say("-- 复核 %d unclear rows decided", decided)
	return nil
}

// truthOf finds the ballot that a page is of, as nobody but the demo can: by the votes that were read
// clearly on it.
func (m *demoMeeting) truthOf(row api.QueueRow) (synth.Truth, error) {
	var page api.Page
	if err := m.do("scrutineer1", "GET", m.path+"/pages/"+row.Page, nil, &page); err != nil {
		return synth.Truth{}, err
	}
	found := map[string]synth.Truth{}
	for _, b := range m.truth {
		if b.group == row.Group && agrees(b, page) {
			t := b.truth[row.Subject]
			t.Shape, t.Pen = "", ""
			found[fmt.Sprint(humanVerdict(t))] = t
		}
	}
	if len(page.Rows) == 1 { // a single form has nothing else on it: what stands on the paper is measured
		return m.singleTruth(row)
	}
	if len(found) != 1 {
		return synth.Truth{}, fmt.Errorf("page %s: %d readings of the truth fit", row.Page, len(found))
	}
	for _, t := range found {
		return t, nil
	}
	panic("unreachable")
}

func agrees(b demoBallot, page api.Page) bool {
	for _, r := range page.Rows {
		if r.Machine.Kind != ballot.IsUnclear && humanVerdict(b.truth[r.Subject]) != (ballot.Verdict{Kind: r.Machine.Kind, Grade: r.Machine.Grade}) {
			return false
		}
	}
	return true
}

// compare holds every figure of the released result against the truth.
func (m *demoMeeting) compare(name string) error {
	var r tally.Result
	if err := m.do("committee1", "GET", m.path+"/results", nil, &r); err != nil {
		return err
	}
	if err := compareCounts(&r, m.truth); err != nil {
		return err
	}
	if err := m.compareComments(&r); err != nil {
		return err
	}
	m.say("  ✓ %s", r.Total.Sentence)
	m.say("  ✓ 合计与真值一致: %d subjects × %d groups, every count equals the truth", len(r.Subjects), len(r.Groups))
	if err := m.file(name+"-statement.pdf", "committee1", m.path+"/statement"); err != nil {
		return err
	}
	return m.file(name+"-summary.xlsx", "committee1", m.path+"/summary?format=xlsx")
}

// compareCounts holds every count of every subject and group against what was marked.
func compareCounts(r *tally.Result, truth []demoBallot) error {
	want := countTruth(truth)
	var faults []string
	for _, s := range r.Subjects {
		for _, t := range s.Groups {
			got := map[string]int{expectBlank: t.Blank, expectInvalid: t.Invalid}
			for i, g := range r.Rules.Grades {
				got[g] = t.Counts[i]
			}
			for what, n := range got {
				if w := want[t.Group][s.No][what]; w != n {
					faults = append(faults, fmt.Sprintf("%d 号 %s %s票 %q: counted %d, truth %d", s.No, s.Name, t.Group, what, n, w))
				}
			}
		}
	}
	if len(r.Subjects) == 0 || len(faults) > 0 {
		return fmt.Errorf("%d figures differ from the truth: %s", len(faults), strings.Join(faults, "; "))
	}
	return nil
}

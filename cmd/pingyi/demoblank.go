package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/scans/raster"
)

// ownBlank is a ballot that an office made itself: whom its rows hold is what a clerk reads on the paper.
type ownBlank struct {
	name   string // of the file
	data   []byte
	kind   ballot.FormKind
	grades []string
	first  int // roster number of the first row; the others follow
	rows   int
	voters int
	reseal bool // sealed, unsealed and sealed again: the same paper stands for two forms, of which one is withdrawn
}

// blankMeeting plays a short meeting whose ballot the office made in Word.
func (d *demo) blankMeeting() error {
	d.say("")
	d.say("== 自制空白票的会议 a short meeting whose ballot the office made itself: 12 secretaries, group A")
	data, err := demoFiles.ReadFile("demo/blank.pdf")
	if err != nil {
		return err
	}
	return d.playBlank(ownBlank{name: "blank.pdf", data: data, kind: ballot.RosterForm, grades: ballot.DefaultRules().Grades, first: 1, rows: 12, voters: 9})
}

func (d *demo) playBlank(o ownBlank) error {
	m, err := d.create("年度述职评议会（自制票）")
	if err != nil {
		return err
	}
	if err := m.draftFor(o); err != nil {
		return err
	}
	if err := m.learnBlank(o, "A"); err != nil {
		return err
	}
	if o.reseal {
		for _, act := range []string{"/seal", "/unseal"} {
			if err := m.do("admin", "POST", m.path+act, nil, nil); err != nil {
				return err
			}
		}
	}
	if err := m.sealAndOpen(); err != nil {
		return err
	}
	if err := m.printBlank(); err != nil {
		return err
	}
	meeting, err := m.meeting()
	if err != nil {
		return err
	}
	fields := map[ballot.LedgerField]int{ballot.Present: o.voters, ballot.Issued: o.voters, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: o.voters}
	if o.kind == ballot.RosterForm {
		meeting.Subjects = make([]ballot.Subject, 1) // counted as a whole, under no number
	}
	for _, s := range meeting.Subjects {
		if err := m.count(ballot.LedgerKey{Venue: "1", Group: "A", Subject: s.No}, fields); err != nil {
			return err
		}
	}
	if err := m.feedBlank(o.voters); err != nil {
		return err
	}
	if err := m.decideAll(); err != nil {
		return err
	}
	if err := m.release(); err != nil {
		return err
	}
	return m.compare("blank-" + string(o.kind))
}

// draftFor fills in a draft with the secretaries who stand on the blank.
func (m *demoMeeting) draftFor(o ownBlank) error {
	rules := ballot.DefaultRules()
	rules.Form, rules.Grades = o.kind, o.grades
	groups := []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"1": o.voters}}}
	if err := m.putRules(rules, groups, []ballot.Venue{{Code: "1", Name: "主会场"}}); err != nil {
		return err
	}
	data, err := demoFiles.ReadFile("demo/roster.csv")
	if err != nil {
		return err
	}
	subjects, err := sheet.ReadRoster("roster.csv", data)
	if err != nil {
		return err
	}
	return m.do("admin", "PUT", m.path+"/roster", api.Roster{Subjects: subjects[o.first-1 : o.first-1+o.rows]}, nil)
}

// learnBlank uploads a blank, settles what is unsure as a clerk does who has the paper at hand, and confirms.
func (m *demoMeeting) learnBlank(o ownBlank, group string) error {
	path := m.path + "/blanks/" + group
	var p api.BlankProposal
	if err := m.users["admin"].upload(m.ctx, path, o.name, o.data, &p); err != nil {
		return fmt.Errorf("blank: %w", err)
	}
	m.say("-- 识得空白票 %s: %d pages, %d things unsure", p.Source, p.Pages, p.Open)
	if p.Open > 0 {
		if err := m.refused(ballot.CodeForm, "admin", "POST", path+"/confirm", nil); err != nil {
			return err
		}
	}
	settle := func(key, value string) error {
		m.say("   确定 settled: %s = %s", key, value)
		return m.do("admin", "POST", path+"/settlements", map[string]string{"key": key, "value": value}, nil)
	}
	for _, c := range p.Columns {
		if err := settle(c.Key, c.Best); err != nil {
			return err
		}
	}
	no := o.first
	for _, s := range p.Sheets {
		for _, r := range s.Rows {
			if r.Subject == 0 {
				if err := settle(r.Key, strconv.Itoa(no)); err != nil {
					return err
				}
			} else if r.Subject != no {
				return fmt.Errorf("%s was matched with number %d and holds %d", r.Key, r.Subject, no)
			}
			no++
		}
	}
	return m.do("admin", "POST", path+"/confirm", nil, nil)
}

// printBlank prints the ballots and draws the pages that come out.
func (m *demoMeeting) printBlank() error {
	var file ballot.FormsFile
	if err := m.do("printing", "GET", m.path+"/forms", nil, &file); err != nil {
		return err
	}
	printed, err := m.users["printing"].send(m.ctx, "GET", m.path+"/print?group=A", "", nil)
	if err != nil {
		return err
	}
	folder := filepath.Join(m.app.config.data, "documents", "blank-"+string(file.Forms[0].Kind))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	m.stacks["A"], err = stackOf(&file.Forms[0], printed, folder, m.seed+77)
	return err
}

// feedBlank scans the stack; pages that are refused are scanned again, as staff do.
func (m *demoMeeting) feedBlank(n int) error {
	stack := m.stacks["A"]
	for i := range n {
		m.truth = append(m.truth, stack.vote("1", i))
	}
	var batch api.Batch
	if err := m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch); err != nil {
		return err
	}
	path := m.path + "/batches/" + batch.ID
	pages := len(stack.form.Pages)
	var waiting []int // images still to be scanned, by their place in the stack
	for i := range n * pages {
		waiting = append(waiting, i)
	}
	for again := 0; len(waiting) > 0; again++ {
		if again == 4 {
			return fmt.Errorf("%d pages are refused again and again", len(waiting))
		}
		var pictures [][]byte
		for _, i := range waiting {
			data, err := raster.EncodeJPEG(stack.scanPage(m.truth[i/pages], i%pages, again, nil), 75)
			if err != nil {
				return err
			}
			pictures = append(pictures, data)
		}
		data, err := zipOf(pictures)
		if err != nil {
			return err
		}
		if err := m.read(path, fmt.Sprintf("stack%d.zip", again), data); err != nil {
			return err
		}
		if waiting, err = m.refusedOf(path, waiting); err != nil {
			return err
		}
	}
	return m.closeBatch(path, "A", "1")
}

// refusedOf lists which of the images scanned last were refused, and says that their paper is scanned again.
func (m *demoMeeting) refusedOf(path string, scanned []int) (again []int, err error) {
	var list api.BatchPageList
	if err := m.do("scanning", "GET", path+"/pages", nil, &list); err != nil {
		return nil, err
	}
	for _, p := range list.Pages {
		if p.State != ballot.PageRejected || p.Disposal != ballot.Undisposed {
			continue
		}
		at, err := strconv.Atoi(p.ID[strings.LastIndexByte(p.ID, '-')+1:])
		if err != nil || at >= len(scanned) {
			return nil, fmt.Errorf("image %s is none of those scanned", p.ID)
		}
		m.say("  ✗ 退回 rejected: %s %s", p.Reason, p.Facts)
		again = append(again, scanned[at])
		m.stats.rejected++
		m.stats.pages++
		if err := m.do("scanning", "POST", path+"/pages/"+p.ID+"/disposal", map[string]string{"disposal": "rescanned"}, nil); err != nil {
			return nil, err
		}
	}
	return again, nil
}

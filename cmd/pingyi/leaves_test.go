package main

import (
	"errors"
	"strings"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/tally"
)

// TestSeveralLeaves plays a meeting whose ballot is more than one leaf, from sealing to released figures. What is given out
// and comes back is counted in leaves, and one voter keeps a leaf: each subject's figures are of the leaves with it.
func TestSeveralLeaves(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	check := h.check
	const voters = 6
	m, err := h.rosterMeeting(ballot.DefaultRules(), voters, 150)
	check(err)
	var file ballot.FormsFile
	check(m.do("printing", "GET", m.path+"/forms", nil, &file))
	f := &file.Forms[0]
	if f.Leaves() != 2 || !f.TwoSided {
		t.Fatalf("a ballot of %d leaves, %d pages: the test is of 2", f.Leaves(), len(f.Pages))
	}
	m.stacks["A"], err = printForm(f, h.app.fonts, h.data, 5)
	check(err)
	m.truth = m.differentBallots(voters)
	pictures, err := m.stacks["A"].scan(m.truth, 0, nil)
	check(err)
	kept := f.Pages[2:] // that the last voter does not return
	pictures = pictures[:len(pictures)-len(kept)]
	for _, p := range kept {
		for _, row := range p.Rows {
			delete(m.truth[voters-1].truth, row.Subject)
		}
	}

	key := ballot.LedgerKey{Venue: "1", Group: "A"}
	check(m.count(key, map[ballot.LedgerField]int{ballot.Present: voters, ballot.Issued: 12, ballot.Spoiled: 0, ballot.NotReturned: 1, ballot.Returned: 11}))
	archive, err := zipOf(pictures)
	check(err)
	var batch api.Batch
	check(m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	check(m.read(m.path+"/batches/"+batch.ID, "stack.zip", archive))
	check(m.closeBatch(m.path+"/batches/"+batch.ID, "A", "1"))
	check(m.decideAll())

	// Numbers that fit each other, but for five people: eleven leaves are more than five ballots.
	check(m.count(key, map[ballot.LedgerField]int{ballot.Present: 5, ballot.Issued: 12, ballot.Spoiled: 0, ballot.NotReturned: 1, ballot.Returned: 11}))
	var refused *problem
	if err := m.do("scrutineer1", "POST", m.path+"/balance", nil, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "收回 11 多于实到 5") {
		t.Fatalf("eleven leaves of five people: %v", err)
	}
	check(m.count(key, map[ballot.LedgerField]int{ballot.Present: voters, ballot.Issued: 12, ballot.Spoiled: 0, ballot.NotReturned: 1, ballot.Returned: 11}))
	check(m.finish())
	check(m.compare("leaves"))
	var r tally.Result
	check(m.do("committee1", "GET", m.path+"/results", nil, &r))
	if want := "应到 6 人，实到 6 人；发出评议票 12 张（每份 2 张），未收回 1 张，收回 11 张，有效 11 张，无效 0 张。"; r.Total.Sentence != want {
		t.Errorf("%s, want %s", r.Total.Sentence, want)
	}
	first, last := r.Subjects[0].Overall, r.Subjects[len(r.Subjects)-1].Overall
	if first.Denominator != voters || last.Denominator != voters-1 {
		t.Errorf("rates are of %d and %d ballots, want %d and %d", first.Denominator, last.Denominator, voters, voters-1)
	}
}

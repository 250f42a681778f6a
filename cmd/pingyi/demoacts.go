package main

import (
	"fmt"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/scans/synth"
)

// demoSigning signs an act of two persons, each with the password typed again.
var demoSigning = api.Signing{Password: demoPassword, Reason: "核对无误"}

// breakAndMend types a wrong count, sees the balance refused by name, and mends it.
func (m *demoMeeting) breakAndMend(counts map[ballot.LedgerKey]map[ballot.LedgerField]int) error {
	m.say("-- 平账 a wrong count breaks the balance, by name")
	for key, fields := range counts {
		if key.Group != "C" || key.Venue != "1" {
			continue
		}
		wrong := map[ballot.LedgerField]int{}
		for f, n := range fields {
			wrong[f] = n
		}
		wrong[ballot.NotReturned]++
		if err := m.count(key, wrong); err != nil {
			return err
		}
		if err := m.refused(ballot.CodeUnbalanced, "scrutineer1", "POST", m.path+"/balance", nil); err != nil {
			return err
		}
		if err := m.count(key, fields); err != nil {
			return err
		}
	}
	return nil
}

// release balances, certifies and releases, each by the persons it needs, and tries it early.
func (m *demoMeeting) release() error {
	if err := m.do("scrutineer1", "POST", m.path+"/balance", nil, nil); err != nil {
		return err
	}
	if err := m.refused(ballot.CodeState, "committee1", "POST", m.path+"/release", demoSigning); err != nil {
		return err
	}
	if err := m.typeComments(); err != nil {
		return err
	}
	if err := m.refused(auth.CodeCredentials, "scrutineer1", "POST", m.path+"/certify", api.Signing{Password: "guess", Reason: "核对无误"}); err != nil {
		return err
	}
	if err := m.do("scrutineer1", "POST", m.path+"/certify", demoSigning, nil); err != nil {
		return err
	}
	if err := m.refused(ballot.CodeSecondPerson, "scrutineer1", "POST", m.path+"/certify", demoSigning); err != nil {
		return err
	}
	if err := m.do("scrutineer2", "POST", m.path+"/certify", demoSigning, nil); err != nil {
		return err
	}
	if err := m.refused(ballot.CodeNotReleased, "committee1", "GET", m.path+"/results", nil); err != nil {
		return err
	}
	for _, who := range []string{"committee1", "committee2"} {
		var s api.Signed
		if err := m.do(who, "POST", m.path+"/release", demoSigning, &s); err != nil {
			return err
		}
		m.say("-- 发布 release: signed by %v, done: %v", s.By, s.Done)
	}
	return nil
}

// singleTruth decides a row of a single form: it looks at what was measured, as a person looks at the
// picture, since nothing else on the leaf tells whose it is. The demo's ballots that remain for the
// subject decide the rest: the truth holds how many of each verdict there must be.
func (m *demoMeeting) singleTruth(row api.QueueRow) (synth.Truth, error) {
	left := map[ballot.Verdict]int{}
	sample := map[ballot.Verdict]synth.Truth{}
	for _, b := range m.truth {
		if b.group == row.Group {
			v := humanVerdict(b.truth[row.Subject])
			left[v]++
			sample[v] = b.truth[row.Subject]
		}
	}
	var list api.PageList
	if err := m.do("scrutineer1", "GET", m.path+"/pages?limit=500&group="+row.Group, nil, &list); err != nil {
		return synth.Truth{}, err
	}
	for _, p := range list.Pages {
		if p.FormPage != row.FormPage {
			continue
		}
		var page api.Page
		if err := m.do("scrutineer1", "GET", m.path+"/pages/"+p.ID, nil, &page); err != nil {
			return synth.Truth{}, err
		}
		if v := page.Rows[0].Verdict; v != nil {
			left[ballot.Verdict{Kind: v.Kind, Grade: v.Grade}]--
		}
	}
	for v, n := range left {
		if n > 0 {
			return sample[v], nil
		}
	}
	return synth.Truth{}, fmt.Errorf("subject %d: no ballot of the truth is left for an unclear row", row.Subject)
}

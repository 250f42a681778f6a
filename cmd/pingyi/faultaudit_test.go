package main

import (
	"errors"
	"fmt"
	"slices"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/tally"
)

// faultAudit is the audit of the paper in a round: codes before the batch is closed, the rest once the ledger balances.
type faultAudit struct {
	*faults
	codes []string
}

// takeCodes has two persons take one each. A code that was made as the service was killed nobody has seen: they take another.
func (a *faultAudit) takeCodes() error {
	for _, who := range []string{"scrutineer1", "scrutineer2"} {
		var code api.AuditCode
		if err := a.do(who, "POST", a.m.path+"/audit/code", nil, &code, nil); err != nil {
			return err
		}
		a.codes = append(a.codes, code.Code)
		a.Acts++
	}
	return nil
}

func (a *faultAudit) view() (v ballot.AuditView, err error) {
	return v, a.do("scrutineer1", "GET", a.m.path+"/audit", nil, &v, nil)
}

// act is a step after which the audit is as it says; that stays so.
func (a *faultAudit) act(who, method, path string, in any, is func(ballot.AuditView) bool) error {
	done := func() (bool, error) {
		v, err := a.view()
		return is(v), err
	}
	if err := a.do(who, method, a.m.path+"/audit/"+path, in, nil, done); err != nil {
		return err
	}
	a.acknowledged(func() error {
		if there, err := done(); err != nil || !there {
			return errors.Join(err, a.lost("the audit's step %s of %s", path, who))
		}
		return nil
	})
	return nil
}

// count fixes the result, throws dice, counts by hand and compares.
func (a *faultAudit) count() error {
	past := func(stages ...ballot.AuditStage) func(ballot.AuditView) bool {
		return func(v ballot.AuditView) bool { return slices.Contains(append(stages, ballot.AuditAgrees), v.Stage) }
	}
	if err := a.act("scrutineer1", "POST", "commitment", map[string]any{"full": true}, past(ballot.AuditCommitted, ballot.AuditDrawn)); err != nil {
		return err
	}
	dice := ""
	for range 20 {
		dice += fmt.Sprint(1 + a.r.IntN(6))
	}
	for _, who := range []string{"scrutineer1", "scrutineer2"} {
		entered := func(v ballot.AuditView) bool { return slices.Contains(v.DiceBy, who) }
		if err := a.act(who, "POST", "dice", map[string]any{"dice": dice}, entered); err != nil {
			return err
		}
	}
	for _, who := range []string{"scrutineer1", "scrutineer2"} {
		counted := func(v ballot.AuditView) bool { // who counted what is told until the result is certified
			return v.Stage == ballot.AuditAgrees || len(v.Counted) == 1 && slices.Contains(v.Counted[0].By, who)
		}
		if err := a.act(who, "PUT", "bundles/1", map[string]any{"rows": a.byHand()}, counted); err != nil {
			return err
		}
	}
	return a.act("scrutineer1", "POST", "comparison", map[string]any{"codes": a.codes}, past())
}

// byHand is what a careful person counts on the paper.
func (a *faultAudit) byHand() (rows []api.CountedRow) {
	grades := ballot.DefaultRules().Grades
	for subject, of := range countTruth(a.m.truth)["A"] {
		row := api.CountedRow{Subject: subject}
		for _, what := range append(slices.Clone(grades), expectBlank, expectInvalid) {
			row.Counts = append(row.Counts, of[what])
		}
		rows = append(rows, row)
	}
	return rows
}

// told holds the released result to the audit that was done.
func (a *faultAudit) told() error {
	var r tally.Result
	if err := a.do("committee1", "GET", a.m.path+"/results", nil, &r, nil); err != nil {
		return err
	}
	if r.Audit == nil || r.Audit.Stage != ballot.AuditAgrees || len(r.Audit.Compared) != 1 {
		return a.lost("the result's audit: %+v", r.Audit)
	}
	return nil
}

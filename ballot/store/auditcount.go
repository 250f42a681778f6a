package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type auditPileRow struct {
	Meeting string `gorm:"primaryKey"`
	Grp     string `gorm:"primaryKey"`
	Number  int    `gorm:"primaryKey"`
	Batch   string
	Leaves  int
	Sealed  []byte
}

func (auditPileRow) TableName() string { return "audit_piles" }

func (r auditPileRow) pile() ballot.Pile {
	return ballot.Pile{Group: r.Grp, Number: r.Number, Leaves: r.Leaves}
}

// what names a pile's seal.
func (r auditPileRow) what() string { return r.Meeting + " pile " + r.pile().Label() }

type auditCountRow struct {
	Meeting string `gorm:"primaryKey"`
	Bundle  int    `gorm:"primaryKey"`
	Person  string `gorm:"primaryKey"`
	Sealed  []byte
}

func (auditCountRow) TableName() string { return "audit_counts" }

func (r auditCountRow) what() string {
	return fmt.Sprintf("%s bundle %d %s", r.Meeting, r.Bundle, r.Person)
}

func (t *Tx) auditPiles(meeting string) (rows []auditPileRow, err error) {
	err = t.db.Where("meeting = ?", meeting).Order("grp, number").Find(&rows).Error
	return rows, err
}

// sealPile keeps what the machine counted of a batch that is being closed, sealed: afterwards nobody knows which
// leaves were in it.
func (t *Tx) sealPile(m ballot.Meeting, b batchRow, c ballot.Closing) error {
	wanted, err := t.auditWanted(m)
	if err != nil || !wanted {
		return err
	}
	publics, err := t.auditPublics(m.ID)
	if err != nil {
		return err
	}
	row := auditPileRow{Meeting: m.ID, Grp: b.Grp, Batch: b.ID, Leaves: len(c.Leaves)}
	if err := t.db.Raw("SELECT coalesce(max(number), 0) + 1 FROM audit_piles WHERE meeting = ? AND grp = ?", m.ID, b.Grp).Row().Scan(&row.Number); err != nil {
		return err
	}
	if row.Sealed, err = ballot.SealForAudit(publics, row.what(), ballot.SumsOf(m.Rules, c.Leaves).Bytes(m)); err != nil {
		return err
	}
	return t.db.Create(&row).Error
}

// CountBundle takes what a person counted of a bundle by hand; counting again, until counts are compared, takes the place
// of it. It is sealed at once, and held against others' counts only where both codes are there.
func (s *Store) CountBundle(ctx context.Context, actor, id string, number int, counted ballot.Sums) error {
	return s.InTx(ctx, func(tx *Tx) error {
		m, a, err := tx.auditing(actor, id, "count-bundle", ballot.AuditDrawn)
		if err != nil {
			return err
		}
		b, err := a.Bundle(number)
		if err != nil {
			return err
		}
		if err := errors.Join(ballot.CheckHandCount(m, b, counted), tx.mayCount(id, a, number, actor)); err != nil {
			return err
		}
		publics, err := tx.auditPublics(id)
		if err != nil {
			return err
		}
		row := auditCountRow{Meeting: id, Bundle: number, Person: actor}
		if row.Sealed, err = ballot.SealForAudit(publics, row.what(), counted.Bytes(m)); err != nil {
			return err
		}
		if err := errors.Join(tx.dropAcceptance(id), tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error); err != nil {
			return err
		}
		return tx.log(actor, id, "count_bundle", fmt.Sprintf("bundle %d", number))
	})
}

// mayCount refuses, once counts were compared, those who may know what the machine counted: who had counted the bundle,
// and who was shown the rows that differ.
func (t *Tx) mayCount(meeting string, a ballot.Audit, number int, person string) error {
	if len(a.Compared) == 0 {
		return nil
	}
	before, err := found[auditCountRow](t.db, "meeting = ? AND bundle = ? AND person = ?", meeting, number, person)
	if err == nil && (before != nil || slices.Contains(a.Differed, person)) {
		err = ballot.Errorf(ballot.CodeSecondPerson, "已经比对过：须由没有点过这一捆、也没有操作过比对的人再点", "counts were compared: a bundle is counted by somebody who has not counted it and has not compared")
	}
	return err
}

// CompareAudit opens what is sealed by both codes, and holds the hand counts of each drawn bundle against the
// machine's. Where all agree the audit is done. The rows in which they differ are returned and kept nowhere.
func (s *Store) CompareAudit(ctx context.Context, actor, id string, codes []string) (rows []ballot.RowDifference, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		m, a, err := tx.auditing(actor, id, "compare-audit", ballot.AuditDrawn)
		if err != nil {
			return err
		}
		publics, err := tx.auditPublics(id)
		if err != nil {
			return err
		}
		keys, err := ballot.OpenAuditKeys(publics, codes)
		if err != nil {
			return err
		}
		machine, err := tx.openPiles(m, keys)
		if err != nil {
			return err
		}
		hands, err := tx.openCounts(m, keys)
		if err != nil {
			return err
		}
		if rows, err = compareAll(m, &a, machine, hands); err != nil {
			return err
		}
		if a.Agrees() {
			a.Stage, a.Done = ballot.AuditAgrees, tx.now()
		} else {
			a.Differed = append(a.Differed, actor)
		}
		if err := tx.saveAudit(id, a); err != nil {
			return err
		}
		return tx.log(actor, id, "compare_audit", outcomeText(a))
	})
	return rows, err
}

// now is the moment of the transaction.
func (t *Tx) now() *time.Time {
	at := t.store.now().UTC()
	return &at
}

func compareAll(m ballot.Meeting, a *ballot.Audit, machine map[string]ballot.Sums, hands map[int][]ballot.HandCount) (rows []ballot.RowDifference, err error) {
	a.Compared = []ballot.BundleOutcome{}
	for _, number := range a.Drawn {
		b, err := a.Bundle(number)
		if err != nil {
			return nil, err
		}
		if len(hands[number]) < 2 {
			return nil, ballot.Errorf(ballot.CodeUnresolved, "第 %d 捆还没有两人的手工计数", "bundle %d was not counted by two persons yet", number)
		}
		sums := ballot.Sums{}
		for _, label := range b.Piles {
			sums.Add(machine[label])
		}
		outcome, differ := ballot.CompareBundle(m, number, sums, hands[number])
		a.Compared = append(a.Compared, outcome)
		rows = append(rows, differ...)
	}
	return rows, nil
}

func outcomeText(a ballot.Audit) string {
	var n ballot.BundleOutcome
	for _, o := range a.Compared {
		n.Agree, n.Differ, n.Unsettled = n.Agree+o.Agree, n.Differ+o.Differ, n.Unsettled+o.Unsettled
	}
	return fmt.Sprintf("bundles %s: %d rows agree, %d differ, %d unsettled", strings.Trim(fmt.Sprint(a.Drawn), "[]"), n.Agree, n.Differ, n.Unsettled)
}

// openPiles gives the machine's counts by pile. Together they must be those of the rows that are stored, from which the
// result is counted: else an audit of bundles would say nothing of the result.
func (t *Tx) openPiles(m ballot.Meeting, keys ballot.AuditKeys) (map[string]ballot.Sums, error) {
	rows, err := t.auditPiles(m.ID)
	if err != nil {
		return nil, err
	}
	out, all := map[string]ballot.Sums{}, ballot.Sums{}
	for _, r := range rows {
		sums, err := openSums(m, keys, r.what(), r.Sealed)
		if err != nil {
			return nil, err
		}
		out[r.pile().Label()] = sums
		all.Add(sums)
	}
	pages, err := t.allPages(m)
	if err != nil {
		return nil, err
	}
	stored := ballot.Sums{}
	for _, p := range pages {
		for _, r := range p.Rows {
			stored.Row(m.Rules, r.Subject, r.Machine)
		}
	}
	if string(stored.Bytes(m)) != string(all.Bytes(m)) {
		return nil, ballot.Errorf(CodeEvidence, "保存的识读与各批关闭时封存的合计不符，可能被人改动：请停止操作，用 pingyi verify 核对", "the rows that are kept are not those that were sealed when batches were closed: stop, and see pingyi verify")
	}
	return out, nil
}

func openSums(m ballot.Meeting, keys ballot.AuditKeys, what string, sealed []byte) (ballot.Sums, error) {
	raw, err := keys.Open(what, sealed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return ballot.SumsFrom(m, raw)
}

func (t *Tx) openCounts(m ballot.Meeting, keys ballot.AuditKeys) (map[int][]ballot.HandCount, error) {
	var rows []auditCountRow
	if err := t.db.Where("meeting = ?", m.ID).Order("bundle, person").Find(&rows).Error; err != nil {
		return nil, err
	}
	out := map[int][]ballot.HandCount{}
	for _, r := range rows {
		sums, err := openSums(m, keys, r.what(), r.Sealed)
		if err != nil {
			return nil, err
		}
		for subject, counts := range sums {
			sums[subject] = counts[:len(counts)-1] // by hand nothing is left to people
		}
		out[r.Bundle] = append(out[r.Bundle], ballot.HandCount{Bundle: r.Bundle, By: r.Person, Rows: sums})
	}
	return out, nil
}

// actAccept is the act of two persons that accepts an audit as it is.
const actAccept = "accept_audit"

// AcceptAudit lets two scrutineers say, with a reason, that the result may be certified though paper and machine
// differ, or though the audit was not done. The report says so.
func (s *Store) AcceptAudit(ctx context.Context, actor, id, reason string) (Signed, error) {
	may := func(tx *Tx, _ ballot.Meeting) error {
		_, a, err := tx.auditing(actor, id, "accept-audit")
		if err == nil && a.Complete() {
			err = ballot.Errorf(ballot.CodeConflict, "复点已经完成", "the audit is done")
		}
		return err
	}
	return s.sign(ctx, actor, id, actAccept, reason, ballot.Balanced, may, func(tx *Tx, _ ballot.Meeting, first signatureRow) error {
		a, err := tx.audit(id)
		if err != nil {
			return err
		}
		a.Stage, a.AcceptedBy, a.Done = ballot.AuditAccepted, []string{first.Person, actor}, tx.now()
		a.Reason = strings.Join(slices.Compact([]string{first.Reason, strings.TrimSpace(reason)}), "；")
		return tx.saveAudit(id, a)
	})
}

// audited refuses to certify while an audit that the rules ask for is not done, or is of another count.
func (t *Tx) audited(m ballot.Meeting) error {
	wanted, err := t.auditWanted(m)
	if err != nil || !wanted {
		return err
	}
	a, err := t.audit(m.ID)
	if err != nil {
		return err
	}
	r, err := t.count(m)
	if err != nil {
		return err
	}
	if r.LedgerOnly {
		return nil
	}
	if !a.Complete() {
		return ballot.Errorf(ballot.CodeUnresolved, "复点尚未完成：请先复点，或由两人写明理由后认可", "the audit of the paper is not done: finish it, or two persons accept with a reason")
	}
	if a.Commitment == "" {
		return nil
	}
	piles, err := t.auditPiles(m.ID)
	if err != nil {
		return err
	}
	if sealsOf(piles) != a.Seals || commitmentOf(a, r) != a.Commitment {
		return ballot.Errorf(CodeEvidence, "计票结果与复点前固定的不是同一个：请退回进行中，重新平账并复点", "the count is not the one that was fixed before the audit: go back to open, balance and audit again")
	}
	return nil
}

// forgetAudit deletes what was counted of bundles, by machine and by hand, and the keys; what the audit gave stays.
func (t *Tx) forgetAudit(meeting string) error {
	return errors.Join(t.db.Where("meeting = ?", meeting).Delete(&auditPileRow{}).Error, t.db.Where("meeting = ?", meeting).Delete(&auditCountRow{}).Error,
		t.db.Where("meeting = ?", meeting).Delete(&auditKeyRow{}).Error)
}

// beginAuditAnew takes an audit back whose count is not to be certified. The machine's counts stay, since batches do, and
// so does that comparisons found differences. The audit of a result that was certified stays as it is: there is no other.
func (t *Tx) beginAuditAnew(m ballot.Meeting) error {
	wanted, err := t.auditWanted(m)
	if err != nil || !wanted {
		return err
	}
	meeting := m.ID
	a, err := t.audit(meeting)
	if err != nil {
		return err
	}
	if anew := ballot.NewAudit(); len(a.Differed) > 0 {
		anew.Differed = a.Differed
		return errors.Join(t.saveAudit(meeting, anew), t.db.Where("meeting = ?", meeting).Delete(&auditCountRow{}).Error)
	}
	return errors.Join(t.db.Where("meeting = ?", meeting).Delete(&auditRow{}).Error, t.db.Where("meeting = ?", meeting).Delete(&auditCountRow{}).Error)
}

// auditReport is what a certified meeting's audit gave; nil where its rules asked for none.
func (t *Tx) auditReport(m ballot.Meeting) (*ballot.Audit, error) {
	if m.Rules.Audit == 0 {
		return nil, nil //nolint:nilnil // none is an answer
	}
	a, err := t.auditShown(m)
	return &a, err
}

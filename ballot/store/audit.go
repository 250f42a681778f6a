package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/tally"
)

type auditKeyRow struct {
	Meeting string `gorm:"primaryKey"`
	Person  string `gorm:"primaryKey"`
	Public  []byte
}

func (auditKeyRow) TableName() string { return "audit_keys" }

type auditRow struct {
	Meeting string `gorm:"primaryKey"`
	Body    string
}

func (auditRow) TableName() string { return "audits" }

// Audit tells where a meeting's audit of the paper stands. The dice of the first person are not told to the second.
func (s *Store) Audit(ctx context.Context, id string) (v ballot.AuditView, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(id)
		if err != nil {
			return err
		}
		v, err = tx.auditView(m)
		return err
	})
	return v, err
}

func (t *Tx) auditView(m ballot.Meeting) (v ballot.AuditView, err error) {
	if v.Audit, err = t.auditShown(m); err != nil {
		return v, err
	}
	if v.Stage == ballot.AuditCommitted {
		v.Dice = ""
	}
	if v.Wanted, err = t.auditWanted(m); err != nil {
		return v, err
	}
	if v.Wanted && m.State == ballot.Balanced {
		r, err := t.count(m)
		if err != nil {
			return v, err
		}
		v.Wanted = !r.LedgerOnly
	}
	piles, err := t.auditPiles(m.ID)
	if err != nil {
		return v, err
	}
	v.Piles, v.Holders, v.Counted, v.Signed = []ballot.Pile{}, []string{}, []ballot.BundleCounters{}, []string{}
	for _, p := range piles {
		v.Piles = append(v.Piles, p.pile())
	}
	var counts []auditCountRow
	by, _, err := t.signatures(m.ID)
	if err != nil {
		return v, err
	}
	v.Signed = append(v.Signed, persons(by[actAccept])...)
	err = errors.Join(t.db.Model(&auditKeyRow{}).Where("meeting = ?", m.ID).Order("person").Pluck("person", &v.Holders).Error,
		t.db.Select("bundle", "person").Where("meeting = ?", m.ID).Order("bundle, person").Find(&counts).Error)
	for _, c := range counts {
		if n := len(v.Counted); n == 0 || v.Counted[n-1].Bundle != c.Bundle {
			v.Counted = append(v.Counted, ballot.BundleCounters{Bundle: c.Bundle})
		}
		of := &v.Counted[len(v.Counted)-1]
		of.By = append(of.By, c.Person)
	}
	return v, err
}

// audit loads where the audit stands; one that waits where nothing was done.
func (t *Tx) audit(meeting string) (ballot.Audit, error) {
	row, err := found[auditRow](t.db, "meeting = ?", meeting)
	if err != nil || row == nil {
		return ballot.NewAudit(), err
	}
	return decode[ballot.Audit](row.Body)
}

// auditShown is an audit beside the result that it is shown with. Those that wait to be certified are the next one.
func (t *Tx) auditShown(m ballot.Meeting) (ballot.Audit, error) {
	a, err := t.audit(m.ID)
	if err != nil || m.Rules.Audit == 0 {
		return a, err
	}
	var number int
	err = t.db.Raw("SELECT coalesce(max(number), 0) FROM results WHERE meeting = ?", m.ID).Row().Scan(&number)
	if m.State == ballot.Open || m.State == ballot.Balanced {
		number++
	}
	a.OfFirst = number > 1
	return a, err
}

func (t *Tx) saveAudit(meeting string, a ballot.Audit) error {
	return errors.Join(t.dropAcceptance(meeting), t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&auditRow{meeting, encode(a)}).Error)
}

// dropAcceptance deletes a signature that waits under accepting an audit that then changed: two sign for the same facts.
func (t *Tx) dropAcceptance(meeting string) error {
	return t.db.Where("meeting = ? AND act = ?", meeting, actAccept).Delete(&signatureRow{}).Error
}

// auditWanted tells whether the rules ask for an audit and no result was certified yet: certifying destroys what the
// machine counted of each bundle, so that a result corrected later has the audit of the first.
func (t *Tx) auditWanted(m ballot.Meeting) (bool, error) {
	if m.Rules.Audit == 0 {
		return false, nil
	}
	var results int64
	err := t.db.Model(&resultRow{}).Where("meeting = ?", m.ID).Count(&results).Error
	return results == 0, err
}

// auditing loads a meeting and its audit for an operation that changes it.
func (t *Tx) auditing(actor, meeting, operation string, stages ...ballot.AuditStage) (m ballot.Meeting, a ballot.Audit, err error) {
	if m, err = t.acting(actor, operation, meeting); err != nil {
		return m, a, err
	}
	wanted, err := t.auditWanted(m)
	if err != nil {
		return m, a, err
	}
	if !wanted {
		return m, a, ballot.Errorf(ballot.CodeRules, "本次会议的规则没有要求复点，或首次确认之后已不能复点", "the meeting's rules ask for no audit, or its result was certified before")
	}
	a, err = t.audit(meeting)
	if err == nil && len(stages) > 0 && !slices.Contains(stages, a.Stage) {
		err = ballot.Errorf(ballot.CodeConflict, "复点已经走到另一步，请刷新后再看", "the audit is at another step: %s", string(a.Stage))
	}
	return m, a, err
}

// MakeAuditCode gives a person a code that with another's opens what is sealed of bundles. It is shown once and kept
// nowhere. Until the first batch is closed, asking again gives another one.
func (s *Store) MakeAuditCode(ctx context.Context, actor, id string) (code string, err error) {
	code, public, err := ballot.NewAuditCode(s.random)
	if err != nil {
		return "", err
	}
	return code, s.InTx(ctx, func(tx *Tx) error {
		if _, _, err := tx.auditing(actor, id, "make-audit-code"); err != nil {
			return err
		}
		piles, err := tx.auditPiles(id)
		if err != nil {
			return err
		}
		if len(piles) > 0 {
			return ballot.Errorf(ballot.CodeConflict, "已有批次用现有口令封存，不能再发口令", "batches are sealed by the codes given out: there are no others any more")
		}
		var others int64
		gone := tx.db.Where("meeting = ? AND person NOT IN (SELECT name FROM users WHERE role = ? AND NOT disabled)", id, ballot.RoleScrutineer)
		if err := gone.Delete(&auditKeyRow{}).Error; err != nil {
			return err
		}
		if err := tx.db.Model(&auditKeyRow{}).Where("meeting = ? AND person <> ?", id, actor).Count(&others).Error; err != nil {
			return err
		}
		if others >= ballot.AuditKeyHolders {
			return ballot.Errorf(ballot.CodeConflict, "两人已领取复点口令", "two persons hold codes already")
		}
		if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&auditKeyRow{id, actor, public}).Error; err != nil {
			return err
		}
		return tx.log(actor, id, "make_audit_code", "")
	})
}

// auditPublics are the public keys of a meeting, by their holders' names. Fewer than two are refused.
func (t *Tx) auditPublics(meeting string) ([][]byte, error) {
	var publics [][]byte
	err := t.db.Model(&auditKeyRow{}).Where("meeting = ?", meeting).Order("person").Pluck("public", &publics).Error
	if err == nil && len(publics) < ballot.AuditKeyHolders {
		err = ballot.Errorf(ballot.CodeConflict, "本次会议要复点：扫描之前，须先由两名监票人各领取一个复点口令", "the meeting will be audited: two scrutineers must have an audit code each before anything is scanned")
	}
	return publics, err
}

// CommitAudit fixes the count and the bundles before anybody knows which are drawn. Full draws all of them.
func (s *Store) CommitAudit(ctx context.Context, actor, id string, full bool) error {
	return s.InTx(ctx, func(tx *Tx) error {
		m, a, err := tx.auditing(actor, id, "commit-audit", ballot.AuditWaits)
		if err != nil {
			return err
		}
		if err := tx.commentsTyped(m); err != nil {
			return err
		}
		r, err := tx.count(m)
		if err != nil {
			return err
		}
		piles, err := tx.auditPiles(id)
		if err != nil {
			return err
		}
		salt, err := tx.salt()
		if err != nil {
			return err
		}
		a.Stage, a.Bundles, a.Draw, a.Salt, a.Seals = ballot.AuditCommitted, bundlesOf(r, piles), m.Rules.Audit, hex.EncodeToString(salt), sealsOf(piles)
		if len(a.Bundles) == 0 {
			return ballot.Errorf(ballot.CodeConflict, "没有可以复点的票", "there is no paper to audit")
		}
		if a.Draw = min(a.Draw, len(a.Bundles)); full {
			a.Draw = len(a.Bundles)
		}
		a.Commitment = commitmentOf(a, r)
		var before int64
		if err := tx.db.Model(&actRow{}).Where("meeting = ? AND act = 'commit_audit'", id).Count(&before).Error; err != nil {
			return err
		}
		a.Attempt = int(before) + 1
		if err := tx.saveAudit(id, a); err != nil {
			return err
		}
		return tx.log(actor, id, "commit_audit", fmt.Sprintf("%s, %d of %d bundles", a.Commitment, a.Draw, len(a.Bundles)))
	})
}

// bundlesOf puts piles together by the groups as they are counted.
func bundlesOf(r *tally.Result, piles []auditPileRow) []ballot.Bundle {
	if r.LedgerOnly {
		return nil // nothing is shown that an audit could be about
	}
	var tables [][]string
	for _, g := range r.Groups {
		tables = append(tables, g.Members)
	}
	all := make([]ballot.Pile, len(piles))
	for i, p := range piles {
		all[i] = p.pile()
	}
	return ballot.Bundles(tables, all)
}

// commitmentOf binds a count to the audit that is about it. Comments may be typed anew until somebody signs.
func commitmentOf(a ballot.Audit, r *tally.Result) string {
	figures := *r
	figures.Comments = nil
	return a.Commit([]byte(encode(figures)))
}

// sealsOf is a digest of what the machine's counts are sealed to.
func sealsOf(piles []auditPileRow) string {
	sum := sha256.New()
	for _, p := range piles {
		fmt.Fprintf(sum, "%s %x\n", p.pile().Label(), sha256.Sum256(p.Sealed))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// EnterDice takes the throws of a die from two persons, who must have entered the same; then bundles are drawn.
func (s *Store) EnterDice(ctx context.Context, actor, id, dice string) error {
	dice = strings.Join(strings.Fields(dice), "")
	if err := ballot.CheckDice(dice); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		_, a, err := tx.auditing(actor, id, "enter-dice", ballot.AuditCommitted)
		if err != nil {
			return err
		}
		said := "1/2" // not the throws: the other person is to read them off the dice
		switch {
		case len(a.DiceBy) == 0 || a.DiceBy[0] == actor: // the first may mend a slip; each entry is in the record
			a.Dice, a.DiceBy = dice, []string{actor}
		case a.Dice != dice:
			return ballot.Errorf(ballot.CodeConflict, "与另一人录入的点数不同：请两人对着记录重新核对", "the throws are not those that the other person entered: compare them")
		default:
			a.DiceBy = append(a.DiceBy, actor)
			a.Seed = ballot.AuditSeed(a.Commitment, dice)
			a.Drawn = ballot.DrawBundles(a.Seed, len(a.Bundles), a.Draw)
			a.Chance = ballot.ChanceOf(a.Bundles, a.Drawn)
			a.Stage, said = ballot.AuditDrawn, "2/2 "+dice
		}
		if err := tx.saveAudit(id, a); err != nil {
			return err
		}
		return tx.log(actor, id, "enter_dice", said)
	})
}

package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
)

type cvrRow struct {
	Meeting     string `gorm:"primaryKey"`
	AskedBy     string
	Reason      string
	ConfirmedBy string
	ConfirmedAt string
	Digest      string
	Bytes       int64
}

func (cvrRow) TableName() string { return "cvr_exports" }

// actCVR is the act of two persons that lets single ballots go.
const actCVR = "export_cvr"

// CVRExport tells where the export of a released meeting's single ballots stands.
func (s *Store) CVRExport(ctx context.Context, id string) (e ballot.CVRExport, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(id)
		if err != nil {
			return err
		}
		e.On = m.Rules.CVR
		if !e.On || m.State != ballot.Released {
			return nil
		}
		votes, err := tx.castVotes(m)
		if err != nil {
			return err
		}
		if ballot.CheckCVR(votes) == nil { // of few it would tell of single ones
			e.Ballots, e.Alone = len(votes), ballot.Alone(votes)
		}
		e.RecordsExport, err = tx.cvrExport(id)
		return err
	})
	return e, err
}

func (t *Tx) cvrExport(meeting string) (e ballot.RecordsExport, err error) {
	if e, waits, err := t.asked(meeting, actCVR); waits || err != nil {
		return e, err
	}
	row, err := found[cvrRow](t.db, "meeting = ?", meeting)
	if err != nil || row == nil {
		return e, err
	}
	e = ballot.RecordsExport{AskedBy: row.AskedBy, Reason: row.Reason, ConfirmedBy: row.ConfirmedBy, Digest: row.Digest, Bytes: row.Bytes}
	err = confirmedAt(&e, row.ConfirmedAt)
	return e, err
}

// ExportCVR needs two auditors; afterwards both may download single ballots for some days.
func (s *Store) ExportCVR(ctx context.Context, actor, id, reason string) (Signed, error) {
	may := func(tx *Tx, m ballot.Meeting) error {
		_, err := tx.exportedVotes(m)
		return err
	}
	return s.sign(ctx, actor, id, actCVR, reason, ballot.Released, may, func(tx *Tx, _ ballot.Meeting, first signatureRow) error {
		row := cvrRow{Meeting: id, AskedBy: first.Person, Reason: first.Reason, ConfirmedBy: actor, ConfirmedAt: s.now().UTC().Format(time.RFC3339)}
		return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
}

// exportedVotes are a meeting's castVotes where its rules let them go and there are enough of them.
func (t *Tx) exportedVotes(m ballot.Meeting) ([]ballot.Leaf, error) {
	if !m.Rules.CVR {
		return nil, ballot.Errorf(ballot.CodeRules, "本次会议的规则不允许导出逐票记录", "the meeting's rules allow no export of single ballots")
	}
	votes, err := t.castVotes(m)
	if err != nil {
		return nil, err
	}
	return votes, ballot.CheckCVR(votes)
}

// castVotes are a released meeting's valid ballots as they count, by the groups as counted, in an order drawn anew and
// without their ids, by which they could be found in what is kept.
func (t *Tx) castVotes(m ballot.Meeting) ([]ballot.Leaf, error) {
	r, err := t.lastResult(m.ID)
	if err != nil || r.LedgerOnly {
		return nil, err
	}
	table := map[string]string{}
	for _, g := range r.Groups {
		for _, member := range g.Members {
			table[member] = g.Code
		}
	}
	leaves, _, err := t.resolved(m)
	if err != nil {
		return nil, err
	}
	votes := []ballot.Leaf{}
	for _, l := range leaves {
		if counted := l.Interpret(m.Rules); counted.Valid {
			place, err := t.store.NewID()
			if err != nil {
				return nil, err
			}
			votes = append(votes, ballot.Leaf{ID: place, Group: table[l.Group], Rows: counted.Rows})
		}
	}
	slices.SortFunc(votes, func(a, b ballot.Leaf) int { return strings.Compare(a.ID, b.ID) })
	for i := range votes {
		votes[i].ID = ""
	}
	return votes, nil
}

// cvrExportable loads a released meeting whose single ballots a person may download now, and these.
func (t *Tx) cvrExportable(actor, id string) (m ballot.Meeting, votes []ballot.Leaf, err error) {
	if m, err = t.acting(actor, "download-cvr", id); err != nil {
		return m, nil, err
	}
	if votes, err = t.exportedVotes(m); err != nil {
		return m, nil, err
	}
	e, err := t.cvrExport(id)
	if err == nil {
		err = e.Good(actor, t.store.now())
	}
	if err != nil {
		return m, nil, err
	}
	return m, votes, nil
}

// CastVotes are the single ballots that a person may download now, in no order.
func (s *Store) CastVotes(ctx context.Context, actor, id string) (m ballot.Meeting, votes []ballot.Leaf, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, votes, err = tx.cvrExportable(actor, id)
		return err
	})
	return m, votes, err
}

// CVRDownloaded records that a person takes single ballots away: the file's SHA-256 in hexadecimal and its size.
func (s *Store) CVRDownloaded(ctx context.Context, actor, id, digest string, bytes int64) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if _, _, err := tx.cvrExportable(actor, id); err != nil {
			return err
		}
		if err := tx.db.Model(&cvrRow{}).Where("meeting = ?", id).Updates(map[string]any{"digest": digest, "bytes": bytes}).Error; err != nil {
			return err
		}
		return tx.log(actor, id, "download_cvr", "SHA-256 "+digest)
	})
}

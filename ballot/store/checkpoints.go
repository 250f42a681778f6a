package store

import (
	"context"
	"strings"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/tally"
)

// Checkpoint is a checkpoint of the log as people get it.
type Checkpoint struct {
	tally.Checkpoint
	Verifier string // the public key
	Meeting  string // at whose change of state it was kept; "" where it was made when asked for
}

func (s *Store) checkpoint(note, meeting string) (Checkpoint, error) {
	c, err := evidence.Open(note, s.key.Verifier())
	if err != nil && meeting != "" { // kept under a key that was lost since: verify knows that one too
		text, _, _ := strings.Cut(note, "\n\n")
		c, err = evidence.Parse(text + "\n")
	}
	if err != nil {
		return Checkpoint{}, ballot.Errorf(CodeEvidence, "存证校验点的签名不符：请用 pingyi verify 核对", "a checkpoint's signature is not the log's: see pingyi verify")
	}
	return Checkpoint{tally.Checkpoint{Size: c.Size, Code: c.Code(), Note: note}, s.key.Verifier(), meeting}, nil
}

// Verifier is the public key by which checkpoints are checked.
func (s *Store) Verifier() string { return s.key.Verifier() }

// Checkpoint signs the log as it is.
func (s *Store) Checkpoint(ctx context.Context) (out Checkpoint, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if err := tx.loadHead(); err != nil {
			return err
		}
		now, _, err := tx.toSign()
		if err != nil {
			return err
		}
		note, err := now.Sign(s.key)
		if err != nil {
			return err
		}
		out, err = s.checkpoint(note, "")
		return err
	})
	return out, err
}

// Checkpoints are those that were kept at a meeting's changes of state, the latest first.
func (s *Store) Checkpoints(ctx context.Context, meeting string) (out []Checkpoint, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if _, err := tx.meeting(meeting); err != nil {
			return err
		}
		out, err = tx.checkpoints(meeting)
		return err
	})
	return out, err
}

func (t *Tx) checkpoints(meeting string) (out []Checkpoint, err error) {
	var rows []checkpointRow
	if err := t.db.Where("meeting = ?", meeting).Order("size DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		c, err := t.store.checkpoint(r.Note, r.Meeting)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// certified is the checkpoint that was kept when the meeting's last result was certified; nil of one that was certified
// before there was a log.
func (t *Tx) certified(meeting string) (*tally.Checkpoint, error) {
	var row checkpointRow
	err := t.db.Raw(`SELECT checkpoints.* FROM checkpoints WHERE meeting = ?1 AND size = (SELECT count(*) FROM acts WHERE id <=
		(SELECT max(id) FROM acts WHERE meeting = ?1 AND act = 'certify' AND facts LIKE '%"state":"certified"%'))`, meeting).Scan(&row).Error
	if err != nil || row.Note == "" {
		return nil, err
	}
	c, err := t.store.checkpoint(row.Note, meeting)
	return &c.Checkpoint, err
}

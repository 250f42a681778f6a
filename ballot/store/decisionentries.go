package store

import (
	"fmt"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
)

// logDecisions adds an entry for each decision of a meeting, and for each word that sets a leaf aside, in the order of
// random ids and all at one time: who, the machine's reason for asking, and a salted digest of the row. They stand in
// the log from certifying on and not before: which decisions were there at some moment would tell from which batches
// their pages can be. Certifying again says all of them anew, under another salt; the one before is overwritten.
func (t *Tx) logDecisions(meeting string) (err error) {
	if t.rowSalt, err = t.salt(); err != nil {
		return err
	}
	rows, err := t.decidedRows(meeting)
	if err != nil {
		return err
	}
	id, err := t.nextAct()
	if err != nil {
		return err
	}
	for i, r := range rows {
		err := t.record(actRow{ID: id + int64(i), Actor: r.person, Act: r.act, Meeting: meeting, Detail: r.reason}, map[string]any{"row": r.digest(t.rowSalt)})
		if err != nil {
			return err
		}
	}
	t.mark(meeting, kindPages, kindDecisions, kindComments, kindLedger, kindResults)
	t.fact("decided", len(rows))
	return nil
}

// decidedRow is what an entry says of a decision: of its row, which has the old and the new, a digest alone.
type decidedRow struct {
	act, person, reason string
	columns             []string // of the row, its body or reason last
}

func (r decidedRow) digest(salt []byte) string {
	columns := make([][]byte, len(r.columns))
	for i, c := range r.columns {
		columns[i] = []byte(c)
	}
	return evidence.Commit(evidence.RowSalt(salt, r.columns[:len(r.columns)-1]...), evidence.Row(columns...))
}

func (t *Tx) decidedRows(meeting string) (out []decidedRow, err error) {
	var made []decisionRow
	if err := t.db.Raw(decisionRows, meeting).Scan(&made).Error; err != nil {
		return nil, err
	}
	for _, r := range made {
		d, err := decode[ballot.Decision](r.Body)
		if err != nil {
			return nil, err
		}
		out = append(out, decidedRow{actDecision, r.Person, d.Verdict.Reason, []string{r.Page, fmt.Sprint(r.Subject), r.Person, fmt.Sprint(r.Seq), r.Body}})
	}
	var words []asideRow
	err = t.db.Raw(asideRows, meeting).Scan(&words).Error
	for _, r := range words {
		out = append(out, decidedRow{actSetAside, r.Person, "", []string{r.Leaf, r.Person, fmt.Sprint(r.Seq), fmt.Sprint(r.Aside), r.Reason}})
	}
	return out, err
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"pingyi/ballot"
)

type judgementRow struct {
	Meeting    string `gorm:"primaryKey"`
	Number     int    `gorm:"primaryKey"`
	Thresholds string
}

func (judgementRow) TableName() string { return "judgements" }

// thresholds are those of the judgement; any that it was made before take their usual values.
func (r judgementRow) thresholds() (ballot.Thresholds, error) {
	t := ballot.DefaultThresholds()
	if err := json.Unmarshal([]byte(r.Thresholds), &t); err != nil {
		return t, fmt.Errorf("stored thresholds: %w", err)
	}
	return t, nil
}

type judgedRow struct {
	Page     string `gorm:"primaryKey"`
	Meeting  string
	Number   int `gorm:"primaryKey"`
	Verdicts string
	Unclear  int
}

func (judgedRow) TableName() string { return "judged_pages" }

// Rejudged is what other thresholds make of a meeting's rows.
type Rejudged struct {
	Pages, Rows       int
	Decided           int // rows that people have decided: their decisions stand
	WaitingNow, Later int // rows that wait for a person by the thresholds in force, and by the others
	Changes           []ballot.Change
}

// Thresholds are those in force for a meeting, and the number of the judgement that set them: 0 where the
// verdicts are those that came with the readings.
func (s *Store) Thresholds(ctx context.Context, meeting string) (t ballot.Thresholds, number int, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if _, err := tx.meeting(meeting); err != nil {
			return err
		}
		if err := tx.kept(meeting); err != nil {
			return err
		}
		all, err := tx.judgements(meeting)
		if err != nil || len(all) == 0 {
			t = ballot.DefaultThresholds()
			return err
		}
		number = len(all)
		t, err = all[number-1].thresholds()
		return err
	})
	return t, number, err
}

// TryThresholds tells what other thresholds would make of a meeting's rows; nothing is written.
func (s *Store) TryThresholds(ctx context.Context, meeting string, t ballot.Thresholds) (out Rejudged, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		out, _, err = tx.rejudge(m, t)
		return err
	})
	return out, err
}

// Rejudge puts other thresholds in force for a meeting that is open: all rows, and those of batches that
// are closed later, are judged by them. Readings, verdicts and decisions stay as they are; the new verdicts
// are rows of their own.
func (s *Store) Rejudge(ctx context.Context, actor, meeting string, t ballot.Thresholds) (out Rejudged, err error) {
	if err := t.Validate(); err != nil {
		return out, err
	}
	var verdicts []judgedRow
	var number int
	// Judging takes seconds, and nobody can write during a transaction that writes: so it goes before it.
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		if err := tx.mayRejudge(m); err != nil {
			return err
		}
		all, err := tx.judgements(meeting)
		if err != nil {
			return err
		}
		number = len(all) + 1
		out, verdicts, err = tx.rejudge(m, t)
		return err
	})
	if err != nil {
		return out, err
	}
	for i := range verdicts {
		verdicts[i].Number = number
	}
	return out, s.InTx(ctx, func(tx *Tx) error { return tx.putInForce(actor, meeting, number, t, verdicts) })
}

// putInForce writes a judgement of all pages, unless the meeting has changed since they were judged.
func (t *Tx) putInForce(actor, meeting string, number int, th ballot.Thresholds, verdicts []judgedRow) error {
	m, err := t.meeting(meeting)
	if err != nil {
		return err
	}
	if err := t.mayRejudge(m); err != nil {
		return err
	}
	all, err := t.judgements(meeting)
	if err != nil {
		return err
	}
	var pages int64
	if err := t.db.Model(&pageRow{}).Where("meeting = ?", meeting).Count(&pages).Error; err != nil {
		return err
	}
	if len(all)+1 != number || int(pages) != len(verdicts) { // pages are never deleted
		return ballot.Errorf(ballot.CodeConflict, "判定期间有批次关闭或阈值更换，请重试", "a batch was closed or other thresholds put in force meanwhile: try again")
	}
	if err := t.touch(meeting, kindPages); err != nil {
		return err
	}
	if err := t.db.Create(&judgementRow{meeting, number, encode(th)}).Error; err != nil {
		return err
	}
	if err := t.saveJudged(verdicts); err != nil {
		return err
	}
	// How many rows changed stays out of the record: with the batches closed by then, it would tell which of
	// them the rows that changed are from.
	return t.log(actor, meeting, "rejudge", fmt.Sprintf("%d: %s", number, th.Differences(ballot.DefaultThresholds())))
}

// mayRejudge refuses where a result stands, and where a decision would tell when its page came: a row that
// was decided by earlier thresholds and is clear by the new ones must be from a batch closed before them.
func (t *Tx) mayRejudge(m ballot.Meeting) error {
	if m.State != ballot.Open {
		return ballot.Errorf(ballot.CodeState, "会议处于“%[1]s”，不能更换阈值；如需更换，请先退回或重新打开到“%[3]s”", "the meeting is %[2]s: take it back to open, or reopen it, before other thresholds are put in force", m.State.Chinese(), string(m.State), ballot.Open.Chinese())
	}
	if wanted, err := t.auditWanted(m); err != nil {
		return err
	} else if wanted {
		return ballot.Errorf(ballot.CodeState, "本次会议要复点纸票，各捆的机器计数按关闭批次时的阈值封存：不能再更换阈值", "the meeting's paper is audited: what is sealed of each bundle is by the thresholds of its closing, so that they do not change")
	}
	var decided int64
	if err := t.db.Model(&decisionRow{}).Joins("JOIN pages ON pages.id = decisions.page").Where("pages.meeting = ?", m.ID).Count(&decided).Error; err != nil || decided == 0 {
		return err
	}
	all, err := t.allIn(m)
	if err != nil {
		return err
	}
	if !all {
		return ballot.Errorf(ballot.CodeState, "已有人复核，而票尚未全部扫描：此时更换阈值会暴露被复核票面的批次；请在首次复核之前，或全部批次关闭之后再更换", "rows are decided already and not all returned ballots are scanned: other thresholds now would show from which batches the decided pages are; change them before the first decision or after the last batch is closed")
	}
	return nil
}

// judgements are a meeting's judgements by their numbers, from 1.
func (t *Tx) judgements(meeting string) (rows []judgementRow, err error) {
	err = t.db.Where("meeting = ?", meeting).Order("number").Find(&rows).Error
	return rows, err
}

// rejudge judges all pages of a meeting by other thresholds; the rows that it returns have no number yet.
func (t *Tx) rejudge(m ballot.Meeting, th ballot.Thresholds) (out Rejudged, judged []judgedRow, err error) {
	pages, err := t.allPages(m)
	if err != nil {
		return out, nil, err
	}
	before, err := t.allVerdicts(m.ID)
	if err != nil {
		return out, nil, err
	}
	var changes ballot.Changes
	old := 0
	for _, p := range pages {
		reading, err := t.reading(p.ID)
		if err != nil {
			return out, nil, err
		}
		if reading.Measures != ballot.MeasuresVersion {
			old++
			continue
		}
		verdicts := ballot.JudgeAgain(reading.Rows, th, before[p.ID]...)
		out.add(m.Rules, p, ballot.JudgePage(reading.Rows, th), verdicts, &changes)
		judged = append(judged, judgedRow{Page: p.ID, Meeting: m.ID, Verdicts: encode(verdicts), Unclear: unclearIn(verdicts)})
	}
	if old > 0 {
		return out, nil, measuredOtherwise(old)
	}
	out.Changes = changes.List()
	return out, judged, nil
}

// add counts the rows of a page: alone is what the thresholds say by themselves, later what then is in force.
func (r *Rejudged) add(rules ballot.Rules, p Page, alone, later []ballot.Verdict, changes *ballot.Changes) {
	r.Pages++
	for i, row := range p.Rows {
		decided := len(row.Decisions) > 0
		r.Rows++
		if decided {
			r.Decided++
		}
		if p.Aside != SetAside {
			if !row.Resolved {
				r.WaitingNow++
			}
			if _, resolved := ballot.Resolve(rules, later[i], row.Decisions); !resolved {
				r.Later++
			}
		}
		to := later[i]
		if to.Reason == ballot.ReasonRejudged && (ballot.Change{From: row.Machine, To: alone[i]}).Held() {
			to = alone[i]
		}
		changes.Add(row.Machine, to, decided)
	}
}

// allVerdicts are all verdicts that were ever made of a meeting's pages: those that came with the reading,
// then those of each judgement.
func (t *Tx) allVerdicts(meeting string) (map[string][][]ballot.Verdict, error) {
	var rows []judgedRow
	err := t.db.Raw("SELECT id AS page, verdicts, 0 AS number FROM pages WHERE meeting = ? UNION ALL SELECT page, verdicts, number FROM judged_pages WHERE meeting = ? ORDER BY page, number", meeting, meeting).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	out := map[string][][]ballot.Verdict{}
	for _, r := range rows {
		verdicts, err := decode[[]ballot.Verdict](r.Verdicts)
		if err != nil {
			return nil, err
		}
		out[r.Page] = append(out[r.Page], verdicts)
	}
	return out, nil
}

// judgeClosing judges the pages of a batch that is being closed by every judgement that the meeting has
// had: as if they had been there from the beginning.
func (t *Tx) judgeClosing(meeting string, leaves []ballot.ClosedLeaf) error {
	all, err := t.judgements(meeting)
	if err != nil || len(all) == 0 {
		return err
	}
	var judged []judgedRow
	old := 0
	for _, l := range leaves {
		for _, p := range l.Pages {
			if p.Reading.Measures != ballot.MeasuresVersion {
				old++
				continue
			}
			before := [][]ballot.Verdict{p.Verdicts}
			for _, j := range all {
				th, err := j.thresholds()
				if err != nil {
					return err
				}
				verdicts := ballot.JudgeAgain(p.Reading.Rows, th, before...)
				before = append(before, verdicts)
				judged = append(judged, judgedRow{p.ID, meeting, j.Number, encode(verdicts), unclearIn(verdicts)})
			}
		}
	}
	if old > 0 {
		return measuredOtherwise(old)
	}
	return t.saveJudged(judged)
}

func (t *Tx) saveJudged(rows []judgedRow) error {
	for part := range slices.Chunk(rows, 500) {
		if err := t.db.Create(&part).Error; err != nil {
			return err
		}
	}
	return nil
}

// inForce are the verdicts in force of the pages that a condition on columns of pages names, as JSON by
// page; nil where those that came with the readings are.
func (t *Tx) inForce(meeting, condition string, args ...any) (map[string]string, error) {
	all, err := t.judgements(meeting)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var rows []judgedRow
	err = t.db.Select("judged_pages.page, judged_pages.verdicts").Joins("JOIN pages ON pages.id = judged_pages.page AND judged_pages.number = ?", len(all)).
		Where(condition, args...).Find(&rows).Error
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Page] = r.Verdicts
	}
	return out, err
}

func unclearIn(verdicts []ballot.Verdict) int {
	n := 0
	for _, v := range verdicts {
		if v.Kind == ballot.IsUnclear {
			n++
		}
	}
	return n
}

func measuredOtherwise(pages int) error {
	return ballot.Errorf(ballot.CodeConflict, "有 %d 页是由旧版程序测量的，缺少现行判定所需的量；请重新扫描，或维持原判定", "%d pages were measured by another version of the reader and lack what is judged by now: scan them again, or leave their verdicts as they are", pages)
}

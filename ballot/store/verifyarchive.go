package store

import (
	"strings"
	"time"

	"pingyi/ballot"
)

// exported compares the export of a meeting's records with the acts by which two persons signed it and one took it away.
func (v *verifier) exported(m *ballot.Meeting) error {
	row, err := found[exportRow](v.db, "meeting = ?", m.ID)
	if err != nil {
		return err
	}
	var said, kept exportRow
	var asked actRow
	for i, a := range v.acts {
		switch digest, _ := strings.CutPrefix(a.Detail, saidDigest); {
		case a.Meeting != m.ID:
		case a.Act == actExport && strings.HasPrefix(a.Detail, "1/2 "):
			asked = a
		case a.Act == actExport:
			said = exportRow{m.ID, asked.Actor, strings.TrimPrefix(asked.Detail, "1/2 "), a.Actor, a.Time, a.ID - 1, "", 0}
		case a.Act == actDownload:
			said.Digest = digest
			if n, told := v.facts[i]["bytes"].(float64); told {
				said.Bytes = int64(n)
			} else if row != nil { // by a version that did not say it
				said.Bytes = row.Bytes
			}
		}
	}
	if row != nil {
		kept = *row
	}
	if justBefore(kept.ConfirmedAt, said.ConfirmedAt) {
		kept.ConfirmedAt = said.ConfirmedAt
	}
	if kept != said {
		v.fault("会议 %s 的记录导出与操作记录所记的不符", "the export of the records of meeting %s is not what the acts say", m.ID)
	}
	return nil
}

// justBefore tells whether a row's time is the second before its act's: older versions looked at the clock twice.
func justBefore(row, act string) bool {
	at, err := time.Parse(time.RFC3339, row)
	return err == nil && at.Add(time.Second).Format(time.RFC3339) == act
}

// destruction compares the day of destruction with the one that the log names, and what was destroyed with that day.
func (v *verifier) destruction(m *ballot.Meeting) error {
	row, err := v.archive(m.ID)
	if err != nil {
		return err
	}
	kept := archiveRow{Keeping: string(ballot.Kept)}
	if row != nil {
		kept = *row
	}
	day, at := "", v.store.now()
	for _, a := range v.acts {
		if a.Meeting == m.ID && (a.Act == actArchive || a.Act == actPostpone) {
			day = a.destroyOn()
		}
		if a.Meeting == m.ID && a.Act == actDestroy {
			if at, err = time.Parse(time.RFC3339, a.Time); err != nil {
				v.fault("第 %d 条记录的时间无法读出", "the time of act %d cannot be read", a.ID)
				return nil //nolint:nilerr // a finding
			}
		}
	}
	gone := v.destroyed(m.ID) > 0
	if kept.DestroyOn != day {
		v.fault("会议 %s 的销毁日期是 %s，操作记录所记的是 %s", "ballots of meeting %s are to be destroyed on %s, and on %s by the acts", m.ID, orDash(kept.DestroyOn), orDash(day))
	}
	if begun := kept.Keeping != string(ballot.Kept); gone && !begun || !gone && kept.Keeping == string(ballot.Destroyed) {
		v.fault("会议 %s 的票是否已销毁，与操作记录所记的不符", "whether the ballots of meeting %s were destroyed is not what the acts say", m.ID)
	} else if begun && at.UTC().Add(easternmost).Format(time.DateOnly) < day {
		v.fault("会议 %s 的票在销毁日期 %s 之前就被销毁，或开始销毁", "the ballots of meeting %s were destroyed, or began to be, before their day, %s", m.ID, day)
	}
	return nil
}

// easternmost is how far ahead of UTC a service's day may be: which zone it was in is not logged.
const easternmost = 14 * time.Hour

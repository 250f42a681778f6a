package ballot

import (
	"cmp"
	"slices"
	"time"
)

// Retention of what ballots a meeting was counted from, in days. Who is judged unfit in a regular appraisal has
// 30 days to ask for a review, the office 30 to answer, and then 15 to appeal: the usual term covers all of that,
// the shortest one the first step.
const (
	LeastRetention   = 30   // after release
	UsualRetention   = 90   // after release
	LongestRetention = 3650 // after release
	LeastNotice      = 7    // after the date is set, so that somebody else can see and postpone it
	ExportDays       = 7    // for which two persons' consent to export the records is good
)

// day is how dates are written and compared: as text.
const day = time.DateOnly

// DestructionTerms are the dates that may be set for destroying a meeting's ballots, YYYY-MM-DD.
type DestructionTerms struct {
	Earliest string `json:"earliest"`
	Usual    string `json:"usual"`
	Latest   string `json:"latest"`
}

// TermsOf gives the terms of a meeting that was released on one day, for somebody who sets the date today.
func TermsOf(released, today time.Time) DestructionTerms {
	after := func(from time.Time, days int) string { return from.AddDate(0, 0, days).Format(day) }
	earliest := max(after(released, LeastRetention), after(today, LeastNotice))
	return DestructionTerms{Earliest: earliest, Usual: max(earliest, after(released, UsualRetention)), Latest: max(earliest, after(released, LongestRetention))}
}

// Check refuses a date outside the terms.
func (t DestructionTerms) Check(date string) error {
	if _, err := time.Parse(day, date); err != nil {
		return Errorf(CodeInvalid, "销毁日期“%s”不是日期（年-月-日，如 2027-03-01）", "the date of destruction %q is no date (YYYY-MM-DD)", date).In("destroy_on")
	}
	if date < t.Earliest || date > t.Latest {
		return Errorf(CodeInvalid, "销毁日期须在 %[1]s 至 %[2]s 之间：结果发布满 %[3]d 天以后，并且从设定之日起至少留 %[4]d 天",
			"the date of destruction must be from %[1]s to %[2]s: at least %[3]d days after release, and %[4]d after it is set", t.Earliest, t.Latest, LeastRetention, LeastNotice).In("destroy_on")
	}
	return nil
}

// Keeping is what became of the ballots of an archived meeting.
type Keeping string

// Ballots are kept, then destroyed; a destruction that was interrupted is under way until it has been finished.
const (
	Kept       Keeping = "kept"
	Destroying Keeping = "destroying"
	Destroyed  Keeping = "destroyed"
)

// Archiving is where a meeting stands between release and the end of its ballots.
type Archiving struct {
	State    State            `json:"state"`
	Released string           `json:"released,omitempty"` // the day, YYYY-MM-DD
	Terms    DestructionTerms `json:"terms"`              // of a date that is set today
	Export   RecordsExport    `json:"export"`
	Keeping  Keeping          `json:"keeping"`
	// DestroyOn is the day from which on the ballots are destroyed; "" where none is set.
	DestroyOn   string     `json:"destroy_on,omitempty"`
	Due         bool       `json:"due"` // the day has come
	DestroyedBy string     `json:"destroyed_by,omitempty"`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
	Counts      Remains    `json:"counts"` // of what is kept, or was when it began to be destroyed
}

// Remains counts what is kept of a meeting's ballots.
type Remains struct {
	Leaves   int   `json:"leaves"`
	Pages    int   `json:"pages"`
	Pictures int   `json:"pictures"`
	Bytes    int64 `json:"bytes"` // of the pictures
}

// RecordsExport is where the export of a meeting's records stands: asked for by one person of the committee,
// confirmed by another, and then good for both for some days.
type RecordsExport struct {
	AskedBy     string     `json:"asked_by,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	ConfirmedBy string     `json:"confirmed_by,omitempty"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	Until       *time.Time `json:"until,omitempty"` // from then on it must be asked for again
	// Outdated: the committee has changed a conclusion since, so that the export is not what stands.
	Outdated bool `json:"outdated"`
	// Digest is the SHA-256 of the file that was downloaded; "" where nobody has.
	Digest string `json:"digest,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	// LastAct is the last act of the record that goes with it.
	LastAct int64 `json:"-"`
}

// Good says why an export may not be downloaded by a person now; nil where it may.
func (e RecordsExport) Good(person string, now time.Time) error {
	switch {
	case e.ConfirmedBy == "":
		return Errorf(CodeSecondPerson, "导出须两人签认：一人提出，另一人确认", "an export needs two persons: one asks, another confirms")
	case person != e.AskedBy && person != e.ConfirmedBy:
		return Errorf(CodeForbidden, "只有签认导出的两人（%[1]s、%[2]s）可以下载", "only the two who signed the export, %[1]s and %[2]s, may download it", e.AskedBy, e.ConfirmedBy)
	case e.Outdated:
		return Errorf(CodeConflict, "签认之后综合评价或整改事项又有改动，请重新提出导出", "conclusions have changed since the export was signed: ask for it again")
	case !now.Before(*e.Until):
		return Errorf(CodeState, "签认导出已满 %d 天，请重新提出", "the export was signed more than %d days ago: ask for it again", ExportDays)
	}
	return nil
}

// DecisionSummary tells of people's decisions on unclear rows what may be shown with the result: no ballot, row,
// subject, group or grade, and none of the words that people gave for a reason, which may quote a ballot.
type DecisionSummary struct {
	Rows     int             `json:"rows"`     // that people settled
	Revised  int             `json:"revised"`  // of these, rows that somebody decided more than once
	People   []DecisionsBy   `json:"people"`   // decisions, each that was revised too
	Outcomes []DecisionCount `json:"outcomes"` // rows
}

// DecisionsBy is how many decisions a person made.
type DecisionsBy struct {
	Person    string `json:"person"`
	Decisions int    `json:"decisions"`
}

// DecisionCount is how many rows went from one doubt of the machine's (the old) to one kind of verdict (the new).
// Both are "other" where cells of fewer rows than the rules' small group are put together.
type DecisionCount struct {
	Old  string `json:"old"`
	New  string `json:"new"`
	Rows int    `json:"rows"`
}

// otherOutcomes stands for cells that are too small to be told apart.
const otherOutcomes = "other"

// DecidedRow is what a summary is made of.
type DecidedRow struct {
	Machine   Verdict
	Decisions []Decision
	Verdict   Verdict
}

// SummariseDecisions counts decided rows. Cells under least rows are put together, with the next larger ones until
// what is put together has least rows itself: else the total would tell them.
func SummariseDecisions(rows []DecidedRow, least int) DecisionSummary {
	out := DecisionSummary{Rows: len(rows), People: []DecisionsBy{}, Outcomes: []DecisionCount{}}
	people, cells := map[string]int{}, map[DecisionCount]int{}
	for _, r := range rows {
		made := map[string]int{}
		for _, d := range r.Decisions {
			people[d.By]++
			made[d.By]++
		}
		for _, n := range made {
			if n > 1 {
				out.Revised++
				break
			}
		}
		old := r.Machine.Reason
		if r.Machine.Kind != IsUnclear {
			old = ReasonRejudged
		}
		cells[DecisionCount{Old: old, New: string(r.Verdict.Kind)}]++
	}
	for person, n := range people {
		out.People = append(out.People, DecisionsBy{person, n})
	}
	slices.SortFunc(out.People, func(a, b DecisionsBy) int { return cmp.Compare(a.Person, b.Person) })
	for cell, n := range cells {
		cell.Rows = n
		out.Outcomes = append(out.Outcomes, cell)
	}
	out.Outcomes = poolSmall(out.Outcomes, least)
	return out
}

// poolSmall puts the smallest cells together, in a fixed order.
func poolSmall(cells []DecisionCount, least int) []DecisionCount {
	slices.SortFunc(cells, func(a, b DecisionCount) int {
		if a.Rows != b.Rows {
			return a.Rows - b.Rows
		}
		return cmp.Compare(a.Old+" "+a.New, b.Old+" "+b.New)
	})
	pool, n := 0, 0
	for n < len(cells) && (cells[n].Rows < least || pool > 0 && pool < least) {
		pool += cells[n].Rows
		n++
	}
	out := slices.Clone(cells[n:])
	slices.Reverse(out)
	if n > 0 {
		out = append(out, DecisionCount{otherOutcomes, otherOutcomes, pool})
	}
	return out
}

// Exported refuses where nobody has taken the records away as they stand: archiving ends the time in which one can.
func (a Archiving) Exported() error {
	e := a.Export
	if e.ConfirmedBy == "" || e.Digest == "" || e.Outdated {
		return Errorf(CodeState, "归档前须先导出记录：两人签认并下载（签认之后综合评价又有改动的，要重新导出）",
			"export the records before archiving: two persons sign, and one downloads (again, where conclusions have changed since)")
	}
	return nil
}

// MayPostpone refuses a date that is not later than the one that is set, or outside the terms.
func (a Archiving) MayPostpone(destroyOn string) error {
	if a.Keeping != Kept {
		return GoneOf(a.DestroyOn)
	}
	if err := a.Terms.Check(destroyOn); err != nil {
		return err
	}
	if destroyOn <= a.DestroyOn {
		return Errorf(CodeInvalid, "销毁日期只能推迟，不能提前（现为 %s）", "the date of destruction may only be put off: it is %s", a.DestroyOn).In("destroy_on")
	}
	return nil
}

// MayDestroy refuses before the day has come, whoever asks.
func (a Archiving) MayDestroy() error {
	switch {
	case a.Keeping == Destroyed:
		return GoneOf(a.DestroyOn)
	case a.DestroyOn == "":
		return Errorf(CodeTooEarly, "尚未设定销毁日期", "no date of destruction is set")
	case !a.Due:
		return Errorf(CodeTooEarly, "未到销毁日期（%s），任何人都不能提前销毁", "the date of destruction, %s, has not come: nobody may destroy before it", a.DestroyOn)
	}
	return nil
}

// GoneOf is the answer to whoever asks for what was destroyed.
func GoneOf(destroyOn string) error {
	return Errorf(CodeDestroyed, "本次会议的票面图像、读数等已按设定的日期（%s）销毁；计票结果、台账和操作记录仍可查看",
		"what the ballots of this meeting were read from was destroyed, as set for %s: result, ledger and record of acts are still there", destroyOn)
}

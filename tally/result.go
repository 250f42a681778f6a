// Package tally counts: resolved leaves and the ledger go in, figures come out. It is the one place
// where figures come from; the API, the spreadsheets and the statement print what a Result holds and
// compute nothing.
//
// Everything is counted in integers and exact fractions; rounding, half up, is the very last step and
// happens only in the Text of a figure. A Result depends on its Input alone, never on the order of the
// leaves. It survives JSON: a certified Result is kept as its JSON and printed from that.
package tally

import "pingyi/ballot"

// Input is all that a count needs.
type Input struct {
	Meeting ballot.Meeting
	Leaves  []ballot.Leaf
	// Void are returned leaves without a row to count, of which people said so before their batch was closed: unreadable or
	// spoiled. Subject is set on single forms only.
	Void     []ballot.GroupCount
	Ledger   ballot.Ledger
	Comments []ballot.SubjectComments // what people typed of them
}

// Result is a count: the API's results body and the source of every document. Where LedgerOnly is set,
// fewer than rules.small_group valid ballots came back in all, and only Groups and the ledger are there.
type Result struct {
	Meeting    Meeting      `json:"meeting"`
	Rules      ballot.Rules `json:"rules"`
	LedgerOnly bool         `json:"ledger_only"`

	Groups   []Group  `json:"groups"` // after joining small ones, in the meeting's order
	Ledger   []Ledger `json:"ledger"` // one a group, in the same order
	Total    Ledger   `json:"total"`
	Warnings []string `json:"warnings"` // quorum; in Chinese, as printed

	RankedBy     RankedBy    `json:"ranked_by"`
	Subjects     []Subject   `json:"subjects"` // in the order that the rules ask for
	Summaries    []Summary   `json:"summaries"`
	Distribution []Band      `json:"distribution"`
	Flags        []RuleCount `json:"flags"`      // leaves that a rule flagged
	InvalidBy    []RuleCount `json:"invalid_by"` // invalid leaves by the rule that made them so
	// Comments are by subject on single forms, and else about the meeting: never by group.
	Comments []ballot.SubjectComments `json:"comments"`
	// Conclusions are the committee's, of a released meeting alone; they are no part of what is certified.
	Conclusions *Conclusions `json:"conclusions,omitempty"`
	// Checkpoint is that of the log when the result was certified: it covers the result, and is no part of it.
	Checkpoint *Checkpoint `json:"checkpoint,omitempty"`
	// Audit is what counting paper by hand gave before certifying, where the rules ask for it; no part of what is counted.
	Audit *ballot.Audit `json:"audit,omitempty"`
}

// Checkpoint is a signed statement of what the log of all acts is: whoever keeps it can tell later whether anything
// up to it was changed.
type Checkpoint struct {
	Size int64  `json:"size"` // entries of the log
	Code string `json:"code"` // the short form, for people to copy
	Note string `json:"note"` // the whole, signed
}

// Meeting names the meeting and the sealed version that was counted.
type Meeting struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Organiser string `json:"organiser"`
	Date      string `json:"date"` // YYYY-MM-DD
	Version   int    `json:"version"`
	SealHash  string `json:"seal_hash"`
}

// Group is a voter group as counted: one of the meeting's, or several joined because one was too small.
// Figures of a joined group's members exist nowhere in a Result.
type Group struct {
	Code    string   `json:"code"`    // "A", or "A+C" where joined
	Name    string   `json:"name"`    // members' names joined by 、
	Members []string `json:"members"` // codes of the meeting's groups
	Weight  int      `json:"weight"`  // per cent
}

// Ledger is the ledger of one group or, with no group, of the meeting. Expected and Present are people,
// the others leaves of paper (张); on single forms the leaves of all subjects together.
type Ledger struct {
	Group       string `json:"group,omitempty"`
	Expected    int    `json:"expected"`
	Present     int    `json:"present"`
	Leaves      int    `json:"leaves,omitempty"` // leaves of a ballot where it is several, and as many for all
	Issued      int    `json:"issued"`
	Spoiled     int    `json:"spoiled"`
	NotReturned int    `json:"not_returned"`
	Returned    int    `json:"returned"`
	Valid       int    `json:"valid"`
	Invalid     int    `json:"invalid"`
	Sentence    string `json:"sentence"` // in Chinese, as printed
}

// RankedBy says which figure ranks are given by.
type RankedBy string

// Ranks go by the weighted score, or where no scores are set by the weighted good rate.
const (
	RankedByScore RankedBy = "score"
	RankedByGood  RankedBy = "good_rate"
)

// Subject is one secretary's line with all its figures.
type Subject struct {
	No       int               `json:"no"`
	Name     string            `json:"name"`
	Org      string            `json:"org"`
	Post     string            `json:"post"`
	Mode     ballot.ReportMode `json:"mode"`
	Delegate string            `json:"delegate,omitempty"`

	Overall Table   `json:"overall"` // all groups' ballots together, each counting alike
	Groups  []Table `json:"groups"`  // one a group, in the Result's order

	// Score and Good put the groups' figures together by the groups' weights. Score is absent where the
	// rules set no scores or nobody gave the subject a grade.
	Score *Weighted `json:"score,omitempty"`
	Good  *Weighted `json:"good,omitempty"`
	Rank  int       `json:"rank"` // equal figures share a rank: 1 2 2 4; 0 where there is no figure
	// Alerts advise; nothing is decided by them.
	Alerts []Alert `json:"alerts"`
}

// Table is the count of one subject in one group, or overall. Sum of Counts + Blank + Invalid = Valid.
type Table struct {
	Group       string     `json:"group,omitempty"`
	Returned    int        `json:"returned"` // leaves with this subject; void ones too where a ballot is one leaf
	Valid       int        `json:"valid"`    // valid ballots with this subject
	Counts      []int      `json:"counts"`   // per grade, in the order of rules.grades
	Blank       int        `json:"blank"`    // abstentions
	Invalid     int        `json:"invalid"`  // rows of valid ballots that are invalid (overvoted, or by themselves)
	Denominator int        `json:"denominator"`
	Rates       []Fraction `json:"rates"` // per grade, of the denominator
	BlankRate   Fraction   `json:"blank_rate"`
	InvalidRate Fraction   `json:"invalid_rate"`
	Good        Fraction   `json:"good"` // the first grade's rate
	// Score is the mean score of the graded rows: abstentions and invalid rows are left out. Absent where
	// the rules set no scores or no row has a grade.
	Score *Fraction `json:"score,omitempty"`
}

// Fraction is Num/Den with its text rounded by the rules: per cent in a rate, points in a score. Text
// is empty where Den is 0.
type Fraction struct {
	Num  int    `json:"num"`
	Den  int    `json:"den"`
	Text string `json:"text"`
}

// Weighted is a figure over groups: the weighted mean of those that have one.
type Weighted struct {
	Exact  string `json:"exact"`  // the exact fraction "n/d", per cent or points
	Text   string `json:"text"`   // rounded
	Weight int    `json:"weight"` // sum of the weights behind it; under 100 where a group has no figure
}

// Alert is a notice of rules.alerts that applies to a subject.
type Alert struct {
	Text string   `json:"text"`
	Rate Fraction `json:"rate"` // of the alert's grades together, overall
}

// Summary is the count over all subjects of one report mode, or of all (Mode empty).
type Summary struct {
	Mode     ballot.ReportMode `json:"mode,omitempty"`
	Subjects int               `json:"subjects"`
	Table    Table             `json:"table"` // sums over the subjects; its ballots and denominator too
	// Groups are the sums of each group, in the Result's order; absent in results certified by earlier versions.
	Groups []Table `json:"groups,omitempty"`
}

// Band counts the subjects whose overall good rate lies in From ≤ rate < To per cent; the last band
// takes in 100 and above.
type Band struct {
	From     int `json:"from"`
	To       int `json:"to"`
	Subjects int `json:"subjects"`
	// Groups count by each group's own good rate, in the Result's order; absent in results of earlier versions.
	Groups []int `json:"groups,omitempty"`
}

// RuleCount is a number of leaves that a rule applied to.
type RuleCount struct {
	Rule   string `json:"rule"`
	Leaves int    `json:"leaves"`
}
